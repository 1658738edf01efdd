"""What a page says of a run beside its particles: numbers, times, settings, and what is left out."""

from __future__ import annotations

import math
import os

import numpy as np

from .. import colouring
from ..periodic import cell_of
from ..run import Run
from .colours import Carried, Choice
from .packing import STEPS, Survey
from .sample import Sample

FORMAT = 2
USUAL_GROUP = "/particles/trajectory"
MOST_CHART_POINTS = 5_000
# Straight lines between frames are taken for the motion where particles go less than this part of the extent.
SMALL_STRIDE = 0.02


def contents_of(run: Run, sample: Sample, choices: list[Choice], left_out: list[str], found: Survey,
                groups: list[int]) -> dict[str, object]:
    """All that the page knows but for positions, as JSON takes it; `groups` are the numbers of particles in each stream."""
    return {
        "format": FORMAT,
        "file": os.path.basename(run.path),
        "units": {"length": run.units.length, "time": run.units.time},
        "particles": {"total": run.particles, "groups": groups},
        "frames": {"total": len(run), "planned": run.planned_frames, "numbers": sample.frames,
                   "times": _numbers(run.times[sample.frames]), "steps": run.steps[sample.frames].tolist()},
        "space": {"axes": found.axes, "low": _numbers(found.low), "high": _numbers(found.high),
                  "boxes": [] if found.has_images else _boxes(run, sample.frames, found.axes),
                  "hasImages": found.has_images, "centre": _numbers(np.array(colouring.centre(run))),
                  "isSmallStride": found.stride <= SMALL_STRIDE},
        "choices": [choice.described() for choice in choices],
        "diagnostics": _diagnostics(run),
        "timing": _timing(run),
        "made": [[name.replace("_", " "), _text(value)] for name, value in run.provenance.items()],
        "configuration": run.configuration,
        "notes": notes_of(run, sample, choices, left_out, found, sum(groups)),
    }


def notes_of(run: Run, sample: Sample, choices: list[Choice], left_out: list[str], found: Survey,
             shown: int) -> list[str]:
    """Sentences that say what the page leaves out."""
    notes = []
    if run.particles == 0:
        notes.append("The run has no particles.")
    elif shown < run.particles:
        notes.append(f"The player shows {shown:,} of {run.particles:,} particles, drawn at random and spread evenly over "
                     "the rows of the file; the others are not in this page.")
    else:
        notes.append(f"The player shows {'the only particle' if shown == 1 else f'all {shown:,} particles'}.")
    if run.group != USUAL_GROUP:
        notes.append(f"The particles are those of the group {run.group}; if the file has others, they are not in this page.")
    kept = len(sample.frames)
    if kept < len(run):
        notes.append(f"It shows {kept:,} of {len(run):,} frames, evenly chosen; the others are not in this page."
                     if kept > 1 else f"It shows one of {len(run):,} frames; the others are not in this page.")
    else:
        notes.append(f"It shows {'the only frame' if kept == 1 else f'all {kept:,} frames'}.")
    if not run.is_complete:
        notes.append(f"The run is not complete: {len(run):,} of {run.planned_frames:,} frames had been written.")
    if shown:
        finest = (found.high / 2 - found.low / 2) / STEPS * 2
        unit = run.units.length
        size = ", ".join(f"{axis} {step:.2g}" for axis, step in zip("xyz", finest))
        if finest.any():
            notes.append(f"Positions are rounded to steps of {size} [{unit}], one part in {STEPS:,} of the extent of the shown "
                         "particles along each axis.")
        coloured = [choice.colouring.label for choice in choices if choice.carried == Carried.SERIES]
        if coloured:
            notes.append(f"Colours by {' and '.join(coloured)} have 254 steps.")
    if found.unchecked:
        notes.append(f"The checksums of the file were not compared: {found.unchecked}.")
    if left_out:
        notes.append(f"Not in this page, to colour by: {', '.join(left_out)}.")
    if run.dimensions == 3 and found.axes == 2 and shown:
        notes.append("All z are 0.")
    if run.diagnostics:
        stride = _chart_stride(run)
        notes.append("The diagnostics are those of the run, over all its particles and "
                     + ("all its frames." if stride == 1 else f"one in {stride:,} of its frames."))
    return notes


def _chart_stride(run: Run) -> int:
    return max(1, -(-len(run) // MOST_CHART_POINTS))


def _diagnostics(run: Run) -> dict[str, object]:
    stride = _chart_stride(run)
    frames = np.unique(np.append(np.arange(0, len(run), stride), len(run) - 1))
    series = [{"name": name.replace("_", " "), "unit": run.diagnostic_units[name], "values": _numbers(values[frames])}
              for name, values in run.diagnostics.items()]
    return {"times": _numbers(run.times[frames]), "frames": frames.tolist(), "series": series}


def _timing(run: Run) -> dict[str, object] | None:
    timing = run.timing
    if timing is None or timing.seconds.size == 0:
        return None
    rows = [{"name": name, "least": _number(seconds.min()), "mean": _number(seconds.mean()), "most": _number(seconds.max())}
            for name, seconds in zip(timing.phases, timing.seconds.T)]
    return {"ranks": timing.seconds.shape[0], "wall": _number(timing.wall_seconds), "phases": rows}


def _boxes(run: Run, frames: list[int], axes: int) -> list[list[float]]:
    """What turns a displacement into parts of the periodic edges of the box [3][3], row by row: for each shown frame, once where
    it is always the same, and nothing where no axis is periodic."""
    boxes: list[list[float]] = []
    for number in frames:
        cell = cell_of(run, number)
        parts = np.zeros((3, 3))
        if cell is not None:
            parts[:axes, :axes] = cell.to_fraction[:axes, :axes].T
        boxes.append(parts.ravel().tolist())
    if all(box == boxes[0] for box in boxes):
        boxes = boxes[:1]
    return boxes if any(map(any, boxes)) else []


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _numbers(values: np.ndarray) -> list[float | None]:
    """Numbers as JSON has them, which knows no infinity."""
    return [_number(value) for value in values.astype(np.float64).tolist()]

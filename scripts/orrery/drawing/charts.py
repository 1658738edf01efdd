"""Diagnostics of a run against time."""

from __future__ import annotations

import os

import numpy as np
from matplotlib.figure import Figure

from ..run import Run
from .palette import CHART_COLOUR
from .scale import decimal_exponent, largest_finite, plain_text, scaled_unit, short_name
from .stage import GRID_COLOUR

MOST_MARKED = 60  # points that get a mark each
MOST_POINTS = 20_000
# Numbers that vary less than this, compared with their size, are shown as differences from the first.
SMALL_CHANGE = 1e-3


def draw_diagnostics(run: Run) -> Figure:
    """A chart for each diagnostic of the run, below each other, over a common axis of time."""
    names = list(run.diagnostics)
    height = 1.35 * max(1, len(names)) + 1.5
    figure = Figure(figsize=(8.0, height), dpi=150)
    title = [plain_text(short_name(os.path.basename(run.path))),
             f"{run.particles:,} particle{'' if run.particles == 1 else 's'}, {len(run)} frame{'' if len(run) == 1 else 's'}"]
    stride = max(1, -(-len(run) // MOST_POINTS))
    if stride > 1:
        title.append(f"one frame in {stride} is shown")
    figure.suptitle("\n".join(title), fontsize="medium", y=1 - 0.12 / height, va="top")
    all_axes = figure.subplots(max(1, len(names)), 1, sharex=True, squeeze=False)[:, 0]
    figure.subplots_adjust(left=0.15, right=0.97, bottom=0.6 / height, top=1 - 0.85 / height, hspace=0.55)
    frames = np.unique(np.append(np.arange(0, len(run), stride), len(run) - 1))
    exponent = decimal_exponent(largest_finite(run.times))
    times = run.times[frames] / 10.0**exponent
    for axes, name in zip(all_axes, names):
        axes.grid(color=GRID_COLOUR, linewidth=0.6)
        values, label = _readable(name, run.diagnostics[name][frames].astype(np.float64), run.diagnostic_units[name])
        axes.plot(times, values, color=CHART_COLOUR, linewidth=1.2, marker="o" if len(frames) <= MOST_MARKED else "",
                  markersize=3)
        axes.ticklabel_format(axis="y", useOffset=False, style="plain")
        axes.locator_params(axis="y", nbins=4)
        # Above the panel, where a long name has room.
        axes.set_title(label, fontsize="medium", loc="left", pad=4)
    if not names:
        all_axes[0].text(0.5, 0.5, "no diagnostics", transform=all_axes[0].transAxes, ha="center", va="center",
                         fontsize=16, color="#606060")
    all_axes[-1].set_xlabel("time" + scaled_unit(plain_text(run.units.time), exponent))
    figure.align_ylabels(all_axes)
    return figure


def _readable(name: str, values: np.ndarray, unit: str) -> tuple[np.ndarray, str]:
    """Values fit for an axis, and what to call them: without a power of ten, and as a change where they hardly change."""
    label = plain_text(name.replace("_", " "))
    finite = values[np.isfinite(values)]
    first = float(finite[0]) if finite.size else 0.0
    with np.errstate(all="ignore"):
        change = values - first
    if first != 0 and 0 < largest_finite(change) < SMALL_CHANGE * abs(first):
        values, label = change, f"{label}, less {first:.10g}"
    exponent = decimal_exponent(largest_finite(values))
    return values / 10.0**exponent, label + scaled_unit(plain_text(unit), exponent)

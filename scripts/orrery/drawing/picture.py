"""Frames of a run as a picture: paths of a few particles, dots for many, a density map for very many."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import Enum
from typing import Iterator

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ..colouring import Colouring
from ..frame import Frame
from ..periodic import Paths
from ..run import Run
from ..selection import BLOCK_ROWS
from .cells import Cells, cells_for
from .palette import DENSITY_COLOURS, Palette, palette_for
from .scale import plain_text, short_name
from .stage import Extent, Panel, Stage, build_stage, extent_of, nowhere, window_around

MAX_PATH_PARTICLES = 50
MAX_PATH_POINTS = 200_000
MAX_DOTS = 200_000
MAX_VECTOR_DOTS = 5_000  # more dots than that are pixels in SVG and PDF, too
DARK = "#404040"


class Style(Enum):
    """How particles are drawn."""

    PATHS = "paths"
    DOTS = "dots"
    DENSITY = "density"


@dataclass(frozen=True)
class Subject:
    """What a picture is to show.

    run        the trajectory
    frames     numbers of frames, one panel each
    rows       which particles: all, or row numbers [K], ascending
    colouring  what colours stand for; None in a density map: the number of particles in a cell
    style      how particles are drawn
    space      whether they are drawn in space; None: if any has z other than 0
    """

    run: Run
    frames: list[int]
    rows: np.ndarray | None
    colouring: Colouring | None
    style: Style
    space: bool | None

    @property
    def count(self) -> int:
        """Number of particles K."""
        return self.run.particles if self.rows is None else len(self.rows)

    def blocks(self, frame: Frame) -> Iterator[tuple[slice | np.ndarray, np.ndarray]]:
        """Yields (rows, positions [...][D]) until all particles were there."""
        if self.rows is None:
            yield from frame.blocks("position")
            return
        for begin in range(0, len(self.rows), BLOCK_ROWS):
            rows = self.rows[begin:begin + BLOCK_ROWS]
            yield rows, frame.position_of(rows)

    def extent(self, frame: Frame) -> Extent:
        """The box around the particles in a frame."""
        extent = nowhere(self.run.dimensions)
        for _, positions in self.blocks(frame):
            extent |= extent_of(positions)
        return extent

    def is_flat(self, extent: Extent) -> bool:
        """Whether particles with this extent are drawn in the plane."""
        return extent.is_flat if self.space is None else not self.space


def style_for(particles: int) -> Style:
    """What shows so many particles best."""
    if particles <= MAX_PATH_PARTICLES:
        return Style.PATHS
    return Style.DOTS if particles <= MAX_DOTS else Style.DENSITY


def draw_picture(subject: Subject) -> Figure:
    """The picture of some frames, a panel each, with the same limits and colours in all of them."""
    run = subject.run
    lines, stride = lines_of(subject) if subject.style == Style.PATHS else (None, 1)
    extents = [subject.extent(run[number]) for number in subject.frames]
    extent = nowhere(run.dimensions) if lines is None else lines.extent()
    for one in extents:
        extent |= one
    window = window_around(extent, subject.is_flat(extent))
    stage = build_stage(len(subject.frames), window, run.units, 0.684 if len(subject.frames) == 1 else 0.95)

    notes = []
    if subject.count == 0:
        _draw_nothing(subject, stage)
    elif subject.style == Style.DENSITY:
        notes.append(_draw_density(subject, stage))
    else:
        palette = palette_of(subject)
        palette.draw_bar(stage.bar)
        for panel, number in zip(stage.panels, subject.frames):
            if lines is None:
                _draw_dots(subject, panel, number, palette)
            else:
                _draw_paths(subject, panel, number, palette, lines)
        if lines is not None:
            _add_legend(subject, stage)
            if stride > 1:
                notes.append(f"path through one frame in {stride}")
    _add_titles(subject, stage, notes, [one.hidden for one in extents])
    return stage.figure


# ---------------------------------------------------------------- ways to draw

def _draw_nothing(subject: Subject, stage: Stage) -> None:
    if subject.colouring is not None:
        palette_for(subject.colouring, []).draw_bar(stage.bar)
    for panel in stage.panels:
        panel.sheet.text(0.5, 0.5, "no particles", fontsize=16, ha="center", va="center", color="#606060")


@dataclass(frozen=True)
class Lines:
    """Paths as lines that go through no periodic face.

    points  of each line [P][D]
    whose   place of the particle among those shown [lines]
    starts  where particles begin [K][D]
    """

    points: list[np.ndarray]
    whose: np.ndarray
    starts: np.ndarray

    def extent(self) -> Extent:
        """The box around all points."""
        return extent_of(np.concatenate(self.points)) if self.points else nowhere(self.starts.shape[1])

    def placed(self, panel: Panel) -> list[np.ndarray]:
        """The lines on the sheet of a panel."""
        return [panel.place(points) for points in self.points]


def paths_of(subject: Subject) -> tuple[np.ndarray, list[int], int]:
    """Positions [F][K][D], thinned evenly if there are many, the numbers of the frames taken, and the step between them.

    The first frame and the last are always taken.
    """
    run = subject.run
    rows = slice(None) if subject.rows is None else subject.rows
    stride = max(1, -(-len(run) * max(1, subject.count) // MAX_PATH_POINTS))
    first = (len(run) - 1) % stride
    paths = run.series("position", rows, slice(first, None, stride))
    numbers = list(range(first, len(run), stride))
    if first > 0:
        paths = np.concatenate([run[0].position_of(rows)[np.newaxis], paths])
        numbers = [0, *numbers]
    return paths, numbers, stride


def lines_of(subject: Subject) -> tuple[Lines, int]:
    """The paths of the particles over all frames, and the step between the frames taken."""
    paths, numbers, stride = paths_of(subject)
    rows = slice(None) if subject.rows is None else subject.rows
    return Lines(*Paths(subject.run, rows).pieces(numbers, paths), paths[0]), stride


def palette_of(subject: Subject) -> Palette:
    rows = slice(None) if subject.rows is None else subject.rows
    frames = subject.frames[:1] if subject.colouring.is_fixed else subject.frames
    return palette_for(subject.colouring, (subject.colouring.values(subject.run[number], rows) for number in frames))


def _draw_paths(subject: Subject, panel: Panel, number: int, palette: Palette, lines: Lines) -> None:
    """Draws a few particles with their paths over all frames."""
    rows = slice(None) if subject.rows is None else subject.rows
    frame = subject.run[number]
    colours = palette.colours(subject.colouring.values(frame, rows))
    size = 1.0 if len(subject.frames) == 1 else 0.6
    if len(subject.run) > 1:
        panel.sheet.add_collection(LineCollection(lines.placed(panel), colors=colours[lines.whose], linewidths=1.2 * size,
                                                  alpha=0.65, zorder=2))
        panel.sheet.scatter(*panel.place(lines.starts).T, s=42 * size, facecolors="white", edgecolors=colours, linewidths=1.4 * size,
                            zorder=3)
    positions = frame.position_of(rows)
    order = panel.front_last(positions)
    panel.sheet.scatter(*panel.place(positions[order]).T, s=52 * size, c=colours[order], edgecolors="white",
                        linewidths=0.8 * size, zorder=4)


def _add_legend(subject: Subject, stage: Stage) -> None:
    """Says what the marks of paths mean; below the panels, where it cannot cover a particle."""
    def mark(face: str, edge: str, label: str) -> Line2D:
        return Line2D([], [], linestyle="", marker="o", markersize=6.5, markerfacecolor=face, markeredgecolor=edge,
                      label=label)
    marks = []
    last = len(subject.run) - 1
    if last > 0:
        marks = [mark("white", DARK, "start"),
                 Line2D([], [], color=DARK, linewidth=1.2, alpha=0.65, label=f"path, frames 0 to {last}")]
    marks.append(mark(DARK, "white", f"frame {subject.frames[0]}" if len(subject.frames) == 1 else "now"))
    stage.figure.legend(handles=marks, loc="upper center", bbox_to_anchor=stage.legend, ncol=3, frameon=False,
                        fontsize="small")


def _draw_dots(subject: Subject, panel: Panel, number: int, palette: Palette) -> None:
    """Draws particles as dots."""
    rows = slice(None) if subject.rows is None else subject.rows
    frame = subject.run[number]
    positions = frame.position_of(rows)
    good = np.isfinite(positions).all(axis=1)
    positions, values = positions[good], subject.colouring.values(frame, rows)[good]
    order = panel.front_last(positions)
    size = float(np.clip(4e4 / max(len(positions), 1), 0.5, 30.0)) * (1.0 if len(subject.frames) == 1 else 0.45)
    panel.sheet.scatter(*panel.place(positions[order]).T, s=size, c=palette.colours(values[order]), linewidths=0,
                        zorder=2, rasterized=len(positions) > MAX_VECTOR_DOTS)


def _draw_density(subject: Subject, stage: Stage) -> str:
    """Draws the number of particles in each cell, or the mean of what colours stand for; returns a note for the title."""
    edge = cells_for(subject.count)
    maps = []
    for panel, number in zip(stage.panels, subject.frames):
        frame = subject.run[number]
        cells = Cells(panel, edge, with_values=subject.colouring is not None)
        for rows, positions in subject.blocks(frame):
            cells.add(positions, subject.colouring.values(frame, rows) if subject.colouring is not None else None)
        maps.append(cells)
    if subject.colouring is None:
        most = max(int(cells.counts.max()) for cells in maps)
        mappable = ScalarMappable(LogNorm(1, max(10, most)), DENSITY_COLOURS)
        stage.figure.colorbar(mappable, cax=stage.bar, label="particles per cell")
        pictures = [mappable.to_rgba(np.ma.masked_equal(cells.counts, 0)) for cells in maps]
    else:
        palette = palette_for(subject.colouring, (cells.means for cells in maps))
        palette.draw_bar(stage.bar)
        pictures = [palette.colours(cells.means) for cells in maps]
    for panel, cells, picture in zip(stage.panels, maps, pictures):
        picture[cells.counts == 0] = 0  # nothing, so that the grid can be seen
        panel.sheet.imshow(picture, origin="lower", extent=(0, 1, 0, 1), interpolation="nearest", aspect="auto", zorder=2)
    what = "density" if subject.colouring is None else "mean"
    return f"{what} in {edge} x {edge} cells"


# ---------------------------------------------------------------- words

def _add_titles(subject: Subject, stage: Stage, notes: list[str], hidden: list[int]) -> None:
    """Writes above the panels what they show, and what they do not."""
    run = subject.run
    last = len(run) - 1
    name = plain_text(short_name(os.path.basename(run.path)))
    plural = "" if subject.count == 1 else "s"
    particles = f"{subject.count:,} particle{plural}"
    if subject.rows is not None:
        particles += f" of {run.particles:,}"
    if len(subject.frames) == 1:
        facts = [f"t = {run.times[subject.frames[0]]:.6g} [{plain_text(run.units.time)}], {particles}, "
                 f"frame {subject.frames[0]} (last {last})"]
        if hidden[0]:
            notes = [*notes, f"{hidden[0]:,} without a finite position not shown"]
        stage.panels[0].base.set_title("\n".join([name, *facts, *notes]), fontsize="medium")
        return
    stage.figure.suptitle("\n".join([name, ", ".join([particles, f"frames up to {last}", *notes])]), fontsize="medium",
                          x=stage.legend[0], y=1 - 0.15 / stage.figure.get_figheight(), va="top")
    for panel, number, missing in zip(stage.panels, subject.frames, hidden):
        title = f"t = {run.times[number]:.6g} [{plain_text(run.units.time)}], frame {number}"
        panel.base.set_title(title + (f"\n{missing:,} not finite, not shown" if missing else ""), fontsize="small")

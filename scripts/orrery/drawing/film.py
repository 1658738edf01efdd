"""Frames of a run as the pictures of a film: what stands still is drawn once, what moves anew for each picture."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Iterator

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import LogNorm

from ..frame import Frame
from ..periodic import Paths
from .cells import Cells, cells_for
from .palette import DENSITY_COLOURS, palette_for
from .picture import Style, Subject, palette_of, paths_of
from .scale import plain_text, short_name
from .stage import Stage, build_stage, extent_of, nowhere, window_around

MOST_FRAMES_LOOKED_AT = 8  # to find limits and colours; reading all of a large file twice would double the time
DOTS_PER_INCH = 100
Picture = np.ndarray  # [height][width][4], uint8


@dataclass(frozen=True)
class Timing:
    """Which stored frame each picture of the film shows: the last one that is not after the film's own time.

    per_second  pictures per second
    numbers     number of the frame that each picture shows, ascending
    """

    per_second: float
    numbers: list[int]


def timing_of(times: np.ndarray, per_second: float, seconds: float) -> Timing:
    """A film of so many seconds in which time goes by evenly, from the first frame to the last. times [F], ascending"""
    count = max(1, round(per_second * seconds))
    shown = np.linspace(times[0], times[-1], count)
    # A little late, so that a picture which is meant for a frame does not miss it by a rounding error.
    numbers = np.searchsorted(times, shown + 1e-9 * (times[-1] - times[0]), side="right") - 1
    return Timing(per_second, numbers.tolist())


class Film:
    """Draws the pictures of a film.

    subject  what to show; its frames are those of the film
    timing   when to show which
    trail    how much time the trails of a few particles reach back
    """

    def __init__(self, subject: Subject, timing: Timing, trail: float) -> None:
        looked_at = np.unique(np.linspace(0, len(timing.numbers) - 1, MOST_FRAMES_LOOKED_AT).round().astype(int))
        self._subject = replace(subject, frames=sorted({timing.numbers[place] for place in looked_at}))
        self._timing = timing
        self._trail = trail
        run = subject.run
        self._ways = Paths(run, slice(None) if subject.rows is None else subject.rows)
        self._paths, self._path_numbers = self._read_paths()
        self._path_times = run.times[self._path_numbers]
        extent = nowhere(run.dimensions) if self._paths is None else extent_of(self._paths)
        for number in self._subject.frames:
            extent |= self._subject.extent(run[number])
        window = window_around(extent, subject.is_flat(extent))
        self._stage: Stage = build_stage(1, window, run.units, dpi=DOTS_PER_INCH)
        self._canvas = FigureCanvasAgg(self._stage.figure)
        self._panel = self._stage.panels[0]
        self._add_moving_parts()
        self._canvas.draw()
        self._still = self._canvas.copy_from_bbox(self._stage.figure.bbox)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the pictures in pixels; both are even."""
        width, height = self._canvas.get_width_height()
        return width // 2 * 2, height // 2 * 2

    def pictures(self) -> Iterator[Picture]:
        """Yields the pictures of the film in their order."""
        width, height = self.size
        before = -1
        for number in self._timing.numbers:
            if number != before:
                self._move_to(self._subject.run[number])
                self._show_time(number)
                before = number
            self._canvas.restore_region(self._still)
            for part in self._parts:
                self._stage.figure.draw_artist(part)
            yield np.asarray(self._canvas.buffer_rgba())[:height, :width]

    # ------------------------------------------------------------ what moves

    def _read_paths(self) -> tuple[np.ndarray | None, np.ndarray]:
        if self._subject.style != Style.PATHS:
            return None, np.empty(0, np.int64)
        paths, numbers, _ = paths_of(self._subject)
        return paths, np.array(numbers)

    def _add_moving_parts(self) -> None:
        subject, sheet = self._subject, self._panel.sheet
        run = subject.run
        title = [plain_text(short_name(os.path.basename(run.path))),
                 f"{subject.count:,} particle{'' if subject.count == 1 else 's'}"]
        if subject.rows is not None:
            title[1] += f" of {run.particles:,}"
        self._clock = self._stage.figure.text(self._stage.legend[0], 1 - 0.6 / self._stage.figure.get_figheight(), "",
                                              ha="center", fontsize="medium", family="monospace")
        if subject.style == Style.DENSITY:
            self._add_map(title)
        else:
            self._palette = palette_of(subject)
            self._palette.draw_bar(self._stage.bar)
            size = 52.0 if self._paths is not None else float(np.clip(4e4 / max(subject.count, 1), 0.5, 30.0))
            self._dots = sheet.scatter([], [], s=size, zorder=4, edgecolors="white" if self._paths is not None else "none",
                                       linewidths=0.8 if self._paths is not None else 0)
            self._trails = LineCollection([], linewidths=1.6, alpha=0.6, zorder=3)
            sheet.add_collection(self._trails)
            self._parts = [self._trails, self._dots, self._clock]
        self._stage.figure.suptitle(", ".join(title), fontsize="medium", x=self._stage.legend[0],
                                    y=1 - 0.15 / self._stage.figure.get_figheight(), va="top")
        for part in self._parts:
            part.set_animated(True)

    def _add_map(self, title: list[str]) -> None:
        subject = self._subject
        self._edge = cells_for(subject.count)
        looked_at = [self._count(subject.run[number]) for number in subject.frames]
        if subject.colouring is None:
            most = max(int(cells.counts.max(initial=0)) for cells in looked_at)
            self._mappable = ScalarMappable(LogNorm(1, max(10, most)), DENSITY_COLOURS)
            self._stage.figure.colorbar(self._mappable, cax=self._stage.bar, label="particles per cell")
        else:
            self._palette = palette_for(subject.colouring, (cells.means for cells in looked_at))
            self._palette.draw_bar(self._stage.bar)
        title.append(f"{'density' if subject.colouring is None else 'mean'} in {self._edge} x {self._edge} cells")
        self._map = self._panel.sheet.imshow(np.zeros((self._edge, self._edge, 4)), origin="lower", extent=(0, 1, 0, 1),
                                             interpolation="nearest", aspect="auto", zorder=2)
        self._parts = [self._map, self._clock]

    def _count(self, frame: Frame) -> Cells:
        colouring = self._subject.colouring
        cells = Cells(self._panel, self._edge, with_values=colouring is not None)
        for rows, positions in self._subject.blocks(frame):
            cells.add(positions, colouring.values(frame, rows) if colouring is not None else None)
        return cells

    def _show_time(self, number: int) -> None:
        run = self._subject.run
        unit, time, span = plain_text(run.units.time), run.times[number], abs(run.times[-1])
        # As many decimals as the longest time has use for, so that the text does not jump.
        decimals = 2 - int(np.floor(np.log10(span))) if 1e-6 < span < 1e6 else 0
        text = f"{time:.{max(0, decimals)}f}" if 1e-6 < span < 1e6 else f"{time:.4g}"
        self._clock.set_text(f"t = {text} [{unit}], frame {number:>{len(str(len(run) - 1))}}")

    def _move_to(self, frame: Frame) -> None:
        subject = self._subject
        if subject.style == Style.DENSITY:
            cells = self._count(frame)
            picture = (self._mappable.to_rgba(np.ma.masked_equal(cells.counts, 0)) if subject.colouring is None
                       else self._palette.colours(cells.means))
            picture[cells.counts == 0] = 0  # nothing, so that the grid can be seen
            self._map.set_data(picture)
            return
        rows = slice(None) if subject.rows is None else subject.rows
        positions = frame.position_of(rows)
        colours = self._palette.colours(subject.colouring.values(frame, rows))
        good = np.isfinite(positions).all(axis=1)
        order = self._panel.front_last(positions[good])
        self._dots.set_offsets(self._panel.place(positions[good][order]))
        self._dots.set_facecolors(colours[good][order])
        if self._paths is not None:
            recent = (self._path_numbers < frame.number) & (self._path_times >= frame.time - self._trail)
            trails = np.concatenate([self._paths[recent], positions[np.newaxis]])
            lines, whose = self._ways.pieces([*self._path_numbers[recent].tolist(), frame.number], trails)
            self._trails.set_segments([self._panel.place(line) for line in lines])
            self._trails.set_colors(colours[whose])

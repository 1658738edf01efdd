"""The empty picture: panels with axes, room for a colour bar, and the map from positions to places in a panel."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from mpl_toolkits.mplot3d import Axes3D, proj3d

from ..units import Units
from .scale import decimal_exponent, scaled_unit

MOST_COLUMNS = 4
GRID_COLOUR = "#e4e4e4"
AZIMUTH, ELEVATION = -60.0, 22.0  # degrees, of the eye that looks at particles in space


@dataclass(frozen=True)
class Extent:
    """The box around particles: its corners [D], and how many there are with finite coordinates and without."""

    low: np.ndarray
    high: np.ndarray
    finite: int = 0
    hidden: int = 0

    def __or__(self, other: Extent) -> Extent:
        """The box around both."""
        return Extent(np.minimum(self.low, other.low), np.maximum(self.high, other.high),
                      self.finite + other.finite, self.hidden + other.hidden)

    @property
    def is_empty(self) -> bool:
        """Whether no particle has finite coordinates."""
        return not bool((self.low <= self.high).all())

    @property
    def is_flat(self) -> bool:
        """Whether the particles move in the plane z = 0, so that nothing is lost without z."""
        return len(self.low) == 2 or self.is_empty or (self.low[2] == 0 and self.high[2] == 0)


def nowhere(dimensions: int) -> Extent:
    """The extent of no particles."""
    return Extent(np.full(dimensions, np.inf), np.full(dimensions, -np.inf))


def extent_of(positions: np.ndarray) -> Extent:
    """The extent of positions [...][D]."""
    flat = positions.reshape(-1, positions.shape[-1])
    low, high = flat.min(axis=0, initial=np.inf), flat.max(axis=0, initial=-np.inf)
    if np.isfinite(low).all() and np.isfinite(high).all():
        return Extent(low.astype(np.float64), high.astype(np.float64), len(flat), 0)
    good = flat[np.isfinite(flat).all(axis=1)]
    return Extent(good.min(axis=0, initial=np.inf).astype(np.float64),
                  good.max(axis=0, initial=-np.inf).astype(np.float64), len(good), len(flat) - len(good))


@dataclass(frozen=True)
class Window:
    """The square, or in space the cube, that panels show.

    exponent  power of ten that is taken out of lengths
    middle    its middle [2 or 3], in lengths without that power
    half      half of its edge, likewise
    """

    exponent: int
    middle: np.ndarray
    half: float

    @property
    def is_flat(self) -> bool:
        """Whether it is a square."""
        return len(self.middle) == 2

    def scaled(self, positions: np.ndarray) -> np.ndarray:
        """Positions [...][D] as float64 without the power of ten, and without z if the window is flat."""
        scaled = positions[..., :len(self.middle)].astype(np.float64)
        if self.exponent:
            scaled /= 10.0**self.exponent
        if scaled.shape[-1] < len(self.middle):  # files with two axes, seen from the side
            scaled = np.concatenate([scaled, np.zeros((*scaled.shape[:-1], 1))], axis=-1)
        return scaled


def window_around(extent: Extent, flat: bool) -> Window:
    """A window around particles, with a margin."""
    axes = 2 if flat else 3
    if extent.is_empty:
        return Window(0, np.zeros(axes), 1.0)
    low, high = (np.concatenate([corner, np.zeros(3)])[:max(axes, len(corner))][:axes] for corner in (extent.low, extent.high))
    exponent = decimal_exponent(float(np.abs([low, high]).max()))
    low, high = low / 10.0**exponent, high / 10.0**exponent
    middle = (low + high) / 2
    half = 0.54 * float((high - low).max())
    distance = float(np.abs(middle).max())
    if half <= 1e-9 * distance or half == 0:
        # A single resting point has no extent: show its way to the origin.
        half = 1.2 * distance or 1.0
    return Window(exponent, middle, half)


class Panel:
    """One diagram: axes with ticks and labels, and above them a blank sheet to draw on.

    base   axes with ticks, grid and labels
    sheet  transparent axes over the whole panel; both coordinates go from 0 to 1
    """

    def __init__(self, figure: Figure, place: tuple[float, float, float, float], window: Window, units: Units) -> None:
        self.window = window
        low, high = window.middle - window.half, window.middle + window.half
        unit = scaled_unit(units.length, window.exponent)
        self.base: Axes = figure.add_axes(place, projection=None if window.is_flat else "3d")
        self.base.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
        if window.is_flat:
            self.base.grid(color=GRID_COLOUR, linewidth=0.6)
            self.base.set_axisbelow(True)
            scale = 0.5 / window.half
            self._matrix, self._offset = np.diag([scale, scale]), -low * scale
            self._towards_eye = np.zeros(2)
        else:
            self._set_up_space(low, high)
        self.base.set_xlabel("x" + unit)
        self.base.set_ylabel("y" + unit)
        self.sheet: Axes = figure.add_axes(place)
        self.sheet.set(xlim=(0, 1), ylim=(0, 1))
        self.sheet.axis("off")
        if not window.is_flat:
            self.base.set_zlabel("z" + unit)

    def _set_up_space(self, low: np.ndarray, high: np.ndarray) -> None:
        axes = self.base
        assert isinstance(axes, Axes3D)
        axes.set_zlim(low[2], high[2])
        axes.set_proj_type("ortho")
        axes.set_box_aspect((1, 1, 1), zoom=0.88)
        axes.view_init(elev=ELEVATION, azim=AZIMUTH)
        for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
            axis.set_pane_color((1, 1, 1, 0))
            axis._axinfo["grid"].update(color=GRID_COLOUR, linewidth=0.6)
        # Without perspective the map to the page is affine: four points tell it.
        points = self.window.middle + self.window.half * np.concatenate([np.zeros((1, 3)), np.eye(3)])
        x, y, depth = proj3d.proj_transform(*points.T, axes.get_proj())
        on_page = (axes.transData + axes.transAxes.inverted()).transform(np.column_stack([x, y]))
        self._matrix = (on_page[1:] - on_page[0]).T / self.window.half
        self._offset = on_page[0] - self._matrix @ self.window.middle
        self._towards_eye = -(np.asarray(depth[1:]) - depth[0])

    def place(self, positions: np.ndarray) -> np.ndarray:
        """Places on the sheet [...][2] of positions [...][D]; what is not finite stays so."""
        return self.window.scaled(positions) @ self._matrix.T + self._offset

    def front_last(self, positions: np.ndarray) -> np.ndarray:
        """An order [K] of positions [K][D] in which what is nearer to the eye comes later."""
        if self.window.is_flat:
            return np.arange(len(positions))
        return np.argsort(self.window.scaled(positions) @ self._towards_eye, kind="stable")


@dataclass(frozen=True)
class Stage:
    """A figure with panels.

    bar     axes for a colour bar
    legend  where a legend goes: the middle of its upper edge, in fractions of the figure
    """

    figure: Figure
    panels: list[Panel]
    bar: Axes
    legend: tuple[float, float]


def build_stage(count: int, window: Window, units: Units, height_of_title: float = 0.684, dpi: float = 150) -> Stage:
    """A figure with `count` panels in rows, all with the same window; lengths are inches of paper.

    A single panel gives 8 x 7.2 inches.
    """
    columns = count if count <= 3 else min(MOST_COLUMNS, math.ceil(math.sqrt(count)))
    rows = math.ceil(count / columns)
    edge = 5.616 if count == 1 else 3.6
    left, right, bottom = 0.8, 1.584, 0.9
    gap_x, gap_y = (0.75, 0.85) if window.is_flat else (0.5, 0.7)
    width = left + columns * edge + (columns - 1) * gap_x + right
    height = bottom + rows * edge + (rows - 1) * gap_y + height_of_title
    figure = Figure(figsize=(width, height), dpi=dpi)
    panels = []
    for index in range(count):
        column, row = index % columns, rows - 1 - index // columns
        place = (left + column * (edge + gap_x), bottom + row * (edge + gap_y), edge, edge)
        panels.append(Panel(figure, (place[0] / width, place[1] / height, edge / width, edge / height), window, units))
    high = rows * edge + (rows - 1) * gap_y
    bar_high = min(0.8 * high, 5.0)
    bar = figure.add_axes(((width - right + 0.344) / width, (bottom + (high - bar_high) / 2) / height, 0.24 / width,
                           bar_high / height))
    middle = left + (columns * edge + (columns - 1) * gap_x) / 2
    return Stage(figure, panels, bar, (middle / width, (bottom - 0.45) / height))

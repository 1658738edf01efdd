"""Colours, which can be told apart with every common colour blindness, and the bar that explains them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm, Colormap, LinearSegmentedColormap, ListedColormap, Normalize

from ..colouring import Colouring, Scale
from .scale import decimal_exponent, scaled_unit

WITHOUT_VALUE = "#9a9a9a"
# A dark centre keeps slow particles visible on the white page.
SIGNED_COLOURS = LinearSegmentedColormap.from_list("signed", ["#2f9bf0", "#2565a8", "#262626", "#b0520a", "#ff8c1a"])
# Without the yellow end, which can hardly be seen on white.
RISING_COLOURS = LinearSegmentedColormap.from_list("rising", matplotlib.colormaps["viridis"](np.linspace(0, 0.86, 64)))
# Okabe and Ito's colours, without their yellow.
NAME_COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#8a8a8a"]
DENSITY_COLOURS = matplotlib.colormaps["viridis"]
CHART_COLOUR = "#0072b2"


@dataclass(frozen=True)
class Palette:
    """Turns the numbers of a colouring into colours, the same ones in every frame.

    exponent  the power of ten that stands in the unit of the bar
    names     the numbers that have a colour each, ascending; None where colours change gradually
    """

    colouring: Colouring
    exponent: int
    mappable: ScalarMappable
    names: tuple[float, ...] | None = None

    def colours(self, values: np.ndarray) -> np.ndarray:
        """Colours [K][4] in 0..1 of the numbers [K]; grey where they are not finite."""
        if self.names is not None:
            values = np.searchsorted(self.names, values).astype(np.float64)
        return self.mappable.to_rgba(np.ma.masked_invalid(values / 10.0**self.exponent))

    def draw_bar(self, axes: Axes) -> None:
        """Fills `axes` with a bar that says which colour stands for what."""
        colouring = self.colouring
        bar = axes.figure.colorbar(self.mappable, cax=axes,
                                   label=colouring.label + scaled_unit(colouring.unit, self.exponent))
        if self.names is not None:
            bar.set_ticks(range(len(self.names)), labels=[f"{name:.0f}" for name in self.names])
            bar.ax.tick_params(length=0)
            bar.ax.minorticks_off()
        if colouring.name == "tangential_speed":
            bar.ax.set_title("counter-\nclockwise", fontsize="small", pad=11)
            bar.ax.set_xlabel("clockwise", fontsize="small", labelpad=8)


def palette_for(colouring: Colouring, values: Iterable[np.ndarray]) -> Palette:
    """The palette for all numbers of `values`, arrays of any length that need not be finite."""
    low, high, seen = np.inf, -np.inf, set()
    for part in values:
        part = part[np.isfinite(part)]
        if part.size:
            low, high = min(low, float(part.min())), max(high, float(part.max()))
            if colouring.scale == Scale.NAMES:
                seen.update(part.tolist())
    if low > high:
        low, high = 0.0, 0.0
    if colouring.scale == Scale.NAMES and seen:
        return _names(colouring, sorted(seen))
    exponent = 0 if colouring.name == "id" else decimal_exponent(max(abs(low), abs(high)))
    low, high = low / 10.0**exponent, high / 10.0**exponent
    if colouring.scale == Scale.SIGNED or colouring.name == "tangential_speed":
        # Symmetric, so that the dark centre always means "at rest".
        limit = max(abs(low), abs(high)) or 1.0
        return Palette(colouring, exponent, _mappable(Normalize(-limit, limit), SIGNED_COLOURS))
    if high - low <= 1e-9 * max(abs(low), abs(high)) or high == low:
        low, high = low - 0.5 * (abs(low) or 1.0), high + 0.5 * (abs(high) or 1.0)
    return Palette(colouring, exponent, _mappable(Normalize(low, high), RISING_COLOURS))


def _names(colouring: Colouring, names: list[float]) -> Palette:
    """A colour of its own for each of a few whole numbers, which are ascending."""
    norm = BoundaryNorm(np.arange(len(names) + 1) - 0.5, len(names))
    return Palette(colouring, 0, _mappable(norm, ListedColormap(NAME_COLOURS[:len(names)])), tuple(names))


def _mappable(norm: Normalize, colours: Colormap) -> ScalarMappable:
    colours = colours.copy()
    colours.set_bad(WITHOUT_VALUE)
    return ScalarMappable(norm, colours)

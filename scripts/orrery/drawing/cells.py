"""Many particles as a picture of square cells: how many there are in each, or the mean of a number over them."""

from __future__ import annotations

import numpy as np

from .stage import Panel


class Cells:
    """A grid of cells [rows][columns] over a panel; particles are added block by block and none of them is kept.

    panel  the panel that the cells cover
    edge   number of cells along each edge
    """

    def __init__(self, panel: Panel, edge: int, with_values: bool = False) -> None:
        self._panel = panel
        self._edge = edge
        self._counts = np.zeros(edge * edge, np.int64)
        self._sums = np.zeros(edge * edge) if with_values else None

    def add(self, positions: np.ndarray, values: np.ndarray | None = None) -> None:
        """Counts particles at positions [K][D] with numbers [K]; what is not finite or off the panel is left out."""
        cell, inside = self.find(positions)
        if values is not None and self._sums is not None:
            values = values if inside is None else values[inside]
            good = np.isfinite(values)
            cell, values = cell[good], values[good]
            self._sums += np.bincount(cell, values, minlength=len(self._sums))
        self._counts += np.bincount(cell, minlength=len(self._counts))

    def find(self, positions: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
        """Number of the cell, row by row from the bottom, of each position on the panel; and which are (None: all)."""
        with np.errstate(invalid="ignore"):
            places = self._panel.place(positions)
            places *= self._edge
            x, y = places[:, 0], places[:, 1]
            inside = (x >= 0) & (x < self._edge) & (y >= 0) & (y < self._edge)
        if inside.all():
            inside = None
        else:
            x, y = x[inside], y[inside]
        return y.astype(np.int64) * self._edge + x.astype(np.int64), inside

    @property
    def counts(self) -> np.ndarray:
        """Particles in each cell, int64; the first row is the lowest."""
        return self._counts.reshape(self._edge, self._edge)

    @property
    def means(self) -> np.ndarray:
        """Mean of the numbers in each cell; NaN where there is no particle."""
        assert self._sums is not None
        with np.errstate(all="ignore"):
            return (self._sums / self._counts).reshape(self._edge, self._edge)


def cells_for(particles: int) -> int:
    """Number of cells along an edge for so many particles: some ten to a cell."""
    return int(np.clip(np.sqrt(particles / 10), 100, 450))

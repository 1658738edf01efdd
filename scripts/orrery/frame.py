"""One frame of a run: all particles at one time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator

import numpy as np

if TYPE_CHECKING:
    from .run import Run


class Frame:
    """Particles at one time; N is their number, D the number of axes, 2 or 3. Made by Run.

    Nothing is read before it is asked for, and nothing is kept: whoever needs an array twice should hold on to it.
    """

    def __init__(self, run: Run, number: int) -> None:
        self._run = run
        self._number = number

    def __repr__(self) -> str:
        return f"<frame {self._number} of {self._run.path}>"

    def __len__(self) -> int:
        """Number of particles N."""
        return self._run.particles

    def __getitem__(self, name: str) -> np.ndarray:
        """A quantity of this frame, or a column that stays the same in all of them, by name: shape [N] or [N][D].

        Names are those of Run.quantities and Run.columns. KeyError where there is none of this name.
        """
        return self._run.read(name, self._number)

    @property
    def number(self) -> int:
        """Number of this frame in the file, counted from 0."""
        return self._number

    @property
    def step(self) -> int:
        """Steps done since the run began."""
        return int(self._run.steps[self._number])

    @property
    def time(self) -> float:
        """Time since the run began, in Run.units.time."""
        return float(self._run.times[self._number])

    @property
    def position(self) -> np.ndarray:
        """Positions [N][D] in Run.units.length, in the precision of the file; rows are in the order of Run.ids."""
        return self["position"]

    @property
    def velocity(self) -> np.ndarray:
        """Velocities [N][D] in Run.units.velocity; KeyError where the file has none."""
        return self["velocity"]

    @property
    def edges(self) -> np.ndarray | None:
        """Edge vectors of the box [D][D], one a row, in Run.units.length; None where the file has none."""
        return self._run.edges(self._number)

    def blocks(self, name: str = "position") -> Iterator[tuple[slice, np.ndarray]]:
        """Yields (rows, values) until all N rows were there, in order: for frames that are too large to hold.

        rows    slice of rows, such as slice(0, 262144)
        values  what frame[name][rows] would be

        A block is some 256 Ki rows, of whole chunks of the file.
        """
        return self._run.read_blocks(name, self._number)

    def rows(self, name: str, rows: slice | np.ndarray | list[int]) -> np.ndarray:
        """Some rows of a quantity or column: what frame[name][rows] would be, read with bounded memory beside it.

        rows  a slice, or numbers from 0 to N - 1 in any order, or a mask [N]
        """
        return self._run.read_rows(name, self._number, rows)

    def position_of(self, rows: slice | np.ndarray | list[int]) -> np.ndarray:
        """Positions of some particles: what frame.position[rows] would be. See rows()."""
        return self.rows("position", rows)

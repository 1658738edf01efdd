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

        Names are those of Frame.quantities and Run.columns. KeyError where there is none of this name at the step of the frame.
        """
        return self._run.read(name, self._number)

    @property
    def number(self) -> int:
        """Number of this frame in the file, counted from 0."""
        return self._number

    @property
    def quantities(self) -> tuple[str, ...]:
        """Names of what this frame has a value of for each particle: those of Run.quantities, and what is stored at its step."""
        return self._run.names_at(self._number)

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

    @property
    def origin(self) -> np.ndarray:
        """Lowest corner of the box [D], in Run.units.length; 0 where the file does not say."""
        return self._run.origin(self._number)

    @property
    def unwrapped(self) -> np.ndarray:
        """Positions [N][D] along the way through periodic faces: position + image times edges, as `image` of the frame counts
        how often each particle left the box; KeyError where the file has none. float64"""
        edges = self.edges
        images = self["image"].astype(np.float64)
        return self.position.astype(np.float64) + (images @ edges[:images.shape[1]] if edges is not None else 0.0)

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

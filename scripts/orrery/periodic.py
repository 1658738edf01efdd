"""Where particles go through periodic faces between frames, so that no line is drawn across the box."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence

import numpy as np

from .run import Run

IMAGE = "image"


@dataclass(frozen=True)
class Cell:
    """The box of one frame.

    edges       edge vectors [D][D], one a row
    to_fraction a displacement times this is in parts of the edges [D][D]; columns of axes that are not periodic are 0
    origin      lowest corner [D]
    """

    edges: np.ndarray
    to_fraction: np.ndarray
    origin: np.ndarray


def cell_of(run: Run, number: int) -> Cell | None:
    """The box of a frame; None where it has no periodic axis, or none that could be told."""
    is_periodic = run.box.is_periodic
    if not is_periodic.any():
        return None
    edges = run.edges(number)
    if edges is None:
        edges = run.box.edges
    axes = run.dimensions
    if edges is None or not np.isfinite(edges).all():
        return None
    edges = edges[:axes, :axes].copy()
    for axis in np.flatnonzero(~is_periodic):
        if not edges[axis].any():
            edges[axis, axis] = 1.0  # no particle leaves along it, so that any length does
    with np.errstate(all="ignore"):
        volume = abs(np.linalg.det(edges / max(float(np.abs(edges).max()), 1e-300)))
    if not volume > 0:
        return None
    inverse = np.linalg.inv(edges)
    if not np.isfinite(inverse).all():
        return None
    return Cell(edges, inverse * is_periodic, run.origin(number))


def has_images(run: Run, numbers: Sequence[int]) -> bool:
    """Whether some frames, which have periodic faces, tell who went through them."""
    return bool(run.box.is_periodic.any()) and all(IMAGE in run[number].quantities for number in numbers) and not run.is_constant(IMAGE)


class Paths:
    """Ways of some particles of a run from frame to frame, cut where they go through a periodic face.

    A way goes through a face where the file says so in `image`. Where it has no images, it does where that is the shorter
    way: where the displacement is more than half a box along a periodic axis. What was read of a frame is kept.
    """

    def __init__(self, run: Run, rows: slice | np.ndarray) -> None:
        self._run = run
        self._rows = rows
        self._cells: dict[int, Cell | None] = {}
        self._images: dict[int, np.ndarray | None] = {}
        self._has_faces = bool(run.box.is_periodic.any())

    def pieces(self, numbers: Sequence[int], positions: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
        """Lines to draw through positions [F][K][D] of the frames `numbers`, ascending.

        Returns the points of each line [P][D], and whose it is [lines]: 0 to K - 1. Every point of `positions` is in one line;
        a line that leaves through a face ends on it, and the next begins on the face across, where the file tells the places
        of faces. Lines of a single point are there, too.
        """
        everybody = np.arange(positions.shape[1])
        if not self._has_faces or len(numbers) < 2:
            return list(positions.transpose(1, 0, 2)), everybody
        cells = [self._cell(number) for number in numbers]
        crossed = np.zeros((len(numbers) - 1, *positions.shape[1:]))
        for place, (before, after) in enumerate(zip(cells[:-1], cells[1:])):
            if before is not None and after is not None:
                crossed[place] = self._crossed(numbers[place:place + 2], positions[place:place + 2], before, after)
        is_cut = crossed.any(axis=2)
        if not is_cut.any():
            return list(positions.transpose(1, 0, 2)), everybody
        lines, whose = [], []
        for particle in everybody:
            begin: list[np.ndarray] = []
            first = 0
            for place in np.flatnonzero(is_cut[:, particle]):
                out, into = _on_faces(positions[place, particle], positions[place + 1, particle], crossed[place, particle],
                                      cells[place], cells[place + 1])
                lines.append(np.array([*begin, *positions[first:place + 1, particle], *out]))
                begin, first = into, place + 1
                whose.append(particle)
            lines.append(np.array([*begin, *positions[first:, particle]]))
            whose.append(particle)
        return lines, np.array(whose)

    def crossed(self, number: int, before: int) -> np.ndarray:
        """Which particles went through a periodic face from frame `before` to frame `number` [K], where both have images."""
        one, other = self._image(before), self._image(number)
        self._images = {number: other}  # frames come one after the other
        return ((other != one) & self._run.box.is_periodic[:other.shape[1]]).any(axis=1)

    def _cell(self, number: int) -> Cell | None:
        if number not in self._cells:
            self._cells[number] = cell_of(self._run, number)
        return self._cells[number]

    def _image(self, number: int) -> np.ndarray | None:
        if number not in self._images:
            has_any = IMAGE in self._run[number].quantities and not self._run.is_constant(IMAGE)
            self._images[number] = self._run.read_rows(IMAGE, number, self._rows) if has_any else None
        return self._images[number]

    def _crossed(self, numbers: Sequence[int], positions: np.ndarray, before: Cell, after: Cell) -> np.ndarray:
        """How many boxes each particle went through along each edge between two frames [K][D]; 0 where it stayed."""
        images = [self._image(number) for number in numbers]
        if images[0] is not None and images[1] is not None and images[0].shape == images[1].shape == positions[0].shape:
            is_periodic = after.to_fraction.any(axis=0)
            return (images[1].astype(np.float64) - images[0]) * is_periodic
        return -np.nan_to_num(np.round(displacements(positions[0], positions[1], before, after)), posinf=0, neginf=0)


def displacements(one: np.ndarray, other: np.ndarray, before: Cell, after: Cell) -> np.ndarray:
    """Ways [K][D] from positions in one frame to those in another, in parts of the edges of the box; 0 along axes that are not
    periodic. A box that changes takes the particles with it."""
    with np.errstate(all="ignore"):
        return (other - after.origin) @ after.to_fraction - (one - before.origin) @ before.to_fraction


def _on_faces(one: np.ndarray, other: np.ndarray, crossed: np.ndarray, before: Cell,
              after: Cell) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Where a way leaves the box, and where it comes in again: a place each, or none where the faces are not between."""
    way = other + crossed @ after.edges - one
    with np.errstate(all="ignore"):
        start = (one - before.origin) @ before.to_fraction
        along = way @ before.to_fraction
        parts = ((crossed > 0) - start)[crossed != 0] / along[crossed != 0]
    if not (np.isfinite(parts) & (parts >= -1e-9) & (parts <= 1 + 1e-9)).all() or np.abs(crossed).max() > 1:
        return [], []
    leaves, enters = float(parts.min()), float(parts.max())
    return [one + leaves * way], [other - (1 - enters) * way]

"""Particles of some frames as few bytes, which the page unpacks (web/report/src/unpack.ts).

Each group of particles is a zlib stream of its own: with n particles in the group,

    for each choice of colours that is a column    n numbers of 16 bits
    for each frame
        for each axis                              n numbers of 16 bits
        where the run has images                   n numbers of 8 bits
        for each choice that is a series           n numbers of 8 bits

Where the run has images of particles in a periodic box, 1 says that a particle went through a face since the frame before.

A coordinate is the number of steps of 1/65534 of the extent along its axis; 65535 stands for a particle without a
finite position. A number to colour by is likewise in steps of 1/65534 or 1/254 of the scale, and 65535 or 255 stands
for none. Numbers begin with a byte that says how they were foretold: 0 not at all, 1 as in the frame before, 2 as the
two frames before go on. What is stored is the difference, modulo 2^16 or 2^8, with its sign in the lowest bit, so
that it is small; of 16 bits first all low bytes, then all high bytes.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Callable, Iterator

import numpy as np

from ..frame import Frame
from ..periodic import Cell, Paths, cell_of, displacements, has_images
from ..run import Run
from ..script import EX_USAGE, Failure
from .checking import Checker
from .colours import Carried, Choice
from .sample import Sample

STEPS = 65534
LEVEL, STRATEGY = 6, zlib.Z_RLE  # after foretelling as small as any, and ten times as fast (measured with zlib 1.2.13)


@dataclass
class Survey:
    """What has to be known of all shown particles before the first is packed.

    low, high  the box around them [axes]
    axes       2 if all z are 0, else the number of axes of the run
    stride     mean way of a particle from one shown frame to the next, along the axis where it is longest, over the
               longest edge of the box
    has_images whether the run tells who goes through periodic faces
    unchecked  why the checksums of the file were not compared; empty where they were, and where it has none
    """

    low: np.ndarray
    high: np.ndarray
    axes: int
    stride: float
    has_images: bool
    unchecked: str


def survey(run: Run, sample: Sample, choices: list[Choice], is_read: Callable[[], None]) -> Survey:
    """Reads the shown particles once, and notes in the choices what numbers they have to colour by.

    All particles of the shown frames are checked; DataError if one differs from its checksum. Calls `is_read` after each.
    """
    checker = Checker(run)
    checker.check_constants()
    low, high = np.full(run.dimensions, np.inf), np.full(run.dimensions, -np.inf)
    ways: list[float] = []
    rows = np.concatenate(sample.groups)
    for choice in choices:
        if choice.carried == Carried.COLUMN:
            choice.see(choice.colouring.values(run[sample.frames[0]], rows))
    before, cells = None, None
    for number in sample.frames:
        frame = run[number]
        checker.check(frame, run.quantities)
        positions = frame.position_of(rows).astype(np.float64)
        is_good = np.isfinite(positions).all(axis=1)
        good = positions if is_good.all() else positions[is_good]
        low, high = np.minimum(low, good.min(axis=0, initial=np.inf)), np.maximum(high, good.max(axis=0, initial=-np.inf))
        if before is not None and len(rows):
            with np.errstate(all="ignore"):
                way = np.abs(_short_way(before, positions, cells, cell_of(run, number)))
            way = way[np.isfinite(way).all(axis=1)]
            ways.append(float(way.mean(axis=0).max()) if len(way) else 0.0)
        before, cells = positions, cell_of(run, number)
        for choice in choices:
            if choice.carried != Carried.COLUMN:
                choice.see(choice.colouring.values(frame, rows))
        is_read()
    if not (low <= high).all():
        low, high = np.zeros(run.dimensions), np.zeros(run.dimensions)
    axes = 3 if run.dimensions == 3 and (low[2], high[2]) != (0, 0) else 2
    edge = float((high / 2 - low / 2).max()) * 2
    return Survey(low[:axes], high[:axes], axes, float(np.mean(ways)) / edge if ways and 0 < edge < np.inf else 0.0,
                  has_images(run, sample.frames), checker.problem)


def _short_way(one: np.ndarray, other: np.ndarray, before: Cell | None, after: Cell | None) -> np.ndarray:
    """Ways [K][D] between two frames, through periodic faces where that is shorter."""
    if before is None or after is None:
        return other - one
    return other - one - np.round(displacements(one, other, before, after)) @ after.edges


def pack(run: Run, sample: Sample, choices: list[Choice], found: Survey, most_bytes: int,
         is_read: Callable[[], None]) -> list[bytes]:
    """The streams of as many groups as fit into `most_bytes`, the first ones; Failure if not even one does.

    Calls `is_read` after each frame.
    """
    packers = [Packer(rows, choices, found) for rows in sample.groups]
    for packer in packers:
        packer.add_columns(run[sample.frames[0]])
    rows = np.concatenate([packer.rows for packer in packers])
    paths, before = Paths(run, rows), sample.frames[0]
    for number in sample.frames:
        frame = run[number]
        crossed = paths.crossed(number, before) if found.has_images else np.zeros(len(rows), bool)
        before = number
        for packer, part, positions, values in _parts(frame, packers, choices):
            packer.add(positions, values, crossed[part])
        while sum(packer.size for packer in packers) > most_bytes and len(packers) > 1:
            packers.pop()
        if packers[0].size > most_bytes:
            raise Failure(EX_USAGE, f"--frames: the page would be too large with {len(sample.frames)} frames of "
                                    f"{len(packers[0].rows)} particles; take fewer, or a greater --size")
        is_read()
    streams = [packer.finished() for packer in packers]
    while sum(map(len, streams)) > most_bytes and len(streams) > 1:
        streams.pop()
    return streams


def _parts(frame: Frame, packers: list[Packer],
           choices: list[Choice]) -> Iterator[tuple[Packer, slice, np.ndarray, list[np.ndarray]]]:
    """The numbers of a frame for each group, and which of all rows it has.

    All are read in one go, as groups are spread over all rows.
    """
    rows = np.concatenate([packer.rows for packer in packers])
    positions = frame.position_of(rows).astype(np.float64)
    values = [choice.colouring.values(frame, rows) for choice in choices if choice.carried == Carried.SERIES]
    begin = 0
    for packer in packers:
        part = slice(begin, begin := begin + len(packer.rows))
        yield packer, part, positions[part], [series[part] for series in values]


class Packer:
    """The stream of one group of particles, frame by frame.

    rows  of the particles [n]
    size  bytes so far
    """

    def __init__(self, rows: np.ndarray, choices: list[Choice], found: Survey) -> None:
        self.rows = rows
        self.size = 0
        self._choices = choices
        self._found = found
        self._stream = zlib.compressobj(LEVEL, zlib.DEFLATED, zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, STRATEGY)
        self._parts: list[bytes] = []
        self._before: dict[int, list[np.ndarray]] = {}

    def add_columns(self, frame: Frame) -> None:
        """Packs what is the same in all frames."""
        for choice in self._choices:
            if choice.carried == Carried.COLUMN:
                values = choice.colouring.values(frame, self.rows)
                self._add(b"\0" + _planes(steps(choice.fractions(values), np.uint16)))

    def add(self, positions: np.ndarray, values: list[np.ndarray], crossed: np.ndarray) -> None:
        """Packs a frame: positions [n][axes or more], the numbers [n] of each choice that is a series, and which particles went
        through a periodic face since the frame before [n]."""
        found = self._found
        half = found.high / 2 - found.low / 2
        with np.errstate(all="ignore"):
            places = (positions[:, :found.axes] / 2 - found.low / 2) / np.where(half > 0, half, 1)
        places[~np.isfinite(positions).all(axis=1)] = np.nan
        for axis in range(found.axes):
            self._add(self._foretold(axis, steps(places[:, axis], np.uint16)))
        if found.has_images:
            self._add(b"\0" + crossed.astype(np.uint8).tobytes())
        chosen = [choice for choice in self._choices if choice.carried == Carried.SERIES]
        for place, (choice, numbers) in enumerate(zip(chosen, values), start=found.axes):
            self._add(self._foretold(place, steps(choice.fractions(numbers), np.uint8)))

    def finished(self) -> bytes:
        """The whole stream."""
        self._parts.append(self._stream.flush())
        return b"".join(self._parts)

    def _foretold(self, place: int, numbers: np.ndarray) -> bytes:
        """Numbers as differences from what the last two frames at this place say, by the way that leaves least."""
        before = self._before.setdefault(place, [])
        ways = [numbers]
        if len(before) > 0:
            ways.append(_signed_low(numbers - before[-1]))
        if len(before) > 1:
            ways.append(_signed_low(numbers - 2 * before[-1] + before[-2]))
        self._before[place] = [*before[-1:], numbers]
        sums = [int(way.sum(dtype=np.int64)) for way in ways]
        best = sums.index(min(sums))
        if best == 0:
            return b"\0" + _planes(numbers)
        return bytes([best]) + _planes(ways[best])

    def _add(self, data: bytes) -> None:
        packed = self._stream.compress(data)
        self.size += len(packed)
        if packed:
            self._parts.append(packed)


def steps(fractions: np.ndarray, kind: type[np.unsignedinteger]) -> np.ndarray:
    """Fractions 0 to 1 as whole steps; the greatest number of the type stands for what is not finite."""
    most = np.iinfo(kind).max
    is_good = np.isfinite(fractions)
    whole = np.rint(np.clip(np.where(is_good, fractions, 0), 0, 1) * (most - 1))
    return np.where(is_good, whole, most).astype(kind)


def _signed_low(differences: np.ndarray) -> np.ndarray:
    """Differences modulo 2^bits, the sign moved to the lowest bit: 0, -1, 1, -2 become 0, 1, 2, 3."""
    bits = 8 * differences.itemsize
    signed = differences.view(np.dtype(f"i{differences.itemsize}"))
    return ((signed << 1) ^ (signed >> (bits - 1))).view(differences.dtype)


def _planes(numbers: np.ndarray) -> bytes:
    """All low bytes, then all high bytes."""
    return np.ascontiguousarray(numbers.view(np.uint8).reshape(len(numbers), numbers.itemsize).T).tobytes()

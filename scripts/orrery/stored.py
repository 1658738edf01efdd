"""How a file stores quantities of particles: H5MD's elements, each with steps of its own."""

from __future__ import annotations

import math
from dataclasses import dataclass

import h5py
import numpy as np
from h5py import h5d

from .errors import DataError
from .source import Source

GROUPS = "/particles"
USUAL_GROUP = "trajectory"
CREATOR = "orrery"
NUMBERS = "fiu"  # kinds of types that are plain numbers
POSITION = "position"


@dataclass(frozen=True)
class Clock:
    """At which steps the rows of a series stand.

    steps    of the rows that count, ascending [frames], int64; row numbers where the file has no steps
    rows     which row of the file each of them is [frames]; None where frame k is row k
    is_told  whether the file has steps
    """

    steps: np.ndarray
    rows: np.ndarray | None = None
    is_told: bool = True

    def row_at(self, step: int, guess: int = 0) -> int | None:
        """The row of a step; None where there is none. guess: frame to look at first"""
        if not (guess < len(self.steps) and self.steps[guess] == step):
            guess = int(np.searchsorted(self.steps, step))
        if guess >= len(self.steps) or self.steps[guess] != step:
            return None
        return guess if self.rows is None else int(self.rows[guess])

    def first(self, frames: int) -> Clock:
        """Without the frames from `frames` on."""
        return Clock(self.steps[:frames], None if self.rows is None else self.rows[:frames], self.is_told)

    def of_frames(self, numbers: np.ndarray) -> np.ndarray:
        """Of numbers, one for each row of the file, those of the frames."""
        return numbers[:len(self.steps)] if self.rows is None else numbers[self.rows]


@dataclass(frozen=True)
class Element:
    """A quantity of the particles.

    path   of its data set
    shape  of one frame: (N,) or (N, components)
    clock  steps of its rows; None where it is stored once, for all times
    """

    path: str
    shape: tuple[int, ...]
    clock: Clock | None

    @property
    def is_once(self) -> bool:
        """Whether it is stored once, for all times."""
        return self.clock is None

    def prefix_at(self, step: int, guess: int = 0) -> tuple[int, ...] | None:
        """What to put before the rows of particles to find those at a step; None where it is not stored at this step.

        guess  frame to look at first
        """
        if self.clock is None:
            return ()
        row = self.clock.row_at(step, guess)
        return None if row is None else (row,)

    def has_all(self, steps: np.ndarray) -> bool:
        """Whether it is stored at each of some steps."""
        return (self.clock is None or np.array_equal(self.clock.steps[:len(steps)], steps)
                or bool(np.isin(steps, self.clock.steps).all()))

    def is_row_by_row(self, steps: np.ndarray) -> bool:
        """Whether its row k is at step k of some steps."""
        return self.clock is None or (self.clock.rows is None and np.array_equal(self.clock.steps[:len(steps)], steps))

    def where(self) -> str:
        """At which steps it is stored, for messages."""
        if self.clock is None:
            return "once"
        steps = self.clock.steps
        if len(steps) == 0:
            return "at no step"
        shown = ", ".join(str(step) for step in steps[:4].tolist())
        return f"at steps {shown}{', ..., ' + str(int(steps[-1])) if len(steps) > 4 else ''}"


def find_group(source: Source, wanted: str | None) -> str:
    """Path of the group of particles to read; to be used inside of Source.call().

    wanted  its name below /particles, or its path; None: the only one with positions. Where a file of Orrery has several,
            `trajectory` is meant; where another has, DataError names them.
    """
    if wanted is not None:
        name = wanted.strip("/")
        name = name.removeprefix(GROUPS.strip("/") + "/")
        path = f"{GROUPS}/{name}"
        if not name or not isinstance(source.get(path), h5py.Group):
            raise DataError(source.path, f"it has no group of particles {path}; it has {', '.join(_names(source)) or 'none'}")
        return path
    names = [name for name in _names(source) if source.get(f"{GROUPS}/{name}/{POSITION}") is not None]
    if len(names) > 1 and USUAL_GROUP in names and is_own(source):
        return f"{GROUPS}/{USUAL_GROUP}"
    if len(names) > 1:
        raise DataError(source.path, f"it has several groups of particles: {', '.join(names)}; say which one (group='{names[0]}'; "
                                     f"of programs the option --group {names[0]})")
    return f"{GROUPS}/{names[0] if names else USUAL_GROUP}"


def _names(source: Source) -> list[str]:
    groups = source.get(GROUPS)
    if not isinstance(groups, h5py.Group):
        return []
    return sorted(name for name in groups if isinstance(source.get(f"{GROUPS}/{name}"), h5py.Group))


def is_own(source: Source) -> bool:
    """Whether the file was made by Orrery, so that what misses is damage; to be used inside of Source.call()."""
    creator = source.get("/h5md/creator")
    name = creator.attrs.get("name") if creator is not None else None
    return name in (CREATOR, CREATOR.encode())


def series_of(source: Source, path: str, rows: int) -> np.ndarray | None:
    """Steps or times of up to `rows` rows; None where the file has none. To be used inside of Source.call().

    A single number, H5MD's short form, is what each is more than the one before; its attribute `offset` is the first.
    """
    data = source.get(path)
    if data is None:
        return None
    if not isinstance(data, h5py.Dataset) or data.shape is None or data.dtype.kind not in NUMBERS or data.ndim > 1:
        raise DataError(source.path, f"damaged: {path} is not a list of numbers")
    if data.ndim == 1:
        return data[:rows]
    offset = np.asarray(data.attrs.get("offset", 0)).ravel()
    if len(offset) != 1 or offset.dtype.kind not in NUMBERS:
        raise DataError(source.path, f"damaged: the attribute offset of {path} is not a number")
    return offset[0] + data[()] * np.arange(rows)


def written_rows(data: h5py.Dataset) -> int:
    """Number of rows of a data set up to the last for which anything was stored; to be used inside of Source.call()."""
    rows = data.shape[0]
    if 0 in data.shape:
        return rows  # there is nothing to store
    if not data.chunks or not hasattr(data.id, "get_chunk_info_by_coord"):
        return rows if data.id.get_storage_size() > 0 else 0

    def is_stored(row: int) -> bool:
        return data.id.get_chunk_info_by_coord((row, *[0] * (data.ndim - 1))).byte_offset is not None
    if is_stored(rows - 1):
        return rows
    first, behind = 0, rows - 1  # rows are written in their order
    while first < behind:
        middle = (first + behind) // 2
        first, behind = (middle + 1, behind) if is_stored(middle) else (first, middle)
    return first


def chosen_fill(data: h5py.Dataset) -> float | None:
    """What rows hold that were never written, where the file chose a number for it."""
    if data.id.get_create_plist().fill_value_defined() != h5d.FILL_VALUE_USER_DEFINED:
        return None
    return float(data.fillvalue)


def clock_of(source: Source, path: str, value: h5py.Dataset, is_told: bool) -> Clock:
    """Steps of the rows of a series at `path`; to be used inside of Source.call().

    is_told  whether the file says by itself how many frames are complete, so that every row before counts. Else rows do not
             count whose step is below 0, the fill value or the greatest number, or not above all before it, and neither do
             rows at the end for which nothing is stored.
    """
    data, name = source.get(f"{path}/step"), f"{path}/step"
    if data is None:
        return Clock(np.arange(value.shape[0] if is_told else written_rows(value)), None, False)
    numbers = series_of(source, name, value.shape[0])
    if data.ndim == 0:
        rows = value.shape[0] if is_told else written_rows(value)
        if rows > 1 and not data[()] > 0:
            return Clock(np.arange(rows), None, False)  # an increment that gives no steps which grow
        return Clock(_whole(source, name, numbers)[:rows])
    steps = _whole(source, name, numbers)
    if is_told or len(steps) == 0:
        return Clock(steps)
    fill = chosen_fill(data)
    is_bad = (steps < 0) | (steps == np.iinfo(np.int64).max)
    if fill is not None and fill != 0:
        is_bad |= numbers == fill
    written = np.where(is_bad, -1, steps)
    counts = written > np.concatenate([[-1], np.maximum.accumulate(written)[:-1]])
    counts[written_rows(value):] = False
    rows = np.flatnonzero(counts)
    return Clock(steps[rows], None if len(rows) == 0 or rows[-1] == len(rows) - 1 else rows)


def _whole(source: Source, path: str, numbers: np.ndarray) -> np.ndarray:
    """Steps as int64; what is no number becomes -1."""
    if numbers.dtype.kind != "f":
        return numbers.astype(np.int64)  # above 2^63 they become negative, as the fill value of many files does
    is_whole = np.isfinite(numbers) & (np.abs(numbers) < 2.0**63)
    steps = np.where(is_whole, numbers, -1).astype(np.int64)
    if (steps[is_whole] != numbers[is_whole]).any():
        raise DataError(source.path, f"damaged: {path} is not whole numbers")
    return steps


def without_fill(value: h5py.Dataset, frames: int) -> int:
    """Frames of positions whose steps are not listed, without those at the end that are nothing but the fill value; to be used
    inside of Source.call(). One particle may be at the origin, several in one place are not."""
    chosen = chosen_fill(value)
    if chosen is None and value.shape[1] < 2:
        return frames
    fill = 0.0 if chosen is None else chosen
    while frames > 1:
        row = value[frames - 1]
        if not ((row == fill) | ((row != row) & (fill != fill))).all():
            break
        frames -= 1
    return frames


def element_at(source: Source, path: str, position_clock: Clock, is_told: bool) -> Element | str | None:
    """The quantity at `path`, or what is wrong with it; None where it is none. To be used inside of Source.call().

    position_clock  that of positions; a series without steps that has as many rows has these
    is_told         see clock_of()
    """
    found = source.get(path)
    if isinstance(found, h5py.Dataset):
        shape = found.shape or ()
        if len(shape) not in (1, 2) or found.dtype.kind not in NUMBERS:
            return None
        return Element(path, shape, None)
    if not isinstance(found, h5py.Group):
        return None
    value = source.get(f"{path}/value")
    if value is None:
        return None
    if not isinstance(value, h5py.Dataset) or value.shape is None or value.dtype.kind not in NUMBERS:
        return f"{path}/value is not numbers"
    if value.ndim not in (2, 3):
        return f"{path}/value is of shape {_shape(value.shape)}, not [frames][particles] or [frames][particles][components]"
    clock = clock_of(source, path, value, is_told)
    if not clock.is_told:
        if len(clock.steps) != len(position_clock.steps):
            return (f"{path}/step is missing or does not grow, so that it is not known of which steps the {value.shape[0]} rows of "
                    f"{path}/value are")
        clock = Clock(position_clock.steps)
    return Element(f"{path}/value", value.shape[1:], clock)


def box_element(source: Source, path: str, position_clock: Clock, is_told: bool) -> Element | None:
    """Edges or the origin of the box, stored once or in frames; None where there are none. To be used inside of Source.call().

    position_clock, is_told  as for element_at()
    """
    found = source.get(path)
    if isinstance(found, h5py.Dataset):
        return Element(path, found.shape or (), None)
    value = source.get(f"{path}/value") if found is not None else None
    if not isinstance(value, h5py.Dataset) or not value.shape:
        return None
    clock = clock_of(source, path, value, is_told)
    return Element(f"{path}/value", value.shape[1:], clock if clock.is_told else Clock(position_clock.steps[:value.shape[0]]))


def box_value(source: Source, element: Element, step: int, guess: int) -> np.ndarray | None:
    """Edges or the origin at a step; None where they are not stored at it. To be used inside of Source.call()."""
    prefix = element.prefix_at(step, guess)
    if prefix is None and len(element.clock.steps) == 1:
        prefix = (0 if element.clock.rows is None else int(element.clock.rows[0]),)  # with the first frame only: it does not change
    return None if prefix is None else np.asarray(source.dataset(element.path)[prefix], np.float64)


def as_edges(source: Source, path: str, value: np.ndarray, axes: int) -> np.ndarray:
    """Edge vectors from any of H5MD's forms, [D] or [D][D]."""
    edges = np.diag(value) if value.ndim == 1 else value
    if edges.ndim != 2 or edges.shape[0] != edges.shape[1] or edges.shape[0] < axes:
        raise DataError(source.path, f"damaged: the box is of shape {_shape(value.shape)}, not {axes} edges ({path})")
    return edges


def _shape(shape: tuple[int, ...]) -> str:
    return "".join(f"[{extent}]" for extent in shape) or "a single number"


def frame_bytes(data: h5py.Dataset, prefix: tuple[int, ...]) -> int:
    """Bytes of one frame of a data set."""
    return math.prod(data.shape[len(prefix):]) * data.dtype.itemsize

"""How a file stores quantities of particles: H5MD's elements, each with steps of its own."""

from __future__ import annotations

import math
from dataclasses import dataclass

import h5py
import numpy as np

from .errors import DataError
from .source import Source

GROUPS = "/particles"
USUAL_GROUP = "trajectory"
CREATOR = "orrery"
NUMBERS = "fiu"  # kinds of types that are plain numbers
POSITION = "position"


@dataclass(frozen=True)
class Element:
    """A quantity of the particles.

    path   of its data set
    shape  of one frame: (N,) or (N, components)
    steps  step of each row, ascending [rows]; None where it is stored once, for all times
    """

    path: str
    shape: tuple[int, ...]
    steps: np.ndarray | None

    def prefix_at(self, step: int, guess: int = 0) -> tuple[int, ...] | None:
        """What to put before the rows of particles to find those at a step; None where it is not stored at this step.

        guess  row to look at first
        """
        if self.steps is None:
            return ()
        if not (guess < len(self.steps) and self.steps[guess] == step):
            guess = int(np.searchsorted(self.steps, step))
        return (guess,) if guess < len(self.steps) and self.steps[guess] == step else None

    def has_all(self, steps: np.ndarray) -> bool:
        """Whether it is stored at each of some steps."""
        return self.steps is None or np.array_equal(self.steps[:len(steps)], steps) or bool(np.isin(steps, self.steps).all())

    def where(self) -> str:
        """At which steps it is stored, for messages."""
        if self.steps is None:
            return "once"
        if len(self.steps) == 0:
            return "at no step"
        shown = ", ".join(str(step) for step in self.steps[:4].tolist())
        return f"at steps {shown}{', ..., ' + str(int(self.steps[-1])) if len(self.steps) > 4 else ''}"


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
    if not data.chunks or 0 in data.shape or not hasattr(data.id, "get_chunk_info_by_coord"):
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


def is_fixed(source: Source, path: str) -> bool:
    """Whether steps or times are the short form, which says nothing of rows that were not written."""
    data = source.get(path)
    return isinstance(data, h5py.Dataset) and data.shape == ()


def as_steps(source: Source, path: str, numbers: np.ndarray) -> np.ndarray:
    """Steps as int64, without those of rows that were never written: from a step below 0, or one that is not greater than that
    before it, no row is a frame."""
    if numbers.dtype.kind == "f":
        whole = np.isfinite(numbers) & (np.abs(numbers) < 2.0**63)
        steps = np.where(whole, numbers, -1).astype(np.int64)
        if (steps[whole] != numbers[whole]).any():
            raise DataError(source.path, f"damaged: {path} is not whole numbers")
    else:
        steps = numbers.astype(np.int64)  # above 2^63 they become negative, as the fill value of many files does
    if len(steps) == 0:
        return steps
    is_bad = steps < 0
    is_bad[1:] |= steps[1:] <= steps[:-1]
    return steps[:int(is_bad.argmax())] if is_bad.any() else steps


def element_at(source: Source, path: str, position_steps: np.ndarray) -> Element | str | None:
    """The quantity at `path`, or what is wrong with it; None where it is none. To be used inside of Source.call().

    position_steps  steps of the rows of positions; a series without steps that has as many rows has these
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
    rows = written_rows(value) if is_fixed(source, f"{path}/step") else value.shape[0]
    numbers = series_of(source, f"{path}/step", rows)
    if numbers is None:
        if value.shape[0] != len(position_steps):
            return f"{path}/step is missing, so nobody knows of which steps the {value.shape[0]} rows of {path}/value are"
        return Element(f"{path}/value", value.shape[1:], position_steps)
    return Element(f"{path}/value", value.shape[1:], as_steps(source, f"{path}/step", numbers))


def box_element(source: Source, path: str, position_steps: np.ndarray) -> Element | None:
    """Edges or the origin of the box, stored once or in frames; None where there are none. To be used inside of Source.call().

    position_steps  steps of the rows of positions; a series without steps has these
    """
    found = source.get(path)
    if isinstance(found, h5py.Dataset):
        return Element(path, found.shape or (), None)
    value = source.get(f"{path}/value") if found is not None else None
    if not isinstance(value, h5py.Dataset) or not value.shape:
        return None
    numbers = series_of(source, f"{path}/step", value.shape[0])
    steps = position_steps[:value.shape[0]] if numbers is None else as_steps(source, f"{path}/step", numbers)
    return Element(f"{path}/value", value.shape[1:], steps)


def box_value(source: Source, element: Element, step: int, guess: int) -> np.ndarray | None:
    """Edges or the origin at a step; None where they are not stored at it. To be used inside of Source.call()."""
    prefix = element.prefix_at(step, guess)
    if prefix is None and len(element.steps) == 1:
        prefix = (0,)  # written with the first frame only: it does not change
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

"""A trajectory file as a sequence of frames."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType, TracebackType
from typing import Callable, Iterator, Mapping, Sequence, overload

import h5py
import numpy as np

from . import selection
from .errors import DataError
from .frame import Frame
from .source import Source
from .units import Units, units_of

GROUPS = "/particles"
USUAL_GROUP = "trajectory"  # the one that is meant where a file has several
NUMBERS = "fiu"  # kinds of types that are plain numbers
# The library needs much memory to select many chunks at once.
MOST_FRAMES_AT_ONCE = 1 << 12


@dataclass(frozen=True)
class Box:
    """The box of a run.

    boundary  `none` or `periodic` for each axis
    edges     edge vectors [D][D] in the first frame, one a row; None where the file has none. With no periodic axis
              they mean nothing.
    """

    boundary: tuple[str, ...]
    edges: np.ndarray | None


@dataclass(frozen=True)
class Timing:
    """Where the time of a run went, from its start to the end of its last frame.

    phases        names of the phases, as in the table at the end of a run
    seconds       seconds of each phase on each rank [ranks][phases]; `write` is beside the others, on rank 0
    wall_seconds  seconds from start to end
    """

    phases: tuple[str, ...]
    seconds: np.ndarray
    wall_seconds: float


def open_run(path: str | os.PathLike[str], time_limit: float | None = None) -> Run:
    """Opens a trajectory file, also one that is still being written; raises DataError if it cannot be used.

    time_limit  seconds after which a single read ends the process with SIGALRM; for programs only, see script.guarded()

    The run is a context manager, and closes its file when it is no longer used.
    """
    return Run(Source(os.fspath(path), time_limit))


class Run(Sequence[Frame]):
    """The complete frames of a trajectory file; run[10], run[-1], run[::5] and loops give frames.

    N is the number of particles, F that of frames, D that of axes, 2 or 3. A frame that was not complete when the file
    was opened does not exist; refresh() looks again. Nothing is read before it is asked for.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._valid_frames = 0
        self._shape = (0, 0, 0)
        self._root = self._source.call(GROUPS, self._find_root)
        self.refresh(reopen=False)

    def __enter__(self) -> Run:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<run {self.path}: {len(self)} frames of {self.particles} particles>"

    def close(self) -> None:
        """Closes the file; frames cannot be read afterwards."""
        self._source.close()

    def refresh(self, reopen: bool = True) -> int:
        """Looks for frames that were written since, and returns how many frames there are."""
        if reopen:
            self._source.reopen()
        for name in ("times", "steps", "ids", "_names", "box", "units", "diagnostics", "provenance", "configuration", "timing",
                     "checksums"):
            self.__dict__.pop(name, None)
        # Before the shapes: a running writer extends the data first.
        announced = self._number("/run/valid_frames", dataset=True)
        self._planned_frames = self._number("/run", attribute="planned_frames")
        shape = self._source.call("position", lambda: self._checked_position_shape())
        stored = min(shape[0], self._source.call("time", lambda: self._series_length("time")),
                     self._source.call("step", lambda: self._series_length("step")))
        valid = stored if announced is None else announced
        if not 0 <= valid <= stored:
            raise DataError(self.path, f"damaged: {valid} frames announced in /run/valid_frames, {stored} stored")
        self._valid_frames, self._shape = valid, (valid, shape[1], shape[2])
        return valid

    # ------------------------------------------------------------ what is in the file

    @property
    def path(self) -> str:
        """Path of the file, as it was given."""
        return self._source.path

    @property
    def group(self) -> str:
        """Path of the group in the file that the particles are read from."""
        return self._root

    @property
    def particles(self) -> int:
        """Number of particles N."""
        return self._shape[1]

    @property
    def dimensions(self) -> int:
        """Number of axes D of positions: 2 or 3. Orrery writes 3, with z = 0 for motion in the plane."""
        return self._shape[2]

    @property
    def valid_frames(self) -> int:
        """Number of frames F that were complete when the file was opened or refreshed; the same as len(run)."""
        return self._valid_frames

    @property
    def planned_frames(self) -> int | None:
        """Number of frames that the run was to write; None where the file does not say."""
        return self._planned_frames

    @property
    def is_complete(self) -> bool:
        """Whether no more frames are to come, as far as the file says."""
        return self._planned_frames is None or self._valid_frames >= self._planned_frames

    @cached_property
    def times(self) -> np.ndarray:
        """Times of the frames [F] in units.time, float64."""
        return self._frame_series("time").astype(np.float64)

    @cached_property
    def steps(self) -> np.ndarray:
        """Steps done at each frame [F], int64."""
        return self._frame_series("step").astype(np.int64)

    @cached_property
    def ids(self) -> np.ndarray:
        """Id of each particle [N]; 0 to N - 1 where the file has none."""
        return self.column("id") if "id" in self.columns else np.arange(self.particles)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns that are the same in every frame: numbers [N], such as `id` and `tangential_speed`."""
        return self._names[0]

    @property
    def quantities(self) -> tuple[str, ...]:
        """Names of what every frame has a value of for each particle: `position`, `velocity`, ..."""
        return self._names[1]

    def column(self, name: str) -> np.ndarray:
        """A column [N] by name; KeyError where there is none of this name."""
        if name not in self.columns:
            raise KeyError(f"{self.path} has no column {name}; it has {', '.join(self.columns) or 'none'}")
        return self._source.call(name, lambda: self._source.dataset(f"{self._root}/{name}")[()])

    @cached_property
    def units(self) -> Units:
        """What lengths and times are measured in."""
        attributes: dict[str, str] = {}
        for name, where in (("time", "position/time"), *((name, f"{name}/value") for name in self.quantities)):
            unit = self._attributes(f"{self._root}/{where}").get("unit")
            if isinstance(unit, str):
                attributes[name] = unit
        return units_of(str(self.provenance.get("units", "")), MappingProxyType(attributes))

    @cached_property
    def box(self) -> Box:
        """Boundary and edges of the box."""
        boundary = self._attributes(f"{self._root}/box").get("boundary", ())
        names = tuple(str(name) for name in boundary) if isinstance(boundary, (tuple, list)) else ()
        return Box(names or ("none",) * self.dimensions, self.edges(0) if self._valid_frames else None)

    @cached_property
    def diagnostics(self) -> Mapping[str, np.ndarray]:
        """Numbers about all particles by name, without `step` and `time`: [F] each."""
        return MappingProxyType({name: self._source.call(f"/diagnostics/{name}", lambda name=name: self._diagnostic(name))
                                 for name in self._source.call("/diagnostics", self._diagnostic_names)})

    @property
    def diagnostic_units(self) -> Mapping[str, str]:
        """Unit of each diagnostic by name: `1` for a pure number, empty where nobody knows."""
        return {name: self._attributes(f"/diagnostics/{name}").get("unit") or self.units.of_diagnostic(name)
                for name in self.diagnostics}

    @cached_property
    def provenance(self) -> Mapping[str, object]:
        """How the file was made: `version`, `law`, `method`, `ranks`, `command_line`, ...; text or numbers."""
        return MappingProxyType(self._attributes("/parameters"))

    @cached_property
    def configuration(self) -> str:
        """All settings that had an effect, as an INI file; empty where the file has none."""
        def read() -> str:
            found = self._source.get("/parameters/config")
            return _plain(found[()]) if isinstance(found, h5py.Dataset) else ""
        return str(self._source.call("/parameters/config", read))

    @cached_property
    def timing(self) -> Timing | None:
        """Where the time of the run went; None where the file does not say, such as that of a run that did not end."""
        def read() -> Timing | None:
            found = self._source.get("/parameters/timing")
            if not isinstance(found, h5py.Dataset):
                return None
            phases = _plain(found.attrs.get("phases", np.empty(0)))
            seconds = np.asarray(found[()], np.float64)
            if not isinstance(phases, tuple) or seconds.ndim != 2 or seconds.shape[1] != len(phases):
                raise ValueError(f"of shape {seconds.shape} for {len(phases)} phases")
            return Timing(tuple(str(name) for name in phases), seconds, float(found.attrs.get("wall_seconds", np.nan)))
        return self._source.call("/parameters/timing", read)

    @cached_property
    def checksums(self) -> Mapping[str, np.ndarray]:
        """Checksums XXH3-64 of what is in the file, by name; empty where it has none.

        Of each frame [F]: `position`, `velocity`, and `numbers`, which are its single numbers; of what is the same in all
        frames a scalar: `id`, other columns, `config`. docs/file_format.md says of which bytes.
        """
        def read() -> dict[str, np.ndarray]:
            group = self._source.get("/run/checksums")
            if not isinstance(group, h5py.Group) or _plain(group.attrs.get("algorithm")) != "XXH3-64":
                return {}
            frames, constants = (self._source.dataset(f"/run/checksums/{name}") for name in ("frames", "constants"))
            of_frames, of_constants = (_plain(found.attrs.get("of", np.empty(0))) for found in (frames, constants))
            table, row = frames[:self._valid_frames], constants[()]
            if table.shape != (self._valid_frames, len(of_frames)) or row.shape != (len(of_constants),):
                raise ValueError(f"of shapes {table.shape} and {row.shape} for {len(of_frames)} and {len(of_constants)} names")
            return {**dict(zip(of_frames, table.T)), **dict(zip(of_constants, row))}
        return MappingProxyType(self._source.call("/run/checksums", read) if self._valid_frames else {})

    # ------------------------------------------------------------ frames

    def __len__(self) -> int:
        """Number of complete frames F."""
        return self._valid_frames

    @overload
    def __getitem__(self, index: int) -> Frame: ...
    @overload
    def __getitem__(self, index: slice) -> list[Frame]: ...

    def __getitem__(self, index: int | slice) -> Frame | list[Frame]:
        """Frame number `index`, counted from the end if negative; or the frames of a slice."""
        if isinstance(index, slice):
            return [Frame(self, number) for number in range(*index.indices(len(self)))]
        number = int(index) + (len(self) if index < 0 else 0)
        if not 0 <= number < len(self):
            raise IndexError(f"{self.path} has no frame {index}: it has {len(self)}")
        return Frame(self, number)

    def series(self, name: str, rows: slice | np.ndarray | list[int] = slice(None),
               frames: slice = slice(None)) -> np.ndarray:
        """A quantity of some particles over some frames: [frames][rows] or [frames][rows][D], rows as in Frame.rows()."""
        chosen = range(*frames.indices(len(self)))
        numbers = selection.row_numbers(rows, self.particles)
        if len(chosen) == 0 or self.particles > selection.BLOCK_ROWS or chosen.step < 0:
            read = [self.read_rows(name, number, numbers) for number in chosen]
            return np.stack(read) if read else np.empty((0, len(numbers), *self._row_shape(name)))
        at_once = max(1, min(MOST_FRAMES_AT_ONCE, selection.BLOCK_ROWS // max(1, self.particles)))
        return np.concatenate([self._read_frames(name, chosen[part], numbers)
                               for part in selection.blocks(len(chosen), at_once)])

    # ------------------------------------------------------------ reading, for Frame

    def read(self, name: str, number: int) -> np.ndarray:
        """All rows of a quantity or column in frame `number`."""
        data, prefix = self._place(name, number)
        self._check_room(name)
        return self._source.call(f"{name} of frame {number}", lambda: data()[prefix])

    def read_blocks(self, name: str, number: int) -> Iterator[tuple[slice, np.ndarray]]:
        """See Frame.blocks()."""
        data, prefix = self._place(name, number)
        self._check_room(name)
        for rows in selection.blocks(self.particles, self._block_rows(name)):
            yield rows, self._source.call(f"{name} of frame {number}", lambda: data()[(*prefix, rows)])

    def read_rows(self, name: str, number: int, rows: slice | np.ndarray | list[int]) -> np.ndarray:
        """See Frame.rows()."""
        data, prefix = self._place(name, number)
        self._check_room(name)
        numbers = selection.row_numbers(rows, self.particles)
        if len(numbers) > 1 and (np.diff(numbers) <= 0).any():
            ascending, back = np.unique(numbers, return_inverse=True)
        else:
            ascending, back = numbers, None
        parts = []
        for block in selection.blocks(self.particles, self._block_rows(name)):
            inside = ascending[slice(*np.searchsorted(ascending, (block.start, block.stop)))]
            if len(inside):
                parts.append(self._source.call(f"{name} of frame {number}",
                                               lambda: selection.read_ascending(data(), prefix, inside)))
        if not parts:
            return self._source.call(name, lambda: data()[(*prefix, slice(0, 0))])
        read = np.concatenate(parts)
        return read if back is None else read[back]

    def edges(self, number: int) -> np.ndarray | None:
        """See Frame.edges."""
        def read() -> np.ndarray | None:
            value = self._source.get(f"{self._root}/box/edges/value") or self._source.get(f"{self._root}/box/edges")
            if not isinstance(value, h5py.Dataset):
                return None
            edges = np.asarray(value[number] if value.name.endswith("/value") else value[()], np.float64)
            if edges.ndim == 1:
                edges = np.diag(edges)
            if edges.ndim != 2 or edges.shape[0] != edges.shape[1]:
                raise ValueError(f"of shape {edges.shape}")
            return edges
        return self._source.call("the box", read)

    # ------------------------------------------------------------ details

    def _place(self, name: str, number: int) -> tuple[Callable[[], h5py.Dataset], tuple[int, ...]]:
        """How to get the data set of a quantity or column, and what to put before the rows to find frame `number`."""
        if name in self.quantities:
            return lambda: self._source.dataset(f"{self._root}/{name}/value"), (number,)
        if name in self.columns:
            return lambda: self._source.dataset(f"{self._root}/{name}"), ()
        raise KeyError(f"{self.path} has no {name}; it has {', '.join((*self.quantities, *self.columns))}")

    def _read_frames(self, name: str, chosen: range, numbers: np.ndarray) -> np.ndarray:
        data, prefix = self._place(name, chosen[0])
        self._check_room(name)
        if not prefix:
            return np.broadcast_to(self.read_rows(name, chosen[0], numbers)[np.newaxis],
                                   (len(chosen), len(numbers), *self._row_shape(name)))
        frames = slice(chosen[0], chosen[-1] + 1, chosen.step)
        return self._source.call(f"{name} of frames {chosen[0]} to {chosen[-1]}", lambda: data()[frames])[:, numbers]

    def _row_shape(self, name: str) -> tuple[int, ...]:
        data, prefix = self._place(name, 0)
        return self._source.call(name, lambda: data().shape[len(prefix) + 1:])

    def _block_rows(self, name: str) -> int:
        data, prefix = self._place(name, 0)
        chunks = self._source.call(name, lambda: data().chunks)
        return min(selection.block_rows(chunks[len(prefix)] if chunks else 1), max(1, self.particles))

    def _check_room(self, name: str) -> None:
        """Refuses what a damaged header makes larger than the file, before memory is asked for."""
        data, prefix = self._place(name, 0)

        def frame_size() -> tuple[int, bool]:
            found = data()
            is_plain = found.id.get_create_plist().get_nfilters() == 0
            return int(np.prod([int(n) for n in found.shape[len(prefix):]], dtype=object)) * found.dtype.itemsize, is_plain
        size, is_plain = self._source.call(name, frame_size)
        if is_plain and self.valid_frames > 0 and size > os.path.getsize(self.path):
            raise DataError(self.path, f"damaged: {name} would take {size} bytes a frame, more than the file has")

    def _find_root(self) -> str:
        """Path of the group of particles that is read: the first with positions, by name, unless one has the usual name."""
        groups = self._source.get(GROUPS)
        names = sorted(groups) if isinstance(groups, h5py.Group) else []
        names = [name for name in names if isinstance(self._source.get(f"{GROUPS}/{name}/position/value"), h5py.Dataset)]
        return f"{GROUPS}/{USUAL_GROUP if USUAL_GROUP in names or not names else names[0]}"

    def _checked_position_shape(self) -> tuple[int, int, int]:
        data = self._source.dataset(f"{self._root}/position/value")
        if len(data.shape) != 3 or data.shape[2] not in (2, 3) or data.dtype.kind != "f":
            raise DataError(self.path, f"damaged: {self._root}/position/value is not real numbers [frames][particles][3]")
        return data.shape

    def _series_length(self, name: str) -> int:
        data = self._source.dataset(f"{self._root}/position/{name}")
        if data.dtype.kind not in NUMBERS or data.ndim > 1:
            raise DataError(self.path, f"damaged: {self._root}/position/{name} is not a list of numbers")
        return len(data) if data.ndim == 1 else sys.maxsize

    def _frame_series(self, name: str) -> np.ndarray:
        """Steps or times of the frames; a single number, H5MD's short form, is what each is more than the one before."""
        path = f"{self._root}/position/{name}"

        def read() -> np.ndarray:
            data = self._source.dataset(path)
            if data.ndim == 1:
                return data[:self._valid_frames]
            return data.attrs.get("offset", 0) + data[()] * np.arange(self._valid_frames)
        return self._source.call(path, read)

    @cached_property
    def _names(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Names of columns, and of quantities that every frame has."""
        def look() -> tuple[tuple[str, ...], tuple[str, ...]]:
            columns, quantities = [], []
            for name in self._source.get(self._root):
                found = self._source.get(f"{self._root}/{name}")
                if isinstance(found, h5py.Dataset):
                    shape = found.shape or ()
                    if shape and shape[0] != self.particles:
                        raise DataError(self.path, f"damaged: {self._root}/{name} has {shape[0]} rows for "
                                                   f"{self.particles} particles")
                    if len(shape) == 1 and found.dtype.kind in NUMBERS:
                        columns.append(name)
                elif isinstance(found, h5py.Group) and name != "box" and "value" in found:
                    value = self._source.dataset(f"{self._root}/{name}/value")
                    shape = value.shape or ()
                    if (len(shape) in (2, 3) and shape[0] >= self._valid_frames and shape[1] == self.particles
                            and value.dtype.kind in NUMBERS):
                        quantities.append(name)
            return tuple(columns), tuple(quantities)
        return self._source.call(self._root, look)

    def _diagnostic_names(self) -> tuple[str, ...]:
        found = self._source.get("/diagnostics")
        if not isinstance(found, h5py.Group):
            return ()
        return tuple(name for name in found if name not in ("step", "time"))

    def _diagnostic(self, name: str) -> np.ndarray:
        data = self._source.dataset(f"/diagnostics/{name}")
        if data.ndim != 1 or data.dtype.kind not in NUMBERS or len(data) < self._valid_frames:
            raise DataError(self.path, f"damaged: /diagnostics/{name} is not one number for each frame")
        return data[:self._valid_frames]

    def _number(self, name: str, dataset: bool = False, attribute: str = "") -> int | None:
        """A whole number that stands in a data set or an attribute; None where there is no such thing."""
        def read() -> int | None:
            found = self._source.get(name)
            value = found if dataset or found is None else found.attrs.get(attribute)
            if value is None:
                return None
            value = np.asarray(value[()])
            if value.ndim != 0 or value.dtype.kind not in "iu":
                raise DataError(self.path, f"damaged: {name} {attribute}".rstrip() + " is not a whole number")
            return int(value)
        return self._source.call(name, read)

    def _attributes(self, name: str) -> dict[str, object]:
        """Attributes of an object as text, numbers, or tuples of them; empty where there is no such object."""
        def read() -> dict[str, object]:
            found = self._source.get(name)
            return {key: _plain(found.attrs[key]) for key in found.attrs} if found is not None else {}
        return self._source.call(f"attributes of {name}", read)


def _plain(value: object) -> object:
    """An attribute or a scalar as text, number or tuple."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, np.ndarray):
        return tuple(_plain(item) for item in value.tolist())
    return value.item() if isinstance(value, np.generic) else value

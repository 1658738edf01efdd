"""A trajectory file as a sequence of frames."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType, TracebackType
from typing import Callable, Iterator, Mapping, Sequence, overload

import h5py
import numpy as np

from . import selection, stored
from .errors import DataError, ForeignDataError
from .frame import Frame
from .source import Source
from .stored import NUMBERS, POSITION, Clock, Element
from .units import Units, units_of

# The library needs much memory to select many chunks at once.
MOST_FRAMES_AT_ONCE = 1 << 12
LEAST_ID_TOO_LARGE = 1 << 63


@dataclass(frozen=True)
class Box:
    """The box of a run.

    boundary  `none` or `periodic` for each axis
    edges     edge vectors [D][D] in the first frame, one a row; None where the file has none. With no periodic axis
              they mean nothing.
    origin    lowest corner [D]; 0 where the file does not say
    """

    boundary: tuple[str, ...]
    edges: np.ndarray | None
    origin: np.ndarray

    @property
    def is_periodic(self) -> np.ndarray:
        """Whether each axis is periodic [D]."""
        return np.array([name == "periodic" for name in self.boundary])


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


def open_run(path: str | os.PathLike[str], group: str | None = None, *, time_limit: float | None = None) -> Run:
    """Opens a trajectory file, also one that is still being written; raises DataError if it cannot be used.

    group       the group of particles, by name below /particles; None: the only one that has positions
    time_limit  seconds after which a single read ends the process with SIGALRM; for programs only, see script.guarded()

    The run is a context manager, and closes its file when it is no longer used.
    """
    return Run(Source(os.fspath(path), time_limit), group)


class Run(Sequence[Frame]):
    """The complete frames of a trajectory file; run[10], run[-1], run[::5] and loops give frames.

    N is the number of particles, F that of frames, D that of axes, 2 or 3. A frame that was not complete when the file
    was opened does not exist; refresh() looks again. Nothing is read before it is asked for.

    Quantities belong to a frame by their step, whatever steps others have: one that is not stored at the step of a frame
    is not given for that frame. Row i is the same particle in all frames: where a file has ids for every frame, rows are
    put into the ascending order of ids.
    """

    def __init__(self, source: Source, group: str | None = None) -> None:
        self._source = source
        self._valid_frames = 0
        self._shape = (0, 0, 0)
        self._root = self._source.call("the groups of particles", lambda: stored.find_group(source, group))
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
        for name in ("times", "_stored_times", "ids", "_elements", "box", "units", "diagnostics", "provenance", "configuration",
                     "timing", "checksums", "_is_own", "_box_attributes"):
            self.__dict__.pop(name, None)
        self._order: tuple[int, np.ndarray | None] | None = None
        self._box_elements: dict[str, Element | None] = {}
        # Before the shapes: a running writer extends the data first.
        announced = self._number("/run/valid_frames", dataset=True)
        self._planned_frames = self._number("/run", attribute="planned_frames")
        shape = self._source.call(POSITION, self._checked_position_shape)
        self._is_told = announced is not None
        clock = self._source.call("steps and times", lambda: self._stored_clock(shape))
        rows = len(clock.steps)
        valid = rows if announced is None else announced
        if not 0 <= valid <= rows:
            raise DataError(self.path, f"damaged: {valid} frames announced in /run/valid_frames, {rows} stored")
        self._clock = clock.first(valid)
        self._valid_frames, self._shape = valid, (valid, *shape[-2:])
        self._source.call("ids", self._check_ids)
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
        """Times of the frames [F] in units.time, float64; their steps where the file has no times."""
        times = self._stored_times
        return (self.steps if times is None else times).astype(np.float64)

    @property
    def steps(self) -> np.ndarray:
        """Steps done at each frame [F], int64; 0 of positions that are stored once, row numbers where the file has no steps."""
        return self._clock.steps

    @cached_property
    def ids(self) -> np.ndarray:
        """Id of each particle [N], whole numbers; 0 to N - 1 where the file has none. In the order of the file where that has
        them once, ascending where it has them for every frame."""
        if self._has_moving_rows:
            return np.sort(self._ids_at(0)) if self._valid_frames else np.arange(self.particles)
        return self.column("id") if "id" in self.columns else np.arange(self.particles)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns that are the same in every frame: numbers [N], such as `id` and `tangential_speed`."""
        return tuple(name for name, element in self._elements.items()
                     if isinstance(element, Element) and element.is_once and len(element.shape) == 1)

    @property
    def quantities(self) -> tuple[str, ...]:
        """Names of what every frame has a value of for each particle: `position`, `velocity`, ..."""
        return tuple(name for name, element in self._elements.items()
                     if isinstance(element, Element) and not (element.is_once and len(element.shape) == 1)
                     and element.has_all(self.steps))

    @property
    def sparse_quantities(self) -> Mapping[str, str]:
        """Names of what only some frames have, or none, with what the file has instead: `at steps 0, 20, 40`."""
        return MappingProxyType({name: element.where() for name, element in self._elements.items()
                                 if isinstance(element, Element) and not element.has_all(self.steps)})

    @property
    def unusable(self) -> Mapping[str, str]:
        """Names of what the file has for particles and cannot be used, with the reason."""
        return MappingProxyType({name: element for name, element in self._elements.items() if isinstance(element, str)})

    def is_constant(self, name: str) -> bool:
        """Whether a quantity or column is stored once, for all frames; KeyError where there is none of this name."""
        return self._element(name).is_once

    def column(self, name: str) -> np.ndarray:
        """A column [N] by name; KeyError where there is none of this name."""
        if name not in self.columns:
            raise KeyError(f"{self.path} has no column {name}; it has {', '.join(self.columns) or 'none'}")
        values = self._source.call(name, lambda: self._source.dataset(f"{self._root}/{name}")[()])
        order = self._order_at(0) if name != "id" and self._valid_frames else None
        return values if order is None else values[order]

    @property
    def species_names(self) -> Mapping[int, str]:
        """Names of species by number, where the file has an enumeration of them; else empty."""
        element = self._elements.get("species")
        if not isinstance(element, Element):
            return MappingProxyType({})
        kind = self._source.call("species", lambda: self._source.dataset(element.path).dtype)
        members = h5py.check_enum_dtype(kind) or {}
        return MappingProxyType({int(number): name for name, number in members.items()})

    @cached_property
    def units(self) -> Units:
        """What lengths and times are measured in."""
        attributes: dict[str, str] = {}
        paths = {name: element.path for name, element in self._elements.items() if isinstance(element, Element)}
        for name, path in {"time": f"{self._root}/{POSITION}/time", **paths}.items():
            unit = self._attributes(path).get("unit")
            if isinstance(unit, str):
                attributes[name] = unit
        return units_of(str(self.provenance.get("units", "")), MappingProxyType(attributes), self._stored_times is not None)

    @cached_property
    def box(self) -> Box:
        """Boundary and edges of the box."""
        boundary = self._box_attributes.get("boundary", ())
        names = tuple(str(name) for name in boundary) if isinstance(boundary, (tuple, list)) else (str(boundary),) * self.dimensions
        none = ("none",) * self.dimensions
        return Box((names + none)[:self.dimensions] if names else none, self.edges(0) if self._valid_frames else None,
                   self.origin(0) if self._valid_frames else np.zeros(self.dimensions))

    @cached_property
    def diagnostics(self) -> Mapping[str, np.ndarray]:
        """Numbers about all particles by name, without `step` and `time`: [F] each."""
        return MappingProxyType({name: self._source.call(f"/diagnostics/{name}", lambda name=name: self._diagnostic(name))
                                 for name in self._source.call("/diagnostics", self._diagnostic_names)})

    @property
    def diagnostic_units(self) -> Mapping[str, str]:
        """Unit of each diagnostic by name: `1` for a pure number, empty where it is not known."""
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
        if len(chosen) == 0 or self.particles > selection.BLOCK_ROWS or chosen.step < 0 or not self._is_row_by_row(name):
            read = [self.read_rows(name, number, numbers) for number in chosen]
            return np.stack(read) if read else np.empty((0, len(numbers), *self._element(name).shape[1:]))
        at_once = max(1, min(MOST_FRAMES_AT_ONCE, selection.BLOCK_ROWS // max(1, self.particles)))
        return np.concatenate([self._read_frames(name, chosen[part], numbers)
                               for part in selection.blocks(len(chosen), at_once)])

    # ------------------------------------------------------------ reading, for Frame

    def names_at(self, number: int) -> tuple[str, ...]:
        """See Frame.quantities."""
        step, columns = int(self.steps[number]), self.columns
        return tuple(name for name, element in self._elements.items() if isinstance(element, Element) and name not in columns
                     and element.prefix_at(step, number) is not None)

    def read(self, name: str, number: int) -> np.ndarray:
        """All rows of a quantity or column in frame `number`."""
        data, prefix = self._place(name, number)
        values = _as_real(name, self._source.call(f"{name} of frame {number}", lambda: data()[prefix]))
        order = self._order_at(number)
        return values if order is None else values[order]

    def read_blocks(self, name: str, number: int) -> Iterator[tuple[slice, np.ndarray]]:
        """See Frame.blocks()."""
        data, prefix = self._place(name, number)
        if self._order_at(number) is not None:
            values = self.read(name, number)
            yield from ((rows, values[rows]) for rows in selection.blocks(self.particles, selection.BLOCK_ROWS))
            return
        for rows in selection.blocks(self.particles, self._block_rows(name, number)):
            yield rows, _as_real(name, self._source.call(f"{name} of frame {number}", lambda: data()[(*prefix, rows)]))

    def read_rows(self, name: str, number: int, rows: slice | np.ndarray | list[int]) -> np.ndarray:
        """See Frame.rows()."""
        data, prefix = self._place(name, number)
        numbers = selection.row_numbers(rows, self.particles)
        order = self._order_at(number)
        if order is not None:
            numbers = order[numbers]
        if len(numbers) > 1 and (np.diff(numbers) <= 0).any():
            ascending, back = np.unique(numbers, return_inverse=True)
        else:
            ascending, back = numbers, None
        parts = []
        for block in selection.blocks(self.particles, self._block_rows(name, number)):
            inside = ascending[slice(*np.searchsorted(ascending, (block.start, block.stop)))]
            if len(inside):
                parts.append(self._source.call(f"{name} of frame {number}",
                                               lambda: selection.read_ascending(data(), prefix, inside)))
        if not parts:
            return _as_real(name, self._source.call(name, lambda: data()[(*prefix, slice(0, 0))]))
        read = _as_real(name, np.concatenate(parts))
        return read if back is None else read[back]

    def edges(self, number: int) -> np.ndarray | None:
        """See Frame.edges."""
        path = f"{self._root}/box/edges"
        value = self._box_value(path, number)
        return None if value is None else stored.as_edges(self._source, path, value, self.dimensions)

    def origin(self, number: int) -> np.ndarray:
        """See Frame.origin."""
        for name in ("origin", "offset"):
            value = self._box_value(f"{self._root}/box/{name}", number)
            if value is None:
                value = np.asarray(self._box_attributes.get(name, ()))
            if value.size:
                if value.ndim != 1 or len(value) < self.dimensions or value.dtype.kind not in NUMBERS:
                    raise DataError(self.path, f"damaged: {self._root}/box/{name} is not a place of {self.dimensions} numbers")
                return value[:self.dimensions].astype(np.float64)
        return np.zeros(self.dimensions)

    def _box_value(self, path: str, number: int) -> np.ndarray | None:
        if path not in self._box_elements:
            self._box_elements[path] = self._source.call("the box", lambda: stored.box_element(
                self._source, path, self._clock, self._is_told))
        element = self._box_elements[path]
        return None if element is None else self._source.call(
            "the box", lambda: stored.box_value(self._source, element, int(self.steps[number]), number))

    @cached_property
    def _box_attributes(self) -> Mapping[str, object]:
        return self._attributes(f"{self._root}/box")

    # ------------------------------------------------------------ details

    def _element(self, name: str) -> Element:
        """A quantity or column by name; KeyError where there is none, DataError where it cannot be used."""
        element = self._elements.get(name)
        if element is None:
            raise KeyError(f"{self.path} has no {name}; it has {', '.join(self._elements)}")
        if isinstance(element, str):
            raise DataError(self.path, element)
        return element

    def _place(self, name: str, number: int) -> tuple[Callable[[], h5py.Dataset], tuple[int, ...]]:
        """How to get the data set of a quantity or column, and what to put before the rows to find frame `number`."""
        element = self._element(name)
        step = int(self.steps[number])
        prefix = element.prefix_at(step, number)
        if prefix is None:
            raise KeyError(f"{self.path} has no {name} at step {step}, that of frame {number}: it is stored {element.where()}")
        self._check_room(name, element, prefix)
        return lambda: self._source.dataset(element.path), prefix

    def _is_row_by_row(self, name: str) -> bool:
        """Whether row k of a series is that of frame k, and its particles are in the order of `ids`."""
        element = self._element(name)
        return not self._has_moving_rows and element.is_row_by_row(self.steps)

    def _read_frames(self, name: str, chosen: range, numbers: np.ndarray) -> np.ndarray:
        data, prefix = self._place(name, chosen[0])
        if not prefix:
            return np.broadcast_to(self.read_rows(name, chosen[0], numbers)[np.newaxis],
                                   (len(chosen), len(numbers), *self._element(name).shape[1:]))
        frames = slice(chosen[0], chosen[-1] + 1, chosen.step)
        read = self._source.call(f"{name} of frames {chosen[0]} to {chosen[-1]}", lambda: data()[frames])
        return _as_real(name, read)[:, numbers]

    def _block_rows(self, name: str, number: int) -> int:
        data, prefix = self._place(name, number)
        chunks = self._source.call(name, lambda: data().chunks)
        return min(selection.block_rows(chunks[len(prefix)] if chunks else 1), max(1, self.particles))

    def _check_room(self, name: str, element: Element, prefix: tuple[int, ...]) -> None:
        """Refuses what a damaged header makes larger than the file, before memory is asked for."""
        def frame_size() -> tuple[int, bool]:
            found = self._source.dataset(element.path)
            return stored.frame_bytes(found, prefix), found.id.get_create_plist().get_nfilters() == 0
        size, is_plain = self._source.call(name, frame_size)
        if is_plain and self.valid_frames > 0 and size > os.path.getsize(self.path):
            raise DataError(self.path, f"damaged: {name} would take {size} bytes a frame, more than the file has")

    def _checked_position_shape(self) -> tuple[int, ...]:
        """Shape of the positions: [frames][N][D], or [N][D] where they are stored once."""
        path = f"{self._root}/{POSITION}"
        data = self._source.get(path)
        if not isinstance(data, h5py.Dataset):
            path += "/value"
            data = self._source.dataset(path)
        shape = data.shape or ()
        if len(shape) != 2 + path.endswith("/value") or shape[-1] not in (2, 3) or data.dtype.kind not in NUMBERS:
            raise DataError(self.path, f"damaged: {path} is {data.dtype} {list(shape)}, not numbers [frames][particles][2 or 3]")
        return shape

    def _stored_clock(self, shape: tuple[int, ...]) -> Clock:
        """Steps of the frames that are stored, without those that were never written."""
        if len(shape) == 2:
            return Clock(np.zeros(1, np.int64))
        path = f"{self._root}/{POSITION}"
        value = self._source.dataset(f"{path}/value")
        for name in ("step", "time") if self._is_own else ():
            if self._source.get(f"{path}/{name}") is None:
                raise DataError(self.path, f"damaged: there is no data set {path}/{name}")
        clock = stored.clock_of(self._source, path, value, self._is_told)
        step, times = self._source.get(f"{path}/step"), stored.series_of(self._source, f"{path}/time", shape[0])
        is_listed = step is not None and step.ndim == 1
        if self._is_told:
            return clock if times is None else clock.first(len(times))
        return clock if is_listed else clock.first(stored.without_fill(value, len(clock.steps)))

    @cached_property
    def _is_own(self) -> bool:
        return self._source.call("/h5md/creator", lambda: stored.is_own(self._source))

    @cached_property
    def _stored_times(self) -> np.ndarray | None:
        """Times of the frames [F]; None where the file does not have one for each."""
        path = f"{self._root}/{POSITION}/time"
        last = self._valid_frames if self._clock.rows is None else int(self._clock.rows[-1]) + 1 if self._valid_frames else 0
        times = self._source.call(path, lambda: stored.series_of(self._source, path, last))
        return None if times is None or len(times) < last else self._clock.of_frames(times)

    @cached_property
    def _elements(self) -> Mapping[str, Element | str]:
        """Quantities and columns by name, or why they cannot be used."""
        return MappingProxyType(self._source.call(self._root, self._find_elements))

    def _find_elements(self) -> dict[str, Element | str]:
        found: dict[str, Element | str] = {}
        for name in self._source.get(self._root):
            path = f"{self._root}/{name}"
            try:
                element = stored.element_at(self._source, path, self._clock, self._is_told)
            except ForeignDataError:
                raise
            except DataError as error:
                if name == POSITION or self._is_own:
                    raise
                element = error.problem
            if name == "box":
                stored.element_at(self._source, f"{path}/edges", self._clock, self._is_told)  # to be refused early, if at all
                continue
            if element is None:
                continue
            if isinstance(element, Element) and element.shape[0] != self.particles:
                problem = f"{element.path} has {element.shape[0]} rows for {self.particles} particles"
                if element.is_once and len(element.shape) == 1:
                    raise DataError(self.path, f"damaged: {problem}")
                element = problem
            if isinstance(element, Element) and element.clock is not None and self._is_told:
                element = Element(element.path, element.shape, element.clock.first(self._valid_frames))
            found[name] = element
        return found

    # ------------------------------------------------------------ order of rows

    @property
    def _has_moving_rows(self) -> bool:
        """Whether rows may be other particles in other frames: ids are stored for every frame."""
        element = self._elements.get("id")
        return isinstance(element, Element) and not element.is_once and len(element.shape) == 1

    def _check_ids(self) -> None:
        """Refuses ids that are no whole numbers below 2^63."""
        element = self._elements.get("id")
        if not isinstance(element, Element):
            return
        data = self._source.dataset(element.path)
        if data.dtype.kind not in "iu" or len(element.shape) != 1:
            raise DataError(self.path, f"{element.path} is {data.dtype} {list(data.shape)}, not a whole number for each particle")
        if data.dtype != np.uint64 or self._valid_frames == 0:
            return
        for number in range(self._valid_frames if not element.is_once else 1):
            prefix = element.prefix_at(int(self.steps[number]), number)
            for rows in selection.blocks(self.particles, selection.BLOCK_ROWS) if prefix is not None else ():
                ids = data[(*prefix, rows)]
                if ids.size and ids.max() >= LEAST_ID_TOO_LARGE:
                    raise DataError(self.path, f"{element.path} has the id {ids.max()}; ids go up to 2^63 - 1")

    def _ids_at(self, number: int) -> np.ndarray:
        """Ids of the rows of frame `number`, as they stand in the file."""
        element = self._element("id")
        step = int(self.steps[number])
        prefix = element.prefix_at(step, number)
        if prefix is None and len(element.clock.steps) == 1:
            prefix = (0,)  # written with the first frame only
        if prefix is None:
            raise DataError(self.path, f"{element.path} has no ids at step {step}, that of frame {number}, so that it is not known which "
                                       f"particles its rows are: they are stored {element.where()}")
        return self._source.call(f"ids of frame {number}", lambda: self._source.dataset(element.path)[prefix])

    def _order_at(self, number: int) -> np.ndarray | None:
        """Which row of the file each row of frame `number` is [N]; None where they are in the order of `ids`."""
        if not self._has_moving_rows:
            return None
        if self._order is None or self._order[0] != number:
            stored_ids = self._ids_at(number)
            order = np.argsort(stored_ids, kind="stable")
            ascending = stored_ids[order]
            if (ascending[1:] == ascending[:-1]).any():
                twice = ascending[1:][ascending[1:] == ascending[:-1]][0]
                raise DataError(self.path, f"{self._element('id').path} has the id {twice} twice in frame {number}")
            if not np.array_equal(ascending, self.ids):
                raise DataError(self.path, f"frame {number} has other particles than the first: {self._element('id').path} differs "
                                           "by more than the order of its rows; write only the particles that all frames have")
            self._order = number, None if np.array_equal(order, np.arange(len(order))) else order
        return self._order[1]

    # ------------------------------------------------------------ details

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


def _as_real(name: str, values: np.ndarray) -> np.ndarray:
    """Positions on a lattice, which are whole numbers, as real ones."""
    return values.astype(np.float64) if name == POSITION and values.dtype.kind in "iu" else values


def _plain(value: object) -> object:
    """An attribute or a scalar as text, number or tuple."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, np.ndarray):
        return tuple(_plain(item) for item in value.tolist())
    return value.item() if isinstance(value, np.generic) else value

"""Frames of a run as text for other programs: extended XYZ and CSV. Numbers have as many digits as it takes to keep their bits."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Callable, Iterable, Iterator

import numpy as np

from .frame import Frame
from .run import Run

AXES = "xyz"
BLOCK = 1 << 15  # rows that are made text at a time
# What columns of a run are called in CSV, where that is another name.
CSV_NAMES = {"tangential_speed": "speed"}
XYZ_NAMES = {"position": "pos", "velocity": "velo", "mass": "masses", "force": "forces", "species": "type"}
UNNAMED = "X"  # what XYZ calls a particle whose element is not known


@dataclass(frozen=True)
class Column:
    """A quantity or column to write.

    components  names of its numbers, one for each
    """

    name: str
    components: list[str]
    is_whole: bool


def columns_of(run: Run, frame: Frame, quantities: tuple[str, ...], is_flat: bool) -> list[Column]:
    """Columns and some quantities of a frame: id, position, velocity, then the others; without z where `is_flat`."""
    names = ["id", "position", "velocity", *run.columns, *quantities]
    columns = []
    for name in dict.fromkeys(names):
        if name not in run.columns and (name not in quantities or name == "id"):
            if name == "id":
                columns.append(Column(name, [name], True))
            continue
        values = run.read_rows(name, frame.number, slice(0, 0))
        count = 1 if values.ndim == 1 else values.shape[1]
        prefix = {"position": "", "velocity": "v", "force": "f", "image": "i"}.get(name, name + "_")
        components = [CSV_NAMES.get(name, name)] if values.ndim == 1 else [
            prefix + (AXES[axis] if count <= len(AXES) else str(axis)) for axis in range(count)]
        if is_flat and values.ndim == 2 and count == len(AXES):
            components = components[:2]
        columns.append(Column(name, components, values.dtype.kind in "iub"))
    return columns


def is_flat(run: Run, numbers: Iterable[int]) -> bool:
    """Whether all z are 0 in some frames, and all velocities along z."""
    if run.dimensions == 2:
        return True
    for number in numbers:
        frame = run[number]
        for name in ("position", "velocity"):
            if name in frame.quantities and any(values[:, 2].any() for _, values in frame.blocks(name)):
                return False
    return True


def _blocks(run: Run, frame: Frame, columns: list[Column]) -> Iterator[list[np.ndarray]]:
    """Arrays [rows] of all components, for some rows after the others."""
    for begin in range(0, run.particles, BLOCK):
        rows = slice(begin, min(begin + BLOCK, run.particles))
        arrays: list[np.ndarray] = []
        for column in columns:
            values = run.ids[rows] if column.name == "id" else frame.rows(column.name, rows)
            if values.ndim == 1:
                arrays.append(values)
            else:
                arrays.extend(values[:, axis] for axis in range(len(column.components)))
        yield arrays


def write_csv(run: Run, numbers: list[int], file: io.TextIOBase, is_done: Callable[[], None]) -> None:
    """One table of all frames; with the columns frame, step and time where they are more than one."""
    flat = is_flat(run, numbers)
    is_series = len(numbers) > 1
    first = run[numbers[0]]
    columns = columns_of(run, first, run.quantities if is_series else first.quantities, flat)
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow([*(("frame", "step", "time") if is_series else ()), *(name for column in columns for name in column.components)])
    for number in numbers:
        frame = run[number]
        before = [number, frame.step, repr(frame.time)] if is_series else []
        for arrays in _blocks(run, frame, columns):
            texts = [map(repr, array.tolist()) for array in arrays]
            rows.writerows([*before, *row] for row in zip(*texts))
        is_done()


def write_xyz(run: Run, numbers: list[int], file: io.TextIOBase, is_done: Callable[[], None]) -> None:
    """Frames of extended XYZ one after the other."""
    names = _species_names(run)
    for number in numbers:
        frame = run[number]
        columns = columns_of(run, frame, frame.quantities, is_flat=False)
        columns.sort(key=lambda column: column.name != "position")  # readers want positions first
        file.write(f"{run.particles}\n{_comment(run, frame, columns)}\n")
        for rows, arrays in zip(range(0, run.particles, BLOCK), _blocks(run, frame, columns)):
            texts = [list(map(repr, array.tolist())) for array in arrays]
            if run.dimensions == 2:
                texts = _with_z(columns, texts)
            elements = names(frame, slice(rows, rows + BLOCK))
            file.writelines(f"{element} {' '.join(row)}\n" for element, row in zip(elements, zip(*texts)))
        is_done()


def _with_z(columns: list[Column], texts: list[list[str]]) -> list[list[str]]:
    """Components with a z of 0 after those of vectors in the plane."""
    full, place = [], 0
    for column in columns:
        count = len(column.components)
        full += texts[place:place + count]
        if count == 2:
            full.append(["0" if column.is_whole else "0.0"] * len(texts[place]))
        place += count
    return full


def _comment(run: Run, frame: Frame, columns: list[Column]) -> str:
    properties = ["species:S:1"]
    for column in columns:
        count = len(column.components)
        kind = "I" if column.is_whole else "R"
        properties.append(f"{XYZ_NAMES.get(column.name, column.name)}:{kind}:{3 if count == 2 else count}")
    words = [f"Properties={':'.join(properties)}"]
    is_periodic = [*run.box.is_periodic.tolist(), False, False][:3]
    edges = frame.edges
    if edges is not None and any(is_periodic):
        lattice = np.eye(3)
        lattice[:edges.shape[0], :edges.shape[1]] = edges
        words.insert(0, f'Lattice="{" ".join(map(repr, lattice.ravel().tolist()))}"')
        if frame.origin.any():
            words.append(f'Origin="{" ".join(map(repr, [*frame.origin.tolist(), 0.0][:3]))}"')
    words.append(f'pbc="{" ".join("T" if one else "F" for one in is_periodic)}"')
    words += [f"Step={frame.step}", f"Time={frame.time!r}"]
    return " ".join(words)


def _species_names(run: Run) -> Callable[[Frame, slice], list[str]]:
    """What particles are called in XYZ: by the names of species where the file has some that may be those of elements."""
    names = {number: name for number, name in run.species_names.items() if name.isascii() and name.isalpha() and len(name) <= 2}

    def of(frame: Frame, rows: slice) -> list[str]:
        if not names or not ("species" in run.columns or "species" in frame.quantities):
            return [UNNAMED] * len(run.ids[rows])
        return [names.get(number, UNNAMED) for number in frame.rows("species", rows).tolist()]
    return of

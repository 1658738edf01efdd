"""What the particles of a picture are coloured by: a number for each of them."""

from __future__ import annotations

import configparser
from dataclasses import dataclass
from enum import Enum
from typing import Callable

import numpy as np

from .frame import Frame
from .run import Run
from .script import EX_USAGE, Failure

Rows = slice | np.ndarray
ALL = slice(None)


class Scale(Enum):
    """How numbers become colours."""

    SIGNED = "from -largest to largest, the middle is 0"
    RISING = "from least to greatest"
    NAMES = "a colour for each of a few numbers"


@dataclass(frozen=True)
class Colouring:
    """A number for each particle of a frame.

    name      what the user calls it: `speed`, `radius`, `id`, or the name of a column or quantity
    label     what a reader calls it: `tangential speed`
    unit      unit of the numbers, `1` for pure numbers, empty where it is not known
    scale     how the numbers become colours
    is_fixed  whether the numbers are the same in all frames
    """

    name: str
    label: str
    unit: str
    scale: Scale
    is_fixed: bool
    read: Callable[[Frame, Rows], np.ndarray]

    def values(self, frame: Frame, rows: Rows = ALL) -> np.ndarray:
        """The numbers [K] of some rows of a frame, float64; not all of them need be finite."""
        return self.read(frame, rows).astype(np.float64)


def choices(run: Run) -> tuple[str, ...]:
    """Names that choose() takes for this run."""
    names = ["speed"] if "velocity" in run.quantities else []
    names += ["radius", "id"]
    return tuple(dict.fromkeys([*names, *run.columns, *run.quantities]))


def choose(run: Run, name: str | None = None) -> Colouring:
    """The colouring called `name`, or the one that says most about the run; Failure if there is none of this name."""
    if name is None:
        name = next(candidate for candidate in ("tangential_speed", "speed", "radius") if candidate in choices(run))
    if name not in choices(run):
        raise Failure(EX_USAGE, f"--colour {name}: {run.path} has no such numbers; it has {', '.join(choices(run))}")
    if name == "speed" and name not in (*run.columns, *run.quantities):
        return Colouring(name, name, run.units.velocity, Scale.RISING, False, _length_of("velocity"))
    if name == "radius" and name not in (*run.columns, *run.quantities):
        return Colouring(name, "distance from the centre", run.units.length, Scale.RISING, False, _distance_from(centre(run)))
    if name == "id":
        scale = Scale.NAMES if run.particles <= 8 else Scale.RISING
        return Colouring(name, name, "", scale, True, lambda frame, rows: run.ids[rows])
    label, unit = name.replace("_", " "), run.units.of_column(name)
    if name in run.columns:
        return Colouring(name, label, unit, _scale_of(run.column(name)), True, lambda frame, rows: frame.rows(name, rows))
    label = f"magnitude of {label}"
    return Colouring(name, label, unit, Scale.RISING, False, _length_of(name))


def centre(run: Run) -> tuple[float, ...]:
    """What the particles turn about, by the configuration of the run; the origin where it does not say. [axes]"""
    parser = configparser.ConfigParser(interpolation=None, inline_comment_prefixes="#", strict=False)
    try:
        parser.read_string(run.configuration)
        found = [float(text) for text in parser.get("rotation", "centre", fallback="").replace(",", " ").split()]
    except (configparser.Error, ValueError):
        found = []
    return tuple((found + [0.0] * run.dimensions)[:run.dimensions])


def _scale_of(values: np.ndarray) -> Scale:
    values = values[np.isfinite(values)]
    return Scale.SIGNED if values.size and values.min() < 0 < values.max() else Scale.RISING


def _length_of(name: str) -> Callable[[Frame, Rows], np.ndarray]:
    def read(frame: Frame, rows: Rows) -> np.ndarray:
        return _lengths(frame.rows(name, rows).astype(np.float64))
    return read


def _distance_from(place: tuple[float, ...]) -> Callable[[Frame, Rows], np.ndarray]:
    def read(frame: Frame, rows: Rows) -> np.ndarray:
        return _lengths(frame.position_of(rows).astype(np.float64) - place)
    return read


def _lengths(vectors: np.ndarray) -> np.ndarray:
    """Lengths [K] of vectors [K][D], also of those whose squares leave the range of numbers; plain numbers [K] as they are."""
    if vectors.ndim == 1:
        return vectors
    with np.errstate(all="ignore"):
        return np.hypot.reduce(vectors, axis=1)

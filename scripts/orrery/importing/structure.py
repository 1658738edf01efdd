"""What an imported file holds: particles at one time, in the units of the file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from ..script import EX_DATAERR, EX_USAGE, Failure

# Units of LAMMPS by the name of their style: length, time, mass.
STYLES = {
    "real": ("Angstrom", "fs", "u"), "metal": ("Angstrom", "ps", "u"), "si": ("m", "s", "kg"), "cgs": ("cm", "s", "g"),
    "micro": ("um", "us", "pg"), "nano": ("nm", "ns", "ag"),
}
WITHOUT_NAMES = ("lj", "none")


@dataclass(frozen=True)
class UnitNames:
    """Names of units, empty where they are not known: in reduced units, for one."""

    length: str = ""
    time: str = ""
    mass: str = ""

    @property
    def velocity(self) -> str:
        """Such as `nm ps-1`."""
        return f"{self.length} {self.time}-1" if self.length and self.time else ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.length, self.time, self.mass))) or "none"


def units_named(text: str) -> UnitNames:
    """Units by the name of a style of LAMMPS, or as the names of length, time and perhaps mass; Failure for anything else."""
    if text in WITHOUT_NAMES:
        return UnitNames()
    names = STYLES.get(text) or tuple(text.replace(",", " ").split())
    if len(names) not in (2, 3) or not all(name.isascii() and name.isprintable() for name in names):
        raise Failure(EX_USAGE, f"--units: '{text}' is none of {', '.join((*STYLES, *WITHOUT_NAMES))}, nor names of length and time "
                                "such as 'nm ps'")
    return UnitNames(*names)


@dataclass
class Structure:
    """Particles; N is their number. What is None the file does not tell.

    positions    [N][3]
    edges        edge vectors of the box [3][3], one a row
    origin       lowest corner of the box [3]
    is_periodic  whether each axis is [3]
    velocities   [N][3]
    ids          [N], whole numbers from 0
    species      names [N]
    masses       [N]
    units        names of the units that all numbers are in
    are_units_known  whether the file, or what it is by definition, says what they are
    reader       who read it, such as `MDAnalysis 2.4.2`
    notes        what the user should know
    """

    positions: np.ndarray
    edges: np.ndarray | None = None
    origin: np.ndarray = field(default_factory=lambda: np.zeros(3))
    is_periodic: tuple[bool, ...] = (False, False, False)
    velocities: np.ndarray | None = None
    ids: np.ndarray | None = None
    species: list[str] | None = None
    masses: np.ndarray | None = None
    step: int = 0
    time: float | None = None
    units: UnitNames = UnitNames()
    are_units_known: bool = False
    reader: str = ""
    notes: list[str] = field(default_factory=list)

    def with_units(self, text: str | None, path: str) -> Structure:
        """With the units that the user names; Failure where the file has others: numbers are never converted."""
        if text is None:
            if not self.are_units_known:
                self.notes.append("the file does not say what its units are, so they get no names; --units tells them")
            return self
        wanted = units_named(text)
        if self.are_units_known and (wanted.length, wanted.time) != (self.units.length, self.units.time):
            raise Failure(EX_USAGE, f"--units {text}: the units of {path} are known to be {self.units}, and numbers are not converted")
        return replace(self, units=replace(wanted, mass=wanted.mass or self.units.mass))

    def checked(self, path: str) -> Structure:
        """In the order of ids, with all that a start file has; Failure where it cannot be used."""
        count = len(self.positions)
        arrays = {"positions": self.positions, "velocities": self.velocities, "masses": self.masses}
        for name, values in arrays.items():
            if values is not None and (len(values) != count or not np.isfinite(values).all()):
                row = int(np.flatnonzero(~np.isfinite(values.reshape(count, -1)).all(axis=1))[0]) if len(values) == count else 0
                raise Failure(EX_DATAERR, f"{path}: its {name} are not all finite numbers (first at particle {row}, counted from 0)")
        self._check_box(path)
        ids = np.arange(count) if self.ids is None else np.asarray(self.ids, np.int64)
        if self.ids is not None and (len(np.unique(ids)) != count or (count and ids.min() < 0)):
            self.notes.append("its ids are not distinct numbers from 0, so particles are numbered from 0 in the order of the file")
            ids = np.arange(count)
        if self.velocities is None:
            self.notes.append("it has no velocities: all are 0")
        order = np.argsort(ids, kind="stable")

        def sorted_rows(values: np.ndarray | None) -> np.ndarray | None:
            return None if values is None else values[order]
        species = None if self.species is None else [self.species[row] for row in order]
        velocities = np.zeros_like(self.positions) if self.velocities is None else self.velocities
        return replace(self, positions=self.positions[order], velocities=velocities[order], ids=ids[order], species=species,
                       masses=sorted_rows(self.masses))

    def _check_box(self, path: str) -> None:
        if self.edges is None:
            self.is_periodic = (False, False, False)
            self.notes.append("it has no box; set box.lengths for the run")
            return
        edges = self.edges
        if not (np.isfinite(edges).all() and np.isfinite(self.origin).all() and (np.diag(edges) > 0).all()):
            raise Failure(EX_DATAERR, f"{path}: its box has edges of {np.diag(edges).tolist()}, not three lengths above 0")
        askew = edges - np.diag(np.diag(edges))
        if (np.abs(askew) > 1e-6 * np.diag(edges).max()).any():
            raise Failure(EX_DATAERR, f"{path}: its box is triclinic (edge vectors {edges.round(6).tolist()}); Orrery has boxes with edges "
                                      "along the axes only: make it orthogonal in the program that it comes from")
        self.edges = np.diag(np.diag(edges))

"""Data and dump files of LAMMPS. ASE reads them in double precision; styles of data files that it does not know, MDAnalysis.

Neither tells the lowest corner of the box of a data file, the units and the style that it may name, nor the ids and masses of
a dump; those are looked for here.
"""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass, field
from typing import Iterator

import numpy as np

from ..errors import DataError
from ..script import EX_USAGE, Failure
from .structure import STYLES, WITHOUT_NAMES, Structure, units_named

ASE_STYLES = ("full", "atomic", "charge", "molecular", "bond", "angle")
# Columns of styles that only MDAnalysis can be told.
COLUMNS = {
    "sphere": "id type diameter density x y z", "dipole": "id type charge x y z", "ellipsoid": "id type flag density x y z",
    "body": "id type flag mass x y z", "line": "id resid type flag density x y z", "tri": "id resid type flag density x y z",
    "template": "id type resid template atom x y z", "dpd": "id type theta x y z", "edpd": "id type temperature heat x y z",
    "electron": "id type charge spin radius x y z", "peri": "id type volume density x y z", "mesont": "id resid type bond x y z",
}
# Fields of a line of Atoms, without and with images, by the style that they mean where the file does not name it.
STYLES_OF_FIELDS = {5: ("atomic",), 8: ("atomic",), 7: ("full",), 10: ("full",), 6: ("charge", "molecular"), 9: ("charge", "molecular")}
NO_CONVERSION = "ASE"  # from ASE's units to ASE's: the numbers stay as they are
AXES = "xyz"


def read_data(path: str, frame: int, atom_style: str | None) -> Structure:
    """Reads a data file."""
    if frame not in (-1, 0):
        raise Failure(EX_USAGE, f"--frame: a data file of LAMMPS has one frame, 0: {path}")
    said = _look_at(path)
    style = atom_style or said.style
    if style is None:
        styles = STYLES_OF_FIELDS.get(said.fields, ())
        if len(styles) != 1:
            raise Failure(EX_USAGE, f"{path}: its lines of Atoms have {said.fields} fields, and it does not say which; name them by "
                                    f"--atom-style: {', '.join((*ASE_STYLES, *COLUMNS))}, or columns such as 'id type x y z'")
        style = styles[0]
    structure = _by_ase(path, style) if style in ASE_STYLES else _by_mdanalysis(path, COLUMNS.get(style, style))
    structure.origin = said.origin
    structure.is_periodic = (True, True, True)
    if said.units is not None:
        structure.units, structure.are_units_known = units_named(said.units), True
    return structure


def read_dump(path: str, frame: int, _: str | None) -> Structure:
    """Reads a frame of a dump of text, in order of id."""
    import ase
    import ase.io
    table = _table_of(path, frame)
    atoms = ase.io.read(path, index=frame, format="lammps-dump-text", units=NO_CONVERSION, do_not_split_by_at_sign=True)
    if len(table.rows) != len(atoms):
        raise DataError(path, f"frame {frame} has {len(atoms)} particles in {len(table.rows)} lines")
    ids = table.column("id")
    order = np.arange(len(atoms)) if ids is None else np.argsort(ids.astype(np.int64))
    structure = Structure(positions=np.asarray(atoms.get_positions(), np.float64), edges=np.asarray(atoms.get_cell(), np.float64),
                          origin=np.asarray(atoms.get_celldisp(), np.float64).ravel(), is_periodic=tuple(map(bool, atoms.get_pbc())),
                          ids=None if ids is None else ids.astype(np.int64)[order], step=table.step, time=table.time,
                          reader=f"ASE {ase.__version__}")
    if "x" not in table.names and ("xs" in table.names or "xu" not in table.names):
        structure.positions = structure.positions + structure.origin  # fractions of the box, from its lowest corner
    # ASE keeps momenta, and no masses.
    velocities = [table.column(name) for name in ("vx", "vy", "vz")]
    if all(one is not None for one in velocities):
        structure.velocities = np.array(velocities, np.float64).T[order].reshape(-1, 3)
    species = table.column("element") if "element" in table.names else table.column("type")
    structure.species = None if species is None else species[order].tolist()
    masses = table.column("mass")
    structure.masses = None if masses is None else masses.astype(np.float64)[order]
    if table.units is not None:
        structure.units, structure.are_units_known = units_named(table.units), True
    return structure


@dataclass
class _Table:
    """Columns of a frame of a dump, which ASE does not keep all of."""

    step: int = 0
    time: float | None = None
    units: str | None = None
    names: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    def column(self, name: str) -> np.ndarray | None:
        if name not in self.names:
            return None
        place = self.names.index(name)
        return np.array([row[place] for row in self.rows], dtype=str)


def _table_of(path: str, frame: int) -> _Table:
    frames = 0
    for line in _lines(path):
        frames += line.startswith("ITEM: TIMESTEP")
    if not -frames <= frame < frames:
        raise DataError(path, f"it has no frame {frame}: it has {frames}")
    wanted, table, here, item, time = frame % frames, _Table(), -1, "", None
    for line in _lines(path):
        if line.startswith("ITEM: "):
            item = line[6:].strip()
            here += item == "TIMESTEP"
            if here > wanted:
                break
            if here == wanted and item.startswith("ATOMS"):
                table.names = item.split()[1:]
        elif item == "UNITS":
            table.units = line.strip() if line.strip() in (*STYLES, *WITHOUT_NAMES) else table.units
        elif item == "TIME":  # before the step of its frame
            time = float(line)
        elif here == wanted and item == "TIMESTEP":
            table.step, table.time = int(line), time
        elif here == wanted and item.startswith("ATOMS") and line.strip():
            table.rows.append(line.split())
    return table


def _by_ase(path: str, style: str) -> Structure:
    import ase
    import ase.io
    atoms = ase.io.read(path, format="lammps-data", style=style, units=NO_CONVERSION, do_not_split_by_at_sign=True)
    has_masses = atoms.has("masses")
    return Structure(positions=np.asarray(atoms.get_positions(), np.float64), edges=np.asarray(atoms.get_cell(), np.float64),
                     velocities=_velocities_of(atoms), ids=np.asarray(atoms.arrays["id"]),
                     species=[str(number) for number in atoms.arrays["type"]],
                     masses=np.asarray(atoms.get_masses(), np.float64) if has_masses else None, reader=f"ASE {ase.__version__}")


def _by_mdanalysis(path: str, columns: str) -> Structure:
    import MDAnalysis
    from MDAnalysis.lib.mdamath import triclinic_vectors
    universe = MDAnalysis.Universe(path, format="DATA", topology_format="DATA", atom_style=columns, convert_units=False)
    step = universe.trajectory.ts
    masses = next(one for one in universe._topology.attrs if one.attrname == "masses")
    structure = Structure(positions=np.asarray(step.positions, np.float64),
                          edges=np.asarray(triclinic_vectors(step.dimensions), np.float64),
                          velocities=np.asarray(step.velocities, np.float64) if step.has_velocities else None,
                          ids=np.asarray(universe.atoms.ids), species=[str(name) for name in universe.atoms.types],
                          masses=None if masses.is_guessed else np.asarray(universe.atoms.masses, np.float64),
                          reader=f"MDAnalysis {MDAnalysis.__version__}")
    structure.notes.append("positions and velocities of this style are read in single precision")
    return structure


def _velocities_of(atoms: object) -> np.ndarray | None:
    return np.asarray(atoms.get_velocities(), np.float64) if atoms.has("momenta") else None


class _Said:
    """What a data file says beside numbers of particles."""

    def __init__(self) -> None:
        self.origin = np.zeros(3)
        self.units: str | None = None
        self.style: str | None = None
        self.fields = 0


def _look_at(path: str) -> _Said:
    said = _Said()
    is_in_atoms = False
    for number, line in enumerate(_lines(path)):
        if is_in_atoms and line.split("#")[0].strip():
            said.fields = len(line.split("#")[0].split())
            break
        if number == 0:
            found = re.search(r"\bunits *= *(\w+)", line)
            said.units = found.group(1) if found and found.group(1) in (*STYLES, *WITHOUT_NAMES) else None
        for axis, name in enumerate(AXES):
            found = re.match(rf"\s*(\S+)\s+\S+\s+{name}lo\s+{name}hi", line)
            if found:
                said.origin[axis] = float(found.group(1))
        found = re.match(r"Atoms\s*(?:#\s*(\w+))?\s*$", line)
        if found:
            said.style, is_in_atoms = found.group(1), True
    return said


def _lines(path: str) -> Iterator[str]:
    with (gzip.open(path, "rt", errors="replace") if path.endswith(".gz") else open(path, errors="replace")) as file:
        yield from file


"""Whatever ASE reads, and XYZ, plain and extended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..errors import DataError
from .structure import Structure, UnitNames

if TYPE_CHECKING:
    from ase import Atoms

VELOCITIES = ("velo", "vel", "velocity", "velocities")
IDS = ("id", "ids")
SPECIES = ("type", "types")
ORIGINS = ("Origin", "origin")


def read(path: str, frame: int, _: str | None) -> Structure:
    """Reads a frame of a format that ASE tells by itself. Numbers are in angstrom; velocities become angstrom per picosecond."""
    import ase.io
    atoms = ase.io.read(path, index=frame, do_not_split_by_at_sign=True)
    structure = _structure_of(path, atoms, frame)
    structure.units, structure.are_units_known = UnitNames("Angstrom", "ps", "u"), True
    if atoms.has("momenta"):
        structure.velocities = _per_picosecond(atoms.get_velocities())
    return structure


def read_xyz(path: str, frame: int, _: str | None) -> Structure:
    """Reads a frame of an XYZ file, whose numbers may be anything. Only momenta are ASE's own, and tell that it wrote the file."""
    import ase.io
    atoms = ase.io.read(path, index=frame, format="extxyz", do_not_split_by_at_sign=True)
    structure = _structure_of(path, atoms, frame)
    if atoms.has("momenta"):
        structure.velocities = _per_picosecond(atoms.get_velocities())
        structure.units, structure.are_units_known = UnitNames("Angstrom", "ps", "u"), True
    for name in VELOCITIES:
        if name in atoms.arrays and atoms.arrays[name].shape == (len(atoms), 3):
            structure.velocities = np.asarray(atoms.arrays[name], np.float64)
    return structure


def _per_picosecond(velocities: np.ndarray) -> np.ndarray:
    """Velocities of ASE, whose unit of time is that of angstrom, eV and u, in angstrom per picosecond."""
    import ase.units
    return np.asarray(velocities, np.float64) * (1000 * ase.units.fs)


def _structure_of(path: str, atoms: Atoms, frame: int) -> Structure:
    import ase
    if not isinstance(atoms, ase.Atoms):
        raise DataError(path, f"frame {frame} of it is no structure")
    structure = Structure(positions=np.asarray(atoms.get_positions(), np.float64), reader=f"ASE {ase.__version__}")
    cell = np.asarray(atoms.get_cell(), np.float64)
    if cell.any():
        edges = cell.copy()
        for axis in range(3):
            if not edges[axis].any():
                edges[axis, axis] = np.abs(cell).max()  # an axis without an edge is not periodic
        structure.edges = edges
        structure.is_periodic = tuple(bool(one) and bool(cell[axis].any()) for axis, one in enumerate(atoms.get_pbc()))
    for name in ORIGINS:
        origin = np.asarray(atoms.info.get(name, ()))
        if origin.shape == (3,) and origin.dtype.kind in "fi":
            structure.origin = origin.astype(np.float64)
    for name in IDS:
        ids = atoms.arrays.get(name)
        if ids is not None and ids.dtype.kind in "iu" and ids.ndim == 1:
            structure.ids = ids
    symbols = atoms.get_chemical_symbols()
    structure.species = symbols
    for name in SPECIES:
        types = atoms.arrays.get(name)
        if types is not None and types.ndim == 1 and set(symbols) == {"X"}:
            structure.species = [str(one) for one in types.tolist()]
    masses = np.asarray(atoms.get_masses(), np.float64)
    if atoms.has("masses") or set(symbols) != {"X"}:
        structure.masses = masses if (masses > 0).all() and len(masses) else None
        if structure.masses is not None and not atoms.has("masses"):
            structure.notes.append("masses are those of the elements, by ASE")
    if set(structure.species) == {"X"}:
        structure.species = None
    return structure

"""Whatever MDAnalysis reads: GRO, PDB, mmCIF-like, TPR, DL_POLY, AMBER, CHARMM, MOL2, XTC with a topology of its own, ..."""

from __future__ import annotations

import numpy as np

from ..errors import DataError
from .structure import Structure, UnitNames

# Formats of decimal numbers: MDAnalysis rounds them to single precision, and their digits come back as the shortest number
# that single precision rounds to the same.
DECIMAL = ("GRO", "PDB", "ENT", "XPDB", "PDBQT", "PQR", "CRD", "MOL2", "CONFIG", "HISTORY", "TXYZ", "ARC", "XYZ", "INPCRD", "RESTRT")
OF_ANY_UNITS = ("XYZ",)  # MDAnalysis calls them angstrom
RIGHT_ANGLES = (90.0, 90.0, 90.0)


def read(path: str, frame: int, _: str | None) -> Structure:
    """Reads a frame; the numbers are in the units of the file, which are named as MDAnalysis knows them."""
    import MDAnalysis
    universe = MDAnalysis.Universe(path, convert_units=False)
    reader = universe.trajectory
    step = reader[frame]
    atoms = universe.atoms
    form = str(reader.format if isinstance(reader.format, str) else reader.format[0]).upper()
    length = reader.units.get("length") if form not in OF_ANY_UNITS else None
    units = UnitNames(length, reader.units.get("time") or "ps", "u") if length else UnitNames()
    as_read = _shortest if form in DECIMAL else _doubles
    structure = Structure(positions=as_read(step.positions), velocities=as_read(step.velocities) if step.has_velocities else None,
                          units=units, are_units_known=bool(length), reader=f"MDAnalysis {MDAnalysis.__version__}",
                          step=int(step.data.get("step", 0)))
    if len(reader) > 1:
        structure.time = float(step.time)
    if step.dimensions is not None and (np.asarray(step.dimensions[:3]) > 0).all():
        lengths = as_read(np.asarray(step.dimensions[:3], np.float32))
        if np.abs(np.asarray(step.dimensions[3:]) - RIGHT_ANGLES).max() < 1e-4:
            structure.edges = np.diag(lengths)
        else:
            structure.edges = np.asarray(step.triclinic_dimensions, np.float64)
        structure.is_periodic = (True, True, True)
    structure.ids = np.asarray(atoms.ids) if hasattr(atoms, "ids") else None
    for attribute in ("names",) if form in OF_ANY_UNITS else ("types", "names", "elements"):
        names = [str(name) for name in getattr(atoms, attribute, ())]
        if len(names) == len(atoms) and all(names):
            structure.species = names
            break
    masses = np.asarray(getattr(atoms, "masses", ()), np.float64)
    if len(masses) == len(atoms) and (masses > 0).all() and len(atoms):
        structure.masses = masses
        if any(getattr(one, "is_guessed", False) for one in universe._topology.attrs if one.attrname == "masses"):
            structure.notes.append("masses are guessed by MDAnalysis from names")
    if len(structure.positions) != len(atoms):
        raise DataError(path, f"it has {len(structure.positions)} positions for {len(atoms)} particles")
    return structure


def _doubles(values: np.ndarray) -> np.ndarray:
    return np.asarray(values, np.float64)


def _shortest(values: np.ndarray) -> np.ndarray:
    """The decimal numbers that were rounded to single precision, if they had at most six digits or so."""
    flat = np.asarray(values, np.float32).ravel()
    return np.array([float(str(value)) for value in flat], np.float64).reshape(values.shape)

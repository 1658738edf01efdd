"""Finds out which library reads a file, and lets it."""

from __future__ import annotations

import os
import re
import warnings
from typing import Callable

from ..errors import DataError
from ..script import EX_UNAVAILABLE, EX_USAGE, Failure
from ..source import regular_file
from .structure import Structure

Reader = Callable[[str, int, str | None], Structure]
FORMATS = ("lammps-data", "lammps-dump", "gsd", "xyz", "mdanalysis", "ase")
# Endings by the format; all others are tried with MDAnalysis, if it knows them, and then with ASE.
ENDINGS = {
    "lammps-data": (".data", ".lmp", ".lammps", ".lammps-data", ".lmpdat"),
    "lammps-dump": (".dump", ".lammpstrj", ".lammpsdump", ".lammps-dump"),
    "gsd": (".gsd",),
    "xyz": (".xyz", ".extxyz"),
}
HDF5_ENDINGS = (".h5md", ".h5", ".hdf5")
PACKAGES = {"MDAnalysis": "python3-mdanalysis", "ase": "python3-ase", "gsd": "python3-gsd"}


def read_structure(path: str, form: str | None, frame: int, atom_style: str | None) -> Structure:
    """Reads a file; DataError or Failure where that cannot be done.

    form        one of FORMATS; None: by the ending and the beginning of the file
    frame       number of the frame, from the end if negative
    atom_style  of a data file of LAMMPS; None: what it says itself
    """
    regular_file(path)
    from . import ase_files, gsd_files, lammps_files, mdanalysis_files
    ways: dict[str, Reader] = {
        "lammps-data": lammps_files.read_data, "lammps-dump": lammps_files.read_dump, "gsd": gsd_files.read,
        "xyz": ase_files.read_xyz, "mdanalysis": mdanalysis_files.read, "ase": ase_files.read,
    }
    forms = [form] if form else guessed_formats(path)
    if atom_style is not None and forms != ["lammps-data"]:
        raise Failure(EX_USAGE, "--atom-style is for data files of LAMMPS")
    problems = []
    for one in forms:
        try:
            with warnings.catch_warnings(record=True):  # MDAnalysis sets filters of its own
                warnings.simplefilter("ignore")
                return ways[one](path, frame, atom_style)
        except (DataError, Failure, MemoryError):
            raise
        except ImportError as error:
            module = (error.name or str(error)).partition(".")[0]
            raise Failure(EX_UNAVAILABLE, f"the Python package {module} is missing, which reads such files; install Debian's "
                                          f"{PACKAGES.get(module, 'python3-' + module)}, or scripts/setup import") from None
        except Exception as error:  # what libraries raise on files that they cannot read
            if isinstance(error, OSError) and error.strerror and error.filename is not None:
                raise DataError(path, error.strerror) from None
            said = " ".join(str(error).split())[:200]
            problems.append(f"{one}: {said or type(error).__name__}")
    raise DataError(path, f"it cannot be read as {'; nor as '.join(problems)}" if problems else "nothing reads such files")


def guessed_formats(path: str) -> list[str]:
    """Formats to try, the likely one first."""
    stem, ending = os.path.splitext(os.path.basename(path).lower())
    if ending in (".gz", ".bz2"):
        ending = os.path.splitext(stem)[1]
    beginning = _beginning(path)
    if ending in HDF5_ENDINGS or beginning.startswith(b"\x89HDF"):
        raise Failure(EX_USAGE, f"{path}: an HDF5 file needs no import; a run takes it as particles.file if it is H5MD")
    for form, endings in ENDINGS.items():
        if ending in endings:
            return [form, "mdanalysis"] if form == "xyz" else [form]  # ASE wants elements, MDAnalysis takes any names
    if beginning.startswith(b"ITEM: "):
        return ["lammps-dump"]
    if stem.startswith(("data.", "dump.")) or (ending and f"{stem}{ending}".startswith(("data.", "dump."))):
        return ["lammps-data" if stem.startswith("data") else "lammps-dump"]
    if re.search(rb"^\s*\d+\s+atoms\s*$", beginning, re.MULTILINE) and b"xlo xhi" in beginning:
        return ["lammps-data"]
    return ["mdanalysis", "ase"]


def _beginning(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read(1 << 13)

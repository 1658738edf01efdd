"""Writes a structure as an H5MD file that a run can start from."""

from __future__ import annotations

import getpass

import h5py
import numpy as np

from ..script import Output
from .structure import Structure

# Not a name that begins like that of the program: its files have more in them, which readers look for.
CREATOR = "scripts/import of Orrery"


def write_start_file(structure: Structure, output: Output) -> None:
    """Writes the file, which takes its name when it is complete; Failure if that cannot be done. The structure is checked()."""
    try:
        with h5py.File(output.temporary, "x", libver=("v108", "v110")) as file:
            _write(structure, file)
    except OSError as error:
        output.discard()
        raise output.failure(error) from None
    except BaseException:
        output.discard()
        raise
    output.publish()


def _write(structure: Structure, file: h5py.File) -> None:
    head = file.create_group("h5md")
    head.attrs["version"] = np.array([1, 1], "i4")
    head.create_group("author").attrs["name"] = np.bytes_(_author())
    head.create_group("creator").attrs["name"] = np.bytes_(CREATOR)
    head["creator"].attrs["version"] = np.bytes_(structure.reader or "1")
    units = structure.units
    if units.length:
        module = head.create_group("modules/units")
        module.attrs["version"] = np.array([1, 0], "i4")
        module.attrs["system"] = np.bytes_("SI")
    group = file.create_group("particles/trajectory")
    position = _element(group, "position", structure.positions, units.length)
    position["step"] = np.array([structure.step], np.int64)
    time = structure.time if structure.time is not None else 0.0 if structure.step == 0 else None
    if time is not None:
        position["time"] = np.array([time])
        if units.time:
            position["time"].attrs["unit"] = units.time
    box = group.create_group("box")
    box.attrs["dimension"] = np.int32(3)
    box.attrs["boundary"] = np.array([b"periodic" if is_periodic else b"none" for is_periodic in structure.is_periodic])
    others = [_element(group, "velocity", structure.velocities, units.velocity)]
    if structure.edges is not None:
        others.append(_element(box, "edges", structure.edges, units.length))
        if structure.origin.any():
            box.attrs["origin"] = structure.origin.astype(np.float64)
    for element in others:
        for name in ("step", "time"):
            if name in position:
                element[name] = position[name]
    group["id"] = structure.ids.astype(np.int64)
    if structure.species is not None:
        names = sorted(set(structure.species), key=_natural)
        numbers = {name: number for number, name in enumerate(names)}
        kind = h5py.enum_dtype({name or " ": number for name, number in numbers.items()}, "i4")
        group.create_dataset("species", data=np.array([numbers[name] for name in structure.species], "i4"), dtype=kind)
    if structure.masses is not None:
        group["mass"] = structure.masses.astype(np.float64)
        if units.mass:
            group["mass"].attrs["unit"] = units.mass


def _element(group: h5py.Group, name: str, values: np.ndarray, unit: str) -> h5py.Group:
    element = group.create_group(name)
    element["value"] = values[np.newaxis]
    if unit:
        element["value"].attrs["unit"] = unit  # of variable length, as MDAnalysis needs it
    return element


def _natural(name: str) -> tuple[int, int, str]:
    """Order of names in which 2 comes before 10."""
    return (0, int(name), "") if name.isascii() and name.isdigit() else (1, 0, name)


def _author() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"

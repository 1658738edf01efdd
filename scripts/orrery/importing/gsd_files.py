"""GSD files of HOOMD-blue, by its library."""

from __future__ import annotations

import numpy as np

from ..errors import DataError
from .structure import Structure


def read(path: str, frame: int, _: str | None) -> Structure:
    """Reads a frame. Its box is about the origin, and its numbers are in single precision, which double holds exactly."""
    import gsd
    import gsd.hoomd
    with gsd.hoomd.open(path, "rb") as file:
        if len(file) == 0:
            raise DataError(path, "it has no frame")
        if not -len(file) <= frame < len(file):
            raise DataError(path, f"it has no frame {frame}: it has {len(file)}")
        found = file[frame]
        particles, configuration = found.particles, found.configuration
        lx, ly, lz, xy, xz, yz = np.asarray(configuration.box, np.float64)
        is_plane = configuration.dimensions == 2
        if is_plane and lz == 0:
            lz = max(lx, ly)
        edges = np.array([[lx, 0, 0], [xy * ly, ly, 0], [xz * lz, yz * lz, lz]])
        structure = Structure(
            positions=np.asarray(particles.position, np.float64).reshape(-1, 3),
            velocities=None if particles.velocity is None else np.asarray(particles.velocity, np.float64).reshape(-1, 3),
            edges=edges, origin=-np.array([lx, ly, lz]) / 2, is_periodic=(True, True, not is_plane),
            masses=None if particles.mass is None else np.asarray(particles.mass, np.float64),
            ids=np.arange(particles.N), step=int(configuration.step or 0), are_units_known=True,
            reader=f"gsd {getattr(gsd, '__version__', '') or gsd.version.version}")
        if particles.types and particles.typeid is not None:
            structure.species = [particles.types[number] for number in np.asarray(particles.typeid)]
        return structure

"""Small H5MD files as other programs lay them out, and corners of the convention, each with what a reader has to find in it.

`FILES` is the table, by name. `write(name, directory)` makes the file of an entry. Both readers, that of the program and that of the
Python package, are tested against it.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable

import h5py
import numpy as np

LENGTHS = (10.0, 12.0, 14.0)
PARTICLES = 4


def places(frames, particles=PARTICLES, axes=3, first=0):
    """Positions of some frames, [F][N][axes], well inside the box and in single precision, too, the same."""
    frame, row, axis = np.meshgrid(np.arange(first, first + frames), np.arange(particles), np.arange(axes), indexing="ij")
    return 1.0 + 2.0 * row + 0.25 * axis + 0.125 * frame


def speeds(steps, particles=PARTICLES, axes=3):
    """Velocities whose first component is the step, so that a row taken for another shows."""
    values = np.zeros((len(steps), particles, axes))
    values[..., 0] = np.asarray(steps)[:, None]
    values[..., 1] = np.arange(particles)
    return values


@dataclass
class Expected:
    """What is in a file. Rows as the file has them; `None`: the file does not tell."""
    group: str
    steps: Any                     # of all frames of positions; None: positions are stored once
    positions: Any                 # [F][N][axes], also where they are stored once: F is 1
    times: Any = None              # of all frames
    velocities: Any = None         # {step: [N][axes]} for every step that has them; one array where they are stored once
    ids: Any = None                # [N], or {step: [N]} where they are stored with every frame
    species: Any = None            # likewise
    masses: Any = None             # likewise
    images: Any = None             # {step: [N][axes]}
    box: Any = LENGTHS             # lengths along the axes; None: no box, or one that is not along the axes
    origin: Any = None             # its lower corner
    boundary: Any = ("periodic",) * 3
    units: Any = field(default_factory=dict)  # {"length", "time", "velocity": name}
    groups: Any = ()               # of particles; more than one has to be chosen from
    start: Any = "last"            # step of the last frame with positions and velocities; None: no velocities
    refused: Any = None            # a text of the message by which a run refuses the file


@dataclass
class Entry:
    write: Callable[[h5py.File], None]
    expected: Expected
    ending: str = ".h5md"
    note: str = field(default="")


FILES: dict[str, Entry] = {}


def entry(expected, ending=".h5md"):
    def add(write):
        FILES[write.__name__.replace("_", "-")] = Entry(write, expected, ending, write.__doc__ or "")
        return write
    return add


def write(name, directory):
    """Makes the file of an entry and returns its path."""
    path = Path(directory) / (name + FILES[name].ending)
    with h5py.File(path, "w") as file:
        FILES[name].write(file)
    return path


def head(file, creator, version=(1, 1), text=np.bytes_):
    file.create_group("h5md").attrs["version"] = np.array(version, "i4")
    file["h5md"].create_group("author").attrs["name"] = text("somebody")
    file["h5md"].create_group("creator").attrs["name"] = text(creator)
    file["h5md/creator"].attrs["version"] = text("7")


def box_of(group, boundary=("periodic",) * 3, axes=3):
    box = group.create_group("box")
    box.attrs["dimension"] = np.int32(axes)
    box.attrs["boundary"] = np.array([name.encode() for name in boundary])
    return box


def element(group, name, values, steps, times=None, unit=None, **storage):
    found = group.create_group(name)
    values = np.asarray(values)
    found.create_dataset("value", data=values, maxshape=(None, *values.shape[1:]), chunks=storage.pop("chunks", (1, *values.shape[1:])),
                         **storage)
    found["step"] = np.asarray(steps)
    if times is not None:
        found["time"] = np.asarray(times)
    if unit is not None:
        found["value"].attrs["unit"] = unit
    return found


def link_clock(group, to):
    for name in ("step", "time"):
        if name in to:
            group[name] = to[name]


def along(lengths, frames=None):
    matrix = np.diag(np.asarray(lengths, "f8"))
    return matrix if frames is None else np.array([matrix] * frames)


STEPS = np.array([0, 10, 20])
TIMES = STEPS * 0.5
EACH = {int(step): speeds([step])[0] for step in STEPS}


# As programs write them.

@entry(Expected("all", STEPS, places(3), TIMES, EACH, species=dict.fromkeys([0, 10, 20], [1, 2, 1, 2]),
                images={int(step): np.full((4, 3), step // 10) for step in STEPS}))
def lammps(file):
    """LAMMPS, `dump h5md`: doubles without units, edges as a vector per frame, types from 1, images; rows in order of id."""
    head(file, "N/A")
    group = file.create_group("particles/all")
    element(box_of(group), "edges", np.array([LENGTHS] * 3), STEPS, TIMES)
    element(group, "position", places(3), STEPS, TIMES)
    element(group, "velocity", speeds(STEPS), STEPS, TIMES)
    element(group, "image", np.array([np.full((4, 3), k, "i4") for k in range(3)]), STEPS, TIMES)
    element(group, "species", np.array([[1, 2, 1, 2]] * 3, "i4"), STEPS, TIMES)


@entry(Expected("system", STEPS, places(3), TIMES, {0: speeds([0])[0], 20: speeds([20])[0]}, ids=[1, 2, 3, 4],
                masses=[1.0, 16.0, 1.0, 1.0], units={"length": "nm", "time": "ps", "velocity": "nm ps-1"}))
def gromacs(file):
    """GROMACS 2026: single precision, units as text of fixed length, every quantity at its own rate, forces without rows yet."""
    head(file, "GROMACS")
    file.create_group("h5md/modules/units").attrs["version"] = np.array([1, 0], "i4")
    group = file.create_group("particles/system")
    edges = element(box_of(group), "edges", along(LENGTHS, 3).astype("f4"), STEPS, TIMES, np.bytes_("nm"))
    edges["time"].attrs["unit"] = np.bytes_("ps")
    position = element(group, "position", places(3).astype("f4"), STEPS, TIMES, np.bytes_("nm"))
    position["time"].attrs["unit"] = np.bytes_("ps")
    velocity = element(group, "velocity", speeds([0, 20]).astype("f4"), [0, 20], [0.0, 10.0], np.bytes_("nm ps-1"))
    velocity["time"].attrs["unit"] = np.bytes_("ps")
    force = group.create_group("force")
    force.create_dataset("value", (0, 4, 3), "f4", maxshape=(None, 4, 3), chunks=(1, 4, 3))
    force.create_dataset("step", (0,), "i8", maxshape=(None,), chunks=(8,))
    force.create_dataset("time", (0,), "f8", maxshape=(None,), chunks=(8,))
    group["id"] = np.arange(1, 5, dtype="i8")
    group["mass"] = np.array([1.0, 16.0, 1.0, 1.0], "f4")


@entry(Expected("all", STEPS, places(3) - 5.0, TIMES, EACH, species=[0, 0, 1, 1], box=LENGTHS), ending=".h5")
def halmd(file):
    """HALMD: a box around the origin that is not told, edges stored once as a matrix, series that share steps and times."""
    head(file, "HALMD")
    group = file.create_group("particles/all")
    box_of(group)["edges"] = along(LENGTHS)
    position = element(group, "position", places(3) - 5.0, STEPS, TIMES)
    velocity = group.create_group("velocity")
    velocity["value"] = speeds(STEPS)
    link_clock(velocity, position)
    group["species"] = np.array([0, 0, 1, 1], "u4")


@entry(Expected("atoms", STEPS, places(3), TIMES, EACH, ids={0: [0, 1, 2, 3], 10: [3, 0, 2, 1], 20: [2, 3, 1, 0]},
                species={0: [0, 1, 0, 1], 10: [1, 0, 0, 1], 20: [0, 1, 1, 0]},
                masses={0: [1.0, 2.0, 1.0, 2.0], 10: [2.0, 1.0, 1.0, 2.0], 20: [1.0, 2.0, 2.0, 1.0]},
                images={int(step): np.zeros((4, 3), int) for step in STEPS}), ending=".h5")
def espresso(file):
    """ESPResSo: everything with every frame, rows in an order that changes."""
    head(file, "ESPResSo")
    group = file.create_group("particles/atoms")
    ids = np.array([[0, 1, 2, 3], [3, 0, 2, 1], [2, 3, 1, 0]], "i4")
    element(box_of(group), "edges", np.array([LENGTHS] * 3), STEPS, TIMES)
    element(group, "position", places(3), STEPS, TIMES)
    element(group, "velocity", speeds(STEPS), STEPS, TIMES)
    element(group, "id", ids, STEPS, TIMES)
    element(group, "species", ids % 2, STEPS, TIMES)
    element(group, "mass", 1.0 + ids % 2, STEPS, TIMES)
    element(group, "image", np.zeros((3, 4, 3), "i4"), STEPS, TIMES)


@entry(Expected("trajectory", STEPS, places(3), TIMES, EACH,
                units={"length": "Angstrom", "time": "ps", "velocity": "Angstrom ps-1"}))
def mdanalysis(file):
    """MDAnalysis: single precision, units as text of variable length, observables beside."""
    head(file, "MDAnalysis", text=str)
    group = file.create_group("particles/trajectory")
    element(box_of(group), "edges", along(LENGTHS, 3).astype("f4"), STEPS, TIMES, "Angstrom")
    position = element(group, "position", places(3).astype("f4"), STEPS, TIMES, "Angstrom")
    position["time"].attrs["unit"] = "ps"
    velocity = group.create_group("velocity")
    velocity["value"] = speeds(STEPS).astype("f4")
    velocity["value"].attrs["unit"] = "Angstrom ps-1"
    link_clock(velocity, position)
    element(file.create_group("observables/trajectory"), "lambda", np.zeros((3, 1)), STEPS, TIMES)


@entry(Expected("colloids", np.array([100, 150, 200]), places(3), np.array([5.0, 7.5, 10.0]),
                {step: speeds([step])[0] for step in (100, 125, 150, 175, 200)}, species=[0, 0, 1, 1]), ending=".hdf5")
def pyh5md(file):
    """pyh5md: steps and times as an increment with an offset, at two rates; edges stored once as a vector."""
    head(file, "pyh5md")
    group = file.create_group("particles/colloids")
    box_of(group)["edges"] = np.array(LENGTHS)

    def fixed(name, values, increment):
        found = group.create_group(name)
        found["value"] = values
        found["step"] = increment
        found["step"].attrs["offset"] = 100
        found["time"] = increment * 0.05
        found["time"].attrs["offset"] = 5.0

    fixed("position", places(3), 50)
    fixed("velocity", speeds(range(100, 201, 25)), 25)
    group["species"] = np.array([0, 0, 1, 1], "i1")


@entry(Expected("atoms", STEPS, places(3), TIMES, EACH, species=dict.fromkeys([0, 10, 20], [8, 1, 1, 8]),
                units={"length": "Angstrom", "time": "fs", "velocity": "Angstrom/fs"}), ending=".h5")
def znh5md(file):
    """ZnH5MD: atomic numbers as species with every frame, compressed, observables of its own."""
    head(file, "ZnH5MD", text=str)
    group = file.create_group("particles/atoms")
    element(box_of(group), "edges", along(LENGTHS, 3), STEPS, TIMES)
    element(group, "position", places(3), STEPS, TIMES, "Angstrom", compression="gzip")["time"].attrs["unit"] = "fs"
    element(group, "velocity", speeds(STEPS), STEPS, TIMES, "Angstrom/fs", compression="gzip")
    element(group, "species", np.array([[8, 1, 1, 8]] * 3), STEPS, TIMES)
    element(file.create_group("observables/atoms"), "energy", np.zeros(3), STEPS, TIMES)


# Corners of the convention.

def plain(file, creator="test", frames=3, group="trajectory", velocity=True, box="vector", times=True, **storage):
    head(file, creator)
    found = file.create_group("particles/" + group)
    steps = np.arange(frames) * 10
    clock = steps * 0.5 if times else None
    if box == "vector":
        box_of(found)["edges"] = np.array(LENGTHS)
    element(found, "position", places(frames), steps, clock, **storage)
    if velocity:
        element(found, "velocity", speeds(steps), steps, clock)
    return found


@entry(Expected("trajectory", STEPS, places(3), TIMES, EACH))
def edges_vector_once(file):
    plain(file)


@entry(Expected("trajectory", STEPS, places(3), TIMES, EACH))
def edges_matrix_once(file):
    box_of(plain(file, box=None))["edges"] = along(LENGTHS)


@entry(Expected("trajectory", STEPS, places(3), TIMES, EACH))
def edges_vector_each(file):
    element(box_of(plain(file, box=None)), "edges", np.array([np.array(LENGTHS) + 2 - k for k in range(3)]), STEPS, TIMES)


@entry(Expected("trajectory", STEPS, places(3), TIMES, EACH))
def edges_matrix_each(file):
    element(box_of(plain(file, box=None)), "edges", np.array([along(np.array(LENGTHS) + 2 - k) for k in range(3)]), STEPS, TIMES)


@entry(Expected("trajectory", STEPS, places(3), TIMES, EACH))
def edges_at_their_own_rate(file):
    """A row of edges for every fifth step: the frame of step 20 has the fifth row, not the third."""
    steps = np.arange(0, 21, 5)
    element(box_of(plain(file, box=None)), "edges", np.array([np.array(LENGTHS) + 20 - step for step in steps]), steps, steps * 0.5)


@entry(Expected("trajectory", STEPS, places(3), TIMES, EACH, box=None, boundary=None))
def no_box(file):
    plain(file, box=None)


@entry(Expected("trajectory", STEPS, places(3), TIMES, EACH, box=None))
def tilted_box(file):
    matrix = along(LENGTHS)
    matrix[1, 0] = 2.0
    box_of(plain(file, box=None))["edges"] = matrix


@entry(Expected("trajectory", STEPS, places(3), TIMES, EACH, origin=(-5.0, -6.0, -7.0)))
def box_with_an_origin(file):
    box = box_of(plain(file, box=None))
    box["edges"] = np.array(LENGTHS)
    box["origin"] = -np.array(LENGTHS) / 2


@entry(Expected("trajectory", STEPS, places(3), None, EACH))
def no_times(file):
    plain(file, times=False)


@entry(Expected("trajectory", None, places(1), None, speeds([7])[0], start=None))
def stored_once(file):
    """A structure: positions and velocities without frames."""
    head(file, "test")
    group = file.create_group("particles/trajectory")
    box_of(group)["edges"] = np.array(LENGTHS)
    group["position"], group["velocity"] = places(1)[0], speeds([7])[0]


@entry(Expected("trajectory", STEPS, places(3), TIMES, {step: speeds([step])[0] for step in range(21)}))
def velocities_at_every_step(file):
    steps = np.arange(21)
    element(plain(file, velocity=False), "velocity", speeds(steps), steps, steps * 0.5)


@entry(Expected("trajectory", STEPS, places(3), TIMES, {0: speeds([0])[0], 10: speeds([10])[0]}, start=10))
def velocities_end_before_positions(file):
    element(plain(file, velocity=False), "velocity", speeds([0, 10]), [0, 10], [0.0, 5.0])


@entry(Expected("trajectory", STEPS, places(3), TIMES, {5: speeds([5])[0]}, start=None, refused="velocity"))
def velocities_at_no_step_of_positions(file):
    element(plain(file, velocity=False), "velocity", speeds([5]), [5], [2.5])


@entry(Expected("trajectory", STEPS, places(3), TIMES, EACH))
def forces_without_rows(file):
    force = plain(file).create_group("force")
    force.create_dataset("value", (0, 4, 3), "f4", maxshape=(None, 4, 3), chunks=(1, 4, 3))
    force.create_dataset("step", (0,), "i8", maxshape=(None,), chunks=(8,))


@entry(Expected("trajectory", STEPS[:2], places(2), TIMES[:2], {0: EACH[0], 10: EACH[10]}))
def rows_that_were_not_written(file):
    """Rows in advance: steps and times of the last two are fill values."""
    head(file, "test")
    group = file.create_group("particles/trajectory")
    box_of(group)["edges"] = np.array(LENGTHS)
    for name, values in (("position", places(2)), ("velocity", speeds([0, 10]))):
        found = group.create_group(name)
        found.create_dataset("value", (4, 4, 3), "f8", chunks=(4, 4, 3))[:2] = values
        found.create_dataset("step", (4,), "i8", chunks=(4,), fillvalue=-1)[:2] = [0, 10]
        found.create_dataset("time", (4,), "f8", chunks=(4,), fillvalue=-1.0)[:2] = [0.0, 5.0]


@entry(Expected("trajectory", STEPS[:2], places(2), TIMES[:2], {0: EACH[0], 10: EACH[10]}))
def rows_of_zeros_behind_the_last(file):
    """The same where fill values are 0, as by default: steps do not grow there."""
    head(file, "test")
    group = file.create_group("particles/trajectory")
    box_of(group)["edges"] = np.array(LENGTHS)
    for name, values in (("position", places(2)), ("velocity", speeds([0, 10]))):
        found = group.create_group(name)
        found.create_dataset("value", (4, 4, 3), "f8", chunks=(4, 4, 3))[:2] = values
        found.create_dataset("step", (4,), "i8", chunks=(4,))[:2] = [0, 10]
        found.create_dataset("time", (4,), "f8", chunks=(4,))[:2] = [0.0, 5.0]


@entry(Expected("trajectory", STEPS[:2], places(2), None, {0: EACH[0], 10: EACH[10]}))
def fixed_steps_of_rows_not_written(file):
    """An increment of steps tells of rows that no chunk was ever stored for."""
    head(file, "test")
    group = file.create_group("particles/trajectory")
    box_of(group)["edges"] = np.array(LENGTHS)
    for name, values in (("position", places(2)), ("velocity", speeds([0, 10]))):
        found = group.create_group(name)
        found.create_dataset("value", (5, 4, 3), "f8", chunks=(1, 4, 3))[:2] = values
        found["step"] = 10


@entry(Expected("trajectory", STEPS, places(3), TIMES, EACH, ids=[3, 1, 9, 7], species=[0, 1, 0, 1], masses=[1.0, 2.0, 1.0, 2.0]))
def rows_not_in_order_of_id(file):
    group = plain(file)
    group["id"] = np.array([3, 1, 9, 7], "u8")
    group["species"] = np.array([0, 1, 0, 1], h5py.enum_dtype({"A": 0, "B": 1}, "u1"))
    group["mass"] = np.array([1.0, 2.0, 1.0, 2.0])


@entry(Expected("trajectory", STEPS, places(3), TIMES, EACH, ids=[2**63 + 5, 1, 2, 3], refused="9223372036854775813"))
def an_id_too_large(file):
    plain(file)["id"] = np.array([2**63 + 5, 1, 2, 3], "u8")


@entry(Expected("trajectory", STEPS, np.floor(places(3)), TIMES, EACH))
def whole_positions(file):
    group = plain(file)
    del group["position"]
    element(group, "position", np.floor(places(3)).astype("i4"), STEPS, TIMES)


@entry(Expected("trajectory", STEPS, places(3, axes=2), TIMES, {int(step): speeds([step], axes=2)[0] for step in STEPS}, box=LENGTHS[:2],
                boundary=("periodic", "none")))
def a_plane(file):
    """Two axes only."""
    head(file, "test")
    group = file.create_group("particles/trajectory")
    box_of(group, ("periodic", "none"), 2)["edges"] = np.array(LENGTHS[:2])
    element(group, "position", places(3, axes=2), STEPS, TIMES)
    element(group, "velocity", speeds(STEPS, axes=2), STEPS, TIMES)


@entry(Expected("first", STEPS, places(3), TIMES, EACH, groups=("first", "second"), refused="first, second"))
def two_groups(file):
    """Nothing says which is meant."""
    plain(file, group="first")
    group = file.create_group("particles/second")
    element(group, "position", places(3), STEPS, TIMES)


@entry(Expected("solvent", STEPS, places(3), TIMES, EACH, units={"length": "sigma"}))
def soft_links(file):
    """Links by name inside the file are links like others."""
    group = plain(file, group="solvent")
    group["position/value"].attrs["unit"] = "sigma"
    del group["velocity"]
    velocity = file.create_group("stored/velocity")
    element(velocity, "rows", speeds(STEPS), STEPS, TIMES)
    group["velocity"] = h5py.SoftLink("/stored/velocity/rows")

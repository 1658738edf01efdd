"""Start files from those of other programs: the numbers that are in them, and runs that begin from them."""

import os
import subprocess
import sys

import ase
import ase.io
import gsd.hoomd
import h5py
import numpy as np
import pytest
from orrery_program import SOURCE, run_well

sys.path.insert(0, str(SOURCE / "scripts"))

import orrery

IMPORT = SOURCE / "scripts/import"
PLACES = [[0.1234567890123456, 1.5, -2.25], [1.75, -1.0, 0.5], [-3.0, 2.0, 1.0]]
SPEEDS = [[0.1, -0.2, 0.3], [1.0, 0.0, -1.0], [0.25, 0.5, 0.75]]

DATA = """LAMMPS data file via write_data, version 2 Aug 2023, timestep = 20{said}

3 atoms
2 atom types

-4.5 5.5 xlo xhi
-4 8 ylo yhi
-7.0 7.0 zlo zhi
{tilt}
Masses

1 1.5
2 4

Atoms{style}

30 2{more} -3 2 1
10 1{more} 0.1234567890123456 1.5 -2.25
20 1{more} 1.75 -1 0.5

Velocities

10 0.1 -0.2 0.3
20 1 0 -1
30 0.25 0.5 0.75
"""
DUMP = """ITEM: UNITS
{units}
ITEM: TIME
0.5
ITEM: TIMESTEP
100
ITEM: NUMBER OF ATOMS
3
ITEM: BOX BOUNDS pp ff pp
-4.5 5.5
-4 8
-7 7
ITEM: ATOMS id type mass x y z vx vy vz
30 2 4 9 9 9 0 0 0
10 1 1.5 9 9 9 0 0 0
20 1 1.5 9 9 9 0 0 0
ITEM: TIME
1.5
ITEM: TIMESTEP
300
ITEM: NUMBER OF ATOMS
3
ITEM: BOX BOUNDS pp ff pp
-4.5 5.5
-4 8
-7 7
ITEM: ATOMS id type mass x y z vx vy vz
20 1 1.5 1.75 -1 0.5 1 0 -1
30 2 4 -3 2 1 0.25 0.5 0.75
10 1 1.5 0.1234567890123456 1.5 -2.25 0.1 -0.2 0.3
"""
GRO = """made by hand, t= 2.5
3
    1SOL     OW    1   0.123   1.500   2.250  0.1000 -0.2000  0.3000
    1SOL    HW1    2   1.750   1.000   0.500  1.0000  0.0000 -1.0000
    1SOL    HW2    3   3.000   2.000   1.000  0.2500  0.5000  0.7500
   4.00000   5.00000   6.00000
"""
PDB = """CRYST1   40.000   50.000   60.000  90.00  90.00  90.00 P 1           1
ATOM      5  O   SOL A   1       1.234  15.000  22.500  1.00  0.00           O
ATOM      7  H   SOL A   1      17.500  10.000   5.000  1.00  0.00           H
ATOM      6  H   SOL A   1      30.000  20.000  10.000  1.00  0.00           H
END
"""


def imported(path, *arguments, notes=None):
    """Makes a start file; returns what is in it."""
    done = subprocess.run([IMPORT, path, "--output", path.parent / "start.h5md", "--overwrite", *map(str, arguments)], text=True,
                          capture_output=True, timeout=100)
    assert done.returncode == 0, done.stderr
    assert all(line.startswith("import: note: ") for line in done.stderr.splitlines()), done.stderr
    if notes is not None:
        assert notes in done.stderr
    with h5py.File(path.parent / "start.h5md") as file:
        group = file["particles/trajectory"]
        found = {name: group[name][()] if isinstance(group[name], h5py.Dataset) else group[f"{name}/value"][0]
                 for name in group if name != "box"}
        found["boundary"] = [name.decode() for name in group["box"].attrs["boundary"]]
        found["origin"] = list(group["box"].attrs.get("origin", np.zeros(3)))
        found["edges"] = group["box/edges/value"][0] if "edges" in group["box"] else None
        found["units"] = [element.attrs.get("unit", "") for element in (group["position/value"], group["velocity/value"])]
        found["step"] = int(group["position/step"][0])
        found["time"] = float(group["position/time"][0]) if "time" in group["position"] else None
        if "species" in group:
            names = {number: name for name, number in h5py.check_enum_dtype(group["species"].dtype).items()}
            found["names"] = [names[number] for number in found["species"].tolist()]
    return found


def refused(code, word, path, *arguments, **keywords):
    before = sorted(path.parent.iterdir()) if path.parent.is_dir() else None
    done = subprocess.run([IMPORT, path, *map(str, arguments)], text=True, capture_output=True, timeout=100, **keywords)
    assert done.returncode == code, done.stderr
    assert done.stderr.startswith("import: ") and done.stderr.count("\n") == 1 and word in done.stderr, done.stderr
    assert before is None or sorted(path.parent.iterdir()) == before


def assert_three(found, places=PLACES, speeds=SPEEDS, rounding=0):
    np.testing.assert_array_equal(found["position"], places)
    np.testing.assert_allclose(found["velocity"], speeds, rtol=rounding, atol=0)


def text(tmp_path, name, content, **words):
    (tmp_path / name).write_text(content.format(**words) if words else content)
    return tmp_path / name


@pytest.mark.parametrize("style, more", [(" # atomic", ""), ("", ""), (" # charge", " 0.5"), (" # molecular", " 1"),
                                         (" # full", " 1 0.5"), (" # sphere", " 1.0 2.0")])
def test_data_of_lammps(tmp_path, style, more):
    if style in (" # molecular", " # full"):  # the number of the molecule stands before the type
        content = DATA.replace("30 2{more}", "30 1 2{more}").replace("10 1{more}", "10 1 1{more}").replace("20 1{more}", "20 1 1{more}")
        more = more.replace(" 1", "", 1)
    else:
        content = DATA
    found = imported(text(tmp_path, "a.data", content, style=style, more=more, said="", tilt=""), notes="--units")
    if "sphere" in style:
        np.testing.assert_allclose(found["position"], PLACES, rtol=1e-7)
    else:
        assert_three(found, rounding=3e-16)
    assert found["id"].tolist() == [10, 20, 30] and found["names"] == ["1", "1", "2"] and found["mass"].tolist() == [1.5, 1.5, 4]
    assert found["origin"] == [-4.5, -4, -7] and np.diag(found["edges"]).tolist() == [10, 12, 14]
    assert found["boundary"] == ["periodic"] * 3 and found["units"] == ["", ""]


def test_units_are_named_and_never_converted(tmp_path):
    """Those of a data file by the user, or by the file itself."""
    plain = text(tmp_path, "a.data", DATA, style="", more="", said="", tilt="")
    for units, names in (("lj", ["", ""]), ("metal", ["Angstrom", "Angstrom ps-1"]), ("real", ["Angstrom", "Angstrom fs-1"]),
                         ("nm ps", ["nm", "nm ps-1"])):
        found = imported(plain, "--units", units)
        assert_three(found, rounding=3e-16)
        assert found["units"] == names
    told = text(tmp_path, "b.data", DATA, style="", more="", said=", units = metal", tilt="")
    assert imported(told)["units"] == ["Angstrom", "Angstrom ps-1"]
    refused(64, "not converted", told, "--output", tmp_path / "c.h5md", "--units", "lj")
    refused(64, "--units", plain, "--output", tmp_path / "c.h5md", "--units", "furlong")


@pytest.mark.parametrize("units, names", [("lj", ["", ""]), ("real", ["Angstrom", "Angstrom fs-1"])])
def test_dump_of_lammps(tmp_path, units, names):
    path = text(tmp_path, "a@0.lammpstrj", DUMP, units=units)
    found = imported(path)
    assert_three(found)
    assert found["id"].tolist() == [10, 20, 30] and found["names"] == ["1", "1", "2"] and found["mass"].tolist() == [1.5, 1.5, 4]
    assert found["origin"] == [-4.5, -4, -7] and found["boundary"] == ["periodic", "none", "periodic"]
    assert (found["step"], found["time"], found["units"]) == (300, 1.5, names)
    assert imported(path, "--frame", 0)["position"].tolist() == [[9, 9, 9]] * 3
    refused(65, "no frame 2", path, "--output", tmp_path / "c.h5md", "--frame", 2)


def test_dump_of_lammps_in_fractions_of_the_box(tmp_path):
    content = DUMP.split("ITEM: TIME\n1.5")[0].replace("x y z vx vy vz", "xs ys zs").replace("9 9 9 0 0 0", "0.5 0.25 0.75")
    found = imported(text(tmp_path, "dump.melt", content, units="lj"), notes="no velocities")
    assert found["position"].tolist() == [[0.5, -1, 3.5]] * 3 and not found["velocity"].any()


def test_gro(tmp_path):
    found = imported(text(tmp_path, "a.gro", GRO))
    assert found["position"].tolist() == [[0.123, 1.5, 2.25], [1.75, 1, 0.5], [3, 2, 1]] and found["velocity"].tolist() == SPEEDS
    assert found["id"].tolist() == [1, 2, 3] and found["units"] == ["nm", "nm ps-1"] and found["names"] == ["O", "H", "H"]
    assert np.diag(found["edges"]).tolist() == [4, 5, 6] and found["boundary"] == ["periodic"] * 3
    np.testing.assert_allclose(found["mass"], [16, 1, 1], rtol=0.01)


def test_pdb(tmp_path):
    found = imported(text(tmp_path, "a.pdb", PDB))
    assert found["id"].tolist() == [5, 6, 7]
    assert found["position"].tolist() == [[1.234, 15, 22.5], [30, 20, 10], [17.5, 10, 5]]
    assert found["units"][0] == "Angstrom" and np.diag(found["edges"]).tolist() == [40, 50, 60]


@pytest.mark.parametrize("dimensions", [3, 2])
def test_gsd(tmp_path, dimensions):
    snapshot = gsd.hoomd.Snapshot() if hasattr(gsd.hoomd, "Snapshot") else gsd.hoomd.Frame()
    snapshot.particles.N = 3
    places, speeds = (np.array(values, "f4") * [1, 1, dimensions == 3] for values in (PLACES, SPEEDS))
    snapshot.particles.position, snapshot.particles.velocity = places, speeds
    snapshot.particles.types, snapshot.particles.typeid, snapshot.particles.mass = ["A", "B"], [0, 1, 0], [1, 2.5, 1]
    snapshot.configuration.box, snapshot.configuration.step = [10, 12, 14 if dimensions == 3 else 0, 0, 0, 0], 77
    snapshot.configuration.dimensions = dimensions
    with gsd.hoomd.open(str(tmp_path / "a.gsd"), "wb") as file:
        file.append(snapshot)
    found = imported(tmp_path / "a.gsd", "--units", "lj")
    assert_three(found, places.astype("f4"), speeds.astype("f4"))
    assert found["names"] == ["A", "B", "A"] and found["mass"].tolist() == [1, 2.5, 1] and found["step"] == 77
    assert found["origin"][:2] == [-5, -6] and np.diag(found["edges"])[:2].tolist() == [10, 12] and found["units"] == ["", ""]
    assert found["boundary"] == ["periodic", "periodic", "periodic" if dimensions == 3 else "none"]


def test_xyz_plain_and_extended(tmp_path):
    rows = [" ".join(["Ar", *map(repr, place), *map(repr, speed)]) for place, speed in zip(PLACES, SPEEDS)]
    comment = 'Lattice="10 0 0 0 12 0 0 0 14" Properties=species:S:1:pos:R:3:velo:R:3 pbc="T T F" Origin="-5 -6 -7"'
    found = imported(text(tmp_path, "a.xyz", "\n".join(["3", comment, *rows]) + "\n"), notes="--units")
    assert_three(found)
    assert found["boundary"] == ["periodic", "periodic", "none"] and found["origin"] == [-5, -6, -7] and found["units"] == ["", ""]
    rows = [" ".join(["Ar", *map(repr, place)]) for place in PLACES]
    found = imported(text(tmp_path, "b.xyz", "\n".join(["3", "a comment", *rows]) + "\n"), "--units", "nm ps", notes="no box")
    np.testing.assert_array_equal(found["position"], PLACES)
    assert found["edges"] is None and found["boundary"] == ["none"] * 3 and found["units"] == ["nm", "nm ps-1"]


def test_xyz_with_names_that_are_no_elements(tmp_path):
    """Such as the types that LAMMPS writes."""
    found = imported(text(tmp_path, "a.xyz", "3\nAtoms. Timestep: 0\n2 0.125 1.5 -2.25\n1 1.75 -1 0.5\n1 -3 2 1\n"), notes="--units")
    assert found["position"].tolist() == [[0.125, 1.5, -2.25], [1.75, -1, 0.5], [-3, 2, 1]]
    assert found["names"] == ["2", "1", "1"] and found["units"] == ["", ""] and found["edges"] is None


def test_what_else_ase_reads(tmp_path):
    """Velocities of ASE, in units of angstrom, eV and u, become angstrom per picosecond."""
    atoms = ase.Atoms("HeNeAr", PLACES, cell=[10, 12, 14], pbc=True)
    atoms.set_velocities(np.array(SPEEDS) * ase.units.Ang / (1000 * ase.units.fs))
    ase.io.write(tmp_path / "a.traj", atoms)
    found = imported(tmp_path / "a.traj")
    assert_three(found, rounding=1e-14)
    assert found["units"] == ["Angstrom", "Angstrom ps-1"] and found["names"] == ["He", "Ne", "Ar"]
    np.testing.assert_allclose(found["mass"], atoms.get_masses())


def test_triclinic_boxes_are_refused_with_a_word(tmp_path):
    tilted = text(tmp_path, "a.data", DATA, style="", more="", said="", tilt="1.5 0 0 xy xz yz")
    refused(65, "triclinic", tilted)
    refused(65, "triclinic", text(tmp_path, "b.pdb", PDB.replace("90.00  90.00  90.00", "90.00  60.00  90.00")))
    refused(65, "triclinic", text(tmp_path, "c.gro", GRO.replace("6.00000\n", "6.00000 0 0 1.0 0 0 0\n")))


def test_errors_are_one_line_and_leave_nothing(tmp_path):
    data = text(tmp_path, "a.data", DATA, style="", more=" 0.5", said="", tilt="")
    refused(64, "--atom-style", data)
    refused(65, "cannot be read", text(tmp_path, "b.data", "nothing of the kind\n"), "--atom-style", "atomic")
    refused(65, "cannot be read", text(tmp_path, "b.what", "nothing of the kind\n"))
    refused(65, "finite", text(tmp_path, "c.xyz", "1\n\nAr 1 nan 2\n"))
    refused(65, "no such file", tmp_path / "none.gro")
    os.mkfifo(tmp_path / "pipe.gro")
    for arguments in ([], ["--format", "mdanalysis"]):
        refused(65, "not a regular file", tmp_path / "pipe.gro", *arguments)
    refused(64, "needs no import", text(tmp_path, "d.h5md", "anything"), "--output", tmp_path / "e.h5md")
    refused(64, "suffix", data, "--output", tmp_path / "e.csv")
    refused(74, "cannot be written", text(tmp_path, "f.gro", GRO), "--output", tmp_path / "no/e.h5md")
    (tmp_path / "f.h5md").write_text("mine")
    refused(74, "--overwrite", tmp_path / "f.gro")
    assert (tmp_path / "f.h5md").read_text() == "mine"


def test_without_a_library_it_says_which(tmp_path):
    (tmp_path / "hidden").mkdir()
    for module in ("ase", "MDAnalysis", "gsd"):
        (tmp_path / f"hidden/{module}.py").write_text(f"raise ImportError('hidden', name='{module}')\n")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "hidden")}
    refused(69, "python3-ase", text(tmp_path, "a.dump", DUMP, units="lj"), env=environment)
    refused(69, "python3-mdanalysis", text(tmp_path, "a.gro", GRO), env=environment)
    refused(69, "python3-gsd", text(tmp_path, "a.gsd", "anything"), env=environment)


@pytest.mark.parametrize("kind", ["data", "dump", "gro", "xyz"])
def test_a_run_starts_from_it(tmp_path, kind):
    """From every kind, with a box from 0, so that positions in the run are those of the file."""
    rows = [f"{number + 1} 1 {x} {y} {z}" for number, (x, y, z) in enumerate([(1, 2, 3), (4.5, 2, 3), (1, 6, 7.25)])]
    box = "0 10 xlo xhi\n0 12 ylo yhi\n0 14 zlo zhi\n"
    content = {
        "data": "made by hand\n\n3 atoms\n1 atom types\n\n" + box + "\nMasses\n\n1 1\n\nAtoms # atomic\n\n" + "\n".join(rows) + "\n",
        "dump": "ITEM: TIMESTEP\n7\nITEM: NUMBER OF ATOMS\n3\nITEM: BOX BOUNDS pp pp pp\n0 10\n0 12\n0 14\nITEM: ATOMS id type x y z\n"
                + "\n".join(rows) + "\n",
        "gro": "made by hand\n3\n    1A        A    1   1.000   2.000   3.000\n    1A        A    2   4.500   2.000   3.000\n"
               "    1A        A    3   1.000   6.000   7.250\n  10.00000  12.00000  14.00000\n",
        "xyz": '3\nLattice="10 0 0 0 12 0 0 0 14"\n' + "\n".join(f"Ar {row.split(' ', 2)[2]}" for row in rows) + "\n",
    }[kind]
    start = text(tmp_path, f"a.{kind}", content)
    imported(start)
    run_well("run", "--law.name", "lennard-jones", "--particles.source", "file", "--particles.file", "start.h5md", "--box.lengths",
             "10,12,14", "--time.step", 0.001, "--time.steps", 2, "--output.file", "out.h5md", "--run.quiet", cwd=tmp_path)
    with orrery.open(tmp_path / "out.h5md") as run:
        assert run[0].position.tolist() == [[1, 2, 3], [4.5, 2, 3], [1, 6, 7.25]] and not run[0].velocity.any()
        assert run.ids.tolist() == ([0, 1, 2] if kind == "xyz" else [1, 2, 3])

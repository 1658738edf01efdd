"""Frames as extended XYZ and CSV: bits are kept, ASE and pandas-like readers read them back, and so does a run."""

import csv
import subprocess
import sys

import ase.io
import h5py
import numpy as np
import pytest
from h5md_files import places, plain, write
from orrery_program import SOURCE, run_well

sys.path.insert(0, str(SOURCE / "scripts"))

import orrery

GROUP = "particles/trajectory"


def export(*arguments, **keywords):
    return subprocess.run([SOURCE / "scripts/export", *map(str, arguments)], capture_output=True, text=True, timeout=100, **keywords)


def export_well(*arguments, **keywords):
    done = export(*arguments, **keywords)
    assert done.returncode == 0 and done.stderr == "", done.stderr


@pytest.fixture(scope="module", params=["double", "single"])
def liquid(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("liquid")
    run_well("run", "--law.name", "lennard-jones", "--lennard-jones.cutoff", 2.5, "--particles.source", "lattice", "--particles.cells", 4,
             "--particles.density", 0.8, "--particles.temperature", 1.5, "--time.step", 0.004, "--time.steps", 20, "--output.every", 10,
             "--output.precision", request.param, "--output.file", "run.h5md", "--run.quiet", cwd=folder)
    return folder / "run.h5md"


def test_a_run_from_csv_has_the_bits_of_the_frame(tmp_path, liquid):
    export_well(liquid, "--output", "frame.csv", cwd=tmp_path)
    with orrery.open(liquid) as run:
        last = run[-1]
        rows = list(csv.DictReader(open(tmp_path / "frame.csv")))
        assert list(rows[0]) == ["id", "x", "y", "z", "vx", "vy", "vz"]
        for names, expected in ((("x", "y", "z"), last.position), (("vx", "vy", "vz"), last.velocity)):
            np.testing.assert_array_equal([[float(row[name]) for name in names] for row in rows], expected)
        lengths = ",".join(map(repr, np.diag(last.edges).tolist()))
        expected = last.position
    run_well("run", "--law.name", "lennard-jones", "--lennard-jones.cutoff", 2.5, "--particles.source", "file", "--particles.file", "frame.csv",
             "--box.lengths", lengths, "--time.step", 0.004, "--time.steps", 1, "--output.file", "again.h5md", "--run.quiet", cwd=tmp_path)
    with orrery.open(tmp_path / "again.h5md") as run:
        # A place on the upper face is the same as one on the lower.
        np.testing.assert_array_equal(np.where(expected == np.float64(lengths.split(",")[0]), 0, expected), run[0].position)
        np.testing.assert_array_equal(run.ids, np.arange(256))


def test_ase_reads_the_frames_back(tmp_path, liquid):
    export_well(liquid, "--output", "frames.xyz", "--frames", "all", cwd=tmp_path)
    found = ase.io.read(tmp_path / "frames.xyz", ":")
    with orrery.open(liquid) as run:
        assert len(found) == len(run) == 3
        for frame, atoms in zip(run, found):
            np.testing.assert_array_equal(atoms.get_positions(), frame.position)
            np.testing.assert_array_equal(atoms.arrays["velo"], frame.velocity)
            np.testing.assert_array_equal(atoms.arrays["id"], run.ids)
            np.testing.assert_array_equal(atoms.get_cell(), frame.edges)
            assert atoms.get_pbc().all() and atoms.info["Time"] == frame.time and atoms.info["Step"] == frame.step


def test_frames_in_the_plane(tmp_path):
    (tmp_path / "p.csv").write_text("x,y,vx,vy\n9,5,1,0.3\n3,2,-1,-1.2\n")
    run_well("run", "--law.name", "soft-disc", "--particles.source", "file", "--particles.file", "p.csv", "--box.lengths", "10,12",
             "--time.step", 0.01, "--time.steps", 30, "--output.every", 10, "--output.file", "p.h5md", "--run.quiet", cwd=tmp_path)
    export_well("p.h5md", "--output", "two.csv", "--frames", "1-2", cwd=tmp_path)
    rows = list(csv.DictReader(open(tmp_path / "two.csv")))
    assert list(rows[0]) == ["frame", "step", "time", "id", "x", "y", "vx", "vy"]
    assert [(row["frame"], row["step"], row["id"]) for row in rows] == [("1", "10", "0"), ("1", "10", "1"), ("2", "20", "0"), ("2", "20", "1")]
    export_well("p.h5md", "--output", "p.xyz", cwd=tmp_path)
    atoms = ase.io.read(tmp_path / "p.xyz")
    assert atoms.get_pbc().tolist() == [True, True, False] and atoms.get_positions()[:, 2].tolist() == [0, 0]
    assert np.diag(atoms.get_cell())[:2].tolist() == [10, 12]


def test_files_of_other_programs(tmp_path):
    """With two axes, names of species, masses, a tilted box, an origin, and velocities that not every frame has."""
    export_well(write("a-plane", tmp_path), "--output", tmp_path / "plane.xyz")
    assert ase.io.read(tmp_path / "plane.xyz").get_positions().tolist() == np.c_[places(3, axes=2)[2], np.zeros(4)].tolist()
    with h5py.File(tmp_path / "named.h5md", "w") as file:
        group = plain(file)
        group["species"] = np.array([0, 1, 1, 0], h5py.enum_dtype({"Ar": 0, "Kr": 1}, "i4"))
        group["mass"] = [39.9, 83.8, 83.8, 39.9]
    export_well(tmp_path / "named.h5md", "--output", tmp_path / "named.xyz")
    atoms = ase.io.read(tmp_path / "named.xyz")
    assert atoms.get_chemical_symbols() == ["Ar", "Kr", "Kr", "Ar"] and atoms.get_masses().tolist() == [39.9, 83.8, 83.8, 39.9]
    export_well(write("tilted-box", tmp_path), "--output", tmp_path / "tilted.xyz")
    assert ase.io.read(tmp_path / "tilted.xyz").get_cell()[1].tolist() == [2, 12, 0]
    export_well(write("box-with-an-origin", tmp_path), "--output", tmp_path / "origin.xyz")
    assert ase.io.read(tmp_path / "origin.xyz").info["Origin"].tolist() == [-5, -6, -7]
    export_well(write("no-box", tmp_path), "--output", tmp_path / "open.xyz")
    assert not ase.io.read(tmp_path / "open.xyz").get_pbc().any()
    export_well(write("gromacs", tmp_path), "--output", tmp_path / "some.csv", "--frames", "all")
    assert (tmp_path / "some.csv").read_text().splitlines()[0] == "frame,step,time,id,x,y,z,mass"
    export_well(write("gromacs", tmp_path), "--output", tmp_path / "one.csv", "--frames", "2")
    assert (tmp_path / "one.csv").read_text().splitlines()[0] == "id,x,y,z,vx,vy,vz,mass"


def test_nothing_is_overwritten_unasked_and_errors_are_one_line(tmp_path):
    path = write("lammps", tmp_path)
    output = tmp_path / "a.csv"
    output.write_text("mine\n")
    cases = [(74, [path, "--output", output]), (64, [path]), (64, [path, "--output", "a.txt"]), (64, [path, "--output", "x.csv", "--frames", "3"]),
             (64, [path, "--output", "x.csv", "--frames", "last"]), (65, [tmp_path / "none.h5md", "--output", "x.csv"]),
             (74, [path, "--output", tmp_path / "no/x.csv"]), (64, [path, "--output", path]),
             (65, [write("two-groups", tmp_path), "--output", "x.csv"])]
    for code, arguments in cases:
        done = export(*arguments, cwd=tmp_path)
        assert done.returncode == code and done.stderr.startswith("export: ") and done.stderr.count("\n") == 1, (arguments, done.stderr)
    assert output.read_text() == "mine\n"
    export_well(path, "--output", output, "--overwrite")
    export_well(write("two-groups", tmp_path), "--output", tmp_path / "g.csv", "--group", "second")
    assert output.read_text().startswith("id,x,y,z,vx") and not [name for name in tmp_path.iterdir() if ".part" in name.name]

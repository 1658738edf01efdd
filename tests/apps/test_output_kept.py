"""What is refused before the first step is refused before anything is created, and a dry run refuses it in the same words."""

import random

import h5py
import pytest
from orrery_program import run, run_well

DISCS = ["--law.name", "soft-disc", "--particles.source", "file", "--box.lengths", "40,40", "--box.boundary", "reflect", "--time.step", "0.001",
         "--time.steps", 10]
PAIRS = ["--law.name", "lennard-jones", "--particles.source", "file", "--box.lengths", 10, "--time.step", "0.001", "--time.steps", 10]


def heap():
    """Five thousand discs that all touch each other, in a box that holds many more."""
    chance = random.Random(3)
    return "x,y,vx,vy\n" + "".join(f"{20 + chance.uniform(0, 0.3)!r},{20 + chance.uniform(0, 0.3)!r},0,0\n" for _ in range(5000))


REFUSED = {
    "outside": (65, "outside of the box", DISCS, "x,y,vx,vy\n1,1,0,0\n5,41,0,0\n"),
    "too fast": (1, "begins with a velocity of 9000, which takes it farther than the cut-off", PAIRS, "x,y,z,vx,vy,vz\n1,1,1,0,0,0\n5,5,5,0,9000,0\n"),
    "kicked too far": (1, "moves farther than the cut-off 2.5 in step 1", ["0.02" if word == "0.001" else word for word in PAIRS],
                       "x,y,z,vx,vy,vz\n5,5,5,0,0,0\n5,5,5.6,0,0,0\n"),
    "too near": (1, "comes within 1e-05 of particle", PAIRS, "x,y,z,vx,vy,vz\n5,5,5,0,0,0\n5,5,5.00001,0,0,0\n"),
    "too many neighbours": (78, "a particle has 4999 neighbours at step 0", DISCS, heap()),
}


@pytest.mark.parametrize("ranks", [None, 2])
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_leaves_all_files_as_they_were(tmp_path, name, ranks):
    code, message, settings, rows = REFUSED[name]
    (tmp_path / "good.csv").write_text("x,y,z,vx,vy,vz\n1,1,1,0,0,0\n" if "lennard-jones" in settings else "x,y,vx,vy\n1,1,0,0\n")
    (tmp_path / "bad.csv").write_text(rows)
    common = ["run", *settings, "--run.threads", 1, "--output.file", "run.h5md", "--output.xdmf", "--run.log", "run.log", "--run.profile", "run.json"]
    run_well(*common, "--particles.file", "good.csv", cwd=tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert before.keys() == {"good.csv", "bad.csv", "run.h5md", "run.xdmf2", "run.log", "run.json"}
    said = []
    for dry in (False, True):
        result = run(*common, "--particles.file", "bad.csv", "--output.overwrite", f"--run.dry-run={str(dry).lower()}", ranks=ranks, cwd=tmp_path)
        assert result.returncode == code, result.stderr
        said.append(next(line for line in result.stderr.splitlines() if message in line))
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert said[0] == said[1]
    with h5py.File(tmp_path / "run.h5md") as file:
        assert file["run/valid_frames"][()] == 2


def test_who_would_be_too_fast_may_stand_still(tmp_path):
    """A run of no steps takes what its first step would not."""
    _, _, settings, rows = REFUSED["kicked too far"]
    (tmp_path / "near.csv").write_text(rows)
    run_well("run", *settings[:-2], "--time.end", 0, "--particles.file", "near.csv", "--output.file", "run.h5md", "--run.quiet", cwd=tmp_path)
    with h5py.File(tmp_path / "run.h5md") as file:
        assert file["particles/trajectory/position/value"][0, 1, 2] == pytest.approx(5.6)

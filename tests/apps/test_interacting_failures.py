"""Particles that act on each other, when it goes wrong: who, where, when, and what is left."""

import re

import h5py
import numpy as np
import pytest
from orrery_program import run, run_well

COMMON = ["--law.name", "lennard-jones", "--particles.source", "file", "--run.quiet"]


@pytest.mark.parametrize("skin", ["1e3", "1.7976931348623157e308"])
def test_a_skin_beyond_the_box_is_refused(tmp_path, skin):
    given = ["--law.name", "attraction", "--particles.source", "random", "--particles.count", "40", "--box.lengths", "8", "--box.boundary", "open",
             "--time.step", "1e-3", "--time.steps", "2", "--output.file", "a.h5md", "--run.threads", "1"]
    result = run("run", *given, "--neighbour.skin", skin, cwd=tmp_path)
    assert result.returncode == 64, result.stderr
    assert "is more than the box is long (8) and more than the cut-off (1)" in result.stderr and not list(tmp_path.iterdir())
    assert run("run", *given, "--neighbour.skin", "8", cwd=tmp_path).returncode == 0


def table(path, rows, columns="id,x,y,z,vx,vy,vz"):
    path.write_text(columns + "\n" + "".join(",".join(map(repr, row)) + "\n" for row in rows))
    return path


@pytest.mark.parametrize("ranks", [None, 2, 5])
def test_the_id_the_rank_and_the_last_good_frame_are_named(tmp_path, ranks):
    """Two particles that meet head-on, far from others, whose ids are not those of their rows; frames go on until they do."""
    rows = [(1000 + 7 * i, 1.5 + 2 * (i % 5), 1.5 + 2 * (i // 5), 1, 0, 0, 0) for i in range(20)]
    rows += [(7_000_000_000, 20, 2, 7.5, 58, 0, 0), (3, 79.9, 2, 7.5, -58, 0, 0)]
    path = tmp_path / "run.h5md"
    result = run("run", *COMMON, "--particles.file", table(tmp_path / "in.csv", rows), "--box.lengths", 100, 10, 10, "--time.step", 0.005,
                 "--time.steps", 200, "--output.every", 5, "--output.file", path, ranks=ranks)
    assert result.returncode == 1, result.stderr
    said = [line for line in result.stderr.splitlines() if "comes within" in line or "moves farther" in line]
    assert said, result.stderr
    for line in said:
        who, step = re.search(r"particle (\d+) at \(", line)[1], int(re.search(r"in step (\d+)", line)[1])
        assert who in ("7000000000", "3"), line
        assert ranks is None or re.search(r"ranks?\b.*: ", line), line
        frame, of_step, file = re.search(r"the last good frame is (\d+), of step (\d+), in (\S+)", line).groups()
        assert file == str(path) and int(of_step) == 5 * int(frame) and int(of_step) == (step - 1) // 5 * 5 > 50, line
    with h5py.File(path) as file:
        assert file["run/valid_frames"][()] == int(frame) + 1
        assert file["particles/trajectory/position/step"][int(frame)] == int(of_step)
    assert run_well("info", path, "--verify").returncode == 0


def test_the_last_good_frame_is_in_the_file_however_large(tmp_path):
    """It is on its way when the next step fails."""
    path = tmp_path / "run.h5md"
    result = run("run", "--law.name", "lennard-jones", "--particles.source", "lattice", "--particles.cells", 14, "--particles.density", 0.84,
                 "--particles.temperature", 1, "--time.step", 0.08, "--time.steps", 50, "--output.every", 1, "--output.file", path,
                 "--run.quiet", ranks=3)
    assert result.returncode == 1, result.stderr
    frame, of_step = map(int, re.search(r"the last good frame is (\d+), of step (\d+)", result.stderr).groups())
    failed = max(map(int, re.findall(r"in step (\d+)", result.stderr)))
    assert frame == of_step and failed - 2 <= frame < failed, result.stderr
    with h5py.File(path) as file:
        assert file["run/valid_frames"][()] == frame + 1
    run_well("info", path, "--verify")


@pytest.mark.parametrize("boundary, lengths", [("reflect", (0.5, 9, 9)), ("reflect,periodic,open", (0.5, 9, 9))])
def test_nobody_is_thrown_out_of_a_box_by_its_walls(tmp_path, boundary, lengths):
    """A step longer than the way from wall to wall ends the run; one that is not leaves everybody inside."""
    common = ["run", *COMMON, "--box.lengths", *lengths, "--box.boundary", boundary, "--time.step", 0.01, "--time.steps", 100,
              "--output.every", 1, "--output.file", tmp_path / "run.h5md"]
    result = run(*common, "--particles.file", table(tmp_path / "fast.csv", [(12, 0.3, 4, 4, 51, 0, 0)]))
    assert result.returncode == 1 and "particle 12 " in result.stderr and "from wall to wall, 0.5" in result.stderr, result.stderr
    run_well(*common, "--output.overwrite", "--particles.file", table(tmp_path / "slow.csv", [(12, 0.3, 4, 4, 49, 0, 0)]))
    with h5py.File(tmp_path / "run.h5md") as file:
        x = file["particles/trajectory/position/value"][:, 0, 0]
    assert x.min() >= 0 and x.max() <= 0.5
    unfolded = 0.3 + 0.49 * np.arange(101)
    np.testing.assert_allclose(x, 0.5 - np.abs(0.5 - unfolded % 1.0), rtol=0, atol=1e-10)


@pytest.mark.parametrize("place, name", [((11, 1, 1), "11"), ((1, -0.5, 1), "-0.5"), ((1, 1, 10.25), "10.25")])
def test_who_begins_outside_of_the_box_is_named(tmp_path, place, name):
    rows = [(40, 5, 5, 5, 0, 0, 0), (77, *place, 0, 0, 0)]
    result = run("run", *COMMON, "--particles.file", table(tmp_path / "in.csv", rows), "--box.lengths", 10, "--box.boundary", "reflect",
                 "--time.step", 0.001, "--time.steps", 2, "--output.file", tmp_path / "run.h5md", ranks=2)
    assert result.returncode == 65, result.stderr
    assert f"particle 77 begins at {name}, outside of the box" in result.stderr, result.stderr

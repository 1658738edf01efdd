"""Start files and trajectories of other programs, of hostile ones, and of our own in a user's shell: run, info, watch, distances."""

import json
import os
import subprocess

import h5md_files
import h5py
import numpy as np
import pytest
from orrery_program import command, run

DAMAGED = 65


def in_a_clean_shell(*arguments, locking=None, timeout=60):
    """Runs `orrery` without a word about locks in the environment (`orrery_program` sees to that), or with the one given."""
    return run(*arguments, timeout=timeout, environment=None if locking is None else {"HDF5_USE_FILE_LOCKING": locking})


@pytest.mark.parametrize("locking", [None, "TRUE", "FALSE", "BEST_EFFORT"])
def test_a_run_goes_on_from_its_own_file(tmp_path, locking):
    """A law of pairs looks at the species of its start file too: one process opens it several times."""
    common = ["run", "--law.name", "soft-disc", "--box.lengths", "20,20,20", "--time.step", 0.001, "--time.steps", 2, "--run.quiet",
              "--run.threads", 1]
    first = in_a_clean_shell(*common, "--particles.source", "random", "--particles.count", 50, "--particles.min-distance", 1,
                             "--output.file", tmp_path / "a.h5md", locking=locking)
    assert (first.returncode, first.stderr) == (0, "")
    second = in_a_clean_shell(*common, "--particles.source", "file", "--particles.file", tmp_path / "a.h5md",
                              "--output.file", tmp_path / "b.h5md", locking=locking)
    assert (second.returncode, second.stderr) == (0, "")


@pytest.mark.parametrize("ending", ["csv", "h5md"])
def test_a_pipe_is_no_start_file(tmp_path, ending):
    pipe = tmp_path / f"pipe.{ending}"
    os.mkfifo(pipe)
    result = in_a_clean_shell("run", "--particles.source", "file", "--particles.file", pipe, "--output.file", tmp_path / "b.h5md",
                              timeout=10)
    assert result.returncode == DAMAGED and "it is a pipe, not a regular file" in result.stderr
    assert not (tmp_path / "b.h5md").exists()


def test_a_pipe_is_a_configuration_only_where_a_shell_made_it(tmp_path):
    pipe = tmp_path / "pipe.ini"
    os.mkfifo(pipe)
    result = in_a_clean_shell("run", pipe, timeout=10)
    assert result.returncode == 78 and "it is a pipe" in result.stderr
    reading, writing = os.pipe()
    os.write(writing, b"[particles]\ncount = 3\n")
    os.close(writing)
    result = subprocess.run([*command(["run", f"/dev/fd/{reading}", "--run.dry-run"])], pass_fds=[reading], capture_output=True,
                            text=True, timeout=20)
    os.close(reading)
    assert result.returncode == 0 and "count = 3" in result.stdout


def told(path, *options, code=0):
    """What `orrery info` says, as an object."""
    result = in_a_clean_shell("info", path, "--json", *options)
    assert result.returncode == code, result.stdout + result.stderr
    return json.loads(result.stdout)


def group_of(expected, option):
    return [option, expected.group] if expected.groups else []


@pytest.mark.parametrize("name", h5md_files.FILES)
def test_info_knows_files_of_other_programs(tmp_path, name):
    expected = h5md_files.FILES[name].expected
    path = h5md_files.write(name, tmp_path)
    problems = ["too large"] if name == "an-id-too-large" else []
    about = told(path, "--verify", *group_of(expected, "--group"), code=DAMAGED if problems else 0)
    assert about["group"] == "/particles/" + expected.group
    assert len(about["problems"]) == len(problems) and all(text in problem for text, problem in zip(problems, about["problems"]))
    assert about["particles"] == len(expected.positions[-1]) and about["dimensions"] == len(expected.positions[-1][0])
    assert about["frames"]["valid"] == len(expected.positions)
    assert about["frames"]["steps"] == (None if expected.steps is None else [expected.steps[0], expected.steps[-1]])
    assert about["frames"].get("times") == (None if expected.times is None else [expected.times[0], expected.times[-1]])
    if expected.box is not None:
        assert np.array_equal(np.diag(about["box"]["edges"]), expected.box)
    assert about["box"]["origin"] == (None if expected.origin is None else list(expected.origin))
    assert about["box"]["boundary"] == ([] if expected.boundary is None else list(expected.boundary))
    assert about["time_unit"] == expected.units.get("time")
    assert about["quantities"]["position"]["unit"] == expected.units.get("length")
    if isinstance(expected.velocities, dict):
        velocity = about["quantities"]["velocity"]
        assert velocity["rows"] == len(expected.velocities) and velocity["steps"] == [min(expected.velocities), max(expected.velocities)]


@pytest.mark.parametrize("name", h5md_files.FILES)
def test_a_run_begins_from_files_of_other_programs(tmp_path, name):
    """At the last step that has positions and velocities, with rows in order of id."""
    expected = h5md_files.FILES[name].expected
    path = h5md_files.write(name, tmp_path)
    axes = len(expected.positions[-1][0])
    out = tmp_path / "out.h5md"
    run = ["run", "--law.name", "attraction", "--box.lengths", ",".join(["64"] * axes), "--box.boundary", "open", "--particles.source", "file",
           "--particles.file", path, "--time.step", 1e-6, "--time.steps", 1, "--output.file", out, "--run.quiet", "--run.threads", 1]
    options = ["--box.from", "config"]
    if expected.groups:
        refused = in_a_clean_shell(*run, *options)
        assert refused.returncode == DAMAGED and expected.refused in refused.stderr and "particles.group" in refused.stderr
    result = in_a_clean_shell(*run, *options, *group_of(expected, "--particles.group"))
    if expected.refused and not expected.groups:
        assert result.returncode == DAMAGED and expected.refused in result.stderr and not out.exists()
        return
    assert result.returncode == 0, result.stderr
    start = expected.steps[-1] if expected.start == "last" else expected.start
    frame = -1 if start is None else list(expected.steps).index(start)
    assert (f"begins at step {start}, the last that has velocity" in result.stderr) == (expected.start not in ("last", None))
    ids = expected.ids[start] if isinstance(expected.ids, dict) else expected.ids
    order = np.arange(len(expected.positions[0])) if ids is None else np.argsort(ids)
    velocities = expected.velocities[start] if isinstance(expected.velocities, dict) else expected.velocities
    with h5py.File(out) as file:
        found = file["particles/trajectory"]
        assert np.allclose(found["position/value"][0, :, :axes], expected.positions[frame][order], atol=1e-9, rtol=0)
        assert np.allclose(found["velocity/value"][0, :, :axes], velocities[order], atol=1e-9, rtol=1e-6)
        assert found["id"][:].tolist() == (list(range(len(order))) if ids is None else sorted(ids))


@pytest.mark.parametrize("name", h5md_files.FILES)
def test_distances_take_files_of_other_programs(tmp_path, name):
    expected = h5md_files.FILES[name].expected
    path = h5md_files.write(name, tmp_path)
    lengths = [] if expected.box is None else ["--box", "frame"]
    result = in_a_clean_shell("distances", path, "--nearest", tmp_path / "nearest.csv", *lengths, *group_of(expected, "--group"))
    assert result.returncode == 0, result.stderr
    points = expected.positions[-1]
    away = points[:, None] - points[None]
    if expected.box is not None:
        sides = np.where(np.array(expected.boundary) == "periodic", expected.box, np.inf)
        finite = np.where(np.isinf(sides), 1.0, sides)
        away -= np.where(np.isinf(sides), 0.0, finite * np.round(away / finite))
    distances = np.sqrt((away**2).sum(-1)) + np.diag([np.inf] * len(points))
    nearest = np.genfromtxt(tmp_path / "nearest.csv", delimiter=",", names=True)
    assert np.allclose(nearest["distance"], distances.min(1))

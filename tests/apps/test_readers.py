"""What other programs find in trajectories: known places at known times, with h5py, MDAnalysis, and by the XDMF file with VTK."""

import os
import random
import re
import resource
import shutil
import signal
import subprocess
import time
from typing import NamedTuple

import h5py
import numpy as np
import pytest

from orrery_program import command, run, run_well
from other_readers import frames_by_vtk, frames_by_words, require_vtk_reader

STEP = 1e-3
STEPS = 20


class Made(NamedTuple):
    """A trajectory, and what is known to be in it without reading it."""
    path: object
    sidecar: object
    number_type: type
    times: list
    positions: list  # of each frame, [N][3]
    speeds: np.ndarray


def particles(count):
    """x, y and speed of some particles, in double."""
    chance = np.random.default_rng(count)
    return chance.uniform(-1, 1, (3, count))


def stepped(x, y, speed, steps):
    """The positions after some steps of the explicit Euler method, [N][3]."""
    for _ in range(steps):
        radius = np.sqrt(x * x + y * y)
        x, y = x - STEP * speed * y / radius, y + STEP * speed * x / radius
    return np.stack([x, y, np.zeros_like(x)], axis=1)


@pytest.fixture(scope="module", params=[0, 1, 3, 100_000], ids=lambda count: f"{count} particles")
def table(request, tmp_path_factory):
    x, y, speed = particles(request.param)
    path = tmp_path_factory.mktemp("particles") / "p.csv"
    with open(path, "w") as file:
        file.write("x,y,speed\n")
        file.writelines(f"{a!r},{b!r},{c!r}\n" for a, b, c in zip(x.tolist(), y.tolist(), speed.tolist()))
    return path, {steps: stepped(x, y, speed, steps) for steps in (0, 5, 10, 15, 20)}, speed


@pytest.fixture(scope="module", params=["double", "single"])
def precision(request):
    return request.param


@pytest.fixture(scope="module", params=[1, 5], ids=lambda frames: f"{frames} frames")
def frames(request):
    return request.param


@pytest.fixture(scope="module", params=[1, 4], ids=lambda ranks: f"{ranks} ranks")
def made(request, table, precision, frames, tmp_path_factory):
    particle_file, positions, speeds = table
    path = tmp_path_factory.mktemp("made") / "run.h5md"
    steps = range(0, STEPS + 1, 5) if frames > 1 else [0]
    run_well("run", "--particles.source", "file", "--particles.file", particle_file, "--time.step", STEP, "--time.end", steps[-1] * STEP,
             "--output.every", 5, "--output.precision", precision, "--output.xdmf", "--output.file", path, "--run.quiet",
             "--run.threads", 1, ranks=None if request.param == 1 else request.param)
    return Made(path, path.with_suffix(".xdmf2"), np.float64 if precision == "double" else np.float32, [step * STEP for step in steps],
                [positions[step] for step in steps], speeds)


def assert_frames_are_known(found, made):
    assert [frame.time for frame in found] == made.times
    with h5py.File(made.path) as file:
        trajectory = file["particles/trajectory"]
        for number, (frame, known) in enumerate(zip(found, made.positions)):
            if len(known) == 0:
                assert not any(len(values) for values in frame.fields.values())
                continue
            assert frame.fields.keys() == {"position", "velocity", "id", "tangential_speed"}
            assert np.abs(frame.fields["position"] - known).max() < (1e-14 if made.number_type is np.float64 else 1e-7)
            assert np.array_equal(frame.fields["tangential_speed"], made.speeds)
            for name, values in frame.fields.items():  # bit for bit what h5py finds
                stored = trajectory[name][()] if name in ("id", "tangential_speed") else trajectory[name]["value"][number]
                assert values.dtype == stored.dtype and values.tobytes() == stored.tobytes(), name


def test_h5py_finds_known_places_at_known_times(made):
    with h5py.File(made.path) as file:
        position = file["particles/trajectory/position"]
        assert position["value"].dtype == made.number_type
        assert list(position["time"]) == made.times
        for found, known in zip(position["value"], made.positions, strict=True):
            assert found.shape == known.shape
            assert np.abs(found - known).max(initial=0) < (1e-14 if made.number_type is np.float64 else 1e-7)


def test_mdanalysis_finds_known_places_at_known_times(made):
    MDAnalysis = pytest.importorskip("MDAnalysis")
    if len(made.speeds) == 0:
        with pytest.raises(ZeroDivisionError):  # as docs/post-processing.md says
            MDAnalysis.Universe(str(made.path))
        return
    universe = MDAnalysis.Universe(str(made.path))
    assert len(universe.atoms) == len(made.speeds)
    assert [frame.time for frame in universe.trajectory] == made.times
    for frame, known in zip(universe.trajectory, made.positions):
        assert np.abs(frame.positions - known).max() < 1e-7


def test_the_xdmf_file_names_known_places_at_known_times(made):
    assert_frames_are_known(frames_by_words(made.sidecar), made)


def test_vtk_finds_known_places_at_known_times(made, tmp_path):
    require_vtk_reader()
    assert_frames_are_known(frames_by_vtk(made.sidecar, tmp_path), made)


def run_of_three(path, *arguments):
    return run("run", "--particles.count", 3, "--time.step", STEP, "--time.end", 0.02, "--output.every", 5, "--output.file", path.name,
               "--run.quiet", *arguments, cwd=path.parent)


@pytest.fixture
def pair(tmp_path):
    path = tmp_path / "my run & more's.h5md"
    assert run_of_three(path, "--output.xdmf", "on").returncode == 0
    return path, path.with_suffix(".xdmf2")


def test_both_files_can_be_moved_together(pair, tmp_path):
    elsewhere = tmp_path / "d\N{LATIN SMALL LETTER E WITH ACUTE}p\N{LATIN SMALL LETTER O WITH CIRCUMFLEX}t: b"
    elsewhere.mkdir()
    for path in pair:
        shutil.move(path, elsewhere)
    moved = elsewhere / pair[1].name
    assert len(frames_by_words(moved)) == 5
    require_vtk_reader()
    assert [len(frame.fields["position"]) for frame in frames_by_vtk(moved, tmp_path)] == [3] * 5


def test_nothing_else_is_left_beside_it(pair):
    assert sorted(os.listdir(pair[0].parent)) == sorted(path.name for path in pair)


def test_it_is_the_same_on_any_number_of_ranks(pair):
    (pair[0].parent / "four").mkdir()
    run_well("run", "--particles.count", 3, "--time.step", STEP, "--time.end", 0.02, "--output.every", 5, "--output.file",
             pair[0].parent / "four" / pair[0].name, "--run.quiet", "--output.xdmf", "--run.threads", 1, ranks=4)
    assert pair[1].read_bytes() == (pair[0].parent / "four" / pair[1].name).read_bytes()


def test_one_of_an_earlier_run_is_pointed_out(pair):
    before = pair[1].read_bytes()
    result = run_of_three(pair[0], "--output.overwrite")
    assert result.returncode == 0 and pair[1].read_bytes() == before
    assert result.stderr == f"orrery: warning: '{pair[1].name}' is not of this run (output.xdmf is off); remove it\n"


def test_there_is_none_unless_asked_for(tmp_path):
    assert run_of_three(tmp_path / "run.h5md").returncode == 0
    assert os.listdir(tmp_path) == ["run.h5md"]


def test_an_existing_one_is_kept_unless_it_may_be_replaced(tmp_path):
    path, sidecar = tmp_path / "run.h5md", tmp_path / "run.xdmf2"
    sidecar.write_text("precious")
    result = run_of_three(path, "--output.xdmf")
    assert result.returncode == 74 and not path.exists() and sidecar.read_text() == "precious"
    assert result.stderr == "orrery: cannot write output.xdmf 'run.xdmf2': it exists; choose another name or set output.overwrite\n"
    result = run_of_three(path, "--output.xdmf", "--output.overwrite", "--particles.source", "file", "--particles.file", "none.csv")
    assert result.returncode != 0 and sidecar.read_text() == "precious"  # bad input costs nothing
    assert run_of_three(path, "--output.xdmf", "--output.overwrite").returncode == 0
    assert len(frames_by_words(sidecar)) == 5


@pytest.mark.parametrize("arguments, message", [
    (["--output.file", "a:b.h5md", "--output.xdmf"], "XDMF cannot name output.file 'a:b.h5md' (there is a ':' in it)"),
    (["--output.file", "\N{LATIN SMALL LETTER E WITH ACUTE}.h5md", "--output.xdmf"], "not printable ASCII"),
    (["--output.file", "a.h5md", "--output.xdmf", "--run.log", "a.xdmf2"], "run.log is the same file"),
    (["--output.xdmf=maybe"], "output.xdmf"),
])
def test_what_cannot_be_is_refused_before_anything_is_done(tmp_path, arguments, message):
    result = run("run", "--particles.count", 3, *arguments, cwd=tmp_path)
    assert result.returncode == 64 and message in result.stderr and result.stderr.count("orrery: ") == 1, result.stderr
    assert os.listdir(tmp_path) == []


def valid_frames(path):
    with h5py.File(path) as file:
        return int(file["run/valid_frames"][()])


def times_named(sidecar):
    return [frame.time for frame in frames_by_words(sidecar)]


LONG_RUN = ["run", "--particles.count", 3, "--time.step", STEP, "--time.end", 1e3, "--output.every", 1, "--output.xdmf", "--output.file",
            "run.h5md", "--run.quiet", "--run.threads", 1]


def wait_for_a_frame(directory, process):
    sidecar = directory / "run.xdmf2"
    while not sidecar.exists() or "<Time " not in sidecar.read_text():
        assert process.poll() is None, process.communicate()
        time.sleep(0.002)


def test_a_killed_run_leaves_one_that_names_its_valid_frames(tmp_path):
    chance = random.Random(8)
    for kill in range(8):
        directory = tmp_path / str(kill)
        directory.mkdir()
        process = subprocess.Popen(command(LONG_RUN), cwd=directory, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        wait_for_a_frame(directory, process)
        time.sleep(0.1 * chance.random())
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)
        named, valid = times_named(directory / "run.xdmf2"), valid_frames(directory / "run.h5md")
        assert valid - 1 <= len(named) <= valid
        assert named == [frame * STEP for frame in range(len(named))]


def test_it_can_be_read_while_it_grows(tmp_path):
    process = subprocess.Popen(command(LONG_RUN), cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        wait_for_a_frame(tmp_path, process)
        seen = []
        while len(seen) < 20 or seen[-1] < seen[0] + 100:
            assert process.poll() is None, process.communicate()
            named = len(re.findall("<Time ", (tmp_path / "run.xdmf2").read_text()))
            try:
                assert named <= valid_frames(tmp_path / "run.h5md")  # read after
            except OSError:  # HDF5 in the middle of a flush
                continue
            seen.append(named)
        assert seen == sorted(seen) and seen[0] > 0
    finally:
        process.kill()
        process.communicate(timeout=30)


def test_a_run_without_frames_leaves_none(tmp_path):
    # There is room for it, and none for the beginning of the trajectory.
    result = subprocess.run(command(LONG_RUN), cwd=tmp_path, timeout=60, capture_output=True, text=True,
                            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000)))
    assert result.returncode == 74 and "run.h5md" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_no_room_for_it_ends_the_run_and_leaves_it_whole(tmp_path):
    """Of three particles, the text on a frame is longer than the frame."""
    limit = 1_000_000
    process = subprocess.run(command(LONG_RUN), cwd=tmp_path, timeout=60, capture_output=True, text=True,
                             preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    assert process.returncode == 74
    assert process.stderr.count("orrery: ") == 1 and "cannot write XDMF file 'run.xdmf2': File too large" in process.stderr
    named = times_named(tmp_path / "run.xdmf2")
    assert len(named) == valid_frames(tmp_path / "run.h5md") - 1 > 100

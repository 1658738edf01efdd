"""The Python package of scripts/: what it reads, held against the same file read with h5py alone."""

import os
import subprocess
import sys

import numpy as np
import pytest
from orrery_program import SOURCE, run_well

import h5py

sys.path.insert(0, str(SOURCE / "scripts"))

import orrery

PARTICLES = "particles/trajectory"


def make(directory, count, steps=4, every=1, **settings):
    path = directory / "run.h5md"
    run_well("run", "--particles.count", count, "--time.step", 0.1, "--time.end", 0.1 * steps, "--output.every", every,
             "--output.file", path, "--run.quiet", *[word for item in settings.items() for word in item], cwd=directory)
    return path


@pytest.mark.parametrize("precision, number_type", [("double", np.float64), ("single", np.float32)])
@pytest.mark.parametrize("count", [0, 1, 3, 40_000])
def test_reads_what_is_in_the_file(tmp_path, count, precision, number_type):
    path = make(tmp_path, count, **{"--output.precision": precision})
    with h5py.File(path) as file, orrery.open(path) as run:
        positions = file[f"{PARTICLES}/position/value"][()]
        assert (len(run), run.particles, run.dimensions) == positions.shape == (5, count, 3)
        assert run.is_complete and run.planned_frames == 5
        np.testing.assert_array_equal(run.times, file[f"{PARTICLES}/position/time"][()])
        np.testing.assert_array_equal(run.steps, [0, 1, 2, 3, 4])
        np.testing.assert_array_equal(run.ids, np.arange(count))
        assert set(run.columns) == {"id", "tangential_speed"}
        assert set(run.quantities) == {"position", "velocity"}
        np.testing.assert_array_equal(run.column("tangential_speed"), file[f"{PARTICLES}/tangential_speed"][()])
        for number, frame in enumerate(run):
            assert frame.position.dtype == number_type
            np.testing.assert_array_equal(frame.position, positions[number])
            np.testing.assert_array_equal(frame["velocity"], file[f"{PARTICLES}/velocity/value"][number])
            joined = [values for _, values in frame.blocks()]
            np.testing.assert_array_equal(np.concatenate([np.empty((0, 3)), *joined]), positions[number])
        assert set(run.diagnostics) == set(file["diagnostics"]) - {"step", "time"}
        for name, values in run.diagnostics.items():
            np.testing.assert_array_equal(values, file[f"diagnostics/{name}"][()])
        assert run.configuration == file["parameters/config"][()].decode()
        assert run.provenance["law"] == "rotation" and run.provenance["units"] == "reduced"
        np.testing.assert_array_equal(run.box.edges, file[f"{PARTICLES}/box/edges/value"][0])
        assert run.box.boundary == ("none",) * 3
        assert run.timing.phases[:3] == ("read", "scatter", "evolve") and run.timing.seconds.shape == (1, len(run.timing.phases))
        assert 0 <= run.timing.seconds.min() and run.timing.seconds[0, :5].sum() <= run.timing.wall_seconds < 60


def test_files_of_other_programs(tmp_path):
    """Groups of other names, and H5MD's short form of steps and times."""
    path = tmp_path / "foreign.h5md"
    positions = np.random.default_rng(3).random((3, 5, 3))
    with h5py.File(path, "w") as file:
        for name, values in [("water", positions[:, :2]), ("all", positions)]:
            group = file.create_group(f"particles/{name}")
            group.create_dataset("position/value", data=values, compression="gzip")
            group["position/step"] = 10
            group["position/time"] = 0.5
            group["position/time"].attrs["offset"] = 2.0
        file.create_group("particles/empty")
    with pytest.raises(orrery.DataError, match="all, water.*group='all'"):
        orrery.open(path)
    for group in ("all", "/particles/all"):
        with orrery.open(path, group) as run:
            assert run.group == "/particles/all"
    with orrery.open(path, group="all") as run:
        assert (run.group, run.particles, len(run), run.is_complete) == ("/particles/all", 5, 3, True)
        np.testing.assert_array_equal(run.steps, [0, 10, 20])
        np.testing.assert_array_equal(run.times, [2.0, 2.5, 3.0])
        np.testing.assert_array_equal(run[-1].position, positions[2])
        assert run[1].time == 2.5 and run.diagnostics == {} and run.timing is None


def test_indices_and_slices(tmp_path):
    with orrery.open(make(tmp_path, 3)) as run:
        assert [frame.step for frame in run[::2]] == [0, 2, 4]
        assert run[-1].number == 4 and run[-1].time == run.times[-1]
        with pytest.raises(IndexError):
            run[5]
        with pytest.raises(KeyError):
            run[0]["force"]


@pytest.mark.parametrize("rows", [slice(5, 39_000, 77), [39_999, 0, 7, 7], np.arange(40_000) % 3 == 0, []])
def test_some_rows(tmp_path, rows):
    with orrery.open(make(tmp_path, 40_000, steps=1)) as run:
        expected = run[1].position[np.asarray(rows, dtype=int) if isinstance(rows, list) else rows]
        np.testing.assert_array_equal(run[1].position_of(rows), expected)
        np.testing.assert_array_equal(run.series("position", rows)[1], expected)


def test_frames_that_are_not_complete_do_not_exist_until_they_are(tmp_path):
    path = make(tmp_path, 3)
    with h5py.File(path, "r+") as file:
        file["run/valid_frames"][()] = 2
    run = orrery.open(path)
    assert len(run) == 2 and len(run.times) == 2 and not run.is_complete
    assert all(len(values) == 2 for values in run.diagnostics.values())
    # By another process, as a file is opened only once in each.
    subprocess.run([sys.executable, "-c", "import h5py, sys\n"
                    "with h5py.File(sys.argv[1], 'r+') as file: file['run/valid_frames'][()] = 4", path], check=True, timeout=60)
    assert run.refresh() == len(run) == len(run.times) == 4


@pytest.mark.parametrize("name, value", [
    ("run/valid_frames", np.int64(9)),
    (f"{PARTICLES}/position/value", np.ones((5, 3))),
    (f"{PARTICLES}/position/time", None),
    (f"{PARTICLES}/tangential_speed", np.ones(7)),
    ("diagnostics/radius_mean", np.ones((2, 2))),
])
def test_damage_is_told_with_the_file_and_the_place(tmp_path, name, value):
    path = make(tmp_path, 3)
    with h5py.File(path, "r+") as file:
        del file[name]
        if value is not None:
            file[name] = value
    with pytest.raises(orrery.DataError) as error:
        run = orrery.open(path)
        run.columns, run.diagnostics
    assert str(path) in str(error.value) and name.split("/")[-1] in str(error.value)


def test_what_is_no_trajectory_is_refused(tmp_path):
    for path, content in ((tmp_path / "text", b"x,y\n1,2\n"), (tmp_path / "empty", b""), (tmp_path / "missing", None)):
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(orrery.DataError):
            orrery.open(path)
    with pytest.raises(orrery.DataError):
        orrery.open(tmp_path)


def test_a_damaged_file_gives_a_message_and_never_a_traceback(tmp_path):
    """Cut short at many places, and with bytes of its structure overwritten; by plot, and of those that it refuses by animate."""
    content = make(tmp_path, 3).read_bytes()
    random = np.random.default_rng(12)
    damaged = [content[:length] for length in range(0, len(content), len(content) // 12)]
    for _ in range(12):
        data = bytearray(content)
        for place in random.integers(0, len(content), 40):
            data[place] ^= 0xFF
        damaged.append(bytes(data))
    refused = 0
    for number, data in enumerate(damaged):
        path = tmp_path / f"{number}.h5md"
        path.write_bytes(data)
        done = subprocess.run([SOURCE / "scripts/plot", path, "--output", tmp_path / "picture.png"], timeout=90,
                              capture_output=True, text=True, env={**os.environ, "PYTHONWARNINGS": "error"})
        assert done.returncode in (0, 65), (number, done.stderr)
        assert "Traceback" not in done.stderr
        if done.returncode == 65:
            refused += 1
            films = subprocess.run([SOURCE / "scripts/animate", path, "--output", tmp_path / "film.gif"], timeout=90,
                                   capture_output=True, text=True) if number % 4 == 0 else None
            if films is not None:
                assert films.returncode == 65 and films.stderr.startswith("animate: ") and films.stderr.count("\n") == 1
            assert done.stderr.startswith("plot: ") and str(path) in done.stderr and done.stderr.count("\n") == 1
    assert refused >= 12  # all that were cut short, at least

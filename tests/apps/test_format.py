"""What other tools see: h5py, MDAnalysis and h5dump on files of one and several ranks."""

import shutil
import subprocess

import h5py
import numpy as np
import pytest

from orrery_program import run_well


@pytest.mark.parametrize("precision", ["double", "single"])
@pytest.mark.parametrize("count", [1, 3, 70000])
def test_mdanalysis_opens_the_file_as_it_is(tmp_path, count, precision):
    MDAnalysis = pytest.importorskip("MDAnalysis")
    path = tmp_path / "run.h5md"
    run_well("run", "--particles.count", count, "--time.step", "1e-3", "--time.end", "0.02", "--output.every", 8,
             "--output.precision", precision, "--output.file", path, ranks=3)
    universe = MDAnalysis.Universe(str(path))
    assert len(universe.atoms) == count
    assert [frame.time for frame in universe.trajectory] == pytest.approx([0, 0.008, 0.016, 0.02], abs=1e-15)
    with h5py.File(path) as file:
        positions = file["particles/trajectory/position/value"]
        velocities = file["particles/trajectory/velocity/value"]
        assert positions.dtype == (np.float64 if precision == "double" else np.float32)
        for index, frame in enumerate(universe.trajectory):
            assert np.array_equal(frame.positions, positions[index].astype(np.float32))
            assert np.array_equal(frame.velocities, velocities[index].astype(np.float32))
            edge = file["particles/trajectory/box/edges/value"][index][0, 0]
            assert frame.dimensions == pytest.approx([edge] * 3 + [90] * 3, rel=1e-6)


@pytest.mark.parametrize("count", [0, 3, 70000])
def test_checksums_are_those_of_what_is_written(tmp_path, count):
    xxhash = pytest.importorskip("xxhash")
    path = tmp_path / "run.h5md"
    run_well("run", "--particles.count", count, "--time.step", "1e-3", "--time.end", "0.02", "--output.every", 8, "--output.file", path,
             ranks=3)
    digest = xxhash.xxh3_64_intdigest
    with h5py.File(path) as file:
        trajectory, sums = file["particles/trajectory"], file["run/checksums"]
        assert sums.attrs["algorithm"] == b"XXH3-64"
        constants = dict(zip(sums["constants"].attrs["of"], sums["constants"][()]))
        assert constants == {b"id": digest(trajectory["id"][()].tobytes()),
                             b"tangential_speed": digest(trajectory["tangential_speed"][()].tobytes()),
                             b"config": digest(file["parameters/config"][()])}
        assert list(sums["frames"].attrs["of"]) == [b"position", b"velocity", b"numbers"]
        assert sums["frames"].shape == (4, 3)
        diagnostics = [name for name in file["diagnostics"] if name not in ("step", "time")]
        for index, row in enumerate(sums["frames"][()]):
            numbers = [trajectory["position/step"][index], trajectory["position/time"][index], trajectory["box/edges/value"][index],
                       *(file["diagnostics"][name][index] for name in diagnostics)]
            assert list(row) == [digest(trajectory["position/value"][index].tobytes()),
                                 digest(trajectory["velocity/value"][index].tobytes()),
                                 digest(b"".join(number.tobytes() for number in numbers))]


def test_mdanalysis_opens_a_file_without_units_when_told(tmp_path):
    MDAnalysis = pytest.importorskip("MDAnalysis")
    run_well("run", "--particles.count", 5, "--time.end", 0, "--output.units", "none", "--output.file", tmp_path / "a.h5md")
    universe = MDAnalysis.Universe.empty(5)
    universe.load_new(str(tmp_path / "a.h5md"), convert_units=False)
    assert universe.trajectory.n_frames == 1


@pytest.mark.parametrize("count", [0, 1, 1000])
def test_h5py_finds_what_the_format_promises(tmp_path, count):
    path = tmp_path / "run.h5md"
    run_well("run", "--particles.count", count, "--particles.seed", 11, "--time.step", "1e-3", "--time.end", "0.02", "--output.every", 5,
             "--output.file", path, ranks=2)
    with h5py.File(path) as file:
        assert list(file["h5md"].attrs["version"]) == [1, 1]
        assert file["h5md/creator"].attrs["name"] == b"orrery"
        assert file["h5md/author"].attrs["name"]
        trajectory = file["particles/trajectory"]
        assert trajectory["position/value"].shape == (5, count, 3)
        assert trajectory["velocity/value"].shape == (5, count, 3)
        assert list(trajectory["position/step"]) == [0, 5, 10, 15, 20]
        assert trajectory["position/step"] == trajectory["velocity/step"] == trajectory["box/edges/step"]  # one object
        assert trajectory["position/step"].dtype == np.int64 and trajectory["id"].dtype == np.int64
        assert list(trajectory["id"]) == list(range(count))
        assert trajectory["tangential_speed"].shape == (count,)
        assert trajectory["box"].attrs["dimension"] == 3
        assert list(trajectory["box"].attrs["boundary"]) == [b"none"] * 3
        assert trajectory["box/edges/value"].shape == (5, 3, 3)
        assert file["run/valid_frames"][()] == 5
        lengths = {name: dataset.shape for name, dataset in file["diagnostics"].items()}
        assert set(lengths.values()) == {(5,)} and {"step", "time", "radius_mean"} <= set(lengths)
        assert b"seed = 11" in file["parameters/config"][()]
        assert file["parameters"].attrs["seed"] == 11
        assert b"orrery run" in file["parameters"].attrs["command_line"]
        assert isinstance(trajectory["position/value"].attrs["unit"], str)  # variable length, as readers want it

        if count:
            x, y = trajectory["position/value"][0, :, 0], trajectory["position/value"][0, :, 1]
            radius = np.hypot(x, y)
            speed = trajectory["tangential_speed"][()]
            assert np.abs(x).max() <= 1 and np.abs(speed).max() <= 1
            assert np.allclose(trajectory["velocity/value"][0, :, 0], -speed * y / radius, rtol=1e-14)
            assert np.allclose(trajectory["velocity/value"][0, :, 1], speed * x / radius, rtol=1e-14)
            assert not trajectory["position/value"][:, :, 2].any()
            for row, frame in enumerate(trajectory["position/value"]):
                radius = np.hypot(frame[:, 0], frame[:, 1])
                assert file["diagnostics/radius_mean"][row] == pytest.approx(radius.mean(), rel=1e-14)
                assert file["diagnostics/radius_min"][row] == pytest.approx(radius.min(), rel=1e-15)
                assert file["diagnostics/radius_max"][row] == pytest.approx(radius.max(), rel=1e-15)
                assert file["diagnostics/radius_growth_error"][row] < 1e-13
            assert file["diagnostics/exact_deviation"][0] == 0
            assert 0 < file["diagnostics/exact_deviation"][4] < 1


def test_h5dump_reads_every_header(tmp_path):
    if shutil.which("h5dump") is None:
        pytest.skip("h5dump is not installed")
    run_well("run", "--particles.count", 10, "--time.end", 0, "--output.file", tmp_path / "a.h5md")
    subprocess.run(["h5dump", "-H", tmp_path / "a.h5md"], check=True, capture_output=True, timeout=30)


def test_single_precision_is_the_rounded_double(tmp_path):
    for precision in ("double", "single"):
        run_well("run", "--particles.count", 100, "--time.end", "0.01", "--output.precision", precision, "--output.file",
                 tmp_path / f"{precision}.h5md")
    with h5py.File(tmp_path / "double.h5md") as double, h5py.File(tmp_path / "single.h5md") as single:
        name = "particles/trajectory/position/value"
        assert np.array_equal(double[name][()].astype(np.float32), single[name][()])

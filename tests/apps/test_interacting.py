"""Particles that act on each other, through the program: the same bits everywhere, and physics against independent references."""

import itertools
import math

import h5py
import numpy as np
import pytest
from orrery_program import SOURCE, assert_same_bits, datasets, run, run_well

CONFIGS = ["attraction", "gas", "liquid", "table"]


def lattice(cells, **settings):
    settings = {"density": 0.8442, "temperature": 1.44, **settings}
    return ["--law.name", "lennard-jones", "--particles.source", "lattice", "--particles.cells", cells,
            "--particles.density", settings["density"], "--particles.temperature", settings["temperature"]]


def diagnostics(path):
    with h5py.File(path) as file:
        return {name: series[()] for name, series in file["diagnostics"].items()}


@pytest.mark.parametrize("config", CONFIGS)
def test_configurations_run_on_one_and_three_ranks(tmp_path, config):
    steps = {"table": 4000}.get(config, 400)
    common = ["run", SOURCE / f"config/{config}.ini", "--time.steps", steps, "--output.every", steps // 4, "--run.quiet"]
    run_well(*common, "--output.file", tmp_path / "one.h5md")
    run_well(*common, "--output.file", tmp_path / "three.h5md", ranks=3)
    one = datasets(tmp_path / "one.h5md")
    assert_same_bits(one, datasets(tmp_path / "three.h5md"), config)
    found = diagnostics(tmp_path / "one.h5md")
    scale = np.abs(found["potential_energy"]).max() + found["kinetic_energy"].max()
    assert np.ptp(found["total_energy"]) < 1e-3 * scale and np.ptp(found["kinetic_energy"]) > 1e-3 * scale
    np.testing.assert_array_equal(found["total_energy"], found["kinetic_energy"] + found["potential_energy"])
    if config != "table":  # whose walls take momentum
        assert found["momentum"].max() < 1e-8
    assert run_well("info", tmp_path / "one.h5md", "--verify").returncode == 0


def test_the_same_bits_on_any_ranks_threads_and_lists(tmp_path):
    """2,000 steps, in which a lattice melts."""
    def result(number, ranks, threads, skin, balance):
        path = tmp_path / f"{number}.h5md"
        run_well("run", *lattice(5), "--time.step", 0.005, "--time.steps", 2000, "--output.every", 500, "--output.file", path,
                 "--run.threads", threads, "--neighbour.skin", skin, "--domain.balance", balance, "--run.quiet", ranks=ranks, timeout=120)
        return datasets(path)
    expected = result(0, None, 1, 0.3, "true")
    for number, setting in enumerate([(2, 2, 0.15, "true"), (3, 1, 0.5, "false"), (4, 1, 0.3, "true"), (8, 1, 0.2, "true")], 1):
        assert_same_bits(expected, result(number, *setting), str(setting))


def lattice_sums(density, cutoff):
    """Energy and virial per particle of a perfect fcc lattice, by summing over neighbours."""
    edge = (4 / density) ** (1 / 3)
    basis = np.array([(0, 0, 0), (0.5, 0.5, 0), (0.5, 0, 0.5), (0, 0.5, 0.5)])
    cells = np.array(list(itertools.product(range(-3, 4), repeat=3)))
    places = (cells[:, None] + basis[None]).reshape(-1, 3) * edge
    distance = np.linalg.norm(places, axis=1)
    distance = distance[(distance > 0) & (distance < cutoff)]
    energy = 2 * np.sum(distance**-12.0 - distance**-6.0)
    virial = 0.5 * np.sum(48 * distance**-12.0 - 24 * distance**-6.0)
    return energy, virial


def test_energy_and_pressure_of_a_perfect_lattice(tmp_path):
    path = tmp_path / "run.h5md"
    run_well("run", *lattice(6, temperature=0), "--time.step", 0.005, "--time.steps", 10, "--output.file", path, "--run.quiet")
    energy, virial = lattice_sums(0.8442, 2.5)
    found = diagnostics(path)
    count = 4 * 6**3
    assert found["potential_energy"][0] / count == pytest.approx(energy, rel=1e-10)
    assert found["pressure"][0] == pytest.approx(virial * 0.8442 / 3, rel=1e-9)
    # Nothing pushes anybody, so nobody moves.
    assert found["kinetic_energy"][-1] < 1e-20 and found["total_energy"][-1] == pytest.approx(found["total_energy"][0], rel=1e-14)


def test_two_particles_swing_through_each_other(tmp_path):
    """Attraction is finite at contact: two particles at rest oscillate, with the period that quadrature gives."""
    strength, cutoff, start = 0.7, 2.0, 1.5
    table = tmp_path / "two.csv"
    table.write_text(f"x,y,z,vx,vy,vz\n5,5,5,0,0,0\n{5 + start},5,5,0,0,0\n")
    path = tmp_path / "run.h5md"
    step = 0.0001  # the force turns round at contact, all at once, which costs an error of the order of the step
    run_well("run", "--law.name", "attraction", "--attraction.strength", strength, "--attraction.cutoff", cutoff, "--particles.source",
             "file", "--particles.file", table, "--box.lengths", 10, "--box.boundary", "open", "--time.step", step, "--time.steps",
             150_000, "--output.every", 50, "--output.file", path, "--run.quiet")
    with h5py.File(path) as file:
        position = file["particles/trajectory/position/value"][()]
        time = file["particles/trajectory/position/time"][()]
    distance = position[:, 1, 0] - position[:, 0, 0]
    np.testing.assert_allclose(position[:, :, 1:], 5, rtol=0, atol=0)
    np.testing.assert_allclose(position[:, 0, 0] + position[:, 1, 0], 10 + start, rtol=0, atol=1e-9)

    def energy(r):
        return -0.5 * strength * cutoff * (1 - r / cutoff) ** 2
    # dt = dr / sqrt(2 (U(r0) - U(r)) / mu), mu = 1/2; r = r0 sin(a) takes the singularity at the turning point away.
    nodes, weights = np.polynomial.legendre.leggauss(200)
    angle = 0.25 * math.pi * (nodes + 1)
    r = start * np.sin(angle)
    quarter = np.sum(0.25 * math.pi * weights * start * np.cos(angle) / np.sqrt(4 * (energy(start) - energy(r))))
    crossings = np.flatnonzero(np.diff(np.sign(distance)))
    at = time[crossings] - distance[crossings] * (time[crossings + 1] - time[crossings]) / (distance[crossings + 1] - distance[crossings])
    assert len(at) >= 3
    assert at[0] == pytest.approx(quarter, rel=2e-4)
    np.testing.assert_allclose(np.diff(at), 2 * quarter, rtol=1e-3)


def test_the_error_of_energy_falls_as_the_square_of_the_step(tmp_path):
    """Of discs in smooth contact, whose energy at the end of equal times is compared."""
    def worst(step):
        path = tmp_path / f"{step}.h5md"
        run_well("run", *lattice(4, density=0.7, temperature=0.7), "--lennard-jones.truncation", "force-shifted", "--lennard-jones.cutoff",
                 2.2, "--time.step", step, "--time.steps", round(0.5 / step), "--output.every", 1, "--output.file", path, "--run.quiet")
        total = diagnostics(path)["total_energy"]
        return np.abs(total - total[0]).max()
    errors = [worst(step) for step in (0.008, 0.004, 0.002)]
    assert 3 < errors[0] / errors[1] < 5 and 3 < errors[1] / errors[2] < 5, errors


def test_goes_on_from_a_file(tmp_path):
    """With positions and velocities of the last frame, the same bits as without the stop."""
    first, second, whole = (tmp_path / f"{name}.h5md" for name in ("first", "second", "whole"))
    common = ["--time.step", 0.004, "--output.every", 50, "--run.quiet"]
    run_well("run", *lattice(4), *common, "--time.steps", 100, "--output.file", whole)
    run_well("run", *lattice(4), *common, "--time.steps", 50, "--output.file", first)
    with h5py.File(first) as file:
        lengths = file["particles/trajectory/box/edges/value"][0].diagonal().tolist()
    run_well("run", "--law.name", "lennard-jones", "--particles.source", "file", "--particles.file", first, "--box.lengths", *map(repr, lengths), *common, "--time.steps", 50,
             "--output.file", second, ranks=2)
    with h5py.File(whole) as a, h5py.File(second) as b:
        np.testing.assert_array_equal(a["particles/trajectory/position/value"][2], b["particles/trajectory/position/value"][1])
        np.testing.assert_array_equal(a["particles/trajectory/velocity/value"][2], b["particles/trajectory/velocity/value"][1])


@pytest.mark.parametrize("arguments, code, problem", [
    (["--law.name", "lennard-jones"], 64, "box.lengths"),
    (["--law.name", "lennard-jones", "--box.lengths", "4"], 64, "particles.source uniform"),
    (["--law.name", "lennard-jones", "--particles.source", "lattice", "--particles.density", "0.8", "--particles.cells", "2"], 64, "two cut-offs"),
    (["--law.name", "rotation", "--box.lengths", "4"], 64, "no effect while law.name is rotation"),
    (["--law.name", "rotation", "--particles.source", "lattice"], 64, "rotation needs"),
    (["--law.name", "lennard-jones", "--attraction.strength", "4"], 64, "no effect while law.name is lennard-jones"),
    (["--law.name", "lennard-jone"], 64, "lennard-jones"),
    ([*map(str, lattice(8)), "--neighbour.skin", "12"], 64, "neighbour.skin"),
])
def test_what_cannot_be_run_is_refused(tmp_path, arguments, code, problem):
    result = run("run", *arguments, cwd=tmp_path)
    assert result.returncode == code and problem in result.stderr and result.stderr.count("\n") == 1, result.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_goes_wrong_on_the_way_is_told(tmp_path):
    """Particles that begin on top of each other, and a step that is far too long: which, where, when, and what to do."""
    table = tmp_path / "near.csv"
    table.write_text("x,y,z,vx,vy,vz\n1,1,1,0,0,0\n5,5,5,0,0,0\n5.01,5,5,0,0,0\n")
    common = ["--law.name", "lennard-jones", "--box.lengths", 10, "--time.steps", 100, "--output.file", tmp_path / "run.h5md", "--run.quiet",
              "--output.overwrite"]
    near = run("run", *common, "--particles.source", "file", "--particles.file", table, "--time.step", 0.001, ranks=2)
    assert near.returncode == 1 and "comes within 0.01 " in near.stderr and "step 0" in near.stderr, near.stderr
    fast = run("run", *lattice(6), *common[4:], "--time.step", 0.2, ranks=2)
    assert fast.returncode == 1 and "use a smaller time.step" in fast.stderr and "in step" in fast.stderr, fast.stderr
    outside = tmp_path / "outside.csv"
    outside.write_text("x,y,z,vx,vy,vz\n1,1,11,0,0,0\n")
    result = run("run", *common, "--particles.source", "file", "--particles.file", outside, "--time.step", 0.001)
    assert result.returncode == 65 and "outside of the box" in result.stderr, result.stderr


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_particles_on_many_ranks(tmp_path, count):
    table = tmp_path / "few.csv"
    table.write_text("x,y,z,vx,vy,vz\n" + "".join(f"{1 + i},1,1,0.5,0,0\n" for i in range(count)))
    path = tmp_path / "run.h5md"
    run_well("run", "--law.name", "lennard-jones", "--box.lengths", 10, "--particles.source", "file", "--particles.file", table, "--time.step",
             0.01, "--time.steps", 100, "--output.file", path, "--run.quiet", ranks=3)
    found = diagnostics(path)
    assert np.isfinite(found["total_energy"]).all() and found["kinetic_energy"][-1] == pytest.approx(0.125 * count, rel=0.5)

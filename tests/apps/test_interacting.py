"""Particles that act on each other, through the program: the same bits everywhere, and physics against independent references."""

import itertools
import math

import h5py
import numpy as np
import pytest
from orrery_program import SOURCE, assert_same_bits, datasets, run, run_well

CONFIGS = [path.stem for path in sorted((SOURCE / "config").glob("*.ini")) if "\nname = rotation\n" not in path.read_text()]


def lattice(cells, **settings):
    settings = {"density": 0.8442, "temperature": 1.44, **settings}
    return ["--law.name", "lennard-jones", "--particles.source", "lattice", "--particles.cells", cells,
            "--particles.density", settings["density"], "--particles.temperature", settings["temperature"]]


def diagnostics(path):
    with h5py.File(path) as file:
        return {name: series[()] for name, series in file["diagnostics"].items()}


@pytest.mark.parametrize("precision", ["double", "mixed"])
@pytest.mark.parametrize("config", CONFIGS)
def test_configurations_run_on_one_and_three_ranks(tmp_path, config, precision):
    text = (SOURCE / f"config/{config}.ini").read_text()
    if precision == "mixed" and "\nname = none\n" in text:
        pytest.skip("without pairs there is no arithmetic of pairs")
    steps = {"table": 4000}.get(config, 400)
    common = ["run", SOURCE / f"config/{config}.ini", "--time.steps", steps, "--output.every", steps // 4, "--run.quiet"]
    if precision != "double":
        common += ["--run.precision", precision]
    run_well(*common, "--output.file", tmp_path / "one.h5md")
    run_well(*common, "--output.file", tmp_path / "three.h5md", ranks=3)
    one = datasets(tmp_path / "one.h5md")
    assert_same_bits(one, datasets(tmp_path / "three.h5md"), config)
    found = diagnostics(tmp_path / "one.h5md")
    scale = np.abs(found["potential_energy"]).max() + found["kinetic_energy"].max()
    assert np.ptp(found["kinetic_energy"]) > 1e-3 * scale
    if "\ndamping = " in text:
        assert np.all(np.diff(found["total_energy"]) < 0)
    elif "\n[thermostat]\n" not in text:
        assert np.ptp(found["total_energy"]) < 1e-3 * scale
    parts = found["kinetic_energy"] + found["potential_energy"]
    assert ("field_energy" in found) == ("\n[field]\n" in text)
    np.testing.assert_array_equal(found["total_energy"], parts + found["field_energy"] if "field_energy" in found else parts)
    if config != "table" and "field_energy" not in found:  # whose walls or fields take momentum
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


def test_mixed_precision_has_bits_of_its_own_the_same_on_any_ranks_threads_and_lists(tmp_path):
    def result(name, ranks, threads, skin, precision="mixed", every=250):
        path = tmp_path / f"{name}.h5md"
        run_well("run", *lattice(5), "--time.step", 0.005, "--time.steps", 1000, "--output.every", every, "--output.file", path,
                 "--run.threads", threads, "--neighbour.skin", skin, "--run.precision", precision, "--run.quiet", ranks=ranks, timeout=120)
        return path
    first = result(0, None, 1, 0.3)
    for number, setting in enumerate([(None, 3, 0.1), (2, 2, 0.15), (3, 1, 0.5), (7, 1, 0.3)], 1):
        assert_same_bits(datasets(first), datasets(result(number, *setting)), str(setting))
    # Whether anybody asks for energies, which are in double, cannot show.
    with h5py.File(first) as often, h5py.File(result("rare", 2, 1, 0.3, every=1000)) as rare:
        assert (often["particles/trajectory/position/value"][-1] == rare["particles/trajectory/position/value"][-1]).all()
    energy = {name: diagnostics(path)["total_energy"] for name, path in (("mixed", first), ("double", result("double", 2, 1, 0.3, "double")))}
    assert (energy["mixed"] != energy["double"])[1:].all()
    # Where the potential is cut off the energy wanders, in double as much.
    assert abs(energy["mixed"] - energy["mixed"][0]).max() < 3 * abs(energy["double"] - energy["double"][0]).max() + 0.01


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


def test_a_cloud_falls_in_and_virialises(tmp_path):
    """Kinetic energy and virial of an open system that has settled cancel on average, which the pressure shows: 2 K + W = 0."""
    path = tmp_path / "run.h5md"
    run_well("run", SOURCE / "config/attraction.ini", "--particles.count", 400, "--attraction.strength", 0.025, "--output.file", path,
             "--output.every", 10, "--run.quiet")
    found = diagnostics(path)
    kinetic, total = found["kinetic_energy"], found["total_energy"]
    assert np.ptp(total) < 1e-3 * abs(total[0]) and kinetic[0] == 0
    collapse = kinetic[:40].max()
    settled = slice(len(kinetic) // 2, None)
    assert collapse > 2.5 * kinetic[settled].mean()
    doubled = 2 * kinetic[settled]
    assert abs(np.mean(found["pressure"][settled] * 2 * 16)) < 0.03 * doubled.mean()
    assert np.std(kinetic[settled]) < 0.06 * kinetic[settled].mean()


def test_an_open_cloud_keeps_its_angular_momentum(tmp_path):
    """That of a cloud that turns, held against the sum over the particles of each frame."""
    random = np.random.default_rng(4)
    places = random.uniform(1, 3, (60, 3))
    turning = np.cross([0.3, -0.2, 0.9], places - 2) + random.uniform(-0.1, 0.1, places.shape)
    table = tmp_path / "cloud.csv"
    table.write_text("x,y,z,vx,vy,vz\n" + "".join(",".join(map(repr, row)) + "\n" for row in np.hstack([places, turning]).tolist()))
    path = tmp_path / "run.h5md"
    run_well("run", "--law.name", "attraction", "--attraction.strength", 0.05, "--attraction.cutoff", 2, "--particles.source", "file",
             "--particles.file", table, "--particles.mass", 1.5, "--box.lengths", 4, "--box.boundary", "open", "--time.step", 0.002, "--time.steps",
             1000, "--output.every", 100, "--output.file", path, "--run.quiet", ranks=2)
    with h5py.File(path) as file:
        position, velocity = (file[f"particles/trajectory/{name}/value"][()] for name in ("position", "velocity"))
    expected = np.linalg.norm(1.5 * np.cross(position, velocity).sum(axis=1), axis=1)
    found = diagnostics(path)["angular_momentum"]
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert found[0] > 50 and np.ptp(found) < 1e-9 * found[0]
    assert np.ptp(diagnostics(path)["kinetic_energy"]) > 0.1


def test_the_error_of_energy_falls_as_the_square_of_the_step(tmp_path):
    """The largest over equal times, of a liquid whose force goes to 0 at the cut-off."""
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
    (["--law.name", "soft-disc", "--box.lengths", "9", "--soft-disc.damping", "-0.5"], 64, "soft-disc.damping"),
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
    away = tmp_path / "away.csv"
    away.write_text("x,y,z,vx,vy,vz\n5,5,5,100,0,0\n")
    open_side = [word for word in common if word not in ("--time.steps", 100)]
    result = run("run", *open_side, "--box.boundary", "open", "--particles.source", "file", "--particles.file", away, "--time.step", 0.02,
                 "--time.steps", 2200)
    assert result.returncode == 1 and "has left the range of 4096" in result.stderr, result.stderr
    outside = tmp_path / "outside.csv"
    outside.write_text("x,y,z,vx,vy,vz\n1,1,11,0,0,0\n")
    result = run("run", *common, "--particles.source", "file", "--particles.file", outside, "--time.step", 0.001, "--box.boundary", "reflect")
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


BATH = ["--thermostat.name", "langevin", "--thermostat.temperature", 0.9, "--thermostat.friction", 2]


def test_a_bath_gives_the_same_bits_on_any_ranks(tmp_path):
    common = ["run", *lattice(5, density=0.7), *BATH, "--time.step", 0.005, "--time.steps", 300, "--output.every", 100, "--run.quiet"]
    run_well(*common, "--run.threads", 1, "--output.file", tmp_path / "one.h5md")
    run_well(*common, "--run.threads", 2, "--neighbour.skin", 0.5, "--output.file", tmp_path / "three.h5md", ranks=3)
    assert_same_bits(datasets(tmp_path / "one.h5md"), datasets(tmp_path / "three.h5md"), "bath")
    run_well(*common, "--thermostat.seed", 2, "--output.file", tmp_path / "other.h5md")
    assert diagnostics(tmp_path / "other.h5md")["kinetic_energy"][-1] != diagnostics(tmp_path / "one.h5md")["kinetic_energy"][-1]


def test_noise_goes_by_the_id_that_a_particle_came_with(tmp_path):
    """Nobody is within reach of another, so that a particle goes its way whoever else there is."""
    places = {3: (5, 5), 8: (15, 5), 21: (25, 5), 40: (5, 20), 41: (15, 20)}
    def positions(name, ids, ranks=None):
        (tmp_path / f"{name}.csv").write_text("id,x,y,vx,vy\n" + "".join(f"{i},{places[i][0]},{places[i][1]},0.1,-0.2\n" for i in ids))
        run_well("run", "--law.name", "attraction", "--particles.source", "file", "--particles.file", tmp_path / f"{name}.csv", "--box.lengths", 40, 40,
                 "--thermostat.name", "langevin", "--thermostat.temperature", 0.1, "--time.step", 0.01, "--time.steps", 200, "--output.every", 0,
                 "--output.file", tmp_path / f"{name}.h5md", "--run.quiet", ranks=ranks)
        with h5py.File(tmp_path / f"{name}.h5md") as file:
            return dict(zip(sorted(ids), file["particles/trajectory/position/value"][-1].tolist()))
    all_of_them = positions("all", [41, 3, 8, 40, 21], ranks=3)
    assert len({tuple(np.subtract(all_of_them[i][:2], places[i])) for i in places}) == 5
    some = positions("some", [40, 8, 21])
    assert some == {i: all_of_them[i] for i in (8, 21, 40)}


def test_a_bath_gives_maxwells_distribution(tmp_path):
    """Of a gas: frames are five times the memory of velocities apart, so they count as independent. Four standard errors."""
    path = tmp_path / "run.h5md"
    run_well("run", *lattice(5, density=0.1, temperature=0.9), *BATH, "--time.step", 0.005, "--time.steps", 20_000, "--output.every", 500,
             "--output.file", path, "--run.quiet")
    with h5py.File(path) as file:
        velocity = file["particles/trajectory/velocity/value"][1:].ravel()
    count = velocity.size
    variance = np.mean(velocity**2)
    assert variance == pytest.approx(0.9, abs=4 * 0.9 * math.sqrt(2 / count) + 0.9 * 0.002)  # and the error of the time step
    assert np.mean(velocity**4) / variance**2 == pytest.approx(3, abs=4 * math.sqrt(24 / count))
    assert abs(np.mean(velocity)) < 4 * math.sqrt(0.9 / count)
    quantiles = np.quantile(velocity / math.sqrt(variance), [0.05, 0.25, 0.75, 0.95])
    np.testing.assert_allclose(quantiles, [-1.6449, -0.6745, 0.6745, 1.6449], atol=0.02)


def test_a_liquid_has_the_published_pressure_and_energy(tmp_path):
    """U = -5.4689(4), P = 0.241(3) at T = 0.9, density 0.776 (NIST Standard Reference Simulation Website, Lennard-Jones fluid, Monte Carlo
    with cut-off 3 and long-range corrections). U and P are brought to T = 0.9 by slopes between the table's neighbours."""
    path = tmp_path / "run.h5md"
    density, cutoff = 0.776, 3.0
    run_well("run", *lattice(6, density=density, temperature=1.8), *BATH, "--lennard-jones.cutoff", cutoff, "--time.step", 0.004, "--time.steps",
             16_000, "--output.every", 20, "--output.file", path, "--run.quiet", timeout=120)
    found = {name: series[len(series) // 8:] for name, series in diagnostics(path).items()}
    count = 4 * 6**3
    energy = found["potential_energy"] / count + 8 / 9 * math.pi * density * (cutoff**-9 - 3 * cutoff**-3)
    pressure = found["pressure"] + 32 / 9 * math.pi * density**2 * (cutoff**-9 - 1.5 * cutoff**-3)
    temperature = found["temperature"].mean()

    def error(series):
        return np.std([part.mean() for part in np.array_split(series, 16)]) / 4
    assert temperature == pytest.approx(0.9, abs=0.01)
    # dU/dT = 0.86 and dP/dT = 4.7, from (0.85: -5.5121, 0.0068) and (0.9: -5.4689, 0.2406) of the same table.
    assert energy.mean() == pytest.approx(-5.4689 + 0.86 * (temperature - 0.9), abs=4 * (error(energy) + 4e-4))
    assert pressure.mean() == pytest.approx(0.241 + 4.7 * (temperature - 0.9), abs=4 * (error(pressure) + 3e-3))

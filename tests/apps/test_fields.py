"""Fields on single particles, with and without pairs: exact references, the same bits everywhere, bad input."""

import json
import math

import h5py
import numpy as np
import pytest
from orrery_program import SOURCE, assert_same_bits, datasets, run, run_well

# Without pairs, and with pairs that hardly feel each other.
LAWS = [["--law.name", "none"], ["--law.name", "soft-disc", "--soft-disc.diameter", 1, "--soft-disc.stiffness", 1e-12]]


def table_of(path, rows):
    """A particle file of rows x, y, z, vx, vy, vz, or x, y, vx, vy."""
    axes = "xyz"[:len(rows[0]) // 2]
    head = ",".join([*axes, *("v" + axis for axis in axes)])
    path.write_text(head + "\n" + "".join(",".join(repr(float(number)) for number in row) + "\n" for row in rows))
    return path


def start(path, rows):
    return ["--particles.source", "file", "--particles.file", table_of(path, rows)]


def columns(path):
    with h5py.File(path) as file:
        return [file[f"particles/trajectory/{name}/value"][()] for name in ("position", "velocity")]


def diagnostics(path):
    with h5py.File(path) as file:
        return {name: series[()] for name, series in file["diagnostics"].items()}


@pytest.mark.parametrize("law", LAWS, ids=["none", "soft-disc"])
def test_a_throw_is_a_parabola_exactly(tmp_path, law):
    """With numbers that the grids hold, leapfrog rounds nothing."""
    step, g = 2.0**-6, np.array([0.25, -2.0])
    rows = [(1, 7, 0.5, 1.5), (4, 8, -0.25, 0)]
    run_well("run", *law, *start(tmp_path / "two.csv", rows), "--box.lengths", 16, 16, "--box.boundary", "open", "--field.gravity", *g,
             "--time.step", step, "--time.steps", 100, "--output.every", 1, "--output.file", tmp_path / "o.h5md", "--run.quiet")
    position, velocity = columns(tmp_path / "o.h5md")
    t = step * np.arange(101)[:, None]
    for particle, row in enumerate(rows):
        np.testing.assert_array_equal(position[:, particle, :2], row[:2] + row[2:] * t + g / 2 * t**2)
        np.testing.assert_array_equal(velocity[:, particle, :2], row[2:] + g * t)
    found = diagnostics(tmp_path / "o.h5md")
    np.testing.assert_array_equal(found["field_energy"], -(position[:, :, :2] @ g).sum(axis=1))
    np.testing.assert_allclose(found["total_energy"], found["kinetic_energy"] + found["field_energy"], rtol=1e-15)
    assert np.ptp(found["total_energy"]) < 1e-13


@pytest.mark.parametrize("law", LAWS, ids=["none", "soft-disc"])
def test_a_ball_that_meets_the_floor_between_two_steps_bounces_as_high_for_ever(tmp_path, law):
    """It is at the floor at t = (n + 1/2) dt, and up again at (2n + 1) dt, again and again, exactly."""
    step, g, n = 2.0**-5, 1.0, 63
    height = g * step**2 / 2 * (n * n + n + 0.5)
    period = 2 * n + 1
    run_well("run", *law, *start(tmp_path / "ball.csv", [(2, height, 0.125, 0)]), "--box.lengths", 32, 8, "--box.boundary", "reflect",
             "--field.gravity", 0, -g, "--time.step", step, "--time.steps", 6 * period, "--output.every", 1,
             "--output.file", tmp_path / "o.h5md", "--run.quiet")
    position, velocity = columns(tmp_path / "o.h5md")
    y, v = position[:, 0, 1], velocity[:, 0, 1]
    assert (y[::period] == height).all() and (v[::period] == 0).all()
    # One parabola after the other.
    t = step * np.minimum(np.arange(len(y)) % period, period - np.arange(len(y)) % period)
    np.testing.assert_array_equal(y, height - g * t**2 / 2)
    assert np.ptp(diagnostics(tmp_path / "o.h5md")["total_energy"]) < 1e-13


def test_bounces_anywhere_in_a_step_are_those_of_the_equation_within_a_step(tmp_path):
    """Times of bounces, and heights between them: a bounce is moved by less than a step, and its energy by less than force times way."""
    g, bounces = 9.81, 6
    heights = np.array([1.0, 1.3, 1.7, 2.2, 2.9])
    for step in (2e-3, 1e-3):
        path = tmp_path / f"{step}.h5md"
        end = 2 * bounces * math.sqrt(2 * heights.min() / g)
        run_well("run", "--law.name", "none", *start(tmp_path / "balls.csv", [(2 * x + 1, y, 0, 0) for x, y in enumerate(heights)]),
                 "--box.lengths", 12, 4, "--box.boundary", "reflect", "--field.gravity", 0, -g, "--time.step", step, "--time.steps",
                 round(end / step), "--output.every", 1, "--output.file", path, "--run.quiet")
        position, velocity = columns(path)
        for ball, height in enumerate(heights):
            y, v = position[:, ball, 1], velocity[:, ball, 1]
            at = np.flatnonzero((v[1:] > 0) & (v[:-1] < 0))
            fall, fastest = math.sqrt(2 * height / g), math.sqrt(2 * height * g)
            most_gained = fastest * step  # of height, in each bounce
            for bounce, row in enumerate(at):
                room = 1 + 4 * (bounce + 1) ** 2
                assert row * step == pytest.approx((2 * bounce + 1) * fall, abs=room * step)
            tops = [y[a:b].max() for a, b in zip(at[:-1], at[1:])]
            for bounce, top in enumerate(tops, 1):
                assert abs(top - height) < bounce * most_gained


def swing(amplitude, k, mass, step, steps):
    """Leapfrog's oscillator: x_n = A cos(n theta) with cos(theta) = 1 - k dt^2 / 2m, from rest."""
    theta = np.arccos(1 - k * step**2 / (2 * mass)) * np.arange(steps + 1)
    return amplitude * np.cos(theta), -amplitude * np.sin(theta) * math.sin(theta[1]) / step


@pytest.mark.parametrize("law", LAWS, ids=["none", "soft-disc"])
@pytest.mark.parametrize("boundary", ["open", "periodic", "reflect"])
@pytest.mark.parametrize("stiffness", [(4.0,), (1.0, 2.5, 6.0)], ids=["isotropic", "anisotropic"])
def test_a_trap_is_the_oscillator_of_leapfrog(tmp_path, law, boundary, stiffness):
    step, steps, mass, length = 0.02, 500, 1.5, 16.0
    # Beside an end of a periodic axis, which particles cross.
    centre = np.array([0.5, 8.0, 15.0]) if boundary == "periodic" else np.array([7.0, 8.0, 9.0])
    amplitudes = np.array([[2.0, 1.0, 3.0], [-3.5, 4.0, -1.0]])
    rows = [(*(centre + amplitude), 0, 0, 0) for amplitude in amplitudes]
    run_well("run", *law, *start(tmp_path / "two.csv", rows), "--box.lengths", length, "--box.boundary", boundary,
             "--field.trap-stiffness", *stiffness, "--field.trap-centre", *centre, "--particles.mass", mass, "--time.step", step,
             "--time.steps", steps, "--output.every", 1, "--output.file", tmp_path / "o.h5md", "--run.quiet")
    position, velocity = columns(tmp_path / "o.h5md")
    away = position - centre
    if boundary == "periodic":
        away -= length * np.round(away / length)
    energy = 0
    for axis in range(3):
        k = stiffness[axis % len(stiffness)]
        for particle in range(2):
            x, v = swing(amplitudes[particle, axis], k, mass, step, steps)
            np.testing.assert_allclose(away[:, particle, axis], x, atol=3e-8)
            np.testing.assert_allclose(velocity[:, particle, axis], v, atol=3e-8)
            energy = energy + k * away[:, particle, axis] ** 2 / 2
    found = diagnostics(tmp_path / "o.h5md")
    np.testing.assert_allclose(found["field_energy"], energy, rtol=1e-12, atol=1e-12)
    # The energy of leapfrog's oscillator sways by a share of k dt^2 / 4m.
    assert np.ptp(found["total_energy"]) < max(stiffness) * step**2 / (4 * mass) * found["total_energy"][0]


def test_species_of_different_masses_fall_alike(tmp_path):
    """Bit for bit, since gravity is an acceleration."""
    run_well("run", "--law.name", "none", "--particles.source", "lattice", "--particles.lattice", "simple-cubic", "--particles.cells", 4,
             "--box.lengths", 8, "--box.boundary", "open", "--particles.mass", "0.3,1,17", "--field.gravity", 0.1, 0, -9.81,
             "--time.step", 0.003, "--time.steps", 300, "--output.every", 100, "--output.file", tmp_path / "o.h5md", "--run.quiet")
    position, velocity = columns(tmp_path / "o.h5md")
    assert len({row.tobytes() for row in velocity[-1]}) == 1
    t = 0.3 * np.arange(4)[:, None, None]
    np.testing.assert_allclose(position - position[0], np.broadcast_to(np.array([0.1, 0, -9.81]) / 2 * t**2, position.shape), atol=1e-9)


@pytest.mark.parametrize("law", [["--law.name", "none"], ["--law.name", "lennard-jones"]], ids=["none", "lennard-jones"])
@pytest.mark.parametrize("length", [50.0, 1e5, 1e7])
def test_a_fall_from_rest_in_a_large_box_is_right(tmp_path, law, length):
    """Where a half kick is a few units of the grids, or less than one, rests are carried."""
    g, step, steps = 1e-4, 1e-3, 2000
    run_well("run", *law, *start(tmp_path / "one.csv", [(length / 2, length / 3, length / 2, 0, 0, 0)]), "--box.lengths", length,
             "--box.boundary", "reflect", "--field.gravity", 0, 0, -g, "--time.step", step, "--time.steps", steps,
             "--output.file", tmp_path / "o.h5md", "--run.quiet")
    position, velocity = columns(tmp_path / "o.h5md")
    t = step * steps
    assert velocity[-1, 0, 2] == pytest.approx(-g * t, rel=1e-6)
    fallen = position[-1, 0, 2] - position[0, 0, 2]
    assert fallen == pytest.approx(-g * t**2 / 2, rel=1e-6, abs=2 * np.spacing(length))


def test_heights_in_a_bath_follow_the_barometric_formula(tmp_path):
    """The mean height of each particle over time is one of many independent values; their spread tells how exact their mean is."""
    temperature, mass, g, height, count = 0.8, 2.0, 0.5, 4.0, 1500
    run_well("run", "--law.name", "none", "--particles.source", "random", "--particles.count", count, "--particles.temperature", temperature,
             "--box.lengths", 5, 5, height, "--box.boundary", "periodic,periodic,reflect", "--particles.mass", mass,
             "--field.gravity", 0, 0, -g, "--thermostat.name", "langevin", "--thermostat.temperature", temperature,
             "--thermostat.friction", 1, "--time.step", 0.02, "--time.steps", 4000, "--output.every", 50,
             "--output.file", tmp_path / "o.h5md", "--run.quiet", timeout=120)
    position, velocity = columns(tmp_path / "o.h5md")
    z = position[20:, :, 2]
    scale = temperature / (mass * g)
    expected = scale - height / (math.exp(height / scale) - 1)
    means = z.mean(axis=0)
    error = means.std(ddof=1) / math.sqrt(count)
    assert error < 0.01 * expected
    assert abs(means.mean() - expected) < 4 * error
    # Velocities do not know of heights.
    found = diagnostics(tmp_path / "o.h5md")
    squares = mass * (velocity[20:] ** 2).sum(axis=2).mean(axis=0) / 3
    assert abs(squares.mean() - temperature) < 4 * squares.std(ddof=1) / math.sqrt(count)
    # With a bath, nothing is left out of the degrees of freedom.
    np.testing.assert_allclose(found["temperature"], 2 * found["kinetic_energy"] / (3 * count), rtol=1e-13)


def test_degrees_of_freedom_are_counted_by_what_takes_momentum(tmp_path):
    """The momentum is taken off drawn velocities along axes without walls and fields, and the temperature is that which was asked for."""
    count = 200
    for number, (field, boundary, kept) in enumerate([([], "open", (0, 1, 2)), (["--field.gravity", 0, 0, -1], "open", (0, 1)),
                                                      (["--field.trap-stiffness", 1, 0, 0], "periodic", (1, 2)),
                                                      (["--field.trap-stiffness", 1, 0, 0], "periodic,periodic,reflect", (1,))]):
        path = tmp_path / f"{number}.h5md"
        run_well("run", "--law.name", "none", "--particles.source", "random", "--particles.count", count, "--particles.temperature", 1.5,
                 "--box.lengths", 9, "--box.boundary", boundary, *field, "--time.steps", 1, "--output.file", path, "--run.quiet")
        velocity = columns(path)[1][0]
        total = velocity.sum(axis=0)
        assert [axis for axis in range(3) if abs(total[axis]) < 1e-9] == list(kept)
        found = diagnostics(path)
        assert found["temperature"][0] == pytest.approx(1.5, rel=1e-9)
        assert found["kinetic_energy"][0] == pytest.approx(1.5 / 2 * (3 * count - len(kept)), rel=1e-9)
        assert ("field_energy" in found) == bool(field)


GAS = ["--particles.source", "random", "--particles.count", 300, "--particles.min-distance", 0.9, "--particles.temperature", 1,
       "--particles.mass", "1,3", "--box.lengths", 9, "--box.boundary", "periodic,reflect,open", "--field.gravity", 0, -1, 0.5,
       "--field.trap-stiffness", 0, 0.5, 2, "--time.step", 0.004, "--time.steps", 400, "--output.images", "image", "--run.quiet"]


@pytest.mark.parametrize("kind", ["none", "none in a bath", "lennard-jones", "mixed", "lennard-jones in a bath"])
def test_the_same_bits_on_any_ranks_threads_and_frames(tmp_path, kind):
    settings = ["--law.name", kind.split()[0]]
    if kind == "mixed":
        settings = ["--law.name", "lennard-jones", "--run.precision", "mixed"]
    if kind.endswith("bath"):
        settings += ["--thermostat.name", "langevin", "--thermostat.friction", 2]
    every = ["--output.every", 100]
    run_well("run", *settings, *GAS, *every, "--run.threads", 1, "--output.file", tmp_path / "one.h5md")
    expected = datasets(tmp_path / "one.h5md")
    for ranks, threads in [(None, 2), (2, 1), (3, 2)]:
        path = tmp_path / f"{ranks}.h5md"
        lists = [] if kind.startswith("none") else ["--neighbour.skin", 0.1, "--domain.balance", "false"]
        run_well("run", *settings, *GAS, *every, *lists, "--run.threads", threads, "--output.file", path, ranks=ranks)
        assert_same_bits(expected, datasets(path), f"{ranks} ranks, {threads} threads")
    run_well("run", *settings, *GAS, "--output.every", 0, "--output.file", tmp_path / "last.h5md")
    for one, other in zip(columns(tmp_path / "one.h5md"), columns(tmp_path / "last.h5md")):
        assert one[-1].tobytes() == other[-1].tobytes()
    assert run_well("info", tmp_path / "one.h5md", "--verify").returncode == 0


def test_a_run_goes_back_the_way_it_came(tmp_path):
    """Velocities of the last frame reversed, by file."""
    common = ["run", "--law.name", "none", "--box.lengths", 9, 9, 9, "--box.boundary", "periodic,reflect,periodic", "--field.gravity", 0, -1, 0,
              "--field.trap-stiffness", 3, 0, 1, "--time.step", 2.0**-8, "--time.steps", 700, "--run.quiet"]
    rng = np.random.default_rng(3)
    rows = np.hstack([rng.uniform(0, 9, (50, 3)), rng.normal(size=(50, 3))])
    run_well(*common, *start(tmp_path / "there.csv", rows), "--output.file", tmp_path / "there.h5md")
    position, velocity = columns(tmp_path / "there.h5md")
    run_well(*common, *start(tmp_path / "back.csv", np.hstack([position[-1], -velocity[-1]])), "--output.file", tmp_path / "back.h5md", ranks=2)
    back_position, back_velocity = columns(tmp_path / "back.h5md")
    assert position[0].tobytes() == back_position[-1].tobytes()
    np.testing.assert_array_equal(velocity[0], -back_velocity[-1])


@pytest.mark.parametrize("bath", [[], ["--thermostat.name", "langevin"]], ids=["alone", "in a bath"])
def test_a_run_goes_on_from_its_file_as_if_it_had_not_stopped(tmp_path, bath):
    settings = ["run", "--law.name", "none", *bath, "--field.gravity", 0, -1, "--field.trap-stiffness", 2, 0, "--time.step", 2.0**-7, "--run.quiet"]
    begin = ["--particles.source", "random", "--particles.count", 200, "--particles.temperature", 1, "--box.lengths", 6, 8, "--box.boundary",
             "periodic,reflect"]
    run_well(*settings, *begin, "--time.steps", 600, "--output.file", tmp_path / "whole.h5md")
    run_well(*settings, *begin, "--time.steps", 250, "--output.file", tmp_path / "first.h5md")
    run_well(*settings, "--particles.source", "file", "--particles.file", tmp_path / "first.h5md", "--time.steps", 350,
             "--output.file", tmp_path / "second.h5md", ranks=2)
    for one, other in zip(columns(tmp_path / "whole.h5md"), columns(tmp_path / "second.h5md")):
        assert one[-1].tobytes() == other[-1].tobytes()


def test_without_a_field_nothing_is_added_to_file_and_bits(tmp_path):
    common = ["run", SOURCE / "config/liquid.ini", "--time.steps", 50, "--output.every", 25, "--run.quiet", "--output.file"]
    run_well(*common, tmp_path / "plain.h5md")
    run_well(*common, tmp_path / "zero.h5md", "--field.gravity", 0, 0, 0, "--field.trap-stiffness", "none")
    plain = datasets(tmp_path / "plain.h5md")
    assert "diagnostics/field_energy" not in plain
    assert_same_bits(plain, datasets(tmp_path / "zero.h5md"), "a field of nothing")


def test_a_gas_of_no_pairs_goes_straight_on(tmp_path):
    """Particles may be anywhere, also at one place, and their paths are straight lines. Images count how often they cross the box."""
    step, steps = 2.0**-4, 640
    rows = [(1, 1, 0.5, 3), (1, 1, 0.5, 3), (2, 3, -6, 0.25), (0, 0, 0, 0)]
    run_well("run", "--law.name", "none", *start(tmp_path / "gas.csv", rows), "--box.lengths", 4, 8, "--time.step", step, "--time.steps", steps,
             "--output.images", "unwrapped", "--output.file", tmp_path / "o.h5md", "--run.quiet", ranks=3)
    position, velocity = columns(tmp_path / "o.h5md")
    for particle, row in enumerate(rows):
        np.testing.assert_array_equal(position[-1, particle, :2], np.array(row[:2]) + np.array(row[2:]) * step * steps)
    found = diagnostics(tmp_path / "o.h5md")
    assert (found["potential_energy"] == 0).all() and np.ptp(found["kinetic_energy"]) == 0
    np.testing.assert_allclose(found["pressure"], found["kinetic_energy"] / (4 * 8), rtol=1e-15)


@pytest.mark.parametrize("arguments, problem", [
    (["--field.gravity", 1], "field.gravity has 1 number, but the box has 2 axes"),
    (["--field.gravity", 0, 0, 1], "field.gravity has 3 numbers, but the box has 2 axes"),
    (["--field.trap-stiffness", 1, 2, 3], "field.trap-stiffness has 3 numbers, but the box has 2 axes"),
    (["--field.trap-stiffness", 1, "--field.trap-centre", 1, 2, 3], "field.trap-centre has 3 numbers, but the box has 2 axes"),
    (["--field.trap-stiffness", -1], "field.trap-stiffness = '-1' is not valid; it takes a number from 0"),
    (["--field.trap-stiffness", "nan"], "field.trap-stiffness = 'nan' is not valid"),
    (["--field.gravity=0 inf"], "field.gravity = '0 inf' is not valid"),
    (["--field.trap-centre", 1, 2], "field.trap-centre has no effect while field.trap-stiffness is none"),
    (["--field.gravity", 0, 1, "--thermostat.name", "langevin", "--thermostat.momentum", "remove"], "thermostat.momentum remove keeps the momentum"),
    (["--neighbour.skin", 0.3], "neighbour.skin has no effect while law.name is none"),
    (["--run.precision", "mixed"], "run.precision has no effect while law.name is none"),
])
def test_what_cannot_be_run_is_refused_before_anything_is_written(tmp_path, arguments, problem):
    settings = ["run", "--law.name", "none", "--box.lengths", 4, 4, "--particles.source", "random", "--output.file", tmp_path / "o.h5md"]
    found = run(*settings, *arguments)
    assert found.returncode == 64 and problem in found.stderr, found.stderr
    assert not list(tmp_path.iterdir())


def test_a_configuration_is_refused_with_its_own_code(tmp_path):
    config = tmp_path / "wrong.ini"
    config.write_text("[law]\nname = rotation\n[field]\ngravity = 0 -1\n[output]\nfile = o.h5md\n")
    found = run("run", config, cwd=tmp_path)
    assert found.returncode == 78 and "field.gravity has no effect while law.name is rotation" in found.stderr, found.stderr
    # Where the file tells how many axes there are.
    run_well("run", "--law.name", "none", "--box.lengths", 4, 4, 4, "--particles.source", "random", "--particles.count", 5, "--time.steps", 1,
             "--output.file", tmp_path / "start.h5md", "--run.quiet")
    config.write_text("[law]\nname = none\n[particles]\nsource = file\nfile = start.h5md\n[field]\ngravity = 0 -1\n[output]\nfile = o.h5md\n")
    found = run("run", config, cwd=tmp_path, ranks=2)
    assert found.returncode == 78 and "field.gravity has 2 numbers, but the box has 3 axes" in found.stderr, found.stderr
    assert not (tmp_path / "o.h5md").exists()


def test_too_long_a_step_is_told(tmp_path):
    """In the words of what bounds it."""
    for field in (["--field.gravity", 0, 1e9], ["--field.trap-stiffness", 1e12], ["--field.trap-stiffness", 1e100]):
        found = run("run", "--law.name", "none", *start(tmp_path / "one.csv", [(1, 1, 0, 0)]), "--box.lengths", 4, 5, *field,
                    "--time.step", 0.01, "--time.steps", 5, "--output.file", tmp_path / "o.h5md", "--run.quiet")
        assert found.returncode == 1 and "moves farther than the shortest edge of the box, 4 in step 1" in found.stderr, found.stderr
        assert not (tmp_path / "o.h5md").exists()


def test_what_is_said_of_a_run_without_pairs(tmp_path):
    """Plan, log, profile, info, sweep and dry run know it."""
    bare = ["--law.name", "none", "--particles.source", "random", "--particles.count", 500, "--particles.temperature", 1, "--box.lengths", 6,
            "--time.step", 0.01, "--time.steps", 200, "--output.every", 50]
    settings = [*bare, "--field.trap-stiffness", 1]
    said = run_well("run", *settings, "--run.log", "run.log", "--run.profile", "run.json", "--run.progress", "on", cwd=tmp_path, ranks=2).stdout
    assert "field energy" in said and "lists built" not in said and "neighbour" not in said
    log = [json.loads(line) for line in (tmp_path / "run.log").read_text().splitlines()]
    frames = [line for line in log if line["event"] == "frame"]
    assert len(frames) == 5 and all("field_energy" in frame for frame in frames)
    assert set(log[-1]["evolve_parts"]) == {"integrate", "exchange", "fields"}
    assert json.loads((tmp_path / "run.json").read_text())
    output = next(tmp_path.glob("*.h5md"))
    assert "field_energy" in run_well("info", output).stdout
    assert "law          none" in run_well("info", output).stdout
    dry = run_well("run", *settings, "--run.dry-run", "--output.file", "none.h5md", cwd=tmp_path).stdout
    assert "trap-stiffness = 1" in dry and "skin" not in dry
    assert not (tmp_path / "none.h5md").exists()
    run_well("sweep", *bare, "--vary", "field.trap-stiffness=1,2", "--out", "out", cwd=tmp_path)

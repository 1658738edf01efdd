"""Particles that act on each other, against exact solutions, and over long times."""

import math

import h5py
import numpy as np
import pytest
from orrery_program import run_well


def table(path, position, velocity):
    rows = np.hstack([position, velocity]).tolist()
    path.write_text("x,y,z,vx,vy,vz\n" + "".join(",".join(map(repr, row)) + "\n" for row in rows))
    return path


def positions(path):
    with h5py.File(path) as file:
        group = file["particles/trajectory/position"]
        return group["time"][()], group["value"][()]


def diagnostics(path):
    with h5py.File(path) as file:
        return file["diagnostics/time"][()], {name: series[()] for name, series in file["diagnostics"].items()}


def test_two_balls_push_each_other_apart_as_the_exact_solution_has_it(tmp_path):
    """While they touch, half a swing of a spring between two masses; then they fly on. Along no axis, in walls that they do not reach."""
    stiffness, diameter, mass, overlap = 40.0, 1.0, 1.5, 0.3
    along = np.array([2.0, -1.0, 2.0]) / 3
    start = np.array([[4, 5, 6], [4, 5, 6]]) + np.array([[-0.5], [0.5]]) * (diameter - overlap) * along
    frequency = math.sqrt(2 * stiffness / mass)
    parting = 0.5 * math.pi / frequency

    def worst(step):
        path = tmp_path / f"{step}.h5md"
        run_well("run", "--law.name", "soft-disc", "--soft-disc.stiffness", stiffness, "--soft-disc.diameter", diameter, "--particles.source",
                 "file", "--particles.file", table(tmp_path / "two.csv", start, np.zeros((2, 3))), "--particles.mass", mass, "--box.lengths", 10,
                 "--box.boundary", "reflect", "--time.step", step, "--time.steps", round(0.512 / step), "--output.every",
                 round(0.008 / step), "--output.file", path, "--run.quiet")
        time, position = positions(path)
        distance = np.where(time < parting, diameter - overlap * np.cos(frequency * time),
                            diameter + overlap * frequency * (time - parting))
        expected = np.array([4, 5, 6]) + np.array([-0.5, 0.5])[None, :, None] * distance[:, None, None] * along
        error = np.abs(position - expected).max(axis=(1, 2))
        # They part within a step, and how far into it has a share in the error from then on.
        assert error.max() < 2 * step**2
        return error[time < parting].max()
    errors = [worst(step) for step in (0.004, 0.002, 0.001)]
    assert 3.9 < errors[0] / errors[1] < 4.1 and 3.9 < errors[1] / errors[2] < 4.1, errors


@pytest.mark.parametrize("precision", ["double", "mixed"])
def test_units_do_not_matter(tmp_path, precision):
    """Reduced units, and powers of two of them, as small as metres, kilograms and seconds are for atoms: the same bits."""
    def end_of(name, length, mass, time):
        energy = mass * length**2 / time**2
        path = tmp_path / f"{name}.h5md"
        run_well("run", "--law.name", "lennard-jones", "--lennard-jones.epsilon", energy, "--lennard-jones.sigma", length,
                 "--lennard-jones.cutoff", 2.5 * length, "--particles.source", "lattice", "--particles.lattice", "fcc", "--particles.cells", 5,
                 "--particles.density", 0.8442 / length**3, "--particles.mass", mass, "--particles.temperature", 1.44 * energy,
                 "--time.step", 0.005 * time, "--time.steps", 200, "--run.precision", precision, "--output.file", path, "--run.quiet")
        return positions(path)[1][-1] / length, diagnostics(path)[1]["total_energy"][-1] / energy
    position, energy = end_of("reduced", 1.0, 1.0, 1.0)
    scaled_position, scaled_energy = end_of("scaled", 2.0**-31, 2.0**-83, 2.0**-43)
    assert np.array_equal(position, scaled_position)
    assert energy == scaled_energy
    assert np.ptp(position) > 8.0


@pytest.mark.parametrize("law, distance, pull", [
    (["lennard-jones", "--lennard-jones.cutoff", 3], 1.25, 24 * (1.25**-7 - 2 * 1.25**-13)),
    (["attraction", "--attraction.strength", 2, "--attraction.cutoff", 3], 1.1, 2 * (1 - 1.1 / 3)),
])
def test_two_particles_circle_each_other_as_the_exact_solution_has_it(tmp_path, law, distance, pull):
    """About the corner of a periodic box, so that each sees images of the other, in a plane along no axis, on two ranks."""
    mass, edge = 0.8, 8.0
    speed = math.sqrt(pull * 0.5 * distance / mass)
    first, second = np.array([2.0, -1.0, 2.0]) / 3, np.array([-1.0, 2.0, 2.0]) / 3
    sides = np.array([1.0, -1.0])[:, None]
    frequency = speed / (0.5 * distance)

    def worst(step, ranks):
        path = tmp_path / f"{step}.h5md"
        run_well("run", "--law.name", *law, "--particles.source", "file", "--particles.file",
                 table(tmp_path / "two.csv", (0.5 * distance * sides * first) % edge, speed * sides * second), "--particles.mass", mass,
                 "--box.lengths", edge, "--time.step", step, "--time.steps", round(6.4 / step), "--output.every", round(0.064 / step),
                 "--output.file", path, "--run.quiet", ranks=ranks)
        time, position = positions(path)
        angle = frequency * time[:, None, None]
        expected = 0.5 * distance * sides * (np.cos(angle) * first + np.sin(angle) * second)
        away = (position - expected + 0.5 * edge) % edge - 0.5 * edge
        return np.abs(away).max()
    assert frequency * 6.4 > 2 * math.pi  # once around at least
    errors = [worst(step, ranks) for step, ranks in ((0.008, None), (0.004, 2), (0.002, None))]
    assert errors[2] < 1e-3 * distance and 3.5 < errors[0] / errors[1] < 4.5 and 3.5 < errors[1] / errors[2] < 4.5, errors


def lennard_jones(r):
    q = (0.95 / r) ** 6
    return 4 * 1.3 * (q**2 - q), 24 * 1.3 * (2 * q**2 - q) / r


def attraction(r):
    return -0.75 * 1.9 * (1 - r / 1.9) ** 2, -1.5 * (1 - r / 1.9)


def soft_disc(r):
    return 15.0 * (1.2 - r) ** 2, 30.0 * (1.2 - r)


@pytest.mark.parametrize("law, pair, cutoff", [
    (["lennard-jones", "--lennard-jones.epsilon", 1.3, "--lennard-jones.sigma", 0.95, "--lennard-jones.cutoff", 2.2], lennard_jones, 2.2),
    (["attraction", "--attraction.strength", 1.5, "--attraction.cutoff", 1.9], attraction, 1.9),
    (["soft-disc", "--soft-disc.stiffness", 30, "--soft-disc.diameter", 1.2], soft_disc, 1.2)])
@pytest.mark.parametrize("lengths, boundary", [((6, 7, 8), "periodic"), ((6, 7, 8), "periodic,reflect,open"), ((14, 15), "periodic"),
                                               ((14, 15), "reflect,periodic"), ((6, 7, 8), "open")])
def test_diagnostics_are_those_of_the_particles_of_the_frame(tmp_path, law, pair, cutoff, lengths, boundary):
    """Worked out from positions and velocities in the file, over all pairs."""
    path, mass, axes = tmp_path / "run.h5md", 1.7, len(lengths)
    run_well("run", "--law.name", *law, "--particles.source", "random", "--particles.count", 150, "--particles.min-distance", 0.85,
             "--particles.temperature", 0.6, "--particles.mass", mass, "--box.lengths", *lengths, "--box.boundary", boundary, "--time.step", 0.004,
             "--time.steps", 200, "--output.every", 100, "--output.file", path, "--run.quiet")
    kinds = (boundary.split(",") * 3)[:axes] if "," not in boundary else boundary.split(",")
    with h5py.File(path) as file:
        position, velocity = (file[f"particles/trajectory/{name}/value"][()] for name in ("position", "velocity"))
    count = position.shape[1]
    one, other = np.triu_indices(count, 1)
    for frame in range(3):
        away = position[frame][one] - position[frame][other]
        for axis, kind in enumerate(kinds):
            if kind == "periodic":
                away[:, axis] -= lengths[axis] * np.round(away[:, axis] / lengths[axis])
        distance = np.linalg.norm(away, axis=1)
        distance = distance[distance < cutoff]
        energy, force = pair(distance)
        kinetic = 0.5 * mass * np.sum(velocity[frame] ** 2)
        freedoms = axes * count - sum(kind != "reflect" for kind in kinds)
        expected = {"kinetic_energy": kinetic, "potential_energy": energy.sum(), "total_energy": kinetic + energy.sum(),
                    "temperature": 2 * kinetic / freedoms, "pressure": (2 * kinetic + np.sum(force * distance)) / (axes * np.prod(lengths)),
                    "momentum": np.linalg.norm(mass * velocity[frame].sum(axis=0)),
                    "angular_momentum": np.linalg.norm(mass * np.cross(position[frame], velocity[frame]).sum(axis=0)) if set(kinds) == {"open"} else 0}
        _, found = diagnostics(path)
        assert len(distance) > 50
        for name, value in expected.items():
            assert found[name][frame] == pytest.approx(value, rel=1e-9, abs=1e-8), (name, frame)


@pytest.mark.parametrize("count", [1, 2, 10])
@pytest.mark.parametrize("lengths, boundary", [((20, 20, 20), "reflect"), ((20, 20), "reflect"), ((20, 20, 20), "periodic,periodic,reflect"),
                                               ((20, 20), "periodic"), ((20, 20, 20), "periodic,open,periodic")])
@pytest.mark.parametrize("more", [[], ["--particles.mass", "1,5"]])
def test_the_first_frame_has_the_temperature_that_was_asked_for(tmp_path, count, lengths, boundary, more):
    path = tmp_path / "run.h5md"
    run_well("run", "--law.name", "soft-disc", "--particles.source", "random", "--particles.count", count, "--particles.temperature", 1,
             "--box.lengths", *lengths, "--box.boundary", boundary, "--time.step", 0.001, "--time.steps", 1, *more, "--output.file", path, "--run.quiet")
    _, found = diagnostics(path)
    has_heat = count > 1 or "reflect" in boundary
    assert found["temperature"][0] == pytest.approx(1 if has_heat else 0, rel=1e-10)


def test_a_liquid_keeps_its_energy_for_a_hundred_thousand_steps(tmp_path):
    """256 particles; docs/numerics.md has what 4,000 do. Drift: slope of the line through the energies per particle."""
    path = tmp_path / "run.h5md"
    count = 256
    run_well("run", "--law.name", "lennard-jones", "--lennard-jones.truncation", "force-shifted", "--particles.source", "lattice",
             "--particles.cells", 4, "--particles.density", 0.8442, "--particles.temperature", 1.44, "--time.step", 0.005, "--time.steps",
             100_000, "--output.every", 500, "--output.file", path, "--run.threads", 1, "--run.quiet", timeout=120)
    time, found = diagnostics(path)
    energy = found["total_energy"] / count
    drift, _ = np.polyfit(time, energy, 1)
    assert abs(drift) < 5e-7 and np.std(energy) < 4e-4, (drift, np.std(energy))
    assert found["momentum"].max() < 1e-6
    settled = found["temperature"][20:]
    assert 0.6 < settled.mean() < 0.8 and np.std(settled) > 0.01  # a liquid that moves

"""Particles of several species, each with its mass, through the program: physics against independent references, the same bits, files."""

import math
import sys

import h5py
import numpy as np
import pytest
from orrery_program import SOURCE, assert_same_bits, datasets, run, run_well
from other_readers import frames_by_words

sys.path.insert(0, str(SOURCE / "scripts"))

import orrery

MASSES, FRACTIONS = (1.0, 3.5, 0.7), (0.5, 0.2, 0.3)
MIXTURE = ["--particles.mass", "1,3.5,0.7", "--particles.fractions", "0.5,0.2,0.3"]


def lattice(cells, density=0.8, temperature=1.4):
    return ["--law.name", "lennard-jones", "--particles.source", "lattice", "--particles.cells", cells, "--particles.density", density,
            "--particles.temperature", temperature]


def diagnostics(path):
    with h5py.File(path) as file:
        return {name: series[()] for name, series in file["diagnostics"].items()}


class Frames:
    """Positions and velocities of all frames, species and masses."""

    def __init__(self, path):
        with h5py.File(path) as file:
            particles = file["particles/trajectory"]
            self.species, self.mass = particles["species"][()], particles["mass"][()]
            self.position, self.velocity = (particles[f"{name}/value"][()] for name in ("position", "velocity"))
            self.time = particles["position/time"][()]
            self.lengths = particles["box/edges/value"][0].diagonal()

    def momentum(self):
        return np.einsum("n,fnd->fd", self.mass, self.velocity)

    def kinetic_energy(self):
        return 0.5 * np.einsum("n,fnd,fnd->f", self.mass, self.velocity, self.velocity)


def two_bodies(tmp_path, light, heavy, rows, *arguments):
    """A run of two particles that a table tells of, the heavy one first."""
    table, path = tmp_path / "two.csv", tmp_path / "two.h5md"
    table.write_text(rows)
    run_well("run", "--particles.source", "file", "--particles.file", table, "--particles.mass", f"{light},{heavy}", *arguments, "--output.file",
             path, "--run.quiet")
    frames = Frames(path)
    assert frames.mass.tolist() == [heavy, light] and frames.species.tolist() == [1, 0]
    return frames


def test_two_bodies_of_unlike_masses_swing_with_the_period_of_their_reduced_mass(tmp_path):
    strength, cutoff, start, light, heavy = 0.7, 2.0, 1.0, 0.4, 3.0
    step = 0.0002  # the force turns round at contact, all at once, which costs an error of the order of the step from then on
    frames = two_bodies(tmp_path, light, heavy, f"species,x,y,z,vx,vy,vz\n1,5,5,5,0,0,0\n0,{5 + start},5,5,0,0,0\n", "--law.name", "attraction",
                        "--attraction.strength", strength, "--attraction.cutoff", cutoff, "--box.lengths", 10, "--box.boundary", "open", "--time.step",
                        step, "--time.steps", 40_000, "--output.every", 25)
    x = frames.position[:, :, 0]
    np.testing.assert_allclose(x @ frames.mass, x[0] @ frames.mass, rtol=0, atol=1e-6)  # the centre of mass stays, but for rounding of kicks
    distance = x[:, 1] - x[:, 0]

    def energy(r):
        return -0.5 * strength * cutoff * (1 - r / cutoff) ** 2
    # dt = dr / sqrt(2 (U(r0) - U(r)) / mu); r = r0 sin(a) takes the singularity at the turning point away.
    reduced = light * heavy / (light + heavy)
    nodes, weights = np.polynomial.legendre.leggauss(200)
    angle = 0.25 * math.pi * (nodes + 1)
    r = start * np.sin(angle)
    quarter = np.sum(0.25 * math.pi * weights * start * np.cos(angle) / np.sqrt(2 / reduced * (energy(start) - energy(r))))
    crossings = np.flatnonzero(np.diff(np.sign(distance)))
    at = frames.time[crossings] - distance[crossings] * np.diff(frames.time)[crossings] / np.diff(distance)[crossings]
    assert len(at) >= 3
    assert at[0] == pytest.approx(quarter, rel=1e-6)
    np.testing.assert_allclose(np.diff(at), 2 * quarter, rtol=1e-3)


def test_discs_of_unlike_masses_collide_as_the_book_says(tmp_path):
    """Head-on and elastic: v1' = ((m1 - m2) v1 + 2 m2 v2) / (m1 + m2), and they touch for pi sqrt(mu / k)."""
    heavy, light, stiffness, step, every = 5.0, 0.5, 1000.0, 2e-5, 10
    before = np.array([0.3, -0.8])
    frames = two_bodies(tmp_path, light, heavy, "x,y,vx,vy,species\n4.4,5,0.3,0,1\n5.6,5,-0.8,0,0\n", "--law.name", "soft-disc",
                        "--soft-disc.stiffness", stiffness, "--box.lengths", "10 10", "--time.step", step, "--time.steps", 20_000, "--output.every", every)
    mass = np.array([heavy, light])
    after = ((mass - mass[::-1]) * before + 2 * mass[::-1] * before[::-1]) / mass.sum()
    np.testing.assert_allclose(frames.velocity[-1, :, 0], after, rtol=1e-5)
    x = frames.position[:, :, 0]
    touching = np.count_nonzero(x[:, 1] - x[:, 0] < 1) * every * step
    assert touching == pytest.approx(math.pi * math.sqrt(heavy * light / (heavy + light) / stiffness), abs=2 * every * step)


def test_a_mixture_begins_as_asked_and_keeps_momentum_and_energy(tmp_path):
    path = tmp_path / "run.h5md"
    run_well("run", *lattice(5), *MIXTURE, "--lennard-jones.truncation", "force-shifted", "--time.step", 0.002, "--time.steps", 1000, "--output.every",
             100, "--output.file", path, "--run.quiet", ranks=2)
    frames, found = Frames(path), diagnostics(path)
    count = len(frames.species)
    assert np.bincount(frames.species).tolist() == [250, 100, 150]
    assert frames.species.dtype == np.int32 and frames.mass.dtype == np.float64
    np.testing.assert_array_equal(frames.mass, np.array(MASSES)[frames.species])
    momentum = np.linalg.norm(frames.momentum(), axis=1)
    assert momentum[0] < 1e-12 and momentum.max() < 1e-8
    np.testing.assert_allclose(found["momentum"], momentum, rtol=0, atol=1e-11)
    kinetic = frames.kinetic_energy()
    assert kinetic[0] == pytest.approx(1.5 * (count - 1) * 1.4, rel=1e-12)
    np.testing.assert_allclose(found["kinetic_energy"], kinetic, rtol=1e-12)
    np.testing.assert_allclose(found["temperature"], kinetic / (1.5 * (count - 1)), rtol=1e-12)
    assert np.ptp(found["total_energy"]) < 2e-4 * kinetic[0] and np.ptp(kinetic) > 0.1 * kinetic[0]
    # At random: neighbours in the order of ids, and so on the lattice, have no more in common than any others.
    alike = np.count_nonzero(frames.species[1:] == frames.species[:-1])
    expected = np.sum(np.square(FRACTIONS))
    assert alike == pytest.approx(expected * count, abs=4 * math.sqrt(expected * (1 - expected) * count))


def test_a_bath_gives_every_species_its_temperature(tmp_path):
    """Of a gas that begins too hot: frames are five times the memory of velocities apart, so they count as independent. Four standard
    errors, and the error of the time step."""
    path = tmp_path / "run.h5md"
    run_well("run", *lattice(4, density=0.1, temperature=2), "--particles.mass", "0.5,8", "--thermostat.name", "langevin", "--thermostat.temperature",
             0.9, "--thermostat.friction", 2, "--time.step", 0.005, "--time.steps", 15_000, "--output.every", 500, "--output.file", path, "--run.quiet")
    frames = Frames(path)
    for species, mass in enumerate((0.5, 8)):
        velocity = frames.velocity[2:, frames.species == species].ravel()
        assert velocity.size == 29 * 128 * 3
        assert mass * np.mean(velocity**2) == pytest.approx(0.9, rel=4 * math.sqrt(2 / velocity.size) + 0.003)
        assert abs(np.mean(velocity)) < 4 * math.sqrt(0.9 / mass / velocity.size)


def test_a_mixture_has_the_same_bits_on_any_ranks_threads_and_lists(tmp_path):
    def result(number, ranks, threads, skin, *more):
        path = tmp_path / f"{number}.h5md"
        run_well("run", *lattice(5), *MIXTURE, *more, "--time.step", 0.003, "--time.steps", 300, "--output.every", 100, "--output.file", path,
                 "--run.threads", threads, "--neighbour.skin", skin, "--run.quiet", ranks=ranks)
        return datasets(path)
    bath = ["--thermostat.name", "langevin"]
    expected = result(0, None, 1, 0.3)
    assert_same_bits(expected, result(1, 2, 2, 0.15), "two ranks")
    assert_same_bits(expected, result(2, 3, 1, 0.5), "three ranks")
    assert_same_bits(result(3, None, 1, 0.3, *bath), result(4, 3, 2, 0.5, *bath), "bath")
    other = result(5, None, 2, 0.3, "--particles.seed", 2)
    assert not np.array_equal(expected["particles/trajectory/species"], other["particles/trajectory/species"])


def as_group(particles, species):
    """As an element with a row for each frame, in all of which but the last nobody is of the second species."""
    del particles["species"]
    element = particles.create_group("species")
    for name in ("step", "time"):
        element[name] = particles["position"][name]
    values = np.zeros((len(element["step"]), len(species)), dtype="u1")
    values[-1] = species
    element["value"] = values


def as_enumeration(particles, species):
    del particles["species"]
    particles.create_dataset("species", data=species.astype("i2"), dtype=h5py.enum_dtype({"Ar": 0, "Kr": 1, "Ne": 2}, basetype="i2"))


@pytest.mark.parametrize("stored", [None, as_group, as_enumeration])
def test_goes_on_from_a_file(tmp_path, stored):
    """The same bits as without the stop, species included, however they are stored."""
    first, second, whole = (tmp_path / f"{name}.h5md" for name in ("first", "second", "whole"))
    common = ["--particles.mass", "1,3.5,0.7", "--time.step", 0.003, "--output.every", 50, "--run.quiet"]
    run_well("run", *lattice(4), *common, "--time.steps", 100, "--output.file", whole)
    run_well("run", *lattice(4), *common, "--time.steps", 50, "--output.file", first)
    frames = Frames(first)
    if stored is not None:
        with h5py.File(first, "r+") as file:
            stored(file["particles/trajectory"], frames.species)
            del file["run/checksums"]  # those of the file before it was changed
    run_well("run", "--law.name", "lennard-jones", "--particles.source", "file", "--particles.file", first, "--box.lengths", *map(repr, frames.lengths.tolist()),
             *common, "--time.steps", 50, "--output.file", second, ranks=2)
    expected, found = Frames(whole), Frames(second)
    for name in ("species", "mass"):
        np.testing.assert_array_equal(getattr(expected, name), getattr(found, name))
    for name in ("position", "velocity"):
        np.testing.assert_array_equal(getattr(expected, name)[2], getattr(found, name)[1])


def test_readers_know_a_mixture(tmp_path):
    path = tmp_path / "run.h5md"
    run_well("run", *lattice(4), *MIXTURE, "--time.step", 0.003, "--time.steps", 20, "--output.every", 10, "--output.xdmf", "on", "--output.file", path,
             "--run.quiet")
    info = run_well("info", path, "--verify").stdout
    assert "mass float64" in info and "species int32" in info and "all is well" in info
    frames = Frames(path)
    words = frames_by_words(path.with_suffix(".xdmf2"))[-1].fields
    np.testing.assert_array_equal(words["species"], frames.species)
    np.testing.assert_array_equal(words["mass"], frames.mass)
    import MDAnalysis

    universe = MDAnalysis.Universe(str(path))
    assert len(universe.trajectory) == 3
    np.testing.assert_array_equal(universe.trajectory[2].velocities, frames.velocity[2].astype(np.float32))
    with orrery.open_run(path) as opened:
        assert opened.particles == 256
        np.testing.assert_array_equal(opened[-1]["species"], frames.species)
        np.testing.assert_array_equal(opened[-1]["mass"], frames.mass)


def test_one_mass_leaves_no_trace_of_species(tmp_path):
    path = tmp_path / "run.h5md"
    run_well("run", *lattice(4), "--particles.mass", 3.5, "--time.step", 0.003, "--time.steps", 10, "--output.file", path, "--run.quiet")
    with h5py.File(path) as file:
        assert sorted(file["particles/trajectory"]) == ["box", "id", "position", "velocity"]
        config = file["parameters/config"][()].decode()
    assert "mass = 3.5\n" in config and "fractions" not in config


@pytest.mark.parametrize("arguments, code, problem", [
    (["--particles.mass", "1,2", "--particles.fractions", "0.5,0.4"], 64, "add up to 0.9, not to 1"),
    (["--particles.mass", "1,2", "--particles.fractions", "0.5,0.3,0.2"], 64, "there are 3, of particles.mass 2"),
    (["--particles.mass", "1,2", "--particles.fractions", "1.5,-0.5"], 64, "a number from 0 up to 1; or equal"),
    (["--particles.mass", "1,0"], 64, "a number above 0"),
    (["--particles.fractions", "0.5,0.5"], 64, "no effect while particles.mass is 1"),
])
def test_what_is_no_mixture_is_refused(tmp_path, arguments, code, problem):
    result = run("run", *lattice(4), *arguments, cwd=tmp_path)
    assert result.returncode == code and problem in result.stderr and result.stderr.count("\n") == 1, result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mass", ["1e-320", "1,1e300"])
def test_a_mass_beyond_all_range_is_refused(tmp_path, mass):
    result = run("run", *lattice(4, temperature=0), "--particles.mass", mass, "--time.step", 0.003, "--time.steps", 10, "--run.quiet", cwd=tmp_path)
    assert result.returncode == 1 and "choose units in which particles.mass" in result.stderr and result.stderr.count("\n") == 1, result.stderr


def test_a_file_without_the_right_species_is_refused(tmp_path):
    path = tmp_path / "first.h5md"
    run_well("run", *lattice(4), "--particles.mass", "1,2,3", "--time.step", 0.003, "--time.steps", 10, "--output.file", path, "--run.quiet")

    def refusal(file, *arguments):
        result = run("run", "--law.name", "lennard-jones", "--particles.source", "file", "--particles.file", file, "--box.lengths", 8, "--box.from", "config", *arguments, "--time.step", 0.003,
                     "--time.steps", 10, "--output.file", tmp_path / "second.h5md", "--run.quiet")
        return result.returncode, result.stderr
    assert "tells species, and all get the same mass (particles.mass is 1)" in refusal(path)[1]
    (tmp_path / "second.h5md").unlink()
    frames = Frames(path)
    wrong = int(np.flatnonzero(frames.species == 2)[0])
    code, message = refusal(path, "--particles.mass", "1,2")
    assert code == 65 and f"particle {wrong} has species 2, which is no whole number from 0 to 1 (particles.mass has 2 masses" in message, message
    with h5py.File(path, "r+") as file:
        del file["particles/trajectory/species"], file["run/checksums"]
    code, message = refusal(path, "--particles.mass", "1,2")
    assert code == 65 and "data set /particles/trajectory/species is missing (particles.mass has 2 masses" in message, message
    with h5py.File(path, "r+") as file:
        file["particles/trajectory/species"] = frames.species + 0.5
    code, message = refusal(path, "--particles.mass", "1,2")
    assert code == 65 and "/particles/trajectory/species does not have a whole number for each" in message, message
    code, message = refusal(path, "--particles.mass", "1,2", "--particles.fractions", "0.5,0.5")
    assert code == 64 and "particles.fractions has no effect while particles.source is file" in message, message
    table = tmp_path / "p.csv"
    table.write_text("x,y,z,vx,vy,vz\n1,1,1,0,0,0\n")
    code, message = refusal(table, "--particles.mass", "1,2")
    assert code == 65 and "p.csv:1: column 'species' is missing (particles.mass has 2 masses" in message, message

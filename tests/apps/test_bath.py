"""Baths: whose momentum and temperature they keep, and which noise they draw."""

import h5py
import numpy as np
import pytest

from orrery_program import assert_same_bits, datasets, run, run_well

# Particles that hardly feel each other: what they do, friction and noise do.
APART = ["--law.name", "attraction", "--attraction.strength", "1e-9", "--attraction.cutoff", "0.5", "--box.lengths", "50"]
BATH = ["--thermostat.name", "langevin", "--thermostat.friction", "10"]
LIQUID = ["--law.name", "lennard-jones", "--particles.source", "lattice", "--particles.cells", "4", "--particles.density", "0.7",
          "--particles.temperature", "1", "--thermostat.name", "langevin", "--time.step", "0.004"]


def column(path, name):
    with h5py.File(path) as file:
        return file[name][()]


def velocities(path):
    return column(path, "particles/trajectory/velocity/value")


def free_of_centre(velocity, mass):
    """Velocities [frames][particles][axes] relative to the centre of mass."""
    return velocity - np.average(velocity, axis=1, weights=mass)[:, None]


@pytest.mark.parametrize("more, kept", [([], "xyz"), (["--particles.mass", "1,7"], "xyz"), (["--box.boundary", "periodic,open,reflect"], "xy")])
def test_a_bath_that_removes_its_momentum_leaves_the_centre_of_mass_alone(tmp_path, more, kept):
    common = ["run", *LIQUID, *more, "--thermostat.momentum", "remove", "--time.steps", "200", "--output.every", "20", "--run.quiet"]
    one = tmp_path / "one.h5md"
    run_well(*common, "--run.threads", "1", "--output.file", one)
    for ranks, threads in ((1, 3), (3, 1)):
        run_well(*common, "--run.threads", threads, "--output.file", tmp_path / "other.h5md", "--output.overwrite", ranks=ranks)
        assert_same_bits(datasets(one), datasets(tmp_path / "other.h5md"), f"{ranks} ranks, {threads} threads")
    mass = column(one, "particles/trajectory/mass") if "7" in str(more) else np.ones(256)
    centre = np.average(velocities(one), axis=1, weights=mass)
    # A unit of the displacements' grid is 2^-49 for a cut-off of 2.5.
    for axis in range(3):
        assert (np.abs(centre[:, axis]).max() <= 2**-49 / 0.004) == ("xyz"[axis] in kept)


def test_the_centre_of_mass_of_a_start_goes_on(tmp_path):
    """A bath that removes its momentum keeps that of the start, and its temperature is that of the rest."""
    rows = "".join(f"{5 + 4 * (k % 10)},{5 + 4 * (k // 10)},25,{3 if k % 2 else 1},0,0\n" for k in range(100))
    (tmp_path / "start.csv").write_text("x,y,z,vx,vy,vz\n" + rows)
    run_well("run", *APART, *BATH, "--particles.source", "file", "--particles.file", "start.csv", "--thermostat.momentum", "remove",
             "--time.step", "0.01", "--time.steps", "300", "--output.every", "20", "--output.file", "run.h5md", "--run.quiet", cwd=tmp_path)
    velocity = velocities(tmp_path / "run.h5md")
    assert np.abs(velocity.mean(axis=1) - [2, 0, 0]).max() < 1e-10
    temperature = column(tmp_path / "run.h5md", "diagnostics/temperature")
    assert np.allclose(temperature, np.sum(free_of_centre(velocity, np.ones(100)) ** 2, axis=(1, 2)) / (3 * 100 - 3), rtol=1e-9)
    assert temperature[5:].mean() == pytest.approx(1, abs=0.15)  # four standard errors; with the centre of mass it were 2.3


@pytest.mark.parametrize("momentum", ["keep", "remove"])
@pytest.mark.parametrize("masses", [[1, 1, 1, 1], [1, 1, 6, 6]])
def test_few_particles_have_the_temperature_of_their_bath(tmp_path, momentum, masses):
    path = tmp_path / "run.h5md"
    species = [] if len(set(masses)) == 1 else ["--particles.mass", "1,6"]
    run_well("run", *APART, *BATH, *species, "--particles.source", "random", "--particles.count", "4", "--thermostat.momentum", momentum,
             "--time.step", "0.05", "--time.steps", "12000", "--output.every", "8", "--output.file", path, "--run.threads", "1", "--run.quiet")
    frames = slice(50, None)
    temperature = column(path, "diagnostics/temperature")[frames]
    freedoms = 12 if momentum == "keep" else 9
    # Frames are four times as far apart as velocities are remembered; a temperature spreads by sqrt(2 / freedoms).
    error = np.sqrt(2 / freedoms / len(temperature))
    assert temperature.mean() == pytest.approx(1, abs=4 * error)
    mass = column(path, "particles/trajectory/mass") if species else np.ones(4)
    # A particle's own share is less by that of the centre of mass.
    share = 1 - (mass / mass.sum() if momentum == "remove" else 0)
    found = np.mean(mass * velocities(path)[frames].transpose(0, 2, 1) ** 2, axis=(0, 1))
    assert found == pytest.approx(share * np.ones(4), rel=4 * np.sqrt(2 / (3 * len(temperature))))


def test_diffusion_after_a_bath_is_that_of_particles(tmp_path):
    """Mean square displacements at constant energy, after a bath has brought the particles to their temperature."""
    excess = {}
    for momentum in ("keep", "remove"):
        bath, free = tmp_path / f"{momentum}.h5md", tmp_path / f"{momentum}-free.h5md"
        run_well("run", *LIQUID, "--thermostat.momentum", momentum, "--time.steps", "300", "--output.file", bath, "--run.quiet")
        run_well("run", *LIQUID[:2], "--particles.source", "file", "--particles.file", bath, "--box.lengths", column(
            bath, "particles/trajectory/box/edges/value")[0, 0, 0], "--time.step", "0.004", "--time.steps", "600", "--output.every", "10",
            "--output.file", free, "--run.quiet")
        position = column(free, "particles/trajectory/position/value")
        edge = column(free, "particles/trajectory/box/edges/value")[0, 0, 0]
        step = np.diff(position, axis=0)
        moved = np.sum(step - edge * np.round(step / edge), axis=0)
        excess[momentum] = np.mean(np.sum(moved**2, axis=1)) / np.mean(np.sum((moved - moved.mean(axis=0)) ** 2, axis=1)) - 1
    assert excess["remove"] < 1e-12 and excess["keep"] > 1e-3


def test_what_a_bath_does_with_its_momentum_has_no_effect_without_one(tmp_path):
    result = run("run", *APART, "--particles.source", "random", "--particles.count", "4", "--thermostat.momentum", "remove", cwd=tmp_path)
    assert result.returncode == 64 and "thermostat.momentum has no effect while thermostat.name is none" in result.stderr


def chain(path, first, *parts, momentum="keep", ranks=None):
    """Runs of some steps each, every one from the file of the one before."""
    for at, steps in enumerate(parts):
        source = first if at == 0 else ["--particles.source", "file", "--particles.file", f"{at - 1}.h5md"]
        run_well("run", *APART, *BATH, *source, "--time.step", "0.01", "--time.steps", steps, "--thermostat.momentum", momentum, "--output.file",
                 f"{at}.h5md", "--output.overwrite", "--run.threads", "1", "--run.quiet", cwd=path, ranks=ranks)
    return path / f"{len(parts) - 1}.h5md"


@pytest.mark.parametrize("momentum, ranks", [("keep", None), ("keep", 2), ("remove", None)])
def test_noise_goes_on_where_an_earlier_run_stopped(tmp_path, momentum, ranks):
    """Free particles: what three runs on end make of them is what one makes."""
    first = ["--particles.source", "random", "--particles.count", "400"]
    ends = {}
    for name, parts in (("one", [300]), ("three", [100, 100, 100]), ("odd", [7, 292, 1])):
        (tmp_path / name).mkdir()
        last = chain(tmp_path / name, first, *parts, momentum=momentum, ranks=ranks)
        ends[name] = velocities(last)[-1]
        with h5py.File(last) as file:
            assert file["run"].attrs["first_step"] == sum(parts[:-1])
            assert list(file["particles/trajectory/position/step"]) == [0, parts[-1]]
    for name in ("three", "odd"):
        assert np.allclose(ends[name], ends["one"], rtol=0, atol=1e-9)
    halves = [velocities(tmp_path / "three" / f"{at}.h5md")[-1].ravel() for at in range(3)]
    # Friction leaves exp(-10) of a velocity in a run; 1200 numbers, each pair by chance within 4 / sqrt(1200).
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert abs(np.corrcoef(halves[one], halves[other])[0, 1]) < 4 / np.sqrt(1200)


def test_noise_goes_by_the_step_of_a_strangers_frame(tmp_path):
    """Of a file that no run made, the step of the frame counts, whatever it is; without steps it is 0."""
    ends = {}
    for step in (None, 0, 50, 2**40 + 1, 2**62 + 9):
        with h5py.File(tmp_path / "start.h5md", "w") as file:
            file["h5md/version"] = [1, 1]
            file["particles/trajectory/position/value"] = np.full((1, 1, 3), 25.0)
            file["particles/trajectory/velocity/value"] = np.zeros((1, 1, 3))
            if step is not None:
                for name in ("position", "velocity"):
                    file[f"particles/trajectory/{name}/step"] = np.array([step])
        ends[step] = velocities(chain(tmp_path, ["--particles.source", "file", "--particles.file", "start.h5md"], 3))[-1].tobytes()
    assert ends[None] == ends[0] and len(set(ends.values())) == 4


def test_a_start_says_how_many_steps_went_before(tmp_path):
    last = chain(tmp_path, ["--particles.source", "random", "--particles.count", "4"], 10, 20)
    result = run_well("run", *APART, *BATH, "--particles.source", "file", "--particles.file", last, "--time.step", "0.01", "--time.steps", "5",
                      "--output.file", "next.h5md", "--run.log", "log", cwd=tmp_path)
    assert "steps        5 of 0.01, to time 0.05, after 30 of earlier runs\n" in result.stdout
    assert '"first_step":30' in (tmp_path / "log").read_text().splitlines()[0].replace(" ", "")

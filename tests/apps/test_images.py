"""Images of periodic boxes: where particles would be without one."""

import h5py
import numpy as np
import pytest

from orrery_program import assert_same_bits, datasets, run, run_well

GAS = ["run", "--law.name", "lennard-jones", "--particles.source", "lattice", "--particles.lattice", "simple-cubic", "--particles.cells", 6,
       "--particles.density", 0.3, "--particles.temperature", 6, "--time.step", 0.004, "--time.steps", 1500, "--output.every", 5, "--run.quiet"]


def gas(path, images, *settings, ranks=None):
    run_well(*GAS, "--output.file", path, "--output.images", images, "--run.threads", 1 if ranks else 2, *settings, ranks=ranks)
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    directory = tmp_path_factory.mktemp("images")
    return {images: gas(directory / f"{images}.h5md", images) for images in ("none", "image", "unwrapped")}


def trajectory(path):
    with h5py.File(path) as file:
        group = file["particles/trajectory"]
        return (group["position/value"][()], group["velocity/value"][()], np.diagonal(group["box/edges/value"][0]),
                group["image/value"][()] if "image" in group else None)


def test_images_say_how_far_particles_went(made):
    positions, velocities, edges, images = trajectory(made["image"])
    assert images.dtype == np.int32 and images.shape == positions.shape and not images[0].any()
    assert (images[-1] != 0).any(axis=1).sum() > 50 and np.abs(images).max() > 1
    free = positions + images * edges
    steps = np.diff(free, axis=0)
    # 5 steps of 0.004 at the mean of both velocities, as forces hardly change them; a wrong image would be off by an edge of 9.
    assert np.abs(steps - 0.01 * (velocities[1:] + velocities[:-1])).max() < 0.3
    with h5py.File(made["image"]) as file:
        group = file["particles/trajectory"]
        for name in ("step", "time"):
            assert group["image"][name] == group["position"][name]
    run_well("info", "--verify", made["image"])


def test_unwrapped_positions_are_exactly_those_of_the_images(made):
    positions, velocities, edges, images = trajectory(made["image"])
    unwrapped = trajectory(made["unwrapped"])
    assert np.array_equal(unwrapped[0], positions + images * edges) and np.array_equal(unwrapped[1], velocities) and unwrapped[3] is None
    plain = trajectory(made["none"])
    assert np.array_equal(plain[0], positions) and np.array_equal(plain[1], velocities) and plain[3] is None


@pytest.mark.parametrize("images", ["image", "unwrapped"])
def test_they_are_the_same_on_any_ranks(made, tmp_path, images):
    other = gas(tmp_path / "other.h5md", images, "--neighbour.skin", 0.5, ranks=3)
    assert_same_bits(datasets(made[images]), datasets(other), images)


def test_they_go_on_from_the_coordinates_of_a_start_file(tmp_path):
    (tmp_path / "a.csv").write_text("x,y,z,vx,vy,vz\n-0.5,13.0,2.0,1.0,0,0\n5.0,2.0,-20.0,-1.0,0,0\n")
    run_well("run", "--law.name", "lennard-jones", "--box.lengths", 6, "--particles.source", "file", "--particles.file", tmp_path / "a.csv",
             "--time.step", 0.01, "--time.steps", 100, "--output.images", "unwrapped", "--output.file", tmp_path / "a.h5md", "--run.quiet")
    positions = trajectory(tmp_path / "a.h5md")[0]
    assert np.abs(positions[0] - [[-0.5, 13, 2], [5, 2, -20]]).max() < 1e-9
    assert np.abs(positions[-1] - [[0.5, 13, 2], [4, 2, -20]]).max() < 0.1  # they pull at each other a little
    run_well("run", "--law.name", "lennard-jones", "--box.lengths", 6, "--particles.source", "file", "--particles.file", tmp_path / "a.h5md",
             "--time.step", 0.01, "--time.steps", 1, "--output.images", "image", "--output.file", tmp_path / "b.h5md", "--run.quiet")
    again, _, edges, images = trajectory(tmp_path / "b.h5md")
    assert np.array_equal(again[0] + images[0] * edges, positions[-1])


def test_mdanalysis_reads_such_files(made):
    MDAnalysis = pytest.importorskip("MDAnalysis")
    for images in ("image", "unwrapped"):
        universe = MDAnalysis.Universe(str(made[images]))
        universe.trajectory[-1]
        assert np.abs(universe.atoms.positions - trajectory(made[images])[0][-1]).max() < 1e-4


def test_a_law_without_a_box_has_none(tmp_path):
    result = run("run", "--particles.count", 3, "--output.images", "image", "--output.file", tmp_path / "a.h5md")
    assert result.returncode == 64 and "output.images" in result.stderr and not list(tmp_path.iterdir())

"""The box that a trajectory tells, as readers use it that take every box to be periodic."""

import json

import h5py
import numpy as np
import pytest

from orrery_program import run_well


def plane(directory, *settings):
    path = directory / "plane.h5md"
    run_well("run", "--law.name", "lennard-jones", "--particles.source", "lattice", "--particles.lattice", "square", "--particles.temperature", 1,
             "--time.step", 0.002, "--time.steps", 100, "--output.file", path, "--run.quiet", *settings)
    return path


@pytest.mark.parametrize("cells, longest", [("12", 0), ("20,9", 0), ("9,20", 1)])
def test_the_third_edge_of_the_plane_is_as_long_as_the_longest_and_not_periodic(tmp_path, cells, longest):
    path = plane(tmp_path, "--particles.cells", cells, "--particles.density", 0.5)
    with h5py.File(path) as file:
        box = file["particles/trajectory/box"]
        edges = box["edges/value"][()]
        assert list(box.attrs["boundary"]) == [b"periodic", b"periodic", b"none"]
    assert edges.shape == (2, 3, 3) and np.array_equal(edges[0], np.diag(np.diag(edges[0]))) and np.array_equal(edges[0], edges[1])
    lengths = np.diag(edges[0])
    assert lengths[2] == lengths[longest] == max(lengths[:2]) > 12
    assert json.loads(run_well("info", "--json", path).stdout)["box"]["edges"] == edges[0].tolist()
    run_well("info", "--verify", path)


def test_mdanalysis_finds_the_neighbours_that_there_are_in_the_plane(tmp_path):
    MDAnalysis = pytest.importorskip("MDAnalysis")
    from MDAnalysis.lib.distances import self_capped_distance
    universe = MDAnalysis.Universe(str(plane(tmp_path, "--particles.cells", "20,14", "--particles.density", 0.5)))
    universe.trajectory[-1]
    places, edges = universe.atoms.positions, universe.dimensions[:2]
    apart = places[:, None, :2] - places[None, :, :2]
    apart -= edges * np.round(apart / edges)
    known = int(((apart ** 2).sum(-1)[np.triu_indices(len(places), 1)] < 4).sum())
    assert known > 100
    for method in (None, "bruteforce", "pkdtree", "nsgrid"):
        assert len(self_capped_distance(places, 2.0, box=universe.dimensions, method=method, return_distances=False)) == known, method

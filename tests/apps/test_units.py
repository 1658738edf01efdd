"""Names of units from a start file to the output: kept, given, and never changed."""

import warnings

import h5py
import numpy as np
import pytest

from orrery_program import run, run_well


def start_file(path, length="nm", time="ps", velocity="nm ps-1", edges="nm", creator="somebody", system=None):
    places = np.stack(np.meshgrid([1.0, 3.0, 5.0], [1.0, 3.0, 5.0], [3.0], indexing="ij"), -1).reshape(1, -1, 3)
    with h5py.File(path, "w") as file:
        file.create_group("h5md/creator").attrs["name"] = np.bytes_(creator)
        if system is not None:
            file.create_group("parameters").attrs["units"] = np.bytes_(system)
        group = file.create_group("particles/trajectory")
        for name, values, unit in (("position", places, length), ("velocity", 0 * places, velocity), ("box/edges", [np.eye(3) * 6], edges)):
            item = group.create_group(name)
            item["value"], item["step"], item["time"] = values, [7], [0.5]
            if unit:
                item["value"].attrs["unit"] = unit
            if time:
                item["time"].attrs["unit"] = time
        group["box"].attrs["dimension"] = 3
        group["box"].attrs["boundary"] = np.array([b"periodic"] * 3)
    return path


def go_on(start, output, *settings):
    return run("run", "--law.name", "attraction", "--attraction.cutoff", 0.5, "--box.lengths", 6, "--particles.source", "file",
               "--particles.file", start, "--time.step", 1e-4, "--time.steps", 2, "--run.quiet", "--output.file", output, *settings)


def units(path):
    with h5py.File(path) as file:
        group = file["particles/trajectory"]
        found = {name: group[name].attrs.get("unit") for name in ("position/value", "velocity/value", "position/time", "box/edges/value")}
        return [*found.values(), file["parameters"].attrs["units"].decode()]


@pytest.mark.parametrize("settings", [[], ["--output.units", "nm ps"]])
def test_they_are_those_of_the_start_file_and_mdanalysis_reads_the_same_lengths(tmp_path, settings):
    start, output = start_file(tmp_path / "start.h5md"), tmp_path / "run.h5md"
    result = go_on(start, output, *settings)
    assert (result.returncode, result.stderr) == (0, "")
    assert units(output) == ["nm", "nm ps-1", "ps", "nm", "nm ps"]
    again = tmp_path / "again.h5md"
    assert go_on(output, again).returncode == 0 and units(again) == units(output)
    MDAnalysis = pytest.importorskip("MDAnalysis")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        before, after = (MDAnalysis.Universe(str(path)) for path in (start, again))
        assert np.allclose(before.dimensions[:3], 60) and np.allclose(after.dimensions[:3], 60)  # in angstrom
        assert np.abs(before.atoms.positions - after.atoms.positions).max() < 1e-5


@pytest.mark.parametrize("choice", ["nominal", "A ps", "nm ns"])
def test_other_names_than_those_of_the_start_file_are_refused_before_anything_is_made(tmp_path, choice):
    start = start_file(tmp_path / "start.h5md")
    result = go_on(start, tmp_path / "run.h5md", "--output.units", choice)
    assert result.returncode == 78 and result.stderr.startswith(f"orrery: output.units is {choice}, ") and "'nm ps'" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["start.h5md"]
    dry = go_on(start, tmp_path / "run.h5md", "--output.units", choice, "--run.dry-run")
    assert (dry.returncode, dry.stderr) == (78, result.stderr)
    assert go_on(start, tmp_path / "run.h5md", "--output.units", "none").returncode == 0
    assert units(tmp_path / "run.h5md") == [None] * 4 + ["reduced"]


def test_a_file_that_contradicts_itself_is_refused(tmp_path):
    for differing in ({"velocity": "A ps-1"}, {"velocity": "nm fs-1"}, {"edges": "A"}, {"time": "fs"}):
        start = start_file(tmp_path / "start.h5md", **differing)
        result = go_on(start, tmp_path / "run.h5md")
        assert result.returncode == 65 and next(iter(differing.values())) in result.stderr and "nm" in result.stderr, result.stderr
        assert not (tmp_path / "run.h5md").exists()


def test_those_of_reduced_files_stay_nominal_and_may_be_given_names(tmp_path):
    start = start_file(tmp_path / "start.h5md", "Angstrom", "ps", "Angstrom ps-1", "Angstrom", "orrery", "reduced")
    assert go_on(start, tmp_path / "a.h5md").returncode == 0
    assert units(tmp_path / "a.h5md") == ["Angstrom", "Angstrom ps-1", "ps", "Angstrom", "reduced"]
    assert "reduced" in run_well("info", tmp_path / "a.h5md").stdout
    assert go_on(start, tmp_path / "b.h5md", "--output.units", "nm ps").returncode == 0
    assert units(tmp_path / "b.h5md")[-1] == "nm ps" and "nm ps" in run_well("info", tmp_path / "b.h5md").stdout
    start_file(tmp_path / "start.h5md", "Angstrom", "ps", "Angstrom ps-1", "Angstrom", "GROMACS")
    assert go_on(start, tmp_path / "c.h5md").returncode == 0 and units(tmp_path / "c.h5md")[-1] == "Angstrom ps"


def test_names_without_a_start_file(tmp_path):
    settings = ["run", "--particles.count", 3, "--time.steps", 1, "--run.quiet", "--output.file"]
    run_well(*settings, tmp_path / "a.h5md", "--output.units", "nm ns")
    assert units(tmp_path / "a.h5md") == ["nm", "nm ns-1", "ns", "nm", "nm ns"]
    result = run(*settings, tmp_path / "b.h5md", "--output.units", "parsec yr")
    assert result.returncode == 64 and "nm ps" in result.stderr


def test_a_missing_name_and_one_that_readers_do_not_know_get_a_word(tmp_path):
    start = start_file(tmp_path / "start.h5md", time=None, velocity=None)
    result = go_on(start, tmp_path / "a.h5md")
    assert result.returncode == 0 and "names no unit of time" in result.stderr and units(tmp_path / "a.h5md") == ["nm", None, None, "nm", "nm"]
    result = go_on(start, tmp_path / "b.h5md", "--output.units", "nm ps")
    assert (result.returncode, result.stderr) == (0, "") and units(tmp_path / "b.h5md")[-1] == "nm ps"
    start_file(start, "m", "s", "m/s", "m")
    result = go_on(start, tmp_path / "c.h5md")
    assert result.returncode == 0 and "MDAnalysis does not know" in result.stderr and units(tmp_path / "c.h5md")[:2] == ["m", "m s-1"]

"""What runs say of energy and momentum that are to stay: the drift at the end, and a start without momentum."""

import json
import re

import h5py
import numpy as np
import pytest

from orrery_program import SOURCE, assert_same_bits, datasets, run, run_well

LIQUID = ["run", SOURCE / "config" / "liquid.ini", "--particles.cells", "5"]


def said(tmp_path, *arguments):
    """The report's line, the end of the log, the warnings, and the energies in the file of a run."""
    path, log = tmp_path / "run.h5md", tmp_path / "log"
    result = run_well(*arguments, "--output.file", path, "--run.log", log, "--output.overwrite", timeout=100)
    line = re.search(r"^  energy       drifted by (\S+) per particle, (\S+) % of the kinetic energy$", result.stdout, re.MULTILINE)
    with h5py.File(path) as file:
        kinetic, total = (file[f"diagnostics/{name}"][()] for name in ("kinetic_energy", "total_energy")) if "kinetic_energy" in file[
            "diagnostics"] else (None, None)
        count = file["particles/trajectory/id"].shape[0]
    return line, json.loads(log.read_text().splitlines()[-1]), result.stderr, kinetic, total, count


@pytest.mark.parametrize("every", [0, 20])
@pytest.mark.parametrize("step, is_warned", [(0.005, False), (0.025, True)])
def test_a_run_says_by_how_much_its_energy_drifted(tmp_path, step, is_warned, every):
    line, end, warnings, kinetic, total, count = said(tmp_path, *LIQUID, "--time.step", step, "--time.steps", 600, "--output.every", every)
    drift = (total[-1] - total[0]) / count
    assert end["energy_drift"] == pytest.approx(drift, rel=1e-12)
    assert end["energy_drift_relative"] == pytest.approx((total[-1] - total[0]) / kinetic.max(), rel=1e-12)
    assert [float(line[1]), float(line[2])] == pytest.approx([drift, 100 * end["energy_drift_relative"]], rel=0.05)
    assert (abs(end["energy_drift_relative"]) > 0.01) == is_warned
    assert ("use a shorter time.step" in warnings) == is_warned
    if is_warned:
        assert warnings.startswith("orrery: warning: the total energy rose by ")
    else:
        assert warnings == ""


@pytest.mark.parametrize("more", [["--thermostat.name", "langevin"],
                                  ["--law.name", "soft-disc", "--soft-disc.damping", "1"],
                                  ["--law.name", "rotation"]])
def test_where_energy_need_not_stay_nothing_is_said(tmp_path, more):
    start = [] if "rotation" in more else ["--particles.source", "random", "--particles.temperature", "1", "--box.lengths", "20"]
    law = ["--law.name", "lennard-jones", "--particles.min-distance", "1"] if "langevin" in more else []
    line, end, warnings, *_ = said(tmp_path, "run", *law, *more, *start, "--particles.count", 20, "--time.step", 0.002, "--time.steps", 20)
    assert line is None and "energy_drift" not in end and warnings == ""


def test_a_potential_that_jumps_is_named_before_the_step(tmp_path):
    """Two particles that begin within the cut-off of a potential that is cut, and end beyond it."""
    (tmp_path / "two.csv").write_text("x,y,z,vx,vy,vz\n10,10,10,-0.2,0,0\n12.4,10,10,0.2,0,0\n")
    common = ["run", "--law.name", "lennard-jones", "--particles.source", "file", "--particles.file", tmp_path / "two.csv", "--box.lengths", "30",
              "--time.step", "0.002", "--time.steps", "1000"]
    *_, warnings, _, total, _ = said(tmp_path, *common)
    assert total[-1] - total[0] == pytest.approx(0.0163, abs=1e-4)
    assert "take a potential that does not jump at the cut-off (this one does by 0.016)" in warnings
    *_, warnings, _, _, _ = said(tmp_path, *common, "--lennard-jones.truncation", "force-shifted")
    assert warnings == ""


@pytest.mark.parametrize("masses", [[1.0], [1.0, 3.5]])
def test_a_start_from_a_file_can_be_without_momentum(tmp_path, masses):
    count = 101
    generator = np.random.default_rng(1)
    velocity = generator.normal(size=(count, 3)) + [3, -1, 0.25]
    species = np.arange(count) % len(masses)
    place = [(2 * (k % 5) + 1, 2 * (k // 5 % 5) + 1, 2 * (k // 25) + 1) for k in range(count)]
    head = "id,x,y,z,vx,vy,vz" + (",species" if len(masses) > 1 else "")
    rows = [",".join(map(repr, [7 * k, *map(float, place[k]), *velocity[k].tolist()] + ([int(species[k])] if len(masses) > 1 else []))) for k in range(count)]
    (tmp_path / "start.csv").write_text("\n".join([head, *rows]) + "\n")
    common = ["run", "--law.name", "soft-disc", "--particles.source", "file", "--particles.file", tmp_path / "start.csv", "--box.lengths", "12",
              "--particles.mass", ",".join(map(str, masses)), "--time.step", "0.001", "--time.steps", "10", "--run.quiet"]
    results = {}
    for name, more, ranks in (("keep", [], None), ("zero", ["--particles.momentum", "zero"], None), ("three", ["--particles.momentum", "zero"], 3)):
        run_well(*common, *more, "--output.file", tmp_path / f"{name}.h5md", ranks=ranks)
        results[name] = datasets(tmp_path / f"{name}.h5md")
    assert_same_bits(results["zero"], results["three"], "three ranks")
    mass = np.array(masses)[species]
    unit = 2.0**-50  # of displacements, at a cut-off of 1
    units = {name: np.round(results[name]["particles/trajectory/velocity/value"][0] * 0.001 / unit) for name in ("keep", "zero")}
    momentum = [sum(int(m * 2) * int(u) for m, u in zip(mass, units["zero"][:, axis])) for axis in range(3)]  # exact, in half units
    assert momentum == [0, 0, 0] if len(masses) == 1 else max(map(abs, momentum)) <= 1
    mean = np.average(units["keep"], axis=0, weights=mass)
    assert np.abs(units["keep"] - mean - units["zero"]).max() < 3
    assert results["keep"]["diagnostics/momentum"][0] > 100 and results["zero"]["diagnostics/momentum"][0] < 1e-9


@pytest.mark.parametrize("more", [["--law.name", "rotation", "--particles.source", "file", "--particles.file", SOURCE / "config" / "three-particles.csv"],
                                  ["--law.name", "soft-disc", "--particles.source", "random", "--particles.count", "3", "--box.lengths", "9"]])
def test_a_start_that_has_no_momentum_to_lose_refuses_the_option(tmp_path, more):
    result = run("run", *more, "--particles.momentum", "zero", cwd=tmp_path)
    assert result.returncode == 64 and "particles.momentum has no effect while" in result.stderr

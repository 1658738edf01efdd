"""What a run of particles that act on each other will take is told, and judged, before it begins."""

import json
import re

import pytest
from orrery_program import run, run_well

MELT = ["--law.name", "lennard-jones", "--particles.source", "lattice", "--particles.density", 0.8442, "--particles.temperature", 1.44]
GAS = ["--law.name", "lennard-jones", "--particles.source", "random", "--particles.count", 60_000, "--particles.min-distance", 1, "--box.lengths",
       90]
DISCS = ["--law.name", "soft-disc", "--particles.source", "random", "--particles.count", 60_000, "--box.lengths", 300, 300, "--box.boundary",
         "reflect", "--particles.temperature", 1]
SLIT = [*MELT, "--particles.cells", 40, 40, 4, "--box.boundary", "periodic,periodic,reflect"]


@pytest.mark.parametrize("case, ranks, threads", [([*MELT, "--particles.cells", 24], None, 1), ([*MELT, "--particles.cells", 24], None, 2),
                                                  ([*MELT, "--particles.cells", 24], 3, 1), ([*MELT, "--particles.cells", 24, "--run.precision", "mixed"], 2, 1),
                                                  (GAS, None, 1), (DISCS, None, 2), (SLIT, 2, 1)])
def test_the_estimate_of_memory_is_near(tmp_path, case, ranks, threads):
    log = tmp_path / "run.jsonl"
    run_well("run", *case, "--time.step", 0.001, "--time.steps", 4, "--output.every", 2, "--run.threads", threads, "--output.file",
             tmp_path / "run.h5md", "--run.log", log, "--run.quiet", ranks=ranks)
    events = {event["event"]: event for event in map(json.loads, log.read_text().splitlines())}
    estimate = events["start"]["memory_estimate_bytes_per_rank"] * (ranks or 1)
    memory = events["end"]["memory"]
    assert 0.8 < estimate / memory["system_bytes"] < 1.3, memory
    assert memory["counted_bytes"] > 0.8 * memory["system_bytes"], memory


def test_ten_million_particles_are_said_to_take_gigabytes(tmp_path):
    plan = run_well("run", *MELT, "--particles.cells", 136, "--run.threads", 1, "--run.dry-run", cwd=tmp_path)
    assert 4 < float(re.search(r"memory +about ([\d.]+) GiB", plan.stdout)[1]) < 12


@pytest.mark.parametrize("arguments, problem", [
    ([*MELT, "--particles.cells", 900], r"2916000000 particles and \d+ images of others, more than the 536870911 .* use more ranks"),
    ([*MELT, "--particles.cells", 30, "--lennard-jones.cutoff", 14], r"some \d+ neighbours within cut-off .* 4096 .* lennard-jones.cutoff"),
    (["--law.name", "attraction", "--particles.source", "random", "--particles.count", 30_000, "--box.lengths", 2, 2, "--box.boundary", "open",
      "--attraction.cutoff", 9], r"some 7500 neighbours .* 4096 .* attraction.cutoff"),
    (["--law.name", "soft-disc", "--particles.source", "random", "--particles.count", 30_000, "--box.lengths", 9, 9,
      "--soft-disc.diameter", 4.4], r"some \d+ neighbours .* soft-disc.diameter"),
])
def test_what_could_not_go_beyond_its_first_lists_is_refused(tmp_path, arguments, problem):
    result = run("run", *arguments, "--run.threads", 1, "--time.step", 0.001, "--time.steps", 1, cwd=tmp_path)
    assert result.returncode == 78 and re.search(problem, result.stderr) and result.stderr.count("\n") == 1, result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_thin_slit_is_not_refused(tmp_path):
    """Its particles are dense in space, but few are near each other."""
    run_well("run", "--law.name", "soft-disc", "--particles.source", "random", "--particles.count", 500, "--box.lengths", 40, 40, 1e-4,
             "--box.boundary", "periodic,periodic,reflect", "--time.step", 0.001, "--time.steps", 2, "--output.file", tmp_path / "run.h5md")

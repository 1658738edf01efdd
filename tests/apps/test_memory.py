"""The memory table at the end of a run, against what the system says."""

import json
import subprocess
import sys

import h5py
import numpy as np
import pytest

from orrery_program import PROGRAM, run_well

PARTICLES = 2_000_000
ARGUMENTS = ["run", "--particles.count", PARTICLES, "--time.end", "3e-5", "--output.precision", "single", "--run.log", "log", "--run.quiet"]


def memory(directory):
    return json.loads((directory / "log").read_text().splitlines()[-1])["memory"]


def assert_agreed(found):
    assert found["counted_bytes"] == sum(found["parts"].values())
    assert 0.9 < found["counted_bytes"] / found["system_bytes"] < 1.1, found


@pytest.mark.parametrize("ranks, threads, every", [(1, 2, 0), (2, 1, 1), (1, 1, 1)])
def test_what_is_counted_is_what_the_system_says(tmp_path, ranks, threads, every):
    run_well(*ARGUMENTS, "--run.threads", threads, "--output.every", every, ranks=ranks, cwd=tmp_path)
    found = memory(tmp_path)
    assert_agreed(found)
    parts = found["parts"]
    # Columns are padded to whole registers, by a few rows on every rank.
    assert parts["initial"] == parts["state"] == pytest.approx(16 * PARTICLES, rel=1e-4)
    assert parts["speed"] == pytest.approx(8 * PARTICLES, rel=1e-4)
    assert parts.get("snapshot", 0) == (pytest.approx(16 * PARTICLES, rel=1e-4) if every else 0)
    assert ("sending" in parts) == (ranks > 1) and "staging" in parts and "ids" not in parts and "source" not in parts


def test_the_kernel_counts_the_same(tmp_path):
    """What the kernel reports to whoever waits for the program, as `/usr/bin/time -v` prints it."""
    # Started by a small process, as the kernel counts the peak of whoever starts a program as well.
    starter = "import os, subprocess, sys; print(os.wait4(subprocess.Popen(sys.argv[1:]).pid, 0)[2].ru_maxrss)"
    kibibytes = subprocess.run([sys.executable, "-c", starter, PROGRAM, *map(str, ARGUMENTS), "--run.threads", "1"], cwd=tmp_path, check=True,
                               stdout=subprocess.PIPE, text=True).stdout
    assert memory(tmp_path)["counted_bytes"] == pytest.approx(int(kibibytes) * 1024, rel=0.1)


@pytest.mark.parametrize("ranks", [1, 2])
def test_a_file_that_has_to_be_sorted_is_counted(tmp_path, ranks):
    count = 1_000_000
    with h5py.File(tmp_path / "in.h5md", "w") as file:
        file["particles/trajectory/position/value"] = np.full((1, count, 3), [0.5, 0.5, 0.0])
        file["particles/trajectory/tangential_speed"] = np.ones(count)
        file["particles/trajectory/id"] = 3 * np.random.default_rng(1).permutation(count)
    run_well("run", "--particles.source", "file", "--particles.file", "in.h5md", "--time.end", "1e-5", "--output.precision", "single", "--run.log", "log",
             "--run.quiet", "--run.threads", 1, ranks=ranks, cwd=tmp_path)
    found = memory(tmp_path)
    assert_agreed(found)
    # Rows that have arrived (id, row of the file, position, speed), their order, and the rows in that order; over all ranks.
    assert found["parts"]["sorting"] == pytest.approx((40 + 8 + 32) * count, rel=0.01)


def test_the_peak_is_not_that_of_the_one_who_started_it(tmp_path):
    held = b"x" * (300 << 20)
    subprocess.run([PROGRAM, "run", "--run.log", "log", "--run.quiet", "--run.threads", "1"], cwd=tmp_path, check=True)
    assert memory(tmp_path)["system_bytes"] < len(held) / 2

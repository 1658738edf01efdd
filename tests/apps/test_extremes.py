"""Every option that takes numbers, at the ends of what a number can be: never a hang, a crash, or success with what is no number."""

import re
import resource
import subprocess

import h5py
import numpy as np
import pytest

from orrery_program import command, run_well

EXTREMES = ["1.7976931348623157e308", "-1.7976931348623157e308", "1e150", "9223372036854775808", "18446744073709551615", "-0",
            "5e-324", "1e-200", "-1e-300"]
STEPS = {"time.step": "1e-3", "time.steps": "2"}
RUNS = {
    "rotation": {"particles.count": "5", **STEPS},
    "lennard-jones": {"law.name": "lennard-jones", "particles.source": "lattice", "particles.cells": "3", "particles.density": "0.5",
                      "particles.temperature": "1", "lennard-jones.cutoff": "1.5", **STEPS},
    "attraction": {"law.name": "attraction", "particles.source": "random", "particles.count": "5", "box.lengths": "8", "box.boundary": "open", **STEPS},
    "soft-disc": {"law.name": "soft-disc", "particles.source": "random", "particles.count": "5", "box.lengths": "8 8", "thermostat.name": "langevin",
                  **STEPS},
}
FOR_ALL = ("time.", "output.", "run.")  # tried with one law; what they do does not depend on it


def options_with_numbers():
    shown = run_well("run", "--help").stdout
    return [(key, "two numbers" in accepts) for key, accepts in re.findall(r"^  --(\S+)\n      .*\n      (.*)$", shown, re.M) if "number" in accepts]


def limited():
    resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def numbers_of(path):
    with h5py.File(path) as file:
        found = {name: item["value"] for name, item in file["particles/trajectory"].items() if isinstance(item, h5py.Group) and "value" in item}
        found |= {name: item["value"] if isinstance(item, h5py.Group) else item for name, item in file["diagnostics"].items()}
        return {name: data[()] for name, data in found.items() if data.dtype.kind == "f"}


@pytest.mark.parametrize("law", RUNS)
def test_an_option_at_the_end_of_its_range_is_refused_or_taken(tmp_path, law):
    sections = set(RUNS) - {law}
    told = []
    for key, is_pair in options_with_numbers():
        if key.split(".")[0] in sections or key == "run.threads" or (law != "rotation" and key.startswith(FOR_ALL)):
            continue
        for value in EXTREMES:
            given = {**RUNS[law], "run.threads": "1", "run.quiet": "true", "output.file": "o.h5md", "output.overwrite": "true"}
            given[key] = f"{value} {value}" if is_pair else value
            (tmp_path / "o.h5md").unlink(missing_ok=True)
            words = command(["run", *[f"--{name}={text}" for name, text in given.items()]])
            result = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=30, preexec_fn=limited)
            told.append(f"--{key}={given[key]}: {result.returncode} {result.stderr}")
            if result.returncode == 70:
                assert "memory" in result.stderr, told[-1]
            else:
                assert result.returncode in (0, 1, 64, 74, 78), told[-1]
            if "has no effect" in result.stderr:
                break
            if result.returncode != 0:
                assert "orrery: " in result.stderr, told[-1]
                continue
            for name, numbers in numbers_of(tmp_path / "o.h5md").items():
                assert np.isfinite(numbers).all(), f"{told[-1]}: {name}"
    assert len(told) > 50

"""A run that begins with the last frame of another one ends with the bits of one run over the whole time."""

import pytest

from orrery_program import datasets, run_well

LATTICE = ["--particles.source", "lattice", "--particles.cells", "4", "--particles.density", "0.8442", "--particles.temperature", "1.44"]
LENNARD_JONES = ["--law.name", "lennard-jones", "--lennard-jones.truncation", "force-shifted", "--time.step", "0.005"]

SAME_BITS = {
    "constant energy": LENNARD_JONES,
    "bath": [*LENNARD_JONES, "--thermostat.name", "langevin"],
    "mixed precision": [*LENNARD_JONES, "--run.precision", "mixed"],
    "walls": [*LENNARD_JONES, "--box.boundary", "reflect"],
    "box that begins elsewhere": [*LENNARD_JONES, "--box.origin", "-3"],
    "soft discs": ["--law.name", "soft-disc", "--time.step", "0.001"],
}
DAMPED = ["--law.name", "soft-disc", "--soft-disc.damping", "5", "--time.step", "0.001"]


def ends(directory, settings):
    """Last positions and velocities of 60 steps, and of 40 and 20 that begin where these ended, on other ranks."""
    common = ["run", *settings, "--run.quiet", "--run.threads", "1", "--output.file"]
    run_well(*common, "whole.h5md", *LATTICE, "--time.steps", "60", cwd=directory)
    run_well(*common, "first.h5md", *LATTICE, "--time.steps", "40", cwd=directory)
    run_well(*common, "second.h5md", "--particles.source", "file", "--particles.file", "first.h5md", "--time.steps", "20", cwd=directory, ranks=2)
    found = []
    for name in ("whole.h5md", "second.h5md"):
        data = datasets(directory / name)
        found.append([data[f"particles/trajectory/{quantity}/value"][-1] for quantity in ("position", "velocity")])
    return found


@pytest.mark.parametrize("settings", SAME_BITS.values(), ids=SAME_BITS.keys())
def test_a_run_goes_on_with_the_same_bits(tmp_path, settings):
    whole, second = ends(tmp_path, settings)
    for expected, found in zip(whole, second):
        assert expected.tobytes() == found.tobytes()


def test_a_damped_run_goes_on_but_for_roundings(tmp_path):
    whole, second = ends(tmp_path, DAMPED)
    for expected, found in zip(whole, second):
        assert expected.tobytes() != found.tobytes()
        assert abs(expected - found).max() < 1e-3

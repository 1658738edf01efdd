"""Runs the program for tests, and reads what it leaves."""

import os
import subprocess
from pathlib import Path

# Users' shells say nothing of these, so what the caller's happens to say is neither to help nor to hinder.
for name in list(os.environ):
    if name.startswith(("HDF5_", "OMP_", "GOMP_", "KMP_", "ORRERY_")) or name in ("PYTHONWARNINGS", "PYTHONUTF8", "PYTHONIOENCODING"):
        del os.environ[name]

import h5py

PROGRAM = os.environ["TESTED_ORRERY"]
SOURCE = Path(__file__).resolve().parents[2]


def command(arguments, ranks=None):
    """The command line that runs `orrery` with some arguments on some ranks; without mpirun, which is quicker, if ranks is None."""
    launcher = [] if ranks is None else ["mpirun", "--oversubscribe", "-n", str(ranks)]
    return [*launcher, PROGRAM, *map(str, arguments)]


def run(*arguments, ranks=None, cwd=None, timeout=60, environment=None):
    """Runs `orrery` to its end; the caller looks at returncode, stdout and stderr."""
    return subprocess.run(command(arguments, ranks), cwd=cwd, timeout=timeout, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, env={**os.environ, **(environment or {})})


def run_well(*arguments, **keywords):
    """Runs `orrery` and expects success."""
    result = run(*arguments, **keywords)
    assert result.returncode == 0, result.stdout + result.stderr
    return result


def datasets(path):
    """All particle data and diagnostics of a trajectory: {name: array}. What says how it was made is left out."""
    found = {}

    def read(group, path):
        # By hand: visititems() shows an object that has several names, such as a linked `step`, under one of them only.
        for name, item in group.items():
            if isinstance(item, h5py.Group):
                read(item, f"{path}/{name}")
            elif name == "constants" and path == "run/checksums":
                # The configuration says how the file was made, so it does not belong here, and neither does its checksum.
                found[f"{path}/{name}"] = item[()][[what not in (b"config", "config") for what in item.attrs["of"]]]
            else:
                found[f"{path}/{name}"] = item[()]

    with h5py.File(path, "r") as file:
        for group in ("particles", "diagnostics", "run"):
            read(file[group], group)
    return found


def assert_same_bits(expected, found, what):
    """Compares two results of `datasets` byte by byte."""
    assert expected.keys() == found.keys(), what
    for name, values in expected.items():
        assert values.dtype == found[name].dtype and values.shape == found[name].shape, f"{what}: {name}"
        assert values.tobytes() == found[name].tobytes(), f"{what}: {name} differs"

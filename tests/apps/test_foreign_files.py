"""Start files and trajectories of other programs, of hostile ones, and of our own in a user's shell: run, info, watch, distances."""

import os
import subprocess

import pytest
from orrery_program import command

DAMAGED = 65


def in_a_clean_shell(*arguments, locking=None, timeout=60):
    """Runs `orrery` without a word about locks in the environment, or with the one given."""
    environment = {name: value for name, value in os.environ.items() if name != "HDF5_USE_FILE_LOCKING"}
    if locking is not None:
        environment["HDF5_USE_FILE_LOCKING"] = locking
    return subprocess.run(command(arguments), timeout=timeout, capture_output=True, text=True, stdin=subprocess.DEVNULL,
                          env=environment)


@pytest.mark.parametrize("locking", [None, "TRUE", "FALSE", "BEST_EFFORT"])
def test_a_run_goes_on_from_its_own_file(tmp_path, locking):
    """A law of pairs looks at the species of its start file too: one process opens it several times."""
    common = ["run", "--law.name", "soft-disc", "--box.lengths", "20,20,20", "--time.step", 0.001, "--time.steps", 2, "--run.quiet",
              "--run.threads", 1]
    first = in_a_clean_shell(*common, "--particles.source", "random", "--particles.count", 50, "--particles.least-distance", 1,
                             "--output.file", tmp_path / "a.h5md", locking=locking)
    assert (first.returncode, first.stderr) == (0, "")
    second = in_a_clean_shell(*common, "--particles.source", "file", "--particles.file", tmp_path / "a.h5md",
                              "--output.file", tmp_path / "b.h5md", locking=locking)
    assert (second.returncode, second.stderr) == (0, "")


@pytest.mark.parametrize("ending", ["csv", "h5md"])
def test_a_pipe_is_no_start_file(tmp_path, ending):
    pipe = tmp_path / f"pipe.{ending}"
    os.mkfifo(pipe)
    result = in_a_clean_shell("run", "--particles.source", "file", "--particles.file", pipe, "--output.file", tmp_path / "b.h5md",
                              timeout=10)
    assert result.returncode == DAMAGED and "it is a pipe, not a regular file" in result.stderr
    assert not (tmp_path / "b.h5md").exists()


def test_a_pipe_is_a_configuration_only_where_a_shell_made_it(tmp_path):
    pipe = tmp_path / "pipe.ini"
    os.mkfifo(pipe)
    result = in_a_clean_shell("run", pipe, timeout=10)
    assert result.returncode == 78 and "it is a pipe" in result.stderr
    reading, writing = os.pipe()
    os.write(writing, b"[particles]\ncount = 3\n")
    os.close(writing)
    result = subprocess.run([*command(["run", f"/dev/fd/{reading}", "--run.dry-run"])], pass_fds=[reading], capture_output=True,
                            text=True, timeout=20)
    os.close(reading)
    assert result.returncode == 0 and "count = 3" in result.stdout

"""Too little memory: it is told beforehand where it can be, and where it runs out, once and in words."""

import resource
import subprocess

import pytest

from orrery_program import PROGRAM, SOURCE, command

MEBIBYTE = 1 << 20
LIQUID = ["run", SOURCE / "config/liquid.ini", "--particles.cells", 40, "--time.steps", 2, "--output.every", 0, "--output.file", "m.h5md",
          "--output.overwrite", "--run.quiet"]
ROTATION = ["run", "--particles.count", 3_000_000, "--time.end", "1e-5", "--output.file", "m.h5md", "--output.overwrite", "--run.quiet"]
TELLTALES = ("std::", "terminate called", "Resource temporarily", "libgomp", "Segmentation", "HDF5-DIAG")


def run_within(directory, megabytes, arguments, ranks=None):
    """Runs with so much address space for each rank."""
    limited = ["sh", "-c", f"ulimit -c 0; ulimit -v {megabytes}000; exec \"$@\"", "sh"]
    whole = command(arguments, ranks)
    at = whole.index(PROGRAM)
    return subprocess.run([*whole[:at], *limited, *whole[at:]], cwd=directory, timeout=60, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def assert_worded(result, megabytes):
    said = [line for line in result.stderr.splitlines() if line.startswith("orrery: ") and "warning" not in line]
    assert not any(telltale in result.stderr for telltale in TELLTALES), (megabytes, result.stderr)
    if result.returncode == 0:
        assert not said
        return
    assert result.returncode == 70, (megabytes, result.returncode, result.stderr)
    assert len(said) == 1, (megabytes, result.stderr)
    # Where several ranks ran out of it, they are listed below.
    words = result.stderr[result.stderr.index(said[0]):]
    assert "out of memory" in words or "cannot start a thread" in words, (megabytes, words)
    assert "ulimit -v" in words and "; " in words, (megabytes, words)


@pytest.mark.parametrize("threads", [1, 4])
@pytest.mark.parametrize("case", [LIQUID, ROTATION], ids=["liquid", "rotation"])
def test_every_limit_ends_in_words_or_in_a_run(tmp_path, case, threads):
    codes = []
    for megabytes in range(100, 461, 20):
        result = run_within(tmp_path, megabytes, [*case, "--run.threads", threads])
        assert_worded(result, megabytes)
        codes.append(result.returncode)
    assert 70 in codes


def test_on_two_ranks_too(tmp_path):
    for megabytes in (250, 300, 350):
        result = run_within(tmp_path, megabytes, [*LIQUID, "--run.threads", 2], ranks=2)
        assert_worded(result, megabytes)


def test_the_message_has_the_estimate(tmp_path):
    result = run_within(tmp_path, 250, [*LIQUID, "--run.threads", 1])
    assert result.returncode == 70, result.stderr
    assert "the run takes about" in result.stderr.splitlines()[-1] and "MiB on each rank" in result.stderr.splitlines()[-1], result.stderr


def test_the_limit_is_known_before_the_run(tmp_path):
    result = run_within(tmp_path, 250, [*LIQUID[:-1], "--run.threads", 1, "--run.dry-run"])
    assert "warning: the run takes about" in result.stderr and "within the limit of address space (ulimit -v)" in result.stderr, result.stderr

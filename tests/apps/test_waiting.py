"""How threads and ranks wait: briefly, without anything set, and never against what the user set."""

import os
import subprocess
import time

import pytest

from orrery_program import PROGRAM, command, run

LONG_RUN = ["run", "--rotation.method", "direct", "--particles.count", 1000, "--time.step", "1e-5", "--time.end", 100, "--run.threads", 2, "--run.quiet",
            "--output.every", 0, "--run.log", "log"]
NAMES = ("GOMP_SPINCOUNT", "OMP_WAIT_POLICY", "KMP_BLOCKTIME")


def running(directory, ranks, environment):
    """Environment, arguments and name of a rank of a run that is going on."""
    clean = {name: value for name, value in os.environ.items() if name not in NAMES}
    process = subprocess.Popen(command(LONG_RUN, ranks), cwd=directory, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               env={**clean, **environment})
    try:
        deadline = time.monotonic() + 40
        while not (directory / "log").exists() or not (directory / "log").read_text():
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.02)
        pids = [process.pid] if ranks is None else subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=True).stdout.split()
        read = lambda name: open(f"/proc/{pids[0]}/{name}").read()
        return dict(entry.split("=", 1) for entry in read("environ").split("\0") if "=" in entry), read("cmdline").split("\0")[:-1], read("comm").strip()
    finally:
        process.kill() if ranks is None else process.terminate()
        process.wait(timeout=20)


@pytest.mark.parametrize("ranks", [None, 2])
def test_threads_wait_briefly_by_themselves(tmp_path, ranks):
    environment, arguments, name = running(tmp_path, ranks, {})
    assert environment["GOMP_SPINCOUNT"] == "1000" and "OMP_WAIT_POLICY" not in environment
    assert arguments == [PROGRAM, *map(str, LONG_RUN)] and name == "orrery", "it is the same program with the same arguments"


@pytest.mark.parametrize("set_by_user", [{"OMP_WAIT_POLICY": "active"}, {"GOMP_SPINCOUNT": "77"}, {"KMP_BLOCKTIME": "3"}, {"OMP_WAIT_POLICY": ""}])
def test_what_the_user_set_stays(tmp_path, set_by_user):
    environment, _, _ = running(tmp_path, None, set_by_user)
    assert {name: environment[name] for name in NAMES if name in environment} == set_by_user


def test_codes_and_results_are_those_of_the_program(tmp_path):
    assert run("run", "--time.ende", 1, cwd=tmp_path).returncode == 64
    assert run("run", "--time.ende", 1, cwd=tmp_path, ranks=2).returncode == 64
    # By a name that is found in PATH, with odd arguments.
    path = {"PATH": os.path.dirname(PROGRAM) + ":" + os.environ["PATH"]}
    result = subprocess.run(["orrery", "run", "--run.dry-run", "--output.file", "a  b'\"\n.h5md"], cwd=tmp_path, env={**os.environ, **path},
                            capture_output=True, text=True, timeout=50)
    assert result.returncode == 0, result.stderr
    assert "a  b'" in result.stdout


def test_an_ignored_signal_and_a_closed_input_stay_so(tmp_path):
    script = "trap '' HUP; exec \"$@\" <&-"
    result = subprocess.run(["sh", "-c", script, "sh", PROGRAM, "run", "--particles.count", "3", "--run.quiet"], cwd=tmp_path, capture_output=True, timeout=50)
    assert result.returncode == 0, result.stderr

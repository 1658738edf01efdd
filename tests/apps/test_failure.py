"""Things that go wrong on the way: nothing hangs, and what was reported written is there."""

import contextlib
import json
import os
import pwd
import random
import resource
import shutil
import signal
import subprocess
import time

import h5py
import numpy as np
import pytest

import orrery_program
from orrery_program import PROGRAM, SOURCE, command, datasets, run_well

KILLS = 20
LONG_RUN = ["run", "--rotation.method", "direct", "--particles.count", "20011", "--time.step", "1e-5", "--time.end", "10", "--output.every", "25", "--run.log", "log",
            "--output.file", "run.h5md", "--run.quiet"]


def start(directory, ranks, arguments=LONG_RUN):
    """A long run in a session of its own, so that whatever is left of it can be found."""
    return subprocess.Popen(command(arguments, ranks), cwd=directory, start_new_session=True, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(condition, process):
    """Waits until a condition holds, as long as a run goes on that can bring it about."""
    while not condition():
        assert process.poll() is None, process.communicate()
        time.sleep(0.005)


def rank_processes(directory):
    """Process ids of the ranks that run in a directory."""
    found = []
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit() and os.readlink(f"/proc/{entry}/exe") == PROGRAM and os.readlink(f"/proc/{entry}/cwd") == str(directory):
                found.append(int(entry))
        except OSError:
            pass  # gone, or not ours
    return sorted(found)


def frames_reported(directory):
    """Steps of the frames that the log says are written. A line cut short by a kill counts as not reported."""
    steps = []
    for line in (directory / "log").read_text().splitlines() if (directory / "log").exists() else []:
        try:
            entry = json.loads(line)
        except json.JSONDecodeError:
            break
        if entry["event"] == "frame":
            steps.append(entry["step"])
    return steps


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    """The frames of the beginning of the same run, undisturbed."""
    directory = tmp_path_factory.mktemp("uninterrupted")
    arguments = LONG_RUN.copy()
    arguments[arguments.index("10")] = "0.05"
    run_well(*arguments, cwd=directory)
    return datasets(directory / "run.h5md")


def test_killed_ranks_take_no_reported_frame_with_them(tmp_path, uninterrupted):
    """One rank killed at twenty random moments: the others end, and every frame reported written is readable and right."""
    chance = random.Random(5)
    expected = uninterrupted["particles/trajectory/position/value"]
    frames_seen, launchers_hung = [], 0
    for kill in range(KILLS):
        directory = tmp_path / str(kill)
        directory.mkdir()
        ranks = chance.choice([2, 3])
        process = start(directory, ranks)
        wait_for(lambda: len(rank_processes(directory)) == ranks, process)
        # Some while it starts, most while it writes; on a slow machine too.
        frames_to_wait_for = chance.choice([0, 1, 2, 5, 10, 20, 40])
        wait_for(lambda: len(frames_reported(directory)) >= frames_to_wait_for, process)
        time.sleep(chance.uniform(0.0, 0.1))
        victim = chance.choice(rank_processes(directory))
        os.kill(victim, signal.SIGKILL)
        try:
            process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            # Open MPI 4.1.4: mpirun may lock itself up in PMIx_server_finalize, once in some 200 kills, when all ranks have ended and are zombies.
            assert rank_processes(directory) == []
            launchers_hung += 1
            process.kill()
            process.communicate(timeout=10)
        assert process.returncode != 0
        deadline = time.monotonic() + 10
        while rank_processes(directory) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert rank_processes(directory) == []

        reported = frames_reported(directory)
        frames_seen.append(len(reported))
        if not reported:
            continue
        with h5py.File(directory / "run.h5md") as file:
            valid = int(file["run/valid_frames"][()])
            assert valid >= len(reported)
            steps = file["particles/trajectory/position/step"][:valid]
            assert list(steps) == [25 * frame for frame in range(valid)]
            position = file["particles/trajectory/position/value"]
            for frame in range(min(valid, len(expected))):
                assert position[frame].tobytes() == expected[frame].tobytes(), (kill, frame)
            assert np.isfinite(position[valid - 1]).all()
            assert len(file["diagnostics/radius_mean"][:valid]) == valid
    print("frames reported before each kill:", frames_seen)
    assert launchers_hung <= 2
    assert sum(frames > 3 for frames in frames_seen) > KILLS / 2, "the kills came too early to show anything"


def test_an_interrupt_ends_all_ranks_and_leaves_the_frames(tmp_path):
    process = start(tmp_path, 2)
    wait_for(lambda: len(frames_reported(tmp_path)) >= 3, process)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert process.returncode != 0
    # mpirun, which ends too, does not always pass on what a rank has said last.
    assert errors.count("orrery: stopped by a signal") <= 1
    assert rank_processes(tmp_path) == []
    with h5py.File(tmp_path / "run.h5md") as file:
        assert file["run/valid_frames"][()] >= len(frames_reported(tmp_path))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_told_of(tmp_path, number):
    process = subprocess.Popen([PROGRAM, *LONG_RUN], cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True)
    wait_for(lambda: frames_reported(tmp_path), process)
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == -number
    assert errors == "\norrery: stopped by a signal; the frames finished so far are in the output file\n"


def test_an_ignored_signal_stays_ignored(tmp_path):
    """As under nohup."""
    process = subprocess.Popen([PROGRAM, *LONG_RUN], cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    wait_for(lambda: frames_reported(tmp_path), process)
    process.send_signal(signal.SIGHUP)
    frames = len(frames_reported(tmp_path))
    wait_for(lambda: len(frames_reported(tmp_path)) > frames + 2, process)
    process.kill()
    process.communicate()


def assert_ended_by_full_disk(process, directory, seconds):
    started = time.monotonic()
    _, errors = process.communicate(timeout=seconds)
    assert process.returncode == 74, errors
    assert errors.replace("orrery: warning", "").count("orrery: ") == 1, errors
    assert "HDF5-DIAG" not in errors, errors
    assert "run.h5md" in errors and ("File too large" in errors or "No space left" in errors or "are free in" in errors), errors
    assert rank_processes(directory) == []
    reported = frames_reported(directory)
    assert reported
    with h5py.File(directory / "run.h5md") as file:
        valid = int(file["run/valid_frames"][()])
        assert valid >= len(reported)
        assert len(file["particles/trajectory/position/value"]) == valid, "no trace of the frame that did not fit"
        assert np.isfinite(file["particles/trajectory/position/value"][valid - 1]).all()
    last = json.loads((directory / "log").read_text().splitlines()[-1])
    assert last["event"] == "error" and last["exit_code"] == 74
    return time.monotonic() - started


@pytest.mark.parametrize("ranks", [1, 3])
def test_a_file_that_may_not_grow_ends_the_run(tmp_path, ranks):
    """A limit on file size makes writes fail in the middle, for any user."""
    arguments = command(LONG_RUN, ranks)
    process = subprocess.Popen(arguments + ["--run.threads", "1"], cwd=tmp_path, start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True,
                               preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000_000, 20_000_000)))
    assert_ended_by_full_disk(process, tmp_path, 30)


@pytest.mark.parametrize("ranks", [1, 2])
def test_a_disk_that_fills_up_ends_the_run(tmp_path, ranks):
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "none", disk], capture_output=True).returncode != 0:
        pytest.skip("a small file system cannot be mounted here")
    try:
        # The run is planned to fit; something else takes the room while it goes on.
        arguments = LONG_RUN.copy()
        arguments[arguments.index("10")] = "1"
        arguments[arguments.index("25")] = "10000"
        process = start(disk, ranks, arguments)
        wait_for(lambda: frames_reported(disk), process)
        with open(disk / "hog", "wb", buffering=0) as hog, contextlib.suppress(OSError):
            while hog.write(bytes(4096)):
                pass
        assert_ended_by_full_disk(process, disk, 30)
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def test_a_directory_that_cannot_be_written_is_refused_without_privileges(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("needs root to become somebody else; test_bad_input.py tries it as a user")
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        pytest.skip("there is no user nobody")
    program = tmp_path / "orrery"
    shutil.copy(PROGRAM, program)
    for directory in (tmp_path, *tmp_path.parents):
        if directory.stat().st_uid == 0 and str(directory).startswith("/tmp/"):
            directory.chmod(0o755)
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o755)

    def become_nobody():
        os.setgroups([])
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)

    result = subprocess.run([program, "run", "--particles.count", "3"], cwd=locked, preexec_fn=become_nobody, capture_output=True, text=True,
                            timeout=30, env={**os.environ, "HOME": "/tmp", "TMPDIR": "/tmp"})
    assert result.returncode == 74, result.stderr
    assert "Permission denied" in result.stderr
    assert list(locked.iterdir()) == []


def test_many_runs_start_and_end_at_the_same_time(tmp_path):
    """Each alone, without mpirun, as a script or a batch of jobs starts them."""
    for _ in range(12):
        processes = [start(tmp_path, None, ["run", "--particles.count", 1, "--time.end", "1e-5", "--run.quiet", "--output.overwrite",
                                            "--output.file", f"{number}.h5md"]) for number in range(10)]
        for process in processes:
            out, errors = process.communicate(timeout=60)
            assert (process.returncode, out, errors) == (0, "", ""), errors


def test_no_run_ends_well_with_what_is_no_number(tmp_path):
    given = ["--particles.count", "5", "--time.step", "1e-3", "--time.end", "0.01", "--output.every", "5", "--output.file", "a.h5md", "--run.threads", "1"]
    for ranks in (None, 2):
        result = orrery_program.run("run", *given, "--rotation.centre", "0", "1.79e308", "--output.overwrite", ranks=ranks, cwd=tmp_path)
        assert result.returncode == 1, result.stderr
        assert "is not a finite number at step 0 (frame 0 of 'a.h5md'" in result.stderr and result.stderr.count("orrery: ") == 1, result.stderr

"""orrery watch: follows runs that are going, on a terminal and into a file."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

import h5py
import numpy as np
import pytest
from orrery_program import PROGRAM, run, run_well

ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in ("LC_ALL", "LC_CTYPE", "COLUMNS", "LINES")}
ENVIRONMENT["LANG"] = "C"


def start_run(directory, frames=40, seconds=0.05):
    """A run with a frame about every `seconds`, already at work on its file."""
    path = directory / "run.h5md"
    # 60 million steps take 0.05 s or more on any machine.
    process = subprocess.Popen([PROGRAM, "run", "--particles.count", "2000", "--rotation.method", "direct", "--run.threads", "1",
                                "--time.step", "1e-6", "--time.end", str(1e-6 * 30_000 * (seconds / 0.05) * (frames - 1)),
                                "--output.every", str(int(30_000 * seconds / 0.05)), "--output.file", str(path), "--run.quiet"],
                               stdout=subprocess.DEVNULL)
    end = time.monotonic() + 30
    while time.monotonic() < end:
        assert process.poll() in (None, 0)
        try:
            with h5py.File(path, locking=False) as file:  # the writer keeps it locked
                if file["run/valid_frames"][()] > 0:
                    return path, process
        except (OSError, KeyError):
            pass
        time.sleep(0.01)
    raise AssertionError("the run does not begin")


def on_terminal(words, columns=90, rows=30, until=None, timeout=60):
    """What a command prints on a terminal of a size, and its exit code. `until` ends it with Ctrl-C when it has been printed."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    process = subprocess.Popen([PROGRAM, *map(str, words)], stdout=follower, stderr=follower, stdin=follower, env=ENVIRONMENT,
                               start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
    os.close(follower)
    printed, end, stopped = b"", time.monotonic() + timeout, False
    while time.monotonic() < end:
        if select.select([leader], [], [], 0.2)[0]:
            try:
                piece = os.read(leader, 65536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            printed += piece
        if until is not None and not stopped and until.encode() in printed:
            os.write(leader, b"\x03")
            stopped = True
    code = process.wait(timeout=10)
    os.close(leader)
    return printed.decode().replace("\r\n", "\n"), code


def views_of(printed):
    """The views that replaced one another, after a check that each takes back exactly the lines of the one before."""
    parts = re.split(r"\x1b\[(\d+)A\x1b\[J", printed)
    views = parts[::2]
    for view, lines in zip(views, parts[1::2]):
        assert view.count("\n") == int(lines)
    return views


def test_follows_a_run_on_a_terminal_to_its_end(tmp_path):
    path, process = start_run(tmp_path)
    printed, code = on_terminal(["watch", path, "--interval", 0.1])
    assert process.wait(timeout=60) == 0
    assert code == 0, printed
    views = views_of(printed)
    counts = [int(re.search(r"(\d+) of 40 frames", view).group(1)) for view in views]
    assert counts == sorted(counts) and counts[0] < 40 and counts[-1] == 40 and len(set(counts)) >= 3
    assert any(re.search(r"a frame in .* left", view) for view in views[:-1])
    last = views[-1].splitlines()
    assert last[1].startswith("  [####################] 100 %") and last[2] == "  complete"
    with h5py.File(path) as file:
        for name, series in file["diagnostics"].items():
            if name in ("step", "time"):
                assert f"{name} {series[-1]:.7g}" in last[1]
            else:
                assert any(line.split()[:2] == [name, f"{series[-1]:.8g}"] for line in last), (name, last)
    picture = [line for line in last if line.startswith(" |")]
    assert len(picture) >= 4 and sum(letter in ".:-=+#@" for line in picture for letter in line) > 20


@pytest.mark.parametrize("columns, rows", [(40, 12), (200, 60), (1, 1)])
def test_fits_the_terminal(tmp_path, columns, rows):
    path = tmp_path / "run.h5md"
    run_well("run", "--particles.count", 500, "--time.step", 0.1, "--time.end", 0.2, "--output.file", path, "--run.quiet")
    printed, code = on_terminal(["watch", path], columns, rows)
    assert code == 0
    lines = printed.splitlines()
    assert max(map(len, lines)) <= max(columns - 1, 10) and len(lines) <= max(rows - 1, 3)
    assert any(line.startswith(" +--") for line in lines) == (rows == 60)


def test_control_c_ends_it_at_once(tmp_path):
    path, process = start_run(tmp_path, frames=2000)
    begin = time.monotonic()
    printed, code = on_terminal(["watch", path, "--interval", 60], until="radius_mean", timeout=30)
    assert code == -signal.SIGINT and time.monotonic() - begin < 10, printed
    process.terminate()
    process.wait(timeout=30)


def test_prints_lines_where_nobody_watches(tmp_path):
    path, process = start_run(tmp_path, frames=20)
    lines = run_well("watch", path, "--interval", 0.1, environment=ENVIRONMENT).stdout.splitlines()
    assert process.wait(timeout=60) == 0
    counts = [int(line.split()[0]) for line in lines]
    assert counts == sorted(set(counts)) and counts[-1] == 20 and len(counts) >= 2
    assert "; complete; " in lines[-1] and "radius_mean 0." in lines[-1] and "\x1b" not in "".join(lines)


def test_gives_up_on_a_run_that_was_killed(tmp_path):
    path, process = start_run(tmp_path, frames=2000)
    process.kill()
    process.wait(timeout=30)
    result = run("watch", path, "--interval", 0.1, "--give-up", 0.5)
    assert result.returncode == 1 and "no frame has come for" in result.stderr


def test_shows_where_particles_are(tmp_path):
    table = tmp_path / "corners.csv"
    table.write_text("x,y,speed\n" + "".join(f"{x},{y},0\n" for x, y in [(-1, -1), (1, 1)] + [(1, -1)] * 50))
    path = tmp_path / "run.h5md"
    run_well("run", "--particles.source", "file", "--particles.file", table, "--time.step", 1, "--time.end", 1,
             "--output.file", path, "--run.quiet")
    plain = run_well("watch", path, "--once", environment=ENVIRONMENT).stdout.splitlines()
    rows = [line[2:-1] for line in plain if line.startswith(" |")]
    assert rows[0].strip() == "." and rows[0].rstrip()[-1] == "." and len(rows[0].strip()) == 1
    assert [letter for letter in rows[-1] if letter != " "] == [".", "@"]
    shaded = run_well("watch", path, "--once", environment={**ENVIRONMENT, "LANG": "C.UTF-8"}).stdout
    assert "\u2588" in shaded and "\u2591" in shaded and "@" not in shaded
    assert "|" not in run_well("watch", path, "--once", "--picture", "false", environment=ENVIRONMENT).stdout


def test_a_file_of_many_particles_takes_no_longer(tmp_path):
    """240 MB a frame, of which the file system need not store much: the file has holes."""
    path = tmp_path / "run.h5md"
    run_well("run", "--particles.count", 1, "--time.step", 0.1, "--time.end", 0.1, "--output.file", path, "--run.quiet")
    with h5py.File(path, "r+") as file:
        for name in ["position", "velocity"]:
            del file[f"particles/trajectory/{name}/value"]
            values = file.create_dataset(f"particles/trajectory/{name}/value", (2, 10_000_000, 3), "f8")
            values[1, :10] = 1.0
    begin = time.perf_counter()
    assert "200000 of the particles" in run_well("watch", path, "--once").stdout
    assert time.perf_counter() - begin < 2


def test_what_cannot_be_watched(tmp_path):
    text = tmp_path / "text.h5md"
    text.write_text("x,y\n")
    for path, problem in [(text, "not a readable HDF5 file"), (tmp_path, "it is a directory"), (tmp_path / "none", "there is no such file")]:
        result = run("watch", path, timeout=20)
        assert result.returncode == 65 and problem in result.stderr and result.stderr.count("\n") == 1 and result.stdout == ""
    for words, problem in [([], "which file?"), (["a", "--interval", "0"], "from 0.05")]:
        result = run("watch", *words)
        assert result.returncode == 64 and problem in result.stderr


def test_a_file_that_breaks_while_it_is_watched(tmp_path):
    path, process = start_run(tmp_path, frames=2000)
    process.kill()
    process.wait(timeout=30)
    watcher = subprocess.Popen([PROGRAM, "watch", str(path), "--interval", "0.1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True)
    assert "frames" in watcher.stdout.readline()
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 3])
    _, errors = watcher.communicate(timeout=30)
    assert watcher.returncode == 65 and errors.startswith("orrery: '") and errors.count("\n") == 1


def test_not_finite_positions_are_told(tmp_path):
    path = tmp_path / "run.h5md"
    run_well("run", "--particles.count", 10, "--time.step", 0.1, "--time.end", 0.1, "--output.file", path, "--run.quiet")
    with h5py.File(path, "r+") as file:
        file["particles/trajectory/position/value"][1, 3] = np.nan
    assert "1 are not finite" in run_well("watch", path, "--once").stdout

"""Tests of scripts/animate: films of small trajectories, decoded again, and errors."""

import pty
import os
import signal
import subprocess
import time

import numpy as np
import pytest
from orrery_program import SOURCE, run_well

ANIMATE = SOURCE / "scripts/animate"
WIDTH, HEIGHT = 800, 720
BLUE_DOT = np.array([0x00, 0x72, 0xb2])  # the only particle, when coloured by id


def animate(*arguments, **keywords):
    return subprocess.run([ANIMATE, *map(str, arguments)], capture_output=True, text=True, timeout=100, **keywords)


def decode(film):
    """Pictures of a film: [pictures][height][width][3]."""
    done = subprocess.run(["ffmpeg", "-loglevel", "error", "-i", film, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
                          capture_output=True, timeout=60, check=True)
    return np.frombuffer(done.stdout, np.uint8).reshape(-1, HEIGHT, WIDTH, 3)


@pytest.fixture(scope="module")
def quarter_turn(tmp_path_factory):
    """One particle from (1, 0) a quarter turn counter-clockwise in 10 frames, so to (0, 1)."""
    folder = tmp_path_factory.mktemp("quarter")
    (folder / "one.csv").write_text("x,y,speed\n1,0,1\n")
    run_well("run", "--particles.source", "file", "--particles.file", "one.csv", "--rotation.method", "circle", "--time.step", np.pi / 20, "--time.end",
             np.pi / 2, "--output.every", 1, "--output.file", "one.h5md", "--run.quiet", cwd=folder)
    return folder / "one.h5md"


def place_of_dot(picture):
    """Middle of the pixels in the particle's colour, in fractions of the axes: x to the right, y upwards."""
    axes = picture[68:631, 80:643].astype(int)
    rows, columns = np.nonzero(np.abs(axes - BLUE_DOT).sum(axis=2) < 60)
    assert len(rows) > 10
    return columns.mean() / axes.shape[1], 1 - rows.mean() / axes.shape[0]


@pytest.mark.parametrize("suffix", [".mp4", ".gif"])
def test_the_particle_is_where_the_file_has_it(tmp_path, quarter_turn, suffix):
    film = tmp_path / f"film{suffix}"
    done = animate(quarter_turn, "--output", film, "--duration", 1.1, "--fps", 10, "--colour", "id", "--trail", 1e-9)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{film}\n" and done.stderr == ""
    pictures = decode(film)
    assert len(pictures) == 11
    edge = 1.08  # the window is the particle's way and a margin of a twenty-fifth at either side
    for number, picture in enumerate(pictures):
        angle = np.pi / 2 * number / 10
        x, y = place_of_dot(picture)
        assert x == pytest.approx((np.cos(angle) + 0.04) / edge, abs=0.01), number
        assert y == pytest.approx((np.sin(angle) + 0.04) / edge, abs=0.01), number


def test_the_speed_sets_the_length(tmp_path, quarter_turn):
    assert animate(quarter_turn, "--speed", np.pi, "--fps", 8, "--output", tmp_path / "film.mp4").returncode == 0
    assert len(decode(tmp_path / "film.mp4")) == 4


@pytest.mark.parametrize("options", [["--draw", "density"], ["--draw", "dots", "--view", "3d"], ["--colour", "radius"]])
def test_pictures_differ_over_time(tmp_path, quarter_turn, options):
    film = tmp_path / "film.mp4"
    assert animate(quarter_turn, *options, "--duration", 0.5, "--fps", 8, "--output", film).returncode == 0
    pictures = decode(film).astype(int)
    assert np.abs(pictures[0] - pictures[-1])[68:631, 80:643].max() > 100


def test_one_frame_is_a_film(tmp_path):
    run_well("run", "--particles.count", 3, "--time.end", 0, "--output.file", "run.h5md", "--run.quiet", cwd=tmp_path)
    assert animate(tmp_path / "run.h5md", "--duration", 0.4, "--fps", 10).returncode == 0
    assert len(decode(tmp_path / "run.mp4")) == 4


def test_wrong_use_is_told_in_one_line(tmp_path, quarter_turn):
    (tmp_path / "text").write_text("no trajectory")
    for code, arguments in ((65, [tmp_path / "missing"]), (65, [tmp_path / "text"]), (65, [tmp_path]),
                            (64, [quarter_turn, "--output", "film.avi"]), (64, [quarter_turn, "--output", quarter_turn]),
                            (64, [quarter_turn, "--fps", "-1"]), (64, [quarter_turn, "--colour", "mass"]),
                            (74, [quarter_turn, "--output", tmp_path / "no/folder.mp4"])):
        done = animate(*arguments)
        assert done.returncode == code, (arguments, done.stderr)
        assert done.stderr.startswith("animate: ") and done.stderr.count("\n") == 1


def test_without_ffmpeg_it_says_what_to_install(tmp_path, quarter_turn):
    done = subprocess.run(["/usr/bin/python3", ANIMATE, quarter_turn, "--output", tmp_path / "film.mp4"], text=True, timeout=60,
                          capture_output=True, env={**os.environ, "PATH": str(tmp_path)})
    assert done.returncode == 69 and "ffmpeg" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_film_leaves_nothing(tmp_path, quarter_turn):
    """And a terminal sees how far it is."""
    terminal, seen_by_program = pty.openpty()
    process = subprocess.Popen([ANIMATE, quarter_turn, "--duration", "3000", "--output", tmp_path / "film.mp4"],
                               stderr=seen_by_program, stdout=subprocess.DEVNULL)
    os.close(seen_by_program)
    assert b"animate: [" in os.read(terminal, 100)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 130
    os.close(terminal)
    time.sleep(0.2)
    assert list(tmp_path.iterdir()) == []

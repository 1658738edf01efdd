"""Tests of scripts/plot: pictures of small trajectories, errors and exit codes."""

import pathlib
import subprocess

import h5py
import matplotlib.image
import numpy as np
import pytest

PLOT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "plot"
GROUP = "particles/trajectory"
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
EX_OK, EX_USAGE, EX_DATAERR, EX_IOERR = 0, 64, 65, 74


def write_trajectory(path, particles, frames=4, valid_frames=None, dtype="f8"):
    """Write a trajectory of particles on circles; return its path.

    The time between frames is 0.2 time units.  Frames from `valid_frames` on
    are filled with NaN, as an interrupted writer may leave them.
    """
    random = np.random.default_rng(7)
    x, y, speed = random.uniform(-1, 1, (3, particles))
    time = 0.2 * np.arange(frames)
    angle = np.arctan2(y, x) + speed / np.hypot(x, y) * time[:, np.newaxis]
    radius = np.hypot(x, y)
    position = np.stack([radius * np.cos(angle), radius * np.sin(angle), 0 * angle], axis=2)
    velocity = np.stack([-speed * np.sin(angle), speed * np.cos(angle), 0 * angle], axis=2)
    if valid_frames is not None:
        position[valid_frames:] = np.nan
    with h5py.File(path, "w") as file:
        for name, value in (("position", position), ("velocity", velocity)):
            element = file.create_group(f"{GROUP}/{name}")
            element["step"] = 1000 * np.arange(frames)
            element["time"] = time
            element["value"] = value.astype(dtype)
        file[f"{GROUP}/id"] = np.arange(particles, dtype="u8")
        file[f"{GROUP}/tangential_speed"] = speed
        if valid_frames is not None:
            file["run/valid_frames"] = np.int64(valid_frames)
    return path


def run_plot(*arguments):
    """Run scripts/plot and return the finished process."""
    return subprocess.run([PLOT, *arguments], capture_output=True, text=True, timeout=120)


def assert_refused(process, code):
    """The program ended with the exit code and one line of explanation."""
    assert process.returncode == code
    assert process.stdout == ""
    assert len(process.stderr.splitlines()) == 1
    assert process.stderr.startswith("plot: ")


def read_picture(path):
    """Return the pixels [height][width][3] of a PNG file."""
    assert path.read_bytes().startswith(PNG_SIGNATURE)
    return matplotlib.image.imread(path)[:, :, :3]


def colours_inside_axes(pixels):
    """Number of distinct colours in the middle of the picture.

    Text, colour bar and frame of the axes are left out; a blank diagram has
    white, the grid's grey and its few smoothed shades.
    """
    height, width, _ = pixels.shape
    middle = pixels[int(0.15 * height):int(0.82 * height), int(0.15 * width):int(0.75 * width)]
    return len(np.unique((255 * middle).round().astype(int).reshape(-1, 3), axis=0))


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    """A trajectory of three particles with four frames."""
    return write_trajectory(tmp_path_factory.mktemp("three") / "three.h5", 3)


@pytest.mark.parametrize("particles, dtype", [
    (1, "f8"), (3, "f8"), (3, "f4"), (50, "f8"), (51, "f8"), (10000, "f8"), (10000, "f4")])
def test_picture_shows_particles(tmp_path, particles, dtype):
    path = write_trajectory(tmp_path / "run.h5", particles, dtype=dtype)
    process = run_plot(path)
    assert process.returncode == EX_OK, process.stderr
    assert process.stderr == ""
    assert process.stdout == f"{tmp_path / 'run.png'}\n"
    assert colours_inside_axes(read_picture(tmp_path / "run.png")) > 20


def test_many_particles_as_density(tmp_path):
    path = write_trajectory(tmp_path / "run.h5", 200_001, frames=1)
    assert run_plot(path).returncode == EX_OK
    assert colours_inside_axes(read_picture(tmp_path / "run.png")) > 20


def test_no_particles(tmp_path):
    path = write_trajectory(tmp_path / "run.h5", 0)
    process = run_plot(path)
    assert process.returncode == EX_OK, process.stderr
    pixels = read_picture(tmp_path / "run.png")
    # The note stands in the centre of the diagram.
    height, width, _ = pixels.shape
    centre = pixels[int(0.4 * height):int(0.6 * height), int(0.3 * width):int(0.6 * width)]
    assert centre.min() < 0.5
    assert pixels.mean() > 0.9


def test_single_frame(tmp_path):
    path = write_trajectory(tmp_path / "run.h5", 3, frames=1)
    assert run_plot(path).returncode == EX_OK
    assert colours_inside_axes(read_picture(tmp_path / "run.png")) > 20


def test_rows_beyond_valid_frames_are_ignored(tmp_path, three):
    cut = tmp_path / "three.h5"
    write_trajectory(cut, 3, frames=6, valid_frames=4)
    assert run_plot(three, "--output", tmp_path / "whole.png").returncode == EX_OK
    assert run_plot(cut, "--output", tmp_path / "cut.png").returncode == EX_OK
    whole, part = read_picture(tmp_path / "whole.png"), read_picture(tmp_path / "cut.png")
    assert np.array_equal(whole, part)


def test_frame_option(tmp_path, three):
    pictures = []
    for frame in ([], ["--frame", "3"], ["--frame", "0"]):
        output = tmp_path / "picture.png"
        assert run_plot(three, "--output", output, *frame).returncode == EX_OK
        pictures.append(read_picture(output))
    assert np.array_equal(pictures[0], pictures[1])
    assert not np.array_equal(pictures[0], pictures[2])


def test_positions_that_are_not_finite(tmp_path):
    path = write_trajectory(tmp_path / "run.h5", 3)
    with h5py.File(path, "a") as file:
        file[f"{GROUP}/position/value"][:, 1] = np.nan
        file[f"{GROUP}/tangential_speed"][2] = np.inf
    process = run_plot(path)
    assert process.returncode == EX_OK, process.stderr
    assert process.stderr == ""
    assert colours_inside_axes(read_picture(tmp_path / "run.png")) > 20


@pytest.mark.parametrize("particles", [3, 100])
@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_extreme_lengths(tmp_path, particles, scale):
    path = write_trajectory(tmp_path / "run.h5", particles)
    with h5py.File(path, "a") as file:
        for name in (f"{GROUP}/position/value", f"{GROUP}/tangential_speed"):
            file[name][...] = file[name][...] * scale
    process = run_plot(path)
    assert process.returncode == EX_OK, process.stderr
    assert process.stderr == ""
    assert colours_inside_axes(read_picture(tmp_path / "run.png")) > 20


def test_file_name_with_special_characters(tmp_path):
    path = write_trajectory(tmp_path / "a$b_{^ $.run.h5", 3)
    process = run_plot(path)
    assert process.returncode == EX_OK, process.stderr
    assert (tmp_path / "a$b_{^ $.run.png").exists()


@pytest.mark.parametrize("swmr", [False, True])
def test_file_open_for_writing(tmp_path, swmr):
    path = write_trajectory(tmp_path / "run.h5", 3)
    if swmr:
        with h5py.File(path, "r") as source, \
                h5py.File(tmp_path / "new.h5", "w", libver="latest") as target:
            source.copy("particles", target)
        path = tmp_path / "new.h5"
    with h5py.File(path, "r+", libver="latest" if swmr else None) as writer:
        if swmr:
            writer.swmr_mode = True
        writer.flush()
        process = run_plot(path)
    assert process.returncode == EX_OK, process.stderr


def test_missing_file(tmp_path):
    assert_refused(run_plot(tmp_path / "none.h5"), EX_DATAERR)
    assert not list(tmp_path.iterdir())


def test_directory_instead_of_file(tmp_path):
    assert_refused(run_plot(tmp_path), EX_DATAERR)


@pytest.mark.parametrize("content", ["", "x,y,speed\n0.3,0.5,1\n"])
def test_file_that_is_not_hdf5(tmp_path, content):
    path = tmp_path / "run.h5"
    path.write_text(content)
    assert_refused(run_plot(path), EX_DATAERR)
    assert not (tmp_path / "run.png").exists()


def test_foreign_hdf5_file(tmp_path):
    path = tmp_path / "run.h5"
    with h5py.File(path, "w") as file:
        file["temperature"] = np.ones(5)
    assert_refused(run_plot(path), EX_DATAERR)


def test_truncated_file(tmp_path, three):
    path = tmp_path / "run.h5"
    content = three.read_bytes()
    path.write_bytes(content[:len(content) // 2])
    assert_refused(run_plot(path), EX_DATAERR)


@pytest.mark.parametrize("name, value", [
    ("run/valid_frames", np.int64(0)),
    ("run/valid_frames", np.int64(-1)),
    ("run/valid_frames", np.int64(99)),
    ("run/valid_frames", "many"),
    (f"{GROUP}/tangential_speed", np.ones(7)),
    (f"{GROUP}/position/step", "many"),
    (f"{GROUP}/position/value", None),
    (f"{GROUP}/position/value", np.ones((4, 3))),
])
def test_damaged_trajectory(tmp_path, name, value):
    path = write_trajectory(tmp_path / "run.h5", 3)
    with h5py.File(path, "a") as file:
        if name in file:
            del file[name]
        if value is not None:
            file[name] = value
    assert_refused(run_plot(path), EX_DATAERR)
    assert not (tmp_path / "run.png").exists()


@pytest.mark.parametrize("arguments", [
    [],
    ["--frame", "-1"],
    ["--frame", "first"],
    ["--frame", "4"],
    ["--colour", "red"],
    ["second.h5"],
])
def test_wrong_usage(three, arguments):
    files = [three] if arguments else []
    assert_refused(run_plot(*files, *arguments), EX_USAGE)


def test_picture_never_replaces_the_trajectory(tmp_path):
    path = write_trajectory(tmp_path / "run.png", 3)
    content = path.read_bytes()
    assert_refused(run_plot(path), EX_USAGE)
    assert path.read_bytes() == content


def test_output_that_cannot_be_written(tmp_path, three):
    assert_refused(run_plot(three, "--output", tmp_path / "none" / "run.png"), EX_IOERR)
    assert_refused(run_plot(three, "--output", tmp_path), EX_IOERR)


def test_help():
    process = run_plot("--help")
    assert process.returncode == EX_OK
    assert "--frame" in process.stdout and "--output" in process.stdout


def test_speed_where_the_law_has_no_column(tmp_path):
    path = write_trajectory(tmp_path / "run.h5", 100)
    with h5py.File(path, "r+") as file:
        del file[f"{GROUP}/tangential_speed"]
    assert run_plot(path).returncode == EX_OK
    assert_refused(run_plot(path, "--colour", "tangential_speed"), EX_USAGE)


@pytest.mark.parametrize("suffix, signature", [(".png", PNG_SIGNATURE), (".svg", b"<?xml"), (".pdf", b"%PDF")])
def test_the_suffix_says_what_is_written(tmp_path, three, suffix, signature):
    picture = tmp_path / f"picture{suffix}"
    assert run_plot(three, "--output", picture).returncode == EX_OK
    assert picture.read_bytes().startswith(signature)


def test_options_change_the_picture(tmp_path, three):
    pictures = {}
    for name, options in {"plain": [], "radius": ["--colour", "radius"], "id": ["--colour", "id"], "space": ["--view", "3d"],
                          "panels": ["--frame", "0,3"], "density": ["--draw", "density"]}.items():
        process = run_plot(three, *options, "--output", tmp_path / f"{name}.png")
        assert process.returncode == EX_OK, process.stderr
        pictures[name] = (tmp_path / f"{name}.png").read_bytes()
    assert len(set(pictures.values())) == len(pictures)


def test_diagnostics_against_time(tmp_path):
    path = write_trajectory(tmp_path / "run.h5", 3)
    with h5py.File(path, "r+") as file:
        file["diagnostics/radius_mean"] = np.linspace(0.9, 1.1, 4)
        file["diagnostics/radius_max"] = np.linspace(1.0, 1.3, 4)
    process = run_plot(path, "--diagnostics")
    assert process.returncode == EX_OK, process.stderr
    assert colours_inside_axes(read_picture(tmp_path / "run-diagnostics.png")) > 20


def test_diagnostics_of_a_file_without_any(tmp_path):
    path = write_trajectory(tmp_path / "run.h5", 3)
    with h5py.File(path, "r+") as file:
        if "diagnostics" in file:
            del file["diagnostics"]
    process = run_plot(path, "--diagnostics")
    assert process.returncode == 65 and "holds no diagnostics" in process.stderr and process.stderr.count("\n") == 1
    assert not (tmp_path / "run-diagnostics.png").exists()

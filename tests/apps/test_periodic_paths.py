"""Paths, trails and films of particles that go through periodic faces: no line goes across the box."""

import re
import subprocess
import sys

import h5py
import numpy as np
import pytest
from h5md_files import box_of, element, head
from orrery_program import SOURCE, run_well

sys.path.insert(0, str(SOURCE / "scripts"))

import orrery
from orrery.periodic import Paths

PERIODIC, NONE = "periodic", "none"


def write(path, positions, edges, boundary, origin=None, images=None, steps=None):
    """A trajectory [F][N][D]; edges [D], [D][D] or a row for each frame."""
    positions = np.asarray(positions, float)
    steps = np.arange(len(positions)) if steps is None else steps
    with h5py.File(path, "w") as file:
        head(file, "test")
        group = file.create_group("particles/all")
        box = box_of(group, boundary, positions.shape[2])
        edges = np.asarray(edges, float)
        if len(edges) == len(positions) != positions.shape[2]:
            element(box, "edges", edges, steps)
        else:
            box["edges"] = edges
        if origin is not None:
            box["origin"] = np.asarray(origin, float)
        element(group, "position", positions, steps, steps * 1.0)
        if images is not None:
            element(group, "image", np.asarray(images), steps)
    return path


def lines_of(path):
    with orrery.open(path) as run:
        return Paths(run, slice(None)).pieces(list(range(len(run))), run.series("position"))


def moving(speed, frames, edges, origin=(0, 0), start=(1, 2)):
    """One particle that moves evenly and is put back into the box: positions [F][1][2] and images."""
    way = np.array(start) + np.arange(frames)[:, None] * np.array(speed)
    images = np.floor((way - origin) / edges)
    return (way - images * edges)[:, None], images.astype(int)[:, None]


@pytest.mark.parametrize("origin", [(0.0, 0.0), (-5.0, -6.0), (100.0, 3.0)])
@pytest.mark.parametrize("speed", [(1.0, 0.0), (-0.7, 0.0), (0.4, 0.9), (-0.5, 1.1)])
def test_a_line_ends_on_the_face_and_goes_on_across(tmp_path, origin, speed):
    edges = np.array([10.0, 12.0])
    start = np.array(origin) + [1, 2]
    positions, images = moving(speed, 40, edges, origin, start)
    lines, whose = lines_of(write(tmp_path / "a.h5md", positions, edges, (PERIODIC, PERIODIC), origin))
    assert len(lines) == 1 + np.abs(np.diff(images[:, 0], axis=0)).any(axis=1).sum() > 1 and set(whose) == {0}
    # Every piece of every line is a piece of the way, and together they are all of it.
    total = 0.0
    for line in lines:
        pieces = np.diff(line, axis=0)
        total += np.hypot(*pieces.T).sum()
        assert (np.abs(pieces) <= np.abs(speed) + np.array(1e-9)).all()
        assert (line >= np.array(origin) - 1e-9).all() and (line <= np.array(origin) + edges + 1e-9).all()
    corner = 2 * np.hypot(*speed)  # the bit between two faces at a corner may be left out
    assert 39 * np.hypot(*speed) - corner < total <= 39 * np.hypot(*speed) * (1 + 1e-9)


def test_only_periodic_axes_count(tmp_path):
    """Along an open axis a long way is a way."""
    positions = [[[1.0, 1.0]], [[9.0, 9.0]], [[1.0, 1.0]]]
    lines, _ = lines_of(write(tmp_path / "a.h5md", positions, [10, 10], (NONE, NONE)))
    assert len(lines) == 1 and lines[0].tolist() == [[1, 1], [9, 9], [1, 1]]
    lines, _ = lines_of(write(tmp_path / "b.h5md", positions, [10, 1], (PERIODIC, NONE)))
    assert len(lines) == 3 and all(np.abs(np.diff(line[:, 0])).max() <= 2 for line in lines)
    assert lines[0][-1].tolist() == pytest.approx([0, 5]) and lines[1][0].tolist() == pytest.approx([10, 5])


def test_images_decide_where_there_are_some(tmp_path):
    """A fast particle that stayed goes the long way, one that left goes through the face though its places are near."""
    positions = [[[1.0, 5.0], [4.0, 5.0]], [[8.0, 5.0], [6.0, 5.0]]]
    images = [[[0, 0], [0, 0]], [[0, 0], [-1, 0]]]
    lines, whose = lines_of(write(tmp_path / "a.h5md", positions, [10, 10], (PERIODIC, PERIODIC), images=images))
    assert whose.tolist() == [0, 1, 1]
    assert lines[0].tolist() == [[1, 5], [8, 5]]
    assert lines[1].tolist() == [[4, 5], [0, 5]] and lines[2].tolist() == [[10, 5], [6, 5]]


def test_images_that_are_stored_once_say_nothing(tmp_path):
    path = write(tmp_path / "a.h5md", [[[9.0, 5.0]], [[1.0, 5.0]]], [10, 10], (PERIODIC, PERIODIC))
    with h5py.File(path, "r+") as file:
        file["particles/all/image"] = np.zeros((1, 2), int)
    assert len(lines_of(path)[0]) == 2


def test_a_box_that_changes_takes_particles_with_it(tmp_path):
    edges = [[10, 10], [8, 8], [4, 4]]
    positions = [[[9.5, 5.0], [9.0, 5.0]], [[0.2, 4.0], [7.2, 4.0]], [[0.1, 2.0], [3.6, 2.0]]]
    lines, whose = lines_of(write(tmp_path / "a.h5md", positions, edges, (PERIODIC, PERIODIC)))
    assert whose.tolist() == [0, 0, 1]
    assert lines[2].tolist() == [[9, 5], [7.2, 4], [3.6, 2]]


def test_a_tilted_box(tmp_path):
    edges = np.array([[10.0, 0.0], [3.0, 10.0]])
    positions = [[[9.0, 9.5]], [[6.1, 0.2]]]  # through the upper face, which is that of the second edge: 3 to the left
    lines, _ = lines_of(write(tmp_path / "a.h5md", positions, edges, (PERIODIC, PERIODIC)))
    assert len(lines) == 2
    np.testing.assert_allclose(lines[0][-1] - lines[1][0], [3, 10], atol=1e-9)
    assert lines[0][-1][1] == pytest.approx(10) and lines[1][0][1] == pytest.approx(0)


def test_places_of_a_box_whose_origin_nobody_tells(tmp_path):
    """Centred, as some programs have it: the line breaks off, and goes nowhere wrong."""
    positions, _ = moving((1.0, 0.0), 20, np.array([10.0, 10.0]), (-5, -5), (0, 0.5))
    lines, _ = lines_of(write(tmp_path / "a.h5md", positions, [10, 10], (PERIODIC, PERIODIC)))
    assert len(lines) == 3 and all(np.abs(np.diff(line, axis=0)).max(initial=0) <= 1 for line in lines)


def test_positions_that_are_not_finite_and_no_box(tmp_path):
    positions = [[[9.0, 5.0]], [[np.nan, 5.0]], [[1.0, 5.0]]]
    lines, _ = lines_of(write(tmp_path / "a.h5md", positions, [10, 10], (PERIODIC, PERIODIC)))
    assert len(lines) == 1
    for edges in ([0, 0], [np.inf, 10]):
        assert len(lines_of(write(tmp_path / "b.h5md", positions, edges, (PERIODIC, PERIODIC)))[0]) == 1


def drawn(svg):
    """Lengths of the straight pieces of the paths in a picture, which are the only lines that shine through, in points."""
    pieces = []
    for path, style in re.findall(r'<path d="([^"]*)"[^>]*style="([^"]*)"', svg.read_text()):
        last = None
        for command, x, y in re.findall(r"([ML]) ?(-?[\d.]+) (-?[\d.]+)", path) if "stroke-opacity: 0.65" in style else ():
            place = np.array([float(x), float(y)])
            if command == "L" and last is not None:
                pieces.append(np.hypot(*(place - last)))
            last = place
    return np.array(pieces)


@pytest.mark.parametrize("arguments", [["--view", "2d"], ["--view", "3d"], ["--frame", "0,10,30"]])
def test_no_line_of_a_picture_crosses_the_box(tmp_path, arguments):
    (tmp_path / "p.csv").write_text("x,y,vx,vy\n9,5,1,0.3\n3,2,-1,-1.2\n5,9.5,0,1\n")
    run_well("run", "--law.name", "soft-disc", "--particles.source", "file", "--particles.file", "p.csv", "--box.lengths", "10,10",
             "--time.step", 0.01, "--time.steps", 600, "--output.every", 20, "--output.file", "p.h5md", "--run.quiet", cwd=tmp_path)
    done = subprocess.run([SOURCE / "scripts/plot", "p.h5md", "--output", "p.svg", *arguments], cwd=tmp_path, capture_output=True,
                          text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    pieces = drawn(tmp_path / "p.svg")
    # A particle goes 0.32 from frame to frame at most, in a window of 10.8 that is 404 points wide.
    assert len(pieces) > 80 and pieces.max() < 0.33 / 10.8 * 404 * 1.3, pieces.max()


def test_no_trail_of_a_film_crosses_the_box(tmp_path):
    """A trail is as long as the way of a frame: a picture has no pixel in its colour but near the particle."""
    positions, _ = moving((0.9, 0.0), 12, np.array([10.0, 10.0]), start=(5.2, 5.0))
    path = write(tmp_path / "a.h5md", np.concatenate([positions, np.full((12, 1, 2), 0.3), np.full((12, 1, 2), 9.7)], axis=1),
                 [10, 10], (PERIODIC, PERIODIC))
    done = subprocess.run([SOURCE / "scripts/animate", path, "--duration", "1.2", "--fps", "10", "--trail", "1.5", "--colour", "id",
                           "--output", tmp_path / "a.gif"], capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    raw = subprocess.run(["ffmpeg", "-loglevel", "error", "-i", tmp_path / "a.gif", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
                         capture_output=True, timeout=60, check=True).stdout
    pictures = np.frombuffer(raw, np.uint8).reshape(-1, 720, 800, 3)[:, 68:631, 80:643].astype(int)
    assert len(pictures) == 12
    for number, picture in enumerate(pictures):
        blue = (picture[..., 2] - picture[..., 0] > 60) & (picture[..., 2] - picture[..., 1] > 30)
        columns = np.flatnonzero(blue.any(axis=0)) / picture.shape[1] * 10.15
        place = float(positions[number, 0, 0])
        distance = np.abs((columns - place + 5) % 10 - 5)
        assert len(columns) and distance.max() < 2.6, (number, place, columns.min(), columns.max())

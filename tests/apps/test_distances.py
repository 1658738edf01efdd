"""`orrery distances` against SciPy and NumPy: every metric, in boxes and without, on any ranks and instructions; and what it refuses."""

import os
import resource
import subprocess

import h5py
import numpy as np
import pytest
from scipy.spatial.distance import cdist

from orrery_program import command, run, run_well

METRICS = {"euclidean": "euclidean", "squared": "sqeuclidean", "chebyshev": "chebyshev", "manhattan": "cityblock"}


def write_csv(path, points):
    lines = [",".join("xyz"[:points.shape[1]])] + [",".join(map(repr, map(float, row))) for row in points]
    path.write_text("\n".join(lines) + "\n")


def drawn(count, axes, seed=1):
    return np.random.default_rng(seed).uniform(-1, 1, (count, axes))


def reference(points, metric, box=None):
    """All distances; in a box by SciPy over the images of every point, which knows nothing of our way."""
    if box is None:
        return cdist(points, points, METRICS[metric])
    shifts = np.stack(np.meshgrid(*[np.arange(-3, 4) * edge if edge else [0.0] for edge in box]), -1).reshape(-1, len(box))
    return np.min([cdist(points, points + shift, METRICS[metric]) for shift in shifts], axis=0)


def read_raw(path, count, dtype="<f8"):
    return np.fromfile(path, dtype).reshape(count, count)


def read_csv(path):
    return np.genfromtxt(path, delimiter=",", names=True, ndmin=1)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("axes, box", [(2, None), (3, None), (2, (1.3, 0.9)), (3, (1.7, 0.0, 1.1))])
def test_everything_agrees_with_scipy(tmp_path, metric, axes, box):
    points = drawn(150, axes)
    write_csv(tmp_path / "p.csv", points)
    limit = 0.45
    asked = [] if box is None else ["--box", ",".join(map(str, box))]
    run_well("distances", "p.csv", "--metric", metric, *asked, "--matrix", "d.h5", "--histogram", 37, "--max", 1.2,
             "--histogram-file", "h.csv", "--below", limit, "--list", "l.csv", "--nearest", "n.csv", cwd=tmp_path)
    expected = reference(points, metric, box)
    with h5py.File(tmp_path / "d.h5") as file:
        found = file["distances"][:]
        assert file["distances"].attrs["metric"].decode() == metric
        assert file["distances"].attrs["box"].decode() == ("none" if box is None else ",".join(f"{edge:g}" for edge in box))
        if box is None:
            assert np.array_equal(file["points"][:], points)
    np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-15)
    assert np.array_equal(found, found.T) and not found.diagonal().any()

    # Counts are exact about the very numbers of the matrix.
    above = np.triu_indices(len(points), 1)
    pairs = found[above]
    histogram = read_csv(tmp_path / "h.csv")
    edges = 1.2 * np.arange(38) / 37
    edges[-1] = 1.2
    assert np.array_equal(histogram["low"], edges) and np.array_equal(histogram["high"][:-1], edges[1:])
    assert histogram["high"][-1] == np.inf
    assert np.array_equal(histogram["count"], np.bincount(np.searchsorted(edges, pairs, side="right") - 1, minlength=38))
    assert np.array_equal(histogram["count"][:-1], np.histogram(expected[above], edges)[0]), "no drawn distance lies on an edge"

    near = pairs < limit
    listed = read_csv(tmp_path / "l.csv")
    assert 0 < len(listed) == near.sum()
    assert np.array_equal(listed["i"], above[0][near]) and np.array_equal(listed["j"], above[1][near])
    assert np.array_equal(listed["distance"], pairs[near])

    nearest = read_csv(tmp_path / "n.csv")
    others = found + np.diag(np.full(len(points), np.inf))
    assert np.array_equal(nearest["point"], np.arange(len(points)))
    assert np.array_equal(nearest["nearest"], others.argmin(axis=1)) and np.array_equal(nearest["distance"], others.min(axis=1))


def outputs(directory, points, *arguments, ranks=None):
    """Every output of one call, as bytes; the count of pairs as text."""
    directory.mkdir()
    write_csv(directory / "p.csv", points)
    result = run_well("distances", "p.csv", "--matrix", "d.raw", "--histogram", 50, "--max", 2, "--histogram-file", "h.csv",
                      "--below", 0.2, "--list", "l.csv", "--nearest", "n.csv", *arguments, ranks=ranks, cwd=directory)
    for name in ("d.raw", "h.csv", "l.csv", "n.csv"):
        assert result.stdout.count(name) == 1, "the root alone speaks"
    return {name: (directory / name).read_bytes() for name in ("d.raw", "h.csv", "l.csv", "n.csv")}


def test_same_bits_on_any_ranks_threads_and_instructions(tmp_path):
    points = drawn(1700, 3)  # more than one tile
    box = ["--box", "1.5,0,1.25"]
    one = outputs(tmp_path / "one", points, *box, "--threads", 1)
    matrix = np.frombuffer(one["d.raw"])
    assert len(matrix) == 1700 ** 2 and one["l.csv"].count(b"\n") > 1000
    help_text = run_well("distances", "--help").stdout
    sets = next(line for line in help_text.splitlines() if line.endswith("default auto")).split("auto, ")[1].split(";")[0].split(", ")
    assert len(sets) > 1
    variants = [(["--threads", 3], None), (["--threads", 1], 3), (["--threads", 2], 2)]
    variants += [(["--instruction-set", name, "--threads", 2], None) for name in sets]
    for number, (arguments, ranks) in enumerate(variants):
        assert outputs(tmp_path / str(number), points, *box, *arguments, ranks=ranks) == one, (arguments, ranks)


@pytest.mark.parametrize("precision", ["double", "single"])
def test_layouts_formats_and_ranks_hold_the_same_matrix(tmp_path, precision):
    write_csv(tmp_path / "p.csv", drawn(777, 2))
    run_well("distances", "p.csv", "--matrix", "d.raw", "--precision", precision, cwd=tmp_path)
    expected = read_raw(tmp_path / "d.raw", 777, "<f8" if precision == "double" else "<f4")
    if precision == "single":
        run_well("distances", "p.csv", "--matrix", "double.raw", cwd=tmp_path)
        assert np.array_equal(expected, read_raw(tmp_path / "double.raw", 777).astype("<f4"))
    for layout in ("contiguous", "chunked"):
        for ranks in (None, 3):
            run_well("distances", "p.csv", "--matrix", "d.h5", "--layout", layout, "--precision", precision, "--overwrite",
                     ranks=ranks, cwd=tmp_path)
            with h5py.File(tmp_path / "d.h5") as file:
                assert file["distances"].dtype == expected.dtype
                assert file["distances"].chunks == ((256, 256) if layout == "chunked" else None)
                assert file["distances"][:].tobytes() == expected.tobytes()
    assert sorted(os.listdir(tmp_path)) == sorted(["p.csv", "d.raw", "d.h5"] + ["double.raw"] * (precision == "single"))


@pytest.mark.parametrize("metric", METRICS)
def test_distances_on_the_edges_of_bins_and_equal_ones(tmp_path, metric):
    """On a lattice most distances are on edges, at the limit or tied."""
    points = 0.1 * np.stack(np.meshgrid(np.arange(9), np.arange(9)), -1).reshape(-1, 2)
    points = np.concatenate([points, points[::7]])
    write_csv(tmp_path / "p.csv", points)
    run_well("distances", "p.csv", "--metric", metric, "--matrix", "d.raw", "--histogram", 10, "--max", 1, "--histogram-file", "h.csv",
             "--below", 0.2, "--list", "l.csv", "--nearest", "n.csv", cwd=tmp_path)
    matrix = read_raw(tmp_path / "d.raw", len(points))
    np.testing.assert_allclose(matrix, reference(points, metric), rtol=1e-14, atol=1e-16)
    pairs = matrix[np.triu_indices(len(points), 1)]
    edges = 1.0 * np.arange(11) / 10
    assert (pairs[:, None] == edges).any()
    assert np.array_equal(read_csv(tmp_path / "h.csv")["count"], np.bincount(np.searchsorted(edges, pairs, side="right") - 1, minlength=11))
    assert len(read_csv(tmp_path / "l.csv")) == (pairs < 0.2).sum()
    others = matrix + np.diag(np.full(len(points), np.inf))
    assert np.array_equal(read_csv(tmp_path / "n.csv")["nearest"], others.argmin(axis=1)), "ties go to the lower number"


@pytest.mark.parametrize("ranks", [None, 3])
@pytest.mark.parametrize("count", [0, 1, 2, 20])
def test_few_and_identical_points(tmp_path, count, ranks):
    points = np.tile([[0.3, -0.7]], (count, 1))
    write_csv(tmp_path / "p.csv", points)
    result = run_well("distances", "p.csv", "--matrix", "d.h5", "--histogram", 2, "--max", 1, "--below", 1e-300, "--nearest", "n.csv",
                      ranks=ranks, cwd=tmp_path)
    pairs = count * (count - 1) // 2
    with h5py.File(tmp_path / "d.h5") as file:
        assert file["distances"].shape == (count, count) and not file["distances"][:].any()
    assert f"{pairs} pair{'' if pairs == 1 else 's'} below 1e-300" in result.stdout
    assert f"low,high,count\n0,0.5,{pairs}\n0.5,1,0\n1,inf,0\n" in result.stdout
    lines = (tmp_path / "n.csv").read_text().splitlines()[1:]
    assert lines == (["0,-1,inf"] if count == 1 else [f"{point},{1 if point == 0 else 0},0" for point in range(count)])
    run_well("distances", "p.csv", "--matrix", "d.raw", "--precision", "single", ranks=ranks, cwd=tmp_path)
    assert (tmp_path / "d.raw").read_bytes() == bytes(4 * count * count)


def write_trajectory(path, frames, edges=None, boundary=None, dtype="f8"):
    """An H5MD file of a stranger: positions of shape (frames, points, axes)."""
    frames = np.asarray(frames, dtype)
    with h5py.File(path, "w") as file:
        file.create_group("h5md").attrs["version"] = [1, 1]
        group = file.create_group("particles/all")
        group["position/value"] = frames
        group["position/step"] = np.arange(len(frames))
        group["position/time"] = np.arange(len(frames)) * 0.5
        box = group.create_group("box")
        box.attrs["dimension"] = frames.shape[2]
        box.attrs["boundary"] = np.array(boundary or ["none"] * frames.shape[2], "S")
        if edges is not None:
            box["edges/value"] = np.asarray(edges)
            box["edges/step"] = group["position/step"]
            box["edges/time"] = group["position/time"]


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_frames_of_trajectories_and_their_boxes(tmp_path, dtype):
    frames = np.random.default_rng(3).uniform(0, 1, (3, 40, 3)).astype(dtype)
    edges = [np.diag([1.0, 0.8 + 0.1 * frame, 1.5]) for frame in range(3)]
    write_trajectory(tmp_path / "t.h5md", frames, edges, ["periodic", "periodic", "none"], dtype)
    for arguments, frame in (([], 2), (["--frame", "last"], 2), (["--frame", 0], 0), (["--frame=1"], 1)):
        result = run_well("distances", "t.h5md", *arguments, "--matrix", "d.raw", "--overwrite", cwd=tmp_path)
        points = frames[frame].astype("f8")
        np.testing.assert_allclose(read_raw(tmp_path / "d.raw", 40), reference(points, "euclidean"), rtol=1e-13)
        assert f"t.h5md, frame {frame}" in result.stdout
        run_well("distances", "t.h5md", *arguments, "--box", "frame", "--matrix", "d.raw", "--overwrite", cwd=tmp_path)
        np.testing.assert_allclose(read_raw(tmp_path / "d.raw", 40), reference(points, "euclidean", (1.0, 0.8 + 0.1 * frame, 0.0)), rtol=1e-12)


def test_a_trajectory_of_our_own_is_in_the_plane(tmp_path):
    run_well("run", "--particles.count", 60, "--output.file", "t.h5md", "--run.quiet", cwd=tmp_path)
    with h5py.File(tmp_path / "t.h5md") as file:
        points = file["particles/trajectory/position/value"][-1]
    result = run_well("distances", "t.h5md", "--box", "0.9,0.7", "--matrix", "d.raw", cwd=tmp_path)
    assert "60 in 2 dimensions" in result.stdout
    np.testing.assert_allclose(read_raw(tmp_path / "d.raw", 60), reference(points[:, :2], "euclidean", (0.9, 0.7)), rtol=1e-12, atol=1e-15)


def test_columns_stand_in_any_order_among_others(tmp_path):
    (tmp_path / "p.csv").write_text("# points\nid,z,speed,y,x\n7,0,1,4,3\n\n2,12,nan,0,0\n")
    run_well("distances", "p.csv", "--matrix", "d.raw", cwd=tmp_path)
    assert np.array_equal(read_raw(tmp_path / "d.raw", 2), [[0, 13], [13, 0]])


def test_the_table_says_what_was_done(tmp_path):
    write_csv(tmp_path / "p.csv", drawn(6000, 2))
    result = run_well("distances", "p.csv", "--matrix", "memory", "--repeats", 2, "--below", 0.5, cwd=tmp_path)
    rows = {line.split()[0]: line.split() for line in result.stdout.splitlines() if line.startswith(("matrix", "below"))}
    for name in ("matrix", "below"):
        assert rows[name][1:3] == ["6000", "17997000"]
        assert float(rows[name][4]) == pytest.approx(17997000 / float(rows[name][3]), rel=0.01)
    # 288 MB: the memory's limit was measured, and its share is what the figures say.
    speed, share, limit = float(rows["matrix"][5]), float(rows["matrix"][7]), float(rows["matrix"][10])
    assert rows["matrix"][6] == "GB/s," and speed == pytest.approx(288e-3 / float(rows["matrix"][3]), rel=0.01)
    assert share == pytest.approx(100 * speed / limit, rel=0.02, abs=1)
    assert os.listdir(tmp_path) == ["p.csv"]


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    """Files that something is wrong with, beside p.csv."""
    path = tmp_path_factory.mktemp("inputs")
    write_csv(path / "p.csv", drawn(5, 2))
    for name, text in {"nan": "x,y\n1,2\nnan,1\n", "inf": "x,y\n1,inf\n", "columns": "x,z\n1,2\n", "twice": "x,y,x\n1,2,3\n", "empty": "",
                       "short": "x,y\n1\n", "word": "x,y\n1,two\n", "far": "x,y\n1e200,0\n-1e200,0\n", "wide": "x,y\n1e39,0\n0,0\n"}.items():
        (path / f"{name}.csv").write_text(text)
    (path / "text.h5md").write_text("no")
    (path / "p.text").write_text("x,y\n1,2\n")
    frames = drawn(4, 3)[None]
    write_trajectory(path / "t.h5md", frames)
    skewed = np.eye(3)[None].copy()
    skewed[0, 0, 1] = 0.5
    write_trajectory(path / "skewed.h5md", frames, skewed, ["periodic"] * 3)
    frames[0, 2, 1] = np.nan
    write_trajectory(path / "nan.h5md", frames)
    write_trajectory(path / "none.h5md", np.empty((0, 4, 3)))
    return path


MATRIX = ["--matrix", "d.raw"]


@pytest.mark.parametrize("arguments, code, message", [
    ([], 64, "which points?"),
    (["p.csv"], 64, "nothing to do"),
    (["p.csv", "q.csv", *MATRIX], 64, "unexpected word 'q.csv'"),
    (["p.csv", "--metrik", "squared"], 64, "did you mean metric?"),
    (["p.csv", *MATRIX, "--metric", "cosine"], 64, "euclidean, squared, chebyshev, manhattan"),
    (["p.csv", "--matrix", "d.txt"], 64, "must end in .h5 or .raw"),
    (["p.csv", *MATRIX, "--box", "1,x"], 64, "option --box: '1,x'"),
    (["p.csv", *MATRIX, "--box", "1,-1"], 64, "option --box"),
    (["p.csv", *MATRIX, "--box", "0,0"], 64, "at least one above 0"),
    (["p.csv", *MATRIX, "--box", "1,1,1"], 64, "3 lengths, but the points have 2 axes"),
    (["t.h5md", *MATRIX, "--box", "1,1"], 64, "2 lengths, but the points have 3 axes"),
    (["p.csv", *MATRIX, "--box", "frame"], 64, "tells no box"),
    (["p.csv", *MATRIX, "--frame", "0"], 64, "a table has no frames"),
    (["t.h5md", *MATRIX, "--frame", "1"], 64, "has frames 0 to 0"),
    (["t.h5md", *MATRIX, "--frame", "first"], 64, "a whole number from 0, or last"),
    (["p.csv", "--histogram", "10"], 64, "set --max"),
    (["p.csv", "--histogram", "10", "--max", "nan"], 64, "not valid"),
    (["p.csv", "--histogram", "1048577", "--max", "1"], 64, "up to 1048576|from 0 to 1048576"),
    (["p.csv", *MATRIX, "--max", "1"], 64, "no effect without --histogram"),
    (["p.csv", *MATRIX, "--list", "l.csv"], 64, "no effect without --below"),
    (["p.csv", *MATRIX, "--layout", "chunked"], 64, "no effect without an HDF5 file"),
    (["p.csv", *MATRIX, "--repeats", "2"], 64, "no effect without --matrix memory"),
    (["p.csv", "--nearest", "n.csv", "--precision", "single"], 64, "no effect without --matrix"),
    (["p.csv", "--nearest", "n.csv", "--below", "1", "--list", "./n.csv"], 64, "is the same file as"),
    (["p.csv", "--nearest", "p.csv", "--overwrite"], 64, "nearest is the same file as the file of the points"),
    (["missing.csv", *MATRIX], 65, "cannot read 'missing.csv': No such file"),
    (["missing.h5md", *MATRIX], 65, "missing.h5md"),
    ([".", *MATRIX], 65, "cannot tell the format"),
    (["p.text", *MATRIX], 65, "must end in .h5md"),
    (["nan.csv", *MATRIX], 65, "nan.csv:3: column 'x': 'nan' is not a finite number"),
    (["inf.csv", *MATRIX], 65, "inf.csv:2: column 'y': 'inf' is not a finite number"),
    (["columns.csv", *MATRIX], 65, "column 'y' is missing"),
    (["twice.csv", *MATRIX], 65, "column 'x' is duplicated"),
    (["empty.csv", *MATRIX], 65, "the file is empty"),
    (["short.csv", *MATRIX], 65, "short.csv:2: 1 values"),
    (["word.csv", *MATRIX], 65, "'two' is not a finite number"),
    (["far.csv", *MATRIX], 65, "so far apart that double precision"),
    (["wide.csv", *MATRIX, "--precision", "single"], 65, "so far apart that single precision"),
    (["text.h5md", *MATRIX], 65, "text.h5md"),
    (["nan.h5md", *MATRIX], 65, "frame 0: y of point 2 is not a finite number"),
    (["none.h5md", *MATRIX], 65, "no complete frame"),
    (["t.h5md", *MATRIX, "--box", "frame"], 65, "box has no edges"),
    (["skewed.h5md", *MATRIX, "--box", "frame"], 65, "not along the axes"),
    (["p.csv", "--matrix", "none/d.h5"], 74, "cannot write --matrix 'none/d.h5'"),
    (["p.csv", "--nearest", "."], 74, "it is there and not a file"),
    (["p.csv", "--nearest", "nan.csv"], 74, "it exists; choose another name or set --overwrite"),
])
def test_mistakes_are_told_once_before_anything_is_computed(inputs, arguments, code, message):
    before = sorted(os.listdir(inputs))
    result = run("distances", *arguments, cwd=inputs, timeout=20)
    assert result.returncode == code, result.stderr
    assert any(part in result.stderr for part in message.split("|")), result.stderr
    assert result.stderr.count("orrery: ") == 1 and len(result.stderr.splitlines()) == 1 and result.stdout == ""
    assert sorted(os.listdir(inputs)) == before


def test_a_mistake_on_several_ranks_is_told_once(inputs):
    result = run("distances", "nan.csv", *MATRIX, ranks=3, cwd=inputs, timeout=20)
    assert result.returncode == 65 and result.stderr.count("is not a finite number") == 1


MOST_BYTES = (20_000_000, 20_000_000)  # of a file; mpirun has some of its own


@pytest.mark.parametrize("ranks", [None, 3])
@pytest.mark.parametrize("name", ["d.h5", "d.raw"])
def test_a_file_that_may_not_grow_leaves_nothing(tmp_path, name, ranks):
    """As on a full disk: the system refuses the bytes when they are reserved."""
    write_csv(tmp_path / "p.csv", drawn(2000, 2))
    result = subprocess.run(command(["distances", "p.csv", "--matrix", name], ranks), cwd=tmp_path, capture_output=True, text=True, timeout=30,
                            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, MOST_BYTES))
    assert result.returncode == 74, result.stderr
    assert result.stderr.count("cannot write --matrix") == 1 and "File too large" in result.stderr
    assert os.listdir(tmp_path) == ["p.csv"]


def test_a_list_that_may_not_grow_leaves_what_was_there(tmp_path):
    write_csv(tmp_path / "p.csv", drawn(1500, 2))
    (tmp_path / "l.csv").write_text("mine")
    result = subprocess.run(command(["distances", "p.csv", "--below", "9", "--list", "l.csv", "--overwrite"], 2), cwd=tmp_path,
                            capture_output=True, text=True, timeout=30,
                            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, MOST_BYTES))
    assert result.returncode == 74 and "cannot write --list 'l.csv': File too large" in result.stderr
    assert (tmp_path / "l.csv").read_text() == "mine" and sorted(os.listdir(tmp_path)) == ["l.csv", "p.csv"]


def test_more_than_there_is_room_for_is_refused_first(tmp_path):
    write_csv(tmp_path / "p.csv", np.zeros((1_000_000, 2)))
    result = run("distances", "p.csv", "--matrix", "d.raw", cwd=tmp_path)
    assert result.returncode == 74 and "it needs 7.3 TiB" in result.stderr and "make room, or use --precision single" in result.stderr
    result = run("distances", "p.csv", "--matrix", "memory", cwd=tmp_path)
    assert result.returncode == 70 and "not enough memory: the matrix takes 7.3 TiB" in result.stderr
    assert os.listdir(tmp_path) == ["p.csv"]

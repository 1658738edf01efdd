"""Where particles may begin: images, origins, boxes of files, walls and open sides; and how little they may move."""

import h5py
import numpy as np
import pytest
from orrery_program import run, run_well


def table(path, rows):
    """A particle file in space; in the plane if rows have four numbers."""
    axes = len(rows[0]) // 2
    names = [*"xyz"[:axes], *(f"v{axis}" for axis in "xyz"[:axes])]
    path.write_text(",".join(names) + "\n" + "".join(",".join(repr(float(number)) for number in row) + "\n" for row in rows))
    return path


def positions(path):
    with h5py.File(path) as file:
        return file["particles/trajectory/position/value"][()]


def start(file, lengths, boundary="periodic", law="soft-disc"):
    return ["run", "--law.name", law, "--particles.source", "file", "--particles.file", file, "--box.lengths", lengths,
            "--box.boundary", boundary, "--run.quiet"]


@pytest.mark.parametrize("precision", ["double", "mixed"])
def test_places_of_any_image_give_one_run(tmp_path, precision):
    """Periods along any axis, a rounding outside included, change nothing, on any ranks."""
    rows = np.array([[0.5, 1, 9.75, 3, 0, 1], [5, 0, 5, -2, 1, 0], [9.5, 8, 0.25, 0, -4, 2]])
    images = rows.copy()
    images[:, :3] += 10 * np.array([[-3, 1, 0], [2, -1, 7], [-1, 100, -1]])
    found = []
    for name, some, ranks in [("inside", rows, None), ("images", images, None), ("two", images, 2)]:
        path = tmp_path / f"{name}.h5md"
        run_well(*start(table(tmp_path / f"{name}.csv", some), 10, law="attraction"), "--time.step", 1e-2, "--time.steps", 50,
                 "--output.file", path, "--run.precision", precision, ranks=ranks)
        found.append(positions(path))
    np.testing.assert_array_equal(found[0][0], rows[:, :3])
    assert found[0].tobytes() == found[1].tobytes() == found[2].tobytes()


@pytest.mark.parametrize("place, length, right", [(-1e-17, 10, 0), (10.099999999999998, 10.1, 10.099999999999998), (10, 10, 0), (-3, 10, 7)])
def test_a_rounding_outside_of_a_periodic_box_is_inside(tmp_path, place, length, right):
    path = tmp_path / "run.h5md"
    run_well(*start(table(tmp_path / "in.csv", [(place, 5, 0, 0)]), f"{length},{length}"), "--time.step", 0.01, "--time.steps", 1,
             "--output.file", path)
    x = positions(path)[0, 0, 0]
    assert 0 <= x < length and min(abs(x - right), length - abs(x - right)) < 1e-13


@pytest.mark.parametrize("boundary", ["periodic", "reflect", "open"])
@pytest.mark.parametrize("precision", ["double", "single"])
def test_what_a_run_writes_can_be_gone_on_from(tmp_path, boundary, precision):
    rows = [(10.09999999, 5, 0, 0), (0, 10.09999999, 0, 0), (5, 5, 3, -4), (2, 8, -30, 1)]
    first, second = tmp_path / "first.h5md", tmp_path / "second.h5md"
    common = ["--time.step", 0.01, "--time.steps", 500, "--output.precision", precision]
    run_well(*start(table(tmp_path / "in.csv", rows), "10.1,10.1", boundary), *common, "--output.file", first)
    written = positions(first)
    if boundary == "periodic":
        assert (written[:, :, :2] >= 0).all() and (written[:, :, :2] < 10.1).all()
    elif boundary == "open":
        assert written[-1, 3, 0] < -140
    run_well(*start(first, "10.1,10.1", boundary), *common, "--output.file", second)
    taken = positions(second)[0]
    np.testing.assert_allclose(taken, written[-1], rtol=0 if precision == "double" else 1e-6, atol=0 if precision == "double" else 1e-6)


def test_places_that_no_run_could_have_are_refused_with_numbers(tmp_path):
    common = ["--time.step", 0.01, "--time.steps", 1, "--output.file", tmp_path / "run.h5md"]
    for place, boundary, said in [(1e17, "periodic", "1e+16 periods of 10 away"), (5000, "open", "range of 4096"), (10.001, "reflect", "outside of the box of length 10")]:
        file = table(tmp_path / "in.csv", [(1, 1, 0, 0), (place, 5, 0, 0)])
        result = run(*start(file, "10,10", boundary), *common, "--output.overwrite", ranks=2)
        assert result.returncode == 65 and "particle 1 begins at" in result.stderr and said in result.stderr, result.stderr

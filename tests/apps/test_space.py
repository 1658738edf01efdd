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


def without_box(file, **settings):
    """A run from a file that sets no box."""
    return ["run", "--law.name", settings.get("law", "soft-disc"), "--particles.source", "file", "--particles.file", file, "--run.quiet",
            "--time.step", 0.01, "--time.steps", 20]


@pytest.mark.parametrize("boundary", ["periodic", "reflect", "open", "periodic,reflect", "open,periodic"])
def test_the_box_is_that_of_the_file(tmp_path, boundary):
    """With nothing but the file, a run has its lengths, its axes and what their ends do, on any ranks, and so has the next one."""
    file = table(tmp_path / "in.csv", [(1, 2, 9, 4), (8.5, 5, -3, -30)])
    first, second, third, same = (tmp_path / f"{name}.h5md" for name in ("first", "second", "third", "same"))
    run_well(*start(file, "10.1,7.3", boundary), "--time.step", 0.01, "--time.steps", 10, "--output.file", first)
    run_well(*without_box(first), "--output.file", second, ranks=2)
    run_well(*without_box(first), "--box.lengths", "10.1,7.3", "--box.boundary", boundary, "--output.file", same)
    assert positions(second).tobytes() == positions(same).tobytes()
    run_well(*without_box(second), "--output.file", third)
    with h5py.File(first) as a, h5py.File(third) as b:
        box, last = a["particles/trajectory/box"], b["particles/trajectory/box"]
        assert list(box.attrs["ends"]) == list(last.attrs["ends"]) == [name.encode() for name in (boundary.split(",") * 2)[:2]]
        np.testing.assert_array_equal(box["edges/value"][0], last["edges/value"][0])
    assert "box.lengths" not in run_well(*without_box(first), "--output.file", tmp_path / "dry.h5md", "--run.dry-run").stderr


@pytest.mark.parametrize("ranks", [None, 2])
@pytest.mark.parametrize("setting, told", [(["--box.lengths", "10,7.5"], ("7.5", "7.25", "box.lengths")),
                                           (["--box.lengths", "11,7.25"], ("11", "10", "box.lengths")),
                                           (["--box.boundary", "open"], ("open", "reflect", "box.boundary")),
                                           (["--box.boundary", "periodic"], ("periodic", "reflect", "box.boundary")),
                                           (["--box.origin", "3"], ("3", "0", "box.origin"))])
def test_a_box_that_is_not_the_file_s_is_refused_unless_it_is_meant(tmp_path, setting, told, ranks):
    file = table(tmp_path / "in.csv", [(5, 5, 0, 0)])
    first, second = tmp_path / "first.h5md", tmp_path / "second.h5md"
    run_well(*start(file, "10,7.25", "reflect"), "--time.step", 0.01, "--time.steps", 10, "--output.file", first)
    common = [*without_box(first), "--output.file", second, *setting]
    for more in ([], ["--run.dry-run"]):
        result = run(*common, *more, ranks=ranks)
        assert result.returncode == 78 and all(word in result.stderr for word in (*told, "first.h5md", "box.from")), result.stderr
        assert not second.exists()
    if told[2] == "box.lengths":
        run_well(*common, "--box.from", "config", ranks=ranks)
    run_well(*common, "--box.from", "file", "--output.overwrite", ranks=ranks)
    with h5py.File(second) as b:
        np.testing.assert_array_equal(np.diag(b["particles/trajectory/box/edges/value"][0])[:2], [10, 7.25])


def foreign(path, box_boundary, edges, places, **more):
    """An H5MD file as other programs write them."""
    with h5py.File(path, "w") as file:
        file.create_group("h5md").attrs["version"] = [1, 1]
        group = file.create_group("particles/trajectory")
        box = group.create_group("box")
        box.attrs["dimension"] = 3
        box.attrs["boundary"] = np.array([name.encode() for name in box_boundary])
        for name, value in more.items():
            box.attrs[name] = value
        for name, value in (("position", np.array([places], float)), ("velocity", np.zeros((1, len(places), 3))), ("box/edges", np.array([edges], float))):
            quantity = group.require_group(name)
            quantity["value"], quantity["step"], quantity["time"] = value, [0], [0.0]
    return path


def test_boxes_of_other_programs(tmp_path):
    """Periodic ones are taken; `none` may be walls or open sides, and which has to be said; edges that slant are refused."""
    common = ["--output.file", tmp_path / "run.h5md", "--output.overwrite"]
    places = [(1, 2, 3), (-4, 15, 6)]
    upright = np.diag([10.0, 12.0, 14.0])
    run_well(*without_box(foreign(tmp_path / "p.h5md", ["periodic"] * 3, upright, places), law="attraction"), *common)
    with h5py.File(tmp_path / "run.h5md") as file:
        np.testing.assert_array_equal(np.diag(file["particles/trajectory/box/edges/value"][0]), [10, 12, 14])
        np.testing.assert_array_equal(file["particles/trajectory/position/value"][0], [(1, 2, 3), (6, 3, 6)])
    walled = without_box(foreign(tmp_path / "n.h5md", ["none"] * 3, upright, places[:1]), law="attraction")
    result = run(*walled, *common)
    assert result.returncode == 78 and "set box.boundary to reflect or open" in result.stderr, result.stderr
    for boundary in ("reflect", "open"):
        run_well(*walled, "--box.boundary", boundary, *common)
    slanted = upright + [[0, 0, 0], [1, 0, 0], [0, 0, 0]]
    result = run(*without_box(foreign(tmp_path / "s.h5md", ["periodic"] * 3, slanted, places), law="attraction"), *common)
    assert result.returncode == 78 and "not along the axes" in result.stderr, result.stderr


def test_a_box_that_nobody_tells_is_asked_for(tmp_path):
    file = table(tmp_path / "in.csv", [(1, 2, 0, 0)])
    result = run(*without_box(file), "--output.file", tmp_path / "run.h5md")
    assert result.returncode == 64 and "tells no box; set box.lengths" in result.stderr, result.stderr


@pytest.mark.parametrize("precision", ["double", "mixed"])
@pytest.mark.parametrize("boundary, origin, rows", [
    ("periodic", (-5, -3.7, 2.1), [(-4.5, 6, 2.2, 3, 0, 1), (0, 0, 5, -2, 1, 0), (4.75, -3.5, 12, 0, -4, 2)]),
    ("reflect", (-1000.3, 50, 0), [(-999, 51, 0.1, -30, -40, -1), (-991, 59.5, 9, 9, 9, 9)]),
    ("open", (-5, 1e4, -5), [(-5, 10005, 40, 3, 3, 3), (4, 10001, -5, -9, 0, 9)])])
def test_a_box_may_begin_anywhere(tmp_path, boundary, origin, rows, precision):
    """Nothing but the coordinates differs from a box that begins at 0; going on, from the file's origin, is exact, on any ranks."""
    common = ["--time.step", 1 / 128, "--time.steps", 64, "--output.every", 16, "--run.precision", precision]
    at = ["--box.origin", ",".join(map(str, origin))]
    first, second, moved = (tmp_path / f"{name}.h5md" for name in ("first", "second", "moved"))
    run_well(*start(table(tmp_path / "in.csv", rows), 10, boundary, law="attraction"), *at, *common, "--output.file", first)
    with h5py.File(first) as file:
        stored = file["particles/trajectory/box"].attrs["origin"]
        np.testing.assert_allclose(stored, origin, rtol=1e-12)
        np.testing.assert_allclose(np.diag(file["particles/trajectory/box/edges/value"][0]), 10, rtol=1e-8)
    frames = positions(first)
    if boundary != "open":
        assert (frames >= stored).all() and (frames <= stored + 10 + 1e-7).all()
    # The same places from 0 on: what the program subtracts is what NumPy does.
    shifted = [(*(np.array(row[:3]) - stored), *row[3:]) for row in rows]
    run_well(*start(table(tmp_path / "moved.csv", shifted), 10, boundary, law="attraction"), *common, "--output.file", moved)
    np.testing.assert_allclose(frames - stored, positions(moved), rtol=0, atol=1e-9 if precision == "double" else 1e-5)
    run_well(*without_box(first, law="attraction"), "--run.precision", precision, "--output.file", second, ranks=2)
    assert positions(second)[0].tobytes() == frames[-1].tobytes()
    with h5py.File(second) as file:
        assert file["particles/trajectory/box"].attrs["origin"].tobytes() == stored.tobytes()


@pytest.mark.parametrize("source", ["lattice", "random"])
def test_generated_particles_fill_a_box_that_begins_anywhere(tmp_path, source):
    """They begin at the same places in it, and move with the same bits."""
    particles = {"lattice": ["--particles.cells", 3, "--box.lengths", 12], "random": ["--particles.count", 50, "--box.lengths", 12, "--particles.min-distance", 1]}
    common = ["run", "--law.name", "lennard-jones", "--particles.source", source, *particles[source], "--particles.temperature", 1, "--run.quiet",
              "--time.step", 0.001, "--time.steps", 100]
    run_well(*common, "--output.file", tmp_path / "zero.h5md")
    run_well(*common, "--box.origin", -6, "--output.file", tmp_path / "centred.h5md")
    zero, centred = positions(tmp_path / "zero.h5md"), positions(tmp_path / "centred.h5md")
    np.testing.assert_array_equal(centred, zero - 6)
    assert centred.min() >= -6 and centred.max() < 6


def test_a_box_that_begins_far_away(tmp_path):
    """Coordinates stay exact up to 2^20 lengths away; beyond, the box is refused."""
    file = table(tmp_path / "in.csv", [(1e6 + 2.5, -1e6 + 3, 1, -2)])
    path = tmp_path / "run.h5md"
    run_well(*start(file, "10,10"), "--box.origin=1e6,-1e6", "--time.step", 1 / 128, "--time.steps", 512, "--output.file", path)
    np.testing.assert_array_equal(positions(path)[1, 0, :2], [1e6 + 6.5, -1e6 + 5])
    result = run(*start(file, "10,10"), "--box.origin", 1e8, "--time.step", 0.01, "--time.steps", 1, "--output.file", tmp_path / "far.h5md")
    assert result.returncode == 64 and "box.origin 1e+08" in result.stderr and "2^20" in result.stderr, result.stderr
    result = run(*start(file, "10,10", "reflect"), "--time.step", 0.01, "--time.steps", 1, "--output.file", tmp_path / "out.h5md")
    assert result.returncode == 65 and "begins at 1000002.5" in result.stderr, result.stderr


def test_angular_momentum_is_about_the_origin_of_coordinates(tmp_path):
    file = table(tmp_path / "in.csv", [(3, 4, 0, 1)])
    for number, origin in enumerate((0, -7.5)):
        path = tmp_path / f"{number}.h5md"
        run_well(*start(file, "10,10", "open"), "--box.origin", origin, "--time.step", 0.01, "--time.steps", 1, "--output.file", path)
        with h5py.File(path) as opened:
            assert opened["diagnostics/angular_momentum"][0] == pytest.approx(3, rel=1e-12)


def named_table(path, rows):
    """A particle file in space with ids."""
    path.write_text("id,x,y,z,vx,vy,vz\n" + "".join(",".join(map(str, row)) + "\n" for row in rows))
    return path


@pytest.mark.parametrize("ranks", [None, 2, 3])
@pytest.mark.parametrize("law", ["soft-disc", "attraction", "lennard-jones"])
@pytest.mark.parametrize("precision, lattice", [("double", 0), ("mixed", 5)])
def test_two_particles_at_one_place_are_named_before_the_first_step(tmp_path, law, ranks, precision, lattice):
    """Through a period as well, for laws without a force there and for those whose force has no bound."""
    others = [(100 + i, 1.5 + 2 * (i % lattice), 1.5 + 2 * (i // lattice % lattice), 1.5 + 2 * (i // lattice**2), 0, 0, 0) for i in range(lattice**3)]
    for second in ((12, 3, 0.25, 7), (12, 3, 20.25, -5)):
        rows = [*others, (40, 3, 0.25, 7, 0, 0, 0), (second[0], *second[1:], 1, 0, 0), (7, 6, 6, 6.5, 0, 0, 0)]
        result = run("run", "--law.name", law, "--particles.source", "file", "--particles.file", named_table(tmp_path / "in.csv", rows),
                     "--box.lengths", "14,20,12", "--time.step", 0.001, "--time.steps", 10, "--run.precision", precision,
                     "--output.file", tmp_path / "run.h5md", ranks=ranks)
        assert result.returncode == 65, result.stderr
        assert "particle 12 begins at (3, 0.25, 7), exactly where particle 40 is" in result.stderr, result.stderr
        assert not (tmp_path / "run.h5md").exists()


@pytest.mark.parametrize("ranks", [None, 2, 3])
def test_two_that_come_too_near_are_both_named(tmp_path, ranks):
    for far in (5.01, 19.99):
        rows = [(12, 5 if far < 10 else 0.01, 5, 5, 0, 0, 0), (40, far, 5, 5, 0, 0, 0), (7, 1, 1, 1, 0, 0, 0), (9, 15, 15, 15, 0, 0, 0)]
        result = run("run", "--law.name", "lennard-jones", "--particles.source", "file", "--particles.file", named_table(tmp_path / "in.csv", rows),
                     "--box.lengths", 20, "--time.step", 0.001, "--time.steps", 10, "--output.file", tmp_path / "run.h5md", ranks=ranks)
        assert result.returncode == 1 and " comes within 0.0" in result.stderr, result.stderr
        assert "particle 12 at " in result.stderr and "of particle 40 in step 0" in result.stderr or \
               "particle 40 at " in result.stderr and "of particle 12 in step 0" in result.stderr, result.stderr

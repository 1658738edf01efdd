"""Start files as spreadsheets, pandas and other programs write them."""

import gzip

import h5py
import numpy as np
import pytest

from orrery_program import run, run_well

PLACES = np.array([[0.5, 1.25, 2.0], [3.5, 1.0, 0.75], [2.0, 4.5, 3.25]])
SPEEDS = np.array([[0.5, -0.25, 0.125], [0.0, 1.0, -1.0], [-0.5, 0.0, 0.25]])
PAIRS = ["--law.name", "lennard-jones", "--box.lengths", 6, "--time.step", 1e-6, "--time.steps", 1, "--run.quiet"]


def start(path, *settings, text=None, code=0, ranks=None):
    """Runs a pair law from a file with some text; the message, or positions and velocities of the first frame."""
    if text is not None:
        data = text if isinstance(text, bytes) else text.encode()
        path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    output = path.parent / "out.h5md"
    output.unlink(missing_ok=True)
    result = run("run", *PAIRS, "--particles.source", "file", "--particles.file", path, "--output.file", output, *settings, ranks=ranks)
    assert result.returncode == code, result.stderr
    if code:
        assert not output.exists()
        return result.stderr
    with h5py.File(output) as file:
        group = file["particles/trajectory"]
        return group["position/value"][0], group["velocity/value"][0], group["id"][()], result.stderr


def table(separator=",", names="x y z vx vy vz".split(), rows=None, number=repr, end="\n"):
    rows = np.hstack([PLACES, SPEEDS]) if rows is None else rows
    return end.join([separator.join(names), *(separator.join(number(float(v)) for v in row) for row in rows)]) + end


def assert_known(found, speeds=SPEEDS):
    places, velocities = found[:2]
    assert np.abs(places - PLACES).max() < 1e-9 and np.abs(velocities - speeds).max() < 1e-6


@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.dat", "a.tsv", "a.CSV", "a.csv.gz", "a.dat.gz"])
@pytest.mark.parametrize("separator", [",", ";", "\t", " ", ", ", "   "])
def test_any_separator_in_any_text_file(tmp_path, name, separator):
    found = start(tmp_path / name, text=table(separator))
    assert_known(found)
    assert found[3] == ""


@pytest.mark.parametrize("text", [
    table(end="\r\n"),
    "\ufeff" + table(),
    "# by hand\n#\n" + table(),
    "# by hand\n# " + table(" "),                       # numpy.savetxt: the header is a comment
    "#" + table("\t"),
    table(",", names=['"x"', '"y"', '"z"', '"vx"', '"vy"', '"vz"'], number=lambda v: f'"{v!r}"'),
    table("\t", names=['"x"', '"y"', '"z"', '"vx"', '"vy"', '"vz"'], number=lambda v: f'"{v!r}"'),
    table(";", names=['"x"', '"y"', '"z"', '"vx"', '"vy"', '"vz"'], number=lambda v: f'"{v!r}"'),
    table(";", number=lambda v: repr(v).replace(".", ",")),  # a spreadsheet of most of Europe
    table("\t", end="\n\n# between\n"),
    table().rstrip("\n"),
])
def test_the_ways_in_which_programs_write_tables(tmp_path, text):
    assert_known(start(tmp_path / "a.csv", text=text))


def test_other_columns_are_named_in_a_note_and_not_used(tmp_path):
    names = ["", "x", "y", "z", "vx", "vy", "vz", "colour", "say \"so\", or so"]
    lines = [",".join(f'"{n.replace(chr(34), 2 * chr(34))}"' for n in names)]
    for row, (place, speed) in enumerate(zip(PLACES, SPEEDS)):
        lines.append(",".join([str(row), *map(repr, [*place.tolist(), *speed.tolist()]), '"dark, blue"', ""]))
    found = start(tmp_path / "pandas.csv", text="\n".join(lines) + "\n")
    assert_known(found)
    assert found[3].count("\n") == 1 and found[3].startswith("orrery: warning: ")
    assert "columns '', 'colour', 'say \"so\", or so' are not used" in found[3]


def test_what_pandas_writes(tmp_path):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(np.hstack([PLACES, SPEEDS]), columns="x y z vx vy vz".split())
    for name in ("a.csv", "a.csv.gz"):
        frame.to_csv(tmp_path / name)
        assert_known(start(tmp_path / name))


def test_without_velocities_particles_rest_or_get_a_temperature(tmp_path):
    text = table(names="x y z".split(), rows=PLACES)
    assert_known(start(tmp_path / "a.csv", text=text), 0 * SPEEDS)
    drawn = [start(tmp_path / "a.csv", "--particles.temperature", 2, *seed, ranks=ranks)[1]
             for seed, ranks in (((), None), ((), 3), (("--particles.seed", 7), None))]
    assert np.array_equal(drawn[0], drawn[1]) and not np.array_equal(drawn[0], drawn[2])
    assert abs((drawn[0] ** 2).sum() / 2 - 2 * (3 * 3 - 3) / 2) < 1e-6 and np.abs(drawn[0].sum(0)).max() < 1e-6
    message = start(tmp_path / "a.csv", "--particles.temperature", 2, text=table(), code=78)
    assert "particles.temperature is 2" in message and "has velocities" in message
    message = start(tmp_path / "a.csv", text="x,y,z,vx\n1,1,1,0\n", code=65)
    assert "a.csv:1: column 'v" in message and "is missing" in message


@pytest.mark.parametrize("text, place, problem", [
    ("x;y;z\n1,5;2;3\n1.5;2;3\n", ":3:", "decimal commas and points are both in the file"),
    ("x,y,z\n1,2\n", ":2:", "2 values, but the header names 3 columns"),
    ("x,y,z\n1,2,1,5\n", ":2:", "4 values, but the header names 3 columns"),
    ("x y z\n1,5 2 3\n", ":2:", "column 'x': '1,5' is not a finite number"),
    ("x,y,z\n1,\"2,3\n", ":2:", "a quote is not closed"),
    ("1,2,3\n4,5,6\n", ":1:", "column 'x' is missing"),
    ("x,y,x,z\n", ":1:", "column 'x' is duplicated"),
    ("", ":1:", "the file is empty"),
    ("x,y,z\n1,2,3\n".encode("utf-16"), ":1:", "UTF-16"),
])
def test_what_cannot_be_read_is_told_with_its_line(tmp_path, text, place, problem):
    for name in ("a.csv", "a.csv.gz"):
        message = start(tmp_path / name, text=text, code=65)
        assert f"{name}{place}" in message and problem in message, message


def test_compressed_files_that_are_none_or_are_cut(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_text(table())
    assert "not compressed" in start(path, code=65)
    noise = "\n".join("# " + np.random.default_rng(n).bytes(40).hex() for n in range(100))
    whole = gzip.compress((table() + noise).encode())
    for size in (len(whole) - 4, len(whole) // 2, 15):
        path.write_bytes(whole[:size])
        message = start(path, code=65)
        assert "ends too early" in message or "unpacked" in message, message
    path.write_bytes(whole[:60] + b"\0\0\0\0" + whole[64:])
    assert "a.csv.gz" in start(path, code=65)


def test_a_bomb_takes_no_memory(tmp_path):
    path = tmp_path / "a.csv.gz"
    with gzip.open(path, "wb", compresslevel=9) as file:
        file.write(b"x,y,z\n1,1,1\n")
        for _ in range(64):
            file.write(b"#" * (1 << 20))
    message = start(path, code=65)
    assert "longer than 16 MiB" in message


XYZ = """3
Lattice="6 0 0 0 6 0 0 0 6" Properties=species:S:1:pos:R:3:velo:R:3:id:I:1 pbc="T T T"
Ar 9 9 9 0 0 0 1
Ar 9 9 9 0 0 0 2
Ar 9 9 9 0 0 0 3
3
Properties=species:S:1:id:I:1:pos:R:3:velo:R:3 Lattice="6.0 0.0 0.0 0.0 6.0 0.0 0.0 0.0 6.0" Step=40 comment
Ar 30 2.0 4.5 3.25 -0.5 0.0 0.25
Ne 10 0.5 1.25 2.0 0.5 -0.25 0.125
Ar 20 3.5 1.0 0.75 0.0 1.0 -1.0
"""


@pytest.mark.parametrize("name", ["a.xyz", "a.extxyz", "a.xyz.gz"])
def test_the_last_frame_of_extended_xyz_in_order_of_ids(tmp_path, name):
    found = start(tmp_path / name, text=XYZ)
    assert_known(found)
    assert found[2].tolist() == [10, 20, 30]


def test_plain_xyz(tmp_path):
    rows = "\n".join(f"C {x} {y} {z}" for x, y, z in PLACES.tolist())
    found = start(tmp_path / "a.xyz", text=f"3\nany words\n{rows}\n\n")
    assert_known(found, 0 * SPEEDS)
    assert found[3] == ""
    rows = "\n".join(f"C {x} {y} {z} 7" for x, y, z in PLACES.tolist())
    assert "column '5' is not used" in start(tmp_path / "a.xyz", text=f"3\n\n{rows}\n")[3]


def species(directory):
    with h5py.File(directory / "out.h5md") as file:
        return dict(zip(file["particles/trajectory/id"][()].tolist(), file["particles/trajectory/species"][()].tolist()))


def test_species_are_numbered_as_their_names_appear_or_by_their_numbers(tmp_path):
    start(tmp_path / "a.xyz", "--particles.mass", "1,2", text=XYZ)
    assert species(tmp_path) == {30: 0, 10: 1, 20: 0}
    start(tmp_path / "a.xyz", "--particles.mass", "1,2", text=XYZ.replace("Ar ", "1 ").replace("Ne ", "0 "))
    assert species(tmp_path) == {30: 1, 10: 0, 20: 1}
    typed = XYZ.replace("species:S:1:id:I:1", "species:S:1:type:I:1:id:I:1").replace("Ar 30", "Ar 1 30").replace("Ne 10", "Ne 0 10").replace(
        "Ar 20", "Ar 0 20")
    start(tmp_path / "a.xyz", "--particles.mass", "1,2", text=typed)
    assert species(tmp_path) == {30: 1, 10: 0, 20: 0}
    message = start(tmp_path / "a.xyz", "--particles.mass", "1,2", text=XYZ.replace("Ar 20", "Kr 20"), code=65)
    assert "species 2" in message and "a.xyz:10" in message


@pytest.mark.parametrize("text, problem", [
    (XYZ[:-8], "7 values, but the frame has 8 columns"),
    ("\n".join(XYZ.split("\n")[:-2]), "the file ends after 2 of 3 particles"),
    ("three\n\n", "is not a number of particles"),
    ("", "the file is empty"),
    (XYZ.replace("velo:R:3", "velo:R:x"), "Properties"),
    (XYZ.replace("pos:R:3", "place:R:3"), "column 'x' is missing"),
    (XYZ.replace("6.0 0.0 0.0 0.0", "6.0 0.0"), "lattice has 5 numbers"),
])
def test_xyz_that_cannot_be_read_is_told_with_its_line(tmp_path, text, problem):
    message = start(tmp_path / "a.xyz", text=text, code=65)
    assert "a.xyz:" in message and problem in message


def test_z_in_the_plane_has_to_be_0(tmp_path):
    flat = ["--law.name", "rotation", "--particles.source", "file", "--time.steps", 1, "--run.quiet", "--output.overwrite", "--output.file",
            tmp_path / "out.h5md", "--particles.file"]
    (tmp_path / "a.csv").write_text("x,y,z,speed\n1,1,0,1\n2,1,0.0,1\n")
    assert run_well("run", *flat, tmp_path / "a.csv").stderr == ""
    (tmp_path / "a.xyz").write_text("1\nProperties=pos:R:3:speed:R:1\n1 1 0 2\n")
    run_well("run", *flat, tmp_path / "a.xyz")
    (tmp_path / "a.csv").write_text("x,y,z,speed\n1,1,0,1\n2,1,0.5,1\n")
    result = run("run", *flat, tmp_path / "a.csv")
    assert result.returncode == 65 and "a.csv:3: column 'z': 0.5, but particles move in the plane" in result.stderr


def test_distances_read_the_same_files(tmp_path):
    (tmp_path / "a.xyz").write_text(XYZ)
    (tmp_path / "a.dat.gz").write_bytes(gzip.compress(table(" ").encode()))
    for name in ("a.xyz", "a.dat.gz"):
        run_well("distances", tmp_path / name, "--box", "6,6,6", "--nearest", tmp_path / "n.csv", "--overwrite")
        found = sorted(float(line.split(",")[2]) for line in (tmp_path / "n.csv").read_text().splitlines()[1:])
        apart = (PLACES[:, None] - PLACES[None] + 3) % 6 - 3
        apart = np.sqrt((apart ** 2).sum(-1)) + 9 * np.eye(3)
        assert np.allclose(found, np.sort(apart.min(0)))
    run_well("distances", tmp_path / "a.xyz", "--box", "frame", "--nearest", tmp_path / "m.csv")
    run_well("distances", tmp_path / "a.xyz", "--box", "6,6,6", "--nearest", tmp_path / "n.csv", "--overwrite")
    assert (tmp_path / "m.csv").read_text() == (tmp_path / "n.csv").read_text()

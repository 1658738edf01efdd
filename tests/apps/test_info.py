"""orrery info: what it tells, held against h5py; and what it says of damaged and foreign files."""

import json
import os
import random
import signal
import subprocess
import time

import h5py
import numpy as np
import pytest
from orrery_program import PROGRAM, run, run_well

PARTICLES = "particles/trajectory"
DAMAGED = 65


def make(directory, count=3, steps=4, name="run.h5md", **settings):
    path = directory / name
    run_well("run", "--particles.count", count, "--time.step", 0.1, "--time.end", 0.1 * steps, "--output.every", 1,
             "--output.file", path, "--run.quiet", *[word for item in settings.items() for word in item], cwd=directory)
    return path


@pytest.fixture(scope="module")
def trajectory(tmp_path_factory):
    return make(tmp_path_factory.mktemp("info"), count=1000)


def info(path, *options, code=0):
    """The JSON object, after a look at the exit code."""
    result = run("info", path, "--json", *options, timeout=30)
    assert result.returncode == code, result.stdout + result.stderr
    assert result.stderr == ""
    return json.loads(result.stdout)


@pytest.mark.parametrize("count, steps", [(0, 1), (1, 0), (3, 4), (100_000, 1)])
@pytest.mark.parametrize("precision", ["double", "single"])
def test_tells_what_is_there(tmp_path, count, steps, precision):
    path = make(tmp_path, count, steps, **{"--output.precision": precision})
    told = info(path, "--verify")
    with h5py.File(path) as file:
        position = file[f"{PARTICLES}/position/value"]
        assert told["particles"] == count and told["dimensions"] == 3
        assert told["quantities"]["position"]["shape"] == list(position.shape)
        assert told["quantities"]["position"]["type"] == ("float64" if precision == "double" else "float32")
        assert told["frames"] == {"valid": steps + 1, "stored": steps + 1, "planned": steps + 1, "complete": True,
                                  "steps": [0, steps], "times": [0.0, file[f"{PARTICLES}/position/time"][-1]]}
        assert told["box"]["edges"] == file[f"{PARTICLES}/box/edges/value"][-1].tolist()
        assert told["configuration"] == file["parameters/config"][()].decode()
        assert told["parameters"]["law"] == "rotation" and told["parameters"]["ranks"] == "1"
        assert {name: series[-1] for name, series in file["diagnostics"].items() if name not in ("step", "time")} == told["diagnostics"]
        assert told["timing"]["wall_seconds"] == file["parameters/timing"].attrs["wall_seconds"]
    assert told["bytes"] == path.stat().st_size and told["problems"] == []
    per_particle = (steps + 1) * 2 * 3 * (8 if precision == "double" else 4) + 16
    assert told["verified"] == {"frames": steps + 1, "bytes": count * per_particle, "checksums": 3 * (steps + 1) + 3,
                                "problems_not_shown": 0}


def test_the_text_holds_the_same_facts(trajectory):
    text = run_well("info", trajectory, "--verify").stdout
    for fact in ["1000 in 3 dimensions", "5 of 5 planned, complete", "0 to 4", "position [3] float64 (Angstrom)",
                 "rotation, method", "ranks 1, threads per rank", "radius_mean", "  evolve", "method = auto", "all is well"]:
        assert fact in text, fact


def test_a_run_that_was_cut_short(tmp_path):
    path = make(tmp_path)
    with h5py.File(path, "r+") as file:
        file["run/valid_frames"][()] = 2
    told = info(path, "--verify")
    assert told["frames"]["valid"] == 2 and told["frames"]["complete"] is False and told["frames"]["steps"] == [0, 1]
    assert "2 of 5 planned, not complete" in run_well("info", path).stdout


@pytest.mark.parametrize("name, frame, what", [
    (f"{PARTICLES}/position/value", 2, "frame 2: position"), (f"{PARTICLES}/velocity/value", 0, "frame 0: velocity"),
    (f"{PARTICLES}/id", None, "id"), (f"{PARTICLES}/tangential_speed", None, "tangential_speed"),
    (f"{PARTICLES}/position/time", 3, "frame 3: numbers"), ("diagnostics/radius_mean", 4, "frame 4: numbers"),
    ("parameters/config", None, "config"), ("run/checksums/frames", 1, "frame 1: velocity"),
])
def test_a_single_flipped_bit_is_found(tmp_path, trajectory, name, frame, what):
    """In the last place of a number, where nothing but a checksum shows it."""
    with h5py.File(trajectory) as file:
        dataset = file[name]
        if dataset.chunks is None:
            offset = dataset.id.get_offset()
        else:
            row = () if frame is None else (frame - frame % dataset.chunks[0],) + (0,) * (dataset.ndim - 1)
            offset = dataset.id.get_chunk_info_by_coord(row or (0,) * dataset.ndim).byte_offset
            if frame is not None:
                offset += frame % dataset.chunks[0] * int(np.prod(dataset.chunks[1:])) * dataset.dtype.itemsize
        if name.endswith("checksums/frames"):
            offset += 8  # the second column
        if name.endswith("/id"):
            offset += 6  # an id that no other particle has
    damaged = tmp_path / "damaged.h5md"
    content = bytearray(trajectory.read_bytes())
    content[offset] ^= 1
    damaged.write_bytes(content)
    told = info(damaged, "--verify", code=DAMAGED)
    assert told["problems"] == [f"{what} does not have the checksum it was written with"]
    result = run("info", damaged, "--verify")
    assert result.returncode == DAMAGED and result.stderr.startswith(f"orrery: '{damaged}': {what} does not have")


def test_contents_that_make_no_sense(tmp_path):
    path = make(tmp_path, count=100)
    with h5py.File(path, "r+") as file:
        group = file[PARTICLES]
        group["position/value"][3, 77, 1] = np.inf
        group["position/step"][2] = 1
        group["position/time"][4] = np.nan
        group["id"][9] = 8
        file["diagnostics/radius_max"][1] = np.nan
        del file["run/checksums"]
    problems = info(path, "--verify", code=DAMAGED)["problems"]
    assert problems == [
        "frame 2: step 1 is not after 1", "frame 4: its time is nan", "/particles/trajectory/id: id 8 occurs twice",
        "/run/checksums is missing, which orrery writes: whether the numbers are as they were written cannot be told",
        "frame 1: /diagnostics/radius_max is not finite",
        "frame 3: /particles/trajectory/position/value has a number that is not finite in row 77"]


@pytest.mark.parametrize("type_", ["i2", "i4", "u4", "i8"])
def test_ids_of_any_size_are_told_apart(tmp_path, type_):
    path = make(tmp_path, count=100)
    ids = np.arange(100)[::-1].astype(type_)
    with h5py.File(path, "r+") as file:
        del file["run/checksums"], file[PARTICLES]["id"]
        file["h5md/creator"].attrs["name"] = "another program"
        file[PARTICLES]["id"] = ids
    assert info(path, "--verify")["problems"] == []
    with h5py.File(path, "r+") as file:
        file[PARTICLES]["id"][9] = 8
    assert info(path, "--verify", code=DAMAGED)["problems"] == ["/particles/trajectory/id: id 8 occurs twice"]


def test_many_problems_are_counted(tmp_path):
    path = make(tmp_path, steps=50)
    with h5py.File(path, "r+") as file:
        file[f"{PARTICLES}/velocity/value"][:] = np.nan
    told = info(path, "--verify", code=DAMAGED)
    assert len(told["problems"]) == 20 and told["verified"]["problems_not_shown"] == 2 * 51 - 20
    assert "and 82 more problems" in run("info", path, "--verify").stderr


@pytest.mark.parametrize("name, told", [
    (f"{PARTICLES}/position/value", "holds no particles"), (f"{PARTICLES}/position/step", "position/step is missing"),
    ("h5md", "not an H5MD trajectory"), ("diagnostics/radius_min", "radius_min has a checksum"), ("particles", "holds no particles"),
    (f"{PARTICLES}/id", "id has a checksum, but is missing"), (f"{PARTICLES}/velocity", "velocity has a checksum, but is missing"),
    ("run/checksums/constants", "checksums/constants is missing"),
])
def test_missing_datasets(tmp_path, name, told):
    path = make(tmp_path)
    with h5py.File(path, "r+") as file:
        del file[name]
    problems = info(path, "--verify", code=DAMAGED)["problems"]
    if name == "diagnostics/radius_min":  # a part of a frame's numbers
        assert all("numbers does not have the checksum" in problem for problem in problems) and len(problems) == 5
    else:
        assert told in " ".join(problems)


@pytest.mark.parametrize("name, shape", [
    (f"{PARTICLES}/position/value", (5, 9)), (f"{PARTICLES}/position/value", (5, 3, 4)), (f"{PARTICLES}/position/value", ()),
    (f"{PARTICLES}/velocity/value", (5, 2, 3)), (f"{PARTICLES}/velocity/value", (2, 3, 3)), (f"{PARTICLES}/id", (2,)),
    (f"{PARTICLES}/position/step", (5, 2)), (f"{PARTICLES}/box/edges/value", (1, 3, 3)), ("diagnostics/radius_mean", (3,)),
    ("parameters/timing", (3,)), ("run/valid_frames", (2,)), ("run/checksums/frames", (5, 2)), ("run/checksums/constants", (1,)),
])
def test_wrong_shapes(tmp_path, name, shape):
    path = make(tmp_path)
    with h5py.File(path, "r+") as file:
        attributes = dict(file[name].attrs)
        values = np.zeros(shape, dtype=file[name].dtype)
        del file[name]
        file[name] = values
        file[name].attrs.update(attributes)
    problems = info(path, "--verify", code=DAMAGED)["problems"]
    assert any(name.rsplit("/", 2)[-1] in p or name in p or "frames are complete" in p for p in problems), problems


def expect_a_message(path, *options):
    """Any outcome but a crash, a hang, or a message of more than some lines."""
    result = run("info", path, *options, timeout=90)  # longer than info waits for a library that does not come back
    assert result.returncode in (0, DAMAGED), (result.returncode, result.stdout, result.stderr)
    if result.returncode == DAMAGED:
        assert result.stderr.startswith("orrery: '") and len(result.stderr.splitlines()) <= 30
        assert "HDF5-DIAG" not in result.stderr
    return result.returncode


def test_truncated_anywhere(tmp_path, trajectory):
    content = trajectory.read_bytes()
    sizes = [*range(0, 2048, 128), *np.linspace(2048, len(content) - 1, 40).astype(int)]
    path = tmp_path / "cut.h5md"
    for size in sizes:
        path.write_bytes(content[:size])
        assert expect_a_message(path, "--verify") == DAMAGED, size


def test_flipped_bits_anywhere(tmp_path):
    """A small file, so that many of the bits are those that HDF5 goes by."""
    content = make(tmp_path, steps=2).read_bytes()
    path = tmp_path / "flipped.h5md"
    choose = random.Random(6)
    codes = []
    for _ in range(250):
        flipped = bytearray(content)
        for place in choose.sample(range(len(content)), 20):
            flipped[place] ^= 1 << choose.randrange(8)
        path.write_bytes(flipped)
        codes.append(expect_a_message(path, "--verify"))
    assert DAMAGED in codes


def test_what_is_no_trajectory(tmp_path):
    text = tmp_path / "text.h5md"
    text.write_text("x,y,speed\n")
    empty = tmp_path / "empty.h5md"
    empty.touch()
    other = tmp_path / "other.h5"
    with h5py.File(other, "w") as file:
        file["numbers"] = [1, 2]
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path, problem in [(text, "not a readable HDF5 file"), (empty, "the file is empty"), (tmp_path, "it is a directory"),
                          (tmp_path / "none", "there is no such file"), (other, "not an H5MD trajectory"),
                          (pipe, "not a regular file")]:
        result = run("info", path, timeout=10)
        assert (result.returncode, result.stdout) == (DAMAGED, "")
        assert result.stderr.startswith(f"orrery: '{path}': ") and problem in result.stderr and result.stderr.count("\n") == 1
        assert problem in info(path, code=DAMAGED)["problems"][0]


def test_a_foreign_file(tmp_path):
    """Compressed, in the plane, with H5MD's short form of steps, without times, and with a name that steers terminals."""
    path = tmp_path / "foreign.h5md"
    with h5py.File(path, "w") as file:
        file.create_group("h5md").attrs["version"] = [1, 1]
        file["h5md"].create_group("creator").attrs["name"] = "some\x1b[31mthing"
        file["h5md/creator"].attrs["version"] = "7"
        group = file.create_group("particles/all")
        group.create_dataset("position/value", data=np.arange(12, dtype="f4").reshape(3, 2, 2), compression="gzip")
        group["position/step"] = 10
        group["position/step"].attrs["offset"] = 5
        group["charge"] = [1.0, -1.0]
        group["id"] = [7, 3]
        box = group.create_group("box")
        box.attrs["boundary"] = ["periodic", "none"]
    told = info(path, "--verify")
    assert told["frames"] == {"valid": 3, "stored": 3, "planned": None, "complete": None, "steps": [5, 25]}
    assert told["box"] == {"boundary": ["periodic", "none"], "edges": None, "origin": None} and told["dimensions"] == 2
    assert set(told["columns"]) == {"charge", "id"} and told["checksums"] is False
    text = run_well("info", path).stdout
    assert "\x1b" not in text and "some?[31mthing 7" in text and "time         not told" in text


def test_writes_the_sidecar_that_the_run_would_have_written(tmp_path):
    path = make(tmp_path, count=5, **{"--output.xdmf": "on"})
    sidecar = tmp_path / "run.xdmf2"
    expected = sidecar.read_bytes()
    refused = run("info", path, "--xdmf")
    assert refused.returncode == 74 and "run.xdmf2" in refused.stderr and sidecar.read_bytes() == expected
    sidecar.unlink()
    assert f"wrote          {sidecar}" in run_well("info", path, "--xdmf").stdout
    assert sidecar.read_bytes() == expected
    sidecar.write_text("something else")
    info(path, "--xdmf", "--overwrite")
    assert sidecar.read_bytes() == expected


def test_nobody_listens(trajectory):
    """As in `orrery info FILE | head -1`."""
    process = subprocess.Popen([PROGRAM, "info", str(trajectory)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    assert process.wait(timeout=20) == 128 + signal.SIGPIPE and process.stderr.read() == b""


def test_wrong_command_lines(tmp_path):
    for words, problem in [([], "which file?"), (["a", "b"], "unexpected word 'b'"), (["a", "--verfy"], "did you mean verify?")]:
        result = run("info", *words)
        assert result.returncode == 64 and problem in result.stderr and result.stdout == ""
    assert "--verify" in run_well("info", "--help").stdout


def test_takes_no_longer_for_a_large_file(tmp_path):
    """2 GB of positions, which the file system need not store: the file has holes."""
    path = make(tmp_path, count=1)
    with h5py.File(path, "r+") as file:
        del file["run/checksums"]
        for name in ["position", "velocity"]:
            del file[f"{PARTICLES}/{name}/value"]
            values = file.create_dataset(f"{PARTICLES}/{name}/value", (5, 10_000_000, 3), "f8")
            values[4, :10] = 1.0
        for name in ["id", "tangential_speed"]:
            del file[f"{PARTICLES}/{name}"]
            file[f"{PARTICLES}/{name}"] = np.arange(10_000_000)
    seconds = []
    for _ in range(3):
        begin = time.perf_counter()
        assert info(path)["particles"] == 10_000_000
        seconds.append(time.perf_counter() - begin)
    assert min(seconds) < 0.2


def test_the_reader_is_gone_with_its_parent(tmp_path):
    """Ctrl-C, or a signal to the parent alone, leaves nothing behind."""
    path = make(tmp_path, count=100_000, steps=60)
    parent = subprocess.Popen([PROGRAM, "info", str(path), "--verify"], stdout=subprocess.DEVNULL)
    children = f"/proc/{parent.pid}/task/{parent.pid}/children"
    child = ""
    while not child and parent.poll() is None:
        with open(children, encoding="ascii") as file:
            child = file.read().strip()
    assert child, "it ended before it could be ended"
    parent.send_signal(signal.SIGTERM)
    assert parent.wait(timeout=10) == -signal.SIGTERM
    end = time.monotonic() + 10
    while os.path.exists(f"/proc/{child}") and time.monotonic() < end:
        time.sleep(0.01)
    assert not os.path.exists(f"/proc/{child}")

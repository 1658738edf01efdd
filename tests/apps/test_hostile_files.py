"""Files that were made to read other files of their reader, to crash it, to fill its memory or to keep it for ever."""

import os
import subprocess
import time
import zlib

import h5py
import numpy as np
import pytest
from orrery_program import command, run, run_well

DAMAGED = 65
TRAJECTORY = "particles/trajectory"
PLACES = np.arange(64 * 3, dtype="f8").reshape(1, 64, 3)
SECRET = "a secret of the user, as long as 64 particles".ljust(512)


def all_commands(path):
    out = path.parent / "out.h5md"
    return {"run": ["run", "--particles.source", "file", "--particles.file", path, "--law.name", "attraction", "--box.lengths", 400, "--time.step", 1e-9,
                    "--time.steps", 1, "--output.file", out, "--output.overwrite", "--run.quiet", "--run.threads", 1],
            "info": ["info", path, "--verify"], "watch": ["watch", path, "--once"],
            "distances": ["distances", path, "--nearest", path.parent / "nearest.csv", "--overwrite"]}


def start_file(path):
    """A good one, open for changes."""
    file = h5py.File(path, "w", libver=("v108", "v110"))
    file.create_group("h5md").attrs["version"] = [1, 1]
    group = file.create_group(TRAJECTORY)
    group["position/value"], group["position/step"] = PLACES, [0]
    group["velocity/value"], group["velocity/step"] = PLACES * 0, [0]
    return file, group


def external_storage(file, group, place):
    storage = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    storage.set_external(str(place / "secret.txt").encode(), 0, 512)
    h5py.h5d.create(group.id, b"mass", h5py.h5t.IEEE_F64LE, h5py.h5s.create_simple((64,)), storage)
    return f"/{TRAJECTORY}/mass keeps its numbers in other files"


def external_link(file, group, place):
    del group["velocity"]
    group["velocity"] = h5py.ExternalLink("pipe.h5", "/v")
    return f"/{TRAJECTORY}/velocity is a link to another file"


def external_link_that_nobody_asks_for(file, group, place):
    file["elsewhere/deep"] = h5py.ExternalLink(str(place / "other.h5"), "/")
    return "/elsewhere/deep is a link to another file"


def link_by_name_to_an_external_link(file, group, place):
    file["aside"] = h5py.ExternalLink("pipe.h5", "/")
    group["mass"] = h5py.SoftLink("/aside/v")
    return "/aside is a link to another file"


def virtual_data_set(file, group, place):
    del group["position/value"]
    layout = h5py.VirtualLayout((1, 64, 3), "f8")
    layout[:] = h5py.VirtualSource(str(place / "other.h5"), "p", (1, 64, 3))
    group["position"].create_virtual_dataset("value", layout)
    return f"/{TRAJECTORY}/position/value is a virtual data set"


def virtual_data_set_of_itself(file, group, place):
    del group["position/value"]
    layout = h5py.VirtualLayout((1, 64, 3), "f8")
    layout[:] = h5py.VirtualSource(".", TRAJECTORY + "/position/value", (1, 64, 3))
    group["position"].create_virtual_dataset("value", layout)
    return f"/{TRAJECTORY}/position/value is a virtual data set"


def configuration_in_another_file(file, group, place):
    storage = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    storage.set_external(str(place / "secret.txt").encode(), 0, 512)
    h5py.h5d.create(file.create_group("parameters").id, b"config", h5py.h5t.STD_I8LE, h5py.h5s.create_simple((512,)), storage)
    return "/parameters/config keeps its numbers in other files"


def more_particles_than_bytes(file, group, place):
    del group["position/value"]
    group["position"].create_dataset("value", (1, 2**50, 3), "f8", chunks=(1, 1024, 3))[0, :2] = 1.0
    return f"/{TRAJECTORY}/position/value claims 24.0 PiB of numbers"


def more_frames_than_bytes(file, group, place):
    del group["position/value"], group["position/step"]
    values = group["position"].create_dataset("value", (2**50, 64, 3), "f8", chunks=(1, 64, 3))
    values[2**50 - 1], group["position/step"] = PLACES[0], 1
    return f"/{TRAJECTORY}/position/value claims 1125899906842624 rows"


def more_steps_than_bytes(file, group, place):
    del group["position/value"], group["position/step"]
    group["position"].create_dataset("value", (2**50, 64, 3), "f8", chunks=(1, 64, 3))[0] = PLACES[0]
    group["position"].create_dataset("step", (2**50,), "i8", chunks=(1024,))
    return f"/{TRAJECTORY}/position/step claims 1125899906842624 steps"


def a_column_of_petabytes(file, group, place):
    group.create_dataset("charge", (64, 2**45), "f8", chunks=(1, 1024))
    return f"/{TRAJECTORY}/charge claims 16.0 PiB of numbers"


def chunks_of_gigabytes(file, group, place):
    del group["position/value"]
    group["position"].create_dataset("value", (1, 64, 3), "f8", maxshape=(None, None, 3), chunks=(1, 2**27, 3), compression=1)
    return f"/{TRAJECTORY}/position/value claims to have chunks of more than 1 GiB"


def a_filter_of_others(file, group, place):
    storage = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    storage.set_chunk((64,))
    storage.set_filter(32001, h5py.h5z.FLAG_OPTIONAL, (1, 2))
    h5py.h5d.create(group.id, b"mass", h5py.h5t.IEEE_F64LE, h5py.h5s.create_simple((64,)), storage)
    return f"/{TRAJECTORY}/mass is stored by filter 32001"


@pytest.mark.parametrize("spoil", [
    external_storage, external_link, external_link_that_nobody_asks_for, link_by_name_to_an_external_link, virtual_data_set,
    virtual_data_set_of_itself, configuration_in_another_file, more_particles_than_bytes, more_frames_than_bytes, more_steps_than_bytes,
    a_column_of_petabytes, chunks_of_gigabytes, a_filter_of_others])
def test_is_refused_by_every_command_with_the_path(tmp_path, spoil):
    (tmp_path / "secret.txt").write_text(SECRET)
    os.mkfifo(tmp_path / "pipe.h5")
    with h5py.File(tmp_path / "other.h5", "w") as other:
        other["p"] = PLACES
    path = tmp_path / "hostile.h5md"
    file, group = start_file(path)
    problem = spoil(file, group, tmp_path)
    file.close()
    for name, arguments in all_commands(path).items():
        result = run(*arguments, timeout=30)
        assert result.returncode == DAMAGED, (name, result.returncode, result.stdout, result.stderr)
        assert problem in result.stderr and result.stderr.count("\n") == 1, (name, result.stderr)
        assert SECRET.strip() not in result.stdout + result.stderr
    assert not (tmp_path / "out.h5md").exists() and not (tmp_path / "nearest.csv").exists()


def test_a_stream_that_unpacks_to_gigabytes_takes_no_memory_of_the_run(tmp_path):
    path = tmp_path / "hostile.h5md"
    file, group = start_file(path)
    del group["position/value"]
    values = group["position"].create_dataset("value", (1, 64, 3), "f8", chunks=(1, 64, 3), compression=1)
    packer, zeros = zlib.compressobj(1), bytes(2**24)
    values.id.write_direct_chunk((0, 0, 0), b"".join(packer.compress(zeros) for _ in range(160)) + packer.flush())
    file.close()
    for name in ("run", "distances"):
        result = run(*all_commands(path)[name], timeout=60)
        assert result.returncode == DAMAGED and "memory" in result.stderr, (name, result.stderr)


def test_links_that_lead_in_circles_are_no_harm(tmp_path):
    path = tmp_path / "circles.h5md"
    file, group = start_file(path)
    group["again"], group["all"] = group, file["/"]
    file["particles/a"], file["particles/b"] = h5py.SoftLink("/particles/b"), h5py.SoftLink("/particles/a")
    file.close()
    for name, arguments in all_commands(path).items():
        result = run(*arguments, timeout=30)
        assert result.returncode == 0, (name, result.stderr)


def test_a_trajectory_of_ours_without_checksums_is_said_to_be_one(tmp_path):
    path = tmp_path / "run.h5md"
    run_well("run", "--particles.count", 20, "--time.step", 0.1, "--time.steps", 2, "--output.file", path, "--run.quiet", "--run.threads", 1)
    with h5py.File(path, "r+") as file:
        del file["run/checksums"]
        file[f"{TRAJECTORY}/tangential_speed"][3] = 7
    verified = run("info", path, "--verify")
    assert verified.returncode == DAMAGED and "/run/checksums is missing" in verified.stderr
    begun = run("run", "--particles.source", "file", "--particles.file", path, "--time.step", 0.1, "--time.steps", 1, "--output.file",
                tmp_path / "out.h5md", "--run.quiet", "--run.threads", 1)
    assert begun.returncode == 0 and "has lost its checksums" in begun.stderr


def test_a_run_begins_from_a_file_that_another_run_writes(tmp_path):
    growing = tmp_path / "growing.h5md"
    common = ["run", "--law.name", "soft-disc", "--box.lengths", "20,20,20", "--time.step", 1e-4, "--run.quiet", "--run.threads", 1]
    arguments = [*common, "--particles.source", "random", "--particles.count", 200, "--particles.min-distance", 1, "--time.steps", 100_000_000,
                 "--output.every", 2000, "--output.file", growing]
    writer = subprocess.Popen(command(arguments), stderr=subprocess.PIPE)
    try:
        end = time.monotonic() + 30
        while not growing.exists() and time.monotonic() < end:
            time.sleep(0.05)
        time.sleep(0.5)
        for _ in range(3):
            result = run(*common, "--particles.source", "file", "--particles.file", growing, "--time.steps", 1, "--output.file",
                         tmp_path / "out.h5md", "--output.overwrite")
            assert result.returncode == 0, result.stderr
        assert writer.poll() is None, writer.stderr.read()
    finally:
        writer.kill()
        writer.wait()
    with h5py.File(tmp_path / "out.h5md") as out, h5py.File(growing) as grown:
        begun = out[f"{TRAJECTORY}/position/value"][0]
        assert any(np.array_equal(begun, frame) for frame in grown[f"{TRAJECTORY}/position/value"][:])

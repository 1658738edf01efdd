"""Readers of what a run prints may leave, as `head` does: the frames are what counts."""

import os
import subprocess
import threading

import h5py
import pytest

from orrery_program import PROGRAM, command, run_well

FRAMES = 101
RUN = ["run", "--particles.count", 100, "--time.end", "1e-2", "--time.step", "1e-5", "--output.every", 10, "--output.file", "o.h5md", "--run.threads", 1,
       "--run.progress", "on"]


def frames(directory):
    with h5py.File(directory / "o.h5md") as file:
        return int(file["run/valid_frames"][()])


@pytest.mark.parametrize("errors_too", [False, True])
@pytest.mark.parametrize("ranks", [None, 1, 2])
def test_a_run_outlives_the_reader_of_its_output(tmp_path, ranks, errors_too):
    """mpirun, too, would end the run after some lines that it could not pass on."""
    reading, writing = os.pipe()
    process = subprocess.Popen(command(RUN, ranks), cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=writing,
                               stderr=writing if errors_too else subprocess.PIPE, text=True)
    os.close(writing)
    assert os.read(reading, 6) == b"orrery"
    os.close(reading)
    _, errors = process.communicate(timeout=50)
    assert process.returncode == 0 and not errors
    assert frames(tmp_path) == FRAMES


def read_a_little(path):
    with open(path, "rb", buffering=0) as pipe:
        pipe.read(10)


@pytest.mark.parametrize("option", ["--run.log", "--run.profile"])
def test_a_run_outlives_the_reader_of_its_files(tmp_path, option):
    os.mkfifo(tmp_path / "pipe")
    reader = threading.Thread(target=read_a_little, args=(tmp_path / "pipe",), daemon=True)
    reader.start()
    run_well(*RUN, option, "pipe", cwd=tmp_path)
    reader.join(timeout=10)
    assert frames(tmp_path) == FRAMES


def test_a_full_disk_under_the_output_is_not_taken_for_a_reader_that_left(tmp_path):
    with open("/dev/full", "w") as full:
        subprocess.run([PROGRAM, *map(str, RUN)], cwd=tmp_path, stdout=full, timeout=50)
    assert frames(tmp_path) == FRAMES


def test_commands_whose_result_is_text_end_quietly(tmp_path):
    run_well(*RUN, cwd=tmp_path)
    for arguments in (["info", "o.h5md", "--json"], ["--help"], ["run", "--help"]):
        reading, writing = os.pipe()
        os.close(reading)
        process = subprocess.run([PROGRAM, *arguments], cwd=tmp_path, stdout=writing, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, timeout=50,
                                 check=False)
        os.close(writing)
        assert process.stderr == b"" and process.returncode in (-13, 141), arguments

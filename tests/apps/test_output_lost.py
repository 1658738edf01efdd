"""Output that others use, take away or damage, and a file system that fails: one whole file, or a message and exit code 74."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import h5py
import pytest
from orrery_program import PROGRAM, command, run, run_well

HERE = Path(__file__).resolve().parent
# As a user has it.
CLEAN = {name: value for name, value in os.environ.items() if name != "HDF5_USE_FILE_LOCKING"}
SHORT = ["run", "--particles.count", 40, "--rotation.method", "direct", "--time.step", "0.01", "--time.steps", 40, "--output.every", 20,
         "--run.threads", 1, "--run.quiet", "--output.file", "run.h5md"]
LONG = ["run", "--particles.count", 2000, "--rotation.method", "direct", "--time.step", "1e-5", "--time.end", 10, "--output.every", 50,
        "--run.threads", 1, "--run.quiet", "--run.log", "log", "--output.file", "out/run.h5md"]


def start(arguments, directory, ranks=None, **more):
    return subprocess.Popen(command(arguments, ranks), cwd=directory, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            text=True, env={**CLEAN, **more})


def compiled(directory, source):
    if shutil.which("gcc") is None:
        pytest.skip("there is no gcc")
    library = directory / f"{source.stem}.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True, timeout=60)
    return library


def wait_for_frames(directory, count, process):
    """Waits until the log of a run tells of some frames."""
    log = directory / "log"
    while not log.exists() or log.read_text().count('"event":"frame"') < count:
        assert process.poll() is None, process.communicate()
        time.sleep(0.005)


LOST = {
    "cut": (lambda path: os.truncate(path, 0), "it was cut from"),
    "cut a little": (lambda path: os.truncate(path, os.path.getsize(path) - 9000), "it was cut"),
    "replaced": (lambda path: (path.rename(path.with_name("other")), path.write_text("hello")), "another file was put in its place"),
    "removed": (lambda path: path.unlink(), "it was removed or renamed"),
    "directory gone": (lambda path: path.parent.rename(path.parent.with_name("moved")), "it was removed or renamed"),
    "written over": (lambda path: os.pwrite(os.open(path, os.O_WRONLY), bytes(4096), 0), "another program wrote into it"),
    "written over behind": (lambda path: os.pwrite(os.open(path, os.O_WRONLY), bytes(3000), 1000), "another program wrote into it"),
}


@pytest.mark.parametrize("name", LOST)
def test_output_that_is_lost_is_noticed(tmp_path, name):
    harm, message = LOST[name]
    (tmp_path / "out").mkdir()
    process = start(LONG, tmp_path, ranks=2 if name == "cut" else None)
    wait_for_frames(tmp_path, 5, process)
    harm(tmp_path / "out/run.h5md")
    _, errors = process.communicate(timeout=30)
    if "written" in name and process.returncode == 0:
        # The run wrote the same bytes a moment later, which mended the file.
        run_well("info", "out/run.h5md", "--verify", cwd=tmp_path)
        return
    assert process.returncode == 74, errors
    # What is noticed first is left to chance: where the file was cut, its beginning is gone too, and a write behind the end may come first.
    messages = [message, *(["another program"] if "cut" in name else [])]
    assert "out/run.h5md': " in errors and any(each in errors for each in messages) and "run again" in errors, errors
    assert json.loads((tmp_path / "log").read_text().splitlines()[-1])["exit_code"] == 74
    assert not [path for path in tmp_path.rglob("*.part")]


@pytest.mark.parametrize("ranks", [None, 2])
@pytest.mark.parametrize("overwrite", [False, True])
def test_two_runs_on_one_output_leave_one_whole_file(tmp_path, overwrite, ranks):
    """At one moment, with one log too: the one that is refused harms nothing of the other's."""
    arguments = ["run", "--particles.count", 500, "--rotation.method", "direct", "--time.step", "1e-4", "--time.end", "0.2", "--output.every", 20,
                 "--run.threads", 1, "--run.quiet", "--run.log", "log", "--output.file", "run.h5md", *(["--output.overwrite"] if overwrite else [])]
    for attempt in range(3):
        for path in tmp_path.iterdir():
            path.unlink()
        if overwrite and attempt == 2:
            run_well(*SHORT, cwd=tmp_path)
        both = [start(arguments, tmp_path, ranks) for _ in range(2)]
        errors = [process.communicate(timeout=60)[1] for process in both]
        codes = sorted(process.returncode for process in both)
        assert codes == [0, 74] or (overwrite and codes == [0, 0]), errors
        if codes == [0, 74]:
            refused = errors[[process.returncode for process in both].index(74)]
            assert "it exists" in refused or "another run is writing it" in refused, refused
        assert "verified" in run_well("info", "run.h5md", "--verify", cwd=tmp_path).stdout
        assert {path.name for path in tmp_path.iterdir()} == {"run.h5md", "log"}
        assert json.loads((tmp_path / "log").read_text().splitlines()[-1])["event"] == "end"


def test_a_second_run_leaves_the_file_of_the_first(tmp_path):
    (tmp_path / "out").mkdir()
    first = start([*LONG, "--output.overwrite"], tmp_path)
    wait_for_frames(tmp_path, 3, first)
    for more in ([], ["--run.dry-run"]):
        second = run(*SHORT[:-1], "out/run.h5md", "--output.overwrite", *more, cwd=tmp_path)
        assert second.returncode == 74 and "another run is writing it" in second.stderr, second.stderr
    wait_for_frames(tmp_path, 6, first)
    first.kill()
    first.communicate()
    with h5py.File(tmp_path / "out/run.h5md") as file:
        assert file["run/valid_frames"][()] >= 6
    run_well(*SHORT[:-1], "out/run.h5md", "--output.overwrite", cwd=tmp_path)  # a lock ends with its run


def test_a_file_that_grows_is_read_by_everybody(tmp_path):
    """In a clean shell: with h5py, MDAnalysis and `info`. A reader that is at it just when a frame is completed may have to open the file again."""
    (tmp_path / "out").mkdir()
    process = start([{50: "10000", 10: "500"}.get(word, word) for word in LONG], tmp_path)
    wait_for_frames(tmp_path, 2, process)
    readers = ["import h5py; f = h5py.File('out/run.h5md'); n = int(f['run/valid_frames'][()]); assert n > 0\n"
               "assert len(f['particles/trajectory/position/value']) >= n",
               "import warnings; warnings.simplefilter('ignore'); import MDAnalysis\n"
               "assert len(MDAnalysis.Universe.empty(2000).load_new('out/run.h5md', convert_units=False).trajectory) > 0"]
    for reader in readers:
        attempts = (subprocess.run([sys.executable, "-c", reader], cwd=tmp_path, env=CLEAN, timeout=60).returncode for _ in range(4))
        assert any(code == 0 for code in attempts), reader
    subprocess.run([PROGRAM, "info", "out/run.h5md"], cwd=tmp_path, env=CLEAN, check=True, timeout=60, stdout=subprocess.DEVNULL)
    held = h5py.File(tmp_path / "out/run.h5md")  # keeps nobody from writing
    wait_for_frames(tmp_path, 1 + (tmp_path / "log").read_text().count('"event":"frame"'), process)
    held.close()
    process.kill()
    process.communicate()


@pytest.mark.parametrize("error", ["ENOLCK", "EOPNOTSUPP", "ENOSYS"])
def test_a_file_system_without_locks_will_do(tmp_path, error):
    (tmp_path / "locks.c").write_text(f"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
int flock(int descriptor, int operation) {{ (void)descriptor; (void)operation; errno = {error}; return -1; }}
int fcntl(int descriptor, int command, ...) {{
  va_list rest; va_start(rest, command); void *argument = va_arg(rest, void *); va_end(rest);
  if (command == F_OFD_SETLK || command == F_SETLK || command == F_SETLKW) {{ errno = {error}; return -1; }}
  return ((int (*)(int, int, ...))dlsym(RTLD_NEXT, "fcntl"))(descriptor, command, argument);
}}
int fcntl64(int descriptor, int command, ...) {{
  va_list rest; va_start(rest, command); void *argument = va_arg(rest, void *); va_end(rest);
  if (command == F_OFD_SETLK || command == F_SETLK || command == F_SETLKW) {{ errno = {error}; return -1; }}
  return ((int (*)(int, int, ...))dlsym(RTLD_NEXT, "fcntl64"))(descriptor, command, argument);
}}
""")
    library = compiled(tmp_path, tmp_path / "locks.c")
    for more in ([], ["--output.overwrite"]):
        process = start([*SHORT, *more], tmp_path, LD_PRELOAD=str(library))
        assert (process.communicate(timeout=60)[1], process.returncode) == ("", 0)
    assert "3 frames" in run_well("info", "run.h5md", "--verify", cwd=tmp_path).stdout


def test_links_are_written_through_and_planted_ones_are_not(tmp_path):
    (tmp_path / "store").mkdir()
    (tmp_path / "run.h5md").symlink_to("store/real.h5md")
    run_well(*SHORT, "--output.overwrite", cwd=tmp_path)
    assert (tmp_path / "run.h5md").is_symlink() and not (tmp_path / "store/real.h5md").is_symlink()
    run_well("info", "store/real.h5md", "--verify", cwd=tmp_path)
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / "points.csv").write_text("x,y\n0,0\n1,1\n")
    for name in ("m.raw.part", "m.h5.part", "n.csv.part"):
        (tmp_path / name).symlink_to(victim)
    run_well("distances", "points.csv", "--matrix", "m.raw", "--nearest", "n.csv", cwd=tmp_path)
    run_well("distances", "points.csv", "--matrix", "m.h5", cwd=tmp_path)
    assert victim.read_text() == "precious"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_is_ended_early_leaves_nothing(tmp_path, number):
    """While its first frame is being written, an older file is still there; then it is as before."""
    run_well(*SHORT, cwd=tmp_path)
    before = (tmp_path / "run.h5md").read_bytes()
    process = start(["run", "--particles.count", "3e6", "--time.steps", 0, "--time.end", 0, "--run.quiet", "--run.profile", "profile.json",
                     "--output.file", "run.h5md", "--output.overwrite"], tmp_path)
    while not list(tmp_path.glob("run.h5md.*.part")):
        assert process.poll() is None, process.communicate()
        time.sleep(0.001)
    process.send_signal(number)
    process.communicate(timeout=30)
    assert process.returncode == -number
    assert {path.name for path in tmp_path.iterdir()} == {"run.h5md"}
    assert (tmp_path / "run.h5md").read_bytes() == before


@pytest.mark.parametrize("lasts, number, older", [(0, 5, False), (1, 28, True)])
def test_any_call_that_fails_leaves_the_frames_before_it(tmp_path, lasts, number, older):
    """Each call of the file system that concerns the output, once alone (EIO) and once as on a disk that is full from then on (ENOSPC)."""
    library = compiled(tmp_path, HERE / "failing_calls.c")
    output = tmp_path / "out"
    arguments = [*SHORT, "--output.xdmf", "--output.overwrite"]
    output.mkdir()
    run_well(*arguments, cwd=output)
    old = (output / "run.h5md").read_bytes() if older else None
    start(arguments, output, LD_PRELOAD=str(library), FAILING_COUNT=str(tmp_path / "count")).communicate(timeout=60)
    calls, frames_left, call = int((tmp_path / "count").read_text()), [], 1
    while call <= calls:
        shutil.rmtree(output)
        output.mkdir()
        if older:
            (output / "run.h5md").write_bytes(old)
        process = start(arguments, output, LD_PRELOAD=str(library), FAILING_CALL=str(call), FAILING_ERRNO=str(number), FAILING_LASTS=str(lasts),
                        FAILING_COUNT=str(tmp_path / "count"))
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 74 and os.strerror(number) in errors, (call, errors)
        assert not list(output.glob("*.part")), call
        path = output / "run.h5md"
        if not path.exists() or path.read_bytes() == old:
            assert path.exists() == older, call
            frames_left.append(0)
        else:
            with h5py.File(path) as file:
                frames_left.append(int(file["run/valid_frames"][()]))
                assert list(file["particles/trajectory/position/step"][:frames_left[-1]]) == [0, 20, 40][:frames_left[-1]], call
            assert run("info", "run.h5md", "--verify", cwd=output).returncode == 0, call
        call += 1
    assert calls > 40 and frames_left == sorted(frames_left) and set(frames_left) == {0, 1, 2, 3}, frames_left

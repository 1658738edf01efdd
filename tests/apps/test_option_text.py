"""What is given as an option comes back as it was: from a file's stored settings, from a dry run, from a sweep's configurations."""

import os

import h5py
import pytest

from orrery_program import run, run_well

NAMES = ["a #b", "a;b", "it's", '"quoted"', 'a "b" c', " blanks ", "tab\there", "line\nend", "cr\rhere", "back\\slash", "[x] = y", "\u00e9\u4e2d\u202e",
         "%d %s", "a\\nb", "=", "-x", "\x1b[31m"]


def names_in(directory):
    return sorted(os.listdir(os.fsencode(directory)))


def stored_settings(path):
    with h5py.File(path) as file:
        return file["parameters/config"][()]


def moved_to(path):
    with h5py.File(path) as file:
        return file["particles/trajectory/position/value"][0, 0, 0]


@pytest.mark.parametrize("name", NAMES)
def test_stored_settings_repeat_the_run_whatever_its_files_are_called(tmp_path, name):
    table, output = f"{name}.csv", f"{name}.h5md"
    (tmp_path / table).write_text("x,y,speed\n2,0,1\n")
    (tmp_path / "a.csv").write_text("x,y,speed\n1,0,1\n")
    given = [f"--particles.file={table}", f"--output.file={output}", "--particles.source", "file", "--time.step", "0.1", "--time.steps", "1"]
    run_well("run", *given, cwd=tmp_path)
    (tmp_path / "again.ini").write_bytes(stored_settings(tmp_path / output))
    (tmp_path / output).unlink()
    run_well("run", "again.ini", cwd=tmp_path)
    assert moved_to(tmp_path / output) == 2.0
    assert stored_settings(tmp_path / output) == (tmp_path / "again.ini").read_bytes()


def test_what_a_dry_run_prints_repeats_the_run(tmp_path):
    given = ["--output.file", "o #1 .h5md", "--run.log", ' "x" ', "--time.step", "0.1", "--time.steps", "1", "--particles.count", "2"]
    printed = run_well("run", *given, "--run.dry-run", cwd=tmp_path).stdout
    (tmp_path / "again.ini").write_text(printed.split("\norrery ")[0])
    run_well("run", "again.ini", "--run.quiet", cwd=tmp_path)
    assert names_in(tmp_path) == sorted([b"again.ini", b' "x" ', b"o #1 .h5md"])


@pytest.mark.parametrize("name", ["sw #2", "a;b", '"q"', " s ", "n\nl"])
def test_a_sweep_runs_in_a_directory_of_any_name(tmp_path, name):
    run_well("sweep", "--particles.count", "3", "--time.step", "0.1", "--time.steps", "1", "--vary", "particles.seed=1,2", f"--out={name}", cwd=tmp_path)
    assert names_in(tmp_path) == [os.fsencode(name)]
    summary = (tmp_path / name / "summary.csv").read_text().splitlines()
    assert len(summary) == 3 and all(",done," in line for line in summary[1:])


GAS = ["--law.name", "lennard-jones", "--particles.source", "random", "--particles.count", "30", "--box.lengths", "9", "--time.step", "0.001",
       "--time.steps", "3", "--run.quiet"]


def test_an_earlier_key_means_the_present_one_and_is_warned_of_once(tmp_path):
    (tmp_path / "earlier.ini").write_text("[particles]\nleast-distance = 0.9\n")
    present = run_well("run", *GAS, "--particles.min-distance", "0.9", "--output.file", "present.h5md", cwd=tmp_path)
    assert present.stderr == ""
    for name, given, place in (("file", ["earlier.ini"], "earlier.ini:2"),
                               ("line", ["--particles.least-distance", "0.9"], "option --particles.least-distance"),
                               ("both", ["earlier.ini", "--particles.least-distance=0.9"], "option --particles.least-distance")):
        done = run_well("run", *given, *GAS, "--output.file", f"{name}.h5md", cwd=tmp_path)
        assert done.stderr == f"orrery: warning: {place}: particles.least-distance is called particles.min-distance now; the earlier name is still read\n"
        assert moved_to(tmp_path / f"{name}.h5md") == moved_to(tmp_path / "present.h5md")
        settings = stored_settings(tmp_path / f"{name}.h5md").decode()
        assert "min-distance = 0.9" in settings and "least-distance" not in settings


def test_a_sweep_varies_an_option_by_its_earlier_key(tmp_path):
    done = run_well("sweep", *GAS[:-1], "--vary", "particles.least-distance=0.8,0.9", "--out", "sw", cwd=tmp_path)
    assert done.stderr.count("particles.least-distance is called particles.min-distance now") == 1
    assert "particles.min-distance" in (tmp_path / "sw" / "summary.csv").read_text().splitlines()[0]


@pytest.mark.parametrize("content, message", [
    (b'[output]\nfile = "a.h5md\n', "case.ini:2: the value"),
    (b'[output]\nfile = "a" b\n', "case.ini:2: behind the quote"),
    ("[time]\nend = 1\n".encode("utf-16"), "case.ini:1: there is a byte of value 0"),
    (b"[time]\n" + b"x" * 5000 + b"\n", "case.ini:2: 'xxx"),
])
def test_what_cannot_be_read_back_is_refused_with_its_line(tmp_path, content, message):
    (tmp_path / "case.ini").write_bytes(content)
    result = run("run", "case.ini", cwd=tmp_path)
    assert result.returncode == 78 and message in result.stderr, result.stderr
    assert len(result.stderr) < 400
    assert names_in(tmp_path) == [b"case.ini"]

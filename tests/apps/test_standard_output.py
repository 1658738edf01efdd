"""What commands print: an error where it is lost, and fit for a terminal whatever files, names and arguments hold."""

import json
import os
import subprocess

import pytest

from orrery_program import SOURCE, command, run, run_well

SMALL = ["--particles.count", "10", "--time.step", "0.1", "--time.steps", "2"]
LAUGHS = "\x1b]0;pwned\x07\u202e\u009b31m\x7f"


@pytest.fixture(scope="module")
def trajectory(tmp_path_factory):
    path = tmp_path_factory.mktemp("results") / "x.h5md"
    run_well("run", *SMALL, "--output.file", path)
    return path


def without_room(*arguments, cwd=None, redirection="> /dev/full"):
    words = command(arguments)
    return subprocess.run(["bash", "-c", f'"$@" {redirection}', "bash", *words], cwd=cwd, stderr=subprocess.PIPE, text=True, timeout=60)


@pytest.mark.parametrize("arguments", [
    ["--help"], ["--version"], ["run", "--help"], ["run", *SMALL, "--run.dry-run"], ["run", *SMALL], ["info", "{x}"], ["info", "{x}", "--json"],
    ["info", "{x}", "--verify"], ["watch", "{x}", "--once"], ["distances", "{x}", "--histogram", "5", "--max", "2"],
    ["sweep", "--vary", "time.step=0.1", "--time.steps", "1", "--dry-run"], ["sweep", *SMALL[:2], "--vary", "time.step=0.1", "--time.steps", "1"],
    ["pi", "--samples", "1000"], ["bench", "rotation", "--particles", "100", "--forms", "jump", "--repeats", "1", "--quick"],
], ids=" ".join)
@pytest.mark.parametrize("redirection", ["> /dev/full", ">&-"])
def test_results_that_cannot_be_written_are_an_error(tmp_path, trajectory, arguments, redirection):
    if redirection == ">&-" and arguments[0] == "bench":
        pytest.skip("takes long, and its results go the way of those of pi")
    result = without_room(*[word.replace("{x}", str(trajectory)) for word in arguments], cwd=tmp_path, redirection=redirection)
    assert result.returncode == 74, result.stderr
    assert "orrery: cannot write to standard output: " in result.stderr
    assert result.stderr.count("cannot write to standard output") == 1, result.stderr


def test_a_run_goes_on_where_its_table_is_lost(tmp_path):
    result = without_room("run", *SMALL, "--output.file", "a.h5md", cwd=tmp_path)
    assert result.returncode == 74 and "No space left on device" in result.stderr
    run_well("info", "a.h5md", "--verify", cwd=tmp_path)


@pytest.mark.parametrize("redirection", ["> /dev/full", ">&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_a_quiet_run_loses_nothing(tmp_path, redirection):
    assert without_room("run", *SMALL, "--output.file", "a.h5md", "--run.quiet", cwd=tmp_path, redirection=redirection).returncode == 0
    run_well("info", "a.h5md", "--verify", cwd=tmp_path)


def test_an_error_keeps_its_exit_code_where_nothing_can_be_written(tmp_path):
    assert without_room("run", "--time.end", "x", cwd=tmp_path, redirection="> /dev/full 2> /dev/full").returncode == 64


def assert_tame(*texts):
    for text in texts:
        assert not set(text) & set("\x1b\x07\u202e\u009b\x7f\r"), repr(text)


@pytest.mark.parametrize("content, arguments", [
    (f"[law]\nname = {LAUGHS}\n", ["run", "{file}"]),
    (f"[{LAUGHS}]\nname = 1\n", ["run", "{file}"]),
    (f"{LAUGHS}\n", ["run", "{file}"]),
    (f"x,y,{LAUGHS}\n1,2,3\n", ["run", "--particles.source", "file", "--particles.file", "{file}"]),
    (f"x,y,speed\n1,{LAUGHS},3\n", ["run", "--particles.source", "file", "--particles.file", "{file}"]),
    (f"x,y\n1,{LAUGHS}\n", ["distances", "{file}", "--histogram", "2", "--max", "1"]),
    ("", ["run", LAUGHS]), ("", ["run", f"--{LAUGHS}", "1"]), ("", ["run", "--law.name", LAUGHS]), ("", ["run", "-" + LAUGHS]), ("", [LAUGHS]),
    ("", ["info", LAUGHS]), ("", ["watch", LAUGHS]), ("", ["sweep", "--vary", LAUGHS]), ("", ["sweep", "--vary", f"{LAUGHS}=1,2"]),
    ("", ["pi", f"--{LAUGHS}"]), ("", ["bench", LAUGHS]), ("", ["run", "--output.file", f"none/{LAUGHS}.h5md"]),
])
def test_messages_hold_no_control_characters(tmp_path, content, arguments):
    for name in ("plain", LAUGHS):
        path = tmp_path / f"{name}.csv"
        path.write_text(content)
        result = run(*[word.replace("{file}", str(path)) for word in arguments], cwd=tmp_path)
        assert result.returncode in (64, 65, 74, 78), result.stderr
        assert_tame(result.stdout, result.stderr)


def test_a_run_and_its_log_hold_no_control_characters(tmp_path):
    name = os.fsencode(f"a{LAUGHS}") + b"\xff\x9b.h5md"
    result = subprocess.run(command(["run", *SMALL, "--run.log", "log"]) + [b"--output.file", name], cwd=tmp_path, capture_output=True, timeout=60)
    assert result.returncode == 0
    assert os.path.exists(os.path.join(os.fsencode(tmp_path), name))
    assert_tame(result.stdout.decode(), result.stderr.decode())
    assert_tame((tmp_path / "log").read_text(encoding="ascii"))
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert lines[0]["file"].startswith(f"a{LAUGHS}") and lines[-1]["event"] == "end"
    for arguments in (["info"], ["info", "--json"], ["watch", "--once"]):
        shown = subprocess.run([*command(arguments), name], cwd=tmp_path, capture_output=True, timeout=60)
        assert shown.returncode == 0
        assert_tame(shown.stdout.decode(), shown.stderr.decode())


def test_a_sweep_and_its_failures_hold_no_control_characters(tmp_path):
    (tmp_path / f"{LAUGHS}.csv").write_text("x,y,speed\n1,1,1\n")
    given = ["--particles.source", "file", "--particles.file", f"{LAUGHS}.csv", "--time.steps", "1", "--vary", "time.step=0.1,0.2", f"--out={LAUGHS}"]
    shown = run_well("sweep", *given, "--dry-run", cwd=tmp_path)
    assert_tame(shown.stdout, shown.stderr)
    shown = run_well("sweep", *given, cwd=tmp_path)
    assert_tame(shown.stdout, shown.stderr)


SCRIPTS = SOURCE / "scripts"


@pytest.mark.parametrize("arguments", [["plot", "{x}", "--output", "{out}.png"], ["plot", "--help"], ["report", "--help"], ["animate", "--help"],
                                       ["export", "--help"], ["import", "--help"]], ids=" ".join)
@pytest.mark.parametrize("redirection", ["> /dev/full", ">&-"])
def test_scripts_say_so_as_well(tmp_path, trajectory, arguments, redirection):
    words = [word.replace("{x}", str(trajectory)).replace("{out}", str(tmp_path / "p")) for word in arguments]
    result = subprocess.run(["bash", "-c", f'"$@" {redirection}', "bash", SCRIPTS / words[0], *words[1:]], stderr=subprocess.PIPE, text=True, timeout=60)
    assert result.returncode == 74, result.stderr
    assert "cannot write to standard output: " in result.stderr and "Traceback" not in result.stderr, result.stderr


def test_messages_of_scripts_hold_no_control_characters(tmp_path):
    path = tmp_path / f"{LAUGHS}.h5md"
    path.write_text(LAUGHS)
    for words in (["plot", path], ["plot", tmp_path / LAUGHS], ["plot", path, "--colour", LAUGHS], ["export", path], ["report", path], ["animate", path]):
        result = subprocess.run([SCRIPTS / words[0], *words[1:]], capture_output=True, text=True, timeout=60)
        assert result.returncode in (64, 65), result.stderr
        assert_tame(result.stdout, result.stderr)

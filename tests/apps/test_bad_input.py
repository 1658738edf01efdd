"""Wrong input: a clear message once, the documented exit code, nothing written."""

import os

import pytest

from orrery_program import run

TABLE = "x,y,speed\n0.3,0.5,1\n"

USAGE = [
    (["--tme.end", "1"], "did you mean time.end?"),
    (["--time.end", "x"], "option --time.end"),
    (["--time.end", "-1"], "it takes a number from 0"),
    (["--time.step", "0"], "a number above 0"),
    (["--time.end", "1", "--time.end=1"], "given twice"),
    (["--time.end", "0.05", "--time.step", "7e-5"], "use time.end 0.04998 or 0.05005"),
    (["--particles.count", "1.5"], "a whole number"),
    (["--particles.low", "1", "--particles.high", "-1"], "is above particles.high"),
    (["--particles.speed-low", "2"], "is above particles.speed-high"),
    (["--particles.file", "p.csv"], "has no effect while particles.source is uniform"),
    (["--particles.source", "file"], "particles.file is not set"),
    (["--particles.source", "file", "--particles.file", "p.csv", "--particles.count", "3"], "particles.count has no effect"),
    (["--rotation.centre", "1"], "two numbers"),
    (["--rotation.method", "fast"], "auto, direct, newton, jump, circle"),
    (["--law.name", "gravity"], "rotation"),
    (["--output.file", "out.h5"], ".h5md"),
    (["--output.precision", "half"], "double, single"),
    (["--run.instruction-set", "MMX"], "auto"),
    (["--run.threads", "-1"], "a whole number"),
    (["--output.file", "out.h5md", "--run.log", "./out.h5md"], "run.log is the same file"),
    (["--particles.source", "file", "--particles.file", "p.csv", "--run.log", "../{name}/p.csv"], "run.log is the same file"),
    (["one.ini", "two.ini"], "unexpected word 'two.ini'"),
    (["-n", "4"], "unknown option -n"),
]


def assert_refused(result, code, message, directory, before):
    assert result.returncode == code, (result.returncode, result.stderr)
    if message:
        assert message in result.stderr
    assert result.stderr.count("orrery: ") == 1, result.stderr
    assert "terminate called" not in result.stderr
    assert result.stdout == ""
    assert sorted(os.listdir(directory)) == before


@pytest.mark.parametrize("arguments, message", USAGE)
def test_the_command_line_is_at_fault(tmp_path, arguments, message):
    (tmp_path / "p.csv").write_text(TABLE)
    before = sorted(os.listdir(tmp_path))
    arguments = [argument.replace("{name}", tmp_path.name) for argument in arguments]
    assert_refused(run("run", *arguments, cwd=tmp_path), 64, message, tmp_path, before)


def test_two_ranks_complain_once(tmp_path):
    assert_refused(run("run", "--time.end", "x", ranks=2, cwd=tmp_path), 64, "option --time.end", tmp_path, [])


@pytest.mark.parametrize("text, message", [
    ("[time]\nende = 1\n", "case.ini:2: time.ende: unknown key; did you mean time.end?"),
    ("[time]\nend = x\n", "case.ini:2: time.end = 'x' is not valid"),
    ("[time]\nend = 1\nend = 1\n", "case.ini:3: time.end is set again"),
    ("[time]\nend = 0.05\nstep = 7e-5\n", "case.ini:2"),
    ("time = 1\n", "case.ini:1"),
    ("[time\n", "case.ini:1: a section is written [name]"),
    ("nonsense\n", "case.ini:1"),
    ("[particles]\nfile = p.csv\n", "case.ini:2: particles.file has no effect"),
])
def test_the_configuration_file_is_at_fault(tmp_path, text, message):
    (tmp_path / "case.ini").write_text(text)
    assert_refused(run("run", "case.ini", cwd=tmp_path), 78, message, tmp_path, ["case.ini"])


@pytest.mark.parametrize("text, given, code, message", [
    ("[law]\nname = lennard-jones\n[particles]\nsource = lattice\n", [], 78, "case.ini:4, case.ini:2: particles.source is lattice, but neither"),
    ("[law]\nname = lennard-jones\n[particles]\nsource = random\n", [], 78, "case.ini:4: box.lengths is auto"),
    ("[law]\nname = attraction\n", [], 78, "case.ini:2: box.lengths is auto"),
    ("[particles]\nsource = file\n", [], 78, "case.ini:2: particles.source is file but particles.file is not set"),
    ("[particles]\nsource = lattice\n", [], 78, "case.ini:2: particles.source lattice and random give no parameters"),
    ("[time]\nstep = 0.3\n", [], 78, "case.ini:2: time.end 0.1 is not a whole number of steps"),
    ("[particles]\ncount = 3\n", ["--law.name", "attraction"], 64, "option --law.name: box.lengths is auto"),
])
def test_what_is_missing_is_blamed_on_what_calls_for_it(tmp_path, text, given, code, message):
    (tmp_path / "case.ini").write_text(text)
    assert_refused(run("run", "case.ini", *given, cwd=tmp_path), code, message, tmp_path, ["case.ini"])


def test_the_configuration_file_is_missing(tmp_path):
    assert_refused(run("run", "case.ini", ranks=2, cwd=tmp_path), 78, "case.ini", tmp_path, [])


@pytest.mark.parametrize("name, value, message", [
    ("ORRERY_TIME_ENDE", "1", "did you mean ORRERY_TIME_END?"),
    ("ORRERY_TIME_END", "x", "variable ORRERY_TIME_END"),
    ("ORRERY_RUN_INSTRUCTION_SET", "MMX", "variable ORRERY_RUN_INSTRUCTION_SET"),
])
def test_a_variable_is_at_fault(tmp_path, name, value, message):
    assert_refused(run("run", cwd=tmp_path, environment={name: value}), 78, message, tmp_path, [])


@pytest.mark.parametrize("text, message", [
    ("", "p.csv:1: the file is empty"),
    ("x,y\n1,2\n", "column 'speed' is missing"),
    ("x,y,speed\n1,2,3\n1,nan,3\n", "p.csv:3: column 'y': 'nan' is not a finite number"),
    ("x,y,speed\n1,2\n", "p.csv:2: 2 values"),
    ("id,x,y,speed\n1,1,2,3\n1,1,2,3\n", "id 1 is duplicated, at line 2 and line 3"),
])
def test_the_particle_file_is_at_fault(tmp_path, text, message):
    (tmp_path / "p.csv").write_text(text)
    result = run("run", "--particles.source", "file", "--particles.file", "p.csv", ranks=3, cwd=tmp_path)
    assert_refused(result, 65, message, tmp_path, ["p.csv"])


@pytest.mark.parametrize("name", ["missing.csv", "missing.h5md", "table.text", "text.h5md", "directory.csv"])
def test_the_particle_file_cannot_be_read(tmp_path, name):
    (tmp_path / "table.text").write_text(TABLE)
    (tmp_path / "text.h5md").write_text(TABLE)
    (tmp_path / "directory.csv").mkdir()
    before = sorted(os.listdir(tmp_path))
    result = run("run", "--particles.source", "file", "--particles.file", name, ranks=2, cwd=tmp_path)
    assert_refused(result, 65, name, tmp_path, before)


def test_an_existing_file_is_kept_unless_it_may_be_replaced(tmp_path):
    (tmp_path / "out.h5md").write_text("precious")
    result = run("run", "--output.file", "out.h5md", ranks=2, cwd=tmp_path)
    assert_refused(result, 74, "it exists", tmp_path, ["out.h5md"])
    assert (tmp_path / "out.h5md").read_text() == "precious"
    assert run("run", "--output.file", "out.h5md", "--output.overwrite", cwd=tmp_path).returncode == 0


def test_bad_input_does_not_cost_the_file_that_was_to_be_replaced(tmp_path):
    (tmp_path / "out.h5md").write_text("precious")
    (tmp_path / "p.csv").write_text("x,y,speed\n1,nan,3\n")
    result = run("run", "--output.file", "out.h5md", "--output.overwrite", "--particles.source", "file", "--particles.file", "p.csv",
                 cwd=tmp_path)
    assert result.returncode == 65
    assert (tmp_path / "out.h5md").read_text() == "precious"


def test_input_is_not_overwritten_by_output(tmp_path):
    assert run("run", "--particles.count", "5", "--output.file", "a.h5md", cwd=tmp_path).returncode == 0
    size = (tmp_path / "a.h5md").stat().st_size
    result = run("run", "--particles.source", "file", "--particles.file", "a.h5md", "--output.file", "a.h5md", "--output.overwrite",
                 cwd=tmp_path)
    assert_refused(result, 64, "is the same file as particles.file", tmp_path, ["a.h5md"])
    assert (tmp_path / "a.h5md").stat().st_size == size


@pytest.mark.parametrize("option", ["--run.log", "--run.profile"])
@pytest.mark.parametrize("link", [None, os.symlink, os.link])
def test_the_configuration_is_not_replaced_by_what_a_run_writes(tmp_path, option, link):
    (tmp_path / "case.ini").write_text("[output]\nfile = out.h5md\n")
    if link is not None:
        link(tmp_path / "case.ini", tmp_path / "other")
    before = sorted(os.listdir(tmp_path))
    result = run("run", "case.ini", option, "case.ini" if link is None else "other", cwd=tmp_path)
    assert_refused(result, 64, "is the same file as the configuration file", tmp_path, before)
    assert (tmp_path / "case.ini").read_text() == "[output]\nfile = out.h5md\n"


def test_two_files_of_a_run_are_not_one_through_a_link_to_nothing(tmp_path):
    (tmp_path / "log").symlink_to("out.h5md")
    assert_refused(run("run", "--output.file", "out.h5md", "--run.log", "log", cwd=tmp_path), 64, "run.log is the same file", tmp_path, ["log"])


def test_a_configuration_that_names_itself_is_at_fault(tmp_path):
    (tmp_path / "case.ini").write_text("[run]\nlog = case.ini\n")
    assert_refused(run("run", "case.ini", cwd=tmp_path), 78, "case.ini:2: run.log is the same file", tmp_path, ["case.ini"])


def test_devices_take_any_number_of_outputs(tmp_path):
    assert run("run", "--particles.count", "2", "--time.steps", "1", "--run.log", "/dev/null", "--run.profile", "/dev/null", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("given", [["sw/case.ini"], ["--particles.source", "file", "--particles.file", "sw/p.csv"]])
def test_a_sweep_does_not_write_where_it_reads(tmp_path, given):
    (tmp_path / "sw").mkdir()
    (tmp_path / "sw" / "case.ini").write_text("[time]\nsteps = 1\n")
    (tmp_path / "sw" / "p.csv").write_text(TABLE)
    (tmp_path / "sw" / "journal").write_text("")
    result = run("sweep", *given, "--vary", "time.step=0.1,0.05", "--out", "sw", cwd=tmp_path)
    assert result.returncode == 64 and "is in its directory 'sw'" in result.stderr, result.stderr
    assert sorted(os.listdir(tmp_path / "sw")) == ["case.ini", "journal", "p.csv"]


def test_an_xdmf_file_does_not_replace_its_trajectory(tmp_path):
    assert run("run", "--particles.count", "5", "--output.file", "a.h5md", cwd=tmp_path).returncode == 0
    content = (tmp_path / "a.h5md").read_bytes()
    (tmp_path / "a.xdmf2").symlink_to("a.h5md")
    result = run("info", "a.h5md", "--xdmf", "--overwrite", cwd=tmp_path)
    assert result.returncode == 64 and "is the same file as the trajectory" in result.stderr, result.stderr
    assert (tmp_path / "a.h5md").read_bytes() == content


def test_the_directory_of_the_output_is_missing(tmp_path):
    result = run("run", "--output.file", "none/out.h5md", ranks=2, cwd=tmp_path)
    assert_refused(result, 74, "No such file or directory", tmp_path, [])


def test_the_directory_of_the_output_cannot_be_written(tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere; test_failure.py tries it without privileges")
    tmp_path.chmod(0o555)
    result = run("run", "--output.file", "out.h5md", cwd=tmp_path)
    tmp_path.chmod(0o755)
    assert_refused(result, 74, "Permission denied", tmp_path, [])


def test_the_disk_has_no_room_for_the_run(tmp_path):
    result = run("run", "--particles.count", "1e12", "--output.file", "out.h5md", ranks=2, cwd=tmp_path)
    assert_refused(result, 74, "are free in", tmp_path, [])


def test_the_log_cannot_be_written(tmp_path):
    result = run("run", "--run.log", "none/log", "--run.quiet", ranks=2, cwd=tmp_path)
    assert_refused(result, 74, "run.log", tmp_path, [])


@pytest.mark.parametrize("option", ["--run.log", "--run.profile"])
def test_a_dry_run_tries_the_places_of_texts(tmp_path, option):
    result = run("run", option, "none/text", "--run.dry-run", cwd=tmp_path)
    assert_refused(result, 74, option[2:], tmp_path, [])
    assert "directory 'none'" in result.stderr
    assert run("run", "--run.dry-run", option, "/dev/null", cwd=tmp_path).returncode == 0


def test_particles_that_leave_the_range_of_double_end_the_run(tmp_path):
    (tmp_path / "p.csv").write_text("id,x,y,speed\n3,1,1,1\n8,1e308,1e308,1.5e308\n")
    result = run("run", "--particles.source", "file", "--particles.file", "p.csv", "--time.step", "1", "--time.end", "10", ranks=2,
                 cwd=tmp_path)
    assert result.returncode == 1
    assert "particle 8" in result.stderr and "step 10" in result.stderr and "rank 1 of 2" in result.stderr


def test_particles_that_leave_the_range_of_single_precision_end_the_run(tmp_path):
    (tmp_path / "p.csv").write_text("id,x,y,speed\n3,1,1,1\n8,1e39,1e38,1\n")
    result = run("run", "--particles.source", "file", "--particles.file", "p.csv", "--output.precision", "single", ranks=2, cwd=tmp_path)
    assert result.returncode == 1
    assert "particle 8" in result.stderr and "step 0 " in result.stderr and "output.precision double" in result.stderr


@pytest.mark.parametrize("arguments, code", [([], 64), (["walk"], 64), (["--help"], 0), (["--version"], 0), (["run", "--help"], 0)])
def test_the_program_without_mpirun(arguments, code):
    import subprocess
    from orrery_program import PROGRAM
    result = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=20)
    assert result.returncode == code
    assert (result.stdout if code == 0 else result.stderr) != ""

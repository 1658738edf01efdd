"""scripts/profile: where time goes by function and by line, under perf and under callgrind."""

import re
import shutil
import subprocess
import sys

import pytest

from orrery_program import SOURCE

PERF_SAMPLES = """
	    1010 inner (/bin/program)
	    2020 outer (/bin/program)

	    1010 inner (/bin/program)
	    2024 outer (/bin/program)
	    9999 [unknown] ([unknown])
	    3030 far_away (/lib/else.so)

	    3f00 [unknown] (/lib/else.so)

	    2020 outer (/bin/program)
	    2020 outer (/bin/program)
"""

# Inner code costs 60 in two places, the outer function 5 of its own; names and numbers are compressed as Callgrind does it.
CALLGRIND = """# callgrind format
version: 1
creator: callgrind-3.19.0
cmd:  program argument
positions: instr line
events: Ir
summary: 65

ob=(1) /bin/program
fl=(1) a.cpp
fn=(1) void ns::inner<int>(std::function<void (int)> const&) [clone ._omp_fn.0]
0x1010 7 40
fi=(2) b.hpp
+3 * 20

fn=(2) ns::(anonymous namespace)::outer(int)
0x2020 9 5
cob=(1)
cfn=(1)
calls=1 0x1010 7
* * 60
"""


def script(name, *arguments, **keywords):
    return subprocess.run([sys.executable, SOURCE / "scripts" / name, *arguments], capture_output=True, text=True, timeout=30, **keywords)


def rows(text, heading):
    """{name: percent} below a heading."""
    section = text.split(heading)[1].strip().split("\n\n")[0]
    return {match[2]: float(match[1]) for match in re.finditer(r"^ *([0-9.]+) %  (.*?)(?:  |$)", section, re.MULTILINE)}


def test_tables_are_made_of_what_callgrind_leaves(tmp_path):
    (tmp_path / "callgrind.out").write_text(CALLGRIND)
    text = script("callgrind_tables.py", tmp_path / "callgrind.out").stdout
    assert text.startswith("program argument\n65 instructions\n")
    assert rows(text, "its own code") == {"ns::inner<int>": 92.3, "ns::(anonymous namespace)::outer": 7.7}
    assert rows(text, "with what it calls") == {"ns::inner<int>": 92.3, "ns::(anonymous namespace)::outer": 100.0}
    assert rows(text, "by line") == {"program (no line known)": 100.0}


def test_samples_of_perf_become_a_file_for_kcachegrind(tmp_path):
    result = script("perf_to_callgrind.py", "program", "argument", input=PERF_SAMPLES)
    assert result.returncode == 0, result.stderr
    assert "cmd: program argument\npositions: instr line\nevents: Samples\nsummary: 4\n" in result.stdout
    (tmp_path / "callgrind.out").write_text(result.stdout)
    text = script("callgrind_tables.py", tmp_path / "callgrind.out").stdout
    assert rows(text, "its own code") == {"inner": 50.0, "0x3f00": 25.0, "outer": 25.0}
    assert rows(text, "with what it calls") == {"outer": 75.0, "inner": 50.0, "0x3f00": 25.0}
    if shutil.which("callgrind_annotate"):
        read_by_another = subprocess.run(["callgrind_annotate", "--auto=no", tmp_path / "callgrind.out"], capture_output=True, text=True, timeout=30)
        assert read_by_another.returncode == 0 and re.search(r"^4 \(100.0%\)  PROGRAM TOTALS", read_by_another.stdout, re.MULTILINE)


def test_no_samples_are_told_of():
    result = script("perf_to_callgrind.py", "program", input="")
    assert result.returncode == 1 and "there are no samples" in result.stderr


def test_wrong_usage():
    for arguments in ([], ["--under", "gdb", "config/rotation.ini"], ["--under"], ["--help"]):
        result = subprocess.run([SOURCE / "scripts/profile", *arguments], capture_output=True, text=True, timeout=10)
        assert result.returncode == 64 and "usage: scripts/profile" in result.stderr, arguments


@pytest.mark.parametrize("tool", ["perf", "callgrind"])
def test_a_run_is_profiled_down_to_the_line(tmp_path, tool):
    if tool == "callgrind" and shutil.which("valgrind") is None:
        pytest.skip("valgrind is not installed (scripts/setup profile)")
    (tmp_path / f"smoke-{tool}.ini").write_text("[rotation]\nmethod = direct\n[particles]\ncount = 100000\n[time]\nend = 0.1\n")
    result = subprocess.run([SOURCE / "scripts/profile", "--under", tool, f"smoke-{tool}.ini"], cwd=tmp_path, capture_output=True,
                            text=True, timeout=800)
    if tool == "perf" and result.returncode == 69:
        pytest.skip(result.stderr.strip())
    assert result.returncode == 0, result.stdout + result.stderr
    if tool == "callgrind":
        assert "callgrind is slow, so 50000 particles instead of 100000" in result.stdout
    output = SOURCE / "build/profile" / f"smoke-{tool}"
    assert (output / "callgrind.out").read_text(errors="replace").startswith("# callgrind format")
    text = (output / "profile.txt").read_text()
    functions = rows(text, "its own code")
    assert max(functions, key=functions.get).split("<")[0].endswith("::step_block"), text
    lines = [line for line in rows(text, "by line") if re.match(r"lib/(laws/rotation_direct|core/vector_lanes)-inl.hpp:[0-9]+ *$", line)]
    assert len(lines) >= 3, text
    assert not (output / "trajectory.h5md").exists() and list(tmp_path.glob("*")) == [tmp_path / f"smoke-{tool}.ini"]

"""The programs of apps/examples do what docs/parallel.md shows, and its code is theirs."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from orrery_program import PROGRAM, SOURCE

PAGE = (SOURCE / "docs" / "parallel.md").read_text()
EXAMPLES = SOURCE / "apps" / "examples"
HEADERS = [*(SOURCE / "lib" / "comm").glob("*.hpp"), *(SOURCE / "lib" / "farm").glob("*.hpp")]


def transcripts():
    """What the page shows of examples in a shell: [(command, expected lines)]."""
    shown = []
    for block in re.findall(r"(?:^    .*\n)+", PAGE, re.MULTILINE):
        for line in block.splitlines():
            if line.startswith("    $ "):
                shown.append((line[6:], []))
            elif shown and block.startswith("    $ "):
                shown[-1][1].append(line[4:])
    return [(command, lines) for command, lines in shown if "example_" in command or command.startswith("rm ")]


def run_shell(command, cwd):
    """A command of the page, with the programs of this build."""
    command = command.replace("build/bin/", f"{Path(PROGRAM).parent}/").replace("mpirun", "mpirun --oversubscribe")
    return subprocess.run(["bash", "-c", command], cwd=cwd, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)


def flat(code):
    """Code without what the page may change: indentation and comments of whole lines."""
    return [line.strip() for line in code.splitlines() if line.strip() and not line.strip().startswith("//")]


def test_the_page_shows_every_example():
    for source in EXAMPLES.glob("*.cpp"):
        assert source.stem in PAGE, source.stem


def is_in_an_example(code):
    wanted = flat(code)
    sources = [flat(source.read_text()) for source in EXAMPLES.glob("*.cpp")]
    return any(lines[at:at + len(wanted)] == wanted for lines in sources for at in range(len(lines)))


def is_declared(code):
    """Whether a header declares just this, in lines that may be broken elsewhere."""
    declaration = " ".join(code.split()).removesuffix(";")
    return any(f"{declaration}{end}" in " ".join(header.read_text().split()) for header in HEADERS for end in (";", " {"))


@pytest.mark.parametrize("code", re.findall(r"```cpp\n(.*?)```", PAGE, re.DOTALL))
def test_the_code_of_the_page_is_in_an_example_or_declared_in_a_header(code):
    assert is_in_an_example(code) or is_declared(code), code


def test_the_examples_print_what_the_page_shows(tmp_path):
    assert len(transcripts()) >= 10
    for command, expected in transcripts():
        result = run_shell(command, tmp_path)
        lines = [line.rstrip() for line in result.stdout.splitlines()]
        if "..." in expected:
            for line in expected:
                assert line == "..." or line in lines, f"{command}\n{result.stdout}{result.stderr}"
        else:
            assert lines == expected, f"{command}\n{result.stdout}{result.stderr}"


def test_a_task_that_hangs_is_told_of(tmp_path):
    result = run_shell("mpirun -n 2 build/bin/example_farm_time_limit", tmp_path)
    assert result.returncode == 70
    assert re.search(r"orrery: task 2 on rank [01] hung: it has run for 1.1 s, its limit is 100.0 ms", result.stderr)
    assert os.listdir(tmp_path) == []


def test_what_a_farm_costs(tmp_path):
    """A million empty tasks: below 20 us each is what must be; on two quiet cores it was below 1."""
    result = run_shell("mpirun -n 2 build/bin/example_farm_overhead 1000000", tmp_path)
    assert result.returncode == 0, result.stderr
    assert "1000000 of 1000000 done" in result.stdout
    assert float(re.search(r"overhead ([\d.]+) us per task", result.stdout)[1]) < 20

"""The page docs/adding-a-law.md, taken at its word: its blocks go into a copy of the sources, which are built and run.

Only what the page changes is compiled. Everything else is linked from the build directory of the tested program, which holds the
same sources: no file of theirs includes one that the page adds.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from orrery_program import PROGRAM, SOURCE

PAGE = SOURCE / "docs/adding-a-law.md"
BUILD = Path(PROGRAM).parents[1]
PARTS = ["CMakeLists.txt", "apps", "config", "lib", "scripts/cmake", "tests"]
REBUILT = ["lib/laws/liborrery_laws.a", "lib/shortrange/liborrery_shortrange.a"]

# **`FILE`** or **`FILE`**, after the line `LINE`: or **`FILE`**, at the end:
BLOCK = re.compile(r"^\*\*`(?P<file>[^`\n]+)`\*\*(?P<place>[^\n]*)\n\n```\w+\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks():
    """What the page says: (file, place, text), in its order."""
    return [(found["file"], found["place"], found["text"]) for found in BLOCK.finditer(PAGE.read_text())]


def with_block(before, place, text):
    """A file's text once a block is in its place. `before` is None if there is no such file."""
    if place == "":
        assert before is None, "a new file is there already"
        return text
    if place == ", at the end:":
        return before + text
    after = re.fullmatch(r", after the line `([^`]+)`:", place)
    assert after, f"the page says where in words that are not understood: {place}"
    lines = before.splitlines(keepends=True)
    at = [number for number, line in enumerate(lines) if line.strip() == after[1]]
    assert len(at) == 1, f"{len(at)} lines are `{after[1]}`"
    return "".join(lines[:at[0] + 1]) + text + "".join(lines[at[0] + 1:])


def call(*command, cwd, timeout=200, environment=None):
    """Runs a command that must succeed; returns what it printed."""
    done = subprocess.run([*map(str, command)], cwd=cwd, timeout=timeout, text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, **(environment or {})})
    assert done.returncode == 0, f"{command}\n{done.stdout[-6000:]}"
    return done.stdout


def settings():
    """How the tested program was built, as arguments for cmake."""
    wanted = re.compile(r"CMAKE_BUILD_TYPE|CMAKE_C(XX)?_(COMPILER|FLAGS|COMPILER_LAUNCHER)|ORRERY_(CHECKS|SANITIZE)")
    cache = re.findall(r"^(\w+):\w+=(.*)$", (BUILD / "CMakeCache.txt").read_text(), re.MULTILINE)
    return [f"-D{name}={value}" for name, value in cache if wanted.fullmatch(name)]


def link(build, target):
    """Links a target in `build`; objects and libraries that are not there are those of the tested program's build."""
    command = call("ninja", "-t", "commands", target, cwd=build).splitlines()[-1]

    def found(word):
        is_input = re.fullmatch(r"[^/]\S*\.[ao]", word) and not (build / word).exists()
        return str(BUILD / word) if is_input else word

    call("sh", "-c", " ".join(map(found, command.split(" "))), cwd=build)


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """The sources with the page's blocks, and in build/ what they change."""
    tree = tmp_path_factory.mktemp("tree")
    for part in PARTS:
        copy = shutil.copytree if (SOURCE / part).is_dir() else shutil.copy
        (tree / part).parent.mkdir(parents=True, exist_ok=True)
        copy(SOURCE / part, tree / part)
    for file, place, text in blocks():
        path = tree / file
        path.write_text(with_block(path.read_text() if path.exists() else None, place, text))
    build = tree / "build"
    call("cmake", "-S", tree, "-B", build, "-G", "Ninja", "-DORRERY_BUILD_TESTS=ON", "-DORRERY_CHECK_HEADERS=OFF", *settings(),
         cwd=tree)
    (build / "bin").mkdir(exist_ok=True)
    call("ninja", *REBUILT, "tests/physics/CMakeFiles/soft_sphere_test.dir/soft_sphere.cpp.o", cwd=build)
    for target in ("orrery", "soft_sphere_test", "shortrange_test"):
        link(build, f"bin/{target}")
    return tree


def test_the_page_touches_what_it_says_and_nothing_else():
    table = re.findall(r"^\| `([^`]+)` \|", PAGE.read_text(), re.MULTILINE)
    files = [file for file, _, _ in blocks()]
    assert files == table + ["tests/physics/CMakeLists.txt"]
    changed = {file: text for file, place, text in blocks() if place}
    assert list(changed) == ["lib/laws/CMakeLists.txt", "tests/physics/CMakeLists.txt"]
    assert all(text.count("\n") == 1 for text in changed.values())  # one line each


def test_its_own_test_passes(tree):
    found = call("ctest", "-R", "SoftSphere", cwd=tree / "build")
    assert "100% tests passed, 0 tests failed out of 1" in found, found


def test_the_law_is_checked_without_being_named(tree):
    found = call(tree / "build/bin/shortrange_test", "--gtest_filter=LawCheck.FindsNothingWrongWithAnyLawOfTheTable", cwd=tree)
    assert "[  PASSED  ] 1 test." in found, found


def test_its_configuration_runs_and_its_options_are_known(tree):
    program = tree / "build/bin/orrery"
    text = call(program, "run", "config/soft-sphere.ini", "--run.dry-run", cwd=tree)
    assert re.search(r"^name = soft-sphere$", text, re.MULTILINE) and re.search(r"^sigma = 1\b", text, re.MULTILINE), text
    assert "--soft-sphere.epsilon" in call(program, "run", "--help", cwd=tree)
    found = call(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_interacting.py", "-k",
                 "configurations_run and soft-sphere", cwd=tree / "tests/apps", environment={"TESTED_ORRERY": str(program)})
    assert re.search(r"^2 passed", found, re.MULTILINE), found

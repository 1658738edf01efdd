"""A page that adds something to the sources, taken at its word: its blocks go into a copy of the sources, which are built.

Only what the page changes is compiled. Everything else is linked from the build directory of the tested program, which holds the
same sources: no file of theirs includes one that the page adds.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from orrery_program import PROGRAM, SOURCE

BUILD = Path(PROGRAM).parents[1]
PARTS = ["CMakeLists.txt", "apps", "config", "lib", "scripts/cmake", "tests"]

# **`FILE`** or **`FILE`**, after the line `LINE`: or **`FILE`**, at the end:
BLOCK = re.compile(r"^\*\*`(?P<file>[^`\n]+)`\*\*(?P<place>[^\n]*)\n\n```\w+\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page):
    """What the page says: (file, place, text), in its order."""
    return [(found["file"], found["place"], found["text"]) for found in BLOCK.finditer(page.read_text())]


def table(page):
    """The files of the page's table, in its order."""
    return re.findall(r"^\| `([^`]+)` \|", page.read_text(), re.MULTILINE)


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


def built_tree(page, tree, compiled, linked):
    """Puts the sources with the page's blocks into `tree`, and into its build/ what they change.

    compiled  targets of ninja, libraries and objects
    linked    programs, by name
    """
    for part in PARTS:
        copy = shutil.copytree if (SOURCE / part).is_dir() else shutil.copy
        (tree / part).parent.mkdir(parents=True, exist_ok=True)
        copy(SOURCE / part, tree / part)
    for file, place, text in blocks(page):
        path = tree / file
        path.write_text(with_block(path.read_text() if path.exists() else None, place, text))
    build = tree / "build"
    call("cmake", "-S", tree, "-B", build, "-G", "Ninja", "-DORRERY_BUILD_TESTS=ON", "-DORRERY_CHECK_HEADERS=OFF", *settings(),
         cwd=tree)
    (build / "bin").mkdir(exist_ok=True)
    call("ninja", *compiled, cwd=build)
    for program in linked:
        link(build, f"bin/{program}")
    return tree

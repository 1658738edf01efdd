"""The recipes of docs/post-processing.md: every block is run where its reader is installed, and prints what the page says."""

import os
import re
import shutil
import subprocess
import sys
from typing import NamedTuple

import numpy as np
import pytest

from orrery_program import PROGRAM, SOURCE
from other_readers import require_vtk_reader, vtk_python

PAGE = (SOURCE / "docs" / "post-processing.md").read_text()
# A block, what the comment above it says is done with it, and what it prints.
BLOCK = re.compile(r"(?:^<!-- ([^\n]*) -->\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Recipe(NamedTuple):
    how: str
    title: str  # of the section
    text: str
    output: str


def recipes():
    """All blocks of the page; a block that prints goes with the one above it."""
    found = []
    for block in BLOCK.finditer(PAGE):
        how, _, text = block.groups()
        title = re.findall("^#+ (.*)$", PAGE[:block.start()], re.MULTILINE)[-1]
        if how == "prints":
            found[-1] = found[-1]._replace(output=text)
        else:
            found.append(Recipe(how, title, text, ""))
    return found


def of_kind(*kinds):
    chosen = [recipe for recipe in recipes() if recipe.how in kinds]
    assert chosen
    return pytest.mark.parametrize("recipe", chosen, ids=lambda recipe: recipe.title)


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    """Where the page's first command was run: a directory like that of the clone."""
    path = tmp_path_factory.mktemp("clone")
    (path / "build" / "bin").mkdir(parents=True)
    (path / "build" / "bin" / "orrery").symlink_to(PROGRAM)
    (path / "config").symlink_to(SOURCE / "config")
    (path / "scripts").symlink_to(SOURCE / "scripts")
    for recipe in recipes():
        if recipe.how == "run: sh":
            subprocess.run(["sh", "-ec", recipe.text], cwd=path, check=True, timeout=60)
    return path


def run(recipe, directory, *interpreter):
    (directory / "recipe.py").write_text(recipe.text)
    done = subprocess.run([*interpreter, "recipe.py"], cwd=directory, capture_output=True, text=True, timeout=100,
                          env={**os.environ, "PYTHONPATH": f"{SOURCE / 'scripts'}:{os.environ.get('PYTHONPATH', '')}", "PYTHONWARNINGS": "ignore"})
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == recipe.output, done.stderr


def test_every_block_says_what_is_done_with_it():
    kinds = {recipe.how for recipe in recipes()}
    assert None not in kinds
    assert {kind for kind in kinds if not kind.startswith("not run: ")} == {
        "run: sh", "run: python", "run: pvpython", "run: pvpython with a display", "run: python with the XDMF reader of VTK"}


@of_kind("run: python")
def test_python_prints_what_the_page_says(directory, recipe):
    if "MDAnalysis" in recipe.text:
        pytest.importorskip("MDAnalysis")
    assert recipe.output
    run(recipe, directory, sys.executable)


@of_kind("run: python with the XDMF reader of VTK")
def test_vtk_prints_what_the_page_says(directory, recipe):
    require_vtk_reader()
    assert recipe.output
    run(recipe, directory, vtk_python())


def pvpython():
    if shutil.which("pvpython") is None:
        pytest.skip("ParaView is not installed (scripts/setup readers)")
    return ["pvpython"]


@of_kind("run: pvpython")
def test_paraview_prints_what_the_page_says(directory, recipe):
    assert recipe.output
    run(recipe, directory, *pvpython())


@of_kind("run: pvpython with a display")
def test_paraview_draws(directory, recipe):
    interpreter = pvpython()
    if "DISPLAY" not in os.environ:
        if shutil.which("xvfb-run") is None:
            pytest.skip("there is no display, and no xvfb-run to make one (scripts/setup readers)")
        interpreter = ["xvfb-run", "-a", *interpreter]
    run(recipe, directory, *interpreter)
    matplotlib = pytest.importorskip("matplotlib.image")
    picture = matplotlib.imread(directory / "last.png")
    assert picture.shape[:2] == (600, 600)
    picture = picture[:, 150:]  # without the axes
    height = {name: np.argwhere(picture[..., one] - picture[..., other] > 0.3)[:, 0].mean() for name, one, other in
              (("slowest", 2, 0), ("fastest", 0, 2))}  # of blue and of red, from the top
    assert 0 < height["fastest"] < height["slowest"]  # y = -0.37 and -0.49

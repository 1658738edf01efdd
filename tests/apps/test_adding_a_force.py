"""The page docs/adding-a-force.md, taken at its word: its blocks go into a copy of the sources, which are built and run."""

import re
import sys

import h5py
import pytest
from built_page import blocks, built_tree, call, table
from orrery_program import SOURCE

PAGE = SOURCE / "docs/adding-a-force.md"
COMPILED = ["lib/forces/liborrery_forces.a", "tests/physics/CMakeFiles/central_mass_test.dir/central_mass.cpp.o"]


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """The sources with the page's blocks, and in build/ what they change."""
    return built_tree(PAGE, tmp_path_factory.mktemp("tree"), COMPILED, ["orrery", "central_mass_test"])


def test_the_page_touches_what_it_says_and_nothing_else():
    files = [file for file, _, _ in blocks(PAGE)]
    assert files == table(PAGE) + ["tests/physics/CMakeLists.txt"]
    changed = {file: text for file, place, text in blocks(PAGE) if place}
    assert list(changed) == ["lib/forces/CMakeLists.txt", "tests/physics/CMakeLists.txt"]
    assert all(text.count("\n") == 1 for text in changed.values())  # one line each


def test_its_own_test_passes(tree):
    found = call("ctest", "-R", "CentralMass", cwd=tree / "build")
    assert "100% tests passed, 0 tests failed out of 1" in found, found


def test_its_configuration_runs_and_its_options_are_known(tree):
    program = tree / "build/bin/orrery"
    text = call(program, "run", "config/central-mass.ini", "--run.dry-run", cwd=tree)
    assert re.search(r"^central-mass = 4\b", text, re.MULTILINE) and re.search(r"^central-softening = 0.5\b", text, re.MULTILINE), text
    assert "--field.central-softening" in call(program, "run", "--help", cwd=tree)
    found = call(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_interacting.py", "-k",
                 "configurations_run and central-mass", cwd=tree / "tests/apps", environment={"TESTED_ORRERY": str(program)})
    assert re.search(r"^1 passed, 1 skipped", found, re.MULTILINE), found


def test_its_options_are_refused_where_they_do_not_fit(tree):
    with pytest.raises(AssertionError, match="draws particles to one place, but the box is periodic"):
        call(tree / "build/bin/orrery", "run", "config/central-mass.ini", "--box.boundary", "periodic", "--output.file", "no.h5md", cwd=tree)
    with pytest.raises(AssertionError, match="field.central-softening has no effect while field.central-mass is 0"):
        call(tree / "build/bin/orrery", "run", "config/central-mass.ini", "--field.central-mass", 0, "--field.central-softening", 1, cwd=tree)
    assert not (tree / "no.h5md").exists()


def test_it_goes_together_with_pairs_and_other_fields(tree):
    call(tree / "build/bin/orrery", "run", "config/table.ini", "--field.central-mass", 20, "--field.gravity", 0, -1, "--time.steps", 2000,
         "--output.every", 500, "--output.file", "both.h5md", cwd=tree)
    with h5py.File(tree / "both.h5md") as file:
        total, kinetic = (file[f"diagnostics/{name}"][()] for name in ("total_energy", "kinetic_energy"))
    assert abs(total - total[0]).max() < 0.02 * kinetic.max()

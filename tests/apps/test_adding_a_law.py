"""The page docs/adding-a-law.md, taken at its word: its blocks go into a copy of the sources, which are built and run."""

import re
import sys

import pytest
from built_page import blocks, built_tree, call, table
from orrery_program import SOURCE

PAGE = SOURCE / "docs/adding-a-law.md"
COMPILED = ["lib/laws/liborrery_laws.a", "lib/shortrange/liborrery_shortrange.a", "tests/physics/CMakeFiles/soft_sphere_test.dir/soft_sphere.cpp.o"]


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """The sources with the page's blocks, and in build/ what they change."""
    return built_tree(PAGE, tmp_path_factory.mktemp("tree"), COMPILED, ["orrery", "soft_sphere_test", "shortrange_test"])


def test_the_page_touches_what_it_says_and_nothing_else():
    files = [file for file, _, _ in blocks(PAGE)]
    assert files == table(PAGE) + ["tests/physics/CMakeLists.txt"]
    changed = {file: text for file, place, text in blocks(PAGE) if place}
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

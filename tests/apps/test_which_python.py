"""Scripts run from anywhere, with whatever Python the user has first."""

import os
import shutil
import subprocess
from pathlib import Path

import h5py
import pytest
from h5md_files import plain
from orrery_program import PROGRAM, SOURCE

SCRIPTS = SOURCE / "scripts"
PROGRAMS = ["plot", "animate", "report", "import", "export"]


@pytest.fixture
def trajectory(tmp_path):
    with h5py.File(tmp_path / "run.h5md", "w") as file:
        plain(file)
    return tmp_path / "run.h5md"


@pytest.fixture
def bare_python(tmp_path):
    """A Python without any package: a venv, as pyenv and conda have them."""
    subprocess.run(["/usr/bin/python3", "-c", "import venv, sys; venv.EnvBuilder(symlinks=True).create(sys.argv[1])", tmp_path / "venv"],
                   check=True, timeout=60)
    python = tmp_path / "venv/bin/python3"
    assert subprocess.run([python, "-c", "import h5py"], capture_output=True, timeout=30).returncode == 1
    return python


def run(command, cwd="/", **environment):
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=100,
                          env={"PATH": "/usr/bin:/bin", "HOME": os.environ.get("HOME", "/"), **environment})


def draws(command, trajectory, **keywords):
    picture = trajectory.with_suffix(".png")
    picture.unlink(missing_ok=True)
    done = run([*command, trajectory.name if "cwd" in keywords else trajectory], **keywords)
    assert done.returncode == 0 and done.stderr == "", done.stderr
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_from_any_directory_and_by_a_link(trajectory, tmp_path):
    draws([SCRIPTS / "plot"], trajectory)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/draw").symlink_to(os.path.relpath(SCRIPTS / "plot", tmp_path / "bin"))
    draws([tmp_path / "bin/draw"], trajectory)
    draws(["draw"], trajectory, cwd=tmp_path, PATH=f"{tmp_path}/bin:/usr/bin:/bin")
    draws([SCRIPTS / "plot"], trajectory, PYTHONSAFEPATH="1")


def test_from_an_installed_tree_that_was_moved(trajectory, tmp_path):
    subprocess.run(["cmake", "--install", Path(PROGRAM).parents[1], "--prefix", tmp_path / "first", "--component", "scripts"],
                   check=True, capture_output=True, timeout=60)
    (tmp_path / "first").rename(tmp_path / "moved")
    scripts = tmp_path / "moved/share/orrery/scripts"
    draws([scripts / "plot"], trajectory)
    done = run([scripts / "export", trajectory, "--output", tmp_path / "a.csv"])
    assert done.returncode == 0 and (tmp_path / "a.csv").read_text().startswith("id,x,y,z,vx,vy,vz\n"), done.stderr
    if (SOURCE / "build/report/page.html").exists():  # where it is not, it would take the network
        done = run([scripts / "report", trajectory, "--output", tmp_path / "a.html"])
        assert done.returncode == 0 and (tmp_path / "a.html").stat().st_size > 100_000, done.stderr


def test_with_a_python_that_lacks_packages(trajectory, bare_python):
    """It goes on in one that has them."""
    draws([bare_python, SCRIPTS / "plot"], trajectory)
    done = run([bare_python, "plot", "--frame", "0,0", trajectory], cwd=SCRIPTS, PATH=f"{bare_python.parent}:/usr/bin:/bin")
    assert done.returncode == 0, done.stderr


def test_with_packages_in_the_way(trajectory, tmp_path):
    """Of another version of Python, by PYTHONPATH."""
    (tmp_path / "broken/numpy").mkdir(parents=True)
    (tmp_path / "broken/numpy/__init__.py").write_text("raise RuntimeError('built for another Python')\n")
    draws([SCRIPTS / "plot"], trajectory, PYTHONPATH=str(tmp_path / "broken"))


@pytest.mark.parametrize("program", PROGRAMS)
def test_without_any_that_has_them_it_says_what_to_install(trajectory, tmp_path, bare_python, program):
    """Every Python of this machine is hidden by a copy of the scripts that looks for them elsewhere."""
    scripts = tmp_path / "scripts"
    shutil.copytree(SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    text = (scripts / "which_python.py").read_text()
    (scripts / "which_python.py").write_text(text.replace('["/usr/bin", "/usr/local/bin"]', "[]"))
    done = run([bare_python, scripts / program, trajectory], PATH="")
    assert done.returncode == 69 and done.stdout == ""
    assert done.stderr.startswith(f"{program}: ") and done.stderr.count("\n") == 1
    assert "python3-h5py" in done.stderr and "scripts/setup" in done.stderr and "it has no module" in done.stderr

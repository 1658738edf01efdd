"""Texts in files as programs read them that are strict about how texts end and what they are made of."""

import os
import shutil
import subprocess
import sys

import h5py
import pytest

from orrery_program import run_well

ACCENT = "d\N{LATIN SMALL LETTER E WITH ACUTE}p\N{LATIN SMALL LETTER O WITH CIRCUMFLEX}t.h5md"


@pytest.fixture(scope="module", params=["run.h5md", ACCENT], ids=["ascii", "accents"])
def trajectory(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("texts") / request.param
    run_well("run", "--particles.count", 4, "--time.steps", 3, "--output.every", 1, "--output.file", path.name, "--run.quiet", cwd=path.parent)
    return path


def fixed_texts(path):
    """(name, type, longest text in bytes) of every text of fixed length in a file."""
    found = []

    def look(name, item):
        for key, value in item.attrs.items():
            kind = h5py.h5a.open(item.id, key.encode()).get_type()
            if isinstance(kind, h5py.h5t.TypeStringID) and not kind.is_variable_str():
                texts = [value] if isinstance(value, (bytes, str)) else list(value)
                found.append((f"{name}@{key}", kind, max((bytes(text) for text in texts), key=len)))
        if isinstance(item, h5py.Dataset):
            kind = item.id.get_type()
            if isinstance(kind, h5py.h5t.TypeStringID) and not kind.is_variable_str():
                found.append((name, kind, bytes(item[()])))

    with h5py.File(path) as file:
        look("/", file)
        file.visititems(look)
    return found


def test_every_text_has_a_zero_behind_it_and_says_what_it_is(trajectory):
    texts = fixed_texts(trajectory)
    names = {name for name, *_ in texts}
    assert {"parameters/config", "parameters@command_line", "h5md/creator@name", "run/checksums/frames@of"} <= names
    for name, kind, longest in texts:
        assert kind.get_size() > len(longest), name
        if len(texts) and b"\xc3" in longest:
            assert kind.get_cset() == h5py.h5t.CSET_UTF8, name
            longest.decode()
        elif longest.isascii():
            assert kind.get_cset() == h5py.h5t.CSET_ASCII, name
    accented = {name for name, kind, _ in texts if kind.get_cset() == h5py.h5t.CSET_UTF8}
    assert accented == ({"parameters/config", "parameters@command_line"} if trajectory.name == ACCENT else set())


def test_the_configuration_is_the_text_that_it_was(trajectory):
    with h5py.File(trajectory) as file:
        text = file["parameters/config"][()].decode()
    assert text.endswith("\n") and "\0" not in text and f"file = {trajectory.name}" in text
    run_well("info", "--verify", trajectory)


def test_netcdf_reads_the_configuration(trajectory):
    pytest.importorskip("netCDF4", reason="no netCDF4 for Python (Debian: python3-netcdf4)")
    script = ("import sys, netCDF4\n"
              "for _ in range(20):\n"
              "    with netCDF4.Dataset(sys.argv[1]) as file: text = file['parameters'].variables['config'][...]\n"
              "sys.stdout.reconfigure(encoding='utf-8')\n"
              "print(text, end='')\n")
    done = subprocess.run([sys.executable, "-c", script, trajectory], capture_output=True, timeout=60,
                          env={**os.environ, "MALLOC_PERTURB_": "90"})  # so that it cannot be right by chance
    assert done.returncode == 0, done.stderr
    with h5py.File(trajectory) as file:
        assert done.stdout == file["parameters/config"][()]


def test_octave_reads_particles_and_all(trajectory):
    if shutil.which("octave-cli") is None:
        pytest.skip("no Octave (Debian: octave)")
    if trajectory.name == ACCENT:
        pytest.skip("Octave reads no text in UTF-8")
    script = f"x = load('-hdf5', '{trajectory}'); disp(size(x.particles.trajectory.position.value)); disp(isfield(x, 'run'))"
    done = subprocess.run(["octave-cli", "--norc", "-q", "--eval", script], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["3", "4", "4", "1"], done.stdout + done.stderr

"""The Python package against the table of H5MD files as other programs lay them out, and against files that name other files."""

import io
import json
import os
import subprocess
import sys

import h5py
import numpy as np
import pytest
from h5md_files import FILES, LENGTHS, STEPS, element, head, places, plain, speeds, write
from orrery_program import SOURCE, run_well

sys.path.insert(0, str(SOURCE / "scripts"))

import orrery
from orrery import colouring
from orrery.drawing.picture import Subject, draw_picture, style_for
from orrery.exporting import write_csv, write_xyz
from orrery.page.colours import choices_of
from orrery.page.contents import contents_of
from orrery.page.packing import pack, survey
from orrery.page.sample import sample_of

AXES = ("length", "time", "velocity")


def at_step(told, step):
    """What a table entry has at a step: it is stored once, or by step."""
    return told.get(int(step)) if isinstance(told, dict) else told


def clean(environment=None):
    """The environment of a clean shell."""
    return {key: value for key, value in os.environ.items() if not key.startswith(("HDF5_", "OMP_"))} | (environment or {})


@pytest.mark.parametrize("name", FILES)
def test_reads_what_the_table_says(tmp_path, name):
    path, expected = write(name, tmp_path), FILES[name].expected
    if name == "an-id-too-large":
        with pytest.raises(orrery.DataError, match=r"particles/trajectory/id has the id 9223372036854775813"):
            orrery.open(path)
        return
    if expected.groups:
        with pytest.raises(orrery.DataError, match=", ".join(expected.groups)):
            orrery.open(path)
    with orrery.open(path, expected.group if expected.groups else None) as run:
        assert run.group == f"/particles/{expected.group}"
        steps = [0] if expected.steps is None else expected.steps
        np.testing.assert_array_equal(run.steps, steps)
        np.testing.assert_array_equal(run.times, steps if expected.times is None else expected.times)
        assert len(run) == len(expected.positions)
        for word in AXES:
            if word in expected.units:
                assert getattr(run.units, word) == expected.units[word]
        if expected.times is None and expected.steps is not None:
            assert run.units.time == "steps"
        if expected.boundary is not None:
            assert run.box.boundary == expected.boundary
        if expected.box is not None:
            np.testing.assert_array_equal(run[-1].edges, np.diag(expected.box))
        elif name == "no-box":
            assert run[-1].edges is None and run.box.boundary == ("none",) * 3
        else:
            np.testing.assert_array_equal(run[-1].edges, np.diag(LENGTHS) + [[0, 0, 0], [2, 0, 0], [0, 0, 0]])
        np.testing.assert_array_equal(run[-1].origin, expected.origin or np.zeros(run.dimensions))
        for frame, positions in zip(run, expected.positions):
            ids = at_step(expected.ids, frame.step) if expected.ids is not None else np.arange(run.particles)
            order = np.argsort(ids) if isinstance(expected.ids, dict) else np.arange(run.particles)
            np.testing.assert_array_equal(run.ids, np.asarray(ids)[order])
            assert frame.position.dtype.kind == "f"
            np.testing.assert_array_equal(frame.position, positions[order])
            np.testing.assert_array_equal(frame.position_of([2, 0]), positions[order][[2, 0]])
            for quantity, told in (("velocity", expected.velocities), ("species", expected.species), ("mass", expected.masses),
                                   ("image", expected.images)):
                values = at_step(told, frame.step)
                assert (quantity in (*frame.quantities, *run.columns)) == (values is not None)
                if values is None:
                    with pytest.raises(KeyError):
                        frame[quantity]
                else:
                    np.testing.assert_array_equal(frame[quantity], np.asarray(values)[order])
        np.testing.assert_array_equal(run.series("position", [1]), [frame.position[[1]] for frame in run])


@pytest.mark.parametrize("name", [name for name in FILES if name != "an-id-too-large"])
def test_the_program_and_the_package_understand_the_same(tmp_path, name):
    """What `orrery info` says of every file is what the package finds in it."""
    path, groups = write(name, tmp_path), FILES[name].expected.groups
    told = json.loads(run_well("info", path, "--json", *(("--group", groups[0]) if groups else ())).stdout)
    with orrery.open(path, groups[0] if groups else None) as run:
        assert (told["frames"]["valid"], told["particles"], told["dimensions"]) == (len(run), run.particles, run.dimensions)
        edges = run[-1].edges
        assert told["box"]["edges"] == (None if edges is None else edges.tolist())


@pytest.mark.parametrize("name", [name for name in FILES if name not in ("an-id-too-large", "two-groups")])
def test_every_file_is_drawn_packed_and_exported(tmp_path, name):
    """By what plot, report and export consist of."""
    with orrery.open(write(name, tmp_path)) as run:
        last = len(run) - 1
        figure = draw_picture(Subject(run, [last], None, colouring.choose(run), style_for(run.particles), None))
        figure.savefig(tmp_path / "picture.png")
        assert (tmp_path / "picture.png").stat().st_size > 10_000
        sample = sample_of(run, None, None)
        choices, left_out = choices_of(run)
        found = survey(run, sample, choices, lambda: None)
        assert sum(map(len, pack(run, sample, choices, found, 1 << 20, lambda: None))) > 0
        json.dumps(contents_of(run, sample, choices, left_out, found, [run.particles]), allow_nan=False)
        for writer in (write_csv, write_xyz):
            text = io.StringIO()
            writer(run, list(range(len(run))), text, lambda: None)
            lines = text.getvalue().splitlines()
            assert len(lines) == (1 + 4 * len(run) if writer is write_csv else 6 * len(run))


def test_what_only_some_frames_have_is_told(tmp_path):
    with orrery.open(write("gromacs", tmp_path)) as run:
        assert "velocity" not in run.quantities and "velocity" in run[0].quantities and "velocity" not in run[1].quantities
        assert run.sparse_quantities == {"velocity": "at steps 0, 20", "force": "at no step"}
        with pytest.raises(KeyError, match="no velocity at step 10, that of frame 1: it is stored at steps 0, 20"):
            run[1].velocity


def test_what_cannot_be_used_hides_nothing_and_is_told(tmp_path):
    with h5py.File(tmp_path / "a.h5md", "w") as file:
        group = plain(file)
        element(group, "charge", np.zeros((3, 7)), STEPS)
        group["torque/value"] = np.zeros((2, 4, 3))
    with orrery.open(tmp_path / "a.h5md") as run:
        assert set(run.quantities) == {"position", "velocity"} and set(run.unusable) == {"charge", "torque"}
        with pytest.raises(orrery.DataError, match="/particles/trajectory/charge/value has 7 rows for 4 particles"):
            run[0]["charge"]
        with pytest.raises(orrery.DataError, match="torque/step is missing"):
            run[0]["torque"]


def frames_of(path, steps, **storage):
    """Steps and first coordinates of the frames of a file whose row k begins with k."""
    with h5py.File(path, "w") as file:
        head(file, "test")
        group = file.create_group("particles/all")
        values = np.zeros((len(steps), 2, 3)) + np.arange(len(steps))[:, None, None]
        element(group, "position", values, steps, 0.5 * np.arange(len(steps)))
        if "fill" in storage:
            del group["position/step"]
            group["position"].create_dataset("step", data=np.asarray(steps), fillvalue=storage["fill"], chunks=(2,))
    with orrery.open(path) as run:
        return run.steps.tolist(), [frame.position[0, 0] for frame in run], run.times.tolist()


def test_rows_count_whose_steps_grow(tmp_path):
    path = tmp_path / "a.h5md"
    assert frames_of(path, [0, 10, 20]) == ([0, 10, 20], [0, 1, 2], [0, 0.5, 1])
    assert frames_of(path, [0, 10, -1, 30]) == ([0, 10, 30], [0, 1, 3], [0, 0.5, 1.5])
    assert frames_of(path, [0, 10, 5, 10, 30]) == ([0, 10, 30], [0, 1, 4], [0, 0.5, 2])
    assert frames_of(path, [0, 10, 2**63 - 1, 30]) == ([0, 10, 30], [0, 1, 3], [0, 0.5, 1.5])
    assert frames_of(path, np.array([0, 10, 2**64 - 1], "u8")) == ([0, 10], [0, 1], [0, 0.5])
    assert frames_of(path, [0.0, 10.0, np.nan]) == ([0, 10], [0, 1], [0, 0.5])
    assert frames_of(path, [0, 10, 777, 777], fill=777) == ([0, 10], [0, 1], [0, 0.5])
    assert frames_of(path, [-1, -1]) == ([], [], [])


def test_series_follow_rows_that_count(tmp_path):
    with h5py.File(tmp_path / "a.h5md", "w") as file:
        head(file, "test")
        group = file.create_group("particles/all")
        steps = [0, 10, -1, 30, 40]
        element(group, "position", places(5), steps)
        element(group, "velocity", speeds([0, 40, 30]), [0, 40, 30])
    with orrery.open(tmp_path / "a.h5md") as run:
        np.testing.assert_array_equal(run.series("position"), places(5)[[0, 1, 3, 4]])
        assert [("velocity" in frame.quantities) for frame in run] == [True, False, False, True]
        assert run[3].velocity[0, 0] == 40


def test_without_steps_frames_are_rows(tmp_path):
    with h5py.File(tmp_path / "a.h5md", "w") as file:
        group = plain(file)
        for name in ("position", "velocity"):
            del group[f"{name}/step"]
    with orrery.open(tmp_path / "a.h5md") as run:
        assert run.steps.tolist() == [0, 1, 2] and run.times.tolist() == [0, 5, 10]
        assert run[2].velocity[0, 0] == 20


def test_times_that_are_too_few_are_none(tmp_path):
    with h5py.File(tmp_path / "a.h5md", "w") as file:
        group = plain(file)
        del group["position/time"]
        group["position/time"] = [0.0, 5.0]
    with orrery.open(tmp_path / "a.h5md") as run:
        assert len(run) == 3 and run.times.tolist() == [0, 10, 20] and run.units.time == "steps"


def test_unwrapped_positions_follow_images(tmp_path):
    with orrery.open(write("lammps", tmp_path)) as run:
        np.testing.assert_array_equal(run[2].unwrapped, places(3)[2] + 2 * np.array(LENGTHS))
        with pytest.raises(KeyError):
            with orrery.open(write("halmd", tmp_path)) as other:
                other[0].unwrapped


def test_frames_with_other_particles_are_refused(tmp_path):
    with h5py.File(tmp_path / "a.h5md", "w") as file:
        element(plain(file), "id", [[1, 2, 3, 4], [4, 3, 2, 1], [1, 2, 3, 5]], STEPS)
    with orrery.open(tmp_path / "a.h5md") as run:
        np.testing.assert_array_equal(run[1].position, places(3)[1][::-1])
        with pytest.raises(orrery.DataError, match="frame 2 has other particles than the first"):
            run[2].position


def test_a_file_is_read_beside_its_writer_in_a_clean_shell(tmp_path):
    """Which holds a lock, as h5py and HDF5 do by default."""
    path = write("lammps", tmp_path)
    with_lock = ("import h5py, sys, time\nfile = h5py.File(sys.argv[1], 'r+')\nfile.flush()\nprint('open', flush=True)\n"
                 "sys.stdin.read()")
    writer = subprocess.Popen(["/usr/bin/python3", "-c", with_lock, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                              env=clean())
    try:
        assert writer.stdout.readline() == "open\n"
        for environment in ({}, {"HDF5_USE_FILE_LOCKING": "TRUE"}, {"HDF5_USE_FILE_LOCKING": "BEST_EFFORT"}):
            done = subprocess.run([SOURCE / "scripts/plot", path, "--output", tmp_path / "a.png"], env=clean(environment),
                                  capture_output=True, text=True, timeout=120)
            assert done.returncode == 0, done.stderr
    finally:
        writer.communicate("", timeout=30)


# ---------------------------------------------------------------- files that name other files

SECRET = b"what nobody else may read"


def external_storage(file, directory):
    (directory / "secret").write_bytes(SECRET * 100)
    group = plain(file)
    del group["position/value"]
    group["position"].create_dataset("value", (3, 4, 3), "f8", external=[(str(directory / "secret"), 0, h5py.h5f.UNLIMITED)])


def external_link(file, directory):
    with h5py.File(directory / "other.h5", "w") as other:
        plain(other)
    del plain(file)["velocity"]
    file["particles/trajectory/velocity"] = h5py.ExternalLink("other.h5", "/particles/trajectory/velocity")


def link_to_an_external_link(file, directory):
    external_link(file, directory)
    file["elsewhere"] = h5py.ExternalLink("other.h5", "/particles/trajectory")
    del file["particles/trajectory/velocity"]
    file["particles/trajectory/velocity"] = h5py.SoftLink("/elsewhere/velocity")


def virtual(file, directory):
    with h5py.File(directory / "other.h5", "w") as other:
        other["positions"] = places(3)
    layout = h5py.VirtualLayout((3, 4, 3), "f8")
    layout[:] = h5py.VirtualSource(str(directory / "other.h5"), "positions", (3, 4, 3))
    group = plain(file)
    del group["position/value"]
    group["position"].create_virtual_dataset("value", layout)


def virtual_of_itself(file, directory):
    layout = h5py.VirtualLayout((3, 4, 3), "f8")
    layout[:] = h5py.VirtualSource(".", "/particles/trajectory/position/value", (3, 4, 3))
    group = plain(file)
    del group["position/value"]
    group["position"].create_virtual_dataset("value", layout)


def circle_of_links(file, directory):
    group = plain(file)
    del group["velocity"]
    group["velocity"], group["other"] = h5py.SoftLink("other"), h5py.SoftLink("velocity")


def rows_without_end(file, directory):
    head(file, "test")
    group = file.create_group("particles/trajectory")
    group.create_dataset("position/value", (2**50, 4, 3), "f8", chunks=(1 << 12, 4, 3), compression="gzip")
    group["position/step"] = 1


def steps_without_end(file, directory):
    group = plain(file)
    del group["position/step"]
    group["position"].create_dataset("step", (2**50,), "i8", chunks=(1 << 12,))


def a_chunk_of_gigabytes(file, directory):
    head(file, "test")
    group = file.create_group("particles/trajectory")
    data = group.create_dataset("position/value", (1, 10**8, 3), "f8", chunks=(1, 10**8, 3), compression="gzip")
    data.id.write_direct_chunk((0, 0, 0), b"x\x9c" + bytes(1000))
    group["position/step"] = [0]


def unknown_filter(file, directory):
    group = plain(file)
    del group["position/value"]
    settings = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    settings.set_chunk((1, 4, 3))
    settings.set_filter(32015, h5py.h5z.FLAG_OPTIONAL, (3,))
    space = h5py.h5s.create_simple((3, 4, 3))
    h5py.h5d.create(group["position"].id, b"value", h5py.h5t.IEEE_F64LE, space, settings)


def external_link_beside(file, directory):
    """Where nobody would read it."""
    plain(file)
    file["particles/trajectory/observables/a"] = h5py.ExternalLink("other.h5", "/a")


HOSTILE = [external_link_beside, external_storage, external_link, link_to_an_external_link, virtual, virtual_of_itself, circle_of_links, rows_without_end,
           steps_without_end, a_chunk_of_gigabytes, unknown_filter]


@pytest.mark.parametrize("make", HOSTILE)
def test_a_file_never_shows_another_nor_takes_all_memory(tmp_path, make):
    path = tmp_path / "a.h5md"
    with h5py.File(path, "w") as file:
        make(file, tmp_path)
    done = subprocess.run([SOURCE / "scripts/plot", path, "--output", tmp_path / "a.png"], env=clean(), capture_output=True, text=True,
                          timeout=120)
    word = "/elsewhere" if make is link_to_an_external_link else "/particles/trajectory/"
    assert done.returncode == 65 and done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith(f"plot: {path}: ") and word in done.stderr
    assert not (tmp_path / "a.png").exists()


@pytest.mark.parametrize("make", [external_storage, external_link, virtual])
def test_no_other_file_is_even_opened(tmp_path, make):
    path = tmp_path / "a.h5md"
    with h5py.File(path, "w") as file:
        make(file, tmp_path)
    for name in ("secret", "other.h5"):  # whoever opens a pipe that nobody writes to waits for ever
        (tmp_path / name).unlink(missing_ok=True)
        os.mkfifo(tmp_path / name)
    done = subprocess.run(["/usr/bin/python3", "-c", "import orrery, sys\nwith orrery.open(sys.argv[1]) as run: run.quantities, run.units, run.box",
                           path], env=clean({"PYTHONPATH": str(SOURCE / "scripts")}), capture_output=True, text=True, timeout=30)
    assert done.returncode == 1 and "DataError" in done.stderr, done.stderr


def test_a_pipe_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "a.h5md")
    with pytest.raises(orrery.DataError, match="not a regular file"):
        orrery.open(tmp_path / "a.h5md")


def test_frames_of_no_particles(tmp_path):
    with h5py.File(tmp_path / "a.h5md", "w") as file:
        head(file, "test")
        group = file.create_group("particles/all")
        group["position/value"], group["position/step"] = np.zeros((3, 0, 3)), [0, 10, 20]
    with orrery.open(tmp_path / "a.h5md") as run:
        assert len(run) == 3 and run.particles == 0 and run[2].position.shape == (0, 3)

"""Particle data and diagnostics are the same bits on any ranks, threads, instruction set, output interval and source."""

import re

import numpy as np
import pytest

from orrery_program import assert_same_bits, datasets, run, run_well

METHODS = ["direct", "newton", "jump", "circle"]
ALL_PAIRS = [(ranks, threads) for ranks in (1, 2, 3, 4, 7) for threads in (1, 2, 3)]
SOME_PAIRS = [(1, 3), (2, 1), (3, 2), (7, 3)]
STEPS = ["--time.step", "1e-3", "--time.end", "0.12", "--output.every", "50"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("count", [0, 1, 3, 10000, 10007])
def test_ranks_and_threads_do_not_show(tmp_path, method, count):
    arguments = ["run", "--particles.count", count, "--rotation.method", method, *STEPS, "--run.quiet"]
    run_well(*arguments, "--output.file", tmp_path / "one.h5md")
    expected = datasets(tmp_path / "one.h5md")
    assert expected["particles/trajectory/position/value"].shape == (4, count, 3)
    for ranks, threads in ALL_PAIRS if count == 10007 else SOME_PAIRS:
        path = tmp_path / f"{ranks}_{threads}.h5md"
        run_well(*arguments, "--output.file", path, "--run.threads", threads, ranks=ranks)
        assert_same_bits(expected, datasets(path), f"{ranks} ranks, {threads} threads")


@pytest.mark.parametrize("method", METHODS)
def test_instruction_sets_do_not_show(tmp_path, method):
    arguments = ["run", "--particles.count", 1009, "--rotation.method", method, "--rotation.centre", "0.1", "-0.3", *STEPS, "--run.quiet"]
    sets = re.search(r"run.instruction-set\n.*\n *(auto.*);", run("run", "--help").stdout).group(1).split(", ")[1:]
    assert sets
    results = []
    for name in sets:
        path = tmp_path / f"{name}.h5md"
        run_well(*arguments, "--output.file", path, "--run.instruction-set", name)
        results.append(datasets(path))
    for name, result in zip(sets, results):
        assert_same_bits(results[0], result, f"{name} against {sets[0]}")


@pytest.mark.parametrize("method", METHODS)
def test_the_output_interval_does_not_show(tmp_path, method):
    arguments = ["run", "--particles.count", 500, "--rotation.method", method, "--rotation.centre", "0.1", "-0.3", "--time.step", "1e-3", "--time.end", "0.12", "--run.quiet"]
    run_well(*arguments, "--output.every", 1, "--output.file", tmp_path / "all.h5md")
    every = datasets(tmp_path / "all.h5md")
    for interval in (7, 60, 0):
        run_well(*arguments, "--output.every", interval, "--output.file", tmp_path / f"{interval}.h5md", ranks=2)
        some = datasets(tmp_path / f"{interval}.h5md")
        for row, step in enumerate(some["particles/trajectory/position/step"]):
            for name in ("particles/trajectory/position/value", "particles/trajectory/velocity/value", "diagnostics/radius_mean",
                         "diagnostics/exact_deviation"):
                assert some[name][row].tobytes() == every[name][step].tobytes(), (interval, step, name)


def test_auto_is_the_jump(tmp_path):
    for method in ("auto", "jump"):
        run_well("run", "--particles.count", 1009, *STEPS, "--rotation.method", method, "--output.file", tmp_path / f"{method}.h5md")
    assert_same_bits(datasets(tmp_path / "auto.h5md"), datasets(tmp_path / "jump.h5md"), "auto")


def test_a_file_gives_what_the_generator_gives(tmp_path):
    """Ten steps from drawn particles, and from the first frame of that run as H5MD and as CSV, in order and shuffled."""
    arguments = ["run", "--time.step", "1e-3", "--time.end", "0.01", "--run.quiet", "--output.file"]
    run_well(*arguments, tmp_path / "drawn.h5md", "--particles.count", 1009)
    expected = datasets(tmp_path / "drawn.h5md")
    run_well("run", "--time.end", 0, "--particles.count", 1009, "--output.file", tmp_path / "start.h5md", "--run.quiet")
    position = expected["particles/trajectory/position/value"][0]
    speed = expected["particles/trajectory/tangential_speed"]
    lines = [f"{row},{float(position[row, 0])!r},{float(position[row, 1])!r},{float(speed[row])!r}\n" for row in range(1009)]
    (tmp_path / "ordered.csv").write_text("id,x,y,speed\n" + "".join(lines))
    (tmp_path / "shuffled.csv").write_text("id,x,y,speed\n" + "".join(np.random.default_rng(1).permutation(lines)))
    for source in ("start.h5md", "ordered.csv", "shuffled.csv"):
        for ranks in (1, 3):
            path = tmp_path / f"{source}_{ranks}.h5md"
            run_well(*arguments, path, "--particles.source", "file", "--particles.file", tmp_path / source, ranks=ranks)
            assert_same_bits(expected, datasets(path), f"{source} on {ranks} ranks")


def test_a_resolved_configuration_repeats_the_run(tmp_path):
    run_well("run", "--particles.count", 100, "--particles.seed", 7, *STEPS, "--output.file", "a.h5md", cwd=tmp_path)
    import h5py
    with h5py.File(tmp_path / "a.h5md") as file:
        (tmp_path / "again.ini").write_bytes(file["parameters/config"][()])
    expected = datasets(tmp_path / "a.h5md")
    run_well("run", "again.ini", "--output.overwrite", cwd=tmp_path, ranks=2)
    assert_same_bits(expected, datasets(tmp_path / "a.h5md"), "repeated")


def test_one_flipped_bit_shows(tmp_path):
    """The comparisons above can fail."""
    for name, x in (("a", "0.3"), ("b", repr(float(np.nextafter(0.3, 1))))):
        (tmp_path / f"{name}.csv").write_text(f"x,y,speed\n{x},0.5,1\n")
        run_well("run", "--particles.source", "file", "--particles.file", tmp_path / f"{name}.csv", *STEPS, "--output.file",
                 tmp_path / f"{name}.h5md")
    with pytest.raises(AssertionError):
        assert_same_bits(datasets(tmp_path / "a.h5md"), datasets(tmp_path / "b.h5md"), "flipped")

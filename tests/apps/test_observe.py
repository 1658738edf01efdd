"""What a run says of itself: banner, tables, log, dry run, warnings."""

import json
import os
import subprocess

import h5py
import pytest

from orrery_program import PROGRAM, run_well


def log_lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_the_log_tells_what_the_file_holds(tmp_path):
    run_well("run", "--particles.count", 1000, "--time.end", "0.01", "--output.every", 100, "--output.file", "a.h5md", "--run.log", "log",
             "--run.threads", 2, ranks=3, cwd=tmp_path)
    lines = log_lines(tmp_path / "log")
    assert [line["event"] for line in lines] == ["start", "forms"] + ["frame"] * 11 + ["end"]
    end = lines[-1]
    assert end["ranks"] == 3 and end["threads"] == 2 and end["method"] == "jump" and end["particles"] == 1000
    assert end["steps"] == 1000 and end["frames"] == 11 and end["instruction_set"]
    assert end["particle_steps_per_second"] > 1e6 and end["wall_seconds"] > 0
    assert end["peak_bytes_per_particle"] > 40
    assert set(end["phases"]) == {"read", "scatter", "evolve", "gather", "wait", "write"}
    for spread in end["phases"].values():
        assert 0 <= spread["min"] <= spread["mean"] <= spread["max"] <= end["wall_seconds"]
    assert end["phases"]["evolve"]["min"] > 0 and end["phases"]["write"]["max"] > 0
    with h5py.File(tmp_path / "a.h5md") as file:
        for index, line in enumerate(lines[2:-1]):
            assert line["frame"] == index
            for name, values in file["diagnostics"].items():
                assert line[name] == values[index], name


def test_the_terminal_shows_plan_table_and_summary(tmp_path):
    result = run_well("run", "--particles.count", 1000, "--time.end", "0.01", "--output.every", 500, ranks=2, cwd=tmp_path)
    for text in ("law          rotation, method jump", "motion       1000 jump", "ranks        2, threads per rank", "memory       about", "particle-steps per second",
                 "mean r", "off circle", "scatter", "bytes per particle", "trajectory.h5md, 3 frames"):
        assert text in result.stdout, text
    assert "\r" not in result.stdout, "no progress bar outside of a terminal"


def test_it_can_be_quiet(tmp_path):
    assert run_well("run", "--run.quiet", "--run.threads", 1, cwd=tmp_path).stdout == ""
    off = run_well("run", "--run.progress", "off", "--output.overwrite", cwd=tmp_path).stdout
    assert "mean r" not in off and "particle-steps per second" in off


def test_a_dry_run_does_nothing(tmp_path):
    (tmp_path / "trajectory.h5md").write_text("precious")
    result = run_well("run", "--run.dry-run", "--time.end", "0.3", "--output.overwrite", "--run.log", "log", ranks=2, cwd=tmp_path)
    assert "[time]\nstep = 1e-05\nend = 0.3\n" in result.stdout
    assert "30000 of 1e-05" in result.stdout and "memory       about" in result.stdout and "2 frames, about" in result.stdout
    assert os.listdir(tmp_path) == ["trajectory.h5md"]
    assert (tmp_path / "trajectory.h5md").read_text() == "precious"


def test_the_resolved_configuration_prefers_command_line_then_variable_then_file(tmp_path):
    (tmp_path / "case.ini").write_text("[time]\nstep = 0.1\nend = 1\n[particles]\nseed = 5\n")
    result = run_well("run", "case.ini", "--run.dry-run", "--time.end", "3", cwd=tmp_path,
                      environment={"ORRERY_TIME_END": "2", "ORRERY_PARTICLES_SEED": "6"})
    assert "step = 0.1\nend = 3\n" in result.stdout and "seed = 6\n" in result.stdout


def test_a_particle_file_is_found_beside_its_configuration(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/case.ini").write_text("[particles]\nsource = file\nfile = p.csv\n[time]\nend = 0\n")
    (tmp_path / "in/p.csv").write_text("x,y,speed\n1,2,3\n")
    run_well("run", "in/case.ini", cwd=tmp_path)
    assert (tmp_path / "trajectory.h5md").exists()


def test_crowding_is_told_once_and_room_is_not(tmp_path):
    processors = len(os.sched_getaffinity(0))
    crowded = run_well("run", "--run.threads", processors + 1, "--run.quiet", cwd=tmp_path)
    assert crowded.stderr.count("warning") == 1 and f"{processors + 1} threads on {processors} processor" in crowded.stderr
    assert "warning" not in run_well("run", "--run.quiet", "--output.overwrite", cwd=tmp_path).stderr


def test_one_rank_under_mpirun_uses_all_processors(tmp_path):
    processors = len(os.sched_getaffinity(0))
    result = run_well("run", cwd=tmp_path)
    assert f"threads per rank {processors}" in result.stdout
    run_well("run", "--run.log", "log", "--run.quiet", "--output.overwrite", cwd=tmp_path)
    assert log_lines(tmp_path / "log")[-1]["threads"] == processors


def test_a_binding_that_was_asked_for_is_kept(tmp_path):
    processor = max(os.sched_getaffinity(0))
    arguments = ["mpirun", "--oversubscribe", "-n", "1", "--cpu-set", str(processor), "--bind-to", "core", PROGRAM, "run", "--run.dry-run"]
    result = subprocess.run(arguments, cwd=tmp_path, capture_output=True, text=True, timeout=30)
    assert f"threads per rank 1 (processors {processor})" in result.stdout, result.stdout + result.stderr


@pytest.mark.parametrize("end, every, frames", [("0.001", 30, 5), ("0.001", 0, 2), ("0", 0, 1), ("0.001", 1000, 2)])
def test_frames_are_first_every_and_last(tmp_path, end, every, frames):
    run_well("run", "--particles.count", 3, "--time.end", end, "--output.every", every, cwd=tmp_path)
    with h5py.File(tmp_path / "trajectory.h5md") as file:
        assert len(file["particles/trajectory/position/step"]) == frames
        assert file["particles/trajectory/position/step"][-1] == round(float(end) / 1e-5)

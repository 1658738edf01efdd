"""`orrery sweep`: every combination is a run as `orrery run` makes it, summed up, and gone on with after a kill."""

import csv
import os
import re
import signal
import subprocess
import time

import h5py
import numpy as np
import pytest

from orrery_program import SOURCE, assert_same_bits, command, datasets, run, run_well

SMALL = ["--particles.count", "50", "--time.end", "0.01", "--vary", "time.step=1e-5,2e-5", "--vary", "particles.speed-high=0.5:1.5:3"]


def summary(directory):
    """The rows of summary.csv as dictionaries."""
    with open(directory / "summary.csv", newline="") as file:
        return list(csv.DictReader(file))


def particles_and_diagnostics(path):
    """What a run computed. Checksums of the whole file know its name."""
    return {name: values for name, values in datasets(path).items() if not name.startswith("run/")}


def without_times(rows):
    return [{key: value for key, value in row.items() if key != "wall_seconds"} for row in rows]


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """A sweep of twelve runs, on one rank."""
    path = tmp_path_factory.mktemp("sweep")
    run_well("sweep", SOURCE / "config" / "rotation.ini", *SMALL, "--replicas", "2", "--out", "s", cwd=path)
    return path / "s"


def test_every_combination_is_a_run(swept):
    rows = summary(swept)
    assert [(row["time.step"], row["particles.speed-high"], row["replica"]) for row in rows] == [
        (step, speed, replica) for step in ("1e-05", "2e-05") for speed in ("0.5", "1", "1.5") for replica in "01"]
    assert all(row["status"] == "done" and row["attempts"] == "1" for row in rows)
    assert len({row["seed"] for row in rows}) == 12
    for row in rows:
        with h5py.File(swept / row["directory"] / "trajectory.h5md") as file:
            for name in ("radius_mean", "radius_min", "exact_deviation"):
                assert file[f"diagnostics/{name}"][-1] == float(row[name])
            assert file["diagnostics/step"][-1] == int(float(row["step"]))


def test_a_member_is_what_its_configuration_gives_by_itself(swept, tmp_path):
    run_well("run", swept / "run-000009" / "config.ini", "--output.file", tmp_path / "alone.h5md")
    assert_same_bits(particles_and_diagnostics(tmp_path / "alone.h5md"), particles_and_diagnostics(swept / "run-000009" / "trajectory.h5md"), "member 9")


@pytest.mark.parametrize("ranks, per_run", [(2, 1), (3, 2), (4, 2)])
def test_the_same_on_any_ranks(swept, tmp_path, ranks, per_run):
    run_well("sweep", SOURCE / "config" / "rotation.ini", *SMALL, "--replicas", "2", "--ranks-per-run", per_run, "--out", tmp_path / "s", ranks=ranks)
    assert without_times(summary(tmp_path / "s")) == without_times(summary(swept))
    assert_same_bits(particles_and_diagnostics(swept / "run-000004" / "trajectory.h5md"), particles_and_diagnostics(tmp_path / "s" / "run-000004" / "trajectory.h5md"), "member 4")


def test_both_summaries_say_the_same(swept):
    rows = summary(swept)
    with h5py.File(swept / "summary.h5") as file:
        assert list(sorted(file)) == sorted(rows[0])
        for name, values in file.items():
            texts = [row[name] for row in rows]
            if values.dtype.kind == "S":
                assert [value.decode() for value in values[:]] == texts
            else:
                assert np.array_equal(values[:], np.array(texts, dtype=values.dtype)), name


def test_a_dry_run_lists_the_members(tmp_path):
    result = run_well("sweep", *SMALL, "--out", "s", "--dry-run", ranks=2, cwd=tmp_path)
    assert "sweep of 6 runs" in result.stdout
    assert re.search(r"s/run-000005  time.step=2e-5  particles.speed-high=1.5  particles.seed=\d+\n", result.stdout)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("arguments, code, message", [
    (["--vary", "time.stp=1,2"], 64, "did you mean time.step?"),
    (["--vary", "time.step"], 64, "it is written KEY=v1,v2,... or KEY=start:stop:count"),
    (["--vary", "time.step=1e-5,1e-5"], 64, "is given twice"),
    (["--vary"], 64, "option --vary lacks its KEY=VALUES"),
    (["--vary", "output.file=a.h5md,b.h5md"], 64, "a sweep sets output.file itself"),
    (["--vary", "time.step=1e-5,2e-5", "--time.step", "1e-5"], 64, "time.step is varied as well"),
    # Wrong in one member only, and so told before any runs.
    (["--vary", "time.step=1e-5,3e-3"], 64, "member 1 time.step=3e-3: "),
    (["--vary", "particles.count=10,ten"], 64, "member 1 particles.count=ten: "),
    (["--ranks-per-run", "3"], 64, "start more ranks"),
    (["--out", "full"], 74, "it exists, and is not that of a sweep"),
])
def test_mistakes_are_told_before_any_run(tmp_path, arguments, code, message):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes").write_text("")
    result = run("sweep", *arguments, cwd=tmp_path, timeout=20)
    assert result.returncode == code, result.stderr
    assert message in result.stderr and result.stderr.count("orrery: ") == 1
    assert os.listdir(tmp_path) == ["full"] and os.listdir(tmp_path / "full") == ["notes"]


def test_a_seed_may_be_varied_and_particles_may_come_from_a_file(tmp_path):
    run_well("sweep", "--vary", "particles.seed=7,8", "--particles.count", "5", "--time.end", "0.001", "--out", "seeds", cwd=tmp_path)
    assert [row["seed"] for row in summary(tmp_path / "seeds")] == ["7", "8"]
    assert "seed = 8" in (tmp_path / "seeds" / "run-000001" / "config.ini").read_text()
    run_well("sweep", SOURCE / "config" / "three-particles.ini", "--vary", "time.step=1e-4,1e-5", "--out", "file", cwd=tmp_path)
    assert [row["status"] for row in summary(tmp_path / "file")] == ["done", "done"]


BATH = ["--law.name", "soft-disc", "--particles.source", "file", "--particles.file", "two.csv", "--box.lengths", "400,400,400",
        "--thermostat.name", "langevin", "--time.step", "0.01", "--time.steps", "20"]


def two_far_apart(path):
    (path / "two.csv").write_text("x,y,z,vx,vy,vz\n50,50,50,0,0,0\n150,50,50,0,0,0\n")


def last_positions(path):
    return datasets(path / "trajectory.h5md")["particles/trajectory/position/value"][-1]


def test_every_member_has_noise_of_its_own(tmp_path):
    two_far_apart(tmp_path)
    seeds = []
    for out, more in (("a", []), ("b", []), ("c", ["--thermostat.seed", "2"])):
        run_well("sweep", *BATH, *more, "--replicas", "3", "--out", out, cwd=tmp_path)
        rows = summary(tmp_path / out)
        seeds.append([row["thermostat.seed"] for row in rows])
        for row in rows:
            assert f"[thermostat]\nname = langevin\ntemperature = 1\nfriction = 1\nseed = {row['thermostat.seed']}\n" in (
                tmp_path / out / row["directory"] / "config.ini").read_text()
        with h5py.File(tmp_path / out / "summary.h5") as file:
            assert [str(seed) for seed in file["thermostat.seed"][:]] == seeds[-1]
    assert seeds[0] == seeds[1] and len({*seeds[0], *seeds[2]}) == 6
    ends = [last_positions(tmp_path / out / f"run-00000{member}") for out in "ac" for member in range(3)]
    assert len({end.tobytes() for end in ends}) == 6
    moves = [(end - [[50, 50, 50], [150, 50, 50]]).ravel() for end in ends]
    assert all(np.count_nonzero(one == other) == 0 for at, one in enumerate(moves) for other in moves[:at])
    # A member's file alone gives its bits again.
    run_well("run", tmp_path / "a" / "run-000001" / "config.ini", "--output.file", "alone.h5md", cwd=tmp_path)
    assert_same_bits(particles_and_diagnostics(tmp_path / "alone.h5md"), particles_and_diagnostics(tmp_path / "a" / "run-000001" / "trajectory.h5md"), "member 1")


def test_a_seed_of_the_noise_that_is_varied_is_kept(tmp_path):
    two_far_apart(tmp_path)
    run_well("sweep", *BATH, "--vary", "thermostat.seed=5,6", "--replicas", "2", "--out", "s", cwd=tmp_path)
    rows = summary(tmp_path / "s")
    assert [row["thermostat.seed"] for row in rows] == ["5", "5", "6", "6"]
    ends = [last_positions(tmp_path / "s" / row["directory"]).tobytes() for row in rows]
    assert ends[0] == ends[1] != ends[2] == ends[3]
    refused = run("sweep", *BATH, "--vary", "thermostat.seed=5,six", "--out", "t", cwd=tmp_path)
    assert refused.returncode == 64 and "member 1 thermostat.seed=six: " in refused.stderr


def test_a_seed_without_effect_has_no_column_and_is_refused(tmp_path):
    run_well("sweep", "--particles.count", "5", "--time.end", "0.001", "--out", "s", cwd=tmp_path)
    assert "thermostat.seed" not in summary(tmp_path / "s")[0]
    refused = run("sweep", "--particles.count", "5", "--time.end", "0.001", "--thermostat.seed", "3", "--out", "t", cwd=tmp_path)
    assert refused.returncode == 64 and "thermostat.seed has no effect" in refused.stderr


def test_runs_that_fail_are_told_with_the_rest_done(tmp_path):
    arguments = ["sweep", "--rotation.method", "direct", "--particles.count", "4", "--time.step", "1", "--time.end", "1000",
                 "--particles.speed-low", "1", "--vary", "particles.speed-high=1,1e307,2", "--retries", "1", "--out", "s"]
    for again in range(2):
        result = run(*arguments, ranks=2, cwd=tmp_path)
        assert result.returncode == 1 and "1 of 3 runs failed" in result.stderr
        assert "task 1 failed 2 times" in result.stdout and "left the range" in result.stdout
        rows = summary(tmp_path / "s")
        assert [(row["status"], row["attempts"]) for row in rows] == [("done", "1"), ("failed", "2"), ("done", "1")]
        assert rows[1]["radius_mean"] == "" and rows[1]["wall_seconds"] == ""
    assert "2 of them by earlier runs" in result.stdout


def test_a_killed_sweep_goes_on(swept, tmp_path):
    arguments = ["sweep", "--particles.count", "2e4", "--rotation.method", "direct", "--time.end", "0.02", "--replicas", "24", "--out", "s"]
    process = subprocess.Popen(command(arguments, 2), cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    journal = tmp_path / "s" / "journal"
    end = time.monotonic() + 30
    while not (journal.exists() and journal.read_bytes().count(b" done ") >= 3):
        assert time.monotonic() < end and process.poll() is None
        time.sleep(0.005)
    victim = subprocess.run(["pgrep", "-P", str(process.pid), "orrery"], capture_output=True, text=True).stdout.split()[-1]
    os.kill(int(victim), signal.SIGKILL)
    assert process.wait(timeout=30) != 0
    earlier = journal.read_bytes().count(b" done ")
    result = run_well(*arguments, ranks=2, cwd=tmp_path)
    assert f"24 of 24 done, {earlier} of them by earlier runs" in result.stdout and earlier < 24
    assert all(row["status"] == "done" for row in summary(tmp_path / "s"))
    # Other work is not mixed in.
    other = run(*arguments, "--time.step", "2e-5", cwd=tmp_path)
    assert other.returncode == 65 and "that of other work" in other.stderr


FROM_A_FILE = ["sweep", "--particles.source", "file", "--particles.file", "p #1.csv", "--vary", "time.step=1e-3,2e-3,5e-3,1e-2", "--time.end", "0.1",
               "--out", "sw", "--run.threads", "1"]


def radii(directory):
    return [round(float(row["radius_mean"]), 1) for row in summary(directory)]


def test_a_changed_particle_file_is_refused_by_its_name(tmp_path):
    particles, journal = tmp_path / "p #1.csv", tmp_path / "sw" / "journal"
    particles.write_text("x,y,speed\n0.5,0,1\n")
    run_well(*FROM_A_FILE, cwd=tmp_path)
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:3]))  # as if killed after two runs
    before = (tmp_path / "sw" / "summary.csv").read_bytes()
    particles.write_text("x,y,speed\n0.9,0,1\n")
    refused = run(*FROM_A_FILE, cwd=tmp_path)
    assert refused.returncode == 65 and "p #1.csv' has changed since the sweep in 'sw' began" in refused.stderr, refused.stderr
    assert (tmp_path / "sw" / "summary.csv").read_bytes() == before
    particles.write_text("x,y,speed\n0.5,0,1\n")  # its time alone is new
    went_on = run_well(*FROM_A_FILE, cwd=tmp_path)
    assert "done again" not in went_on.stdout
    assert radii(tmp_path / "sw") == [0.5] * 4


@pytest.mark.parametrize("damage", ["gone", "cut", "other", "unfinished"])
def test_a_run_whose_trajectory_is_lost_is_done_again(tmp_path, damage):
    (tmp_path / "p #1.csv").write_text("x,y,speed\n0.5,0,1\n")
    run_well(*FROM_A_FILE, cwd=tmp_path)
    path = tmp_path / "sw" / "run-000001" / "trajectory.h5md"
    whole = datasets(path)
    if damage == "gone":
        path.unlink()
    elif damage == "cut":
        os.truncate(path, path.stat().st_size // 2)
    elif damage == "other":
        path.write_bytes((tmp_path / "sw" / "run-000002" / "trajectory.h5md").read_bytes())
    else:
        with h5py.File(path, "r+") as file:
            file["run/valid_frames"][()] = 1
    again = run_well(*FROM_A_FILE, cwd=tmp_path)
    assert "1 run is done again" in again.stdout
    assert_same_bits(whole, datasets(path), damage)
    assert "done again" not in run_well(*FROM_A_FILE, cwd=tmp_path).stdout

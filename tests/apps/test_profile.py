"""run.profile: a timeline of every thread of every rank, which costs nothing that shows and changes nothing."""

import json
import signal
import subprocess
from collections import defaultdict

import pytest

from orrery_program import assert_same_bits, command, datasets, run, run_well

ARGUMENTS = ["run", "--rotation.method", "direct", "--particles.count", 100000, "--time.end", "0.01", "--output.every", 250, "--run.quiet", "--run.threads", 2]


def timeline(path):
    """{(rank, thread): (name, [(phase, begin, end), ...])}, times in seconds."""
    events = json.loads(path.read_text())["traceEvents"]
    assert {event["name"] for event in events if event["ph"] == "M"} == {"process_name", "process_sort_index", "thread_name", "thread_sort_index"}
    names = {(event["pid"], event["tid"]): event["args"]["name"] for event in events if event["name"] == "thread_name"}
    pieces = defaultdict(list)
    for event in events:
        if event["ph"] == "X":
            pieces[event["pid"], event["tid"]].append((event["name"], event["ts"] / 1e6, (event["ts"] + event["dur"]) / 1e6))
    assert pieces.keys() <= names.keys()
    return {thread: (name, pieces[thread]) for thread, name in names.items()}


def seconds(pieces, phase):
    return sum(end - begin for name, begin, end in pieces if name == phase)


@pytest.fixture(scope="module")
def profiled(tmp_path_factory):
    """A run of two ranks with two threads each, profiled: its directory and the end line of its log."""
    directory = tmp_path_factory.mktemp("profiled")
    run_well(*ARGUMENTS, "--run.profile", "trace.json", "--run.log", "log", ranks=2, cwd=directory)
    return directory, json.loads((directory / "log").read_text().splitlines()[-1])


def test_every_thread_has_a_track(profiled):
    found = timeline(profiled[0] / "trace.json")
    assert {thread: name for thread, (name, _) in found.items()} == {
        (0, 0): "main", (0, 1): "worker 1", (0, 2): "writer", (1, 0): "main", (1, 1): "worker 1"}
    for thread, (name, pieces) in found.items():
        expected = {"main": {"read", "evolve", "gather", "wait", "other"}, "writer": {"write"}, "worker 1": {"read", "evolve", "gather"}}[name]
        assert {"evolve" if name != "writer" else "write"} <= {piece[0] for piece in pieces} <= expected, thread


def test_pieces_do_not_overlap(profiled):
    directory, end = profiled
    for thread, (_, pieces) in timeline(directory / "trace.json").items():
        last = -1e-9
        for name, begin, finish in pieces:
            assert begin >= last - 2e-9 and finish > begin, (thread, name, begin)
            last = finish
        assert last <= end["wall_seconds"] + 0.5


def test_phases_sum_up_to_the_table_at_the_end(profiled):
    """What is drawn as part of its neighbours is made up for: a few times the resolution of 10 us is all that is off."""
    directory, end = profiled
    found = timeline(directory / "trace.json")
    for phase in ("read", "evolve", "gather", "wait"):
        ranks = [seconds(found[rank, 0][1], phase) for rank in (0, 1)]
        spread = end["phases"][phase]
        for expected, value in ((spread["min"], min(ranks)), (spread["max"], max(ranks))):
            assert value == pytest.approx(expected, rel=0.03, abs=100e-6), phase
    assert seconds(found[0, 2][1], "write") == pytest.approx(end["phases"]["write"]["max"], rel=0.03, abs=100e-6)


def test_ranks_are_on_one_axis(profiled):
    """What ends an interval is that all ranks have measured: nobody can begin the next before everybody ended the last."""
    found = timeline(profiled[0] / "trace.json")
    ends = [max(end for name, _, end in found[rank, 0][1] if name == "evolve") for rank in (0, 1)]
    begins = [min(begin for name, begin, _ in found[rank, 0][1] if name == "evolve") for rank in (0, 1)]
    assert max(begins) < min(ends)


def test_the_end_tells_the_imbalance(profiled):
    _, end = profiled
    evolve = end["phases"]["evolve"]
    assert end["imbalance"] == pytest.approx(evolve["max"] / evolve["mean"] - 1, abs=1e-9)


def test_particles_do_not_notice(profiled, tmp_path):
    run_well(*ARGUMENTS, ranks=2, cwd=tmp_path)
    assert_same_bits(datasets(tmp_path / "trajectory.h5md"), datasets(profiled[0] / "trajectory.h5md"), "profiled")


def test_an_existing_profile_is_replaced_and_without_particles_there_is_one_too(tmp_path):
    (tmp_path / "trace.json").write_text("old" * 100000)
    run_well("run", "--particles.count", 0, "--run.quiet", "--run.profile", "trace.json", ranks=3, cwd=tmp_path)
    assert len({rank for rank, _ in timeline(tmp_path / "trace.json")}) == 3


def test_a_failed_run_leaves_the_profile_so_far(tmp_path):
    (tmp_path / "p.csv").write_text("id,x,y,speed\n3,1,1,1\n8,1e308,1e308,1.5e308\n")
    result = run("run", "--particles.source", "file", "--particles.file", "p.csv", "--time.step", "1", "--time.end", "10",
                 "--run.profile", "trace.json", "--run.quiet", ranks=2, cwd=tmp_path)
    assert result.returncode == 1 and result.stderr.count("orrery: ") == 1
    assert {rank for rank, _ in timeline(tmp_path / "trace.json")} == {0, 1}


def test_a_run_that_is_ended_leaves_no_profile(tmp_path):
    process = subprocess.Popen(command(["run", "--rotation.method", "direct", "--time.end", "1e4", "--run.quiet", "--run.log", "log", "--run.profile", "trace.json"], ranks=2),
                               cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=3)
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=30)
    assert {path.name for path in tmp_path.iterdir()} == {"log", "trajectory.h5md"}


def test_a_profile_that_cannot_be_written_is_refused_before_the_first_step(tmp_path):
    result = run("run", "--run.profile", "none/trace.json", "--run.log", "log", "--run.quiet", ranks=2, cwd=tmp_path)
    assert result.returncode == 74 and "cannot write run.profile 'none/trace.json': directory 'none': No such file or directory" in result.stderr
    assert result.stderr.count("orrery: ") == 1 and list(tmp_path.iterdir()) == []


def test_a_disk_that_has_no_room_for_the_profile_is_told_of(tmp_path):
    result = run("run", "--run.profile", "/dev/full", "--run.log", "log", "--run.quiet", ranks=2, cwd=tmp_path)
    assert result.returncode == 74 and "run.profile '/dev/full': No space left on device" in result.stderr
    assert json.loads((tmp_path / "log").read_text().splitlines()[-1])["event"] == "error"
    assert datasets(tmp_path / "trajectory.h5md")["run/valid_frames"] == 2


@pytest.mark.parametrize("other", ["output.file", "run.log"])
def test_a_profile_does_not_replace_another_file_of_the_run(tmp_path, other):
    result = run("run", "--run.profile", "./x.h5md", f"--{other}", "x.h5md", ranks=2, cwd=tmp_path)
    assert result.returncode == 64 and "run.profile is the same file" in result.stderr and list(tmp_path.iterdir()) == []


def test_a_dry_run_makes_no_profile(tmp_path):
    run_well("run", "--run.dry-run", "--run.profile", "trace.json", ranks=2, cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []

"""`orrery pi` and the farm below it: the same hits however they are counted, kills survived, mistakes told."""

import os
import random
import re
import signal
import subprocess
import time
import zlib

import pytest

from orrery_program import command, run, run_well

MASK = 0xFFFFFFFF


def philox(counter, key):
    """Philox4x32-10 as Salmon et al. (2011) define it: four words from four and two."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        a, b = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (b >> 32) ^ c1 ^ k0, b & MASK, (a >> 32) ^ c3 ^ k1, a & MASK
        k0, k1 = (k0 + 0x9E3779B9) & MASK, (k1 + 0xBB67AE85) & MASK
    return c0, c1, c2, c3


def reference_hits(samples, seed):
    """Hits of the unit circle, sample by sample in whole numbers: a word w is the coordinate (w | 1) / 2^32."""
    hits = 0
    for block in range((samples + 1) // 2):
        words = philox((block & MASK, block >> 32, 0, 0x7069), (seed & MASK, seed >> 32))
        for x, y in (words[:2], words[2:])[:samples - 2 * block]:
            hits += (x | 1)**2 + (y | 1)**2 < 2**64
    return hits


def pi(*arguments, **keywords):
    """The hits that a run of `orrery pi` prints, and all its output."""
    result = run_well("pi", *arguments, **keywords)
    return int(re.search(r"hits +(\d+)", result.stdout)[1]), result.stdout


def test_the_reference_is_philox():
    # The vectors that Random123 publishes (kat_vectors, philox4x32 10).
    assert philox((0, 0, 0, 0), (0, 0)) == (0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8)
    assert philox((MASK, MASK, MASK, MASK), (MASK, MASK)) == (0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd)
    assert philox((0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344), (0xa4093822, 0x299f31d0)) == (0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1)


@pytest.mark.parametrize("samples, seed", [(1, 1), (2, 1), (3, 7), (10_001, 2**63 + 12345)])
def test_hits_are_those_of_the_reference(samples, seed):
    assert pi("--samples", samples, "--seed", seed)[0] == reference_hits(samples, seed)


# reference_hits(10**6, 1), which takes some seconds: the next test computes it again.
HITS_OF_A_MILLION = 785644


def test_the_hits_of_a_million_samples_are_the_reference_value():
    assert reference_hits(10**6, 1) == HITS_OF_A_MILLION


@pytest.mark.parametrize("ranks, arguments", [
    (None, ["--threads", 1]),
    (None, ["--threads", 3]),
    (None, ["--chunk", 1]),
    (2, ["--chunk", 1, "--batch", 100]),
    (2, ["--threads", 2, "--chunk", 99_999]),
    (3, ["--chunk", 4_097, "--batch", 1]),
    (4, ["--via", "map"]),
    (3, ["--via", "map", "--chunk", 1_001, "--threads", 2]),
])
def test_the_same_hits_on_any_ranks_threads_and_chunks_by_any_way(ranks, arguments):
    assert pi("--samples", "1e6", *arguments, ranks=ranks)[0] == HITS_OF_A_MILLION


def test_what_is_printed():
    hits, text = pi("--samples", "1e8", "--compare", ranks=2)
    estimate, error = map(float, re.search(r"pi +([\d.]+) with standard error ([\d.]+)", text).groups())
    assert estimate == pytest.approx(4e-8 * hits, abs=1e-9) and error == pytest.approx(1.642e-4, rel=1e-3)
    assert abs(estimate - 3.14159265) < 5 * error
    rows = re.findall(r"^  ([01]) +([\d,]+) +\S+ \S+ +[\d,]+ +([\d.]+) %$", text, re.MULTILINE)
    assert [int(rank) for rank, _, _ in rows] == [0, 1]
    assert sum(int(samples.replace(",", "")) for _, samples, _ in rows) == 10**8
    assert all(0 <= float(efficiency) <= 101 for _, _, efficiency in rows)
    assert "382 of 382 done; 0 retries, 0 failed" in text and "overhead" in text and "idle tail" in text
    # One thread of ours against plain loops in the same run. Measured 20 and 37; five is what must be.
    assert all(float(ratio) >= 5 for ratio in re.findall(r"std::mt19937_64.* M/s +([\d.]+)$", text, re.MULTILINE)[:2])
    assert len(re.findall("std::mt19937_64", text)) == 2


@pytest.mark.parametrize("arguments, code, message", [
    (["--samples", "0"], 64, "samples = '0' is not valid"),
    (["--samples", "2e13"], 64, "samples = '2e13' is not valid"),
    (["--samples", "1e9", "--chunk", "1"], 64, "1000000000 tasks (10000000 are the most); raise chunk"),
    (["--via", "mail"], 64, "farm, map"),
    (["--via", "map", "--journal", "j"], 64, "journal has no effect while via is map"),
    (["--sample", "1"], 64, "did you mean samples?"),
    (["three"], 64, "unexpected word 'three'"),
    (["--journal", "none/j"], 74, "cannot write journal 'none/j': No such file or directory"),
    (["--journal", "notes.txt"], 65, "journal 'notes.txt' begins like no journal"),
])
def test_mistakes_are_told_once(tmp_path, arguments, code, message):
    (tmp_path / "notes.txt").write_text("my notes\n")
    result = run("pi", *arguments, ranks=2 if code != 64 else None, cwd=tmp_path, timeout=20)
    assert result.returncode == code, result.stderr
    assert message in result.stderr and result.stderr.count("orrery: ") == 1
    assert (tmp_path / "notes.txt").read_text() == "my notes\n" and os.listdir(tmp_path) == ["notes.txt"]


# ---------------------------------------------------------------- stopping, killing and going on

def journal_tasks(path):
    """Tasks that a journal says are done, each line checked: [task]."""
    tasks = []
    for line in path.read_bytes().split(b"\n"):
        if zlib.crc32(line[9:]) == int(line[:8] or b"0", 16) and line[9:14] == b"done ":
            tasks.append(int(line.split()[2]))
    return tasks


def children_of(process):
    """Process ids of the ranks that mpirun has started."""
    return [int(pid) for pid in subprocess.run(["pgrep", "-P", str(process.pid), "orrery"], capture_output=True, text=True).stdout.split()]


def wait_for(condition, timeout=20):
    end = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


# Some seconds on two cores.
LONG = ["pi", "--samples", "12e9", "--chunk", "3e6", "--journal", "journal"]


def test_ranks_killed_at_random_until_the_work_is_done(tmp_path):
    """Every kill ends the job; the same command goes on, and no finished task is run again."""
    choice = random.Random(5)
    journal = tmp_path / "journal"
    kills = 0
    for attempt in range(30):
        ranks = choice.choice([1, 2, 3])
        before = set(journal_tasks(journal)) if journal.exists() else set()
        with open(tmp_path / "out", "w") as out:
            process = subprocess.Popen(command(LONG, ranks), cwd=tmp_path, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
            # Killed once it has done some more, so that the test ends.
            wanted = len(before) + choice.randrange(50, 400)
            wait_for(lambda: process.poll() is not None or (journal.exists() and journal.read_bytes().count(b" done ") >= wanted))
            victims = children_of(process) if kills < 4 else []
            if victims and process.poll() is None:
                os.kill(choice.choice(victims), signal.SIGKILL)
                kills += 1
            code = process.wait(timeout=60)
        done = journal_tasks(journal)
        assert len(done) == len(set(done)), "a finished task was run again"
        assert before <= set(done), "what was done is lost"
        if code == 0:
            break
    text = (tmp_path / "out").read_text()
    assert code == 0 and kills >= 2, text
    assert f"{len(before)} of them by earlier runs" in text
    assert len(done) == 4000
    assert int(re.search(r"hits +(\d+)", text)[1]) == pi("--samples", "12e9", "--via", "map")[0]


def test_a_signal_stops_it_in_order_and_the_same_command_goes_on(tmp_path):
    process = subprocess.Popen(command([*LONG[:2], "12e10", *LONG[3:]]), cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: (tmp_path / "journal").exists() and len(journal_tasks(tmp_path / "journal")) > 10)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 75
    told = re.search(r"orrery: stopped: (\d+) of 40000 tasks are done; the same command goes on from 'journal'", errors)
    assert int(told[1]) == len(journal_tasks(tmp_path / "journal"))


def test_a_damaged_journal_costs_the_damaged_tasks_only(tmp_path):
    arguments = ["--samples", "1e6", "--chunk", 10_000, "--journal", "journal"]
    assert pi(*arguments, cwd=tmp_path)[0] == HITS_OF_A_MILLION
    text = (tmp_path / "journal").read_bytes()
    lines = text.split(b"\n")
    lines[20] = lines[20].replace(b"done", b"dome")
    (tmp_path / "journal").write_bytes(b"\n".join(lines)[:-30])  # and the last is cut
    hits, out = pi(*arguments, cwd=tmp_path, ranks=2)
    assert hits == HITS_OF_A_MILLION
    assert "98 of them by earlier runs" in out and "2 unreadable lines counted for nothing" in out


def test_a_journal_is_for_one_piece_of_work(tmp_path):
    run_well("pi", "--samples", "1e5", "--journal", "journal", cwd=tmp_path)
    result = run("pi", "--samples", "1e5", "--seed", 2, "--journal", "journal", cwd=tmp_path)
    assert result.returncode == 65 and "that of other work" in result.stderr and "seed 1" in result.stderr

"""`orrery bench rotation`: what it prints and writes, what it refuses; and scripts/plot-bench, which draws it."""

import json
import os
import re
import subprocess

import matplotlib.image
import numpy as np
import pytest

from orrery_program import SOURCE, run, run_well

PLOT_BENCH = SOURCE / "scripts" / "plot-bench"
PROCESSORS = len(os.sched_getaffinity(0))


def forms_by_help():
    """Names of the forms, from the line of the help page that lists them."""
    line = next(line for line in run_well("bench", "--help").stdout.splitlines() if "some of" in line)
    return line.split("some of ")[1].split(", with")[0].split(", ")


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    """A quick benchmark's file on one rank."""
    path = tmp_path_factory.mktemp("bench") / "bench.json"
    run_well("bench", "rotation", "--quick", "--threads", 2, "--json", path)
    return path


@pytest.mark.parametrize("ranks", [1, 2])
def test_the_file_has_a_row_for_every_form_number_and_thread_count(tmp_path, ranks):
    result = run_well("bench", "rotation", "--quick", "--particles", "100,3000", "--threads", 2, "--json", "bench.json", ranks=ranks,
                      cwd=tmp_path)
    figures = json.loads((tmp_path / "bench.json").read_text())
    rows = figures["rows"]
    cases = {(row["form"], row["particles"], row["ranks"], row["threads"]) for row in rows}
    assert cases == {(form, particles, ranks, threads) for form in forms_by_help() for particles in (100, 3000) for threads in (1, 2)}
    assert len(rows) == len(cases)
    for row in rows:
        assert 0 < row["ns_per_particle_step_min"] <= row["ns_per_particle_step"] <= row["ns_per_particle_step_max"]
        assert row["case_seconds"] == pytest.approx(1e-9 * row["ns_per_particle_step"] * row["particles"] * 10000)
        assert row["fraction_of_limit"] == pytest.approx(row["limit_ns_per_particle_step"] / row["ns_per_particle_step"])
        assert row["repeats"] == 3 and row["steps_per_call"] >= 100 and row["calls_per_repeat"] >= 1
        assert ("ns_per_jump" in row) == (row["limit"] == "memory")
    assert figures["ranks"] == ranks and figures["threads"] == 2
    for key in ("version", "compiler", "processor", "instruction_set", "date"):
        assert figures[key], key
    # Rank 0 alone speaks.
    assert result.stdout.count("benchmark rotation") == 1
    assert result.stdout.count("book, 2013") == 1, "the book has a figure for 100 particles, and none for 3,000"


def test_the_limits_carry_their_units(figures):
    limits = json.loads(figures.read_text())["limits"]
    for name, unit in (("divider", "ns"), ("multiply_add", "ns"), ("memory", "gb_per_s")):
        for threads in ("one_thread", "all_threads"):
            key = f"{name}_{threads}_{unit}"
            worse, better = sorted([limits[key], limits[f"{key}_median"]], reverse=unit == "ns")
            assert 0 < limits[key] == better and worse > 0, key
    assert limits["multiply_add_one_thread_ns"] < limits["divider_one_thread_ns"]


def test_the_terminal_shows_the_same_beside_the_book(tmp_path):
    result = run_well("bench", "rotation", "--quick", "--particles", "100,10000", "--forms", "direct", "--threads", 1, cwd=tmp_path)
    for text in ("instructions", "threads per rank up to 1", "limits of the machine", "square root and division", "GB/s", "ns per", "direct",
                 "% divider", "interpreter, objects", "614 ms", "compiled, threads, particle loop outermost", "599 ms"):
        assert text in result.stdout, text
    assert "circle" not in result.stdout and "interpreter, arrays" not in result.stdout
    assert os.listdir(tmp_path) == []


def test_what_is_asked_for_goes_before_what_is_quick(tmp_path):
    run_well("bench", "rotation", "--quick", "--particles", "7", "--repeats", "2", "--forms", "circle", "--threads", "1", "--json", "b", cwd=tmp_path)
    rows = json.loads((tmp_path / "b").read_text())["rows"]
    assert [(row["form"], row["particles"], row["repeats"]) for row in rows] == [("circle", 7, 2)]


def test_more_threads_than_processors_bring_a_warning(tmp_path):
    result = run_well("bench", "rotation", "--quick", "--particles", "100", "--threads", PROCESSORS + 1, cwd=tmp_path)
    assert result.stderr.count("warning") == 1 and f"{PROCESSORS + 1} threads on {PROCESSORS} processor" in result.stderr


@pytest.mark.parametrize("arguments, code, message", [
    ([], 64, "which benchmark"),
    (["rotatoin"], 64, "did you mean rotation?"),
    (["gravity"], 64, "unknown benchmark 'gravity'"),
    (["rotation", "twice"], 64, "unexpected word 'twice'"),
    (["rotation", "--jsn", "b"], 64, "option --jsn: unknown option; did you mean json?"),
    (["rotation", "--time.end", "1"], 64, "option --time.end: unknown option"),
    (["rotation", "--particles", "0"], 64, "option --particles: particles = '0' is not valid"),
    (["rotation", "--particles", "100,x"], 64, "with commas between them"),
    (["rotation", "--forms", "square"], 64, "some of direct"),
    (["rotation", "--repeats", "0"], 64, "a whole number from 1"),
    (["rotation", "--repeats"], 64, "orrery bench --help"),
    (["rotation", "--threads", "-1"], 64, "a whole number"),
    (["rotation", "--json", "none/b.json"], 74, "cannot write 'none/b.json': No such file or directory"),
    (["rotation", "--json", "."], 74, "cannot write '.': Is a directory"),
])
def test_mistakes_are_told_once_before_anything_is_timed(tmp_path, arguments, code, message):
    result = run("bench", *arguments, ranks=2, cwd=tmp_path, timeout=20)
    assert result.returncode == code, result.stderr
    assert message in result.stderr and result.stderr.count("orrery: ") == 1
    assert result.stdout == ""
    assert os.listdir(tmp_path) == []


def test_an_existing_file_is_replaced(tmp_path):
    (tmp_path / "bench.json").write_text("x" * 100_000)
    run_well("bench", "rotation", "--quick", "--particles", "100", "--forms", "direct", "--threads", "1", "--json", "bench.json", cwd=tmp_path)
    assert json.loads((tmp_path / "bench.json").read_text())["benchmark"] == "rotation"


def test_the_disk_is_full(tmp_path):
    result = run("bench", "rotation", "--quick", "--particles", "100", "--threads", "1", "--json", "/dev/full", ranks=2, cwd=tmp_path)
    assert result.returncode == 74 and "cannot write '/dev/full': No space left on device" in result.stderr


def test_variables_of_a_run_do_not_matter(tmp_path):
    run_well("bench", "rotation", "--quick", "--particles", "100", "--threads", "1", cwd=tmp_path, environment={"ORRERY_TIME_ENDE": "1"})


def test_the_help_pages_tell_of_it():
    assert "bench" in run_well("--help").stdout
    text = run_well("bench", "rotation", "--help").stdout
    for option in ("--json", "--particles", "--forms", "--repeats", "--threads", "--quick"):
        assert option in text


# ---------------------------------------------------------------- orrery bench pairs

@pytest.mark.parametrize("ranks, threads", [(1, 2), (3, 1)])
def test_pairs_tell_where_the_time_goes(tmp_path, ranks, threads):
    result = run_well("bench", "pairs", "--quick", "--threads", threads, "--json", "pairs.json", ranks=ranks, cwd=tmp_path)
    figures = json.loads((tmp_path / "pairs.json").read_text())
    assert figures["benchmark"] == "pairs" and figures["ranks"] == ranks
    kinds = [(row["threads"], row["precision"]) for row in figures["rows"]]
    assert kinds == [(count, precision) for count in range(1, threads + 1) for precision in ("double", "mixed")]
    heading, *lines = [line.split() for line in result.stdout.splitlines() if line.split()[:1] in (["particles"], ["4000"])][:len(kinds) + 1]
    assert heading[:3] == ["particles", "threads", "precision"]
    assert [(int(line[1]), line[2]) for line in lines] == kinds
    for row in figures["rows"]:
        assert row["particles"] == 4000 and row["repeats"] == 3
        assert 0 < row["ns_per_particle_step_min"] <= row["ns_per_particle_step"] <= row["ns_per_particle_step_max"]
        assert row["million_atom_steps_per_second"] == pytest.approx(1e3 / row["ns_per_particle_step"])
        assert all(row[f"{part}_ns"] > 0 for part in ("pairs", "lists", "exchange", "integration"))
        assert 100 < row["bytes_per_particle"] < 2000 and 0 < row["lists_per_100_steps"] < 50
        # Half of the energy of motion goes into the lattice as it melts; the same bits however many ranks and threads.
        assert 0.6 < row["temperature"] < 1.0 and abs(row["energy_drift_per_particle"]) < 0.01
        # (The first two rows are the two precisions on one thread.)
        assert row["temperature"] == figures["rows"][row["precision"] == "mixed"]["temperature"]
    assert result.stdout.count("benchmark pairs") == 1 and "Larger runs, worked out" in result.stdout


@pytest.mark.parametrize("ranks, of_whom", [(1, ""), (2, " of the first rank")])
def test_pairs_tell_what_exact_sums_cost(tmp_path, ranks, of_whom):
    result = run_well("bench", "pairs", "--quick", "--particles", "4000,2048", "--threads", "1", "--json", "pairs.json", ranks=ranks, cwd=tmp_path)
    sums = json.loads((tmp_path / "pairs.json").read_text())["sums"]
    assert [(of_number["particles"], of_number["ranks"]) for of_number in sums] == [(4000, ranks), (2048, ranks)]
    lines = [line for line in result.stdout.splitlines() if line.startswith("Exact sums cost ")]
    assert len(lines) == 2
    for line, of_number in zip(lines, sums):
        assert 5 <= of_number["turns"] <= 51
        assert of_number["exact_ns"] > 0 and of_number["floating_ns"] > 0
        assert 0 < of_number["exact_over_floating_min"] <= of_number["exact_over_floating"] <= of_number["exact_over_floating_max"]
        # Neither is many times the other, or one of them has not worked.
        assert 0.5 < of_number["exact_over_floating"] < 2
        percent, particles, whose, exact, floating, turns = re.fullmatch(
            r"Exact sums cost (-?\d+) % over floating sums \(([\d,]+) particles, 1 thread(.*): forces take ([\d.]+) ns against "
            r"([\d.]+); median of (\d+) in turns\)", line).groups()
        assert float(percent) == pytest.approx(100 * (of_number["exact_over_floating"] - 1), abs=0.51)
        assert particles == f"{of_number['particles']:,}" and whose == of_whom and int(turns) == of_number["turns"]
        assert (float(exact), float(floating)) == pytest.approx((of_number["exact_ns"], of_number["floating_ns"]), abs=0.051)


def test_without_double_nothing_is_said_of_exact_sums(tmp_path):
    result = run_well("bench", "pairs", "--quick", "--precision", "mixed", "--threads", "1", "--json", "pairs.json", cwd=tmp_path)
    assert json.loads((tmp_path / "pairs.json").read_text())["sums"] == [] and "Exact sums" not in result.stdout


@pytest.mark.parametrize("arguments, message", [
    (["pairs", "--particles", "5"], "the nearest number is 4"),
    (["pairs", "--forms", "newton"], "forms"),
    (["--repeats", "3", "pairs"], "orrery bench pairs"),
    (["pair"], "did you mean pairs?"),
])
def test_mistakes_about_pairs_are_told(tmp_path, arguments, message):
    result = run("bench", *arguments, cwd=tmp_path, timeout=20)
    assert result.returncode == 64 and message in result.stderr and result.stderr.count("orrery: ") == 1
    assert result.stdout == ""


# ---------------------------------------------------------------- scripts/plot-bench

def plot_bench(*arguments):
    return subprocess.run([PLOT_BENCH, *arguments], capture_output=True, text=True, timeout=60)


def test_the_picture_shows_every_form_and_the_book(figures, tmp_path):
    process = plot_bench(figures, "--output", tmp_path / "picture.png")
    assert process.returncode == 0 and process.stdout == f"{tmp_path / 'picture.png'}\n", process.stderr
    pixels = (255 * matplotlib.image.imread(tmp_path / "picture.png")[:, :, :3]).round().astype(int)
    colours = {tuple(colour) for colour in np.unique(pixels.reshape(-1, 3), axis=0)}
    expected = [(0x00, 0x72, 0xb2), (0xd5, 0x5e, 0x00), (0x00, 0x9e, 0x73), (0xcc, 0x79, 0xa7)][:len(forms_by_help())]
    assert colours.issuperset([*expected, (0x20, 0x20, 0x20)])


def test_the_picture_stands_beside_the_file_by_default(figures):
    assert plot_bench(figures).returncode == 0
    assert figures.with_suffix(".png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"benchmark": "rotation", "rows": []}', '{"benchmark": "rotation", "rows": [{"form": 1}]}'])
def test_files_without_figures_are_refused(tmp_path, text):
    (tmp_path / "bad.json").write_text(text)
    process = plot_bench(tmp_path / "bad.json")
    assert process.returncode == 65 and process.stderr.startswith("plot-bench: ") and len(process.stderr.splitlines()) == 1
    assert sorted(os.listdir(tmp_path)) == ["bad.json"]


def test_wrong_usage_and_places_are_refused(figures, tmp_path):
    assert plot_bench().returncode == 64
    assert plot_bench(figures, "--output", figures).returncode == 64
    assert plot_bench(tmp_path / "missing.json").returncode == 65
    assert plot_bench(figures, "--output", tmp_path / "none" / "p.png").returncode == 74

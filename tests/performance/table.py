#!/usr/bin/python3
"""Measures the figures of docs/performance.md and prints them as tables.

    tests/performance/table.py [PROGRAM]       default: build/bin/orrery; some five minutes on two cores

Every figure is the median of several runs, taken in turns (A B C, A B C, ...) so that a change of the machine's speed meets all alike.
Leave the machine alone meanwhile.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = str(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT / "build/bin/orrery")
SHAPES = [(1, 1), (1, 2), (2, 1)]  # ranks, threads per rank


def run(ranks, threads, particles, steps, directory, *more):
    """One run's end line of the log."""
    arguments = ["mpirun", "-n", ranks, PROGRAM, "run", "--run.threads", threads, "--particles.count", particles, "--time.step", "1e-5",
                 "--time.end", repr(round(steps * 1e-5, 5)), "--output.overwrite", "--output.file", "out.h5md", "--run.log", "log", "--run.quiet", *more]
    environment = {**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    subprocess.run([*map(str, arguments)], check=True, cwd=directory, env=environment)
    return json.loads((Path(directory) / "log").read_text().splitlines()[-1])


def median_runs(cases, repeats, directory):
    """Runs every case in turn, `repeats` times. Returns {case: list of end lines}."""
    results = {case: [] for case in cases}
    for _ in range(repeats):
        for case in cases:
            results[case].append(run(*case[:4], directory, *case[4:]))
    return results


def evolve(lines):
    return statistics.median(line["phases"]["evolve"]["max"] for line in lines)


def kernel_table(directory):
    print("ns per particle-step while evolving; speed-up over one thread\n")
    print("| method | N | steps | 1 rank, 1 thread | 1 rank, 2 threads | 2 ranks, 1 thread | 2 threads | 2 ranks |\n|---|---|---|---|---|---|---|---|")
    for method in ("direct", "newton"):
        for particles, steps, repeats in ((100, 100000, 5), (1000, 100000, 5), (10000, 10000, 7), (1000000, 1000, 5), (10000000, 100, 3)):
            cases = [(ranks, threads, particles, steps, "--rotation.method", method) for ranks, threads in SHAPES]
            results = median_runs(cases, repeats, directory)
            seconds = [evolve(results[case]) for case in cases]
            ns = [1e9 * value / particles / steps for value in seconds]
            print(f"| {method} | {particles:,} | {steps:,} | {ns[0]:.3f} | {ns[1]:.3f} | {ns[2]:.3f} | {ns[0] / ns[1]:.2f} | {ns[0] / ns[2]:.2f} |",
                  flush=True)


def phase_table(directory):
    print("\n10,000,000 particles, 10,000 steps by auto, first and last frame, double: seconds (largest over ranks), bytes per particle\n")
    print("| ranks x threads | read | scatter | evolve | gather | wait | write | wall | bytes per particle, all ranks |\n|---|---|---|---|---|---|---|---|---|")
    cases = [(ranks, threads, 10000000, 10000) for ranks, threads in SHAPES]
    results = median_runs(cases, 5, directory)
    # From a file, so that there is something to scatter.
    subprocess.run([PROGRAM, "run", "--particles.count", "10000000", "--time.end", "0", "--output.file", "start.h5md", "--run.quiet"],
                   check=True, cwd=directory)
    for case, lines in results.items():
        print_phases(f"{case[0]} x {case[1]}, drawn", lines)
    lines = []
    for _ in range(3):
        arguments = ["mpirun", "-n", "2", PROGRAM, "run", "--run.threads", "1", "--particles.source", "file", "--particles.file", "start.h5md",
                     "--time.end", "0.1", "--output.file", "out.h5md", "--output.overwrite", "--run.log", "log", "--run.quiet"]
        subprocess.run(arguments, check=True, cwd=directory,
                       env={**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"})
        lines.append(json.loads((Path(directory) / "log").read_text().splitlines()[-1]))
    print_phases("2 x 1, from H5MD", lines)


def print_phases(name, lines):
    middle = lambda phase: statistics.median(line["phases"][phase]["max"] for line in lines)
    columns = [f"{middle(phase):.2f}" for phase in ("read", "scatter", "evolve", "gather", "wait", "write")]
    columns.append(f"{statistics.median(line['wall_seconds'] for line in lines):.2f}")
    columns.append(f"{statistics.median(line['peak_bytes_per_particle'] for line in lines):.0f}")
    print("| " + " | ".join([name, *columns]) + " |", flush=True)


def writing_table(directory):
    print("\nWhat writing costs the solver: 1,000,000 particles, 2,000 steps of direct; evolve seconds with a frame every so many steps over those without\n")
    print("| ranks x threads | steps between frames | evolve s, first and last frame | evolve s, with frames | ratio | one frame evolves / writes in s |\n|---|---|---|---|---|---|")
    for ranks, threads in ((1, 1), (1, 2), (2, 1)):
        for every in (200, 1000):
            bare_case = (ranks, threads, 1000000, 2000, "--rotation.method", "direct")
            cases = [bare_case, (*bare_case, "--output.every", every)]
            results = median_runs(cases, 5, directory)
            bare, framed = (evolve(results[case]) for case in cases)
            written = statistics.median(line["phases"]["write"]["max"] for line in results[cases[1]]) / (2000 / every + 1)
            print(f"| {ranks} x {threads} | {every} | {bare:.3f} | {framed:.3f} | {framed / bare:.3f} | {bare * every / 2000:.3f} / {written:.3f} |", flush=True)


def main():
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as directory:
        kernel_table(directory)
        phase_table(directory)
        writing_table(directory)


if __name__ == "__main__":
    main()

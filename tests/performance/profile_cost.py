#!/usr/bin/python3
"""Measures what `run.profile` costs, and prints a table.

    tests/performance/profile_cost.py [PROGRAM]     default: build/bin/orrery; some five minutes on two cores

Runs without and with a profile take turns (A B, B A, A B, ...), so that a change of the machine's speed meets both alike. A pair's
ratios are those of its two wall times, and of the processor time that its ranks took; the latter feels other programs less. Printed
are the medians over the pairs, with the middle half of them.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = str(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT / "build/bin/orrery")
PAIRS = 25
# ranks, threads per rank, particles, steps, steps between frames
CASES = [(1, 1, 10_000, 100_000, 1000), (1, 2, 1_000_000, 1000, 250), (2, 1, 1_000_000, 1000, 250)]


def processor_seconds():
    """Taken by all programs that were started from here and have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(case, directory, *more):
    """Wall seconds of one run, and processor seconds of all its ranks."""
    ranks, threads, particles, steps, every = case
    arguments = ["mpirun", "-n", ranks, PROGRAM, "run", "--rotation.method", "direct", "--run.threads", threads, "--particles.count", particles, "--time.step", "1e-5",
                 "--time.end", repr(round(steps * 1e-5, 5)), "--output.every", every, "--output.overwrite", "--output.file", "out.h5md",
                 "--run.log", "log", "--run.quiet", *more]
    environment = {**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    before = processor_seconds()
    subprocess.run([*map(str, arguments)], check=True, cwd=directory, env=environment)
    end = json.loads((Path(directory) / "log").read_text().splitlines()[-1])
    return end["wall_seconds"], processor_seconds() - before


def spread(ratios):
    low, middle, high = statistics.quantiles(ratios, n=4)
    return f"{middle:.4f} ({low:.3f} to {high:.3f})"


def main():
    print("| ranks x threads | particles | steps | frames | wall s | wall time with, over without | processor time likewise | events |\n|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as directory:
        for case in CASES:
            bare, profiled = [], []
            for pair in range(PAIRS):
                kinds = [(bare, []), (profiled, ["--run.profile", "trace.json"])]
                for results, arguments in kinds if pair % 2 == 0 else reversed(kinds):
                    results.append(run(case, directory, *arguments))
            wall, processor = ([b[kind] / a[kind] for a, b in zip(bare, profiled)] for kind in (0, 1))
            events = len(json.loads((Path(directory) / "trace.json").read_text())["traceEvents"])
            ranks, threads, particles, steps, every = case
            print(f"| {ranks} x {threads} | {particles:,} | {steps:,} | {steps // every + 1} | {statistics.median(a for a, _ in bare):.2f} | "
                  f"{spread(wall)} | {spread(processor)} | {events} |", flush=True)


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""Turns what `perf script -F ip,sym,dso` prints into a file that KCachegrind opens. Used by scripts/profile.

    perf script -i perf.data --no-inline -F ip,sym,dso | scripts/perf_to_callgrind.py COMMAND > callgrind.out

The format is that of Callgrind, version 1 (Valgrind manual, "Callgrind Format Specification"); the costs are numbers of samples. A
call is as often counted as it stood in a sample, so counts of calls say nothing, but what they cost does.
"""

import re
import sys
from collections import Counter, defaultdict

from source_lines import source_lines

UNKNOWN = ("???", 0)


def read_samples(stream):
    """Yields the stack of every sample, [(address, function, object), ...], the innermost function first.

    A stack ends where perf lost its way, as in libraries without frame pointers.
    """
    stack, lost = [], False
    for line in stream:
        frame = re.match(r"\s*([0-9a-f]+) (.+) \((.+)\)$", line.rstrip())
        if frame is None:
            if stack:
                yield stack
            stack, lost = [], False
            continue
        address, function, place = frame.groups()
        lost = lost or (bool(stack) and function == "[unknown]")
        if not lost:
            stack.append((int(address, 16), function, place))
    if stack:
        yield stack


def name_of(function, address):
    return hex(address) if function == "[unknown]" else function


def add_up(samples):
    """Costs of functions by address, of calls by address and callee, and the number of samples.

    Functions are (object, name). A function that stands in a stack twice is counted once.
    """
    own, calls, total = defaultdict(Counter), defaultdict(Counter), 0
    for stack in samples:
        total += 1
        functions = [(place, name_of(function, address)) for address, function, place in stack]
        own[functions[0]][stack[0][0]] += 1
        seen = set()
        for callee, caller, frame in zip(functions, functions[1:], stack[1:]):
            if callee != caller and (caller, callee) not in seen:
                seen.add((caller, callee))
                # A return address is that of the instruction after the call, maybe on another line.
                calls[caller][frame[0] - 1, callee] += 1
    return own, calls, total


def write(own, calls, total, command, out):
    addresses = defaultdict(set)
    for function in own.keys() | calls.keys():
        addresses[function[0]] |= set(own[function]) | {address for address, _ in calls[function]}
    lines = {place: source_lines(place, found) for place, found in addresses.items()}

    def innermost(place, address):
        return (lines[place][address] or [UNKNOWN])[0]

    print("# callgrind format", "version: 1", "creator: scripts/profile, from perf", f"cmd: {command}", "positions: instr line",
          "events: Samples", f"summary: {total}", sep="\n", file=out)
    for function in sorted(own.keys() | calls.keys()):
        place, name = function
        every = [(address, None) for address in own[function]] + list(calls[function])
        home = innermost(place, min(address for address, _ in every))[0]
        print(f"\nob={place}\nfl={home}\nfn={name}", file=out)
        for address, count in sorted(own[function].items()):
            file, line = innermost(place, address)
            print(f"fi={file}\n{address:#x} {line} {count}", file=out)
        for (address, callee), count in sorted(calls[function].items()):
            file, line = innermost(place, address)
            print(f"fi={file}\ncob={callee[0]}\ncfn={callee[1]}\ncalls={count} 0 0\n{address:#x} {line} {count}", file=out)


def main():
    own, calls, total = add_up(read_samples(sys.stdin))
    if total == 0:
        sys.exit("perf_to_callgrind: there are no samples")
    write(own, calls, total, " ".join(sys.argv[1:]), sys.stdout)


if __name__ == "__main__":
    main()

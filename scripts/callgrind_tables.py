#!/usr/bin/python3
"""Prints where a program spent its time, by function and by line. Used by scripts/profile.

    scripts/callgrind_tables.py callgrind.out > profile.txt

Reads the format of Callgrind with addresses (`--dump-instr=yes`). Where code was inlined, its cost is given to the innermost line
that stands in this repository: what matters is which line of ours asked for a square root, not where the compiler defines it.
"""

import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

from source_lines import ROOT, source_lines

FUNCTIONS, LINES = 25, 40  # rows of the tables


class Profile:
    """What a file holds: costs of functions (object, name), alone and with what they call, and of (object, address)."""

    def __init__(self):
        self.event, self.command, self.total = "", "", 0
        self.own, self.calls, self.at = Counter(), Counter(), Counter()

    def inclusive(self, function):
        return min(self.own[function] + self.calls[function], self.total)


def read(path):
    profile, names = Profile(), defaultdict(dict)
    place = name = callee = None
    address = 0
    is_call = False

    def resolved(kind, text):
        """The name in "(7) name", and from then on in "(7)"."""
        number, rest = re.fullmatch(r"(?:\((\d+)\))?\s*(.*)", text).groups()
        if number is None:
            return rest
        if rest:
            names[kind][number] = rest
        return names[kind][number]

    for text in path.read_text(errors="replace").splitlines():
        key, equals, value = text.partition("=")
        if equals and key in ("ob", "cob", "fn", "cfn", "fl", "fi", "fe", "cfi", "cfl"):
            found = resolved({"b": "ob", "n": "fn"}.get(key[-1], "fl"), value)
            if key == "ob":
                place = found
            elif key == "fn":
                name = found
            elif key == "cfn":
                callee = found
        elif text.startswith("calls="):
            is_call = True
        elif re.match(r"[0-9+*-]", text):
            where, _, *cost = text.split()
            if where[0] in "+-":
                address += int(where, 0)
            elif where != "*":
                address = int(where, 0)
            cost = int(cost[0]) if cost else 0
            if is_call:
                if callee != name:
                    profile.calls[place, name] += cost
                is_call = False
            else:
                profile.own[place, name] += cost
                profile.at[place, address] += cost
        elif text.startswith("events:"):
            profile.event = text.split()[1]
        elif text.startswith("cmd:"):
            profile.command = text[4:].strip()
    profile.total = sum(profile.own.values())
    return profile


def short(function):
    """A C++ function without its parameters and what it returns."""
    depth, end = 0, len(function)
    for index, letter in enumerate(function):
        if letter == "(" and depth == 0 and not function[index:].startswith(("(anonymous namespace)", "()(")):
            end = index
            break
        depth += {"<": 1, "(": 1, ">": -1, ")": -1}.get(letter, 0)
    depth, begin = 0, 0
    for index, letter in enumerate(function[:end]):
        depth += {"<": 1, "(": 1, ">": -1, ")": -1}.get(letter, 0)
        if letter == " " and depth == 0 and not function[:index].endswith("operator"):
            begin = index + 1
    return function[begin:end]


def line_of(place, found):
    """The innermost line in this repository, else the innermost, else the object."""
    for file, line in found:
        # Headers are found through links below the directory of the build.
        file = Path(file).resolve()
        if file.is_relative_to(ROOT):
            return file, line
    return (Path(found[0][0]), found[0][1]) if found else (Path(place), 0)


def lines(profile):
    """Cost of every line, (file, number)."""
    costs, addresses = Counter(), defaultdict(set)
    for place, address in profile.at:
        addresses[place].add(address)
    found = {place: source_lines(place, wanted) for place, wanted in addresses.items()}
    for (place, address), cost in profile.at.items():
        costs[line_of(place, found[place][address])] += cost
    return costs


def source_text(file, line):
    try:
        return file.read_text(errors="replace").splitlines()[line - 1].strip()
    except (OSError, IndexError):
        return ""


def main():
    profile = read(Path(sys.argv[1]))
    if profile.total == 0:
        sys.exit(f"callgrind_tables: {sys.argv[1]} holds no costs")
    share = lambda cost: f"{100 * cost / profile.total:6.1f} %"
    unit = {"Ir": "instructions", "Samples": "samples"}.get(profile.event, profile.event)
    print(f"{profile.command}\n{profile.total:,} {unit}")

    print("\nby function: its own code\n")
    for function, cost in profile.own.most_common(FUNCTIONS):
        print(f"{share(cost)}  {short(function[1])}  [{Path(function[0]).name}]")
    print("\nby function: with what it calls\n")
    inclusive = Counter({function: profile.inclusive(function) for function in profile.own.keys() | profile.calls.keys()})
    for function, cost in inclusive.most_common(FUNCTIONS):
        print(f"{share(cost)}  {short(function[1])}  [{Path(function[0]).name}]")
    print("\nby line\n")
    for (file, line), cost in lines(profile).most_common(LINES):
        is_ours = file.is_relative_to(ROOT)
        where = (str(file.relative_to(ROOT)) if is_ours else file.name) + (f":{line}" if line else " (no line known)")
        print(f"{share(cost)}  {where:44}  {source_text(file, line) if is_ours and line else ''}".rstrip())


if __name__ == "__main__":
    main()

"""What the scripts make_*_reference.py share: extended precision, explicit steps, and tables that check themselves.

Importing it sets the working precision of mpmath.
"""

import argparse
import pathlib
import sys

from mpmath import mp, mpf

WORKING_DIGITS = 60
PRINTED_DIGITS = 25
FOLDER = pathlib.Path(__file__).resolve().parent.parent / "tests" / "physics"

# Particles (x, y, speed) and where 10000 explicit Euler steps of 1e-5 must bring them.
REFERENCE_PARTICLES = [
    ((0.3, 0.5, 1.0), ("0.21026984503568040", "0.54386357872969482")),
    ((0.0, -0.5, -1.0), ("-0.09933476605673608", "-0.49003428885380410")),
    ((-0.1, -0.4, 3.0), ("0.19135850382526364", "-0.36522722107443821")),
]

mp.dps = WORKING_DIGITS


def euler(x, y, a, steps):
    """End position (x, y) after `steps` times  z <- z + i a z / |z|;  all but the count are mpf."""
    r2_end = x * x + y * y + steps * a * a
    for _ in range(steps):
        turn = a / mp.sqrt(x * x + y * y)
        x, y = x - turn * y, y + turn * x
    # Each step is at right angles to the radius, so |z|^2 grows by a^2.
    assert abs(x * x + y * y - r2_end) <= mpf(10)**(8 - WORKING_DIGITS) * r2_end
    return x, y


def check_reference_particles(end_of):
    """Assert that end_of(x, y, speed, dt, steps) brings the reference particles where they must be."""
    for particle, expected in REFERENCE_PARTICLES:
        for got, want in zip(end_of(*particle, 1e-5, 10000), expected):
            assert abs(got - mpf(want)) <= mpf("1e-16"), (particle, got, want)


class ReferenceTable:
    """A CSV file of motions and where they end.

    name           the file, in tests/physics
    header         comment lines, then the line that names the columns
    cases          list of tuples, the inputs of one row each; doubles are written so that they can be read back exactly
    end_of         function of such a tuple: the end position (x, y) as mpf
    checked_every  of how many rows --check evaluates one; coprime to any pattern in the rows
    """

    def __init__(self, name, header, cases, end_of, checked_every):
        self.path = FOLDER / name
        self.header = header
        self.cases = cases
        self.end_of = end_of
        self.checked_every = checked_every

    def row(self, case):
        """The line of the table for one case."""
        return self.inputs(case) + ",".join(
            mp.nstr(v, PRINTED_DIGITS, strip_zeros=False) for v in self.end_of(case)) + "\n"

    @staticmethod
    def inputs(case):
        """The part of the line that is known without evaluation."""
        return "".join(f"{v if isinstance(v, str) else repr(v)}," for v in case)

    def write(self):
        """Write the file; return the exit code."""
        text = self.header + "".join(map(self.row, self.cases))
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(text, encoding="ascii")
        print(f"wrote {self.path.name}: {len(self.cases)} rows, {len(text)} bytes")
        return 0

    def check(self, every):
        """Compare header, number of rows, all inputs, and the results of one row in `every`; return the exit code."""
        if not self.path.is_file():
            print(f"{self.path.name} does not exist", file=sys.stderr)
            return 1
        stored = self.path.read_text(encoding="ascii")
        rows = stored[len(self.header):].splitlines(keepends=True)
        if not stored.startswith(self.header) or len(rows) != len(self.cases):
            print(f"{self.path.name} has another header or number of rows than it should", file=sys.stderr)
            return 1
        for number, (row, case) in enumerate(zip(rows, self.cases)):
            expected = self.row(case) if number % every == 0 else self.inputs(case)
            if not row.startswith(expected):
                print(f"{self.path.name}, row {number}, differs:\n  stored   {row}  expected {expected}",
                      file=sys.stderr)
                return 1
        print(f"{self.path.name} is up to date: {(len(rows) + every - 1) // every} of {len(rows)} rows evaluated")
        return 0

    def main(self, self_check):
        """Run as a program; return the exit code.

        self_check  function that asserts whatever can be asserted without the table, of a bool: at length?
        """
        parser = argparse.ArgumentParser(description=f"Write tests/physics/{self.path.name}, or check it.")
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--check", action="store_true",
                            help="compare with the stored file: all inputs, and results of "
                                 f"one row in {self.checked_every}")
        choice.add_argument("--check-all", action="store_true",
                            help="compare with the stored file: every row; with the long self-check")
        arguments = parser.parse_args()

        self_check(not arguments.check)
        if arguments.check:
            return self.check(self.checked_every)
        if arguments.check_all:
            return self.check(1)
        return self.write()

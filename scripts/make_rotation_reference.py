#!/usr/bin/python3
"""Reference values for the law "rotation about a centre".

Writes tests/physics/rotation_reference.csv.  A particle at z = x + iy moves
around the origin with signed tangential speed s (counter-clockwise for s > 0).
Two motions are evaluated, in lengths and times of arbitrary but equal units:

  direct  explicit Euler, n times  z <- z + i (s dt) z / |z|
  circle  exact motion: |z| is constant, the angle grows by s t / |z|,
          with t the double-precision product n * dt (rounded once)

Every input is the exact value of a double.  The arithmetic carries at least
60 decimal digits, the results are printed with 25 significant digits.
"""

import argparse
import pathlib
import random
import sys

from mpmath import mp, mpf

WORKING_DIGITS = 60
PRINTED_DIGITS = 25
TABLE = (pathlib.Path(__file__).resolve().parent.parent
         / "tests" / "physics" / "rotation_reference.csv")

HEADER = f"""\
# Rotation about the origin: reference end positions.
# Written by scripts/make_rotation_reference.py; do not edit by hand.
# Working precision at least {WORKING_DIGITS} decimal digits, results printed with {PRINTED_DIGITS}.
# Inputs are exact doubles. direct: explicit Euler; circle: exact motion for
# the time t = double(steps * dt). The phase of a circle row is known to a
# double-precision program only to about 1e-16 * |speed| t / radius.
method,x,y,speed,dt,steps,x_end,y_end
"""

# Particles (x, y, speed) and where 10000 direct steps of 1e-5 must bring them.
REFERENCE_PARTICLES = [
    ((0.3, 0.5, 1.0), ("0.21026984503568040", "0.54386357872969482")),
    ((0.0, -0.5, -1.0), ("-0.09933476605673608", "-0.49003428885380410")),
    ((-0.1, -0.4, 3.0), ("0.19135850382526364", "-0.36522722107443821")),
]


def direct(x, y, speed, dt, steps):
    """End position (x, y) as mpf after `steps` explicit Euler steps."""
    with mp.workdps(WORKING_DIGITS):
        x, y, h = mpf(x), mpf(y), mpf(speed) * mpf(dt)
        r2_end = x * x + y * y + steps * h * h
        for _ in range(steps):
            a = h / mp.sqrt(x * x + y * y)
            x, y = x - a * y, y + a * x
        # Each step is at right angles to the radius, so |z|^2 grows by h^2.
        assert abs(x * x + y * y - r2_end) <= mpf(10)**(8 - WORKING_DIGITS) * r2_end
        return x, y


def circle(x, y, speed, dt, steps):
    """End position (x, y) as mpf of the exact motion for the time steps * dt."""
    t = steps * dt
    with mp.workdps(WORKING_DIGITS):
        angle = mpf(speed) * mpf(t) / mp.hypot(mpf(x), mpf(y))
        turns_digits = max(0, int(mp.ceil(mp.log10(abs(angle) + 1))))
    # Large angles lose their leading digits when whole turns are taken off.
    with mp.workdps(WORKING_DIGITS + turns_digits):
        x, y = mpf(x), mpf(y)
        angle = mpf(speed) * mpf(t) / mp.sqrt(x * x + y * y)
        c, s = mp.cos(angle), mp.sin(angle)
        return x * c - y * s, x * s + y * c


METHODS = {"direct": direct, "circle": circle}


def cases():
    """Yield (method, x, y, speed, dt, steps) for every row of the table."""
    both = ("direct", "circle")

    for steps in (10000, 1, 7, 1000):
        for particle, _ in REFERENCE_PARTICLES:
            for method in both:
                yield (method, *particle, 1e-5, steps)

    rng = random.Random(1)
    for _ in range(40):
        x, y, speed = (rng.uniform(-1.0, 1.0) for _ in range(3))
        for method in both:
            yield (method, x, y, speed, 1e-5, 10000)

    edge_cases = [
        # x, y, speed, dt, steps
        (0.3, 0.5, 0.0, 1e-5, 1000),        # at rest
        (0.3, 0.5, -0.0, 1e-5, 1000),
        (6e-10, 8e-10, 1.0, 1e-5, 1000),    # one step much longer than the radius
        (-6e-10, 8e-10, -1.0, 1e-5, 1),
        (6e-6, -8e-6, 1.0, 1e-5, 1000),     # one step as long as the radius
        (6e-6, 8e-6, -0.5, 1e-5, 1000),
        (600.0, 800.0, 1.0, 1e-5, 1000),    # far out
        (-1000.0, 0.0, -1.0, 1e-5, 1000),
        (0.3, 0.5, 1e-12, 1e-5, 1000),      # step at the rounding limit of x and y
        (0.3, 0.5, 1e3, 1e-5, 1000),
        (0.3, 0.5, -1e3, 1e-5, 1000),
        (0.3, 0.5, 1.0, 1e-7, 1000),
        (0.3, 0.5, 1.0, 1e-1, 1000),        # coarse: the direct motion spirals outwards
        (0.5, 0.0, 1.0, 1e-5, 1000),        # on the axes
        (0.0, 0.5, 1.0, 1e-5, 1000),
        (-0.5, 0.0, 1.0, 1e-5, 1000),
        (6e-201, 8e-201, 1.0, 1e-5, 1000),  # x^2 + y^2 underflows
        (6e-201, 8e-201, 1e-200, 1e-5, 1000),
        (6e199, 8e199, 1e195, 1e-5, 1000),  # x^2 + y^2 overflows
        (6e199, -8e199, -1e200, 1e-5, 1000),
    ]
    for case in edge_cases:
        for method in both:
            yield (method, *case)

    yield ("circle", 1e-6, 0.0, 1.0, 1e-4, 10000)   # 1e6 rad
    yield ("circle", 0.0, -1e-6, -1.0, 1e-4, 10000)
    yield ("circle", 1e-6, 0.0, 1e4, 1e-4, 10000)   # 1e10 rad
    yield ("circle", 6e-7, 8e-7, -1e4, 1e-4, 10000)


def check_reference_particles():
    """Assert that the direct motion reproduces the known end positions."""
    for particle, expected in REFERENCE_PARTICLES:
        end = direct(*particle, 1e-5, 10000)
        with mp.workdps(WORKING_DIGITS):
            for got, want in zip(end, expected):
                assert abs(got - mpf(want)) <= mpf("1e-16"), (particle, got, want)


def table_text():
    """Return the complete CSV text."""
    lines = []
    for method, x, y, speed, dt, steps in cases():
        end = METHODS[method](x, y, speed, dt, steps)
        inputs = ",".join(repr(v) for v in (x, y, speed, dt, steps))
        results = ",".join(mp.nstr(v, PRINTED_DIGITS, strip_zeros=False) for v in end)
        lines.append(f"{method},{inputs},{results}\n")
    return HEADER + "".join(lines)


def main():
    """Write the table, or compare it with the stored one; return the exit code."""
    parser = argparse.ArgumentParser(
        description="Write tests/physics/rotation_reference.csv.")
    parser.add_argument("--check", action="store_true",
                        help="compare with the stored file instead of writing it")
    arguments = parser.parse_args()

    check_reference_particles()
    text = table_text()
    if not arguments.check:
        TABLE.parent.mkdir(parents=True, exist_ok=True)
        TABLE.write_text(text, encoding="ascii")
        print(f"wrote {TABLE.name}: {len(text)} bytes")
        return 0

    if not TABLE.is_file():
        print(f"{TABLE.name} does not exist", file=sys.stderr)
        return 1
    stored = TABLE.read_text(encoding="ascii")
    if stored != text:
        print(f"{TABLE.name} differs from the regenerated table", file=sys.stderr)
        return 1
    print(f"{TABLE.name} is up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())

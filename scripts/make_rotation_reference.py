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

import random
import sys

from mpmath import mp, mpf

from reference_table import (PRINTED_DIGITS, REFERENCE_PARTICLES, WORKING_DIGITS, ReferenceTable,
                             check_reference_particles, euler)

HEADER = f"""\
# Rotation about the origin: reference end positions.
# Written by scripts/make_rotation_reference.py; do not edit by hand.
# Working precision at least {WORKING_DIGITS} decimal digits, results printed with {PRINTED_DIGITS}.
# Inputs are exact doubles. direct: explicit Euler; circle: exact motion for
# the time t = double(steps * dt). The phase of a circle row is known to a
# double-precision program only to about 1e-16 * |speed| t / radius.
method,x,y,speed,dt,steps,x_end,y_end
"""


def direct(x, y, speed, dt, steps):
    """End position (x, y) as mpf after `steps` explicit Euler steps."""
    return euler(mpf(x), mpf(y), mpf(speed) * mpf(dt), steps)


def circle(x, y, speed, dt, steps):
    """End position (x, y) as mpf of the exact motion for the time steps * dt."""
    t = steps * dt
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


def end_of(case):
    """End position (x, y) as mpf for a row's inputs."""
    method, *inputs = case
    return METHODS[method](*inputs)


def self_check(_at_length):
    """Assert that the direct motion reproduces the known end positions."""
    check_reference_particles(direct)


if __name__ == "__main__":
    sys.exit(ReferenceTable("rotation_reference.csv", HEADER, list(cases()), end_of, checked_every=7).main(self_check))

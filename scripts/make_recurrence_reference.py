#!/usr/bin/python3
"""Reference values for the stepped motion of the law "rotation about a centre".

Writes tests/physics/recurrence_reference.csv: where n steps of explicit Euler

    z <- z + i a z / |z|,    z = x + iy,    a = speed * dt  (the exact product)

bring a particle.  Every input is the exact value of a double.  A particle close
to the centre, |z| < R |a|, is stepped in 60 digits until it is further out; the
other steps are summed in closed form.

The closed form.  A step is at right angles to the radius, so |z_k|^2 = |z_0|^2 + k a^2,
and step k turns by atan(a / |z_k|): the discrete spiral of Theodorus, with any start.
With u_k = (|z_0| / a)^2 + k, a > 0 and f(u) = atan(1 / sqrt(u)), the Euler-Maclaurin
formula for n steps reads

    sum_{k<n} f(u_k) = G(u_n) - G(u_0)
    G(u) = integral of f - f(u) / 2 + sum_{j>0} B_2j / (2j)! f^(2j-1)(u)

Write p = 1 / sqrt(u) = a / |z|.  Then

    f = sum_{l>=0} (-1)^l p^(2l+1) / (2l+1)
    integral of f = (u + 1) f + sqrt(u) = 2 / p + sum_l (-1)^l p^(2l+1) (1 / (2l+1) - 1 / (2l+3))

and as the m-th derivative of u^-s is (-1)^m s (s+1) ... (s+m-1) u^(-s-m), the power
p^(2l+1) = u^-(l+1/2) of f adds to f^(2j-1) the power p^(2l+4j-1), with the factor
-(l+1/2) (l+3/2) ... (l+2j-3/2).  Sorted by powers, G = 2 / p + P(p) with the odd series

    P(p) = sum_{q>=0} c_q p^(2q+1) = p/6 - p^3/120 - p^5/840 + 5 p^7/8064 + ...
    c_q = (-1)^q (1 / (2 (2q+1)) - 1 / (2q+3))
          - sum_{j>0, l=q+1-2j>=0} B_2j / (2j)! (-1)^l / (2l+1) (l+1/2) ... (l+2j-3/2)

(OEIS A351861, A351862).  The difference of the 2 / p is 2 (|z_n| - |z_0|) / a, better
written without cancellation as 2 n a / (|z_n| + |z_0|), where a and p may have either sign.

The error of leaving out c_q and all that follow, q odd.  f decreases, and -f' =
1 / (2 sqrt(u) (u + 1)) is a product of completely monotone functions, hence one itself.
So the remainder of the sum over j is below the first term left out; and for every j the
sum over l alternates and falls, so that its remainder is below its first term left out
too.  These terms are the summands of c_q p^(2q+1): the error of G is below the sum of
their magnitudes, that of the angle below twice as much.  For p <= 1 / R it is asserted
to be below 1e-50.
"""

import fractions
import itertools
import math
import random
import sys

from mpmath import mp, mpf

from reference_table import (PRINTED_DIGITS, REFERENCE_PARTICLES, WORKING_DIGITS, ReferenceTable,
                             check_reference_particles, euler)

CLOSED_FORM_FROM = 32  # R: multiples of |a|; at most R^2 steps are explicit
TERMS = 19             # of P; odd, see the error above

HEADER = f"""\
# Explicit Euler for the rotation about the origin: end positions after `steps` times
#   z <- z + i a z / |z|,   z = x + iy,   a = speed * dt, the exact product of the two doubles.
# Written by scripts/make_recurrence_reference.py, which says how; do not edit by hand.
# Inputs are exact doubles. {WORKING_DIGITS} decimal digits, truncation below 1e-50 rad; results printed with {PRINTED_DIGITS} digits.
x,y,speed,dt,steps,x_end,y_end
"""


def summands(q):
    """The exact fractions that add up to c_q."""
    half = fractions.Fraction(1, 2)
    sign = (-1)**q
    yield sign * (fractions.Fraction(1, 2 * (2 * q + 1)) - fractions.Fraction(1, 2 * q + 3))
    for j in range(1, (q + 1) // 2 + 1):
        l = q + 1 - 2 * j
        bernoulli = fractions.Fraction(*mp.bernfrac(2 * j))
        rising = math.prod(l + half + i for i in range(2 * j - 1))
        yield -bernoulli / math.factorial(2 * j) * (-1)**l / (2 * l + 1) * rising


def as_mpf(fraction):
    """A fraction in working precision."""
    return mpf(fraction.numerator) / fraction.denominator


COEFFICIENTS = [sum(summands(q)) for q in range(TERMS)]
ROUNDED_COEFFICIENTS = [as_mpf(c) for c in COEFFICIENTS]


def series(p):
    """P(p) of the module's docstring."""
    total = mpf(0)
    for c in reversed(ROUNDED_COEFFICIENTS):
        total = total * p * p + c
    return total * p


def closed_form(x, y, a, steps):
    """End position (x, y) as mpf after any number of steps from |z| >= R |a|; all but the count are mpf."""
    r = mp.sqrt(x * x + y * y)
    r_end = mp.sqrt(x * x + y * y + steps * a * a)
    angle = 2 * steps * a / (r_end + r) + series(a / r_end) - series(a / r)
    growth = r_end / r
    c, s = growth * mp.cos(angle), growth * mp.sin(angle)
    return x * c - y * s, x * s + y * c


def end_of(case):
    """End position (x, y) as mpf for a row's inputs (x, y, speed, dt, steps)."""
    x, y, speed, dt, steps = case
    x, y, a = mpf(x), mpf(y), mpf(speed) * mpf(dt)
    if a == 0:
        return x, y
    missing = CLOSED_FORM_FROM**2 - (x * x + y * y) / (a * a)
    explicit = min(steps, max(0, int(mp.ceil(missing))))
    x, y = euler(x, y, a, explicit)
    return closed_form(x, y, a, steps - explicit)


# Cases.  The functions of mpmath, unlike those of the C library, give the same doubles everywhere.

def power_of_ten(rng, low, high):
    """A double between 10^low and 10^high, its logarithm uniform; of six decimal digits, to keep the table small."""
    return float(mp.nstr(mpf(10)**mpf(rng.uniform(low, high)), 6))


def sign(rng):
    """1 or -1."""
    return 1 if rng.random() < 0.5 else -1


def at(rng, radius):
    """A position (x, y) in a random direction."""
    angle = 2 * mp.pi * mpf(rng.random())
    return float(mpf(radius) * mp.cos(angle)), float(mpf(radius) * mp.sin(angle))


# Around the lengths of block that a kernel may use.
FEW_STEPS = (1, 2, 63, 64, 65, 127, 128)
GROUP = 24  # rows with the same dt and number of steps, so that a test can evaluate them at once


def random_cases(rng, groups):
    """All inputs independent of each other."""
    for _ in range(groups):
        dt = power_of_ten(rng, -7, -1)
        steps = int(power_of_ten(rng, 0, 6))
        for _ in range(GROUP):
            yield (*at(rng, power_of_ten(rng, -9, 3)), sign(rng) * power_of_ten(rng, -12, 3), dt, steps)


def random_turns(rng, groups):
    """|a| / radius from 1e-7 to 10, where the motion is seen."""
    for _ in range(groups):
        dt = power_of_ten(rng, -7, -1)
        steps = int(power_of_ten(rng, 0, 6))
        rows = 0
        while rows < GROUP:
            radius = power_of_ten(rng, -9, 3)
            speed = power_of_ten(rng, -7, 1) * radius / dt
            if 1e-12 <= speed <= 1e3:
                rows += 1
                yield (*at(rng, radius), sign(rng) * speed, dt, steps)


def benchmark(rng, rows):
    """The benchmark's square."""
    for _ in range(rows):
        yield (*(rng.uniform(-1.0, 1.0) for _ in range(3)), 1e-5, 10000)


def published():
    """The reference particles."""
    for steps in (*FEW_STEPS, 1000, 10000, 100000, 1000000):
        for particle, _ in REFERENCE_PARTICLES:
            yield (*particle, 1e-5, steps)


def at_rest():
    """Speed zero, of both signs."""
    for steps in (1, 64, 1000000):
        for position in ((0.3, 0.5), (-1e-9, 0.0), (0.0, 1e3), (-600.0, -800.0)):
            for speed in (0.0, -0.0):
                yield (*position, speed, 1e-5, steps)


def on_axes():
    """Particles that start on an axis, with zeros of both signs."""
    r, dt = 0.05, 1e-1
    for steps in (1, 64, 1000, 1000000):
        for a_over_r in (1e-6, 1e-2, 1.0, 1e3):
            for position in ((r, 0.0), (0.0, r), (-r, -0.0), (-0.0, -r)):
                for direction in (1, -1):
                    yield (*position, direction * a_over_r * r / dt, dt, steps)


def around_thresholds(rng):
    """Radii on both sides of the |a| / radius where a kernel may change its form: by far, by little, by one bit."""
    for speed, dt in ((1.0, 2.0**-10), (-0.7, 1e-2)):
        for steps in (*FEW_STEPS, 1000, 100000):
            for one_in in (8, 1, mpf(1000) / 3, 1000, 10000):
                edge = float(abs(mpf(speed) * mpf(dt)) * one_in)
                for r in (math.nextafter(edge, 0.0), edge, math.nextafter(edge, math.inf)):
                    yield (r, 0.0, speed, dt, steps)
                for factor in (0.99, 1 - 1e-6, 1 + 1e-6, 1.01):
                    yield (*at(rng, edge * factor), speed, dt, steps)


def near_centre(rng):
    """Steps much longer than the radius."""
    for speed, dt in ((1.0, 1e-1), (1e3, 1e-1), (-1e3, 1e-1), (-1.0, 1e-5)):
        for steps in (*FEW_STEPS, 1000, 1000000):
            for r in (1e-9, 1e-6):
                yield (0.0, r, speed, dt, steps)
                yield (*at(rng, r), speed, dt, steps)


def long_angles(rng):
    """Tens to thousands of radians; the angle is below 2 sqrt(steps)."""
    for steps in (100000, 300000, 1000000):
        for a_over_r in (1e-3, 3e-3, 1e-2, 1e-1, 1.0):
            for r in (1e-6, 1e-3, 1.0, 30.0):
                for direction in (1, -1):
                    yield (*at(rng, r), direction * a_over_r * r / 1e-1, 1e-1, steps)


def corners(rng):
    """The ends of all ranges."""
    for steps, r, speed, dt, direction in itertools.product((1, 1000000), (1e-9, 1e3), (1e-12, 1e3), (1e-7, 1e-1), (1, -1)):
        yield (*at(rng, r), direction * speed, dt, steps)


def cases():
    """The inputs (x, y, speed, dt, steps) of every row of the table."""
    rng = random.Random(1)
    return [
        *published(),
        *benchmark(rng, 300),
        *random_cases(rng, 56),
        *random_turns(rng, 56),
        *at_rest(),
        *on_axes(),
        *around_thresholds(rng),
        *near_centre(rng),
        *long_angles(rng),
        *corners(rng),
    ]


def self_check(at_length):
    """Assert that series and closed form are right: by known values, by the bound on the error, by stepping."""
    known = "1/6 -1/120 -1/840 5/8064 1/4224 -521/2196480 -29/199680 1067/5013504"  # A351861 / A351862
    for c, expected in zip(COEFFICIENTS, known.split()):
        assert c == fractions.Fraction(expected), (c, expected)

    left_out = sum(abs(as_mpf(s)) for s in summands(TERMS)) / mpf(CLOSED_FORM_FROM)**(2 * TERMS + 1)
    assert TERMS % 2 == 1 and 2 * left_out < mpf("1e-50"), left_out

    check_reference_particles(lambda *case: end_of(case))

    rng = random.Random(2)
    worst = mpf(0)
    all_steps = (1, 2, 200, 1500) + ((20000, 100000) if at_length else ())
    for steps in all_steps:
        for r_over_a in (1e6, 1e3, 100.0, 33.0, 32.0, 31.0, 8.0, 1.0, 1e-8):
            dt = power_of_ten(rng, -7, -1)
            speed = sign(rng) * power_of_ten(rng, -12, 3)
            x, y = at(rng, r_over_a * abs(speed * dt))
            x_end, y_end = euler(mpf(x), mpf(y), mpf(speed) * mpf(dt), steps)
            x_got, y_got = end_of((x, y, speed, dt, steps))
            worst = max(worst, mp.hypot(x_got - x_end, y_got - y_end) / mp.hypot(x_end, y_end))
    print(f"closed form against up to {max(all_steps)} steps in {WORKING_DIGITS} digits: off by at most {mp.nstr(worst, 2)}")
    assert worst < mpf("1e-45")


if __name__ == "__main__":
    sys.exit(ReferenceTable("recurrence_reference.csv", HEADER, cases(), end_of, checked_every=41).main(self_check))

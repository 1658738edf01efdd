"""Damped discs, through the program: collisions against the damped oscillator, energy that only falls, the same bits everywhere."""

import math

import h5py
import numpy as np
import pytest
from orrery_program import assert_same_bits, datasets, run_well

STIFFNESS, DAMPING, SPEED = 100.0, 2.0, 1.0
DISCS = ["--law.name", "soft-disc", "--soft-disc.stiffness", STIFFNESS, "--soft-disc.diameter", 1, "--soft-disc.damping", DAMPING]


def diagnostics(path):
    with h5py.File(path) as file:
        return {name: series[()] for name, series in file["diagnostics"].items()}


def last_frame(path):
    with h5py.File(path) as file:
        return [file[f"particles/trajectory/{name}/value"][-1] for name in ("position", "velocity")]


def table_of(path, rows):
    path.write_text("x,y,vx,vy\n" + "".join(",".join(repr(float(number)) for number in row) + "\n" for row in rows))
    return path


def oscillator(step=0.0):
    """Restitution and duration of a head-on collision of two discs of mass 1, whose reduced mass is 1/2: the overlap is that of a damped
    oscillator until they part. With a step, that of the equation which the scheme solves to second order in it: velocities half a step old
    make drag and spring stronger by 1 / (1 - damping step)."""
    stronger = 1 / (1 - DAMPING * step)
    beta, square = DAMPING * stronger, 2 * STIFFNESS * stronger
    omega = math.sqrt(square - beta**2)
    return math.exp(-beta * math.pi / omega), math.pi / omega


def head_on(directory, step, pairs=200):
    """Restitution and duration of collisions that begin at any part of a step. Pairs go sideways together, which must not matter."""
    gaps = 0.1 + SPEED * step * (np.arange(pairs) + 0.5) / pairs
    rows = []
    for pair, gap in enumerate(gaps):
        rows += [(2, 2 + 2 * pair, SPEED / 2, 0.75), (3 + gap, 2 + 2 * pair, -SPEED / 2, 0.75)]
    path = directory / f"{step}.h5md"
    end = 0.5
    run_well("run", *DISCS, "--particles.source", "file", "--particles.file", table_of(directory / "pairs.csv", rows), "--box.lengths", 6,
             2 * pairs + 4, "--box.boundary", "open", "--time.step", step, "--time.steps", round(end / step), "--output.file", path,
             "--run.quiet")
    position, velocity = last_frame(path)
    assert np.all(velocity[:, 1] == 0.75)
    distance, parting = (column[1::2, 0] - column[0::2, 0] for column in (position, velocity))
    assert distance.min() > 1
    # Before and after they touch, discs go straight on.
    duration = end - (distance - 1) / parting - gaps / SPEED
    return parting / SPEED, duration


def test_head_on_collisions_are_those_of_the_damped_oscillator(tmp_path):
    """On average over where in a step they begin: to first order in the step, and to second order those of the equation that is solved."""
    steps = [2**-8, 2**-9, 2**-10]
    found = [head_on(tmp_path, step) for step in steps]
    restitution, duration = ([each[number].mean() / oscillator()[number] - 1 for each in found] for number in (0, 1))
    for errors in (restitution, duration):
        assert abs(errors[0]) < DAMPING * steps[0], errors
        assert 1.8 < errors[0] / errors[1] < 2.2 and 1.8 < errors[1] / errors[2] < 2.2, errors
    for step, each in zip(steps, found):
        for number, solved in enumerate(oscillator(step)):
            assert each[number].mean() == pytest.approx(solved, rel=15 * step**2)
        # A single collision feels drag for up to half a step too long or too short, at either end.
        np.testing.assert_allclose(each[0], oscillator()[0], rtol=2 * DAMPING * step)


def passing(start, velocity, end, step=2e-5):
    """Separation and relative velocity, as complex numbers, of two discs that touch on the way, by Runge-Kutta steps of order 4."""
    def change(r, v):
        distance = abs(r)
        if distance >= 1:
            return v, 0
        normal = r / distance
        return v, 2 * (STIFFNESS * (1 - distance) - DAMPING * (v * normal.conjugate()).real) * normal
    r, v = start, velocity
    for _ in range(round(end / step)):
        r1, v1 = change(r, v)
        r2, v2 = change(r + step / 2 * r1, v + step / 2 * v1)
        r3, v3 = change(r + step / 2 * r2, v + step / 2 * v2)
        r4, v4 = change(r + step * r3, v + step * v3)
        r, v = r + step / 6 * (r1 + 2 * r2 + 2 * r3 + r4), v + step / 6 * (v1 + 2 * v2 + 2 * v3 + v4)
    return r, v


def test_sideways_motion_is_not_damped(tmp_path):
    """Of two that graze each other: what turns them about each other stays, and the rest is as the equation has it."""
    start, velocity, end = 1.0 + 0.7j, -1.0 + 0j, 1.0
    expected = passing(start, velocity, end)
    assert 0.5 < abs(expected[1]) < 0.9
    table = table_of(tmp_path / "two.csv", [(4, 3.7, -0.5, 0), (3, 3, 0.5, 0)])
    for step in (2**-11, 2**-13):
        path = tmp_path / f"{step}.h5md"
        run_well("run", *DISCS, "--particles.source", "file", "--particles.file", table, "--box.lengths", 7, 7, "--box.boundary", "open",
                 "--time.step", step, "--time.steps", round(end / step), "--output.file", path, "--run.quiet")
        found = [complex(*(column[0] - column[1])[:2]) for column in last_frame(path)]
        np.testing.assert_allclose(found, expected, rtol=2 * DAMPING * step)
        assert (found[0].conjugate() * found[1]).imag == pytest.approx(0.7, rel=1e-8)
        turning = diagnostics(path)["angular_momentum"]
        assert np.ptp(turning) < 1e-8 * turning[0]


def gas(path, *settings, ranks=None):
    run_well("run", "--law.name", "soft-disc", "--soft-disc.stiffness", 500, "--particles.source", "random", "--particles.count", 120,
             "--particles.min-distance", 1, "--particles.temperature", 1, "--box.lengths", 20, 14, "--output.file", path, "--run.quiet",
             *settings, ranks=ranks)
    return path


def test_energy_falls_and_momentum_stays(tmp_path):
    """Where hardly anything is damped, energy may rise by as much as it wanders in the scheme without: that falls with the step."""
    def series(step, damping):
        return diagnostics(gas(tmp_path / f"{step}-{damping}.h5md", "--time.step", step, "--time.steps", round(2 / step), "--output.every", 1,
                               "--soft-disc.damping", damping))
    for step in (0.004, 0.002):
        wandering = np.ptp(series(step, 0)["total_energy"])
        assert wandering < 0.2 * (step / 0.004) ** 2
        for damping, share in ((0.05, 0.25), (5, 0)):
            found = series(step, damping)
            total = found["total_energy"]
            assert (total - np.minimum.accumulate(total)).max() <= share * wandering
            assert total[-1] < (1 - min(0.5, 0.4 * damping)) * total[0]
            assert found["momentum"].max() < 1e-9


def test_the_same_bits_on_any_ranks_threads_lists_and_frames(tmp_path):
    damped = ["--soft-disc.damping", 5, "--time.step", 0.002, "--time.steps", 600]
    expected = datasets(gas(tmp_path / "0.h5md", *damped, "--output.every", 200))
    for number, (ranks, threads, skin, balance) in enumerate([(None, 3, 0.2, "true"), (2, 1, 0.05, "true"), (5, 1, 0.5, "false")], 1):
        path = gas(tmp_path / f"{number}.h5md", *damped, "--output.every", 200, "--run.threads", threads, "--neighbour.skin", skin,
                   "--domain.balance", balance, ranks=ranks)
        assert_same_bits(expected, datasets(path), f"{ranks} ranks")
    for every in (0, 7):
        found = last_frame(gas(tmp_path / f"every{every}.h5md", *damped, "--output.every", every))
        for one, other in zip(last_frame(tmp_path / "0.h5md"), found):
            assert one.tobytes() == other.tobytes()


def test_mixed_precision_has_the_same_bits_on_any_ranks(tmp_path):
    damped = ["--soft-disc.damping", 5, "--time.step", 0.002, "--time.steps", 300, "--run.precision", "mixed", "--output.every", 100]
    expected = datasets(gas(tmp_path / "0.h5md", *damped))
    for number, ranks in enumerate((2, 3), 1):
        assert_same_bits(expected, datasets(gas(tmp_path / f"{number}.h5md", *damped, "--run.threads", 1, ranks=ranks)), f"{ranks} ranks")
    energy = diagnostics(tmp_path / "0.h5md")["total_energy"]
    assert (energy[1:] < energy[:-1]).all()

"""The published three particles, by the whole program on several ranks."""

from decimal import Decimal

import pytest

from orrery_program import SOURCE, datasets, run_well

# After 10,000 explicit Euler steps of 1e-5, in 40 digits.
STEPPED = [("0.21026984503568040", "0.54386357872969482"),
           ("-0.09933476605673608", "-0.49003428885380410"),
           ("0.19135850382526364", "-0.36522722107443821")]


def final_positions(tmp_path, ranks, *more):
    path = tmp_path / "out.h5md"
    run_well("run", SOURCE / "config/three-particles.ini", "--output.file", path, *more, ranks=ranks)
    return datasets(path)


def distance(found, expected):
    """Euclidean distance of a stored position from one in decimal digits, without losing any."""
    return max(abs(Decimal(float(f)) - Decimal(e)) for f, e in zip(found[:2], expected))


@pytest.mark.parametrize("ranks", [1, 2, 3])
@pytest.mark.parametrize("method, tolerance", [("direct", "2e-14"), ("newton", "2e-14"), ("jump", "3e-16")])
def test_the_stepped_motion_meets_the_published_values(tmp_path, ranks, method, tolerance):
    data = final_positions(tmp_path, ranks, "--rotation.method", method)
    assert list(data["particles/trajectory/position/step"]) == list(range(0, 10001, 1000))
    for found, expected in zip(data["particles/trajectory/position/value"][-1], STEPPED):
        assert distance(found, expected) < Decimal(tolerance)


@pytest.mark.parametrize("ranks", [1, 2, 3])
def test_circle_is_exact(tmp_path, ranks):
    mpmath = pytest.importorskip("mpmath")
    mpmath.mp.dps = 40
    data = final_positions(tmp_path, ranks, "--rotation.method", "circle")
    particles = [(0.3, 0.5, 1.0), (0.0, -0.5, -1.0), (-0.1, -0.4, 3.0)]
    for row, (x, y, speed) in enumerate(particles):
        for frame, time in enumerate(data["particles/trajectory/position/time"]):
            z = mpmath.mpc(x, y)
            expected = z * mpmath.expj(mpmath.mpf(speed) * mpmath.mpf(float(time)) / abs(z))
            found = data["particles/trajectory/position/value"][frame][row]
            assert abs(mpmath.mpc(*map(float, found[:2])) - expected) < mpmath.mpf("1e-15")
            assert found[2] == 0


def test_the_two_motions_differ(tmp_path):
    data = final_positions(tmp_path, 1, "--rotation.method", "circle")
    assert distance(data["particles/trajectory/position/value"][-1][0], STEPPED[0]) > Decimal("1e-7")

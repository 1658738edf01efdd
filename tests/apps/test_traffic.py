"""What the log says of messages between ranks, against ghosts that are counted here."""

import itertools
import json

import numpy as np
import pytest
from orrery_program import SOURCE, run_well

KEYS = ["peers", "messages_per_step", "bytes_per_step", "ghosts_per_particle"]


def end_of(tmp_path, *arguments, ranks=None):
    run_well("run", *arguments, "--run.threads", 1, "--run.quiet", "--run.log", "log", "--output.overwrite", ranks=ranks, cwd=tmp_path)
    return json.loads((tmp_path / "log").read_text().splitlines()[-1])


def ghosts_of(mine, others, lengths, reach):
    """Images of other particles within reach of the box around those of a rank."""
    count = 0
    for shift in itertools.product((-1, 0, 1), repeat=3):
        places = others + np.array(shift) * lengths
        gap = np.maximum(0, np.maximum(mine.min(axis=0) - places, places - mine.max(axis=0)))
        count += np.count_nonzero((gap**2).sum(axis=1) <= reach**2)
    return count


def test_one_rank_sends_nothing(tmp_path):
    end = end_of(tmp_path, SOURCE / "config" / "liquid.ini", "--particles.cells", 4, "--time.steps", 3)
    assert [end[key] for key in KEYS] == [0, 0, 0, 0]


def test_particles_that_move_by_themselves_have_no_such_keys(tmp_path):
    assert not set(KEYS) & set(end_of(tmp_path, "--particles.count", 10, "--time.end", 1e-4, ranks=2))
    falling = ["--law.name", "none", "--field.gravity", 0, 0, -1, "--particles.source", "random", "--particles.count", 10, "--box.lengths", 9, 9, 9]
    assert not set(KEYS) & set(end_of(tmp_path, *falling, "--time.step", 0.01, "--time.steps", 3, ranks=2))


@pytest.mark.parametrize("damping, numbers", [(0, 3), (0.5, 6)])
def test_two_ranks_tell_how_many_ghosts_they_have(tmp_path, damping, numbers):
    count, lengths = 4000, np.array([24.0, 12.0, 12.0])
    places = np.random.default_rng(3).uniform(0, lengths, (count, 3))
    np.savetxt(tmp_path / "p.csv", places, delimiter=",", header="x,y,z", comments="", fmt="%.17g")
    end = end_of(tmp_path, "--law.name", "soft-disc", "--particles.source", "file", "--particles.file", "p.csv", "--box.lengths", 24, 12, 12,
                 "--soft-disc.damping", damping, "--neighbour.skin", 0.5, "--time.step", 1e-9, "--time.steps", 4, ranks=2)
    assert end["peers"] == end["messages_per_step"] == 1
    # Half of the particles on either side of a plane across the longest axis, at one of 256 places.
    x = places[:, 0]
    cuts = x.min() + np.ptp(x) * np.arange(1, 256) / 256
    is_left = x < cuts[np.argmin([abs(np.count_nonzero(x < cut) - count / 2) for cut in cuts])]
    ghosts = sum(ghosts_of(places[side], places[~side], lengths, 1.5) for side in (is_left, ~is_left))
    assert end["ghosts_per_particle"] == ghosts / count
    assert end["bytes_per_step"] == 8 * numbers * ghosts / 2

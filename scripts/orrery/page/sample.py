"""Which particles and frames of a run a page shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..run import Run
from ..script import chosen_frames

DEFAULT_PARTICLES = 100_000
# What a browser holds in memory: 8 bytes each in space, and on a graphics card as much again.
MOST_POSITIONS = 12_000_000
FEWEST_FRAMES, MOST_FRAMES = 100, 5_000
# A page that would grow too large leaves out whole groups.
MOST_GROUPS = 20


@dataclass(frozen=True)
class Sample:
    """What is shown of a run.

    frames  numbers of frames, ascending and evenly spaced, the first and the last among them
    groups  rows of particles, a list for each group, each ascending; every group is spread evenly over all rows
    """

    frames: list[int]
    groups: list[np.ndarray]

    @property
    def particles(self) -> int:
        """Number of particles of all groups."""
        return sum(len(rows) for rows in self.groups)


def sample_of(run: Run, particles: int | None, frames: int | None) -> Sample:
    """The sample with so many particles and frames, or as many as browsers can take; DataError if there is no frame."""
    chosen_frames(run, None)
    shown = min(run.particles, DEFAULT_PARTICLES if particles is None else particles)
    if frames is None:
        frames = min(max(FEWEST_FRAMES, MOST_POSITIONS // max(1, shown)), MOST_FRAMES)
    numbers = np.unique(np.linspace(0, len(run) - 1, min(frames, len(run))).round().astype(int))
    if frames == 1:
        numbers = np.array([len(run) - 1])
    return Sample(numbers.tolist(), groups_of(run.particles, shown))


def groups_of(count: int, shown: int) -> list[np.ndarray]:
    """`shown` of `count` rows in groups of nearly equal size.

    One row at random out of each of `shown` equal stretches: evenly spread, but without the step of an even choice,
    which could be that of a lattice. The same choice every time.
    """
    random = np.random.default_rng(0)
    rows = np.arange(count)
    if shown < count:
        edges = np.arange(shown + 1) * count // shown
        rows = edges[:-1] + (random.random(shown) * np.diff(edges)).astype(np.int64)
    parts = np.array_split(random.permutation(rows), max(1, min(MOST_GROUPS, shown)))
    return [np.sort(part) for part in parts]

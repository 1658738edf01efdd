"""Numba, the book's parallel form: prange over particles, steps inside, one particle at a time."""

from math import sqrt

import numba
import numpy as np


@numba.njit(parallel=True, error_model="numpy")
def evolve_all(x, y, speed, dt, steps):
    for i in numba.prange(x.size):
        xi = x[i]
        yi = y[i]
        for _ in range(steps):
            r = sqrt(xi * xi + yi * yi)
            velocity_x = -speed[i] * yi / r
            velocity_y = speed[i] * xi / r
            xi += velocity_x * dt
            yi += velocity_y * dt
        x[i] = xi
        y[i] = yi


def evolve(x, y, speed, dt, steps, threads):
    numba.set_num_threads(threads)
    evolve_all(np.frombuffer(x), np.frombuffer(y), np.frombuffer(speed), dt, steps)

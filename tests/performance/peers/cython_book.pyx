# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Cython, the book's parallel form: prange over particles, steps inside, one particle at a time."""

from cython.parallel import prange
from libc.math cimport sqrt


def evolve(double[::1] x, double[::1] y, double[::1] speed, double dt, Py_ssize_t steps, int threads):
    cdef Py_ssize_t i, step
    cdef double xi, yi, r, velocity_x, velocity_y
    for i in prange(x.shape[0], nogil=True, schedule="static", num_threads=threads):
        xi = x[i]
        yi = y[i]
        for step in range(steps):
            r = sqrt(xi * xi + yi * yi)
            velocity_x = -speed[i] * yi / r
            velocity_y = speed[i] * xi / r
            xi = xi + velocity_x * dt
            yi = yi + velocity_y * dt
        x[i] = xi
        y[i] = yi

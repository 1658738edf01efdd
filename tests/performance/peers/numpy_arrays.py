"""NumPy: one array per quantity, changed in place, so that no step makes a temporary array."""

import numpy as np


def evolve(x, y, speed, dt, steps):
    x = np.frombuffer(x)
    y = np.frombuffer(y)
    displacement = np.frombuffer(speed) * dt
    turn = np.empty_like(x)
    product = np.empty_like(x)
    for _ in range(steps):
        np.multiply(x, x, out=turn)
        np.multiply(y, y, out=product)
        np.add(turn, product, out=turn)
        np.sqrt(turn, out=turn)
        np.divide(displacement, turn, out=turn)  # displacement / r
        np.multiply(y, turn, out=product)
        np.multiply(x, turn, out=turn)
        np.subtract(x, product, out=x)
        np.add(y, turn, out=y)

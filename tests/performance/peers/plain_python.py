"""Plain Python: one object per particle, stepped one after the other, as one would first write it."""

from math import sqrt


class Particle:
    def __init__(self, x, y, speed):
        self.x = x
        self.y = y
        self.speed = speed

    def step(self, dt):
        r = sqrt(self.x * self.x + self.y * self.y)
        velocity_x = -self.speed * self.y / r
        velocity_y = self.speed * self.x / r
        self.x += velocity_x * dt
        self.y += velocity_y * dt


def evolve(x, y, speed, dt, steps):
    particles = [Particle(*values) for values in zip(x, y, speed)]
    for _ in range(steps):
        for particle in particles:
            particle.step(dt)
    for i, particle in enumerate(particles):
        x[i] = particle.x
        y[i] = particle.y

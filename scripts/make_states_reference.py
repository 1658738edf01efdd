#!/usr/bin/python3
"""Digests of starting states and noise, worked out without our own code, for tests/unit/particles/stored_bits.cpp.

Philox4x32-10 after Salmon, Moraes, Dror, Shaw, SC11 (2011); sums by math.fsum, which rounds once; the cube root with 50 digits; places
by looking at all pairs. Prints a line for each digest.
"""

import math
import struct
from decimal import Decimal, localcontext
from fractions import Fraction

MASK = 0xFFFFFFFF
SEED = 1


def philox(seed, counter):
    """The four random words for a counter of four words."""
    c0, c1, c2, c3 = counter
    k0, k1 = seed & MASK, seed >> 32
    for _ in range(10):
        a, b = c0 * 0xD2511F53, c2 * 0xCD9E8D57
        c0, c1, c2, c3 = (b >> 32) ^ c1 ^ k0, b & MASK, (a >> 32) ^ c3 ^ k1, a & MASK
        k0, k1 = (k0 + 0x9E3779B9) & MASK, (k1 + 0xBB67AE85) & MASK
    return c0, c1, c2, c3


def words(seed, purpose, draw, number):
    return philox(seed, (number & MASK, number >> 32, draw, purpose))


def digest(columns):
    """FNV-1a over the bytes of all numbers."""
    value = 0xCBF29CE484222325
    for column in columns:
        for byte in struct.pack(f"<{len(column)}d", *column):
            value = (value ^ byte) * 0x100000001B3 % 2**64
    return f"{value:#018x}"


def lattice(cells=6, density=0.8442):
    """Fcc: ids count through the sites of a cell, then along x, y and z."""
    with localcontext() as context:
        context.prec = 50
        edge = float((Decimal(4 / density)) ** (Decimal(1) / 3))
    edge = cells * edge / cells
    sites = [(0.25, 0.25, 0.25), (0.75, 0.75, 0.25), (0.75, 0.25, 0.75), (0.25, 0.75, 0.75)]
    points = [((x + a) * edge, (y + b) * edge, (z + c) * edge)
              for z in range(cells) for y in range(cells) for x in range(cells) for a, b, c in sites]
    return list(zip(*points))


def random_places(count=500, least=1.0, lengths=(11.0, 12.0, 13.0)):
    """Places tried in turn, each passed over that is too near to an earlier one through periodic ends."""
    placed = []
    attempt = 0
    while len(placed) < count:
        a, b = words(SEED, 2, 0, attempt), words(SEED, 2, 1, attempt)
        bits = [a[0] | a[1] << 32, a[2] | a[3] << 32, b[0] | b[1] << 32]
        place = [length * ((n >> 11) * 2.0**-53) for length, n in zip(lengths, bits)]
        attempt += 1
        distances = (sum(min(abs(x - y), length - abs(x - y)) ** 2 for x, y, length in zip(place, other, lengths)) for other in placed)
        if all(square >= least**2 for square in distances):
            placed.append(place)
    return list(zip(*placed))


def velocities(count=500, temperature=1.44, grid_bits=44):
    """Sums of twelve words, brought to no momentum, to the temperature and to the grid."""
    unit = 2.0**-grid_bits
    magic = 1.5 * 2.0**52 * unit
    columns = []
    for axis in range(3):
        drawn = [(sum(sum(words(SEED, 3, 3 * axis + block, number)) for block in range(3)) - 6 * MASK) * 2.0**-32 for number in range(count)]
        mean = math.fsum(drawn) / count
        columns.append([v - mean for v in drawn])
    squares = math.fsum(v * v for column in columns for v in column)
    factor = math.sqrt(3 * (count - 1) * temperature / 1.0 / squares)
    for column in columns:
        column[:] = [(v * factor + magic) - magic for v in column]
        left = sum(int(v / unit) for v in column)
        assert abs(left) < count
        for number in range(abs(left)):
            column[number] -= math.copysign(unit, left)
        assert sum(int(v / unit) for v in column) == 0
    return columns


SHARES = (0.5, 0.2, 0.3)


def mixture(count=500, shown=500, shares=SHARES):
    """Species and number within it of the first particles: places in a random order, by a Feistel network whose outcomes beyond the
    count go in again (Luby and Rackoff 1988; Black and Rogaway 2002)."""
    bits = (count - 1).bit_length()
    sizes = (bits + 1) // 2, bits // 2
    ends = [math.floor(count * (math.fsum(shares[:n]) / math.fsum(shares)) + 0.5) for n in range(1, len(shares) + 1)]
    species, numbers = [], []
    for number in range(shown):
        place = number
        while True:
            halves = [place % 2 ** sizes[0], place >> sizes[0]]
            for turn in range(16 if bits <= 16 else 8):
                drawn = words(SEED, 5, turn, halves[turn % 2])
                halves[1 - turn % 2] ^= (drawn[0] | drawn[1] << 32) % 2 ** sizes[1 - turn % 2]
            place = halves[1] << sizes[0] | halves[0]
            if place < count:
                break
        kind = sum(place >= end for end in ends)
        species.append(float(kind))
        numbers.append(float(place - (ends[kind - 1] if kind else 0)))
    return [species, numbers]


def velocities_of_mixture(count=500, temperature=1.44, grid_bits=44, masses=(1.0, 3.5, 0.7)):
    """As those of one species, by mass; sums in rational numbers. What is left is taken off the lightest species."""
    species, numbers = mixture(count)
    mass = [masses[int(kind)] for kind in species]
    counts = [species.count(float(kind)) for kind in range(len(masses))]
    total = 0.0
    for one, many in zip(masses, counts):
        total += one * many
    lightest = min(range(len(masses)), key=lambda kind: masses[kind])
    unit = 2.0**-grid_bits
    magic = 1.5 * 2.0**52 * unit

    def momentum(column):
        return float(sum(Fraction(m) * Fraction(v) for m, v in zip(mass, column)))

    columns = []
    for axis in range(3):
        drawn = [(sum(sum(words(SEED, 3, 3 * axis + block, number)) for block in range(3)) - 6 * MASK) * 2.0**-32 for number in range(count)]
        drawn = [v / math.sqrt(m) for m, v in zip(mass, drawn)]
        mean = momentum(drawn) / total
        columns.append([v - mean for v in drawn])
    squares = math.fsum(m * (v * v) for column in columns for m, v in zip(mass, column))
    factor = math.sqrt(3 * (count - 1) * temperature / 1.0 / squares)
    for column in columns:
        column[:] = [(v * factor + magic) - magic for v in column]
        left = round(momentum(column) / unit / masses[lightest])
        assert abs(left) < counts[lightest]
        for number in range(count):
            if species[number] == lightest and numbers[number] < abs(left):
                column[number] -= math.copysign(unit, left)
        assert abs(momentum(column)) <= 0.5 * masses[lightest] * unit
    return columns


def noise(count=500, step=12345):
    """Three words of a block, centred and scaled to variance 1."""
    blocks = [words(SEED, 4 << 24 | step >> 32, step & MASK, number) for number in range(count)]
    return [[(block[axis] - (2.0**31 - 0.5)) * (math.sqrt(3.0) * 2.0**-31) for block in blocks] for axis in range(3)]


if __name__ == "__main__":
    # The published answer for a counter and a key of zeros (kat_vectors of Random123).
    assert philox(0, (0, 0, 0, 0)) == (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)
    states = {"lattice": lattice(), "random": random_places(), "velocities": velocities(), "noise": noise(),
              "species": mixture() + mixture(100_000), "velocities of a mixture": velocities_of_mixture()}
    for name, columns in states.items():
        print(name, digest(columns))

"""Heat in a plate: a stencil of five points, from one array to the other, until nothing moves.

    python models/stencil.py [SIZE]
"""

import sys

import numpy as np

LIMIT = 1e-3


def step(old, new):
    """One step of Jacobi's method; the largest change."""
    height, width = old.shape
    largest = 0.0
    for y in range(1, height - 1):
        for x in range(1, width - 1):
            value = 0.25 * (old[y - 1, x] + old[y + 1, x] + old[y, x - 1] + old[y, x + 1])
            largest = max(largest, abs(value - old[y, x]))
            new[y, x] = value
    return largest


def main():
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 24
    plate = np.zeros((size, size))
    plate[0, :] = 100.0
    plate[:, -1] = 50.0
    other = plate.copy()
    steps, change = 0, 2 * LIMIT
    while change > LIMIT:
        change = step(plate, other)
        plate, other = other, plate
        steps += 1
    print(f"{steps} steps, mean {np.mean(plate):.6f}, centre {plate[size // 2, size // 2]:.6f}")


main()

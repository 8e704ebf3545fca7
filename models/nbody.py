"""Bodies that attract each other, moved by the leapfrog method.

    python models/nbody.py [STEPS]
"""

import math
import sys

import numpy as np

BODIES = 8
SOFTENING = 1e-3


def accelerate(position, mass, acceleration):
    """What each body feels of all others, by Newton's law."""
    n = len(mass)
    for i in range(n):
        ax = ay = az = 0.0
        for j in range(n):
            if i != j:
                dx = position[j, 0] - position[i, 0]
                dy = position[j, 1] - position[i, 1]
                dz = position[j, 2] - position[i, 2]
                square = dx * dx + dy * dy + dz * dz + SOFTENING
                pull = mass[j] / (square * math.sqrt(square))
                ax += pull * dx
                ay += pull * dy
                az += pull * dz
        acceleration[i, 0], acceleration[i, 1], acceleration[i, 2] = ax, ay, az


def energy(position, velocity, mass):
    """Kinetic and potential together: it should stay as it is."""
    n = len(mass)
    total = 0.0
    for i in range(n):
        for k in range(3):
            total += 0.5 * mass[i] * velocity[i, k] ** 2
        for j in range(i):
            square = SOFTENING
            for k in range(3):
                square += (position[i, k] - position[j, k]) ** 2
            total -= mass[i] * mass[j] / math.sqrt(square)
    return total


def simulate(position, velocity, mass, steps, dt):
    acceleration = np.zeros_like(position)
    accelerate(position, mass, acceleration)
    for _ in range(steps):
        for i in range(len(mass)):
            for k in range(3):
                velocity[i, k] += 0.5 * dt * acceleration[i, k]
                position[i, k] += dt * velocity[i, k]
        accelerate(position, mass, acceleration)
        for i in range(len(mass)):
            for k in range(3):
                velocity[i, k] += 0.5 * dt * acceleration[i, k]


def main():
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    rng = np.random.default_rng(11)
    position, velocity = rng.standard_normal((BODIES, 3)), 0.1 * rng.standard_normal((BODIES, 3))
    mass = rng.uniform(0.5, 1.5, BODIES)
    before = energy(position, velocity, mass)
    simulate(position, velocity, mass, steps, 0.001)
    after = energy(position, velocity, mass)
    print(f"energy {before:.6f} before, {after:.6f} after {steps} steps")
    print(f"first body at {position[0, 0]:.6f} {position[0, 1]:.6f} {position[0, 2]:.6f}")


main()

# args: 100
import sys

import numpy as np

G = 1.0
masses = np.array([1000.0, 1.0, 0.5])
pos = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 20.0]])
vel = np.array([[0.0, 0.0], [0.0, 10.0], [-7.0, 0.0]])
dt = 0.001


def accelerations(pos):
    acc = np.zeros_like(pos)
    for i in range(len(pos)):
        for j in range(len(pos)):
            if i != j:
                d = pos[j] - pos[i]
                acc[i] += G * masses[j] * d / np.linalg.norm(d) ** 3
    return acc


acc = accelerations(pos)
for step in range(int(sys.argv[1])):
    vel += acc * dt / 2
    pos += vel * dt
    acc = accelerations(pos)
    vel += acc * dt / 2
energy = (0.5 * masses * (vel**2).sum(axis=1)).sum()
print(np.round(pos, 3))
print(f"kinetic energy {energy:.3f}")

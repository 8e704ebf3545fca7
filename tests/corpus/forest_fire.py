# args: 12 0.6 4
import sys

import numpy as np

size, density, seed = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
rng = np.random.default_rng(seed)
forest = (rng.random((size, size)) < density).astype(int)
forest[:, 0] *= 2
steps = 0
while (forest == 2).any():
    fire = forest == 2
    near = np.zeros_like(fire)
    near[1:, :] |= fire[:-1, :]
    near[:-1, :] |= fire[1:, :]
    near[:, 1:] |= fire[:, :-1]
    near[:, :-1] |= fire[:, 1:]
    forest[fire] = 3
    forest[near & (forest == 1)] = 2
    steps += 1
print(steps, "steps")
for row in forest:
    print("".join(".T*x"[cell] for cell in row))

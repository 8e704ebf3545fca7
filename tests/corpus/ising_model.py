# args: 6 3 1.5
import sys

import numpy as np

size, sweeps, temperature = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
rng = np.random.default_rng(2)
spins = rng.choice([-1, 1], size=(size, size))
for sweep in range(sweeps):
    for _ in range(size * size):
        i, j = rng.integers(0, size, 2)
        around = (
            spins[(i + 1) % size, j] + spins[i - 1, j]
            + spins[i, (j + 1) % size] + spins[i, j - 1]
        )  # fmt: skip
        cost = 2 * spins[i, j] * around
        if cost <= 0 or rng.random() < np.exp(-cost / temperature):
            spins[i, j] *= -1
    print("sweep", sweep, "magnetisation", spins.sum())
for row in spins:
    print("".join("+" if s > 0 else "-" for s in row))

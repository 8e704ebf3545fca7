# args: 30
import sys

import numpy as np

n = int(sys.argv[1])
points = np.random.default_rng(3).uniform(0, 100, (n, 2))
best = float("inf")
pair = None
for i in range(n):
    for j in range(i + 1, n):
        d = np.sqrt(((points[i] - points[j]) ** 2).sum())
        if d < best:
            best = d
            pair = (i, j)
print(pair, f"{best:.4f}")

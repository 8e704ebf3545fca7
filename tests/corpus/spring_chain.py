# args: 5 40
import sys

import numpy as np

n, steps = int(sys.argv[1]), int(sys.argv[2])
x = np.zeros(n)
v = np.zeros(n)
v[0] = 1.0
for _ in range(steps):
    force = np.zeros(n)
    force[1:] += x[:-1] - x[1:]
    force[:-1] += x[1:] - x[:-1]
    v += 0.1 * force
    x += 0.1 * v
print(np.round(x, 4), np.round(v.sum(), 6))

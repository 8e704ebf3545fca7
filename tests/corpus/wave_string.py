# args: 40
import sys

import numpy as np

steps = int(sys.argv[1])
x = np.linspace(0, 1, 33)
now = np.sin(np.pi * x)
before = now.copy()
courant = 0.9
for _ in range(steps):
    after = np.zeros_like(now)
    after[1:-1] = (
        2 * now[1:-1] - before[1:-1] + courant**2 * (now[2:] - 2 * now[1:-1] + now[:-2])
    )
    before, now = now, after
print(np.round(now[::4], 5))
print("energy-like", round(float((now**2).sum()), 5))

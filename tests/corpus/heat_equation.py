# args: 20 30
import sys

import numpy as np

cells, steps = int(sys.argv[1]), int(sys.argv[2])
u = np.zeros(cells)
u[cells // 2] = 100.0
alpha = 0.2
for step in range(steps):
    lap = u[:-2] - 2 * u[1:-1] + u[2:]
    u[1:-1] += alpha * lap
    if step % 10 == 0:
        print(step, np.round(u.max(), 4), np.round(u.sum(), 4))
bars = (u / u.max() * 10).astype(int)
for bar in bars:
    print("*" * bar)

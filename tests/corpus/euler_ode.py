# args: 20
import sys

import numpy as np


def simulate(f, y0, t_end, n):
    h = t_end / n
    ts = np.linspace(0, t_end, n + 1)
    ys = np.empty(n + 1)
    ys[0] = y0
    for i in range(n):
        ys[i + 1] = ys[i] + h * f(ts[i], ys[i])
    return ts, ys


n = int(sys.argv[1])
ts, ys = simulate(lambda t, y: -2 * y, 1.0, 2.0, n)
exact = np.exp(-2 * ts)
print(ys[:5])
print(f"worst error {np.abs(ys - exact).max():.5f}")
for t, y in zip(ts[::5], ys[::5]):
    print(f"{t:.2f} {y:.4f}")

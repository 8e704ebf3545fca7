# args: 0.1 60
import sys

import numpy as np


def f(p):
    x, y = p
    return (x - 1) ** 2 + 4 * (y + 2) ** 2 + x * y


def gradient(p, h=1e-6):
    g = np.zeros_like(p)
    for i in range(len(p)):
        step = np.zeros_like(p)
        step[i] = h
        g[i] = (f(p + step) - f(p - step)) / (2 * h)
    return g


rate, steps = float(sys.argv[1]), int(sys.argv[2])
p = np.array([4.0, 4.0])
for k in range(steps):
    p = p - rate * gradient(p)
    if k % 20 == 0:
        print(k, np.round(p, 4), round(float(f(p)), 4))
print(np.round(p, 4))

# args: 100
import math
import sys

import numpy as np


def trapezoid(f, a, b, n):
    x = np.linspace(a, b, n + 1)
    y = f(x)
    return (b - a) / n * (y[0] / 2 + y[1:-1].sum() + y[-1] / 2)


def simpson(f, a, b, n):
    h = (b - a) / n
    total = f(a) + f(b)
    for i in range(1, n):
        total += (4 if i % 2 else 2) * f(a + i * h)
    return total * h / 3


n = int(sys.argv[1])
print(f"{trapezoid(np.sin, 0, np.pi, n):.6f}")
print(f"{simpson(math.sin, 0, math.pi, n):.8f}")
print(f"{trapezoid(lambda x: 4 / (1 + x**2), 0, 1, n):.6f}")

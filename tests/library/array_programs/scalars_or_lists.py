"""A function gives a NumPy scalar, a number or a list, as run time has it."""

import sys

import numpy as np


def f(n):
    if n == 1:
        return np.float32(-n / 10)
    if n == 2:
        return np.complex64(n * 1j)
    if n == 5:
        return np.uint8(n + 250)
    return n / 2 if n == 3 else [np.float64(n)]


x = f(int(sys.argv[1]))
print(x, repr(x))
n = int(sys.argv[1])
table = np.arange(12.0).reshape(3, 4) * n
column = 1 if n > 2 else None
print(table[:, column], table[..., column], table[:column], table[column:, 1])
table[:, column] = 5
table[:column, 0] = 7
print(table)

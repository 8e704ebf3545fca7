# args: 4
"""Functions that give back, from inside their loops, arrays that the loops change."""
import sys

import numpy as np

n = int(sys.argv[1])


def up_to(x, most):
    for k in range(n):
        x[0] += 1
        if x[0] > most:
            return x
    return x + 100


def with_count(x, most):
    y = np.zeros_like(x)
    k = 0
    while True:
        for i in range(len(x)):
            y[i] += x[i] + k
        if y.sum() > most:
            return y, k
        k += 1


def nested(a):
    for i in range(n):
        for j in range(n):
            a[i, j] += i * j
            if a[i, j] > 5:
                return a, (i, j)
        a[i] *= 2
    return None


def one_of_two(x, y):
    for k in range(20):
        x[k % 3] += k
        y[k % 3] -= k
        if x.sum() > 5 * n:
            return x
        if y.min() < -3 * n:
            return y
    raise RuntimeError("neither")


def of_a_list(words):
    found = []
    for word in words:
        found.append(word.upper())
        if len(found) == n:
            return found
    return found + ["end"]


class Solver:
    def __init__(self, size):
        self.x = np.ones(size)

    def solve(self, tolerance):
        before = self.x.copy()
        for step in range(1, 100):
            for i in range(len(self.x)):
                self.x[i] = (self.x[i] + n / self.x[i]) / 2
            if np.abs(self.x - before).max() < tolerance:
                return self.x
            before[:] = self.x
        raise RuntimeError("no convergence")


a = np.zeros(3)
b = up_to(a, 2)
print(a, b)
c = up_to(np.zeros(3), 50)
print(c)
y, k = with_count(np.arange(3.0), 20 * n)
y[0] = -1
print(y, k)
found = nested(np.zeros((n, n)))
print(found)
print(one_of_two(np.zeros(3), np.ones(3)), one_of_two(np.zeros(3), np.full(3, -10.0)))
print(of_a_list("one two three four five".split()), of_a_list(sys.argv[1:]))
solver = Solver(2)
x = solver.solve(1e-9)
x[0] = 0
print(x, solver.x)

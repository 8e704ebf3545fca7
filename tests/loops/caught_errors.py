"""Loops inside `try`, of every kind that is one kernel. The argument: how far they run."""

import math
import sys

import numpy as np

n = int(sys.argv[1])
a = np.arange(n) - 4.0
b = np.arange(n)


class Singular(Exception):
    pass


def put(array, place, value):
    if value < 0:
        raise ValueError("negative: " + str(value))
    array[place] = value


def determinant(a, n):
    for c in range(n):
        p = c
        for r in range(c + 1, n):
            if abs(a[r, c]) > abs(a[p, c]):
                p = r
        if abs(a[p, c]) < 1e-12:
            raise Singular(f"column {c}: {a[p, c]:.3f}")
        for k in range(n):
            a[c, k], a[p, k] = a[p, k], a[c, k]
        for r in range(c + 1, n):
            f = a[r, c] / a[c, c]
            for k in range(c, n):
                a[r, k] -= f * a[c, k]
    return a[0, 0]


s = 0
try:  # a subscript, with its message
    for i in range(n + 3):
        s += b[i]
        b[i] = -1
    print("not here")
except IndexError as e:
    print("caught", e, s, b)


def show_determinant(way):  # a class of one's own, from a function
    m = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            m[i, j] = i * n + j + way * (i == j) * n
    try:
        print(round(determinant(m, n), 6))
    except Singular as e:
        print("singular", e)


show_determinant(0)
show_determinant(1)

done, c = 0, np.zeros(n, dtype=np.int32)
try:  # a text of texts, through two loops
    for i in range(n):
        for j in range(n):
            put(c, i, 3 * n - i * j)
            done += 1
except (ValueError, IndexError) as e:
    print(type(e).__name__, e)
print(done, c)

t = 0
try:  # what Python's operators raise
    k = n
    while True:
        t += 1000 % k
        k -= 1
except ZeroDivisionError as e:
    print("end", t, k, e)

d = np.zeros(n)
try:  # a float in a message, and a way on that always runs
    for i in range(n):
        if a[i] > 10:
            raise RuntimeError(f"{a[i]:.2f} is too large, {i:>4}, {a[i]!r}")
        d[i] = math.sqrt(a[i] + 3)
except (ValueError, RuntimeError) as e:
    print(e)
finally:
    print(d.sum())

wrong = 0
for i in range(n):  # caught in the loop
    try:
        if i % 3 == 0:
            raise KeyError(i)
        t += 100 // (i % 5 - 2)
    except KeyError:
        wrong += 1
    except ZeroDivisionError:
        wrong += 100
    else:
        t += 1
    finally:
        t += 2
print(t, wrong)

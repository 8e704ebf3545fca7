"""Linear equations by LU decomposition with partial pivoting, as loops.

    python models/lu.py [SIZE]
"""

import sys

import numpy as np


def decompose(a, order):
    """A becomes L (below the diagonal) and U; order says which row came where. The sign, or 0."""
    n = len(a)
    sign = 1
    for k in range(n):
        pivot = k
        for i in range(k + 1, n):
            if abs(a[i, k]) > abs(a[pivot, k]):
                pivot = i
        if a[pivot, k] == 0:
            return 0
        if pivot != k:
            for j in range(n):
                a[k, j], a[pivot, j] = a[pivot, j], a[k, j]
            order[k], order[pivot] = order[pivot], order[k]
            sign = -sign
        for i in range(k + 1, n):
            a[i, k] /= a[k, k]
            for j in range(k + 1, n):
                a[i, j] -= a[i, k] * a[k, j]
    return sign


def solve(lu, order, b):
    """x with A x = b."""
    n = len(b)
    x = np.empty(n)
    for i in range(n):
        total = b[order[i]]
        for j in range(i):
            total -= lu[i, j] * x[j]
        x[i] = total
    for i in range(n - 1, -1, -1):
        total = x[i]
        for j in range(i + 1, n):
            total -= lu[i, j] * x[j]
        x[i] = total / lu[i, i]
    return x


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    rng = np.random.default_rng(7)
    a, wanted = rng.standard_normal((n, n)), rng.standard_normal(n)
    b = np.zeros(n)
    for i in range(n):
        for j in range(n):
            b[i] += a[i, j] * wanted[j]
    lu, order = a.copy(), np.arange(n)
    sign = decompose(lu, order)
    determinant = float(sign)
    for k in range(n):
        determinant *= lu[k, k]
    x = solve(lu, order, b)
    print(f"determinant {determinant:.8g}")
    print("x as wanted:", np.allclose(x, wanted))
    print(order[:10])


main()

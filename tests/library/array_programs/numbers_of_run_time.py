"""x.resize, texts of ints, powers of matrices and a polynomial by what the command line gives."""

import itertools
import operator
import sys

import numpy as np

n = int(sys.argv[1])
a = np.arange(n)
a.resize((2, n), refcheck=False)
a[1, 0] = 7
print(a, a.base, np.pad(np.ones((n, 2)).T, 1), np.binary_repr(-n, 8), np.base_repr(n + 30, 16))
print(np.linalg.matrix_power(np.array([[1, 1], [1, 0]]), n))
p = np.polynomial.Polynomial([1.0, 2.0 * n, -3.0])
print(p, p(n), p.deriv().coef, np.emath.sqrt(np.array([-4.0, 9.0]) * n))
x = np.arange(4 * n)
y, z = x.reshape(n, 4), np.asfortranarray(x.reshape(n, 4))
print(np.shares_memory(x[::2], x[1::2]), np.may_share_memory(x[::2], x[1::2]))
print(np.shares_memory(y[:, 0], y[1:]), np.shares_memory(z[:, 0], z[:, 1]), np.shares_memory(y, z))
columns = np.asfortranarray(np.arange(2 * n).reshape(2, n))
columns.resize((n, 4), refcheck=False)
print(columns, columns.strides)
values = np.zeros(n + 2)
for step in range(n):
    values = np.array([values[i] * 0.5 + 1 if i != 2 else 0 for i in range(n + 2)])
print(values, np.array([1 if i != n - 2 else 2.5 for i in range(n)]))
halves = np.arange(n + 2) / 2
print(np.clip(halves, 0.5, None), halves.clip(1), np.clip(halves, max=1, dtype="f4"), np.clip(n, 0, 2))
for call in (lambda: np.clip(halves, 1), lambda: np.clip(halves, 1, 2, min=0)):
    try:
        call()
    except (TypeError, ValueError) as error:
        print(error)
many, half = 2**n, n / 2
print(np.zeros((many, 1)).shape, np.full(many, -1), x[:many], [1, 2, 3, 4, 5][:many], np.roll(x, many))
for call in (
    lambda: np.zeros(half), lambda: np.ones((half, 1)), lambda: x[:half], lambda: x[half:, None],
    lambda: np.diag(x, half), lambda: np.partition(x, half), lambda: np.around(halves, half),
    lambda: np.linalg.matrix_power(np.eye(2), half), lambda: x.sum(axis=half), lambda: y[:, half],
    lambda: np.random.default_rng(1).normal(size=half), lambda: np.zeros(np.float64(half)),
):  # fmt: skip
    try:
        call()
    except (TypeError, IndexError) as error:
        print(error)
counts, lows = np.zeros(3, int), np.zeros(3)
lows[n - 2] = None
try:
    counts[n - 2] = None
except TypeError as error:
    print(lows, error)
q = np.polynomial.Chebyshev([1, 2, 3.0 * n])
print(q, q(x / 4), np.polynomial.legendre.legval(x / 4, np.arange(1.0, n + 1)))
thirds = np.array([1 / 3, 1e-7, 5.0])
with np.printoptions(precision=n, suppress=n > 2, threshold=n, edgeitems=1):
    print(thirds, {"a": thirds / 2}, repr(thirds), f"{x}", np.get_printoptions()["precision"])
for digits in range(1, n):
    with np.printoptions(precision=digits):
        print(thirds, np.array2string(thirds / n), np.array2string(thirds, precision=digits + 1))
letters, count = (x[:n] + 65).astype(np.uint8), x[n]
print([0, n] * count, count * (1,), "".join(chr(c) for c in letters), hex(letters[0]), bin(-count))
try:
    print([n] * np.float64(n))
except TypeError as error:
    print(error)
print(list(itertools.islice("abcde", count)), list(itertools.repeat(1, count)), operator.index(count))

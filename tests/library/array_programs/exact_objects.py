import sys
import numpy as np
from fractions import Fraction

n = int(sys.argv[1]) if len(sys.argv) > 1 else 3


def hilbert(n):
    return np.array([[Fraction(1, i + j + 1) for j in range(n)] for i in range(n)])


def solve(a, b):
    a, b = a.copy(), b.copy()
    n = len(b)
    for k in range(n):
        for i in range(k + 1, n):
            f = a[i, k] / a[k, k]
            a[i] = a[i] - f * a[k]
            b[i] = b[i] - f * b[k]
    x = np.empty(n, dtype=object)
    for i in reversed(range(n)):
        s = b[i]
        for j in range(i + 1, n):
            s -= a[i, j] * x[j]
        x[i] = s / a[i, i]
    return x


h = hilbert(3)
print(h)
b = h.sum(axis=1)
print(b)
x = solve(h, b)
print(x, x.astype(float))
print((h @ x == b).all())
h = hilbert(n)
print(h.dtype, h.shape, h[n - 1, n - 1])
x = solve(h, h.sum(axis=1))
print(x)
f = np.array([1, 1], dtype=object)
m = np.array([[1, 1], [1, 0]], dtype=object)


def power(m, n):
    r = np.array([[1, 0], [0, 1]], dtype=object)
    while n:
        if n & 1:
            r = r.dot(m)
        m = m.dot(m)
        n >>= 1
    return r


print(power(m, 200)[0, 1])
fact = np.multiply.accumulate(np.arange(1, 30, dtype=object))
print(fact[-1], fact[:5])
print(np.prod(np.arange(1, 26, dtype=object)))
a = np.array([2**70, 3**50])
print(a, a.dtype, a * 2, a // 7, a % 1000)
print(np.array([10, 20], dtype=object) ** 30)

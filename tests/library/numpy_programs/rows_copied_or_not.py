"""What np.ravel copies, and what it gives a view of."""

import sys

import numpy as np

n = 4 + len(sys.argv)
a = np.arange(n) * 1.5
for i, f in enumerate((lambda x: x[::2], lambda x: x[:], lambda x: x[::-1], lambda x: x[1:3])):
    b = a.copy()
    w = f(b).reshape(-1)
    w += 100
    print(b, w)
    v = f(b).ravel()
    if i % 2:
        v += 100
    print(b, v)
k = (np.arange(6) * n)[: 6]
v = k[::2].ravel()
v += 1
print(k, v, k[::2].flatten())
m = np.arange(n * n).reshape(n, n) * 2
d = m.diagonal().ravel()
print(m, d + 1)
c = m[:, 1].ravel()
print(c)
e = np.ravel(m[1])
e += 1
print(m, e)

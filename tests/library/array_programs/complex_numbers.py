"""Complex arrays: made, computed with, written to, reduced, sorted, printed."""

import sys

import numpy as np

n = int(sys.argv[1])
a = np.array([1 + 2j, 3 - 1j, 0.5j])
b = np.arange(n) * (1 + 1j)
c = b[:3]
print(a + c, a * c, a / (c + 1), a - 2, 1j * a, a**2, a**3, a**-1)
print(np.abs(a), a.real, a.imag, a.conj(), -a, np.angle(a), np.square(a), np.reciprocal(a))
print(np.exp(a), np.sqrt(a), np.log(a), np.sin(a), np.cosh(a), np.arctan(a), a**0.5)
d = a.copy()
d.real[1] = 7
d[2] = 1j
d[:2] += 5
d.imag = n
print(d, d.dtype, d.shape, d.nbytes)
print(b.sum(), b.mean(), b.std(), a.prod(), np.cumsum(b), np.cumprod(a), a @ c, np.vdot(a, c))
print(a == c, a < c, b.max(), b.argmin(), np.sort(b[::-1]), b.any(), np.iscomplex(b))
z = np.zeros((2, 3), dtype=np.complex64)
z[1] = a
z[:, 0] = 2j
print(z, z.T, z.reshape(3, 2), repr(z), z * np.float32(2), np.sqrt(z), np.exp(z))
for dtype in "bool int8 int32 uint64 float16 float32 float64 complex64".split():
    r = np.ones(2, dtype)
    print(dtype, (r * 1j).dtype, (r + np.complex64(1)).dtype, (r + b[:2]).dtype, r.astype(complex))
s = b[n - 1]
print(s, s * 2, 2 / s, s**2, abs(s), s == s, repr(s), f"{s:.3f}", s.real, s.conjugate(), s.item())
w = complex(n, 2)
print(w, w * 2, abs(w), np.array([w, 1]), c * w)
x = np.outer(a, a)
x[x.real > 0] *= 1j
x[x.imag > 3] = 0
print(x, x[x.real < 0], np.where(x.imag == 0), np.concatenate([x, x.real]).shape)
e = np.array([complex(1, np.nan), 2, complex(np.nan, 1), 1j, np.inf * n])
y = np.array([[2 + 1j, 1], [1j, 3]])
print(np.round(np.linalg.solve(y, y[0]), 6), np.round(np.linalg.inv(y), 6), np.linalg.norm(y))
print(e, np.sort(e), e.max(), np.isnan(e), np.isinf(e), np.isfinite(e), np.zeros(0, complex))
for i in range(n):
    a[i % 3] *= 1j
print(a, a.astype(np.complex64))
try:
    f = np.ones(3)
    f += a
except TypeError as error:
    print(error)

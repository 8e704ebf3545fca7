"""float16: computed in float32, rounded after each operation."""

import sys

import numpy as np

n = int(sys.argv[1])
np.seterr(all="ignore")
rng = np.random.default_rng(1)
x = (rng.standard_normal(200) * 10.0 ** rng.integers(-8, 4, 200)) * n
h = x.astype(np.float16)
print(h[:60], (h != x.astype(np.float32).astype(np.float16)).sum(), (h == 0).sum())
print(h[:30] + h[30:60], h[:30] - h[:30] * np.float16(1.001), h[:9] + np.float32(1), h[:30] % 3)
print(np.exp(h[:10] % 5), np.sqrt(abs(h[:20])), np.tanh(h[:20]), (h[:40] / 3)[h[:40] > 1])
t = np.array([65504, 65519, 1e-8, 3e-8, 6e-8, -0.0, np.inf, np.nan, 2049, 2051], np.float32) * n
u = t[1:].astype(np.float16)
print(u / 2, -u, abs(u), repr(u), (np.arange(2045, 2060) * n).astype(np.float16))
m = rng.standard_normal((4, 5)).astype(np.float16)
print(m.sum(), m.sum(1), m.mean(0), m.std(), m.max(0), m.argmax(1), np.sort(m), np.cumsum(m[0]))
print(m @ m.T, m[1:3, ::2], np.where(m > 0, m, 0), m.astype(int), m.astype(bool), m.prod())
k = np.zeros((2, 3), np.float16)
k[1], k[0, 0] = m[0, :3], 1 / 3
k += 1
for _ in range(n):
    k[0] = k[0] * np.float16(1.1)
print(k, k[1, 1] * 2, float(k[0, 0]), f"{k[0, 0]:.3f}", np.ones(3, "f2") / n)
for dtype in "bool int8 uint8 int16 int64 float16 float32 complex64".split():
    r = np.ones(1, dtype)
    print(dtype, (r + np.ones(1, np.float16)).dtype, r * 3 + np.float16(0.1))

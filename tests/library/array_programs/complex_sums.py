import sys
import numpy as np
n = int(sys.argv[1])
rng = np.random.default_rng(1)
for k in (1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 31, 63, 64, 65, 66, 67, 68, 69, 71, 72, 100, 127, 128, 129, 131, 135, 200, 257, 1000, 1025):
    f = rng.random((n, k)) * 100
    for t in (np.complex64, np.complex128):
        a = (f + 1j * f[::-1]).astype(t)
        print(k, t.__name__, a.sum(axis=1).tolist(), a[0].sum(), a.sum(), a.mean(axis=1).tolist(), a.mean(), a.sum(axis=0)[:2].tolist(), a.T.sum(), a.T.sum(axis=1)[:2], a[:, ::2].sum(axis=1).tolist(), a.var(), a.var(axis=1))
m = n * 37
f = rng.random((m, m)); z = f + 1j * f[::-1]
print(z.sum(), z.sum(axis=0)[:3], z.sum(axis=1)[:3], z.reshape(-1)[:m + 5].sum(), np.abs(z.sum()))
big = rng.random(20000 + n) + 1j * rng.random(20000 + n)
print(big.sum(), big[::3].sum(), big.astype(np.complex64).sum(), np.mean(big))

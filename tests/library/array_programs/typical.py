import sys
import numpy as np
n = int(sys.argv[1])
b = (np.arange(4 * n) * 7 % 11).reshape(n, 4)
out = np.zeros(b.shape)
for i in np.ndindex(b.shape):
    out[i] = b[i] * 2
print(out)
for i in np.ndindex(*b.shape):
    if b[i] > 8:
        print(i, b[i])
for (i, j), x in np.ndenumerate(b):
    out[i, j] += x
print(out)
for k, x in enumerate(b.flat):
    if k < 3:
        print(k, x)
print(max(b.flat), sum(b.flat), np.array(b.flat)[:3], np.sum(b.flat))
total = 0
for x in b.flat:
    total += x
print(total, [int(x) for x in b[0].flat], tuple(np.ndindex(2, 2)), list(np.ndenumerate(np.array([[1, 2]]))))
it = np.nditer(b, flags=['multi_index'])
for x in it:
    if x > 9:
        print(x, it.multi_index)
for x, y in np.nditer([b[0], b[1]]):
    print(x * y, end=' ')
print(np.unravel_index(b.argmax(), b.shape), b.flat[b.argmax()])
i, j = np.where(b == b.max())
print(i, j, list(zip(i, j)))
for r, c in zip(*np.nonzero(b > 8)):
    print(r, c)
for r, c in np.argwhere(b > 8):
    print(r, c)
vals, counts = np.unique(b, return_counts=True)
for v, k in zip(vals, counts):
    print(v, k, end='; ')
print(dict(zip(vals.tolist(), counts.tolist())))
print(vals[np.argmax(counts)], vals[counts > 1], np.bincount(b.ravel()).argmax())
order = np.argsort(-counts, kind='stable')[:3]
print(vals[order])
h, e = np.histogram(b, bins=5)
print(h, e)
m = b % 2 == 0
print(b[m].mean(), b[m].size, b[~m].tolist(), np.count_nonzero(m), m.sum(axis=0), m.any(axis=1), b[m.all(axis=1)].shape)
b[b > 5] -= 5
print(b)
if (b > 100).any():
    print('no')
best = b[b[:, 0].argsort(kind='stable')][::-1]
print(best)
x = np.linspace(0, 1, n); y = x.copy(); y[(x > .2) & (x < .8)] = np.nan; print(y[~np.isnan(y)], np.isnan(y).sum(), np.nanmax(y))

import sys
import numpy as np
n = int(sys.argv[1])
e = np.zeros(n - n)
em = np.zeros((0, n))
print(np.sort(e), np.argsort(e), np.unique(e), np.unique(e, return_counts=True, return_index=True, return_inverse=True), np.cumsum(e), np.cumprod(em, 1).shape, np.sort(em, 0).shape, np.sort(em).shape)
print(e[e > 0], em[:, em[0:0].sum(0) == 0].shape, np.nonzero(e), np.nonzero(em), np.argwhere(em).shape, np.bincount(e.astype(int)), np.bincount(e.astype(int), minlength=3))
print(np.searchsorted(e, [1, 2]), np.searchsorted(np.arange(n), e), np.isin(e, [1]), np.isin([1], e), np.intersect1d(e, [1]), np.union1d(e, [2, 1]), np.setdiff1d([3, 1], e), np.setxor1d(e, [1]))
print(np.concatenate([e, e]), np.delete(np.arange(n), []), np.repeat(e, 3), np.repeat(np.arange(n), 0), np.tile(e, 2), np.roll(e, 1), np.flip(e), np.diff(e), np.insert(e, 0, 1), np.append(e, 1))
print(np.histogram(e, bins=2, range=(0, 1)), np.digitize(e, [1, 2]), np.compress([], np.arange(n)), np.extract(e > 0, e), np.take(np.arange(n), []) if False else '', np.take(np.arange(n), np.array([], int)))
s = np.int64(3) * n
print(np.sort([s]), np.unique(s), np.nonzero([s]), np.searchsorted([1, 2], s), np.flatnonzero(s), np.argsort(s), np.cumsum(s), np.repeat(s, 2), np.isin(s, [s]), np.digitize(s, [1, 100]))
for dt in (bool, np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64, np.float32, np.float64):
    x = (np.arange(2 * n + 3) * 7919 % 23 - 3 * (dt not in (bool, np.uint8, np.uint16, np.uint32, np.uint64))).astype(dt)
    print(x.dtype, np.sort(x), np.argsort(x, kind='stable'), np.unique(x), x[x > 4], np.cumsum(x), np.cumprod(x[:4]), np.nonzero(x)[0].size, np.searchsorted(np.sort(x), x[:3]), np.histogram(x, 3), np.isin(x, x[:3]).sum(), np.max(x), x.argmax(), np.bincount(x - x.min())[:3] if dt in (np.int8, np.int64, np.uint8, np.int32) else '')
    x[x > 4] = 1; x[[0, 1]] = x[[1, 0]]; x[::-2] = x[0]; print(x, x.view(np.uint8).sum(), x.tolist()[:2])

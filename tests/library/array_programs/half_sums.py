"""Sums and products of float16: rounded at each row, but for those along the last axis."""

import sys

import numpy as np

n = int(sys.argv[1])
rng = np.random.default_rng(3)
a = (rng.standard_normal((n, 5, 2 * n)) * 10).astype(np.float16)
print(a.sum(0)[:2], a.sum(1)[:3], a.sum(2), a.sum((0, 1)), a.sum((0, 2)), a.sum((1, 2)), a.sum())
print(a.sum(0, keepdims=True)[0, 1], a.sum(axis=(0, 2), keepdims=True).shape, a[:0].sum(0)[1])
b = 1 + a[:, :, :1] / 60
print(b.prod(0), b.prod(2)[:2], b.prod(1), b.prod(), b.sum(0), np.sum(-a[:1] * 0, 0)[0, :4])
print(a.mean(0)[0], np.add.reduce(a[:, 1]), a[..., None].sum(1)[0, :3], np.prod(a[:, 1] / 9, 0))
np.seterr(all="ignore")
m = a[:, 0]
print(m.std(0), m.var(0)[:9], m.std(1), (m * 4).std(), (m / 9).std(), (m / 9).var(1, ddof=0.5))
print(np.var(m / 9, keepdims=True), np.std(m, 0, dtype=np.float32))

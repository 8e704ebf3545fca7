"""Subscripts, orders, integers: where other tools' operators differ from NumPy's."""

import numpy as np


def gather_rows(table, ids):
    return table[ids], table[ids, 0], table[-1], np.take(table, ids, axis=0)


def where_and_masks(x, y):
    chosen = np.where(x > y, x, -y)
    x = x.copy()
    x[x < 0] = 0
    return chosen, x, np.clip(y, -1, 1), (x > 0) & (y > 0)


def positions(x):
    return np.argmax(x, axis=1), np.argmin(x, axis=0), np.argmax(x), x.argmin()


def extremes_with_nan(x):
    x = x.copy()
    x[0, 0] = np.nan
    return x.max(axis=1), x.min(), np.argmax(x, axis=0), np.nanmax(x, axis=1)


def running(x):
    return np.cumsum(x, axis=0), np.cumsum(x), np.cumprod(x, axis=1), np.diff(x, axis=1)


def integers(a, b):
    b = np.where(b == 0, 3, b)
    return a // b, a % b, np.mod(a, b), np.fmod(a, b), a * b, -a, abs(a), a**2, a << 1, a >> 1


def bits(a, b):
    return a & b, a | b, a ^ b, ~a, np.left_shift(a, 2), np.right_shift(a, 2)


def promotions(a, b, c):
    return a + b, b * c, a + c, a / b, np.sqrt(a), b.mean(), c.sum(), a.sum()


def shapes(x):
    n, m = x.shape
    y = x.reshape(m, n) + x.T
    return y.ravel(), np.stack([x, x * 2]), np.concatenate([x, x + 1], axis=1), x[:, None, :], n * m


def slices(x, i):
    return x[i:], x[:i], x[::2], x[::-1], x[1:-1], x[-i:], x[i]


def written(x, i):
    y = x.copy()
    y[i] = 7
    y[::2] += 1
    y[:, 0] = y[:, -1]
    return y


def in_place(x, y):
    x += y
    x[0] = 0
    return x.sum()


def outer_products(a, b):
    return np.outer(a, b), a @ b[: len(a)], np.tensordot(a, b[: len(a)], 1), np.dot(a, b[: len(a)])


def batched(a, b):
    return a @ b, np.einsum("bij,bjk->bik", a, b), np.swapaxes(a, 1, 2), a.transpose(2, 0, 1).sum(0)


def padded(x):
    return np.pad(x, 1), np.roll(x, 1, axis=0), np.tile(x, (2, 1)), np.repeat(x, 2, axis=1)


def reductions(x):
    return (x.sum(), x.mean(0), x.var(1), x.std(), x.prod(), x.all(), (x > 0).any(0), x.max(),
            np.ptp(x, axis=0), x.sum(axis=(0, 1)), np.median(x))


def empty_sums(x):
    return x.sum(), x.prod(), x.sum(0), (x > 0).all()


def sorting(x):
    return np.sort(x), np.argsort(x), np.sort(x)[::-1][:3]


def counting(x):
    return np.bincount(x, minlength=10), np.count_nonzero(x > 4), x[x > 4], np.unique(x)


def one_hot(ids):
    return np.eye(10)[ids], (ids[:, None] == np.arange(10)).astype(np.float32)


def triangles(n):
    return np.tri(n), np.triu(np.ones((n, n))), np.arange(n) * 0.5, np.linspace(0, 1, n)


def python_numbers(a, b, x):
    return a // b, a % b, a / b, a * b - 1, a > b, not a, divmod(a, b), a**3, x * a, int(x), -a // 2


MASK = np.random.default_rng(0).random((12, 20)) > 0.5


def masked(x):
    return np.where(MASK, x, 0), MASK.sum()


PAIR = [{"n": 1, "m": 1}, {"n": 3, "m": 5}]
ONE = [{"n": 1}, {"n": 8}]

CASES = [
    ("gather_rows", ["f32[n,4]", "i64[k]"], [{"n": 5, "k": 3, "ids": (-5, 5)}, {"n": 1, "k": 0}]),
    ("where_and_masks", ["f32[n,m]", "f32[n,m]"], PAIR),
    ("positions", ["f64[n,m]"], PAIR),
    ("extremes_with_nan", ["f32[n,m]"], [{"n": 2, "m": 3}, {"n": 3, "m": 2}]),
    ("running", ["f64[n,m]"], PAIR),
    ("integers", ["i32[n]", "i32[n]"], ONE),
    ("integers", ["i64[n]", "i64[n]"], ONE),
    ("bits", ["u8[n]", "u8[n]"], [{"n": 6, "a": (0, 256), "b": (0, 256)}]),
    ("promotions", ["i32[n]", "i64[n]", "f32[n]"], [{"n": 4, "b": (1, 9), "a": (0, 9)}]),
    ("shapes", ["f32[n,m]"], PAIR),
    ("slices", ["f64[n]", "i64"], [{"n": 6, "i": 2}, {"n": 3, "i": -1}]),
    ("written", ["f32[n,4]", "i64"], [{"n": 5, "i": -2}, {"n": 1, "i": 0}]),
    ("in_place", ["f32[n,3]", "f32[3]"], ONE),
    ("outer_products", ["f64[n]", "f64[m]"], [{"n": 1, "m": 1}, {"n": 3, "m": 5}]),
    ("batched", ["f32[g,i,j]", "f32[g,j,k]"],
     [{"g": 1, "i": 1, "j": 1, "k": 1}, {"g": 2, "i": 3, "j": 4, "k": 5}]),
    ("padded", ["f64[n,m]"], PAIR),
    ("reductions", ["f64[n,m]"], PAIR),
    ("empty_sums", ["f32[n,3]"], [{"n": 0}, {"n": 2}]),
    ("masked", ["f32[12,20]"], [{}]),
    ("sorting", ["f64[n]"], ONE),
    ("counting", ["i64[n]"], [{"n": 7, "x": (0, 10)}, {"n": 0}]),
    ("one_hot", ["i64[n]"], [{"n": 4, "ids": (0, 10)}]),
    ("triangles", ["i64"], [{"n": 1}, {"n": 5}]),
    ("python_numbers", ["i64", "i64", "f64"],
     [{"a": 7, "b": -2, "x": 2.75}, {"a": -9, "b": 4, "x": -1.5}]),
]  # fmt: skip

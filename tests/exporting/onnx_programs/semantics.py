"""Where ONNX's operators mean something else than NumPy's functions, or are not there for a dtype."""

import numpy as np


def integers(a, b):
    plain = a + b, a - b, a * b, a // b, a % b, np.fmod(a, b), np.maximum(a, b), np.minimum(a, b)
    bits = a & b, a | b, a ^ b, ~a, -a, abs(a)
    return plain, bits, (a == b, a != b, a < b, a <= b, a > b, a >= b), np.where(a > b, a, b)


def shifts(a, b):
    return a << b, a >> b, a << 3, a >> 3


def powers(a, b):
    return a**b, a**3


def large_integers(a, b):
    sums = a.sum(), a.prod(), np.cumsum(a), np.cumprod(a), a.reshape(2, -1).sum(axis=0)
    extremes = a.max(), a.min(), a.argmax(), a.argmin(), np.sort(a), np.argsort(a, kind="stable")
    grid = a.reshape(2, 2, -1)
    return sums, extremes, grid.sum(axis=(0, 2), keepdims=True), grid.prod(axis=1), a.reshape(-1, 2) @ b[:2]


def floats(a, b):
    quotients = a / b, a // b, a % b, np.fmod(a, b)
    extremes = np.maximum(a, b), np.minimum(a, b), np.fmax(a, b)
    return quotients, extremes, np.copysign(a, b), np.hypot(a, b), np.arctan2(a, b), a**2


def functions(x):
    plain = np.exp(x), np.expm1(x), np.exp2(x), np.cbrt(x), np.square(x), np.sign(x), np.round(x, 2)
    angles = np.sin(x), np.cos(x), np.tan(x), np.arctan(x)
    hyperbolic = np.sinh(x), np.cosh(x), np.tanh(x), np.arcsinh(x)
    return plain, angles, hyperbolic, (np.floor(x), np.ceil(x), np.trunc(x), np.rint(x)), np.isnan(x)


def functions_above_zero(x):
    return np.log(x), np.log1p(x), np.log2(x), np.log10(x), np.sqrt(x), x**0.3, np.arccosh(x + 1)


def functions_within_one(x):
    return np.arcsin(x), np.arccos(x), np.arctanh(x)


def bools(a, b):
    plain = a & b, a | b, a ^ b, ~a, a + b, a * b, a == b, a < b, a <= b, np.maximum(a, b)
    return plain, a.sum(), a.all(), a.any(), a.mean(), np.cumsum(a), a.argmax(), np.where(a, b, ~b)


def reductions(x):
    whole = x.sum(), x.max(), x.min(), x.prod(), x.argmax(), x.argmin(), x.var()
    rows = x.sum(axis=0), x.max(axis=1), x.argmax(axis=0), x.argmin(axis=1), x.mean(axis=1, keepdims=True)
    running = np.cumsum(x, axis=1), np.cumprod(x, axis=0), np.maximum.accumulate(x, axis=1)
    order = np.sort(x, axis=0), np.argsort(x, axis=1, kind="stable"), np.median(x, axis=1)
    return whole, rows, running, order, np.any(x > 0, axis=1), np.all(x > 0, axis=0)


def of_nothing(x):
    return x.sum(axis=0), x.prod(axis=0), x.all(axis=0), x.any(axis=0), np.cumsum(x, axis=0), np.cumprod(x, axis=0), np.sort(x, axis=0), x.sum()


def subscripts(x, i, j, k):
    y = x.copy()
    y[i] = 7
    y[1:k] = x[: k - 1]
    y[::2, 1] += 3
    y[:, ::-1] = y.copy()
    taken = x[i], x[-1], x[:, j], x[i, j], x[[0, -1]], x[np.array([1, 0]), np.array([0, -1])], x[x > 0]
    parts = x[1:k], x[::-1], x[::2, ::-1], x[k:0:-1], x[:k, None], x.T[j]
    return y, taken, parts, np.roll(x, k, axis=0), np.concatenate([x, x[:k]]), np.repeat(x, 2, axis=1)


def scattered(x, i, v):
    y, z, w = x.copy(), x.copy(), x.copy()
    y[i] = v
    np.add.at(z, i, v)
    np.maximum.at(w, i, v)
    row = np.sort(x)
    return y, z, w, np.searchsorted(row, v), np.searchsorted(row, v, side="right"), np.nonzero(x > 0)[0]


def scalar_loops(x, n):
    s, a = 0.0, np.zeros(n)
    for t in range(n):
        s += x[t % len(x)] * t
        a[t] = s
        if s > 3:
            s = s / 2
        elif s < -3:
            s -= 1
    count, m = 0, n
    while m != 1 and count < 100:
        m = m // 2 if m % 2 == 0 else 3 * m + 1
        count += 1
    return s, a, count, m


def loops_downwards(x, n):
    out = np.zeros((n, 3))
    for t in range(n - 1, -1, -2):
        for u in range(3):
            out[t, u] = x[t] * u
    return out


def python_numbers(n, m):
    plain = n // m, n % m, n * m, n**3, n / m, n << 2, n >> 1, -n // m, n & m, divmod(n, m)
    return plain, n < m, max(n, m), abs(n - m), float(n), n == 3.0


def casts(x):
    return [x.astype(dtype) for dtype in ("f4", "i4", "i1", "?", "u1", "f8", "f2")]


def complex_numbers(a, b):
    z = a + 1j * b
    w = np.exp(z) * z.conj() / (z + 3)
    return w.real, w.imag, abs(z)


def products(a, b, v):
    return a @ b, a @ v, v @ b, np.dot(v, v), np.outer(v, v), np.einsum("ij,jk->ki", a, b)


def backwards(x, p):
    y = x[::-1]
    taken = y[p:].copy(), y[p::-1].copy()
    y[p:] += 1
    return taken, x[p::-2], x[:p:-1], x[::-1][::-1][p:], x[::-1][p:][::-1], x[-p:], x[p:-p], y

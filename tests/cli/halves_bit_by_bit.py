"""Arithmetic on all kinds of float16: subnormals, infinities, zeros of both signs, any bits."""

import sys

import numpy as np

n = int(sys.argv[1])
np.seterr(all="ignore")
rng = np.random.default_rng(7)
bits = rng.integers(0, 65536, n).astype(np.uint16)
special = np.array(
    [0, 0x8000, 1, 0x8001, 0x3FF, 0x400, 0x7BFF, 0xFBFF, 0x7C00, 0xFC00, 0x7E00, 0x3C00, 0x401],
    np.uint16,
)
a = np.concatenate((np.repeat(special, 13), bits)).view(np.float16)
b = np.concatenate((np.tile(special, 13), rng.permutation(bits))).view(np.float16)


def show(x):
    """The bits, but for those of NaNs."""
    v = np.where(np.isnan(x), np.float16(7), x).view(np.uint16).astype(np.int64)
    print(((v * (np.arange(len(v)) * 31 + 7)) % 1000003).sum(), v[::97], np.isnan(x).sum())


for x in (a + b, a - b, a * b, a / b, np.sqrt(a), -a, abs(a), np.copysign(a, b)):
    show(x)
for x in (np.maximum(a, b), np.minimum(a, b), np.fmax(a, b), np.where(a < b, a, b)):
    show(x)
for x in (a * np.float16(0.3) + 1, 1 / a, np.float16(2.5) - b, np.floor(a), np.rint(b)):
    show(x)
print((a < b).sum(), (a <= b).sum(), (a == b).sum(), (a != b).sum(), (a > 0).sum())
print((-a).view(np.uint16)[:40], abs(b).view(np.uint16)[:40], np.signbit(b).sum())

show((a.astype(np.float32) * np.float32(1.0001)).astype(np.float16))
show((a.astype(np.float64) * 1.00048828125000001).astype(np.float16))
near = 1.0 + 2.0**-11 + (np.arange(n) % 5 - 2) * 2.0**-40
ties = near * 2.0 ** (np.arange(n) % 42 - 26)
show(ties.astype(np.float16))
show(ties.astype(np.float32).astype(np.float16))
show(np.arange(-2000, 70000, 137).astype(np.float16))
print(a[np.isfinite(a)].astype(int).sum(), a.astype(bool).sum())

w = np.clip(np.where(np.isfinite(a), a, np.float16(0)), -100, 100)
print(w.sum(), w.max(), w.min(), w.argmax(), w.mean(), w.prod(), w[w > 1].sum())
m = w[:168].reshape(12, 14)
print(m.sum(0), m.sum(1), m.max(1), m.mean(0), (m @ m.T)[2], m.T[3], m.cumsum(1)[3], np.sort(m)[2])
for x in (np.square(w), np.exp(w / 20), w // 3, w % 3, np.tanh(w), w[::-1]):
    show(x)


def scan(x, y):
    s = np.float16(0)
    count = 0
    for i in range(len(x)):
        if x[i] > y[i]:
            s = s + x[i] * y[i]
            count += 1
        elif x[i] < np.float16(-3):
            s = max(-x[i], s / np.float16(3))
        if s > 1000:
            s = s - np.float16(1000)
    return s, count


def filtered(x):
    y = np.zeros(len(x), np.float16)
    for i in range(1, len(x)):
        y[i] = y[i - 1] * np.float16(0.5) + x[i] - float(x[i - 1]) * 0.1
    return y


def total(x):
    t = 0.0
    for i in range(len(x)):
        t += x[i]
    return t


print(scan(w, w[::-1]), total(w), w[5] * 3, float(w[7]), f"{w[7]:.3f}", bool(w[3]), int(w[9]))
show(filtered(w))

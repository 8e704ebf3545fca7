# args: 8
import sys

import numpy as np


def fft(x):
    n = len(x)
    if n == 1:
        return x
    even = fft(x[::2])
    odd = fft(x[1::2])
    factor = np.exp(-2j * np.pi * np.arange(n // 2) / n)
    return np.concatenate([even + factor * odd, even - factor * odd])


n = int(sys.argv[1])
t = np.arange(n)
signal = np.cos(2 * np.pi * t / n) + 0.5 * np.sin(4 * np.pi * t / n)
spectrum = fft(signal.astype(complex))
print(np.round(np.abs(spectrum), 6))


def butterflies(xs):
    if len(xs) == 1:
        return list(xs)
    even, odd = butterflies(xs[0::2]), butterflies(xs[1::2])
    out = [0j] * len(xs)
    for k in range(len(xs) // 2):
        t = 1j**k * odd[k]
        out[k], out[k + len(xs) // 2] = even[k] + t, even[k] - t
    return out


print(butterflies([complex(k, -k) for k in range(int(sys.argv[1]))]))

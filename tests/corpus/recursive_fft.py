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

"""Transforms and factors of arrays whose lengths the command line says."""

import sys

import numpy as np


def show(a):
    print(a.shape, a.dtype, np.abs(a).sum().round(8), np.abs(a).ravel()[:3].round(8))


for n in range(len(sys.argv) + 4, len(sys.argv) + 7):
    x = np.sin(np.arange(n) ** 2) + 0.3
    show(np.fft.fft(x))
    show(np.fft.rfft(x, norm="ortho"))
    show(np.fft.irfft(np.fft.rfft(x), n))
    show(np.fft.fft(np.outer(x[:3], np.tile(x, 8)[:37])))

a = np.outer(np.arange(1.0, 4), np.arange(len(sys.argv) + 3)) + np.eye(3, len(sys.argv) + 3)
b = np.cos(a)
for one in (a, b, a + b):
    show(np.linalg.svd(one)[1])
    show(np.linalg.eigh(one @ one.T)[0])

"""The fast Fourier transform by Cooley and Tukey, in place, real and imaginary parts apart.

    python models/fft.py [LENGTH]

LENGTH is a power of two. Shows the strongest frequencies of a signal of three tones.
"""

import math
import sys

import numpy as np


def reorder(real, imaginary):
    """Each element goes where its number's bits lead when read backwards."""
    n = len(real)
    j = 0
    for i in range(1, n):
        bit = n >> 1
        while j & bit:
            j ^= bit
            bit >>= 1
        j |= bit
        if i < j:
            real[i], real[j] = real[j], real[i]
            imaginary[i], imaginary[j] = imaginary[j], imaginary[i]


def transform(real, imaginary):
    """The discrete Fourier transform of 2^k complex numbers, in their place."""
    n = len(real)
    reorder(real, imaginary)
    length = 2
    while length <= n:
        half = length // 2
        for start in range(0, n, length):
            for k in range(half):
                angle = -2 * math.pi * k / length
                c, s = math.cos(angle), math.sin(angle)
                a, b = start + k, start + k + half
                re = real[b] * c - imaginary[b] * s
                im = real[b] * s + imaginary[b] * c
                real[b], imaginary[b] = real[a] - re, imaginary[a] - im
                real[a], imaginary[a] = real[a] + re, imaginary[a] + im
        length *= 2


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 256
    real, imaginary = np.empty(n), np.zeros(n)
    for i in range(n):
        t = 2 * math.pi * i / n
        real[i] = 3 * math.sin(5 * t) + math.cos(17 * t) + 0.5 * math.sin(40 * t)
    transform(real, imaginary)
    for k in range(n // 2):
        strength = 2 * math.hypot(real[k], imaginary[k]) / n
        if strength > 0.1:
            print(f"frequency {k:3}: {strength:.4f}")


main()

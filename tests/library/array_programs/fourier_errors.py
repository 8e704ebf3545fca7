"""Transforms along axes that arrays of few dimensions do not have."""

import sys

import numpy as np

n = int(sys.argv[1])
few = (np.ones(4), np.array(2.0), np.arange(n) * 1.0, np.ones((2, n)))


def told(function, *arguments, **options):
    try:
        print(np.shape(function(*arguments, **options)))
    except (IndexError, ValueError) as error:
        print(type(error).__name__, error)


for f in (np.fft.fft2, np.fft.ifft2, np.fft.rfft2, np.fft.irfft2):
    for x in few[:3]:
        told(f, x)
    told(f, few[2], (4, -1))
    told(f, few[3], (4,))
for f in (np.fft.fftn, np.fft.rfftn, np.fft.irfftn):
    told(f, few[0], axes=(0, 1))
    told(f, few[2], axes=(-3,))
    told(f, few[1], axes=(0,))
    told(f, few[3], axes=(1, 2))

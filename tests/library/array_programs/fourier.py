"""Discrete Fourier transforms, with NumPy's bits."""

import sys

import numpy as np

scale = int(sys.argv[1])
rng = np.random.default_rng(5)
for n in (1, 2, 6, 8, 13, 30, 64):
    x = rng.standard_normal(n) * scale
    z = x + 1j * rng.standard_normal(n)
    print(n, np.fft.fft(z), np.fft.ifft(z, norm="ortho"), np.fft.rfft(x), np.fft.irfft(z, n))
print(np.fft.fft(z[:53])[:4], np.fft.ifft(rng.standard_normal(101))[:4], np.fft.hfft(z, 6))
a = rng.standard_normal((3, 4, 5)) * scale
c = a + 1j * rng.standard_normal((3, 4, 5))
print(np.fft.fft2(c)[0], np.fft.rfft2(a)[0], np.fft.irfftn(c)[1], np.fft.fft(a, 3, axis=0)[1])
print(np.fft.fft(c, axis=1, norm="forward")[2], np.fft.fft(z.astype(np.complex64)))
print(np.fft.fftfreq(5), np.fft.rfftfreq(6, 0.1), np.fft.fftshift(a[0]), np.fft.ifftshift(a[0, 0]))
print(np.fft.rfft(np.ones(3 * scale)), np.fft.fft(np.full(6 * scale, 0.5)))

# args: 24 10
import sys

import numpy as np

width, height = int(sys.argv[1]), int(sys.argv[2])
x = np.linspace(-2, 0.8, width)
y = np.linspace(-1.1, 1.1, height)
c = x[np.newaxis, :] + 1j * y[:, np.newaxis]
z = np.zeros_like(c)
count = np.zeros(c.shape, dtype=int)
for _ in range(20):
    inside = np.abs(z) <= 2
    z[inside] = z[inside] ** 2 + c[inside]
    count += inside
for row in count:
    print("".join("#" if n == 20 else "+" if n > 4 else "." for n in row))

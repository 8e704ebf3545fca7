# args: 9
import sys

import numpy as np

n = int(sys.argv[1])
edge = [0.0, -0.0, 1.5, -2.0, 3e-320, 5e-310, 1e-200, 7e150, 1e308, float("inf"), float("nan")]
x = edge + [((i * 7919) % 1009 - 500) * 10.0 ** (i % 21 - 10) for i in range(n * 2)]
m = len(x)
out = np.zeros((m * m, 8))
k = 0
for i in range(m):
    for j in range(m):
        z = complex(x[i], x[j])
        w = complex(x[j] * 0.5, 3)
        if x[i] < 1e300 and x[j] < 1e300:
            out[k, 0] = abs(z)
        if z != 0 and w:
            w = w / z + 2 / w - z / 3.0
        out[k, 1] = w.real
        out[k, 2] = w.imag
        w = z * w - 1j * z + x[i] * (z.conjugate() - 4)
        w *= -z
        w += i
        out[k, 3] = w.real
        out[k, 4] = w.imag
        if abs(x[i]) < 1e30 and abs(x[j]) < 1e30:
            v = z**2 + z**5
            out[k, 5], out[k, 6] = v.real, v.imag
        out[k, 7] = (z == w) + 2 * (z == i) + 4 * (z != x[i]) + 8 * (w == +w)
        k += 1
for row in range(k):
    print(*out[row].tolist())


def escape(c, most):
    z = 0j
    for k in range(most):
        if abs(z) > 2:
            return k, z
        z = z * z + c
    return most, z


c = None
for i in range(n):
    steps, z = escape(complex(-2 + 3 * i / n, 0.25), 40)
    print(steps, z, f"{z:.3f}")
    c = z + i
    if c.imag > i:
        c = c - 1.5
print(c, c is None)
points = [complex(i, -i) for i in range(n)]
print(sum(points), points[-1:])
total = 0
for i in range(n):
    total += complex(i, 1) * 2
print(total)
huge = complex(1e300, n)
for i in range(n):
    huge = huge * (1 + i)
    if i == 8:
        print(abs(huge * 1e2))
r = 1 + 1j
for i in range(n):
    r = r / complex(4 - i, 0)
print(r)

"""NumPy copies part of a row over another part of it element by element, from one of the ends."""

import sys

import numpy as np

n = int(sys.argv[1])
known = np.arange(20)
known[0:8:2] = known[1:5]
known[3:15:3] = known[4:8]
known[9:1:-2] = known[8:4:-1]
square = np.arange(25).reshape(5, 5)
square[1, :4] = square.diagonal(1)
print(square)
a = np.arange(20) * n
a[0:8:2] = a[1:5]
a[4::2] = a[1:9]
a[n : n + 8 : 2] = a[n + 1 : n + 5]
print(known, a)
a[::n] = a[: len(a[::n])]
a[: len(a[::n])] = a[::n]
a[1 : 1 + len(a[::n])] = a[::n]
a[::-1] = a
a[1:] = a[:-1]
a[2:] += a[:-2]
a[3:13] = a[1:2]
a[::2], a[1::2] = a[1::2], a[::2]
np.copyto(a[n : n + 4], a[n - 1 : n + 7 : 2])
print(a)

m = np.arange(n * n).reshape(n, n)
m[1] = m[:, n - 1]
print(m)
m[:, 0] = m[n - 1]
m[2:, 1] = m[1, 2:]
m[2] = m.diagonal()
m[2, 1:] = np.diag(m, 1)
m[n - 1] = np.fliplr(m).diagonal()
m[0, 1 : n - 1] = np.fliplr(m)[1:].diagonal()[1:]
print(m)
f = np.array(m, order="F")
f[1] = f[:, n - 1]
f.T[0] = f[n - 2]
f[:] = f.T
print(m, f)
for i in range(n):
    m[i] = m[:, n - 1 - i // 2]
    m[:, i] = m[i]
print(m)

c = np.arange(12) * (1 + 1j) * n
c[:6].real = c[::2].imag
c.imag[3:8] = c.real[2::2]
c[2:5] = c[1:6:2]
print(c)


def slices(count, steps, room):
    """Begins, ends and a step of one sign for as many elements."""
    a, b = steps % 4 + 1, steps // 4 % 4 + 1
    x, y = (room * 7 % (50 - count * a)), (room * 13 % (50 - count * b))
    return x, x + count * a, a, y, y + count * b, b


b, total, h = np.arange(50.0), np.zeros(50), np.arange(50).astype(np.float16)
for t in range(200):
    x, xs, xi, y, ys, yi = slices(t % 9 + 1, t // 3 + n, t * t + n)
    b[x:xs:xi] = b[y:ys:yi]
    h[x : x + 4 * (t % 9) : 4] = h[y : y + 2 * (t % 9) : 2]
    back = slice(49 - y, 49 - ys, -yi)
    h[49 - x : 49 - xs : -xi] = h[back]
    total += b + h
    b = (b * 3 + np.arange(50)) % 101
    h[t % 50] = t
print(total, h)

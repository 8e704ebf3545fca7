import sys
import numpy as np
n = int(sys.argv[1])
a = (np.arange(n) * 7919 % 13) / 2
m = a > 2
print(a[m], a[~m].sum(), a[m].shape, len(a[m]))
a[m] = 0
print(a)
a[~m] += 5
print(a)
a[m] = np.arange(m.sum()) + .5
print(a)
b = (np.arange(4*n) * 7919 % 13).reshape(n, 4)
k = b > 5
print(b[k])
b[k] = -b[k]
print(b)
print(b[b[:, 0] < 0])
print(b[b[:, 0] < 0, 1])
print(b[1:3, b[0] > 2], b[:, b[0] > 2].shape)
b[a > 1, 2] += 100
b[np.array([0, 1]), np.array([1, 2])] = [7, 8]
print(b)
s = int(sys.argv[2])
print(a[::s], a[4:1:s], b[::s, 1::2], b[::s, ::s])
a[::s] = 3
a[::-s] += 1
print(a)
c = np.arange(n * 3 * 4).reshape(n, 3, 4)
i = np.array([1, 0]) * (n // n)
print(c[i, :, i], c[i, :, i].shape, c[0, :, i], c[:, i, i], c[i, None, i].shape, c[..., i].shape, c[i, 1:, 0], c[1, i])
c[i, :, i] = -1
c[:, i, 1] *= 2
print(c)
print(c[c > 20].reshape(-1))

"""Arrays that are written and read again; sys.argv: rows, a text file, an array file."""

import sys

import numpy as np
n = int(sys.argv[1])
a = np.arange(n * 3, dtype=np.float32).reshape(n, 3) / 7
np.savetxt("a.txt", a)
np.savetxt(sys.argv[2], a, fmt="%.3f", delimiter=",", header="h é")
for dt in (np.int8, np.uint16, np.int64, np.float16, np.float64, np.complex64, np.bool_):
    np.save("x_" + np.dtype(dt).name + ".npy", (a * 5).astype(dt))
np.save("known", np.eye(3))
np.save(sys.argv[3], a.T)
np.save("slice.npy", a[:, ::2])
np.save("zero", np.float32(n))
with open("two.npy", "wb") as f:
    np.save(f, a)
    np.save(f, a + 1)
b = np.loadtxt("a.txt")
print(b.shape, b.dtype, b.sum())
c = np.loadtxt(sys.argv[2], delimiter=",", dtype=np.float32, ndmin=2)
print(c, c.shape)
d = np.loadtxt("a.txt", usecols=1)
print(d)
d = np.loadtxt("a.txt", usecols=(0, 2), skiprows=1)
print(d @ np.ones(2))
with open("raw.bin", "wb") as f:
    f.write(bytes([1, 0, 2, 0, 3, 1]))
print(np.fromfile("raw.bin", dtype=np.uint16), np.fromfile("raw.bin", np.int8, 3))

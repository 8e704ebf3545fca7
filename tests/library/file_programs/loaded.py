"""Arrays that are saved and loaded; sys.argv: rows, an array file."""

import sys
import numpy as np
n = int(sys.argv[1])
a = (np.arange(n * 3, dtype=np.float32).reshape(n, 3) / 7)
np.save(sys.argv[2], a)
b = np.load(sys.argv[2]).astype(np.float64).reshape(-1, 3)
print(b.sum(0), b.shape, b.dtype)
c = np.load(sys.argv[2])
print(c.mean(), c.shape, c.dtype)
for dt in (np.int8, np.uint16, np.int64, np.float16, np.complex64, np.bool_, np.uint64):
    np.save("x.npy", (a * 5).astype(dt))
    print(np.load("x.npy"))
np.save("t.npy", a.T)
print(np.load("t.npy").flags.f_contiguous, np.load("t.npy").sum(1))
np.savez("z", a, w=a[0], k=np.int32(n), t=a.T)
with np.load("z.npz") as z:
    print(z.files, sorted(z), len(z), "w" in z, "q" in z)
    print(z["arr_0"] * z["w"], z["k"], z["t"].shape)
    for key in z:
        print(key, z[key].shape)
    try:
        z["nothing"]
    except KeyError as e:
        print(e)
np.savez_compressed("zc.npz", x=a, y=np.zeros((0, 2)))
d = np.load("zc.npz")
print({k: v.shape for k, v in d.items()})
try:
    np.load(sys.argv[2] + "no")
except FileNotFoundError as e:
    print(e, e.filename)
with open("two.npy", "wb") as f:
    np.save(f, a)
    np.save(f, a[:, 0])
with open("two.npy", "rb") as f:
    print(np.load(f).astype(float).reshape(-1, 3).sum(), np.load(f).astype(float).reshape(-1))
a.tofile("raw.bin")
a[:, 1].astype("<i2").tofile("raw2.bin")
a.tofile("raw.txt", sep=", ", format="%.3f")
print(np.fromfile("raw.bin", np.float32), np.fromfile("raw.bin", "f4", 2), np.fromfile("raw.bin", np.float32, offset=8))
print(np.fromfile("raw2.bin", "i2"), np.fromfile("raw.txt", sep=","), np.fromfile("raw.bin", np.uint8, count=n))
with open("mix.bin", "wb") as f:
    f.write(b"HEAD")
    a.tofile(f)
    np.arange(n).tofile(f)
with open("mix.bin", "rb") as f:
    print(f.read(4), np.fromfile(f, np.float32, 3 * n), f.tell(), np.fromfile(f, np.int64))
    f.seek(4)
    print(np.fromfile(f, np.float32, count=2))

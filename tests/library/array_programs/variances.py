import sys
import numpy as np
n = int(sys.argv[1])
rng = np.random.default_rng(1)
ints = rng.integers(0, 50, (n, 5))
floats = rng.random((n, 4)) * 100
small = floats.astype(np.float32)
half = floats.astype(np.float16)
many = ints.astype(np.int8)
for a in (ints, floats, small, half, many, ints > 25, floats + 1j * floats[::-1], small.astype(np.complex64)):
    print(a.dtype)
    for dtype in (None, float, np.float32, np.float16, int, np.int16, np.uint8):
        if a.dtype.kind == "c" and dtype is not None:
            continue
        for axis in (None, 0, 1):
            v = a.var(axis=axis, dtype=dtype)
            print(" ", dtype, axis, v, v.dtype)
    print(a.var(ddof=1), a.std(), a.std(axis=0), np.var(a, keepdims=True))
print(np.var([1, 2, 4]), np.std([1.5, 2], ddof=1), np.var(ints, dtype=int, ddof=1), np.std(ints, dtype=np.float32))
print(np.var(floats, axis=0, where=floats > 20, ddof=1))
print(np.nanvar(floats), np.nanstd(small, axis=1))

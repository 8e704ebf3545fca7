import sys
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view, as_strided
n = int(sys.argv[1])
a = (np.arange(n) * 7919 % 13) / 2
b = (np.arange(4*n) * 7919 % 11).reshape(n, 4)
print(a.flat[1], b.flat[[0, -1]], b.flat[2:6], len(b.flat), [x + 1 for x in a.flat][:2], list(b[0].flat))
b.flat[3] = 99; b.flat[::5] = [7, 8]; print(b)
b.T.flat[0:2] = -1; print(b)
print(a.strides, a.itemsize, a.nbytes, b.strides, b.T.strides, b[::2].strides, a[::-1].strides, b[:, None].strides)
print(a.base is None, a[1:].base is a, b.T.base is b)
k = np.arange(6).reshape(2, 3)
print(k.flags, k.T.flags, k.flags['C_CONTIGUOUS'], k.T.flags.f_contiguous, k[:, 1].flags.c_contiguous, k.base)
print(a.view(np.int64), a.view(), a.view('uint64')[0], a.astype(np.float32).view(np.int32), b.view(np.uint64))
print(np.arange(3).view(np.uint8), a[:2].view(np.uint8), b.astype(np.uint8).view(np.int32), a.astype(np.float32).view(np.uint16))
v = a.view(np.int64); v[0] = 0x3ff0000000000000; print(a)
print(sliding_window_view(a, 3), sliding_window_view(b, (2, 2)).shape, sliding_window_view(b, 2, axis=0).tolist())
print(as_strided(a, (n - 1, 2), (8, 8)), as_strided(k, (2, 2), (8, 16)))
for i, x in np.ndenumerate(b[:2]):
    print(i, x, end=' ')
for i in np.ndindex(2, n):
    print(i, end=' ')
print()
for x in np.nditer(b):
    print(x, end=' ')
for x, y in np.nditer([b, b * 2]):
    print(x + y, end=' ')
if True:
    it = np.nditer(b, op_flags=['readwrite'])
    for w in it:
        w[...] = 2 * w
print(b)
it = np.nditer(k, flags=['multi_index'])
while not it.finished:
    print(it[0], it.multi_index, end=' ')
    it.iternext()
print(np.shares_memory(a, a[1:]), np.may_share_memory(a, b))
q = a.copy(); q.flags.writeable = False
try:
    q[0] = 1
except ValueError as error:
    print(error)
for swapped in (np.arange(3, dtype=np.int16), np.array([1.5, 2.0]), np.array([[1 + 2j, 3]]),
                np.array([[1, 2], [3, 4]], np.uint32)[:, ::-1], np.array([7, 8], np.int8)):  # fmt: skip
    print(swapped.byteswap().tolist(), (swapped + swapped).byteswap().byteswap())
turned = np.array([1, 770], np.uint16)
print(turned.byteswap(inplace=True), turned)

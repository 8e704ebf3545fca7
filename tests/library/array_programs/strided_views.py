import sys

import numpy as np

k = int(sys.argv[1])
b = np.arange(24).reshape(4, 6) * 1.5
column, every = b[::k, 1], b[1:, ::k]
column[0] = 7
every *= 2
every[:, 0] = np.arange(3)
turned = b[::-k, ::-1]
turned[0, 0] = -5
print(b, column, every.T, every.sum(0), turned)
for i in range(1, k + 2 if k > 0 else 4):
    b[i % 4, ::i] += i
    part = b[:, i::i]
    part[0] -= 1
    print(part.sum(), part.shape)
row = b[0, ::k]
rest = row[1:]
rest += 100
row.sort()
np.add(row, 1, out=row)
print(b, np.sort(b[1, ::k]), b[..., ::k].max(), b[::k].reshape(-1), b[::k][:, None].shape)
f = (np.arange(4200).reshape(60, 70) * 0.37 % 1).astype(np.float32)
for x in (f[::k], f[:, ::k], f.T[::k], f[::-k, 1:]):
    print(x.sum(0)[:3], x.sum(1)[:3], (x * x).sum(1)[:3], x.mean())
for huge in (2**63 - 1, -(2**63) + abs(k)):
    print(f[0, :: huge - abs(k)], f[3:5, 60 :: huge + 7 * (huge < 0)])
flags = np.ones(40 + abs(k), dtype=bool)
p = 2
while p * p < len(flags):
    if flags[p]:
        flags[p * p :: p] = False
    p += 1
print(np.nonzero(flags)[0])
a = np.arange(40 + abs(k)) * 1.0
b, c = a + 100, a * 3
j, s = len(a), 0.0
while j > 1:
    s += (a[:j] - b[len(a) - j :]).max()
    a, b, c = b, c, a * 0.5 + c
    a, b = b, a
    j = j * 2 // 3
print(s, a, b, c)

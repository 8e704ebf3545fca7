import sys
import numpy as np


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __repr__(self):
        return f"P({self.x}, {self.y})"

    def __eq__(self, other):
        return isinstance(other, Point) and (self.x, self.y) == (other.x, other.y)

    def __add__(self, other):
        return Point(self.x + other.x, self.y + other.y)

    def __mul__(self, k):
        return Point(self.x * k, self.y * k)


n = int(sys.argv[1])
ps = np.array([Point(i, i * i) for i in range(n)])
qs = np.array([Point(1, 2)] * n, dtype=object)
print(ps + qs, ps * 2)
print((ps + qs).sum(), ps == Point(1, 1), (ps == qs).any())
m = np.empty((n, 2), dtype=object)
for i in range(n):
    for j in range(2):
        m[i, j] = (i, j) if (i + j) % 2 else None
print(m, m.T.shape)
print(m != None)
xs = np.array([p.x for p in ps])
print(ps[xs > 1], ps[::-1][0], ps[-1])
best = ps[0]
for p in ps:
    if p.y > best.y:
        best = p
print(best)
a = ps if n > 2 else qs
print(a)
total = np.zeros(n, dtype=object)
for k in range(n):
    total = total + k
print(total, total.sum(), total.dtype)
acc = np.full(n, "", dtype=object)
for k in range(n):
    acc[: k + 1] += str(k)
print(acc, [len(s) for s in acc])
names = np.array(["n%d" % i for i in range(n)], dtype=object)
print(np.char.add(names.astype(str), "!"), names[names > "n1"], names.reshape(-1, 1).shape)
for i, row in enumerate(m):
    print(i, row, row[0] is None)
print(np.where(xs > 1, names, None))
print(np.concatenate([names, ps[:2]]), np.append(names, "z"), np.tile(names[:2], 2))
print(sorted(names.tolist(), reverse=True)[:2], "n0" in names)
v = names[1:]
v[0] = 99
print(names, v)
order = np.argsort(-xs)
print(names[order], ps[order][0])

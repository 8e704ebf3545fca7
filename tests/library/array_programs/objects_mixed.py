import sys
import numpy as np
class Vec:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __len__(self):
        return 2
    def __getitem__(self, i):
        return (self.x, self.y)[i]
vs = [Vec(1, 2), Vec(3, 4)]
a = np.array(vs)
print(a, a.dtype, a.shape)
b = np.array(vs, dtype=object)
print(b.shape, b[0, 1])
class P:
    def __init__(self, v): self.v = v
    def __float__(self): return float(self.v)
    def __repr__(self): return f"P{self.v}"
c = np.array([P(1), P(2)])
print(c.astype(float), c)
print(np.array([P(1), 2, "x", None, 3.5, [1]], dtype=object))
d = np.array([(1, 2), (3, 4)], dtype=object)
print(d.shape, d.tolist())
e = np.empty(2, dtype=object)
e[:] = [(1, 2), (3, 4)]
print(e, e.shape, e[0])
e[0] += (5,)
print(e)
f = np.array([{"a": 1}, {"b": 2}])
print([x.get("a") for x in f], f[1]["b"])
g = np.array([lambda x: x + 1, abs])
print([h(-3) for h in g])
h = np.array([np.arange(3), "s"], dtype=object)
print(h[0].sum(), h)
try:
    i = np.array([np.zeros(2), np.zeros(3)])
except ValueError as err:
    print(err)
j = np.array([[None, 1], [2, None]])
print(j == None, j[j != None].sum(), np.argwhere(j == None).tolist())
print(isinstance(j, np.ndarray), type(j) is np.ndarray, j.dtype == np.dtype("O"), j.dtype.type is np.object_, np.issubdtype(j.dtype, np.number))
k = j.copy(); k[k == None] = 0
print(k.astype(int), k.sum(), (k * 2).tolist(), np.sum(k, axis=1))
print(np.array_equal(j, j), (j is k), len(j), list(map(len, j)))
for row in j:
    print([v for v in row if v])

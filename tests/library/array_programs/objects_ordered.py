import sys
import numpy as np
n = int(sys.argv[1])
o = np.array([(i * 7) % 4 for i in range(n)], dtype=object)
s = np.array(["ab"[i % 2] for i in range(n)], dtype=object)
print(o, s)
print(np.lexsort((o, s)))
print(np.unique(o, return_counts=True, return_index=True, return_inverse=True))
print(np.unique(s), np.isin(s, ["a"]), np.searchsorted(np.sort(o), 2), np.argsort(s), s.argmax(), o.min())
print(o.cumsum(), o.mean(), o.std(), np.median(o), o.reshape(-1, 1) @ o.reshape(1, -1))
print(np.diff(o), np.outer(o, o).shape, np.count_nonzero(o), np.argwhere(o).T, o.nonzero())
print(np.array_equal(o, o), (o == s).any(), o.any(), o.all(), o.clip(1, 2))
print(np.tril(np.outer(o, o)), np.roll(s, 1), np.flip(o), np.delete(s, 0), np.insert(s, 1, "z"))
o[0] = None
print(o, o == None)
s.sort()
print(s)

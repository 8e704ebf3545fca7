import sys
import numpy as np
n = len(sys.argv)
t = np.array(["abc", "de", "f"])
u = np.array([x + "!" * n for x in ["abc", "de", "f"]])
print(u, repr(u), u.dtype)
print(type(u[0]), repr(u[0]), u[0])
x = u[1]
print(f"{x!r} {x} {x!s}", isinstance(x, str), isinstance(x, np.str_), type(x).__name__)
print([u[0], u[1]], (u[0],), {"a": u[2]})
print(list(u))
print(u.tolist())
for w in u:
    print(repr(w), type(w))
print(sorted(u), max(u), repr(max(list(u))))
print([w.upper() for w in u], u[0] + "x", repr(u[0] + "x"), type(u[0][0]))
d = {}
for w in u:
    d[w] = d.get(w, 0) + 1
print(d)
print(u[0] == "abc!", u[0] in d)
print(np.unique(u), list(np.unique(u)))
s = set(u)
print(len(s), sorted(s))
print({k: len(k) for k in u})
print(str(u[0]), repr(str(u[0])))
print(u.max() if False else u[0].item(), repr(u[0].item()))
print("%r %s" % (u[0], u[1]))
print(", ".join(u))
print([(i, w) for i, w in enumerate(u)])
print(list(zip(u, [1, 2, 3])))
print(u[:2], repr(u[n - 1]))

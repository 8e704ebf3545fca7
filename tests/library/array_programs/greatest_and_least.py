import sys
import numpy as np
k = int(sys.argv[1])
a = np.arange(k) * 2
print(max(a), min(a), repr(max(a)), max(a, default=7), max(a[:0], default=7), min(a[k:], default=None))
f = np.array([3.0, np.nan, 1.0, 5.0, -0.0, 0.0])[:k + 3] * 1.5
print(max(f), min(f), max(f[::-1]), min(f[::-1]), repr(min(f)), type(max(f)))
print(max(f, key=lambda v: abs(v - 3)), min(a, key=lambda v: -v), max(a, key=abs, default=2))
try:
    print(max(a[k:]))
except ValueError as error:
    print(error)
try:
    print(min(f[k + 9:], key=abs))
except ValueError as error:
    print(error)
m = np.arange(2 * k).reshape(k, 2) * 1.0
try:
    print(max(m))
except ValueError as error:
    print(error)
print(max(a) > 1, max(a) + max(np.arange(k)), [max(row) for row in m.tolist()] if k == 1 else "", max(m[0]))
b = np.arange(k) > 0
print(max(b), min(b))

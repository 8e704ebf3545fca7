# args: 3 0.5 abc
"""Operators whose right operand is the program's and whose left one only run time knows."""
import sys
import numpy as np
class V:
    def __init__(self, v): self.v = v
    def __repr__(self): return f"V({self.v})"
    def __add__(self, o): return V(self.v + (o.v if isinstance(o, V) else o))
    __radd__ = __add__
    def __rsub__(self, o): return V(o - self.v)
    def __rmul__(self, o): return V(self.v * o)
    def __rtruediv__(self, o): return V(o / self.v)
    def __rpow__(self, o): return NotImplemented
    def __eq__(self, o): return self.v == (o.v if isinstance(o, V) else o)
    def __lt__(self, o): return self.v < o
    def __gt__(self, o): return self.v > o
    def __rmod__(self, o): return f"{o} mod {self.v}"
n, x, s = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
print(n + V(2), n - V(2), n * V(2), n / V(2), x + V(n), x - V(n), x * V(1.5), x / V(n), n % V(2))
print(n == V(3), n == V(2), n != V(3), n < V(2), n > V(2), V(n) == n, x == V(0.5), V(n) == V(3), s == V("abc"))
print(sum([V(n), V(2)]), sum([V(1), V(n)], n))
a = np.arange(3.0) * x
print(a[1] * V(2), max(V(n), V(2)).v if n > 5 else "-")
for f in (lambda: n ** V(2), lambda: n // V(2), lambda: s + V("d"), lambda: n <= V(1)):
    try:
        print(f())
    except TypeError as e:
        print(e)
total = 0
for w in sys.argv[1:3]:
    total = total + V(float(w))
print(total)


class Place:
    def __init__(self, at): self.at = at
    def __index__(self): return self.at


p, row = Place(n), [10, 20, 30, 40]
row[p] = 5
row[Place(0)] += 1
print("abcdef"[p], row[p], (1, 2, 3, 4)[p], list(range(p)), row[1:p], list(range(1, 9, p)), row)

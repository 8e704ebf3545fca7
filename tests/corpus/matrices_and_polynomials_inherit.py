# args: 3 1 2 3
import sys
class Matrix(list):
    def __init__(self, rows):
        super().__init__([list(r) for r in rows])
    def __add__(self, o): return Matrix([[a + b for a, b in zip(r, s)] for r, s in zip(self, o)])
    def __mul__(self, o):
        if isinstance(o, (int, float)):
            return Matrix([[a * o for a in r] for r in self])
        cols = list(zip(*o))
        return Matrix([[sum(a * b for a, b in zip(r, c)) for c in cols] for r in self])
    def __str__(self): return "\n".join("\t".join(map(str, r)) for r in self)
    def transpose(self): return Matrix(zip(*self))
    @property
    def shape(self): return len(self), len(self[0])
n = int(sys.argv[1])
a = Matrix([[i + j for j in range(n)] for i in range(n)])
b = Matrix([[int(i == j) for j in range(n)] for i in range(n)])
print(a * b == a, (a + b).shape)
print(a * a)
print(a.transpose() * 2)
r = b
for _ in range(n):
    r = r * (a + b)
print(r, len(r), r[0][1])
class Poly(tuple):
    def __new__(cls, *c): return super().__new__(cls, c)
    def __call__(self, x):
        r = 0
        for c in reversed(self): r = r * x + c
        return r
    def __add__(self, o):
        k = max(len(self), len(o))
        return Poly(*(a + b for a, b in zip(self + (0,) * 0 if False else tuple(self) + (0,) * (k - len(self)), tuple(o) + (0,) * (k - len(o)))))
    def deriv(self): return Poly(*(i * c for i, c in enumerate(self) if i))
p = Poly(*map(int, sys.argv[2:]))
print(p, p(2), p.deriv(), p.deriv()(3), p + p.deriv())

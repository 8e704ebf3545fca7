# args: 5 2 7
import sys
class Matrix:
    def __init__(self, rows): self.rows = [list(r) for r in rows]
    @classmethod
    def identity(cls, n): return cls([[int(i == j) for j in range(n)] for i in range(n)])
    @property
    def shape(self): return len(self.rows), len(self.rows[0])
    def __getitem__(self, ij):
        if isinstance(ij, tuple):
            i, j = ij
            return self.rows[i][j]
        return self.rows[ij]
    def __matmul__(self, o):
        if self.shape[1] != o.shape[0]: raise ValueError("shapes")
        cols = list(zip(*o.rows))
        return Matrix([[sum(a * b for a, b in zip(r, c)) for c in cols] for r in self.rows])
    def __add__(self, o): return Matrix([[a + b for a, b in zip(r, s)] for r, s in zip(self.rows, o.rows)])
    def __mul__(self, k): return Matrix([[a * k for a in r] for r in self.rows])
    __rmul__ = __mul__
    def __pow__(self, n):
        r, b = Matrix.identity(len(self.rows)), self
        while n:
            if n & 1: r = r @ b
            b = b @ b
            n >>= 1
        return r
    def __eq__(self, o): return isinstance(o, Matrix) and self.rows == o.rows
    def __repr__(self): return "Matrix(" + "; ".join(" ".join(map(str, r)) for r in self.rows) + ")"
    def det(self):
        n = len(self.rows)
        if n == 1: return self.rows[0][0]
        return sum((-1) ** j * self.rows[0][j] * Matrix([r[:j] + r[j + 1:] for r in self.rows[1:]]).det() for j in range(n))
n = int(sys.argv[1])
f = Matrix([[1, 1], [1, 0]])
print(f ** n, (f ** n)[0, 1], f ** n == f @ f)
m = Matrix([[int(x) + i * j for j, x in enumerate(sys.argv[1:4])] for i in range(3)])
print(m, m.det(), 2 * m, m.shape)
ms = {k: f ** k for k in range(n)}
for k, v in ms.items(): print(k, v, v.det())

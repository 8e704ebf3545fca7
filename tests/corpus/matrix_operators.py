# args: 3 2
import sys


class Matrix:
    def __init__(self, rows):
        self.rows = [list(row) for row in rows]
        self.shape = (len(self.rows), len(self.rows[0]))

    @classmethod
    def identity(cls, n):
        return cls([[1 if i == j else 0 for j in range(n)] for i in range(n)])

    @classmethod
    def build(cls, n, f):
        return cls([[f(i, j) for j in range(n)] for i in range(n)])

    def __add__(self, other):
        return Matrix([[a + b for a, b in zip(r, s)] for r, s in zip(self.rows, other.rows)])

    def __sub__(self, other):
        return self + other * -1

    def __mul__(self, other):
        if isinstance(other, (int, float)):
            return Matrix([[other * a for a in row] for row in self.rows])
        return NotImplemented

    __rmul__ = __mul__

    def __matmul__(self, other):
        columns = list(zip(*other.rows))
        return Matrix([[sum(a * b for a, b in zip(row, col)) for col in columns] for row in self.rows])

    def __pow__(self, n):
        result = Matrix.identity(self.shape[0])
        base = self
        while n:
            if n % 2:
                result = result @ base
            base = base @ base
            n //= 2
        return result

    def __eq__(self, other):
        return self.rows == other.rows

    def __getitem__(self, index):
        i, j = index
        return self.rows[i][j]

    def __setitem__(self, index, value):
        i, j = index
        self.rows[i][j] = value

    @property
    def T(self):
        return Matrix(zip(*self.rows))

    def trace(self):
        return sum(self[i, i] for i in range(self.shape[0]))

    def minor(self, i, j):
        return Matrix([row[:j] + row[j + 1:] for k, row in enumerate(self.rows) if k != i])

    def det(self):
        if self.shape == (1, 1):
            return self.rows[0][0]
        return sum((-1) ** j * self[0, j] * self.minor(0, j).det() for j in range(self.shape[0]))

    def __repr__(self):
        return "Matrix(" + repr(self.rows) + ")"

    def __str__(self):
        return "\n".join(" ".join(f"{x:6d}" for x in row) for row in self.rows)


n, power = int(sys.argv[1]), int(sys.argv[2])
m = Matrix.build(n, lambda i, j: (i * 7 + j * 3) % 5 + (i == j))
print(m)
print(repr(m.T))
print(m @ m)
print(m ** power)
print((m + m.T) - 2 * m)
print(m.trace(), m.det())
m[0, 0] = 9
print(m[0, 0], m == m.T, m.T.T == m)

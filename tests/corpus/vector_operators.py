# args: 1 2 3
import sys


class Vector:
    __slots__ = ("x", "y", "z")

    def __init__(self, x, y, z):
        self.x, self.y, self.z = x, y, z

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y, self.z + other.z)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y, self.z - other.z)

    def __mul__(self, factor):
        return Vector(self.x * factor, self.y * factor, self.z * factor)

    __rmul__ = __mul__

    def __matmul__(self, other):
        return self.x * other.x + self.y * other.y + self.z * other.z

    def __neg__(self):
        return -1 * self

    def __eq__(self, other):
        return (self.x, self.y, self.z) == (other.x, other.y, other.z)

    def __abs__(self):
        return (self @ self) ** 0.5

    def __repr__(self):
        return f"Vector({self.x}, {self.y}, {self.z})"


v = Vector(*[int(text) for text in sys.argv[1:4]])
w = Vector(0, 1, -1)
print(v + w, v - w, 2 * v, -w, v @ w)
print(abs(w), v == v + w - w, v != w)

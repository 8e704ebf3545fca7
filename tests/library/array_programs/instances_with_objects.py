import sys
import numpy as np
class Matrix:
    def __init__(self, rows):
        self.data = np.array(rows, dtype=object)
    @property
    def T(self):
        m = Matrix.__new__(Matrix)
        m.data = self.data.T
        return m
    def __matmul__(self, other):
        m = Matrix([[0]])
        m.data = self.data @ other.data
        return m
    def __getitem__(self, key):
        return self.data[key]
    def __setitem__(self, key, value):
        self.data[key] = value
    def __str__(self):
        return "\n".join(" ".join(f"{v!s:>5}" for v in row) for row in self.data)
a = Matrix([[1, 2], [3, 4]])
print(a @ a.T)
a[0, 0] = 10 ** 5
print(a, a[0, 0] % 7)
k = int(sys.argv[1])
b = Matrix([[k, k + 1], [k * 2, 1]])
print(b @ b, (a @ b)[1, 1])
for _ in range(k):
    b = b @ b
print(len(str(b[0, 0])))
class Inventory:
    def __init__(self, size):
        self.slots = np.empty(size, dtype=object)
        self.used = 0
    def add(self, item):
        free = np.flatnonzero(self.slots == None)
        if len(free) == 0:
            raise OverflowError("full")
        self.slots[free[0]] = item
        self.used += 1
        return int(free[0])
    def remove(self, item):
        at = np.flatnonzero(self.slots == item)
        self.slots[at] = None
        self.used -= len(at)
inv = Inventory(3)
for it in sys.argv[2:]:
    try:
        if it.startswith("-"):
            inv.remove(it[1:])
        else:
            print(it, inv.add(it))
    except OverflowError as e:
        print(it, e)
print(inv.slots, inv.used)

import sys
import numpy as np


class Cell:
    __slots__ = ("alive", "age")

    def __init__(self, alive):
        self.alive = alive
        self.age = 0

    def __str__(self):
        return "#" if self.alive else "."


n, steps = int(sys.argv[1]), int(sys.argv[2])
rng = np.random.default_rng(1)
make = np.vectorize(Cell, otypes=[object])
grid = make(rng.random((n, n)) < 0.4)
print(grid.shape, grid.dtype)


def neighbours(g, i, j):
    return sum(g[(i + a) % n, (j + b) % n].alive for a in (-1, 0, 1) for b in (-1, 0, 1) if a or b)


for t in range(steps):
    counts = np.array([[neighbours(grid, i, j) for j in range(n)] for i in range(n)])
    for i in range(n):
        for j in range(n):
            c = grid[i, j]
            alive = counts[i, j] == 3 or (c.alive and counts[i, j] == 2)
            c.age = c.age + 1 if alive and c.alive else 0
            c.alive = bool(alive)
    print(t, int(counts.sum()))
for row in grid:
    print("".join(str(c) for c in row))
alive = np.frompyfunc(lambda c: c.alive, 1, 1)(grid).astype(bool)
print(alive.sum(), max(c.age for c in grid.flat))

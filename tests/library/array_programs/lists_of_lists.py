"""Arrays of lists within lists that the command line makes: their dtype and shape."""

import sys

import numpy as np

n = int(sys.argv[1])


def show(a):
    print(a.dtype, a.shape, a.tolist())


table = [[i * j for j in range(n)] for i in range(n)]
show(np.array(table))
show(np.array(table, dtype=np.float32))
show(np.array(table[1:] + [[7] * n]))
show(np.array(table[0]))
show(np.array(table, dtype=np.float16))
show(np.array([(complex(i, 1), 2.0) for i in range(n)]))

grid = [[0] * n for _ in range(n + 1)]
for i in range(n):
    grid[i][i] = i + 1
show(np.array(grid))
print(np.sum(grid), np.mean(grid, axis=0))

pairs = []
for i in range(n):
    pairs.append((i, i / 2))
show(np.array(pairs))
x, y = np.array(pairs).T
show(x + y)
show(np.array([b for _, b in pairs]))
left, right = zip(*pairs)
show(np.array(left))
show(np.array(right))

growing = []
for i in range(n):
    growing.append([])
    for j in range(3):
        growing[-1].append(i + j * 0.5)
growing.sort(reverse=True)
show(np.array(growing))
show(np.array([[1, n]] * n))

seen = {}
for i in range(n):
    seen[i % 2] = seen.get(i % 2, 0) + i
show(np.array(list(seen.values())))
show(np.array(sorted(seen.items())))
show(np.array([*table[0], 2.5]))
show(np.array([[[i + j + k for k in range(2)] for j in range(n)] for i in range(n)]))
show(np.array([i for i in range(n - n)], dtype=int))
print(np.array([1.0])[[i for i in range(n - n)]])

try:
    show(np.array([[1] * i for i in range(n + 1)]))
except ValueError:
    print("ragged")
print(np.sum([i for i in range(n - 1)]))


class Body:
    def __init__(self, place, speed):
        self.place = np.array(place, dtype=float)
        self.speed = np.array(speed)
        self.before = None

    def move(self, time):
        self.place = self.place + self.speed * time


bodies = [Body([i, 0], [1, i]) for i in range(n)]
for _ in range(2):
    for body in bodies:
        body.move(0.5)
show(np.array([body.place for body in bodies]))
print(bodies[0].place.sum(), bodies[-1].before)
table = np.arange(n * 3).reshape(n, 3)
print(*table[:, 0], *table[1] > 3, sep=';')
first, *rows = table
*most, last = table.T[0]
print(first, len(rows), rows[0], most, last, [*table[:, 1]], (*table[:, 2], n), max(*table[:, 1]))
shares = []
for i in range(n):
    lower = min(table[:, k].mean() for k in range(3) if k != i)
    shares.append((lower - i) / max(lower, table[i].mean()))
print(np.mean(shares), np.array([sum(row) for row in table]))
halves = np.array([i * 7 % 5 / 2 for i in range(n)])
print(sorted(range(n), key=lambda i: -halves[i]), sorted(range(n), reverse=True), sorted(halves))
print(tuple(halves), set(table[:, 0] % 2), sorted(table[:, 1], key=lambda one: -one)[0])

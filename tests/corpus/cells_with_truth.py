# args: 5 4 7 3
import sys
import random
class Cell:
    def __init__(self, alive): self.alive = alive
    def __bool__(self): return self.alive
class Life:
    def __init__(self, w, h, seed):
        rng = random.Random(seed)
        self.w, self.h = w, h
        self.grid = [[Cell(rng.random() < 0.3) for _ in range(w)] for _ in range(h)]
    def neighbours(self, x, y):
        return sum(bool(self.grid[(y + dy) % self.h][(x + dx) % self.w]) for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy)
    def step(self):
        counts = [[self.neighbours(x, y) for x in range(self.w)] for y in range(self.h)]
        for y in range(self.h):
            for x in range(self.w):
                n = counts[y][x]
                self.grid[y][x].alive = n == 3 or (self.grid[y][x].alive and n == 2)
    def __str__(self):
        return "\n".join("".join("#" if c else "." for c in row) for row in self.grid)
w, h, seed, steps = map(int, sys.argv[1:5])
life = Life(w, h, seed)
for i in range(steps):
    life.step()
print(life)
print(sum(c.alive for r in life.grid for c in r))

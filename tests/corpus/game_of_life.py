# args: 4
import sys

import numpy as np


def step(world):
    neighbours = sum(
        np.roll(np.roll(world, dy, 0), dx, 1)
        for dy in (-1, 0, 1)
        for dx in (-1, 0, 1)
        if (dy, dx) != (0, 0)
    )
    return ((neighbours == 3) | ((world == 1) & (neighbours == 2))).astype(int)


world = np.zeros((8, 8), dtype=int)
for y, x in [(0, 1), (1, 2), (2, 0), (2, 1), (2, 2)]:
    world[y, x] = 1
for generation in range(int(sys.argv[1])):
    world = step(world)
for row in world:
    print("".join("#" if cell else "." for cell in row))
print("alive", world.sum())

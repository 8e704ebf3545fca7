# args: 6
import sys

import numpy as np

n = int(sys.argv[1])
grid = np.zeros((n, n))
grid[0, :] = 100
iterations = 0
change = 1.0
while change > 0.01:
    old = grid.copy()
    grid[1:-1, 1:-1] = (old[:-2, 1:-1] + old[2:, 1:-1] + old[1:-1, :-2] + old[1:-1, 2:]) / 4
    change = np.abs(grid - old).max()
    iterations += 1
print(iterations, "iterations")
print(np.round(grid, 2))

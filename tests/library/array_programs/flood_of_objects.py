import sys
import numpy as np
rows = [list(w) for w in sys.argv[1:]]
grid = np.array(rows, dtype=object)
print(grid.shape)
def fill(g, i, j, old, new):
    if i < 0 or j < 0 or i >= g.shape[0] or j >= g.shape[1] or g[i, j] != old:
        return 0
    g[i, j] = new
    return 1 + fill(g, i + 1, j, old, new) + fill(g, i - 1, j, old, new) + fill(g, i, j + 1, old, new) + fill(g, i, j - 1, old, new)
print(fill(grid, 0, 0, grid[0, 0], "*"))
for row in grid:
    print("".join(row))
def count(g):
    found = {}
    for c in g.flat:
        found[c] = found.get(c, 0) + 1
    return dict(sorted(found.items()))
print(count(grid))

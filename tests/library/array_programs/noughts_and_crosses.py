import sys
import numpy as np
grid = np.full((3, 3), " ", dtype=object)
moves = [int(m) for m in sys.argv[1:]]
player = "X"
winner = None
def wins(g, p):
    return any((g[i] == p).all() for i in range(3)) or any((g[:, j] == p).all() for j in range(3)) \
        or (np.diag(g) == p).all() or (np.diag(np.fliplr(g)) == p).all()
for m in moves:
    r, c = divmod(m, 3)
    if grid[r, c] != " ":
        print("taken", m)
        continue
    grid[r, c] = player
    if wins(grid, player):
        winner = player
        break
    player = "O" if player == "X" else "X"
print("\n-+-+-\n".join("|".join(row) for row in grid))
print("winner:", winner)
print(grid)

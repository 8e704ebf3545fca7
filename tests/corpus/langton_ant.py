# args: 60
import sys

size = 9
grid = [[False] * size for _ in range(size)]
x = y = size // 2
dx, dy = 0, -1
for step in range(int(sys.argv[1])):
    if grid[y][x]:
        dx, dy = dy, -dx
    else:
        dx, dy = -dy, dx
    grid[y][x] = not grid[y][x]
    x = (x + dx) % size
    y = (y + dy) % size
print("\n".join("".join("#" if cell else "." for cell in row) for row in grid))

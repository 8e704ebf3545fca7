# args: 4
import sys


def spiral(n):
    grid = [[0] * n for _ in range(n)]
    y, x, dy, dx = 0, 0, 0, 1
    for number in range(1, n * n + 1):
        grid[y][x] = number
        ny, nx = y + dy, x + dx
        if not (0 <= ny < n and 0 <= nx < n) or grid[ny][nx]:
            dy, dx = dx, -dy
            ny, nx = y + dy, x + dx
        y, x = ny, nx
    return grid


for row in spiral(int(sys.argv[1])):
    print(*(f"{value:3}" for value in row))

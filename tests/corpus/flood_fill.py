# args: 1 1 *
import sys

picture = [list(row) for row in ["..##..", ".#..#.", ".#.##.", "..#..."]]
y, x, ink = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]


def fill(y, x, old, new):
    if not (0 <= y < len(picture) and 0 <= x < len(picture[0])):
        return 0
    if picture[y][x] != old:
        return 0
    picture[y][x] = new
    return 1 + sum(fill(y + dy, x + dx, old, new) for dy, dx in ((0, 1), (1, 0), (0, -1), (-1, 0)))


print(fill(y, x, picture[y][x], ink), "filled")
for row in picture:
    print("".join(row))

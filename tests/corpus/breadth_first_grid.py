# args: 0 0 4 5
import sys
from collections import deque

MAZE = [
    "..#...",
    ".##.#.",
    "....#.",
    ".##...",
    "...#..",
]


def solve(start, goal):
    queue = deque([(start, 0)])
    seen = {start}
    while queue:
        (y, x), steps = queue.popleft()
        if (y, x) == goal:
            return steps
        for dy, dx in ((0, 1), (1, 0), (0, -1), (-1, 0)):
            ny, nx = y + dy, x + dx
            if 0 <= ny < len(MAZE) and 0 <= nx < len(MAZE[0]):
                if MAZE[ny][nx] == "." and (ny, nx) not in seen:
                    seen.add((ny, nx))
                    queue.append(((ny, nx), steps + 1))
    return -1


a, b, c, d = (int(arg) for arg in sys.argv[1:5])
print("shortest way:", solve((a, b), (c, d)))

# args: 30 8
import sys

import numpy as np

steps, seed = int(sys.argv[1]), int(sys.argv[2])
np.random.seed(seed)
position = 0
visited = [0]
for _ in range(steps):
    position += 1 if np.random.rand() < 0.5 else -1
    visited.append(position)
print(visited)
print("range", min(visited), max(visited), "returns", visited[1:].count(0))
walk = np.cumsum(np.random.choice([-1, 1], size=steps))
print(walk)

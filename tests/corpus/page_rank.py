# args: 0.85 30
import sys

import numpy as np

damping, rounds = float(sys.argv[1]), int(sys.argv[2])
links = {0: [1, 2], 1: [2], 2: [0], 3: [2, 0]}
n = len(links)
M = np.zeros((n, n))
for page, targets in links.items():
    for target in targets:
        M[target, page] = 1 / len(targets)
rank = np.full(n, 1 / n)
for _ in range(rounds):
    rank = (1 - damping) / n + damping * M @ rank
print(np.round(rank, 4), round(rank.sum(), 9))
for page in np.argsort(-rank):
    print(page, f"{rank[page]:.4f}")

import sys
import numpy as np

n = int(sys.argv[1])
start = np.arange(n + 1) * 8
target = np.arange(n * 8) * 37 % n
rank = np.ones(n) / n
following = np.zeros(n)
for step in range(n // 8):
    for i in range(n):
        following[i] = 0.15 / n
    for i in range(n):
        share = 0.85 * rank[i] / (start[i + 1] - start[i])
        for e in range(start[i], start[i + 1]):
            following[target[e]] += share
    for i in range(n):
        rank[i] = following[i]
print(rank[0], rank[n // 2])

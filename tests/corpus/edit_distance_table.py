# args: flaw lawn
import sys

import numpy as np

a, b = sys.argv[1:3]
table = np.zeros((len(a) + 1, len(b) + 1), dtype=int)
table[:, 0] = np.arange(len(a) + 1)
table[0, :] = np.arange(len(b) + 1)
for i in range(1, len(a) + 1):
    for j in range(1, len(b) + 1):
        cost = 0 if a[i - 1] == b[j - 1] else 1
        table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + cost)
print(table)
print("distance", table[-1, -1])

# args: 5
import sys

import numpy as np

n = int(sys.argv[1])
if n % 2 == 0:
    sys.exit("need an odd size")
square = np.zeros((n, n), dtype=int)
i, j = 0, n // 2
for number in range(1, n * n + 1):
    square[i, j] = number
    i2, j2 = (i - 1) % n, (j + 1) % n
    if square[i2, j2]:
        i2, j2 = (i + 1) % n, j
    i, j = i2, j2
print(square)
print(square.sum(axis=0), square.sum(axis=1), np.trace(square), np.trace(square[:, ::-1]))

# args: 3
import sys

import numpy as np

n = int(sys.argv[1])
a = np.arange(n * n, dtype=float).reshape(n, n) + 1
while np.linalg.matrix_rank(a) < n:
    a = a * a % 7
print(a)

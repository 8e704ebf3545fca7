import sys
import numpy as np

n = int(sys.argv[1])
p = np.arange(n + 1) * 7 % 23 + 1
m = np.zeros((n, n), dtype=np.int64)
for length in range(2, n + 1):
    for i in range(n - length + 1):
        j = i + length - 1
        best = 1000000000
        for k in range(i, j):
            cost = m[i, k] + m[k + 1, j] + p[i] * p[k + 1] * p[j + 1]
            if cost < best:
                best = cost
        m[i, j] = best
print(m[0, n - 1])

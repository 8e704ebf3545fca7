import sys
import numpy as np

n = int(sys.argv[1])
a = (np.arange(n * n) % 7).astype(np.float64).reshape(n, n)
b = (np.arange(n * n) % 5).astype(np.float64).reshape(n, n)
c = np.zeros((n, n))
for i in range(n):
    for j in range(n):
        s = 0.0
        for k in range(n):
            s += a[i, k] * b[k, j]
        c[i, j] = s
print(c[n // 2, n // 3])

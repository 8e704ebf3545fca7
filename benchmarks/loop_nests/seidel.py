import sys
import numpy as np

n = int(sys.argv[1])
a = (np.arange(n * n) % 17).astype(np.float64).reshape(n, n)
for i in range(1, n - 1):
    for j in range(1, n - 1):
        a[i, j] = (a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1] + a[i, j]) / 5.0
print(a[n // 2, n // 3])

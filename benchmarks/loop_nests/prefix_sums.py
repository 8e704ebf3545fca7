import sys
import numpy as np

n = int(sys.argv[1])
a = (np.arange(n * n) % 13).astype(np.float64)
for i in range(1, n * n):
    a[i] = a[i] + a[i - 1]
print(a[n * n - 1])

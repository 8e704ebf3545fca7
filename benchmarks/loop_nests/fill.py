import sys
import numpy as np

n = int(sys.argv[1])
a = np.zeros((n, n))
for i in range(n):
    for j in range(n):
        a[i, j] = i * 3.0 + j
print(a[n // 2, n // 3])

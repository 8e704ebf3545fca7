import sys
import numpy as np

n = int(sys.argv[1])
a = np.arange(n) * 7 % 5
b = np.arange(n) * 11 % 3
t = np.zeros((n + 1, n + 1), dtype=np.int64)
for i in range(1, n + 1):
    for j in range(1, n + 1):
        if a[i - 1] == b[j - 1]:
            t[i, j] = t[i - 1, j - 1] + 1
        else:
            t[i, j] = max(t[i - 1, j], t[i, j - 1])
print(t[n, n])

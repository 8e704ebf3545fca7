import sys
import numpy as np

n = int(sys.argv[1])
x = (np.arange(n) * 7919 % 1009).astype(np.float64)
for i in range(1, n):
    v = x[i]
    j = i - 1
    while j >= 0 and x[j] > v:
        x[j + 1] = x[j]
        j -= 1
    x[j + 1] = v
print(x[0], x[n // 2], x[n - 1])

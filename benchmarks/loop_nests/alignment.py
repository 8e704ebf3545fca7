import sys
import numpy as np

n = int(sys.argv[1])
a = np.arange(n) * 7 % 4
b = np.arange(n) * 3 % 4
s = np.zeros((n + 1, n + 1), dtype=np.int64)
for i in range(n + 1):
    s[i, 0] = -2 * i
    s[0, i] = -2 * i
for i in range(1, n + 1):
    for j in range(1, n + 1):
        best = s[i - 1, j - 1] - 1
        if a[i - 1] == b[j - 1]:
            best = s[i - 1, j - 1] + 1
        if s[i - 1, j] - 2 > best:
            best = s[i - 1, j] - 2
        if s[i, j - 1] - 2 > best:
            best = s[i, j - 1] - 2
        s[i, j] = best
print(s[n, n])

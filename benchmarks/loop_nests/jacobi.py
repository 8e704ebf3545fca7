import sys
import numpy as np

n = int(sys.argv[1])
a = np.zeros((n, n))
b = np.zeros((n, n))
for i in range(n):
    a[i, 0] = 1.0
    b[i, 0] = 1.0
change = 1.0
steps = 0
while change > 0.01 and steps < 20:
    change = 0.0
    for i in range(1, n - 1):
        for j in range(1, n - 1):
            b[i, j] = (a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1]) * 0.25
    for i in range(1, n - 1):
        for j in range(1, n - 1):
            change = max(change, abs(b[i, j] - a[i, j]))
            a[i, j] = b[i, j]
    steps += 1
print(steps, change, a[n // 2, n // 3])

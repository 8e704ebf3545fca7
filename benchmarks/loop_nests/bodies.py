import sys
import numpy as np

n = int(sys.argv[1])
x = (np.arange(n) * 7 % 11).astype(np.float64)
y = (np.arange(n) * 5 % 13).astype(np.float64)
ax = np.zeros(n)
ay = np.zeros(n)
for i in range(n):
    for j in range(n):
        if i != j:
            dx = x[j] - x[i]
            dy = y[j] - y[i]
            d = dx * dx + dy * dy + 0.01
            f = 1.0 / (d * d)
            ax[i] += dx * f
            ay[i] += dy * f
print(ax[n // 2], ay[n // 3])

import sys
import numpy as np

n = int(sys.argv[1])
out = np.zeros((n, n), dtype=np.int64)
for i in range(n):
    for j in range(n):
        cr = -2.0 + 3.0 * j / n
        ci = -1.5 + 3.0 * i / n
        zr = 0.0
        zi = 0.0
        k = 0
        while k < 100 and zr * zr + zi * zi < 4.0:
            t = zr * zr - zi * zi + cr
            zi = 2.0 * zr * zi + ci
            zr = t
            k += 1
        out[i, j] = k
print(out.sum())

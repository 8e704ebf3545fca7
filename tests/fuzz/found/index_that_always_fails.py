import sys

import numpy as np

n = int(sys.argv[1])
x0 = n + 2
rows0 = [[1, 2], [n, 3]]
v0 = True if 2 % 5 < n else 6
print(v0, v0 + 1)
try:
    for i0 in range(5):
        x0 = (x0 + int(int(np.arange(4)[(n - i0 - n - 1) % 97]))) % 97
        rows0[(7 - x0) % 2][(n * 7) % 2] += 1
except (ArithmeticError, ValueError) as error:
    print(x0, error)
print(x0)
print(rows0)


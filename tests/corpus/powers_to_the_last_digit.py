# args: 200
import math
import sys

import numpy as np

n = int(sys.argv[1])
xs = np.zeros(n)
s = 12345
for i in range(n):
    s = (s * 1103515245 + 12345) % 2147483648
    xs[i] = s / 2147483648.0 * 9.0 + 0.01
made = np.zeros((n, 12))
for i in range(n):
    x = float(xs[i])
    made[i, 0] = x ** 2
    made[i, 1] = x ** 3
    made[i, 2] = x ** 0.5
    made[i, 3] = x ** -1
    made[i, 4] = x ** 1.5
    made[i, 5] = x ** -2.5
    made[i, 6] = x ** (x - 4.0)
    made[i, 7] = (-x) ** 5
    made[i, 8] = math.exp(x - 5.0)
    made[i, 9] = math.pow(2.0, x)
    made[i, 10] = xs[i] ** 2 + xs[i] ** 0.5
    made[i, 11] = x ** 17
for column in range(12):
    print(column, *[v.hex() for v in made[:, column].tolist()])
squares = 0.0
for i in range(n):
    squares += (float(xs[i]) - 4.0) ** 2
print(squares, (squares / n) ** 0.5)

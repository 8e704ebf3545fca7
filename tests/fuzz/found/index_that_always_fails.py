import sys

import numpy as np

n = int(sys.argv[1])
x = n + 2
try:
    for i in range(5):
        x = (x + int(np.arange(4)[(n - i - n - 1) % 97])) % 97
except (ArithmeticError, ValueError) as error:
    print(x, error)
print(x)

# args: 12
import sys

import numpy as np


def power(matrix, exponent):
    result = np.eye(len(matrix), dtype=matrix.dtype)
    while exponent > 0:
        if exponent % 2 == 1:
            result = result @ matrix
        matrix = matrix @ matrix
        exponent //= 2
    return result


n = int(sys.argv[1])
fib = np.array([[1, 1], [1, 0]])
print(power(fib, n))
print("fibonacci number", n, "is", power(fib, n)[0, 1])
rotation = np.array([[0.0, -1.0], [1.0, 0.0]])
print(power(rotation, n))

# args: 8 -11 -3
import sys

import numpy as np


def solve(A, b):
    A = A.astype(float)
    b = b.astype(float)
    n = len(b)
    for k in range(n):
        pivot = k + np.argmax(np.abs(A[k:, k]))
        if A[pivot, k] == 0:
            raise np.linalg.LinAlgError("singular")
        if pivot != k:
            A[[k, pivot]] = A[[pivot, k]]
            b[[k, pivot]] = b[[pivot, k]]
        for i in range(k + 1, n):
            factor = A[i, k] / A[k, k]
            A[i, k:] -= factor * A[k, k:]
            b[i] -= factor * b[k]
    x = np.zeros(n)
    for i in range(n - 1, -1, -1):
        x[i] = (b[i] - A[i, i + 1 :] @ x[i + 1 :]) / A[i, i]
    return x


A = np.array([[2, 1, -1], [-3, -1, 2], [-2, 1, 2]])
b = np.array([int(arg) for arg in sys.argv[1:]])
x = solve(A, b)
print(np.round(x, 6))
print(np.allclose(A @ x, b))

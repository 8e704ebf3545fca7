import numpy as np

A = np.array([[4.0, 3, 2], [2, 5, 1], [1, 2, 6]])
n = A.shape[0]
L = np.eye(n)
U = A.copy()
for k in range(n - 1):
    for i in range(k + 1, n):
        L[i, k] = U[i, k] / U[k, k]
        U[i, k:] = U[i, k:] - L[i, k] * U[k, k:]
np.set_printoptions(precision=3, suppress=True)
print("L =\n", L, sep="")
print("U =\n", U, sep="")
print("ok", np.allclose(L @ U, A), "det", round(float(np.prod(np.diag(U))), 6))

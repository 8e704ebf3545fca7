# args: 8
import sys

import numpy as np

n = int(sys.argv[1])
A = 2 * np.eye(n) - np.eye(n, k=1) - np.eye(n, k=-1)
b = np.ones(n)
x = np.zeros(n)
r = b - A @ x
p = r.copy()
rs = r @ r
steps = 0
while np.sqrt(rs) > 1e-10 and steps < 100:
    Ap = A @ p
    alpha = rs / (p @ Ap)
    x += alpha * p
    r -= alpha * Ap
    new = r @ r
    p = r + (new / rs) * p
    rs = new
    steps += 1
print(np.round(x, 5), "residual small:", np.allclose(A @ x, b))

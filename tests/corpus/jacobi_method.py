# args: 1e-8
import sys

import numpy as np

tolerance = float(sys.argv[1])
A = np.array([[10.0, -1, 2, 0], [-1, 11, -1, 3], [2, -1, 10, -1], [0, 3, -1, 8]])
b = np.array([6.0, 25, -11, 15])
D = np.diag(A)
R = A - np.diagflat(D)
x = np.zeros(4)
for iteration in range(1, 101):
    new = (b - R @ x) / D
    if np.linalg.norm(new - x, ord=np.inf) < tolerance:
        break
    x = new
print(iteration, np.round(x, 5))

# args: 50
import sys

import numpy as np

A = np.array([[2.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0.0, 1.0, 4.0]])
v = np.ones(3)
eigenvalue = 0.0
for step in range(int(sys.argv[1])):
    w = A @ v
    new = v @ w / (v @ v)
    v = w / np.linalg.norm(w)
    if abs(new - eigenvalue) < 1e-10:
        print("converged")
        break
    eigenvalue = new
else:
    print("did not converge")
print(f"{eigenvalue:.6f}", np.round(v, 4))

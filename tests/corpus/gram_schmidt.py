import numpy as np

V = np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 1.0]])
basis = []
for v in V:
    w = v.copy()
    for q in basis:
        w -= (v @ q) * q
    norm = np.sqrt(w @ w)
    if norm > 1e-10:
        basis.append(w / norm)
Q = np.array(basis)
print(np.round(Q, 4))
print(np.round(np.abs(Q @ Q.T), 6))

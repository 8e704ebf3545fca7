# args: 300
import sys

import numpy as np

rng = np.random.default_rng(42)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float64)
y = np.array([[0], [1], [1], [0]], dtype=np.float64)
W1 = rng.normal(0, 1, (2, 8))
b1 = np.zeros(8)
W2 = rng.normal(0, 1, (8, 1))
b2 = np.zeros(1)
for step in range(int(sys.argv[1])):
    h = np.tanh(X @ W1 + b1)
    out = 1 / (1 + np.exp(-(h @ W2 + b2)))
    d_out = (out - y) / len(X)
    d_h = d_out @ W2.T * (1 - h**2)
    W2 -= 1.5 * h.T @ d_out
    b2 -= 1.5 * d_out.sum(axis=0)
    W1 -= 1.5 * X.T @ d_h
    b1 -= 1.5 * d_h.sum(axis=0)
    if step % 100 == 0:
        print(step, f"{((out - y) ** 2).mean():.4f}")
print((out > 0.5).astype(int).ravel())

# args: 30 0.3
import sys

import numpy as np

n, noise = int(sys.argv[1]), float(sys.argv[2])
rng = np.random.default_rng(1)
x = rng.uniform(0, 10, n)
y = 3 * x - 4 + noise * rng.normal(size=n)

X = np.column_stack([np.ones(n), x])
w = np.linalg.solve(X.T @ X, X.T @ y)
residual = y - X @ w
r2 = 1 - (residual**2).sum() / ((y - y.mean()) ** 2).sum()
print(f"intercept {w[0]:.3f} slope {w[1]:.3f} R2 {r2:.4f}")

w0, w1 = 0.0, 0.0
for epoch in range(500):
    error = w0 + w1 * x - y
    w0 -= 0.02 * error.mean()
    w1 -= 0.02 * (error * x).mean()
print(f"descent {w0:.2f} {w1:.2f}")

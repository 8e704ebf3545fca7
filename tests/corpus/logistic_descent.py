# args: 200 0.5
import sys

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


epochs, rate = int(sys.argv[1]), float(sys.argv[2])
np.random.seed(3)
X = np.random.randn(60, 2)
y = (X[:, 0] + 2 * X[:, 1] > 0.3).astype(float)
w = np.zeros(2)
b = 0.0
for epoch in range(epochs):
    p = sigmoid(X @ w + b)
    gradient = X.T @ (p - y) / len(y)
    w -= rate * gradient
    b -= rate * (p - y).mean()
    if epoch % 50 == 0:
        loss = -np.mean(y * np.log(p + 1e-9) + (1 - y) * np.log(1 - p + 1e-9))
        print(f"epoch {epoch:4d} loss {loss:.4f}")
accuracy = ((sigmoid(X @ w + b) > 0.5) == y).mean()
print("accuracy", accuracy, "weights", np.round(w, 3), round(float(b), 3))

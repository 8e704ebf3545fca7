# args: 0.5
import sys
import numpy as np
# logistic regression trained at run time
rng = np.random.default_rng(0)
X = rng.standard_normal((40, 3))
true_w = np.array([1.5, -2.0, 0.5])
y = (X @ true_w > 0).astype(np.float64)
w = np.zeros(3)
lr = float(sys.argv[1])
for step in range(30):
    p = 1 / (1 + np.exp(-(X @ w)))
    grad = X.T @ (p - y) / len(y)
    w -= lr * grad
    if step % 10 == 0:
        loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
        print(step, round(float(loss), 4))
acc = np.mean((X @ w > 0) == (y > 0.5))
print("accuracy", acc)
print(w > 0)

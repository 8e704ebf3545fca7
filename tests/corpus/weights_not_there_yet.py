# args: 0.1 0.2
import sys
import numpy as np
class Model:
    def __init__(self, rate):
        self.rate = rate
        self.weights = None
    def fit(self, x, y, steps):
        self.weights = np.zeros(x.shape[1])
        for _ in range(steps):
            self.weights = self.weights - 0.1 * (x.T @ (x @ self.weights - y)) / len(y)
        return self
    def predict(self, x):
        if self.weights is None:
            raise RuntimeError(f"not fitted, at {self.rate}")
        return x @ self.weights
x = np.arange(12.0).reshape(6, 2) / 10
y = x @ np.array([1.0, 2.0])
models = [Model(float(text)) for text in sys.argv[1:]]
for model in models:
    try:
        model.predict(x)
    except RuntimeError as error:
        print(error)
    model.fit(x, y, 3)
    print(model.weights.round(4), model.predict(x).round(3))
models[0].weights = None
print([model.weights is None for model in models])

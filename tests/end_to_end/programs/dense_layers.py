# args:
import numpy as np
class Layer:
    def __init__(self, n, m, seed):
        rng = np.random.default_rng(seed)
        self.w = rng.standard_normal((n, m)).astype(np.float32)
        self.b = np.zeros(m, np.float32)
    def __call__(self, x):
        return np.maximum(x @ self.w + self.b, 0)
layers = [Layer(8, 16, 0), Layer(16, 16, 1), Layer(16, 4, 2)]
x = np.linspace(-1, 1, 24, dtype=np.float32).reshape(3, 8)
for layer in layers:
    x = layer(x)
print(x.round(4))  # NumPy's matrix products may add in another order
print(np.argmax(x, axis=1))
a = np.arange(12).reshape(3, 4)
print(a % 5, a // 3, a ** 2, a.sum(), a.max(axis=1), (a > 4).sum())
print(f"{x.sum():.3f} {a.sum()}")
print(np.where(a > 5, a, -a), np.tanh(a / 10.0))

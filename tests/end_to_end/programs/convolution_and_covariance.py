# args:
import numpy as np

def conv1d(x, w):
    n, k = len(x), len(w)
    out = np.zeros(n - k + 1, dtype=x.dtype)
    for i in range(n - k + 1):
        out[i] = np.sum(x[i:i + k] * w)
    return out

x = np.sin(np.arange(20) / 3)
print(conv1d(x, np.array([1.0, 2.0, 1.0])))

rng = np.random.default_rng(1)
pts = np.concatenate([rng.normal(0, 1, (10, 2)), rng.normal(5, 1, (10, 2))])
m = pts - pts.mean(axis=0)
cov = m.T @ m / (len(pts) - 1)
print(cov)
v = np.ones(2)
for _ in range(50):
    v = cov @ v
    v = v / np.sqrt((v ** 2).sum())
print(v)
u8 = np.arange(5, dtype=np.uint8) * 60
print(u8, u8.dtype, u8 + 1, (u8 > 100), u8.astype(np.int32) * 2)
print(np.float32(0.1) + 1, np.array([1, 2]) / 2, np.array([True, False]).sum())
print(np.cumsum(np.arange(6)))

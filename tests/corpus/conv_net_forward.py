import numpy as np

np.random.seed(0)
image = np.random.rand(1, 8, 8).astype(np.float32)
kernels = np.random.randn(2, 1, 3, 3).astype(np.float32)


def conv(x, w):
    c, h, wd = x.shape
    out = np.zeros((len(w), h - 2, wd - 2), dtype=np.float32)
    for f in range(len(w)):
        for i in range(h - 2):
            for j in range(wd - 2):
                out[f, i, j] = np.sum(x[:, i : i + 3, j : j + 3] * w[f])
    return out


def pool(x):
    c, h, w = x.shape
    return x.reshape(c, h // 2, 2, w // 2, 2).max(axis=(2, 4))


hidden = pool(np.maximum(conv(image, kernels), 0))
print(hidden.shape, hidden.dtype)
print(np.round(hidden[0], 3))

import numpy as np

rng = np.random.default_rng(5)
image = np.clip(rng.normal(100, 20, (8, 8)), 0, 255).astype(np.uint8)
hist, edges = np.histogram(image, bins=8, range=(0, 256))
print(hist, edges.astype(int))
counts = np.bincount(image.ravel(), minlength=256)
cdf = counts.cumsum()
lowest = cdf[cdf > 0].min()
table = np.round((cdf - lowest) / (image.size - lowest) * 255).astype(np.uint8)
equal = table[image]
print(equal.min(), equal.max(), equal.dtype)
print(equal[:2])

import numpy as np

rng = np.random.default_rng(11)
pixels = np.concatenate([rng.integers(20, 60, 50), rng.integers(150, 220, 30)])
best, best_t = -1.0, 0
for t in range(0, 256, 8):
    low, high = pixels[pixels < t], pixels[pixels >= t]
    if len(low) == 0 or len(high) == 0:
        continue
    weight = len(low) * len(high) / len(pixels) ** 2
    between = weight * (low.mean() - high.mean()) ** 2
    if between > best:
        best, best_t = between, t
print("threshold", best_t, "variance", round(float(best), 2))

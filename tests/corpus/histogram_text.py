# args: 40
import sys

import numpy as np

n = int(sys.argv[1])
rng = np.random.default_rng(7)
data = rng.normal(50, 10, n)
lo, hi = data.min(), data.max()
counts = [0] * 8
for value in data:
    k = min(int((value - lo) / (hi - lo) * 8), 7)
    counts[k] += 1
width = (hi - lo) / 8
for k, count in enumerate(counts):
    left = lo + k * width
    print(f"{left:7.2f} | {'#' * count} {count}")
print("mean", round(float(data.mean()), 3), "std", round(float(data.std()), 3))

# args: 12
import sys

import numpy as np

n = int(sys.argv[1])
rng = np.random.default_rng(13)
x = rng.normal(size=n)
y = 2 * x + rng.normal(scale=0.5, size=n)
r = np.corrcoef(x, y)[0, 1]
dx, dy = x - x.mean(), y - y.mean()
by_hand = (dx * dy).sum() / np.sqrt((dx**2).sum() * (dy**2).sum())
print(f"{r:.4f} {by_hand:.4f} {np.isclose(r, by_hand)}")
slope, intercept = np.polyfit(x, y, 1)
print(f"{slope:.4f} {intercept:.4f}")

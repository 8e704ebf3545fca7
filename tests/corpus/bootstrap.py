# args: 50
import sys

import numpy as np

rng = np.random.default_rng(21)
sample = np.array([3.1, 4.7, 5.0, 2.2, 6.8, 5.5, 4.1])
means = []
for _ in range(int(sys.argv[1])):
    chosen = rng.choice(sample, size=len(sample), replace=True)
    means.append(chosen.mean())
low, high = np.percentile(means, [5, 95])
print(f"mean {np.mean(means):.3f}, 90% between {low:.3f} and {high:.3f}")

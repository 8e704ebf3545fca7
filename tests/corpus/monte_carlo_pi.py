# args: 2000 1
import sys

import numpy as np

n, seed = int(sys.argv[1]), int(sys.argv[2])
rng = np.random.default_rng(seed)
x, y = rng.random(n), rng.random(n)
inside = np.count_nonzero(x * x + y * y <= 1)
print(f"pi is about {4 * inside / n:.4f} after {n} points")

# args: 20
import sys

import numpy as np

n = int(sys.argv[1])
re, im = np.meshgrid(np.linspace(-1.5, 1.5, n), np.linspace(-1, 1, n // 2))
steps = np.zeros(re.shape, dtype=np.int64)
for _ in range(15):
    re, im = re * re - im * im - 0.8, 2 * re * im + 0.156
    re = np.clip(re, -10, 10)
    im = np.clip(im, -10, 10)
    steps += (re * re + im * im < 4).astype(np.int64)
print(steps)

import sys
import numpy as np

n = int(sys.argv[1])
generator = np.random.default_rng(n)
inside = 0
for i in range(n * n):
    x = generator.random()
    y = generator.random()
    if x * x + y * y < 1.0:
        inside += 1
print(4 * inside / (n * n) if n else 0)

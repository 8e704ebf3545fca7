# args: 5 0
import random
import sys

import numpy as np

draws = [random.uniform(2, 3) for _ in range(50)]  # before anything is seeded
for _ in range(50):
    draws.append(random.random() + 2)
print(len(draws), all(2 <= x <= 3 for x in draws))
random.seed(5)
print(random.random())
for word in (sys.argv[1], sys.argv[2]):
    x = np.arange(int(word))
    print(sum(x), sum(x * 0.1), sum(x > 2), sum(x.astype(np.int8), 100), sum(-0.0 * x))
    print(type(sum(x)).__name__, sum(x / 3, 0.5), sum(x[1:] - x[:-1]))
    print(sum(np.outer(x, x)), sum(np.ones((len(x), 2))[:, 0]))

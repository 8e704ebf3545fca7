# args: 4
import sys

import numpy as np

n = int(sys.argv[1])
rng = np.random.default_rng(33)
cities = rng.integers(0, 50, (n, 2))
difference = cities[:, np.newaxis] - cities[np.newaxis]
d = np.sqrt((difference**2).sum(-1))
print(np.round(d, 1))
np.fill_diagonal(d, np.inf)
tour, here = [0], 0
while len(tour) < n:
    d[:, here] = np.inf
    here = int(d[here].argmin())
    tour.append(here)
print("tour", tour)

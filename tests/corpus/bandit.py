# args: 200 0.1
import sys

import numpy as np

steps, epsilon = int(sys.argv[1]), float(sys.argv[2])
rng = np.random.default_rng(17)
true = np.array([0.2, 0.5, 0.75])
counts = np.zeros(3, dtype=int)
values = np.zeros(3)
reward_sum = 0
for _ in range(steps):
    if rng.random() < epsilon:
        arm = int(rng.integers(3))
    else:
        arm = int(np.argmax(values))
    reward = 1 if rng.random() < true[arm] else 0
    counts[arm] += 1
    values[arm] += (reward - values[arm]) / counts[arm]
    reward_sum += reward
print(counts, np.round(values, 3), reward_sum)

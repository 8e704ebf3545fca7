# args: 10 2
import sys

import numpy as np

states = ["sunny", "cloudy", "rainy"]
P = np.array([[0.7, 0.2, 0.1], [0.3, 0.4, 0.3], [0.2, 0.4, 0.4]])
steps, seed = int(sys.argv[1]), int(sys.argv[2])
rng = np.random.default_rng(seed)
state = 0
path = [states[state]]
for _ in range(steps):
    state = rng.choice(3, p=P[state])
    path.append(states[state])
print(" -> ".join(path))
distribution = np.array([1.0, 0.0, 0.0])
for _ in range(50):
    distribution = distribution @ P
for name, share in zip(states, distribution):
    print(f"{name:<7}{share:.4f}")

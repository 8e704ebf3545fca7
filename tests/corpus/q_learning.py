# args: 80
import sys

import numpy as np

n_states, goal = 6, 5
Q = np.zeros((n_states, 2))
rng = np.random.default_rng(8)
for episode in range(int(sys.argv[1])):
    state = 0
    while state != goal:
        if rng.random() < 0.2:
            action = int(rng.integers(0, 2))
        else:
            action = int(Q[state].argmax())
        after = min(state + 1, goal) if action else max(state - 1, 0)
        reward = 1.0 if after == goal else -0.01
        Q[state, action] += 0.5 * (reward + 0.9 * Q[after].max() - Q[state, action])
        state = after
print(np.round(Q, 3))
print("policy", "".join("<>"[a] for a in Q.argmax(axis=1)[:-1]))

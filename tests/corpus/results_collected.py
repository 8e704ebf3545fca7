# args: 3 0
import sys

import numpy as np


def simulate(steps, width):
    """Arrays, NumPy's numbers and Python's, collected as an experiment runs."""
    state = np.linspace(0.0, 1.0, width)
    states, means, seen = [], [], [0.5]
    for step in range(steps):
        state = state * 0.5 + step
        states.append(state)
        means.append(state.mean())
        seen.append(state.max())
    return states, means, seen


n, none = int(sys.argv[1]), int(sys.argv[2])
states, means, seen = simulate(n, n + 1)
print(np.array(means), np.mean(seen), np.diff(seen), np.hstack(seen).dtype)
print(np.array([np.sqrt(i) for i in np.arange(n)]))
print(np.stack(states))
print(np.stack(states, axis=-1).shape, np.column_stack(states))
print(np.concatenate(states), np.vstack(states).dtype, np.hstack(means))
print(np.dstack(states).shape, np.concatenate(states, dtype=np.float32).dtype)
ragged = [np.arange(i) for i in range(n)]
print(np.concatenate(ragged))
try:
    print(np.stack(ragged))
except ValueError as error:
    print("ValueError:", error)
states, means, seen = simulate(none, n)
print(np.array(means), np.array(seen), np.sum(means))
try:
    print(np.concatenate(states))
except ValueError as error:
    print("ValueError:", error)

# args: 7
import sys

import numpy as np

n = int(sys.argv[1])
u = np.zeros((n, n))
u[0] = 100.0
residual = 0.0
for step in range(50):
    change = 0.0
    for i in range(1, n - 1):
        for j in range(1, n - 1):
            new = (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1]) / 4
            change = max(change, abs(new - u[i, j]))
            u[i, j] = new
    residual += change
    if step % 20 == 0:
        print(step, change, u[n // 2])
        residual = 0.0
    if change < 1e-3:
        print("settled", step)
        break
    u[0, step % n] += 0.5
print(np.round(u, 4), residual)

state = {"calls": 0}
trace = []
total = 0
for i in range(n * n):
    value = (i * i * 31 + total) % 17
    total += value
    for k in range(3):
        total += (value ^ k) % 5
    if value > 14:
        state["calls"] += 1
        trace.append((i, value))
print(total, state, trace)

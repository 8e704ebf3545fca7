import numpy as np

INF = float("inf")
d = np.array(
    [
        [0, 3, INF, 7],
        [8, 0, 2, INF],
        [5, INF, 0, 1],
        [2, INF, INF, 0],
    ]
)
n = len(d)
for k in range(n):
    for i in range(n):
        for j in range(n):
            if d[i, k] + d[k, j] < d[i, j]:
                d[i, j] = d[i, k] + d[k, j]
print(d)
print(d.astype(int).tolist())

# args: 3 0.5 0.5
import sys

import numpy as np

k = int(sys.argv[1])
query = np.array([float(sys.argv[2]), float(sys.argv[3])])
rng = np.random.default_rng(9)
points = rng.random((25, 2))
labels = (points.sum(axis=1) > 1).astype(int)
distance = np.linalg.norm(points - query, axis=1)
nearest = np.argsort(distance)[:k]
for index in nearest:
    print(index, np.round(points[index], 3), labels[index], f"{distance[index]:.4f}")
votes = np.bincount(labels[nearest], minlength=2)
print("votes", votes, "class", votes.argmax())

# args: 3 10
import sys

import numpy as np


def kmeans(points, k, iterations):
    centers = points[:k].copy()
    labels = np.zeros(len(points), dtype=int)
    for _ in range(iterations):
        distances = np.sqrt(((points[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2))
        labels = distances.argmin(axis=1)
        for j in range(k):
            members = points[labels == j]
            if len(members):
                centers[j] = members.mean(axis=0)
    return centers, labels


k = int(sys.argv[1])
rng = np.random.default_rng(4)
blobs = [rng.normal(loc, 0.4, size=(20, 2)) for loc in (0.0, 3.0, -4.0)]
points = np.vstack(blobs)
centers, labels = kmeans(points, k, int(sys.argv[2]))
for j in range(k):
    print(j, np.round(centers[j], 3), int((labels == j).sum()))

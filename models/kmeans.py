"""k-means: points in a plane, gathered around their nearest centres.

    python models/kmeans.py [POINTS]
"""

import sys

import numpy as np

CENTRES = 3


def assign(points, centres, nearest):
    """Each point's nearest centre; whether any has changed."""
    changed = False
    for i in range(len(points)):
        best, least = 0, np.inf
        for k in range(len(centres)):
            dx, dy = points[i, 0] - centres[k, 0], points[i, 1] - centres[k, 1]
            distance = dx * dx + dy * dy
            if distance < least:
                best, least = k, distance
        if nearest[i] != best:
            nearest[i] = best
            changed = True
    return changed


def move(points, centres, nearest):
    """Each centre to the mean of its points."""
    for k in range(len(centres)):
        count = 0
        x = y = 0.0
        for i in range(len(points)):
            if nearest[i] == k:
                count += 1
                x += points[i, 0]
                y += points[i, 1]
        if count:
            centres[k, 0], centres[k, 1] = x / count, y / count


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 150
    rng = np.random.default_rng(3)
    middles = np.array([[0.0, 0.0], [4.0, 1.0], [1.0, 5.0]])
    points = rng.standard_normal((count, 2)) + middles[rng.integers(0, CENTRES, count)]
    centres, nearest = points[:CENTRES].copy(), np.full(count, -1)
    rounds = 0
    while assign(points, centres, nearest):
        move(points, centres, nearest)
        rounds += 1
    print(f"{rounds} rounds")
    for k in range(CENTRES):
        print(f"centre {centres[k, 0]:8.4f} {centres[k, 1]:8.4f}  {np.sum(nearest == k)} points")


main()

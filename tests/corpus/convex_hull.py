import numpy as np

rng = np.random.default_rng(6)
points = [tuple(map(int, p)) for p in rng.integers(0, 20, (12, 2))]


def cross(o, a, b):
    return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])


def half(points):
    chain = []
    for p in points:
        while len(chain) >= 2 and cross(chain[-2], chain[-1], p) <= 0:
            chain.pop()
        chain.append(p)
    return chain


points.sort()
hull = half(points)[:-1] + half(points[::-1])[:-1]
print(points)
print(hull)

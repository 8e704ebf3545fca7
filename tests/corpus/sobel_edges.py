import numpy as np

image = np.zeros((7, 7))
image[2:5, 2:5] = 9
gx = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
gy = gx.T
h, w = image.shape
edges = np.zeros((h - 2, w - 2))
for i in range(h - 2):
    for j in range(w - 2):
        patch = image[i : i + 3, j : j + 3]
        edges[i, j] = np.hypot(np.sum(patch * gx), np.sum(patch * gy))
print(np.round(edges).astype(int))
for row in edges > 20:
    print("".join("#" if e else "." for e in row))

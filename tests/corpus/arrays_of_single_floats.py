# args: 4
import sys
from array import array
n = int(sys.argv[1])
a = array("f", [0.1, n * 0.1, 1e300, -1e39, 3.4028235e38, float("inf"), 3])
print(a, a[0], a[1] == n * 0.1, len(a), a.itemsize)
a.append(1 / 3)
a[0] = 2.5
print(a.tolist(), sum(a[:2]))
b = array("d", [0]) * n
b[1] = n
print(b, b == array("d", [0, n] + [0] * (n - 2)))
class Grid:
    def __init__(self, w, h):
        self.width = w
        self.data = array("d", [0]) * (w * h)
    def __getitem__(self, at):
        return self.data[at[1] * self.width + at[0]]
    def __setitem__(self, at, value):
        self.data[at[1] * self.width + at[0]] = value
grids = [Grid(n, 2) for _ in range(n)]
for i, g in enumerate(grids):
    g[i, 1] = i + 0.5
print([g[n - 1, 1] for g in grids], grids[1].data)
try:
    array("f", ["x"])
except TypeError as e:
    print(e)
print(array("f", [3.4028235677973366e38, 3.4028235677973362e38]))

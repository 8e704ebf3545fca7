# args: 3
import sys
import numpy as np
n = int(sys.argv[1])
a = [0.0] * n
a[0] = np.float64(1.5)
print(a)
b = [0] * n
b[0] = np.int64(3)
print(b, type(b[0]).__name__)
c = [1.5] * n
c.append(np.float64(2.5))
print(c, [np.float64(1.0), 2.0] * n)
d = [float('inf')] * n
d[0] = 1
d[1] = np.float64(2)
print(d)
e = [[0.5] * n for _ in range(n)]
e[0][1] = np.float64(0.25)
e[1][0] = np.sqrt(np.float64(n))
for row in e:
    print(row)
f = []
for i in range(n):
    f.append(np.float32(i) if i % 2 else i)
print(f, [type(x).__name__ for x in f])
g = [1] * n
g.insert(0, np.int64(7))
g.extend([np.int64(1), 2])
print(g)

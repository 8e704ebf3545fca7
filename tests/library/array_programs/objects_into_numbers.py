import sys
import numpy as np
n = int(sys.argv[1])
o = np.array([n, 2, 3], dtype=object)
v = o if n > 3 else 7.5
a = np.zeros(3)
a[:] = v
print(a)
w = o if n < 3 else 7.5
a[1:] = w
print(a)

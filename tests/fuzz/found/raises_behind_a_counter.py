import sys

import numpy as np

n = int(sys.argv[1])
class Guard:
    def __init__(self, swallows):
        self.swallows = swallows
        self.seen = 0
    def __enter__(self):
        self.seen += 1
        return self
    def __exit__(self, kind, error, trace):
        print('exit', kind is not None, self.seen)
        return self.swallows
b0 = np.arange(4)
if 4 < n:
    for i0 in range(4):
        if i0 > n:
            break
        with Guard(False) as guard:
            guard.seen += 1
            if n >= 0:
                raise KeyError((n) % 97)
    else:
        b0 = b0[::-1]
        b0 += 1
elif n < n:
    b0 = b0[::-1]
    b0[0] = (n) % 97
print(b0)

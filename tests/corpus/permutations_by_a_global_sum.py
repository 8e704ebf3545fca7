# args: 4
# args: 1
import sys

import numpy as np

n = int(sys.argv[1])
p = np.arange(n)
s = 0


def permute(k):
    global s
    if k == n:
        for i in range(n):
            s += p[i] * i % 5
        return
    for i in range(k, n):
        p[k], p[i] = p[i], p[k]
        permute(k + 1)
        p[k], p[i] = p[i], p[k]


permute(0)
print(s)

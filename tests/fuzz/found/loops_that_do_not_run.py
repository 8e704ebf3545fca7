import sys

import numpy as np

n = int(sys.argv[1])
a = np.zeros(4)
if n == 0:
    for i in range(n):
        a[i] = 2
        break
    else:
        print("error", a)
if n == 1:
    s = 0
    for i in range(n):
        a = a + i
        s += i
    print(s, a)
    while n > 1:
        n -= 1
    print(n)
if n == 3:
    for i in range(n, 2):
        a[i] += 1
    print(a)

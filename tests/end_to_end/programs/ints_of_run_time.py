# args: 20 9007199254740993 inf
import sys

import numpy as np

n, k, x = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
f = 1
for i in range(1, n + 1):
    f *= i
print(f, f // -n, f % -7, -f, abs(-f), f >> 3, n << 40, 2**n, pow(n, k, 11), divmod(-f, n))
print(k == 9007199254740992.0, k > 9007199254740992.0, float(k) == k, k < x, k / 3, f / k)
print(k < 2**70, k % 2**62, k & (2**63 - 1), n**-1, sum([k] * n), sum(range(n)))
u = np.array([2**64 - 1, n], dtype=np.uint64)
b = np.arange(4, dtype=np.int8)
print(u, u // 3, u > n, u > -1, b < 200 + n, b + n, round(b.mean()), round(np.float64(n) / 3))
print(np.arange(0, -n / 50, -0.1), np.array([1, 2]) ** n)
b[n - 20 :] = x

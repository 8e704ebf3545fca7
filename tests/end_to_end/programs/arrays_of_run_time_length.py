# args: 6
import sys
import numpy as np
n = int(sys.argv[1])
x = np.arange(n, dtype=np.float32).reshape(-1, 2)
print(x)
print(x.sum(axis=0), x.mean(), x.T @ x)
y = np.zeros((n // 2, 2), dtype=np.float32)
for i in range(n // 2):
    y[i] = x[i] * i
print(y)
if x.sum() > 10:
    print("big", float(x.sum()))
else:
    print("small")
z = np.exp(x) / (1 + np.exp(x))
print(z.shape, z.dtype, z.max())

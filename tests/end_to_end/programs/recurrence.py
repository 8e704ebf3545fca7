# args: 8
import numpy as np
import sys
n = int(sys.argv[1])
h = np.zeros(4, np.float32)
w = np.eye(4, dtype=np.float32) * np.float32(0.5)
out = []
for t in range(n):
    h = np.tanh(w @ h + np.float32(1))
    if h[0] > 0.5:
        out.append(float(h[0]))
    else:
        out.append(0.0)
print(len(out), out[-1] > 0.5)
a = np.arange(n)
b = a[a.shape[0] // 2:]
print(b, b[:-1], b[-1], a[-3:])
print(a.reshape(2, -1), a.reshape(2, -1).T, np.concatenate([a, b]))
print(a[100])

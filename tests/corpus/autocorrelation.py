# args: 4
import sys

import numpy as np

lags = int(sys.argv[1])
t = np.arange(40)
x = np.cos(2 * np.pi * t / 8)
x = x - x.mean()
variance = (x * x).sum()
for lag in range(lags + 1):
    r = (x[lag:] * x[: len(x) - lag]).sum() / variance
    print(lag, f"{r:+.4f}")

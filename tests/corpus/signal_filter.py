# args: 0.3
import sys

import numpy as np

alpha = float(sys.argv[1])
t = np.linspace(0, 1, 21)
signal = np.sin(2 * np.pi * t) + 0.3 * np.sin(20 * np.pi * t + 1)
low = np.zeros_like(signal)
low[0] = signal[0]
for i in range(1, len(signal)):
    low[i] = alpha * signal[i] + (1 - alpha) * low[i - 1]
high = signal - low
print(np.round(low, 3))
print(f"rms low {np.sqrt(np.mean(low**2)):.4f} high {np.sqrt(np.mean(high**2)):.4f}")
crossings = np.sum(np.sign(signal[:-1]) != np.sign(signal[1:]))
print("crossings", crossings)

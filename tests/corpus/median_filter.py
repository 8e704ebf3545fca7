# args: 3
import sys

import numpy as np

window = int(sys.argv[1])
data = np.array([1.0, 2, 50, 3, 4, 4, -30, 5, 6, 7])
half = window // 2
padded = np.concatenate([np.repeat(data[0], half), data, np.repeat(data[-1], half)])
filtered = np.array([np.median(padded[i : i + window]) for i in range(len(data))])
print(filtered)
spikes = np.where(np.abs(data - filtered) > 10)[0]
print("spikes at", spikes.tolist())

# args: 3 1 5 2 8 9 4 7
import sys

import numpy as np


def moving_average(values, window):
    kernel = np.ones(window) / window
    return np.convolve(values, kernel, mode="valid")


def main():
    window = int(sys.argv[1])
    values = np.array([float(text) for text in sys.argv[2:]])
    if len(values) < window:
        print("need at least", window, "values")
        return 1
    smooth = moving_average(values, window)
    print("values:", values)
    print("smooth:", np.round(smooth, 3))
    print(f"largest step {np.abs(np.diff(smooth)).max():.3f}")
    return 0


sys.exit(main())

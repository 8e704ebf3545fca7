# args: 7
import sys

import numpy as np

FONT = {
    0: "111101101101111", 1: "010110010010111", 2: "111001111100111", 3: "111001111001111",
    4: "101101111001001", 5: "111100111001111", 6: "111100111101111", 7: "111001001001001",
    8: "111101111101111", 9: "111101111001111",
}  # fmt: skip
templates = np.array([[int(c) for c in FONT[d]] for d in range(10)])
digit = int(sys.argv[1])
noisy = templates[digit].copy()
noisy[4] = 1 - noisy[4]
distance = np.abs(templates - noisy).sum(axis=1)
print(noisy.reshape(5, 3))
print("distances", distance, "best", distance.argmin())

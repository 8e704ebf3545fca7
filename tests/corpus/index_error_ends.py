# args: 3
import sys

import numpy as np

data = np.array([2.5, 3.5, 4.5])
n = int(sys.argv[1])
for i in range(n + 1):
    print(i, data[i])

# args: 6
import sys

import numpy as np

n = int(sys.argv[1])
i = np.arange(1, n + 1)
table = i[:, None] * i
print(table)
print(np.where(table % 2 == 0, table, -table).sum(axis=1))
print(table[1::2, ::-1][:, :2].ravel())
mask = (table > 5) & (table < 15)
print(mask.sum(), table[mask])

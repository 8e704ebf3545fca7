import sys
import numpy as np

n = int(sys.argv[1])
m = n * n
composite = np.zeros(m, dtype=np.bool_)
count = 0
for i in range(2, m):
    if not composite[i]:
        count += 1
        j = i * i
        while j < m:
            composite[j] = True
            j += i
print(count)

# args: 25 50 90
import sys

import numpy as np

data = np.array([7, 1, 12, 5, 9, 20, 3, 4.5])
for text in sys.argv[1:]:
    q = float(text)
    print(f"p{text} = {np.percentile(data, q)}")
ordered = np.sort(data)
print(ordered, ordered[::-1][:3], np.argsort(data))
print("trimmed mean", ordered[1:-1].mean())

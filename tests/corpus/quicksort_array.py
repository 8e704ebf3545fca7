# args: 16 5
import sys

import numpy as np


def quicksort(a, lo, hi):
    if lo >= hi:
        return
    pivot = a[(lo + hi) // 2]
    i, j = lo, hi
    while i <= j:
        while a[i] < pivot:
            i += 1
        while a[j] > pivot:
            j -= 1
        if i <= j:
            a[i], a[j] = a[j], a[i]
            i += 1
            j -= 1
    quicksort(a, lo, j)
    quicksort(a, i, hi)


n, seed = int(sys.argv[1]), int(sys.argv[2])
values = np.random.default_rng(seed).integers(0, 100, n)
print(values)
quicksort(values, 0, n - 1)
print(values)
assert (values[1:] >= values[:-1]).all()

"""What NumPy's functions build of many arrays after checks that may raise, inside `try`."""

import sys

import numpy as np

n = int(sys.argv[1])
x = np.arange(5) * 0.5
w = np.array([float(one) for one in sys.argv[2:]])


def told(function, *arguments, **options):
    try:
        print(function(*arguments, **options))
    except (ValueError, TypeError) as error:
        print(type(error).__name__, error)


for bins in (n, w, [n, 3], [w, n], [w, w], [3], [3.0, 2], (0, n)):
    told(np.histogram2d, x, x + 1, bins=bins)
told(np.histogram2d, x, w)
told(np.gradient, w)
told(np.gradient, w, x)
told(np.gradient, w, edge_order=2)
told(np.gradient, np.outer(w, x), 2.0, x)
told(np.block, [w, x])
told(np.block, [[w], [x]])
told(np.block, [[np.eye(n), np.zeros((n, 3))], [np.outer(w, w)[:2], np.ones((2, 3))]])
try:
    parts = np.array_split(w, 2)
    if n < 2:
        raise ValueError(f"{n} is too small")
    print(np.gradient(parts[0]), parts)
except ValueError as error:
    print(error)

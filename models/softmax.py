"""A softmax over the rows of a small array: the example of the documentation."""

import sys
import numpy as np


def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


n = int(sys.argv[1])
x = np.arange(n * 4, dtype=np.float32).reshape(n, 4)
print(softmax(x))

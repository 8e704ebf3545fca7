"""What is done to the shape of a NumPy scalar gives a scalar, to an array without axes an array."""

import sys

import numpy as np

a = np.arange(3) * 1.5 * len(sys.argv)
for x in (a[1], np.array(a[1])):
    print([
        type(made).__name__ for made in (
            x.copy(), x.reshape(()), x.T, x.squeeze(), x.transpose(), np.squeeze(x), np.transpose(x),
            x.ravel(), x.flatten(), x.astype(int), np.copy(x), x[...], x[()], x.real, x.conj(),
            np.choose(1, [x, x]), x.round(), np.abs(x),
        )
    ])  # fmt: skip
    print(repr(x.copy()), [x.T], x.astype(int))
z = np.array(a[1] + 2j)
print(type(z.astype(float)).__name__, repr(z.real), repr(z.astype("complex64")))

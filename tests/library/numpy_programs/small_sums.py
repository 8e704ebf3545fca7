"""Sums and products of small ints keep their dtype where NumPy's do; complex sinc; refusals."""

import numpy as np

x = (np.arange(16) * 37 % 256).astype(np.uint8).reshape(4, 4)
for subscripts in ("...i->...", "ij->j", "ij->", "ii", "i...->i..."):
    found = np.einsum(subscripts, x)
    print(subscripts, found.dtype, found)
for found in (np.einsum("ij,kj->i", x, x), np.einsum("ij,jk,kl->il", x, x, x),
              np.einsum("i->", np.array([True, False, True])),
              np.ones(128, np.int8).sum(dtype=np.int8)):
    print(found.dtype, found)
z = np.array([1 + 2j, 0, 0.5])
print(np.round(np.sinc(z), 9), np.sinc(z.astype(np.complex64)).dtype)
holes = [[1.0, np.nan], [np.nan, np.nan]]
print(np.nanmax(holes, axis=1, initial=-1.0), np.nanmax(np.array(holes), axis=1, initial=-1.0),
      np.min(np.zeros((3, 0), int), initial=2))
counts = np.zeros(3)
small = np.arange(3).astype(np.uint32)
for found in (np.choose(small % 2, [small, 7]), np.digitize(np.array(2), [1, 3])):
    print(found.dtype, found)
np.add.at(counts, [0, 2, 0], [1.0, 2.0, 3.0])
print(counts, 2.0 in counts, 7 in counts)
for refused in (
    lambda: np.i0(z), lambda: np.einsum("i...->i", x), lambda: np.divmod.at(counts, [0], 1),
    lambda: np.isposinf(z), lambda: np.place(x, x > 9, np.array([1.5])),
    lambda: np.choose([0, 1], [[1, 2, 3], [4, 5, 6]]), lambda: float(counts),
):  # fmt: skip
    try:
        refused()
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)

"""Matrices as numpy.linalg takes them: one or a stack, in a dtype that it computes in."""

from primitives import cast, dtype_of


def matrices(a, square=False, real=True):
    """An array as matrices of floats. Raises LinAlgError as NumPy does. real: whether complex ones
    are not supported."""
    a = asarray(a)
    if a.ndim < 2:
        raise linalg.LinAlgError(
            f"{a.ndim}-dimensional array given. Array must be at least two-dimensional"
        )
    if square and a.shape[-1] != a.shape[-2]:
        raise linalg.LinAlgError("Last 2 dimensions of the array must be square")
    return as_reals(a, real)


def as_reals(a, real=True):
    kind = dtype_of(a).kind
    if kind == "c" and not real:
        return a
    if kind == "c":
        unsupported("numpy.linalg of complex matrices")
    if dtype_of(a) == "float16":
        raise TypeError("array type float16 is unsupported in linalg")
    return a if kind == "f" else cast(a, "float64")


def stacked(a):
    """(a copy of the matrices in one row, the shape that the row had)."""
    return copy_array(a).reshape((-1, *a.shape[-2:])), a.shape[:-2]


def swapped(a):
    return swapaxes(a, -1, -2)

"""Matrices as numpy.linalg takes them: one or a stack, in a dtype that it computes in."""

from primitives import cast, dtype_of, part


def matrices(a, square=False):
    """An array as matrices of floats. Raises LinAlgError as NumPy does."""
    a = asarray(a)
    if a.ndim < 2:
        raise linalg.LinAlgError(
            f"{a.ndim}-dimensional array given. Array must be at least two-dimensional"
        )
    if square and a.shape[-1] != a.shape[-2]:
        raise linalg.LinAlgError("Last 2 dimensions of the array must be square")
    return as_floats(a)


def as_floats(a):
    """As floats or complex numbers, whichever they are."""
    kind = dtype_of(a).kind
    if dtype_of(a) == "float16":
        raise TypeError("array type float16 is unsupported in linalg")
    return a if kind in "fc" else cast(a, "float64")


def stacked(a):
    """(a copy of the matrices in one row, the shape that the row had)."""
    return copy_array(a).reshape((-1, *a.shape[-2:])), a.shape[:-2]


def swapped(a):
    return swapaxes(a, -1, -2)


def adjoint(a):
    """Transposed, and of complex ones the conjugates."""
    return method_conj(swapaxes(a, -1, -2))


def real_of(x):
    """The real part of an element, or of all."""
    return part("real", x) if dtype_of(x).kind == "c" else x


def square_of(x):
    """The square of an element's size."""
    if dtype_of(x).kind != "c":
        return x * x
    re, im = part("real", x), part("imag", x)
    return re * re + im * im


def real_dtype_of(a):
    return dtype_of(real_of(a))

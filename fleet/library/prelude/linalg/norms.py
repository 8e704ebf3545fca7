"""Norms of vectors and matrices."""

from primitives import asarray as asarray_
from primitives import cast, dtype_of, ufunc


def norm(x, ord=None, axis=None, keepdims=False):
    if ord is not None and ord != 2 and ord != 1 and ord != "fro":
        unsupported(f"np.linalg.norm(ord={ord!r})")
    x = asarray_(x)
    if dtype_of(x).kind != "f":
        x = cast(x, "float64")
    if ord == 1:
        return sum(ufunc("absolute", x), axis, keepdims=keepdims)
    return ufunc("sqrt", sum(x * x, axis, keepdims=keepdims))

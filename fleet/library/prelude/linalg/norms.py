"""Norms of vectors and matrices."""

from primitives import asarray as asarray_
from primitives import axis_of, cast, dtype_of, ufunc


def norm(x, ord=None, axis=None, keepdims=False):
    x = asarray_(x)
    if dtype_of(x).kind not in "fc":
        x = cast(x, "float64")
    if axis is None:
        if ord is None or (ord in ("fro", "f") and x.ndim == 2) or (ord == 2 and x.ndim == 1):
            flat = ravel(x)
            made = ufunc("sqrt", squares_of(flat))
            return asarray(made).reshape((1,) * x.ndim) if keepdims else made
        axis = tuple(range(x.ndim))
    axes = axis if isinstance(axis, tuple) else (axis,)
    axes = tuple([axis_of(int(one), x.ndim) for one in axes])
    if len(axes) == 1:
        return vector_norm_of(x, ord, axes[0], keepdims)
    if len(axes) != 2:
        raise ValueError("Improper number of dimensions to norm.")
    if axes[0] == axes[1]:
        raise ValueError("Duplicate axes given.")
    made = matrix_norm_of(x, ord, *axes)
    return asarray(made).reshape([1 if i in axes else n for i, n in enumerate(x.shape)]) if (
        keepdims) else made  # fmt: skip


def squares_of(flat):
    """The sum of the squares, as NumPy's `dot` makes it."""
    if dtype_of(flat).kind == "c":
        parts = flat.real, flat.imag
        return dot(parts[0], parts[0]) + dot(parts[1], parts[1])
    return sum(flat * flat)


def vector_norm_of(x, ord, axis, keepdims):
    if ord is None or ord == 2:
        squares = sum(ufunc("absolute", x) ** 2 if dtype_of(x).kind == "c" else x * x, axis,
                      keepdims=keepdims)  # fmt: skip
        return ufunc("sqrt", squares)
    if isinstance(ord, str):
        raise ValueError(f"Invalid norm order '{ord}' for vectors")
    size = ufunc("absolute", x)
    if ord == inf:
        return max(size, axis, keepdims=keepdims)
    if ord == -inf:
        return min(size, axis, keepdims=keepdims)
    if ord == 0:
        return sum(cast(ufunc("not_equal", x, 0), dtype_of(size)), axis, keepdims=keepdims)
    if ord == 1:
        return sum(size, axis, keepdims=keepdims)
    total = sum(ufunc("power", size, ord), axis, keepdims=keepdims)
    return ufunc("power", total, cast(ufunc("divide", 1.0, ord), dtype_of(total)))


def matrix_norm_of(x, ord, rows, columns):
    if ord is None or ord in ("fro", "f"):
        squares = ufunc("absolute", x) ** 2 if dtype_of(x).kind == "c" else x * x
        return ufunc("sqrt", sum(squares, (rows, columns)))
    if ord == "nuc":
        return sum(singular_values(x, rows, columns), -1)
    if isinstance(ord, str) or ord not in (1, -1, 2, -2, inf, -inf):
        raise ValueError("Invalid norm order for matrices.")
    if abs(ord) == 2:
        s = singular_values(x, rows, columns)
        return max(s, -1) if ord == 2 else min(s, -1)
    along, other = (rows, columns) if abs(ord) == 1 else (columns, rows)
    sums = sum(ufunc("absolute", x), along)
    other = other - 1 if other > along else other
    return max(sums, other) if ord > 0 else min(sums, other)


def singular_values(x, rows, columns):
    return svd(moveaxis(x, (rows, columns), (-2, -1)), compute_uv=False)


def vector_norm(x, /, *, axis=None, keepdims=False, ord=2):
    x = asarray(x)
    if axis is None:
        made = norm(ravel(x), ord)
        return asarray(made).reshape((1,) * x.ndim) if keepdims else made
    if not isinstance(axis, tuple):
        return norm(x, ord, axis, keepdims)
    rest = [i for i in range(x.ndim) if i not in axis]
    moved = transpose(x, (*axis, *rest))
    made = norm(moved.reshape((-1, *[x.shape[i] for i in rest])), ord, 0)
    return with_kept_axes(made, x, axis, keepdims, 0)


def matrix_norm(x, /, *, keepdims=False, ord="fro"):
    return norm(x, ord, (-2, -1), keepdims)

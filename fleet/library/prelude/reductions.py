"""Reductions: sums, extremes, means, along axes."""

from primitives import (
    arg_extreme,
    axes_of,
    axis_of,
    cast,
    cumulate,
    dtype_of,
    is_shape,
    known,
    reduce,
    reduced_axes,
    ufunc,
)
from primitives import asarray as asarray_


def sum_dtype(dtype):
    """Small ints are summed as 64-bit ones."""
    if dtype.kind == "b" or (dtype.kind == "i" and dtype.itemsize < 8):
        return "int64"
    return "uint64" if dtype.kind == "u" else dtype


def fold(name, a, axis, dtype, keepdims):
    a = asarray_(a)
    a = a if dtype is None else cast_if(a, dtype)
    return reduce(name, a, reduced_axes(axis, a.ndim), keepdims)


def cast_if(a, dtype):
    return a if dtype_of(a) == dtype else cast(a, dtype)


def sum(a, axis=None, dtype=None, out=None, keepdims=False, initial=None):
    if is_shape(a):
        return known("sum", a, axis, dtype)
    no_out(out)
    a = asarray_(a)
    total = fold("sum", a, axis, sum_dtype(dtype_of(a)) if dtype is None else dtype, keepdims)
    return total if initial is None else total + initial


def prod(a, axis=None, dtype=None, out=None, keepdims=False):
    if is_shape(a):
        return known("prod", a, axis, dtype)
    no_out(out)
    a = asarray_(a)
    return fold("prod", a, axis, sum_dtype(dtype_of(a)) if dtype is None else dtype, keepdims)


def max(a, axis=None, out=None, keepdims=False):
    if is_shape(a):
        return known("max", a, axis)
    no_out(out)
    return fold("max", a, axis, None, keepdims)


def min(a, axis=None, out=None, keepdims=False):
    if is_shape(a):
        return known("min", a, axis)
    no_out(out)
    return fold("min", a, axis, None, keepdims)


def all(a, axis=None, out=None, keepdims=False):
    no_out(out)
    return fold("all", a, axis, "bool", keepdims)


def any(a, axis=None, out=None, keepdims=False):
    no_out(out)
    return fold("any", a, axis, "bool", keepdims)


def ptp(a, axis=None, out=None, keepdims=False):
    return ufunc("subtract", max(a, axis, out, keepdims), min(a, axis, out, keepdims))


def count_of(a, axis):
    count = 1
    for i in axes_of(axis, a.ndim):
        count = count * a.shape[i]
    return count


def mean(a, axis=None, dtype=None, out=None, keepdims=False):
    no_out(out)
    a = asarray_(a)
    kind = dtype_of(a).kind
    result = dtype
    if dtype is None and kind in "iub":
        dtype = result = "float64"
    elif dtype is None and dtype_of(a) == "float16":
        dtype, result = "float32", "float16"
    elif dtype is None:
        dtype = result = dtype_of(a)
    total = fold("sum", a, axis, dtype, keepdims)
    return cast_if(total / count_of(a, axis), result)


def var(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    no_out(out)
    a = asarray_(a)
    result = dtype_of(a) if dtype is None else dtype
    if dtype is None and dtype_of(a).kind in "iub":
        result = "float64"
    work = "float32" if result == "float16" else result
    a = cast_if(a, work)
    axes = reduced_axes(axis, a.ndim)
    count = count_of(a, axis)
    centre = ufunc("divide", reduce("sum", a, axes, True), count)
    x = ufunc("subtract", a, centre)
    squares = square(x)
    divisor = count - ddof if ddof else count
    return cast_if(reduce("sum", squares, axes, keepdims) / divisor, result)


def std(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    return ufunc("sqrt", var(a, axis, dtype, out, ddof, keepdims))


def count_nonzero(a, axis=None, keepdims=False):
    return sum(ufunc("not_equal", a, 0), axis, keepdims=keepdims)


def extreme_at(name, a, axis, keepdims):
    a = asarray_(a)
    if axis is None:
        shape = (1,) * a.ndim
        found = arg_extreme(name, reshape(a, -1), 0)
        return reshape(found, shape) if keepdims else found
    if a.ndim == 0:
        reduced_axes(axis, 0)
        return extreme_at(name, a, None, keepdims)
    axis = axis_of(axis, a.ndim)
    found = arg_extreme(name, a, axis)
    return expand_dims(found, axis) if keepdims else found


def argmax(a, axis=None, out=None, keepdims=False):
    no_out(out)
    return extreme_at("argmax", a, axis, keepdims)


def argmin(a, axis=None, out=None, keepdims=False):
    no_out(out)
    return extreme_at("argmin", a, axis, keepdims)


def cumsum(a, axis=None, dtype=None, out=None):
    no_out(out)
    a = asarray_(a)
    a = cast_if(a, sum_dtype(dtype_of(a)) if dtype is None else dtype)
    if axis is None or a.ndim == 0:
        return cumulate("cumsum", ravel(a), 0)
    return cumulate("cumsum", a, axis_of(axis, a.ndim))


def cumprod(a, axis=None, dtype=None, out=None):
    no_out(out)
    a = asarray_(a)
    a = cast_if(a, sum_dtype(dtype_of(a)) if dtype is None else dtype)
    if axis is None or a.ndim == 0:
        return cumulate("cumprod", ravel(a), 0)
    return cumulate("cumprod", a, axis_of(axis, a.ndim))


def no_out(out):
    if out is not None:
        unsupported("the argument `out`")


amax, amin = max, min

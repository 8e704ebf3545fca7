"""Reductions: sums, extremes, means, along axes."""

from primitives import (
    arg_extreme,
    asarray_as_float,
    axis_of,
    cast,
    cumulate,
    dtype_of,
    is_known,
    is_shape,
    known,
    outside_of_loops,
    part,
    put_into,
    reduce,
    reduced_axes,
    reduction_dtype,
    ufunc,
    vet,
    warn,
)
from primitives import asarray as asarray_
from primitives import where as where_

NO_VALUE = ("no value",)
"""Stands for an argument that is not given."""


def sum_dtype(dtype):
    """Small ints are summed as 64-bit ones."""
    if dtype.kind == "b" or (dtype.kind == "i" and dtype.itemsize < 8):
        return "int64"
    return "uint64" if dtype.kind == "u" else dtype


def sum(a, axis=None, dtype=None, out=None, keepdims=False, initial=NO_VALUE, where=True):
    if is_shape(a):
        return known("sum", a, axis, dtype)
    vet("sum", a, axis, dtype=dtype, out=out, keepdims=keepdims, initial=initial, where=where)
    return added("sum", "add", a, axis, dtype, out, keepdims, initial, where)


def prod(a, axis=None, dtype=None, out=None, keepdims=False, initial=NO_VALUE, where=True):
    if is_shape(a):
        return known("prod", a, axis, dtype)
    vet("prod", a, axis, dtype=dtype, out=out, keepdims=keepdims, initial=initial, where=where)
    return added("prod", "multiply", a, axis, dtype, out, keepdims, initial, where)


def added(name, function, a, axis, dtype, out, keepdims, initial, where):
    """A sum or product; the identity stands for what `where` leaves out."""
    a = asarray_(a)
    if out is not None or dtype is not None:
        dtype = reduction_dtype(function, a, dtype, out)
    a = cast_if(a, sum_dtype(dtype_of(a)) if dtype is None else dtype)
    if where is not True:
        a = where_(where, a, dtype_of(a).type(0 if name == "sum" else 1))
    made = reduce(name, a, reduced_axes(axis, a.ndim), keepdims)
    if initial is not NO_VALUE:
        made = ufunc(function, cast(asarray_(initial), dtype_of(a)), made)
    return made if out is None else put_into(out, made)


def cast_if(a, dtype):
    return a if dtype_of(a) == dtype else cast(a, dtype)


def max(a, axis=None, out=None, keepdims=False, initial=NO_VALUE, where=True):
    if is_shape(a) and out is None and initial is NO_VALUE and where is True:
        return known("max", a, axis)
    vet("max", a, axis, out=out, keepdims=keepdims, initial=initial, where=where)
    return extreme("max", "maximum", a, axis, out, keepdims, initial, where)


def min(a, axis=None, out=None, keepdims=False, initial=NO_VALUE, where=True):
    if is_shape(a) and out is None and initial is NO_VALUE and where is True:
        return known("min", a, axis)
    vet("min", a, axis, out=out, keepdims=keepdims, initial=initial, where=where)
    return extreme("min", "minimum", a, axis, out, keepdims, initial, where)


def extreme(name, function, a, axis, out, keepdims, initial, where):
    a = asarray_(a)
    if out is not None:
        a = cast_if(a, reduction_dtype(function, a, None, out))
    if initial is not NO_VALUE:
        initial = element(initial, dtype_of(a))
    if where is not True:
        if initial is NO_VALUE:
            raise ValueError(
                f"reduction operation '{function}' does not have an identity, so to use a where "
                "mask one has to specify 'initial'"
            )
        a = where_(where, a, initial)
    axes = reduced_axes(axis, a.ndim)
    if initial is not NO_VALUE and axes:
        rows = rows_of(a, axes)
        first = full((1, *rows.shape[1:]), initial, dtype_of(a))
        made = reduce(name, concatenate([first, rows], 0), (0,), False)
        if keepdims:
            made = reshape(made, tuple([1 if i in axes else n for i, n in enumerate(a.shape)]))
    else:
        made = reduce(name, a, axes, keepdims)
    if initial is not NO_VALUE and not axes:
        made = ufunc(function, made, initial)
    return made if out is None else put_into(out, made)


def element(value, dtype):
    """A number as an array of this dtype takes it."""
    return asarray_(value, dtype)


def all(a, axis=None, out=None, keepdims=False, *, where=True):
    vet("all", a, axis, out=out, keepdims=keepdims, where=where)
    return truths("all", "logical_and", a, axis, out, keepdims, where)


def any(a, axis=None, out=None, keepdims=False, *, where=True):
    vet("any", a, axis, out=out, keepdims=keepdims, where=where)
    return truths("any", "logical_or", a, axis, out, keepdims, where)


def truths(name, function, a, axis, out, keepdims, where):
    a = cast_if(asarray_(a), "bool")
    if where is not True:
        a = where_(where, a, bool_(name == "all"))
    made = reduce(name, a, reduced_axes(axis, a.ndim), keepdims)
    return made if out is None else put_into(out, made)


def ptp(a, axis=None, out=None, keepdims=False):
    vet("ptp", a, axis, out=out, keepdims=keepdims)
    made = ufunc("subtract", max(a, axis, None, keepdims), min(a, axis, None, keepdims))
    return made if out is None else put_into(out, made)


def count_of(a, axis, where=True):
    """How many elements are reduced to one; with `where`, for each result, axes kept."""
    if where is not True:
        counted = broadcast_to(asarray_(where), a.shape)
        return reduce("sum", cast(counted, "int64"), reduced_axes(axis, a.ndim), True)
    count = 1
    for i in reduced_axes(axis, a.ndim):
        count = count * a.shape[i]
    return count


def mean(a, axis=None, dtype=None, out=None, keepdims=False, *, where=True):
    vet("mean", a, axis, dtype=dtype, out=out, keepdims=keepdims, where=where)
    a = asarray_as_float(a)
    kind = dtype_of(a).kind
    result = dtype
    if dtype is None and kind in "iub":
        dtype = result = "float64"
    elif dtype is None and dtype_of(a) == "float16":
        dtype, result = "float32", "float16"
    elif dtype is None:
        dtype = result = dtype_of(a)
    count = count_of(a, axis, where)
    warn_if_none(count, "Mean of empty slice")
    total = sum(a, axis, dtype, keepdims=keepdims, where=where)
    if where is not True:
        count = count.reshape(total.shape)
    made = cast_if(by_count(total, count), result)
    return made if out is None else put_into(out, made)


def by_count(total, count):
    """The quotient, of complex64 in complex128 and of float16 in float64, where NumPy's counts of
    64 bits promote them to."""
    if dtype_of(total) == "complex64":
        return cast_if(ufunc("divide", cast(total, "complex128"), count), "complex64")
    if dtype_of(total) == "float16":
        return cast_if(ufunc("divide", cast(total, "float64"), count), "float16")
    return total / count if total.ndim == 0 else ufunc("divide", total, count)


def warn_if_none(count, message):
    """NumPy's warning, where there is nothing to reduce. Not in a run-time loop, which would have
    to leave its kernel for it."""
    if count.__class__ is int and (is_known(count) or outside_of_loops()) and count <= 0:
        warn(message)


def var(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True,
        mean=NO_VALUE, correction=NO_VALUE):
    ddof = ddof if correction is NO_VALUE else correction
    given = vet("var", a, axis, dtype=dtype, out=out, keepdims=keepdims, where=where)
    a = asarray_as_float(a)
    if dtype is None and dtype_of(a).kind in "iub":
        dtype = "float64"
    axes = reduced_axes(axis, a.ndim)
    count = count_of(a, axis, where)
    if where is True:
        warn_if_none(count - ddof, "Degrees of freedom <= 0 for slice")
    centre = mean
    if mean is NO_VALUE:
        total = sum(a, axes, dtype, keepdims=True, where=where)
        centre = cast_if(by_count(total, count), dtype_of(total))
    squares = ufunc("subtract", a, centre)
    if dtype_of(squares).kind == "c":
        squares = square(part("real", squares)) + square(part("imag", squares))
    else:
        squares = square(squares)
    divisor = count
    if where is not True:
        divisor = ufunc("maximum", ufunc("subtract", count, ddof), 0)
    elif ddof:
        divisor = count - ddof
        divisor = divisor if divisor > 0 else 0
    total = sum(squares, axes, dtype, keepdims=keepdims, where=where)
    if where is not True:
        divisor = divisor.reshape(total.shape)
    made = cast_if(by_count(total, divisor), dtype_of(total) if given is None else given)
    return made if out is None else put_into(out, made)


def std(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True,
        mean=NO_VALUE, correction=NO_VALUE):
    given = vet("std", a, axis, dtype=dtype, out=out, keepdims=keepdims, where=where)
    made = ufunc("sqrt", var(a, axis, dtype, None, ddof, keepdims, where=where, mean=mean,
                             correction=correction))
    made = made if given is None else cast_if(made, given)
    return made if out is None else put_into(out, made)


def count_nonzero(a, axis=None, keepdims=False):
    return sum(ufunc("not_equal", a, 0), axis, keepdims=keepdims)


def extreme_at(name, a, axis, keepdims):
    a = asarray_(a)
    if axis is None:
        shape = (1,) * a.ndim
        found = arg_extreme(name, reshape(a, -1), 0)
        return reshape(found, shape) if keepdims and shape else found
    if a.ndim == 0:
        reduced_axes(axis, 0)
        return extreme_at(name, a, None, keepdims)
    axis = axis_of(axis, a.ndim)
    found = arg_extreme(name, a, axis)
    return expand_dims(found, axis) if keepdims else found


def argmax(a, axis=None, out=None, keepdims=False):
    vet("argmax", a, axis, out=out, keepdims=keepdims)
    found = extreme_at("argmax", a, axis, keepdims)
    return found if out is None else put_into(out, found)


def argmin(a, axis=None, out=None, keepdims=False):
    vet("argmin", a, axis, out=out, keepdims=keepdims)
    found = extreme_at("argmin", a, axis, keepdims)
    return found if out is None else put_into(out, found)


def cumsum(a, axis=None, dtype=None, out=None):
    return running("cumsum", a, axis, dtype, out)


def cumprod(a, axis=None, dtype=None, out=None):
    return running("cumprod", a, axis, dtype, out)


def running(name, a, axis, dtype, out):
    """Each element combined with all before it, along an axis or all of them as they lie."""
    vet(name, a, axis, dtype=dtype, out=out)
    a = asarray_(a)
    a = cast_if(a, sum_dtype(dtype_of(a)) if dtype is None else dtype)
    if axis is None or a.ndim == 0:
        made = cumulate(name, ravel(a), 0)
    else:
        made = cumulate(name, a, axis_of(axis, a.ndim))
    return made if out is None else put_into(out, made)


def no_out(out):
    if out is not None:
        unsupported("the argument `out`")


amax, amin = max, min

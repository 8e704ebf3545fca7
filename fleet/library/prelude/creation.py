"""Making arrays."""

from primitives import arange as arange_
from primitives import (
    as_dtype,
    as_own,
    cast,
    dtype_of,
    is_known,
    is_records,
    is_scalar,
    is_structured,
    known,
    lengths,
    result_type,
    steps,
    strides_and_order,
    ufunc,
)
from primitives import asarray as asarray_
from primitives import copy as copy_
from primitives import full as full_
from primitives import reshape as reshape_
from primitives import transpose as transpose_


def array(object, dtype=None, *, copy=True, order="K", subok=False, ndmin=0):
    if is_records(object):
        return object.copy()
    if is_structured(dtype):
        return made_records(object, as_dtype(dtype))
    made = as_array(asarray_(object, dtype))
    made = laid_out(copy_array(made) if copy else made, order)
    while made.ndim < ndmin:
        made = made[None]
    return made


def asarray(a, dtype=None, order=None, *, device=None, copy=None):
    made = as_array(asarray_(a, dtype))
    return laid_out(copy_array(made) if copy else made, order)


asanyarray = asarray


def ascontiguousarray(a, dtype=None):
    made = asarray(a, dtype)
    if made.ndim == 0:
        return reshape_(made, (1,))
    found = strides_and_order(made)
    return copy_array(made) if found is not None and found[1] is False else made


def asfortranarray(a, dtype=None):
    return asarray(a, dtype, "F")


def asarray_chkfinite(a, dtype=None, order=None):
    made = asarray(a, dtype, order)
    if dtype_of(made).kind in "fc" and not all(isfinite(made)):
        raise ValueError("array must not contain infs or NaNs")
    return made


def require(a, dtype=None, requirements=None):
    wanted = [] if requirements is None else [one[0].upper() for one in requirements]
    if "F" in wanted and "C" in wanted:
        raise ValueError('Cannot specify both "C" and "F" order')
    made = asarray(a, dtype, "F") if "F" in wanted else asarray(a, dtype)
    made = ascontiguousarray(made) if "C" in wanted and made.ndim else made
    fits = made.flags
    for one in wanted:
        if (one == "O" and not fits.owndata) or (one == "W" and not fits.writeable):
            return copy(made, "F" if "F" in wanted else "C")
    return made


def copy_array(a):
    return copy_(a)


def copy(a, order="K", subok=False):
    return a.copy() if is_records(a) else laid_out(copy_array(as_array(asarray_(a))), order)


def laid_out(a, order):
    """An array whose memory is in Fortran's order where that is asked for."""
    if order not in (None, "C", "K", "A", "F"):
        raise ValueError(f"order must be one of 'C', 'F', 'A', or 'K' (got '{order}')")
    if order != "F":
        return a
    found = strides_and_order(a)
    if found is not None and found[2] is True:
        return a
    made = full_(a.shape[::-1], 0, dtype_of(a))
    made[...] = transpose_(a, backwards(a))
    return as_own(transpose_(made, backwards(a)))


def backwards(a):
    """The axes of an array, the last one first."""
    return tuple(range(a.ndim))[::-1]


def as_array(a):
    """NumPy scalars as arrays of rank 0."""
    return full_((), a, dtype_of(a)) if is_scalar(a) else a


def filled(shape, value, dtype, order):
    if is_structured(dtype):
        return new_records(shape, value, as_dtype(dtype))
    shape = lengths(shape)
    if order != "F":
        return full_(shape, value, dtype)
    return as_own(transpose_(full_(shape[::-1], value, dtype), tuple(range(len(shape)))[::-1]))


def zeros(shape, dtype=float, order="C", *, device=None):
    return filled(shape, 0, dtype, order)


def new_ndarray(shape, dtype=float, buffer=None, offset=0, strides=None, order=None):
    if buffer is not None or strides is not None:
        unsupported("np.ndarray() over a buffer")
    return filled(shape, 0, dtype, order)


def ones(shape, dtype=None, order="C", *, device=None):
    return filled(shape, 1, float if dtype is None else dtype, order)


def empty(shape, dtype=float, order="C", *, device=None):
    return filled(shape, 0, dtype, order)


def full(shape, fill_value, dtype=None, order="C", *, device=None):
    check_filling(fill_value)
    if isinstance(fill_value, (list, tuple)):
        fill_value = asarray(fill_value)
    dtype = dtype_of(asarray_(fill_value)) if dtype is None else dtype
    return filled_with(shape, fill_value, dtype, order)


def filled_with(shape, value, dtype, order):
    """An array of one value, or of an array's elements as they broadcast, cast as by `unsafe`."""
    if not is_structured(dtype):
        check_filling(value)
        to_real = isinstance(value, complex) and dtype_named(dtype).kind != "c"
        if to_real or isinstance(value, (list, tuple, ndarray)):
            made = filled(shape, 0, dtype, order)
            made[...] = asarray(value)
            return made
    return filled(shape, value, dtype, order)


def check_filling(value):
    if is_known(value) and (value is None or isinstance(value, (str, bytes))):
        unsupported("an array filled with a text or None")


def zeros_like(a, dtype=None, order="K", subok=True, shape=None, *, device=None):
    return full_like(a, 0, dtype, order, shape=shape)


def ones_like(a, dtype=None, order="K", subok=True, shape=None, *, device=None):
    return full_like(a, 1, dtype, order, shape=shape)


def empty_like(prototype, dtype=None, order="K", subok=True, shape=None, *, device=None):
    return full_like(prototype, 0, dtype, order, shape=shape)


def full_like(a, fill_value, dtype=None, order="K", subok=True, shape=None, *, device=None):
    a = a if is_records(a) else asarray_(a)
    dtype = a.dtype if dtype is None else dtype
    return filled_with(a.shape if shape is None else shape, fill_value, dtype, order_like(a, order))


def order_like(a, order):
    """The order that "K" and "A" stand for beside this array."""
    if order not in ("K", "A") or is_records(a) or a.ndim < 2:
        return order
    found = strides_and_order(a)
    return "F" if found is not None and found[1] is False and found[2] is True else "C"


def dtype_named(name):
    return dtype(name)


def fromiter(iter, dtype, count=-1):
    items = list(iter)
    if count >= 0:
        if len(items) < count:
            raise ValueError(
                f"iterator too short: Expected {count} but iterator had only {len(items)} items."
            )
        items = items[:count]
    return array(items, dtype)


def fromstring(string, dtype=float, count=-1, *, sep):
    words = string.split(None if sep.strip() == "" else sep.strip())
    kind = dtype_named(dtype).kind
    made = array([int(word) if kind in "iu" else float(word) for word in words], dtype)
    return made if count < 0 else made[:count]


def frombuffer(buffer, dtype=float, count=-1, offset=0):
    if not is_known(buffer):
        unsupported("np.frombuffer of bytes that are known at run time only")
    return known("frombuffer", buffer, dtype, count, offset)


def arange(start, stop=None, step=1, dtype=None, *, device=None):
    step = 1 if step is None else step
    if stop is None:
        start, stop = 0, start
    if is_known(start, stop, step):
        return known("arange", start, stop, step, dtype)
    if dtype is None:  # Python's numbers are not weak here
        dtype = result_type("int64", *[dtype_of(asarray_(one)) for one in (start, stop, step)])
    if not (is_scalar(start) or is_scalar(stop) or is_scalar(step)):
        if step == 0:
            whole = isinstance(start, int) and isinstance(stop, int) and isinstance(step, int)
            raise ZeroDivisionError("division by zero" if whole else "float division by zero")
        count = steps(start, stop, step)
    else:
        width = stop - start
        if step == 0:
            without = width == 0 or width != width
            raise ValueError(
                "arange: cannot compute length" if without else "Maximum allowed size exceeded"
            )
        count = steps(0, width, step)
    kind = dtype_named(dtype).kind
    if kind == "b" and count > 2:
        raise TypeError(
            "arange() is only supported for booleans when the result has at most length 2."
        )
    whole = result_type("int64", dtype_of(asarray_(start)), dtype_of(asarray_(step))).kind == "i"
    if kind in "iu" and whole:
        return arange_(start, step, count, dtype)
    first, second = cast(asarray_(start), dtype), cast(asarray_(start + step), dtype)
    if kind == "b":
        return where(ufunc("equal", arange_(0, 1, count, int), 0), first, second)
    return arange_(first, ufunc("subtract", second, first), count, dtype)

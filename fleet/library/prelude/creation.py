"""Making arrays."""

from primitives import arange as arange_
from primitives import (
    as_dtype,
    cast,
    copy_of,
    dtype_of,
    is_known,
    is_object_array,
    is_records,
    is_scalar,
    is_structured,
    is_text_array,
    is_texts,
    known,
    laid_like,
    lengths,
    makes_objects,
    names_objects,
    names_texts,
    of_bytes,
    result_type,
    set_writeable,
    steps,
    strides_and_order,
    ufunc,
)
from primitives import asarray as asarray_
from primitives import copy as copy_
from primitives import full as full_
from primitives import reshape as reshape_


def array(object, dtype=None, *, copy=True, order="K", subok=False, ndmin=0):
    if is_records(object):
        return object.copy()
    if is_structured(dtype):
        return made_records(object, as_dtype(dtype))
    if is_text_array(object) or is_object_array(object):
        return object.copy() if dtype is None else object.astype(dtype)
    if makes_objects(object, dtype):
        return with_axes_before(made_objects(object), ndmin)
    if is_texts(object, dtype):
        return made_texts(object, dtype)
    made = as_array(asarray_(object, dtype))
    return with_axes_before(in_order(made, order, copy), ndmin)


def with_axes_before(a, count):
    """An array of at least so many dimensions."""
    while a.ndim < count:
        a = a[None]
    return a


def asarray(a, dtype=None, order=None, *, device=None, copy=None):
    if is_text_array(a):
        return a if dtype is None else a.astype(dtype)
    if is_object_array(a):
        return a if dtype is None or names_objects(dtype) else a.astype(dtype)
    if makes_objects(a, dtype):
        return made_objects(a)
    if is_texts(a, dtype):
        return made_texts(a, dtype)
    return in_order(as_array(asarray_(a, dtype)), order, copy)


asanyarray = asarray


def ascontiguousarray(a, dtype=None):
    made = asarray(a, dtype)
    if made.ndim == 0:
        return reshape_(made, (1,))
    return in_order(made, "C")


def asfortranarray(a, dtype=None):
    made = asarray(a, dtype, "F")
    return made.reshape(1) if made.ndim == 0 else made


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
    if is_records(a) or is_text_array(a) or is_object_array(a):
        return a.copy()
    return copy_(as_array(asarray_(a)), order_named("K" if order is None else order))


def in_order(a, order, copy=False):
    """An array with its elements in an order, a new one where it has another or a copy is asked."""
    order = order_named("K" if order is None else order)
    if copy:
        return copy_(a, order)
    if order in ("K", "A") or a.ndim < 2:
        return a
    found = strides_and_order(a)
    if found is None:
        return copy_of(copy_(a, order), a, "whether this is another array only run time knows")
    return a if found[1 if order == "C" else 2] else copy_(a, order)


def order_named(order):
    """The order in memory that a program names."""
    found = order.upper() if order.__class__ is str else ""
    if found not in ("C", "K", "A", "F"):
        raise ValueError(f"order must be one of 'C', 'F', 'A', or 'K' (got '{order}')")
    return found


def as_array(a):
    """NumPy scalars as arrays of rank 0."""
    return full_((), a, dtype_of(a)) if is_scalar(a) else a


def filled(shape, value, dtype, order):
    if is_structured(dtype):
        return new_records(shape, value, as_dtype(dtype))
    if names_texts(dtype):
        return empty_texts(shape, dtype) if value == 0 else full_texts(shape, str(value), dtype)
    if names_objects(dtype):
        return filled_objects(shape, value)
    shape = lengths(shape)
    if order is None or order == "C":
        return full_(shape, value, dtype)
    return copy_(full_(shape, value, dtype), order_named(order))


def zeros(shape, dtype=float, order="C", *, device=None):
    return filled(shape, 0, dtype, order)


def new_ndarray(shape, dtype=float, buffer=None, offset=0, strides=None, order=None):
    if buffer is not None or strides is not None:
        unsupported("np.ndarray() over a buffer")
    return filled(shape, 0, dtype, order)


def ones(shape, dtype=None, order="C", *, device=None):
    return filled(shape, 1, float if dtype is None else dtype, order)


def empty(shape, dtype=float, order="C", *, device=None):
    if names_objects(dtype):
        return filled_objects(shape, None)
    return filled(shape, 0, dtype, order)


def full(shape, fill_value, dtype=None, order="C", *, device=None):
    if makes_objects(fill_value, dtype):
        return filled_objects(shape, fill_value)
    if is_texts(fill_value, dtype):
        return full_texts(shape, fill_value, dtype)
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
    if dtype is not None and names_objects(dtype):
        return full_like(prototype, None, dtype, order, shape=shape)
    return full_like(prototype, 0, dtype, order, shape=shape)


def full_like(a, fill_value, dtype=None, order="K", subok=True, shape=None, *, device=None):
    a = a if is_records(a) else asarray(a)
    dtype = a.dtype if dtype is None else dtype
    if names_objects(dtype):
        return filled_objects(a.shape if shape is None else shape, fill_value)
    made = filled_with(a.shape if shape is None else shape, fill_value, dtype, "C")
    if is_records(made) or is_records(a) or is_text_array(made):
        return made
    return laid_like(made, a, order_named(order))


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
    return made_objects(items, 1) if names_objects(dtype) else array(items, dtype)


def fromstring(string, dtype=float, count=-1, *, sep):
    words = string.split(None if sep.strip() == "" else sep.strip())
    kind = dtype_named(dtype).kind
    made = array([int(word) if kind in "iu" else float(word) for word in words], dtype)
    return made if count < 0 else made[:count]


def frombuffer(buffer, dtype=float, count=-1, offset=0):
    if is_known(buffer):
        return known("frombuffer", buffer, dtype, count, offset)
    a, each = of_bytes(buffer), as_dtype(dtype).itemsize
    if offset < 0 or offset > len(a):
        raise ValueError(
            f"offset must be non-negative and no greater than buffer length ({len(a)})"
        )
    if count < 0 and (len(a) - offset) % each != 0:
        raise ValueError("buffer size must be a multiple of element size")
    if count >= 0 and len(a) - offset < count * each:
        raise ValueError("buffer is smaller than requested size")
    size = (len(a) - offset) // each if count < 0 else count
    a = copy(method_view(a[offset : offset + size * each], dtype))
    set_writeable(a, False)
    return a


def arange(start, stop=None, step=1, dtype=None, *, device=None):
    if dtype is not None and names_objects(dtype):
        return made_objects(arange(start, stop, step))
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

"""Elements moved, repeated, taken out and put in, along an axis."""

from primitives import argsort as argsort_
from primitives import asarray as asarray_
from primitives import (
    axes_of,
    axis_of,
    become,
    dtype_of,
    is_known,
    is_scalar,
    is_text_array,
    larger,
    lengths,
    smaller,
    ufunc,
)
from primitives import copy as copy_
from primitives import searchsorted as searchsorted_


def before(axis):
    return (slice(None),) * axis


def along_axis(arr, indices, axis):
    """A key that takes `indices` along an axis, and each other axis as it is."""
    if dtype_of(indices).kind not in "iu":
        raise IndexError("`indices` must be an integer array")
    if arr.ndim != indices.ndim:
        raise ValueError("`indices` and `arr` must have the same number of dimensions")
    key = []
    for k, n in enumerate(arr.shape):
        after = arr.ndim - k - 1
        key.append(indices if k == axis else arange(n).reshape((1,) * k + (n,) + (1,) * after))
    return tuple(key)


def take_along_axis(arr, indices, axis=-1):
    arr, indices = asarray(arr), asarray(indices)
    if axis is None:
        if indices.ndim != 1:
            raise ValueError("when axis=None, `indices` must have a single dimension.")
        return ravel(arr)[indices]
    axis = axis_of(axis, arr.ndim)
    return arr[along_axis(arr, indices, axis)]


def put_along_axis(arr, indices, values, axis):
    indices = asarray(indices)
    if axis is None:
        if indices.ndim != 1:
            raise ValueError("when axis=None, `indices` must have a single dimension.")
        put(arr, indices, broadcast_to(asarray_(values), indices.shape))
        return
    axis = axis_of(axis, arr.ndim)
    arr[along_axis(arr, indices, axis)] = values


def delete(arr, obj, axis=None):
    arr = asarray(arr)
    if axis is None:
        arr, axis = ravel(arr), 0
    axis = axis_of(axis, arr.ndim)
    n = arr.shape[axis]
    if isinstance(obj, int) or is_scalar(obj):
        at = int(obj)
        if at < -n or at >= n:
            raise IndexError(f"index {at} is out of bounds for axis {axis} with size {n}")
        at = at + n if at < 0 else at
        here = before(axis)
        return concatenate((arr[(*here, slice(None, at))], arr[(*here, slice(at + 1, None))]), axis)
    if isinstance(obj, (list, tuple)) and len(obj) == 0:
        return copy_(arr)
    keep = ones((n,), bool)
    if isinstance(obj, slice):
        keep[obj] = False
    else:
        obj = asarray(obj)
        if dtype_of(obj) == "bool" and obj.shape != (n,):
            raise ValueError(
                f"boolean array argument `obj` to delete must be one dimensional and match the "
                f"axis length of {n}"
            )
        keep[ravel(obj)] = False
    return arr[(*before(axis), keep)]


def insert(arr, obj, values, axis=None):
    arr = asarray(arr)
    if axis is None:
        arr, axis = ravel(arr), 0
    axis = axis_of(axis, arr.ndim)
    n = arr.shape[axis]
    if isinstance(obj, slice):
        obj = arange(n)[obj]
    single = isinstance(obj, int) or is_scalar(obj)
    indices = asarray(obj)
    if dtype_of(indices) == "bool":
        indices = flatnonzero(indices)
    values = array(values, dtype_of(arr), ndmin=arr.ndim)
    if single or (indices.ndim == 1 and is_known(indices.shape[0]) and indices.shape[0] == 1):
        at = int(obj) if single else int(indices[0])
        if at < -n or at > n:
            raise IndexError(f"index {at} is out of bounds for axis {axis} with size {n}")
        at = at + n if at < 0 else at
        if single:
            values = moveaxis(values, 0, axis)
        here = before(axis)
        shape = arr.shape[:axis] + (values.shape[axis],) + arr.shape[axis + 1 :]
        parts = [arr[(*here, slice(None, at))], broadcast_to(values, shape),
                 arr[(*here, slice(at, None))]]  # fmt: skip
        return concatenate(parts, axis)
    indices = cast_if(indices, "int64")
    for wrong in (indices < -n, indices > n):
        if any(wrong):
            raise IndexError(
                f"index {indices[argmax(wrong)]} is out of bounds for axis {axis} with size {n}"
            )
    indices = where(indices < 0, indices + n, indices)
    count = indices.shape[0]
    order = argsort_(indices)
    indices[order] = indices[order] + arange(count)
    old = ones((n + count,), bool)
    old[indices] = False
    made = zeros(arr.shape[:axis] + (n + count,) + arr.shape[axis + 1 :], dtype_of(arr))
    made[(*before(axis), indices)] = values
    made[(*before(axis), flatnonzero(old))] = arr
    return made


def resize(a, new_shape):
    a, shape = ravel(a), lengths(new_shape)
    count = 1
    for n in shape:
        if n < 0:
            raise ValueError("all elements of `new_shape` must be non-negative")
        count = count * n
    n = a.shape[0]
    if is_known(n) and n == 0:
        return zeros(shape, dtype_of(a))
    if not is_known(n):  # may be 0
        a = concatenate([a, zeros((1 - smaller(n, 1),), dtype_of(a))])
    return a[arange(count) % larger(n, 1)].reshape(shape)


def method_resize(a, *new_shape, refcheck=True):
    if len(new_shape) == 0 or new_shape[0] is None:
        return
    shape = lengths(new_shape[0] if len(new_shape) == 1 else new_shape)
    if a.base is not None:
        raise ValueError("cannot resize this array: it does not own its data")
    count = 1
    for n in shape:
        if n < 0:
            raise ValueError("negative dimensions not allowed")
        count = count * n
    backwards = a.ndim > 1 and is_fortran(a)
    row = ravel(transpose(a) if backwards else a)[:count]
    made = concatenate((row, zeros((larger(count - a.size, 0),), dtype_of(a))))
    made = copy_(made.reshape(shape[::-1]).T, "F") if backwards else made.reshape(shape)
    become(a, made, refcheck)


def trim_zeros(filt, trim="fb", axis=None):
    a = asarray(filt)
    trim = trim.lower()
    for letter in trim:
        if letter not in "fb":
            raise ValueError(f"unexpected character(s) in `trim`: {trim!r}")
    axes = axes_of(axis, a.ndim)
    there = asarray(ufunc("not_equal", a, 0))
    ways = [ends_of_truth(there, k, trim) if k in axes else slice(None) for k in range(a.ndim)]
    return filt[ways[0]] if a.ndim == 1 else filt[tuple(ways)]


def ends_of_truth(there, axis, trim):
    """The part of an axis from the first place that has a truth to the last."""
    row = flatnonzero(any(there, tuple([k for k in range(there.ndim) if k != axis])))
    count, n = row.shape[0], there.shape[axis]
    edges = concatenate(([0], row, [n - 1]))
    start = int(edges[1]) if "f" in trim else 0
    stop = int(edges[-2]) + 1 if "b" in trim else n
    start = 0 if count == 0 else start
    stop = 0 if count == 0 else stop
    return slice(start, stop)


def repeat(a, repeats, axis=None):
    a = asarray(a)
    if is_text_array(a):
        return a.repeat(repeats, axis)
    if axis is None:
        a, axis = ravel(a), 0
    axis = axis_of(axis, a.ndim)
    shape = a.shape
    many = not (isinstance(repeats, int) or is_scalar(repeats))
    if many:
        if isinstance(repeats, ndarray) and not can_cast(repeats.dtype, "int64"):
            raise TypeError(f"Cannot cast array data from {dtype_of(repeats)!r} to "
                            "dtype('int64') according to the rule 'safe'")  # fmt: skip
        repeats = asarray(repeats)
        if repeats.ndim == 1 and is_known(repeats.shape[0]) and repeats.shape[0] == 1:
            many, repeats = False, int(repeats[0])
        elif repeats.ndim == 0:
            many, repeats = False, int(repeats)
    if not many:
        repeats = int(repeats)
        if repeats < 0:
            raise ValueError("negative dimensions are not allowed")
        wide = expand_dims(a, axis + 1)
        wide = broadcast_to(wide, shape[: axis + 1] + (repeats,) + shape[axis + 1 :])
        wide = wide.reshape(shape[:axis] + (shape[axis] * repeats,) + shape[axis + 1 :])
        return copy_array(wide)
    if repeats.shape[0] != shape[axis]:
        raise ValueError(
            f"operands could not be broadcast together with shape {shape_text(shape)} "
            f"{shape_text(repeats.shape)}"
        )
    if any(repeats < 0):
        raise ValueError("repeats may not contain negative values.")
    ends = cumsum(cast_if(repeats, "int64"))
    total = int(sum(repeats))
    return a[(*before(axis), searchsorted_(ends, arange(total), True))]


def roll(a, shift, axis=None):
    a = asarray(a)
    if axis is None:
        return roll(ravel(a), shift, 0).reshape(a.shape)
    shifts = tuple(shift) if isinstance(shift, (tuple, list)) else (shift,)
    several = tuple(axis) if isinstance(axis, (tuple, list)) else (axis,)
    if len(shifts) == 1:
        shifts = shifts * len(several)
    elif len(several) == 1:
        several = several * len(shifts)
    for by, along in zip(shifts, several):
        a = rolled(a, by, axis_of(along, a.ndim))
    return a


def rolled(a, shift, axis):
    n = a.shape[axis]
    if is_known(n) and n == 0:
        return copy_(a)
    at = n - shift % larger_than_zero(n)
    here = before(axis)
    return concatenate((a[(*here, slice(at, None))], a[(*here, slice(None, at))]), axis)


def larger_than_zero(n):
    return n if is_known(n) else n + (1 if n == 0 else 0)

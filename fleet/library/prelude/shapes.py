"""Shapes: arrays joined, split, and laid out in other ways."""

from primitives import asarray as asarray_
from primitives import axes_of, axis_of, cast, copy, dtype_of, is_known, lengths
from primitives import broadcast_to as broadcast_to_
from primitives import concatenate as concatenate_
from primitives import reshape as reshape_
from primitives import transpose as transpose_


def reshape(a, shape, order="C"):
    if order != "C":
        unsupported(f"np.reshape(order={order!r})")
    return reshape_(asarray(a), lengths(shape))


def ravel(a, order="C"):
    return reshape(a, -1, order)


def transpose(a, axes=None):
    a = asarray(a)
    if axes is None:
        axes = tuple(range(a.ndim))[::-1]
    axes = axes_of(tuple(axes), a.ndim)
    if len(axes) != a.ndim:
        raise ValueError("axes don't match array")
    return transpose_(a, axes)


def swapaxes(a, axis1, axis2):
    a = asarray(a)
    axes = list(range(a.ndim))
    axis1, axis2 = axis_of(axis1, a.ndim), axis_of(axis2, a.ndim)
    axes[axis1], axes[axis2] = axes[axis2], axes[axis1]
    return transpose_(a, tuple(axes))


def moveaxis(a, source, destination):
    a = asarray(a)
    source = axes_of(source, a.ndim)
    destination = axes_of(destination, a.ndim)
    order = [n for n in range(a.ndim) if n not in source]
    for there, here in sorted(zip(destination, source)):
        order.insert(there, here)
    return transpose_(a, tuple(order))


def expand_dims(a, axis):
    a = asarray(a)
    axis = axis if isinstance(axis, tuple) else (axis,)
    axes = axes_of(axis, a.ndim + len(axis))
    shape = iter(a.shape)
    return reshape_(a, tuple([1 if i in axes else next(shape) for i in range(a.ndim + len(axis))]))


def squeeze(a, axis=None):
    a = asarray(a)
    if axis is None:
        axes = tuple([i for i, n in enumerate(a.shape) if is_known(n) and n == 1])
    else:
        axes = axes_of(axis, a.ndim)
        for i in axes:
            if a.shape[i] != 1:
                raise ValueError(
                    "cannot select an axis to squeeze out which has size not equal to one"
                )
    return reshape_(a, tuple([n for i, n in enumerate(a.shape) if i not in axes]))


def broadcast_to(array, shape):
    return broadcast_to_(array, lengths(shape))


def atleast_1d(a):
    a = asarray(a)
    return a.reshape(1) if a.ndim == 0 else a


def atleast_2d(a):
    a = asarray(a)
    if a.ndim == 0:
        return a.reshape(1, 1)
    return a[None, :] if a.ndim == 1 else a


def concatenate(arrays, axis=0, *, dtype=None):
    arrays = [asarray_(a) for a in arrays]
    if len(arrays) == 0:
        raise ValueError("need at least one array to concatenate")
    if arrays[0].ndim == 0:
        raise ValueError("zero-dimensional arrays cannot be concatenated")
    if axis is None:
        return concatenate_([ravel(a) for a in arrays], 0, dtype)
    return concatenate_(arrays, axis_of(axis, arrays[0].ndim), dtype)


def stack(arrays, axis=0, *, dtype=None):
    arrays = [asarray_(a) for a in arrays]
    if len(arrays) == 0:
        raise ValueError("need at least one array to stack")
    for a in arrays:
        if a.ndim != arrays[0].ndim:
            raise ValueError("all input arrays must have the same shape")
        for here, there in zip(a.shape, arrays[0].shape):
            if here != there:
                raise ValueError("all input arrays must have the same shape")
    axis = axis_of(axis, arrays[0].ndim + 1)
    return concatenate_([expand_dims(a, axis) for a in arrays], axis, dtype)


def hstack(tup, *, dtype=None):
    arrays = [atleast_1d(a) for a in tup]
    return concatenate(arrays, 0 if arrays and arrays[0].ndim == 1 else 1, dtype=dtype)


def vstack(tup, *, dtype=None):
    return concatenate([atleast_2d(a) for a in tup], 0, dtype=dtype)


def column_stack(tup):
    columns = []
    for a in tup:
        a = asarray(a)
        columns.append(a.reshape(-1, 1) if a.ndim < 2 else a)
    return concatenate(columns, 1)


def append(arr, values, axis=None):
    if axis is None:
        return concatenate((ravel(arr), ravel(values)), 0)
    return concatenate((arr, values), axis)


def split(ary, indices_or_sections, axis=0):
    ary = asarray(ary)
    if isinstance(indices_or_sections, int):
        if ary.shape[axis] % indices_or_sections:
            raise ValueError("array split does not result in an equal division")
        step = ary.shape[axis] // indices_or_sections
        return cut(ary, [i * step for i in range(indices_or_sections + 1)], axis)
    return array_split(ary, indices_or_sections, axis)


def array_split(ary, indices_or_sections, axis=0):
    ary = asarray(ary)
    length = ary.shape[axis]
    if isinstance(indices_or_sections, int):
        if indices_or_sections <= 0:
            raise ValueError("number sections must be larger than 0.")
        each, extras = divmod(length, indices_or_sections)
        points = [0]
        for i in range(indices_or_sections):
            points.append(points[-1] + each + (1 if i < extras else 0))
        return cut(ary, points, axis)
    return cut(ary, [0] + list(indices_or_sections) + [length], axis)


def cut(ary, points, axis):
    axis = axis_of(axis, ary.ndim)
    before = (slice(None),) * axis
    return [ary[(*before, slice(points[i], points[i + 1]))] for i in range(len(points) - 1)]


def hsplit(ary, indices_or_sections):
    return split(ary, indices_or_sections, 0 if ary.ndim == 1 else 1)


def vsplit(ary, indices_or_sections):
    return split(ary, indices_or_sections, 0)


def tile(A, reps):
    A = asarray(A)
    reps = tuple(reps) if isinstance(reps, (tuple, list)) else (reps,)
    reps = (1,) * (A.ndim - len(reps)) + reps
    A = A.reshape((1,) * (len(reps) - A.ndim) + A.shape)
    inner, outer, final = [], [], []
    for n, times in zip(A.shape, reps):
        inner += [1, n]
        outer += [times, n]
        final.append(times * n)
    return broadcast_to(A.reshape(tuple(inner)), tuple(outer)).reshape(tuple(final))


def flip(m, axis=None):
    m = asarray(m)
    axes = axes_of(axis, m.ndim)
    return m[tuple([slice(None, None, -1) if i in axes else slice(None) for i in range(m.ndim)])]


def fliplr(m):
    return flip(m, 1)


def flipud(m):
    return flip(m, 0)


def pad(array, pad_width, mode="constant", constant_values=0):
    if mode != "constant":
        unsupported(f"np.pad(mode={mode!r})")
    array = asarray(array)
    if isinstance(pad_width, int):
        pad_width = ((pad_width, pad_width),) * array.ndim
    elif isinstance(pad_width[0], int):
        pad_width = (tuple(pad_width),) * array.ndim
    elif len(pad_width) == 1:
        pad_width = tuple(pad_width) * array.ndim
    shape, where_to = [], []
    for n, (before, after) in zip(array.shape, pad_width):
        shape.append(before + n + after)
        where_to.append(slice(before, before + n))
    made = full(tuple(shape), constant_values, dtype_of(array))
    made[tuple(where_to)] = array
    return made


def method_reshape(a, *shape, order="C"):
    return reshape(a, shape[0] if len(shape) == 1 else shape, order)


def method_transpose(a, *axes):
    if len(axes) == 0 or axes[0] is None:
        return transpose(a)
    return transpose(a, axes[0] if isinstance(axes[0], (tuple, list)) else axes)


def method_flatten(a, order="C"):
    return copy(ravel(a, order))


def method_astype(a, dtype, copy=True):
    return cast(a, dtype)


def method_fill(a, value):
    a[...] = value


def method_copy(a, order="C"):
    return copy(a)

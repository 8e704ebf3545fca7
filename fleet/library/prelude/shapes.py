"""Shapes: arrays laid out in other ways."""

from primitives import asarray as asarray_
from primitives import (
    axes_of,
    axis_of,
    cast,
    copy_of,
    dtype_of,
    have_texts,
    is_known,
    is_object_array,
    is_text_array,
    known,
    laid_like,
    layout_of,
    lengths,
    memory_axes,
    names_objects,
    names_texts,
    shares,
    stretched,
    strides_and_order,
    uncatchable,
    unwarned,
)
from primitives import copy as copy_
from primitives import reshape as reshape_
from primitives import transpose as transpose_


def scalar_of(given, made):
    """What another shape makes of a NumPy scalar is one, too, where it has no axes."""
    return made[()] if isinstance(given, generic) and made.ndim == 0 else made


def reshape(a, /, shape, order="C", *, copy=None):
    given, a = a, asarray(a)
    if is_text_array(a):
        return a.reshape(shape, order=order)
    order = order_named("C" if order is None else order)
    if order in ("F", "A") and (order == "F" or is_fortran(a)):
        return transpose(reshape_(transpose(a), lengths(shape)[::-1]))
    if order == "K":
        raise ValueError("order 'K' is not permitted for reshaping")
    made = scalar_of(given, reshape_(a, lengths(shape)))
    return copy_(made) if copy else made


def ravel(a, order="C"):
    if is_object_array(a) or have_texts(a):
        return asarray(a).ravel(order)
    if order == "K":
        a = asarray(a)
        a = transpose_(a, tuple(memory_axes(a))) if a.ndim > 1 else a
        order = "C"
    made = reshape(a, -1, order)
    if not shares(made, a):
        return copy_(made)
    found = strides_and_order(made)
    if found is not None and found[1] is not None:
        return made if found[1] else copy_(made)
    return copy_of(copy_(made), a, "whether this is a view of the other one only run time knows")


def is_fortran(a):
    """Whether an array has Fortran's order and not C's."""
    found = layout_of(a)
    return found[2] is True and found[1] is not True


def transpose(a, axes=None):
    given, a = a, asarray(a)
    if is_text_array(a):
        return a.transpose() if axes is None else a.transpose(axes)
    if axes is None:
        axes = tuple(range(a.ndim))[::-1]
    axes = (axes,) if isinstance(axes, (int, integer)) else axes
    if len(axes) != a.ndim:
        raise ValueError("axes don't match array")
    axes = [axis_of(axis, a.ndim) for axis in axes]
    if len(set(axes)) < a.ndim:
        raise ValueError("repeated axis in transpose")
    return scalar_of(given, transpose_(a, tuple(axes)))


def swapaxes(a, axis1, axis2):
    a = asarray(a)
    axes = list(range(a.ndim))
    axis1, axis2 = axis_of(axis1, a.ndim, "axis1"), axis_of(axis2, a.ndim, "axis2")
    axes[axis1], axes[axis2] = axes[axis2], axes[axis1]
    return transpose_(a, tuple(axes))


def moveaxis(a, source, destination):
    a = asarray(a)
    source = axes_of(source, a.ndim, "source")
    destination = axes_of(destination, a.ndim, "destination")
    if len(source) != len(destination):
        raise ValueError("`source` and `destination` arguments must have the same number of "
                         "elements")  # fmt: skip
    order = [n for n in range(a.ndim) if n not in source]
    for there, here in sorted(zip(destination, source)):
        order.insert(there, here)
    return transpose_(a, tuple(order))


def expand_dims(a, axis):
    a = asarray(a)
    axis = tuple(axis) if isinstance(axis, (tuple, list)) else (axis,)
    axes = axes_of(axis, a.ndim + len(axis))
    shape = iter(a.shape)
    return reshape_(a, tuple([1 if i in axes else next(shape) for i in range(a.ndim + len(axis))]))


def squeeze(a, axis=None):
    given, a = a, asarray(a)
    if axis is None:
        axes = tuple([i for i, n in enumerate(a.shape) if is_known(n) and n == 1])
        for n in a.shape:
            if not is_known(n) and n == 1:
                uncatchable("NotImplementedError", "say which axes to squeeze")
                raise NotImplementedError(
                    "np.squeeze of an axis whose length, known at run time only, is 1: say which "
                    "axes to squeeze"
                )
    else:
        axes = axes_of(axis, a.ndim)
        for i in axes:
            if a.shape[i] != 1:
                raise ValueError(
                    "cannot select an axis to squeeze out which has size not equal to one"
                )
    kept = tuple([n for i, n in enumerate(a.shape) if i not in axes])
    return scalar_of(given, reshape_(a, kept))


def broadcast_to(array, shape, subok=False):
    return stretched(array, lengths(shape))


def broadcast_arrays(*args, subok=False):
    arrays = [asarray(a) for a in args]
    shape = broadcast_shapes(*[a.shape for a in arrays])
    return tuple([broadcast_to(a, shape) for a in arrays])


def broadcast_shapes(*args):
    shapes = [lengths(shape) for shape in args]
    if is_known(shapes):
        return known("broadcast_shapes", *shapes)
    rank = 0
    for shape in shapes:
        rank = len(shape) if len(shape) > rank else rank
    return tuple([
        common_length([shape[len(shape) - rank + i] for shape in shapes if len(shape) + i >= rank])
        for i in range(rank)
    ])  # fmt: skip


def elements_of(shape):
    """How many elements an array of a shape has."""
    count = 1
    for length in shape:
        count = count * length
    return count


def common_length(lengths):
    """What lengths of an axis broadcast to."""
    made = 1
    for length in lengths:
        if is_known(made) and made == 1:
            made = length
        elif not (is_known(length) and length == 1) and length != made:
            if length != 1 and made != 1:
                raise ValueError("shape mismatch: objects cannot be broadcast to a single shape")
            made = length if made == 1 else made
    return made


def each_of(function, arrays):
    """What a function makes of one array, or of several as a tuple."""
    made = tuple([function(asarray(a)) for a in arrays])
    return made[0] if len(made) == 1 else made


def atleast_1d(*arys):
    return each_of(lambda a: a.reshape(1) if a.ndim == 0 else a, arys)


def atleast_2d(*arys):
    return each_of(two_dimensional, arys)


def two_dimensional(a):
    if a.ndim == 0:
        return a.reshape(1, 1)
    return a[None, :] if a.ndim == 1 else a


def atleast_3d(*arys):
    return each_of(three_dimensional, arys)


def three_dimensional(a):
    if a.ndim == 0:
        return a.reshape(1, 1, 1)
    if a.ndim == 1:
        return a[None, :, None]
    return a[:, :, None] if a.ndim == 2 else a


def rollaxis(a, axis, start=0):
    a = asarray(a)
    axis = axis_of(axis, a.ndim)
    start = start + a.ndim if start < 0 else start
    if not 0 <= start <= a.ndim:
        raise ValueError(
            f"'start' arg requires {-a.ndim} <= start < {a.ndim + 1}, but {start} was passed in"
        )
    order = [n for n in range(a.ndim) if n != axis]
    order.insert(start - 1 if axis < start else start, axis)
    return transpose_(a, tuple(order))


def rot90(m, k=1, axes=(0, 1)):
    m = asarray(m)
    axes = tuple(axes)
    if len(axes) != 2:
        raise ValueError("len(axes) must be 2.")
    if axes[0] == axes[1] or abs(axes[0] - axes[1]) == m.ndim:
        raise ValueError("Axes must be different.")
    for axis in axes:
        if not -m.ndim <= axis < m.ndim:
            raise ValueError(f"Axes={axes} out of range for array of ndim={m.ndim}.")
    turns = k % 4
    if turns == 2:
        return flip(flip(m, axes[0]), axes[1])
    if turns == 1:
        return swapaxes(flip(m, axes[1]), *axes)
    return flip(swapaxes(m, *axes), axes[1]) if turns == 3 else m


def ndim(a):
    return asarray_(a).ndim


def shape(a):
    return asarray_(a).shape


def size(a, axis=None):
    a = asarray_(a)
    if axis is None:
        return a.size
    count = 1
    for k in axes_of(axis, a.ndim):
        count = count * a.shape[k]
    return count


permute_dims = transpose


def matrix_transpose(x):
    x = asarray(x)
    if x.ndim < 2:
        raise ValueError(f"Input array must be at least 2-dimensional, but it is {x.ndim}")
    return swapaxes(x, -1, -2)


def attribute_mT(a):
    if a.ndim < 2:
        raise ValueError("matrix transpose with ndim < 2 is undefined")
    return swapaxes(a, -1, -2)


def tile(A, reps):
    A = asarray(A)
    if is_text_array(A):
        return A.ravel()[tile(arange(A.size).reshape(A.shape), reps)]
    reps = tuple(reps) if isinstance(reps, (tuple, list, ndarray)) else (reps,)
    reps = (1,) * (A.ndim - len(reps)) + reps
    A = A.reshape((1,) * (len(reps) - A.ndim) + A.shape)
    inner, outer, final = [], [], []
    for n, times in zip(A.shape, reps):
        inner += [1, n]
        outer += [times, n]
        final.append(times * n)
    wide = copy_(broadcast_to(A.reshape(tuple(inner)), tuple(outer)))
    return wide.reshape(tuple(final))


def flip(m, axis=None):
    m = asarray(m)
    axes = axes_of(axis, m.ndim)
    return m[tuple([slice(None, None, -1) if i in axes else slice(None) for i in range(m.ndim)])]


def fliplr(m):
    m = asarray(m)
    if m.ndim < 2:
        raise ValueError("Input must be >= 2-d.")
    return flip(m, 1)


def flipud(m):
    m = asarray(m)
    if m.ndim < 1:
        raise ValueError("Input must be >= 1-d.")
    return flip(m, 0)


def method_reshape(a, *shape, order="C", copy=None):
    return reshape(a, shape[0] if len(shape) == 1 else shape, order, copy=copy)


def method_transpose(a, *axes):
    if len(axes) == 0 or axes[0] is None:
        return transpose(a)
    return transpose(a, axes[0] if isinstance(axes[0], (tuple, list, ndarray)) else axes)


def method_flatten(a, order="C"):
    return copy_(ravel(a, order))


def method_astype(a, dtype, order="K", casting="unsafe", subok=True, copy=True):
    if names_texts(dtype):
        return texts_of_numbers(a, dtype)
    if names_objects(dtype):
        return made_objects(a)
    keeps = casting == "same_value"
    if casting != "unsafe" and not keeps and not can_cast(dtype_of(a), dtype, casting):
        raise TypeError(
            f"Cannot cast array data from {dtype_of(a)!r} to {dtype_named(dtype)!r} according to "
            f"the rule '{casting}'"
        )
    order = order_named(order)
    if not copy and dtype_of(a) == dtype_named(dtype):
        return in_order(a, order)
    made = unwarned(cast_kept, a, dtype) if keeps else cast(a, dtype)
    return made if order == "K" else laid_like(made, a, order)


C_NAMES = {
    "bool": "bool", "int8": "byte", "int16": "short", "int32": "int", "int64": "long",
    "uint8": "ubyte", "uint16": "ushort", "uint32": "uint", "uint64": "ulong", "float16": "half",
    "float32": "float", "float64": "double", "complex64": "cfloat", "complex128": "cdouble",
}


def cast_kept(a, dtype):
    """The rule `same_value`: raises ValueError where a cast changes a value."""
    made = cast(a, dtype)
    before, after = dtype_of(a), dtype_of(made)
    if after == "bool":
        return made
    back = cast(made, before)
    same = back == a
    if before.kind in "fc":
        same = logical_or(same, logical_and(isnan(a), isnan(back)))
    elif after.kind in "iu":
        same = logical_and(same, (made < 0) == (a < 0))
    if not all(same):
        why = ""
        if before.kind == "c" and after.kind != "c" and any(imag(a) != 0):
            why = ": imag is not 0"
        raise ValueError(
            f"could not cast 'same_value' {C_NAMES[before.name]} to {C_NAMES[after.name]}{why}"
        )
    return made


def astype(x, dtype, /, *, copy=True, device=None):
    return x if not copy and dtype_of(x) == dtype_named(dtype) else cast(x, dtype)


def method_fill(a, value):
    a[...] = value


def method_copy(a, order="C"):
    return a if isinstance(a, generic) else copy_(a, order_named(order))

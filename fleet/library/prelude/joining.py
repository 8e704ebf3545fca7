"""Arrays joined and split."""

from primitives import asarray as asarray_
from primitives import axis_of, have_texts, is_records, joined_list, program_warning
from primitives import concatenate as concatenate_


def concatenate(arrays, /, axis=0, out=None, *, dtype=None, casting="same_kind"):
    no_out(out)
    made = joined_list("concatenate", arrays, axis)
    if made is not None:
        return of_list(made, dtype)
    if len(arrays) > 0 and is_records(arrays[0]):
        return joined_records(arrays)
    if len(arrays) > 0 and have_texts(*arrays):
        return joined_texts(arrays, axis)
    kinds = [weakly(a) for a in arrays] if axis is None and dtype is None else []
    arrays = [asarray_(a) for a in arrays]
    if len(arrays) == 0:
        raise ValueError("need at least one array to concatenate")
    if axis is None:
        if dtype is None:
            dtype = result_type(*kinds)
            arrays = [cast_if(a, dtype) for a in arrays]
        return concatenate_([ravel(a) for a in arrays], 0, dtype)
    if arrays[0].ndim == 0:
        raise ValueError("zero-dimensional arrays cannot be concatenated")
    return concatenate_(arrays, axis_of(axis, arrays[0].ndim), dtype)


concat = concatenate


def of_list(made, dtype):
    """What was joined of a list whose length only run time knows."""
    return made if dtype is None else cast_if(made, dtype)


def stack(arrays, axis=0, out=None, *, dtype=None, casting="same_kind"):
    no_out(out)
    made = joined_list("stack", arrays, axis)
    if made is not None:
        return of_list(made, dtype)
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


def hstack(tup, *, dtype=None, casting="same_kind"):
    made = joined_list("hstack", tup, 0)
    if made is not None:
        return of_list(made, dtype)
    arrays = [atleast_1d(a) for a in tup]
    return concatenate(arrays, 0 if arrays and arrays[0].ndim == 1 else 1, dtype=dtype)


def vstack(tup, *, dtype=None, casting="same_kind"):
    made = joined_list("vstack", tup, 0)
    if made is not None:
        return of_list(made, dtype)
    return concatenate([atleast_2d(a) for a in tup], 0, dtype=dtype)


def row_stack(tup, *, dtype=None, casting="same_kind"):
    program_warning(
        "`row_stack` alias is deprecated. Use `np.vstack` directly.", "DeprecationWarning",
        deprecated=True,
    )  # fmt: skip
    return vstack(tup, dtype=dtype, casting=casting)


def dstack(tup):
    made = joined_list("dstack", tup, 0)
    if made is not None:
        return made
    return concatenate([atleast_3d(a) for a in tup], 2)


def column_stack(tup):
    made = joined_list("column_stack", tup, 0)
    if made is not None:
        return made
    columns = []
    for a in tup:
        a = asarray(a)
        columns.append(a.reshape(-1, 1) if a.ndim < 2 else a)
    return concatenate(columns, 1)


def unstack(x, /, *, axis=0):
    x = asarray(x)
    if x.ndim == 0:
        raise ValueError("Input array must be at least 1-d.")
    axis = axis_of(axis, x.ndim)
    before = (slice(None),) * axis
    return tuple([x[(*before, i)] for i in range(x.shape[axis])])


def block(arrays):
    depth = depth_of(arrays)
    rank = greatest_rank(arrays)
    return joined(arrays, depth, depth if depth > rank else rank)


def depth_of(arrays):
    """How deep lists are nested; the depth of all parts must be the same."""
    if isinstance(arrays, tuple):
        raise TypeError(
            "arrays is a tuple. Only lists can be used to arrange blocks, and np.block does not "
            "allow implicit conversion from tuple to ndarray."
        )
    if not isinstance(arrays, list):
        return 0
    if len(arrays) == 0:
        raise ValueError("List at arrays cannot be empty")
    depths = [depth_of(part) for part in arrays]
    for depth in depths:
        if depth != depths[0]:
            unsupported("np.block of lists of different depths")
    return depths[0] + 1


def greatest_rank(arrays):
    if not isinstance(arrays, list):
        return asarray(arrays).ndim
    rank = 0
    for part in arrays:
        one = greatest_rank(part)
        rank = one if one > rank else rank
    return rank


def joined(arrays, depth, rank):
    """The innermost lists joined along the last axis, those around along the one before."""
    if depth == 0:
        return array(arrays, ndmin=rank)
    return concatenate([joined(part, depth - 1, rank) for part in arrays], -depth)


def append(arr, values, axis=None):
    if axis is None:
        return concatenate((ravel(arr), ravel(values)), 0)
    return concatenate((arr, values), axis)


def split(ary, indices_or_sections, axis=0):
    ary = asarray(ary)
    if is_count(indices_or_sections):
        length = ary.shape[axis]
        if length % indices_or_sections:
            raise ValueError("array split does not result in an equal division")
    return array_split(ary, indices_or_sections, axis)


def is_count(indices_or_sections):
    return not isinstance(indices_or_sections, (list, tuple, ndarray))


def array_split(ary, indices_or_sections, axis=0):
    ary = asarray(ary)
    length = ary.shape[axis]
    if is_count(indices_or_sections):
        if indices_or_sections <= 0:
            raise ValueError("number sections must be larger than 0.")
        each, extras = length // indices_or_sections, length % indices_or_sections
        points = [0]
        for i in range(indices_or_sections):
            points.append(points[-1] + each + (1 if i < extras else 0))
        return cut(ary, points, axis)
    return cut(ary, [0] + [int(point) for point in indices_or_sections] + [length], axis)


def cut(ary, points, axis):
    axis = axis_of(axis, ary.ndim)
    before = (slice(None),) * axis
    return [ary[(*before, slice(points[i], points[i + 1]))] for i in range(len(points) - 1)]


def hsplit(ary, indices_or_sections):
    ary = asarray(ary)
    if ary.ndim == 0:
        raise ValueError("hsplit only works on arrays of 1 or more dimensions")
    return split(ary, indices_or_sections, 0 if ary.ndim == 1 else 1)


def vsplit(ary, indices_or_sections):
    ary = asarray(ary)
    if ary.ndim < 2:
        raise ValueError("vsplit only works on arrays of 2 or more dimensions")
    return split(ary, indices_or_sections, 0)


def dsplit(ary, indices_or_sections):
    ary = asarray(ary)
    if ary.ndim < 3:
        raise ValueError("dsplit only works on arrays of 3 or more dimensions")
    return split(ary, indices_or_sections, 2)

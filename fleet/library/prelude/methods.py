"""Methods of functions of two numbers: reduce, accumulate, reduceat, at."""

from primitives import asarray as asarray_
from primitives import (
    axis_of,
    cast,
    cumulate,
    dtype_of,
    laid_like,
    put_into,
    reduced_axes,
    reduction_dtype,
    require_castable,
    scatter,
    vet,
)
from primitives import where as where_

RUNNING = {"add": "cumsum", "multiply": "cumprod", "maximum": "cummax", "minimum": "cummin"}
IN_ORDER = ("add", "multiply")
TRUTHS = ("logical_and", "logical_or")
IN_ONE = {"add": "sum", "multiply": "prod", "maximum": "max", "minimum": "min"}


def ufunc_reduce(function, array, axis=0, dtype=None, out=None, keepdims=False, initial=NO_VALUE,
                 where=True):
    name = function.__name__
    out = out[0] if out.__class__ is tuple else out
    vet(name + ".reduce", array, axis, dtype=dtype, out=out, keepdims=keepdims, initial=initial,
        where=where)
    a = asarray_(array)
    if initial is None and name in IN_ONE:
        initial = NO_VALUE
        if a.size == 0:
            raise ValueError(
                f"zero-size array to reduction operation {name} which has no identity"
            )
    if name == "add":
        return sum(a, axis, dtype, out, keepdims, initial, where)
    if name == "multiply":
        return prod(a, axis, dtype, out, keepdims, initial, where)
    axes = reduced_axes(axis, a.ndim)
    a = cast(a, reduction_dtype(name, a, dtype, out, len(axes)))
    if name == "maximum":
        return max(a, axis, out, keepdims, initial, where)
    if name == "minimum":
        return min(a, axis, out, keepdims, initial, where)
    if name in TRUTHS and initial is NO_VALUE and dtype_of(a) == "bool":
        return all(a, axis, out, keepdims, where=where) if name == "logical_and" else (
            any(a, axis, out, keepdims, where=where))
    rows, mask = rows_of(a, axes), where
    if where is not True:
        mask = rows_of(broadcast_to(asarray_(where), a.shape), axes)
    made = combined(function, rows, mask, initial)
    if keepdims:
        made = reshape(made, tuple([1 if i in axes else n for i, n in enumerate(a.shape)]))
    made = made[()] if made.ndim == 0 else made
    return made if out is None else put_into(out, made)


def rows_of(a, axes):
    """The reduced axes as one in front of the others."""
    kept = tuple([i for i in range(a.ndim) if i not in axes])
    count = 1
    for i in axes:
        count = count * a.shape[i]
    moved = transpose(a, tuple(axes) + kept)
    if len(axes) == 1:
        return moved
    return reshape(moved, (count, *[a.shape[i] for i in kept]))


def combined(function, rows, mask, initial):
    """Rows one after the other, from the identity on where the function has one."""
    name = function.__name__
    if initial is NO_VALUE:
        initial = function.identity
        if initial == -1 and dtype_of(rows).kind in "bu":  # all bits set
            initial = rows.dtype.type(0) == 0 if rows.dtype == "bool" else iinfo(rows.dtype).max
    if initial is None and mask is not True:
        raise ValueError(
            f"reduction operation '{name}' does not have an identity, so to use a where mask one "
            "has to specify 'initial'"
        )
    count = rows.shape[0]
    if initial is None and count == 0:
        raise ValueError("zero-size array to reduction operation " + name
                         + " which has no identity")
    start = rows[:1] if initial is None else full((1, *rows.shape[1:]), initial, dtype_of(rows))
    made = start[0]
    for i in range(1 if initial is None else 0, count):
        here = function(made, rows[i])
        made = here if mask is True else where_(mask[i], here, made)[()]
    return made


def ufunc_accumulate(function, array, axis=0, dtype=None, out=None):
    name = function.__name__
    out = out[0] if out.__class__ is tuple else out
    vet(name + ".accumulate", array, axis, dtype=dtype, out=out)
    a = asarray_(array)
    if a.ndim == 0:
        raise TypeError("cannot accumulate on a scalar")
    if axis is None and a.ndim > 1:
        raise ValueError("accumulate does not allow multiple axes")
    axis = axis_of(0 if axis is None and a.ndim == 1 else axis, a.ndim)
    a = cast(a, reduction_dtype(name, a, dtype, out))
    if name in RUNNING and (dtype_of(a).kind != "c" or name in IN_ORDER):
        made = cumulate(RUNNING[name], a, axis)
        return made if out is None else put_into(out, made)
    made = moveaxis(a, axis, 0).copy()
    for i in range(1, made.shape[0]):
        made[i] = function(made[i - 1], made[i])
    made = laid_like(moveaxis(made, 0, axis), a, "K")
    return made if out is None else put_into(out, made)


def ufunc_reduceat(function, array, indices, axis=0, dtype=None, out=None):
    name = function.__name__
    a = asarray_(array)
    out = out[0] if out.__class__ is tuple else out
    if a.ndim == 0:
        raise TypeError("cannot reduceat on a scalar")
    axis = axis_of(axis, a.ndim)
    indices = asarray_(indices)
    count, length = indices.shape[0], a.shape[axis]
    for i in range(count):
        if indices[i] < 0 or indices[i] >= length:
            raise IndexError(f"index {indices[i]} out-of-bounds in {name}.reduceat [0, {length})")
    rows = moveaxis(cast(a, reduction_dtype(name, a, dtype, out)), axis, 0)
    made = empty((count, *rows.shape[1:]), dtype_of(rows))
    for i in range(count):
        start = int(indices[i])
        stop = length if i + 1 >= count else int(indices[i + 1 if i + 1 < count else 0])
        made[i] = rows[start]
        if stop > start + 1:
            made[i] = combined_run(function, rows[start], rows[start + 1 : stop])
    made = copy_array(moveaxis(made, 0, axis))
    return made if out is None else put_into(out, made)


def combined_run(function, first, rows):
    """A row combined with others as NumPy does it: these are added up in pairs before."""
    if function.__name__ == "add":
        return function(first, sum(rows, 0))
    for k in range(rows.shape[0]):
        first = function(first, rows[k])
    return first


def ufunc_at(function, a, indices, b=NO_VALUE):
    b = b if b is NO_VALUE else asarray_(b)
    require_castable(function, a, *(() if b is NO_VALUE else (b,)))
    places = arange(a.size).reshape(a.shape)[indices]
    if b is not NO_VALUE:
        if b.ndim > ndim(places):
            raise ValueError("array is not broadcastable to correct shape")
        b = ravel(broadcast_to(b, shape(places)))
    places = ravel(places)
    row = copy_array(ravel(a))
    if function.__name__ == "add" and dtype_of(a) == dtype_of(b) and dtype_of(a).kind in "iuf":
        row = scatter(row, places, b, "add")
    else:
        for k in range(places.shape[0]):
            at = places[k]
            made = function(row[at]) if b is NO_VALUE else function(row[at], b[k])
            row[at] = cast(made, dtype_of(row))
    a[...] = row.reshape(a.shape)

"""Making arrays."""

from primitives import arange as arange_
from primitives import asarray as asarray_
from primitives import (
    cast,
    copy,
    dtype_of,
    is_known,
    is_scalar,
    known,
    larger,
    lengths,
    result_type,
    smaller,
    steps,
    ufunc,
)
from primitives import full as full_


def array(object, dtype=None, *, copy=True, ndmin=0):
    made = as_array(asarray_(object, dtype))
    made = copy_array(made) if copy else made
    while made.ndim < ndmin:
        made = made[None]
    return made


def asarray(a, dtype=None):
    return as_array(asarray_(a, dtype))


def copy_array(a):
    return copy(a)


def as_array(a):
    """NumPy scalars as arrays of rank 0."""
    return full_((), a, dtype_of(a)) if is_scalar(a) else a


def zeros(shape, dtype=float):
    return full_(lengths(shape), 0, dtype)


def ones(shape, dtype=float):
    return full_(lengths(shape), 1, dtype)


def empty(shape, dtype=float):
    return full_(lengths(shape), 0, dtype)


def full(shape, fill_value, dtype=None):
    return full_(lengths(shape), fill_value, result_type(fill_value) if dtype is None else dtype)


def zeros_like(a, dtype=None, shape=None):
    return full_like(a, 0, dtype, shape)


def ones_like(a, dtype=None, shape=None):
    return full_like(a, 1, dtype, shape)


def empty_like(a, dtype=None, shape=None):
    return full_like(a, 0, dtype, shape)


def full_like(a, fill_value, dtype=None, shape=None):
    a = asarray_(a)
    dtype = dtype_of(a) if dtype is None else dtype
    return full_(a.shape if shape is None else lengths(shape), fill_value, dtype)


def arange(start, stop=None, step=1, dtype=None):
    if stop is None:
        start, stop = 0, start
    if is_known(start, stop, step):
        return known("arange", start, stop, step, dtype)
    if dtype is None:
        dtype = result_type(start, stop, step)
    return arange_(start, step, steps(start, stop, step), dtype)


def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None):
    if is_known(start, stop, num) and not retstep:
        return known("linspace", start, stop, num, endpoint, False, dtype)
    div = num - 1 if endpoint else num
    step = (stop - start) / larger(div, 1)
    at = arange_(0, 1, num, "float64")
    made = at * step + start
    if endpoint:
        made = where(logical_and(ufunc("equal", at, div), ufunc("greater", at, 0)), stop, made)
    made = made if dtype is None else cast(made, dtype)
    return (made, step) if retstep else made


def tri(N, M=None, k=0, dtype=float):
    M = N if M is None else M
    if is_known(N, M, k):
        return known("tri", N, M, k, dtype)
    rows = arange_(0, 1, N, "int64")[:, None]
    columns = arange_(-k, 1, M, "int64")[None, :]
    return cast(ufunc("greater_equal", rows, columns), dtype)


def eye(N, M=None, k=0, dtype=float):
    M = N if M is None else M
    if is_known(N, M, k):
        return known("eye", N, M, k, dtype)
    rows = arange_(0, 1, N, "int64")[:, None]
    columns = arange_(-k, 1, M, "int64")[None, :]
    return cast(ufunc("equal", rows, columns), dtype)


def identity(n, dtype=float):
    return eye(n, dtype=dtype)


def tril(m, k=0):
    m = asarray_(m)
    mask = tri(*m.shape[-2:], k=k, dtype=bool)
    return where(mask, m, zeros((), dtype_of(m)))


def triu(m, k=0):
    m = asarray_(m)
    mask = tri(*m.shape[-2:], k=k - 1, dtype=bool)
    return where(mask, zeros((), dtype_of(m)), m)


def diag(v, k=0):
    v = asarray_(v)
    if v.ndim == 1:
        n = v.shape[0] + abs(k)
        row = full_((n,), 0, dtype_of(v))
        row[larger(k, 0) : n + smaller(k, 0)] = v
        mask = eye(n, k=k, dtype=bool)
        if k >= 0:
            return where(mask, row[None, :], zeros((), dtype_of(v)))
        column = full_((n,), 0, dtype_of(v))
        column[-k:] = v
        return where(mask, column[:, None], zeros((), dtype_of(v)))
    rows, columns = v.shape
    count = smaller(rows + smaller(k, 0), columns - larger(k, 0))
    at = arange_(0, 1, count, "int64")
    return v[at + larger(-k, 0), at + larger(k, 0)]


def trace(a, offset=0):
    return sum(diag(a, offset))


def meshgrid(*xi, indexing="xy"):
    arrays = [asarray_(x) for x in xi]
    rank = len(arrays)
    order = list(range(rank))
    if indexing == "xy" and rank > 1:
        order[0], order[1] = 1, 0
    counts = [0] * rank
    for i in range(rank):
        counts[order[i]] = len(arrays[i])
    made = []
    for i in range(rank):
        one = [1] * rank
        one[order[i]] = len(arrays[i])
        made.append(broadcast_to(arrays[i].reshape(tuple(one)), tuple(counts)))
    return tuple(made)


def indices(dimensions, dtype=int, sparse=False):
    dimensions = lengths(dimensions)
    parts = open_grid(dimensions, dtype)
    if sparse:
        return tuple(parts)
    if len(parts) == 0:
        return empty((0,), dtype)
    return stack([broadcast_to(part, dimensions) for part in parts])


def open_grid(dimensions, dtype):
    """Along each axis its positions, as an array that broadcasts."""
    rank = len(dimensions)
    return [
        arange(dimensions[axis], dtype=dtype).reshape(
            (1,) * axis + (dimensions[axis],) + (1,) * (rank - 1 - axis)
        )
        for axis in range(rank)
    ]


def fromfunction(function, shape, *, dtype=float, **keywords):
    shape = lengths(shape)
    grid = [copy_array(broadcast_to(part, shape)) for part in open_grid(shape, dtype)]
    return function(*grid, **keywords)

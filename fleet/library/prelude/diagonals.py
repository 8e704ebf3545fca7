"""Triangles and diagonals of matrices, and what is made of them."""

from primitives import arange as arange_
from primitives import asarray as asarray_
from primitives import (
    axis_of,
    cast,
    copy_of,
    dtype_of,
    is_known,
    known,
    larger,
    smaller,
    ufunc,
    whole,
)
from primitives import full as full_
from primitives import transpose as transpose_


def tri(N, M=None, k=0, dtype=float):
    M = N if M is None else M
    if is_known(N, M, k):
        return known("tri", N, M, k, dtype)
    rows = arange_(0, 1, whole(N), "int64")[:, None]
    columns = arange_(-k, 1, whole(M), "int64")[None, :]
    return cast(ufunc("greater_equal", rows, columns), dtype)


def eye(N, M=None, k=0, dtype=float, order="C", *, device=None):
    M = N if M is None else M
    if is_known(N, M, k):
        return in_order(known("eye", N, M, k, dtype), order)
    N, M = zeros((N, M), bool).shape  # raises for negative ones
    rows = arange_(0, 1, N, "int64")[:, None]
    columns = arange_(-k, 1, M, "int64")[None, :]
    return in_order(cast(ufunc("equal", rows, columns), dtype), order)


def identity(n, dtype=None):
    return eye(n, dtype=float if dtype is None else dtype)


def tril(m, k=0):
    m = asarray_(m)
    mask = tri(*m.shape[-2:], k=k, dtype=bool)
    return where(mask, m, zeros((), dtype_of(m)))


def triu(m, k=0):
    m = asarray_(m)
    mask = tri(*m.shape[-2:], k=k - 1, dtype=bool)
    return where(mask, zeros((), dtype_of(m)), m)


def diag(v, k=0):
    v, k = asarray_(v), whole(k)
    if v.ndim == 1:
        n = v.shape[0] + abs(k)
        made = full_((n, n), 0, dtype_of(v))
        at = arange_(0, 1, v.shape[0], "int64")
        made[at + larger(-k, 0), at + larger(k, 0)] = v
        return made
    if v.ndim == 2:
        return diagonal(v, k)
    raise ValueError("Input must be 1- or 2-d.")


def diagonal(a, offset=0, axis1=0, axis2=1):
    a = asarray_(a)
    if a.ndim < 2:
        raise ValueError("diag requires an array of at least two dimensions")
    axis1, axis2 = axis_of(axis1, a.ndim, "axis1"), axis_of(axis2, a.ndim, "axis2")
    offset = whole(offset)
    if axis1 == axis2:
        raise ValueError("axis1 and axis2 cannot be the same")
    rest = [axis for axis in range(a.ndim) if axis not in (axis1, axis2)]
    rows, columns = a.shape[axis1], a.shape[axis2]
    count = larger(smaller(rows + smaller(offset, 0), columns - larger(offset, 0)), 0)
    at = arange_(0, 1, count, "int64")
    corner = [slice(None)] * a.ndim
    corner[axis1], corner[axis2] = slice(larger(-offset, 0), None), slice(larger(offset, 0), None)
    inside, a = a[tuple(corner)], transpose_(a, (axis1, axis2, *rest))
    found = a[at + larger(-offset, 0), at + larger(offset, 0)]
    found = transpose_(found, (*range(1, len(rest) + 1), 0)) if rest else found
    return copy_of(found, inside, None, (*[(axis,) for axis in rest], (axis1, axis2)))


def trace(a, offset=0, axis1=0, axis2=1, dtype=None, out=None):
    return sum(diagonal(a, offset, axis1, axis2), -1, dtype, out)


def diagflat(v, k=0):
    return diag(ravel(v), k)


def fill_diagonal(a, val, wrap=False):
    if a.ndim < 2:
        raise ValueError("array must be at least 2-d")
    if a.ndim == 2:
        rows, columns = a.shape
        count = rows if wrap else smaller(rows, columns)
        at = arange_(0, 1, count, "int64")
        if wrap:
            if rows > columns:
                at = arange_(0, 1, (rows * columns + columns) // (columns + 1), "int64")
            at = at * (columns + 1)
            at = (at // columns, at % columns)
        else:
            at = (at, at)
    else:
        for length in a.shape:
            if length != a.shape[0]:
                raise ValueError("All dimensions of input must be of equal length")
        at = (arange_(0, 1, a.shape[0], "int64"),) * a.ndim
    val = ravel(val)
    a[at] = val[0] if val.shape[0] == 1 else resize(val, at[0].shape)


def diag_indices(n, ndim=2):
    return (arange(n),) * ndim


def diag_indices_from(arr):
    if arr.ndim < 2:
        raise ValueError("input array must be at least 2-d")
    for length in arr.shape:
        if length != arr.shape[0]:
            raise ValueError("All dimensions of input must be of equal length")
    return diag_indices(arr.shape[0], arr.ndim)


def tril_indices(n, k=0, m=None):
    return positions_in("tril_indices", n, k, m, tri(n, m, k, bool))


def triu_indices(n, k=0, m=None):
    return positions_in("triu_indices", n, k, m, logical_not(tri(n, m, k - 1, bool)))


def positions_in(name, n, k, m, mask):
    """Rows and columns of a triangle: known where its size is."""
    return known(name, n, k, m) if is_known(n, k, m) else nonzero(mask)


def tril_indices_from(arr, k=0):
    if arr.ndim != 2:
        raise ValueError("input array must be 2-d")
    return tril_indices(arr.shape[0], k, arr.shape[1])


def triu_indices_from(arr, k=0):
    if arr.ndim != 2:
        raise ValueError("input array must be 2-d")
    return triu_indices(arr.shape[0], k, arr.shape[1])


def mask_indices(n, mask_func, k=0):
    return nonzero(ufunc("not_equal", mask_func(ones((n, n), int), k), 0))


def vander(x, N=None, increasing=False):
    x = asarray_(x)
    if x.ndim != 1:
        raise ValueError("x must be a one-dimensional array or sequence.")
    N = x.shape[0] if N is None else N
    made = ones((x.shape[0], N), promote_types(dtype_of(x), "int64"))
    powers = made if increasing else made[:, ::-1]
    for i in range(1, N):
        powers[:, i] = powers[:, i - 1] * x
    return made

"""Products of arrays: all of them matrix products, or element by element."""

from primitives import asarray as asarray_
from primitives import axis_of, matmul, put_into, ufunc


def dot(a, b, out=None):
    made = dot_product(asarray_(a), asarray_(b))
    return made if out is None else put_into(out, made)


def dot_product(a, b):
    if a.ndim == 0 or b.ndim == 0:
        return ufunc("multiply", a, b)
    inner = b.ndim - 2 if b.ndim > 1 else 0
    if a.shape[-1] != b.shape[inner]:
        raise ValueError(
            f"shapes {shape_text(a.shape)} and {shape_text(b.shape)} not aligned: "
            f"{a.shape[-1]} (dim {a.ndim - 1}) != {b.shape[inner]} (dim {inner})"
        )
    if a.ndim <= 2 and b.ndim <= 2:
        return matmul(a, b)
    if b.ndim == 1:
        return matmul(a, b)
    rows = a.shape[:-1]
    b = moveaxis(b, -2, 0)
    columns = b.shape[1:]
    flat = matmul(a.reshape((-1, a.shape[-1])), b.reshape((b.shape[0], -1)))
    return flat.reshape(rows + columns)


def shape_text(shape):
    return "(" + ",".join([str(n) for n in shape]) + (",)" if len(shape) == 1 else ")")


def vdot(a, b, /):
    return matmul(conjugated(ravel(a)), ravel(b))


def inner(a, b, /):
    a, b = asarray_(a), asarray_(b)
    if a.ndim == 0 or b.ndim == 0:
        return ufunc("multiply", a, b)
    if a.shape[-1] != b.shape[-1]:
        raise ValueError(
            f"shapes {shape_text(a.shape)} and {shape_text(b.shape)} not aligned: "
            f"{a.shape[-1]} (dim {a.ndim - 1}) != {b.shape[-1]} (dim {b.ndim - 1})"
        )
    if b.ndim == 1:
        return matmul(a, b)
    return copy_array(tensordot(a, b, (-1, -1)))


def outer(a, b, out=None):
    made = ufunc("multiply", ravel(a)[:, None], ravel(b)[None, :])
    return made if out is None else put_into(out, made)


def vecdot(x1, x2, /, *, axis=-1):
    x1, x2 = asarray(x1), asarray(x2)
    require_core("vecdot", "(n),(n)->()", x1, 1, x2, 1)
    x1, x2 = moveaxis(x1, axis, -1), moveaxis(x2, axis, -1)
    require_same("vecdot", "(n),(n)->()", x2.shape[-1], x1.shape[-1])
    made = matmul(conjugated(x1)[..., None, :], x2[..., :, None])
    return unpacked(made[..., 0, 0])


def matvec(x1, x2, /):
    x1, x2 = asarray(x1), asarray(x2)
    require_core("matvec", "(m,n),(n)->(m)", x1, 2, x2, 1)
    require_same("matvec", "(m,n),(n)->(m)", x2.shape[-1], x1.shape[-1])
    return matmul(x1, x2[..., None])[..., 0]


def vecmat(x1, x2, /):
    x1, x2 = asarray(x1), asarray(x2)
    require_core("vecmat", "(n),(n,m)->(m)", x1, 1, x2, 2)
    require_same("vecmat", "(n),(n,m)->(m)", x2.shape[-2], x1.shape[-1])
    return matmul(conjugated(x1)[..., None, :], x2)[..., 0, :]


def require_core(name, signature, x1, rank1, x2, rank2):
    """Raise what NumPy's functions of vectors and matrices say of operands of too few axes."""
    for number, (x, rank) in enumerate(((x1, rank1), (x2, rank2))):
        if x.ndim < rank:
            raise ValueError(
                f"{name}: Input operand {number} does not have enough dimensions (has {x.ndim}, "
                f"gufunc core with signature {signature} requires {rank})"
            )


def require_same(name, signature, length, wanted):
    if length != wanted:
        raise ValueError(
            f"{name}: Input operand 1 has a mismatch in its core dimension 0, with gufunc "
            f"signature {signature} (size {length} is different from {wanted})"
        )


def tensordot(a, b, axes=2):
    a, b = asarray(a), asarray(b)
    if isinstance(axes, int):
        over_a, over_b = list(range(-axes, 0)), list(range(axes))
    else:
        over_a, over_b = axes
        over_a = list(over_a) if isinstance(over_a, (list, tuple)) else [over_a]
        over_b = list(over_b) if isinstance(over_b, (list, tuple)) else [over_b]
    if len(over_a) != len(over_b):
        raise ValueError("shape-mismatch for sum")
    for i, j in zip(over_a, over_b):
        if a.shape[i] != b.shape[j]:
            raise ValueError("shape-mismatch for sum")
    over_a = [axis_of(axis, a.ndim) for axis in over_a]
    over_b = [axis_of(axis, b.ndim) for axis in over_b]
    rows = [i for i in range(a.ndim) if i not in over_a]
    columns = [j for j in range(b.ndim) if j not in over_b]
    shape = [a.shape[i] for i in rows] + [b.shape[j] for j in columns]
    count = 1
    for i in over_a:
        count = count * a.shape[i]
    high, wide = 1, 1
    for i in rows:
        high = high * a.shape[i]
    for j in columns:
        wide = wide * b.shape[j]
    left = transpose(a, rows + over_a).reshape((high, count))
    right = transpose(b, over_b + columns).reshape((count, wide))
    return asarray(matmul(left, right)).reshape(tuple(shape))


def kron(a, b):
    a, b = asarray(a), asarray(b)
    rank = a.ndim if a.ndim > b.ndim else b.ndim
    if rank == 0:
        return ufunc("multiply", a, b)
    a, b = array(a, ndmin=rank, copy=False), array(b, ndmin=rank, copy=False)
    left, right, shape = [], [], []
    for m, n in zip(a.shape, b.shape):
        left += [m, 1]
        right += [1, n]
        shape.append(m * n)
    return ufunc("multiply", a.reshape(tuple(left)), b.reshape(tuple(right))).reshape(tuple(shape))


def cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = asarray(a), asarray(b)
    if a.ndim < 1 or b.ndim < 1:
        raise ValueError("At least one array has zero dimension")
    a = moveaxis(a, axis_of(axisa, a.ndim), -1)
    b = moveaxis(b, axis_of(axisb, b.ndim), -1)
    if a.shape[-1] not in (2, 3) or b.shape[-1] not in (2, 3):
        raise ValueError("incompatible dimensions for cross product\n(dimension must be 2 or 3)")
    x1, y1, x2, y2 = a[..., 0], a[..., 1], b[..., 0], b[..., 1]
    flat = x1 * y2 - y1 * x2
    if a.shape[-1] == 2 and b.shape[-1] == 2:
        return asarray(flat)
    z1 = a[..., 2] if a.shape[-1] == 3 else zeros_like(x1)
    z2 = b[..., 2] if b.shape[-1] == 3 else zeros_like(x2)
    made = stack((y1 * z2 - z1 * y2, z1 * x2 - x1 * z2, flat), -1)
    return made if axisc == -1 else moveaxis(made, -1, axisc)

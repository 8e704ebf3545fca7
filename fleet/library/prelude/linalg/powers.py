"""Powers and products of matrices, and functions that numpy has too."""

from primitives import is_known, is_whole, matmul, whole


def matrix_power(a, n):
    a = asarray(a)
    if a.ndim < 2:
        raise linalg.LinAlgError(
            f"{a.ndim}-dimensional array given. Array must be at least two-dimensional"
        )
    if a.shape[-1] != a.shape[-2]:
        raise linalg.LinAlgError("Last 2 dimensions of the array must be square")
    if not is_whole(n):
        raise TypeError("exponent must be an integer")
    n = whole(n)
    if not is_known(n):
        return running_power(a, n)
    if n == 0:
        return identities_like(a)
    if n < 0:
        return matrix_power(inv(a), -n)
    return power_of(a, n)


def identities_like(a):
    """An identity matrix for each matrix of a."""
    return copy_array(broadcast_to(eye(a.shape[-1], dtype=a.dtype), a.shape))


def power_of(a, n):
    """By squaring: n is known."""
    if n == 1:
        return a
    if n == 3:
        return matmul(matmul(a, a), a)
    half = power_of(a, n // 2)
    whole = matmul(half, half)
    return matmul(whole, a) if n % 2 else whole


def running_power(a, n):
    """By squaring: n is known at run time only."""
    if n == 0:
        return identities_like(a)
    if n < 0:
        return positive_power(inv(a), -n)
    return positive_power(a, n)


def positive_power(a, n):
    while n % 2 == 0:
        a, n = matmul(a, a), n // 2
    made, n = a, n // 2
    while n > 0:
        a = matmul(a, a)
        if n % 2:
            made = matmul(made, a)
        n = n // 2
    return made


def multi_dot(arrays, *, out=None):
    no_out(out)
    arrays = [asarray(a) for a in arrays]
    if len(arrays) < 2:
        raise ValueError("Expecting at least two arrays.")
    first, last = arrays[0].ndim, arrays[-1].ndim
    arrays[0] = atleast_2d(arrays[0])
    arrays[-1] = arrays[-1][:, None] if last == 1 else arrays[-1]
    for a in arrays:
        if a.ndim != 2:
            raise linalg.LinAlgError(
                f"{a.ndim}-dimensional array given. Array must be two-dimensional"
            )
    made = product_of(arrays)
    if first == 1 and last == 1:
        return made[0, 0]
    return ravel(made) if first == 1 or last == 1 else made


def product_of(arrays):
    """In the order that takes the fewest multiplications, where the sizes are known."""
    if len(arrays) == 1:
        return arrays[0]
    if len(arrays) == 2:
        return dot(arrays[0], arrays[1])
    at = 1
    sizes = [a.shape[0] for a in arrays] + [arrays[-1].shape[1]]
    if is_known(sizes):
        at = best_split(sizes)
    return dot(product_of(arrays[:at]), product_of(arrays[at:]))


def best_split(sizes):
    costs = [cheapest(sizes[: at + 1]) + cheapest(sizes[at:]) + sizes[0] * sizes[at] * sizes[-1]
             for at, _ in enumerate(sizes) if 0 < at < len(sizes) - 1]  # fmt: skip
    return costs.index(sorted(costs)[0]) + 1


def cheapest(sizes):
    if len(sizes) < 3:
        return 0
    at = best_split(sizes)
    ends = sizes[0] * sizes[at] * sizes[-1]
    return cheapest(sizes[: at + 1]) + cheapest(sizes[at:]) + ends


def linalg_outer(x1, x2, /):
    x1, x2 = asarray(x1), asarray(x2)
    if x1.ndim != 1 or x2.ndim != 1:
        raise ValueError(
            "Input arrays must be one-dimensional, but they are "
            f"x1.ndim={x1.ndim} and x2.ndim={x2.ndim}."
        )
    return outer(x1, x2)


def linalg_cross(x1, x2, /, *, axis=-1):
    x1, x2 = asarray(x1), asarray(x2)
    if x1.shape[axis] != 3 or x2.shape[axis] != 3:
        raise ValueError(
            "Both input arrays must be (arrays of) 3-dimensional vectors, but they are "
            f"{x1.shape[axis]} and {x2.shape[axis]} dimensional instead."
        )
    return cross(x1, x2, axis=axis)


def linalg_matmul(x1, x2, /):
    return matmul(x1, x2)


def linalg_vecdot(x1, x2, /, *, axis=-1):
    return vecdot(x1, x2, axis=axis)


def linalg_tensordot(x1, x2, /, *, axes=2):
    return tensordot(x1, x2, axes)


def linalg_matrix_transpose(x, /):
    return matrix_transpose(x)


def linalg_diagonal(x, /, *, offset=0):
    return diagonal(x, offset, -2, -1)


def linalg_trace(x, /, *, offset=0, dtype=None):
    return trace(x, offset, -2, -1, dtype)

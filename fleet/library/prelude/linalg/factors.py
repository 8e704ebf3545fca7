"""LU and Cholesky factors, and what is solved with them.

Each is a loop nest over numbers (Golub and Van Loan, Matrix Computations), so it becomes a kernel.
"""

from collections import namedtuple

from primitives import cast, dtype_of, of_parts, part, result_type, ufunc


def lu_of(a):
    """P A = L U in place, by rows with partial pivoting.

    a: (count, n, n), overwritten. Gives (row order, sign of the permutation, whether a pivot is 0).
    """
    count, n = a.shape[0], a.shape[-1]
    order = zeros((count, n), int)
    signs = ones((count,), dtype_of(a))
    failed = zeros((count,), bool)
    for b in range(count):
        for i in range(n):
            order[b, i] = i
        for k in range(n):
            at, best = k, abs(a[b, k, k])
            for i in range(k + 1, n):
                size = abs(a[b, i, k])
                if size > best:
                    at, best = i, size
            if at != k:
                signs[b] = -signs[b]
                row = order[b, k]
                order[b, k] = order[b, at]
                order[b, at] = row
                for j in range(n):
                    value = a[b, k, j]
                    a[b, k, j] = a[b, at, j]
                    a[b, at, j] = value
            pivot = a[b, k, k]
            if pivot == 0:
                failed[b] = True
            else:
                for i in range(k + 1, n):
                    factor = a[b, i, k] / pivot
                    a[b, i, k] = factor
                    for j in range(k + 1, n):
                        a[b, i, j] = a[b, i, j] - factor * a[b, k, j]
    return order, signs, failed


def solve_lu(a, order, right):
    """The solutions of L U x = P right. right: (count, n, columns)."""
    count, n, columns = right.shape
    x = zeros_like(right)
    for b in range(count):
        for i in range(n):
            row = order[b, i]
            for c in range(columns):
                x[b, i, c] = right[b, row, c]
            for k in range(i):
                factor = a[b, i, k]
                for c in range(columns):
                    x[b, i, c] = x[b, i, c] - factor * x[b, k, c]
        for down in range(n):
            i = n - 1 - down
            for k in range(i + 1, n):
                factor = a[b, i, k]
                for c in range(columns):
                    x[b, i, c] = x[b, i, c] - factor * x[b, k, c]
            pivot = a[b, i, i]
            for c in range(columns):
                x[b, i, c] = x[b, i, c] / pivot
    return x


def solve(a, b):
    a, b = matrices(a, True), asarray(b)
    vector = b.ndim == 1
    b = b[:, None] if vector else b
    if b.ndim < 2:
        raise linalg.LinAlgError(
            f"{b.ndim}-dimensional array given. Array must be at least two-dimensional"
        )
    if a.shape[-1] != b.shape[-2]:
        names = "(m,m),(m)->(m)" if vector else "(m,m),(m,n)->(m,n)"
        raise ValueError(
            f"solve{'1' if vector else ''}: Input operand 1 has a mismatch in its core dimension "
            f"0, with gufunc signature {names} (size {b.shape[-2]} is different from {a.shape[-1]})"
        )
    dtype = result_type(a, as_floats(b))
    if dtype.kind == "c":
        x = solved_by_parts(cast(a, dtype), cast(b, dtype))
        return x[..., 0] if vector else x
    outer = broadcast_shapes(a.shape[:-2], b.shape[:-2])
    lower, _ = stacked(broadcast_to(cast(a, dtype), (*outer, *a.shape[-2:])))
    right, _ = stacked(broadcast_to(cast(b, dtype), (*outer, *b.shape[-2:])))
    order, _, failed = lu_of(lower)
    if any(failed):
        raise linalg.LinAlgError("Singular matrix")
    x = copy_array(solve_lu(lower, order, right).reshape((*outer, *b.shape[-2:])))
    return x[..., 0] if vector else x


def solved_by_parts(a, b):
    """A complex system as a real one of twice the size."""
    upper = concatenate([part("real", a), -part("imag", a)], -1)
    lower = concatenate([part("imag", a), part("real", a)], -1)
    right = concatenate([part("real", b), part("imag", b)], -2)
    x = solve(concatenate([upper, lower], -2), right)
    n = a.shape[-1]
    return of_parts(x[..., :n, :], x[..., n:, :])


def inv(a):
    a = matrices(a, True)
    if dtype_of(a).kind == "c":
        return solved_by_parts(a, broadcast_to(eye(a.shape[-1], dtype=dtype_of(a)), a.shape))
    lower, outer = stacked(a)
    order, _, failed = lu_of(lower)
    if any(failed):
        raise linalg.LinAlgError("Singular matrix")
    n = a.shape[-1]
    right = copy_array(broadcast_to(eye(n, dtype=dtype_of(a)), (lower.shape[0], n, n)))
    return copy_array(solve_lu(lower, order, right).reshape(a.shape))


def slogdet(a):
    a = matrices(a, True)
    lower, outer = stacked(a)
    _, signs, failed = lu_of(lower)
    sides = signs * prod(sign(diagonal(lower, 0, 1, 2)), -1)
    sizes = sum(ufunc("log", ufunc("absolute", diagonal(lower, 0, 1, 2))), -1)
    sides = where(failed, cast(asarray(0), dtype_of(a)), sides)
    sizes = where(failed, cast(asarray(-inf), dtype_of(sizes)), sizes)
    return SlogdetResult(sides.reshape(outer)[()], sizes.reshape(outer)[()])


SlogdetResult = namedtuple("SlogdetResult", "sign logabsdet")


def det(a):
    side, size = slogdet(a)
    return side * ufunc("exp", size)


def cholesky(a, /, *, upper=False):
    a = matrices(a, True)
    made, outer = stacked(adjoint(a) if upper else a)
    if any(cholesky_in_place(made)):
        raise linalg.LinAlgError("Matrix is not positive definite")
    made = copy_array(made.reshape(a.shape))
    return adjoint(made) if upper else made


def cholesky_in_place(a):
    """The lower factor of each matrix, and whether there is none. a: (count, n, n)."""
    count, n = a.shape[0], a.shape[-1]
    failed = zeros((count,), bool)
    for b in range(count):
        for j in range(n):
            total = real_of(a[b, j, j])
            for k in range(j):
                total = total - square_of(a[b, j, k])
            if not total > 0:
                failed[b] = True
                total = total * 0 + 1
            pivot = sqrt(total)
            a[b, j, j] = pivot
            for i in range(j + 1, n):
                value = a[b, i, j]
                for k in range(j):
                    value = value - a[b, i, k] * method_conj(a[b, j, k])
                a[b, i, j] = value / pivot
                a[b, j, i] = total * 0
    return failed


def tensorsolve(a, b, axes=None):
    a, b = asarray(a), asarray(b)
    if axes is not None:
        order = [k for k in range(a.ndim) if k not in axes] + list(axes)
        a = transpose(a, order)
    shape = a.shape[b.ndim :]
    count = elements_of(shape)
    if a.size != count * count:
        raise linalg.LinAlgError(
            "Input arrays must satisfy the requirement             "
            "prod(a.shape[b.ndim:]) == prod(a.shape[:b.ndim])"
        )
    return solve(a.reshape((count, count)), ravel(b)).reshape(shape)


def tensorinv(a, ind=2):
    a = asarray(a)
    if ind <= 0:
        raise ValueError("Invalid ind argument.")
    return inv(a.reshape((elements_of(a.shape[ind:]), -1))).reshape(a.shape[ind:] + a.shape[:ind])

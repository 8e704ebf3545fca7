"""What singular values give: rank, condition, pseudo-inverse, least squares."""

from primitives import cast, dtype_of, larger, result_type, ufunc


def matrix_rank(A, tol=None, hermitian=False, *, rtol=None):
    if tol is not None and rtol is not None:
        raise ValueError("`tol` and `rtol` can't be both set.")
    A = asarray(A)
    if A.ndim < 2:
        return int(not all(ufunc("equal", A, 0)))
    s = svd(A, compute_uv=False, hermitian=hermitian)
    if tol is None:
        if rtol is None:
            rtol = larger(A.shape[-2], A.shape[-1]) * finfo(dtype_of(s)).eps
        tol = max(s, -1, keepdims=True) * asarray(rtol)[..., None]
    else:
        tol = asarray(tol)[..., None]
    return count_nonzero(ufunc("greater", s, tol), axis=-1)


def cond(x, p=None):
    x = asarray(x)
    if x.ndim < 2:
        raise linalg.LinAlgError(
            f"{x.ndim}-dimensional array given. Array must be at least two-dimensional"
        )
    if p is None or p == 2 or p == -2:
        s = svd(x, compute_uv=False)
        return s[..., -1] / s[..., 0] if p == -2 else s[..., 0] / s[..., -1]
    return norm(x, p, (-2, -1)) * norm(inv(x), p, (-2, -1))


def pinv(a, rcond=None, hermitian=False, *, rtol=None):
    a = matrices(a)
    if rcond is None:
        rcond = rtol
    if rcond is None:
        rcond = larger(a.shape[-2], a.shape[-1]) * finfo(dtype_of(a)).eps
    u, s, vt = svd(a, False, True, hermitian)
    cutoff = asarray(rcond)[..., None] * max(s, -1, keepdims=True)
    large = ufunc("greater", s, cutoff)
    s = where(large, ufunc("divide", 1, where(large, s, cast(asarray(1), dtype_of(s)))), 0)
    s = cast(s, real_dtype_of(a))
    return matmul(adjoint(vt), s[..., None] * adjoint(u))


def lstsq(a, b, rcond=None):
    a, b = matrices(a), asarray(b)
    vector = b.ndim == 1
    b = b[:, None] if vector else b
    if a.ndim != 2 or b.ndim != 2:
        raise linalg.LinAlgError(
            f"{a.ndim if a.ndim != 2 else b.ndim}-dimensional array given. Array must be "
            "two-dimensional"
        )
    m, n = a.shape
    if m != b.shape[0]:
        raise linalg.LinAlgError("Incompatible dimensions")
    dtype = result_type(a, as_floats(b))
    a, b = cast(a, dtype), cast(b, dtype)
    if rcond is None:
        rcond = finfo(dtype).eps * larger(m, n)
    u, s, vt = svd(a, False)
    large = ufunc("greater", s, rcond * s[0])
    rank = sum(large)
    turned = matmul(adjoint(u), b)
    kept = where(large, s, cast(asarray(1), dtype_of(s)))
    scaled = where(large[:, None], turned / kept[:, None], 0)
    x = matmul(adjoint(vt), cast(scaled, dtype))
    rest = b - matmul(a, x)
    residuals = sum(square_of(rest), 0)
    if m <= n or rank != n:
        residuals = residuals[:0]
    return (x[:, 0] if vector else x), residuals, int32(rank), s

"""Whether arrays are equal, exactly or nearly."""

from primitives import asarray as asarray_
from primitives import cast, dtype_of, have_texts, result_type, ufunc


def isclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    a, b = asarray_(a), asarray_(b)
    if dtype_of(b).kind in "iub":
        b = cast(b, result_type(dtype_of(b), 1.0))
    near = ufunc("less_equal", ufunc("absolute", a - b), atol + rtol * ufunc("absolute", b))
    made = logical_or(logical_and(near, isfinite(b)), ufunc("equal", a, b))
    return logical_or(made, logical_and(isnan(a), isnan(b))) if equal_nan else made


def allclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    return bool(all(isclose(a, b, rtol, atol, equal_nan)))


def array_equal(a1, a2, equal_nan=False):
    a1, a2 = asarray(a1), asarray(a2)
    if a1.ndim != a2.ndim:
        return False
    for here, there in zip(a1.shape, a2.shape):
        if here != there:
            return False
    if have_texts(a1, a2):
        return bool(all(a1 == a2))
    same = ufunc("equal", a1, a2)
    if equal_nan:
        same = logical_or(same, logical_and(isnan(a1), isnan(a2)))
    return bool(all(same))


def array_equiv(a1, a2):
    a1, a2 = asarray(a1), asarray(a2)
    rank = a1.ndim if a1.ndim > a2.ndim else a2.ndim
    here, there = (1,) * (rank - a1.ndim) + a1.shape, (1,) * (rank - a2.ndim) + a2.shape
    for m, n in zip(here, there):
        if m != n and m != 1 and n != 1:
            return False
    return bool(all(ufunc("equal", a1, a2)))

"""Element-wise functions beyond the primitive ones, and products."""

from primitives import asarray as asarray_
from primitives import axis_of, cast, dtype_of, loop_of, matmul, ufunc
from primitives import where as where_


def where(condition, x=None, y=None):
    if x is None or y is None:
        unsupported("np.where with one argument")
    return where_(condition, x, y)


def square(x):
    x = cast_to_loop("square", x)
    return ufunc("multiply", x, x)


def cast_to_loop(name, x):
    """An operand in the dtype that NumPy's function of this name computes in."""
    x = asarray_(x)
    dtype = loop_of(name, x)
    return x if dtype_of(x) == dtype else cast(x, dtype)


def reciprocal(x):
    x = cast_to_loop("reciprocal", x)
    return ufunc("divide" if dtype_of(x).kind == "f" else "floor_divide", 1, x)


def positive(x):
    return +cast_to_loop("positive", x)


def exp2(x):
    return ufunc("power", 2.0, cast_to_loop("exp2", x))


def cbrt(x):
    x = cast_to_loop("cbrt", x)
    return sign(x) * ufunc("power", ufunc("absolute", x), 1 / 3)


def sign(x):
    x = cast_to_loop("sign", x)
    up = cast(ufunc("greater", x, 0), dtype_of(x))
    down = cast(ufunc("less", x, 0), dtype_of(x))
    return where_(isnan(x), x, up - down) if dtype_of(x).kind == "f" else up - down


def isnan(x):
    return ufunc("isnan", x)


def isfinite(x):
    x = asarray_(x)
    if dtype_of(x).kind != "f":
        return ufunc("equal", x, x)
    return ufunc("less", ufunc("absolute", x), float("inf"))


def isinf(x):
    x = asarray_(x)
    if dtype_of(x).kind != "f":
        return ufunc("not_equal", x, x)
    return ufunc("equal", ufunc("absolute", x), float("inf"))


def truth_of(x):
    x = asarray_(x)
    return x if dtype_of(x) == "bool" else ufunc("not_equal", x, 0)


def logical_and(x1, x2):
    return ufunc("bitwise_and", truth_of(x1), truth_of(x2))


def logical_or(x1, x2):
    return ufunc("bitwise_or", truth_of(x1), truth_of(x2))


def logical_xor(x1, x2):
    return ufunc("bitwise_xor", truth_of(x1), truth_of(x2))


def logical_not(x):
    return ufunc("logical_not", truth_of(x))


def clip(a, a_min=None, a_max=None, out=None, *, min=None, max=None):
    no_out(out)
    low = a_min if min is None else min
    high = a_max if max is None else max
    made = a
    if low is not None:
        made = ufunc("maximum", made, low)
    if high is not None:
        made = ufunc("minimum", made, high)
    return made


def hypot(x1, x2):
    dtype = loop_of("hypot", x1, x2)
    return ufunc("sqrt", square(cast(asarray_(x1), dtype)) + square(cast(asarray_(x2), dtype)))


def tan(x):
    x = cast_to_loop("tan", x)
    return ufunc("divide", ufunc("sin", x), ufunc("cos", x))


def sinh(x):
    x = cast_to_loop("sinh", x)
    return (ufunc("exp", x) - ufunc("exp", -x)) / 2


def cosh(x):
    x = cast_to_loop("cosh", x)
    return (ufunc("exp", x) + ufunc("exp", -x)) / 2


def degrees(x):
    return ufunc("multiply", x, 180.0 / 3.141592653589793)


def radians(x):
    return ufunc("multiply", x, 3.141592653589793 / 180.0)


def logaddexp(x1, x2):
    dtype = loop_of("logaddexp", x1, x2)
    high = cast(ufunc("maximum", x1, x2), dtype)
    low = cast(ufunc("minimum", x1, x2), dtype)
    return high + ufunc("log1p", ufunc("exp", low - high))


def round(a, decimals=0, out=None):
    no_out(out)
    a = asarray_(a)
    if dtype_of(a).kind in "iu" and decimals >= 0:
        return a
    if decimals == 0:
        return ufunc("rint", a)
    if decimals > 0:
        scale = 10.0**decimals
        return ufunc("divide", ufunc("rint", ufunc("multiply", a, scale)), scale)
    scale = 10.0**-decimals
    return ufunc("multiply", ufunc("rint", ufunc("divide", a, scale)), scale)


def isclose(a, b, rtol=1e-05, atol=1e-08):
    a, b = asarray_(a), asarray_(b)
    near = ufunc("less_equal", ufunc("absolute", a - b), atol + rtol * ufunc("absolute", b))
    return logical_or(logical_and(near, isfinite(b)), ufunc("equal", a, b))


def allclose(a, b, rtol=1e-05, atol=1e-08):
    return bool(all(isclose(a, b, rtol, atol)))


def array_equal(a1, a2):
    a1, a2 = asarray_(a1), asarray_(a2)
    if a1.ndim != a2.ndim:
        return False
    for here, there in zip(a1.shape, a2.shape):
        if here != there:
            return False
    return bool(all(ufunc("equal", a1, a2)))


def dot(a, b, out=None):
    no_out(out)
    a, b = asarray_(a), asarray_(b)
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


def vdot(a, b):
    return matmul(ravel(a), ravel(b))


def inner(a, b):
    a, b = asarray_(a), asarray_(b)
    if a.ndim == 0 or b.ndim == 0:
        return ufunc("multiply", a, b)
    return dot(a, swapaxes(b, -1, -2)) if b.ndim > 1 else matmul(a, b)


def outer(a, b):
    return ufunc("multiply", ravel(a)[:, None], ravel(b)[None, :])


def diff(a, n=1, axis=-1):
    a = asarray_(a)
    axis = axis_of(axis, a.ndim)
    before = (slice(None),) * axis
    for _ in range(n):
        a = a[(*before, slice(1, None))] - a[(*before, slice(None, -1))]
    return a


def nan_to_num(x, nan=0.0):
    x = asarray_(x)
    return where_(isnan(x), cast(asarray_(nan), dtype_of(x)), x)

"""The parts of complex numbers, and questions about them."""

from primitives import asarray as asarray_
from primitives import dtype_of, of_parts, part, ufunc
from primitives import where as where_


def real(val):
    return val.real if isinstance(val, (int, float, complex)) else part("real", val)


def imag(val):
    return val.imag if isinstance(val, (int, float, complex)) else part("imag", val)


def method_conj(a):
    return ufunc("conjugate", a) if dtype_of(a).kind == "c" else a


def angle(z, deg=False):
    z = asarray_(z)
    if dtype_of(z).kind == "c":
        zimag, zreal = part("imag", z), part("real", z)
    else:
        zimag, zreal = 0, z
    a = ufunc("arctan2", zimag, zreal)
    return ufunc("multiply", a, 57.29577951308232) if deg else a


def iscomplexobj(x):
    return dtype_of(asarray_(x)).kind == "c"


def isrealobj(x):
    return not iscomplexobj(x)


def iscomplex(x):
    return ufunc("not_equal", part("imag", asarray_(x)), 0)


def isreal(x):
    return imag(x) == 0


def complex_reciprocal(x):
    """1 / x: divided by the larger part first."""
    re, im = part("real", x), part("imag", x)
    wide = ufunc("less_equal", ufunc("absolute", im), ufunc("absolute", re))
    top, low = where_(wide, re, im), where_(wide, im, re)
    ratio = low / top
    size = top + low * ratio
    return of_parts(
        where_(wide, 1 / size, ratio / size), where_(wide, -ratio / size, -1 / size)
    )


def complex_sign(x):
    """A number of size 1 in the same direction; of an infinite part, the sign of that."""
    re, im = part("real", x), part("imag", x)
    size = ufunc("hypot", re, im)
    empty = ufunc("equal", size, 0)
    endless = ufunc("equal", size, float("inf"))
    divisor = where_(empty, 1, size)
    both = ufunc("bitwise_and", isinf(re), isinf(im))
    lost = ufunc("bitwise_or", both, isnan(size))
    parts = [
        where_(lost, float("nan"), where_(endless, sign(where_(isinf(one), one, 0)), one / divisor))
        for one in (re, im)
    ]
    return of_parts(*[where_(empty, 0.0, made) for made in parts])


def sort_complex(a):
    made = sort(asarray_(a))
    if dtype_of(made).kind == "c":
        return made
    small = dtype_of(made).kind in "iu" and dtype_of(made).itemsize <= 2
    return made.astype("complex64" if small else "complex128")


def real_if_close(a, tol=100):
    a = asarray_(a)
    if dtype_of(a).kind != "c":
        return a
    if tol > 1:
        tol = finfo(dtype_of(a)).eps * tol
    is_small = all(ufunc("less", ufunc("absolute", part("imag", a)), tol))
    return part("real", a) if is_small else a


def common_type(*arrays):
    precision, is_complex = "float16", False
    for a in arrays:
        dtype = a.dtype
        if dtype.kind == "c":
            is_complex = True
        if dtype.kind in "iu":
            dtype = dtype_of(zeros(0))
        elif dtype.kind not in "fc":
            raise TypeError("can't get common type for non-numeric array")
        size = dtype.itemsize // (2 if dtype.kind == "c" else 1)
        precision = {2: precision, 4: "float32" if precision == "float16" else precision}.get(
            size, "float64")  # fmt: skip
    if is_complex:
        return complex128 if precision == "float64" else complex64
    return {"float16": float16, "float32": float32, "float64": float64}[precision]

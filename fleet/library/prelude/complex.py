"""The parts of complex numbers, and questions about them."""

from primitives import asarray as asarray_
from primitives import cast, dtype_of, part, ufunc


def real(val):
    return part("real", val)


def imag(val):
    return part("imag", val)


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
    return ufunc("equal", part("imag", asarray_(x)), 0)

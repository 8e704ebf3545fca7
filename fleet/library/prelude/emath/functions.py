"""Functions of numbers outside their domain: what is real becomes complex where one of them is."""

from primitives import dtype_of


def as_complex(x):
    small = ("float32", "int8", "uint8", "int16", "uint16")
    return x.astype("complex64" if dtype_of(x) in small else "complex128")


def complex_if(outside, x):
    """x, or its numbers as complex ones where one of them is outside."""
    return as_complex(x) if any(outside) else x


def real_if_not_negative(x):
    x = asarray(x)
    return x if dtype_of(x).kind == "c" else complex_if(less(x, 0), x)


def real_if_at_most_one(x):
    x = asarray(x)
    return x if dtype_of(x).kind == "c" else complex_if(greater(absolute(x), 1), x)


def emath_sqrt(x):
    return sqrt(real_if_not_negative(x))


def emath_log(x):
    return log(real_if_not_negative(x))


def emath_log10(x):
    return log10(real_if_not_negative(x))


def emath_log2(x):
    return log2(real_if_not_negative(x))


def emath_logn(n, x):
    return log(real_if_not_negative(x)) / log(real_if_not_negative(n))


def emath_power(x, p):
    x, p = real_if_not_negative(x), asarray(p)
    if dtype_of(p).kind in "iu" and any(less(p, 0)):
        p = p * 1.0
    return power(x, p)


def emath_arccos(x):
    return arccos(real_if_at_most_one(x))


def emath_arcsin(x):
    return arcsin(real_if_at_most_one(x))


def emath_arctanh(x):
    return arctanh(real_if_at_most_one(x))

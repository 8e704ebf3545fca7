"""Draws of counts with chances that fall as powers or geometrically: Zipf's and logarithmic series.

Both reject pairs of uniform numbers, as NumPy's C code does (Devroye 1986, X.6; Kemp 1981), so they
give its stream.
"""

import numpy as np
from primitives import item


def zipf(state, a, size=None):
    a = floats(a)
    if not np.all(a > 1.0):
        raise ValueError(f"a <= 1 or a {'is NaN' if is_scalar_like(a) else 'contains NaNs'}")
    return drawn(state, next_zipf, size, a, kind=np.int64)


def next_zipf(state, a):
    below = a - 1.0
    b, least = raised(2.0, below), raised(MOST, -below)
    count = later(1 if a >= 1025.0 else 0)
    while count == 0:
        u = next_double(state)
        u = 1.0 - u if is_legacy(state) else u * least + (1.0 - u)
        v = next_double(state)
        x = item(np.floor(raised(u, -1.0 / below)))
        if x >= 1.0 and x < MOST:
            t = raised(1.0 + 1.0 / x, below)
            if quotient(v * x * (t - 1.0), b - 1.0) <= t / b:
                count = int(x)
    return count


MOST = 9223372036854775807.0


def logseries(state, p, size=None):
    p = floats(p)
    if not np.all((p >= 0.0) & (p < 1.0)):
        nan = "is NaN" if is_scalar_like(p) else "contains NaNs"
        raise ValueError(f"p < 0, p >= 1 or p {nan}")
    return drawn(state, next_in_series, size, p, kind=np.int64)


def next_in_series(state, p):
    r = ln(1.0 - p) if is_legacy(state) else ln1p(-p)
    count = later(0)
    while count == 0:
        v = next_double(state)
        if v >= p:
            count = later(1)
        else:
            u = next_double(state)
            q = 1.0 - e_to(r * u) if is_legacy(state) else -item(np.expm1(r * u))
            if v > q * q:
                count = later(1 if v >= q else 2)
            elif v > 0.0:
                x = item(np.floor(1.0 + quotient(ln(v), ln(q))))
                if x >= 1.0:
                    count = int(x)
    return count

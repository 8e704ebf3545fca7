"""Sums, products, quotients, derivatives and integrals of polynomials, by their coefficients."""

from primitives import dtype_of, is_known, known, larger, result_type

polyzero = array([0])
polyone = array([1])
polyx = array([0, 1])
polydomain = array([-1.0, 1.0])


def series_of(*given, trim=True):
    """Arrays of coefficients in the dtype that all of them fit into, without zeros at the end."""
    made = [atleast_1d(one) for one in given]
    for one in made:
        if one.ndim != 1:
            raise ValueError("Coefficient array is not 1-d")
        if is_known(one.shape[0]) and one.shape[0] == 0:
            raise ValueError("Coefficient array is empty")
    kind = result_type(1.0, *[dtype_of(one) for one in made])
    kind = kind if kind in ("float32", "complex64") else (
        "complex128" if kind.kind == "c" else "float64")
    made = [copy_array(cast_if(one, kind)) for one in made]
    return [without_zeros(one) for one in made] if trim else made


def without_zeros(c):
    """Coefficients up to the last that is not zero, one at least."""
    n = c.shape[0]
    if is_known(c):
        return array(known("polynomial.polyutils.trimseq", c))
    there = not_equal(c, 0)
    stop = n - int(argmax(there[::-1])) if any(there) else 1
    return c[:stop]


def polyline(off, scl):
    return array([off, scl]) if scl != 0 else array([off])


def power_series_polyadd(c1, c2):
    left, right = series_of(c1, c2)
    return without_zeros(longer(left, right) + longer(right, left))


def longer(c, other):
    """Coefficients, with zeros up to as many as the other has."""
    return concatenate((c, zeros((larger(other.shape[0] - c.shape[0], 0),), dtype_of(c))))


def power_series_polysub(c1, c2):
    left, right = series_of(c1, c2)
    return without_zeros(longer(left, right) - longer(right, left))


def polymulx(c):
    (c,) = series_of(c)
    if c.shape[0] == 1 and c[0] == 0:
        return c
    return concatenate((c[:1] * 0, c))


def power_series_polymul(c1, c2):
    left, right = series_of(c1, c2)
    return without_zeros(convolve(left, right))


def power_series_polydiv(c1, c2):
    rest, divisor = series_of(c1, c2)
    if divisor[-1] == 0:
        raise ZeroDivisionError
    m, n = rest.shape[0], divisor.shape[0]
    if m < n:
        return rest[:1] * 0, rest
    if n == 1:
        return rest / divisor[-1], rest[:1] * 0
    scale = divisor[-1]
    divisor = divisor[:-1] / scale
    for k in range(m - n, -1, -1):
        top = k + n - 1
        rest[k:top] = rest[k:top] - divisor * rest[top]
    return rest[n - 1 :] / scale, without_zeros(rest[: n - 1])


def polypow(c, pow, maxpower=None):
    (c,) = series_of(c)
    power = int(pow)
    if power != pow or power < 0:
        raise ValueError("Power must be a non-negative integer.")
    if maxpower is not None and power > maxpower:
        raise ValueError("Power is too large")
    if power == 0:
        return ones((1,), dtype_of(c))
    made = c
    for _ in range(1, power):
        made = convolve(made, c)
    return made


def inexact_copy(c, axis):
    """New coefficients along the first axis, floats at least."""
    c = array(c, ndmin=1)
    return moveaxis(c + 0.0 if dtype_of(c).kind in "biu" else c, axis, 0)


def power_series_polyder(c, m=1, scl=1, axis=0):
    c, count = inexact_copy(c, axis), int(m)
    if count < 0:
        raise ValueError("The order of derivation must be non-negative")
    if count >= c.shape[0]:
        return moveaxis(c[:1] * 0, 0, axis)
    for _ in "." * count:
        n = c.shape[0] - 1
        c = (c * scl)[1:] * along_first(arange(1, n + 1), c)
    return moveaxis(c, 0, axis)


def along_first(numbers, c):
    """A number for each of the coefficients."""
    return numbers.reshape((numbers.shape[0],) + (1,) * (c.ndim - 1))


def power_series_polyint(c, m=1, k=(), lbnd=0, scl=1, axis=0):
    c, count = inexact_copy(c, axis), int(m)
    k = list(k) if iterable(k) else [k]
    if count < 0:
        raise ValueError("The order of integration must be non-negative")
    if len(k) > count:
        raise ValueError("Too many integration constants")
    if ndim(lbnd) != 0:
        raise ValueError("lbnd must be a scalar.")
    if ndim(scl) != 0:
        raise ValueError("scl must be a scalar.")
    k = k + [0] * (count - len(k))
    for constant in k:
        c = c * scl
        n = c.shape[0]
        if n == 1 and all(c[0] == 0):
            c = c + constant
        else:
            made = concatenate((c[:1] * 0, c / along_first(arange(1, n + 1), c)))
            made[0] = made[0] + (constant - power_series_polyval(lbnd, made))
            c = made
    return moveaxis(c, 0, axis)


def polytrim(c, tol=0):
    if tol < 0:
        raise ValueError("tol must be non-negative")
    (c,) = series_of(c)
    places = nonzero(abs(c) > tol)[0]
    if places.shape[0] == 0:
        return c[:1] * 0
    return copy_array(c[: int(places[-1]) + 1])

"""Series in the polynomials of a family that a recurrence defines: what all of them have in common.

In: coefficients, and what one family does otherwise than another. Out: values, products, roots, as
NumPy's modules have them, in its order of operations. The one idea: a family is a few functions:
how a value goes up one degree (Clenshaw, 1955), what x times a series is, and the derivative's and
integral's coefficients.
"""

from primitives import dtype_of, is_known, known, larger, whole


def family_value(x, c, tensor, first, down, up):
    """first(x): the polynomial of degree 1; down, up: what the sums of the two last become."""
    c = array(c, ndmin=1)
    c = c + 0.0 if dtype_of(c).kind in "biu" else c
    x = asarray(x) if isinstance(x, (tuple, list)) else x
    if isinstance(x, ndarray) and tensor:
        c = c.reshape(c.shape + (1,) * x.ndim)
    n = c.shape[0]
    if isinstance(x, Series):
        lower, upper = c[larger(n - 2, 0) :][:1], c[n - 1 :] * (1 if n > 1 else 0)
        for i in range(3, n + 1):
            last, nd = x._like(upper), n - i + 2
            upper = (x._like(lower) + up(last, x, nd)).coef
            lower = (c[n - i] - down(last, nd)).coef
        return x._like(lower) + x._like(upper) * first(x)
    if is_known(n) and n < 3:
        return c[0] + (c[1] if n == 2 else 0) * first(x)
    zero = zeros(shape(x), dtype_of(c))[()]
    lower, upper = c[larger(n - 2, 0)] + zero, (c[n - 1] if n > 1 else c[0] * 0) + zero
    lower, upper = lower + 0 * upper * zero, upper + 0 * lower * zero
    if dtype_of(asarray(x)).kind == "c":
        lower, upper = lower + 0j, upper + 0j
    for i in range(3, n + 1):
        nd = n - i + 2
        lower, upper = c[n - i] - down(upper, nd), lower + up(upper, x, nd)
    return lower + upper * first(x)


def family_values(value, c, *points):
    """Values at points whose coordinates are arrays of one shape."""
    points = [asarray(one) for one in points]
    for one in points:
        if one.shape != points[0].shape:
            names = "x, y" if len(points) == 2 else "x, y, z"
            raise ValueError(f"{names} are incompatible")
    c = value(points[0], c)
    for one in points[1:]:
        c = value(one, c, tensor=False)
    return c


def family_grid(value, c, *points):
    """Values at all points that have these coordinates."""
    for one in points:
        c = value(one, c)
    return c


def family_vander(x, deg, first, step):
    """step(before, last, x, i): the polynomial of degree i, of the two before it."""
    degree = whole(deg)
    if degree < 0:
        raise ValueError("deg must be non-negative")
    x = array(x, ndmin=1) + 0.0
    made = zeros((degree + 1, *x.shape), dtype_of(x))
    made[0] = x * 0 + 1
    if degree > 0:
        made[1] = first(x)
    for i in range(2, degree + 1):
        made[i] = step(made[i - 2], made[i - 1], x, i)
    return moveaxis(made, 0, -1)


def family_vanders(vander, points, deg):
    """Products of all pairs, or triples, of polynomials in several coordinates."""
    made = vander(points[0], deg[0])
    for i in range(1, len(points)):
        right = vander(points[i], deg[i])
        made = made[..., :, None] * right[..., None, :]
        made = made.reshape((*made.shape[:-2], -1))
    return made


def family_product(c1, c2, times_x, down, up, last):
    """Clenshaw's sums, with a series for x. last(upper): the upper sum times degree 1."""
    c1, c2 = series_of(c1, c2)
    c, other = (c2, c1) if c1.shape[0] > c2.shape[0] else (c1, c2)
    n = c.shape[0]
    lower, upper = c[larger(n - 2, 0)] * other, c[n - 1 :][:1] * 0
    if n > 1:
        upper = c[n - 1] * other
    for i in range(3, n + 1):
        nd = n - i + 2
        before = lower
        lower = power_series_polysub(c[n - i] * other, down(upper, nd))
        upper = power_series_polyadd(before, up(upper, times_x(upper), nd))
    return power_series_polyadd(lower, last(upper, times_x(upper)))


def family_quotient(product, c1, c2):
    rest, divisor = series_of(c1, c2)
    if divisor[-1] == 0:
        raise ZeroDivisionError
    m, n = rest.shape[0], divisor.shape[0]
    if m < n:
        return rest[:1] * 0, rest
    if n == 1:
        return rest / divisor[-1], rest[:1] * 0
    made = zeros((m - n + 1,), dtype_of(rest))
    for step in range(m - n + 1):
        i = m - n - step
        one = product([0] * i + [1], divisor)
        share = rest[-1] / one[-1]
        rest = rest[:-1] - share * one[:-1]
        made[i] = share
    return made, without_zeros(rest)


def family_power(product, c, pow, maxpower):
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
        made = product(made, c)
    return made


def family_derivative(c, m, scl, axis, lowered):
    """lowered(c, n): the n coefficients of the derivative; it may change c."""
    c, count = inexact_copy(c, axis), whole(m)
    if count < 0:
        raise ValueError("The order of derivation must be non-negative")
    if count >= c.shape[0]:
        return moveaxis(c[:1] * 0, 0, axis)
    for _ in "." * count:
        c = c * scl
        c = lowered(c, c.shape[0] - 1)
    return moveaxis(c, 0, axis)


def family_integral(c, m, k, lbnd, scl, axis, raised, value):
    """raised(c, n, made): puts the integral's coefficients into made, all zeros."""
    c, count = inexact_copy(c, axis), whole(m)
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
        if is_known(n) and n == 1 and all(c[0] == 0):
            c = c + constant
        else:
            made = zeros((n + 1, *c.shape[1:]), dtype_of(c))
            raised(c, n, made)
            made[0] = made[0] + (constant - value(lbnd, made))
            c = made
    return moveaxis(c, 0, axis)


def family_from_roots(roots, line, product):
    if ndim(roots) == 1 and len(roots) == 0:
        return ones((1,))
    (roots,) = series_of(roots, trim=False)
    parts = [line(-one, 1) for one in sort(roots)]
    n = len(parts)
    while n > 1:
        half, odd = divmod(n, 2)
        made = [product(parts[i], parts[i + half]) for i in range(half)]
        if odd:
            made[0] = product(made[0], parts[-1])
        parts, n = made, half
    return parts[0]


def family_line(off, slope, scl):
    return array([off, slope]) if scl != 0 else array([off])


def family_of_powers(pol, times_x):
    """The series that a polynomial's coefficients are (Horner)."""
    (pol,) = series_of(pol)
    made = pol[:1] * 0
    for step in range(pol.shape[0]):
        made = power_series_polyadd(times_x(made), pol[pol.shape[0] - 1 - step])
    return made


def powers_of_family(c, down, up, last):
    """The polynomial's coefficients of a series."""
    (c,) = series_of(c)
    n = c.shape[0]
    if n == 1:
        return c
    lower, upper = c[n - 2 : n - 1], c[n - 1 :]
    for step in range(n - 2):
        i = n - 1 - step
        before = lower
        lower = power_series_polysub(c[i - 2], down(upper, i))
        upper = power_series_polyadd(before, up(upper, polymulx(upper), i))
    return power_series_polyadd(lower, last(upper, polymulx(upper)))


def family_companion(c, first, beside, along, last):
    """first(c): the root of degree 1; beside, along: next to the diagonal and on it; last(c, n):
    what is added to the last column."""
    (c,) = series_of(c)
    n = c.shape[0] - 1
    if n < 1:
        raise ValueError("Series must have maximum degree of at least 1.")
    if n == 1:
        return array([[first(c)]])
    made = zeros((n, n), dtype_of(c))
    at = arange(n - 1)
    made[at, at + 1] = beside(n)
    made[at + 1, at] = beside(n)
    if along is not None:
        made[arange(n), arange(n)] = along(n)
    made[:, -1] = made[:, -1] + last(c, n)
    return made


def family_roots(name, c, companion):
    if is_known(c):
        return known(name, c)
    (c,) = series_of(c)
    n = c.shape[0]
    if n < 2:
        return zeros((0,), dtype_of(c))
    if n == 2:
        return companion(c)[0]
    return sort(eigvals(companion(c)[::-1, ::-1]))


def degree_of_rule(deg):
    degree = whole(deg)
    if degree <= 0:
        raise ValueError("deg must be a positive integer")
    return degree


def rule_of_series(degree, companion, value, derivative):
    """(points, weights not yet scaled) of Gauss's rule: the roots, bettered by a step of Newton's.
    """
    c = zeros((degree + 1,))
    c[-1] = 1.0
    x = eigvalsh(companion(c))
    slope = value(x, derivative(c))
    x = x - value(x, c) / slope
    before = value(x, c[1:])
    before = before / abs(before).max()
    slope = slope / abs(slope).max()
    return x, 1 / (before * slope)


def symmetric_rule(x, w, total):
    w, x = (w + w[::-1]) / 2, (x - x[::-1]) / 2
    return x, w * (total / w.sum())


def rule_of_normed(degree, companion, normed, rate):
    """The same of polynomials that are so large that they are scaled."""
    c = zeros((degree + 1,))
    c[-1] = 1.0
    x = eigvalsh(companion(c))
    x = x - normed(x, degree) / (normed(x, degree - 1) * rate)
    before = normed(x, degree - 1)
    before = before / abs(before).max()
    return x, 1 / (before * before)


def normed_value(x, n, start, rate, last):
    """A polynomial of degree n whose square and weight have the integral 1."""
    if n == 0:
        return full(x.shape, start)
    lower, upper = x * 0.0, x * 0.0 + start
    for i in range(n - 1):
        nd = 1.0 * (n - i)
        lower, upper = -upper * sqrt((nd - 1.0) / nd), lower + upper * x * sqrt(rate / nd)
    return lower + upper * x * last

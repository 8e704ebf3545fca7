"""Values of polynomials, their roots, and polynomials that fit to points."""

import warnings

from primitives import dtype_of, is_known, known


def power_series_polyval(x, c, tensor=True):
    c = array(c, ndmin=1)
    c = c + 0.0 if dtype_of(c).kind in "biu" else c
    x = asarray(x) if isinstance(x, (tuple, list)) else x
    if isinstance(x, ndarray) and tensor:
        c = c.reshape(c.shape + (1,) * x.ndim)
    if isinstance(x, Series):
        made = (c[-1] + x * 0).coef
        for i in range(2, c.shape[0] + 1):
            made = (c[-i] + x._like(made) * x).coef
        return x._like(made)
    made = c[-1] + x * 0
    for i in range(2, c.shape[0] + 1):
        made = c[-i] + made * x
    return made


def polyvalfromroots(x, r, tensor=True):
    r = array(r, ndmin=1)
    r = r + 0.0 if dtype_of(r).kind in "biu" else r
    x = asarray(x) if isinstance(x, (tuple, list)) else x
    if isinstance(x, ndarray):
        if tensor:
            r = r.reshape(r.shape + (1,) * x.ndim)
        elif x.ndim >= r.ndim:
            raise ValueError("x.ndim must be < r.ndim when tensor == False")
    return prod(x - r, axis=0)


def polyval2d(x, y, c):
    return family_values(power_series_polyval, c, x, y)


def polyval3d(x, y, z, c):
    return family_values(power_series_polyval, c, x, y, z)


def polygrid2d(x, y, c):
    return power_series_polyval(y, power_series_polyval(x, c))


def polygrid3d(x, y, z, c):
    return power_series_polyval(z, polygrid2d(x, y, c))


def power_step(before, last, x, i):
    return last * x


def polyvander(x, deg):
    return family_vander(x, deg, lambda x: x, power_step)


def polyvander2d(x, y, deg):
    return family_vanders(polyvander, (x, y), deg)


def polyvander3d(x, y, z, deg):
    return family_vanders(polyvander, (x, y, z), deg)


def polyfromroots(roots):
    return family_from_roots(roots, polyline, power_series_polymul)


def polycompanion(c):
    (c,) = series_of(c)
    n = c.shape[0] - 1
    if n < 1:
        raise ValueError("Series must have maximum degree of at least 1.")
    if n == 1:
        return array([[-c[0] / c[1]]])
    made = eye(n, k=-1, dtype=dtype_of(c))
    made[:, -1] = made[:, -1] - c[:-1] / c[-1]
    return made


def polyroots(c):
    if is_known(c):
        return known("polynomial.polynomial.polyroots", c)
    (c,) = series_of(c)
    n = c.shape[0]
    if n < 2:
        return zeros((0,), dtype_of(c))
    if n == 2:
        return array([-c[0] / c[1]])
    return sort(eigvals(polycompanion(c)))


def power_series_polyfit(x, y, deg, rcond=None, full=False, w=None):
    return family_fit(polyvander, x, y, deg, rcond, full, w)


def family_fit(vander, x, y, deg, rcond, full, w):
    """Coefficients of the polynomials of a family whose values at x are nearest to y."""
    x, y, deg = asarray(x) + 0.0, asarray(y) + 0.0, asarray(deg)
    if deg.ndim > 1 or dtype_of(deg).kind not in "iu" or deg.size == 0:
        raise TypeError("deg must be an int or non-empty 1-D array of int")
    if deg.min() < 0:
        raise ValueError("expected deg >= 0")
    if x.ndim != 1:
        raise TypeError("expected 1D vector for x")
    if x.size == 0:
        raise TypeError("expected non-empty vector for x")
    if y.ndim < 1 or y.ndim > 2:
        raise TypeError("expected 1D or 2D array for y")
    if x.shape[0] != y.shape[0]:
        raise TypeError("expected x and y to have same length")
    powers = None if deg.ndim == 0 else [int(one) for one in sort(deg)]
    degree = int(deg) if powers is None else powers[-1]
    left = vander(x, degree)
    left = left if powers is None else left[:, powers]
    right = y
    if w is not None:
        w = asarray(w) + 0.0
        if w.ndim != 1:
            raise TypeError("expected 1D vector for w")
        if x.shape[0] != w.shape[0]:
            raise TypeError("expected x and w to have same length")
        left = left * w[:, None]
        right = right * (w if y.ndim == 1 else w[:, None])
    if rcond is None:
        rcond = x.shape[0] * finfo(dtype_of(x)).eps
    scale = sqrt(sum(square(left), 0))
    scale = where(scale == 0, 1, scale)
    made, rest, rank, s = lstsq(left / scale, right, rcond)
    made = made / (scale if made.ndim == 1 else scale[:, None])
    order = left.shape[1]
    if powers is not None:
        whole = zeros((degree + 1,) + made.shape[1:], dtype_of(made))
        whole[powers] = made
        made = whole
    if full:
        return made, [rest, rank, s, rcond]
    if rank != order:
        warnings.warn("The fit may be poorly conditioned", exceptions.RankWarning, stacklevel=2)
    return made

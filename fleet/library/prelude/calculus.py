"""Differences, sums of products, and what lies between samples."""

from primitives import asarray as asarray_
from primitives import (
    axes_of,
    axis_of,
    cast,
    dtype_of,
    is_known,
    laid_like,
    larger,
    result_type,
    ufunc,
)


def diff(a, n=1, axis=-1, prepend=None, append=None):
    if n == 0:
        return a
    if n < 0:
        raise ValueError(f"order must be non-negative but got {n!r}")
    a = asarray_(a)
    if a.ndim == 0:
        raise ValueError("diff requires input that is at least one dimensional")
    axis = axis_of(axis, a.ndim)
    parts = [beside(part, a, axis) if i != 1 else part
             for i, part in enumerate((prepend, a, append)) if part is not None]  # fmt: skip
    a = concatenate(parts, axis) if len(parts) > 1 else a
    before = (slice(None),) * axis
    name = "not_equal" if dtype_of(a) == "bool" else "subtract"
    for _ in range(n):
        a = ufunc(name, a[(*before, slice(1, None))], a[(*before, slice(None, -1))])
    return a


def beside(part, a, axis):
    """What np.diff puts in front of or behind an array: a number stands for a slice."""
    part = asarray(part)
    return part if part.ndim else broadcast_to(part, (*a.shape[:axis], 1, *a.shape[axis + 1 :]))


def gradient(f, *varargs, axis=None, edge_order=1):
    f = asarray(f)
    axes = axes_of(axis, f.ndim)
    spacings = spacings_of(f, varargs, axes)
    if edge_order > 2:
        raise ValueError("'edge_order' greater than 2 not supported")
    f = cast(f, "float64") if dtype_of(f).kind in "iu" else f
    made = []
    for one, step in zip(axes, spacings):
        if f.shape[one] < edge_order + 1:
            raise ValueError(
                "Shape of array too small to calculate a numerical gradient, at least (edge_order "
                "+ 1) elements are required."
            )
        made.append(gradient_along(f, one, step, edge_order))
    return made[0] if len(made) == 1 else tuple(made)


def spacings_of(f, given, axes):
    """For each axis the step, or the steps between coordinates."""
    if len(given) == 0:
        return [1.0] * len(axes)
    if len(given) == 1 and ndim(given[0]) == 0:
        return list(given) * len(axes)
    if len(given) != len(axes):
        raise TypeError("invalid number of arguments")
    made = []
    for one, step in zip(axes, given):
        if ndim(step) == 0:
            made.append(step)
            continue
        step = asarray(step)
        if step.ndim != 1:
            raise ValueError("distances must be either scalars or 1d")
        if step.shape[0] != f.shape[one]:
            raise ValueError(
                "when 1d, distances must match the length of the corresponding dimension"
            )
        made.append(diff(cast(step, "float64") if dtype_of(step).kind in "iu" else step))
    return made


def gradient_along(f, axis, step, edge_order):
    before = (slice(None),) * axis

    def at(start, stop):
        return f[(*before, slice(start, stop))]

    def like_f(x):
        return x.reshape((1,) * axis + (-1,) + (1,) * (f.ndim - axis - 1))

    def joined(*parts):
        made = concatenate([cast(part, dtype_of(f)) for part in parts], axis)
        return laid_like(made, f, "K")

    left, here, right = at(None, -2), at(1, -1), at(2, None)
    if ndim(step) == 0:
        inside = (right - left) / (2.0 * step)
        first_step = last_step = step
    else:
        d1, d2 = step[:-1], step[1:]
        a, b, c = -d2 / (d1 * (d1 + d2)), (d2 - d1) / (d1 * d2), d1 / (d2 * (d1 + d2))
        uneven = like_f(a) * left + like_f(b) * here + like_f(c) * right
        even = (right - left) / (2.0 * step[0])
        inside = where(all(ufunc("equal", step, step[0])), even, uneven)
        first_step, last_step = step[0], step[-1]
    if edge_order == 1:
        first = (at(1, 2) - at(0, 1)) / first_step
        last = (at(-1, None) - at(-2, -1)) / last_step
        return joined(first, inside, last)
    if ndim(step) == 0:
        a, b, c = -1.5 / step, 2.0 / step, -0.5 / step
        d, e, g = 0.5 / step, -2.0 / step, 1.5 / step
    else:
        d1, d2 = step[0], step[1]
        a, b, c = -(2.0 * d1 + d2) / (d1 * (d1 + d2)), (d1 + d2) / (d1 * d2), -d1 / (d2 * (d1 + d2))
        d1, d2 = step[-2], step[-1]
        d, e, g = d2 / (d1 * (d1 + d2)), -(d2 + d1) / (d1 * d2), (2.0 * d2 + d1) / (d2 * (d1 + d2))
    first = a * at(0, 1) + b * at(1, 2) + c * at(2, 3)
    last = d * at(-3, -2) + e * at(-2, -1) + g * at(-1, None)
    return joined(first, inside, last)


def trapezoid(y, x=None, dx=1.0, axis=-1):
    y = asarray(y)
    axis = axis_of(axis, y.ndim)
    width = dx
    if x is not None:
        x = asarray(x)
        width = diff(x, axis=-1 if x.ndim == 1 else axis)
        if x.ndim == 1:
            width = width.reshape((1,) * axis + (-1,) + (1,) * (y.ndim - axis - 1))
    before = (slice(None),) * axis
    pairs = y[(*before, slice(1, None))] + y[(*before, slice(None, -1))]
    return sum(width * pairs / 2.0, axis)


def unwrap(p, discont=None, axis=-1, *, period=6.283185307179586):
    p = asarray(p)
    axis = axis_of(axis, p.ndim)
    steps = diff(p, axis=axis)
    discont = period / 2 if discont is None else discont
    dtype = result_type(steps, period)
    whole = dtype.kind in "iu"
    high = period // 2 if whole else period / 2
    low = -high
    ways = ufunc("remainder", steps - low, period) + low
    if not whole or period % 2 == 0:
        is_high = logical_and(ufunc("equal", ways, low), ufunc("greater", steps, 0))
        ways = where(is_high, cast(asarray_(high), dtype_of(ways)), ways)
    change = ways - steps
    small = ufunc("less", ufunc("absolute", steps), discont)
    change = where(small, cast(asarray_(0), dtype_of(change)), change)
    before = (slice(None),) * axis
    first = cast(p[(*before, slice(None, 1))], dtype)
    rest = cast(p[(*before, slice(1, None))] + cumsum(change, axis), dtype)
    return laid_like(concatenate((first, rest), axis), p, "K")


def interp(x, xp, fp, left=None, right=None, period=None):
    x, xp, fp = asarray_(x), cast(asarray(xp), "float64"), asarray(fp)
    if dtype_of(fp).kind != "c":
        fp = cast(fp, "float64")
    at = cast(x, "float64")
    if xp.ndim != 1 or fp.ndim != 1:
        raise ValueError("Data points must be 1-D sequences" if period is not None else
                         "object of too small depth for desired array" if xp.ndim == 0
                         or fp.ndim == 0 else "object too deep for desired array")  # fmt: skip
    if xp.shape[0] != fp.shape[0]:
        raise ValueError("fp and xp are not of the same length.")
    if xp.shape[0] == 0:
        raise ValueError("array of sample points is empty")
    if period is not None:
        if period == 0:
            raise ValueError("period must be a non-zero value")
        period, left, right = abs(period), None, None
        at, xp = at % period, xp % period
        order = argsort(xp)
        xp, fp = xp[order], fp[order]
        xp = concatenate((xp[-1:] - period, xp, xp[0:1] + period))
        fp = concatenate((fp[-1:], fp, fp[0:1]))
    n = xp.shape[0]
    left = fp[0] if left is None else left
    right = fp[-1] if right is None else right
    if is_known(n) and n == 1:
        made = where(ufunc("greater", at, xp[0]), right, fp[0])
        made = where(ufunc("less", at, xp[0]), left, made)
        return unpacked(where(isnan(at), at, made))
    place = ufunc("minimum", ufunc("maximum", searchsorted(xp, at, "right") - 1, 0), n - 2)
    x0, x1, y0, y1 = xp[place], xp[place + 1], fp[place], fp[place + 1]
    slope = (y1 - y0) / (x1 - x0)
    made = slope * (at - x0) + y0
    if dtype_of(made).kind == "f":
        other = slope * (at - x1) + y1
        other = where(logical_and(isnan(other), ufunc("equal", y0, y1)), y0, other)
        made = where(isnan(made), other, made)
    made = where(ufunc("equal", at, x0), y0, made)
    made = where(ufunc("greater_equal", at, xp[-1]), fp[-1], made)
    made = where(ufunc("greater", at, xp[-1]), right, made)
    made = where(ufunc("less", at, xp[0]), left, made)
    return unpacked(where(isnan(at), at, made))


def convolve(a, v, mode="full"):
    a, v = array(a, ndmin=1, copy=False), array(v, ndmin=1, copy=False)
    for one, name in ((a, "a"), (v, "v")):
        if one.shape[0] == 0:
            raise ValueError(f"{name} cannot be empty")
    if v.shape[0] > a.shape[0]:
        return sliding_products(v, a, mode_of(mode), False)
    return sliding_products(a, v, mode_of(mode), False)


def correlate(a, v, mode="valid"):
    a, v = asarray(a), asarray(v)
    for one, name in ((a, "first"), (v, "second")):
        if one.ndim == 0:
            raise ValueError("object of too small depth for desired array")
        if is_known(one.shape) and one.shape[0] == 0:
            raise ValueError(f"{name} array argument cannot be empty")
    v = conjugated(v)
    if v.shape[0] > a.shape[0]:
        return sliding_products(v, a, mode_of(mode), True)[::-1]
    return sliding_products(a, v, mode_of(mode), True)


def mode_of(mode):
    if mode not in ("full", "same", "valid"):
        raise ValueError(f"mode must be one of 'valid', 'same', or 'full' (got {mode!r})")
    return mode


def sliding_products(a, v, mode, forwards):
    """Sums of products of the shorter `v`, as it is or backwards, with each stretch of `a`."""
    dtype = result_type(a, v)
    n, m = a.shape[0], v.shape[0]
    left = m - 1 if mode == "full" else m // 2 if mode == "same" else 0
    if mode == "same" and forwards is not None:
        left = m // 2
    count = n + m - 1 if mode == "full" else n if mode == "same" else n - m + 1
    wide = zeros((larger(count + m - 1, n + left),), dtype)
    wide[left : left + n] = a
    v = cast(v if forwards else v[::-1], dtype)
    if dtype.kind == "b":
        return ufunc("not_equal", sliding_sums(cast(wide, int), cast(v, int), count), 0)
    return sliding_sums(wide, v, count)


def sliding_sums(wide, v, count):
    made = zeros((count,), dtype_of(wide))
    for i in range(count):
        total = made[i]
        for k in range(v.shape[0]):
            total = total + wide[i + k] * v[k]
        made[i] = total
    return made


# -- windows


def from_ends(M):
    """Twice the distance from the middle, of M samples."""
    return arange(1 - M, M, 2)


def window(M, function):
    dtype = result_type(M, 0.0)
    if M < 1:
        return zeros((0,), dtype)
    if M == 1:
        return ones((1,), dtype)
    return function(from_ends(M))


def bartlett(M):
    return window(M, lambda n: where(ufunc("less_equal", n, 0), 1 + n / (M - 1), 1 - n / (M - 1)))


def blackman(M):
    return window(M, lambda n: 0.42 + 0.5 * ufunc("cos", 3.141592653589793 * n / (M - 1))
                  + 0.08 * ufunc("cos", 2.0 * 3.141592653589793 * n / (M - 1)))  # fmt: skip


def hamming(M):
    return window(M, lambda n: 0.54 + 0.46 * ufunc("cos", 3.141592653589793 * n / (M - 1)))


def hanning(M):
    return window(M, lambda n: 0.5 + 0.5 * ufunc("cos", 3.141592653589793 * n / (M - 1)))


def kaiser(M, beta):
    if M == 1:
        return ones((1,))
    n = arange(0, M)
    alpha = (M - 1) / 2.0
    return i0(beta * ufunc("sqrt", 1 - ((n - alpha) / alpha) ** 2.0)) / i0(float64(beta))

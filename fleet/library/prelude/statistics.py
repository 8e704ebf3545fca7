"""Order statistics, weighted means, covariances."""

from primitives import asarray as asarray_
from primitives import (
    asarray_as_float,
    axes_of,
    cast,
    dtype_of,
    is_known,
    larger,
    put_into,
    result_type,
    ufunc,
    vet,
)


def median(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    vet("median", a, axis, out=out, keepdims=keepdims)
    a = asarray_as_float(a)
    sorted_a = sort(lanes_first(a, axis), 0)
    n = sorted_a.shape[0]
    middle = mean(sorted_a[(n - 1) // 2 : n // 2 + 1], 0)
    if dtype_of(a).kind == "f" and not (is_known(n) and n == 0):
        last = sorted_a[-1] if is_known(n) else sum(sorted_a[-1:], 0)
        middle = where(isnan(last), last, middle)
    middle = middle[()] if middle.ndim == 0 else middle
    made = with_kept_axes(middle, a, axis, keepdims, 0)
    return made if out is None else put_into(out, made)


def lanes_first(a, axis):
    """The elements along some axes as axis 0, the other axes behind it in their order."""
    if axis is None:
        return ravel(a)
    axes = axes_of(axis, a.ndim)
    rest = [i for i in range(a.ndim) if i not in axes]
    moved = transpose(a, (*axes, *rest))
    return moved if len(axes) == 1 else moved.reshape((-1, *[a.shape[i] for i in rest]))


def with_kept_axes(result, a, axis, keepdims, before):
    """The result of a reduction with axes of length 1 where keepdims asks for them.

    before: how many axes of its own the result has in front.
    """
    if not keepdims:
        return unpacked(result)
    result = asarray(result)
    axes = range(a.ndim) if axis is None else axes_of(axis, a.ndim)
    kept = [1 if i in axes else a.shape[i] for i in range(a.ndim)]
    return result.reshape((*result.shape[:before], *kept))


def unpacked(x):
    """An array without axes as the scalar that it holds."""
    return x[()] if x.ndim == 0 else x


def percentile(
    a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *,
    weights=None,
):
    weak = isinstance(q, (int, float))
    made = quantiles(
        a, ufunc("divide", q, 100), axis, method, keepdims, weights, weak,
        "Percentiles must be in the range [0, 100]",
    )
    return made if out is None else put_into(out, made)


def quantile(
    a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *,
    weights=None,
):
    weak = isinstance(q, (int, float))
    made = quantiles(
        a, asarray_(q), axis, method, keepdims, weights, weak,
        "Quantiles must be in the range [0, 1]",
    )
    return made if out is None else put_into(out, made)


def quantiles(a, q, axis, method, keepdims, weights, weak, words):
    """q: a NumPy scalar or array; weak: whether the program's was one of Python's numbers."""
    a = asarray(a)
    if dtype_of(a).kind == "c":
        raise TypeError("a must be an array of real numbers")
    if any(logical_not(logical_and(ufunc("greater_equal", q, 0), ufunc("less_equal", q, 1)))):
        raise ValueError(words)
    if q.ndim > 2:
        raise ValueError("q must be a scalar or 1d")
    check_method(method)
    lanes = lanes_first(a, axis)
    if weights is not None:
        made = weighted_quantiles(lanes, q, a, axis, method, weights)
    else:
        lanes = copy_array(sort(lanes, 0))
        n = lanes.shape[0]
        if is_known(n) and n == 0 and dtype_of(a).kind != "f" and q.ndim == 0:
            raise IndexError("cannot do a non-empty take from an empty axes.")
        made = sorted_quantiles(lanes, q, lanes.shape[0], method, weak)
        if dtype_of(a).kind == "f":
            made = where(isnan(lanes[-1]), lanes[-1], made)
    return with_kept_axes(made, a, axis, keepdims, q.ndim)


def check_method(method):
    if method not in QUANTILE_METHODS:
        raise ValueError(
            f"{method!r} is not a valid method. Use one of: dict_keys({list(QUANTILE_METHODS)})"
        )


def sorted_quantiles(lanes, q, n, method, weak):
    """Quantiles along axis 0 of what is sorted.

    n: how many elements of each lane count: one number, or an array of one for each lane.
    """
    per_lane = not is_scalar_number(n)
    wide = q if per_lane else q
    if per_lane:
        wide = q.reshape(q.shape + (1,) * n.ndim)
    at = QUANTILE_METHODS[method](n, wide)
    if dtype_of(at).kind in "iu":
        return picked(lanes, at, n, per_lane)
    previous = ufunc("floor", at)
    following = previous + 1
    last = n - 1
    previous = where(ufunc("greater_equal", at, last), last, previous)
    following = where(ufunc("greater_equal", at, last), last, following)
    previous = cast(where(ufunc("less", at, 0), 0, previous), "int64")
    following = cast(where(ufunc("less", at, 0), 0, following), "int64")
    # NumPy counts what is beyond the last from the end
    base = where(ufunc("greater_equal", at, last), -1, previous)
    base = where(ufunc("less", at, 0), 0, base)
    share = at - base
    if method == "averaged_inverted_cdf":
        share = where(ufunc("equal", share, 0), 0.5, 1.0)
    elif method == "midpoint":
        share = where(ufunc("equal", at % 1, 0), 0.0, 0.5)
    low, high = picked(lanes, previous, n, per_lane), picked(lanes, following, n, per_lane)
    rest, is_far = 1 - share, ufunc("greater_equal", share, 0.5)
    if weak and dtype_of(lanes).kind == "f":
        share, rest = cast(share, dtype_of(lanes)), cast(rest, dtype_of(lanes))
    if not per_lane and q.ndim and lanes.ndim > 1:
        share, rest, is_far = [
            one.reshape(one.shape + (1,) * (lanes.ndim - 1)) for one in (share, rest, is_far)
        ]
    width = ufunc("subtract", high, low)
    return where(is_far, high - width * rest, low + width * share)


def is_scalar_number(n):
    return ndim(n) == 0


def picked(lanes, at, n, per_lane):
    """The elements at some places of the lanes; with per_lane, places of their own in each."""
    if not per_lane:
        return lanes[at]
    return take_along_axis(lanes, larger_elements(at, 0).reshape(
        (at.shape[:-n.ndim] if n.ndim else at.shape) + n.shape).reshape(
        (-1, *n.shape)), 0).reshape(at.shape)


def larger_elements(at, low):
    return ufunc("maximum", at, low)


def weighted_quantiles(lanes, q, a, axis, method, weights):
    if method != "inverted_cdf":
        raise ValueError(
            f"Only method 'inverted_cdf' supports weights. Got: {method}."
        )
    weights = asarray(weights)
    if any(ufunc("less", weights, 0)):
        raise ValueError("Weights must be non-negative.")
    if lanes.ndim != 1:
        unsupported("weights of np.quantile along one of several axes")
    weights = ravel(broadcast_to(weights, a.shape))
    order = argsort(lanes)
    lanes, weights = lanes[order], weights[order]
    chances = cumsum(weights)
    chances = chances / chances[-1]
    found = searchsorted(where(ufunc("greater", weights, 0), chances, -1.0), q, "left")
    return lanes[minimum(found, lanes.shape[0] - 1)]


def virtual_index(n, q, alpha, beta):
    """Where a quantile is among n sorted elements (Hyndman and Fan, 1996)."""
    return n * q + (alpha + q * (1 - alpha - beta)) - 1


def at_boundary(index, stays):
    """The place before an index where `stays` says so of its fraction, else the one after."""
    previous = ufunc("floor", index)
    found = where(stays(index - previous, previous), previous, previous + 1)
    return cast(ufunc("maximum", found, 0), "int64")


def is_on_odd(share, previous):
    return logical_and(ufunc("equal", share, 0), ufunc("equal", previous % 2, 1))


QUANTILE_METHODS = {
    "inverted_cdf": lambda n, q: at_boundary(n * q - 1, lambda share, _: ufunc("equal", share, 0)),
    "averaged_inverted_cdf": lambda n, q: n * q - 1,
    "closest_observation": lambda n, q: at_boundary(n * q - 1 - 0.5, is_on_odd),
    "interpolated_inverted_cdf": lambda n, q: virtual_index(n, q, 0, 1),
    "hazen": lambda n, q: virtual_index(n, q, 0.5, 0.5),
    "weibull": lambda n, q: virtual_index(n, q, 0, 0),
    "linear": lambda n, q: (n - 1) * q,
    "median_unbiased": lambda n, q: virtual_index(n, q, 1 / 3.0, 1 / 3.0),
    "normal_unbiased": lambda n, q: virtual_index(n, q, 3 / 8.0, 3 / 8.0),
    "lower": lambda n, q: cast(ufunc("floor", (n - 1) * q), "int64"),
    "higher": lambda n, q: cast(ufunc("ceil", (n - 1) * q), "int64"),
    "midpoint": lambda n, q: 0.5 * (ufunc("floor", (n - 1) * q) + ufunc("ceil", (n - 1) * q)),
    "nearest": lambda n, q: cast(ufunc("rint", (n - 1) * q), "int64"),
}


def average(a, axis=None, weights=None, returned=False, *, keepdims=False):
    a = asarray(a)
    if weights is None:
        made = mean(a, axis, keepdims=keepdims)
        total = full(made.shape, a.size / larger(made.size, 1), dtype_of(made))
        return (made, total if made.ndim else total[()]) if returned else made
    weights = weights_of(a, axis, asarray(weights))
    kinds = (dtype_of(a), dtype_of(weights))
    dtype = result_type(*kinds, "float64") if dtype_of(a).kind in "iub" else result_type(*kinds)
    total = sum(weights, axis, dtype, keepdims=keepdims)
    if any(ufunc("equal", total, 0.0)):
        raise ZeroDivisionError("Weights sum to zero, can't be normalized")
    weighted = ufunc("multiply", cast(a, dtype), cast(weights, dtype))
    made = sum(weighted, axis, keepdims=keepdims) / total
    if not returned:
        return made
    return made, total if total.ndim == made.ndim else broadcast_to(total, made.shape) + 0


def weights_of(a, axis, weights):
    """Weights in the shape of the array."""
    if weights.ndim == a.ndim:
        for here, there in zip(a.shape, weights.shape):
            if here != there:
                break
        else:
            return weights
    if axis is None:
        raise TypeError("Axis must be specified when shapes of a and weights differ.")
    axes = axes_of(axis, a.ndim)
    words = "Shape of weights must be consistent with shape of a along specified axis."
    if weights.ndim != len(axes):
        raise ValueError(words)
    for i, length in zip(axes, weights.shape):
        if a.shape[i] != length:
            raise ValueError(words)
    order = sorted(range(len(axes)), key=lambda i: axes[i])
    shape = [1] * a.ndim
    for i, length in zip(axes, weights.shape):
        shape[i] = length
    return broadcast_to(transpose(weights, order).reshape(tuple(shape)), a.shape) + 0


def cov(
    m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, *, dtype=None
):
    if ddof is not None and ddof != int(ddof):
        raise ValueError("ddof must be integer")
    m = asarray(m)
    if m.ndim > 2:
        raise ValueError("m has more than 2 dimensions")
    y = None if y is None else asarray(y)
    if y is not None and y.ndim > 2:
        raise ValueError("y has more than 2 dimensions")
    if dtype is None:
        dtype = result_type(m, float64) if y is None else result_type(m, y, float64)
    x = array(m, dtype, ndmin=2)
    x = transpose(x) if not rowvar and m.ndim != 1 else x
    if y is not None:
        y = array(y, dtype, ndmin=2)
        y = transpose(y) if not rowvar and y.shape[0] != 1 else y
        x = concatenate((x, y), 0)
    if ddof is None:
        ddof = 0 if bias else 1
    weights = cov_weights(x, fweights, aweights)
    if weights is None:
        centre, count = mean(x, 1), x.shape[1] - ddof
    else:
        centre, total = average(x, 1, weights, True)
        total = total[0]
        if ddof == 0:
            count = total
        elif aweights is None:
            count = total - ddof
        else:
            count = total - ddof * sum(weights * asarray(aweights)) / total
    x = x - centre[:, None]
    right = x if weights is None else x * weights
    count = count if count > 0 else 0.0
    made = dot(x, conjugated(transpose(right)))
    made = cast(made * ufunc("divide", 1.0, count), dtype_of(made))
    return copy_array(squeeze(made))


def conjugated(x):
    return conjugate(x) if dtype_of(x).kind == "c" else x


def cov_weights(x, fweights, aweights):
    """The product of counts and weights; None: neither is given."""
    weights = None
    if fweights is not None:
        fweights = asarray(fweights, float)
        if any(ufunc("not_equal", fweights, round(fweights))):
            raise TypeError("fweights must be integer")
        check_cov_weights(x, fweights, "fweights")
        weights = fweights
    if aweights is not None:
        aweights = asarray(aweights, float)
        check_cov_weights(x, aweights, "aweights")
        weights = aweights if weights is None else weights * aweights
    return weights


def check_cov_weights(x, weights, name):
    if weights.ndim > 1:
        raise RuntimeError(f"cannot handle multidimensional {name}")
    if weights.shape[0] != x.shape[1]:
        raise RuntimeError(f"incompatible numbers of samples and {name}")
    if any(ufunc("less", weights, 0)):
        raise ValueError(f"{name} cannot be negative")


def corrcoef(x, y=None, rowvar=True, *, dtype=None):
    c = cov(x, y, rowvar, dtype=dtype)
    if c.ndim == 0:
        return c / c
    deviation = sqrt(diag(c))
    c = c / deviation[:, None]
    c = c / deviation[None, :]
    return clip(c, -1, 1)

"""Statistics that leave out what is not a number: np.nansum and the like."""

from primitives import asarray as asarray_
from primitives import cast, dtype_of, of_parts, part, ufunc


def with_nan_as(a, value):
    """(an array with a value in place of NaN, where they are: None for dtypes without NaN)."""
    a = asarray_(a)
    if dtype_of(a).kind not in "fc":
        return a, None
    mask = isnan(a)
    return where(mask, cast(asarray_(value), dtype_of(a)), a), mask


def nansum(a, axis=None, dtype=None, out=None, keepdims=False, initial=NO_VALUE, where=True):
    a = with_nan_as(a, 0)[0]
    return sum(a, axis, dtype, out, keepdims, initial=initial, where=where)


def nanprod(a, axis=None, dtype=None, out=None, keepdims=False, initial=NO_VALUE, where=True):
    a = with_nan_as(a, 1)[0]
    return prod(a, axis, dtype, out, keepdims, initial=initial, where=where)


def nancumsum(a, axis=None, dtype=None, out=None):
    return cumsum(with_nan_as(a, 0)[0], axis, dtype, out)


def nancumprod(a, axis=None, dtype=None, out=None):
    return cumprod(with_nan_as(a, 1)[0], axis, dtype, out)


def nanmax(a, axis=None, out=None, keepdims=False):
    a, mask = with_nan_as(a, -inf)
    made = max(a, axis, out, keepdims)
    if mask is None:
        return made
    return unpacked(where(all(mask, axis, keepdims=keepdims), nan_like(a), made))


def nanmin(a, axis=None, out=None, keepdims=False):
    a, mask = with_nan_as(a, inf)
    made = min(a, axis, out, keepdims)
    if mask is None:
        return made
    return unpacked(where(all(mask, axis, keepdims=keepdims), nan_like(a), made))


def nan_like(a):
    return cast(asarray_(nan), dtype_of(a))


def nanargmax(a, axis=None, out=None, *, keepdims=False):
    a, mask = with_nan_as(a, -inf)
    if mask is not None and any(all(mask, axis)):
        raise ValueError("All-NaN slice encountered")
    return argmax(a, axis, out, keepdims=keepdims)


def nanargmin(a, axis=None, out=None, *, keepdims=False):
    a, mask = with_nan_as(a, inf)
    if mask is not None and any(all(mask, axis)):
        raise ValueError("All-NaN slice encountered")
    return argmin(a, axis, out, keepdims=keepdims)


def nanmean(a, axis=None, dtype=None, out=None, keepdims=False):
    a, mask = with_nan_as(a, 0)
    if mask is None:
        return mean(a, axis, dtype, out, keepdims)
    total = sum(a, axis, dtype, out, keepdims)
    count = sum(logical_not(mask), axis, keepdims=keepdims)
    return cast(ufunc("divide", total, count), dtype_of(total))


def nanvar(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, correction=None):
    ddof = ddof if correction is None else correction
    a, mask = with_nan_as(a, 0)
    if mask is None:
        return var(a, axis, dtype, out, ddof, keepdims)
    no_out(out)
    count = sum(logical_not(mask), axis, keepdims=True)
    total = sum(a, axis, dtype, keepdims=True)
    centre = cast(ufunc("divide", total, count), dtype_of(total))
    apart = cast(where(mask, 0, ufunc("subtract", a, centre)), dtype_of(a))
    squares = sum(ufunc("multiply", apart, apart), axis, dtype, keepdims=keepdims)
    freedom = sum(logical_not(mask), axis, keepdims=keepdims) - ddof
    made = cast(ufunc("divide", squares, freedom), dtype_of(squares))
    return unpacked(where(ufunc("less_equal", freedom, 0), nan_like(made), made))


def nanstd(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, correction=None):
    return sqrt(nanvar(a, axis, dtype, out, ddof, keepdims, correction=correction))


def nanmedian(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    no_out(out)
    a = asarray(a)
    if dtype_of(a).kind != "f":
        return median(a, axis, keepdims=keepdims)
    lanes, count = numbers_first(a, axis)
    low = picked(lanes, ufunc("floor_divide", count - 1, 2)[None], count, True)[0]
    high = picked(lanes, ufunc("floor_divide", count, 2)[None], count, True)[0]
    made = (low + high) / cast(asarray_(2.0), dtype_of(a))
    made = where(ufunc("equal", low, high), low, made)
    made = where(ufunc("equal", count, 0), nan_like(a), made)
    return with_kept_axes(made if made.ndim else made[()], a, axis, keepdims, 0)


def numbers_first(a, axis):
    """Lanes along axis 0, sorted, so that NaNs are last, and how many others there are in each."""
    lanes = sort(lanes_first(a, axis), 0)
    return lanes, asarray(sum(logical_not(isnan(lanes)), 0))


def nanpercentile(
    a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *,
    weights=None,
):
    return nan_quantiles(
        a, ufunc("divide", q, 100), axis, out, method, keepdims, weights,
        isinstance(q, (int, float)), "Percentiles must be in the range [0, 100]",
    )


def nanquantile(
    a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *,
    weights=None,
):
    return nan_quantiles(
        a, asarray_(q), axis, out, method, keepdims, weights,
        isinstance(q, (int, float)), "Quantiles must be in the range [0, 1]",
    )


def nan_quantiles(a, q, axis, out, method, keepdims, weights, weak, words):
    no_out(out)
    a = asarray(a)
    if dtype_of(a).kind != "f":
        return quantiles(a, q, axis, method, keepdims, weights, weak, words)
    if weights is not None:
        unsupported("the argument `weights` of np.nanquantile and np.nanpercentile")
    if any(logical_not(logical_and(ufunc("greater_equal", q, 0), ufunc("less_equal", q, 1)))):
        raise ValueError(words)
    check_method(method)
    lanes, count = numbers_first(a, axis)
    q = asarray(q)
    made = sorted_quantiles(lanes, q.reshape(q.shape or (1,)), count, method, weak)
    made = where(ufunc("equal", count, 0), nan_like(made), made)
    made = made.reshape(q.shape + count.shape)
    return with_kept_axes(made if made.ndim else made[()], a, axis, keepdims, q.ndim)


def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    x = asarray_(x)
    if dtype_of(x).kind == "c":
        parts = [nan_to_num(part(name, x), copy, nan, posinf, neginf) for name in ("real", "imag")]
        return x if not copy and x.ndim else of_parts(*parts)
    if dtype_of(x).kind != "f":
        return cast(x, dtype_of(x))
    limits = finfo(dtype_of(x))
    high, low = limits.max if posinf is None else posinf, limits.min if neginf is None else neginf
    made = where(isnan(x), cast(asarray_(nan), dtype_of(x)), x)
    made = where(ufunc("equal", x, inf), cast(asarray_(high), dtype_of(x)), made)
    made = where(ufunc("equal", x, -inf), cast(asarray_(low), dtype_of(x)), made)
    if not copy and x.ndim:
        x[...] = made
        return x
    return unpacked(made)

"""Statistics that leave out what is not a number: np.nansum and the like."""

from primitives import asarray as asarray_
from primitives import (
    cast,
    dtype_of,
    is_known,
    of_parts,
    part,
    put_into,
    ufunc,
    unwarned,
    vet,
    warn,
)
from primitives import where as where_


def with_nan_as(a, value):
    """(an array with a value in place of NaN, where they are: None for dtypes without NaN)."""
    a = asarray_(a)
    if dtype_of(a).kind not in "fc":
        return a, None
    mask = isnan(a)
    return where_(mask, cast(asarray_(value), dtype_of(a)), a), mask


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


def nanmax(a, axis=None, out=None, keepdims=False, initial=NO_VALUE, where=True):
    return nan_extreme("max", "fmax", -inf, a, axis, out, keepdims, initial, where)


def nanmin(a, axis=None, out=None, keepdims=False, initial=NO_VALUE, where=True):
    return nan_extreme("min", "fmin", inf, a, axis, out, keepdims, initial, where)


def nan_extreme(name, function, least, a, axis, out, keepdims, initial, where):
    """The extreme of what is a number, NaN where nothing is."""
    is_array = isinstance(a, ndarray)
    function = function if is_array else f"{name}imum"
    vet(f"{function}.reduce", a, axis, out=out, keepdims=keepdims, initial=initial, where=where)
    a, mask = with_nan_as(a, least)
    alone = initial is NO_VALUE or not is_array or isnan(initial)
    start = initial
    if is_array and alone and initial is not NO_VALUE and mask is not None:
        start = least
    made = extreme(name, function, a, axis, None, keepdims, start, where)
    if mask is not None and alone:
        nothing = all(mask if where is True else logical_or(mask, logical_not(where)), axis,
                      keepdims=keepdims)
        made = unpacked(where_(nothing, nan_like(a), made))
        warn_where(nothing, f"All-NaN {'slice' if is_array else 'axis'} encountered")
    return made if out is None else put_into(out, made)


def warn_where(truths, message):
    """A RuntimeWarning, if one of them is true."""
    if any(truths):
        warn(message)


def divided_quietly(total, count):
    return ufunc("divide", total, count)


def nan_like(a):
    return cast(asarray_(nan), dtype_of(a))


def raise_if_all_nan(mask, axis):
    if mask is not None and mask.size and any(all(mask, axis)):
        raise ValueError("All-NaN slice encountered")


def nanargmax(a, axis=None, out=None, *, keepdims=False):
    a, mask = with_nan_as(a, -inf)
    raise_if_all_nan(mask, axis)
    return argmax(a, axis, out, keepdims=keepdims)


def nanargmin(a, axis=None, out=None, *, keepdims=False):
    a, mask = with_nan_as(a, inf)
    raise_if_all_nan(mask, axis)
    return argmin(a, axis, out, keepdims=keepdims)


def require_inexact(dtype, out):
    for name, given in (("dtype", dtype), ("out", None if out is None else dtype_of(out))):
        if given is not None and dtype_named(given).kind not in "fc":
            raise TypeError(f"If a is inexact, then {name} must be inexact")


def nanmean(a, axis=None, dtype=None, out=None, keepdims=False, *, where=True):
    a, mask = with_nan_as(a, 0)
    if mask is None:
        return mean(a, axis, dtype, out, keepdims, where=where)
    require_inexact(dtype, out)
    total = sum(a, axis, dtype, None, keepdims, where=where)
    count = sum(logical_not(mask), axis, keepdims=keepdims, where=where)
    made = cast(unwarned(divided_quietly, total, count), dtype_of(total))
    warn_where(ufunc("equal", count, 0), "Mean of empty slice")
    return made if out is None else put_into(out, made)


def nanvar(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True,
           mean=NO_VALUE, correction=NO_VALUE):
    a, mask = with_nan_as(a, 0)
    if mask is None:
        return var(a, axis, dtype, out, ddof, keepdims, where=where, mean=mean,
                   correction=correction)
    require_inexact(dtype, out)
    if correction is not NO_VALUE:
        if ddof != 0:
            raise ValueError("ddof and correction can't be provided simultaneously.")
        ddof = correction
    counted = logical_not(mask)
    count = sum(counted, axis, keepdims=True, where=where)
    centre = mean
    if mean is NO_VALUE:
        total = sum(a, axis, dtype, keepdims=True, where=where)
        centre = cast(unwarned(divided_quietly, total, count), dtype_of(total))
    apart = cast(where_(counted, ufunc("subtract", a, centre), 0), dtype_of(a))
    if dtype_of(a).kind == "c":
        apart = square(part("real", apart)) + square(part("imag", apart))
    else:
        apart = ufunc("multiply", apart, apart)
    squares = sum(apart, axis, dtype, keepdims=keepdims, where=where)
    freedom = sum(counted, axis, keepdims=keepdims, where=where) - ddof
    made = cast(unwarned(divided_quietly, squares, freedom), dtype_of(squares))
    none = ufunc("less_equal", freedom, 0)
    made = unpacked(where_(none, nan_like(made), made))
    warn_where(none, "Degrees of freedom <= 0 for slice.")
    return made if out is None else put_into(out, made)


def nanstd(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True,
           mean=NO_VALUE, correction=NO_VALUE):
    made = sqrt(nanvar(a, axis, dtype, None, ddof, keepdims, where=where, mean=mean,
                       correction=correction))
    return made if out is None else put_into(out, made)


def nanmedian(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    a = asarray(a)
    if is_known(a.size) and a.size == 0:
        return nanmean(a, axis, None, out, keepdims)
    if dtype_of(a).kind != "f":
        return median(a, axis, out, keepdims=keepdims)
    lanes, count = numbers_first(a, axis)
    low = picked(lanes, ufunc("floor_divide", count - 1, 2)[None], count, True)[0]
    high = picked(lanes, ufunc("floor_divide", count, 2)[None], count, True)[0]
    made = (low + high) / cast(asarray_(2.0), dtype_of(a))
    made = where_(ufunc("equal", low, high), low, made)
    none = ufunc("equal", count, 0)
    made = where_(none, nan_like(a), made)
    warn_where(none, "All-NaN slice encountered")
    made = with_kept_axes(made if made.ndim else made[()], a, axis, keepdims, 0)
    return made if out is None else put_into(out, made)


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
    a = asarray(a)
    if dtype_of(a).kind == "f" or (is_known(a.size) and a.size == 0):
        made = quantiles_of_numbers(a, q, axis, method, keepdims, weights, weak, words)
    else:
        made = quantiles(a, q, axis, method, keepdims, weights, weak, words)
    return made if out is None else put_into(out, made)


def quantiles_of_numbers(a, q, axis, method, keepdims, weights, weak, words):
    if weights is not None:
        unsupported("the argument `weights` of np.nanquantile and np.nanpercentile")
    if any(logical_not(logical_and(ufunc("greater_equal", q, 0), ufunc("less_equal", q, 1)))):
        raise ValueError(words)
    if is_known(a.size) and a.size == 0:
        return nanmean(a, axis, None, None, keepdims)
    check_method(method)
    lanes, count = numbers_first(a, axis)
    q = asarray(q)
    made = sorted_quantiles(lanes, q.reshape(q.shape or (1,)), count, method, weak)
    none = ufunc("equal", count, 0)
    made = where_(none, nan_like(made), made)
    warn_where(none, "All-NaN slice encountered")
    made = made.reshape(q.shape + count.shape)
    return with_kept_axes(made if made.ndim else made[()], a, axis, keepdims, q.ndim)


def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    x = asarray_(x)
    if dtype_of(x).kind == "c":
        parts = [nan_to_num(part(name, x), copy, nan, posinf, neginf) for name in ("real", "imag")]
        return x if not copy and x.ndim else of_parts(*parts)
    if dtype_of(x).kind != "f":
        return unpacked(cast(x, dtype_of(x)))
    limits = finfo(dtype_of(x))
    high, low = limits.max if posinf is None else posinf, limits.min if neginf is None else neginf
    made = where_(isnan(x), cast(asarray_(nan), dtype_of(x)), x)
    made = where_(ufunc("equal", x, inf), cast(asarray_(high), dtype_of(x)), made)
    made = where_(ufunc("equal", x, -inf), cast(asarray_(low), dtype_of(x)), made)
    if not copy and x.ndim:
        x[...] = made
        return x
    return unpacked(made)

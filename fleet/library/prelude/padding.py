"""np.pad: edges of constants, or of positions of the array itself."""

from primitives import arange as arange_
from primitives import cast, dtype_of, is_known, laid_like


def pad(array, pad_width, mode="constant", **options):
    array = asarray(array)
    return laid_like(copy(padded(array, pad_width, mode, options), "C"), array, "A")


def padded(array, pad_width, mode, options):
    widths = pairs_of(pad_width, array.ndim)
    for before, after in widths:
        if before < 0 or after < 0:
            raise ValueError("index can't contain negative values")
    if callable(mode):
        return padded_by_function(array, widths, mode, options)
    allowed = PAD_OPTIONS.get(mode)
    if allowed is None:
        raise ValueError(f"mode '{mode}' is not supported")
    for name in options:
        if name not in allowed:
            raise ValueError(f"unsupported keyword arguments for mode '{mode}': {set(options)}")
    if mode in ("constant", "empty"):
        return padded_with(array, widths, pairs_of(options.get("constant_values", 0), array.ndim))
    for axis, n in enumerate(array.shape):
        if is_known(n) and n == 0 and widths[axis] != (0, 0):
            raise ValueError(
                f"can't extend empty axis {axis} using modes other than 'constant' or 'empty'"
            )
    for axis, (before, after) in enumerate(widths):
        if is_known(before, after) and before == 0 and after == 0:
            continue
        array = PAD_WAYS[mode](array, axis, before, after, mode, options)
    return array


def pairs_of(value, rank):
    """(before, after) for every axis, from a number, a pair, or a pair for each axis."""
    if isinstance(value, ndarray):
        value = value.tolist()
    if isinstance(value, dict):
        axes = {axis % rank: pair for axis, pair in value.items()}
        return [pairs_of(axes.get(axis, 0), 1)[0] for axis in range(rank)]
    if not isinstance(value, (tuple, list)):
        return [(value, value)] * rank
    if len(value) == 0 or not isinstance(value[0], (tuple, list)):
        if len(value) == 1:
            return [(value[0], value[0])] * rank
        return [tuple(value)] * rank
    pairs = [tuple(pair) if len(pair) == 2 else (pair[0], pair[0]) for pair in value]
    return pairs * rank if len(pairs) == 1 else pairs


def padded_with(array, widths, values):
    for axis, ((before, after), (low, high)) in enumerate(zip(widths, values)):
        shape = array.shape
        left = full((*shape[:axis], before, *shape[axis + 1 :]), low, dtype_of(array))
        right = full((*shape[:axis], after, *shape[axis + 1 :]), high, dtype_of(array))
        array = concatenate((left, array, right), axis)
    return array


def padded_by_function(array, widths, function, options):
    """Zeros around it, and then what a function of the program makes of every line."""
    made = padded_with(array, widths, [(0, 0)] * array.ndim)
    for axis in range(array.ndim):
        lines = moveaxis(made, axis, -1)
        for place in ndindex(lines.shape[:-1]):
            function(lines[place], widths[axis], axis, options)
    return made


def pad_odd(array, axis, before, after, mode):
    """Mirrored at the ends in both directions: what is as far behind an end is as far below it."""
    n = array.shape[axis]
    edge = 1 if mode == "symmetric" else 0
    if dtype_of(array) == "bool":
        unsupported("np.pad(reflect_type='odd') of booleans")
    period = 2 * n - 2 + 2 * edge
    at = arange_(-before, 1, before + n + after, "int64")
    turns, at = at // period, at % period
    back = at >= n
    shape = [1] * array.ndim
    shape[axis] = before + n + after
    turns, back = turns.reshape(tuple(shape)), back.reshape(tuple(shape))
    around = (slice(None),) * axis
    first, last = array[(*around, slice(0, 1))], array[(*around, slice(n - 1, n))]
    there = take(array, where(back.reshape(at.shape), period - at - edge, at), axis)
    two = cast(asarray(2), dtype_of(array))
    made = where(back, two * last - there, there)
    return made + cast(turns, dtype_of(array)) * (two * (last - first))


def pad_by_position(array, axis, before, after, mode, options):
    """Every element of the result is one of the array: which, is arithmetic of positions."""
    n = array.shape[axis]
    one_in_place = mode == "reflect" and is_known(n) and n == 1
    if options.get("reflect_type", "even") == "odd" and not one_in_place:
        return pad_odd(array, axis, before, after, mode)
    at = arange_(-before, 1, before + n + after, "int64")
    if mode == "wrap":
        at = at % n
    elif mode == "edge" or one_in_place:
        at = clip(at, 0, n - 1)
    else:
        period = 2 * n if mode == "symmetric" else 2 * n - 2
        at = at % period
        at = minimum(at, period - 1 - at if mode == "symmetric" else period - at)
    return take(array, at, axis)


def pad_by_statistic(array, axis, before, after, mode, options):
    spans = options.get("stat_length")
    low, high = (None, None) if spans is None else pairs_of(spans, array.ndim)[axis]
    n = array.shape[axis]
    around = (slice(None),) * axis
    first = array if low is None or low >= n else array[(*around, slice(None, low))]
    last = array if high is None or high >= n else array[(*around, slice(n - high, None))]
    function = PAD_STATISTICS[mode]
    parts = [
        repeat(kept(function(first, axis=axis, keepdims=True), array), before, axis), array,
        repeat(kept(function(last, axis=axis, keepdims=True), array), after, axis),
    ]
    return concatenate(parts, axis)


def kept(value, array):
    """A statistic in the dtype of the array."""
    if dtype_of(array).kind in "iu" and dtype_of(value).kind == "f":
        value = rint(value)
    return cast(value, dtype_of(array))


def pad_by_ramp(array, axis, before, after, mode, options):
    low, high = pairs_of(options.get("end_values", 0), array.ndim)[axis]
    around = (slice(None),) * axis
    first, last = array[(*around, 0)], array[(*around, -1)]
    left = linspace(low, first, before, False, dtype=dtype_of(array), axis=axis)
    right = linspace(high, last, after, False, dtype=dtype_of(array), axis=axis)
    return concatenate((left, array, flip(right, axis)), axis)


PAD_STATISTICS = {"maximum": max, "minimum": min, "mean": mean, "median": median}
PAD_WAYS = {
    "edge": pad_by_position, "wrap": pad_by_position, "reflect": pad_by_position,
    "symmetric": pad_by_position, "linear_ramp": pad_by_ramp, "maximum": pad_by_statistic,
    "minimum": pad_by_statistic, "mean": pad_by_statistic, "median": pad_by_statistic,
}
PAD_OPTIONS = {
    "constant": ("constant_values",), "empty": (), "edge": (), "wrap": (),
    "reflect": ("reflect_type",), "symmetric": ("reflect_type",), "linear_ramp": ("end_values",),
    "maximum": ("stat_length",), "minimum": ("stat_length",), "mean": ("stat_length",),
    "median": ("stat_length",),
}

"""How many there are: bincount, digitize, histograms."""

from primitives import argsort as argsort_
from primitives import asarray as asarray_
from primitives import (
    cast,
    dtype_of,
    is_known,
    larger,
    of_parts,
    part,
    result_type,
    scatter,
    ufunc,
    warn,
    whole,
)
from primitives import sort as sort_


def bincount(x, weights=None, minlength=0):
    is_array = isinstance(x, (ndarray, generic))
    x = asarray(x)
    if x.ndim != 1:
        deep = "object too deep for desired array"
        raise ValueError(deep if x.ndim > 1 else "object of too small depth for desired array")
    empty_list = not is_array and is_known(x.shape[0]) and x.shape[0] == 0
    if not empty_list and dtype_of(x) != "uint64":
        check_safe(x, "int64")
    x = cast_if(x, "int64")
    minlength = whole(minlength)
    if minlength < 0:
        raise ValueError("'minlength' must not be negative")
    if is_known(x.shape[0]) and x.shape[0] == 0:
        return zeros((minlength,), int)
    if any(ufunc("less", x, 0)):
        raise ValueError("'list' argument must have no negative elements")
    top = max(concatenate((x, [-1])))
    counts = zeros((larger(int(top) + 1, minlength),), int if weights is None else float)
    if weights is None:
        return scatter(counts, x, ones(x.shape, int), "add")
    return scatter(counts, x, bin_weights(weights, x), "add")


def bin_weights(weights, x):
    """Floats, one for each of the positions x."""
    weights = asarray(weights)
    if weights.ndim != 1:
        deep = "object too deep for desired array"
        raise ValueError(
            deep if weights.ndim > 1 else "object of too small depth for desired array"
        )
    check_safe(weights, "float64")
    if weights.shape[0] != x.shape[0]:
        raise ValueError("The weights and list don't have the same length.")
    return cast_if(weights, float)


def digitize(x, bins, right=False):
    x, bins = asarray_(x), asarray(bins)
    if dtype_of(x).kind == "c":
        raise TypeError("x may not be complex")
    if bins.ndim != 1:
        deep = "object too deep for desired array"
        raise ValueError(deep if bins.ndim > 1 else "object of too small depth for desired array")
    check_safe(bins, "float64")
    up, down = directions(cast_if(bins, float))
    if not up and not down:
        raise ValueError("bins must be monotonically increasing or decreasing")
    side = "left" if right else "right"
    upwards = searchsorted(bins, x, side)
    downwards = bins.shape[0] - searchsorted(bins[::-1], x, side)
    return unpacked(where(up, upwards, downwards))


def directions(bins):
    """Whether bins increase, and whether they decrease: the first two that differ say which way,
    no two after them may go the other; NaN differs from everything and goes nowhere."""
    before, after = bins[:-1], bins[1:]
    rises, falls = ufunc("less", before, after), ufunc("greater", before, after)
    first = argmax(concatenate((ufunc("not_equal", before, after), [True])))
    up = concatenate((rises, [True]))[first]
    return (
        ufunc("bitwise_and", up, ufunc("logical_not", any(falls))),
        ufunc("logical_not", ufunc("bitwise_or", up, any(rises))),
    )


def check_safe(a, dtype):
    if not can_cast(dtype_of(a), dtype):
        raise TypeError(
            f"Cannot cast array data from {dtype_of(a)!r} to {dtype_named(dtype)!r} according to "
            "the rule 'safe'"
        )


def outer_edges(a, range):
    """The range of a histogram, which is not empty."""
    first, last = given_range(a, range)
    if is_known(first, last):
        return (first - 0.5, last + 0.5) if first == last else (first, last)
    half = where(first == last, 0.5, 0.0)
    dtype = result_type(weakly(first), weakly(last))
    half = cast(half, dtype) if dtype.kind == "f" else half
    return first - half, last + half


def even_edges(a, range, bins):
    """Edges of bins of one width, in the dtype of the data and of the range."""
    first, last = given_range(a, range)
    dtype = result_type(weakly(first), weakly(last), dtype_of(a))
    if dtype.kind in "iub":
        dtype = result_type(dtype, float)
    first, last = outer_edges(a, range)
    return linspace(first, last, bins + 1, dtype=dtype), True


def given_range(a, range):
    """The range of a histogram as asked for, or as the data has it."""
    if range is not None:
        first, last = range
        if first > last:
            raise ValueError("max must be larger than min in range parameter.")
        kind = "supplied"
    elif is_known(a.size) and a.size == 0:
        return 0.0, 1.0
    else:
        first, last = min(a), max(a)
        kind = "autodetected"
    if not (isfinite(first) and isfinite(last)):
        raise ValueError(f"{kind} range of [{first}, {last}] is not finite")
    return first, last


def edges_of(a, bins, range):
    """The edges of bins, and whether they are equally wide."""
    if isinstance(bins, str):
        return estimated_edges(a, bins, range)
    rank = asarray_(bins).ndim
    if rank == 1:
        edges = asarray(bins)
        if any(ufunc("greater", edges[:-1], edges[1:])):
            raise ValueError("`bins` must increase monotonically, when an array")
        return edges, False
    if rank > 1:
        raise ValueError("`bins` must be 1d, when an array")
    bins = bin_count(bins, "`bins` must be an integer, a string, or an array")
    if bins < 1:
        raise ValueError("`bins` must be positive, when an integer")
    return even_edges(a, range, bins)


def bin_count(bins, said):
    """How many bins a number asks for, which must be whole."""
    if isinstance(bins, int):
        return bins
    if dtype_of(asarray_(bins)).kind not in "iu":
        raise TypeError(said)
    return int(bins)


def histogram_bin_edges(a, bins=10, range=None, weights=None):
    a = asarray(a)
    return edges_of(ravel(cast(a, "uint8") if dtype_of(a) == "bool" else a), bins, range)[0]


def histogram(a, bins=10, range=None, density=None, weights=None):
    a = asarray(a)
    if dtype_of(a) == "bool":
        a = cast(a, "uint8")
    if weights is not None:
        weights = asarray(weights)
        for here, there in zip(weights.shape, a.shape):
            if here != there:
                raise ValueError("weights should have the same shape as a.")
        weights = ravel(weights)
    a = ravel(a)
    edges, equal = edges_of(a, bins, range)
    count = count_equal if equal else count_between
    counts = count(a, edges, weights)
    if density:
        widths = cast_if(diff(edges), float)
        return counts / widths / sum(counts), edges
    return counts, edges


def count_equal(a, edges, weights):
    """Elements in bins of one width, by a division, whose rounding the edges mend."""
    if weights is not None and dtype_of(weights).kind == "c":
        real = count_equal(a, edges, part("real", weights))
        made = of_parts(real, count_equal(a, edges, part("imag", weights)))
        return cast(made, dtype_of(weights))
    n = edges.shape[0] - 1
    first, last = edges[0], edges[-1]
    inside = ufunc("bitwise_and", ufunc("greater_equal", a, first), ufunc("less_equal", a, last))
    a = cast_if(a[inside], dtype_of(edges))
    at = cast((a - first) / (last - first) * n, "int64")
    at = at - cast(ufunc("equal", at, n), "int64")
    at = at - cast(ufunc("less", a, edges[at]), "int64")
    above = ufunc("greater_equal", a, edges[at + 1])
    at = at + cast(ufunc("bitwise_and", above, ufunc("not_equal", at, n - 1)), "int64")
    if weights is None:
        return scatter(zeros((n,), int), at, ones(at.shape, int), "add")
    weights = weights[inside]
    counts = scatter(zeros((n,), float), at, cast_if(weights, "float64"), "add")
    return cast_if(counts, dtype_of(weights))


def count_between(a, edges, weights):
    """Elements in bins of any width: from where the edges are among the sorted elements."""
    if weights is None:
        a = sort_(a)
        return diff(among(a, edges))
    order = argsort_(a)
    cumulated = concatenate((zeros((1,), dtype_of(weights)), cumsum(weights[order])))
    return cast_if(diff(cumulated[among(a[order], edges)]), dtype_of(weights))


def among(a, edges):
    return concatenate((searchsorted(a, edges[:-1], "left"), searchsorted(a, edges[-1:], "right")))


OTHER_DIMENSION = "The dimension of bins must be equal to the dimension of the sample x."


def histogram2d(x, y, bins=10, range=None, density=None, weights=None):
    if len(x) != len(y):
        raise ValueError("x and y must have the same length.")
    count = bins_given(bins)
    if isinstance(bins, ndarray) and dtype_of(bins).kind == "f" and not is_known(count):
        if count == 1:
            raise ValueError(OTHER_DIMENSION)
        if count == 2:
            raise TypeError("`bins[0]` must be an integer, when a scalar")
        bins = [bins, bins]
    elif count not in (None, 1, 2):
        bins = [asarray(bins), asarray(bins)]
    counts, edges = histogramdd([x, y], bins, range, density, weights)
    return counts, edges[0], edges[1]


def histogramdd(sample, bins=10, range=None, density=None, weights=None):
    if not isinstance(sample, ndarray) or sample.ndim != 2:
        sample = transpose(atleast_2d(sample))
    if sample.ndim != 2:
        raise ValueError("too many values to unpack (expected 2)")
    rank = sample.shape[1]
    samples = [sample[:, k] for k in every(rank)]
    if bins_given(bins) is None:
        bins = [bins] * rank
    elif bins_given(bins) != rank:
        raise ValueError(OTHER_DIMENSION)
    range = [None] * rank if range is None else range
    if len(range) != rank:
        raise ValueError("range argument must have one entry per dimension")
    edges = edges_along(samples, bins, range, 0)
    flat, total = None, 1
    for s, made in zip(samples, edges):
        at = searchsorted(made, s, "right")
        at = at - cast(ufunc("equal", s, made[-1]), "int64")
        n = made.shape[0] + 1
        total = total * n
        flat = at if flat is None else flat * n + at
    shape = [made.shape[0] + 1 for made in edges]
    given = ones(flat.shape, float) if weights is None else bin_weights(weights, flat)
    counts = scatter(zeros((total,), float), flat, given, "add").reshape(tuple(shape))
    counts = counts[(slice(1, -1),) * rank]
    if density:
        whole = sum(counts)
        for k in every(rank):
            one = [1] * rank
            one[k] = shape[k] - 2
            counts = counts / diff(edges[k]).reshape(tuple(one))
        counts = counts / whole
    return counts, edges


def bins_given(bins):
    """How many entries `bins` has; None of a number."""
    if isinstance(bins, (list, tuple)):
        return len(bins)
    return None if asarray_(bins).ndim == 0 else len(bins)


def edges_along(samples, bins, range, k):
    """The edges of the axes from k on."""
    if k == len(samples):
        return []
    edges = edges_of_axis(samples[k], bins[k], range[k], k)
    return [edges, *edges_along(samples, bins, range, k + 1)]


def edges_of_axis(a, bins, range, k):
    rank = asarray_(bins).ndim
    if rank == 0:
        if bins < 1:
            raise ValueError(f"`bins[{k}]` must be positive, when an integer")
        first, last = outer_edges(a, range)
        count = bin_count(bins, f"`bins[{k}]` must be an integer, when a scalar")
        return linspace(first, last, count + 1)
    if rank > 1:
        raise ValueError(f"`bins[{k}]` must be a scalar or 1d array")
    edges = asarray(bins)
    if any(ufunc("greater", edges[:-1], edges[1:])):
        raise ValueError(f"`bins[{k}]` must be monotonically increasing, when an array")
    return edges


def every(count):
    """range(count), where `range` is an argument."""
    return list(range(count))


# -- how many bins


def estimated_edges(a, name, range):
    """Edges of as many bins as a rule makes of the data."""
    if name not in BIN_WIDTHS:
        unsupported(f"bins={name!r} of a histogram")
    whole = a
    first, last = outer_edges(a, range)
    if range is not None:
        a = a[ufunc("bitwise_and", ufunc("greater_equal", a, first), ufunc("less_equal", a, last))]
    width = BIN_WIDTHS[name](a)
    if dtype_of(a).kind in "iu":
        width = where(ufunc("bitwise_and", width > 0, width < 1), 1.0, width)
    wide = where(width > 0, width, 1.0)
    count = int(where(width > 0, ceil((last - first) / wide), 1.0))
    return even_edges(whole, range, count)


def width_by_sqrt(a):
    return ptp(a) / sqrt(a.size)


def width_by_sturges(a):
    return ptp(a) / (log2(a.size) + 1.0)


def width_by_rice(a):
    return ptp(a) / (2.0 * a.size ** (1.0 / 3))


def width_by_scott(a):
    return (24.0 * 3.141592653589793**0.5 / a.size) ** (1.0 / 3.0) * std(a)


def width_by_fd(a):
    high, low = percentile(a, [75, 25])
    return 2.0 * (high - low) * a.size ** (-1.0 / 3.0)


def width_by_doane(a):
    n = a.size
    if n <= 2:
        return 0.0
    spread = std(a)
    skew = mean(((a - mean(a)) / where(spread > 0, spread, 1.0)) ** 3)
    usual = sqrt(6.0 * (n - 2) / ((n + 1.0) * (n + 3)))
    width = ptp(a) / (1.0 + log2(n) + log2(1.0 + absolute(skew) / usual))
    return where(spread > 0, width, 0.0)


def width_by_auto(a):
    least = ufunc("maximum", width_by_fd(a), width_by_sqrt(a) / 2)
    return ufunc("minimum", least, width_by_sturges(a))


def width_by_stone(a):
    """The width of as many bins as make the least estimate of the integrated squared error."""
    n, wide = a.size, ptp(a)
    whole = cast(wide, "float64")
    if n <= 1 or whole == 0:
        return 0.0
    most = larger(100, int(sqrt(n)))
    best, least = 1, inf
    for bins in range(1, most + 1):
        shares_of = histogram(a, bins)[0] / n
        error = (2 - (n + 1) * dot(shares_of, shares_of)) / (whole / bins)
        if error < least:
            best, least = bins, error
    if best == most:
        warn("The number of bins estimated may be suboptimal.")
    return whole / best


BIN_WIDTHS = {
    "sqrt": width_by_sqrt, "sturges": width_by_sturges, "rice": width_by_rice,
    "scott": width_by_scott, "fd": width_by_fd, "auto": width_by_auto,
    "doane": width_by_doane, "stone": width_by_stone,
}

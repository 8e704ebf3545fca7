"""Positions along axes, evenly spaced numbers, and what subscripts of slices make of them."""

from primitives import arange as arange_
from primitives import asarray as asarray_
from primitives import (
    cast,
    dtype_of,
    is_known,
    is_scalar,
    known,
    larger,
    lengths,
    result_type,
    ufunc,
    whole,
)


def linspace(
    start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0, *, device=None
):
    num = whole(num)
    if num < 0:
        raise ValueError(f"Number of samples, {num}, must be non-negative.")
    div = num - 1 if endpoint else num
    if is_known(start, stop, num, endpoint, axis):
        return known("linspace", start, stop, num, endpoint, retstep, dtype, axis)
    kind = result_type(weakly(start), weakly(stop), 1.0)
    start, stop = cast_if(asarray_(start), kind), cast_if(asarray_(stop), kind)
    wide = start.ndim if start.ndim > stop.ndim else stop.ndim
    place = arange_(0, 1, num, "int64").reshape((num,) + (1,) * wide)
    at = cast(place, kind)
    width = ufunc("subtract", stop, start)
    parts = cast(asarray_(larger(div, 1)), kind)
    step = ufunc("divide", width, parts)
    stays = any(ufunc("equal", step, 0))  # denormal numbers, of which one step would be nothing
    made = where(stays, at / parts * width, at * step) + start
    if endpoint:
        last = logical_and(ufunc("equal", place, div), ufunc("greater", place, 0))
        made = where(last, stop, made)
    if retstep and not (is_known(div) and div > 0):
        step = step[()] if div > 0 else float("nan")
    made = made if axis == 0 else moveaxis(made, 0, axis)
    if dtype is not None:
        made = ufunc("floor", made) if dtype_named(dtype).kind in "iu" else made
        made = cast(made, dtype)
    return (made, step) if retstep else made


def weakly(x):
    """What decides a common dtype: Python's numbers themselves, the dtype of everything else."""
    if isinstance(x, (int, float, complex)) and not is_scalar(x):
        return x
    return dtype_of(asarray_(x))


def logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    if is_known(start, stop, num, endpoint, base, axis):
        return known("logspace", start, stop, num, endpoint, base, dtype, axis)
    if ndim(base) > 0:
        start, stop, base = asarray(start), asarray(stop), asarray(base)
        most = larger(larger(start.ndim, stop.ndim), base.ndim)
        start, stop = array(start, ndmin=most), array(stop, ndmin=most)
        base = expand_dims(array(base, ndmin=most), axis)
    made = ufunc("power", base, linspace(start, stop, num, endpoint, axis=axis))
    return made if dtype is None else cast(made, dtype)


def geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0):
    if is_known(start, stop, num, endpoint, axis):
        return known("geomspace", start, stop, num, endpoint, dtype, axis)
    start, stop = asarray_(start), asarray_(stop)
    kind = result_type(dtype_of(start), dtype_of(stop), 1.0, float if dtype is None else dtype)
    if any(ufunc("equal", start, 0)) or any(ufunc("equal", stop, 0)):
        raise ValueError("Geometric sequence cannot include zero")
    start, stop = cast_if(start, kind), cast_if(stop, kind)
    side = sign(start)
    start, stop = start / side, stop / side
    made = cast_if(logspace(log10(start), log10(stop), num, endpoint, 10.0), kind)
    at = arange_(0, 1, num, "int64").reshape((num,) + (1,) * (made.ndim - 1))
    made = where(ufunc("equal", at, 0), start, made)
    if endpoint:
        made = where(
            logical_and(ufunc("equal", at, num - 1), ufunc("greater", at, 0)), stop, made
        )
    made = made * side
    made = made if axis == 0 else moveaxis(made, 0, axis)
    return made if dtype is None else cast_if(made, dtype)


def meshgrid(*xi, copy=True, sparse=False, indexing="xy"):
    if indexing not in ("xy", "ij"):
        raise ValueError("Valid values for `indexing` are 'xy' and 'ij'.")
    arrays = [ravel(x) for x in xi]
    rank = len(arrays)
    order = list(range(rank))
    if indexing == "xy" and rank > 1:
        order[0], order[1] = 1, 0
    counts = [0] * rank
    for i in range(rank):
        counts[order[i]] = len(arrays[i])
    made = []
    for i in range(rank):
        one = [1] * rank
        one[order[i]] = len(arrays[i])
        part = arrays[i].reshape(tuple(one))
        part = part if sparse else broadcast_to(part, tuple(counts))
        made.append(copy_array(part) if copy else part)
    return tuple(made)


def indices(dimensions, dtype=int, sparse=False):
    dimensions = lengths(tuple(dimensions))
    parts = open_grid(dimensions, dtype)
    if sparse:
        return tuple(parts)
    if len(parts) == 0:
        return empty((0,), dtype)
    return stack([broadcast_to(part, dimensions) for part in parts])


def open_grid(dimensions, dtype):
    """Along each axis its positions, as an array that broadcasts."""
    rank = len(dimensions)
    return [
        arange(dimensions[axis], dtype=dtype).reshape(
            (1,) * axis + (dimensions[axis],) + (1,) * (rank - 1 - axis)
        )
        for axis in range(rank)
    ]


def fromfunction(function, shape, *, dtype=float, **keywords):
    shape = lengths(shape)
    grid = [copy_array(broadcast_to(part, shape)) for part in open_grid(shape, dtype)]
    return function(*grid, **keywords)


def ix_(*args):
    made = []
    for k, sequence in enumerate(args):
        one = asarray(sequence)
        if one.ndim != 1:
            raise ValueError("Cross index must be 1 dimensional")
        if is_known(one.shape) and one.shape[0] == 0 and isinstance(sequence, (list, tuple)):
            one = cast(one, int)
        if dtype_of(one) == "bool":
            one = nonzero(one)[0]
        made.append(one.reshape((1,) * k + (one.shape[0],) + (1,) * (len(args) - k - 1)))
    return tuple(made)


class NdGrid:
    """What np.mgrid and np.ogrid are."""

    def __init__(self, sparse):
        self.sparse = sparse

    def __getitem__(self, key):
        if not isinstance(key, tuple):
            return self.line(key)
        starts, steps, counts, numbers = [], [], [], [0]
        for one in key:
            start, step = one.start, one.step
            start = 0 if start is None else start
            step = 1 if step is None else step
            if isinstance(step, complex):
                count = int(abs(step))
                step = (one.stop - start) / float(count - 1) if count != 1 else 1
                numbers += [start, one.stop, 1.0]
            else:
                count = int(ceil_of((one.stop - start) / (step * 1.0)))
                numbers += [start, one.stop, step]
            starts.append(start)
            steps.append(step)
            counts.append(count)
        made = open_grid(tuple(counts), result_type(*numbers))
        made = [part * step + start for part, step, start in zip(made, steps, starts)]
        if self.sparse:
            return tuple(made)
        return stack([broadcast_to(part, tuple(counts)) for part in made])

    def line(self, key):
        start, step = key.start, key.step
        start = 0 if start is None else start
        if not isinstance(step, complex):
            return arange(start, key.stop, step)
        count = int(abs(step))
        step = (key.stop - start) / float(count - 1) if count != 1 else count
        dtype = result_type(start, key.stop, abs(1j))
        return arange(0, count, 1, dtype=dtype) * step + start


def ceil_of(number):
    """The next whole number, of one of Python's floats."""
    return -int(-number // 1)


mgrid = NdGrid(False)
ogrid = NdGrid(True)


class Concatenator:
    """What np.r_ and np.c_ are.

    axis: they join along it; ndmin: dimensions at least; trans1d: where axis 0 of a 1-d array goes.
    """

    def __init__(self, axis, ndmin, trans1d):
        self.defaults = axis, ndmin, trans1d

    def __getitem__(self, key):
        if isinstance(key, str):
            unsupported("a matrix as text in np.r_")
        key = key if isinstance(key, tuple) else (key,)
        axis, ndmin, trans1d = self.defaults
        parts, kinds = [], []
        for k, item in enumerate(key):
            if isinstance(item, str):
                if k != 0:
                    raise ValueError("special directives must be the first entry.")
                axis, ndmin, trans1d = directive(item, ndmin, trans1d)
            elif isinstance(item, slice):
                parts.append(widened(self.row(item), ndmin, trans1d))
                kinds.append(dtype_of(parts[-1]))
            elif isinstance(item, (int, float, complex)) or is_scalar(item):
                parts.append(item)
                kinds.append(item)
            else:
                parts.append(widened(asarray(item), ndmin, trans1d))
                kinds.append(dtype_of(parts[-1]))
        dtype = result_type(*kinds)
        return concatenate([array(part, dtype, ndmin=ndmin) for part in parts], axis)

    def row(self, item):
        start = 0 if item.start is None else item.start
        if isinstance(item.step, complex):
            return linspace(start, item.stop, int(abs(item.step)))
        return arange(start, item.stop, item.step)


def directive(text, ndmin, trans1d):
    """What the first entry of np.r_ asks for, where that is a text."""
    if text in ("r", "c"):
        unsupported("np.r_['r'] and np.r_['c'], which give matrices,")
    numbers = [int(part) for part in text.split(",")]
    return (numbers + [ndmin, trans1d][len(numbers) - 1 :])[:3]


def widened(a, ndmin, trans1d):
    """An array of at least ndmin dimensions; axis 0 of a 1-d one becomes axis trans1d."""
    rank = a.ndim
    a = array(a, ndmin=ndmin, copy=False)
    if trans1d == -1 or rank >= ndmin:
        return a
    new = ndmin - rank
    first = trans1d + new + 1 if trans1d < 0 else trans1d
    axes = list(range(ndmin))
    return transpose(a, axes[:first] + axes[new:] + axes[first:new])


r_ = Concatenator(0, 1, -1)
c_ = Concatenator(-1, 2, 0)


def unravel_index(indices, shape, order="C"):
    shape = lengths(shape)
    if is_known(indices, shape) and not isinstance(indices, ndarray):
        return known("unravel_index", indices, shape, order)
    at = positions_of(indices)
    total = elements_of(shape)
    wrong = logical_or(ufunc("less", at, 0), ufunc("greater_equal", at, total))
    if any(wrong):
        bad = ravel(at)[argmax(ravel(wrong))]
        raise ValueError(f"index {bad} is out of bounds for array with size {total}")
    made = []
    for length in shape if order == "F" else shape[::-1]:
        made.append(at % length)
        at = at // length
    return tuple(made if order == "F" else made[::-1])


def positions_of(indices):
    """Whole numbers as 64-bit ones."""
    at = asarray_(indices)
    if dtype_of(at).kind not in "iu":
        raise TypeError("only int indices permitted")
    return cast_if(at, "int64")


def ravel_multi_index(multi_index, dims, mode="raise", order="C"):
    dims = lengths(dims)
    modes = mode if isinstance(mode, tuple) else (mode,) * len(dims)
    found, step = 0, 1
    axes = list(range(len(dims)))
    for axis in axes if order == "F" else axes[::-1]:
        at, length = positions_of(multi_index[axis]), dims[axis]
        if modes[axis] == "wrap":
            at = at % length
        elif modes[axis] == "clip":
            at = clip(at, 0, length - 1)
        elif any(logical_or(ufunc("less", at, 0), ufunc("greater_equal", at, length))):
            raise ValueError("invalid entry in coordinates array")
        found = at * step + found
        step = step * length
    return found

"""Uniform and normal doubles."""

import numpy as np
from primitives import cast, item, lengths

STEP = 1 / 9007199254740992


def random(state, size=None, dtype=np.float64, out=None):
    if out is not None:
        unsupported("the argument `out` of random() at run time")
    if np.dtype(dtype) != np.float64:
        return single_random(state, size)
    return next_double(state) if size is None else shaped(next_doubles, state, size)


def random_sample(state, size=None):
    return random(state, size)


def rand(state, *dims):
    return random(state, dims if dims else None)


def randn(state, *dims):
    return standard_normal(state, dims if dims else None)


def uniform(state, low=0.0, high=1.0, size=None):
    low, high, size = float_arguments(low, high, size)
    width = high - low
    if is_scalar_like(width) and not abs(width) <= np.finfo(float).max:
        raise OverflowError("Range exceeds valid bounds")
    return low + width * draw(state, "random", size)


def normal(state, loc=0.0, scale=1.0, size=None):
    loc, scale, size = float_arguments(loc, scale, size)
    if scale < 0 if is_scalar_like(scale) else np.any(scale < 0):
        raise ValueError("scale < 0")
    return loc + scale * draw(state, "standard_normal", size)


def float_arguments(a, b, size):
    """Parameters of a distribution, and the size that they have together if none is given."""
    if is_scalar_like(a) and is_scalar_like(b):
        return float(a), float(b), size
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    return a, b, np.broadcast_shapes(a.shape, b.shape) if size is None else size


def shaped(fill, state, size):
    """An array of this size: `fill` makes its elements in a row."""
    size = lengths(size)
    count = 1
    for length in size:
        count = count * length
    return fill(state, count).reshape(size)


def next_double(state):
    """53 random bits below the point."""
    if state.kind == "mt19937":
        high, low = twister_pair(state)
        return (real(high >> 5) * 67108864.0 + real(low >> 6)) * STEP
    return real(next64(state) >> 11) * STEP


def real(word):
    """A word as a float."""
    return item(cast(word, np.float64))


def next_doubles(state, count):
    if state.kind == "mt19937":
        words = twister_words(state, 2 * count)
        high, low = cast(words[0::2] >> 5, np.float64), cast(words[1::2] >> 6, np.float64)
        return (high * 67108864.0 + low) * STEP
    return cast(words64(state, count) >> 11, np.float64) * STEP


def single_random(state, size):
    if size is None:
        return float(single(state))
    return shaped(singles, state, size)


def single(state):
    return cast(next32(state) >> 8, np.float32) * np.float32(1 / 16777216)


def singles(state, count):
    made = np.zeros(count, np.float32)
    for i in range(later(count)):
        put(made, i, single(state))
    return made


# -- normal


def standard_normal(state, size=None, dtype=np.float64, out=None):
    if out is not None:
        unsupported("the argument `out` of standard_normal() at run time")
    if np.dtype(dtype) != np.float64:
        unsupported("standard_normal(dtype=np.float32) of a generator known at run time only")
    return next_normal(state) if size is None else shaped(next_normals, state, size)


def next_normal(state):
    return polar(state) if state.kind == "mt19937" else ziggurat(state)


def next_normals(state, count):
    if state.kind == "pcg64":
        return ziggurats(state, count)
    made = np.zeros(count)
    for i in range(later(count)):
        put(made, i, next_normal(state))
    return made


def polar(state):
    """Marsaglia's polar method gives two at a time; the second waits in the state."""
    value = state.gauss
    state.gauss = 0.0
    if state.has_gauss:
        state.has_gauss = False
    else:
        x, y, square, again = later(0.0), later(0.0), later(0.0), later(True)
        while again:
            x = 2.0 * next_double(state) - 1.0
            y = 2.0 * next_double(state) - 1.0
            square = x * x + y * y
            again = (square >= 1.0) | (square == 0.0)
        factor = item(np.sqrt(np.log(square) * -2.0 / square))
        state.gauss, state.has_gauss = factor * x, True
        value = factor * y
    return value


def ziggurat(state):
    """Marsaglia and Tsang: nearly always one word is all it takes."""
    word = next64(state)
    value, is_inside = in_layer(word)
    if not is_inside:
        value = outside(state, word)
    return value


RUN = 128


def ziggurats(state, count):
    """RUN words at once, as far as they are values; the word that is not goes a way of its own."""
    made, done = np.zeros(count), later(0)
    while done < count:
        n = least(count - done, RUN)
        hi, lo = jumped(state, n)
        words = permuted_output(hi, lo)
        values, are_inside = in_layers(words)
        put_part(made, done, n, values)
        first = item(np.argmin(cast(are_inside, np.int64)))
        is_last = bool(element(are_inside, first))
        used = n if is_last else first + 1
        state.hi, state.lo = element(hi, used - 1), element(lo, used - 1)
        if not is_last:
            put(made, done + first, outside(state, element(words, first)))
        done = done + used
    return made


def in_layer(word):
    """A word's value, and whether that is under the curve for certain."""
    value, is_inside = in_layers(word)
    return item(value), bool(is_inside)


def in_layers(words):
    inside, width, _ = normal_tables()
    layer, position = cast(words & 255, np.int64), words >> 9 & 0xFFFFFFFFFFFFF
    sign = 1.0 - 2.0 * cast(words >> 8 & 1, np.float64)
    value = sign * (cast(position, np.float64) * gather(width, layer))
    return value, position < gather(inside, layer)


def outside(state, word):
    """A draw whose first word is in the wedge of its layer, or in the tail."""
    _, _, height = normal_tables()
    value, again = later(0.0), later(True)
    while again:
        value, is_inside = in_layer(word)
        again = not is_inside
        if again:
            layer = as_int(word & 255)
            if layer == 0:
                value = tail(state) * (1.0 - 2.0 * real(word >> 17 & 1))
                again = False
            else:
                low, high = item(element(height, layer)), item(element(height, layer - 1))
                chance = (high - low) * next_double(state) + low
                again = not chance < item(np.exp(-0.5 * value * value))
            if again:
                word = next64(state)
    return value


def tail(state):
    """Beyond the outermost edge: Marsaglia's method for the tail."""
    edge = NORMAL_EDGE
    x, again = later(0.0), later(True)
    while again:
        x = -item(np.log1p(-next_double(state))) / edge
        y = -item(np.log1p(-next_double(state)))
        again = not y + y > x * x
    return edge + x

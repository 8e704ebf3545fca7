"""Bounded ints: by masks and rejection (legacy), or by multiplication (Generator).

D. Lemire, "Fast Random Integer Generation in an Interval".
"""

import numpy as np
from primitives import cast, is_known, item

WHOLE = 0xFFFFFFFFFFFFFFFF


def randint(state, low, high=None, size=None, dtype=int):
    return bounded_ints(state, low, high, size, dtype, False, True)


def integers(state, low, high=None, size=None, dtype=np.int64, endpoint=False):
    return bounded_ints(state, low, high, size, dtype, endpoint, False)


def bounded_ints(state, low, high, size, dtype, endpoint, masked):
    if high is None:
        low, high = 0, low
    if not (is_scalar_like(low) and is_scalar_like(high)):
        unsupported("an array of bounds for random ints of a generator known at run time only")
    low, high = int(low), int(high)
    kind = np.dtype(dtype)
    if kind == np.dtype(bool):
        unsupported("random bools of a generator known at run time only")
    limits = np.iinfo(kind)
    last = high if endpoint else high - 1
    if low < limits.min:
        raise ValueError(f"low is out of bounds for {kind.name}")
    if last > limits.max:
        raise ValueError(f"high is out of bounds for {kind.name}")
    if low > last:
        raise ValueError("low > high" if endpoint else "low >= high")
    bits = 8 * kind.itemsize
    span, first = as_word(last) - as_word(low), as_word(low)
    if is_known(low, last):
        span = last - low

    def one():
        if bits < 32:
            return small_ints(state, span, 1, bits, masked)[0]
        return bounded(state, span, masked)

    def many(state, count):
        if bits < 32:
            return cast(first + small_ints(state, span, count, bits, masked), kind)
        if state.kind == "pcg64" and is_known(span) and is_rarely_rejected(span):
            return cast(first + multiplied_words(state, span, count), kind)
        made = np.zeros(count, kind)
        for i in range(later(count)):
            put(made, i, cast(first + bounded(state, span, masked), kind))
        return made

    if size is not None:
        return shaped(many, state, size)
    value = cast(first + one(), kind)
    return item(value) if dtype is int else value


def as_word(value):
    """An int as its 64 bits."""
    return np.uint64(value & WHOLE) if is_known(value) else cast(np.int64(value), np.uint64)


def as_int(word):
    """A word below 2**63 as an int."""
    return item(cast(word, np.int64))


def bounded(state, span, masked):
    """A word of 0, 1, ... `span`."""
    if span == 0:
        return np.uint64(0)
    if span <= HALF:
        return bounded32(state, span, masked)
    if span == WHOLE:
        return next64(state)
    return masked_word(state, next64, span) if masked else multiplied64(state, span)


def bounded32(state, span, masked):
    """A word of 0, 1, ... `span`, of 32 random bits at a time."""
    if span == HALF:
        return next32(state)
    return masked_word(state, next32, span) if masked else multiplied32(state, span)


def masked_word(state, next_word, span):
    mask = mask_of(span)
    word, again = later(np.uint64(0)), later(True)
    while again:
        word = next_word(state) & mask
        again = bool(word > span)
    return word


def mask_of(span):
    """The least 2**k - 1 that is not below."""
    for shift in (1, 2, 4, 8, 16, 32):
        span = span | (span >> shift)
    return span


def multiplied32(state, span):
    threshold = (HALF - span) % (span + 1)
    product = next32(state) * (span + 1)
    if (product & HALF) < threshold:
        again = later(True)
        while again:
            product = next32(state) * (span + 1)
            again = bool((product & HALF) < threshold)
    return product >> 32


def multiplied64(state, span):
    factor = np.uint64(span + 1)
    threshold = (WHOLE - span) % (span + 1)
    word, low = product64(next64(state), factor)
    if low < threshold:
        again = later(True)
        while again:
            word, low = product64(next64(state), factor)
            again = bool(low < threshold)
    return word


def is_rarely_rejected(span):
    return 0 < span < HALF and (HALF - span) % (span + 1) < 4096


def multiplied_words(state, span, count):
    """All draws at once; should one be rejected, one after the other."""
    before = state.hi, state.lo, state.has_half, state.half
    threshold = (HALF - span) % (span + 1)
    product = words32(state, count) * (span + 1)
    words = product >> 32
    if threshold > 0 and bool(np.any((product & HALF) < threshold)):
        state.hi, state.lo, state.has_half, state.half = before
        words = np.zeros(count, np.uint64)
        for i in range(later(count)):
            put(words, i, multiplied32(state, span))
    return words


def small_ints(state, span, count, bits, masked):
    """Ints of 8 or 16 bits, of which one draw of 32 bits gives several."""
    made = np.zeros(count, np.uint64)
    if span == 0:
        return made
    most = 2**bits - 1
    mask = mask_of(span)
    threshold = (most - span) % (span + 1)
    buffer, left = later(np.uint64(0)), later(0)
    for i in range(later(count)):
        word, again = later(np.uint64(0)), later(True)
        while again:
            if left == 0:
                buffer, left = next32(state), later(32 // bits - 1)
            else:
                buffer, left = buffer >> bits, left - 1
            word = buffer & most
            again = later(False)
            if span != most:
                if masked:
                    word = word & mask
                    again = bool(word > span)
                else:
                    word = word * (span + 1)
                    again = bool((word & most) < threshold)
                    word = word >> bits
        put(made, i, word)
    return made

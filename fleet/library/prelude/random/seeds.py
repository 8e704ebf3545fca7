"""States from seeds that are known at run time only."""

import numpy as np
from primitives import cast

SIGN = "expected non-negative integer"
RANGE = "Seed must be between 0 and 2**32 - 1"


def seed_pcg64(state, seed):
    """As SeedSequence(seed) gives it: M. O'Neill's seed_seq_fe, of four words."""
    if seed < 0:
        raise ValueError(SIGN)
    words = generated(pool_of(np.uint64(seed)), 8)
    hi, lo, inc_hi, inc_lo = [
        cast(words[i], np.uint64) | (cast(words[i + 1], np.uint64) << 32) for i in (0, 2, 4, 6)
    ]
    state.inc_hi, state.inc_lo = (inc_hi << 1) | (inc_lo >> 63), (inc_lo << 1) | 1
    state.hi, state.lo = sum128((hi, lo), (state.inc_hi, state.inc_lo))
    step(state)
    state.has_half, state.half = False, np.uint64(0)


def pool_of(entropy):
    """Four words, into which each word of the entropy has been mixed."""
    factors = iter(hash_factors(0x43B0D7E5, 0x931E8875, 16))
    given = [cast(entropy & HALF, np.uint32), cast(entropy >> 32, np.uint32)]
    pool = [hashed(word, next(factors)) for word in [*given, np.uint32(0), np.uint32(0)]]
    for source in (0, 1, 2, 3):
        for target in (0, 1, 2, 3):
            if source != target:
                own = pool[target] * np.uint32(0xCA01F9DD)
                word = own - hashed(pool[source], next(factors)) * np.uint32(0x4973F715)
                pool[target] = word ^ (word >> 16)
    return pool


def generated(pool, count):
    factors = hash_factors(0x8B51F9DD, 0x58F38DED, count)
    return [hashed(word, pair) for word, pair in zip(pool * (count // 4), factors)]


def hashed(word, factors):
    word = (word ^ factors[0]) * factors[1]
    return word ^ (word >> 16)


def seed_mt19937(state, seed):
    """As RandomState(seed): the recurrence that Matsumoto and Nishimura give."""
    if seed < 0 or seed > HALF:
        raise ValueError(RANGE)
    word = cast(np.uint64(seed), np.uint32)
    key = np.zeros(N, np.uint32)
    for i in range(later(N)):
        put(key, i, word)
        word = (word ^ (word >> 30)) * np.uint32(1812433253) + cast(i + 1, np.uint32)
    state.key, state.position, state.has_gauss, state.gauss = key, N, False, 0.0

"""The bit generators: words of 64 and 32 bits, and what one draw changes of the state."""

import numpy as np
from primitives import cast

HALF = 0xFFFFFFFF
"""The lower 32 bits."""


def next64(state):
    if state.kind == "mt19937":
        high = next32(state)
        return (high << 32) | next32(state)
    return next_word("pcg64", state, pcg64)


def pcg64(state):
    step(state)
    return permuted_output(state.hi, state.lo)


def next32(state):
    """32 random bits in an uint64."""
    if state.kind == "mt19937":
        return twister32(state)
    return next_word("pcg64_half", state, pcg64_half)


def pcg64_half(state):
    if state.has_half:
        state.has_half = False
        return state.half
    word = next64(state)
    state.has_half = True
    state.half = word >> 32
    return word & HALF


def words64(state, count):
    """The next `count` words of PCG64, as an array."""
    if is_small(count, JUMPS):
        hi, lo = jumped(state, count)
        if count > 0:
            state.hi, state.lo = element(hi, count - 1), element(lo, count - 1)
        return permuted_output(hi, lo)
    made = np.zeros(count, np.uint64)
    for start in range(0, later(count), JUMPS):
        n = least(count - start, JUMPS)
        hi, lo = jumped(state, n)
        put_part(made, start, n, permuted_output(hi, lo))
        state.hi, state.lo = element(hi, n - 1), element(lo, n - 1)
    return made


def words32(state, count):
    """The next `count` halves of words of PCG64, in an array of uint64."""
    skip = 1 - int(state.has_half)
    n = (count + skip) // 2
    words = words64(state, n)
    halves = np.zeros(2 * n + 1, np.uint64)
    put(halves, 0, state.half)
    halves[1::2], halves[2::2] = words & HALF, words >> 32
    state.half, state.has_half = element(halves, 2 * n), count + skip == 2 * n
    return part(halves, skip, count)


# -- PCG64: a linear congruential generator modulo 2**128, its state permuted to 64 bits

MULTIPLIER = 0x2360ED051FC65DA4, 0x4385DF649FCCF645


def step(state):
    state.hi, state.lo = sum128(
        product128(state.hi, state.lo, *known64(MULTIPLIER)), (state.inc_hi, state.inc_lo)
    )


def permuted_output(hi, lo):
    """Both halves xor'ed, and rotated by the upper six bits."""
    word, turn = hi ^ lo, hi >> 58
    return (word >> turn) | (word << ((64 - turn) & 63))


def jumped(state, count):
    """The states after 1, 2, ... `count` steps: a power of the multiplier times the state, plus
    the sum of the powers below times the increment."""
    power_hi, power_lo, sum_hi, sum_lo = [part(table, 0, count) for table in jump_tables()]
    return sum128(
        product128(power_hi, power_lo, state.hi, state.lo),
        product128(sum_hi, sum_lo, state.inc_hi, state.inc_lo),
    )


def known64(words):
    return tuple([np.uint64(word) for word in words])


def product128(a_hi, a_lo, b_hi, b_lo):
    """Of 128-bit numbers in two halves, modulo 2**128."""
    hi, lo = product64(a_lo, b_lo)
    return hi + a_hi * b_lo + a_lo * b_hi, lo


def product64(a, b):
    """All 128 bits of a product, by halves of 32 bits."""
    a1, a0, b1, b0 = a >> 32, a & HALF, b >> 32, b & HALF
    middle = a1 * b0 + (a0 * b0 >> 32)
    other = a0 * b1 + (middle & HALF)
    return a1 * b1 + (middle >> 32) + (other >> 32), a * b


def sum128(a, b):
    lo = a[1] + b[1]
    return a[0] + b[0] + cast(lo < b[1], np.uint64), lo


# -- MT19937: 624 words, all renewed at once, and read one after the other

N = 624
M = 397


def twister32(state):
    if state.position >= N:
        state.key, state.position = renewed(state.key), 0
    word = word_at(state.key, state.position)
    state.position = state.position + 1
    return word


def word_at(key, at):
    return twister_word(key, at, tempered_word)


def tempered_word(key, at):
    return tempered(cast(element(key, at), np.uint64))


def renewed(key):
    return twisted_key(key, twisted)


def twister_pair(state):
    """The next two words, with at most one renewal."""
    key, at = state.key, state.position
    first = word_at(key, least(at, N - 1))
    if at > N - 2:
        key = renewed(key)
        state.key = key
        first = first if at < N else word_at(key, 0)
        at = at - N
    state.position = at + 2
    return first, word_at(key, at + 1)


def twister_words(state, count):
    """The next `count` words as an array, a block of the key at a time."""
    made = np.zeros(count, np.uint32)
    done = later(0)
    while done < count:
        if state.position >= N:
            state.key, state.position = renewed(state.key), 0
        at = state.position
        n = least(N - at, count - done)
        put_part(made, done, n, tempered(part(state.key, at, n)))
        state.position = at + n
        done = done + n
    return made


def twisted(key):
    """The next key: word i of word i, i + 1 and i + 397, in blocks that do not need themselves."""
    gap = N - M
    first = key[M:] ^ mixed(key[:gap], key[1 : gap + 1])
    second = first ^ mixed(key[gap : 2 * gap], key[gap + 1 : 2 * gap + 1])
    third = second[: N - 1 - 2 * gap] ^ mixed(key[2 * gap : N - 1], key[2 * gap + 1 :])
    last = second[N - 1 - 2 * gap : N - 2 * gap] ^ mixed(key[N - 1 :], first[:1])
    return np.concatenate([first, second, third, last])


def mixed(word, after):
    """The upper bit of one word and the rest of the next, times the generator's matrix."""
    word = (word & 0x80000000) | (after & 0x7FFFFFFF)
    return (word >> 1) ^ ((word & 1) * np.uint32(0x9908B0DF))


def tempered(word):
    word = word ^ (word >> 11)
    word = word ^ ((word << 7) & 0x9D2C5680)
    word = word ^ ((word << 15) & 0xEFC60000)
    return word ^ (word >> 18)

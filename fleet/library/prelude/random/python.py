"""Python's `random`, of a state or arguments that run time knows: Python's stream of numbers."""

import itertools
import math

import numpy as np
from primitives import cast

PY_NORMAL = 4 * math.exp(-0.5) / math.sqrt(2.0)


def py_random(state):
    return float(next_double(state))


def py_getrandbits(state, k):
    if k < 0:
        raise ValueError("number of bits must be non-negative")
    if k == 0:
        return 0
    if k <= 32:
        return as_int(next32(state) >> np.uint64(32 - k))
    if is_small(k, 1 << 30) and k > 63:
        unsupported("getrandbits() of more than 63 bits at run time")
    low = as_int(next32(state))
    return low | (as_int(next32(state) >> np.uint64(64 - k)) << 32)


def py_below(state, n):
    """A number below n, all alike: as many bits as it takes, until they are one."""
    k = n.bit_length() if is_small(n, 1 << 62) else py_bits_of(n)
    found = py_getrandbits(state, k)
    while found >= n:
        found = py_getrandbits(state, k)
    return found


def py_bits_of(n):
    k = later(0)
    while n >> k > 0:
        k = k + 1
    return k


def py_randrange(state, start, stop=None, step=1):
    if stop is None:
        if start > 0:
            return py_below(state, start)
        raise ValueError("empty range for randrange()")
    width = stop - start
    if step == 1:
        if width > 0:
            return start + py_below(state, width)
        raise ValueError(
            f"empty range in randrange({start}, {stop})" if NEW_WORDS else
            f"empty range for randrange() ({start}, {stop}, {width})"
        )
    if step == 0:
        raise ValueError("zero step for randrange()")
    n = (width + step - 1) // step if step > 0 else (width + step + 1) // step
    if n <= 0:
        raise ValueError(
            f"empty range in randrange({start}, {stop}, {step})" if NEW_WORDS else
            "empty range for randrange()"
        )
    return start + step * py_below(state, n)


def py_randint(state, a, b):
    return py_randrange(state, a, b + 1)


def py_choice(state, seq):
    n = len(seq)
    if n == 0:
        raise IndexError("Cannot choose from an empty sequence")
    return seq[py_below(state, n)]


def py_shuffle(state, x):
    n = len(x)
    for k in range(n - 1):
        i = n - 1 - k
        j = py_below(state, i + 1)
        x[i], x[j] = x[j], x[i]


def py_sample(state, population, k, *, counts=None):
    if counts is not None:
        unsupported("the argument `counts` of sample() at run time")
    n = len(population)
    if k < 0 or k > n:
        raise ValueError("Sample larger than population or is negative")
    limit = 21
    if k > 5:
        limit += 4 ** math.ceil(math.log(k * 3, 4))
    chosen = []
    if n <= limit:
        pool = list(range(n))
        for i in range(k):
            j = py_below(state, n - i)
            chosen.append(pool[j])
            pool[j] = pool[n - i - 1]
    else:
        for _ in range(k):
            j = py_below(state, n)
            while j in chosen:
                j = py_below(state, n)
            chosen.append(j)
    return [population[j] for j in chosen]


def py_choices(state, population, weights=None, *, cum_weights=None, k=1):
    n = len(population)
    if weights is None and cum_weights is None:
        return [population[math.floor(py_random(state) * (n + 0.0))] for _ in range(k)]
    sums = list(itertools.accumulate(weights)) if cum_weights is None else cum_weights
    total = sums[-1] + 0.0
    return [population[py_position(sums, py_random(state) * total, n - 1)] for _ in range(k)]


def py_position(sums, x, hi):
    """How many sums are not above x."""
    lo = 0
    while lo < hi:
        middle = (lo + hi) // 2
        if x < sums[middle]:
            hi = middle
        else:
            lo = middle + 1
    return lo


def py_uniform(state, a, b):
    return a + (b - a) * py_random(state)


def py_gauss(state, mu=0.0, sigma=1.0):
    """Box and Muller's pair, of which the second is kept."""
    if state.has_gauss:
        z = state.gauss
        state.has_gauss, state.gauss = False, 0.0
    else:
        turn = py_random(state) * (2.0 * math.pi)
        radius = math.sqrt(-2.0 * math.log(1.0 - py_random(state)))
        z = math.cos(turn) * radius
        state.has_gauss, state.gauss = True, math.sin(turn) * radius
    return mu + z * sigma


def py_normalvariate(state, mu=0.0, sigma=1.0):
    """Kinderman and Monahan's ratio of uniforms."""
    z, accepted = later(0.0), later(0) > 0
    while not accepted:
        first = py_random(state)
        second = 1.0 - py_random(state)
        z = PY_NORMAL * (first - 0.5) / second
        accepted = z * z / 4.0 <= -math.log(second)
    return mu + z * sigma


def py_lognormvariate(state, mu=0.0, sigma=1.0):
    return math.exp(py_normalvariate(state, mu, sigma))


def py_expovariate(state, lambd=1.0):
    return -math.log(1.0 - py_random(state)) / lambd


def py_triangular(state, low=0.0, high=1.0, mode=None):
    u = py_random(state)
    if mode is None:
        c = 0.5
    elif high == low:
        return low
    else:
        c = (mode - low) / (high - low)
    if u > c:
        return high + (low - high) * math.sqrt((1.0 - u) * (1.0 - c))
    return low + (high - low) * math.sqrt(u * c)


def py_paretovariate(state, alpha):
    return (1.0 - py_random(state)) ** (-1.0 / alpha)


def py_weibullvariate(state, alpha, beta):
    return alpha * (-math.log(1.0 - py_random(state))) ** (1.0 / beta)


def py_seed(state, a):
    """Of an int: the key of a fixed seed, into which its words are mixed twice."""
    n = abs(a)
    words = [cast(np.uint64(n) & HALF, np.uint32), cast(np.uint64(n) >> 32, np.uint32)]
    two = n > HALF
    key = first_key()
    i, j = later(1), later(0)
    for _ in range(later(N)):
        before = element(key, i - 1)
        given = words[1] if j == 1 else words[0]
        word = (element(key, i) ^ ((before ^ (before >> 30)) * np.uint32(1664525))) + given
        word = word + cast(j, np.uint32)
        put(key, i, word)
        i = i + 1
        j = 1 - j if two else 0
        if i >= N:
            put(key, 0, element(key, N - 1))
            i = 1
    for _ in range(later(N - 1)):
        before = element(key, i - 1)
        word = element(key, i) ^ ((before ^ (before >> 30)) * np.uint32(1566083941))
        put(key, i, word - cast(i, np.uint32))
        i = i + 1
        if i >= N:
            put(key, 0, element(key, N - 1))
            i = 1
    put(key, 0, np.uint32(0x80000000))
    state.key, state.position, state.has_gauss, state.gauss = key, N, False, 0.0

"""Numbers that discrete Fourier transforms of a known length need: factors and roots of unity.

In: a length. Out: into which factors a transform of it is taken apart, and cosines and sines as
known arrays. The one idea: NumPy's transforms are FFTPACK's as pocketfft has it (Swarztrauber 1982,
Reinecke 2019), so with the same factors in the same order and the same roots of unity ours have its
bits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import numpy as np

SHORT = 50
"""Shorter transforms are always taken apart into their factors."""
HARD_CODED = 11
"""Greater prime factors have their roots of unity from the table of all."""


def factors(n: int, most: int = 8) -> list[int]:
    """The factors in their order: eights (unless the most is 4), fours, then a 2 that goes to the
    front, then odd primes."""
    found: list[int] = []
    for power in (8, 4):
        while power <= most and n % power == 0:
            found.append(power)
            n //= power
    if n % 2 == 0:
        found.append(2)
        found[0], found[-1] = found[-1], found[0]
        n //= 2
    divisor = 3
    while divisor * divisor <= n:
        while n % divisor == 0:
            found.append(divisor)
            n //= divisor
        divisor += 2
    return [*found, n] if n > 1 else found


def _cost(n: int) -> float:
    """A guess at what a transform costs: large primes are dear."""
    primes = [prime for one in factors(n) for prime in _primes(one)]
    return n * sum(prime if prime <= 5 else 1.1 * prime for prime in primes)


def _primes(factor: int) -> list[int]:
    return [2] * (factor.bit_length() - 1) if factor in (2, 4, 8) else [factor]


def good_length(n: int) -> int:
    """The least length from n on that has no prime factor beyond 11."""
    if n <= 12:
        return n
    while True:
        rest = n
        for prime in (2, 3, 5, 7, 11):
            while rest % prime == 0:
                rest //= prime
        if rest == 1:
            return n
        n += 1


def convolved_length(n: int, real: bool = False) -> int:
    """The length of the convolution by which Bluestein's algorithm does it, 0 where a transform is
    taken apart into its factors."""
    largest = max((prime for one in factors(n) for prime in _primes(one)), default=1)
    if n < SHORT or largest * largest <= n:
        return 0
    direct = _cost(n) * (0.5 if real else 1.0)
    length = good_length(2 * n - 1)
    return length if 3.0 * _cost(length) < direct else 0


# -- roots of unity


def _root(x: int, n: int) -> tuple[float, float]:
    """cos and sin of 2 pi x / n for x up to n / 2, by an angle in the first octant."""
    unit = float(np.longdouble("0.785398163397448309615660845819875721") / n)
    eighths = 8 * x
    if eighths >= 4 * n:
        cosine, sine = _root(n - x, n) if eighths > 4 * n else (-1.0, 0.0)
        return cosine, -sine if sine else sine
    if eighths < 2 * n:
        if eighths < n:
            return math.cos(eighths * unit), math.sin(eighths * unit)
        return math.sin((2 * n - eighths) * unit), math.cos((2 * n - eighths) * unit)
    eighths -= 2 * n
    if eighths < n:
        return -math.sin(eighths * unit), math.cos(eighths * unit)
    return -math.cos((2 * n - eighths) * unit), math.sin((2 * n - eighths) * unit)


@lru_cache(32)
def roots(n: int) -> tuple[np.ndarray, np.ndarray]:
    """cos and sin of 2 pi i / n for all i below n, each a product of two from shorter tables."""
    count, shift = (n + 2) // 2, 1
    while 1 << 2 * shift < count:
        shift += 1
    mask = (1 << shift) - 1
    fine = np.array([(1.0, 0.0), *(_root(i, n) for i in range(1, mask + 1))])
    coarse = [_root(i * (mask + 1), n) for i in range(1, (count + mask) // (mask + 1))]
    wide = np.array([(1.0, 0.0), *coarse])
    at = np.arange(n // 2 + 1)
    (a, b), (c, d) = fine[at & mask].T, wide[at >> shift].T
    cosines, sines = a * c - b * d, a * d + b * c
    rest = np.arange(n // 2 + 1, n)
    return (np.concatenate([cosines, cosines[n - rest]]), np.concatenate([sines, -sines[n - rest]]))


def _rounded(n: int, at: np.ndarray, dtype: Any) -> list[np.ndarray]:
    return [table[at % n].astype(dtype) for table in roots(n)]


def twiddles(n: int, before: int, factor: int, dtype: Any) -> list[np.ndarray]:
    """What the outputs of a pass are multiplied by, (factor, 1, inner), and which are by one.

    before: the product of the factors of the passes before.
    """
    inner = n // (before * factor)
    places = np.outer(np.arange(factor), np.arange(inner))[:, None]
    return [*_rounded(n, before * places, dtype), places == 0]


def weights(n: int, before: int, factor: int, dtype: Any) -> list[np.ndarray]:
    """cos and sin of 2 pi j k / factor: (inputs j, outputs k, 1, 1), either up to half."""
    half = np.arange(1, (factor + 1) // 2)
    products = np.outer(half, half)[..., None, None] % factor
    if factor > HARD_CODED:
        return _rounded(n, products * (n // factor), dtype)
    step = 8 * np.arctan(np.longdouble(1)) / factor
    mirrored = np.minimum(products, factor - products)
    sines = np.where(products == mirrored, 1, -1) * np.sin(mirrored * step)
    return [np.cos(mirrored * step).astype(dtype), sines.astype(dtype)]


def chirp(n: int, dtype: Any) -> list[np.ndarray]:
    """cos and sin of pi i**2 / n for i below n."""
    return _rounded(2 * n, np.arange(n, dtype=np.int64) ** 2 % (2 * n), dtype)


def primitives(array: Callable[[Any], Any]) -> dict[str, Callable[..., Any]]:
    """For the prelude. array: makes a known array a value of the program."""

    def known(function: Callable[..., Iterable[np.ndarray]]) -> Callable[..., list[Any]]:
        return lambda *arguments: [array(made) for made in function(*arguments)]

    return {
        "fourier_factors": factors, "fourier_length": convolved_length,
        "fourier_weights": lambda *given: [list(map(array, made)) for made in weights(*given)],
        "fourier_twiddles": known(twiddles), "fourier_chirp": known(chirp),
    }  # fmt: skip

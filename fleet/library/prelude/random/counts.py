"""Discrete distributions.

W. Hörmann's transformed rejection for large means of Poisson's distribution, inversion for small
means of the binomial distribution.
"""

import math

import numpy as np
from primitives import item

POISSON_MOST = 9.223372006484771e18


def poisson(state, lam=1.0, size=None):
    lam = floats(lam)
    if not np.all(lam >= 0):
        nan = "is NaN" if is_scalar_like(lam) else "contains NaNs"
        raise ValueError(f"lam < 0 or lam {nan}")
    if not np.all(lam <= POISSON_MOST):
        raise ValueError("lam value too large")
    return drawn(state, next_poisson, size, lam, kind=np.int64)


def next_poisson(state, lam):
    if lam >= 10.0:
        count = large_poisson(state, lam)
    elif lam == 0.0:
        count = 0
    else:
        count = small_poisson(state, lam)
    return count


def small_poisson(state, lam):
    least = e_to(-lam)
    count, product = later(0), next_double(state)
    while product > least:
        count = count + 1
        product = product * next_double(state)
    return count


def large_poisson(state, lam):
    spread = root(lam)
    b = 0.931 + 2.53 * spread
    a = -0.059 + 0.02483 * b
    most = 0.9277 - 3.6224 / (b - 2.0)
    scale = ln(1.1239 + 1.1328 / (b - 3.4))
    by_count = ln(lam)
    count, again = later(0), later(True)
    while again:
        u = next_double(state) - 0.5
        v = next_double(state)
        rest = 0.5 - abs(u)
        height = 2.0 * a / rest + b if rest > 0.0 else later(math.inf)
        count = as_count(height * u + lam + 0.43)
        again = not (rest >= 0.07 and v <= most)
        if again and count >= 0 and not (rest < 0.013 and v > rest):
            chance = ln(v) + scale - ln(quotient(a, rest * rest) + b)
            again = not chance <= -lam + count * by_count - log_gamma(count + 1.0)
    return count


def as_count(x):
    """Rounded down; what no int of 64 bits is, is the least of them."""
    x = item(np.floor(x))
    count = later(-(2**63))
    if abs(x) < 9.2e18:
        count = int(x)
    return count


SERIES = (
    8.333333333333333e-02, -2.777777777777778e-03, 7.936507936507937e-04, -5.952380952380952e-04,
    8.417508417508418e-04, -1.917526917526918e-03, 6.410256410256410e-03, -2.955065359477124e-02,
    1.796443723688307e-01, -1.39243221690590e00,
)  # fmt: skip


def log_gamma(x):
    """S. Zhang and J. Jin, "Computation of Special Functions", of a whole number from 1 on."""
    n = later(0)
    if x < 7.0:
        n = int(7.0 - x)
    at = x + n
    square = (1.0 / at) * (1.0 / at)
    total = SERIES[9]
    for k in (8, 7, 6, 5, 4, 3, 2, 1, 0):
        total = total * square + SERIES[k]
    total = total / at + 0.5 * 1.8378770664093453 + (at - 0.5) * ln(at) - at
    for _ in range(n):
        total = total - ln(at - 1.0)
        at = at - 1.0
    if x == 1.0 or x == 2.0:
        total = 0.0
    return total


def geometric(state, p, size=None):
    return drawn(state, next_geometric, size, positive_probability("p", p), kind=np.int64)


def next_geometric(state, p):
    if p >= 0.333333333333333333333333:
        count, total, part = later(1), p + 0.0, p + 0.0
        u = next_double(state)
        while u > total:
            part = part * (1.0 - p)
            total = total + part
            count = count + 1
    elif is_legacy(state):
        count = as_count(item(np.ceil(quotient(ln1p(-next_double(state)), ln(1.0 - p)))))
    else:
        x = item(np.ceil(-next_exponential(state) / ln1p(-p)))
        count = later(2**63 - 1)
        if x < 9.2e18:
            count = int(x)
    return count

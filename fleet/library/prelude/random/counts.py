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


def binomial(state, n, p, size=None):
    n = int(n) if is_scalar_like(n) else np.asarray(n, np.int64)
    p = probability("p", p)
    if np.any(n < 0):
        raise ValueError("n < 0")
    return drawn(state, next_binomial, size, n, p, kind=np.int64)


def next_binomial(state, n, p):
    return binomial_of(state, n, p, is_legacy(state))


def binomial_of(state, n, p, is_old):
    """is_old: RandomState's, which its multinomial counts are not made of."""
    if not is_old and (n == 0 or p == 0.0):
        count = 0
    elif p <= 0.5:
        count = rarer(state, n, p, is_old)
    else:
        count = n - rarer(state, n, 1.0 - p, is_old)
    return count


def rarer(state, n, p, is_old):
    """Of a chance of not more than a half."""
    return by_inversion(state, n, p, is_old) if p * n <= 30.0 else by_triangle(state, n, p)


def by_inversion(state, n, p, is_old):
    q = 1.0 - p
    first = e_to(n * (ln(q) if is_old else ln1p(-p)))
    mean = n * p
    bound = int(np.minimum(1.0 * n, mean + 10.0 * root(mean * q + 1.0)))
    count, chance, u = later(0), first + 0.0, next_double(state)
    while u > chance:
        count = count + 1
        if count > bound:
            count, chance = later(0), first + 0.0
            u = next_double(state)
        else:
            u = u - chance
            chance = ((n - count + 1) * p * chance) / (count * q)
    return count


def by_triangle(state, n, p):
    """V. Kachitvichyanukul and B. Schmeiser's BTPE: a triangle, parallelograms and two tails."""
    q = 1.0 - p
    peak = n * p + p
    m = int(peak)
    spread = n * p * q
    half = item(np.floor(2.195 * root(spread) - 4.6 * q)) + 0.5
    middle = m + 0.5
    left, right = middle - half, middle + half
    c = 0.134 + 20.5 / (15.3 + m)
    a = (peak - left) / (peak - left * p)
    left_rate = a * (1.0 + a / 2.0)
    a = (right - peak) / (right * q)
    right_rate = a * (1.0 + a / 2.0)
    second = half * (1.0 + 2.0 * c)
    third = second + c / left_rate
    fourth = third + c / right_rate
    count, again = later(0), later(True)
    while again:
        u, v = next_double(state) * fourth, next_double(state)
        if u <= half:
            count = as_count(middle - half * v + u)
            again = False
        else:
            if u <= second:
                x = left + (u - half) / c
                v = v * c + 1.0 - abs(m - x + 0.5) / half
                count = as_count(x)
                is_possible = v <= 1.0
            elif u <= third:
                count = as_count(left + quotient(ln(v), left_rate))
                is_possible = count >= 0 and v != 0.0
                v = v * (u - second) * left_rate
            else:
                count = as_count(right - quotient(ln(v), right_rate))
                is_possible = count <= n and v != 0.0
                v = v * (u - third) * right_rate
            if is_possible:
                again = not is_under(n, p, m, spread, count, v)
    return count


def is_under(n, p, m, spread, count, v):
    """Whether v is not above the chance of this count, relative to the most probable one, m."""
    q = 1.0 - p
    k = abs(count - m)
    if k > 20 and k < spread / 2.0 - 1.0:
        rho = (k / spread) * ((k * (k / 3.0 + 0.625) + 0.16666666666666666) / spread + 0.5)
        t = -(k * k) / (2.0 * spread)
        height = ln(v)
        if height < t - rho:
            found = True
        elif height > t + rho:
            found = False
        else:
            found = height <= logarithm_of_ratio(n, p, q, m, count)
    else:
        s = p / q
        a, ratio = s * (n + 1), later(1.0)
        for i in range(m + 1, count + 1):
            ratio = ratio * (a / i - s)
        for i in range(count + 1, m + 1):
            ratio = ratio / (a / i - s)
        found = v <= ratio
    return found


def logarithm_of_ratio(n, p, q, m, count):
    x, f = count + 1.0, m + 1.0
    z, w = n + 1.0 - m, n - count + 1.0
    total = (m + 0.5) * ln(f / x) + (n - m + 0.5) * ln(z / w)
    total = total + (count - m) * ln(w * p / (x * q))
    return total + stirling(f) + stirling(z) + stirling(x) + stirling(w)


def stirling(x):
    """As NumPy has it, with 13680 where the paper has 13860, and added up for all four."""
    y = x * x
    return (13680.0 - (462.0 - (132.0 - (99.0 - 140.0 / y) / y) / y) / y) / x / 166320.0


def negative_binomial(state, n, p, size=None):
    def one(state, n, p):
        return next_poisson(state, (1.0 - p) / p * next_gamma(state, n))

    n = positive("n", n)
    return drawn(state, one, size, n, positive_probability("p", p), kind=np.int64)

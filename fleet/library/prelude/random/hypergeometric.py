"""Draws without replacement: how many of a sample are of a kind, or of each of several kinds.

Small samples are drawn one by one; large ones by E. Stadlober's ratio of uniforms, HRUA ("Sampling
from Poisson, Binomial and Hypergeometric Distributions", 1989), whose names for its variables stay.
"""

import numpy as np
from primitives import item, lengths

D1 = 1.7155277699214135
D2 = 0.8989161620588988
HALF_LN_2_PI = 0.9189385332046728


def hypergeometric(state, ngood, nbad, nsample, size=None):
    ngood, nbad, nsample = whole_counts(ngood), whole_counts(nbad), whole_counts(nsample)
    if not is_legacy(state) and (np.any(ngood >= 10**9) or np.any(nbad >= 10**9)):
        raise ValueError("both ngood and nbad must be less than 1000000000")
    if np.any(ngood + nbad < nsample):
        raise ValueError("ngood + nbad < nsample")
    if np.any(ngood < 0):
        raise ValueError("ngood < 0")
    if np.any(nbad < 0):
        raise ValueError("nbad < 0")
    if is_legacy(state):
        if np.any(nsample < 1):
            are_scalars = all(map(is_scalar_like, (ngood, nbad, nsample)))
            nan = "is NaN" if are_scalars else "contains NaNs"
            raise ValueError(f"nsample < 1 or nsample {nan}")
        one = next_legacy_hypergeometric
    else:
        if np.any(nsample < 0):
            raise ValueError("nsample < 0")
        one = next_hypergeometric
    return drawn(state, one, size, ngood, nbad, nsample, kind=np.int64)


def whole_counts(value):
    return int(value) if is_scalar_like(value) else np.asarray(value, np.int64)


def next_hypergeometric(state, good, bad, sample):
    if sample >= 10 and sample <= good + bad - 10:
        count = by_ratio(state, good, bad, sample)
    else:
        count = one_by_one(state, good, bad, sample)
    return count


def next_legacy_hypergeometric(state, good, bad, sample):
    return by_ratio(state, good, bad, sample) if sample > 10 else by_urn(state, good, bad, sample)


def one_by_one(state, good, bad, sample):
    """Of the sample or, where it is most of all, of what it leaves."""
    total = good + bad
    is_most = sample > total // 2
    wanted = later(0) + (total - sample if is_most else sample)
    goods, left = later(0) + good, later(0) + total
    while wanted > 0 and goods > 0 and left > goods:
        left = left - 1
        if as_int(bounded(state, as_word(left), True)) < goods:
            goods = goods - 1
        wanted = wanted - 1
    if left == goods:
        goods = goods - wanted
    return goods if is_most else good - goods


def by_urn(state, good, bad, sample):
    """The older generator's: of the rarer kind, by a uniform number for each one drawn."""
    rest = good + bad - sample
    rarer_kind = least(good, bad)
    remaining, k = later(0.0) + rarer_kind, later(0) + sample
    while remaining > 0.0 and k > 0:
        u = next_double(state)
        remaining = remaining - item(np.floor(u + remaining / (rest + k)))
        k = k - 1
    count = int(rarer_kind - remaining)
    return sample - count if good > bad else count


def by_ratio(state, good, bad, sample):
    total = good + bad
    n, low, high = least(sample, total - sample), least(good, bad), most(good, bad)
    p = low / total
    if is_legacy(state):
        variance = 1.0 * (total - n) * sample * p * (1.0 - p) / (total - 1)
    else:
        variance = 1.0 * (total - n) * n * p * (high / total) / (total - 1)
    a, c = n * p + 0.5, root(variance + 0.5)
    h = D1 * c + D2
    m = int(item(np.floor(1.0 * (n + 1) * (low + 1) / (total + 2))))
    g = log_ways(state, m, n, low, high)
    bound = item(np.minimum(least(n, low) + 1.0, np.floor(a + 16.0 * c)))
    count, again = later(0), later(True)
    while again:
        u, v = next_double(state), next_double(state)
        x = a + quotient(h * (v - 0.5), u)
        if x >= 0.0 and x < bound:
            count = int(x)
            t = g - log_ways(state, count, n, low, high)
            if u * (4.0 - u) - 3.0 <= t:
                again = False
            elif u * (u - t) < 1.0:
                again = not 2.0 * ln(u) <= t
    if good > bad:
        count = n - count
    if n < sample:
        count = good - count
    return count


def log_ways(state, count, n, low, high):
    """The logarithm of what the number of ways to draw so many is divided by."""
    others = high - n + count
    if is_legacy(state):
        total = log_gamma(count + 1.0) + log_gamma(low - count + 1.0)
        return total + log_gamma(n - count + 1.0) + log_gamma(others + 1.0)
    total = log_factorial(count) + log_factorial(low - count)
    return total + log_factorial(n - count) + log_factorial(others)


def log_factorial(k):
    """Of a table, and beyond it by Stirling's series."""
    (table,) = factorial_tables()
    value = item(element(table, least(k, LOG_FACTORIALS - 1)))
    if k >= LOG_FACTORIALS:
        x = 1.0 * k
        correction = (1.0 / x) * (1 / 12.0 - 1.0 / (360.0 * x * x))
        value = (x + 0.5) * ln(x) - x + (HALF_LN_2_PI + correction)
    return value


# -- several kinds


def multivariate_hypergeometric(state, colors, nsample, size=None, method="marginals"):
    if method not in ("count", "marginals"):
        raise ValueError('method must be "count" or "marginals".')
    if nsample < 0:
        raise ValueError("nsample must be nonnegative.")
    colors = np.asarray(colors)
    is_whole = colors.size == 0 or colors.dtype.kind in "iu"
    if colors.ndim != 1 or not is_whole or np.any(colors < 0):
        raise ValueError("colors must be a one-dimensional sequence of nonnegative integers not "
                         "exceeding 9223372036854775807.")  # fmt: skip
    colors = colors.astype(np.int64)
    total, kinds = int(np.sum(colors)), colors.shape[0]
    if method == "marginals" and total >= 1000000000:
        raise ValueError('When method is "marginals", sum(colors) must be less than 1000000000.')
    if nsample > total:
        raise ValueError("nsample > sum(colors)")
    is_most = nsample > total // 2
    wanted = total - nsample if is_most else nsample + 0
    if method == "count":
        members = np.repeat(np.arange(kinds), colors)

    def many(state, count):
        made = np.zeros(count, np.int64)
        if kinds > 0 and wanted > 0:
            for row in range(later(count // most(kinds, 1))):
                if method == "count":
                    count_members(state, members, total, wanted, made, row * kinds)
                else:
                    split_by_kind(state, colors, total, wanted, made, row * kinds)
        return made

    made = shaped(many, state, (*lengths(() if size is None else size), kinds))
    return colors - made if is_most and total > 0 and nsample > 0 else made


def split_by_kind(state, colors, total, wanted, made, start):
    kinds = colors.shape[0]
    left, remaining, j = later(0) + wanted, later(0) + total, later(0)
    while left > 0 and j < kinds - 1:
        good = item(element(colors, j))
        remaining = remaining - good
        count = next_hypergeometric(state, good, remaining, left)
        put(made, start + j, count)
        left = left - count
        j = j + 1
    if left > 0:
        put(made, start + kinds - 1, left)


def count_members(state, members, total, wanted, made, start):
    """Those that Fisher and Yates's shuffle brings to the front, in a copy kept from row to row."""
    for j in range(later(wanted)):
        k = j + as_int(bounded(state, as_word(total - j - 1), True))
        here, there = element(members, j), element(members, k)
        put(members, k, here)
        put(members, j, there)
        at = start + item(there)
        put(made, at, element(made, at) + 1)

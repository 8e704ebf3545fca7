"""`statistics`: means, medians and spreads.

Sums of ints and floats are exact, as ratios of ints, and rounded once, as CPython's are; of data
that only run time knows, it is asked for them.
"""

import math
import random
from collections import Counter, namedtuple

from primitives import exact_sum, knows_late, late_statistic, ratio_to_float, root_of_ratio


class StatisticsError(ValueError):
    pass


def _numbers(data, function):
    data = list(data)
    if not data:
        raise StatisticsError(f"{function} requires at least one data point")
    return data


def _quotient(pair, n, kind):
    """An exact sum divided: an int if all were ints and it divides, else a float."""
    top, bottom = pair
    bottom = bottom * n
    if kind is int and top % bottom == 0:
        return top // bottom
    return ratio_to_float(top, bottom)


def mean(data):
    data = _numbers(data, "mean")
    if knows_late(data):
        return late_statistic("mean", data)
    top, bottom, kind = exact_sum(data)
    return _quotient((top, bottom), len(data), kind)


def fmean(data, weights=None):
    data = list(data)
    if not data:
        raise StatisticsError("fmean requires at least one data point")
    if weights is None:
        return math.fsum(data) / len(data)
    weights = list(weights)
    if len(weights) != len(data):
        raise StatisticsError("data and weights must be the same length")
    total = math.fsum(weights)
    if not total:
        raise StatisticsError("sum of weights must be non-zero")
    return math.fsum([a * b for a, b in zip(data, weights)]) / total


def geometric_mean(data):
    data = list(data)
    try:
        return math.exp(fmean([math.log(x) for x in data]))
    except ValueError:
        raise StatisticsError(
            "geometric mean requires a non-empty dataset containing positive numbers"
        ) from None


def harmonic_mean(data, weights=None):
    data = list(data)
    if not data:
        raise StatisticsError("harmonic_mean requires at least one data point")
    for x in data:
        if x < 0:
            raise StatisticsError("harmonic mean does not support negative values")
    if len(data) == 1 and weights is None:
        return data[0]
    for x in data:
        if x == 0:
            return 0
    if knows_late(data) or knows_late(weights):
        return late_statistic("harmonic_mean", data, weights)
    if weights is None:
        weights = [1] * len(data)
    top, bottom, _ = exact_sum([w / x for w, x in zip(weights, data)])
    return ratio_to_float(sum(weights) * bottom, top)


def median(data):
    data = sorted(data)
    n = len(data)
    if n == 0:
        raise StatisticsError("no median for empty data")
    if n % 2 == 1:
        return data[n // 2]
    return (data[n // 2 - 1] + data[n // 2]) / 2


def median_low(data):
    data = sorted(data)
    if not data:
        raise StatisticsError("no median for empty data")
    return data[(len(data) - 1) // 2]


def median_grouped(data, interval=1.0):
    """Of values that stand for the middles of intervals of that width."""
    data = sorted(data)
    if not data:
        raise StatisticsError("no median for empty data")
    middle = data[len(data) // 2]
    below, same = sum(x < middle for x in data), data.count(middle)
    lowest = float(middle) - float(interval) / 2.0
    return lowest + float(interval) * (len(data) / 2 - below) / same


def median_high(data):
    data = sorted(data)
    if not data:
        raise StatisticsError("no median for empty data")
    return data[len(data) // 2]


def mode(data):
    found = Counter(iter(data)).most_common(1)
    if not found:
        raise StatisticsError("no mode for empty data")
    return found[0][0]


def multimode(data):
    counts = Counter(iter(data))
    if not counts:
        return []
    most = max(counts.values())
    return [value for value, count in counts.items() if count == most]


def _squares(data, center):
    """(exact sum of squared deviations as a ratio, the type of the data)."""
    n = len(data)
    top, bottom, kind = exact_sum(data)
    square_top, square_bottom, _ = exact_sum(data, 2)
    if center is None:
        # n * sum(x*x) - sum(x)**2, over n
        return (n * square_top * bottom * bottom - top * top * square_bottom,
                n * square_bottom * bottom * bottom, kind)  # fmt: skip
    deviations = [x - center for x in data]
    square_top, square_bottom, _ = exact_sum(deviations, 2)
    return square_top, square_bottom, kind


def variance(data, xbar=None):
    data = list(data)
    if len(data) < 2:
        raise StatisticsError("variance requires at least two data points")
    if knows_late(data):
        return late_statistic("variance", data, xbar)
    top, bottom, kind = _squares(data, xbar)
    return _quotient((top, bottom), len(data) - 1, kind)


def pvariance(data, mu=None):
    data = list(data)
    if len(data) < 1:
        raise StatisticsError("pvariance requires at least one data point")
    if knows_late(data):
        return late_statistic("pvariance", data, mu)
    top, bottom, kind = _squares(data, mu)
    return _quotient((top, bottom), len(data), kind)


def stdev(data, xbar=None):
    data = list(data)
    if len(data) < 2:
        raise StatisticsError("stdev requires at least two data points")
    if knows_late(data):
        return late_statistic("stdev", data, xbar)
    top, bottom, _ = _squares(data, xbar)
    return root_of_ratio(top, bottom * (len(data) - 1))


def pstdev(data, mu=None):
    data = list(data)
    if len(data) < 1:
        raise StatisticsError("pstdev requires at least one data point")
    if knows_late(data):
        return late_statistic("pstdev", data, mu)
    top, bottom, _ = _squares(data, mu)
    return root_of_ratio(top, bottom * len(data))


def quantiles(data, *, n=4, method="exclusive"):
    if n < 1:
        raise StatisticsError("n must be at least 1")
    data = sorted(data)
    count = len(data)
    if count < 2:
        raise StatisticsError("must have at least two data points")
    if method == "inclusive":
        m = count - 1
        found = []
        for i in range(1, n):
            j, delta = divmod(i * m, n)
            found.append((data[j] * (n - delta) + data[j + 1] * delta) / n)
        return found
    if method != "exclusive":
        raise ValueError(f"Unknown method: {method!r}")
    m = count + 1
    found = []
    for i in range(1, n):
        j = i * m // n
        j = 1 if j < 1 else count - 1 if j > count - 1 else j
        delta = i * m - j * n
        found.append((data[j - 1] * (n - delta) + data[j] * delta) / n)
    return found


def _pairs(x, y, name):
    n = len(x)
    if len(y) != n:
        raise StatisticsError(f"{name} requires that both inputs have same number of data points")
    if n < 2:
        raise StatisticsError(f"{name} requires at least two data points")
    return n


def covariance(x, y, /):
    n = _pairs(x, y, "covariance")
    xbar, ybar = math.fsum(x) / n, math.fsum(y) / n
    return math.fsum([(a - xbar) * (b - ybar) for a, b in zip(x, y)]) / (n - 1)


def correlation(x, y, /):
    n = _pairs(x, y, "correlation")
    xbar, ybar = math.fsum(x) / n, math.fsum(y) / n
    sxy = math.fsum([(a - xbar) * (b - ybar) for a, b in zip(x, y)])
    sxx = math.fsum([(a - xbar) ** 2.0 for a in x])
    syy = math.fsum([(b - ybar) ** 2.0 for b in y])
    try:
        return sxy / math.sqrt(sxx * syy)
    except ZeroDivisionError:
        raise StatisticsError("at least one of the inputs is constant") from None


LinearRegression = namedtuple("LinearRegression", ("slope", "intercept"))


def linear_regression(x, y, /, *, proportional=False):
    n = _pairs(x, y, "linear regression")
    if proportional:
        sxy = math.fsum([a * b for a, b in zip(x, y)])
        sxx = math.fsum([a * a for a in x])
        xbar = ybar = 0.0
    else:
        xbar, ybar = math.fsum(x) / n, math.fsum(y) / n
        sxy = math.fsum([(a - xbar) * (b - ybar) for a, b in zip(x, y)])
        sxx = math.fsum([(a - xbar) ** 2.0 for a in x])
    try:
        slope = sxy / sxx
    except ZeroDivisionError:
        raise StatisticsError("x is constant") from None
    return LinearRegression(slope=slope, intercept=0.0 if proportional else ybar - slope * xbar)


_MIDDLE = (
    (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
     13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608),
    (5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
     5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0),
)
_OUTER = (
    (7.7454501427834140764e-4, 2.27238449892691845833e-2, 2.4178072517745061177e-1,
     1.27045825245236838258, 3.64784832476320460504, 5.7694972214606914055,
     4.6303378461565452959, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.475938084995344946e-4, 1.51986665636164571966e-2,
     1.4810397642748007459e-1, 6.8976733498510000455e-1, 1.6763848301838038494,
     2.05319162663775882187, 1.0),
)
_FAR = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.2426609473880784386e-3,
     2.65321895265761230930e-2, 2.9656057182850489123e-1, 1.7848265399172913358,
     5.4637849111641143699, 6.6579046435011037772),
    (2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5,
     7.868691311456132591e-4, 1.48753612908506148525e-2, 1.3692988092273580531e-1,
     5.9983220655588793769e-1, 1.0),
)
"""Wichura's AS 241 (1988): numerators and denominators of the quantiles of a normal distribution,
the highest power first."""


def _horner(coefficients, x):
    total = coefficients[0]
    for one in coefficients[1:]:
        total = total * x + one
    return total


def _normal_quantile(p, mu, sigma):
    q = p - 0.5
    if math.fabs(q) <= 0.425:
        r = 0.180625 - q * q
        return mu + _horner(_MIDDLE[0], r) * q / _horner(_MIDDLE[1], r) * sigma
    r = math.sqrt(-math.log(p if q <= 0.0 else 1.0 - p))
    if r <= 5.0:
        x = _horner(_OUTER[0], r - 1.6) / _horner(_OUTER[1], r - 1.6)
    else:
        x = _horner(_FAR[0], r - 5.0) / _horner(_FAR[1], r - 5.0)
    return mu + (-x if q < 0.0 else x) * sigma


_SQRT2 = math.sqrt(2.0)


class NormalDist:
    def __init__(self, mu=0.0, sigma=1.0):
        if sigma < 0.0:
            raise StatisticsError("sigma must be non-negative")
        self._mu = float(mu)
        self._sigma = float(sigma)

    @classmethod
    def from_samples(cls, data):
        data = list(data)
        return cls(float(mean(data)), float(stdev(data)))

    def samples(self, n, *, seed=None):
        gauss = random.gauss if seed is None else random.Random(seed).gauss
        return [gauss(self._mu, self._sigma) for _ in range(n)]

    def _spread(self, function):
        if not self._sigma:
            raise StatisticsError(f"{function}() not defined when sigma is zero")
        return self._sigma

    def pdf(self, x):
        variance = self._spread("pdf") * self._sigma
        diff = x - self._mu
        return math.exp(diff * diff / (-2.0 * variance)) / math.sqrt(math.tau * variance)

    def cdf(self, x):
        return 0.5 * (1.0 + math.erf((x - self._mu) / (self._spread("cdf") * _SQRT2)))

    def inv_cdf(self, p):
        if p <= 0.0 or p >= 1.0:
            raise StatisticsError("p must be in the range 0.0 < p < 1.0")
        if self._sigma <= 0.0:
            raise StatisticsError("cdf() not defined when sigma at or below zero")
        return _normal_quantile(p, self._mu, self._sigma)

    def quantiles(self, n=4):
        return [self.inv_cdf(i / n) for i in range(1, n)]

    def overlap(self, other):
        if not isinstance(other, NormalDist):
            raise TypeError("Expected another NormalDist instance")
        left, right = self, other
        if (right._sigma, right._mu) < (left._sigma, left._mu):
            left, right = right, left
        if not left.variance or not right.variance:
            raise StatisticsError("overlap() not defined when sigma is zero")
        dv = right.variance - left.variance
        dm = math.fabs(right._mu - left._mu)
        if not dv:
            return 1.0 - math.erf(dm / (2.0 * left._sigma * _SQRT2))
        a = left._mu * right.variance - right._mu * left.variance
        b = left._sigma * right._sigma * math.sqrt(
            dm * dm + dv * math.log(right.variance / left.variance))
        first, second = (a + b) / dv, (a - b) / dv
        return 1.0 - (math.fabs(right.cdf(first) - left.cdf(first))
                      + math.fabs(right.cdf(second) - left.cdf(second)))

    def zscore(self, x):
        return (x - self._mu) / self._spread("zscore")

    @property
    def mean(self):
        return self._mu

    @property
    def median(self):
        return self._mu

    @property
    def mode(self):
        return self._mu

    @property
    def stdev(self):
        return self._sigma

    @property
    def variance(self):
        return self._sigma * self._sigma

    def __add__(self, other):
        if isinstance(other, NormalDist):
            return NormalDist(self._mu + other._mu, math.hypot(self._sigma, other._sigma))
        return NormalDist(self._mu + other, self._sigma)

    def __sub__(self, other):
        if isinstance(other, NormalDist):
            return NormalDist(self._mu - other._mu, math.hypot(self._sigma, other._sigma))
        return NormalDist(self._mu - other, self._sigma)

    def __mul__(self, other):
        return NormalDist(self._mu * other, self._sigma * math.fabs(other))

    def __truediv__(self, other):
        return NormalDist(self._mu / other, self._sigma / math.fabs(other))

    def __pos__(self):
        return NormalDist(self._mu, self._sigma)

    def __neg__(self):
        return NormalDist(-self._mu, self._sigma)

    __radd__ = __add__

    def __rsub__(self, other):
        return -(self - other)

    __rmul__ = __mul__

    def __eq__(self, other):
        if not isinstance(other, NormalDist):
            return NotImplemented
        return self._mu == other._mu and self._sigma == other._sigma

    def __hash__(self):
        return hash((self._mu, self._sigma))

    def __repr__(self):
        return f"{type(self).__name__}(mu={self._mu!r}, sigma={self._sigma!r})"

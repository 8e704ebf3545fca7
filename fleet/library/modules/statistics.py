"""`statistics`: means, medians and spreads.

Sums of ints and floats are exact, as ratios of ints, and rounded once, as CPython's are; of data
that only run time knows, it is asked for them.
"""

import math
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

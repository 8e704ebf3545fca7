"""Continuous distributions. Where the two generators differ, RandomState has the older algorithm,
and `state.kind` tells.

The algorithms are NumPy's: G. Marsaglia and W. Tsang for gamma variates, M. Jöhnk for beta,
D. Best and N. Fisher for von Mises, J. Michael, W. Schucany and R. Haas for Wald.
"""

import math

import numpy as np
from primitives import item


def is_legacy(state):
    return state.kind == "mt19937"


# -- exponential


def standard_exponential(state, size=None, dtype=np.float64, method="zig", out=None):
    if out is not None or method != "zig" or np.dtype(dtype) != np.float64:
        unsupported("standard_exponential() with dtype, method or out at run time")
    return drawn(state, next_exponential, size)


def exponential(state, scale=1.0, size=None):
    def one(state, scale):
        return scale * next_exponential(state)

    return drawn(state, one, size, non_negative("scale", scale))


def next_exponential(state):
    if is_legacy(state):
        return -ln(1.0 - next_double(state))
    return exponential_ziggurat(state)


def exponential_ziggurat(state):
    inside, width, height = exponential_tables()
    value, again = later(0.0), later(True)
    while again:
        word = next64(state) >> 3
        layer, position = as_int(word & 255), word >> 8
        value = real(position) * item(element(width, layer))
        again = not bool(position < element(inside, layer))
        if again:
            if layer == 0:
                value = EXPONENTIAL_EDGE - ln1p(-next_double(state))
                again = False
            else:
                low, high = item(element(height, layer)), item(element(height, layer - 1))
                chance = (high - low) * next_double(state) + low
                again = not chance < e_to(-value)
    return value


def rayleigh(state, scale=1.0, size=None):
    def one(state, scale):
        if is_legacy(state):
            return scale * root(-2.0 * ln1p(-next_double(state)))
        return scale * root(2.0 * next_exponential(state))

    return drawn(state, one, size, non_negative("scale", scale))


def weibull(state, a, size=None):
    def one(state, a):
        value = 0.0
        if a != 0.0:
            value = raised(next_exponential(state), 1.0 / a)
        return value

    return drawn(state, one, size, non_negative("a", a))


def pareto(state, a, size=None):
    def one(state, a):
        x = next_exponential(state) / a
        return e_to(x) - 1.0 if is_legacy(state) else item(np.expm1(x))

    return drawn(state, one, size, positive("a", a))


def power(state, a, size=None):
    def one(state, a):
        x = -next_exponential(state)
        return raised(1.0 - e_to(x) if is_legacy(state) else -item(np.expm1(x)), 1.0 / a)

    return drawn(state, one, size, positive("a", a))


# -- of one uniform number


def laplace(state, loc=0.0, scale=1.0, size=None):
    def one(state, loc, scale):
        u = positive_double(state)
        return loc - scale * ln(2.0 - u - u) if u >= 0.5 else loc + scale * ln(u + u)

    return drawn(state, one, size, floats(loc), non_negative("scale", scale))


def gumbel(state, loc=0.0, scale=1.0, size=None):
    def one(state, loc, scale):
        return loc - scale * ln(-ln(1.0 - positive_double(state)))

    return drawn(state, one, size, floats(loc), non_negative("scale", scale))


def logistic(state, loc=0.0, scale=1.0, size=None):
    def one(state, loc, scale):
        u = positive_double(state)
        return loc + scale * ln(u / (1.0 - u))

    return drawn(state, one, size, floats(loc), non_negative("scale", scale))


def positive_double(state):
    value = next_double(state)
    while value == 0.0:
        value = next_double(state)
    return value


def triangular(state, left, mode, right, size=None):
    left, mode, right = floats(left), floats(mode), floats(right)
    if np.any(left > mode):
        raise ValueError("left > mode")
    if np.any(mode > right):
        raise ValueError("mode > right")
    if np.any(left == right):
        raise ValueError("left == right")

    def one(state, left, mode, right):
        base, below = right - left, mode - left
        u = next_double(state)
        if u <= below / base:
            value = left + root(u * (below * base))
        else:
            value = right - root((1.0 - u) * ((right - mode) * base))
        return value

    return drawn(state, one, size, left, mode, right)


# -- of normal numbers


def lognormal(state, mean=0.0, sigma=1.0, size=None):
    def one(state, mean, sigma):
        return e_to(mean + sigma * next_normal(state))

    return drawn(state, one, size, floats(mean), non_negative("sigma", sigma))


def standard_cauchy(state, size=None):
    def one(state):
        x = next_normal(state)
        return quotient(x, next_normal(state))

    return drawn(state, one, size)


def wald(state, mean, scale, size=None):
    def one(state, mean, scale):
        y = next_normal(state)
        y = mean * y * y
        if is_legacy(state):
            x = mean + mean / (2.0 * scale) * (y - root(4.0 * scale * y + y * y))
        else:
            x = mean * (1.0 - 2.0 / (1.0 + root(1.0 + quotient(4.0 * scale, y))))
        return x if next_double(state) <= mean / (mean + x) else quotient(mean * mean, x)

    return drawn(state, one, size, positive("mean", mean), positive("scale", scale))


def vonmises(state, mu, kappa, size=None):
    return drawn(state, next_angle, size, floats(mu), non_negative("kappa", kappa))


def next_angle(state, mu, kappa):
    if kappa != kappa:
        value = math.nan
    elif kappa < 1e-8:
        value = math.pi * (2.0 * next_double(state) - 1.0)
    elif kappa > 1e6 and not is_legacy(state):
        value = mu + root(1.0 / kappa) * next_normal(state)
        if value < -math.pi:
            value = value + 2.0 * math.pi
        if value > math.pi:
            value = value - 2.0 * math.pi
    else:
        value = wrapped_angle(state, mu, kappa)
    return value


def wrapped_angle(state, mu, kappa):
    s = 1.0 / kappa + kappa
    if kappa >= 1e-5:
        r = 1.0 + root(1.0 + 4.0 * kappa * kappa)
        rho = (r - root(2.0 * r)) / (2.0 * kappa)
        s = (1.0 + rho * rho) / (2.0 * rho)
    w, again = later(0.0), later(True)
    while again:
        z = item(np.cos(math.pi * next_double(state)))
        w = (1.0 + s * z) / (s + z)
        y = kappa * (s - w)
        v = next_double(state)
        again = not (y * (2.0 - y) - v >= 0.0 or ln(quotient(y, v)) + 1.0 - y >= 0.0)
    angle = item(np.arccos(w))
    if next_double(state) < 0.5:
        angle = -angle
    angle = angle + mu
    turned = item(np.fmod(abs(angle) + math.pi, 2.0 * math.pi)) - math.pi
    return -turned if angle < 0.0 else turned


# -- gamma and what is made of it


def standard_gamma(state, shape, size=None, dtype=np.float64, out=None):
    if out is not None or np.dtype(dtype) != np.float64:
        unsupported("standard_gamma() with dtype or out at run time")
    return drawn(state, next_gamma, size, non_negative("shape", shape))


def gamma(state, shape, scale=1.0, size=None):
    def one(state, shape, scale):
        return scale * next_gamma(state, shape)

    return drawn(state, one, size, non_negative("shape", shape), non_negative("scale", scale))


def next_gamma(state, shape):
    if shape == 1.0:
        value = next_exponential(state)
    elif shape == 0.0:
        value = 0.0
    elif shape < 1.0:
        value = small_gamma(state, shape)
    else:
        value = large_gamma(state, shape)
    return value


def small_gamma(state, shape):
    value, again = later(0.0), later(True)
    while again:
        u, v = next_double(state), next_exponential(state)
        if u <= 1.0 - shape:
            value = raised(u, 1.0 / shape)
        else:
            y = -ln((1.0 - u) / shape)
            value = raised(1.0 - shape + shape * y, 1.0 / shape)
            v = v + y
        again = not value <= v
    return value


def large_gamma(state, shape):
    b = shape - 1.0 / 3.0
    c = 1.0 / root(9.0 * b)
    value, again = later(0.0), later(True)
    while again:
        x = next_normal(state)
        v = 1.0 + c * x
        if v > 0.0:
            v = v * v * v
            u = next_double(state)
            again = not u < 1.0 - 0.0331 * (x * x) * (x * x)
            if again:
                again = not ln(u) < 0.5 * x * x + b * (1.0 - v + ln(v))
            value = b * v
    return value


def chisquare(state, df, size=None):
    return drawn(state, next_chisquare, size, positive("df", df))


def next_chisquare(state, df):
    return 2.0 * next_gamma(state, df / 2.0)


def f(state, dfnum, dfden, size=None):
    def one(state, dfnum, dfden):
        x = next_chisquare(state, dfnum) * dfden
        return quotient(x, next_chisquare(state, dfden) * dfnum)

    return drawn(state, one, size, positive("dfnum", dfnum), positive("dfden", dfden))


def standard_t(state, df, size=None):
    def one(state, df):
        x = next_normal(state)
        y = next_gamma(state, df / 2.0)
        return quotient(root(df / 2.0) * x, root(y))

    return drawn(state, one, size, positive("df", df))


def noncentral_chisquare(state, df, nonc, size=None):
    df, nonc = positive("df", df), non_negative("nonc", nonc)
    return drawn(state, next_noncentral_chisquare, size, df, nonc)


def next_noncentral_chisquare(state, df, nonc):
    if nonc != nonc and not is_legacy(state):
        value = later(math.nan)
    elif nonc == 0.0:
        value = next_chisquare(state, df)
    elif df > 1.0:
        value = next_chisquare(state, df - 1.0)
        x = next_normal(state) + root(nonc)
        value = value + x * x
    else:
        count = next_poisson(state, nonc / 2.0)
        value = next_chisquare(state, df + 2.0 * count)
        if nonc != nonc:
            value = math.nan
    return value


def noncentral_f(state, dfnum, dfden, nonc, size=None):
    def one(state, dfnum, dfden, nonc):
        x = next_noncentral_chisquare(state, dfnum, nonc) * dfden
        return quotient(x, next_chisquare(state, dfden) * dfnum)

    dfnum, dfden = positive("dfnum", dfnum), positive("dfden", dfden)
    return drawn(state, one, size, dfnum, dfden, non_negative("nonc", nonc))


def beta(state, a, b, size=None):
    return drawn(state, next_beta, size, positive("a", a), positive("b", b))


def next_beta(state, a, b):
    if a <= 1.0 and b <= 1.0:
        value = small_beta(state, a, b)
    else:
        x = next_gamma(state, a)
        value = quotient(x, x + next_gamma(state, b))
    return value


TINY = 3e-103


def small_beta(state, a, b):
    if not is_legacy(state) and a < TINY and b < TINY:
        value = 1.0 if (a + b) * next_double(state) < a else 0.0
    else:
        value = ratio_of_powers(state, a, b)
    return value


def ratio_of_powers(state, a, b):
    value, again = later(0.0), later(True)
    while again:
        u, v = next_double(state), next_double(state)
        x, y = raised(u, quotient(1.0, a)), raised(v, quotient(1.0, b))
        if x + y <= 1.0 and (is_legacy(state) or u + v > 0.0):
            again = False
            if x + y > 0.0 if is_legacy(state) else x > 0.0 and y > 0.0:
                value = x / (x + y)
            else:
                value = ratio_by_logarithms(state, quotient(ln(u), a), quotient(ln(v), b))
    return value


def ratio_by_logarithms(state, x, y):
    """Of numbers that are too small for floats, by their logarithms."""
    if is_legacy(state):
        top = x if x > y else y
        x, y = x - top, y - top
        value = e_to(x - ln(e_to(x) + e_to(y)))
    elif x > y:
        value = e_to(-ln1p(e_to(y - x)))
    else:
        value = e_to(x - y - ln1p(e_to(x - y)))
    return value

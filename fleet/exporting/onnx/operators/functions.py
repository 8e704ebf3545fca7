"""Functions of numbers that ONNX's operators lack, or have for float32 only, as formulas.

In: edges of floats. Out: an edge. The one idea: in float64 each is within a few units of the last
place of the true value, which is what NumPy's own are. Sources: Kahan ("Branch cuts for complex
elementary functions", 1987) for what cancels; NumPy's npy_math for quotients with a rest.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import reduce

import numpy as np

from fleet.exporting.onnx.conversion import Edge

SINGLE = (np.dtype("float16"), np.dtype("float32"))


def exp(x: Edge) -> Edge:
    return x.c.apply("Exp", x)


def log(x: Edge) -> Edge:
    return x.c.apply("Log", x)


def sqrt(x: Edge) -> Edge:
    return x.c.apply("Sqrt", x)


def power(x: Edge, y: Edge) -> Edge:
    return x.c.apply("Pow", x, y)


def floor(x: Edge) -> Edge:
    return x.c.apply("Floor", x)


def trunc(x: Edge) -> Edge:
    return (x < 0).choose(x.c.apply("Ceil", x), floor(x))


def expm1(x: Edge) -> Edge:
    """(u - 1) x / log u with u = exp x: its errors cancel."""
    u = exp(x)
    rest = u - 1
    found = rest * x / log(u)
    plain = u.equals(math.inf) | (rest.equals(-1))
    return rest.equals(0).choose(x, plain.choose(rest, found))


def log1p(x: Edge) -> Edge:
    """log u x / (u - 1) with u = 1 + x, likewise."""
    u = x + 1
    rest = u - 1
    found = log(u) * x / rest
    return rest.equals(0).choose(x, u.equals(math.inf).choose(u, found))


def log2(x: Edge) -> Edge:
    return log(x) * (1 / math.log(2))


def log10(x: Edge) -> Edge:
    return log(x) * (1 / math.log(10))


def exp2(x: Edge) -> Edge:
    return x.c.apply("Pow", x.c.number(2, x.dtype), x)


def cbrt(x: Edge) -> Edge:
    """A power, made exact by a step of Newton's; 0, infinities and NaN are their own roots."""
    root = power(abs(x), x.c.number(1 / 3, x.dtype))
    better = root - (root - abs(x) / (root * root)) / 3
    found = (x < 0).choose(-better, better)
    return (x.equals(0) | abs(x).equals(math.inf)).choose(x, found)


def tan(x: Edge) -> Edge:
    return x.c.apply("Tan", x) if x.dtype in SINGLE else _sine(x) / x.c.apply("Cos", x)


def _sine(x: Edge) -> Edge:
    return x.c.apply("Sin", x)


def _odd(x: Edge, of_positive: Edge) -> Edge:
    """What an odd function is, from what it is of |x|."""
    return (x < 0).choose(-of_positive, of_positive)


def sinh(x: Edge) -> Edge:
    if x.dtype in SINGLE:
        return x.c.apply("Sinh", x)
    less = expm1(abs(x))
    half = exp(abs(x) * 0.5)
    small = (less + less / (less + 1)) * 0.5
    return x.equals(0).choose(x, _odd(x, (abs(x) > 22).choose(half * 0.5 * half, small)))


def cosh(x: Edge) -> Edge:
    if x.dtype in SINGLE:
        return x.c.apply("Cosh", x)
    half = exp(abs(x) * 0.5)
    return half * 0.5 * half + exp(-abs(x)) * 0.5


def arcsinh(x: Edge) -> Edge:
    if x.dtype in SINGLE:
        return x.c.apply("Asinh", x)
    size = abs(x)
    square = size * size
    small = log1p(size + square / (sqrt(square + 1) + 1))
    return x.equals(0).choose(x, _odd(x, (size > 1e100).choose(log(size) + math.log(2), small)))


def arccosh(x: Edge) -> Edge:
    if x.dtype in SINGLE:
        return x.c.apply("Acosh", x)
    more = x - 1
    small = log1p(more + sqrt(more * (more + 2)))
    return (x > 1e100).choose(log(x) + math.log(2), small)


def arctanh(x: Edge) -> Edge:
    if x.dtype in SINGLE:
        return x.c.apply("Atanh", x)
    size = abs(x)
    return x.equals(0).choose(x, _odd(x, log1p(size * 2 / (1 - size)) * 0.5))


_TERMS = 14


def arctan(x: Edge) -> Edge:
    """The series, of an angle that was halved twice and is at most 11 degrees then."""
    if x.dtype in SINGLE:
        return x.c.apply("Atan", x)
    size = abs(x)
    large = size > 1
    t = large.choose(1 / large.choose(size, 1), size)
    for _ in range(2):
        t = t / (sqrt(t * t + 1) + 1)
    square = t * t
    terms = [(-1) ** n / (2 * n + 1) for n in reversed(range(_TERMS))]
    series = reduce(lambda sum, term: sum * square + term, terms[1:], x.c.number(terms[0], x.dtype))
    angle = t * series * 4
    return x.equals(0).choose(x, _odd(x, large.choose(math.pi / 2 - angle, angle)))


def arcsin(x: Edge) -> Edge:
    if x.dtype in SINGLE:
        return x.c.apply("Asin", x)
    return arctan(x / sqrt((1 - x) * (x + 1)))


def arccos(x: Edge) -> Edge:
    if x.dtype in SINGLE:
        return x.c.apply("Acos", x)
    return arctan(sqrt((1 - x) / (x + 1))) * 2


def is_negative(x: Edge) -> Edge:
    """Whether the sign is set, -0.0's too; of NaN it is not looked at."""
    return (x < 0) | (1 / x < 0)


def copysign(x: Edge, y: Edge) -> Edge:
    return is_negative(y).choose(-abs(x), abs(x))


def arctan2(y: Edge, x: Edge) -> Edge:
    """The angle of the smaller to the larger, put into its eighth; zeros have their signs."""
    c = x.c
    below, above = abs(y), abs(x)
    steep = below > above
    top, low = steep.choose(above, below), steep.choose(below, above)
    none = low.equals(0)
    both = top.equals(math.inf) & low.equals(math.inf)
    ratio = both.choose(1, top / none.choose(1, low))
    angle = arctan(ratio)
    angle = steep.choose(math.pi / 2 - angle, angle)
    angle = is_negative(x).choose(math.pi - angle, angle)
    found = is_negative(y).choose(-angle, angle)
    return (x.is_nan() | y.is_nan()).choose(c.number(math.nan, x.dtype), found)


def hypot(x: Edge, y: Edge) -> Edge:
    """Of the larger one, so that no square overflows."""
    c = x.c
    a, b = abs(x), abs(y)
    high, low = c.apply("Max", a, b), c.apply("Min", a, b)
    ratio = low / high.equals(0).choose(1, high)
    found = high * sqrt(ratio * ratio + 1)
    endless = a.equals(math.inf) | b.equals(math.inf)
    return endless.choose(c.number(math.inf, x.dtype), found)


def fmod(x: Edge, y: Edge) -> Edge:
    return x.c.apply("Mod", x, y, fmod=1)


def remainder(x: Edge, y: Edge) -> Edge:
    """The rest with the divisor's sign."""
    rest = fmod(x, y)
    other = (rest < 0) ^ (y < 0)
    moved = other.choose(rest + y, rest)
    zero = (y < 0).choose(x.c.number(-0.0, x.dtype), 0.0)
    return rest.equals(0).choose(zero, moved)


def floor_divide(x: Edge, y: Edge) -> Edge:
    """The quotient of what is left without the rest, which floor(x / y) is not always."""
    c = x.c
    rest = fmod(x, y)
    exact = (x - rest) / y
    other = ~rest.equals(0) & ((rest < 0) ^ (y < 0))
    exact = other.choose(exact - 1, exact)
    down = floor(exact)
    down = (exact - down > 0.5).choose(down + 1, down)
    found = exact.equals(0).choose(c.number(0.0, x.dtype) * (x / y), down)
    return y.equals(0).choose(x / y, found)


UNARY: dict[str, Callable[[Edge], Edge]] = {
    "expm1": expm1, "log1p": log1p, "log2": log2, "log10": log10, "exp2": exp2, "cbrt": cbrt,
    "tan": tan, "sinh": sinh, "cosh": cosh, "arcsinh": arcsinh, "arccosh": arccosh,
    "arctanh": arctanh, "arctan": arctan, "arcsin": arcsin, "arccos": arccos, "trunc": trunc,
    **{name: lambda x, op=op: x.c.apply(op, x) for name, op in {
        "sqrt": "Sqrt", "exp": "Exp", "log": "Log", "tanh": "Tanh", "sin": "Sin", "cos": "Cos",
        "floor": "Floor", "ceil": "Ceil", "rint": "Round",
    }.items()},
}  # fmt: skip
"""NumPy's functions of one float by name."""

BINARY: dict[str, Callable[[Edge, Edge], Edge]] = {
    "power": power, "float_power": power,
    "arctan2": arctan2, "hypot": hypot, "copysign": copysign, "fmod": fmod,
    "remainder": remainder, "floor_divide": floor_divide, "divide": lambda x, y: x / y,
}  # fmt: skip
"""And of two."""

FORMULAS = frozenset(
    "expm1 log1p log2 log10 cbrt sinh cosh arctan2 hypot remainder floor_divide".split()
)
"""Those that NumPy computes of float16 in float32, and whose steps must not be rounded to it."""

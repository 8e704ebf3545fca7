"""Exponential functions.

In: a term. Out: the formula. The one idea: x = n log(2) + r with |r| up to log(2) / 2; a polynomial
gives the power of r, and 2**n goes into the exponent's bits. Of f64 the first terms are a sum of
two, so that the result is rounded right but for one argument in some hundreds, as GNU's C library
has it and therefore Python.
"""

from __future__ import annotations

from fleet.codegen.math import coefficients as table
from fleet.codegen.math.formulas import Term
from fleet.codegen.math.pieces import (
    FORMATS,
    LN2,
    LN2_HIGH,
    LN2_LOW,
    LN2_REST,
    Format,
    at_least_f32,
    in_f64,
    power_of_two,
    round_to_integer,
    scale,
    two_product,
    two_sum,
)
from fleet.dialects import arith
from fleet.dialects.loop.tables import SIZE
from fleet.ir.types import f32, f64, i64


def exp_reduced(x: Term, format: Format, exact: bool = True) -> tuple[Term, Term]:
    """exp(x) as (y, n) with exp(x) = (1 + y) * 2**n and 1 + y between 0.7 and 1.5.

    exact: make up for the rounding of the reduced argument, which is a quarter of an ulp.
    """
    whole, number = round_to_integer(x, 1 / LN2, format)
    upper = whole.fma(-LN2_HIGH[format.float], x)
    r = whole.fma(-LN2_LOW[format.float], upper)
    square = r * r
    lost = whole.fma(-LN2_LOW[format.float], upper - r) if exact else None
    rest = r.polynomial(table.EXP_F32 if format.float == f32 else table.EXP_F64, square)
    return (r + square.fma(rest, lost) if exact else square.fma(rest, r)), number


def exp_parts(x: Term, lost: Term | None = None) -> tuple[Term, Term]:
    """exp(x + lost) as (a, n) with exp(x + lost) = a * 2**n and a between 0.99 and 2.01, for what
    exp gives a finite number: by the steps of GNU's C library, so with its last digit."""
    shifted = x * (SIZE / LN2) + FORMATS[f64].rounder
    number = shifted.bits(i64) - FORMATS[f64].rounder_bits
    whole = shifted - FORMATS[f64].rounder
    r = whole.fma(-LN2_OF_128[1], whole.fma(-LN2_OF_128[0], x))
    r = r if lost is None else r + lost
    place = number & (SIZE - 1)
    power = (place.lookup("exp2") + (place << 45)).bits(f64)
    square = r * r
    c = table.EXP_OF_GNU
    rest = square.fma(r.fma(c[1], c[0]), place.lookup("exp2.rest") + r)
    rest = (square * square).fma(r.fma(c[3], c[2]), rest)
    return power.fma(rest, power), number >> 7


LN2_OF_128 = (float.fromhex("0x1.62e42fefa0000p-8"), float.fromhex("0x1.cf79abc9e3b39p-47"))
"""A 128th of log(2): a part with trailing zeros, and what that lacks."""


def exp_of_small(r: Term, lost: Term) -> tuple[Term, Term]:
    """exp(r + lost) as a sum of two, for |r| up to log(2) / 2: all but what the terms from the
    third power on lose to rounding, a 64th of an ulp."""
    square, square_lost = two_product(r, r)
    half = square * 0.5
    rest = r.polynomial(table.EXP_F64[1:], square)
    low = r.fma(lost, square_lost.fma(0.5, lost))
    low = (r * square).fma(rest, low)
    high, high_lost = two_sum(r.constant(1.0), r)
    high, more_lost = two_sum(high, half)
    return high, low + (high_lost + more_lost)


@at_least_f32
def exp(x: Term) -> Term:
    format = FORMATS[x.element]
    inside = x.at_least(format.lowest_exp).at_most(format.highest_exp)
    if x.element == f64:
        result = exp_inside(inside)
    else:
        y, number = exp_reduced(inside, format)
        result = scale(y + 1.0, number, format)
    return x.is_nan().choose(x, result)


def exp_inside(x: Term) -> Term:
    """exp(x) of f64, for what is not beyond where that overflows or is nothing."""
    power, number = exp_parts(x)
    return scale(power, number, FORMATS[f64])


@at_least_f32
def exp2(x: Term) -> Term:
    format = FORMATS[x.element]
    low, high = -(format.bias + format.mantissa + 2.0), format.bias + 1.0
    inside = x.at_least(low).at_most(high)
    whole, number = round_to_integer(inside, 1.0, format)
    rest = inside - whole
    if x.element == f32:
        power = rest.fma(rest.polynomial(table.EXP2_F32), 1.0)
    else:
        r, lost = two_product(rest, LN2)
        high, low = exp_of_small(r, rest.fma(LN2_REST, lost))
        power = high + low
    return x.is_nan().choose(x, scale(power, number, format))


@at_least_f32
def tanh(x: Term) -> Term:
    """x + x**3 P(x**2) near 0, 1 - 2 / (exp(2 |x|) + 1) beyond, which damps the error of exp.

    It is for NumPy's, which has a formula of its own; Python's is in `library/hyperbolic.py`.
    """
    single = x.element == f32
    format = FORMATS[x.element]
    threshold, one_from = (0.97, 10.0) if single else (0.8, 20.0)
    magnitude = x.abs()
    y, number = exp_reduced(magnitude.at_most(one_from) * 2.0, format, exact=False)
    power = power_of_two(number, format)
    far = 1.0 - 2.0 / y.fma(power, power + 1.0)
    square = (x * x).at_most(1.0)  # what is beyond must not overflow in the polynomial
    rest = square.polynomial(table.TANH_F32 if single else table.TANH_F64)
    near = (magnitude * square).fma(rest, magnitude)
    return magnitude.compare("oge", threshold).choose(far, near).copysign(x)


@in_f64
def expm1(x: Term) -> Term:
    inside = expm1_inside(x.at_least(-50.0).at_most(FORMATS[f64].highest_exp))
    return x.is_nan().choose(x, inside)


def expm1_inside(x: Term) -> Term:
    """exp(x) - 1 for what exp gives a number above 1e-22, by the steps of Sun's fdlibm, which GNU's
    C library takes."""
    format = FORMATS[f64]
    size = x.abs()
    primary = size.compare("olt", HALF_LN2)
    whole = x.fma(1 / LN2, x.constant(0.5).copysign(x)).cast(arith.fptosi, i64)
    whole = size.compare("olt", _ONE_AND_A_HALF_LN2).choose((x.bits(i64) >> 63) | 1, whole)
    k = primary.choose(0, whole)
    count = k.cast(arith.sitofp, f64)
    high, low = x - count * LN2_HIGH[f64], count * LN2_LOW[f64]
    r = high - low
    lost = (high - r) - low
    half = r * 0.5
    z = r * half
    z2 = z * z
    p = table.EXPM1_OF_FDLIBM
    r1 = z2.fma(z.fma(p[2], p[1]), z.fma(p[0], 1.0))
    r1 = (z2 * z2).fma(z.fma(p[4], p[3]), r1)
    t = (-r1).fma(half, 3.0)
    e = z * ((r1 - t) / (-r).fma(t, 6.0))
    near = r - r.fma(e, -z)
    e = r.fma(e - lost, -lost) - z
    difference = r - e
    power = power_of_two(k.at_most(1023), format)
    inverse = power_of_two((0 - k).at_least(-1022).at_most(1022), format)
    # (1 - 2**-k) + (r - e), where 2**-k is much smaller with the former first
    middle = k.compare("slt", 20).choose(
        (1.0 - inverse) - (e - r), (r - (e + inverse)) + 1.0
    ) * power
    beyond = k.compare("eq", 1024).choose((difference + 1.0) * 2.0 * 2.0**1023,
                                          (1.0 - (e - r)) * power) - 1.0  # fmt: skip
    far = (k.compare("sle", -2) | k.compare("sgt", 56)).choose(beyond, middle)
    once = r.compare("olt", -0.25).choose((e - (r + 0.5)) * -2.0, difference * 2.0 + 1.0)
    far = k.compare("eq", 1).choose(once, far)
    far = k.compare("eq", -1).choose(difference * 0.5 - 0.5, far)
    result = k.compare("eq", 0).choose(near, far)
    return size.compare("olt", 2.0**-54).choose(x, result)


HALF_LN2 = 0.3465735912322998
"""Up to here, about log(2) / 2, an argument is not reduced."""
_ONE_AND_A_HALF_LN2 = 1.0397205352783203

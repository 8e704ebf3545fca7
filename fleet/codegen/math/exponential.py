"""Exponential functions and the hyperbolic tangent.

In: a term. Out: the formula. The one idea: x = n log(2) + r with |r| up to log(2) / 2; a polynomial
gives the power of r, and 2**n goes into the exponent's bits.
"""

from __future__ import annotations

from fleet.codegen.math import coefficients as table
from fleet.codegen.math.formulas import Term
from fleet.codegen.math.pieces import (
    FORMATS,
    LN2,
    LN2_HIGH,
    LN2_LOW,
    Format,
    at_least_f32,
    in_f64,
    power_of_two,
    round_to_integer,
    scale,
)
from fleet.ir.types import f32, f64


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


@at_least_f32
def exp(x: Term) -> Term:
    format = FORMATS[x.element]
    inside = x.at_least(format.lowest_exp).at_most(format.highest_exp)
    y, number = exp_reduced(inside, format)
    return x.is_nan().choose(x, scale(y + 1.0, number, format))


@at_least_f32
def exp2(x: Term) -> Term:
    format = FORMATS[x.element]
    low, high = -(format.bias + format.mantissa + 2.0), format.bias + 1.0
    inside = x.at_least(low).at_most(high)
    whole, number = round_to_integer(inside, 1.0, format)
    rest = (inside - whole).polynomial(table.EXP2_F32 if format.float == f32 else table.EXP2_F64)
    result = scale((inside - whole).fma(rest, 1.0), number, format)
    return x.is_nan().choose(x, result)


@at_least_f32
def tanh(x: Term) -> Term:
    """x + x**3 P(x**2) near 0, 1 - 2 / (exp(2 |x|) + 1) beyond, which damps the error of exp."""
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
    format = FORMATS[f64]
    inside = x.at_least(-50.0).at_most(format.highest_exp)
    near = (inside * inside).fma(inside.polynomial(table.EXPM1_F64), x)
    y, number = exp_reduced(inside, format)
    far = scale(y + 1.0, number, format) - 1.0
    big = x.abs().compare("ogt", 0.75)
    # x + x**2 P keeps -0.0 only if nothing positive is added.
    return big.choose(far, near.copysign(x))

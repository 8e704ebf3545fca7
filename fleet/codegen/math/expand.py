"""Elementary functions as polynomials, in terms of what instruction selection knows.

In: kernels, scalar or vectorised. Out: the same with only the operations of `loop.SELECTABLE`.
The one idea: reduce the argument to a small interval by exact steps, evaluate a polynomial there
with fused multiply-adds, and put the result back together through the exponent's bits; no branches,
so that one form serves scalars and vectors. exp, exp2 and tanh have forms in f32 of their own;
other functions of f32 are computed in f64 and rounded.

See Muller, Elementary Functions; Cody and Waite, Software Manual for the Elementary Functions.
The polynomials come from tools/fit_polynomials.py.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from fleet.codegen.kernels import kernels_of
from fleet.codegen.loops.nests import erase_dead, merge_constants
from fleet.codegen.math import coefficients as table
from fleet.codegen.math.formulas import Term
from fleet.codegen.math.pieces import (
    FORMATS,
    Format,
    at_least_f32,
    in_f64,
    power_of_two,
    round_to_integer,
    scale,
)
from fleet.codegen.math.trigonometry import cos, sin, tan
from fleet.diagnostics import FleetError
from fleet.dialects import arith, loop
from fleet.ir.builder import Builder
from fleet.ir.core import Operation
from fleet.ir.rewriting.journal import between, journal_of
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.types import f32, f64, i64
from fleet.ir.watch import applied, count, may_apply

LN2 = 0.693147180559945309417232121458
LN2_LOW = {f32: 1.42860682030941723212e-6, f64: 1.90821492927058770002e-10}
"""log(2) minus its upper part, which has enough trailing zeros for exact products."""
LN2_HIGH = {f32: 0.693145751953125, f64: 6.93147180369123816490e-01}


def expand(op: Operation) -> None:
    """Replace one operation by its expansion. Raises FleetError when there is none."""
    rule = EXPANSIONS.get(op.name)
    if rule is None:
        raise FleetError(f"{op.name} has no code in kernels yet", op.location)
    journal, previous = journal_of(op), op.previous
    builder = Builder.before(op)
    result = rule(*(Term(builder, value) for value in op.operands))
    if journal is not None:
        for made in between(previous, op):
            journal.made(made)
        journal.replaced(op.result, result.value)
    op.replace_with([result.value])
    if journal is not None:
        journal.applied(f"expansion of {op.name}")
    count("operations expanded")


@register_pass("expand-math", "elementary functions to what the machine has")
def run(module: Operation) -> None:
    """Elementary functions, rounding and some comparisons in terms of machine instructions."""
    for kernel in kernels_of(module):
        for op in list(kernel.walk()):
            known = op.name in loop.SELECTABLE or op.name.startswith(("loop.", "func."))
            if not known and may_apply():
                applied(f"expansion of {op.name}", op.name, op.location)
                expand(op)
        erase_dead(kernel)
        merge_constants(kernel)

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


def log_parts(x: Term, offset: int = 0) -> tuple[Term, Term, Term]:
    """log(x) = k log(2) + f - rest for finite positive x, as (k, f, rest); offset is added to k."""
    format = FORMATS[f64]
    is_tiny = x.compare("olt", 2.0**-1022)
    bits = is_tiny.choose(x * 2.0**54, x).bits(i64)
    # Take the exponent that brings the mantissa between sqrt(1/2) and sqrt(2).
    shifted = bits - 0x3FE6A09E667F3BCD
    exponent = shifted >> format.mantissa
    mantissa = (bits - (exponent << format.mantissa)).bits(f64)
    lowered = is_tiny.choose(exponent - (54 - offset), exponent + offset if offset else exponent)
    k = lowered.cast(arith.sitofp, f64)
    f = mantissa - 1.0
    s = f / (f + 2.0)
    z = s * s
    half_square = f * f * 0.5
    tail = z * z.polynomial(table.LOG_F64)
    rest = half_square - s * (half_square + tail)
    return k, f, rest


def log_ends(x: Term, inside: Term, negative: Term) -> Term:
    """`inside` for positive finite x, and the logarithm's values elsewhere."""
    result = x.compare("olt", math.inf).choose(inside, x)
    return x.compare("ogt", 0.0).choose(result, x.compare("oeq", 0.0).choose(-math.inf, negative))


def no_logarithm(x: Term) -> Term:
    """No number where x is negative or zero, and the exception is raised."""
    return x.fma(math.inf, math.inf)


@in_f64
def log(x: Term) -> Term:
    k, f, rest = log_parts(x)
    low = k.fma(-LN2_LOW[f64], rest)
    return log_ends(x, k.fma(LN2_HIGH[f64], f - low), no_logarithm(x))


def scaled_difference(f: Term, rest: Term, factor: float, factor_low: float) -> tuple[Term, Term]:
    """(f - rest) * (factor + factor_low) as a sum of two, the second small."""
    high = f - rest
    low = (f - high) - rest
    product = high * factor
    lost = high.fma(factor, -product)
    return product, lost + high.fma(factor_low, low * factor)


@in_f64
def log2(x: Term) -> Term:
    k, f, rest = log_parts(x)
    high, low = scaled_difference(f, rest, 1.4426950408889634, 2.0355273740931033e-17)
    return log_ends(x, (high + k) + (((k - (high + k)) + high) + low), no_logarithm(x))


@in_f64
def log10(x: Term) -> Term:
    k, f, rest = log_parts(x)
    high, low = scaled_difference(f, rest, 0.4342944819032518, 1.098319650216765e-17)
    low = k.fma(3.69423907715893078616e-13, low)
    total = k.fma(3.01029995663611771306e-01, high)
    lost = k.fma(3.01029995663611771306e-01, high - total)
    return log_ends(x, total + (lost + low), no_logarithm(x))


@in_f64
def log1p(x: Term) -> Term:
    """log(u) plus what 1 + x lost when it was rounded to u."""
    u = x + 1.0
    lost = x - (u - 1.0)
    logarithm = log(u)
    tiny = x.abs().compare("olt", 2.0**-54)
    special = u.compare("oeq", math.inf) | x.compare("ole", -1.0)
    return tiny.choose(x, special.choose(logarithm, logarithm + lost / u))


SIGNALING = 0x7FF4_0000_0000_0000
"""The bits of a NaN that arithmetic does not take quietly."""


@in_f64
def powf(x: Term, y: Term) -> Term:
    """exp(y log |x|) with the sign and the special cases of IEEE 754's pow."""
    magnitude = x.abs()
    k, f, rest = log_parts(magnitude)
    # log |x| = high + low, high with few bits, so that y * high loses nothing that matters.
    high = k.fma(LN2_HIGH[f64], f - rest)
    low = k * LN2_LOW[f64]
    logarithm = log_ends(magnitude, high + low, magnitude)
    whole = round_even(y)
    is_whole = whole.compare("oeq", y)
    finite = x.compare("olt", 0.0) & x.compare("ogt", -math.inf)
    strange = finite & (is_whole ^ x.compare("oeq", x))
    # a signaling NaN raises the exception when it is multiplied
    size = exp(y * strange.choose(SIGNALING, logarithm.bits(i64)).bits(f64))
    half = y * 0.5
    is_odd = is_whole & round_even(half).compare("one", half)
    negative = x.bits(i64).compare("slt", 0)
    signed = (negative & is_odd).choose(-size, size)
    is_one = magnitude.compare("oeq", 1.0) & y.abs().compare("oeq", math.inf)
    always_one = y.compare("oeq", 0.0) | x.compare("oeq", 1.0) | is_one
    return always_one.choose(1.0, signed)


# -- rounding


@at_least_f32
def round_even(x: Term) -> Term:
    """Where the magnitude is below 2**mantissa, adding and subtracting that rounds."""
    format = FORMATS[x.element]
    magnitude = x.abs()
    rounded = (magnitude + format.whole) - format.whole
    return magnitude.compare("olt", format.whole).choose(rounded.copysign(x), x)


@at_least_f32
def trunc(x: Term) -> Term:
    format = FORMATS[x.element]
    magnitude = x.abs()
    rounded = (magnitude + format.whole) - format.whole
    down = rounded.compare("ogt", magnitude).choose(rounded - 1.0, rounded)
    return magnitude.compare("olt", format.whole).choose(down.copysign(x), x)


def floor(x: Term) -> Term:
    near = round_even(x)
    return near.compare("ogt", x).choose(near - 1.0, near)


def ceil(x: Term) -> Term:
    near = round_even(x)
    return near.compare("olt", x).choose((near + 1.0).copysign(x), near)


@in_f64
def remainder(x: Term, y: Term) -> Term:
    """fmod, exact as long as the quotient is below 2**53."""
    a, b = x.abs(), y.abs()
    quotient = trunc(a / b)
    rest = (-quotient).fma(b, a)
    rest = rest.compare("olt", 0.0).choose(rest + b, rest)
    rest = rest.compare("oge", b).choose(rest - b, rest)
    rest = (a.compare("olt", math.inf) & b.compare("oeq", math.inf)).choose(a, rest)
    return rest.copysign(x)


# -- comparisons and integers


def maximum(a: Term, b: Term) -> Term:
    return a.compare("uno", b).choose(a + b, a.at_least(b))


def minimum(a: Term, b: Term) -> Term:
    return a.compare("uno", b).choose(a + b, a.at_most(b))


def abs_integer(x: Term) -> Term:
    return x.at_least(-x)


def _divide(a: Term, b: Term, direction: int) -> Term:
    """The quotient towards zero, moved by one where a remainder is left on the wrong side."""
    quotient = a.of(a.builder.value(arith.divsi, a.value, b.value))
    rest = a - quotient * b
    wrong = (rest ^ b).compare("slt" if direction < 0 else "sge", 0) & rest.compare("ne", 0)
    return wrong.choose(quotient + direction, quotient)


def floor_divide(a: Term, b: Term) -> Term:
    return _divide(a, b, -1)


def ceil_divide(a: Term, b: Term) -> Term:
    return _divide(a, b, 1)


EXPANSIONS: dict[str, Callable[..., Term]] = {
    "math.exp": exp,
    "math.exp2": exp2,
    "math.expm1": expm1,
    "math.log": log,
    "math.log2": log2,
    "math.log10": log10,
    "math.log1p": log1p,
    "math.tanh": tanh,
    "math.sin": sin,
    "math.cos": cos,
    "math.tan": tan,
    "math.powf": powf,
    "math.floor": floor,
    "math.ceil": ceil,
    "math.trunc": trunc,
    "math.roundeven": round_even,
    "math.absi": abs_integer,
    "arith.remf": remainder,
    "arith.maximumf": maximum,
    "arith.minimumf": minimum,
    "arith.floordivsi": floor_divide,
    "arith.ceildivsi": ceil_divide,
}
"""How each operation is written in terms of others; formulas may use operations of this table."""

"""What the formulas of elementary functions share: number formats, scaling, sums of two floats.

In: terms. Out: terms. The one idea: a value that one float cannot hold is the exact sum of two
(Dekker, A floating-point technique for extending the available precision), and what only rare
arguments need stands in a loop that runs once if a strip has one of them, and else not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fleet.codegen.math.formulas import Term
from fleet.dialects import arith, loop, rv
from fleet.ir.builder import Builder
from fleet.ir.types import FloatType, VectorType, f32, f64, i32, i64, index

LN2 = 0.693147180559945309417232121458
LN2_REST = 2.319046813846299558417771e-17
"""log(2) less the float next to it."""
LN2_LOW = {f32: 1.42860682030941723212e-6, f64: 1.90821492927058770002e-10}
"""log(2) minus its upper part, which has enough trailing zeros for exact products."""
LN2_HIGH = {f32: 0.693145751953125, f64: 6.93147180369123816490e-01}


class Format:
    """Numbers that the formulas need about f32 or f64."""

    def __init__(self, float_type: FloatType) -> None:
        single = float_type == f32
        self.float = float_type
        self.integer = i32 if single else i64
        self.mantissa = 23 if single else 52
        self.bias = 127 if single else 1023
        self.whole = float(2**self.mantissa)
        self.rounder = 1.5 * self.whole
        """Adding this rounds to an integer, which is then in the mantissa's low bits."""
        self.rounder_bits = ((self.bias + self.mantissa) << self.mantissa) | (
            1 << (self.mantissa - 1)
        )
        self.lowest_exp = -104.0 if single else -746.0
        self.highest_exp = 89.0 if single else 710.0


FORMATS = {f32: Format(f32), f64: Format(f64)}


def in_f64(formula: Callable[..., Term]) -> Callable[..., Term]:
    """The formula for f64, with operands of f16 and f32 converted there and back."""

    def run_wide(*terms: Term) -> Term:
        element = terms[0].element
        if element == f64:
            return formula(*terms)
        wide = formula(*(term.cast(arith.extf, f64) for term in terms))
        return wide.cast(arith.truncf, element)

    return run_wide


def at_least_f32(formula: Callable[..., Term]) -> Callable[..., Term]:
    """The formula for f32 and f64, with operands of f16 converted there and back."""

    def run_wide(*terms: Term) -> Term:
        element = terms[0].element
        if element in FORMATS:
            return formula(*terms)
        wide = formula(*(term.cast(arith.extf, f32) for term in terms))
        return wide.cast(arith.truncf, element)

    return run_wide


def round_to_integer(x: Term, factor: float, format: Format) -> tuple[Term, Term]:
    """x * factor rounded to the nearest integer, as a float and as an integer."""
    shifted = x.fma(factor, format.rounder)
    number = shifted.bits(format.integer) - format.rounder_bits
    return shifted - format.rounder, number


def scale(x: Term, exponent: Term, format: Format) -> Term:
    """x * 2**exponent with x near 1, for any exponent that overflowing or underflowing needs.

    Half of it is added to x's own exponent, the other half multiplied: one rounding.
    """
    first = exponent >> 1
    second = exponent - first
    nearer = (x.bits(format.integer) + (first << format.mantissa)).bits(format.float)
    return nearer * power_of_two(second, format)


def power_of_two(exponent: Term, format: Format) -> Term:
    """2**exponent for exponents of normal numbers."""
    biased = (exponent << format.mantissa) + (format.bias << format.mantissa)
    return biased.bits(format.float)


# -- sums of two floats


def two_sum(a: Term, b: Term) -> tuple[Term, Term]:
    """a + b and what its rounding lost, for |a| >= |b| or a = 0."""
    total = a + b
    return total, b - (total - a)


def any_two_sum(a: Term, b: Term) -> tuple[Term, Term]:
    """a + b and what its rounding lost (Knuth)."""
    total = a + b
    seen = total - a
    return total, (a - (total - seen)) + (b - seen)


def two_product(a: Term, b: Term | float) -> tuple[Term, Term]:
    """a * b and what its rounding lost."""
    product = a * b
    return product, a.fma(b, -product)


def odd_series(
    x: Term, lost: Term, square: tuple[Term, Term], coefficients: Sequence[float], rest: float
) -> tuple[Term, Term]:
    """x + lost + x**3 P(x**2) as a sum of two; what it lacks is what the terms from the fifth power
    on lose to rounding, and the effect of `lost` on the powers.

    square: x**2 as a sum of two; rest: of the first coefficient, beyond the float that it is.
    """
    z, z_lost = square
    cube = x * z
    cube_lost = x.fma(z_lost, x.fma(z, -cube))
    third, third_lost = two_product(cube, coefficients[0])
    third_lost = cube.fma(rest, cube_lost.fma(coefficients[0], third_lost))
    high, low = two_sum(x, third)
    return high, low + (third_lost + (cube * z).fma(z.polynomial(coefficients[1:]), lost))


SIXTH_LOST = 9.25185853854297e-18
"""1/6 less the float next to it."""
THIRD_LOST = 1.850371707708594e-17
"""1/3 less the float next to it."""


# -- what is seldom needed


def when_any(
    bits: Term, limit: int, values: Sequence[Term], body: Callable[[], Sequence[Term]]
) -> list[Term]:
    """`body()` if an element of the strip has bits above the limit, else the values."""
    return repeat(exceeds(largest(bits), limit), values, lambda *_: body())


def largest(number: Term) -> Term:
    """The largest of a vector's integers, as a scalar; a scalar itself."""
    if not isinstance(number.type, VectorType):
        return number
    least = number.of(number.builder.constant(-(2**63), i64))
    made = number.builder.value(
        loop.reduce, number.value, least.value, operation="maxsi", types=[i64]
    )
    return number.of(made)


def exceeds(scalar: Term, limit: int) -> Term:
    """1 if a scalar integer is above the limit, else 0."""
    return scalar.compare("sgt", limit).choose(scalar.constant(1), scalar.constant(0))


def repeat(
    times: Term, values: Sequence[Term], body: Callable[..., Sequence[Term]]
) -> list[Term]:
    """The values after `body` has been applied to them so often (a scalar integer)."""
    builder: Builder = times.builder
    zero = builder.constant(0)
    count = builder.value(arith.index_cast, times.value, types=[index])
    made = loop.for_loop(builder, zero, count, [value.value for value in values])
    loop.induction_variable(made).hint = rv.SELDOM
    with builder.inside(made.body):
        carried = [times.of(argument) for argument in loop.iteration_arguments(made)]
        results = body(*carried)
        builder.create(loop.yield_, [result.value for result in results])
    return [times.of(result) for result in made.results]

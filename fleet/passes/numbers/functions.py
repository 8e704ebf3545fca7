"""What NumPy's element functions do to complex numbers, as formulas of their parts.

In: `Complex` arrays. Out: Complex arrays, or Reals. The one idea: products, quotients and absolute
values are NumPy's own formulas, so they have its bits; the others are those of Kahan ("Branch cuts
for complex elementary functions", 1987) and C99's Annex G for what is not finite.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from fleet.ir.types import f32
from fleet.passes.numbers.reals import Reals, constant_of


@dataclass(frozen=True, eq=False)
class Complex:
    """An array of complex numbers by its parts."""

    re: Reals
    im: Reals

    @property
    def is_scalar(self) -> bool:
        """Whether it is a NumPy scalar, with which NumPy computes as C does."""
        return not self.re.value.type.rank

    def __add__(self, other: Complex) -> Complex:
        return Complex(self.re + other.re, self.im + other.im)

    def __sub__(self, other: Complex) -> Complex:
        return Complex(self.re - other.re, self.im - other.im)

    def __neg__(self) -> Complex:
        return Complex(-self.re, -self.im)

    def scaled(self, factor: float) -> Complex:
        return Complex(self.re * factor, self.im * factor)

    def __mul__(self, other: Complex) -> Complex:
        if self.is_scalar and other.is_scalar:
            return self.times(other)
        return Complex(
            self.re.times_plus(other.re, -(self.im * other.im)),
            self.re.times_plus(other.im, self.im * other.re),
        )

    def times(self, other: Complex) -> Complex:
        """The product with each part rounded twice, as C has it."""
        return Complex(
            self.re * other.re - self.im * other.im, self.re * other.im + self.im * other.re
        )

    def __truediv__(self, other: Complex) -> Complex:
        """Smith's quotient."""
        a, b = self, other
        is_real = abs(b.re) >= abs(b.im)
        top, low = is_real.where(b.re, b.im), is_real.where(b.im, b.re)
        x, y = is_real.where(a.re, a.im), is_real.where(a.im, a.re)
        ratio = low / top
        scale = 1.0 / (top + low * ratio)
        real = (x + y * ratio) * scale
        imaginary = is_real.where(y - x * ratio, x * ratio - y) * scale
        is_zero = b.re.equals(0.0) & b.im.equals(0.0)
        size = abs(b.re)
        return Complex(
            is_zero.where(a.re / size, real), is_zero.where(a.im / size, imaginary)
        )

    def __abs__(self) -> Reals:
        if self.is_scalar:
            return self.re.with_("hypot", self.im)
        sizes = abs(self.re), abs(self.im)
        long, short = sizes[0].with_("maximum", sizes[1]), sizes[0].with_("minimum", sizes[1])
        ratio = short / (long.equals(0.0)).where(1.0, long)
        size = long * ratio.times_plus(ratio, 1.0).unary("sqrt")
        endless = sizes[0].equals(math.inf) | sizes[1].equals(math.inf)
        return endless.where(math.inf, size)

    @property
    def conjugate(self) -> Complex:
        return Complex(self.re, -self.im)

    @property
    def turned(self) -> Complex:
        """1j times this."""
        return Complex(-self.im, self.re)

    @property
    def turned_back(self) -> Complex:
        """-1j times this."""
        return Complex(self.im, -self.re)

    def chosen(self, condition: Reals, other: Complex) -> Complex:
        """This where the condition holds, else the other."""
        return Complex(condition.where(self.re, other.re), condition.where(self.im, other.im))

    def constant(self, re: float, im: float = 0.0) -> Complex:
        """A number of the same element type."""
        return Complex(constant_of(self.re, re), constant_of(self.re, im))


# -- comparisons


def isnan(x: Complex) -> Reals:
    return x.re.unary("isnan") | x.im.unary("isnan")


def equal(a: Complex, b: Complex) -> Reals:
    return a.re.equals(b.re) & a.im.equals(b.im)


def not_equal(a: Complex, b: Complex) -> Reals:
    return a.re.differs(b.re) | a.im.differs(b.im)


def logical_not(a: Complex) -> Reals:
    return a.re.equals(0.0) & a.im.equals(0.0)


def less(a: Complex, b: Complex) -> Reals:
    """By the real parts, of equal ones by the imaginary."""
    ordered = a.im.equals(a.im) & b.im.equals(b.im)
    return ((a.re < b.re) & ordered) | (a.re.equals(b.re) & (a.im < b.im))


def less_equal(a: Complex, b: Complex) -> Reals:
    ordered = a.im.equals(a.im) & b.im.equals(b.im)
    return ((a.re < b.re) & ordered) | (a.re.equals(b.re) & (a.im <= b.im))


def maximum(a: Complex, b: Complex) -> Complex:
    return a.chosen(less_equal(b, a) | isnan(a), b)


def minimum(a: Complex, b: Complex) -> Complex:
    return a.chosen(less_equal(a, b) | isnan(a), b)


# -- exponentials and logarithms


def _unit(angle: Reals, size: Reals) -> Complex:
    """The number of this size and angle; a zero angle stays what it is."""
    is_real = angle.equals(0.0)
    return Complex(
        is_real.where(size, size * angle.unary("cos")),
        is_real.where(angle, size * angle.unary("sin")),
    )


def exp(x: Complex) -> Complex:
    size = x.re.unary("exp")
    made = _unit(x.im, size)
    lost = ~(abs(x.im) < math.inf)
    vanishes, grows = lost & x.re.equals(-math.inf), lost & x.re.equals(math.inf)
    real = vanishes.where(0.0, grows.where(math.inf, made.re))
    zero = constant_of(x.re, 0.0).with_("copysign", x.im)
    return Complex(real, vanishes.where(zero, made.im))


def exp2(x: Complex) -> Complex:
    return exp(x.scaled(math.log(2)))


def expm1(x: Complex) -> Complex:
    half = (x.im * 0.5).unary("sin")
    real = x.re.unary("expm1") * x.im.unary("cos") - 2.0 * (half * half)
    return Complex(real, x.re.unary("exp") * x.im.unary("sin"))


def log(x: Complex) -> Complex:
    """Near the unit circle by the logarithm of 1 + (the square of the size, less 1), which is
    added up without a rounding that counts. (What is near, and the formulas, are glibc's.)"""
    size = x.re.with_("hypot", x.im)
    parts = abs(x.re), abs(x.im)
    long, short = parts[0].with_("maximum", parts[1]), parts[0].with_("minimum", parts[1])
    outside = (long >= 1.0) & (long < 2.0) & (short < 1.0)
    inside = (long < 1.0) & (long >= 0.5) & (long * long + short * short >= 0.5)
    is_near = outside | inside
    long, short = is_near.where(long, 1.0), is_near.where(short, 0.0)
    squares = long * long, short * short
    lost = long.times_plus(long, -squares[0]) + short.times_plus(short, -squares[1])
    begun = squares[0] - 1.0
    total = begun + squares[1]
    taken = total - begun
    lost = lost + (squares[1] - taken) + (begun - (total - taken))
    above = (long - 1.0) * (long + 1.0) + squares[1]
    near = outside.where(above, total + lost).unary("log1p") * 0.5
    return Complex(is_near.where(near, size.unary("log")), x.im.with_("arctan2", x.re))


def log2(x: Complex) -> Complex:
    return log(x).scaled(1 / math.log(2))


def log10(x: Complex) -> Complex:
    return log(x).scaled(1 / math.log(10))


def log1p(x: Complex) -> Complex:
    moved = x.re + 1.0
    return Complex(moved.with_("hypot", x.im).unary("log"), x.im.with_("arctan2", moved))


def sqrt(x: Complex) -> Complex:
    """The larger part from the size, the smaller one from their product."""
    size, height = abs(x.re), abs(x.im)
    huge = size.with_("maximum", height) > 2.0 ** (125 if x.re.element == f32 else 1021)
    down, up = (huge.where(constant_of(x.re, factor), 1.0) for factor in (0.25, 2.0))
    whole = (size * down).with_("hypot", height * down)
    larger = ((whole + size * down) * 0.5).unary("sqrt") * up
    is_zero = larger.equals(0.0)
    smaller = is_zero.where(0.0, height / is_zero.where(1.0, larger) * 0.5)
    endless = size.equals(math.inf) & ~height.equals(math.inf)
    smaller = endless.where(height.equals(height).where(0.0, height), smaller)
    is_left = x.re < 0.0
    real = is_left.where(smaller, larger)
    imaginary = is_left.where(larger, smaller).with_("copysign", x.im)
    upright = height.equals(math.inf)
    return Complex(upright.where(math.inf, real), upright.where(x.im, imaginary))


# -- circular and hyperbolic functions


def _is_endless(x: Reals) -> Reals:
    return abs(x).equals(math.inf)


def _is_finite(x: Reals) -> Reals:
    return abs(x) < math.inf


def sinh(x: Complex) -> Complex:
    real, imaginary = x.re.unary("sinh"), x.re.unary("cosh")
    flat = x.im.equals(0.0)
    is_lost = ~_is_finite(x.im)
    made = (flat | (is_lost & x.re.equals(0.0))).where(real, real * x.im.unary("cos"))
    return Complex(
        (is_lost & _is_endless(x.re)).where(math.inf, made),
        flat.where(x.im, imaginary * x.im.unary("sin")),
    )


def cosh(x: Complex) -> Complex:
    real, imaginary = x.re.unary("cosh"), x.re.unary("sinh")
    flat = x.im.equals(0.0)
    one = x.re.equals(x.re).where(constant_of(x.re, 1.0).with_("copysign", x.re), 1.0)
    is_lost = ~_is_finite(x.im)
    zero = is_lost.where(0.0, x.im * one)
    return Complex(
        (flat | (is_lost & _is_endless(x.re))).where(real, real * x.im.unary("cos")),
        (flat | (is_lost & x.re.equals(0.0))).where(zero, imaginary * x.im.unary("sin")),
    )


def tanh(x: Complex) -> Complex:
    far = abs(x.re) > (44.0 if x.re.element != f32 else 18.0)
    near = far.where(0.0, x.re)
    sine, cosine = x.im.unary("sin"), x.im.unary("cos")
    rise = near.unary("sinh")
    below = rise * rise + cosine * cosine
    plain = Complex(rise * near.unary("cosh") / below, sine * cosine / below)
    one = constant_of(x.re, 1.0).with_("copysign", x.re)
    sunk = (abs(x.re) * -2.0).unary("exp")
    is_lost = ~_is_finite(x.im)
    turn = (is_lost & _is_endless(x.re)).where(x.im, sine * cosine)
    zero = constant_of(x.re, 0.0).with_("copysign", turn)
    tail = _is_endless(x.re).where(zero, 4.0 * turn * sunk)
    made = Complex(one, tail).chosen(far, plain)
    return Complex(
        (is_lost & x.re.equals(0.0)).where(x.re, made.re),
        (x.im.equals(0.0) & x.re.differs(x.re)).where(x.im, made.im),
    )


def sin(x: Complex) -> Complex:
    made = sinh(x.turned).turned_back
    unsure = _is_endless(x.im) & ~_is_finite(x.re)
    return Complex(made.re, unsure.where(math.inf, made.im))


def cos(x: Complex) -> Complex:
    return cosh(x.turned)


def tan(x: Complex) -> Complex:
    return tanh(x.turned).turned_back


def _around_one(x: Complex) -> tuple[Complex, Complex]:
    """The square roots of 1 - x and of 1 + x."""
    return (sqrt(Complex(1.0 - x.re, -x.im)), sqrt(Complex(x.re + 1.0, x.im)))


def arcsin(x: Complex) -> Complex:
    below, above = _around_one(x)
    real = x.re.with_("arctan2", below.times(above).re)
    imaginary = below.conjugate.times(above).im.unary("arcsinh")
    wide, high = _is_endless(x.re), _is_endless(x.im)
    zero, quarter, half = (constant_of(x.re, math.pi * turn) for turn in (0.0, 0.25, 0.5))
    angle = high.where(wide.where(quarter, zero), half).with_("copysign", x.re)
    known = (wide & x.im.equals(x.im)) | (high & x.re.equals(x.re))
    size = constant_of(x.re, math.inf).with_("copysign", x.im)
    return Complex(
        (x.re.equals(0.0) & ~high).where(x.re, known.where(angle, real)),
        (wide | high).where(size, imaginary),
    )


def arccos(x: Complex) -> Complex:
    below, above = _around_one(x)
    real = 2.0 * below.re.with_("arctan2", above.re)
    imaginary = above.conjugate.times(below).im.unary("arcsinh")
    wide, high = _is_endless(x.re), _is_endless(x.im)
    quarter, half = (constant_of(x.re, math.pi * turn) for turn in (0.25, 0.5))
    aside = high.where(quarter, half).with_("copysign", x.re)
    angle = wide.where(half - aside, half)
    known = (wide & x.im.equals(x.im)) | (high & x.re.equals(x.re))
    known = known | (x.re.equals(0.0) & x.im.differs(x.im))
    size = -constant_of(x.re, math.inf).with_("copysign", x.im)
    real = x.re.equals(x.re).where(real, x.re)
    return Complex(known.where(angle, real), (wide | high).where(size, imaginary))


def arcsinh(x: Complex) -> Complex:
    return arcsin(x.turned_back).turned


def arccosh(x: Complex) -> Complex:
    below, above = sqrt(Complex(x.re - 1.0, x.im)), sqrt(Complex(x.re + 1.0, x.im))
    real = below.conjugate.times(above).re.unary("arcsinh")
    imaginary = 2.0 * below.im.with_("arctan2", above.re)
    turned = arccos(x)
    special = ~_is_finite(x.re) | ~_is_finite(x.im)
    return Complex(
        special.where(abs(turned.im), real),
        special.where(turned.re.with_("copysign", x.im), imaginary),
    )


def arctanh(x: Complex) -> Complex:
    gap = 1.0 - abs(x.re)
    square = x.im * x.im
    real = (4.0 * abs(x.re) / (gap * gap + square)).unary("log1p") * 0.25
    angle = (2.0 * x.im).with_("arctan2", gap * (abs(x.re) + 1.0) - square)
    wide, high = _is_endless(x.re), _is_endless(x.im)
    zero = wide | high | (x.re.equals(0.0) & x.im.differs(x.im))
    upright = high | (wide & x.im.equals(x.im))
    quarter = constant_of(x.re, math.pi / 2).with_("copysign", x.im)
    return Complex(
        zero.where(0.0, real).with_("copysign", x.re), upright.where(quarter, angle * 0.5)
    )


def arctan(x: Complex) -> Complex:
    return arctanh(x.turned).turned_back


# -- powers and the rest


MOST_MULTIPLIED = 100
"""Whole powers below this are multiplied out, as NumPy does."""


def power(a: Complex, b: Complex, known: complex | None) -> Complex:
    """known: the exponent where it is known now."""
    if known is not None and known.imag == 0 and known.real == int(known.real) and (
            abs(known.real) < MOST_MULTIPLIED):  # fmt: skip
        return _whole_power(a, int(known.real))
    made = _by_whole_number(a, b, exp(_times_logarithm(b, log(a))))
    nothing = logical_not(a)
    lost = a.constant(math.nan, math.nan)
    empty = a.constant(0.0).chosen(b.re > 0.0, lost)
    return a.constant(1.0).chosen(logical_not(b), empty.chosen(nothing, made))


def _by_whole_number(a: Complex, b: Complex, general: Complex) -> Complex:
    """Powers whose exponents turn out to be whole and small, bit by bit; the others are general."""
    size = abs(b.re)
    result, base, left = a.constant(1.0), a, size
    for bit in range(MOST_MULTIPLIED.bit_length()):
        half = (left * 0.5).unary("floor")
        result = result.times(base).chosen(left.differs(half * 2.0), result)
        left = half
        base = base.times(base) if bit + 1 < MOST_MULTIPLIED.bit_length() else base
    small = a
    for exponent in (1.0, 2.0, 3.0):
        result = small.chosen(b.re.equals(exponent), result)
        small = a.times(small)
    result = (a.constant(1.0) / result).chosen(b.re < 0.0, result)
    is_whole = b.im.equals(0.0) & b.re.unary("floor").equals(b.re)
    return result.chosen(is_whole & (size < float(MOST_MULTIPLIED)), general)


def _times_logarithm(b: Complex, logarithm: Complex) -> Complex:
    """The product, an infinite one as Annex G has it: then nothing of it is lost to 0 times inf,
    but the angle of a real exponent's power."""
    made, size = b.times(logarithm), logarithm.re
    endless = _is_endless(size)
    angle = b.im.equals(0.0).where(-math.inf, size * b.im)
    return Complex(
        (endless & made.re.differs(made.re)).where(size * b.re, made.re),
        (endless & made.im.differs(made.im)).where(angle, made.im),
    )


def _whole_power(a: Complex, exponent: int) -> Complex:
    if exponent == 0:
        return Complex(a.re.filled(1.0), a.im.filled(0.0))
    result = a if exponent in (1, 2, 3) else a.constant(1.0)
    base, left = a, abs(exponent)
    if result is a:
        for _ in range(exponent - 1):
            result = a.times(result)
        left = 0
    while left:
        if left & 1:
            result = result.times(base)
        left >>= 1
        if left:
            base = base.times(base)
    if exponent > 0:
        return a.constant(0.0).chosen(logical_not(a), result)
    lost = a.constant(math.nan, math.nan)
    return lost.chosen(logical_not(a), a.constant(1.0) / result)


def square(x: Complex) -> Complex:
    twice = x.re * x.im
    return Complex(x.re.times_plus(x.re, -(x.im * x.im)), twice + twice)


def _each(name: str) -> Callable[[Complex], Complex]:
    return lambda x: Complex(x.re.unary(name), x.im.unary(name))


UNARY: dict[str, Callable[[Complex], Complex | Reals]] = {
    "negative": lambda x: -x, "absolute": abs, "conjugate": lambda x: x.conjugate,
    "isnan": isnan, "logical_not": logical_not, "rint": _each("rint"), "square": square,
    "sqrt": sqrt, "exp": exp, "exp2": exp2, "expm1": expm1, "log": log, "log2": log2,
    "log10": log10, "log1p": log1p, "sin": sin, "cos": cos, "tan": tan, "sinh": sinh, "cosh": cosh,
    "tanh": tanh, "arcsin": arcsin, "arccos": arccos, "arctan": arctan, "arcsinh": arcsinh,
    "arccosh": arccosh, "arctanh": arctanh, "real": lambda x: x.re, "imag": lambda x: x.im,
}  # fmt: skip
"""Element functions of one array."""

BINARY: dict[str, Callable[[Complex, Complex], Complex | Reals]] = {
    "add": lambda a, b: a + b, "subtract": lambda a, b: a - b, "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b, "equal": equal, "not_equal": not_equal, "less": less,
    "less_equal": less_equal, "greater": lambda a, b: less(b, a),
    "greater_equal": lambda a, b: less_equal(b, a), "maximum": maximum, "minimum": minimum,
}  # fmt: skip
"""Of two."""

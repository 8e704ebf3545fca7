"""`math.hypot` and `math.dist` of what only run time knows: operations, and CPython's bits.

In: coordinates. Out: the square root of the sum of their squares, computed as Modules/mathmodule.c
of CPython 3.11 does (`vector_norm`): all are scaled by the power of two that brings the greatest
below 1, squares and their sum keep what rounding took (T. J. Dekker, A Floating-Point Technique for
Extending the Available Precision, 1971), and the root is corrected once. The one idea: where C
splits a number to have the exact product, a fused multiply-add gives the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from fleet.dialects import arith
from fleet.dialects import math as functions
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import numbers
from fleet.evaluator.values.emitter import Emitter
from fleet.evaluator.values.numbers import NumberLike
from fleet.evaluator.values.then import Number
from fleet.ir.types import f64, i64

_EXPONENT = 0x7FF << 52
"""The bits of a float that are its exponent; also infinity's."""
_HUGE = 0x7FE << 52
"""The bits of the greatest power of two."""


def norm(m: Machine, coordinates: Sequence[NumberLike]) -> NumberLike:
    """sqrt(sum(x ** 2 for x in coordinates)), infinite if one of them is, whatever the others."""
    e = m.backend.e
    given = [numbers.unary(e, "abs", numbers.to_float(e, each)) for each in coordinates]
    if len(given) < 2:
        return given[0] if given else 0.0
    greatest: NumberLike = 0.0
    for each in given:
        greatest = numbers.choose(e, numbers.compare(e, "gt", each, greatest), each, greatest)
    assert isinstance(greatest, Number)
    made = m.language.choose(
        m,
        numbers.compare(e, "lt", greatest, 2.0**-1024),
        lambda: _of_tiny(e, given, greatest),
        lambda: _of_others(e, given, greatest),
    )
    endless = numbers.compare(e, "eq", greatest, float("inf"))
    return numbers.choose(e, endless, float("inf"), made)


def _of_tiny(e: Emitter, given: Sequence[Number], greatest: Number) -> Number:
    """No power of two is large enough: the quotients by the greatest."""
    divisor = numbers.choose(e, numbers.compare(e, "gt", greatest, 0.0), greatest, 1.0)
    total: NumberLike = 1.0
    lost: NumberLike = 0.0
    for each in given:
        part = _div(e, each, e.number(divisor))
        total, rest = _sum(e, total, _mul(e, part, part))
        lost = _add(e, lost, rest)
    return _mul(e, greatest, _sqrt(e, _add(e, _sub(e, total, 1.0), lost)))


def _of_others(e: Emitter, given: Sequence[Number], greatest: Number) -> Number:
    scale = _scale(e, greatest)
    total: NumberLike = 1.0
    low: NumberLike = 0.0
    lost: NumberLike = 0.0
    for each in given:
        part = _mul(e, each, scale)
        total, low, lost = _add_product(e, (total, low, lost), part, part)
    root = _sqrt(e, _add(e, _sub(e, total, 1.0), _add(e, low, lost)))
    total, low, lost = _add_product(e, (total, low, lost), numbers.unary(e, "neg", root), root)
    rest = _add(e, _sub(e, total, 1.0), _add(e, low, lost))
    root = _add(e, root, _div(e, rest, _mul(e, root, 2.0)))
    return _div(e, root, scale)


def _scale(e: Emitter, greatest: Number) -> Number:
    """The power of two that brings a number (2**-1024 or more) to between 1/2 and 1.

    Four times as much, of which no exponent is below that of normal numbers; or of a subnormal
    number, twice or once.
    """
    bits = e.value(arith.bitcast, greatest.native, types=[i64])
    exponent = e.value(arith.andi, bits, e.constant(_EXPONENT, i64))
    turned = e.value(arith.subi, e.constant(_EXPONENT, i64), exponent)
    turned = e.value(arith.minsi, turned, e.constant(_HUGE, i64))
    power = Number(e, "float", e.value(arith.bitcast, turned, types=[f64]))
    part: NumberLike = 0.25
    for limit, larger in ((2.0**-1022, 0.5), (2.0**-1023, 1.0)):
        part = numbers.choose(e, numbers.compare(e, "lt", greatest, limit), larger, part)
    return _mul(e, power, part)


def _add_product(
    e: Emitter, sums: tuple[NumberLike, NumberLike, NumberLike], a: Number, b: Number
) -> tuple[NumberLike, NumberLike, NumberLike]:
    """A sum, what rounding took from its products, and from itself, with one more product."""
    total, low, lost = sums
    high = _mul(e, a, b)
    product = [e.plain(value) for value in (a, b, numbers.unary(e, "neg", high))]
    low = _add(e, low, Number(e, "float", e.value(functions.fma, *product)))
    total, rest = _sum(e, total, high)
    return total, low, _add(e, lost, rest)


def _sum(e: Emitter, large: NumberLike, small: NumberLike) -> tuple[Number, Number]:
    """A sum, and what rounding took from it."""
    total = _add(e, large, small)
    return total, _add(e, _sub(e, large, total), small)


def _mul(e: Emitter, a: NumberLike, b: NumberLike) -> Number:
    return numbers.binary(e, "mul", a, b)


def _add(e: Emitter, a: NumberLike, b: NumberLike) -> Number:
    return numbers.binary(e, "add", a, b)


def _sub(e: Emitter, a: NumberLike, b: NumberLike) -> Number:
    return numbers.binary(e, "sub", a, b)


def _div(e: Emitter, a: Number, b: Number) -> Number:
    return Number(e, "float", e.value(arith.divf, a.native, b.native))


def _sqrt(e: Emitter, a: Number) -> Number:
    return Number(e, "float", e.value(functions.sqrt, a.native))

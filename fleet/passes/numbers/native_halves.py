"""`half-to-single` where the machine knows float16: arrays of it stay, two bytes an element.

In: NumPy's dialect with elements of f16, for a machine with Zvfhmin, or with Zvfh. Out: the same,
of which only those operations deal with f16 that the machine has instructions for. The one idea:
NumPy computes with float16 in float32 and rounds the result; what the machine does in f16 itself
must give the same, and all else is computed in f32 between two conversions.

That `+ - * /` and the square root, rounded to float32 and then to float16, are those rounded to
float16 at once is a theorem: rounding twice is innocuous if the wider format has q >= 2p + 2 digits
(S. Figueroa, When is double rounding innocuous?, 1995). Here p = 11 and q = 24 = 2p + 2. Float32
holds sums and products of float16 exactly, even: 22 digits for a product. Subnormal results have
fewer digits p, which q satisfies all the more, and float32 holds them as normal numbers, for its
exponents reach down to 2**-126 and those of float16's products and quotients to 2**-48; what
overflows float16 is below 2**41 and finite in float32.
"""

from __future__ import annotations

from collections.abc import Sequence

from fleet.dialects import numpy
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, Value
from fleet.ir.rewriting.conversion import Conversion, Rule, Target
from fleet.ir.types import TensorType, Type, element_of, f16, f32, f64, i16
from fleet.passes.numbers.half_sums import summed
from fleet.passes.numbers.reals import Reals
from fleet.passes.numbers.running import running

_MOVED = (
    "where", "transpose", "reshape", "broadcast_to", "concatenate", "slice", "insert_slice",
    "take", "stack", "host", "check", "bitcast",
    "full", "to_tensor", "item",
)  # fmt: skip
"""What only moves elements."""
_COMPUTED = (
    *numpy.COMPARE, "add", "subtract", "multiply", "divide", "sqrt", "negative", "absolute",
    "copysign", "isnan",
)  # fmt: skip
"""What Zvfh has."""


def convert(module: Operation, computes: bool) -> None:
    """computes: whether the machine computes in f16, besides converting it.

    Raises FleetError at the first operation that has no rule.
    """
    kept = {f"numpy.{name}" for name in (*_MOVED, *(_COMPUTED if computes else ()))}

    def is_legal(op: Operation) -> bool:
        if op.name in kept or not _has_halves(op):
            return True
        return op.name == "numpy.cast" and _is_converted(op)

    Conversion(module, Target().dynamic(is_legal, "numpy"), _RULES).run()


def _has_halves(op: Operation) -> bool:
    return any(element_of(value.type) == f16 for value in (*op.operands, *op.results))


def _is_converted(op: Operation) -> bool:
    """Whether it is a conversion that the machine has instructions for."""
    elements = {element_of(op.operand(0).type), element_of(op.result.type)}
    return len(elements) == 2 and elements < {f16, f32, f64}


# -- rules


def _cast(builder: Builder, value: Value, element: Type) -> Value:
    type = value.type
    if element_of(type) == element:
        return value
    type = type.with_element(element) if isinstance(type, TensorType) else element
    return builder.value(numpy.cast, value, types=[type])


def _in_single(conversion: Conversion, op: Operation) -> Sequence[Value]:
    """In f32, then rounded."""
    builder = conversion.builder

    def wide(value: Value) -> Value:
        return _cast(builder, value, f32) if element_of(value.type) == f16 else value

    types = [
        result.type if element_of(result.type) != f16
        else result.type.with_element(f32) if isinstance(result.type, TensorType)
        else f32
        for result in op.results
    ]  # fmt: skip
    made = builder.insert(op.like([wide(operand) for operand in op.operands], types))
    return [
        _cast(builder, value, element_of(result.type))
        for value, result in zip(made.results, op.results, strict=True)
    ]


def _conversion(conversion: Conversion, op: Operation) -> Sequence[Value]:
    """Over f32, as NumPy converts integers and truth values."""
    builder, value = conversion.builder, op.operand(0)
    if value.type == op.result.type:
        return [value]
    return [_cast(builder, _cast(builder, value, f32), element_of(op.result.type))]


def extremum(conversion: Conversion, op: Operation) -> Sequence[Value]:
    """maximum or minimum, as NumPy does it: the first where it is not beyond the second, or NaN; so
    of two zeros the first, whatever their signs."""
    builder = conversion.builder
    (first,), (second,) = (conversion.values_of(operand) for operand in op.operands)
    a, b = Reals(builder, first), Reals(builder, second)
    takes = a >= b if op.definition is numpy.binary["maximum"] else a <= b
    return [(takes | a.unary("isnan")).where(a, b).value]


def _bits(conversion: Conversion, op: Operation) -> Sequence[Value] | None:
    """Signs of numbers are bits, those of NaNs as well, which conversions lose."""
    first, *others = (
        Reals(conversion.builder, operand).bits(i16) for operand in op.operands
    )
    if op.definition is numpy.unary["negative"]:
        made = first.with_("bitwise_xor", _SIGN)
    else:
        made = first.with_("bitwise_and", ~_SIGN)
    for other in others:
        made = made | other.with_("bitwise_and", _SIGN)
    return [made.bits(f16).value]


_SIGN = -(2**15)


def _reduced(conversion: Conversion, op: Operation) -> Sequence[Value]:
    """A sum or a product."""
    if element_of(op.result.type) != f16:
        return _in_single(conversion, op)
    builder = conversion.builder
    wide = _cast(builder, op.operand(0), f32)
    made = summed(builder, wide, op, lambda x: x.cast(f16).cast(f32))
    return [_cast(builder, made, f16)]


def _scatter(conversion: Conversion, op: Operation) -> Sequence[Value] | None:
    """Numbers that are put somewhere, not added up."""
    if op.get("combine") not in ("set", "maximum", "minimum"):
        return None
    return _in_single(conversion, op)


def _cumulated(conversion: Conversion, op: Operation) -> Sequence[Value]:
    """Running sums and products, rounded at each step."""
    is_sum = op.name == "numpy.cumsum"

    def combine(total: Sequence[Reals], row: Sequence[Reals]) -> list[Reals]:
        return [total[0] + row[0] if is_sum else total[0] * row[0]]

    start = (0.0 if is_sum else 1.0,)
    return running(conversion.builder, [op.operand(0)], op.get("axis"), start, combine)


_RULES: dict[str, Rule] = {
    "numpy": _in_single,
    "numpy.sum": _reduced, "numpy.prod": _reduced,
    "numpy.cumsum": _cumulated, "numpy.cumprod": _cumulated,
    **{f"numpy.{name}": _bits for name in ("negative", "absolute", "copysign")},
    "numpy.maximum": extremum, "numpy.minimum": extremum,
    "numpy.cast": _conversion, "numpy.scatter": _scatter,
}  # fmt: skip

"""`half-to-single`: float16 as float32 numbers that float16 has.

In: NumPy's dialect with elements of f16. Out: the same on f32. The one idea: NumPy computes with
float16 in float32 and rounds the result, and so does this; what moves elements, compares them or
chooses among them needs no rounding. A number is rounded by adding and taking away a large one, of
whose last place it is a multiple then; one that is too large, by a factor that makes it infinite.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fleet.dialects import arith, numpy
from fleet.ir.attributes import ArrayAttr, DenseAttr, DictAttr, FloatAttr, StringAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, Value
from fleet.ir.rewriting.conversion import Conversion, Rule, Target, TypeConverter, convert_types
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.types import (
    TensorType,
    Type,
    element_of,
    f16,
    f32,
    f64,
    i32,
    i64,
    index,
    numpy_dtype,
)
from fleet.passes.numbers import native_halves
from fleet.passes.numbers.half_bits import bits_of, number_of
from fleet.passes.numbers.half_sums import summed
from fleet.passes.numbers.reals import Reals
from fleet.passes.numbers.running import running

_DIALECTS = ("func", "scf", "cf", "arith", "tensor", "numpy")

Given = Sequence["Value | Sequence[Value]"]


@register_pass("half-to-single", "float16 as numbers of float32 that are rounded to it")
def run(module: Operation) -> None:
    """Raises FleetError at the first operation that has no rule."""
    types = TypeConverter(_single)
    if all(op is module or types.is_legal(op) for op in module.walk()):
        return
    native = module.get(numpy.HALVES)
    if native is not None:
        native_halves.convert(module, computes=native == numpy.COMPUTED)
        return
    Conversion(module, Target().dynamic(types.is_legal, *_DIALECTS), RULES, types).run()


def _single(type: Type) -> Type | None:
    if type == f16:
        return f32
    if isinstance(type, TensorType) and type.element == f16:
        return type.with_element(f32)
    return None


# -- rounding

_ROUNDINGS = {
    f32: (i32, 0x7F800000, 1.5 * 2.0**13),
    f64: (i64, 0x7FF0000000000000, 1.5 * 2.0**42),
}
"""Of a float type: the ints of its width, its exponent's bits, and 1.5 times what makes the last
place of its numbers that of a float16."""
_LEAST, _GREATEST = 2.0**-14, 2.0**15
"""Powers of two between which float16 has all its digits."""
_OVERFLOW = 2.0**112
"""What is too large for float16 is this times too large for float32."""


def rounded(x: Reals) -> Reals:
    """The nearest numbers of float16, of two the even one, as f32."""
    ints, exponent, factor = _ROUNDINGS[x.element]
    power = x.bits(ints).with_("bitwise_and", exponent).bits(x.element)
    power = power.with_("maximum", _LEAST).with_("minimum", _GREATEST)
    large = power * factor
    made = ((x + large) - large).cast(f32)
    made = (made * _OVERFLOW) * (1 / _OVERFLOW)
    return made.with_("copysign", x.cast(f32))


def _rounded_value(builder: Builder, value: Value) -> Value:
    """The same of a tensor, or of a scalar."""
    if isinstance(value.type, TensorType):
        return rounded(Reals(builder, value)).value
    whole = builder.value(numpy.to_tensor, value, types=[TensorType((), value.type)])
    return builder.value(numpy.item, rounded(Reals(builder, whole)).value, types=[f32])


# -- operations


def with_rounding(conversion: Conversion, op: Operation) -> Given:
    """In f32, then rounded."""
    (made,) = convert_types(conversion, op)
    return [[_rounded_value(conversion.builder, value) for value in made]]


def computed(conversion: Conversion, op: Operation) -> Given:
    """An element function, whose result is rounded if it is a float16."""
    if element_of(op.result.type) != f16:
        return convert_types(conversion, op)
    return with_rounding(conversion, op)


def cast(conversion: Conversion, op: Operation) -> Given:
    builder = conversion.builder
    (value,) = conversion.values_of(op.operand(0))
    source, target = element_of(op.operand(0).type), op.result.type
    if element_of(target) != f16 or source == f16:
        type = conversion.types.convert(target)[0]
        same = value.type == type
        return [value if same else builder.value(numpy.cast, value, types=[type])]
    if source not in (f32, f64):
        type = target.with_element(f32) if isinstance(target, TensorType) else f32
        value = builder.value(numpy.cast, value, types=[type])
    return [_rounded_value(builder, value)]


def constant(conversion: Conversion, op: Operation) -> Given:
    attr = op.attributes["value"]
    if isinstance(attr, DenseAttr):
        if attr.value.size and not any(attr.value.strides):
            first = attr.value[(0,) * attr.value.ndim].astype(np.float32)
            wide = np.broadcast_to(first, attr.value.shape)
        else:
            wide = attr.value.astype(np.float32)
        made = DenseAttr.of(wide, None if attr.key is None else f"{attr.key}.wide")
        return [conversion.builder.value(arith.constant, types=[made.type], value=made)]
    assert isinstance(attr, FloatAttr)
    return [conversion.builder.constant(attr.value, f32)]


def host(conversion: Conversion, op: Operation) -> Given:
    """A service is told which of its operands are float16."""
    options = op.attributes.get("options")
    items = dict(options.value) if isinstance(options, DictAttr) else {}
    names = [_name(operand.type) for operand in op.operands]
    items.setdefault("dtypes", ArrayAttr(tuple(map(StringAttr, names))))
    op.attributes["options"] = DictAttr(tuple(items.items()))
    return convert_types(conversion, op)


def _name(type: Type) -> str:
    element = element_of(type)
    return "int64" if element == index else numpy_dtype(element).name


_EXACT = (
    *numpy.COMPARE, "negative", "absolute", "floor", "ceil", "trunc", "rint",
    "isnan", "logical_not", "copysign", "where", "max", "min", "argmax", "argmin", "sort",
    "argsort", "searchsorted", "cummax", "cummin", "transpose", "reshape", "broadcast_to",
    "concatenate", "slice", "insert_slice", "take", "full", "stack", "item", "to_tensor", "all",
    "any", "conjugate",
)  # fmt: skip
"""NumPy's operations whose results are float16 if the operands are, or no floats at all."""
_ROUNDED = ("matmul", "arange")
"""Of those that are rounded at the end."""


def scatter(conversion: Conversion, op: Operation) -> Given | None:
    """Numbers that are put somewhere, not added up."""
    if op.get("combine") not in ("set", "maximum", "minimum"):
        return None
    return convert_types(conversion, op)


def viewed(conversion: Conversion, op: Operation) -> Given:
    """The bits of numbers, or numbers of bits."""
    (value,) = conversion.values_of(op.operand(0))
    x = Reals(conversion.builder, value)
    source, target = element_of(op.operand(0).type), element_of(op.result.type)
    if source == target:
        return [x.value]
    return [(bits_of(x, target) if source == f16 else number_of(x)).value]


def reduced(conversion: Conversion, op: Operation) -> Given:
    """A sum or a product."""
    if element_of(op.result.type) != f16:
        return convert_types(conversion, op)
    (value,) = conversion.values_of(op.operand(0))
    return [summed(conversion.builder, value, op, rounded)]


def cumulated(conversion: Conversion, op: Operation) -> Given:
    """Running sums and products, rounded at each step."""
    (value,) = conversion.values_of(op.operand(0))
    is_sum = op.name == "numpy.cumsum"

    def combine(total: Sequence[Reals], row: Sequence[Reals]) -> list[Reals]:
        made = total[0] + row[0] if is_sum else total[0] * row[0]
        return [rounded(made)]

    start = (0.0 if is_sum else 1.0,)
    return [running(conversion.builder, [value], op.get("axis"), start, combine)]


RULES: dict[str, Rule] = {
    **{f"numpy.{name}": computed for name in (*numpy.binary, *numpy.unary)},
    **{f"numpy.{name}": convert_types for name in _EXACT},
    **{f"numpy.{name}": with_rounding for name in _ROUNDED},
    "numpy.maximum": native_halves.extremum, "numpy.minimum": native_halves.extremum,
    "numpy.sum": reduced, "numpy.prod": reduced,
    "numpy.bitcast": viewed, "numpy.cumsum": cumulated, "numpy.cumprod": cumulated,
    "numpy.cast": cast, "numpy.scatter": scatter, "numpy.host": host, "arith.constant": constant,
    "numpy.check": convert_types, "arith.select": convert_types,
    **dict.fromkeys(("func", "scf", "cf", "tensor"), convert_types),
}  # fmt: skip
"""What becomes of each kind of operation that deals with float16."""


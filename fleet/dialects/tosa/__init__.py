"""`tosa`: the tensor operator set, where NumPy's meaning and TOSA's agree.

Operands of elementwise operations have equal ranks; dimensions of size 1 broadcast.
"""

from __future__ import annotations

import math
from typing import Any

from fleet.ir.analysis.effects import constant_of
from fleet.ir.attributes import DenseAttr
from fleet.ir.core import Operation
from fleet.ir.definition import (
    COMMUTATIVE,
    CONSTANT,
    CONSTRAINTS,
    ELEMENTWISE,
    PURE,
    Dialect,
    OpDef,
)
from fleet.ir.interfaces import SizeRule, Sizes
from fleet.ir.types import TensorType, i32, i64, is_float

TOSA = Dialect("tosa")

CONSTRAINTS["FloatTensor"] = lambda type: isinstance(type, TensorType) and is_float(type.element)
CONSTRAINTS["I32Tensor"] = lambda type: isinstance(type, TensorType) and type.element == i32
CONSTRAINTS["SizeTensor"] = lambda type: (
    isinstance(type, TensorType) and type.element in (i32, i64)
)


def _op(
    name: str, operands: str, attributes: str = "", *traits: str, result: str = "output"
) -> OpDef:
    return TOSA.op(
        name,
        f"{operands} -> {result}: Tensor",
        attributes=attributes,
        traits={PURE, *traits},
        format="operands attr-dict `:` functional-type(operands, results)",
    )


def _elementwise(name: str, operands: str, attributes: str = "", *traits: str) -> OpDef:
    return _op(name, operands, attributes, ELEMENTWISE, *traits)


_PAIR = "input1: Tensor, input2: Tensor"
add = _elementwise("add", _PAIR, "", COMMUTATIVE)
sub = _elementwise("sub", _PAIR)
mul = _elementwise("mul", _PAIR, "shift", COMMUTATIVE)
"""`shift`: an i8 IntegerAttr, 0 for floats and plain integers; else the product of i32 is shifted
right by so many bits, rounded to nearest."""
int_div = _elementwise("int_div", "input1: I32Tensor, input2: I32Tensor")
"""Of i32, towards zero; undefined for division by zero."""
bitwise_and = _elementwise("bitwise_and", _PAIR, "", COMMUTATIVE)
bitwise_or = _elementwise("bitwise_or", _PAIR, "", COMMUTATIVE)
bitwise_xor = _elementwise("bitwise_xor", _PAIR, "", COMMUTATIVE)
bitwise_not = _elementwise("bitwise_not", "input1: Tensor")
logical_and = _elementwise("logical_and", _PAIR, "", COMMUTATIVE)
logical_or = _elementwise("logical_or", _PAIR, "", COMMUTATIVE)
logical_xor = _elementwise("logical_xor", _PAIR, "", COMMUTATIVE)
logical_left_shift = _elementwise("logical_left_shift", _PAIR)
logical_right_shift = _elementwise("logical_right_shift", _PAIR)
arithmetic_right_shift = _elementwise("arithmetic_right_shift", _PAIR, "round")
"""`round` (i1): half of what is lost is added before."""
maximum = _elementwise("maximum", _PAIR, "", COMMUTATIVE)
minimum = _elementwise("minimum", _PAIR, "", COMMUTATIVE)
pow = _elementwise("pow", _PAIR)
equal = _elementwise("equal", _PAIR, "", COMMUTATIVE)
greater = _elementwise("greater", _PAIR)
greater_equal = _elementwise("greater_equal", _PAIR)
select = _elementwise("select", "pred: Tensor, on_true: Tensor, on_false: Tensor")
negate = _elementwise("negate", "input1: Tensor", "quantization_info?")
abs = _elementwise("abs", "input1: Tensor")
exp = _elementwise("exp", "input1: Tensor")
log = _elementwise("log", "input1: Tensor")
tanh = _elementwise("tanh", "input: Tensor")
sigmoid = _elementwise("sigmoid", "input: Tensor")
erf = _elementwise("erf", "input: Tensor")
floor = _elementwise("floor", "input1: Tensor")
ceil = _elementwise("ceil", "input1: Tensor")
rsqrt = _elementwise("rsqrt", "input1: Tensor")
reciprocal = _elementwise("reciprocal", "input1: Tensor")
logical_not = _elementwise("logical_not", "input1: Tensor")
clz = _elementwise("clz", "input1: Tensor")
"""Leading zeros of i32."""
sin = _elementwise("sin", "input: FloatTensor")
cos = _elementwise("cos", "input: FloatTensor")
clamp = _elementwise("clamp", "input: Tensor", "min_int, max_int, min_fp, max_fp")
"""Into the range of integers or of floats, by the element type."""
identity = _elementwise("identity", "input1: Tensor")
cast = _elementwise("cast", "input: Tensor")

const = TOSA.op("const", "-> output: Tensor", attributes="value", traits={PURE, CONSTANT})
reduce = {
    name: _op(f"reduce_{name}", "input: Tensor", "axis")
    for name in ("sum", "prod", "max", "min", "all", "any")
}
"""One axis (i32 IntegerAttr), which stays with size 1."""
argmax = _op("argmax", "input: Tensor", "axis")
matmul = _op("matmul", "a: Tensor, b: Tensor", "quantization_info?", result="c")
"""Batched: [n, h, c] x [n, c, w] -> [n, h, w]."""
reshape = _op("reshape", "input1: Tensor", "new_shape")


def _reshaped(operation: Operation, number: int, sizes: Sizes) -> list[Any] | None:
    """The sizes that it names; where one is -1, what remains of all elements."""
    wanted = operation.get("new_shape")
    known = math.prod(size for size in wanted if size != -1)
    if -1 in wanted and not known:
        return None
    total = sizes.const(1)
    for size in sizes.shape(operation.operand(0)):
        total = total * size
    rest = total if known == 1 else sizes.function("divsi", [total, sizes.const(known)])
    return [rest if size == -1 else sizes.const(size) for size in wanted]


reshape.implements(SizeRule(_reshaped))

transpose = _op("transpose", "input1: Tensor, perms: SizeTensor")
concat = _op("concat", "input1: Tensor*", "axis")
slice = _op("slice", "input1: Tensor", "start, size")
gather = _op("gather", "values: Tensor, indices: I32Tensor")
scatter = _op(
    "scatter", "values_in: Tensor, indices: I32Tensor, input: Tensor", result="values_out"
)
"""`values_in` with the rows that the indices name taken from `input`."""
pad = _op("pad", "input1: Tensor, padding: SizeTensor, pad_const: Tensor?", "quantization_info?")
"""`padding`: for each dimension how much before and after; with zeros or `pad_const`."""
reverse = _op("reverse", "input: Tensor", "axis")
tile = _op("tile", "input1: Tensor", "multiples")
table = _op("table", "input: Tensor, table: Tensor")
"""Of i8 the entry of the table of 256; of i16 between entries of the table of 513."""
fully_connected = _op(
    "fully_connected", "input: Tensor, weight: Tensor, bias: Tensor", "quantization_info?"
)
"""input x transposed weight + bias."""


def permutation_of(operation: Operation) -> list[int]:
    """The axes of a transpose, whose `perms` is a constant."""
    held = constant_of(operation.operand(1))
    assert isinstance(held, DenseAttr)
    return [int(axis) for axis in held.value]

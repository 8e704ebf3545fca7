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
    RECURSIVE,
    TERMINATOR,
    Dialect,
    OpDef,
)
from fleet.ir.flow import OUT, LoopLike, RegionBranch
from fleet.ir.interfaces import SizeRule, Sizes
from fleet.ir.types import TensorType, i32, i64, is_float

TOSA = Dialect("tosa")

CONSTRAINTS["FloatTensor"] = lambda type: isinstance(type, TensorType) and is_float(type.element)
CONSTRAINTS["I32Tensor"] = lambda type: isinstance(type, TensorType) and type.element == i32
CONSTRAINTS["SizeTensor"] = lambda type: (
    isinstance(type, TensorType) and type.element in (i32, i64)
)


def _op(
    name: str, operands: str, attributes: str = "", *traits: str, result: str = "output",
    types: str = "",
) -> OpDef:  # fmt: skip
    return TOSA.op(
        name,
        f"{operands} -> {result}: Tensor",
        attributes=attributes,
        equations=types,
        traits={PURE, *traits},
        format="operands attr-dict `:` functional-type(operands, results)",
    )


def _elementwise(
    name: str, operands: str, attributes: str = "", *traits: str, types: str = "="
) -> OpDef:
    """types: what must hold of them; `=` says that all have the same elements."""
    if types == "=":
        names = [item.partition(":")[0].strip() for item in operands.split(",")]
        types = " = ".join(f"element({each})" for each in (*names, "output"))
    return _op(name, operands, attributes, ELEMENTWISE, *traits, types=types)


_PAIR = "input1: Tensor, input2: Tensor"
_COMPARED = "element(input1) = element(input2), element(output) = i1"
_BITS = "element(input1) = element(input2) = element(output) = i1"
_SAME = "element(output) = element(input1)"

add = _elementwise("add", _PAIR, "", COMMUTATIVE)
sub = _elementwise("sub", _PAIR)
mul = _elementwise(
    "mul", _PAIR, "shift: I8", COMMUTATIVE, types="element(input1) = element(input2)"
)
"""`shift`: an i8 IntegerAttr, 0 for floats and plain integers; else the product of i32 is shifted
right by so many bits, rounded to nearest."""
int_div = _elementwise("int_div", "input1: I32Tensor, input2: I32Tensor")
"""Of i32, towards zero; undefined for division by zero."""
bitwise_and = _elementwise("bitwise_and", _PAIR, "", COMMUTATIVE)
bitwise_or = _elementwise("bitwise_or", _PAIR, "", COMMUTATIVE)
bitwise_xor = _elementwise("bitwise_xor", _PAIR, "", COMMUTATIVE)
bitwise_not = _elementwise("bitwise_not", "input1: Tensor")
logical_and = _elementwise("logical_and", _PAIR, "", COMMUTATIVE, types=_BITS)
logical_or = _elementwise("logical_or", _PAIR, "", COMMUTATIVE, types=_BITS)
logical_xor = _elementwise("logical_xor", _PAIR, "", COMMUTATIVE, types=_BITS)
logical_left_shift = _elementwise("logical_left_shift", _PAIR)
logical_right_shift = _elementwise("logical_right_shift", _PAIR)
arithmetic_right_shift = _elementwise("arithmetic_right_shift", _PAIR, "round: Bool")
"""`round` (i1): half of what is lost is added before."""
maximum = _elementwise("maximum", _PAIR, "", COMMUTATIVE)
minimum = _elementwise("minimum", _PAIR, "", COMMUTATIVE)
pow = _elementwise("pow", _PAIR)
equal = _elementwise("equal", _PAIR, "", COMMUTATIVE, types=_COMPARED)
greater = _elementwise("greater", _PAIR, types=_COMPARED)
greater_equal = _elementwise("greater_equal", _PAIR, types=_COMPARED)
select = _elementwise(
    "select", "pred: Tensor, on_true: Tensor, on_false: Tensor",
    types="element(pred) = i1, element(output) = element(on_true) = element(on_false)",
)  # fmt: skip
negate = _elementwise("negate", "input1: Tensor", "quantization_info: Own?")
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
logical_not = _elementwise(
    "logical_not", "input1: Tensor", types="element(input1) = element(output) = i1"
)
clz = _elementwise("clz", "input1: Tensor")
"""Leading zeros of i32."""
sin = _elementwise("sin", "input: FloatTensor")
cos = _elementwise("cos", "input: FloatTensor")
clamp = _elementwise(
    "clamp", "input: Tensor", "min_int: I64, max_int: I64, min_fp: Float, max_fp: Float"
)
"""Into the range of integers or of floats, by the element type."""
identity = _elementwise("identity", "input1: Tensor")
cast = _elementwise("cast", "input: Tensor", types="")

const = TOSA.op("const", "-> output: Tensor", attributes="value: Dense", traits={PURE, CONSTANT})
reduce = {
    name: _op(
        f"reduce_{name}", "input: Tensor", "axis: I32", types="element(output) = element(input)"
    )
    for name in ("sum", "prod", "max", "min", "all", "any")
}
"""One axis (i32 IntegerAttr), which stays with size 1."""
argmax = _op("argmax", "input: Tensor", "axis: I32")
matmul = _op("matmul", "a: Tensor, b: Tensor", "quantization_info: Own?", result="c")
"""Batched: [n, h, c] x [n, c, w] -> [n, h, w]."""
reshape = _op("reshape", "input1: Tensor", "new_shape: I64Array", types=_SAME)


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

transpose = _op("transpose", "input1: Tensor, perms: SizeTensor", types=_SAME)
concat = _op("concat", "input1: Tensor*", "axis: I32", types=_SAME)
slice = _op("slice", "input1: Tensor", "start: I64Array, size: I64Array", types=_SAME)
gather = _op(
    "gather", "values: Tensor, indices: I32Tensor", types="element(output) = element(values)"
)
scatter = _op(
    "scatter", "values_in: Tensor, indices: I32Tensor, input: Tensor", result="values_out",
    types="element(values_out) = element(values_in) = element(input)",
)
"""`values_in` with the rows that the indices name taken from `input`."""
pad = _op(
    "pad", "input1: Tensor, padding: SizeTensor, pad_const: Tensor?", "quantization_info: Own?",
    types="element(output) = element(input1) = element(pad_const), rank(output) = rank(input1),"
    "rank(pad_const) = 0",
)  # fmt: skip
"""`padding`: for each dimension how much before and after; with zeros or `pad_const`."""
reverse = _op("reverse", "input: Tensor", "axis: I32", types="element(output) = element(input)")
tile = _op("tile", "input1: Tensor", "multiples: I64Array", types=_SAME)
table = _op("table", "input: Tensor, table: Tensor")
"""Of i8 the entry of the table of 256; of i16 between entries of the table of 513."""
fully_connected = _op(
    "fully_connected", "input: Tensor, weight: Tensor, bias: Tensor", "quantization_info: Own?"
)
"""input x transposed weight + bias."""

_CONVOLVED = "quantization_info: Own?, local_bound: Bool?"
_WINDOW = "pad: I64Array, stride: I64Array, dilation: I64Array"
_SPACE = "input: Tensor, weight: Tensor, bias: Tensor"
conv2d = _op(
    "conv2d", _SPACE, f"{_WINDOW}, {_CONVOLVED}",
    types="rank(input) = rank(weight) = rank(output) = 4, rank(bias) = 1",
)  # fmt: skip
"""Each output element is the window of the input at its place times a filter (`weight`: [outputs,
rows, columns, inputs]), summed up, and its bias. `pad`: before and after, rows, then columns."""
conv3d = _op(
    "conv3d", _SPACE, f"{_WINDOW}, {_CONVOLVED}",
    types="rank(input) = rank(weight) = rank(output) = 5, rank(bias) = 1",
)  # fmt: skip
depthwise_conv2d = _op(
    "depthwise_conv2d", _SPACE, f"{_WINDOW}, {_CONVOLVED}",
    types="rank(input) = rank(weight) = rank(output) = 4, rank(bias) = 1",
)  # fmt: skip
"""Each channel by itself, by as many filters as the last dimension of `weight` says."""
transpose_conv2d = _op(
    "transpose_conv2d", "input: Tensor, filter: Tensor, bias: Tensor",
    f"out_pad: I64Array, stride: I64Array, out_shape: I64Array, {_CONVOLVED}",
    types="rank(input) = rank(filter) = rank(output) = 4, rank(bias) = 1",
)  # fmt: skip
"""Each input element times the filter, added to the output from its place on."""
avg_pool2d = _op(
    "avg_pool2d", "input: Tensor",
    "kernel: I64Array, stride: I64Array, pad: I64Array, acc_type: TypeAttr,"
    "quantization_info: Own?",
    types="rank(input) = rank(output) = 4, element(input) = element(output)",
)  # fmt: skip
"""The mean of what of each window lies inside."""
max_pool2d = _op(
    "max_pool2d", "input: Tensor", "kernel: I64Array, stride: I64Array, pad: I64Array",
    types="rank(input) = rank(output) = 4, element(input) = element(output)",
)  # fmt: skip
resize = _op(
    "resize", "input: Tensor",
    "scale: I64Array, offset: I64Array, border: I64Array, mode: String",
    types="rank(input) = rank(output) = 4",
)  # fmt: skip
"""Rows and columns by the factors scale[0] / scale[1] and scale[2] / scale[3]; `mode`:
NEAREST_NEIGHBOR or BILINEAR, whose integers are not divided by the product of scale[0] and [2]."""
rescale = _op(
    "rescale", "input: Tensor",
    "input_zp: I32, output_zp: I32, multiplier: I32Array, shift: I8Array, scale32: Bool,"
    "double_round: Bool, per_channel: Bool",
    types="shape(input) = shape(output)",
)  # fmt: skip
"""(x - input_zp) * multiplier / 2**shift, rounded, + output_zp, as far as the result's type goes;
`per_channel`: a multiplier and a shift for each entry of the last dimension."""

cond_if = TOSA.op(
    "cond_if",
    "cond: Tensor, inputs: Tensor* -> output: Tensor*",
    equations="element(cond) = i1",
    regions=2,
    traits={RECURSIVE},
    interfaces=[RegionBranch(entry=(0, 1), after=((OUT,), (OUT,)), passes="inputs")],
)
while_loop = TOSA.op(
    "while_loop",
    "inputs: Tensor* -> output: Tensor*",
    regions=2,
    interfaces=[
        RegionBranch(entry=(0, 1, OUT), after=((), (0, 1, OUT)), passes="inputs"), LoopLike()
    ],
)
"""As long as the first region gives true of the values, the second gives the next ones."""
yield_ = TOSA.op(
    "yield",
    "inputs: Any*",
    traits={TERMINATOR},
    parents=("tosa.cond_if", "tosa.while_loop"),
    format="$inputs attr-dict `:` type($inputs)",
)


def permutation_of(operation: Operation) -> list[int]:
    """The axes of a transpose, whose `perms` is a constant."""
    held = constant_of(operation.operand(1))
    assert isinstance(held, DenseAttr)
    return [int(axis) for axis in held.value]

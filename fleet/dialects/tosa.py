"""`tosa`: the tensor operator set, where NumPy's meaning and TOSA's agree.

Operands of elementwise operations have equal ranks; dimensions of size 1 broadcast.
"""

from __future__ import annotations

from fleet.ir.attributes import DenseAttr
from fleet.ir.core import Operation
from fleet.ir.definition import COMMUTATIVE, CONSTANT, ELEMENTWISE, PURE, Dialect, OpDef
from fleet.ir.effects import constant_of

TOSA = Dialect("tosa")


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
mul = _elementwise("mul", _PAIR, "shift")
"""`shift`: an i8 IntegerAttr, 0 for floats and plain integers."""
maximum = _elementwise("maximum", _PAIR, "", COMMUTATIVE)
minimum = _elementwise("minimum", _PAIR, "", COMMUTATIVE)
pow = _elementwise("pow", _PAIR)
equal = _elementwise("equal", _PAIR, "", COMMUTATIVE)
greater = _elementwise("greater", _PAIR)
greater_equal = _elementwise("greater_equal", _PAIR)
select = _elementwise("select", "pred: Tensor, on_true: Tensor, on_false: Tensor")
negate = _elementwise("negate", "input1: Tensor")
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
cast = _elementwise("cast", "input: Tensor")

const = TOSA.op("const", "-> output: Tensor", attributes="value", traits={PURE, CONSTANT})
reduce = {
    name: _op(f"reduce_{name}", "input: Tensor", "axis")
    for name in ("sum", "prod", "max", "min", "all", "any")
}
"""One axis (i32 IntegerAttr), which stays with size 1."""
argmax = _op("argmax", "input: Tensor", "axis")
matmul = _op("matmul", "a: Tensor, b: Tensor", result="c")
"""Batched: [n, h, c] x [n, c, w] -> [n, h, w]."""
reshape = _op("reshape", "input1: Tensor", "new_shape")
transpose = _op("transpose", "input1: Tensor, perms: Tensor")
concat = _op("concat", "input1: Tensor*", "axis")
slice = _op("slice", "input1: Tensor", "start, size")
gather = _op("gather", "values: Tensor, indices: Tensor")


def permutation_of(operation: Operation) -> list[int]:
    """The axes of a transpose, whose `perms` is a constant."""
    held = constant_of(operation.operand(1))
    assert isinstance(held, DenseAttr)
    return [int(axis) for axis in held.value]

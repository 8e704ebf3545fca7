"""From MLIR 19's spelling to today's.

In: a module of tosa, linalg and what is around them. Out: the same with what has changed since:
shifts, zero points and shapes are operands, permutations attributes (TOSA 1.0), and a product with
a transposed matrix is `linalg.matmul` with maps. The one idea: what has changed is printed in the
generic form, whose names have stayed, while the operations' own forms still change every year.

Sources: TosaOps.td, TosaTypesBase.td and LinalgStructuredOps.td of llvm-project's main branch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fleet.dialects import arith
from fleet.dialects.linalg.named import CONTRACTIONS
from fleet.dialects.tosa import permutation_of
from fleet.ir.affine import AffineMap, d
from fleet.ir.attribute_kinds import AttributeSlot
from fleet.ir.attributes import (
    AffineMapAttr,
    ArrayAttr,
    DenseArrayAttr,
    DenseAttr,
    i32_array,
)
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, Value
from fleet.ir.definition import CONSTANT, PURE, OpDef
from fleet.ir.types import DialectType, TensorType, Type, i8, i64, index, numpy_dtype


def respell(module: Operation) -> None:
    """Change a module in place, for printing."""
    for op in list(module.walk()):
        change = _CHANGES.get(op.name)
        if change is not None:
            change(op)


def _generic(name: str, *attributes: str) -> OpDef:
    """A declaration that says no more than which attributes are an operation's own."""
    slots = {attribute: AttributeSlot(attribute, "Any") for attribute in attributes}
    return OpDef(name, (), (), frozenset((PURE,)), attributes=slots)


_CONST = OpDef("tosa.const", (), (), frozenset((PURE, CONSTANT)), result_name="const",
               attributes={"values": AttributeSlot("values", "Any")})  # fmt: skip
_SHAPE = OpDef("tosa.const_shape", (), (), frozenset((PURE, CONSTANT)), result_name="const_shape",
               attributes={"values": AttributeSlot("values", "Any")})  # fmt: skip


def _constant(op: Operation, definition: OpDef, values: DenseAttr, type: Type) -> Value:
    """A constant before an operation, the one that is there already if there is one."""
    before = op.previous
    while before is not None and before.name == definition.name:
        if before.attributes["values"] == values and before.result.type == type:
            return before.result
        before = before.previous
    made = Operation(definition.name, (), (type,), {"values": values}, (), (), op.location,
                     definition)  # fmt: skip
    return Builder.before(op).insert(made).result


def _zero(op: Operation, element: Type) -> Value:
    """One element: a shift or zero point that does nothing."""
    type = TensorType((1,), element)
    return _constant(op, _CONST, DenseAttr(np.zeros(1, numpy_dtype(element)), type), type)


def _multiply(op: Operation) -> None:
    """The shift is an operand."""
    op.attributes.pop("shift", None)
    op.operands = [*op.operands, _zero(op, i8)]


def _with_zero_points(count: int) -> Callable[[Operation], None]:
    """One for each input, or one for the input and one for the result."""

    def change(op: Operation) -> None:
        type = op.operand(0).type
        assert isinstance(type, TensorType)
        op.operands = [*op.operands, *[_zero(op, type.element) for _ in range(count)]]

    return change


def _as_generic(name: str, new: str | None = None) -> Callable[[Operation], None]:
    """With the axis among its own attributes; new: its name now."""
    definition = _generic(new or name, "axis")

    def change(op: Operation) -> None:
        op.name, op.definition = definition.name, definition

    return change


def _transpose(op: Operation) -> None:
    """The permutation is an attribute."""
    axes = permutation_of(op)
    held = op.operand(1).owner
    op.operands = [op.operand(0)]
    if isinstance(held, Operation) and not held.result.is_used:
        held.erase()
    op.attributes["perms"] = i32_array(*axes)
    op.definition = _TRANSPOSE


_TRANSPOSE = _generic("tosa.transpose", "perms")


def _shape_operand(*names: str) -> Callable[[Operation], None]:
    """Attributes that list sizes are operands of a type of their own."""

    def change(op: Operation) -> None:
        added = []
        for name in names:
            numbers = op.attributes.pop(name)
            assert isinstance(numbers, DenseArrayAttr)
            count = len(numbers.value)
            values = np.array(numbers.value, np.int64).reshape(count)
            type = DialectType("tosa", f"shape<{count}>")
            attribute = DenseAttr(values, TensorType((count,), index))
            added.append(_constant(op, _SHAPE, attribute, type))
        op.operands = [*op.operands, *added]

    return change


# -- linalg


def _matmul(name: str, transposed: str) -> Callable[[Operation], None]:
    """A product with a transposed matrix has maps that say so."""
    definition = OpDef(name, (), (), print=_print_matmul)
    operands, space, _ = CONTRACTIONS[transposed]
    maps = ArrayAttr(tuple(
        AffineMapAttr(AffineMap(len(space), tuple(d(space.index(each)) for each in letters)))
        for letters in operands
    ))  # fmt: skip

    def change(op: Operation) -> None:
        op.attributes["indexing_maps"] = maps
        op.name, op.definition = definition.name, definition

    return change


def _print_matmul(op: Operation, printer: Any) -> None:
    a, b, out = op.operands
    printer.write(f" indexing_maps = {printer.attribute(op.attributes['indexing_maps'])}")
    printer.write(f" ins({printer.values([a, b])} : {printer.types([a, b])})")
    printer.write(f" outs({printer.value(out)} : {out.type}) -> {op.result.type}")


def _signed_product(op: Operation) -> None:
    """Both words of a product of i64 by those of halves, outside of structured operations: IREE's
    virtual machine has no such instruction (Warren, Hacker's Delight, 8-2)."""
    parent = op.parent_op
    while parent is not None and not parent.name.startswith("linalg."):
        parent = parent.parent_op
    if parent is not None or op.operand(0).type != i64:
        return
    builder = Builder.before(op)

    def do(definition: OpDef, a: Value, b: Value) -> Value:
        return builder.value(definition, a, b)

    half, mask = builder.constant(32, i64), builder.constant(0xFFFFFFFF, i64)
    (low_a, high_a), (low_b, high_b) = (
        (do(arith.andi, value, mask), do(arith.shrsi, value, half)) for value in op.operands
    )
    first = do(arith.shrui, do(arith.muli, low_a, low_b), half)
    second = do(arith.addi, do(arith.muli, high_a, low_b), first)
    third = do(arith.addi, do(arith.muli, low_a, high_b), do(arith.andi, second, mask))
    high = do(arith.addi, do(arith.muli, high_a, high_b), do(arith.shrsi, second, half))
    high = do(arith.addi, high, do(arith.shrsi, third, half))
    op.replace_with([do(arith.muli, *op.operands), high])


_CHANGES: dict[str, Callable[[Operation], None]] = {
    "arith.mulsi_extended": _signed_product,
    "tosa.mul": _multiply,
    "tosa.negate": _with_zero_points(2),
    "tosa.matmul": _with_zero_points(2),
    **{f"tosa.reduce_{name}": _as_generic(f"tosa.reduce_{name}")
       for name in ("sum", "max", "min", "all", "any")},
    "tosa.reduce_prod": _as_generic("tosa.reduce_prod", "tosa.reduce_product"),
    "tosa.argmax": _as_generic("tosa.argmax"),
    "tosa.concat": _as_generic("tosa.concat"),
    "tosa.reverse": _as_generic("tosa.reverse"),
    "tosa.transpose": _transpose,
    "tosa.reshape": _shape_operand("new_shape"),
    "tosa.tile": _shape_operand("multiples"),
    "tosa.slice": _shape_operand("start", "size"),
    "linalg.matmul_transpose_a": _matmul("linalg.matmul", "matmul_transpose_a"),
    "linalg.matmul_transpose_b": _matmul("linalg.matmul", "matmul_transpose_b"),
    "linalg.batch_matmul_transpose_a": _matmul("linalg.batch_matmul", "batch_matmul_transpose_a"),
    "linalg.batch_matmul_transpose_b": _matmul("linalg.batch_matmul", "batch_matmul_transpose_b"),
}  # fmt: skip
"""By operation of MLIR 19."""


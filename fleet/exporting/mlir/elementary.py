"""Elementary functions that IREE's code generator has no good code for, as polynomials.

In: linalg whose bodies use `math`. Out: the same, with those functions expanded that IREE leaves to
a library that its modules are not linked with, or computes with other numbers for arguments that
are large (sin of 1e5) or small (asinh of 1e-9). The one idea: the compiler has formulas for its own
kernels, in `arith` and fused multiply-adds, and these say the same to everybody.

Which ones they are was found with IREE 3.13: each function compiled for llvm-cpu, linked and run.
"""

from __future__ import annotations

from collections.abc import Sequence

from fleet.codegen.math.expand import EXPANSIONS
from fleet.codegen.math.formulas import Term
from fleet.dialects import arith, scf, tensor
from fleet.dialects.loop.tables import table
from fleet.ir.affine import AffineMap
from fleet.ir.attributes import DenseAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, Value
from fleet.ir.types import IntegerType, ShapedType, TensorType, Type, f32, f64, i1, i64, index
from fleet.passes.linalg.structured import empty, fill, generic, insert_slice

_EVERYWHERE = frozenset((
    "math.log10", "math.sin", "math.cos", "math.tan", "math.sinh", "math.asinh", "math.atanh",
    "math.ceil", "math.trunc",
))  # fmt: skip
"""Of f32, too: there is none, on some processors, or it is wrong for large or small arguments."""
_LACKING: dict[Type, frozenset[str]] = {
    f32: _EVERYWHERE,
    f64: _EVERYWHERE | {
        "math.log2", "math.tanh", "math.asin", "math.acos", "math.atan", "math.atan2", "math.cbrt",
        "arith.remf",
    },
}  # fmt: skip
"""By element type."""


def expand_lacking(module: Operation) -> None:
    """Expand what stands in the bodies of structured operations."""
    for op in list(module.walk()):
        if op.name.startswith("linalg.") and op.regions:
            while _expand(op):
                pass


def through_arrays(module: Operation) -> None:
    """Let kernels compute what IREE's virtual machine has no instruction for: scalars become arrays
    without axes, and the other way round. An element is inserted as an array, and arrays of one
    bool are filled: what IREE 3.13 makes of `tensor.insert` writes beyond the array where that has
    several axes, and it puts no bools together."""
    for op in list(module.walk()):
        parent = op.parent_op
        if op.name == "tensor.insert" and parent is not None and parent.name[:7] != "linalg.":
            _insert_array(op)
        elif op.name == "tensor.from_elements" and len(op.operands) == 1:
            _fill_bool(op)
        elif _needs_kernel(op):
            _in_kernel(op)
        elif op.name in _EXTENDED and op.results[0].type == f64:
            _widen(op)


def _needs_kernel(op: Operation) -> bool:
    parent = op.parent_op
    if parent is None or parent.name.startswith("linalg.") or len(op.results) != 1:
        return False
    if any(isinstance(value.type, ShapedType) for value in op.operands):
        return False
    return _is_lacking(op) or op.name in _NOT_OF_SCALARS


_NOT_OF_SCALARS = frozenset((
    "math.tan", "math.asin", "math.acos", "math.sinh", "math.cosh", "math.asinh", "math.acosh",
    "math.atanh", "math.cbrt", "math.trunc", "math.copysign", "arith.maxnumf", "arith.minnumf",
    "arith.fptosi", "arith.fptoui", "arith.truncf",
))  # fmt: skip


_EXTENDED = {"arith.sitofp": arith.extsi, "arith.uitofp": arith.extui}


def _widen(op: Operation) -> None:
    """The virtual machine makes f64 of i64 alone."""
    value, parent = op.operand(0), op.parent_op
    small = isinstance(value.type, IntegerType) and value.type.width < 64
    if small and parent is not None and not parent.name.startswith("linalg."):
        wide = Builder.before(op).value(_EXTENDED[op.name], value, types=[i64])
        op.operands = [wide]


def _in_kernel(op: Operation) -> None:
    builder = Builder.before(op)
    given = [builder.value(tensor.from_elements, [value], types=[TensorType((), value.type)])
             for value in op.operands]  # fmt: skip
    out = empty(builder, [], op.results[0].type)

    def body(inner: Builder, arguments: Sequence[Value]) -> Value:
        made = Operation(
            op.name, arguments[: len(given)], [op.results[0].type], op.attributes,
            location=op.location, definition=op.definition,
        )  # fmt: skip
        return inner.insert(made).result

    maps = [AffineMap(0, ())] * (len(given) + 1)
    made = generic(builder, given, [out], maps, [], body).result
    op.replace_with([builder.value(tensor.extract, made, [], types=[op.results[0].type])])


def _insert_array(op: Operation) -> None:
    value, dest, *places = op.operands
    builder = Builder.before(op)
    ones = [1] * len(places)
    if value.type == i1:
        made = fill(builder, value, ones)
    else:
        made = builder.value(
            tensor.from_elements, [value], types=[TensorType(tuple(ones), value.type)]
        )
    op.replace_with([insert_slice(builder, made, dest, places, ones, ones)])


def _fill_bool(op: Operation) -> None:
    type = op.results[0].type
    if isinstance(type, TensorType) and type.element == i1:
        builder = Builder.before(op)
        op.replace_with([fill(builder, op.operand(0), list(type.shape))])


def _expand(structured: Operation) -> bool:
    """Expand all that there is now; whether there was any."""
    found = [op for op in structured.walk() if _is_lacking(op)]
    for op in found:
        builder = Builder.before(op)
        made = EXPANSIONS[op.name](*(Term(builder, value) for value in op.operands))
        op.replace_with([made.value])
    for op in list(structured.walk()):
        if op.name == "loop.lookup":
            _extract(op, Builder.before(structured))
        else:
            _plain(op)
    return bool(found)


def _extract(op: Operation, outside: Builder) -> None:
    """An element of a table as one of a constant array."""
    numbers = table(op.get("table"))
    type = TensorType(numbers.shape, op.results[0].type)
    held = outside.value(arith.constant, value=DenseAttr(numbers, type), types=[type])
    builder = Builder.before(op)
    place = builder.value(arith.index_cast, op.operand(0), types=[index])
    op.replace_with([builder.value(tensor.extract, held, [place], types=[type.element])])


def _is_lacking(op: Operation) -> bool:
    if not op.results:
        return False
    return op.name in _LACKING.get(op.results[0].type, ())


def _plain(op: Operation) -> None:
    """A loop of kernels as one of `scf`."""
    if op.name == "loop.yield":
        op.name, op.definition = scf.yield_.name, scf.yield_
    elif op.name == "loop.for":
        step = Builder.before(op).constant(int(op.get("step")), index)
        lower, upper, *inits = op.operands
        op.operands = [lower, upper, step, *inits]
        op.attributes.clear()
        op.name, op.definition = scf.for_.name, scf.for_


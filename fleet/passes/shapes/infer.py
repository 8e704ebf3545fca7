"""`infer-shapes`: what is known of sizes goes into types, and sizes are taken from their roots.

In: any tensor level. Out: the same operations with result types as static as can be shown (with
`tensor.cast` where a fixed signature needs the old type), and every `tensor.dim` replaced by the
number, the index argument or the root's dimension that it provably equals. Equal dimensions are one
SSA value afterwards.
"""

from __future__ import annotations

from fleet.dialects import arith, tensor
from fleet.ir.analysis.analyses import analysis_of
from fleet.ir.attributes import IntegerAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, OpResult, Value
from fleet.ir.definition import drop_operands
from fleet.ir.flow import RegionBranch, RegionTerminator
from fleet.ir.interfaces import CallLike, GivenSizes, OneShape, ShapeReification
from fleet.ir.rewriting.journal import rewriting
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.types import TensorType, i1, i64, index
from fleet.ir.watch import count, may_apply
from fleet.passes.shapes.dims import Dims
from fleet.passes.shapes.symbolic import Size


@register_pass("infer-shapes", "refine result types and take equal sizes from one place")
def run(module: Operation) -> None:
    """Refine types and reify `tensor.dim` in every function of the module."""
    dims = analysis_of(Dims, module)
    for op in list(module.walk()):
        answer = ShapeReification.of(op)
        if answer is not None and answer.refines:
            for result in op.results:
                _refine(result, answer, dims)
    for op in list(module.walk()):
        if op.name == "tensor.dim":
            _reify(op, dims)
        elif op.definition is arith.cmpi and op.operand(0).type in (i64, index):
            _compare(op, dims)


def _refine(result: OpResult, answer: ShapeReification, dims: Dims) -> None:
    old = result.type
    if not isinstance(old, TensorType) or old.is_static:
        return
    shape = tuple(size.static for size in dims.shape(result))
    if shape == old.shape or not may_apply():
        return
    count("types refined")
    with rewriting("sizes that are known go into the type", result.operation):
        _retype(result, answer, shape)


def _retype(result: OpResult, answer: ShapeReification, shape: tuple) -> None:
    old = result.type
    if isinstance(answer, GivenSizes):
        _drop_sizes(result.operation, answer.slot, shape, old.shape)
    elif isinstance(answer, OneShape):
        _cast_operands(result.operation, answer, shape)
    result.type = old.with_shape(shape)
    made: Value | None = None
    for user, number in list(result.uses):
        if _is_prescribed(user):
            if made is None:
                made = Builder.after(result.operation).value(tensor.cast, result, types=[old])
            user.set_operand(number, made)


def _is_prescribed(user: Operation) -> bool:
    """Whether a signature or another value's type says what types the operands have."""
    return (
        RegionTerminator.of(user) is not None
        or CallLike.of(user) is not None
        or RegionBranch.of(user) is not None
    )


def _cast_operands(op: Operation, answer: OneShape, shape: tuple) -> None:
    """Give operands of which as much is known types that say so, too."""
    for number, operand in enumerate(op.operands):
        if operand in answer.arrays(op) and operand.type.shape != shape:
            type = operand.type.with_shape(shape)
            op.set_operand(number, Builder.before(op).value(tensor.cast, operand, types=[type]))


def _drop_sizes(op: Operation, slot: str, shape: tuple, old: tuple) -> None:
    """Remove the size operands of dimensions that have become static."""
    given = op.named(slot)
    assert isinstance(given, list)
    first = len(op.operands) - len(given)
    dynamic = [now for before, now in zip(old, shape, strict=True) if before is None]
    drop_operands(op, [first + n for n, now in enumerate(dynamic) if now is not None])


def _reify(op: Operation, dims: Dims) -> None:
    """Replace a `tensor.dim` by what it equals."""
    size = dims.size(op.result)
    if not may_apply():
        return
    with rewriting("a size is taken from its root", op):
        _take(size, op, dims)


def _compare(op: Operation, dims: Dims) -> None:
    """Sizes that are one size are equal, as where shapes are broadcast against each other."""
    predicate = arith.CMPI_PREDICATES[op.get("predicate")]
    if predicate in ("eq", "ne") and len({*map(dims.size, op.operands)}) == 1 and may_apply():
        with rewriting("sizes that are equal", op):
            made = Builder.before(op).constant(int(predicate == "eq"), i1)
            op.replace_with([made])
            count("sizes compared")


def _take(size: Size, op: Operation, dims: Dims) -> None:
    builder = Builder.before(op)
    made = dims.materialise(size, builder)
    if isinstance(made, int):
        made = builder.value(arith.constant, value=IntegerAttr(made, index), types=[index])
    if made is not op.result:
        op.replace_with([made])

"""Questions about loop nests, and small rewrites, that the loop passes share."""

from __future__ import annotations

from collections.abc import Iterator

from fleet.dialects import arith, loop
from fleet.dialects.loop.access import Access, constant_of, is_access, is_load, is_store
from fleet.ir.affine import AffineConst
from fleet.ir.analysis.effects import Effects
from fleet.ir.attributes import FloatAttr, IntegerAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Block, BlockArgument, Operation, OpResult, Value
from fleet.ir.definition import PURE
from fleet.ir.flow import LoopLike
from fleet.ir.interfaces import View
from fleet.ir.rewriting.journal import traced
from fleet.ir.types import Type, VectorType, byte_width, element_of, i1, is_float


def is_loop(op: Operation) -> bool:
    """Whether the operation is a loop that counts from one value to another."""
    answer = LoopLike.of(op) if op.regions else None
    return answer is not None and bool(answer.bounds)


def loops_in(block: Block) -> list[Operation]:
    """The loops that stand in the block itself."""
    return [op for op in block if op.regions and is_loop(op)]


def nested_loops(op: Operation) -> Iterator[Operation]:
    """All loops inside an operation, outer before inner."""
    return (inner for inner in op.walk() if inner.regions and inner is not op and is_loop(inner))


def trip_count(op: Operation) -> int | None:
    """How often the loop's body runs, if its bounds are constants."""
    lower, upper, *_ = map(constant_of, LoopLike.of(op).limits(op))
    if lower is None or upper is None:
        return None
    return max(0, -(-(upper - lower) // op.get("step")))


def same_value(a: Value, b: Value) -> bool:
    """Whether two index values are the same value or equal constants."""
    return a is b or (constant_of(a) is not None and constant_of(a) == constant_of(b))


def same_bounds(a: Operation, b: Operation) -> bool:
    return (
        same_value(a.operand(0), b.operand(0))
        and same_value(a.operand(1), b.operand(1))
        and a.get("step") == b.get("step")
    )


def buffer_of(memref: Value) -> Value:
    """The kernel's argument that a memref is."""
    while isinstance(memref, OpResult):
        view = View.of(memref.operation)
        if view is None:
            break
        memref = view.source(memref.operation)
    return memref


def accesses(op: Operation) -> list[tuple[Operation, Access]]:
    """All loads and stores in an operation, in order."""
    return [(inner, Access.of(inner)) for inner in op.walk() if is_access(inner)]


def stored_buffers(op: Operation) -> set[Value]:
    """The buffers that an operation writes to."""
    return {buffer_of(a.memref) for inner, a in accesses(op) if is_store(inner)}


def is_inside(value: Value, op: Operation) -> bool:
    """Whether the value is defined in one of the operation's regions."""
    if isinstance(value, BlockArgument):
        return op.is_ancestor_of(value.block.parent_op)
    return value.operation is not op and op.is_ancestor_of(value.operation)


def is_movable(op: Operation, stored: set[Value]) -> bool:
    """Whether the operation may run earlier or more often: pure, or loads what nobody stores.

    A subscript that is constant may be outside a dimension that turns out to be empty.
    """
    if op.regions:
        return False
    if is_load(op):
        access = Access.of(op)
        risky = any(
            isinstance(expr, AffineConst) and dim is None
            for expr, dim in zip(access.results, access.memref.type.shape, strict=True)
        )
        return not risky and buffer_of(access.memref) not in stored
    return op.has_trait(PURE)


def constant(builder: Builder, value: int | float, type: Type) -> Value:
    """A constant of a scalar type; for a vector type, broadcast."""
    element = element_of(type)
    attr = FloatAttr(value, element) if is_float(element) else IntegerAttr(int(value), element)
    made = builder.value(arith.constant, value=attr, types=[element])
    if isinstance(type, VectorType):
        return builder.value(loop.broadcast, made, types=[type])
    return made


def bits(element: Type) -> int:
    """The width of an element in a vector register (SEW); masks have none."""
    return 0 if element == i1 else byte_width(element) * 8


def erase_dead(function: Operation) -> None:
    """Erase pure operations, loads and loops whose results nobody uses and that store nothing."""
    effects = Effects()
    with traced("nothing that nobody uses", function, function):
        changed = True
        while changed:
            changed = False
            for op in reversed(list(function.walk())):
                if op is function or any(result.uses for result in op.results):
                    continue
                if op.parent is not None and effects.is_removable(op):
                    op.erase()
                    changed = True

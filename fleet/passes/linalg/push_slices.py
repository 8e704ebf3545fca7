"""`push-slices`: take the slice first, then compute.

In: linalg. Out: the same, where an operation of whose result only a slice is used computes only
that slice, of slices of its operands: `(a @ b)[-1]` is `a[-1:] @ b`. The one idea: an operation
whose elements do not depend on each other commutes with choosing among them.
"""

from __future__ import annotations

from collections.abc import Sequence

from fleet.dialects import arith
from fleet.dialects.linalg import computes, is_contraction, iterators_of, maps_of
from fleet.dialects.tensor import mixed
from fleet.ir.affine import AffineConst, AffineDim, AffineMap
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, Value
from fleet.ir.rewriting.journal import rewriting
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.watch import count, may_apply
from fleet.passes.linalg.structured import (
    REDUCTION,
    Size,
    cast,
    empty,
    extract_slice,
    fill_into,
    index_constant,
    index_value,
    size_of,
)

Range = tuple[Size, Size, int]
"""Offset, size and stride along one dimension."""


@register_pass("push-slices", "compute only what is used of a result")
def run(module: Operation) -> None:
    """Move slices before the operations that they are taken of, from the last to the first."""
    pending = [op for op in module.walk() if op.name == "tensor.extract_slice"]
    while pending and may_apply():
        pending += _push(pending.pop())


def _push(op: Operation) -> list[Operation]:
    """Compute the slice of the operands' slices; gives these to be pushed on."""
    source = op.operand(0)
    producer = source.owner
    if (
        not isinstance(producer, Operation)
        or producer.parent is not op.parent
        or len(source.uses) != 1
        or len(producer.results) != 1
        or op.result.type.rank != source.type.rank
    ):
        return []
    maps = _maps(producer)
    if maps is None:
        return []
    count("slices pushed")
    with rewriting("compute only a slice", producer):
        return _computed_of_slices(op, producer, maps)


def _computed_of_slices(
    op: Operation, producer: Operation, maps: Sequence[AffineMap]
) -> list[Operation]:
    builder = Builder.before(op)
    builder.location = producer.location
    ranges = list(
        zip(
            mixed(op, "offsets"),
            mixed(op, "sizes"),
            op.get("static_strides"),
            strict=True,
        )
    )
    chosen = {r.position: ranges[axis] for axis, r in enumerate(maps[-1].results)}
    made: list[Operation] = []
    operands = []
    for value, map in zip(producer.operands, maps[:-1], strict=False):
        operands.append(_sliced(builder, value, map, chosen, made))
    operands.append(_begun(builder, producer.operands[-1], ranges))
    clone = producer.clone()
    clone.operands = operands
    clone.result.type = operands[-1].type
    builder.insert(clone)
    if clone.name == "linalg.generic":
        _shift_indices(clone, chosen)
    op.replace_with([cast(builder, clone.result, op.result.type)])
    producer.erase()
    return made


def _maps(op: Operation) -> list[AffineMap] | None:
    """The subscripts of an operation that commutes with slicing its result; None for others."""
    if not computes(op):
        return None
    maps = maps_of(op)
    sums_up = REDUCTION in iterators_of(op) or op.body.arguments[-1].uses
    if sums_up and not is_contraction(op):
        return None
    begin = op.operands[-1].owner
    if not isinstance(begin, Operation) or begin.name not in ("tensor.empty", "linalg.fill"):
        return None
    results = [result for map in maps for result in map.results]
    plain = all(isinstance(r, AffineDim) or r == AffineConst(0) for r in results)
    return maps if plain and maps[-1].is_projected_permutation else None


def _shift_indices(op: Operation, chosen: dict[int, Range]) -> None:
    """Let the body know the places of its elements in the whole result."""
    for inner in [inner for inner in op.body if inner.name == "linalg.index"]:
        offset, _, stride = chosen.get(inner.get("dim"), (0, 0, 1))
        builder, uses = Builder.after(inner), list(inner.result.uses)
        place = inner.result
        if stride != 1:
            place = builder.value(arith.muli, place, index_constant(builder, stride))
        if offset != 0:
            place = builder.value(arith.addi, place, index_value(builder, offset))
        for user, number in uses:
            user.set_operand(number, place)


def _sliced(
    builder: Builder, value: Value, map: AffineMap, chosen: dict[int, Range], made: list[Operation]
) -> Value:
    """An operand's part that the chosen ranges of the dimensions need."""
    ranges: list[Range] = []
    partial = False
    for axis, result in enumerate(map.results):
        if isinstance(result, AffineDim) and result.position in chosen:
            partial = True
            ranges.append(chosen[result.position])
        else:
            ranges.append((0, size_of(builder, value, axis), 1))
    if not partial:
        return value
    offsets, sizes, strides = zip(*ranges, strict=True)
    part = extract_slice(builder, value, offsets, sizes, strides)
    assert isinstance(part.owner, Operation)
    made.append(part.owner)
    return part


def _begun(builder: Builder, value: Value, ranges: Sequence[Range]) -> Value:
    """A smaller tensor to write to, filled as the given one was."""
    scalars = []
    owner = value.owner
    while isinstance(owner, Operation) and owner.name == "linalg.fill":
        scalars.append(owner.operand(0))
        owner = owner.operand(1).owner
    out = empty(builder, [size for _, size, _ in ranges], value.type.element)
    for scalar in reversed(scalars):
        out = fill_into(builder, scalar, out)
    return out

"""`form-kernels`: each group of structured operations becomes a function that the device runs.

In: fused linalg in the functions of the schedule. Out: `func.func private @softmax(…) attributes
{kernel}` and calls. A kernel takes inputs, destinations and sizes, in this order, and gives one
result for each destination. The one idea: everything that differs between two uses of the same code
(arrays, offsets of slices, dynamic sizes) is an argument, so equal code is one kernel whoever calls
it.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence

from fleet.dialects import linalg, tensor
from fleet.ir.affine import AffineMap
from fleet.ir.analysis.analyses import analysis_of
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, OpResult, Value
from fleet.ir.definition import CONSTANT, PURE
from fleet.ir.flow import RegionBranch
from fleet.ir.interfaces import IndexingMaps, functions_of
from fleet.ir.rewriting.journal import rewriting
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.watch import count, may_apply
from fleet.passes.kernels.formation.builder import KernelBuilder, Kernels, is_contiguous
from fleet.passes.kernels.formation.groups import Grouping
from fleet.passes.linalg.structured import pointwise, sizes_of
from fleet.passes.shapes.dims import Dims


@register_pass("form-kernels", "outline groups of structured operations as kernels")
def run(module: Operation) -> None:
    """Leave nothing elementwise in the schedule; equal kernels are one function."""
    schedule = [
        function
        for function in functions_of(module).values()
        if function.regions[0].blocks and "kernel" not in function.attributes
    ]
    dims = analysis_of(Dims, module)
    for function in schedule:
        for op in list(function.walk()):
            if op.definition is tensor.extract_slice and not is_contiguous(op):
                _materialise_slice(op, dims)
            elif op.definition is linalg.fill:
                _materialise_fill(op)
    kernels = Kernels(module)
    needs = Needs()
    for function in schedule:
        for block in _blocks(function):
            grouping = Grouping(block, dims)
            if any(len(group.operations) > 1 for group in grouping.groups):
                _bring_together(block, grouping, needs)
            for group in filter(lambda group: may_apply(), grouping.groups):
                if _is_copy(group.operations):
                    continue
                with rewriting("a group becomes a kernel", group.operations[-1]) as made:
                    made.append(KernelBuilder(group, dims).build(kernels))
                count("groups made kernels")
    kernels.insert()


def _is_copy(operations: Sequence[Operation]) -> bool:
    """Whether a group is numbers in a row that take a place in a longer row: the schedule copies
    them itself, in less time than a kernel takes to begin."""
    op = operations[0]
    if len(operations) > 1 or op.definition is not tensor.insert_slice:
        return False
    source = op.operand(0)
    maker = source.owner if isinstance(source, OpResult) else None
    if source.type.rank != 1 or tuple(op.get("static_strides")) != (1,):
        return False
    return maker is None or maker.definition not in (linalg.fill, tensor.splat) and (
        maker.definition is not tensor.extract_slice or is_contiguous(maker))


def _blocks(function: Operation) -> list[Block]:
    """The blocks of the schedule: those of control flow, not those of structured operations."""
    found = []
    for region in function.regions:
        for block in region.blocks:
            found.append(block)
            for op in block:
                if RegionBranch.of(op) is not None:
                    found += _blocks(op)
    return found


# -- what only a kernel can do on its own


def _materialise_slice(op: Operation, dims: Dims) -> None:
    """Copy a slice with gaps for those users that need an array of its own."""
    outside = {user for user in op.result.users if not _reads_by_subscripts(user, op.result)}
    if not outside or not may_apply():
        return
    with rewriting("copy a slice with gaps", op):
        _copy_slice(op, outside, dims)


def _copy_slice(op: Operation, outside: set[Operation], dims: Dims) -> None:
    builder = Builder.after(op)
    rank = op.result.type.rank
    sizes = [dims.materialise(size, builder) for size in dims.shape(op.result)]
    copy = pointwise(
        builder,
        [op.result],
        [AffineMap.identity(rank)],
        sizes,
        op.result.type.element,
        lambda _, given: given[0],
    )
    if copy.type != op.result.type:
        copy = builder.value(tensor.cast, copy, types=[op.result.type])
    copy.hint = op.result.hint
    op.result.replace_uses_if(copy, lambda user: user in outside)


def _reads_by_subscripts(user: Operation, slice: Value) -> bool:
    """Whether a kernel made of this user takes the slice along as it is, and writes to no part of
    it."""
    if user.definition is tensor.extract:
        return user.parent_op is not None and IndexingMaps.of(user.parent_op) is not None
    if user.definition is tensor.insert_slice:
        return user.operand(1) is not slice
    return IndexingMaps.of(user) is not None


def _materialise_fill(op: Operation) -> None:
    """An array full of a number that others than kernels use is made by a kernel."""
    outside = {user for user in op.result.users if IndexingMaps.of(user) is None}
    if not outside or not may_apply():
        return
    with rewriting("a kernel makes an array full of a number", op):
        _make_full(op, outside)


def _make_full(op: Operation, outside: set[Operation]) -> None:
    builder = Builder.after(op)
    number = op.operand(0).owner

    def body(inner: Builder, _: Sequence[Value]) -> Value:
        if isinstance(number, Operation) and number.has_trait(CONSTANT):
            return inner.insert(number.clone()).result
        return op.operand(0)

    sizes = sizes_of(builder, op.result)
    made = pointwise(builder, [], [], sizes, op.result.type.element, body)
    op.result.replace_uses_if(made, lambda user: user in outside)


# -- order


def _bring_together(block: Block, grouping: Grouping, needs: Needs) -> None:
    """Move operations so that each group stands together, as near to the old order as may be.

    Operations with effects keep their order.
    """
    unit_of: dict[Operation, int] = {}
    units: list[list[Operation]] = []
    for op in block:
        group = grouping.group_of.get(op)
        if group is None:
            unit_of[op] = len(units)
            units.append([op])
        elif op is group.operations[-1]:
            for member in group.operations:
                unit_of[member] = len(units)
            units.append(list(group.operations))
    waits = [0] * len(units)
    followers: list[list[int]] = [[] for _ in units]
    last_effect: int | None = None
    for number, unit in enumerate(units):
        before = set()
        for op in unit:
            makers = [other for other in needs.of(op) if other.parent is block]
            before |= {unit_of[other] for other in makers} - {number}
            if not op.has_trait(PURE):
                if last_effect is not None:
                    before.add(last_effect)
                last_effect = number
        waits[number] = len(before)
        for other in before:
            followers[other].append(number)
    ready = [number for number, count in enumerate(waits) if count == 0]
    order = []
    while ready:
        number = heapq.heappop(ready)
        order.append(number)
        for following in followers[number]:
            waits[following] -= 1
            if waits[following] == 0:
                heapq.heappush(ready, following)
    assert len(order) == len(units), "a group that is not convex"
    for number in order:
        for op in units[number]:
            block.append(op.detach())


class Needs:
    """The operations outside of each operation whose results it uses, in nested regions too.

    It remembers them, so that each level of nesting adds its own. Valid for a block as long as
    nothing was replaced in it or deeper.
    """

    def __init__(self) -> None:
        self._known: dict[Operation, dict[Operation, None]] = {}

    def of(self, op: Operation) -> Iterable[Operation]:
        if not op.regions:
            return [value.operation for value in op.operands if isinstance(value, OpResult)]
        known = self._known.get(op)
        if known is None:
            inside = [inner for region in op.regions for block in region.blocks for inner in block]
            used = (value.operation for value in op.operands if isinstance(value, OpResult))
            known = dict.fromkeys(used)
            for inner in inside:
                known.update(dict.fromkeys(self.of(inner)))
            for inner in inside:
                known.pop(inner, None)
            self._known[op] = known
        return known

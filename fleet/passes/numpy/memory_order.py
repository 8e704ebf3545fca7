"""Where NumPy would have put an array's elements: the order of its axes in memory.

In: a value of NumPy's dialect. Out: its axes from the one with the largest stride to that with the
smallest, and which neighbours lie together as one axis. The one idea: tensors have no strides, but
the bits of a floating-point sum depend on those that NumPy's array would have (`x.T.sum(1)` goes
row by row), and they follow from how the array was made.
"""

from __future__ import annotations

from collections.abc import Sequence

from fleet.dialects import numpy as dialect
from fleet.dialects.tensor import mixed
from fleet.ir.analysis.effects import constant_of
from fleet.ir.attributes import DenseAttr
from fleet.ir.core import Operation, Value
from fleet.ir.definition import ELEMENTWISE
from fleet.ir.types import TensorType
from fleet.passes.linalg.reshaping import groups_of
from fleet.passes.shapes.dims import Dims
from fleet.passes.shapes.strides import MemoryOrder


class MemoryOrders:
    """The order of every array of a module."""

    def __init__(self, module: Operation, dims: Dims) -> None:
        self.dims = dims
        self._known: dict[Value, MemoryOrder] = {}
        for op in module.walk():  # what is used comes before what uses it
            for result in op.results:
                if isinstance(result.type, TensorType):
                    self.of(result)

    def of(self, value: Value) -> MemoryOrder:
        known = self._known.get(value)
        if known is None:
            known = self._known[value] = self._work_out(value)
        return known

    def _work_out(self, value: Value) -> MemoryOrder:
        """What comes from a block's argument is taken to be in C's order."""
        rank, op = value.type.rank, value.owner
        attr = constant_of(value)
        if isinstance(attr, DenseAttr):
            strides = [abs(stride) for stride in attr.value.strides]
            return MemoryOrder.of_axes(sorted(range(rank), key=lambda axis: -strides[axis]))
        if rank >= 2 and isinstance(op, Operation):
            if op.has_trait(ELEMENTWISE) or op.definition is dialect.concatenate:
                return self._of_new(op.operands, value)
            rule = _RULES.get(op.definition)
            if rule is not None:
                return rule(self, op)
        return MemoryOrder.rows(rank)

    def _of_new(self, operands: Sequence[Value], result: Value) -> MemoryOrder:
        """What NumPy's iterator gives a new array: C's order, but for axes that all operands that
        have both lay out the other way round."""
        rank = result.type.rank
        votes = []
        for operand in operands:
            if isinstance(operand.type, TensorType) and operand.type.rank:
                order, missing = self.of(operand), rank - operand.type.rank
                votes.append({
                    axis + missing: place
                    for place, axis in enumerate(order.axes)
                    if operand.type.shape[axis] != 1
                })  # fmt: skip
        axes: list[int] = []
        for axis in range(rank):
            place = len(axes)
            for before in reversed(range(len(axes))):
                swap = _swaps(axes[before], axis, votes)
                if swap is False:
                    break
                if swap:
                    place = before
            axes.insert(place, axis)
        return MemoryOrder.of_axes(axes)

    def _of_transposed(self, op: Operation) -> MemoryOrder:
        order = self.of(op.operand(0))
        axes = list(op.get("axes") or range(op.result.type.rank)[::-1])
        return MemoryOrder(tuple(axes.index(axis) for axis in order.axes), order.joined)

    def _of_slice(self, op: Operation) -> MemoryOrder:
        source = op.operand(0)
        order, whole = self.of(source), self.dims.shape(source)
        sizes = [s if isinstance(s, int) else self.dims.size(s) for s in mixed(op, "sizes")]
        sizes = [self.dims.const(s) if isinstance(s, int) else s for s in sizes]
        steps = [int(step) for step in op.get("static_strides")]
        joined = [
            was and sizes[inner].scaled(steps[inner]) == whole[inner].scaled(steps[outer])
            for was, outer, inner in zip(order.joined, order.axes, order.axes[1:], strict=False)
        ]
        return MemoryOrder(order.axes, tuple(joined))

    def _of_reshaped(self, op: Operation) -> MemoryOrder:
        """A view where no axes that lie apart are merged; else a copy in C's order."""
        source, rank = op.operand(0), op.result.type.rank
        order = self.of(source)
        if not source.type.rank or not rank:
            return MemoryOrder.rows(rank)
        before, after = self.dims.shape(source), self.dims.shape(op.result)
        together = {
            (outer, inner)
            for was, outer, inner in zip(order.joined, order.axes, order.axes[1:], strict=False)
            if was
        }
        parts: dict[int, list[int]] = {}
        for group, made in groups_of(before, after):
            long = [axis for axis in group if before[axis].static != 1] or group[:1]
            if any((a, b) not in together for a, b in zip(long, long[1:], strict=False)):
                return MemoryOrder.rows(rank)
            parts[long[0]] = made
        ordered = [axis for axis in order.axes if axis in parts]
        axes = [axis for first in ordered for axis in parts[first]]
        if not all(order.joined):
            # Axes of one part lie together; of the parts themselves no more is known.
            first = {parts[axis][0] for axis in ordered}
            return MemoryOrder(tuple(axes), tuple(axis not in first for axis in axes[1:]))
        return MemoryOrder.of_axes(axes)

    def _of_reduced(self, op: Operation) -> MemoryOrder:
        source, gone = op.operand(0), set(op.get("axes"))
        axes = self.of(source).axes
        if "keepdims" in op.attributes:
            return MemoryOrder.of_axes(axes)
        kept = [axis for axis in range(source.type.rank) if axis not in gone]
        return MemoryOrder.of_axes([kept.index(axis) for axis in axes if axis not in gone])


def _swaps(outer: int, inner: int, votes: Sequence[dict[int, int]]) -> bool | None:
    """Whether an axis goes outside one that stands before it; None when no operand has both."""
    both = [vote for vote in votes if outer in vote and inner in vote]
    return all(vote[inner] < vote[outer] for vote in both) if both else None


_RULES = {
    dialect.transpose: MemoryOrders._of_transposed,
    dialect.slice: MemoryOrders._of_slice,
    dialect.reshape: MemoryOrders._of_reshaped,
    dialect.insert_slice: lambda orders, op: orders.of(op.operand(1)),
    **dict.fromkeys(dialect.reduce.values(), MemoryOrders._of_reduced),
}
"""Of operations that are neither element functions nor give new arrays in C's order."""

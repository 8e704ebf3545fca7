"""Linear sums of integers, and the sizes of arrays as such.

In: arrays that a loop carries. Out: their sizes as sums of numbers. The one idea: an array that a
loop carries is taken to keep the size that it begins with; whoever has used that asks in the end
whether what the loop makes of it has that size, and if not, begins again without.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from fleet.dialects import tensor
from fleet.dialects.tensor import kept_axes, mixed
from fleet.ir.core import BlockArgument, Operation, Value
from fleet.ir.flow import flow_of
from fleet.ir.interfaces import View, destination_of
from fleet.ir.types import TensorType


@dataclass(frozen=True)
class Sum:
    """constant + the sum of factor * value."""

    constant: int = 0
    terms: dict[Value, int] = field(default_factory=dict)

    def plus(self, other: Sum, factor: int = 1) -> Sum:
        terms = dict(self.terms)
        for value, each in other.terms.items():
            terms[value] = terms.get(value, 0) + factor * each
        return Sum(
            self.constant + factor * other.constant, {v: c for v, c in terms.items() if c}
        )


Place = tuple[Value, int]
"""An array and one of its axes."""


class ArraySizes:
    """Sizes of the arrays of one function. of: the sum that a number is. changing: axes of carried
    arrays that are known not to keep their sizes."""

    def __init__(self, of: Callable[[Value], Sum], changing: set[Place]) -> None:
        self.of = of
        self.changing = changing
        self.assumed: dict[Place, Sum] = {}
        """What carried arrays are taken to be as long as."""
        self.named: dict[Place, Sum] = {}
        """Lengths that nothing is known of, by the first value that has them."""

    def of_dimension(self, op: Operation, axis: int) -> Sum:
        """Of a `tensor.dim`."""
        array = op.operand(0)
        place = self._place(array, axis)
        if isinstance(place, Sum):
            return place
        return self.named.setdefault(place, Sum(0, {op.result: 1}))

    def failed(self) -> set[Place]:
        """What was taken to keep its size and does not."""
        found = set()
        while True:
            looked_at = len(self.assumed)
            for place, begun in list(self.assumed.items()):
                value, axis = place
                sources = flow_of(value).sources
                if any(self.length(source, axis) != begun for source in sources[1:]):
                    found.add(place)
            if len(self.assumed) == looked_at:
                return found

    def length(self, array: Value, axis: int) -> Sum | None:
        """Of an axis, where it is known to be a sum."""
        place = self._place(array, axis)
        return place if isinstance(place, Sum) else self.named.get(place)

    def _place(self, array: Value, axis: int) -> Sum | Place:
        """The size as a sum, or the oldest array seen that has it, and the axis there."""
        while True:
            assert isinstance(array.type, TensorType)
            static = array.type.shape[axis]
            if static is not None:
                return Sum(static)
            if isinstance(array, BlockArgument):
                return self._carried(array, axis)
            op = array.owner
            assert isinstance(op, Operation)
            dest = destination_of(op, array.number)
            if dest is not None:
                array = dest
            elif op.definition is tensor.empty:
                dynamic = [n for n, dim in enumerate(array.type.shape) if dim is None]
                return self.of(op.operand(dynamic.index(axis)))
            elif op.definition is tensor.extract_slice:
                size = mixed(op, "sizes")[kept_axes(op)[axis]]
                return Sum(size) if isinstance(size, int) else self.of(size)
            elif op.definition is tensor.expand_shape:
                size = mixed(op, "output_shape")[axis]
                return Sum(size) if isinstance(size, int) else self.of(size)
            elif op.definition is tensor.cast:
                array = op.operand(0)
            elif not op.regions or View.of(op) is not None:
                return array, axis
            else:
                return self._given(array, axis)

    def _given(self, array: Value, axis: int) -> Sum | Place:
        """Of what an operation with regions gives: a loop what it carries, branches one size."""
        flow = flow_of(array)
        if flow is None:
            return array, axis
        argument = next((v for v in flow.values if isinstance(v, BlockArgument)), None)
        if argument is not None:
            return self._carried(argument, axis)
        places = [self._place(source, axis) for source in flow.sources]
        return places[0] if all(place == places[0] for place in places) else (array, axis)

    def _carried(self, array: BlockArgument, axis: int) -> Sum | Place:
        flow = flow_of(array)
        place = array, axis
        if flow is None or place in self.changing:
            return place
        if len(flow.uses) == 1:
            return self._place(flow.sources[0], axis)
        if place not in self.assumed:
            begun = self._place(flow.sources[0], axis)
            if not isinstance(begun, Sum):
                begun = self.named.get(begun)
                if begun is None:
                    return place
            self.assumed[place] = begun
        return self.assumed[place]

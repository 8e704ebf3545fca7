"""Structural identity: when two operations, with all that they hold, are the same but for names.

In: an operation. Out: a hashable key; equal keys mean equal structure. The one idea: values defined
inside are numbered in order, values from outside are themselves (or what the caller says).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.definition import COMMUTATIVE


def structural_key(
    operation: Operation,
    outside: Callable[[Value], Hashable] = lambda value: value,
    attributes: Callable[[Operation], Hashable] | None = None,
) -> Hashable:
    """The key of an operation.

    outside:    the key of a value that is defined outside the operation.
    attributes: the key of an operation's attributes (to leave some out).
    """
    return _Numbering(outside, attributes or _attributes).operation(operation)


def shallow_key(operation: Operation) -> Hashable:
    """A key without what the regions hold but the number of their blocks' operations: operations
    with different ones are different, those without regions are equal if theirs are."""
    numbering = _Numbering(lambda value: value, _attributes)
    sizes = tuple(tuple(map(len, region.blocks)) for region in operation.regions)
    return numbering.own(operation, sizes)


def same_structure(left: Operation, right: Operation) -> bool:
    """Whether two operations that use no outer values are equal but for names and locations."""
    return structural_key(left) == structural_key(right)


def _attributes(operation: Operation) -> Hashable:
    return frozenset(operation.attributes.items())


class _Numbering:
    def __init__(
        self,
        outside: Callable[[Value], Hashable],
        attributes: Callable[[Operation], Hashable],
    ) -> None:
        self.outside = outside
        self.attributes = attributes
        self.numbers: dict[Value, int] = {}
        self.blocks: dict[Block, int] = {}

    def value(self, value: Value) -> Hashable:
        number = self.numbers.get(value)
        return self.outside(value) if number is None else number

    def operation(self, operation: Operation) -> Hashable:
        key = self.own(operation, tuple(map(self.region, operation.regions)))
        for result in operation.results:
            self.numbers[result] = len(self.numbers)
        return key

    def own(self, operation: Operation, regions: Hashable) -> Hashable:
        """The operation's key, given that of its regions."""
        operands = [self.value(operand) for operand in operation.operands]
        if operation.has_trait(COMMUTATIVE):
            operands.sort(key=hash)
        return (
            operation.name,
            tuple(operands),
            tuple(result.type for result in operation.results),
            self.attributes(operation),
            regions,
            tuple(self.blocks.get(successor, successor) for successor in operation.successors),
        )

    def region(self, region: Region) -> Hashable:
        for block in region.blocks:
            self.blocks[block] = len(self.blocks)
        # Blocks may use values of blocks further down, so all are numbered before any is described.
        if len(region.blocks) > 1:
            for block in region.blocks:
                for operation in block:
                    for result in operation.results:
                        self.numbers[result] = len(self.numbers)
        described = []
        for block in region.blocks:
            for argument in block.arguments:
                self.numbers[argument] = len(self.numbers)
            types = tuple(argument.type for argument in block.arguments)
            described.append((types, tuple(map(self.operation, block))))
        return tuple(described)

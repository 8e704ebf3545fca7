"""Structural identity: when two operations, with all that they hold, are the same but for names.

In: an operation. Out: a hashable key; equal keys mean equal structure. The one idea: values defined
inside are numbered in order, values from outside are themselves (or what the caller says).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence

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
    sizes = tuple(tuple(map(len, region.blocks)) for region in operation.regions)
    return _key(operation, operation.operands, _attributes(operation), sizes, operation.successors)


def same_structure(left: Operation, right: Operation) -> bool:
    """Whether two operations that use no outer values are equal but for names and locations."""
    return structural_key(left) == structural_key(right)


def _attributes(operation: Operation) -> Hashable:
    return frozenset(operation.attributes.items())


def _key(
    operation: Operation,
    operands: Sequence[Hashable],
    attributes: Hashable,
    regions: Hashable,
    successors: Iterable[Hashable],
) -> Hashable:
    """An operation's key, given those of its parts."""
    if operation.has_trait(COMMUTATIVE):
        operands = sorted(operands, key=hash)
    types = tuple([result.type for result in operation.results])
    return (operation.name, tuple(operands), types, attributes, regions, tuple(successors))


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
        operands = [self.value(operand) for operand in operation.operands]
        regions = tuple(map(self.region, operation.regions))
        successors = [self.blocks.get(block, block) for block in operation.successors]
        key = _key(operation, operands, self.attributes(operation), regions, successors)
        for result in operation.results:
            self.numbers[result] = len(self.numbers)
        return key

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

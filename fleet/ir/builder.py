"""A cursor that puts new operations into a block, with a source location for each.

with builder.at(location):
    total = builder.value(arith.addf, a, b)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from fleet.diagnostics import UNKNOWN, Location
from fleet.ir.attributes import Attribute, FloatAttr, IntegerAttr
from fleet.ir.core import Block, Operation, Value
from fleet.ir.definition import OpDef, definition_of
from fleet.ir.types import Type, index, is_float


class Builder:
    """Inserts before `anchor` in `block`, or at the block's end when the anchor is None."""

    def __init__(
        self, block: Block, anchor: Operation | None = None, location: Location = UNKNOWN
    ) -> None:
        self.block = block
        self.anchor = anchor
        self.location = location
        self.around: list[tuple[Block, Operation | None]] = []
        """Where it goes on after the `with` blocks that it is inside of, outermost first."""

    @staticmethod
    def before(operation: Operation) -> Builder:
        """A builder that inserts before the operation, with its location."""
        assert operation.parent is not None, f"{operation.name} is in no block"
        return Builder(operation.parent, operation, operation.location)

    @staticmethod
    def after(operation: Operation) -> Builder:
        """A builder that inserts after the operation, with its location."""
        assert operation.parent is not None, f"{operation.name} is in no block"
        return Builder(operation.parent, operation.next, operation.location)

    def insert(self, operation: Operation) -> Operation:
        """Insert a detached operation; it takes the builder's location if it has none."""
        if operation.location is UNKNOWN:
            operation.location = self.location
        return self.block.insert_before(self.anchor, operation)

    def create(self, definition: OpDef, *operands: Any, **keywords: Any) -> Operation:
        """Make and insert an operation; arguments as for `OpDef.__call__`."""
        return self.insert(definition(*operands, **keywords))

    def value(self, definition: OpDef, *operands: Any, **keywords: Any) -> Value:
        """Make and insert an operation with one result; give the result."""
        return self.create(definition, *operands, **keywords).result

    def values(self, definition: OpDef, *operands: Any, **keywords: Any) -> Sequence[Value]:
        """Make and insert an operation; give its results."""
        return self.create(definition, *operands, **keywords).results

    def constant(self, value: int | float | bool | Attribute, type: Type = index) -> Value:
        """An `arith.constant` of this value and scalar type, or of this attribute."""
        if not isinstance(value, Attribute):
            value = FloatAttr(value, type) if is_float(type) else IntegerAttr(int(value), type)
        definition = definition_of("arith.constant")
        assert definition is not None, "the dialect arith is not loaded"
        return self.value(definition, types=[value.type], value=value)

    @contextmanager
    def at(self, location: Location) -> Iterator[Builder]:
        """Use this location for what is inserted inside the `with` block."""
        saved, self.location = self.location, location
        try:
            yield self
        finally:
            self.location = saved

    @contextmanager
    def inside(self, block: Block) -> Iterator[Builder]:
        """Insert at the end of another block inside the `with` block."""
        saved = self.block, self.anchor
        self.around.append(saved)
        self.block, self.anchor = block, None
        try:
            yield self
        finally:
            self.block, self.anchor = saved
            self.around.pop()

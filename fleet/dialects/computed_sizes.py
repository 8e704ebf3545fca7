"""Sizes as values that are computed where they are wanted: what `ShapeReification` rules give when
a pass wants operations rather than symbols.

The one idea: a size is an expression until somebody asks for its value, so that asking for one
dimension of an array computes one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fleet.dialects import arith, tensor
from fleet.ir.analysis.effects import constant_int
from fleet.ir.builder import Builder
from fleet.ir.core import Value
from fleet.ir.definition import OpDef

_FUNCTIONS = {"max": "maxsi", "min": "minsi"}


@dataclass(frozen=True)
class ComputedSize:
    """A number (`static`), or an operation on parts: values, axes and other sizes."""

    static: int | None = None
    operation: OpDef | None = None
    parts: tuple[Any, ...] = ()

    def __add__(self, other: ComputedSize) -> ComputedSize:
        if self.static is not None and other.static is not None:
            return ComputedSize(self.static + other.static)
        return ComputedSize(None, arith.addi, (self, other))

    def __sub__(self, other: ComputedSize) -> ComputedSize:
        if self.static is not None and other.static is not None:
            return ComputedSize(self.static - other.static)
        return ComputedSize(None, arith.subi, (self, other))

    def __mul__(self, other: ComputedSize) -> ComputedSize:
        if self.static is not None and other.static is not None:
            return ComputedSize(self.static * other.static)
        if self.static == 1:
            return other
        return ComputedSize(None, arith.muli, (self, other))

    def value(self, builder: Builder) -> Value:
        """The size as an index value, computed at the builder's place."""
        if self.static is not None:
            return builder.constant(self.static)
        if self.operation is None:
            return self.parts[0]
        parts = [
            part.value(builder) if isinstance(part, ComputedSize)
            else builder.constant(part) if isinstance(part, int)
            else part
            for part in self.parts
        ]  # fmt: skip
        return builder.value(self.operation, *parts)


class _Computed:
    """Asks no further than an operation's operands."""

    def shape(self, value: Value) -> list[ComputedSize]:
        return [
            ComputedSize(dim) if dim is not None else ComputedSize(None, tensor.dim, (value, axis))
            for axis, dim in enumerate(value.type.shape)
        ]

    def size(self, value: Value) -> ComputedSize:
        number = constant_int(value)
        return ComputedSize(None, None, (value,)) if number is None else ComputedSize(number)

    def const(self, value: int) -> ComputedSize:
        return ComputedSize(value)

    def function(self, name: str, arguments: Sequence[ComputedSize]) -> ComputedSize:
        definition = arith.ARITH.ops[_FUNCTIONS.get(name, name)]
        return ComputedSize(None, definition, tuple(arguments))


COMPUTED = _Computed()
"""Who answers for sizes with what computes them."""

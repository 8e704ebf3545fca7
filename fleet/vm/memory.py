"""Arrays in the machine's memory: addresses, sizes, copies, as `arith` and `vm` operations.

In: pointers, dimensions as ints or SSA values. Out: operations at a builder's place. The one idea:
what is known is computed now, so that static shapes leave no arithmetic behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fleet.dialects import arith, vm
from fleet.ir.attributes import IntegerAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Value
from fleet.ir.types import TensorType, byte_width, i64

Size = int | Value


@dataclass(frozen=True)
class Array:
    """A tensor in memory: its address and its dimensions."""

    pointer: Value
    dims: tuple[Size, ...]


class Memory:
    """Emits memory operations through a builder that it shares with whoever lowers the rest."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder

    def constant(self, value: int) -> Value:
        return self.builder.value(
            arith.constant, types=[i64], value=IntegerAttr(value, i64)
        )

    def size(self, size: Size) -> Value:
        return self.constant(size) if isinstance(size, int) else size

    def multiply(self, left: Size, right: Size) -> Size:
        if isinstance(left, int) and isinstance(right, int):
            return left * right
        if left == 1:
            return right
        if right == 1:
            return left
        return self.builder.value(arith.muli, self.size(left), self.size(right))

    def add(self, left: Size, right: Size) -> Size:
        if isinstance(left, int) and isinstance(right, int):
            return left + right
        if left == 0:
            return right
        if right == 0:
            return left
        return self.builder.value(arith.addi, self.size(left), self.size(right))

    def bytes(self, type: TensorType, dims: Sequence[Size]) -> Value:
        total: Size = byte_width(type.element)
        for dim in dims:
            total = self.multiply(total, dim)
        return self.size(total)

    def address(self, type: TensorType, array: Array, indices: Sequence[Size]) -> Value:
        """The address of an element, row-major."""
        offset: Size = 0
        for dim, position in zip(array.dims, indices, strict=True):
            offset = self.add(self.multiply(offset, dim), position)
        offset = self.multiply(offset, byte_width(type.element))
        moved = self.add(array.pointer, offset)
        assert isinstance(moved, Value)
        return moved

    def allocate(self, type: TensorType, dims: tuple[Size, ...]) -> Array:
        return Array(self.builder.value(vm.alloc, self.bytes(type, dims), types=[i64]), dims)

    def copy(self, type: TensorType, source: Array) -> Array:
        made = self.allocate(type, source.dims)
        self.builder.create(vm.copy, made.pointer, source.pointer, self.bytes(type, source.dims))
        return made


def is_contiguous(extents: Sequence[Size], dims: Sequence[Size]) -> bool:
    """Whether a slice has no gaps: behind its first extent above 1, every dimension is whole."""
    leading = True
    for extent, dim in zip(extents, dims, strict=True):
        if leading:
            leading = extent == 1
        elif extent is not dim and extent != dim:
            return False
    return True


def kept_dimensions(extents: Sequence[Size], result: TensorType) -> list[int]:
    """Which dimensions a slice keeps when its result type has a lower rank (unit ones go)."""
    surplus = len(extents) - result.rank
    kept: list[int] = []
    for position, extent in enumerate(extents):
        wanted = result.shape[len(kept)] if len(kept) < result.rank else 0
        if surplus and extent == 1 and wanted != 1:
            surplus -= 1
        else:
            kept.append(position)
    while surplus and kept:
        kept.pop()
        surplus -= 1
    return kept

"""Tensors of a kernel as views of buffers: a memref, and subscripts affine in the coordinates.

The one idea: slices, transposed or reshaped tensors inside a kernel are no data of their own; a
`View` says where in a buffer element (i, j, …) lies, and every load and store goes through one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fleet.dialects import loop
from fleet.dialects.loop.access import Access
from fleet.ir.affine import AffineConst, AffineExpr, coefficients, d, substitute
from fleet.ir.core import OpResult, Value
from fleet.ir.types import Type

Size = int | Value


@dataclass(frozen=True)
class View:
    """results: subscripts of memref, over the view's coordinates d0 … and then `operands`."""

    memref: Value
    sizes: tuple[Size, ...]
    results: tuple[AffineExpr, ...]
    operands: tuple[Value, ...] = ()

    @staticmethod
    def whole(memref: Value, sizes: Sequence[Size]) -> View:
        return View(memref, tuple(sizes), tuple(d(i) for i in range(len(sizes))))

    @property
    def rank(self) -> int:
        return len(self.sizes)

    @property
    def buffer(self) -> Value:
        """The memory that the memref is, under whatever dimensions."""
        memref = self.memref
        while isinstance(memref, OpResult) and memref.operation.definition is loop.buffer:
            memref = memref.operation.operand(0)
        return memref

    @property
    def is_whole(self) -> bool:
        return self == View.whole(self.memref, self.sizes)

    @property
    def is_linear(self) -> bool:
        """Whether its subscripts are sums of multiples of the coordinates."""
        try:
            for expr in self.results:
                coefficients(expr)
        except ValueError:
            return False
        return True

    def is_same_place(self, other: View) -> bool:
        """Whether both are the same elements, whatever they say of dimensions of one."""
        return self.sizes == other.sizes and self._plain() == other._plain()

    def _plain(self) -> View:
        """Without the coordinates that are always 0."""
        if 1 not in self.sizes:
            return self
        inner = [AffineConst(0) if size == 1 else d(n) for n, size in enumerate(self.sizes)]
        inner += [d(self.rank + n) for n in range(len(self.operands))]
        results = tuple(substitute(expr, inner) for expr in self.results)
        return View(self.memref, self.sizes, results, self.operands)

    @property
    def element(self) -> Type:
        return self.memref.type.element

    def at(self, coordinates: Sequence[AffineExpr], operands: Sequence[Value]) -> Access:
        """The access of one element; coordinate i is an expression over the operands."""
        inner = [*coordinates, *(d(len(operands) + i) for i in range(len(self.operands)))]
        results = [substitute(expr, inner) for expr in self.results]
        return Access.canonical(self.memref, results, [*operands, *self.operands])

    def reindexed(
        self,
        sizes: Sequence[Size],
        coordinates: Sequence[AffineExpr],
        operands: Sequence[Value] = (),
    ) -> View:
        """The view of new coordinates: old coordinate i as an expression over the new ones, then
        the operands."""
        rank = len(sizes)
        inner = [*coordinates, *(d(rank + len(operands) + i) for i in range(len(self.operands)))]
        results = tuple(substitute(expr, inner) for expr in self.results)
        return View(self.memref, tuple(sizes), results, (*operands, *self.operands))

    def sliced(
        self,
        offsets: Sequence[Size],
        sizes: Sequence[Size],
        strides: Sequence[int],
        kept: Sequence[int],
    ) -> View:
        """The slice; `kept` are the dimensions that remain, the others have size 1."""
        new = {axis: number for number, axis in enumerate(kept)}
        operands: list[Value] = []
        coordinates: list[AffineExpr] = []
        for axis, (offset, stride) in enumerate(zip(offsets, strides, strict=True)):
            place: AffineExpr = d(new[axis]) * stride if axis in new else AffineConst(0)
            if isinstance(offset, Value):
                operands.append(offset)
                coordinates.append(place + d(len(kept) + len(operands) - 1))
            else:
                coordinates.append(place + offset)
        return self.reindexed([sizes[axis] for axis in kept], coordinates, operands)

    def expanded(self, groups: Sequence[Sequence[int]], sizes: Sequence[Size]) -> View | None:
        """Source dimension g becomes dimensions groups[g]; None when an inner size is dynamic (of
        those that are not 1)."""
        coordinates: list[AffineExpr] = []
        for group in groups:
            place: AffineExpr = AffineConst(0)
            step: int | None = 1
            for axis in reversed([axis for axis in group if sizes[axis] != 1]):
                if step is None:
                    return None
                size = sizes[axis]
                place = d(axis) * step + place
                step = step * size if isinstance(size, int) else None
            coordinates.append(place)
        return self.reindexed(sizes, coordinates)

    def collapsed(self, groups: Sequence[Sequence[int]], sizes: Sequence[Size]) -> View | None:
        """Source dimensions groups[g] become dimension g; None when an inner size is dynamic."""
        coordinates: dict[int, AffineExpr] = {}
        for number, group in enumerate(groups):
            long = [axis for axis in group if self.sizes[axis] != 1]
            for axis in set(group) - set(long):
                coordinates[axis] = AffineConst(0)
            step = 1
            for place, axis in reversed(list(enumerate(long))):
                size = self.sizes[axis]
                coordinates[axis] = d(number) // step
                if place == 0:
                    break
                if isinstance(size, Value):
                    return None
                coordinates[axis] = coordinates[axis] % size
                step *= size
        return self.reindexed(sizes, [coordinates[axis] for axis in range(self.rank)])

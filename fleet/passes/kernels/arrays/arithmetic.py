"""Arithmetic on sizes and subscripts, of which some are known: the numbers of a kernel's loops.

In: `Size`s, numbers or values of type index. Out: their sums, quotients, and so on: numbers where
all is known, and otherwise as few operations as the numbers leave.
"""

from __future__ import annotations

from dataclasses import dataclass

from fleet.dialects import arith
from fleet.dialects.arith import CMPI_PREDICATES
from fleet.ir.builder import Builder
from fleet.ir.core import Value
from fleet.ir.definition import OpDef
from fleet.ir.types import i1, index
from fleet.passes.kernels.arrays.views import Size


@dataclass
class Arithmetic:
    """Arithmetic on sizes and subscripts: numbers are computed at once."""

    builder: Builder

    def value(self, size: Size) -> Value:
        return self.builder.constant(size) if isinstance(size, int) else size

    def _do(self, definition: OpDef, a: Size, b: Size) -> Value:
        return self.builder.value(definition, self.value(a), self.value(b))

    def add(self, a: Size, b: Size) -> Size:
        if isinstance(a, int) and isinstance(b, int):
            return a + b
        return b if a == 0 else a if b == 0 else self._do(arith.addi, a, b)

    def sub(self, a: Size, b: Size) -> Size:
        if isinstance(a, int) and isinstance(b, int):
            return a - b
        return a if b == 0 else self._do(arith.subi, a, b)

    def mul(self, a: Size, b: Size) -> Size:
        if isinstance(a, int) and isinstance(b, int):
            return a * b
        if a == 0 or b == 0:
            return 0
        return b if a == 1 else a if b == 1 else self._do(arith.muli, a, b)

    def div(self, a: Size, b: Size) -> Size:
        if isinstance(b, int) and b & (b - 1) == 0:
            return self.down(a, b.bit_length() - 1)
        if isinstance(a, int) and isinstance(b, int):
            return a // b
        return self._do(arith.divui, a, b)

    def rem(self, a: Size, b: Size) -> Size:
        if isinstance(b, int) and b & (b - 1) == 0:
            return self.both(a, b - 1)
        if isinstance(a, int) and isinstance(b, int):
            return a % b
        return self._do(arith.remui, a, b)

    def down(self, a: Size, count: Size) -> Size:
        if isinstance(a, int) and isinstance(count, int):
            return a >> count
        return a if count == 0 else self._do(arith.shrui, a, count)

    def up(self, a: Size, count: Size) -> Size:
        if isinstance(a, int) and isinstance(count, int):
            return a << count
        return a if count == 0 else self._do(arith.shli, a, count)

    def both(self, a: Size, b: Size) -> Size:
        if isinstance(a, int) and isinstance(b, int):
            return a & b
        return 0 if a == 0 or b == 0 else self._do(arith.andi, a, b)

    def beside(self, a: Size, b: Size) -> Size:
        """a + b of numbers that have no bits in common, as one number."""
        if isinstance(a, int) and isinstance(b, int):
            return a | b
        return b if a == 0 else a if b == 0 else self._do(arith.ori, a, b)

    def whole(self, a: Value) -> Value:
        """A sum that is no negative number, as one number that subscripts do not take apart."""
        return self._do(arith.maxsi, a, 0)

    def least(self, a: Size, b: Size) -> Size:
        if isinstance(a, int) and isinstance(b, int):
            return min(a, b)
        return self._do(arith.minsi, a, b)

    def greatest(self, a: Size, b: Size) -> Size:
        if isinstance(a, int) and isinstance(b, int):
            return max(a, b)
        return self._do(arith.maxsi, a, b)

    def ratio(self, a: Size, b: int) -> Size:
        """Of a number with a sign and a positive one, rounded towards zero."""
        return int(a / b) if isinstance(a, int) else self._do(arith.divsi, a, b)

    def above(self, a: Size, b: Size) -> bool | Value:
        """Whether a > b."""
        if isinstance(a, int) and isinstance(b, int):
            return a > b
        number = CMPI_PREDICATES.index("sgt")
        return self.builder.value(
            arith.cmpi, self.value(a), self.value(b), predicate=number, types=[i1]
        )

    def choose(self, condition: bool | Value, a: Size, b: Size) -> Size:
        if isinstance(condition, bool):
            return a if condition else b
        return self.builder.value(
            arith.select, condition, self.value(a), self.value(b), types=[index]
        )

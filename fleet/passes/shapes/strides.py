"""How an array's axes lie in memory.

The one idea: of strides, only their order matters, and which axes could be walked as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class MemoryOrder:
    """axes: from the outermost to the innermost. joined: for each axis but the last, whether a step
    along it is as long as the whole next axis."""

    axes: tuple[int, ...]
    joined: tuple[bool, ...]

    @staticmethod
    def of_axes(axes: Sequence[int]) -> MemoryOrder:
        """Contiguous, in this order."""
        return MemoryOrder(tuple(axes), (True,) * (len(axes) - 1))

    @staticmethod
    def rows(rank: int) -> MemoryOrder:
        """C's order."""
        return MemoryOrder.of_axes(range(rank))

    @property
    def is_rows(self) -> bool:
        return self.axes == tuple(range(len(self.axes)))

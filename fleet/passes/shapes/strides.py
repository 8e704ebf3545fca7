"""How an array's axes lie in memory.

The one idea: of strides, only their order matters, and which axes could be walked as one.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MemoryOrder:
    """axes: from the outermost to the innermost. joined: for each axis but the last, whether a step
    along it is as long as the whole next axis."""

    axes: tuple[int, ...]
    joined: tuple[bool, ...]

    @property
    def is_rows(self) -> bool:
        return self.axes == tuple(range(len(self.axes)))

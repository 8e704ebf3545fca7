"""The heap of a process: what `brk` moves the end of."""

from __future__ import annotations

from fleet.diagnostics import FleetError
from fleet.emu.host_memory import page_down, page_up
from fleet.emu.memory import READ, WRITE, Memory

_SIZE = 16 << 30
"""Addresses that `brk` can give out; host memory is taken where it is touched."""


class Heap:
    """start, end: the heap, in bytes; limit: how far it can grow, below `top`"""

    def __init__(self, memory: Memory, start: int, top: int) -> None:
        self.start = self.end = start
        self.limit = start + page_down(max(0, min(_SIZE, top - start)))
        self._memory = memory
        first = page_up(start)
        memory.reserve(first, page_down(self.limit) - first)

    def move(self, end: int) -> int:
        """Moves the end, if that is possible; returns where it is."""
        if not self.start <= end <= self.limit:
            return self.end
        old, new = page_up(self.end), page_up(end)
        if new > old:
            if not self._memory.is_free(old, new - old):
                return self.end
            try:
                self._memory.map_anonymous(old, new - old, READ | WRITE, "heap")
            except FleetError:  # the host has no room
                return self.end
        elif new < old:
            self._memory.unmap(new, old - new)
        self.end = end
        return end

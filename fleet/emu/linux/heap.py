"""The heap of a process: one region that grows within reserved host memory."""

from __future__ import annotations

from fleet.diagnostics import FleetError
from fleet.emu.memory import PAGE, READ, WRITE, Memory, anonymous, discard, page_down, page_up

_SIZE, _LEAST_SIZE = 16 << 30, 16 << 20
"""Addresses that `brk` can give out; host memory is taken where it is touched."""


class Heap:
    """What `brk` moves the end of.

    start, end: the heap, in bytes
    limit:      how far it can grow, below `top`
    """

    def __init__(self, memory: Memory, start: int, top: int) -> None:
        self.start = self.end = start
        self._memory = memory
        size = max(0, min(_SIZE, top - start))
        while True:
            try:
                self._array, self._backing = anonymous(max(size, PAGE))
                break
            except FleetError:  # the host limits addresses
                if size < _LEAST_SIZE:
                    raise
                size //= 4
        self.limit = start + page_down(size)

    def move(self, end: int) -> int:
        """Moves the end, if that is possible; returns where it is."""
        if not self.start <= end <= self.limit:
            return self.end
        old, new = page_up(self.end), page_up(end)
        if new > old and self._memory.room(new - old, new, old) is None:
            return self.end  # something else was mapped there
        if new != old:
            self._memory.unmap(self.start, old - self.start)
            if new < old:
                discard(self._array[new - self.start : old - self.start], self._backing)
            if new > self.start:
                pages = self._array[: new - self.start]
                self._memory.map(self.start, pages, READ | WRITE, "heap", self._backing)
        self.end = end
        return end

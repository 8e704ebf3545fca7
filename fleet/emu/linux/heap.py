"""The heap of a process: one region that grows within reserved host memory."""

from __future__ import annotations

from fleet.diagnostics import FleetError
from fleet.emu.memory import PAGE, READ, WRITE, Memory, anonymous, discard, page_down, page_up

_SIZE, _LEAST_SIZE = 16 << 30, 16 << 20
"""Addresses that `brk` can give out; host memory is taken where it is touched."""

_MOST_ADDITIONS = 32


class Heap:
    """What `brk` moves the end of.

    start, end: the heap, in bytes
    limit:      how far it can grow, below `top`
    """

    def __init__(self, memory: Memory, start: int, top: int) -> None:
        self.start = self.end = start
        self._memory = memory
        self._additions = 0
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
        if new > old:
            self._grow(old, new)
        elif new < old:
            self._memory.unmap(new, old - new)
            discard(self._array[new - self.start : old - self.start], self._backing)
        self.end = end
        return end

    def _grow(self, old: int, new: int) -> None:
        """Unicorn takes each addition as one more mapping, of which it is slow to have many."""
        pages = self._array[: new - self.start]
        region = self._memory.find(self.start)
        whole = region is not None and (region.base, region.end) == (self.start, old)
        if whole and region.permissions == READ | WRITE and self._additions < _MOST_ADDITIONS:
            self._additions += 1
            self._memory.extend(region, pages)
        else:
            self._additions = 0
            self._memory.unmap(self.start, old - self.start)
            self._memory.map(self.start, pages, READ | WRITE, "heap", self._backing)

"""The arena: one range of device memory from which the schedule's buffers come.

Best fit over free ranges, which merge with their neighbours when freed. Lifetimes were planned at
build time, so the arena only has to place buffers: its high-water mark is the memory that a run
needs. A few small buffers of each size are kept apart when they are freed, for the next who wants
one: loops take and give back the same sizes again and again.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable

ALIGNMENT = 64
"""Bytes; every buffer starts at a multiple, so that vectors and cache lines do not straddle."""

SMALL, KEPT = 512, 8
"""Bytes of buffers that are kept apart, and how many of a size."""


class Arena:
    """Allocates within `[base, base + size)`."""

    def __init__(self, base: int, size: int) -> None:
        self.base = base
        self.size = size
        self.peak = 0
        """The furthest byte ever handed out, counted from the base."""
        self.clear()

    def clear(self) -> None:
        """Take back all buffers."""
        self.live: dict[int, int] = {}
        self.used = 0
        self._by_address: list[int] = [self.base]
        self._sizes: dict[int, int] = {self.base: self.size}
        self._by_size: list[tuple[int, int]] = [(self.size, self.base)]
        self._kept: dict[int, list[int]] = {size: [] for size in range(0, SMALL + 1, ALIGNMENT)}

    def alloc(self, size: int) -> int:
        """The address of `size` fresh bytes. Raises MemoryError when none are left."""
        if size < 0:
            raise MemoryError(f"a buffer of {size} bytes")
        wanted = -(-size // ALIGNMENT) * ALIGNMENT or ALIGNMENT
        if kept := self._kept.get(wanted):
            address = kept.pop()
            self.live[address] = wanted
            self.used += wanted
            return address
        found = bisect_left(self._by_size, (wanted, 0))
        if found == len(self._by_size):
            if not any(self._kept.values()):
                raise MemoryError(f"no room for {size} bytes beside {self.used} in use")
            self._merge_kept()
            return self.alloc(size)
        available, address = self._by_size[found]
        self._remove(address)
        if available > wanted:
            self._insert(address + wanted, available - wanted)
        self.live[address] = wanted
        self.used += wanted
        self.peak = max(self.peak, address + wanted - self.base)
        return address

    def free(self, address: int) -> None:
        """Give back a buffer. Raises KeyError for an address that `alloc` did not give."""
        size = self.live.pop(address)
        self.used -= size
        kept = self._kept.get(size)
        if kept is not None and len(kept) < KEPT:
            kept.append(address)
        else:
            self._merge(address, size)

    def grow(
        self, address: int, kept: int, size: int, copy: Callable[[int, int, int], None]
    ) -> int:
        """Where a buffer is that takes the place of another one and has as many of its bytes: at
        the same address if there is room, or else where there will be some for the next time."""
        room = self.live[address]
        if size <= room <= max(SMALL, 4 * size):
            return address
        try:
            following = self.alloc(size + size // 4)
        except MemoryError:
            following = self.alloc(size)
        copy(following, address, kept)
        self.free(address)
        return following

    def _merge_kept(self) -> None:
        for size, kept in self._kept.items():
            while kept:
                self._merge(kept.pop(), size)

    def _merge(self, address: int, size: int) -> None:
        """A free range, with those next to it."""
        position = bisect_left(self._by_address, address)
        if position < len(self._by_address):
            after = self._by_address[position]
            if address + size == after:
                size += self._remove(after)
        if position > 0:
            before = self._by_address[position - 1]
            if before + self._sizes[before] == address:
                size += self._remove(before)
                address = before
        self._insert(address, size)

    def _insert(self, address: int, size: int) -> None:
        insort(self._by_address, address)
        insort(self._by_size, (size, address))
        self._sizes[address] = size

    def _remove(self, address: int) -> int:
        size = self._sizes.pop(address)
        del self._by_address[bisect_left(self._by_address, address)]
        del self._by_size[bisect_left(self._by_size, (size, address))]
        return size

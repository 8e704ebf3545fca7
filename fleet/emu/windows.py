"""Windows: stretches of guest addresses, each backed by one piece of host memory.

In: addresses that get memory, and what memory they get. Out: as few pieces as possible, because
Unicorn is slow to have many. The one idea: host memory that nobody touches costs nothing, so that
who is going to map a lot reserves a wide window beforehand, of which thousands of mappings become
parts. Whether an address may be used is not a window's business (`regions`).
"""

from __future__ import annotations

import bisect
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from fleet.diagnostics import FleetError
from fleet.emu.host_memory import PAGE, anonymous, discard

_LEAST = 1 << 24
"""Less is not worth a window of its own."""


class Window(NamedTuple):
    """array: the host memory from `base` on; reserved: zeroed where no region holds it."""

    base: int
    end: int
    array: np.ndarray
    backing: object
    reserved: bool

    def part(self, base: int, end: int) -> np.ndarray:
        return self.array[base - self.base : end - self.base]


class Windows:
    """All windows of a guest, sorted and disjoint.

    on_add: called with base and host memory of each that is new
    on_remove: called with base and size of each that is no more, which was added as a whole
    """

    def __init__(
        self, on_add: Callable[[int, np.ndarray], None], on_remove: Callable[[int, int], None]
    ) -> None:
        self._bases: list[int] = []
        self._windows: list[Window] = []
        self._on_add, self._on_remove = on_add, on_remove

    def at(self, address: int) -> Window | None:
        index = bisect.bisect_right(self._bases, address) - 1
        if index >= 0 and address < self._windows[index].end:
            return self._windows[index]
        return None

    def zeroed(self, base: int, size: int) -> Window:
        """A window with zeroed memory for these addresses, in which there is no region.

        Raises FleetError where the host has no room.
        """
        end = base + size
        window = self.at(base)
        if window is not None and window.reserved and end <= window.end:
            return window
        array, backing = anonymous(size)
        return self.put(base, array, backing, reserved=True)

    def reserve(self, base: int, size: int) -> None:
        """A window for what will be mapped, or for the upper part of it; no window may be there."""
        end = base + size
        while end - base >= _LEAST:
            try:
                array, backing = anonymous(end - base)
            except FleetError:  # the host limits addresses
                base = end - (end - base >> 2 & -PAGE)
            else:
                self.put(base, array, backing, reserved=True)
                return

    def put(
        self, base: int, array: np.ndarray, backing: object, *, reserved: bool = False
    ) -> Window:
        """Gives addresses this memory, in place of what windows have there."""
        self._cut(base, base + len(array))
        return self._add(bisect.bisect_right(self._bases, base), base, array, backing, reserved)

    def release(self, base: int, end: int) -> None:
        """No region holds these addresses any more. They are of one window."""
        window = self.at(base)
        if window.reserved:
            discard(window.part(base, end), window.backing)
        else:
            self._cut(base, end)

    def _add(
        self, index: int, base: int, array: np.ndarray, backing: object, reserved: bool
    ) -> Window:
        window = Window(base, base + len(array), array, backing, reserved)
        self._on_add(base, array)
        self._bases.insert(index, base)
        self._windows.insert(index, window)
        return window

    def _cut(self, start: int, end: int) -> None:
        """No window has these addresses. Unicorn would copy one of which it loses a part."""
        first = bisect.bisect_right(self._bases, start) - 1
        if first < 0 or self._windows[first].end <= start:
            first += 1
        last = bisect.bisect_left(self._bases, end)
        cut = self._windows[first:last]
        del self._bases[first:last], self._windows[first:last]
        for window in cut:
            self._on_remove(window.base, window.end - window.base)
            for low, high in ((window.base, start), (end, window.end)):
                if low < high:
                    index = bisect.bisect_right(self._bases, low)
                    part = window.part(low, high)
                    self._add(index, low, part, window.backing, window.reserved)

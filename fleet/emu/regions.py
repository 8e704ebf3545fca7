"""The regions of guest memory as a table that host code searches, too.

A row is base, size, host address and permissions. Two kinds of host code read it: stubs of
instructions, and what answers Unicorn when it asks what a page is for (`pages`). Python keeps it
in step with the list of regions (`memory`).
"""

from __future__ import annotations

import numpy as np

ROW_BYTES = 32
BASE, SIZE, POINTER, PERMISSIONS = range(0, ROW_BYTES, 8)
"""Fields of a row."""

ROWS, COUNT = 0, 8
"""Fields of the head, which stays where it is."""

STUBS = 8
"""Permissions for stubs are so many bits above the region's own: they do not write to code."""

_READ, _EXECUTE = 1, 4


class RegionTable:
    """Rows sorted by base. head: the address of the head."""

    def __init__(self) -> None:
        self._head = np.zeros(2, np.uint64)
        self.head = self._head.ctypes.data
        self._make_room(64)

    def _make_room(self, rows: int) -> None:
        room = np.zeros((rows, ROW_BYTES // 8), np.uint64)
        count = int(self._head[1])
        room[:count] = self._rows[:count] if count else 0
        self._rows = room
        self._head[0] = room.ctypes.data

    def insert(self, index: int, base: int, size: int, pointer: int, permissions: int) -> None:
        count = int(self._head[1])
        if count == len(self._rows):
            self._make_room(2 * count)
        self._rows[index + 1 : count + 1] = self._rows[index:count].copy()
        self.set(index, base, size, pointer, permissions)
        self._head[1] = count + 1

    def set(self, index: int, base: int, size: int, pointer: int, permissions: int) -> None:
        stubs = permissions & _READ if permissions & _EXECUTE else permissions
        self._rows[index] = base, size, pointer, permissions | stubs << STUBS

    def delete(self, index: int) -> None:
        count = int(self._head[1])
        self._rows[index : count - 1] = self._rows[index + 1 : count].copy()
        self._head[1] = count - 1

    def gap(self, size: int, top: int, bottom: int) -> int | None:
        """The highest place for `size` bytes between `bottom` and `top` that no row takes."""
        rows = self._rows[: int(self._head[1])]
        first = int(np.searchsorted(rows[:, 0], np.uint64(bottom)))
        if first and int(rows[first - 1, :2].sum()) > bottom:
            first -= 1
        rows = rows[first : int(np.searchsorted(rows[:, 0], np.uint64(top)))]
        lows = np.empty(len(rows) + 1, np.int64)
        highs = np.empty(len(rows) + 1, np.int64)
        lows[0], highs[-1] = bottom, top
        highs[:-1] = rows[:, 0]
        lows[1:] = rows[:, 0] + rows[:, 1]
        fits = np.flatnonzero(highs - lows >= size)
        return int(highs[fits[-1]]) - size if len(fits) else None

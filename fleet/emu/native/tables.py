"""Where the stub of each address is: a table for each vtype, of one window of code at a time.

A window is a piece of a region that may be executed and not written to, at most WINDOW bytes, so
that tables stay small however large the region is. Host code sees the current window only.
"""

from __future__ import annotations

import numpy as np

from fleet.emu.host_memory import anonymous
from fleet.emu.memory import EXECUTE, WRITE, Memory
from fleet.emu.native.state import CODE_LOW, CODE_UNITS, TABLE, State

WINDOW = 1 << 24
_MAX_BYTES = 1 << 40
"""Of addresses for all tables; they take memory only where they are written to."""

_NO_VTYPE = 4
"""The slot of an illegal vtype is that of a reserved one."""

_WORD = (1 << 64) - 1


def slot_of(vtype: int) -> int:
    return vtype if vtype < 256 else _NO_VTYPE


class Window:
    """Code from `low` to `end`, and its tables by slot: an entry for each two bytes.

    There is one more entry, at which a run of stubs that reaches the end stops.
    """

    def __init__(self, low: int, end: int) -> None:
        self.low, self.end = low, end
        self.tables: dict[int, np.ndarray] = {}

    @property
    def table_bytes(self) -> int:
        return 4 * (self.end - self.low) + 16

    @property
    def bytes(self) -> int:
        return self.table_bytes * len(self.tables)

    def fits(self, memory: Memory) -> bool:
        """Whether this is code still, all in one region."""
        region = memory.find(self.low)
        if region is None or region.end < self.end:
            return False
        return region.permissions & (EXECUTE | WRITE) == EXECUTE


class Tables:
    """Windows, of which one is current."""

    def __init__(self, memory: Memory, state: State) -> None:
        self._memory, self._state = memory, state
        self._windows: dict[int, Window] = {}
        self._current: Window | None = None
        self._bytes = 0

    def select(self, pc: int) -> bool | None:
        """Makes the window at `pc` the current one; whether it was not, None if there is none."""
        if self.covers(pc):
            return False
        region = self._memory.find(pc)
        if region is None or region.permissions & (EXECUTE | WRITE) != EXECUTE or pc & 1:
            self.leave()
            return None
        low = region.base + (pc - region.base & -WINDOW)
        window = self._windows.get(low)
        if window is None:
            window = self._windows[low] = Window(low, min(low + WINDOW, region.end))
        self._current = window
        words = self._state.words
        words[CODE_LOW // 8], words[CODE_UNITS // 8] = low, (window.end - low) // 2
        slots = self._state.tables
        slots[:] = 0
        for slot, table in window.tables.items():
            slots[slot] = self._shifted(table)
        return True

    def leave(self) -> None:
        """No window is current."""
        self._current = None
        self._state.words[CODE_UNITS // 8] = 0
        self._state.tables[:] = 0

    def use(self, vtype: int) -> None:
        """Host code goes on with the tables of `vtype`, in the current window."""
        slot = slot_of(vtype)
        if slot not in self._current.tables:
            self._add(slot)
        self._state.words[TABLE // 8] = int(self._state.tables[slot])

    def covers(self, pc: int) -> bool:
        """Whether an address is in the current window."""
        window = self._current
        return window is not None and window.low <= pc < window.end

    @property
    def window(self) -> tuple[int, int]:
        """Where the current window begins and ends."""
        return self._current.low, self._current.end

    def get(self, pc: int, vtype: int) -> int:
        """The stub of an address in the current window; 0 if there is none."""
        table = self._current.tables.get(slot_of(vtype))
        return 0 if table is None else int(table[(pc - self._current.low) // 2])

    def put(self, pc: int, vtype: int, stub: int) -> None:
        slot = slot_of(vtype)
        if slot not in self._current.tables:
            self._add(slot)
        self._current.tables[slot][(pc - self._current.low) // 2] = stub

    def clear(self) -> None:
        self.leave()
        self._windows.clear()
        self._bytes = 0

    def drop_what_is_no_code(self) -> bool:
        """To be called when memory changed; whether there was any."""
        self.leave()
        before = len(self._windows)
        self._windows = {
            low: window for low, window in self._windows.items() if window.fits(self._memory)
        }
        self._bytes = sum(window.bytes for window in self._windows.values())
        return len(self._windows) < before

    def _add(self, slot: int) -> None:
        window = self._current
        size = window.table_bytes
        if self._bytes + size > _MAX_BYTES:
            window.tables.clear()
            self._state.tables[:] = 0
            self._windows = {window.low: window}
            self._bytes = 0
        table = window.tables[slot] = anonymous(size)[0].view(np.uint64)
        self._bytes += size
        self._state.tables[slot] = self._shifted(table)

    def _shifted(self, table: np.ndarray) -> int:
        """The table's address, such that an address times four is the place in it."""
        return table.ctypes.data - 4 * self._current.low & _WORD

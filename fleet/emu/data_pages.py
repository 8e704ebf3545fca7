"""Guest memory that Unicorn may store to without asking: plain data, neither code nor unmapped.

Unicorn's translated code has a short way to memory, through a cache of page addresses (TLB), and a
long one for pages that hold code or that somebody watches. RISC-V without paging makes every page
executable, and whoever wants to know the address of a bad access watches all of memory, so that
every store took the long way. Hence two things here. A few host instructions answer when Unicorn
asks what a page is for: it is executable where code is fetched, else it is data. And bad accesses
are watched for between the pages of plain data, not in them, where there can be none.

Stores by a program that does little else are three to four times as fast.
"""

from __future__ import annotations

import ctypes
import mmap
import platform
from bisect import bisect_right
from collections.abc import Callable

from unicorn import UC_HOOK_MEM_INVALID, UC_HOOK_TLB_FILL, Uc
from unicorn.unicorn_const import UC_TLB_VIRTUAL
from unicorn.unicorn_py3.unicorn import uclib

_LAST = (1 << 64) - 1
_NOWHERE = _LAST, _LAST
_MARKS = 0x5EED_0001_0000_0000, 0x5EED_0002_0000_0000
_HOOK_WORDS = 8
"""Of Unicorn's struct hook, which has the bounds among its first words."""

_Bounds = ctypes.Array  # of two words
_INVALID = ctypes.CFUNCTYPE(
    ctypes.c_bool, ctypes.c_void_p, ctypes.c_int, ctypes.c_uint64, ctypes.c_int, ctypes.c_int64,
    ctypes.c_void_p,
)  # fmt: skip

_FILL = bytes.fromhex(
    "488931"  # mov [rcx], rsi           the page's address is its own
    "83fa12"  # cmp edx, UC_MEM_FETCH
    "b803000000"  # mov eax, UC_PROT_READ | UC_PROT_WRITE
    "41b805000000"  # mov r8d, UC_PROT_READ | UC_PROT_EXEC
    "410f44c0"  # cmove eax, r8d
    "894108"  # mov [rcx+8], eax
    "b801000000"  # mov eax, 1
    "c3"  # ret
)
"""`bool fill(uc, page, access, result, data)` for x86-64."""


class DataPages:
    """Watches all addresses but those of plain data.

    handler: called with kind, address and size of a bad access; the run then ends with an error

    Unicorn keeps hooks that were deleted until the run is over, and goes through them; so the hooks
    here are kept, and their bounds moved.
    """

    def __init__(self, uc: Uc) -> None:
        self._uc = uc
        self.handler: Callable[[int, int, int], None] = lambda kind, address, size: None

        def invalid(
            _uc: int, kind: int, address: int, size: int, _value: int, _data: int
        ) -> bool:
            self.handler(kind, address, size)
            return False

        self._callback = _INVALID(invalid)
        self._idle: list[_Bounds] = []
        self._starts: list[int] = []
        self._watched: list[tuple[int, _Bounds]] = []
        everywhere = self._new_bounds(0, _LAST)
        self._movable = everywhere is not None
        if everywhere is not None:
            self._starts.append(0)
            self._watched.append((_LAST, everywhere))
            self._code = self._answer_for_pages()

    def add(self, base: int, size: int) -> None:
        """These addresses are plain data from now on."""
        end = base + size
        for start, last in self._remove(base, end - 1):
            if start < base:
                self._insert(start, base - 1)
            if last >= end:
                self._insert(end, last)

    def remove(self, base: int, size: int) -> None:
        """They are no longer."""
        last = base + size - 1
        touched = self._remove(max(base - 1, 0), min(last + 1, _LAST))
        first = min([base, *(start for start, _ in touched)])
        self._insert(first, max([last, *(end for _, end in touched)]))

    def _remove(self, first: int, last: int) -> list[tuple[int, int]]:
        """Ends watching what overlaps these addresses; what that was, as first and last ones."""
        low = max(bisect_right(self._starts, first) - 1, 0)
        if self._starts and self._watched[low][0] < first:
            low += 1
        high = bisect_right(self._starts, last)
        starts, watched = self._starts[low:high], self._watched[low:high]
        del self._starts[low:high], self._watched[low:high]
        for _, bounds in watched:
            bounds[:] = _NOWHERE
            self._idle.append(bounds)
        return [(start, end) for start, (end, _) in zip(starts, watched, strict=True)]

    def _insert(self, first: int, last: int) -> None:
        if not self._movable:
            return
        bounds = self._idle.pop() if self._idle else self._new_bounds(first, last)
        bounds[:] = first, last
        index = bisect_right(self._starts, first)
        self._starts.insert(index, first)
        self._watched.insert(index, (last, bounds))

    def _new_bounds(self, first: int, last: int) -> _Bounds | None:
        """Those of a new hook, where Unicorn keeps them; None if they are not found.

        The hook then watches everywhere, which is right, and slow.
        """
        handle = _add_hook(self._uc, UC_HOOK_MEM_INVALID, self._callback, *_MARKS)
        words = (ctypes.c_uint64 * _HOOK_WORDS).from_address(handle)
        place = next((i for i in range(_HOOK_WORDS - 1) if tuple(words[i : i + 2]) == _MARKS), None)
        if place is None:
            _add_hook(self._uc, UC_HOOK_MEM_INVALID, self._callback, 0, _LAST)
            return None
        bounds = (ctypes.c_uint64 * 2).from_address(handle + 8 * place)
        bounds[:] = first, last
        return bounds

    def _answer_for_pages(self) -> mmap.mmap | None:
        """Installs `_FILL` where the host can run it; else all is as right, and slower."""
        if platform.system() != "Linux" or platform.machine() != "x86_64":
            return None
        permissions = mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC
        try:
            code = mmap.mmap(-1, mmap.PAGESIZE, prot=permissions)
        except OSError:
            return None
        code[: len(_FILL)] = _FILL
        address = ctypes.addressof(ctypes.c_char.from_buffer(code))
        self._uc.ctl_set_tlb_mode(UC_TLB_VIRTUAL)
        _add_hook(self._uc, UC_HOOK_TLB_FILL, ctypes.c_void_p(address), 0, _LAST)
        return code


def _add_hook(uc: Uc, kind: int, callback: object, first: int, last: int) -> int:
    handle = ctypes.c_size_t(0)
    status = uclib.uc_hook_add(
        uc._uch, ctypes.byref(handle), kind, callback, ctypes.c_void_p(0),
        ctypes.c_uint64(first), ctypes.c_uint64(last),
    )  # fmt: skip
    if status:
        raise RuntimeError(f"uc_hook_add failed with status {status}")
    return handle.value

"""What Unicorn may do with a page: the answer comes from the table of regions.

Unicorn's translated code has a short way to memory, through a cache of page addresses (TLB). Where
a page is not in it, Unicorn asks. A few host instructions look for the page's region, and answer:
it is executable where code is fetched, else it is data, with the region's permissions. (A page that
were both would take the long way for every store.) Loads and stores that they refuse end the run
with an error, and they note the page and what was wanted. Unicorn asks about code that it does not
execute, too; so a page that is none becomes one that has no memory, and only executing it is an
error. Where the host cannot run them, Python answers.
"""

from __future__ import annotations

import ctypes
import mmap
import platform
from collections.abc import Callable

import numpy as np
from unicorn import UC_HOOK_TLB_FILL, Uc
from unicorn.unicorn_const import (
    UC_MEM_FETCH,
    UC_MEM_READ,
    UC_MEM_WRITE,
    UC_TLB_VIRTUAL,
)
from unicorn.unicorn_py3.unicorn import uclib

from fleet.emu import regions
from fleet.emu.memory import EXECUTE, READ, WRITE, Region
from fleet.emu.native.search import emit_search
from fleet.emu.native.x86 import R9, R10, RAX, RCX, RDX, RSI, Code, Mem

_LAST = (1 << 64) - 1
_NEEDED = {UC_MEM_READ: READ, UC_MEM_WRITE: WRITE}
_PAGE, _KIND = 0, 8
"""What was refused last."""

_NOWHERE = 0
"""An address without memory."""


class _Answer(ctypes.Structure):
    _fields_ = [("page", ctypes.c_uint64), ("permissions", ctypes.c_uint32)]


_FILL = ctypes.CFUNCTYPE(
    ctypes.c_bool, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_int, ctypes.POINTER(_Answer),
    ctypes.c_void_p,
)  # fmt: skip


class Pages:
    """Answers of one Unicorn.

    table, find: the regions, for host code and for Python
    """

    def __init__(
        self, uc: Uc, table: regions.RegionTable, find: Callable[[int], Region | None]
    ) -> None:
        self._find = find
        self._refused = np.zeros(2, np.uint64)
        code = _host_code(table.head, self._refused.ctypes.data)
        self._answer = code if code is not None else _FILL(self._fill)
        callback = self._answer
        if code is not None:
            callback = ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(code)))
        uc.ctl_set_tlb_mode(UC_TLB_VIRTUAL)
        handle = ctypes.c_size_t(0)
        status = uclib.uc_hook_add(
            uc._uch, ctypes.byref(handle), UC_HOOK_TLB_FILL, callback, ctypes.c_void_p(0),
            ctypes.c_uint64(0), ctypes.c_uint64(_LAST),
        )  # fmt: skip
        if status:
            raise RuntimeError(f"uc_hook_add failed with status {status}")

    @property
    def refused(self) -> tuple[int, int] | None:
        """The page that was refused last, and the permission that it lacks."""
        page, kind = self._refused.tolist()
        return (page, _NEEDED[kind]) if kind else None

    def forget(self) -> None:
        self._refused.fill(0)

    def _fill(
        self, _uc: int, page: int, kind: int, answer: ctypes._Pointer, _data: int
    ) -> bool:
        region = self._find(page)
        granted = 0 if region is None else region.permissions
        if kind == UC_MEM_FETCH:
            is_code = granted & EXECUTE
            answer[0].page = page if is_code else _NOWHERE
            answer[0].permissions = READ | EXECUTE if is_code else EXECUTE
            return True
        if not granted & _NEEDED[kind]:
            self._refused[:] = page, kind
            return False
        answer[0].page, answer[0].permissions = page, granted & (READ | WRITE)
        return True


def _host_code(head: int, refused: int) -> mmap.mmap | None:
    """`bool fill(uc, page, access, answer, data)` for x86-64."""
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        return None
    c = Code()
    c.constant(RAX, head)
    emit_search(c, R9, "refuse")
    c.load(R10, RSI)
    c.arith("sub", R10, Mem(RAX, regions.BASE))
    c.arith("cmp", R10, Mem(RAX, regions.SIZE))
    c.jump_if("ae", "refuse")
    c.load(R10, Mem(RAX, regions.PERMISSIONS))
    c.load_unsigned(RDX, RDX, 32)
    c.arith_imm("cmp", RDX, UC_MEM_FETCH)
    c.jump_if("e", "fetch")
    for kind, permission in _NEEDED.items():
        c.arith_imm("cmp", RDX, kind)
        c.jump_if("ne", f"not {kind}")
        c.test_imm(R10, permission)
        c.jump_if("e", "refuse")
        c.label(f"not {kind}")
    c.arith_imm("and", R10, READ | WRITE)
    c.label("grant")
    c.store(Mem(RCX), RSI)  # the page's address is its own
    c.store(Mem(RCX, 8), R10, 32)
    c.constant(RAX, 1)
    c.ret()
    c.label("fetch")
    c.test_imm(R10, EXECUTE)
    c.constant(R10, READ | EXECUTE)
    c.jump_if("ne", "grant")
    c.label("no code")
    c.constant(RSI, _NOWHERE)
    c.constant(R10, EXECUTE)
    c.jump("grant")
    c.label("refuse")
    c.load_unsigned(RDX, RDX, 32)
    c.arith_imm("cmp", RDX, UC_MEM_FETCH)
    c.jump_if("e", "no code")
    c.constant(RAX, refused)
    c.store(Mem(RAX, _PAGE), RSI)
    c.store(Mem(RAX, _KIND), RDX)
    c.constant(RAX, 0)
    c.ret()
    code = c.finish()
    permissions = mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC
    try:
        room = mmap.mmap(-1, mmap.PAGESIZE, prot=permissions)
    except OSError:
        return None
    room[: len(code)] = code
    return room

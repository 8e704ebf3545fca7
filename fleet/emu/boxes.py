"""Boxes of singles, which Unicorn does not keep: ours around what it translates.

The manual has a float32 in an f register with ones above it; what is no such box reads as the
canonical NaN ("NaN boxing of narrower values"). Unicorn takes the low half as it is, and leaves
zeros above its results. So an instruction is translated with other registers: sources are copies
that were looked at, one comparison each, and the result gets its ones. For that the translator's
table of registers, which `find_tables` knows by what it holds, names the copies for a moment.
"""

from __future__ import annotations

import ctypes
import itertools
import os
import struct
from typing import NamedTuple

import numpy as np
from unicorn import Uc
from unicorn.unicorn_py3.unicorn import uclib

from fleet.asm.isa.encoding import Encoding
from fleet.asm.isa.table import decode, encodings

BOX = 0xFFFF_FFFF << 32
NAN = BOX | 0x7FC0_0000
_GEU, _I64 = 5, 1
"""Of the translator: a condition, and a type of its values."""

_FIELDS = {"rd": 7, "rs1": 15, "rs2": 20, "rs3": 27}
_STAND_INS = {"rs1": 1, "rs2": 2, "rs3": 3, "rd": 4}
"""Numbers by which the instruction names its registers while it is translated."""

_WITHOUT = ("flw", "fsw", "fmv.x.w", "fmin.s", "fmax.s")
"""What needs nothing of this, or is executed elsewhere."""


class Roles(NamedTuple):
    """Which registers are floats, and which of them singles."""

    floats: tuple[str, ...]
    sources: tuple[str, ...]
    gives_single: bool


def _roles(encoding: Encoding) -> Roles:
    name, *formats = encoding.mnemonic.split(".")
    converts = name in ("fcvt", "fmv")
    to, source = (formats[0], formats[-1]) if converts else (formats[-1], formats[-1])
    floats = tuple(o.name for o in encoding.operands if o.kind == "f")
    singles = tuple(n for n in floats if n != "rd") if source == "s" else ()
    return Roles(floats, singles, "rd" in floats and to in ("s", "w" if name == "fmv" else "s"))


SINGLES = {
    name: _roles(encoding)
    for name, encoding in encodings().items()
    if encoding.extension == "F" and name not in _WITHOUT or name in ("fcvt.s.d", "fcvt.d.s")
}


class Tables(NamedTuple):
    """Addresses of the translator's context, and in it of the values of f0 to f31."""

    context: int
    floats: int


_SIZES = (1 << 16, 1 << 19)
"""How far behind its beginning the context's parts are looked for: the first has always served."""
_seen: list[tuple[int, int, bytes]] = []
"""Where another machine had them: a word of Unicorn's own struct, how far from there, and what."""


def find_tables(uc: Uc) -> Tables | None:
    """None where they are not what we know."""
    try:
        memory = os.open("/proc/self/mem", os.O_RDONLY)
    except OSError:
        return None
    try:
        head = os.pread(memory, 1 << 12, uc._uch.value)
        pointers = struct.unpack(f"<{len(head) // 8}Q", head)
        for slot, distance, values in _seen:
            where = pointers[slot]
            if 0x10000 <= where < 1 << 47 and os.pread(memory, 256, where + distance) == values:
                return Tables(where, where + distance)
        slots: dict[int, int] = {}
        for slot, pointer in enumerate(pointers):
            if 0x10000 <= pointer < 1 << 47:
                slots.setdefault(pointer, slot)
        for size, pointer in itertools.product(_SIZES, slots):
            found = _tables_at(memory, pointer, size)
            if found is not None:
                distance, values = found.floats - pointer, os.pread(memory, 256, found.floats)
                _seen.append((slots[pointer], distance, values))
                return found
    except OSError:
        return None
    finally:
        os.close(memory)
    return None


def _tables_at(memory: int, pointer: int, size: int) -> Tables | None:
    """The context is where values lead from it to the names of registers, all within `size`."""
    try:
        chunk = os.pread(memory, size, pointer)
    except OSError:
        return None
    words = np.frombuffer(chunk[: len(chunk) // 8 * 8], np.uint64)
    if len(words) < 128:
        return None
    small = words.view(np.int64)
    gaps = np.diff(small)
    even = (gaps[1:] == gaps[:-1]) & (small[:-2] > 0) & (small[:-2] < 1 << 20) & (gaps[:-1] > 0)
    for at in np.flatnonzero(even).tolist():
        floats = small[at + 32 : at + 64]
        if at and small[at - 1] == 0 and even[at : at + 29].all() and len(floats) == 32:
            step = gaps[at]
            expected = small[at] + step * np.arange(31, 63)
            if (floats == expected).all() and _is_named(memory, pointer, chunk, int(small[at])):
                return Tables(pointer, pointer + 8 * (at + 32))
    return None


def _is_named(memory: int, pointer: int, chunk: bytes, value: int) -> bool:
    """Whether a value that far from the start has the name of x1."""
    for name in struct.unpack_from("<7Q", chunk, value):
        if 0x10000 <= name < 1 << 47:
            try:
                text = os.pread(memory, 8, name)
            except OSError:
                continue
            if text.startswith((b"x1/ra\0", b"ra\0", b"ra ")):
                return True
    return False


class Boxes:
    """The translations of one machine."""

    def __init__(self, tables: Tables) -> None:
        self._context = ctypes.c_void_p(tables.context)
        self._base = tables.context
        self._floats = (ctypes.c_uint64 * 32).from_address(tables.floats)
        self._after: list[tuple[int, int]] = []
        self._copies: list[int] = []
        self._result: int | None = None
        self._new = _function("tcg_temp_new_internal", 3)
        self._free = _function("tcg_temp_free_internal", 2)
        self._constant = _function("tcg_const_i64", 2)
        self._select = _function("tcg_gen_movcond_i64", 7)
        self._or = _function("tcg_gen_ori_i64", 4)

    def before(self, word: int) -> int | None:
        """The word to translate in an instruction's place; None where that is the word itself.

        `after` is to be called when it is translated.
        """
        found = decode(word)
        roles = SINGLES.get(found.mnemonic) if found is not None else None
        if roles is None:
            return None
        values = {name: self._floats[found.operands[name]] for name in roles.floats}
        self._result = values["rd"] if roles.gives_single else None
        if not roles.sources:
            return word
        context = self._context
        for name in roles.floats:
            value, place = values[name], _STAND_INS[name]
            if name in roles.sources:
                copy = self._new(context, _I64, 0)
                box, nan = self._constant(context, BOX), self._constant(context, NAN)
                self._select(context, _GEU, copy - self._base, value, box, value, nan)
                self._copies += [copy, self._base + box, self._base + nan]
                value = copy - self._base
            self._after.append((place, self._floats[place]))
            self._floats[place] = value
            at = _FIELDS[name]
            word = word & ~(31 << at) | place << at
        return word

    def after(self) -> None:
        for place, value in reversed(self._after):
            self._floats[place] = value
        self._after.clear()
        for copy in self._copies:
            self._free(self._context, ctypes.c_uint64(copy))
        self._copies.clear()
        if self._result is not None:
            self._or(self._context, self._result, self._result, BOX)
            self._result = None


def _function(name: str, arguments: int) -> ctypes._CFuncPtr:
    types = [ctypes.c_void_p] + [ctypes.c_uint64] * (arguments - 1)
    return ctypes.CFUNCTYPE(ctypes.c_uint64, *types)((f"{name}_riscv64", uclib))

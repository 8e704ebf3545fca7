"""The memory that stubs and Python share, at fixed distances from one register.

First the setting and counters, then constants for stubs, tables by vtype, and a record for
each stub: how often it ran, on how many elements, and the region of guest memory that it accessed
last.
"""

from __future__ import annotations

import mmap
import struct

import numpy as np

from fleet.emu.vector.config import legal_vtype, vlmax_of
from fleet.emu.vector.conversion import RECIPROCAL, ROOT

VL, VTYPE, VSTART, VXRM, VXSAT, CODE_LOW, CODE_UNITS, EXECUTED = range(0, 64, 8)
TRAPS, TABLE, MXCSR, SCRATCH = range(64, 96, 8)
SETTING = struct.Struct("5Q")
"""The vector unit's: vl, vtype, vstart, vxrm and vxsat, from the beginning on."""

MODES = 112
"""The host's MXCSR for each rounding mode of frm that it has: RNE, RTZ, RDN, RUP."""

FUEL, PATIENCE = 2032, 2040
"""How often scalar code may still branch back before Unicorn gets its turn, and how many traps are
left until Python looks where the program is.
"""

TAIL_MASK = 128
"""32 bytes of ones, then 32 of zeros: a load `n` bytes before the middle masks n bytes."""

SPREAD = 192
"""For vpshufb: each of four bytes eight times."""

BITS = {8: 224, 16: 256, 32: 288, 64: 320}
"""The mask bit of each element of a chunk; for 64 bits two chunks, which share a byte."""

NAN = {32: 384, 64: 392}
ONE = {32: 400, 64: 408}
SIGN = {8: 416, 16: 424, 32: 432, 64: 440}
RAMP = {8: 448, 16: 480, 32: 512, 64: 544}
TABLES, VLMAXES = 2048, 4096
"""By vtype, 0 where it is illegal or not met yet: its table of stubs, see `tables`, and VLMAX."""

ESTIMATES = {"vfrec7": 1024, "vfrsqrt7": 1152}
"""The seven-bit tables of the manual, a byte for each entry."""

RECORDS, RECORD_BYTES, MAX_STUBS = 8192, 64, 16384
COUNT, ELEMENTS, BASE, SIZE, POINTER = 0, 8, 16, 24, 32
"""Fields of a record: counters, then the last region and its host address."""

DEFAULT_MXCSR, DIRECTED = 0x1F80, 0x6000
"""MXCSR without exceptions, all masked, to the nearest; the bits of its rounding mode."""


class State:
    """The block of memory, and views of its parts."""

    def __init__(self, vlen: int) -> None:
        self._backing = mmap.mmap(-1, RECORDS + RECORD_BYTES * MAX_STUBS)
        self.bytes = np.frombuffer(self._backing, np.uint8)
        self.address = self.bytes.ctypes.data
        self.words = memoryview(self.bytes).cast("Q")
        self.records = self.bytes[RECORDS:].view(np.uint64).reshape(MAX_STUBS, RECORD_BYTES // 8)
        self.tables = self.bytes[TABLES : TABLES + 2048].view(np.uint64)
        for vtype in filter(legal_vtype, range(256)):
            self.words[VLMAXES // 8 + vtype] = vlmax_of(vtype, vlen)
        self._scratch = np.zeros(vlen + 64, np.uint8)
        self.words[SCRATCH // 8] = self._scratch.ctypes.data
        self._put(MODES, DEFAULT_MXCSR | np.array([0, 0x6000, 0x2000, 0x4000], "u4"))
        self.bytes[TAIL_MASK : TAIL_MASK + 32] = 0xFF
        self.bytes[SPREAD : SPREAD + 32] = np.tile(np.repeat(np.arange(4), 8), 1)
        for width in (8, 16, 32, 64):
            kind, count = f"u{width // 8}", 256 // width
            bits = 1 << np.arange(max(count, 8), dtype=np.uint64)
            if width == 8:
                bits = np.tile(bits[:8], 4)
            self._put(BITS[width], bits.astype(kind))
            self._put(RAMP[width], np.arange(count, dtype=kind))
            self._put(SIGN[width], np.array([1 << width - 1], kind))
        self._put(ESTIMATES["vfrec7"], RECIPROCAL.astype("u1"))
        self._put(ESTIMATES["vfrsqrt7"], ROOT.astype("u1"))
        self._put(NAN[32], np.array([0x7FC0_0000], "u4"))
        self._put(NAN[64], np.array([0x7FF8_0000_0000_0000], "u8"))
        self._put(ONE[32], np.ones(1, "f4"))
        self._put(ONE[64], np.ones(1, "f8"))

    def _put(self, at: int, values: np.ndarray) -> None:
        raw = values.view(np.uint8)
        self.bytes[at : at + len(raw)] = raw

"""The address and size of what a scalar load or store accesses, for reports of faults."""

from __future__ import annotations

from fleet.asm.isa.compress import expand
from fleet.asm.isa.table import decode

_SIZES = {"b": 1, "h": 2, "w": 4, "d": 8, "q": 16}
_WORD = (1 << 64) - 1
_OPCODES = (0x03, 0x07, 0x23, 0x27, 0x2F)
"""Loads and stores of integers and floats, and atomics."""


def scalar_access(word: int, registers: memoryview) -> tuple[int, int] | None:
    """None if the instruction accesses no memory."""
    found = decode(word)
    if found is not None and found.size == 2:
        found = expand(found)
    if found is None or found.word & 0x7F not in _OPCODES:
        return None
    name = found.mnemonic
    letter = name.partition(".")[2][:1] if "." in name else name.removesuffix("u")[-1]
    size = _SIZES.get(letter)
    if size is None:
        return None
    address = registers[found.operands["rs1"]] + found.operands.get("imm", 0) & _WORD
    return address, size

"""Loads and stores of Zcb and Zfhmin, and blocks of a cache (Zicbom, Zicboz).

There is no cache, so cleaning a block does nothing; its address is checked, as by a load.
"""

from __future__ import annotations

from fleet.asm.isa.table import Decoded
from fleet.emu.faults import AccessFault
from fleet.emu.memory import READ, WRITE
from fleet.emu.scalar.integer import WORD, signed
from fleet.emu.vector.operands import Step
from fleet.emu.vector.state import VectorState

BLOCK = 64
"""Bytes that cbo.zero clears (Zic64b)."""

HALF_BOX = WORD ^ 0xFFFF
LOADS = {"lbu": 1, "lhu": 2, "lh": 2, "flh": 2}
STORES = {"sb": 1, "sh": 2, "fsh": 2}


def _load(unit: VectorState, found: Decoded) -> Step:
    memory, registers = unit.memory, unit.cpu.registers
    rd, rs1, imm = (found.operands[name] for name in ("rd", "rs1", "imm"))
    size, name = LOADS[found.mnemonic], found.mnemonic

    def step() -> None:
        value = int.from_bytes(memory.read(registers[rs1] + imm & WORD, size), "little")
        if name == "flh":
            registers[32 + rd] = value | HALF_BOX
        elif rd:
            registers[rd] = signed(value, 16) & WORD if name == "lh" else value

    return step


def _store(unit: VectorState, found: Decoded) -> Step:
    memory, registers = unit.memory, unit.cpu.registers
    rs2, rs1, imm = (found.operands[name] for name in ("rs2", "rs1", "imm"))
    size = STORES[found.mnemonic]
    source = rs2 + 32 if found.mnemonic == "fsh" else rs2

    def step() -> None:
        value = registers[source] & (1 << 8 * size) - 1
        memory.write(registers[rs1] + imm & WORD, value.to_bytes(size, "little"))

    return step


def _zero_block(unit: VectorState, found: Decoded) -> Step:
    memory, registers, rs1 = unit.memory, unit.cpu.registers, found.operands["rs1"]

    def step() -> None:
        address = registers[rs1]
        if not memory.reach(address, 1, WRITE):
            raise AccessFault("write", address, 1)
        memory.write(address & -BLOCK, bytes(BLOCK))

    return step


def _check_block(unit: VectorState, found: Decoded) -> Step:
    memory, registers, rs1 = unit.memory, unit.cpu.registers, found.operands["rs1"]

    def step() -> None:
        address = registers[rs1]
        if not memory.reach(address, 1, READ | WRITE):
            raise AccessFault("write", address, 1)

    return step


BINDERS = (
    dict.fromkeys(LOADS, _load)
    | dict.fromkeys(STORES, _store)
    | dict.fromkeys(("cbo.clean", "cbo.flush", "cbo.inval"), _check_block)
    | {"cbo.zero": _zero_block}
)

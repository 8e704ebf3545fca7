"""Binding of scalar instructions: an instruction word becomes a step on registers and memory."""

from __future__ import annotations

from collections.abc import Callable

from fleet.asm.isa.compress import expand
from fleet.asm.isa.table import Decoded, decode, encodings
from fleet.emu.scalar import floating, memory
from fleet.emu.scalar.integer import FUNCTIONS, WORD
from fleet.emu.vector.operands import Step
from fleet.emu.vector.state import VectorState

Binder = Callable[[VectorState, Decoded], Step]


def _integer(unit: VectorState, found: Decoded) -> Step:
    function, registers = FUNCTIONS[found.mnemonic], unit.cpu.registers
    operands = found.operands
    rd, rs1, rs2 = operands["rd"], operands["rs1"], operands.get("rs2")
    if not rd:
        return nothing
    if rs2 is None:
        other = operands.get("shamt", operands.get("imm", 0)) & WORD

        def step_with_constant() -> None:
            registers[rd] = function(registers[rs1], other) & WORD

        return step_with_constant

    def step() -> None:
        registers[rd] = function(registers[rs1], registers[rs2]) & WORD

    return step


def _zero(unit: VectorState, found: Decoded) -> Step:
    """A may-be-operation that is nothing yet."""
    registers, rd = unit.cpu.registers, found.operands["rd"]

    def step() -> None:
        registers[rd] = 0

    return step if rd else nothing


def nothing() -> None:
    """The step of a hint."""


BINDERS: dict[str, Binder] = (
    dict.fromkeys(FUNCTIONS, _integer)
    | {name: _zero for name in encodings() if name.startswith("mop.r")}
    | {name: lambda unit, found: nothing for name in encodings() if name.startswith("c.mop.")}
    | dict.fromkeys(("wrs.nto", "wrs.sto"), lambda unit, found: nothing)
    | memory.BINDERS
    | floating.BINDERS
)

FOREIGN = frozenset(
    name
    for name, encoding in encodings().items()
    if encoding.extension in (
        "Zba", "Zbb", "Zbc", "Zbs", "Zicond", "Zimop", "Zcmop", "Zcb", "Zicbom", "Zicboz",
        "Zawrs", "Zfhmin", "Zfh", "Zfa",
    )
).union(floating.MISTAKEN)  # fmt: skip
"""What Unicorn takes for illegal, passes over or does wrongly. (It has all hints.)"""


def meaning(word: int) -> Decoded:
    """The instruction that is executed: of a compressed one, what it stands for."""
    found = decode(word)
    return expand(found) if found.encoding.expansion else found


def bind_scalar(unit: VectorState, word: int) -> Step:
    found = meaning(word)
    return BINDERS[found.mnemonic](unit, found)

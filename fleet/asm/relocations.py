"""Relocations of the psABI as functions on the bytes that they change.

In: the bytes as a number, the target (symbol plus addend) and the place. Out: the bytes, or None if
the target does not fit. Branches and jumps are the fields of the instruction table.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from fleet.asm.objects import R
from fleet.asm.table import lookup

Patch = Callable[[int, int, int], "int | None"]


def _pc_relative(mnemonic: str) -> Patch:
    """Set the offset of a branch or jump."""
    field = lookup(mnemonic).field("imm")

    def patch(word: int, target: int, place: int) -> int | None:
        offset = target - place
        return word & ~field.mask | field.insert(offset) if field.accepts(offset) else None

    return patch


def upper(word: int, value: int) -> int | None:
    """Set the upper 20 bits of lui or auipc so that the signed low 12 bits complete `value`."""
    if not -(1 << 31) <= value + 0x800 < 1 << 31:
        return None
    return word & 0xFFF | value + 0x800 & 0xFFFFF000


def _low_load(word: int, value: int, place: int) -> int:
    return word & 0xFFFFF | (value & 0xFFF) << 20


def _low_store(word: int, value: int, place: int) -> int:
    return word & 0x1FFF07F | (value >> 5 & 0x7F) << 25 | (value & 0x1F) << 7


def _call(pair: int, target: int, place: int) -> int | None:
    """auipc and jalr at once."""
    high = upper(pair & 0xFFFFFFFF, target - place)
    if high is None:
        return None
    return _low_load(pair >> 32, target - place, place) << 32 | high


def _number(size: int) -> Patch:
    """A plain address of so many bytes."""

    def patch(before: int, target: int, place: int) -> int | None:
        return target if -(1 << 8 * size - 1) <= target < 1 << 8 * size else None

    return patch


def _add(before: int, target: int, place: int) -> int:
    return before + target


def _subtract(before: int, target: int, place: int) -> int:
    return before - target


@cache
def patches() -> dict[int, tuple[int, Patch]]:
    """Relocation type -> (bytes it covers, function)."""
    return {
        R.NONE: (0, lambda before, target, place: before),
        R.RELAX: (0, lambda before, target, place: before),
        R.R32: (4, _number(4)),
        R.R64: (8, _number(8)),
        R.R32_PCREL: (4, lambda before, target, place: _number(4)(before, target - place, place)),
        R.BRANCH: (4, _pc_relative("beq")),
        R.JAL: (4, _pc_relative("jal")),
        R.RVC_BRANCH: (2, _pc_relative("c.beqz")),
        R.RVC_JUMP: (2, _pc_relative("c.j")),
        R.CALL: (8, _call),
        R.CALL_PLT: (8, _call),
        R.HI20: (4, lambda word, target, place: upper(word, target)),
        R.LO12_I: (4, _low_load),
        R.LO12_S: (4, _low_store),
        R.PCREL_HI20: (4, lambda word, target, place: upper(word, target - place)),
        R.PCREL_LO12_I: (4, _low_load),
        R.PCREL_LO12_S: (4, _low_store),
        **{
            kind: (size, operation)
            for operation, kinds in (
                (_add, (R.ADD8, R.ADD16, R.ADD32, R.ADD64)),
                (_subtract, (R.SUB8, R.SUB16, R.SUB32, R.SUB64)),
            )
            for kind, size in zip(kinds, (1, 2, 4, 8), strict=True)
        },
        R.SET8: (1, _number(1)),
        R.SET16: (2, _number(2)),
        R.SET32: (4, _number(4)),
        R.SUB6: (1, lambda before, target, place: before & 0xC0 | before - target & 0x3F),
        R.SET6: (1, lambda before, target, place: before & 0xC0 | target & 0x3F),
    }

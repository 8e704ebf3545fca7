"""Relocations of the psABI as functions on the bytes that they change.

In: the bytes as a number, the target (symbol plus addend; for the GOT the address of its entry, for
thread-local variables their offset) and the place. Out: the bytes, or None if the target does not
fit. Branches and jumps are the fields of the instruction table.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from fleet.asm.isa.table import lookup
from fleet.asm.objects.model import R

Patch = Callable[[int, int, int], "int | None"]

GOT = (R.GOT_HI20, R.TLS_GOT_HI20, R.TLS_GD_HI20, R.GOT32_PCREL)
"""Relocations to an entry of the global offset table."""
PCREL_HIGH = (R.PCREL_HI20, R.GOT_HI20, R.TLS_GOT_HI20, R.TLS_GD_HI20)
"""Upper halves of distances, to which a PCREL_LO12 refers."""
PCREL_LOW = (R.PCREL_LO12_I, R.PCREL_LO12_S)
TPREL = (
    R.TPREL_HI20, R.TPREL_LO12_I, R.TPREL_LO12_S, R.TPREL_ADD, R.TLS_TPREL32, R.TLS_TPREL64,
)  # fmt: skip
"""Offsets from the thread pointer."""
DTPREL = (R.TLS_DTPREL32, R.TLS_DTPREL64)
"""Offsets in a module's thread-local variables, from 0x800 on."""


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


def _pc_relative_number(before: int, target: int, place: int) -> int | None:
    distance = target - place
    return distance if -(1 << 31) <= distance < 1 << 31 else None


def _upper(word: int, target: int, place: int) -> int | None:
    return upper(word, target)


def _pc_relative_upper(word: int, target: int, place: int) -> int | None:
    return upper(word, target - place)


def _nothing(before: int, target: int, place: int) -> int:
    return before


def _set(before: int, target: int, place: int) -> int:
    """The low bits; what is left is taken away by the SUB that follows."""
    return target


def _add(before: int, target: int, place: int) -> int:
    return before + target


def _subtract(before: int, target: int, place: int) -> int:
    return before - target


@cache
def patches() -> dict[int, tuple[int, Patch]]:
    """Relocation type -> (bytes it covers, function)."""
    return {
        **dict.fromkeys((R.NONE, R.RELAX, R.TPREL_ADD), (0, _nothing)),
        R.R32: (4, _number(4)),
        R.R64: (8, _number(8)),
        R.TLS_DTPREL32: (4, _number(4)),
        R.TLS_DTPREL64: (8, _number(8)),
        R.TLS_TPREL32: (4, _number(4)),
        R.TLS_TPREL64: (8, _number(8)),
        **dict.fromkeys((R.R32_PCREL, R.PLT32, R.GOT32_PCREL), (4, _pc_relative_number)),
        R.BRANCH: (4, _pc_relative("beq")),
        R.JAL: (4, _pc_relative("jal")),
        R.RVC_BRANCH: (2, _pc_relative("c.beqz")),
        R.RVC_JUMP: (2, _pc_relative("c.j")),
        **dict.fromkeys((R.CALL, R.CALL_PLT), (8, _call)),
        **dict.fromkeys((R.HI20, R.TPREL_HI20), (4, _upper)),
        **dict.fromkeys(PCREL_HIGH, (4, _pc_relative_upper)),
        **dict.fromkeys((R.LO12_I, R.TPREL_LO12_I, R.PCREL_LO12_I), (4, _low_load)),
        **dict.fromkeys((R.LO12_S, R.TPREL_LO12_S, R.PCREL_LO12_S), (4, _low_store)),
        **{
            kind: (size, operation)
            for operation, kinds in (
                (_add, (R.ADD8, R.ADD16, R.ADD32, R.ADD64)),
                (_subtract, (R.SUB8, R.SUB16, R.SUB32, R.SUB64)),
                (_set, (R.SET8, R.SET16, R.SET32)),
            )
            for kind, size in zip(kinds, (1, 2, 4, 8), strict=False)
        },
        R.SUB6: (1, lambda before, target, place: before & 0xC0 | before - target & 0x3F),
        R.SET6: (1, lambda before, target, place: before & 0xC0 | target & 0x3F),
    }


def set_uleb128(data: bytearray, offset: int, value: int) -> bool:
    """Write an unsigned LEB128 over the one that stands there, as long as it; whether it fits."""
    end = offset
    while end < len(data) and data[end] & 0x80:
        end += 1
    if end >= len(data) or not 0 <= value < 1 << 7 * (end + 1 - offset):
        return False
    for at in range(offset, end + 1):
        data[at] = value & 0x7F | (0x80 if at < end else 0)
        value >>= 7
    return True

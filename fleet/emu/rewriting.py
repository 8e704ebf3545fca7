"""Instructions that Unicorn does not have, as a few that it has.

In: a word. Out: words to be translated in its place, one after the other: instructions of the base
where they do it without another register, else one word that traps. A sequence must read its
sources before it writes a destination that is one of them.
"""

from __future__ import annotations

from functools import cache

from fleet.asm.isa.compress import expand
from fleet.asm.isa.table import Decoded, decode, encodings, lookup
from fleet.emu.scalar.binders import FOREIGN
from fleet.emu.scalar.integer import FUNCTIONS

MOST_WORDS = 6
TRAP, SHORT_TRAP = 0x0000_000B, 0x0000_0000
"""Words that are illegal for Unicorn, of four and two bytes."""

NOP = 0x0000_0013


def _word(name: str, rd: int, rs1: int, other: int) -> int:
    """An instruction with rs2, a shift amount or an immediate."""
    encoding = lookup(name)
    names = {field.name for field in encoding.fields}
    third = next(field for field in ("rs2", "shamt", "imm") if field in names)
    return encoding.encode({"rd": rd, "rs1": rs1, third: other})


def _unsigned_word(rd: int, rs1: int, left: int) -> list[int]:
    """rd = the low word of rs1, shifted to the left."""
    words = [_word("slli", rd, rs1, 32)]
    if left < 32:
        words.append(_word("srli", rd, rd, 32 - left))
    elif left > 32:
        words.append(_word("slli", rd, rd, left - 32))
    return words


def _extended(rd: int, rs1: int, width: int, shift: str) -> list[int]:
    return [_word("slli", rd, rs1, 64 - width), _word(shift, rd, rd, 64 - width)]


def _sequence(name: str, ops: dict[str, int]) -> list[int] | None:
    rd, rs1, rs2 = ops.get("rd", 0), ops.get("rs1", 0), ops.get("rs2", 0)
    if name.startswith(("c.mop", "wrs")):
        return [NOP]
    if name.startswith("mop.r"):
        return [_word("addi", rd, 0, 0)]
    if name in FUNCTIONS and not rd:
        return [NOP]
    match name:
        case "sh1add" | "sh2add" | "sh3add":
            shift = int(name[2])
            if rd != rs2:
                return [_word("slli", rd, rs1, shift), _word("add", rd, rd, rs2)]
            if rd != rs1 and shift < 3:
                return [_word("add", rd, rd, rs1)] * (1 << shift)
        case "add.uw" | "sh1add.uw" | "sh2add.uw" | "sh3add.uw":
            if rd != rs2:
                shift = 0 if name == "add.uw" else int(name[2])
                words = _unsigned_word(rd, rs1, shift)
                return words if rs2 == 0 else [*words, _word("add", rd, rd, rs2)]
        case "slli.uw":
            return _unsigned_word(rd, rs1, ops["shamt"])
        case "andn" | "orn":
            plain, dual = ("and", "or") if name == "andn" else ("or", "and")
            if rd != rs1:
                return [_word("xori", rd, rs2, -1), _word(plain, rd, rd, rs1)]
            if rd != rs2:
                invert = _word("xori", rd, rd, -1)
                return [invert, _word(dual, rd, rd, rs2), invert]
        case "xnor":
            return [_word("xor", rd, rs1, rs2), _word("xori", rd, rd, -1)]
        case "sext.b":
            return _extended(rd, rs1, 8, "srai")
        case "sext.h":
            return _extended(rd, rs1, 16, "srai")
        case "zext.h":
            return _extended(rd, rs1, 16, "srli")
        case "bext":
            return [_word("srl", rd, rs1, rs2), _word("andi", rd, rd, 1)]
        case "bexti":
            return [_word("srli", rd, rs1, ops["shamt"]), _word("andi", rd, rd, 1)]
        case "bseti" | "binvi" | "bclri" if ops["shamt"] <= 10:
            bit = 1 << ops["shamt"]
            operation = {"bseti": "ori", "binvi": "xori", "bclri": "andi"}[name]
            return [_word(operation, rd, rs1, ~bit if name == "bclri" else bit)]
        case "czero.eqz" | "czero.nez" if rd != rs1:
            test = ("sltu", 0, rs2) if name == "czero.eqz" else ("sltiu", rs2, 1)
            first = _word(test[0], rd, test[1], test[2])
            return [first, _word("sub", rd, 0, rd), _word("and", rd, rd, rs1)]
        case "lbu" | "lhu" | "lh" | "andi" | "xori" | "mul" | "sb" | "sh":
            return [lookup(name).encode(ops)]
    return None


def _meaning(found: Decoded) -> Decoded:
    return expand(found) if found.encoding.expansion else found


@cache
def rewritten(word: int, most: int) -> list[int]:
    """At most so many words; none where it is to be translated as it is.

    With `most` 1 it stays one instruction, which traps if it has to.
    """
    found = decode(word)
    short = word & 3 != 3
    if found is None:
        return [SHORT_TRAP] if short else []
    if found.mnemonic not in FOREIGN:
        return []
    meaning = _meaning(found)
    words = _sequence(meaning.mnemonic, meaning.operands)
    if words is not None and len(words) <= most:
        return words
    return [SHORT_TRAP if short else TRAP]


def traps(word: int, most: int) -> bool:
    """Whether an instruction that is not Unicorn's is executed by us, and not rewritten."""
    return rewritten(word, most) in ([], [TRAP], [SHORT_TRAP])


STRANGE = tuple(sorted({
    (encoding.mask, encoding.match)
    for name, encoding in encodings().items() if name in FOREIGN and encoding.size == 4
}))  # fmt: skip
STRANGE_SHORT = (
    (0xE003, 0x8000), (0xFC43, 0x9C41), (0xEF83, 0x2001), (0xEF83, 0x4002), (0xEF83, 0x6002),
    (0xFFFF, 0x8002), (0xF07F, 0x6001), (0xFFE3, 0x0000),
)  # fmt: skip
"""Mask and match of words for which `rewritten` is asked. The short ones are all that the base
reserves: Unicorn passes over most of them.
"""

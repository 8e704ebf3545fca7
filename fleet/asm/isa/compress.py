"""Instruction words <-> their 16-bit forms, from the expansions in the table's rows of C.

In: a 32-bit word. Out: the compressed instruction that means the same, as GNU as chooses it, and
back. The one idea: an expansion such as `addi rd, rd, imm` is a pattern; a word fits it when each
place of the instruction holds the fixed register, or equal values where a name occurs twice, and
values that the 16-bit fields accept.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from fleet.asm.isa.aliases import split_piece
from fleet.asm.isa.encoding import Encoding, Field
from fleet.asm.isa.registers import REGISTERS
from fleet.asm.isa.table import Decoded, decode, encodings

NO_FORMS, OF_C, OF_ZCB = 0, 1, 2
"""Which 16-bit forms may be chosen: none, those of C, those of C and Zcb."""

COMMUTATIVE = frozenset(("add", "addw", "and", "or", "xor"))

OF_PSEUDO = {"not": "c.not", "zext.w": "c.zext.w"}
"""What GNU as makes of a pseudo-instruction alone, not of the instruction that it stands for."""

# Another way to say the same, which the manual's expansions do not have.
ALSO = (("c.mv", "addi rd, rs2, 0"),)


class Rule(NamedTuple):
    """When an instruction's operands are `fixed` and `named`, it is this compressed one."""

    encoding: Encoding
    fixed: tuple[tuple[str, int], ...]  # operand of the long form, its value
    named: tuple[tuple[str, Field], ...]  # operand of the long form, field of the short form


@cache
def _rule(encoding: Encoding, expansion: str) -> tuple[str, Rule]:
    name, _, text = expansion.partition(" ")
    values = [each for piece in filter(None, text.split(", ")) for each in split_piece(piece)]
    fields = {field.name: field for field in encoding.fields}
    fixed, named = [], []
    for operand, value in zip(encodings()[name].operands, values, strict=False):
        key = {"upper": "imm"}.get(value, value)
        key = "r" + key[1:] if key[0] == "f" and key[1:] in ("d", "s1", "s2") else key
        key = "imm" if value == "label" else key
        if key in fields:
            named.append((operand.name, fields[key]))
        else:
            number = REGISTERS["x"].get(value)
            fixed.append((operand.name, int(value) if number is None else number))
    return name, Rule(encoding, tuple(fixed), tuple(named))


@cache
def _rules(forms: int) -> dict[str, list[Rule]]:
    rules: dict[str, list[Rule]] = {}
    names = ("C", "Zcb")[:forms]
    rows = [
        (e, e.expansion) for e in encodings().of(*names) if e.mnemonic not in OF_PSEUDO.values()
    ]
    rows += [(encodings()[name], expansion) for name, expansion in ALSO]
    for encoding, expansion in rows:
        name, rule = _rule(encoding, expansion)
        rules.setdefault(name, []).append(rule)
    return rules


class Shortening(NamedTuple):
    """A rule as operations on words: when it holds, and which bits go where.

    mask, match: of the long instruction, with fixed operands, the registers that three bits can
                 name and the bits of immediates that the short form does not store.
    equal:       (shift, shift) of register fields that must be equal.
    forbidden:   (mask, value) of fields that must not have a value.
    moves:       (mask, shift to the right) of bits that the short form stores.
    short:       the fixed bits of the short form.
    """

    mask: int
    match: int
    equal: tuple[tuple[int, int], ...]
    forbidden: tuple[tuple[int, int], ...]
    moves: tuple[tuple[int, int], ...]
    short: int


def places(field: Field) -> dict[int, int]:
    """Bit of the value -> bit of the word, for each bit that is stored."""
    return {low + k: at + k for at, low, width in field.segments for k in range(width)}


def _shortening(long: Encoding, rule: Rule, negative: bool) -> Shortening:
    """The rule for immediates with or without a sign bit."""
    mask, match = long.mask, long.match
    for name, value in rule.fixed:
        field = long.field(name)
        mask |= field.mask
        match |= field.insert(value)
    first: dict[str, Field] = {}
    equal, forbidden = [], []
    moved: dict[int, int] = {}
    for name, short in rule.named:
        source = long.field(name)
        if short.name in first:
            equal.append((first[short.name].segments[0][0], source.segments[0][0]))
            continue
        first[short.name] = source
        stored = places(short)
        for bit, at in places(source).items():
            if bit in stored:
                moved[at - stored[bit]] = moved.get(at - stored[bit], 0) | 1 << at
            if short.signed and bit >= short.width - 1:  # the sign and its copies
                mask |= 1 << at
                match |= negative << at
            elif bit not in stored:  # zero, or of registers from 8 on the base
                mask |= 1 << at
                match |= (short.base >> bit & 1) << at
        forbidden += [(source.mask, source.insert(value)) for value in sorted(short.excluded)]
    moves = tuple((bits, shift) for shift, bits in moved.items())
    return Shortening(mask, match, tuple(equal), tuple(forbidden), moves, rule.encoding.match)


def _swapped(rule: Rule) -> Rule:
    other = {"rs1": "rs2", "rs2": "rs1"}
    return rule._replace(named=tuple((other.get(name, name), field) for name, field in rule.named))


MAJOR = 0x707F
"""The bits of opcode and funct3."""
WITHOUT_FUNCT3 = (0x37, 0x6F)  # lui and jal have an immediate there


@cache
def shortenings(forms: int) -> dict[int, list[Shortening]]:
    """What may apply to an instruction, by opcode and funct3 (`MAJOR`)."""
    found: dict[int, list[Shortening]] = {}
    for name, rules in _rules(forms).items() if forms else ():
        long = encodings()[name]
        choices = [choice for rule in rules for choice in ([rule, _swapped(rule)]
                   if name in COMMUTATIVE and not rule.fixed else [rule])]  # fmt: skip
        kinds = range(8) if long.match in WITHOUT_FUNCT3 else (long.match >> 12 & 7,)
        for rule in choices:
            signs = (False, True) if any(field.signed for _, field in rule.named) else (False,)
            for negative in signs:
                shortening = _shortening(long, rule, negative)
                for funct3 in kinds:
                    found.setdefault(long.match & 0x7F | funct3 << 12, []).append(shortening)
    return found


def compress(word: int, forms: int = OF_C) -> int | None:
    """The 16-bit word that means the same as a 32-bit one, None if there is none.

    forms: the short forms that there are: `OF_C`, or `OF_ZCB` for those of C and of Zcb.
    """
    rules = shortenings(forms).get(word & MAJOR)
    return None if rules is None else shortened(word, rules)


def shortened(word: int, rules: Sequence[Shortening]) -> int | None:
    """The same, among those forms that its opcode and funct3 leave."""
    for mask, match, equal, forbidden, moves, short in rules:
        if word & mask != match:
            continue
        for one, other in equal:
            if (word >> one ^ word >> other) & 31:
                break
        else:
            for bits, value in forbidden:
                if word & bits == value:
                    break
            else:
                for bits, shift in moves:
                    short |= (word & bits) >> shift if shift >= 0 else (word & bits) << -shift
                return short
    return None


def forms_of(extensions: frozenset[str]) -> int:
    """The short forms that an architecture has."""
    complete = "zcd" in extensions or "d" not in extensions
    if "c" in extensions or ("zca" in extensions and complete):
        return OF_ZCB if "zcb" in extensions else OF_C
    return NO_FORMS


def expand(decoded: Decoded) -> Decoded:
    """The 32-bit instruction that a compressed one stands for; itself if it stands for none."""
    if not decoded.encoding.expansion:
        return decoded
    encoding = decoded.encoding
    name, rule = _rule(encoding, encoding.expansion)
    operands = dict(rule.fixed)
    operands.update((long, decoded.operands[field.name]) for long, field in rule.named)
    word = encodings()[name].encode(operands)
    expanded = decode(word)
    assert expanded is not None
    return expanded

"""Parts of addresses: `%lo(symbol)`, `%pcrel_hi(symbol) + 4`, and targets of branches.

In: an operand's text, or what has been parsed of it. Out: the modifier and its operand; the
relocation that fills an instruction in. Source: the psABI, chapter "Relocations", and the
"RISC-V Assembly Programmer's Manual".
"""

from __future__ import annotations

import re
from typing import NamedTuple

from fleet.asm.isa.encoding import Encoding, Field, OperandSpec
from fleet.asm.objects.model import R
from fleet.asm.source.expressions import Expression, SyntaxProblem


class Reference(NamedTuple):
    """An operand that only the linker or the layout can fill in."""

    modifier: str  # "", "%lo", ... ; "" on a label operand
    expression: Expression
    spec: OperandSpec


MODIFIER = re.compile(r"\s*(%\w+)\s*\(")
MODIFIERS = (
    "%hi", "%lo", "%pcrel_hi", "%pcrel_lo", "%got_pcrel_hi", "%tprel_hi", "%tprel_lo",
    "%tls_ie_pcrel_hi", "%tls_gd_pcrel_hi",
)  # fmt: skip


def relocation_of(reference: Reference, encoding: Encoding) -> R | None:
    """The relocation that fills a reference in, None if it makes no sense in this instruction."""
    opcode = encoding.match & 0x7F
    if reference.spec.kind == "label":
        if encoding.size == 2:
            return R.RVC_JUMP if encoding.mnemonic == "c.j" else R.RVC_BRANCH
        return R.JAL if opcode == 0x6F else R.BRANCH
    is_store = opcode in (0x23, 0x27)
    is_upper = reference.spec.kind == "upper"
    if encoding.size == 2:
        return None
    match reference.modifier:
        case "%hi" if is_upper:
            return R.HI20
        case "%pcrel_hi" if is_upper:
            return R.PCREL_HI20
        case "%got_pcrel_hi" if is_upper:
            return R.GOT_HI20
        case "%tls_ie_pcrel_hi" if is_upper:
            return R.TLS_GOT_HI20
        case "%tls_gd_pcrel_hi" if is_upper:
            return R.TLS_GD_HI20
        case "%tprel_hi" if is_upper:
            return R.TPREL_HI20
        case "%tprel_lo" if not is_upper:
            return R.TPREL_LO12_S if is_store else R.TPREL_LO12_I
        case "%lo" if not is_upper:
            return R.LO12_S if is_store else R.LO12_I
        case "%pcrel_lo" if not is_upper:
            return R.PCREL_LO12_S if is_store else R.PCREL_LO12_I
    return None


def modified_operand(text: str) -> tuple[str, int, int] | None:
    """The modifier of `%lo(symbol) + 4`, perhaps in parentheses, and where its operand is."""
    outer = len(text) - len(text.lstrip(" ("))
    match = MODIFIER.match(text, outer)
    if match is None:
        return None
    depth, stop = 1, match.end()
    while stop < len(text) and depth:
        depth += {"(": 1, ")": -1}.get(text[stop], 0)
        stop += 1
    rest = text[stop:].strip().rstrip(")").strip()
    closed = text[stop:].count(")") == text[:outer].count("(")
    if depth or not closed or (rest and rest[0] not in "+-"):
        raise SyntaxProblem(f"{text.strip()!r} cannot be read", 0, len(text))
    return match[1], match.end(), stop - 1


def takes(modifier: str, spec: OperandSpec, field: Field) -> bool:
    """Whether a part of an address can stand in this field."""
    if modifier.endswith("hi"):
        return spec.kind == "upper" and field.width == 32
    has_sign = field.signed and field.width == 12 and field.multiple_of == 1
    return spec.kind == "imm" and has_sign

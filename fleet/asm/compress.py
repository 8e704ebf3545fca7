"""Instruction words <-> their 16-bit forms, from the expansions in the table's rows of C.

In: a 32-bit word. Out: the compressed instruction that means the same, as GNU as chooses it, and
back. The one idea: an expansion such as `addi rd, rd, imm` is a pattern; a word fits it when each
place of the instruction holds the fixed register, or equal values where a name occurs twice, and
values that the 16-bit fields accept.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from fleet.asm.aliases import split_piece
from fleet.asm.encoding import Encoding, Field
from fleet.asm.registers import REGISTERS
from fleet.asm.table import Decoded, decode, encodings

COMMUTATIVE = frozenset(("add", "addw", "and", "or", "xor"))

# Another way to say the same, which the manual's expansions do not have.
ALSO = (("c.mv", "addi rd, rs2, 0"),)


class Rule(NamedTuple):
    """When an instruction's operands are `fixed` and `named`, it is this compressed one."""

    encoding: Encoding
    fixed: tuple[tuple[str, int], ...]  # operand of the long form, its value
    named: tuple[tuple[str, Field], ...]  # operand of the long form, field of the short form


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
def _rules() -> dict[str, list[Rule]]:
    rules: dict[str, list[Rule]] = {}
    rows = [(e, e.expansion) for e in encodings().values() if e.extension == "C"]
    rows += [(encodings()[name], expansion) for name, expansion in ALSO]
    for encoding, expansion in rows:
        name, rule = _rule(encoding, expansion)
        rules.setdefault(name, []).append(rule)
    return rules


def _fit(rule: Rule, operands: dict[str, int]) -> int | None:
    """The 16-bit word, None if the operands do not fit."""
    if any(operands[name] != value for name, value in rule.fixed):
        return None
    values: dict[str, int] = {}
    for name, field in rule.named:
        value = operands[name]
        if not field.accepts(value) or values.setdefault(field.name, value) != value:
            return None
    return rule.encoding.encode(values)


def compress_decoded(decoded: Decoded) -> int | None:
    """The 16-bit word that means the same as a 32-bit instruction, None if there is none."""
    rules = _rules().get(decoded.mnemonic)
    if rules is None:
        return None
    operands = decoded.operands
    choices = [operands]
    if decoded.mnemonic in COMMUTATIVE:
        choices.append({**operands, "rs1": operands["rs2"], "rs2": operands["rs1"]})
    for rule in rules:
        for choice in choices[:1] if rule.fixed else choices:
            word = _fit(rule, choice)
            if word is not None:
                return word
    return None


def compress(word: int) -> int | None:
    """The 16-bit word that means the same as a 32-bit one, None if there is none."""
    decoded = decode(word)
    return None if decoded is None else compress_decoded(decoded)


def expand(decoded: Decoded) -> Decoded:
    """The 32-bit instruction that a compressed one stands for."""
    encoding = decoded.encoding
    name, rule = _rule(encoding, encoding.expansion)
    operands = dict(rule.fixed)
    operands.update((long, decoded.operands[field.name]) for long, field in rule.named)
    word = encodings()[name].encode(operands)
    expanded = decode(word)
    assert expanded is not None
    return expanded

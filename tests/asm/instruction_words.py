"""Random legal instructions for the tests of the table, the assembler and the disassembler."""

from __future__ import annotations

import random

from fleet.asm.isa.encoding import Encoding
from fleet.asm.isa.legality import complaint
from fleet.asm.isa.table import encodings


def random_operands(encoding: Encoding, rng: random.Random) -> dict[str, int]:
    """Operand values that the encoding accepts, extremes included."""
    values: dict[str, int] = {}
    for field in encoding.fields:
        while True:
            value = rng.randint(field.minimum, field.maximum)
            if rng.random() < 0.2:
                value = rng.choice((field.minimum, field.maximum))
            value -= value % field.multiple_of
            if field.name == "rm" and value in (5, 6):  # reserved
                continue
            if field.accepts(value):
                break
        values[field.name] = value
    return values


RV64GCV = frozenset(("I", "M", "A", "F", "D", "C", "Zicsr", "Zifencei", "V"))
OTHERS = frozenset(each.extension for each in encodings().values()) - RV64GCV


def random_words(
    seed: int, count: int, *, legal: bool = False, of: frozenset[str] = RV64GCV
) -> list[tuple[int, Encoding, dict[str, int]]]:
    """(word, encoding, operands); `legal` without operands that the manual forbids.

    of: the extensions whose instructions these are.
    """
    rng = random.Random(seed)
    result = []
    for encoding in encodings().values():
        if encoding.extension not in of:
            continue
        for _ in range(count):
            values = random_operands(encoding, rng)
            while legal and complaint(encoding, values) is not None:
                values = random_operands(encoding, rng)
            result.append((encoding.encode(values), encoding, values))
    return result

"""Addresses of elements as numbers of elements, for translated code.

In: the sums and products that addresses are made of. Out: which element of the arena, counted in
elements of a size, one lies at. The one idea: addresses are numbers that Python takes two digits
for, of 30 bits each, and has to divide for its memoryview; the number of the element is what the
program's subscript was before it was multiplied. So where a buffer begins is divided once, `q3_8`
for x3 in elements of 8 bytes, and what is a multiple of a size for addresses alone, `x4 = x5 * 8`,
is kept as what it is a multiple of, `s4 = x5`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fleet.vm.blocks import Blocks
from fleet.vm.bytecode import Instruction
from fleet.vm.templates import COMPARISONS, SUMS

SIZES = {"i1": 1, "i8": 1, "i16": 2, "i32": 4, "i64": 8, "f16": 2, "f32": 4, "f64": 8}


@dataclass(frozen=True)
class Place:
    """A register's number, if one is meant, and expressions, each so many times."""

    base: int | None
    terms: tuple[tuple[str, int], ...]

    def element(self, size: int) -> str | None:
        """Its number among the elements of this size, if the sum tells."""
        if self.base is None or any(times % size for _, times in self.terms):
            return None
        terms = (text if times == size else f"{text} * {times // size}"
                 for text, times in self.terms)  # fmt: skip
        return " + ".join((f"q{self.base}_{size}", *terms))


def placed(first: Place | None, second: Place) -> Place | None:
    return None if first is None or first.base is None else (
        Place(first.base, first.terms + second.terms))  # fmt: skip


def beginning(register: int, size: int, base: int, most: int) -> str:
    """The line that says which element of the arena, from an address to another, a register points
    to, if it does."""
    number = f"(x{register} - {base}) // {size}" if size > 1 else f"x{register} - {base}"
    aligned = f" and not x{register} & {size - 1}" if size > 1 else ""
    within = f"{base} <= x{register} <= {most}{aligned}"
    return f"q{register}_{size} = {number} if {within} else NOWHERE"


NOWHERE = float("-inf")
"""Whatever is added to it, no element."""


def bases(
    code: Sequence[Instruction], first: int, last: int, blocks: Blocks
) -> Mapping[int, set[int]]:
    """The registers that addresses of a piece are, or are sums of first, and elements' sizes.

    Not those that may be expressions (`forwarding`)."""
    found: dict[int, set[int]] = {}
    summed: dict[int, int] = {}
    forwarded = {
        item.operands[0] for item in code[first : last + 1]
        if item.mnemonic in SUMS or item.mnemonic in COMPARISONS
    }  # fmt: skip
    end = first - 1
    for at in range(first, last + 1):
        item = code[at]
        if at > end:
            end, summed = blocks.end(at), {}
        kind, _, type = item.mnemonic.partition(".")
        if kind in ("load", "store"):
            base = summed.get(item.operands[1], item.operands[1])
            if base not in forwarded:
                found.setdefault(base, set()).add(SIZES[type])
        base = summed.get(item.operands[1], item.operands[1]) if item.mnemonic == "addi" else -1
        for field, register in item.fields():
            if field == "d":
                summed.pop(register, None)
        if base >= 0:
            summed[item.operands[0]] = base
    return found

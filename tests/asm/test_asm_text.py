"""Assembly as lines: read back from its text it is the same, and assembles to the same bytes."""

from __future__ import annotations

import random

import pytest

from fleet.asm.assembler import assemble
from fleet.asm.isa.table import encodings
from fleet.asm.source.text import Line, parse_assembly, print_assembly

SPELLINGS = """
# a comment of its own
  .text ; .globl f
f: 1: addi a0 , a1, (3 + 4) // why
\tsd ra, -8( sp )   # x, "y"
x = 5 /* five */
   /* two
      lines */ .set  y, x == 5
.ascii "a;b#c", "d\\"e" ; nop
"""


def content(text: str) -> list[tuple[str, bytes]]:
    return [(part.name, bytes(part.data)) for part in assemble(text, "text.s").sections]


def test_other_spellings_are_read_and_written_in_one() -> None:
    lines = parse_assembly(SPELLINGS)
    assert lines[1:6] == [
        Line(comment="# a comment of its own"),
        Line(".text"),
        Line(".globl", ("f",)),
        Line("addi", ("a0", "a1", "(3 + 4)"), ("f", "1"), "# why"),
        Line("sd", ("ra", "-8( sp )"), comment='# x, "y"'),
    ]
    assert Line(".set", ("x", "5")) in lines and Line(".set", ("y", "x == 5")) in lines
    text = print_assembly(lines)
    assert "f:1:\taddi a0, a1, (3 + 4) # why\n" in text and '\t.ascii "a;b#c", "d\\"e"\n' in text
    assert parse_assembly(text) == lines
    assert content(text) == content(SPELLINGS)


@pytest.mark.parametrize("seed", range(20))
def test_lines_drawn_at_random_are_read_back(seed: int) -> None:
    draw = random.Random(seed)
    mnemonics = sorted(encodings())
    words = ["a0", "8(sp)", "v0.t", "-1", "%lo(x)", ".-f", '"a, #b"', "'#'", "x + 1", "(a2)", "ta"]
    lines = [
        Line(
            draw.choice([*mnemonics, ".word", ""]) if kind else "",
            (),
            tuple(draw.sample(["f", ".Lf_1", "1"], draw.choice([0, 0, 0, 1, 2]))),
            draw.choice(["", "", "# b; c", '# "']),
        )
        for kind in draw.choices([0, 1, 1, 1], k=40)
    ]
    given = [tuple(draw.choices(words, k=draw.randrange(4))) for _ in lines]
    lines = [
        line._replace(operands=operands if line.name else ())
        for line, operands in zip(lines, given, strict=True)
    ]
    text = print_assembly(lines)
    assert parse_assembly(text) == lines
    assert print_assembly(parse_assembly(text)) == text

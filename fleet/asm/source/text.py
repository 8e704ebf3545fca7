"""Assembly as lines, and their text: `parse_assembly(print_assembly(lines)) == lines`.

In: text in the language of GNU as. Out: a `Line` for each statement, comment and empty line, and
back. The one idea: a line is what stands between blanks and commas, so that every line has one
spelling: what other spellings mean as well (several statements on a line, `name = value`, block
comments) is read, and written in that one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from fleet.asm.source.statements import PARTS, blank_comments, statements


class Line(NamedTuple):
    """Labels, a statement and a comment, any of which may be missing.

    operands: what stands between commas; of a comment its text from `#` on.
    """

    name: str = ""
    operands: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    comment: str = ""

    def __str__(self) -> str:
        pieces = [f"{label}:" for label in self.labels]
        if self.name:
            joined = ", ".join(self.operands)
            pieces.append(f"\t{self.name} {joined}" if joined else f"\t{self.name}")
        if self.comment:
            pieces.append(f" {self.comment}" if pieces else self.comment)
        return "".join(pieces)


def print_assembly(lines: Iterable[Line]) -> str:
    """The text, a line each."""
    return "".join(f"{line}\n" for line in lines)


def parse_assembly(text: str) -> list[Line]:
    """The lines of a text. Raises SyntaxProblem at a string that is not closed."""
    given = blank_comments(text).split("\n")
    if not given[-1].strip():
        given.pop()
    lines: list[Line] = []
    for each in given:
        if _PLAIN.fullmatch(each):  # as we write it
            name, _, operands = each[1:].partition(" ")
            lines.append(Line(name, tuple(operands.split(", ")) if operands else ()))
        else:
            lines += _lines(each.removesuffix("\r"))
    return lines


_WORD = r"(?:[\w.+@-]+(?:\([\w.]*\))?|\([\w.]*\))"
_PLAIN = re.compile(rf"\t[\w.]+(?: {_WORD}(?:(?:, | ){_WORD})*)?")
"""A statement without quotes, expressions or comments."""


def _lines(text: str) -> list[Line]:
    comment = _comment(text)
    found = [
        Line(
            "" if each.name is None else each.name.text,
            tuple(operand.text for operand in each.operands),
            tuple(label.text for label in each.labels),
        )
        for each in statements(text)
    ]
    if comment or not found:
        last = found.pop() if found else Line()
        found.append(last._replace(comment=comment))
    return found


def _comment(text: str) -> str:
    """The comment at the end of a line, which begins with `#` however it did."""
    for match in PARTS.finditer(text):
        if match[0] in ("#", "//"):
            return f"#{text[match.end() :].rstrip()}"
    return ""

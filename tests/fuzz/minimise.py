"""Makes a program smaller while something about it stays.

In: a program's text and a test. Out: a text of which no block or line can be left out. The one
idea: a line goes together with what is indented under it, or alone, its block moved to the left.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator


def minimise(source: str, still: Callable[[str], bool]) -> str:
    """The smallest text found for which `still` holds; it holds for `source`."""
    lines, smaller = source.splitlines(), True
    while smaller:
        smaller = False
        for candidate in _smaller(lines):
            text = "\n".join(candidate) + "\n"
            if _parses(text) and still(text):
                lines, smaller = candidate, True
                break
    return "\n".join(lines) + "\n"


def _smaller(lines: list[str]) -> Iterator[list[str]]:
    """Large steps first, from the end, where nothing depends on a line."""
    half = len(lines) // 2
    while half > 1:
        for start in range(len(lines) - half, -1, -half):
            yield lines[:start] + lines[start + half :]
        half //= 2
    for at in reversed(range(len(lines))):
        end = _end_of_block(lines, at)
        yield lines[:at] + lines[end:]
        if end > at + 1:
            moved = [line.removeprefix("    ") for line in lines[at + 1 : end]]
            yield lines[:at] + moved + lines[end:]
    for at, line in enumerate(lines):
        for simpler in _simpler(line):
            yield [*lines[:at], simpler, *lines[at + 1 :]]


def _simpler(line: str) -> Iterator[str]:
    """A shorter expression in a line's place."""
    indent = line[: len(line) - len(line.lstrip())]
    assigned = re.match(r"( *[^=(]+ [-+]?= ).{3,}", line)
    if assigned:
        yield f"{assigned[1]}1"
        yield f"{assigned[1]}n"
    if re.match(r" *(if|elif) ", line) and line.strip() != "if n > 2:":
        yield f"{indent}if n > 2:"
    if line.lstrip().startswith("print(") and "," in line:
        parts = line.strip()[6:-1].split(", ")
        for at in range(len(parts)):
            yield f"{indent}print({', '.join(parts[:at] + parts[at + 1 :])})"


def _end_of_block(lines: list[str], at: int) -> int:
    indent = len(lines[at]) - len(lines[at].lstrip())
    end = at + 1
    while end < len(lines) and len(lines[end]) - len(lines[end].lstrip()) > indent:
        end += 1
    return end


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True

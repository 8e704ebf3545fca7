"""Lines of assembly -> statements: labels, a name, operands, each with its columns.

In: one line without block comments. Out: `Statement`s. Comments begin with `#` or `//`; `;`
separates statements; commas separate operands, except in quotes and parentheses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from fleet.asm.source.expressions import ESCAPES, SyntaxProblem


class Text(NamedTuple):
    """A piece of a line and its columns."""

    text: str
    start: int
    end: int


class Statement(NamedTuple):
    labels: tuple[Text, ...]
    name: Text | None
    operands: tuple[Text, ...]
    rest: Text  # everything after the name


STRING_OR_COMMENT = re.compile(
    r'"(?:[^"\\\n]|\\.)*"|\'(?:\\.|[^\\\n])|#[^\n]*|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL
)
PARTS = re.compile(r'"(?:[^"\\]|\\.)*"?|\'(?:\\.|[^\\])\'?|//|[#;,()]|[^"\'#;,()/]+|/')
LABEL = re.compile(r"[ \t]*([A-Za-z_.$][\w.$]*|\d+)[ \t]*:")
ESCAPE = re.compile(r"\\([0-7]{1,3}|x[0-9a-fA-F]+|.)", re.DOTALL)
NAME = re.compile(r"[ \t]*([^\s]+)")
# A name and operands, or one string, alone on their line: nothing to take apart with care.
SIMPLE = re.compile(r"[ \t]+(\.?[a-z][a-z0-9._]*)(?:[ \t]+([^#\"';/:\r\\]*))?(?:#.*)?\r?$")
QUOTED = re.compile(r'[ \t]+(\.[a-z][a-z0-9]*)[ \t]+("(?:[^"\\]|\\.)*")[ \t]*(?:#.*)?\r?$')
ASSIGNMENT = re.compile(r"[ \t]*([A-Za-z_.$][\w.$]*)[ \t]*(==?)(?!=)")


def blank_comments(text: str) -> str:
    """Block comments as blanks, so that lines and columns stay."""
    if "/*" not in text:
        return text

    def blank(match: re.Match[str]) -> str:
        found = match[0]
        return re.sub(r"[^\n]", " ", found) if found.startswith("/*") else found

    return STRING_OR_COMMENT.sub(blank, text)


def _divided(line: str) -> Iterator[list[tuple[int, int]]]:
    """Spans of the operands (or name and first operand) of each statement of a line."""
    spans: list[tuple[int, int]] = []
    start = depth = 0
    end = len(line)
    for match in PARTS.finditer(line):
        part = match[0]
        if part in ("#", "//"):
            end = match.start()
            break
        if part == "(":
            depth += 1
        elif part == ")":
            depth -= 1
        elif part == ";":
            yield [*spans, (start, match.start())]
            spans, start, depth = [], match.end(), 0
        elif part == "," and depth <= 0:
            spans.append((start, match.start()))
            start = match.end()
        elif part[0] == '"' and (len(part) == 1 or part[-1] != '"'):
            raise SyntaxProblem("this string is not closed", match.start(), len(line))
    yield [*spans, (start, end)]


def split_lines(line: str) -> list[str]:
    """A line as one for each of its statements, with blanks so that columns stay."""
    if ";" not in line:
        return [line]
    try:
        spans = [(parts[0][0], parts[-1][1]) for parts in _divided(line)]
    except SyntaxProblem:  # reported when it is assembled
        return [line]
    return [" " * start + line[start:end] for start, end in spans]


def _stripped(line: str, start: int, end: int) -> Text:
    text = line[start:end]
    left = len(text) - len(text.lstrip())
    text = text.strip()
    return Text(text, start + left, start + left + len(text))


def statements(line: str) -> Iterator[Statement]:
    """The statements of a line; empty ones are left out."""
    for spans in _divided(line):
        start, first_end = spans[0]
        labels = []
        while True:
            match = LABEL.match(line, start, first_end)
            if match is None:
                break
            labels.append(Text(match[1], match.start(1), match.end(1)))
            start = match.end()
        assigned = ASSIGNMENT.match(line, start, first_end)
        if assigned is not None:
            target = Text(assigned[1], assigned.start(1), assigned.end(1))
            value = _stripped(line, assigned.end(), spans[-1][1])
            word = ".set" if assigned[2] == "=" else ".eqv"
            name = Text(word, assigned.start(2), assigned.end(2))
            yield Statement(tuple(labels), name, (target, value), value)
            continue
        match = NAME.match(line, start, first_end)
        if match is None:
            if labels:
                yield Statement(tuple(labels), None, (), Text("", start, start))
            continue
        name = Text(match[1], match.start(1), match.end(1))
        rest = _stripped(line, match.end(), spans[-1][1])
        first = _stripped(line, match.end(), first_end)
        operands = (first, *(_stripped(line, *span) for span in spans[1:]))
        if len(operands) == 1 and not first.text:
            operands = ()
        yield Statement(tuple(labels), name, operands, rest)


def plain_statement(line: str) -> Statement | None:
    """The statement of a line that is nothing but a name and operands, or one quoted string.

    None for a line that has to be taken apart with care.
    """
    match = SIMPLE.match(line)
    if match is None:
        match = QUOTED.match(line)
        if match is None:
            return None
        name, text = Text(match[1], *match.span(1)), Text(match[2], *match.span(2))
        return Statement((), name, (text,), text)
    name = Text(match[1], *match.span(1))
    text = match[2]
    if not text:
        return Statement((), name, (), Text("", name.end, name.end))
    if text[0] == "=" or "(" in text and any(p.count("(") != p.count(")") for p in text.split(",")):
        return None
    start, text = match.start(2), text.rstrip()
    rest = Text(text, start, start + len(text))
    if "," not in text:
        return Statement((), name, (rest,), rest)
    operands = []
    for piece in text.split(","):
        stripped = piece.strip()
        at = line.index(stripped, start) if stripped else start + len(piece)
        operands.append(Text(stripped, at, at + len(stripped)))
        start += len(piece) + 1
    return Statement((), name, tuple(operands), rest)


def string_bytes(text: Text) -> bytes:
    """The bytes of a quoted string with its escapes."""
    if len(text.text) < 2 or text.text[0] != '"' or text.text[-1] != '"':
        raise SyntaxProblem("a string in double quotes is needed", text.start, text.end)

    parts: list[bytes] = []
    at = 1
    body = text.text[:-1]
    while at < len(body):
        match = ESCAPE.match(body, at)
        if match is None:
            stop = body.find("\\", at)
            stop = len(body) if stop < 0 else stop
            if stop == at:
                raise SyntaxProblem("the string ends in a backslash", text.start, text.end)
            parts.append(body[at:stop].encode("utf-8", "surrogateescape"))
            at = stop
            continue
        code = match[1]
        if code[0] == "x":
            parts.append(bytes((int(code[1:], 16) & 0xFF,)))
        elif code[0] in "01234567":
            parts.append(bytes((int(code, 8) & 0xFF,)))
        else:
            parts.append(bytes((ESCAPES[code],)) if code in ESCAPES else code.encode())
        at = match.end()
    return b"".join(parts)

"""Macros: their parameters, the operands of their calls, and the text that comes out.

In: the line of a `.macro`, the statement that calls one. Out: lines with values for `\\name`. The
one idea: operands are texts; blanks beside operators go away, as the preprocessor of GNU as has it,
so what is left of them divides operands as commas do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from fleet.asm.source.expressions import ESCAPES, SyntaxProblem
from fleet.asm.source.state import Macro, Parameter
from fleet.asm.source.statements import Statement, Text

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|\'(?:\\.|[^\\])\'?|\s+|[^\s"\']', re.DOTALL)
PARAMETER = re.compile(
    r"[\s,]*(?P<name>[A-Za-z_.$][\w.$]*)(?:\s*:\s*(?P<kind>\w+))?"
    r"(?:\s*=\s*(?P<value>\"(?:[^\"\\]|\\.)*\"|[^\s,]*))?"
)
NAME = re.compile(r"\s*([A-Za-z_.$][\w.$]*)\s*,?")
REFERENCE = re.compile(r"\\(?:([A-Za-z_.$][\w.$]*)|@|\(\))")
KINDS = ("req", "vararg")


def scrubbed(text: str) -> list[str]:
    """Tokens without needless blanks, character constants as numbers."""
    tokens: list[str] = []
    blank = False
    for token in TOKEN.findall(text):
        if token.isspace():
            blank = bool(tokens)
            continue
        if token[0] == "'":
            body = token[1:]
            code = ESCAPES.get(body[1:2], ord(body[1])) if body[0] == "\\" else ord(body[0])
            token = str(code)
        if blank and _holds(tokens[-1][-1]) and _holds(token[0]):
            tokens.append(" ")
        blank = False
        tokens.append(token)
    return tokens


def _holds(letter: str) -> bool:
    """Whether a blank beside this letter divides."""
    return letter.isalnum() or letter in '_.$\\"@%'


def pieces_of(text: str) -> list[str]:
    """Operands: what commas and blanks outside of quotes and parentheses divide."""
    pieces = [""]
    depth = 0
    for token in scrubbed(text):
        if token in (",", " ") and depth == 0:
            pieces.append("")
            continue
        depth += (token == "(") - (token == ")")
        pieces[-1] += _unquoted(token)
    return pieces if len(pieces) > 1 or pieces[0] or text.strip() else []


def _unquoted(token: str) -> str:
    return token.strip('"').replace('\\"', '"') if token[0] == '"' else token


def parse_macro(rest: Text, lines: tuple[str, ...], line: int) -> Macro:
    """The macro that `.macro name a, b:req, c=5, d:vararg` and its lines define."""
    match = NAME.match(rest.text)
    if match is None:
        raise SyntaxProblem("a macro needs a name", rest.start, rest.end)
    name, at = match[1], match.end()
    parameters: list[Parameter] = []
    while rest.text[at:].strip(" \t,"):
        found = PARAMETER.match(rest.text, at)
        if found is None:
            start = rest.start + at
            raise SyntaxProblem("this is no parameter of a macro", start, rest.end)
        start = rest.start + found.start("name")
        kind, value = found["kind"] or "", found["value"]
        if kind and kind not in KINDS:
            message = f"a parameter cannot be {kind!r}"
            raise SyntaxProblem(message, start, rest.start + found.end(), "it can be req or vararg")
        if any(found["name"] == known.name for known in parameters):
            message = f"there are two parameters {found['name']}"
            raise SyntaxProblem(message, start, rest.start + found.end())
        if parameters and parameters[-1].kind == "vararg":
            message = "nothing can follow a parameter that takes all operands"
            raise SyntaxProblem(message, start, rest.end)
        default = _unquoted(value) if value else None
        parameters.append(Parameter(found["name"], kind, default))
        at = found.end()
    return Macro(name, tuple(parameters), lines, line)


def bind(macro: Macro, statement: Statement) -> dict[str, str]:
    """The value of each parameter in a call."""
    rest, name = statement.rest, statement.name
    assert name is not None
    parameters = macro.parameters
    named = {parameter.name for parameter in parameters}
    values: dict[str, str] = {}
    position = at = 0
    tokens = scrubbed(rest.text)
    while at <= len(tokens) and tokens:
        parameter = parameters[position] if position < len(parameters) else None
        end = _end_of_operand(tokens, at)
        operand = tokens[at:end]
        if "=" in operand and "".join(operand[: operand.index("=")]) in named:
            equals = operand.index("=")
            values["".join(operand[:equals])] = "".join(map(_unquoted, operand[equals + 1 :]))
        elif parameter is None:
            count = f"{len(parameters)} operand{'s'[: len(parameters) != 1]}"
            message = f"macro {macro.name} takes {count}, and here are more"
            raise SyntaxProblem(message, rest.start, rest.end)
        elif parameter.kind == "vararg":
            values[parameter.name] = "".join(tokens[at:])
            break
        else:
            if operand:
                values[parameter.name] = "".join(map(_unquoted, operand))
            position += 1
        at = end + 1
    for parameter in parameters:
        if parameter.kind == "req" and not values.get(parameter.name):
            message = f"macro {macro.name} needs a value for {parameter.name}"
            raise SyntaxProblem(message, name.start, max(rest.end, name.end))
        values.setdefault(parameter.name, parameter.default or "")
    return values


def _end_of_operand(tokens: list[str], start: int) -> int:
    """Where the comma or blank is that ends the operand, or the end of the tokens."""
    depth = 0
    for index in range(start, len(tokens)):
        token = tokens[index]
        if depth == 0 and token in (",", " "):
            return index
        depth += (token == "(") - (token == ")")
    return len(tokens)


def substitute(lines: Iterable[str], values: Mapping[str, str], count: str) -> list[str]:
    r"""The lines with values for `\name`, `count` for `\@` and nothing for `\()`."""

    def replace(match: re.Match[str]) -> str:
        if match[0] == "\\@":
            return count or match[0]
        if match[0] == "\\()":
            return ""
        return values.get(match[1], match[0])

    return [REFERENCE.sub(replace, line) for line in lines]

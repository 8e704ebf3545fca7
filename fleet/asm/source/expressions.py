"""Assembler expressions: text -> a tree of numbers, symbols and operators -> a number.

In: `end - start + 4*(1<<K)`, `1f`, `.`, `'a'`. Out: an int as soon as all is known, else a
`Symbol` or an operation on such, which `evaluate` reduces to "symbol plus number" when addresses
are known. Precedences are those of GNU as: `* / % << >>` bind tightest, then `| & ^ !`, then
`+ -`, then comparisons, then `&&`, then `||`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from fleet.diagnostics import Location


class SyntaxProblem(Exception):
    """What is wrong in a piece of a line, between two columns of that piece."""

    def __init__(self, message: str, start: int, end: int, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end
        self.hint = hint


class EndOfText(Exception):
    """`.end`: what follows is not assembled."""


class MacroExit(Exception):
    """`.exitm`: the rest of a macro is not assembled. state: where the macro is called."""

    def __init__(self, state: tuple[int, str, int]) -> None:
        super().__init__()
        self.state = state


class Common(NamedTuple):
    """Zeroed memory that all objects with a symbol share."""

    size: int
    align: int


class Place(NamedTuple):
    """Where something is written: a `Location` that costs little to make."""

    file: str
    line: int
    column: int
    end_column: int

    @property
    def location(self) -> Location:
        return Location(self.file, self.line, self.column, self.line, self.end_column)


class Container(Protocol):
    """What places lie in, as far as their addresses go.

    grown: by the number of variable parts before it, how far the layout moves a place.
    """

    grown: Sequence[int]


class Symbol:
    """A name for a place or a number.

    A place is `position` bytes into a section's fixed data plus whatever the first `growths`
    variable parts of that section (branches, padding) take in the end. A number or another
    expression is in `value`. Neither: undefined here, some other object may define it, or all
    share what `common` says.

    like:     the symbol that this is another name of, whose kind and binding it has.
    versioned: name and version that the symbol has in the object.
    made_local: whether `.local` says so; binding is "local" for all that nothing makes global.
    formula:  the text behind `==`, which is read anew at each use; "" for all other symbols.
    is_weak_reference: whether it only stands for an other symbol that may be missing.
    """

    __slots__ = (
        "binding", "common", "defined_at", "formula", "growths", "index", "is_weak_reference",
        "kind", "like", "made_local",
        "name", "position", "section", "size", "size_at", "used_at", "value",
        "variant_cc", "versioned", "visibility",
    )  # fmt: skip

    def __init__(self, name: str) -> None:
        self.name = name
        self.section: Container | None = None
        self.position = 0
        self.growths = 0
        self.value: Expression | None = None
        self.formula = ""
        self.binding = "local"
        self.kind = "notype"
        self.visibility = "default"
        self.variant_cc = False
        self.size: Expression = 0
        self.defined_at: Place | None = None
        self.used_at: Place | None = None
        self.index = 0
        self.size_at: Place | None = None
        self.common: Common | None = None
        self.like: Symbol | None = None
        self.versioned: tuple[str, str] | None = None
        self.is_weak_reference = False
        self.made_local = False

    @property
    def is_defined(self) -> bool:
        return self.section is not None or self.value is not None or self.common is not None

    @property
    def address(self) -> int:
        """Offset in its section, once the section's layout is known."""
        assert self.section is not None
        return self.position + self.section.grown[self.growths]


@dataclass(frozen=True)
class Operation:
    """An operator on one or two expressions that are not both numbers yet; `-` unary has left 0."""

    operator: str
    left: Expression
    right: Expression


Expression = int | Symbol | Operation


def _divide(left: int, right: int) -> int:
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


OPERATORS: dict[str, Callable[[int, int], int]] = {
    "*": lambda a, b: a * b,
    "/": _divide,
    "%": lambda a, b: a - b * _divide(a, b),
    "<<": lambda a, b: a << min(b, 4096),
    ">>": lambda a, b: (a & (1 << 64) - 1 if a < 0 else a) >> b,
    "|": lambda a, b: a | b,
    "&": lambda a, b: a & b,
    "^": lambda a, b: a ^ b,
    "!": lambda a, b: a | ~b,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "==": lambda a, b: -(a == b),
    "!=": lambda a, b: -(a != b),
    "<>": lambda a, b: -(a != b),
    "<": lambda a, b: -(a < b),
    "<=": lambda a, b: -(a <= b),
    ">": lambda a, b: -(a > b),
    ">=": lambda a, b: -(a >= b),
    "&&": lambda a, b: int(bool(a) and bool(b)),
    "||": lambda a, b: int(bool(a) or bool(b)),
}
PRECEDENCE = {
    **dict.fromkeys(("*", "/", "%", "<<", ">>"), 6),
    **dict.fromkeys(("|", "&", "^", "!"), 5),
    **dict.fromkeys(("+", "-"), 4),
    **dict.fromkeys(("==", "!=", "<>", "<", "<=", ">", ">="), 3),
    "&&": 2,
    "||": 1,
}

ESCAPES = {"n": 10, "t": 9, "r": 13, "b": 8, "f": 12, "v": 11, "\\": 92, "'": 39, '"': 34}

TOKEN = re.compile(
    r"""\s*(?:
      (?P<local>\d+[bf](?![0-9A-Za-z_]))
    | (?P<number>0[xX][0-9a-fA-F]+|0[bB][01]+|\d+)(?![0-9A-Za-z_.])
    | (?P<name>[A-Za-z_.$][\w.$]*)
    | (?P<quoted>"(?:[^"\\]|\\.)*")
    | '(?P<character>\\.|[^\\])'?
    | (?P<operator><<|>>|==|!=|<>|<=|>=|&&|\|\||[-+*/%|&^!<>~()])
    )""",
    re.VERBOSE,
)
SYMBOL_NAME = re.compile(r"[A-Za-z_.$][\w.$]*")
DIFFERENCE = re.compile(r"([A-Za-z_.$][\w.$]*)-([A-Za-z_.$][\w.$]*)")
DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,18})")
MOST_TOKENS = 500
DEEPEST = 50  # symbols whose values are other symbols
LONGEST_NUMBER = 400  # digits; Python refuses to convert very long ones


def number_of(text: str) -> int:
    """A literal as GNU as reads it: a leading 0 means octal."""
    if len(text) > LONGEST_NUMBER:
        raise ValueError("number too long")
    if len(text) > 1 and text[0] == "0" and text[1] in "01234567":
        return int(text, 8)
    return int(text, 0)


def fold(operator: str, left: Expression, right: Expression) -> Expression:
    """The value of an operation where it is known now, else the operation."""
    if isinstance(left, int) and isinstance(right, int):
        if operator in ("/", "%") and right == 0:
            raise SyntaxProblem("division by zero", 0, 0)
        if operator in ("<<", ">>") and right < 0:
            raise SyntaxProblem("shift by a negative number", 0, 0)
        return OPERATORS[operator](left, right)
    return Operation(operator, left, right)


class Parser:
    """Precedence climbing over one piece of text."""

    def __init__(self, text: str, symbol: Callable[[str], Expression]) -> None:
        self.text = text
        self.symbol = symbol
        self.tokens: list[tuple[str, str, int, int]] = []
        self.at = 0
        self.depth = 0
        place = 0
        end = len(text.rstrip())
        while place < end:
            match = TOKEN.match(text, place)
            if match is None or match.lastgroup is None:
                start = place + len(text[place:]) - len(text[place:].lstrip())
                raise SyntaxProblem(f"cannot read {text[start:]!r} here", start, end)
            kind = match.lastgroup
            self.tokens.append((kind, match[kind], match.start(kind), match.end()))
            place = match.end()
        if len(self.tokens) > MOST_TOKENS:
            raise SyntaxProblem("the expression is too long", 0, end)

    def parse(self) -> Expression:
        value = self.binary(1)
        if self.at < len(self.tokens):
            kind, text, start, end = self.tokens[self.at]
            raise SyntaxProblem(f"{text!r} does not belong here", start, end)
        return value

    def binary(self, lowest: int) -> Expression:
        value = self.unary()
        while self.at < len(self.tokens):
            kind, operator, start, end = self.tokens[self.at]
            level = PRECEDENCE.get(operator) if kind == "operator" else None
            if level is None or level < lowest:
                break
            self.at += 1
            right = self.binary(level + 1)
            try:
                value = fold(operator, value, right)
            except SyntaxProblem as problem:
                raise SyntaxProblem(problem.message, start, end) from None
        return value

    def unary(self) -> Expression:
        if self.at == len(self.tokens):
            raise SyntaxProblem("an expression is missing here", len(self.text), len(self.text))
        kind, text, start, end = self.tokens[self.at]
        self.at += 1
        match kind:
            case "number":
                try:
                    return number_of(text)
                except ValueError:
                    raise SyntaxProblem(f"{text[:40]!r} is no number", start, end) from None
            case "name" | "local":
                return self.symbol(text)
            case "quoted":
                return self.symbol(text[1:-1])
            case "character":
                return ESCAPES.get(text[1:], ord(text[-1])) if text[0] == "\\" else ord(text)
        self.depth += 1
        if self.depth > 200:
            raise SyntaxProblem("the expression is nested too deeply", start, end)
        if text == "(":
            value = self.binary(1)
            if self.at == len(self.tokens) or self.tokens[self.at][1] != ")":
                raise SyntaxProblem("this parenthesis is not closed", start, end)
            self.at += 1
        elif text in "-+~!":
            operand = self.unary()
            match text:
                case "-":
                    value = fold("-", 0, operand)
                case "+":
                    value = operand
                case "~":
                    value = fold("-", fold("-", 0, operand), 1)
                case _:
                    value = int(not operand) if isinstance(operand, int) else fold("==", operand, 0)
        else:
            raise SyntaxProblem(f"{text!r} does not belong here", start, end)
        self.depth -= 1
        return value


def parse_expression(text: str, symbol: Callable[[str], Expression]) -> Expression:
    """The expression that a text is; SyntaxProblem with columns of the text if it is none."""
    if SYMBOL_NAME.fullmatch(text):
        return symbol(text)
    if DECIMAL.fullmatch(text):
        return int(text)
    match = DIFFERENCE.fullmatch(text)
    if match is not None:
        return fold("-", symbol(match[1]), symbol(match[2]))
    return Parser(text, symbol).parse()


def evaluate(expression: Expression, seen: tuple[Symbol, ...] = ()) -> tuple[Symbol | None, int]:
    """The expression as symbol plus number, after layout.

    Differences of places in one section are numbers, symbols with values are replaced by these;
    `seen` are symbols whose values are being replaced.
    """
    try:
        return _evaluate(expression, seen)
    except RecursionError:
        raise SyntaxProblem("the expression is nested too deeply", 0, 0) from None


def difference(expression: Expression) -> tuple[Symbol, Symbol, int] | None:
    """The expression as symbol minus symbol plus number, None if it is no such difference."""
    plus: list[Symbol] = []
    minus: list[Symbol] = []
    number = 0
    waiting = [(expression, 1)]
    while waiting:
        part, sign = waiting.pop()
        if isinstance(part, Operation) and part.operator in "+-":
            waiting.append((part.left, sign))
            waiting.append((part.right, sign if part.operator == "+" else -sign))
            continue
        symbol, value = evaluate(part)
        number += sign * value
        if symbol is not None:
            (plus if sign > 0 else minus).append(symbol)
    return (plus[0], minus[0], number) if len(plus) == len(minus) == 1 else None


def _evaluate(expression: Expression, seen: tuple[Symbol, ...]) -> tuple[Symbol | None, int]:
    if isinstance(expression, int):
        return None, expression
    if isinstance(expression, Symbol):
        if expression.value is None:
            return expression, 0
        if expression in seen:
            raise SyntaxProblem(f"{expression.name} is defined by itself", 0, 0)
        if len(seen) > DEEPEST:
            raise SyntaxProblem(f"{expression.name} is nested too deeply", 0, 0)
        return _evaluate(expression.value, (*seen, expression))
    left, a = _evaluate(expression.left, seen)
    right, b = _evaluate(expression.right, seen)
    operator = expression.operator
    if left is not None and right is not None and left.section is right.section:
        if left is right and left.section is None:
            left_place = right_place = 0
        elif left.section is None:
            raise SyntaxProblem(f"{left.name} and {right.name} are not defined here", 0, 0)
        else:
            left_place, right_place = left.address, right.address
        if operator == "-" or PRECEDENCE[operator] == 3:
            return None, OPERATORS[operator](left_place + a, right_place + b)
    if left is None and right is None:
        folded = fold(operator, a, b)
        assert isinstance(folded, int)
        return None, folded
    if operator == "+" and (left is None or right is None):
        return left or right, a + b
    if operator == "-" and right is None:
        return left, a - b
    names = " and ".join(s.name for s in (left, right) if s is not None)
    raise SyntaxProblem(f"no number comes out of {operator!r} on {names}", 0, 0)

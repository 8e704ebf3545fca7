"""The two text forms of the front end, read back: token lists and dumps of trees.

In: the text of `print_tokens` or `tree.dump`. Out: the tokens, the tree. The one idea: a dump is
itself a nested call expression, so our own lexer reads it, and the table of nodes verifies it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from fleet.diagnostics import FleetError, Location
from fleet.recursion import recursion_room
from fleet.syntax import tree
from fleet.syntax.lexer import Token, print_tokens, tokenize, tokenize_nested
from fleet.syntax.parser import parse_token_list
from fleet.syntax.parser_base import Cursor
from fleet.syntax.parser_checks import check_placement
from fleet.syntax.parser_dump_quick import fits, read_quickly
from fleet.syntax.parser_scopes import check_scopes
from fleet.syntax.parser_strings import EscapeError, literal_value
from fleet.syntax.source import Source

_TOKEN_LINE = re.compile(r"(\d+),(\d+)-(\d+),(\d+):\s+([A-Z]+)\s+(['\"].*['\"]) *")
_KINDS = frozenset(
    ("NAME", "NUMBER", "STRING", "OP", "NEWLINE", "INDENT", "DEDENT", "ENDMARKER", "COMMENT", "NL")
)
_CONSTANTS = {
    "None": None, "True": True, "False": False, "Ellipsis": ...,
    "inf": float("inf"), "infj": complex(0.0, float("inf")),
}


def parse_tokens(text: str, file: str = "<tokens>") -> list[Token]:
    """The tokens that `print_tokens` printed. Raises FleetError at a line that is none of it; one
    that begins with `#` is about the list."""
    return [token for _, token in _numbered(text, file)]


def _numbered(listing: str, file: str) -> Iterator[tuple[int, Token]]:
    """The tokens, each with its line of the list."""
    for number, line in enumerate(listing.split("\n"), start=1):
        if not line.strip() or line[0] == "#":
            continue
        row = _TOKEN_LINE.fullmatch(line)
        try:
            if row is None or row[5] not in _KINDS:
                raise EscapeError("this is not a line of a token list")
            a, b, c, d, kind, text = row.groups()
            is_plain = "\\" not in text and text[0] == text[-1]
            spelled = text[1:-1] if is_plain else str(literal_value(text))
            token = Token(kind, spelled, int(a), int(b), int(c), int(d))
        except ValueError as problem:
            place = Location(file, number, 0, number, len(line))
            raise FleetError(str(problem), place, source=listing,
                             hint="write `1,0-1,5:   NAME   'hello'`") from None
        yield number, token


def parse_program_tokens(text: str, file: str, program: str) -> tree.AST:
    """The tree of a whole program whose tokens were listed. program: its path.

    Raises FleetError where the list is not that of the text in which each token stands where it
    says, or where that text is no program.
    """
    numbered = list(_numbered(text, file))
    tokens = [token for _, token in numbered]
    source = Source(_text_of(numbered, file), program)
    found = tokenize(source)
    for (number, token), read in zip(numbered, found, strict=False):
        if token != read:
            raise FleetError(
                f"what stands there is {_spelled(read)}", Location(file, number),
                hint="where a token is another, those behind it on its line stand elsewhere",
            )  # fmt: skip
    if len(tokens) != len(found):
        raise FleetError("the list ends before its ENDMARKER", Location(file, len(tokens)))
    return parse_token_list(tokens, source)


def _spelled(token: Token) -> str:
    return print_tokens([token]).strip().replace("\n", " ")


def _text_of(numbered: Iterable[tuple[int, Token]], file: str) -> str:
    """The text in which each token stands where it says."""
    parts: list[str] = []
    line, column = 1, 0
    for number, token in numbered:
        if token.kind == "ENDMARKER":
            break
        if (token.line, token.column) < (line, column):
            message = f"this token begins before the one before it ends, at {line},{column}"
            raise FleetError(message, Location(file, number))
        while line < token.line:
            parts.append("\\\n")
            line, column = line + 1, 0
        parts += [" " * (token.column - column), token.text]
        line, column = token.end_line, token.end_column
        if token.kind in ("NEWLINE", "NL"):
            line, column = line + 1, 0
    return "".join(parts)


def parse_dump(text: str, file: str = "<dump>") -> tree.AST:
    """The tree that `tree.dump` printed. Raises FleetError where the text is no such tree."""
    quick = read_quickly(text, _constant)
    if quick is not None:
        return quick
    source = Source(text, file)
    with recursion_room(tree.FRAMES):
        reader = _DumpReader(tokenize_nested(source, 2 * tree.MAX_DEPTH), source)
        node = reader.value("AST")
    if reader.kind != "ENDMARKER":
        reader.fail(f"expected the end of the tree, found {reader.found()}")
    return node


def parse_program_dump(text: str, file: str, source: str, program: str) -> tree.AST:
    """The tree of a whole program, which was dumped with positions, checked as the parser does.

    source: the program's text, empty where it cannot be had; program: its path. A node without a
    position has that of the node around it. Raises FleetError for a tree that is no program's.
    """
    module = parse_dump(text, file)
    if not isinstance(module, tree.CLASSES["Module"]):
        raise FleetError(f"the tree is a {type(module).__name__}, not a Module", Location(file, 1))
    origin = Source(source, program)
    with recursion_room(tree.FRAMES):
        _place(module, (1, 0, 1, 0), origin)
        check_placement(module)
        check_scopes(module)
    return module


def _place(node: tree.AST, around: tuple[int, int, int, int], source: Source) -> None:
    """Let a node and all below it know the text that they come from."""
    if isinstance(node, tree.Located):
        found = [getattr(node, name, None) for name in node._attributes]
        if None in found:
            for name, value in zip(node._attributes, around, strict=True):
                setattr(node, name, value)
        else:
            around = tuple(found)
        node.source = source
    for child in tree.iter_child_nodes(node):
        _place(child, around, source)


def _constant(text: str) -> Any:
    source = Source(text, "<dump>")
    return _DumpReader(tokenize_nested(source, 0), source).constant()


class _DumpReader(Cursor):
    """Reads values, each of the type that the table of nodes gives for its field."""

    def value(self, wanted: str) -> Any:
        """A value of a type of the table (see `tree`), or of any node for "AST"."""
        start = self.tokens[self.index]
        if wanted.endswith("*"):
            self.expect("[", f"expected a list, found {self.found()}")
            return self.separated(lambda: self.value(wanted[:-1]), "]")
        is_node = self.kind == "NAME" and self.peek() == "("
        value = self.tree_node() if is_node else self.constant()
        if not fits(value, wanted):
            found = type(value).__name__ if isinstance(value, tree.AST) else repr(value)
            self.fail(f"expected a value of type {wanted}, found {found}", None, start)
        return value

    def tree_node(self) -> tree.AST:
        start = self.tokens[self.index]
        name = self.advance()
        cls = tree.CLASSES.get(name)
        if cls is None or "_types" not in vars(cls):
            self.fail(f"no node is called '{name}'", None, start)
        self.advance()
        fields: dict[str, Any] = {}

        def read_field() -> None:
            field = self.name("expected the name of a field")
            wanted = "int" if field in cls._attributes else cls._types.get(field)
            if wanted is None or field in fields:
                self.fail(f"{name} has no field '{field}', or has it already", None,
                          self.tokens[self.index - 1])
            self.expect("=", f"expected '=', found {self.found()}")
            fields[field] = self.value(wanted)

        self.separated(read_field, ")")
        for field, wanted in cls._types.items():
            if field not in fields and not wanted.endswith(("?", "*")):
                self.fail(f"{name} needs the field '{field}'", None, start)
        return cls(**fields)

    def constant(self) -> Any:
        start = self.tokens[self.index]
        if self.text in _CONSTANTS:
            return _CONSTANTS[self.advance()]
        if self.kind == "STRING":
            try:
                return literal_value(self.advance())
            except EscapeError as problem:
                self.fail(str(problem), None, start)
        if self.text == "-" and self.tokens[self.index + 1].kind == "NUMBER":
            self.advance()
            return -self.number_value()
        if self.kind == "NUMBER":
            return self.number_value()
        self.fail(f"expected a node or a constant, found {self.found()}")


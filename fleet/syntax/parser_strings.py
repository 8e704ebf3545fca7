"""String literals: their tokens to constants and, for f-strings, to the expressions within.

In: the tokens of adjacent string literals. Out: one Constant or JoinedStr. The one idea: an
f-string's replacement field is lexed and parsed in place, within virtual parentheses, so that its
nodes stand where they stand in the file. As in CPython 3.11, the pieces around the fields have the
place of the whole literal. (Python Language Reference 2.4.1 to 2.4.3.)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import NoReturn

from fleet.syntax import tree
from fleet.syntax.lexer import MAX_BRACKETS, Token, tokenize_field

FieldParser = Callable[[list[Token]], tree.AST]

_ESCAPE = re.compile(
    r"\\(\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|[\s\S]|\Z)"
)
_BYTES_ESCAPE = re.compile(r"\\(\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|[\s\S])")
_ESCAPED = {
    "\n": "", "\\": "\\", "'": "'", '"': '"', "a": "\a", "b": "\b", "f": "\f", "n": "\n",
    "r": "\r", "t": "\t", "v": "\v", "": "\\",
}
_BRACE = re.compile(r"[{}]")
_BRACE_OR_BACKSLASH = re.compile(r"[{}\\]")
_OPENING = {")": "(", "]": "[", "}": "{"}
_SPACE = " \t\n\r\f"
_ADVICE = "double the backslash, or use a raw string such as r'...'"


class EscapeError(ValueError):
    """What is wrong with a literal, and what to do about it."""

    def __init__(self, message: str, hint: str = _ADVICE) -> None:
        super().__init__(message)
        self.hint = hint


def split_literal(text: str) -> tuple[str, str, str]:
    """The lower-case prefix, the opening quote and the body of a string token."""
    start = min(at for at in (text.find("'"), text.find('"')) if at >= 0)
    size = 3 if text[start : start + 3] in ("'''", '"""') else 1
    quote = text[start : start + size]
    return text[:start].lower(), quote, text[start + size : -size]


def literal_value(text: str) -> str | bytes:
    """The value of a string or bytes token that is no f-string. Raises EscapeError."""
    prefix, _, body = split_literal(text)
    if "b" in prefix:
        if not body.isascii():
            raise EscapeError("a bytes literal holds ASCII characters only",
                              "write the others as \\x and two digits, or encode a string")
        body = _unix_lines(body)
        if "r" not in prefix:
            body = _BYTES_ESCAPE.sub(_unescape_bytes, body)
        return body.encode("latin-1")
    return decode_text(body, "r" in prefix)


def decode_text(body: str, raw: bool) -> str:
    """What the characters between the quotes stand for. Raises EscapeError."""
    body = _unix_lines(body)
    return body if raw or "\\" not in body else _ESCAPE.sub(_unescape, body)


def _unix_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _unescape(found: re.Match[str]) -> str:
    escape = found[1]
    if escape in _ESCAPED:
        return _ESCAPED[escape]
    if escape[0] in "01234567":
        return chr(int(escape, 8))
    if escape[0] in "xuUN" and len(escape) == 1:
        raise EscapeError(f"'\\{escape}' is not followed by {_WANTED[escape]}")
    if escape[0] == "N":
        try:
            named = unicodedata.lookup(escape[2:-1])
        except KeyError:
            named = ""
        if len(named) != 1:
            raise EscapeError(f"no character is called {escape[2:-1]!r}")
        return named
    if len(escape) > 1:
        code = int(escape[1:], 16)
        if code > 0x10FFFF:
            raise EscapeError(f"'\\{escape}' is beyond the last character, \\U0010ffff")
        return chr(code)
    return found[0]


def _unescape_bytes(found: re.Match[str]) -> str:
    escape = found[1]
    if escape in _ESCAPED:
        return _ESCAPED[escape]
    if escape[0] in "01234567":
        return chr(int(escape, 8) & 0xFF)
    if escape[0] == "x":
        if len(escape) == 1:
            raise EscapeError("'\\x' is not followed by two hexadecimal digits")
        return chr(int(escape[1:], 16))
    return found[0]


_WANTED = {
    "x": "two hexadecimal digits",
    "u": "four hexadecimal digits",
    "U": "eight hexadecimal digits",
    "N": "the name of a character in braces",
}


def parse_strings(tokens: list[Token], place: tree.AST, parse_field: FieldParser) -> tree.AST:
    """One node for adjacent literals.

    place: a node with the place of them all. parse_field: the parser for a field's tokens.
    Raises FleetError.
    """
    kind = "u" if tokens[0].text[0] == "u" else None
    prefixes = [split_literal(token.text)[0] for token in tokens]
    in_bytes = ["b" in prefix for prefix in prefixes]
    if any(in_bytes) != all(in_bytes):
        odd = tokens[in_bytes.index(not in_bytes[0])]
        raise place.source.error("bytes and text cannot be one literal", odd[2:4], odd[4:6],
                                 "join them with '+' after decoding the bytes")
    pieces: list[str | bytes | tree.AST] = []
    for token, prefix in zip(tokens, prefixes, strict=True):
        if "f" in prefix:
            pieces += _FString(token, place, parse_field, kind).pieces(0)
            continue
        try:
            pieces.append(literal_value(token.text))
        except EscapeError as problem:
            raise place.source.error(str(problem), token[2:4], token[4:6],
                                     problem.hint) from None
    if any("f" in prefix for prefix in prefixes):
        return _joined(pieces, place, place, kind)
    value = (b"" if all(in_bytes) else "").join(pieces)
    return _at(tree.Constant(value, None if all(in_bytes) else kind), place)


def _joined(pieces: list, place: tree.AST, end: tree.AST, kind: str | None) -> tree.AST:
    """The pieces as a JoinedStr: text between two fields is one Constant, or none.

    The JoinedStr and the text that ends it have the place of `end`, as in CPython 3.11.
    """
    values: list[tree.AST] = []
    texts: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            texts.append(piece)
            continue
        if any(texts):
            values.append(_at(tree.Constant("".join(texts), kind), place))
        values.append(piece)
        texts = []
    if any(texts):
        values.append(_at(tree.Constant("".join(texts), kind), end))
    return _at(tree.JoinedStr(values), end)


def _at(node: tree.AST, place: tree.AST) -> tree.AST:
    node.lineno, node.col_offset = place.lineno, place.col_offset
    node.end_lineno, node.end_col_offset = place.end_lineno, place.end_col_offset
    node.source = place.source
    return node


class _FString:
    """One f-string token. `position` and `end` are offsets in the whole text."""

    def __init__(
        self, token: Token, place: tree.AST, parse_field: FieldParser, kind: str | None
    ) -> None:
        self.place, self.parse_field, self.kind = place, parse_field, kind
        self.source = source = place.source
        self.text = source.text
        self.own_place = tree.JoinedStr([])
        self.own_place.source = source
        self.own_place.lineno, self.own_place.end_lineno = token.line, token.end_line
        self.own_place.col_offset = source.byte_column(token.line, token.column)
        self.own_place.end_col_offset = source.byte_column(token.end_line, token.end_column)
        prefix, quote, _ = split_literal(token.text)
        self.raw = "r" in prefix
        start = self.source.offset(token.line, token.column)
        self.position = start + len(prefix) + len(quote)
        self.end = start + len(token.text) - len(quote)

    def pieces(self, level: int) -> list[str | tree.AST]:
        """Literal text and FormattedValue nodes, up to the end of the string or of the spec.

        level: 0 for the string itself, 1 for a format specification, 2 for one within one.
        """
        found: list[str | tree.AST] = []
        while True:
            found += self.literal(level)
            if self.position >= self.end or self.text[self.position] == "}":
                return found
            found += self.field(level)

    def literal(self, level: int) -> list[str]:
        """Text up to a single brace; doubled braces, outside of a specification, are text."""
        text, stops = self.text, _BRACE if self.raw else _BRACE_OR_BACKSLASH
        parts: list[str] = []
        start = at = self.position
        while True:
            stop = stops.search(text, at, self.end)
            if stop is None:
                at = self.end
                break
            at = stop.start()
            brace = text[at]
            if brace == "\\":
                at += 1
                if text.startswith("N{", at):
                    close = text.find("}", at, self.end)
                    at = self.end if close < 0 else close + 1
                elif at < self.end and text[at] not in "{}":
                    at += 1
                continue
            if level > 0:
                break
            if text.startswith(brace, at + 1, self.end):
                parts.append(self.decoded(start, at + 1))
                start = at = at + 2
                continue
            if brace == "}":
                self.fail("a single '}' in an f-string closes nothing", at,
                          "write '}}' for the character")
            break
        parts.append(self.decoded(start, at))
        self.position = at
        return parts

    def decoded(self, start: int, end: int) -> str:
        try:
            return decode_text(self.text[start:end], self.raw)
        except EscapeError as problem:
            self.fail(str(problem), start, problem.hint, end)

    def field(self, level: int) -> list[str | tree.AST]:
        """A replacement field, `{expression=!r:spec}`, from its opening brace on."""
        if level >= 2:
            self.fail("fields in a format specification cannot have one with fields in turn",
                      self.position, "compute the inner specification beforehand")
        opening, start = self.position, self.position + 1
        stop = self.expression_end(opening)
        if not self.text[start:stop].strip(_SPACE):
            self.fail("the braces of an f-string need an expression", opening,
                      "write '{{' for the character")
        value = self.parse_field(tokenize_field(self.source, start, stop))
        shown, conversion, spec = [], -1, None
        if self.text[stop] == "=":
            stop += 1
            while stop < self.end and self.text[stop] in _SPACE + "\v":
                stop += 1
            shown = [_unix_lines(self.text[start:stop])]
        if stop < self.end and self.text[stop] == "!":
            letter = self.text[stop + 1 : min(stop + 2, self.end)]
            if letter not in ("s", "r", "a"):
                self.fail("the conversion after '!' is not one that Python knows", stop,
                          "it is !r (repr), !s (str) or !a (ascii)")
            conversion = ord(letter)
            stop += 2
        if stop < self.end and self.text[stop] == ":":
            self.position = stop + 1
            if self.position < self.end:
                spec = _joined(self.pieces(level + 1), self.place, self.own_place, self.kind)
            stop = self.position
        if stop >= self.end or self.text[stop] != "}":
            self.fail("expected '}' at the end of an f-string's field", min(stop, self.end - 1),
                      "write '{{' where the character is meant")
        if shown and conversion < 0 and spec is None:
            conversion = ord("r")
        self.position = stop + 1
        return [*shown, _at(tree.FormattedValue(value, conversion, spec), self.place)]

    def expression_end(self, opening: int) -> int:
        """Where the expression after a brace ends: at a '!', ':', '=' or '}' outside brackets."""
        text, end, at = self.text, self.end, opening + 1
        brackets: list[str] = []
        while at < end:
            c = text[at]
            if c == "\\":
                self.fail("the expression in an f-string cannot contain a backslash", at,
                          "compute it before the string")
            if c == "#":
                self.fail("the expression in an f-string cannot contain '#'", at,
                          "comment outside of the string")
            if c in "'\"":
                quote = c * 3 if text.startswith(c * 3, at, end) else c
                close = text.find(quote, at + len(quote), end)
                if close < 0:
                    self.fail("a string within an f-string is not closed", at,
                              "use the other kind of quote inside")
                if "\\" in text[at:close]:
                    self.fail("the expression in an f-string cannot contain a backslash",
                              text.index("\\", at), "compute it before the string")
                at = close + len(quote)
                continue
            if c in "([{":
                if len(brackets) >= MAX_BRACKETS:
                    self.fail("brackets are nested too deeply", at,
                              "give inner expressions names of their own")
                brackets.append(c)
            elif not brackets and c in "!:}=<>":
                if c in "!=<>" and text.startswith("=", at + 1, end):
                    at += 2
                    continue
                if c not in "<>":
                    return at
            elif c in _OPENING and (not brackets or brackets.pop() != _OPENING[c]):
                self.fail(f"'{c}' closes nothing in the field of this f-string", at,
                          "remove it")
            at += 1
        self.fail("a field of this f-string is never closed", opening,
                  "close it with '}', or write '{{' for the character")

    def fail(self, message: str, start: int, hint: str, end: int | None = None) -> NoReturn:
        place = self.source.position(start), self.source.position(end or start + 1)
        raise self.source.error(message, *place, hint)

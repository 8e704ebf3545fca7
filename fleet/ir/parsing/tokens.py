"""Tokens of MLIR text, read one at a time on demand, and errors that point at them.

In: text. Out: a cursor with one token of lookahead. The one idea: reading is lazy, because the
shape in `tensor<0x4xf32>` is not made of the tokens that its characters would be elsewhere.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from typing import NamedTuple

from fleet.diagnostics import FleetError, Location

_SKIPPED = r"[ \t\r\n\0]*(?://[^\n]*[ \t\r\n\0]*)*"
_TOKEN = re.compile(
    _SKIPPED
    + r"""(?:
      (?P<value>%(?:\d+|[A-Za-z$._-][\w$.-]*)(?:\#\d+)?)
    | (?P<mark>->|::|\{-\#|\#-\}|[()\[\]{}<>,:=?*+/|-])
    | (?P<word>[A-Za-z_][\w$.]*)
    | (?P<number>0x[0-9a-fA-F]+|\d+\.\d*(?:[eE][+-]?\d+)?|\d+)
    | (?P<string>"(?:[^"\\\n]|\\.)*")
    | (?P<symbol>@(?:[A-Za-z_][\w$.]*|"(?:[^"\\\n]|\\.)*"))
    | (?P<block>\^(?:\d+|[A-Za-z$._-][\w$.-]*))
    | (?P<hash>\#[A-Za-z_][\w$.]*)
    | (?P<bang>![A-Za-z_][\w$.]*)
    | (?P<end>\Z)
    )""",
    re.VERBOSE | re.ASCII,
)
_KINDS = ["", *_TOKEN.groupindex]
"""Kinds by the number of their group."""
_match = _TOKEN.match
_BLANK = re.compile(_SKIPPED)
_SIGILS = {"%": "value", "^": "block", "@": "symbol", "#": "hash", "!": "bang", '"': "string"}
_ESCAPE = re.compile(rb'\\(?:([nt"\\])|([0-9A-Fa-f]{2}))')
_PLAIN = {b"n": b"\n", b"t": b"\t", b'"': b'"', b"\\": b"\\"}


class Token(NamedTuple):
    """kind: value, block, symbol, hash, bang, string, number, word, mark or end."""

    kind: str
    text: str
    start: int
    end: int


@lru_cache(maxsize=2)
def _line_starts(text: str) -> list[int]:
    """Where the lines begin. All parts of a split text are looked up in the whole one's."""
    return [0, *(found.end() for found in re.finditer("\n", text))]


_new_token = tuple.__new__
"""Makes a Token in half the time that its class takes."""


class Tokens:
    """A cursor over text, or over a span of it. `token` is the next token, not yet taken."""

    def __init__(
        self, text: str, file: str = "<text>", span: tuple[int, int] | None = None
    ) -> None:
        self.text = text
        self.file = file
        start, self.end = span or (0, len(text))
        self._lines = _line_starts(text)
        self.token = self._read(start)

    def _read(self, position: int) -> Token:
        found = _match(self.text, position, self.end)
        if found is None:
            start = _BLANK.match(self.text, position, self.end).end()
            raise self.error(f"cannot read {self.text[start : start + 1]!r}", start)
        number = found.lastindex
        text, end = found[number], found.end()
        return _new_token(Token, (_KINDS[number], text, end - len(text), end))

    def has_read_to(self, position: int) -> bool:
        """Whether what was taken last ends here."""
        return _BLANK.match(self.text, position, self.end).end() == self.token[2]

    def go(self, position: int) -> None:
        """Read on from another place in the text."""
        self.token = self._read(position)

    # -- errors

    def here(self) -> int:
        """The position of the next token."""
        return self.token.start

    def location(self, position: int) -> Location:
        line = bisect_right(self._lines, position)
        return Location(self.file, line, position - self._lines[line - 1])

    def error(self, message: str, place: int | None = None, hint: str | None = None) -> FleetError:
        """An error at a position (the next token's by default), to be raised."""
        if place is None:
            place = self.token.start
        return FleetError(message, self.location(place), hint=hint, source=self.text)

    # -- taking tokens

    def take(self) -> Token:
        """The next token; the cursor moves past it."""
        token = self.token
        self.token = self._read(token[3])
        return token

    def peek(self, text: str) -> bool:
        """Whether the next token is this word or mark, or begins with this sigil (`%`, `@` …)."""
        kind, found, _, _ = self.token
        if found == text:
            return kind == "mark" or kind == "word"
        return _SIGILS.get(text) == kind

    def accept(self, text: str) -> bool:
        """Take the next token if it is this word or mark."""
        kind, found, _, end = self.token
        if found != text or (kind != "mark" and kind != "word"):
            return False
        self.token = self._read(end)
        return True

    def expect(self, text: str) -> None:
        """Take this word or mark. Raises FleetError when something else stands there."""
        kind, found, _, end = self.token
        if found != text or (kind != "mark" and kind != "word"):
            raise self.error(f"expected {text!r}, found {self.found()}")
        self.token = self._read(end)

    def of_kind(self, kind: str, what: str) -> Token:
        """Take a token of this kind."""
        token = self.token
        if token[0] != kind:
            raise self.error(f"expected {what}, found {self.found()}")
        self.token = self._read(token[3])
        return token

    def spelled(self, pattern: re.Pattern[str]) -> str | None:
        """The text from the next token on that a pattern matches, or None."""
        found = pattern.match(self.text, self.token[2], self.end)
        return None if found is None else found[0]

    def found(self) -> str:
        """The next token, as error messages name it."""
        return "the end of the text" if self.token.kind == "end" else repr(self.token.text)

    def keyword(self) -> str:
        """A bare word."""
        return self.of_kind("word", "a word").text

    def integer(self) -> int:
        """An integer, perhaps negative."""
        negative = self.accept("-")
        token = self.of_kind("number", "an integer")
        if "." in token.text:
            raise self.error(f"expected an integer, found {token.text!r}", token.start)
        if len(token.text) > 100:
            raise self.error("this integer is too long", token.start)
        value = int(token.text, 0) if token.text.startswith("0x") else int(token.text)
        return -value if negative else value

    def string(self) -> str:
        """A string literal's content."""
        return self.unescape(self.of_kind("string", "a string"))

    def unescape(self, token: Token) -> str:
        """The content of a quoted token: escapes are bytes of UTF-8."""
        content = token.text[token.text.index('"') + 1 : -1]
        if "\\" not in content:
            return content
        raw = content.encode("utf-8", "surrogatepass")

        def plain(found: re.Match[bytes]) -> bytes:
            return _PLAIN[found[1]] if found[1] else bytes.fromhex(found[2].decode())

        if re.search(rb"\\", _ESCAPE.sub(b"", raw)):
            raise self.error("unknown escape in a string", token.start)
        try:
            return _ESCAPE.sub(plain, raw).decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            raise self.error("the string is not UTF-8", token.start) from None

    def symbol_name(self) -> str:
        """`@name` or `@"name"`, without the sigil."""
        token = self.of_kind("symbol", "a symbol such as @main")
        return self.unescape(token) if '"' in token.text else token.text[1:]

    def balanced(self) -> str:
        """The raw text of `<…>` with everything nested in it; the next token is `<`."""
        start = self.here()
        depth = 0
        while True:
            if self.token.kind == "end":
                raise self.error("this < is never closed", start)
            token = self.take()
            depth += {"<": 1, ">": -1}.get(token.text, 0)
            if depth == 0:
                return self.text[start : token.end]

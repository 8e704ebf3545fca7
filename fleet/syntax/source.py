"""A program's text: read from bytes, cut into lines, and able to say where something is.

In: the bytes of a file, or a string. Out: a `Source`, shared by every token error and tree node.
The one idea: the tree counts columns in UTF-8 bytes, as CPython's does, people count characters,
and this is the one place that knows both. (Encoding declarations: Python Language Reference 2.1.4.)
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from pathlib import Path

from fleet.diagnostics import FleetError, Location
from fleet.files import read_bytes

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_WIDE = re.compile(r"[^\x00-\x7f]")
_COOKIE = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"[ \t\f]*(?:#.*)?$")


class Source:
    """The text of one file."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.is_ascii = text.isascii()
        self._wide: dict[int, tuple[list[int], list[int], list[int]]] = {}

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends; only \\n, \\r\\n and \\r end a line of Python."""
        return _LINE_BREAK.split(self.text)

    @cached_property
    def line_starts(self) -> list[int]:
        """The offset of each line in the text."""
        return [0, *(found.end() for found in _LINE_BREAK.finditer(self.text))]

    def offset(self, line: int, column: int) -> int:
        return self.line_starts[line - 1] + column

    def position(self, offset: int) -> tuple[int, int]:
        """The line and character column of an offset."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1]

    def _wide_characters(self, line: int) -> tuple[list[int], list[int], list[int]]:
        """Of a line's characters of several bytes: columns, UTF-8 columns, bytes beyond the first.

        The last list says how many such bytes there are up to the character, this one included.
        """
        found = self._wide.get(line)
        if found is None:
            columns, byte_columns, beyond = [], [], []
            total = 0
            for character in _WIDE.finditer(self.lines[line - 1]):
                columns.append(character.start())
                byte_columns.append(character.start() + total)
                total += len(character[0].encode("utf-8", "surrogatepass")) - 1
                beyond.append(total)
            found = self._wide[line] = columns, byte_columns, beyond
        return found

    def byte_column(self, line: int, column: int) -> int:
        """The UTF-8 column of a character column."""
        if self.is_ascii or column == 0:
            return column
        columns, _, beyond = self._wide_characters(line)
        before = bisect_left(columns, column)
        return column + beyond[before - 1] if before else column

    def character_column(self, line: int, column: int) -> int:
        """The character column of a UTF-8 column."""
        if self.is_ascii or column == 0:
            return column
        _, byte_columns, beyond = self._wide_characters(line)
        before = bisect_left(byte_columns, column)
        return column - beyond[before - 1] if before else column

    def location(self, line: int, column: int, end_line: int, end_column: int) -> Location:
        """The place of a tree node, whose columns are UTF-8 bytes."""
        return Location(
            self.file,
            line,
            self.character_column(line, column),
            end_line,
            self.character_column(end_line, end_column),
        )

    def error(
        self, message: str, start: tuple[int, int], end: tuple[int, int], hint: str | None = None
    ) -> FleetError:
        """A rejection of the text between two (line, character column) pairs."""
        location = Location(self.file, *start, *end)
        return FleetError(message, location, hint=hint, source=self.text)


def read_source(path: str | Path) -> str:
    """The text of a program. Raises FleetError when it cannot be read or decoded."""
    return decode_source(read_bytes(path), str(path))[0]


def decode_source(data: bytes, file: str) -> tuple[str, str]:
    """The text of a program's bytes, and the name of its encoding as `tokenize` spells it.

    Raises FleetError for an unknown encoding, or bytes that are none of it.
    """
    bom = data.startswith(codecs.BOM_UTF8)
    if bom:
        data = data[len(codecs.BOM_UTF8) :]
    encoding, line = _declared_encoding(data)
    declared, encoding = encoding, "utf-8" if encoding is None else _canonical(encoding)
    wrong = None
    if bom and encoding != "utf-8":
        wrong = f"the file starts with a UTF-8 mark but declares {encoding!r}"
    elif declared is not None:
        wrong = _unsuitable(encoding)
    if wrong is not None:
        shown = data.decode("utf-8", "replace")
        start = _LINE_BREAK.split(shown)[line - 1].find(declared)
        place = Location(file, line, start, line, start + len(declared))
        raise FleetError(wrong, place, hint="declare utf-8, or nothing at all", source=shown)
    try:
        return data.decode(encoding), "utf-8-sig" if bom else encoding
    except Exception as problem:  # UnicodeDecodeError, but a codec may be anyone's
        raise _undecodable(data, encoding, file, problem) from None


def _unsuitable(encoding: str) -> str | None:
    """Why no program can be in an encoding, or None: a program is text whose declaration, which is
    ASCII, is itself when it is decoded."""
    try:
        if not getattr(codecs.lookup(encoding), "_is_text_encoding", True):
            return f"{encoding!r} is no encoding of text"
        if b"# coding: x\n".decode(encoding) != "# coding: x\n":
            return f"a program cannot be in {encoding!r}, in which ASCII characters are others"
    except LookupError:
        return f"unknown encoding {encoding!r}"
    except Exception as problem:  # a codec may be anyone's
        return f"a program cannot be in {encoding!r}: {problem}"
    return None


def _undecodable(data: bytes, encoding: str, file: str, problem: Exception) -> FleetError:
    start = getattr(problem, "start", 0)
    before = _LINE_BREAK.split(_shown(data[:start], encoding))
    column = len(before[-1])
    return FleetError(
        f"these bytes are not {encoding} text: {getattr(problem, 'reason', problem)}",
        Location(file, len(before), column, len(before), column + 1),
        hint="save the file as UTF-8",
        source=_shown(data, encoding),
    )


def _shown(data: bytes, encoding: str) -> str:
    """What can be shown of bytes that are not all of their encoding."""
    try:
        return data.decode(encoding, "replace")
    except Exception:  # not every codec can replace
        return data.decode("latin-1")


def _declared_encoding(data: bytes) -> tuple[str | None, int]:
    """The encoding that a comment on the first two lines names, and the comment's line."""
    for number, line in enumerate(re.split(rb"\r\n|\r|\n", data, maxsplit=2)[:2], start=1):
        cookie = _COOKIE.match(line)
        if cookie:
            return cookie[1].decode("latin-1"), number
        if not _BLANK.match(line):
            break
    return None, 1


def _canonical(encoding: str) -> str:
    """utf-8 and latin-1 go by many names; these are the ones that tools print."""
    name = encoding[:12].lower().replace("_", "-")
    if name == "utf-8" or name.startswith("utf-8-"):
        return "utf-8"
    latin = ("latin-1", "iso-8859-1", "iso-latin-1")
    if name in latin or name.startswith(tuple(one + "-" for one in latin)):
        return "iso-8859-1"
    return encoding

"""Source text to tokens: the lexical structure of Python 3.11, indentation and comments included.

In: a program's text. Out: a list of `Token`, the same kinds, texts and positions that CPython
3.11's `tokenize` gives, or a FleetError. The one idea: one compiled regular expression, tried once
per token, does the work; what a regular expression cannot know (indentation, open brackets) is two
stacks beside it. (Python Language Reference, chapter 2.)
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple, NoReturn

from fleet.syntax.source import Source

MAX_BRACKETS = 200
MAX_INDENTS = 100


class Token(NamedTuple):
    """One token. Lines count from 1, columns from 0 in characters; the end is exclusive."""

    kind: str
    text: str
    line: int
    column: int
    end_line: int
    end_column: int


KEYWORDS = frozenset((
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class",
    "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global",
    "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return",
    "try", "while", "with", "yield",
))

_DIGITS = r"[0-9](?:_?[0-9])*"
_NUMBER = (
    r"0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+"
    rf"|(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][-+]?{_DIGITS})?[jJ]?"
)
_OPERATOR = (
    r"[()\[\]{},;~]|[-+*/%&|^@=<>:](?![-+*/%&|^@=<>])|\*\*=?|//=?|>>=?|<<=?|!=|->|:=|\.\.\."
    r"|[-+*/%&|^@=<>]=|[-+*/%&|^@=<>:]|\.(?![0-9])"
)
_FIRST, _CHARACTER = r"[^\x00-@\[-\^`{-\x7f]", r"[^\x00-/:-@\[-\^`{-\x7f]"
"""Of a name, all beyond ASCII included. Said by what is not: `re` takes long to compile sets of a
million characters."""
_PREFIX = r"(?:[bB][rR]?|[rR][bBfF]?|[fF][rR]?|[uU])"
_TOKEN = re.compile(
    r"[ \t\f]*(?:"
    rf"(?P<NAME>(?!{_PREFIX}['\"]){_FIRST}{_CHARACTER}*)"
    rf"|(?P<OP>{_OPERATOR})"
    rf"|(?P<NUMBER>[1-9][0-9]*(?![0-9A-Za-z_.])|{_NUMBER})"
    r"|(?P<NEWLINE>\r\n|\r|\n)"
    rf"|(?P<STRING>{_PREFIX}?(?:'(?!'')[^'\\\r\n]*'|\"(?!\"\")[^\"\\\r\n]*\"))"
    rf"|(?P<QUOTE>{_PREFIX}?(?:'''|\"\"\"|'|\"))"
    r"|(?P<COMMENT>\#[^\r\n]*)"
    r"|(?P<JOIN>\\(?:\r\n|\r|\n))"
    r"|(?P<END>\Z)"
    r"|(?P<BAD>[\s\S]))"
)
"""The frequent kinds come first, in forms that fail at a first character: that is half the time."""
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_REST_OF_STRING = {
    quote: re.compile(rf"[^{quote}\\\r\n]*(?:\\(?:\r\n|[\s\S])[^{quote}\\\r\n]*)*{quote}")
    for quote in "'\""
} | {
    quote * 3: re.compile(
        rf"[^{quote}\\]*(?:(?:\\[\s\S]|{quote}(?!{quote}{quote}))[^{quote}\\]*)*{quote * 3}"
    )
    for quote in "'\""
}
_NAME_CHARACTER = re.compile(_CHARACTER)
_KEYWORD_AFTER_NUMBER = re.compile(r"and|else|for|i[fns]|not|or")
_LEADING_ZERO = re.compile(r"0[0_]*[1-9][0-9_]*\Z")
_INDENT = re.compile(r"[ \t\f]*")
_CLOSES = {")": "(", "]": "[", "}": "{"}
_PLAIN = frozenset(("NAME", "OP", "NUMBER", "STRING", "COMMENT"))
"""Kinds of tokens that the regular expression finds whole."""
_make = functools.partial(tuple.__new__, Token)


def tokenize(source: str | Source, file: str = "<string>") -> list[Token]:
    """The tokens of a program, comments and blank lines (NL) included, ENDMARKER last.

    Raises FleetError at the first text that is no Python token.
    """
    if isinstance(source, str):
        source = Source(source, file)
    return _Lexer(source).module()


def tokenize_field(source: Source, start: int, end: int) -> list[Token]:
    """The tokens of `source.text[start:end]`, the expression in an f-string's braces.

    They come in parentheses, which stand where the brace opens and where the expression ends.
    """
    lexer = _Lexer(source, max_brackets=MAX_BRACKETS - 1)
    lexer.line, column = source.position(start)
    lexer.line_start = start - column
    opening = Token("OP", "(", lexer.line, column - 1, lexer.line, column)
    inner = lexer.bracketed(start, end)
    line, column = source.position(end)
    closing = Token("OP", ")", line, column, line, column + 1)
    return [opening, *inner, closing, Token("ENDMARKER", "", line, column, line, column)]


def tokenize_nested(source: Source, max_brackets: int) -> list[Token]:
    """The tokens of a text that is one expression, in which line ends mean nothing."""
    lexer = _Lexer(source, max_brackets)
    lexer.reject_unreadable()
    tokens = lexer.bracketed(0, len(source.text))
    line, column = source.position(len(source.text))
    return [*tokens, Token("ENDMARKER", "", line, column, line, column)]


class _Lexer:
    """One run over a text. `line` and `line_start` follow the position; the rest is stacks."""

    def __init__(self, source: Source, max_brackets: int = MAX_BRACKETS) -> None:
        self.source = source
        self.text = source.text
        self.max_brackets = max_brackets
        self.line = 1
        self.line_start = 0
        self.tokens: list[Token] = []
        self.brackets: list[Token] = []
        self.indents = [(0, 0)]

    def module(self) -> list[Token]:
        self.reject_unreadable()
        position, end = 0, len(self.text)
        while position < end:
            position = self.indentation(position, end)
            position = self.scan(position, end)
        line = self.line + 1 if position > self.line_start else self.line
        for _ in self.indents[1:]:
            self.tokens.append(Token("DEDENT", "", line, 0, line, 0))
        self.tokens.append(Token("ENDMARKER", "", line, 0, line, 0))
        return self.tokens

    def bracketed(self, start: int, end: int) -> list[Token]:
        while start < end:
            start = self.scan(start, end, within_brackets=True)
        return [token for token in self.tokens if token.kind not in ("NL", "COMMENT", "NEWLINE")]

    def scan(self, position: int, end: int, within_brackets: bool = False) -> int:
        """Tokens up to the end of the logical line; returns the position after it."""
        text, match, plain, make = self.text, _TOKEN.match, _PLAIN, _make
        add, brackets = self.tokens.append, self.brackets
        empty = True
        while True:
            found = match(text, position, end)
            kind = found.lastgroup
            start, position = found.span(found.lastindex)
            line, line_start = self.line, self.line_start
            column = start - line_start
            if kind in plain:
                word = text[start:position]
                token = make((kind, word, line, column, line, position - line_start))
                if kind == "OP":
                    if word in "([{":
                        if len(brackets) >= self.max_brackets:
                            self.fail("brackets are nested too deeply", start, position,
                                      "give inner expressions names of their own")
                        brackets.append(token)
                    elif word in _CLOSES:
                        self.close_bracket(word, start)
                elif kind == "NAME":
                    if not word.isascii() and not word.isidentifier():
                        self.bad_identifier(word, start)
                elif kind == "NUMBER":
                    self.check_number(word, start, position)
                add(token)
                if kind == "COMMENT":
                    continue
            elif kind == "QUOTE":
                position = self.string(start, position, end)
            elif kind == "NEWLINE":
                size = position - start
                self.line, self.line_start = line + 1, position
                if brackets or within_brackets:
                    add(Token("NL", text[start:position], line, column, line, column + size))
                    continue
                kind = "NL" if empty else "NEWLINE"
                add(Token(kind, text[start:position], line, column, line, column + size))
                return position
            elif kind == "JOIN":
                self.line, self.line_start = line + 1, position
                if position == end:
                    self.fail("the file ends after a line continuation", start, start + 1,
                              "remove the backslash")
                continue
            elif kind == "END":
                self.end_of_text(line, column, empty)
                return position
            else:
                self.bad_character(start)
            empty = False

    def end_of_text(self, line: int, column: int, empty: bool) -> None:
        if self.brackets:
            opening = self.brackets[-1]
            raise self.source.error(
                f"'{opening.text}' is never closed", opening[2:4], opening[4:6],
                f"add the closing bracket of this '{opening.text}'",
            )
        if not empty:
            self.tokens.append(Token("NEWLINE", "", line, column, line, column + 1))
        elif self.tokens and self.tokens[-1].kind == "COMMENT":
            self.tokens.append(Token("NL", "", line, column, line, column))

    def indentation(self, position: int, end: int) -> int:
        """INDENT and DEDENT tokens of the line that starts here; blank lines have none.

        Tabs go to multiples of 8 for comparing, and once more count as 1: where the two counts
        disagree, what the reader sees depends on the editor, and the line is rejected.
        """
        text, first = self.text, position
        column = narrow = joined = 0
        while True:
            spaces = _INDENT.match(text, position, end)
            for c in spaces[0]:
                if c == " ":
                    column, narrow = column + 1, narrow + 1
                elif c == "\t":
                    column, narrow = (column // 8 + 1) * 8, narrow + 1
                else:
                    column = narrow = 0
            position = spaces.end()
            found = _TOKEN.match(text, position, end)
            if found.lastgroup != "JOIN":
                break
            joined = joined or column
            position = found.end()
            self.line, self.line_start = self.line + 1, position
            if position == end:
                self.fail("the file ends after a line continuation", position - 1, position,
                          "remove the backslash")
        if found.lastgroup in ("NEWLINE", "COMMENT", "END"):
            return position
        if joined:
            column = narrow = joined
        at = position - self.line_start
        if column > self.indents[-1][0]:
            if narrow <= self.indents[-1][1]:
                self.bad_tabs(first, position)
            if len(self.indents) >= MAX_INDENTS:
                self.fail("blocks are nested too deeply", first, position,
                          "move the inner blocks into functions")
            self.indents.append((column, narrow))
            space = text[self.line_start : position]
            self.tokens.append(Token("INDENT", space, self.line, 0, self.line, at))
            return position
        while column < self.indents[-1][0]:
            self.indents.pop()
            self.tokens.append(Token("DEDENT", "", self.line, at, self.line, at))
        if column != self.indents[-1][0]:
            self.fail("this line goes back to an indentation that no block has",
                      first, position, "align it with the block that it belongs to")
        if narrow != self.indents[-1][1]:
            self.bad_tabs(first, position)
        return position

    def string(self, start: int, body: int, end: int) -> int:
        """The string whose opening quote ends at `body`; returns the position after it."""
        opening = self.text[start:body].lstrip("bBrRuUfF")
        found = _REST_OF_STRING[opening].match(self.text, body, end)
        if found is None:
            if len(opening) == 3:
                self.fail("a triple-quoted string is never closed", start, body,
                          f"close it with {opening}")
            stop = _LINE_BREAK.search(self.text, body, end)
            self.fail("a string is not closed on its line", start, stop.start() if stop else end,
                      f"close it with {opening}, or use triple quotes for text of many lines")
        stop = found.end()
        line, column = self.line, start - self.line_start
        if len(opening) == 3 or "\\" in found[0]:
            for newline in _LINE_BREAK.finditer(self.text, start, stop):
                self.line, self.line_start = self.line + 1, newline.end()
        word = self.text[start:stop]
        self.tokens.append(
            Token("STRING", word, line, column, self.line, stop - self.line_start)
        )
        return stop

    def close_bracket(self, bracket: str, start: int) -> None:
        if not self.brackets:
            self.fail(f"'{bracket}' closes nothing", start, start + 1, "remove it")
        opening = self.brackets.pop()
        if opening.text != _CLOSES[bracket]:
            self.fail(
                f"'{bracket}' does not close the '{opening.text}' of line {opening.line}",
                start, start + 1, f"close '{opening.text}' first",
            )

    def check_number(self, word: str, start: int, end: int) -> None:
        """A number ends where no name could go on, save for a keyword as in `1if x else 2`."""
        if _NAME_CHARACTER.match(self.text, end) and not _KEYWORD_AFTER_NUMBER.match(
            self.text, end
        ):
            stop = end
            while _NAME_CHARACTER.match(self.text, stop):
                stop += 1
            self.fail("this is not a number", start, stop,
                      "put a space or an operator after the digits")
        if word[0] == "0" and _LEADING_ZERO.match(word):
            self.fail("a decimal integer has no leading zeros", start, end,
                      f"write {word.lstrip('0_')}, or 0o{word.lstrip('0_')} for octal")

    def reject_unreadable(self) -> None:
        zero = self.text.find("\0")
        if zero >= 0:
            self.fail_at("a program cannot contain NUL characters", zero)
        if not self.source.is_ascii:
            try:
                self.text.encode("utf-8")
            except UnicodeEncodeError as problem:
                self.fail_at("a program cannot contain half of a surrogate pair", problem.start)

    def bad_identifier(self, word: str, start: int) -> NoReturn:
        if not word[0].isidentifier():
            self.bad_character(start)
        self.bad_character(start + [("a" + c).isidentifier() for c in word].index(False))

    def bad_character(self, position: int) -> NoReturn:
        c = self.text[position]
        if c == "\\":
            self.fail("a backslash joins lines only as the last character of a line",
                      position, position + 1, "remove it, or what follows it on the line")
        if c == "!":
            self.fail("'!' is no operator of Python", position, position + 1, "write 'not'")
        shown = f"'{c}'" if c.isprintable() else "this character"
        self.fail(f"{shown} (U+{ord(c):04X}) has no meaning in Python here", position,
                  position + 1, "remove it, or put it in a string")

    def bad_tabs(self, start: int, end: int) -> NoReturn:
        self.fail("tabs and spaces are mixed so that the indentation is ambiguous", start, end,
                  "indent with spaces alone")

    def fail_at(self, message: str, position: int) -> NoReturn:
        """Reject one character before any line has been counted."""
        before = _LINE_BREAK.split(self.text[:position])
        place = (len(before), len(before[-1]))
        raise self.source.error(message, place, (place[0], place[1] + 1), "remove it")

    def fail(self, message: str, start: int, end: int, hint: str) -> NoReturn:
        """Reject `text[start:end]`, which lies on the current line."""
        first, last = start - self.line_start, end - self.line_start
        raise self.source.error(message, (self.line, max(first, 0)), (self.line, last), hint)


def print_tokens(tokens: list[Token]) -> str:
    """The token list as text, a line each, as `python -m tokenize` prints it."""
    lines = []
    for kind, text, *span in tokens:
        place = "{},{}-{},{}:".format(*span)
        lines.append(f"{place:<20}{kind:<15}{text!r:<15}\n")
    return "".join(lines)

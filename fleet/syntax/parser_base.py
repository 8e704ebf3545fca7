"""What every part of the parser stands on: a cursor over tokens, node building, error reports.

In: a list of tokens. Out: nodes with positions, and errors at tokens. The one idea: the parser
never goes back (but for one kind of `with`), so a cursor is an index, and a node's place runs
from the token where its parser began to the last token consumed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, NoReturn, TypeVar

from fleet.diagnostics import FleetError
from fleet.syntax import tree
from fleet.syntax.lexer import KEYWORDS, Token
from fleet.syntax.source import Source

Node = TypeVar("Node", bound=tree.AST)

LOAD, STORE, DEL = tree.Load(), tree.Store(), tree.Del()
_BASES = frozenset(("0x", "0X", "0o", "0O", "0b", "0B"))
_LAYOUT = frozenset(("NEWLINE", "INDENT", "DEDENT", "ENDMARKER"))
_UNSEEN = frozenset(("NL", "COMMENT", "ENCODING"))
_ENDING_EXPRESSION = frozenset((")", "]", "}", ",", ":", "=", ";", "in", "else", ":="))


_FOREIGN = {
    "<>": "the operator is '!='",
    "&&": "write 'and'",
    "||": "write 'or'",
    "++": "Python has no '++'; write `+= 1`",
    "--": "Python has no '--'; write `-= 1`",
}


class Cursor:
    """The tokens of one text, and how far the parser has come.

    `text` is the current token's text; `kind` its kind, where keywords have the kind KEYWORD. No
    two kinds share a text that the grammar asks for, so most of the parser looks at `text` alone.
    """

    def __init__(self, tokens: Iterable[Token], source: Source, depth: int = 0) -> None:
        self.source = source
        self.tokens = [token for token in tokens if token.kind not in _UNSEEN]
        self.kinds = [
            "KEYWORD" if token.text in KEYWORDS else token.kind for token in self.tokens
        ]
        self.texts = [token.text for token in self.tokens]
        self.depth = depth
        self.index = -1
        self.advance()

    # Moving

    def advance(self) -> str:
        """Goes to the next token; returns the text of the one left behind."""
        passed, index = self.index, self.index + 1
        self.index = index
        self.text = self.texts[index]
        self.kind = self.kinds[index]
        return self.texts[passed]

    def go_back(self, index: int, depth: int) -> None:
        self.index = index - 1
        self.depth = depth
        self.advance()

    def peek(self, ahead: int = 1) -> str:
        """The text of a token further on."""
        index = self.index + ahead
        return self.texts[index] if index < len(self.texts) else ""

    def accept(self, text: str) -> bool:
        """Goes past this text if it is the current token."""
        if self.text == text:
            self.advance()
            return True
        return False

    def expect(self, text: str, message: str, hint: str | None = None) -> None:
        """Goes past this text, or rejects what stands there instead."""
        if self.text != text:
            self.fail(message, hint)
        self.advance()

    def name(self, message: str) -> str:
        """Goes past an identifier and returns it in the normal form that Python compares (NFKC)."""
        if self.kind != "NAME":
            hint = f"'{self.text}' is a keyword; choose another name" if (
                self.kind == "KEYWORD") else None
            self.fail(message, hint)
        word = self.advance()
        return word if word.isascii() else unicodedata.normalize("NFKC", word)

    def number_value(self) -> int | float | complex:
        """Goes past a number and returns its value."""
        text = self.text.replace("_", "")
        try:
            if text[:2] in _BASES or text.isdecimal():
                value: int | float | complex = int(text, 0)
            elif text[-1] in "jJ":
                value = complex(0.0, float(text[:-1]))
            else:
                value = float(text)
        except ValueError:
            self.fail("this number has too many decimal digits", "write it in hexadecimal")
        self.advance()
        return value

    def separated(self, item: Callable[[], Any], closing: str) -> list[Any]:
        """Items with commas between them, a last one allowed, up to the closing bracket."""
        items = []
        while self.text != closing:
            items.append(item())
            if not self.accept(","):
                break
        self.expect(closing, f"expected ',' or '{closing}', found {self.found()}")
        return items

    # Building

    def node(self, made: Node, start: int) -> Node:
        """Gives a node its place: from the token `start` to the last one consumed."""
        end = self.index - 1
        kinds = self.kinds
        while kinds[end] in _LAYOUT:
            end -= 1
        tokens = self.tokens
        _, _, made.lineno, made.col_offset, _, _ = tokens[start]
        _, _, _, _, made.end_lineno, made.end_col_offset = tokens[end]
        made.source = source = self.source
        if not source.is_ascii:
            made.col_offset = source.byte_column(made.lineno, made.col_offset)
            made.end_col_offset = source.byte_column(made.end_lineno, made.end_col_offset)
        return made

    def deeper(self) -> None:
        """Counts a level of nesting, so that no program makes the parser run out of stack."""
        self.depth += 1
        if self.depth > tree.MAX_DEPTH:
            self.fail(*TOO_DEEP)

    def target(self, node: tree.AST, context: tree.AST, verb: str, top: bool = True) -> tree.AST:
        """Turns an expression that was read as a value into a target, or rejects it.

        verb: what is being done to it, for the message ("assign to", "delete").
        top:  whether it stands alone; a starred target stands in a tuple or list.
        """
        match node:
            case tree.Name() | tree.Attribute() | tree.Subscript():
                pass
            case tree.Tuple(elts) | tree.List(elts):
                for one in elts:
                    self.target(one, context, verb, top=False)
            case tree.Starred(value) if not top and context is STORE:
                self.target(value, context, verb)
            case tree.Starred():
                self.reject(node, f"cannot {verb} this with a star",
                            "a starred target stands in a list or tuple, as in `*rest, = values`"
                            if context is STORE else "remove the star")
            case _:
                what = describe(node)
                hint = "a target is a name, an attribute, an element, or a tuple of these"
                if isinstance(node, tree.Compare) and verb == "assign to":
                    hint = "'==' compares; use '=' to assign"
                self.reject(node, f"cannot {verb} {what}", hint)
        node.ctx = context
        return node

    # Rejecting

    def fail(self, message: str, hint: str | None = None, token: Token | None = None) -> NoReturn:
        """Rejects the current (or given) token."""
        token = token or self.tokens[self.index]
        raise self.source.error(message, token[2:4], token[4:6], hint)

    def reject(self, node: tree.AST, message: str, hint: str | None = None) -> NoReturn:
        """Rejects a node already made."""
        raise FleetError(message, node.location, hint=hint, source=self.source.text)

    def unexpected(self, wanted: str) -> NoReturn:
        """Rejects the current token where something else was wanted."""
        hint = None
        if self.kind == "KEYWORD" and self.text not in _ENDING_EXPRESSION:
            hint = f"'{self.text}' is a keyword and cannot be used as a name"
        elif self.text in ("=", ":="):
            hint = "use '==' to compare"
        else:
            hint = _FOREIGN.get(self.tokens[self.index - 1].text + self.text)
        if self.kind == "INDENT":
            self.fail("this line is indented, but starts no block",
                      "align it with the line before it")
        self.fail(f"expected {wanted}, found {self.found()}", hint)

    def found(self) -> str:
        """The current token, in words."""
        words = {
            "NEWLINE": "the end of the line",
            "ENDMARKER": "the end of the file",
            "INDENT": "more indentation",
            "DEDENT": "less indentation",
        }
        if self.kind == "STRING":
            return "a string"
        return words.get(self.kind, f"'{self.text}'")


TOO_DEEP = (
    f"the program is nested more than {tree.MAX_DEPTH} levels deep",
    "give inner expressions names of their own, or use a loop",
)


def describe(node: tree.AST) -> str:
    """What a node is, in the words of the language."""
    match node:
        case tree.Constant(value) if value is None or value is ... or isinstance(value, bool):
            return "..." if value is ... else repr(value)
        case tree.Constant():
            return "a literal"
    return _DESCRIPTIONS.get(type(node).__name__, "an expression")


_DESCRIPTIONS = {
    "Await": "an await expression",
    "BinOp": "the result of an operation",
    "BoolOp": "the result of an operation",
    "Call": "the result of a call",
    "Compare": "a comparison",
    "Dict": "a dict display",
    "DictComp": "a dict comprehension",
    "GeneratorExp": "a generator expression",
    "IfExp": "a conditional expression",
    "JoinedStr": "an f-string",
    "Lambda": "a lambda",
    "ListComp": "a list comprehension",
    "NamedExpr": "an assignment expression",
    "Set": "a set display",
    "SetComp": "a set comprehension",
    "UnaryOp": "the result of an operation",
    "Yield": "a yield expression",
    "YieldFrom": "a yield expression",
    "Name": "a name",
    "Attribute": "an attribute",
    "Subscript": "an element",
    "Tuple": "a tuple",
    "List": "a list",
    "Starred": "a starred expression",
}

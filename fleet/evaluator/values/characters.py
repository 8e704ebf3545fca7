"""Single characters of texts that only run time knows, as numbers.

In: a text and a position. Out: the character, as its code point. The one idea: a loop over the
characters of a text compares them far more often than it shows them, so the text is decoded once,
where it comes to be, into an array of code points; a character is an element of that, and becomes a
text of its own only for what looks at it otherwise.
"""

from __future__ import annotations

from typing import Any

from fleet.dialects import numpy
from fleet.evaluator.values import lists, numbers, sizes
from fleet.evaluator.values.emitter import Emitter
from fleet.evaluator.values.ndarrays import views
from fleet.evaluator.values.ndarrays.tensors import Length
from fleet.evaluator.values.sequences import Lazy
from fleet.evaluator.values.then import Number, Text
from fleet.ir.attributes import attribute
from fleet.ir.core import Block, Value
from fleet.ir.types import TensorType, i32, i64

_SERVICE = "code_points"
_NAMED = "name", attribute(_SERVICE)


class Character(Text):
    """A str of one character. code: its code point."""

    __slots__ = ("code",)

    def __init__(self, e: Emitter, code: Number) -> None:
        self.e = e
        self.kind = "str"
        self.size = sizes.length()
        self.begins = ""
        self.code = code

    @property
    def native(self) -> Value:
        code = self.e.plain(self.code)
        return self.e.host_text("function", "str", [code], ["int"], name="chr", named=[]).native


def character(e: Emitter, text: Text, key: Any) -> Character:
    """text[key], of an int that only run time knows. Raises IndexError as Python does."""
    codes = _code_points(e, text.native)
    at = lists.subscript(e, key, "string")
    at = views.position_of(e, at, _count(e, codes), "string index out of range")
    return _element(e, codes, at)


def characters_of(e: Emitter, text: Text) -> Lazy:
    """The characters of a text, one after the other."""
    codes = _code_points(e, text.native)
    return Lazy(e, _count(e, codes), lambda at: _element(e, codes, at))


def _count(e: Emitter, codes: Value) -> int | Number:
    return e.dim(codes, 0, sizes.length())


def _element(e: Emitter, codes: Value, at: Length) -> Character:
    code = e.value(numpy.cast, e.extract(codes, at), types=[i64])
    return Character(e, Number(e, "int", code, sizes.fresh(0, 0x10FFFF)))


def _code_points(e: Emitter, text: Value) -> Value:
    """The code points of a text, computed where the text is, once."""
    for user, _ in text.uses:
        if user.get("service") == "function" and _NAMED in user.get("options"):
            return user.result
    saved = e.builder.block, e.builder.anchor
    owner = text.owner
    block = owner if isinstance(owner, Block) else owner.parent
    if block is not e.builder.block:
        behind = block.first if owner is block else owner.next
        e.builder.block, e.builder.anchor = block, behind
    try:
        return e.host("function", [text], ["str"], [("array", TensorType((None,), i32))],
                      name=_SERVICE, named=[])[0]  # fmt: skip
    finally:
        e.builder.block, e.builder.anchor = saved


def code_of(value: Any) -> int | Number | None:
    """The code point of a str that is one character for sure, such as a text of one byte."""
    if isinstance(value, Character):
        return value.code
    if isinstance(value, Text) and value.kind == "str" and value.size == 1:
        byte = value.e.extract(value.native, 0)
        return Number(value.e, "int", value.e.value(numpy.cast, byte, types=[i64]))
    return ord(value) if isinstance(value, str) and len(value) == 1 else None


def compare(e: Emitter, name: str, a: Any, b: Any) -> bool | Number | None:
    """A comparison of two texts one of which is a character, where code points are enough."""
    if not isinstance(a, Character) and not isinstance(b, Character):
        return None
    codes = code_of(a), code_of(b)
    if None not in codes:
        return numbers.compare(e, name, *codes)
    if name in ("eq", "ne") and (isinstance(a, str) or isinstance(b, str)):
        return name == "ne"  # a known text of another length
    return None


def contains(e: Emitter, text: str, value: Character) -> bool | Number:
    """value in text, where the text is known."""
    found: bool | Number = False
    for one in sorted(set(text)):
        found = numbers.either(e, found, numbers.compare(e, "eq", value.code, ord(one)))
    return found

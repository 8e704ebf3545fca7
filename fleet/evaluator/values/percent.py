"""`"%d" % x` with run-time values.

In: a known template and values. Out: the pieces that `texts.compose` takes. The one idea: a field
that an f-string can have becomes one of its fields; any other is asked of the host, by itself.
The grammar is that of CPython's `unicode_format_arg_parse`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from fleet.evaluator.values import classes, numbers, objects, texts
from fleet.evaluator.values.emitter import Emitter
from fleet.evaluator.values.ndarrays import arrays, tensors
from fleet.evaluator.values.texts import Part
from fleet.evaluator.values.then import Array, Number, Then, Union, is_run_time_list

_FLAGS = "-+ #0"
_KINDS = "diouxXeEfFgGcrsa"
_WHOLE = "diouxX"
_PLAIN = frozenset((str, int, float, bool, bytes, type(None)))


@dataclass
class _Field:
    """A conversion specifier; width and digits "*": an argument of their own."""

    at: int
    key: str | None = None
    flags: str = ""
    width: str = ""
    digits: str | None = None
    kind: str = ""

    def template(self) -> str:
        digits = "" if self.digits is None else f".{self.digits}"
        return f"%{self.flags}{self.width}{digits}{self.kind}"


def keys_of(template: str) -> list[str]:
    """The keys that a template names, each once."""
    return list(dict.fromkeys(re.findall(r"%\(([^()]*)\)", template.replace("%%", ""))))


class _Arguments:
    """What fields take, in order or by key."""

    def __init__(self, values: Any) -> None:
        self.values = values
        self.left = list(values) if isinstance(values, tuple) else [values]

    def next(self) -> Any:
        if not self.left:
            raise TypeError("not enough arguments for format string")
        return self.left.pop(0)

    def named(self, key: str) -> Any:
        if not isinstance(self.values, dict):
            raise TypeError("format requires a mapping")
        self.left = []
        return self.values[key]

    def end(self) -> None:
        if self.left and (isinstance(self.values, tuple) or not _is_mapping(self.values)):
            raise TypeError("not all arguments converted during string formatting")


def _is_mapping(value: Any) -> bool:
    """Whether it has items, by a key or an index, as CPython asks."""
    return isinstance(value, list | dict) or is_run_time_list(value) or (
        classes.is_made(type(value)) and hasattr(type(value), "__getitem__"))  # fmt: skip


def percent_parts(e: Emitter, template: str, values: Any) -> list[Part]:
    """template % values."""
    arguments = _Arguments(values)
    parts: list[Part] = []
    end = 0
    while (begin := template.find("%", end)) >= 0:
        parts.append(template[end:begin])
        if template[begin + 1 : begin + 2] == "%":
            parts.append("%")
            end = begin + 2
            continue
        field, end = _field(template, begin + 1)
        value = None if field.key is None else arguments.named(field.key)
        stars = [_star(arguments.next()) for part in (field.width, field.digits) if part == "*"]
        value = arguments.next() if field.key is None else value
        if field.kind not in _KINDS:
            code = ord(field.kind)
            raise ValueError(
                f"unsupported format character {field.kind!r} ({code:#x}) at index {field.at}"
            )
        parts += _part(e, field, stars, value)
    arguments.end()
    return [*parts, template[end:]]


def _star(value: Any) -> Any:
    if isinstance(value, int) or (isinstance(value, Number) and value.kind in ("int", "bool")):
        return value
    raise TypeError("* wants int")


def _field(template: str, at: int) -> tuple[_Field, int]:
    """The specifier whose text begins here, and where what follows it begins."""
    text, field = template + "\0", _Field(at)
    if text[at] == "(":
        begin, depth = at + 1, 1
        while depth:
            at += 1
            if at >= len(template):
                raise ValueError("incomplete format key")
            depth += {"(": 1, ")": -1}.get(text[at], 0)
        field.key = text[begin:at]
        at += 1
    begin = at
    while text[at] in _FLAGS:
        at += 1
    field.flags = text[begin:at]
    field.width, at = _count(text, at)
    if text[at] == ".":
        field.digits, at = _count(text, at + 1)
    if text[at] in "hlL":
        at += 1
    if at >= len(template):
        raise ValueError("incomplete format")
    field.kind, field.at = text[at], at
    return field, at + 1


def _count(text: str, at: int) -> tuple[str, int]:
    if text[at] == "*":
        return "*", at + 1
    begin = at
    while text[at] in "0123456789":
        at += 1
    return text[begin:at], at


def _part(e: Emitter, field: _Field, stars: list[Any], value: Any) -> list[Part]:
    if isinstance(value, Union):
        shown = e.split(value, lambda one: texts.compose(e, _part(e, field, stars, one)))
        return [shown if isinstance(shown, str) else (shown, "", "")]
    if field.kind in "rsa":
        conversion = f"!{field.kind}"
        if not stars:
            align = "<" if "-" in field.flags else ">"
            limit = "" if field.digits is None else f".{field.digits or 0}"
            padded = f"{align}{field.width}{limit}" if field.width or limit else ""
            return texts.parts_of(value, conversion, padded)
        value, field = texts.to_text(e, value, conversion), replace(field, kind="s")
    elif isinstance(value, Array):
        value = _of_array(e, field, value)
    known = [*stars, value]
    if not any(isinstance(one, Then) for one in known) and (
            type(value) in _PLAIN or classes.is_made(type(value))):  # fmt: skip
        return [field.template() % tuple(known)]
    spec = None if stars else _specification(field, value)
    if spec is not None:
        whole = field.kind in "diu" and getattr(value, "kind", "") == "float"
        return [(numbers.to_int(e, value) if whole else value, "", spec)]
    return [(objects.function(e, "percent", [field.template(), *known], "str"), "", "")]


def _of_array(e: Emitter, field: _Field, value: Array) -> Any:
    """The number in an array; a uint64 as it is, where whole ones are shown: no int holds all."""
    if value.known is not None:
        return value.known
    if value.scalar and value.dtype == np.uint64:
        if field.kind in _WHOLE:
            return value
        if field.kind in "eEfFgG":
            value = arrays.cast(e, value, np.dtype("float64"))
    return tensors.to_number(e, value)


def _specification(field: _Field, value: Any) -> str | None:
    """How an f-string says the same of a number; None where it cannot."""
    if not isinstance(value, Number | Array) or field.kind == "c":
        return None
    left, zero = "-" in field.flags, "0" in field.flags
    sign = "+" if "+" in field.flags else " " if " " in field.flags else ""
    spec = f"{'<' if left else '' if zero else '>'}{sign}{'#' if '#' in field.flags else ''}"
    spec += f"{'0' if zero and not left else ''}{field.width}"
    if field.kind in "eEfFgG":
        digits = "" if field.digits is None else f".{field.digits or 0}"
        return f"{spec}{digits}{field.kind}"
    is_float = isinstance(value, Number) and value.kind == "float"
    if field.digits is not None or (is_float and field.kind in "oxX"):
        return None
    return spec + ("d" if field.kind in "diu" else field.kind)

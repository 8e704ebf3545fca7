"""The two older ways of formatting: `"{}".format(x)` and `"%d" % x`, with run-time values.

In: a known template and values. Out: the pieces that `texts.compose` takes. The one idea: both are
read into the pieces of an f-string, so there is one way to make text, and the attributes that a
field names are looked up by the evaluator and not by the host.
"""

from __future__ import annotations

import _string  # what `string.Formatter` is made of
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fleet.evaluator.values import classes, numbers
from fleet.evaluator.values.texts import Part, parts_of
from fleet.evaluator.values.then import Number

_PERCENT = re.compile(r"%(?:\((\w+)\))?([-+ 0#]*)(\d*)(?:\.(\d+))?([diouxXeEfFgGcrsa%])")


@dataclass(frozen=True)
class Lookup:
    """How a field's `.name` and `[key]` are looked up: by the evaluator's rules."""

    attribute: Callable[[Any, str], Any]
    item: Callable[[Any, Any], Any]


@dataclass
class _Fields:
    """The arguments of a format, and how its fields have been numbered so far.

    positional: None for format_map(), whose `named` is any mapping.
    """

    positional: tuple | None
    named: Any
    lookup: Lookup
    automatic: int | None = None
    """The next number of `{}`; -1 once a field has had a number of its own."""

    def value(self, field: str) -> Any:
        """The value of `name.attribute[key]`."""
        first, rest = _string.formatter_field_name_split(field)
        value = self._first(first)
        for is_attribute, key in rest:
            find = self.lookup.attribute if is_attribute else self.lookup.item
            value = find(value, key)
        return value

    def _first(self, first: str | int) -> Any:
        if isinstance(first, str) and first:
            return self.named[first] if self.positional is not None else (
                self.lookup.item(self.named, first))  # fmt: skip
        if self.positional is None:
            raise ValueError("Format string contains positional fields")
        if first == "":
            if self.automatic == -1:
                raise ValueError("cannot switch from manual field specification to automatic "
                                 "field numbering")  # fmt: skip
            first = self.automatic or 0
            self.automatic = first + 1
        elif (self.automatic or 0) > 0:
            raise ValueError("cannot switch from automatic field numbering to manual field "
                             "specification")  # fmt: skip
        else:
            self.automatic = -1
        if first >= len(self.positional):
            raise IndexError(
                f"Replacement index {first} out of range for positional args tuple"
            )
        return self.positional[first]


def format_parts(
    template: str, arguments: tuple | None, keywords: Any, lookup: Lookup
) -> list[Part]:
    """template.format(*arguments, **keywords), or for no arguments format_map(keywords)."""
    return _format_parts(template, _Fields(arguments, keywords, lookup), 2)


def _format_parts(template: str, fields: _Fields, depth: int) -> list[Part]:
    if depth == 0:
        raise ValueError("Max string recursion exceeded")
    parts: list[Part] = []
    for text, field, spec, conversion in _string.formatter_parser(template):
        parts.append(text)
        if field is None:
            continue
        value = fields.value(field)
        if conversion not in (None, "r", "s", "a"):
            raise ValueError(f"Unknown conversion specifier {conversion!s}")
        inner: list[Part] = [spec or ""]
        if "{" in inner[0] or "}" in inner[0]:
            inner = _format_parts(inner[0], fields, depth - 1)
        for part in inner:
            if not isinstance(part, str):
                raise part[0].needed_now("a format specification")
        parts += parts_of(value, f"!{conversion}" if conversion else "", "".join(inner))
    return parts


def percent_parts(template: str, values: Any) -> list[Part]:
    """template % values."""
    given = list(values) if isinstance(values, tuple) else [values]
    parts: list[Part] = []
    end = 0
    for match in _PERCENT.finditer(template):
        parts.append(template[end : match.start()])
        end = match.end()
        name, flags, width, digits, kind = match.groups()
        if kind == "%":
            parts.append("%")
            continue
        if name is not None:
            value = values[name]
        elif not given:
            raise TypeError("not enough arguments for format string")
        else:
            value = given.pop(0)
        parts += _percent_part(value, flags, width, digits, kind)
    if given and not isinstance(values, dict):
        raise TypeError("not all arguments converted during string formatting")
    return [*parts, template[end:]]


def _percent_part(value: Any, flags: str, width: str, digits: str | None, kind: str) -> list[Part]:
    align = "<" if "-" in flags else ">"
    if kind in "rsa":
        limit = "" if digits is None else f".{digits}"
        return parts_of(value, f"!{kind}", f"{align}{width}{limit}" if width or limit else "")
    if classes.is_made(type(value)):  # whose special methods Python's own operator calls
        return [f"%{flags}{width}{'' if digits is None else f'.{digits}'}{kind}" % (value,)]
    sign = "+" if "+" in flags else " " if " " in flags else ""
    zero = "0" if "0" in flags and "-" not in flags else ""
    spec = f"{'' if zero else align}{sign}{'#' if '#' in flags else ''}{zero}{width}"
    if kind in "diu":
        if isinstance(value, Number) and value.kind == "float":
            value = numbers.to_int(value.e, value)
        return parts_of(value, "", f"{spec}d")
    return parts_of(value, "", f"{spec}{'' if digits is None else f'.{digits}'}{kind}")

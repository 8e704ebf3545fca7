"""`"{}".format(x)` with run-time values.

In: a known template and values. Out: the pieces that `texts.compose` takes. The one idea: it is
read into the pieces of an f-string, so there is one way to make text, and the attributes that a
field names are looked up by the evaluator and not by the host.
"""

from __future__ import annotations

import _string  # what `string.Formatter` is made of
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fleet.evaluator.values.emitter import Emitter
from fleet.evaluator.values.texts import Part, compose, parts_of, specified


@dataclass(frozen=True)
class Lookup:
    """How a field's `.name` and `[key]` are looked up: by the evaluator's rules."""

    attribute: Callable[[Any, str], Any]
    item: Callable[[Any, Any], Any]


@dataclass
class _Fields:
    """The arguments of a format, and how its fields have been numbered so far.

    positional: None for format_map(), whose `named` is any mapping; late: what else has names,
    of which only run time knows which.
    """

    positional: tuple | None
    named: Any
    lookup: Lookup
    late: Any = None
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
            if self.positional is not None and (first in self.named or self.late is None):
                return self.named[first]
            return self.lookup.item(self.named if self.late is None else self.late, first)
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
    e: Emitter, template: str, arguments: tuple | None, keywords: Any, lookup: Lookup,
    late: Any = None,
) -> list[Part]:
    """template.format(*arguments, **keywords, **late), or for no arguments format_map(keywords)."""
    return _format_parts(e, template, _Fields(arguments, keywords, lookup, late), 2)


def _format_parts(e: Emitter, template: str, fields: _Fields, depth: int) -> list[Part]:
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
        shown = f"!{conversion}" if conversion else ""
        whole: Any = spec or ""
        if "{" in whole or "}" in whole:
            whole = compose(e, _format_parts(e, whole, fields, depth - 1))
        if isinstance(whole, str):
            parts += parts_of(value, shown, whole)
        else:
            parts += specified(e, value, shown, whole)
    return parts

"""The two older ways of formatting: `"{}".format(x)` and `"%d" % x`, with run-time values.

In: a known template and values. Out: the pieces that `texts.compose` takes. The one idea: both are
read into the pieces of an f-string, so there is one way to make text.
"""

from __future__ import annotations

import re
import string
from typing import Any

from fleet.evaluator.values import numbers
from fleet.evaluator.values.texts import Part, parts_of
from fleet.evaluator.values.then import Number

_PERCENT = re.compile(r"%(?:\((\w+)\))?([-+ 0#]*)(\d*)(?:\.(\d+))?([diouxXeEfFgGcrsa%])")


def format_parts(template: str, arguments: tuple, keywords: dict[str, Any]) -> list[Part]:
    """template.format(*arguments, **keywords)."""
    parts: list[Part] = []
    automatic = 0
    for text, name, spec, conversion in string.Formatter().parse(template):
        parts.append(text)
        if name is None:
            continue
        if name == "":
            name, automatic = str(automatic), automatic + 1
        if not name.isidentifier() and not name.isdigit():
            raise ValueError(
                f"the field {name!r} of a format with run-time values is not supported"
            )
        if name.isdigit() and int(name) >= len(arguments):
            raise IndexError(f"Replacement index {name} out of range for positional args tuple")
        value = arguments[int(name)] if name.isdigit() else keywords[name]
        parts += parts_of(value, f"!{conversion}" if conversion else "", spec or "")
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
    sign = "+" if "+" in flags else " " if " " in flags else ""
    zero = "0" if "0" in flags and "-" not in flags else ""
    spec = f"{'' if zero else align}{sign}{'#' if '#' in flags else ''}{zero}{width}"
    if kind in "diu":
        if isinstance(value, Number) and value.kind == "float":
            value = numbers.to_int(value.e, value)
        return parts_of(value, "", f"{spec}d")
    return parts_of(value, "", f"{spec}{'' if digits is None else f'.{digits}'}{kind}")

"""`collections.namedtuple`: classes of tuples whose items have names.

In: a name and field names. Out: a class. The one idea: CPython's own writes source text and
executes it; this is a class with a property for each position.
"""

from __future__ import annotations

import keyword
from collections.abc import Callable
from operator import itemgetter
from typing import Any

from fleet.evaluator.objects.functions import all_given, too_many
from fleet.evaluator.values import classes, texts
from fleet.evaluator.values.emitter import Emitter


def namedtuple(
    items_of: Callable[[Any], list], e: Emitter | None, typename: str, field_names: Any, *,
    rename: bool = False, defaults: Any = None, module: str | None = None,
) -> type:  # fmt: skip
    """The class. items_of: the items of an iterable of the program; e: for run-time text."""
    if isinstance(field_names, str):
        field_names = field_names.replace(",", " ").split()
    fields = list(map(str, items_of(field_names)))
    if rename:
        fields = [f"_{number}" if _is_bad(name) or name in fields[:number] else name
                  for number, name in enumerate(fields)]  # fmt: skip
    _check(typename, fields, rename)
    given = () if defaults is None else tuple(items_of(defaults))
    if len(given) > len(fields):
        raise TypeError("Got more default values than field names")
    made = _make(typename, tuple(fields), given, module or "__main__", e)
    classes.remember(made)
    return made


def _is_bad(name: str) -> bool:
    return not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_")


def _check(typename: str, fields: list[str], rename: bool) -> None:
    for name in [typename, *fields]:
        if not isinstance(name, str):
            raise TypeError("Type names and field names must be strings")
        if not name.isidentifier():
            raise ValueError(
                f"Type names and field names must be valid identifiers: {name!r}"
            )
        if keyword.iskeyword(name):
            raise ValueError(f"Type names and field names cannot be a keyword: {name!r}")
    for number, name in enumerate(fields):
        if name.startswith("_") and not rename:
            raise ValueError(f"Field names cannot start with an underscore: {name!r}")
        if name in fields[:number]:
            raise ValueError(f"Encountered duplicate field name: {name!r}")


def _make(typename: str, fields: tuple[str, ...], given: tuple, module: str,
          e: Emitter | None) -> type:  # fmt: skip
    defaults = dict(zip(fields[len(fields) - len(given) :], given, strict=True))

    def __new__(cls: type, *arguments: Any, **keywords: Any) -> Any:
        return tuple.__new__(cls, _bound(f"{typename}.__new__", fields, given, arguments, keywords))

    def _make(cls: type, iterable: Any) -> Any:
        made = tuple.__new__(cls, iterable)
        if len(made) != len(fields):
            raise TypeError(f"Expected {len(fields)} arguments, got {len(made)}")
        return made

    def _replace(self: Any, /, **keywords: Any) -> Any:
        made = type(self)._make(map(keywords.pop, fields, self))
        if keywords:
            raise ValueError(f"Got unexpected field names: {list(keywords)!r}")
        return made

    def _asdict(self: Any) -> dict[str, Any]:
        return dict(zip(fields, self, strict=True))

    def __repr__(self: Any) -> Any:
        parts: list[Any] = [f"{type(self).__name__}("]
        for number, (name, item) in enumerate(zip(fields, self, strict=True)):
            parts += [f"{', ' if number else ''}{name}=", *texts.parts_of(item, "!r")]
        return texts.compose(e, [*parts, ")"])

    own = {"__new__": __new__, "_replace": _replace, "_asdict": _asdict, "__repr__": __repr__}
    for name, function in own.items():
        function.__qualname__ = f"{typename}.{name}"
    positions = {
        name: property(itemgetter(number), doc=f"Alias for field number {number}")
        for number, name in enumerate(fields)
    }
    described = {
        "__slots__": (), "__module__": module, "__match_args__": fields, "_fields": fields,
        "_field_defaults": defaults, "_make": classmethod(_make),
        "__doc__": f"{typename}({', '.join(fields)})",
    }  # fmt: skip
    return type(typename, (tuple,), own | described | positions)


def _bound(
    name: str, fields: tuple[str, ...], given: tuple, arguments: tuple, keywords: dict[str, Any]
) -> list[Any]:
    """The items, in order, of a call with these arguments."""
    if len(arguments) > len(fields):
        raise TypeError(too_many(name, ["_cls", *fields], list(given), len(arguments) + 1))
    values = dict(zip(fields, arguments, strict=False))
    for key, value in keywords.items():
        if key not in fields:
            raise TypeError(f"{name}() got an unexpected keyword argument '{key}'")
        if key in values:
            raise TypeError(f"{name}() got multiple values for argument '{key}'")
        values[key] = value
    for field, default in zip(fields[len(fields) - len(given) :], given, strict=True):
        values.setdefault(field, default)
    all_given(name, list(fields), values, "positional")
    return [values[field] for field in fields]

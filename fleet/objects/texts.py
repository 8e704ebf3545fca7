"""Texts of the run's objects: of containers with instances in them, of arrays, JSON, patterns.

The one idea: where a container holds instances whose texts the program gives, its text is written
with holes, and the program fills them.
"""

from __future__ import annotations

import ast
import collections
import itertools
import json
import re
import string
from _string import formatter_field_name_split
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from fleet.diagnostics import FleetError
from fleet.objects.attributes import attribute
from fleet.objects.holders import Holder
from fleet.objects.instances import Record, number_of, type_name
from fleet.objects.text_arrays import as_texts


def formatted(value: Any, spec: str) -> str:
    return format(value, spec)


class _Formatter(string.Formatter):
    """As str.format(), with the attributes that instances of the program's have."""

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:
        if args is None and isinstance(key, int):
            raise ValueError("Format string contains positional fields")
        if isinstance(key, int) and key >= len(args):
            raise IndexError(f"Replacement index {key} out of range for positional args tuple")
        return super().get_value(key, args, kwargs)

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> tuple[Any, int | str]:
        first, rest = formatter_field_name_split(field_name)
        found = self.get_value(first, args, kwargs)
        for is_attribute, name in rest:
            found = attribute(found, name) if is_attribute else found[name]
        return found, first


def text_method(name: str, template: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    """template.format(*args, **kwargs), or template.format_map(*args)."""
    if name == "format_map":
        return _Formatter().vformat(template, None, args[0])
    return _Formatter().vformat(template, args, kwargs)


def percent(template: str, *values: Any) -> str:
    return template % values


def of_pattern(pattern: Any, flags: int, name: str, *values: Any, **named: Any) -> Any:
    """A method of a regular expression."""
    return getattr(re.compile(pattern, flags), name)(*values, **named)


def pattern_mistake(pattern: Any, flags: int) -> str:
    """What is wrong with a regular expression; nothing where that is one."""
    try:
        re.compile(pattern, flags)
    except re.error as error:
        return str(error)
    return ""


def replaced_matches(pattern: str | bytes, flags: int, text: Any, count: int) -> list[re.Match]:
    """What re.sub() replaces, which is all where `count` is 0."""
    found = re.compile(pattern, flags).finditer(text)
    return list(itertools.islice(found, count) if count else found)


def replaced(
    pattern: str | bytes, flags: int, text: Any, count: int, name: str, pieces: Iterable[Any]
) -> Any:
    """re.sub() or re.subn(), by `name`, with what its function has given for each match."""
    given = iter(pieces)
    return getattr(re.compile(pattern, flags), name)(lambda match: next(given), text, count)


class _Hole:
    """In the text of a container, where that of an instance comes."""

    def __repr__(self) -> str:
        return "\0"


class _Written:
    """Stands for what has been written already."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def _with_holes(value: Any, numbers: frozenset[str], found: list[Any]) -> Any:
    """A copy of a container with holes for the instances whose texts the program gives."""
    if str(number_of(value)) in numbers:
        found.append(value)
        return _Hole()
    match value:
        case list():
            return [_with_holes(item, numbers, found) for item in value]
        case Record():
            return type(value)(_with_holes(item, numbers, found) for item in value)
        case tuple():
            return tuple(_with_holes(item, numbers, found) for item in value)
        case collections.defaultdict():
            made: Any = collections.defaultdict(value.default_factory)
        case collections.OrderedDict():
            made = collections.OrderedDict()
        case dict():
            made = {}
        case collections.deque():
            items = [_with_holes(item, numbers, found) for item in value]
            return collections.deque(items, value.maxlen)
        case set() | frozenset() if value:
            items = [repr(_with_holes(item, numbers, found)) for item in value]
            inside = f"{{{', '.join(items)}}}"
            return _Written(inside if isinstance(value, set) else f"frozenset({inside})")
        case _:
            return value
    for key, item in value.items():
        made[_with_holes(key, numbers, found)] = _with_holes(item, numbers, found)
    return made


def shows(value: Any, numbers: str) -> bool:
    """Whether the text of a container has that of instances of these classes in it."""
    if not isinstance(value, list | tuple | dict | collections.deque | set | frozenset):
        return False
    found: list[Any] = []
    _with_holes(value, frozenset(numbers.split()), found)
    return bool(found)


def shown_parts(value: Any, numbers: str) -> tuple[list[str], list[Any], int]:
    """The text of a container: what is between the instances, those, and how many they are."""
    found: list[Any] = []
    pieces = repr(_with_holes(value, frozenset(numbers.split()), found)).split("\0")
    if len(pieces) != len(found) + 1:
        raise FleetError("the text of a container with null characters and instances in it")
    return pieces, found, len(found)


def bool_given(value: Any, method: str) -> bool:
    """What a special method of the program gives where Python wants a bool."""
    if not isinstance(value, bool):
        raise TypeError(f"{method} should return bool, returned {type_name(value)}")
    return value


def text_given(value: Any, method: str) -> str:
    """What a method of the program's has given, which has to be a text."""
    if not isinstance(value, str):
        raise TypeError(f"{method} returned non-string (type {type_name(value)})")
    return value


def json_dumps(value: Any, **options: Any) -> str:
    def refuse(other: Any) -> Any:
        if isinstance(other, Holder):
            return other.content
        name = type_name(other)
        raise TypeError(f"Object of type {name} is not JSON serializable")

    return json.dumps(value, default=refuse, **options)


def json_mistake(text: str | bytes) -> tuple[str, int] | None:
    """What is wrong with a text that is to be JSON, and where."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return error.msg, error.pos
    return None


def array_text(function: Callable[..., str]) -> Callable[..., str]:
    """A function that makes text of an array: of elements that the program has formatted, where
    there are `texts` of them."""

    def show(array: Any, *, texts: Any = None, **options: Any) -> str:
        if texts is None:
            return function(array, **options)
        given = iter(texts)
        with np.printoptions(formatter={"all": lambda _: next(given)}):
            return function(array, **options)

    return show


def positions_shown(array: np.ndarray, **options: Any) -> np.ndarray:
    """The elements of an array that NumPy shows with such options, in order, as if it were flat."""
    found: list[int] = []

    def note(position: int) -> str:
        found.append(int(position))
        return "x"

    positions = np.arange(array.size).reshape(array.shape)
    np.array2string(positions, formatter={"all": note}, **options)
    return np.array(found, np.int64)


def record_text(how: str, described: str, *columns: Any) -> str:
    """The text of a structured array: `str` or `repr`, or those of a row, `item_str` …

    described: its dtype, as str() gives it; columns: the plain arrays of its fields, in order.
    """
    dtype = np.dtype(ast.literal_eval(described))
    given = [np.asarray(column) for column in columns]
    plain = _first_field(dtype)
    plain, inner = plain.subdtype or (plain, ())
    rank = given[0].ndim - len(inner) - (plain.kind == "U")
    table = np.zeros(given[0].shape[:rank], dtype)
    _fill(table, iter(given))
    shown = table[()] if how.startswith("item_") else table
    return str(shown) if how.endswith("str") else repr(shown)


def _first_field(dtype: np.dtype) -> np.dtype:
    """The first plain field's dtype."""
    while dtype.names:
        dtype = dtype[dtype.names[0]]
    return dtype


def _fill(table: np.ndarray, columns: Iterator[np.ndarray]) -> None:
    for name in table.dtype.names or ():
        if table[name].dtype.names:
            _fill(table[name], columns)
        else:
            given = next(columns)
            is_text = table[name].dtype.kind == "U"
            table[name] = as_texts(given) if is_text else given

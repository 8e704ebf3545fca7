"""How objects of the run are made of others, and the types that isinstance() may ask for."""

from __future__ import annotations

import ast
import collections
import collections.abc
import functools
import numbers
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from fleet.objects.exact_numbers import EXACT
from fleet.objects.instances import (
    EXCEPTIONS,
    Callback,
    Instance,
    Record,
    record_class,
    type_key,
    type_name,
)

FACTORIES: dict[str, Callable[[], Any]] = {
    "int": int, "float": float, "str": str, "list": list, "dict": dict, "set": set, "bool": bool,
    "tuple": tuple, "deque": collections.deque, "Counter": collections.Counter,
}  # fmt: skip
"""What a defaultdict may make of nothing."""


def _pairs(items: list[Any]) -> zip:
    return zip(items[::2], items[1::2], strict=True)


def _default_dict(items: list[Any], options: Mapping[str, Any]) -> Any:
    factory = FACTORIES.get(options.get("factory"))
    return collections.defaultdict(factory, _pairs(items))


def _record(items: list[Any], options: Mapping[str, Any]) -> Record:
    number, name, fields = int(options["number"]), options["name"], tuple(options["fields"])
    return record_class(number, str(name), fields)(items)


def _items_of_words(words: list[Any]) -> list[Any]:
    """Of two words each, the items: bits, and 0 for an int, 1 for a float, 2 for None; of rows of
    such, lists."""
    if words and isinstance(words[0], list):
        return [_items_of_words(row) for row in words]
    floats = np.array(words[::2], np.int64).view(np.float64).tolist()
    items = zip(words[::2], floats, words[1::2], strict=True)
    return [(bits, number, None)[kind] for bits, number, kind in items]


@functools.cache
def _constant(content: str) -> Any:
    return ast.literal_eval(content)


FORMS: dict[str, Callable[[list[Any], Mapping[str, Any]], Any]] = {
    "constant": lambda items, options: _constant(str(options["content"])),
    "tuple": lambda items, options: tuple(items),
    "list": lambda items, options: items,
    "set": lambda items, options: set(items),
    "frozenset": lambda items, options: frozenset(items),
    "dict": lambda items, options: dict(_pairs(items)),
    "Counter": lambda items, options: collections.Counter(dict(_pairs(items))),
    "OrderedDict": lambda items, options: collections.OrderedDict(_pairs(items)),
    "defaultdict": _default_dict,
    "deque": lambda items, options: collections.deque(items[1:], items[0]),
    "slice": lambda items, options: slice(*items),
    "range": lambda items, options: range(*items),
    "object": lambda items, options: items[0],
    "record": _record,
    "mixed": lambda items, options: _items_of_words(*items),
}
"""Kinds of objects that are made of others. A dictionary's operands are keys and values in turn, a
deque's first is its maxlen."""


def build(arguments: list[Any], options: Mapping[str, Any]) -> Any:
    """An object made of others: option `form`."""
    return FORMS[options["form"]](list(arguments), options)


TYPES: dict[str, Any] = EXCEPTIONS | {
    type_key(kind): kind for kind in (
        int, float, bool, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, range,
        slice, type(None), object, collections.deque, collections.Counter, collections.OrderedDict,
        collections.defaultdict, np.ndarray, np.generic, np.float64, np.float32, np.float16,
        np.int64, np.int32, np.int16, np.int8, np.uint8, np.uint16, np.uint32, np.uint64, np.bool_,
        np.integer, np.signedinteger, np.unsignedinteger, np.inexact, np.floating, np.number,
        np.complex64, np.complex128, np.complexfloating, np.str_, np.character, np.flexible, *EXACT,
    )
}  # fmt: skip
"""Types that isinstance() may ask for; the run has no objects of others."""


ABSTRACT: dict[str, type] = {
    name: getattr(module, name) for module in (collections.abc, numbers)
    for name in module.__all__ if isinstance(getattr(module, name), type)
}  # fmt: skip
"""Classes that others are of by what they can do."""


def of_type(value: Any, kind: str, method: str) -> Any:
    """The value, of which a method of this type is called. Raises TypeError for others."""
    if isinstance(value, TYPES[kind]):
        return value
    raise TypeError(f"descriptor '{method}' for '{kind}' objects doesn't apply to a "
                    f"'{type_name(value)}' object")  # fmt: skip


def is_instance(value: Any, names: str) -> bool:
    """Whether it is of one of these types; the classes of the program are asked for apart."""
    asked = names.split()
    if isinstance(value, Callback) and ("Callable" in asked or "Hashable" in asked):
        return True
    known = TYPES if isinstance(value, Instance) else TYPES | ABSTRACT
    return isinstance(value, tuple(known[name] for name in asked if name in known))

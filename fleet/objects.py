"""Python's objects at run time: what host services on lists, dictionaries, sets and texts do.

In: operands as Python's own objects. Out: results in the same form. The one idea: a program's data
whose shape only run time knows are CPython's own lists, dicts, sets, deques, iterators and ints of
any length, kept by the host; the program holds numbers that name them. So what they do, cost, print
and raise is CPython's by construction, on every executor.

A name is forgotten when nothing that the program still has is equal to it (a conservative
collection of garbage: Boehm and Weiser, 1988); what a container holds needs no name.
"""

from __future__ import annotations

import ast
import bisect
import builtins
import cmath
import collections
import copy
import enum
import functools
import heapq
import itertools
import json
import math
import operator
import re
import statistics
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NoReturn

import numpy as np

from fleet import doctest_output, enumerations, integers
from fleet.diagnostics import FleetError

FIRST = 0x4F42_0000_0000_0000
"""The first name: a number that programs seldom have otherwise."""
FEW = 1 << 16
"""Names up to which nothing is forgotten."""


class Objects:
    """The objects of one run, by name."""

    def __init__(self) -> None:
        self._named: dict[int, object] = {}
        self._next = FIRST
        self._limit = FEW

    def name(self, value: object) -> int:
        """A name for an object."""
        name = self._next
        self._next = name + 1
        self._named[name] = value
        return name

    def named(self, name: int) -> Any:
        """The object of a name; None for a number that is no name, which nobody looks at."""
        return self._named.get(int(name))

    @property
    def is_full(self) -> bool:
        """Whether it is time to forget."""
        return len(self._named) > self._limit

    def keep(self, numbers: Iterable[Any]) -> None:
        """Forget all names but these."""
        named = self._named
        self._named = {number: named[number] for number in numbers if number in named}
        self._limit = max(FEW, 2 * len(self._named))


# -- making

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


FORMS: dict[str, Callable[[list[Any], Mapping[str, Any]], Any]] = {
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
}
"""Kinds of objects that are made of others. A dictionary's operands are keys and values in turn, a
deque's first is its maxlen."""


def build(arguments: list[Any], options: Mapping[str, Any]) -> Any:
    """An object made of others: option `form`."""
    return FORMS[options["form"]](list(arguments), options)


# -- what Python's operators, functions and methods do


def _contains(container: Any, item: Any) -> bool:
    return item in container


def _set_item(owner: Any, key: Any, value: Any) -> None:
    owner[key] = value


def _format(value: Any, spec: str) -> str:
    return format(value, spec)


def _percent(template: Any, values: Any) -> Any:
    return template % values


_OPERATORS = """add sub mul truediv floordiv mod pow matmul lshift rshift and_ or_ xor neg pos
    invert eq ne lt le gt ge iadd isub imul itruediv ifloordiv imod ipow imatmul ilshift irshift
    iand ior ixor getitem delitem truth not_ is_ is_not index""".split()
OPERATORS: dict[str, Callable[..., Any]] = {
    **{name: getattr(operator, name) for name in _OPERATORS},
    "contains": _contains,
    "setitem": _set_item,
}


_OF_INSTANCES = dict.fromkeys("eq ne is_ is_not truth not_ lt".split(), 0) | dict.fromkeys(
    "contains setitem getitem delitem".split(), 1)  # fmt: skip
"""Of operators that know instances of the program's classes: how many operands may be none."""


def _type_name(value: Any) -> str:
    return value.name if isinstance(value, Instance) else type(value).__name__


TYPES: dict[str, Any] = {
    kind.__name__: kind for kind in (
        int, float, bool, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, range,
        slice, type(None), object, collections.deque, collections.Counter, collections.OrderedDict,
        collections.defaultdict, np.ndarray, np.generic, np.float64, np.float32, np.float16,
        np.int64, np.int32, np.int16, np.int8, np.uint8, np.uint16, np.uint32, np.uint64, np.bool_,
        np.integer, np.floating, np.number,
    )
}  # fmt: skip
"""Types that isinstance() may ask for; the run has no objects of others."""


def _is_instance(value: Any, names: str) -> bool:
    return isinstance(value, tuple(TYPES[name] for name in names.split()))


def _to_int(*arguments: Any) -> int:
    return integers.fit(int(*arguments))


def _to_index(value: Any) -> int:
    return integers.fit(operator.index(value))


def _position(keys: list[Any], key: Any) -> int:
    """Where a key is among those of a dictionary."""
    hash(key)
    if key not in keys:
        raise KeyError(key)
    return keys.index(key)


def _to_float(value: Any) -> float:
    """As functions of the math module take their arguments."""
    if isinstance(value, str | bytes):
        raise TypeError(f"must be real number, not {type(value).__name__}")
    return float(value)


def _sorted(values: Any, keys: Any, reverse: Any) -> list[Any]:
    """Sorted by keys that the program has computed, one for each value."""
    pairs = sorted(zip(keys, values, strict=True), key=operator.itemgetter(0), reverse=reverse)
    return [value for _, value in pairs]


def _sort(values: list[Any], keys: Any, reverse: Any) -> None:
    values[:] = _sorted(values, keys, reverse)


def _extreme(choose: Callable[..., Any]) -> Callable[[Any, Any], Any]:
    def of_keys(values: Any, keys: Any) -> Any:
        pairs = list(zip(keys, values, strict=True))
        return choose(pairs, key=operator.itemgetter(0))[1]

    return of_keys


class Ahead:
    """An iterator that can be asked whether there is a next item before that is taken."""

    def __init__(self, items: Any) -> None:
        self._rest = iter(items)
        self._next: list[Any] = []
        self._over = False

    def more(self) -> bool:
        if not self._next and not self._over:
            for item in self._rest:
                self._next.append(item)
                return True
            self._over = True
        return bool(self._next)

    def take(self) -> Any:
        """The next item, which there is."""
        return self._next.pop()

    def __iter__(self) -> Ahead:
        return self

    def __next__(self) -> Any:
        if not self.more():
            raise StopIteration
        return self.take()


def _of_pattern(pattern: Any, flags: int, name: str, *values: Any, **named: Any) -> Any:
    """A method of a regular expression."""
    return getattr(re.compile(pattern, flags), name)(*values, **named)


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


def _array_of(kind: type) -> Callable[[Any], np.ndarray]:
    def convert(values: Any) -> np.ndarray:
        return np.array(list(values), np.dtype(kind)).reshape(-1)

    return convert


@functools.lru_cache(maxsize=1024)
def _methods(own: str) -> tuple[frozenset[str], tuple[str, ...] | None, tuple[str, ...] | None]:
    """(special methods, attributes by which it is equal, and by which it is hashed)."""
    parts = frozenset(own.split())

    def named(sign: str) -> tuple[str, ...] | None:
        found = next((part[1:] for part in parts if part[0] == sign), None)
        return found if found is None else tuple(filter(None, found.split(",")))

    return parts, named("="), named("#")


class Instance:
    """An instance of a class of the program's.

    number: of its class; name: its class's; own: the special methods that the program gives it,
    and where it has slots alone, `.` and the name of each slot after a `.`; where it is equal to
    others by its attributes, `=` and their names, where it is hashed by them, `#` and their names,
    and `!#` where it cannot be.
    """

    __slots__ = ("attributes", "equal", "hashed", "name", "number", "own")

    def __init__(self, number: int, name: str, own: str) -> None:
        self.number = number
        self.name = name
        self.own, self.equal, self.hashed = _methods(own)
        self.attributes: dict[str, Any] = {}

    def values(self, names: Iterable[str]) -> tuple:
        """What attributes hold."""
        return tuple(self.attributes[name] for name in names)

    def _plain(self, method: str) -> None:
        """Raise FleetError where the program has a method that the host would have to call."""
        if method in self.own:
            raise FleetError(
                f"{method} of a {self.name} would be called from inside of a list, dict or set "
                "that only run time knows"
            )

    def __eq__(self, other: object) -> bool:
        self._plain("__eq__")
        if self.equal is None or not isinstance(other, Instance) or other.number != self.number:
            return self is other
        return self.values(self.equal) == other.values(self.equal)

    def __hash__(self) -> int:
        self._plain("__hash__")
        self._plain("__eq__")
        if "!#" in self.own:
            raise TypeError(f"unhashable type: '{self.name}'")
        return id(self) if self.hashed is None else hash(self.values(self.hashed))

    def __bool__(self) -> bool:
        self._plain("__bool__")
        self._plain("__len__")
        return True

    def __copy__(self) -> Instance:
        self._plain("__copy__")
        return self._with(dict(self.attributes))

    def __deepcopy__(self, memo: dict[int, Any]) -> Instance:
        self._plain("__deepcopy__")
        made = memo[id(self)] = self._with({})
        made.attributes |= copy.deepcopy(self.attributes, memo)
        return made

    def _with(self, attributes: dict[str, Any]) -> Instance:
        made = Instance(self.number, self.name, " ".join(self.own))
        made.attributes = attributes
        return made

    def __iter__(self) -> NoReturn:
        self._plain("__iter__")
        self._plain("__getitem__")
        raise TypeError(f"'{self.name}' object is not iterable")

    def __repr__(self) -> str:
        self._plain("__repr__")
        return f"<__main__.{self.name} object at {id(self):#x}>"

    def __str__(self) -> str:
        self._plain("__str__")
        return repr(self)

    def __format__(self, spec: str) -> str:
        self._plain("__format__")
        if spec:
            raise TypeError(f"unsupported format string passed to {self.name}.__format__")
        return str(self)

    def __lt__(self, other: object) -> bool:
        self._plain("__lt__")
        raise TypeError(
            f"'<' not supported between instances of '{self.name}' and '{_type_name(other)}'"
        )


class Member(Instance):
    """A member of an enumeration: one object in a run, with its texts."""

    __slots__ = ("__weakref__", "shown", "text")

    def __repr__(self) -> str:
        self._plain("__repr__")
        return self.shown

    def __str__(self) -> str:
        self._plain("__str__")
        return self.text

    def __format__(self, spec: str) -> str:
        self._plain("__format__")
        return format(str(self), spec)

    def __copy__(self) -> Member:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Member:
        return self


_MEMBERS: weakref.WeakValueDictionary[tuple[Any, ...], Member] = weakref.WeakValueDictionary()


def _member(number: int, name: str, own: str, member: str, shown: str, text: str) -> Member:
    made = _MEMBERS.get((number, name, own, member))
    if made is None:
        made = _MEMBERS[number, name, own, member] = Member(number, name, own)
        made.shown, made.text = shown, text
    return made


FIRST_CALLBACK = 1 << 32
"""The first number of a function's text; classes have smaller ones."""


class Callback(Instance):
    """A function or a method that the program holds.

    shown: of a function, how its text begins. once: whether it is one object in a run; of others
    there may be several that stand for the same, which therefore nobody can tell apart.
    """

    __slots__ = ("__weakref__", "once", "shown")

    def _owner(self) -> list[Any]:
        return [self.attributes["__self__"]] if "__self__" in self.attributes else []

    def _bound(self) -> tuple[int, str]:
        return id(self._owner()[0]), self.attributes["__name__"]

    def same(self, other: object, equal: bool) -> bool:
        """self is other, or where `equal`, self == other. Raises FleetError for who knows?"""
        if self is other or not isinstance(other, Callback):
            return self is other
        if equal and self._owner() and other._owner():
            return self._bound() == other._bound()
        if self.number != other.number:
            return False
        raise FleetError(f"whether two of the run's {self.name}s are the same one")

    def __eq__(self, other: object) -> bool:
        return self.same(other, True)

    def __hash__(self) -> int:
        if not self.once and not self._owner():
            raise FleetError(f"the hash of a {self.name} that only run time knows")
        return hash(self._bound() if self._owner() else self.number)

    def __bool__(self) -> bool:
        return True

    def __copy__(self) -> Callback:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Callback:
        if self._owner():
            raise FleetError("a deep copy of a method that only run time knows")
        return self

    def __repr__(self) -> str:
        if not self.shown:
            raise FleetError(f"the text of a {self.name} that only run time knows")
        return f"<{self.shown} at {id(self):#x}>"


_CALLBACKS: weakref.WeakValueDictionary[tuple[int, str], Callback] = weakref.WeakValueDictionary()


def _callback(number: int, name: str, shown: str, once: bool) -> Callback:
    made = _CALLBACKS.get((number, shown)) if once else None
    if made is None:
        made = Callback(number, name, "")
        made.shown, made.once = shown, once
        if once:
            _CALLBACKS[number, shown] = made
    return made


def _set_held(value: Callback, name: str, held: Any) -> None:
    value.attributes[name] = held


def _held(value: Callback, name: str) -> Any:
    """What a callback has of its own."""
    return value.attributes[name]


class Failure(Instance):
    """An exception of a class of the program's."""

    __slots__ = ()

    def __repr__(self) -> str:
        self._plain("__repr__")
        args = self.attributes["args"]
        return f"{self.name}({args[0]!r})" if len(args) == 1 else f"{self.name}{args!r}"

    def __str__(self) -> str:
        self._plain("__str__")
        return str(BaseException(*self.attributes["args"]))


def _failure(number: int, name: str, own: str, *args: Any) -> Failure:
    made = Failure(number, name, own)
    made.attributes["args"] = args
    return made


EXCEPTIONS = {
    name: value for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
}
TYPES |= EXCEPTIONS


class Record(tuple):
    """A named tuple; `number` is that of its class."""

    __slots__ = ()
    number = -1
    fields: tuple[str, ...] = ()

    def __repr__(self) -> str:
        pairs = zip(self.fields, self, strict=True)
        return f"{type(self).__name__}({', '.join(f'{name}={item!r}' for name, item in pairs)})"


@functools.cache
def _record_class(number: int, name: str, fields: tuple[str, ...]) -> type[Record]:
    return type(name, (Record,), {"__slots__": (), "number": number, "fields": fields})


def _record(items: list[Any], options: Mapping[str, Any]) -> Record:
    number, name, fields = int(options["number"]), options["name"], tuple(options["fields"])
    return _record_class(number, str(name), fields)(items)


FORMS["record"] = _record


def _number(value: Any) -> int:
    """That of the class of the program's that a value is of; -1 where it is of none."""
    if isinstance(value, Instance | Record):
        return value.number
    return enumerations.NUMBERS.get(type(value), -1)


def _type_tag(value: Any, names: str) -> int:
    """Where the class of a value is among these, given by number or name."""
    number = _number(value)
    name = type(value).__name__ if number < 0 else str(number)
    if name not in names.split():
        raise FleetError(f"type() of a {_type_name(value)} that only run time knows")
    return names.split().index(name)


def _attribute(value: Any, name: str) -> Any:
    if isinstance(value, Instance) and name in value.attributes:
        return value.attributes[name]
    if isinstance(value, Callback):
        raise FleetError(f"the attribute {name} of a {value.name} that only run time knows")
    if isinstance(value, enum.Enum) and name in (held := enumerations.attributes(value)):
        return held[name]
    if isinstance(value, BaseException) and name == "args":
        return value.args
    if name in DATA and isinstance(value, re.Match | collections.deque) and hasattr(value, name):
        return getattr(value, name)
    if not isinstance(value, Instance) and hasattr(value, name):
        raise FleetError(f"the attribute {name} of a {_type_name(value)} that only run time knows")
    raise AttributeError(f"'{_type_name(value)}' object has no attribute '{name}'")


def _has_attribute(value: Any, name: str, numbers: str = "") -> bool:
    """Whether a value has it by itself, or is of one of the classes that give it to theirs."""
    if isinstance(value, Instance):
        own = "." not in value.own if name == "__dict__" else name in value.attributes
        return own or str(value.number) in numbers.split()
    if isinstance(value, enum.Enum):
        own = name == "__dict__" or name in enumerations.attributes(value)
        return own or _is_of(value, numbers)
    if type(value).__module__ not in ("builtins", "collections"):
        raise FleetError(f"hasattr() of a {_type_name(value)} that only run time knows")
    return hasattr(value, name)


def _set_attribute(value: Any, name: str, new: Any) -> None:
    if isinstance(value, Callback):
        raise FleetError(f"the attribute {name} of a {value.name} that only run time knows")
    if isinstance(value, enum.Enum):
        setattr(value, name, new)
        return
    if not isinstance(value, Instance):
        raise AttributeError(f"'{_type_name(value)}' object has no attribute '{name}'")
    if "." in value.own and f".{name}" not in value.own:
        raise AttributeError(f"'{value.name}' object has no attribute '{name}'")
    value.attributes[name] = new


def _delete_attribute(value: Any, name: str) -> None:
    _attribute(value, name)
    del value.attributes[name]


def _class_of(value: Any, name: str) -> int:
    if _number(value) < 0:
        raise AttributeError(f"'{_type_name(value)}' object has no attribute '{name}'")
    return _number(value)


def _is_of(value: Any, numbers: str) -> bool:
    return str(_number(value)) in numbers.split()


class Cache:
    """Of functools.lru_cache(): results by arguments, the one used last at the end."""

    def __init__(self, maxsize: int | None) -> None:
        self.maxsize = maxsize
        self.results: dict[Any, Any] = {}
        self.hits = self.misses = 0

    def has(self, key: Any) -> bool:
        found = key in self.results
        self.hits += found
        self.misses += not found
        return found

    def get(self, key: Any) -> Any:
        value = self.results.pop(key)
        self.results[key] = value
        return value

    def put(self, key: Any, value: Any) -> None:
        self.results[key] = value
        if self.maxsize is not None and len(self.results) > self.maxsize:
            del self.results[next(iter(self.results))]

    def info(self) -> tuple[Any, ...]:
        return self.hits, self.misses, self.maxsize, len(self.results)

    def clear(self) -> None:
        self.results.clear()
        self.hits = self.misses = 0


def _groups(items: Any, keys: Any) -> Iterator[tuple[Any, Iterator[Any]]]:
    """itertools.groupby() with the items' keys, which the program has computed."""
    for key, pairs in itertools.groupby(zip(keys, items, strict=True), operator.itemgetter(0)):
        yield key, (item for _, item in pairs)


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
    if str(_number(value)) in numbers:
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


def _shows(value: Any, numbers: str) -> bool:
    """Whether the text of a container has that of instances of these classes in it."""
    if not isinstance(value, list | tuple | dict | collections.deque | set | frozenset):
        return False
    found: list[Any] = []
    _with_holes(value, frozenset(numbers.split()), found)
    return bool(found)


def _shown_parts(value: Any, numbers: str) -> tuple[list[str], list[Any], int]:
    """The text of a container: what is between the instances, those, and how many they are."""
    found: list[Any] = []
    pieces = repr(_with_holes(value, frozenset(numbers.split()), found)).split("\0")
    if len(pieces) != len(found) + 1:
        raise FleetError("the text of a container with null characters and instances in it")
    return pieces, found, len(found)


def _text_given(value: Any, method: str) -> str:
    """What a method of the program's has given, which has to be a text."""
    if not isinstance(value, str):
        raise TypeError(f"{method} returned non-string (type {_type_name(value)})")
    return value


def _compares(shows: bool, container: Any, *item: Any) -> bool:
    """Whether looking for an item asks a method of the program's; `shows`: for its text, too."""
    if shows and item and isinstance(item[0], Instance):
        return isinstance(container, list)
    if not isinstance(container, list | tuple | collections.deque):
        return False
    return any(isinstance(one, Instance) and "__eq__" in one.own for one in (*container, *item))


def _refuse_call(value: Any) -> NoReturn:
    raise TypeError(f"'{_type_name(value)}' object is not callable")


def _json_dumps(value: Any, **options: Any) -> str:
    def refuse(other: Any) -> Any:
        name = _type_name(other)
        raise TypeError(f"Object of type {name} is not JSON serializable")

    return json.dumps(value, default=refuse, **options)


def json_mistake(text: str | bytes) -> tuple[str, int] | None:
    """What is wrong with a text that is to be JSON, and where."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return error.msg, error.pos
    return None


def _array_text(function: Callable[..., str]) -> Callable[..., str]:
    """A function that makes text of an array: of elements that the program has formatted, where
    there are `texts` of them."""

    def show(array: Any, *, texts: Any = None, **options: Any) -> str:
        if texts is None:
            return function(array, **options)
        given = iter(texts)
        with np.printoptions(formatter={"all": lambda _: next(given)}):
            return function(array, **options)

    return show


def record_text(how: str, described: str, *columns: Any) -> str:
    """The text of a structured array: `str` or `repr`, or those of a row, `item_str` …

    described: its dtype, as str() gives it; columns: the plain arrays of its fields, in order.
    """
    dtype = np.dtype(ast.literal_eval(described))
    given = [np.asarray(column) for column in columns]
    plain = _first_field(dtype)
    rank = given[0].ndim - len(plain.subdtype[1] if plain.subdtype else ())
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
            table[name] = next(columns)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{f"itertools.{name}": getattr(itertools, name) for name in (
        "accumulate chain combinations combinations_with_replacement compress cycle islice "
        "pairwise permutations product repeat tee zip_longest").split()},
    "itertools.flat": itertools.chain.from_iterable,
    "itertools.groups": _groups,
    **{f"math.{name}": value for name, value in vars(math).items() if callable(value)},
    **{f"cmath.{name}": value for name, value in vars(cmath).items() if callable(value)},
    **{f.__name__: f for f in (
        len, repr, ascii, abs, round, sum, min, max, any, all, sorted, list, tuple, set, frozenset,
        dict, str, float, bool, complex, bytes, enumerate, zip, reversed, range, chr, ord,
        hex, bin, oct, divmod, pow, hash, slice, bytearray,
        collections.Counter, collections.deque, collections.OrderedDict,
        heapq.heappush, heapq.heappop, heapq.heapify, heapq.heapreplace, heapq.heappushpop,
        heapq.nlargest, heapq.nsmallest, bisect.bisect_left, bisect.bisect_right,
        bisect.insort_left, bisect.insort_right,
    )},
    "bytes.fromhex": bytes.fromhex,
    "bytearray.fromhex": bytearray.fromhex,
    "int.from_bytes": int.from_bytes,
    "instance": Instance,
    "attribute": _attribute,
    "set_attribute": _set_attribute,
    "delete_attribute": _delete_attribute,
    "callback": _callback,
    "set_held": _set_held,
    "held": _held,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "has_attribute": _has_attribute,
    "class_of": _class_of,
    "is_of": _is_of,
    "number_of": _number,
    "type_tag": _type_tag,
    "generator_result": lambda value, name: (
        value.attributes.get(name) if isinstance(value, Instance) else None),
    "member": _member,
    "enumeration": enumerations.member,
    "flags": lambda one, value: type(one)(value),
    "failure": _failure,
    "exception": lambda name, *args: EXCEPTIONS[name](*args),
    "cache": Cache,
    "cache_has": Cache.has,
    "cache_get": Cache.get,
    "cache_put": Cache.put,
    "cache_info": Cache.info,
    "cache_clear": Cache.clear,
    "fromkeys": dict.fromkeys,
    "iter": Ahead,
    "more": Ahead.more,
    "take": Ahead.take,
    "int": _to_int,
    "long": int,
    "to_index": _to_index,
    "real": operator.attrgetter("real"),
    "imag": operator.attrgetter("imag"),
    "texts": lambda values: list(map(str, values)),
    "of_pattern": _of_pattern,
    "matches": replaced_matches,
    "replaced": replaced,
    **doctest_output.FUNCTIONS,
    "zip_of": lambda values: zip(*values),  # noqa: B905
    "method_of": lambda owner, name, values: call_method([owner, *values], {"name": name}),
    "position": _position,
    "to_float": _to_float,
    "format": _format,
    "percent": _percent,
    "type_name": _type_name,
    "is_instance": _is_instance,
    "sorted_by": _sorted,
    "shows": _shows,
    "text_given": _text_given,
    "compares": _compares,
    "refuse_call": _refuse_call,
    "json_dumps": _json_dumps,
    "json_mistake": json_mistake,
    "json_value": json.loads,
    **{f"statistics.{name}": getattr(statistics, name)
       for name in ("mean", "variance", "pvariance", "stdev", "pstdev")},
    "shown_parts": _shown_parts,
    "has_instances": lambda items: any(isinstance(item, Instance) for item in items),
    "picked": lambda items, order: [items[at] for at in order],
    "assign": operator.setitem,
    "sort_by": _sort,
    "min_by": _extreme(min),
    "max_by": _extreme(max),
    "tolist": np.ndarray.tolist,
    **{f"numpy.{name}": _array_text(getattr(np, name)) for name in (
        "array2string", "array_repr", "array_str")},
    "numpy.record_text": record_text,
    "numpy.format_float_positional": np.format_float_positional,
    "numpy.format_float_scientific": np.format_float_scientific,
    "floats": _array_of(float),
    "ints": _array_of(np.int64),
    "bools": _array_of(bool),
}  # fmt: skip
"""Functions of operands that are objects alone."""


def _public(*kinds: type) -> frozenset[str]:
    return frozenset(name for kind in kinds for name in dir(kind) if not name.startswith("_"))


DATA = frozenset(("lastgroup", "lastindex", "string", "pos", "endpos", "maxlen"))
"""Attributes of Python's own types that are no methods."""
METHODS = (_public(
    str, bytes, list, tuple, dict, set, frozenset, int, float, complex, range, bytearray,
    collections.deque, collections.Counter, collections.OrderedDict, re.Match,
) | {"item", "tolist"}) - DATA  # fmt: skip
"""Methods that a program may call."""


def call_method(arguments: list[Any], options: Mapping[str, Any]) -> Any:
    """A method of the first operand: options `name`, and `named`, the names of the last operands.

    Raises AttributeError where it has none.
    """
    name, named = str(options["name"]), list(options.get("named", ()))
    if name not in METHODS:
        raise AttributeError(f"'{_type_name(arguments[0])}' object has no attribute '{name}'")
    owner, *rest = arguments
    split = len(rest) - len(named)
    return getattr(owner, name)(*rest[:split], **dict(zip(named, rest[split:], strict=True)))


def _as_declared(value: Any, options: Mapping[str, Any]) -> np.ndarray:
    """An array as the program was compiled for it. Raises FleetError for another."""
    shape, dtype = list(options["shape"]), options["dtype"]
    if isinstance(value, list) and not value and len(shape) > 1:
        return np.zeros([0 if length < 0 else length for length in [0, *shape[1:]]], dtype)
    array = np.asarray(value)
    fits = array.ndim == len(shape) and array.dtype.name == dtype and all(
        wanted in (-1, length) for wanted, length in zip(shape, array.shape, strict=True))
    if not fits:
        raise FleetError(
            f"an array of dtype {array.dtype.name} and shape {array.shape} is in a list of arrays "
            f"of dtype {dtype} and rank {len(shape)}"
        )
    return array


def call_function(arguments: list[Any], options: Mapping[str, Any]) -> Any:
    """A function of FUNCTIONS: options as those of `call_method`."""
    if options["name"] in ("array_item", "stacked"):
        return _as_declared(arguments[0], options)
    named = list(options.get("named", ()))
    split = len(arguments) - len(named)
    keywords = dict(zip(named, arguments[split:], strict=True))
    return FUNCTIONS[str(options["name"])](*arguments[:split], **keywords)


def apply_operator(arguments: list[Any], options: Mapping[str, Any]) -> Any:
    """An operator of OPERATORS: option `name`. Raises FleetError for instances' own."""
    allowed = _OF_INSTANCES.get(str(options["name"]), 2)
    if any(isinstance(one, Instance) for one in arguments[:allowed]):
        raise FleetError(f"an operator, {options['name']}, of an instance that only run time knows")
    if options["name"] in ("is_", "is_not") and isinstance(arguments[0], Callback):
        return arguments[0].same(arguments[1], False) == (options["name"] == "is_")
    return OPERATORS[str(options["name"])](*arguments)


def unpack(arguments: list[Any], options: Mapping[str, Any]) -> tuple[Any, ...]:
    """An iterable's items: option `count` of them, and with `after` those after a starred list."""
    try:
        items = list(arguments[0])
    except TypeError:
        kind = _type_name(arguments[0])
        raise TypeError(f"cannot unpack non-iterable {kind} object") from None
    count, after = int(options["count"]), options.get("after")
    if after is None:
        if len(items) > count:
            raise ValueError(f"too many values to unpack (expected {count})")
        if len(items) < count:
            raise ValueError(
                f"not enough values to unpack (expected {count}, got {len(items)})"
            )
        return tuple(items)
    least = count + int(after)
    if len(items) < least:
        raise ValueError(
            f"not enough values to unpack (expected at least {least}, got {len(items)})"
        )
    end = len(items) - int(after)
    return (*items[:count], items[count:end], *items[end:])


def edit(arguments: list[Any], options: Mapping[str, Any]) -> tuple[Any, ...]:
    """A list's content after a method of list or an operator, and what that gives."""
    items, *rest = arguments
    items = list(items)
    name = str(options["name"])
    if name in OPERATORS:
        result = OPERATORS[name](items, *rest)
    else:
        result = call_method([items, *rest], options)
    return (items,) if options.get("silent") else (items, result)


def _shown(error: KeyError) -> KeyError:
    """A KeyError whose message is the text that a traceback shows."""
    if not error.args:
        return error
    shown = KeyError(repr(error.args[0]))
    shown.key = error.args[0]
    return shown


def _service(function: Callable[..., Any], several: bool = False) -> Callable[..., Any]:
    @functools.wraps(function)
    def serve(host: Any, arguments: list[Any], options: Mapping[str, Any]) -> Any:
        kept = [np.array(one) if isinstance(one, np.ndarray) else one for one in arguments]
        try:
            result = function(kept, options)
        except KeyError as error:
            raise _shown(error) from error
        if several:
            return result
        return (result,) if options.get("gives", True) else ()

    return serve


SERVICES: dict[str, Callable[..., Any]] = {
    "build": _service(build),
    "operator": _service(apply_operator),
    "method": _service(call_method),
    "function": _service(call_function),
    "unpack": _service(unpack, True),
    "unpacked": _service(unpack),
    "edit": _service(edit, True),
}

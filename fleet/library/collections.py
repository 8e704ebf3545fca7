"""`collections`: Counter, defaultdict, OrderedDict, namedtuple, on lists and dictionaries.

In: what the program gives their constructors. Out: objects whose content is a `List` or a `Dict`,
so that every write is journaled. The one idea: whoever writes goes through the journaled methods of
those two; nothing here has a state of its own. Semantics: the Python Library Reference.
"""

from __future__ import annotations

import collections as python
import functools
import operator
import sys
from collections.abc import Callable
from types import NoneType
from typing import Any

from fleet.evaluator.iterators import builtin as iterators
from fleet.evaluator.language import calls
from fleet.evaluator.objects import members, operations
from fleet.evaluator.objects.members import public, stands_for
from fleet.evaluator.objects.provided import Builtin
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import array_tuples, objects
from fleet.evaluator.values.heap import SITED, Dict, List, is_late
from fleet.evaluator.values.then import Then, is_run_time_list
from fleet.library.deques import Deque
from fleet.library.named_tuples import namedtuple
from fleet.objects.forms import FACTORIES


class _Subclass(Dict):
    """A dictionary with more methods, of one evaluation."""

    def __init__(self, m: Machine) -> None:
        super().__init__(m.heap)
        self._m = m

    def _filled(self, items: Any) -> Any:
        """As a new object's content, which nobody has seen yet."""
        dict.update(self, items)
        return self

    def shown_items(self) -> list[Any]:
        return list(self.values())

    def object_parts(self) -> tuple[str, list[Any], dict[str, Any]]:
        """As an object of the run: see values.objects."""
        items = [part for pair in self.items() for part in pair]
        return members.python_class(type(self)).__name__, items, {}

    def _dict_parts(self, parts_of: Callable[..., list], items: Any) -> list:
        parts: list[Any] = ["{"]
        for number, (key, value) in enumerate(items):
            parts += [", " if number else "", repr(key), ": ", *parts_of(value, "!r")]
        return [*parts, "}"]

    def text_parts(self, parts_of: Callable[..., list]) -> list:
        """The text as pieces: see values.texts."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return "".join(self.text_parts(lambda item, how: [repr(item)]))


@stands_for(python.defaultdict, public(python.defaultdict), "default_factory")
class DefaultDict(_Subclass):
    """`default_factory`: makes the value of a key that is asked for and not there."""

    default_factory: Any = None

    def object_parts(self) -> tuple[str, list[Any], dict[str, Any]]:
        name, items, options = super().object_parts()
        factory = self.default_factory
        made = getattr(members.python_class(factory) if isinstance(factory, type) else None,
                       "__name__", None)  # fmt: skip
        if made in FACTORIES:
            return name, items, options | {"factory": made}
        return name, items, options | {"program_factory": factory}

    def __missing__(self, key: Any) -> Any:
        if self.default_factory is None:
            raise KeyError(key)
        value = calls.call_value(self._m, self.default_factory, (), {})
        self[key] = value
        return value

    def copy(self) -> DefaultDict:
        made = DefaultDict(self._m)
        made.default_factory = self.default_factory
        return made._filled(self)

    def __or__(self, other: Any) -> Any:
        return self.copy()._filled(other) if isinstance(other, dict) else NotImplemented

    def text_parts(self, parts_of: Callable[..., list]) -> list:
        start = f"defaultdict({self.default_factory!r}, "
        return [start, *self._dict_parts(parts_of, self.items()), ")"]


@stands_for(python.OrderedDict, public(python.OrderedDict))
class OrderedDict(_Subclass):
    def move_to_end(self, key: Any, last: bool = True) -> None:
        value = dict.pop(self._touched(), key)
        if last:
            dict.__setitem__(self, key, value)
            return
        items = list(self.items())
        dict.clear(self)
        dict.update(self, [(key, value), *items])

    def _touched(self) -> OrderedDict:
        self.heap.touch(self)
        return self

    def popitem(self, last: bool = True) -> tuple[Any, Any]:
        if not self:
            raise KeyError("dictionary is empty")
        key = next(reversed(self) if last else iter(self))
        return key, self.pop(key)

    def copy(self) -> OrderedDict:
        return OrderedDict(self._m)._filled(self)

    def __or__(self, other: Any) -> Any:
        return self.copy()._filled(other) if isinstance(other, dict) else NotImplemented

    def __eq__(self, other: object) -> bool:
        if isinstance(other, OrderedDict) and list(self) != list(other):
            return False
        return dict.__eq__(self, other)

    __hash__ = None

    def __ne__(self, other: object) -> bool:
        return not self == other

    def text_parts(self, parts_of: Callable[..., list]) -> list:
        if not self:
            return ["OrderedDict()"]
        if sys.version_info >= (3, 12):
            return ["OrderedDict(", *self._dict_parts(parts_of, self.items()), ")"]
        return ["OrderedDict(", *parts_of(list(self.items()), "!r"), ")"]


@stands_for(python.Counter, public(python.Counter))
class Counter(_Subclass):
    def __missing__(self, key: Any) -> int:
        return 0

    def _new(self, items: Any = ()) -> Counter:
        return Counter(self._m)._filled(items)

    def _counted(self, items: Any, more: Any, sign: int) -> None:
        """Add or subtract a mapping's counts, or one for each item."""
        for given in (items, more):
            if isinstance(given, dict):
                for key, count in list(given.items()):
                    self[key] = self.get(key, 0) + count if sign > 0 else self.get(key, 0) - count
            elif is_late(given) or is_run_time_list(given):
                raise self.heap.outgrown(self)
            elif given is not None:
                for key in operations.known_items(self._m, given):
                    self[key] = self.get(key, 0) + sign

    def update(self, iterable: Any = None, /, **more: Any) -> None:
        self._counted(iterable, more, 1)

    def subtract(self, iterable: Any = None, /, **more: Any) -> None:
        self._counted(iterable, more, -1)

    def most_common(self, n: int | None = None) -> list[tuple[Any, Any]]:
        found = sorted(self.items(), key=operator.itemgetter(1), reverse=True)
        return found if n is None else found[: max(n, 0)]

    def elements(self) -> Any:
        found = [key for key, count in self.items() for _ in range(count)]
        return iterators.steps(self._m, found)

    def total(self) -> Any:
        return sum(self.values())

    def copy(self) -> Counter:
        return self._new(self)

    def __delitem__(self, key: Any) -> None:
        if key in self:
            super().__delitem__(key)

    def _combined(
        self, other: Any, combine: Callable[[Any, Any], Any], keys: Any
    ) -> Any:
        found = ((key, combine(self[key], other[key])) for key in keys)
        return self._new([(key, count) for key, count in found if count > 0])

    def __add__(self, other: Any) -> Any:
        return self._with(other, operator.add)

    def __sub__(self, other: Any) -> Any:
        return self._with(other, operator.sub)

    def __or__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: b if a < b else a)

    def __and__(self, other: Any) -> Any:
        if not isinstance(other, Counter):
            return NotImplemented
        return self._combined(other, lambda a, b: a if a < b else b, list(self))

    def _with(self, other: Any, combine: Callable[[Any, Any], Any]) -> Any:
        if not isinstance(other, Counter):
            return NotImplemented
        return self._combined(other, combine, dict.fromkeys([*self, *other]))

    def __pos__(self) -> Counter:
        return self._combined(Counter(self._m), operator.add, list(self))

    def __neg__(self) -> Counter:
        return self._new([(key, -count) for key, count in self.items() if count < 0])

    def _become(self, other: Counter) -> Counter:
        self.heap.touch(self)
        dict.clear(self)
        return self._filled(other)

    def _in_place(name: str, keep: bool) -> Callable[[Any, Any], Any]:  # noqa: N805
        """Old keys keep their places, new ones follow; what is not positive goes."""

        def update(self: Counter, other: Any) -> Any:
            made = getattr(operator, name)(self, other)
            order = [*self, *(other if keep else ())]
            return self._become(self._new({key: made[key] for key in order if key in made}))

        return update

    __iadd__, __isub__ = _in_place("add", True), _in_place("sub", True)
    __ior__, __iand__ = _in_place("or_", True), _in_place("and_", False)

    def __eq__(self, other: object) -> Any:
        if not isinstance(other, Counter):
            return NotImplemented
        return all(self[key] == other[key] for key in (*self, *other))

    __hash__ = None

    def __ne__(self, other: object) -> Any:
        return NotImplemented if not isinstance(other, Counter) else not self == other

    def _compared(name: str) -> Callable[[Any, Any], Any]:  # noqa: N805
        def compare(self: Counter, other: Any) -> Any:
            if not isinstance(other, Counter):
                return NotImplemented
            holds = getattr(operator, name)
            return all(holds(self[key], other[key]) for key in (*self, *other))

        return compare

    __le__, __ge__ = _compared("le"), _compared("ge")

    def __lt__(self, other: Any) -> Any:
        return self <= other and self != other if isinstance(other, Counter) else NotImplemented

    def __gt__(self, other: Any) -> Any:
        return self >= other and self != other if isinstance(other, Counter) else NotImplemented

    def text_parts(self, parts_of: Callable[..., list]) -> list:
        if not self:
            return ["Counter()"]
        try:
            items = self.most_common()
        except TypeError:
            items = list(self.items())
        return ["Counter(", *self._dict_parts(parts_of, items), ")"]


SITED.update((Deque, DefaultDict, OrderedDict, Counter))


def make_collections(m: Machine) -> dict[str, Any]:
    """The module's names; calling a class makes an object of this evaluation."""

    def late(items: tuple) -> bool:
        return any(isinstance(one, Then) or is_run_time_list(one) or (
            isinstance(one, list | tuple) and any(map(is_late, one))) for one in items)  # fmt: skip

    def mapping(kind: type, items: tuple, more: dict[str, Any]) -> Any:
        items = tuple(calls.taken(m, one) for one in items)
        if late(items):
            made = objects.make(m.backend.e, kind(m)._filled({}))
            objects.method(m.backend.e, made, "update", map(objects.shallow, items), more)
            return made
        if items and isinstance(items[0], iterators.Iterator):
            items = (operations.known_items(m, items[0]), *items[1:])
        return kind(m)._filled(dict(*items, **more))

    def defaultdict(default_factory: Any = None, /, *items: Any, **more: Any) -> DefaultDict:
        if default_factory is not None and not callable(default_factory):
            raise TypeError("first argument must be callable or None")
        made = mapping(DefaultDict, (), {})
        made.default_factory = default_factory
        items = tuple(calls.taken(m, one) for one in items)
        if late(items):
            made = objects.make(m.backend.e, made)
            objects.method(m.backend.e, made, "update", map(objects.shallow, items), more)
            return made
        return made._filled(dict(*items, **more))

    def deque(iterable: Any = (), maxlen: Any = None) -> Any:
        iterable = calls.all_of(m, iterable)
        has_arrays = type(iterable) is List and iterable.run_time is None and any(
            map(array_tuples.holds, iterable))
        if late((iterable, maxlen)) and not (has_arrays and type(maxlen) in (int, NoneType)):
            given = [objects.shallow(iterable), maxlen]
            return objects.function(m.backend.e, "deque", given, python.deque)
        return Deque(m, iterable, maxlen)

    def ordered(*items: Any, **more: Any) -> OrderedDict:
        return mapping(OrderedDict, items, more)

    def ordered_keys(iterable: Any, value: Any = None) -> OrderedDict:
        return ordered(m.native(m.class_attributes[dict, "fromkeys"], iterable, value))

    m.class_attributes[python.OrderedDict, "fromkeys"] = Builtin(
        "fromkeys", ordered_keys, python.OrderedDict.fromkeys)  # fmt: skip

    def counter(iterable: Any = None, /, **more: Any) -> Any:
        iterable = calls.all_of(m, iterable)
        if late((iterable,)):
            given = [objects.shallow(iterable)]
            return objects.function(m.backend.e, "Counter", given, python.Counter, **more)
        made = Counter(m)
        made._counted(iterable, more, 1)
        return made

    m.constructors |= {
        kind: Builtin(kind.__name__, make, kind) for kind, make in (
            (python.deque, deque), (python.defaultdict, defaultdict),
            (python.OrderedDict, ordered), (python.Counter, counter))
    }  # fmt: skip
    kinds = (python.deque, python.defaultdict, python.OrderedDict, python.Counter)
    items_of = functools.partial(operations.known_items, m)
    make = Builtin("namedtuple", functools.partial(namedtuple, items_of, m.backend.e), None)
    return {kind.__name__: kind for kind in kinds} | {"namedtuple": make}

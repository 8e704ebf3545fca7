"""`operator`: Python's operators as functions, by the evaluator's rules.

In: values known now or then. Out: what the operator gives. The one idea: an operator here is the
one of an expression, so `operator.add` of run-time lists is what `+` of them is.
"""

from __future__ import annotations

import operator as python
from collections.abc import Callable
from typing import Any

from fleet.evaluator.iterators.protocol import Iterator
from fleet.evaluator.language import calls
from fleet.evaluator.objects import attributes, instances, operations, special_methods
from fleet.evaluator.objects.members import stands_for
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import numbers, objects, operators, texts
from fleet.evaluator.values.heap import Composite
from fleet.evaluator.values.then import BINARY, COMPARE, Number, Object, is_run_time_list

_PLAIN = "concat iconcat".split()
_UNARY = "neg pos invert inv abs".split()
_OTHERWISE = {"inv": "invert"}
_IN_PLACE = [f"i{name}" for name in BINARY]


@stands_for(python.itemgetter, "__call__")
class ItemGetter(Composite):
    def __init__(self, m: Machine, keys: tuple) -> None:
        self._m = m
        self._keys = keys

    def __call__(self, value: Any, /) -> Any:
        found = tuple(operations.get_item(self._m, value, key) for key in self._keys)
        return found[0] if len(found) == 1 else found

    def __repr__(self) -> str:
        return f"operator.itemgetter({', '.join(map(repr, self._keys))})"


@stands_for(python.attrgetter, "__call__")
class AttributeGetter:
    def __init__(self, m: Machine, names: tuple) -> None:
        if not all(isinstance(name, str) for name in names):
            raise TypeError("attribute name must be a string")
        self._m = m
        self._names = names

    def __call__(self, value: Any, /) -> Any:
        found = tuple(self._follow(value, name) for name in self._names)
        return found[0] if len(found) == 1 else found

    def _follow(self, value: Any, path: str) -> Any:
        for name in path.split("."):
            value = attributes.get_attribute(self._m, value, name)
        return value

    def __repr__(self) -> str:
        return f"operator.attrgetter({', '.join(map(repr, self._names))})"


@stands_for(python.methodcaller, "__call__")
class MethodCaller(Composite):
    def __init__(self, m: Machine, name: Any, arguments: tuple, keywords: dict[str, Any]) -> None:
        if not isinstance(name, str):
            raise TypeError("method name must be a string")
        self._m = m
        self._name = name
        self._arguments = arguments
        self._keywords = keywords

    def __call__(self, value: Any, /) -> Any:
        method = attributes.get_attribute(self._m, value, self._name)
        return calls.call_value(self._m, method, self._arguments, self._keywords)

    def __repr__(self) -> str:
        shown = [repr(self._name), *map(repr, self._arguments)]
        shown += [f"{key}={value!r}" for key, value in self._keywords.items()]
        return f"operator.methodcaller({', '.join(shown)})"


def _operation(m: Machine, name: str, plain: Callable[..., Any]) -> Callable[[Any, Any], Any]:
    def operate(a: Any, b: Any, /) -> Any:
        if m.policy.instances and (isinstance(a, Object) or isinstance(b, Object)):
            in_place = name in _IN_PLACE
            return instances.operated(
                m, name[1:] if in_place else name, a, b, lambda: plain(a, b), in_place)
        if is_run_time_list(a) or is_run_time_list(b):
            return operators.operate(m.backend.e, name, a, b)
        return plain(a, b)

    operate.__name__ = operate.__qualname__ = plain.__name__
    return operate


def _unary(m: Machine, name: str, plain: Callable[..., Any]) -> Callable[[Any], Any]:
    def operate(a: Any, /) -> Any:
        if not isinstance(a, Object):
            return plain(a)
        return instances.special(m, a, f"__{_OTHERWISE.get(name, name)}__", (), lambda: plain(a))

    operate.__name__ = operate.__qualname__ = plain.__name__
    return operate


def _found(m: Machine, name: str, plain: Callable[..., Any]) -> Callable[[Any, Any], Any]:
    """A function that looks for an item among others."""
    def look(a: Any, b: Any, /) -> Any:
        if m.backend.e is None or not texts.has_run_time((a, b)) and not isinstance(a, Iterator):
            return plain(a, b)
        return m.language.call_value(m, m.prelude.get(name), (a, b), {})

    return look


def _index(m: Machine, a: Any) -> Any:
    a = special_methods.whole(m, a)
    if isinstance(a, Object):
        return objects.to_number(m.backend.e, a)
    if isinstance(a, Number) and a.kind != "float":
        return numbers.to_int(m.backend.e, a)
    return python.index(a)


def make_operator(m: Machine) -> dict[str, Any]:
    """The module's names."""
    table: dict[str, Any] = {name: getattr(python, name) for name in _PLAIN}
    for name in (*BINARY, *COMPARE):
        public = f"{name}_" if name in ("and", "or") else name
        table[public] = _operation(m, name, getattr(python, public))
    for name in _IN_PLACE:
        table[name] = _operation(m, name, getattr(python, name))
    for name in _UNARY:
        table[name] = _unary(m, name, getattr(python, name))
    m.constructors |= {
        python.itemgetter: lambda item, /, *items: ItemGetter(m, (item, *items)),
        python.attrgetter: lambda name, /, *names: AttributeGetter(m, (name, *names)),
        python.methodcaller: lambda name, /, *arguments, **keywords: MethodCaller(
            m, name, arguments, keywords),
    }  # fmt: skip
    return table | {
        "not_": lambda a, /: operations.negate(m, operations.truth_of(m, a)),
        "index": lambda a, /: _index(m, a),
        "truth": lambda a, /: operations.truth_of(m, a),
        "is_": lambda a, b, /: operations.identical(m, a, b),
        "is_not": lambda a, b, /: operations.negate(m, operations.identical(m, a, b)),
        "contains": lambda a, b, /: operations.contains(m, a, b),
        "countOf": _found(m, "occurrences", python.countOf),
        "indexOf": _found(m, "index_of", python.indexOf),
        "setitem": lambda a, b, c, /: operations.set_item(m, a, b, c),
        "delitem": lambda a, b, /: operations.delete_item(m, a, b),
        "getitem": lambda a, b, /: operations.get_item(m, a, b),
        "itemgetter": python.itemgetter, "attrgetter": python.attrgetter,
        "methodcaller": python.methodcaller,
    }  # fmt: skip

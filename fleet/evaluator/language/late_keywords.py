"""Calls with `**value` of which only run time knows the names.

In: one of the run's dictionaries, and the function that is called. Out: keyword arguments as of any
other call. The one idea: a function says what its parameters are called, so each is looked up by
name; what is left over is one dictionary, for `**kwargs`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fleet.evaluator.objects import operations
from fleet.evaluator.objects.functions import LATE, Function
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import objects
from fleet.evaluator.values.then import Object, Rest, Spread


def add(m: Machine, value: Object, keywords: dict[str, Any]) -> None:
    """Note `**value` among a call's keyword arguments."""
    if LATE in keywords:
        raise m.error("two dictionaries whose keys run time knows give keyword arguments here",
                      "put them into one: {**a, **b}")  # fmt: skip
    keywords[LATE] = Spread(value)


def refuse_twice(m: Machine, name: str, keywords: dict[str, Any]) -> None:
    """Raise Python's TypeError where `**value` has a name that the call gives as well."""
    late = keywords[LATE].value

    def twice(key: str) -> None:
        message = f"{name}() got multiple values for keyword argument '{key}'"
        raise m.raised(TypeError(message))

    for key in keywords:
        if key != LATE:
            found = operations.contains(m, late, key)
            m.language.choose(m, found, lambda key=key: twice(key), lambda: None)


def settle(
    m: Machine, function: Function, arguments: tuple, keywords: dict[str, Any]
) -> dict[str, Any]:
    """The keyword arguments of a call of a function, each by its name."""
    if isinstance(keywords[LATE], Rest):
        return keywords
    known = function._node.facts
    first = known.count - len(function._defaults)
    defaults = dict(zip(known.positional[first:], function._defaults, strict=True))
    names = [name if name in known.by_keyword else None for name in known.positional]
    found = _Called(function.__qualname__, names, list(known.only_keyword),
                    defaults | function._kw_defaults,
                    function._node.args.kwarg is not None)  # fmt: skip
    return _settle(m, found, len(arguments), keywords)


def is_named_tuple(cls: Any) -> bool:
    return isinstance(cls, type) and issubclass(cls, tuple) and hasattr(cls, "_fields")


def of_named_tuple(
    m: Machine, cls: Any, arguments: tuple, keywords: dict[str, Any]
) -> dict[str, Any]:
    """The same for one that is made of its fields."""
    found = _Called(f"{cls.__name__}.__new__", list(cls._fields), [], cls._field_defaults, False)
    return _settle(m, found, len(arguments), keywords)


@dataclass
class _Called:
    """A function's parameters; None: one without a name to call it by."""

    name: str
    positional: list[str | None]
    only_keyword: list[str]
    defaults: dict[str, Any]
    takes_any: bool

    def has(self, name: str) -> bool:
        return name in self.positional or name in self.only_keyword


def _settle(m: Machine, called: _Called, count: int, keywords: dict[str, Any]) -> dict[str, Any]:
    late = keywords[LATE].value
    given = {key: value for key, value in keywords.items() if key != LATE}
    positional = [name for name in called.positional[count:] if name and name not in given]
    by_name = [name for name in called.only_keyword if name not in given]
    m.language.call_value(m, m.prelude.get("check_keywords"), (
        late, called.name, tuple(name for name in called.positional[:count] if name),
        (*positional, *by_name),
        tuple(name for name in positional if name not in called.defaults),
        tuple(name for name in by_name if name not in called.defaults),
        called.takes_any,
    ), {})  # fmt: skip
    found = {name: value for name, value in given.items() if called.has(name)}
    for name in (*positional, *by_name):
        found[name] = _argument(m, late, name, called.defaults)
    if not called.takes_any:
        return given | found
    left = Rest(_without(m, late, (*positional, *by_name)))
    more = {key: value for key, value in given.items() if not called.has(key)}
    if more:
        whole = m.native(objects.make, m.backend.e, {})
        order = {key: more.get(key, left) for key in keywords if key == LATE or key in more}
        left = Rest(put_all(m, whole, order))
    return {**found, LATE: left}


def _argument(m: Machine, late: Object, name: str, defaults: dict[str, Any]) -> Any:
    def item() -> Any:
        return operations.get_item(m, late, name)

    if name not in defaults:
        return item()
    return m.language.choose(m, operations.contains(m, late, name), item, lambda: defaults[name])


def _without(m: Machine, late: Object, names: tuple[str, ...]) -> Object:
    """A copy of a dictionary without some of its keys."""
    left = m.native(objects.function, m.backend.e, "dict", [late], dict)
    for name in names:
        m.native(objects.method, m.backend.e, left, "pop", [name, None], {})
    return left


def put_all(m: Machine, whole: Object, keywords: dict[str, Any]) -> Object:
    """Put keyword arguments into one of the run's dictionaries, as the call has them."""
    for key, value in keywords.items():
        if key == LATE:
            m.native(objects.method, m.backend.e, whole, "update", [value.value], {})
        else:
            operations.set_item(m, whole, key, value)
    return whole

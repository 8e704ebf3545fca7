"""What a function may read of the program: the objects that its text leads to, as they are.

In: functions, classes and arguments. Out: their states, to be compared with later ones. The one
idea: a body reads the names that its text says, and what those lead to; as long as all of that is
as it was, evaluating it again gives what it gave.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import GetSetDescriptorType, MemberDescriptorType, MethodType
from typing import Any

from fleet.evaluator.control.places import WHOLE
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.objects.modules import Module
from fleet.evaluator.objects.provided import BoundBuiltin, Builtin
from fleet.evaluator.values import classes
from fleet.evaluator.values.heap import (
    MISSING,
    AtRunTime,
    Bindings,
    Cell,
    Composite,
    attributes_of,
    state_of,
)
from fleet.evaluator.values.identity import same
from fleet.evaluator.values.then import Array, Union, Unusable, natives
from fleet.ir.core import Value
from fleet.syntax import tree

_DESCRIPTORS = MemberDescriptorType | GetSetDescriptorType
"""What classes have for slots."""


@dataclass
class State:
    """What an object was when a function was evaluated that may read it.

    names: which of its entries the function may read, None for all.
    """

    owner: Any
    names: frozenset[str] | None
    content: Any

    def changes(self) -> list[Any]:
        """The keys of the places that are not what they were."""
        now = _content(self.owner)
        if isinstance(now, dict):
            keys = now.keys() | self.content.keys()
            if self.names is not None:
                keys &= self.names
            return [key for key in keys
                    if not same(now.get(key, MISSING), self.content.get(key, MISSING))]
        if same(now, self.content):
            return []
        both = type(now) is tuple and type(self.content) is tuple
        if both and isinstance(self.owner, list) and len(now) == len(self.content):
            pairs = enumerate(zip(now, self.content, strict=True))
            return [key for key, pair in pairs if not same(*pair)]
        return [WHOLE]


@dataclass
class Readable:
    """All that a function may read: the objects' states, and their values of run time."""

    states: list[State]
    natives: set[int]

    def changes(self) -> Iterator[tuple[Any, Any]]:
        """(owner, key) of what is not as it was."""
        return ((state.owner, key) for state in self.states for key in state.changes())

    def has(self, values: Iterable[Value]) -> bool:
        return all(id(value) in self.natives for value in values)


def _content(owner: Any) -> Any:
    if isinstance(owner, Composite) and not isinstance(owner, dict | list | set):
        return tuple(owner.held())
    return state_of(owner)


def readable(roots: list[Any]) -> Readable | None:
    """What can be read from here by functions' names; None where nobody can tell."""
    seen: set[int] = set()
    states: list[State] = []
    late: set[int] = set()
    waiting = list(roots)
    while waiting:
        owner = waiting.pop()
        if id(owner) in seen:
            continue
        seen.add(id(owner))
        if isinstance(owner, AtRunTime):
            found = natives(owner)
            if found is None:
                return None
            late.update(map(id, found))
        more = _parts(owner, states)
        if more is None:
            return None
        waiting += more
    return Readable(states, late)


_OPAQUE = (
    str | bytes | int | float | complex | None | type(...) | type(NotImplemented) | range | slice
    | Builtin | tree.AST
)


def _parts(owner: Any, states: list[State]) -> list[Any] | None:
    """What an object leads to, its state noted; None for what is of no kind that is known here."""
    if isinstance(owner, Function):
        parts = [*owner._defaults, *owner._kw_defaults.values(), dict(owner.__dict__)]
        if owner._prelude:
            return parts
        names = owner._node.facts.around
        for scope in owner._scope.chain():
            read = {name: scope.values[name] for name in names if name in scope.values}
            states.append(State(scope.values, names, read))
            parts += read.values()
        return [*parts, owner.method_of()]
    if isinstance(owner, Unusable):
        return list(owner.values)
    if isinstance(owner, Union):
        return list(owner.choices.values())
    if isinstance(owner, Array):
        return [owner.cell]
    if isinstance(owner, AtRunTime | _OPAQUE):
        return []
    if isinstance(owner, Module):
        if owner.variables is None:
            return []
        states.append(State(owner.variables, None, dict(owner.variables)))
        return list(owner.variables.values())
    if isinstance(owner, MethodType | BoundBuiltin):
        return [owner.__self__, getattr(owner, "__func__", None)]
    if isinstance(owner, property):
        return [owner.fget, owner.fset, owner.fdel]
    if isinstance(owner, staticmethod | classmethod):
        return [owner.__func__]
    if isinstance(owner, type):
        if not classes.is_made(owner):
            return []
        found = attributes_of(owner)
        states.append(State(owner, None, found))
        own = [value for name, value in found.items()
               if not classes.is_hidden(name) and name != "_abc_impl"]
        return [*own, *owner.__mro__[1:]]
    if isinstance(owner, Bindings):
        return None
    if type(owner) in (tuple, dict, frozenset):
        return [*owner, *owner.values()] if isinstance(owner, dict) else list(owner)
    if classes.is_made(type(owner)) or isinstance(owner, BaseException):
        entries = classes.entries(owner)
        if isinstance(entries, dict):
            states.append(State(entries, None, dict(entries)))
            parts = list(entries.values())
        else:
            found = attributes_of(owner)
            states.append(State(owner, None, found))
            parts = list(found.values())
        return [*parts, type(owner), *(owner if isinstance(owner, tuple) else ())]
    if isinstance(owner, dict | list | set | Cell | Composite):
        content = _content(owner)
        states.append(State(owner, None, content))
        if isinstance(content, dict):
            return [*content, *content.values()]
        return list(content) if isinstance(content, tuple | frozenset) else [content]
    harmless = callable(owner) or isinstance(owner, _DESCRIPTORS)
    return [] if harmless or type(owner).__module__ == "typing" else None



"""Places: what can hold a value, written to in one path of the program and read in another.

In: objects of the user's program. Out: their entries or contents one by one, and a walk over
everything that the program can get at. The one idea: what a branch or loop changed is a list of
places with a value for each path.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import MethodType
from typing import Any

from fleet.evaluator.functions import Function
from fleet.evaluator.provided import BoundBuiltin
from fleet.evaluator.values.heap import MISSING, Bindings, Cell, List, set_state, state_of
from fleet.evaluator.values.then import Array, Then

WHOLE = "<content>"
"""The key of a place that is all of a list or array."""


@dataclass
class Place:
    """What holds a value and was written to: an entry of `owner`, or its whole content."""

    owner: Any
    key: Any
    sides: list[Any] = field(default_factory=list)

    def read(self) -> Any:
        if self.key is WHOLE:
            return state_of(self.owner)
        if isinstance(self.owner, List):
            return list.__getitem__(self.owner, self.key)
        return self.owner.get(self.key, MISSING)

    def write(self, heap: Any, value: Any) -> None:
        heap.touch(self.owner)
        if self.key is WHOLE:
            set_state(self.owner, value)
        elif isinstance(self.owner, List):
            list.__setitem__(self.owner, self.key, value)
        elif value is MISSING:
            self.owner.pop(self.key, None)
        else:
            dict.__setitem__(self.owner, self.key, value)

    @property
    def name(self) -> str:
        if isinstance(self.owner, Bindings):
            return f"`{self.key}`"
        return "a list" if isinstance(self.owner, List) else f"`{self.key}`"


def reachable(roots: list[Any]) -> Iterator[tuple[Any, Any, Any]]:
    """(container, key, value) of everything that the program can get at from these objects."""
    seen: set[int] = set()
    waiting = list(roots)
    while waiting:
        owner = waiting.pop()
        if id(owner) in seen:
            continue
        seen.add(id(owner))
        if isinstance(owner, dict):
            items = list(owner.items())
        elif isinstance(owner, list | tuple | set | frozenset):
            items = list(enumerate(owner))
        elif isinstance(owner, Function):
            if owner._prelude:
                continue
            waiting += [scope.values for scope in owner._scope.chain()]
            items = list(enumerate(owner._defaults)) + list(owner._kw_defaults.items())
        elif isinstance(owner, BoundBuiltin):
            items = [(0, owner.__self__)]
        elif isinstance(owner, MethodType):
            items = [(0, owner.__self__), (1, owner.__func__)]
        elif getattr(owner, "__module__", None) == "__main__":  # a user's class or instance
            items = list(vars(owner).items()) + [(None, type(owner))]
        elif isinstance(owner, functools.partial):
            items = list(enumerate((owner.func, owner.args, owner.keywords)))
        else:
            items = []
        for key, value in items:
            yield owner, key, value
            if not isinstance(value, str | int | float | Then):
                waiting.append(value)


def storages(value: Any) -> Iterator[Cell | List]:
    """What a write to the value would change: the storage of arrays, lists; in tuples as well."""
    if isinstance(value, Array) and not value.scalar:
        yield value.cell
    elif isinstance(value, List):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from storages(item)

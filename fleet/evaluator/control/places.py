"""Places: what can hold a value, written to in one path of the program and read in another.

In: objects of the user's program. Out: their entries or contents one by one, and a walk over
everything that the program can get at. The one idea: what a branch or loop changed is a list of
places with a value for each path.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from types import BuiltinFunctionType, MethodType
from typing import Any

import numpy as np

from fleet.evaluator.objects.functions import Function
from fleet.evaluator.objects.provided import BoundBuiltin
from fleet.evaluator.state.completions import Following
from fleet.evaluator.state.scopes import Scope
from fleet.evaluator.values import classes
from fleet.evaluator.values.heap import (
    MISSING,
    Bindings,
    Cell,
    Composite,
    List,
    Progress,
    attributes_of,
    set_state,
    state_of,
    write_attribute,
)
from fleet.evaluator.values.then import Array, Number, Text, Then

WHOLE = "<content>"
"""The key of a place that is all of a list or array."""


@dataclass
class Place:
    """What holds a value and was written to: an entry of `owner`, or its whole content."""

    owner: Any
    key: Any
    sides: list[Any] = field(default_factory=list)
    lifted: bool = False
    """Whether the owner came to be on one side, where alone the place has a value."""

    def read(self) -> Any:
        if self.key is WHOLE:
            return state_of(self.owner)
        if isinstance(self.owner, List):
            return list.__getitem__(self.owner, self.key)
        entries = self.owner if isinstance(self.owner, dict) else state_of(self.owner)
        return entries.get(self.key, MISSING)

    def exists(self) -> bool:
        """Whether the owner still has such a place."""
        if isinstance(self.owner, List):
            whole = self.owner.row is not None or self.owner.content is not None
            return self.key is WHOLE or (not whole and self.key < len(self.owner))
        return self.key is not WHOLE or isinstance(self.owner, Cell | set)

    def write(self, heap: Any, value: Any) -> None:
        heap.touch(self.owner)
        if self.key is WHOLE:
            set_state(self.owner, value)
        elif isinstance(self.owner, List):
            list.__setitem__(self.owner, self.key, value)
        elif not isinstance(self.owner, dict):
            write_attribute(self.owner, self.key, value)
        elif value is MISSING:
            self.owner.pop(self.key, None)
        else:
            dict.__setitem__(self.owner, self.key, value)

    @property
    def name(self) -> str:
        if isinstance(self.owner, Bindings):
            return f"`{self.key}`"
        if isinstance(self.owner, Progress):
            return "this iterator"
        return "a list" if isinstance(self.owner, List) else f"`{self.key}`"


class Paths:
    """How the program gets at its objects from where it is: the same ways, evaluated again.

    of: id of a container -> its path; owners: the reverse.
    """

    def __init__(
        self, scope: Scope, callers: list[Scope], following: list[Following], cells: dict[str, Cell]
    ) -> None:
        self.of: dict[int, tuple] = {}
        self.owners: dict[tuple, Any] = {}
        waiting: list[tuple[tuple, Any]] = [(("own", name), cell) for name, cell in cells.items()]
        for depth, body in enumerate(entry.body for entry in following if entry.begins):
            for name in ("broken", "returned", "continued", "value", "raised"):
                waiting.append((("body", depth, name), getattr(body, name)))
        for depth, start in enumerate([*callers, scope]):
            for height, one in enumerate(start.chain()):
                waiting.append((("scope", depth, height), one.values))
        while waiting:
            path, owner = waiting.pop()
            if id(owner) in self.of:
                continue
            self.of[id(owner)] = path
            self.owners[path] = owner
            waiting += [((*path, key), value) for key, value in _parts(owner)]


def _parts(owner: Any) -> list[tuple[Any, Any]]:
    """(key, object) of what a container leads to, of what can change or lead on."""
    if isinstance(owner, dict):
        items = list(owner.items())
    elif isinstance(owner, List) and owner.row is not None:
        items = [("table", owner.row.table)]
    elif isinstance(owner, List) and owner.content is not None:
        items = []
    elif isinstance(owner, list | tuple):
        items = list(enumerate(owner))
    elif isinstance(owner, Array):
        items = [("cell", owner.cell)]
    elif isinstance(owner, Function):
        scopes = () if owner._prelude else owner._scope.chain()
        items = [(("scope", height), scope.values) for height, scope in enumerate(scopes)]
        items += list(enumerate(owner._defaults)) + list(owner._kw_defaults.items())
    elif isinstance(owner, MethodType):
        items = [("self", owner.__self__), ("func", owner.__func__)]
    elif isinstance(owner, BoundBuiltin):
        items = [("self", owner.__self__)]
    elif classes.is_made(type(owner)):
        items = [("vars", classes.entries(owner))]
    elif isinstance(owner, Composite):
        items = list(enumerate(owner.held()))
    elif isinstance(owner, Progress):
        items = [("content", owner.content)]
    else:
        items = []
    return [(key, value) for key, value in items if not isinstance(value, _PLAIN)]


_PLAIN = (
    str, bytes, int, float, type(None), np.generic, np.ufunc, np.dtype, BuiltinFunctionType, Number,
    Text,
)


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
        elif isinstance(owner, List) and owner.row is not None:
            items = [("table", owner.row.table)]
        elif isinstance(owner, List):
            items = list(enumerate(owner.known()))
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
        elif classes.is_made(owner if isinstance(owner, type) else type(owner)):
            items = list(attributes_of(owner).items()) + [(None, type(owner))]
        elif isinstance(owner, Composite):
            items = list(enumerate(owner.held()))
        elif isinstance(owner, Progress):
            items = [(WHOLE, owner.content)]
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
        yield value if value.row is None else value.row.table
    elif isinstance(value, tuple):
        for item in value:
            yield from storages(item)


def same_set(a: frozenset, b: frozenset) -> bool:
    """Whether two sets hold the same constants; 1 and True are not the same."""
    return {(type(item), item) for item in a} == {(type(item), item) for item in b}


def keeps_order(states: list[dict]) -> bool:
    """Whether writing a dictionary's entries one by one gives the order that each path gave."""
    before, *after = map(list, states)
    expected = [key for key in before if key in states[1]]
    expected += [key for key in after[0] if key not in states[0]]
    return all(keys == expected for keys in after)

"""Objects of the user's program that can change, and undo logs of their changes.

In: the evaluator's writes. Out: for a stretch of evaluation, which objects it changed, what they
were before and what they are now. The one idea: both branches of a run-time `if` are evaluated at
build time, one after the other, so each must start from the same world and say what it changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

SPLIT = (
    "this array or list may or may not be the one that another name has after a run-time branch or "
    "loop, so it cannot be written to"
)


class Missing:
    """Stands where a dictionary has no entry."""

    def __repr__(self) -> str:
        return "<missing>"


MISSING = Missing()
_SERIAL = count()


@dataclass
class Journal:
    """What one stretch of evaluation changed: object id -> (object, its state before)."""

    saved: dict[int, tuple[Any, Any]] = field(default_factory=dict)
    start: int = field(default_factory=lambda: next(_SERIAL))

    def effects(self) -> list[tuple[Any, Any, Any]]:
        """(object, state before, state now) of every older object that was written to."""
        return [
            (obj, before, state_of(obj))
            for obj, before in self.saved.values()
            if not self.is_new(obj, before)
        ]

    def final(self) -> list[tuple[Any, Any]]:
        """(object, state now) of every object that was written to."""
        return [(obj, state_of(obj)) for obj, _ in self.saved.values()]

    def is_new(self, obj: Any, before: Any) -> bool:
        """Whether the object came to be during this journal, so that nobody outside knows it."""
        serial = getattr(obj, "serial", None)
        if serial is not None:
            return serial > self.start
        return isinstance(obj, dict) and not before

    def roll_back(self) -> None:
        for obj, before in reversed(self.saved.values()):
            set_state(obj, before)


class Heap:
    """All open journals, innermost last."""

    def __init__(self) -> None:
        self.journals: list[Journal] = []
        self.refuse: Callable[[str], Exception] = RuntimeError

    def touch(self, obj: Any) -> None:
        """Called before every write to a mutable object."""
        if self.journals:
            saved = self.journals[-1].saved
            if id(obj) not in saved:
                saved[id(obj)] = (obj, state_of(obj))

    @contextmanager
    def journal(self) -> Iterator[Journal]:
        """Record the changes inside the `with` block; they are undone at its end."""
        journal = Journal()
        self.journals.append(journal)
        try:
            yield journal
        finally:
            self.journals.pop()
            journal.roll_back()


class Bindings(dict):
    """The values of a scope's names."""

    def __init__(self, items: Any = ()) -> None:
        super().__init__(items)
        self.serial = next(_SERIAL)


class Cell:
    """A mutable object with one replaceable content: the storage of an array, say."""

    __slots__ = ("content", "serial", "split")

    def __init__(self, content: Any) -> None:
        self.content = content
        self.serial = next(_SERIAL)
        self.split = False


def state_of(obj: Any) -> Any:
    """A snapshot of an object's content."""
    match obj:
        case dict():
            return dict(obj)
        case List():
            return obj.run_time if obj.run_time is not None else tuple(list.__iter__(obj))
        case set():
            return frozenset(obj)
        case Cell():
            return obj.content
    raise TypeError(f"no snapshots of {type(obj).__name__}")


def set_state(obj: Any, state: Any) -> None:
    match obj:
        case dict():
            dict.clear(obj)
            dict.update(obj, state)
        case List():
            list.clear(obj)
            if isinstance(state, tuple):
                obj.run_time = None
                list.extend(obj, state)
            else:
                obj.run_time = state
                list.append(obj, state)  # so that C code that looks inside stumbles
        case set():
            set.clear(obj)
            set.update(obj, state)
        case Cell():
            obj.content = state


def _journaled(base: type, name: str) -> Callable:
    """A method of a builtin container that tells the heap before it writes."""
    method = getattr(base, name)

    def write(self: Any, *arguments: Any, **keywords: Any) -> Any:
        if base is list and self.split:
            raise self.heap.refuse(SPLIT)
        self.heap.touch(self)
        if base is list and self.run_time is not None:
            return self.run_time.write(self, name, *arguments)
        result = method.__get__(self)(*arguments, **keywords)
        return self if result is not None and name.startswith("__i") else result

    write.__name__ = name
    return write


class Dict(dict):
    """The user's dictionaries."""

    def __init__(self, heap: Heap, items: Any = ()) -> None:
        super().__init__(items)
        self.heap = heap
        self.serial = next(_SERIAL)

    def copy(self) -> Dict:
        return Dict(self.heap, self)

    def __or__(self, other: dict) -> Dict:
        return (
            Dict(self.heap, dict.__or__(self, other)) if isinstance(other, dict) else NotImplemented
        )

    def __ror__(self, other: dict) -> Dict:
        return (
            Dict(self.heap, dict.__or__(other, self)) if isinstance(other, dict) else NotImplemented
        )


class Set(set):
    """The user's sets."""

    def __init__(self, heap: Heap, items: Iterable = ()) -> None:
        super().__init__(items)
        self.heap = heap
        self.serial = next(_SERIAL)

    def __repr__(self) -> str:
        return repr(set(self))


class List(list):
    """The user's lists. `run_time` holds the content once its length is known at run time only."""

    def __init__(self, heap: Heap, items: Iterable = (), run_time: Any = None) -> None:
        super().__init__(items)
        self.heap = heap
        self.run_time = run_time
        self.serial = next(_SERIAL)
        self.split = False
        """Whether another name may or may not lead to this list, so that it cannot be written."""

    def copy(self) -> List:
        return List(self.heap, list.copy(self), self.run_time)


for _base, _own, _names in (
    (dict, Dict, "__setitem__ __delitem__ clear pop popitem setdefault update __ior__"),
    (list, List, "__setitem__ __delitem__ append clear extend insert pop remove reverse sort "
                 "__iadd__ __imul__"),
    (set, Set, "add clear discard pop remove update intersection_update difference_update "
               "symmetric_difference_update __ior__ __iand__ __isub__ __ixor__"),
):  # fmt: skip
    for _name in _names.split():
        setattr(_own, _name, _journaled(_base, _name))
    _own.__name__ = _own.__qualname__ = _base.__name__
    _own.__module__ = "builtins"

"""One side of a run-time branch: what evaluating it gave, and what of that can leave it.

In: a block that was evaluated under a journal. Out: the kinds of the values that it computed. The
one idea: a side is evaluated and undone, and its state at the end can be replayed to be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MethodType
from typing import Any

from fleet.evaluator.control.places import WHOLE, Place
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.values import classes, kinds
from fleet.evaluator.values.heap import (
    Attributes,
    Cell,
    Composite,
    Heap,
    Journal,
    List,
    attributes_of,
    set_state,
)
from fleet.evaluator.values.then import Array, Union, natives
from fleet.ir.core import Block, Value


class Stopped(Exception):
    """Evaluation cannot go past here: what the program does (exit, raise) has been emitted."""


Normal = dict[tuple[int, Any], tuple[Place, kinds.Kind | None, Any]]
"""By owner and key: a place, the kind of what it holds, and that itself if it is a constant, else
MISSING."""


@dataclass
class Outcome:
    """One side of a branch, evaluated and rolled back.

    ended: control does not leave the side at its end: the program ends in it; raised: it does, but
    it is certain that an exception travels.
    """

    block: Block
    effects: dict[int, tuple[Any, Any, Any]]
    value: Any
    ended: bool
    journal: Journal
    final: list[tuple[Any, Any]]
    """Every object that was written to, also new ones, with its state at the end."""
    raised: bool = False
    normal: Normal = field(default_factory=dict)
    """What places hold at the end where no exception travels, if that is known more closely."""
    lifted: set[int] = field(default_factory=set)
    """The ids of values that places of their own carry out of the side."""

    @contextmanager
    def replayed(self) -> Iterator[None]:
        """The world as this side left it, to look at values in."""
        for obj, after in self.final:
            set_state(obj, after)
        try:
            yield
        finally:
            self.journal.roll_back()

    def kinds(self, values: list[Any]) -> list[kinds.Kind | None]:
        """The kinds of values that this side computed; None for what cannot leave it."""
        with self.replayed():
            return [self._kind(value) for value in values]

    def _kind(self, value: Any) -> kinds.Kind | None:
        kind = kinds.describe(value, self.journal)
        return None if any(map(self._holds, kinds.opaque(kind))) else kind

    def _holds(self, value: Any) -> bool:
        """Whether an object of this side's making holds run-time values of this side's making."""
        waiting, seen = [value], set()
        while waiting:
            obj = waiting.pop()
            if id(obj) in seen:
                continue
            seen.add(id(obj))
            if id(obj) in self.lifted:
                continue
            if isinstance(obj, List) and not self.journal.is_new(obj):
                continue  # what it holds is a place of its own
            found = natives(obj)
            if found is None or any(self._is_inside(native) for native in found):
                return True
            waiting += self._contents(obj)
        return False

    def _contents(self, obj: Any) -> list[Any]:
        """What an object holds, if it came to be on this side."""
        if isinstance(obj, tuple):
            return list(obj)
        if isinstance(obj, Function):
            return [obj._scope.values, *obj._defaults, *obj._kw_defaults.values()]
        if isinstance(obj, MethodType):
            return [obj.__self__, obj.__func__]
        if isinstance(obj, Composite):
            return [part for value in obj.held() for part in (
                value if type(value) in (list, tuple) else (value,))]  # fmt: skip
        own = getattr(obj, "__dict__", None)
        obj = own if isinstance(own, Attributes) else obj
        if not self.journal.is_new(obj):
            return []
        if classes.has_site(type(obj)):
            return list(attributes_of(obj).values())
        if isinstance(obj, dict):
            return list(obj.values())
        if isinstance(obj, Cell):
            return [obj.content]
        return list(obj) if isinstance(obj, list | set) else []

    def _is_inside(self, native: Value) -> bool:
        owner = native.owner
        block = owner if isinstance(owner, Block) else owner.parent
        while block is not None and block is not self.block:
            operation = block.parent_op
            block = None if operation is None else operation.parent
        return block is not None

    def lift(self, value: Any) -> list[Place]:
        """The places in objects of this side's making, to which a value leads, that hold run-time
        values of this side's making; none where some of them cannot leave it."""
        with self.replayed():
            if any(map(self._holds, kinds.opaque(kinds.describe(value, self.journal)))):
                lifted: set[int] = set()
                found = self._places_within(value, lifted)
                if found is not None:
                    self.lifted |= lifted
                    return found
        return []

    def _places_within(self, root: Any, lifted: set[int]) -> list[Place] | None:
        waiting, seen, found = [root], {*self.lifted}, []
        while waiting:
            obj = waiting.pop()
            if id(obj) in seen:
                continue
            seen.add(id(obj))
            if isinstance(obj, Composite | MethodType):
                return None
            if isinstance(obj, tuple):
                waiting += obj
                continue
            if isinstance(obj, Union):
                waiting += obj.choices.values()
                continue
            for owner, key, item in self._entries(obj):
                waiting.append(item)
                natives_of = natives(item)
                if natives_of is None:
                    return None
                if not any(map(self._is_inside, natives_of)) or isinstance(item, List):
                    continue
                if isinstance(item, Array) and not item.scalar:
                    if item.steps or item.sources:
                        return None
                    lifted.add(id(item))
                    continue
                kind = kinds.kind_of(item)
                if kind is None:
                    return None
                lifted.add(id(item))
                if key == WHOLE and isinstance(owner, List):
                    lifted.add(id(owner))
                found.append(Place(owner, key, [item], True))
        return found

    def _entries(self, obj: Any) -> list[tuple[Any, Any, Any]]:
        """(owner, key, value) of what an object holds, if it came to be on this side."""
        if isinstance(obj, Function):
            parts = [*obj._defaults, *obj._kw_defaults.values()]
            return [entry for part in (obj._scope.values, *parts) for entry in self._entries(part)]
        if isinstance(obj, Array):
            obj = obj.cell
        if isinstance(obj, Cell):
            return [(obj, WHOLE, obj.content)] if self.journal.is_new(obj) else []
        own = getattr(obj, "__dict__", None)
        obj = own if isinstance(own, Attributes) else obj
        if classes.has_site(type(obj)) and self.journal.is_new(obj):
            return [(obj, key, value) for key, value in attributes_of(obj).items()]
        if not isinstance(obj, dict | List) or not self.journal.is_new(obj):
            return []
        if isinstance(obj, dict):
            return [(obj, key, value) for key, value in obj.items()]
        if obj.row is not None:
            return self._entries(obj.row.table)
        if obj.content is not None:
            return [(obj, WHOLE, obj.content)]
        return [(obj, key, value) for key, value in enumerate(list.__iter__(obj))]

    def keep_new(self, heap: Heap) -> None:
        """Let the objects that came to be on this side be as it left them."""
        after = {id(obj): state for obj, state in self.final}
        for obj, _ in self.journal.saved.values():
            if self.journal.is_new(obj):
                heap.touch(obj)
                set_state(obj, after[id(obj)])

"""Iterators that count along what they go over: a position, and the item that is there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fleet.evaluator.iterators import advancing
from fleet.evaluator.iterators.protocol import (
    END,
    Iterator,
    Positional,
)
from fleet.evaluator.objects import operations
from fleet.evaluator.objects.members import stands_for
from fleet.evaluator.objects.operations import CONDITIONAL, PLAIN
from fleet.evaluator.state.machine import Machine, Raised
from fleet.evaluator.values import numbers, objects, operators
from fleet.evaluator.values.heap import List, Progress
from fleet.evaluator.values.sequences import Lazy, Once, is_run_time_sequence
from fleet.evaluator.values.then import (
    Array,
    Number,
    Then,
    is_run_time_list,
)


class _Subscripted:
    """What has no iterator of its own."""

    def __getitem__(self, at: int) -> int:
        return at


OVER = 1 << 62
"""The position of an iterator that has come to its end, larger than any other."""


def element(m: Machine, items: Any, at: Any) -> Any:
    """items[at], where `at` is in range, and may be known at run time only."""
    return operations.usable(m, operations.get_item(m, items, at))


class Indexed(Positional):
    """Over something with a length and subscripts, which may change meanwhile."""

    def __init__(self, m: Machine, items: Any) -> None:
        self.m = m
        self.items = items
        self.position = Progress(0)

    def cells(self) -> list[Progress]:
        return [self.position]

    def ends_at_run_time(self) -> bool:
        return isinstance(self.items, Then) or is_run_time_list(self.items)

    def count(self) -> Any:
        """How many items there are, now or then."""
        if isinstance(self.items, Lazy):
            return self.items.count
        if isinstance(self.items, Then) or is_run_time_list(self.items):
            return self.m.native(operators.length, self.m.backend.e, self.items)
        return len(self.items)

    plain = True
    """Whether items come as they are, one by one from the first."""

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        cls.plain = all(
            getattr(cls, name) is getattr(Indexed, name)
            for name in ("count", "more", "take", "get")
        )

    def step(self) -> Any:
        at, items = self.position.content, self.items
        kind = type(items)
        known = kind in _FIXED or (kind is List and items.run_time is None)
        if known and self.plain and type(at) is int:
            if self.m.heap.journals:
                self.m.heap.touch(self.position)
            if at >= len(items):
                self.position.content = OVER
                return END
            self.position.content = at + 1
            item = items[at]
            return operations.usable(self.m, item) if type(item) in CONDITIONAL else item
        return super().step()

    def more(self) -> bool | Number:
        return self.read(self.position) < self.count()

    def take(self) -> Any:
        at = self.read(self.position)
        self.move(self.position, at + 1)
        return self.get(at)

    def is_over(self) -> bool:
        """Whether the iterator is known to have come to its end."""
        at = self.read(self.position)
        return isinstance(at, int) and at >= OVER

    def get(self, at: Any) -> Any:
        if isinstance(self.items, Lazy):
            return self.m.native(self.items.at, at)
        return element(self.m, self.items, at)

    def from_host(self) -> Any:
        at, items = self.read(self.position), self.items
        items = items.whole if isinstance(items, Lazy) else items
        if at != 0 or isinstance(at, Then) or items is None or not self.plain:
            return None
        return objects.box(self.m.backend.e, items)

    def run_time_rest(self) -> Any:
        at = self.read(self.position)
        is_lazy = isinstance(self.items, Lazy)
        if isinstance(at, Then) or at or not (is_lazy or is_run_time_list(self.items)):
            return None
        self.finish()
        return self.items if is_lazy else self.items.copy()

    def finish(self) -> None:
        self.move(self.position, OVER)


_FIXED = frozenset((range, tuple, str))


class Elements(Indexed):
    """Over an array, whose elements are what they are when their turn comes."""

    def ends_at_run_time(self) -> bool:
        return is_run_time_sequence(self.items)

    def count(self) -> Any:
        if isinstance(self.items, Array):
            return self.m.native(operators.length, self.m.backend.e, self.items)
        return len(self.items)


class Backward(Indexed):
    """reversed(): the position is that of the next item, and -1 at the end."""

    def __init__(self, m: Machine, items: Any) -> None:
        super().__init__(m, items)
        self.position = Progress(self.count() - 1)

    def more(self) -> bool | Number:
        at = self.read(self.position)
        return numbers.both(self.m.backend.e, at >= 0, at < self.count())

    def take(self) -> Any:
        at = self.read(self.position)
        self.move(self.position, at - 1)
        return self.get(at)

    def run_time_rest(self) -> None:
        return None

    def finish(self) -> None:
        self.move(self.position, -1)


class Guarded(Indexed):
    """Over the keys of a dictionary or the items of a set, which must not change its size."""

    def __init__(self, m: Machine, container: Any, items: Iterable, what: str) -> None:
        super().__init__(m, tuple(items))
        self.container = container
        self.what = what

    def step(self) -> Any:
        at, items = self.position.content, self.items
        same = len(self.container) == len(items)
        if type(at) is int and at < len(items) and same:
            if self.m.heap.journals:
                self.m.heap.touch(self.position)
            self.position.content = at + 1
            return self.get(at)
        if not same and not self.is_over():
            raise self.m.raised(RuntimeError(f"{self.what} changed size during iteration"))
        return super().step()

    def get(self, at: Any) -> Any:
        key = self.items[at] if type(at) is int else super().get(at)
        if type(key) in PLAIN and key in self.container:
            return key
        if isinstance(self.container, dict) and not isinstance(key, Then) and (
            key not in self.container
        ):
            raise self.m.raised(RuntimeError("dictionary keys changed during iteration"))
        return key


class OfView(Guarded):
    """Over the values or items of a dictionary."""

    def __init__(self, m: Machine, view: Any, items: Iterable, pairs: bool) -> None:
        super().__init__(m, view, items, "dictionary")
        self.mapping = view.mapping
        self.pairs = pairs

    def get(self, at: Any) -> Any:
        key = self.items[at] if type(at) is int else Indexed.get(self, at)
        if isinstance(key, Then):
            value = element(self.m, tuple(self.mapping[key] for key in self.items), at)
        elif key in self.mapping:
            value = self.mapping[key]
            if type(value) in CONDITIONAL:
                value = operations.usable(self.m, value)
        else:
            raise self.m.raised(RuntimeError("dictionary keys changed during iteration"))
        return (key, value) if self.pairs else value


def _name(value: Any) -> str:
    """Of the class that a value is of."""
    return f"{type(value).__module__}.{type(value).__qualname__}"


class Foreign(Iterator):
    """What an instance of the program's own class gives."""

    def __init__(self, m: Machine, source: Any) -> None:
        super().__init__(m)
        self.source = source

    def advances(self) -> bool:
        return _name(self.source) in self.m.policy.advancing

    def step(self) -> Any:
        if self.advances():
            return advancing.given(*self.m.language.attempted(
                self.m, StopIteration, lambda: next(self.source)))
        self.m.stepping.append((StopIteration, _name(self.source), len(self.m.catching)))
        try:
            return next(self.source, END)
        except Raised as raised:
            if isinstance(raised.exception, StopIteration):
                return END
            raise
        finally:
            self.m.stepping.pop()


@stands_for(type(iter(_Subscripted())))
class Subscripts(Indexed):
    """Over an object that has subscripts and no __iter__: 0, 1, ... until IndexError."""

    def count(self) -> int:
        return OVER

    def is_positional(self) -> bool:
        return False

    def advances(self) -> bool:
        return _name(self.items) in self.m.policy.advancing

    def step(self) -> Any:
        if self.advances():
            return advancing.given(*self.m.language.attempted(
                self.m, IndexError, lambda: self.m.native(self.take)))
        if self.is_over():
            return END
        self.m.stepping.append((IndexError, _name(self.items), len(self.m.catching)))
        try:
            return self.m.native(self.take)
        except Raised as raised:
            if not isinstance(raised.exception, IndexError | StopIteration):
                raise
            self.finish()
            return END
        finally:
            self.m.stepping.pop()


def _over(python: type, base: type[Indexed] = Indexed) -> type[Indexed]:
    return stands_for(python)(type(python.__name__, (base,), {}))


LIST, TUPLE, RANGE = (_over(type(iter(kind()))) for kind in (list, tuple, lambda: range(0)))


ARRAY = _over(type(iter(_Subscripted())), Elements)


BYTES = _over(type(iter(b"")))


STRINGS = {True: _over(type(iter("a"))), False: _over(type(iter("\xe9")))}


KEYS, SET = _over(type(iter({})), Guarded), _over(type(iter(set())), Guarded)


VALUES, ITEMS = _over(type(iter({}.values())), OfView), _over(type(iter({}.items())), OfView)


REVERSED, REVERSED_LIST = _over(reversed, Backward), _over(type(reversed([])), Backward)


REVERSED_ARRAY = stands_for(reversed)(type("reversed", (Backward, Elements), {}))


REVERSED_VIEWS = {
    False: _over(type(reversed({}.values())), OfView),
    True: _over(type(reversed({}.items())), OfView),
}


REVERSED_KEYS = _over(type(reversed({})), Guarded)


_KEPT = {kind: _over(kind) for kind in (map, zip, enumerate, reversed)}


def held(m: Machine, value: Any) -> Any:
    """A value that somebody keeps: an iterator counts along then."""
    if type(value) is not Once:
        return value
    made = _KEPT[value.kind](m, value)
    made.site, made.hosted = value.site, value.hosted
    return made

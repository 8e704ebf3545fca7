"""collections.deque and its iterators, as CPython has them."""

from __future__ import annotations

import collections as python
import functools
import operator
from collections.abc import Callable
from typing import Any

from fleet.evaluator.iterators import positions
from fleet.evaluator.objects import operations
from fleet.evaluator.objects.members import public, stands_for
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values.heap import Composite, List, Needed

_COMPARE = {"lt": "<", "le": "<=", "gt": ">", "ge": ">="}


def _or_outgrown(method: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator: where a method needs what only run time knows, the deque is of run time."""

    @functools.wraps(method)
    def run(self: Deque, *arguments: Any) -> Any:
        try:
            return method(self, *arguments)
        except Needed as needed:
            return self._m.heap.outgrown(self, needed)

    return run


@stands_for(python.deque, public(python.deque))
class Deque(Composite):
    """`items`: the content, in order."""

    __hash__ = None

    def __init__(self, m: Machine, iterable: Any = (), maxlen: int | None = None) -> None:
        if maxlen is not None:
            if not isinstance(maxlen, int):
                raise TypeError("an integer is required")
            if maxlen < 0:
                raise ValueError("maxlen must be non-negative")
        self._m = m
        self._items = List(m.heap)
        self._length = maxlen
        self.extend(iterable)

    @property
    def maxlen(self) -> int | None:
        return self._length

    @property
    def site(self) -> Any:
        """The expression that made it: see heap.SITED."""
        return self._items.site

    @site.setter
    def site(self, node: Any) -> None:
        self._items.site = node

    def object_parts(self) -> tuple[str, list[Any], dict[str, Any]]:
        """As an object of the run: see values.objects."""
        items = () if self._items.run_time is not None else self._items
        return "deque", [self._length, *items], {}

    @property
    def _known(self) -> List:
        if self._items.run_time is not None:
            raise self._m.heap.outgrown(self)
        return self._items

    def _new(self, items: Any) -> Deque:
        return Deque(self._m, items, self._length)

    def _given(self, iterable: Any) -> list[Any]:
        return list(self._known) if iterable is self else operations.known_items(self._m, iterable)

    # -- at the ends

    def append(self, item: Any, /) -> None:
        items = self._known
        items.append(item)
        if self._length is not None and len(items) > self._length:
            del items[0]

    def appendleft(self, item: Any, /) -> None:
        items = self._known
        items.insert(0, item)
        if self._length is not None and len(items) > self._length:
            items.pop()

    @_or_outgrown
    def extend(self, iterable: Any, /) -> None:
        for item in self._given(iterable):
            self.append(item)

    @_or_outgrown
    def extendleft(self, iterable: Any, /) -> None:
        for item in self._given(iterable):
            self.appendleft(item)

    def pop(self) -> Any:
        if not self._known:
            raise IndexError("pop from an empty deque")
        return self._items.pop()

    def popleft(self) -> Any:
        if not self._known:
            raise IndexError("pop from an empty deque")
        return self._items.pop(0)

    @_or_outgrown
    def rotate(self, n: int = 1, /) -> None:
        items = list(self._known)
        if items:
            n = operator.index(n) % len(items)
            self._items[:] = items[-n:] + items[:-n] if n else items

    # -- elsewhere

    def clear(self) -> None:
        self._known.clear()

    def copy(self) -> Deque:
        return self._new(list(self._known))

    @_or_outgrown
    def count(self, item: Any, /) -> int:
        return self._known.count(item)

    @_or_outgrown
    def index(self, item: Any, *bounds: Any) -> int:
        try:
            return self._known.index(item, *bounds)
        except ValueError:
            raise ValueError(f"{item!r} is not in deque") from None

    @_or_outgrown
    def insert(self, at: int, item: Any, /) -> None:
        if len(self._known) == self._length:
            raise IndexError("deque already at its maximum size")
        self._items.insert(at, item)

    @_or_outgrown
    def remove(self, item: Any, /) -> None:
        try:
            self._known.remove(item)
        except ValueError:
            raise ValueError(f"{item!r} is not in deque") from None

    def reverse(self) -> None:
        self._known.reverse()

    def _at(self, key: Any) -> Any:
        if isinstance(key, slice):
            raise TypeError("sequence index must be integer, not 'slice'")
        return key

    def __getitem__(self, key: Any) -> Any:
        key = self._at(key)
        try:
            if isinstance(key, int):
                return operations.usable(self._m, list.__getitem__(self._known, key))
        except IndexError:
            raise IndexError("deque index out of range") from None
        return operations.get_item(self._m, self._known, key)

    @_or_outgrown
    def __setitem__(self, key: Any, item: Any) -> None:
        key = self._at(key)
        try:
            self._known[key] = item
        except IndexError:
            raise IndexError("deque index out of range") from None

    @_or_outgrown
    def __delitem__(self, key: Any) -> None:
        key = self._at(key)
        try:
            del self._known[key]
        except IndexError:
            raise IndexError("deque index out of range") from None

    def __len__(self) -> int:
        return len(self._known)

    def __iter__(self) -> DequeIterator:
        return DequeIterator(self._m, self, self._known)

    def __reversed__(self) -> DequeIterator:
        made = ReverseDequeIterator(self._m, self, self._known[::-1])
        return made

    @_or_outgrown
    def __contains__(self, item: Any) -> bool:
        return item in self._known

    def __add__(self, other: Any) -> Deque:
        if not isinstance(other, Deque):
            name = type(other).__name__
            raise TypeError(f'can only concatenate deque (not "{name}") to deque')
        return self._new([*self._known, *other._known])

    def __mul__(self, times: int) -> Deque:
        return self._new(list(self._known) * times)

    __rmul__ = __mul__

    def __iadd__(self, iterable: Any) -> Deque:
        self.extend(iterable)
        return self

    def __imul__(self, times: int) -> Deque:
        self._items[:] = list(self._new(list(self._known) * times)._known)
        return self

    def __eq__(self, other: object) -> Any:
        return self._known == other._known if isinstance(other, Deque) else NotImplemented

    def _compared(name: str) -> Callable[[Any, Any], Any]:  # noqa: N805
        def compare(self: Deque, other: Any) -> Any:
            if not isinstance(other, Deque):
                return NotImplemented
            return getattr(operator, name)(self._known, other._known)

        return compare

    __lt__, __le__, __gt__, __ge__ = map(_compared, _COMPARE)

    def __repr__(self) -> str:
        return "".join(self.text_parts(lambda item, how: [repr(item)]))

    def shown_items(self) -> list[Any]:
        return self._known

    def text_parts(self, parts_of: Callable[..., list]) -> list:
        """The text as pieces: see values.texts."""
        end = "" if self._length is None else f", maxlen={self._length}"
        return ["deque(", *parts_of(self._known, "!r"), f"{end})"]


@stands_for(type(iter(python.deque())))
class DequeIterator(positions.Indexed):
    """Over a deque that must not change its length."""

    def __init__(self, m: Machine, owner: Deque, items: List) -> None:
        super().__init__(m, items)
        self.owner = owner
        self.size = len(items)

    def step(self) -> Any:
        if not self.is_over() and len(self.owner) != self.size:
            raise self.m.raised(RuntimeError("deque mutated during iteration"))
        return super().step()


@stands_for(type(reversed(python.deque())))
class ReverseDequeIterator(DequeIterator):
    pass

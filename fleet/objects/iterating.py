"""What goes over the run's objects: iterators that tell whether they end, orders by keys that the
program has computed, results by arguments."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Iterator
from typing import Any

from fleet.objects.holders import content_of
from fleet.objects.instances import Instance, type_name


def position(keys: list[Any], key: Any) -> int:
    """Where a key is among those of a dictionary."""
    hash(key)
    if key not in keys:
        raise KeyError(key)
    return keys.index(key)


def sorted_by(values: Any, keys: Any, reverse: Any) -> list[Any]:
    """Sorted by keys that the program has computed, one for each value."""
    pairs = sorted(zip(keys, values, strict=True), key=operator.itemgetter(0), reverse=reverse)
    return [value for _, value in pairs]


def sort_in_place(values: list[Any], keys: Any, reverse: Any) -> None:
    values[:] = sorted_by(values, keys, reverse)


def extreme(choose: Callable[..., Any]) -> Callable[[Any, Any], Any]:
    def of_keys(values: Any, keys: Any) -> Any:
        pairs = list(zip(keys, values, strict=True))
        return choose(pairs, key=operator.itemgetter(0))[1]

    return of_keys


def iterable_given(value: Any, message: str) -> None:
    """Raise TypeError where a value has no items. message: what to say; % is where its type is."""
    if isinstance(value, Instance) and not value.own.isdisjoint(("__iter__", "__getitem__")):
        return
    try:
        iter(value)
    except TypeError:
        raise TypeError(message.replace("%", type_name(value))) from None


def mapping_given(value: Any, message: str) -> dict[Any, Any]:
    """The dictionary that a value is or holds. message: as for `iterable_given`."""
    found = content_of(value)
    if not isinstance(found, dict):
        raise TypeError(message.replace("%", type_name(value)))
    return found


class Ahead:
    """An iterator that can be asked whether there is a next item before that is taken."""

    def __init__(self, items: Any) -> None:
        self._rest = iter(items)
        self._next: list[Any] = []
        self._over = False

    def more(self) -> bool:
        if not self._next and not self._over:
            for item in self._rest:
                self._next.append(item)
                return True
            self._over = True
        return bool(self._next)

    def take(self) -> Any:
        """The next item, which there is."""
        return self._next.pop()

    def __iter__(self) -> Ahead:
        return self

    def __next__(self) -> Any:
        if not self.more():
            raise StopIteration
        return self.take()


def ahead(items: Any) -> Ahead:
    """iter(items)"""
    return items if isinstance(items, Ahead) else Ahead(items)


def iterator(value: Any) -> Any:
    """What gives next(value): for an iterator of CPython's own, its next item at most."""
    if isinstance(value, Ahead) or (isinstance(value, Instance) and "__next__" in value.own):
        return value
    if isinstance(value, Iterator):
        return Ahead(itertools.islice(value, 1))
    raise TypeError(f"'{type_name(value)}' object is not an iterator")


class Cache:
    """Of functools.lru_cache(): results by arguments, the one used last at the end."""

    def __init__(self, maxsize: int | None) -> None:
        self.maxsize = maxsize
        self.results: dict[Any, Any] = {}
        self.hits = self.misses = 0

    def has(self, key: Any) -> bool:
        found = key in self.results
        self.hits += found
        self.misses += not found
        return found

    def get(self, key: Any) -> Any:
        value = self.results.pop(key)
        self.results[key] = value
        return value

    def put(self, key: Any, value: Any) -> None:
        self.results[key] = value
        if self.maxsize is not None and len(self.results) > self.maxsize:
            del self.results[next(iter(self.results))]

    def info(self) -> tuple[Any, ...]:
        return self.hits, self.misses, self.maxsize, len(self.results)

    def clear(self) -> None:
        self.results.clear()
        self.hits = self.misses = 0


def groups(items: Any, keys: Any) -> Iterator[tuple[Any, Iterator[Any]]]:
    """itertools.groupby() with the items' keys, which the program has computed."""
    for key, pairs in itertools.groupby(zip(keys, items, strict=True), operator.itemgetter(0)):
        yield key, (item for _, item in pairs)

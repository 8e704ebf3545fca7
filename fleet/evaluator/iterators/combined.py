"""Iterators over others: zip, enumerate, map, filter, and calls until a sentinel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fleet.evaluator.control import regions
from fleet.evaluator.iterators import advancing
from fleet.evaluator.iterators.builtin import OfObject
from fleet.evaluator.iterators.protocol import (
    END,
    Iterator,
    Perhaps,
    Positional,
    Use,
    then,
)
from fleet.evaluator.objects import operations
from fleet.evaluator.objects.members import stands_for
from fleet.evaluator.state.machine import Machine, Raised
from fleet.evaluator.values import classes, numbers, objects
from fleet.evaluator.values.array_tuples import columns_of
from fleet.evaluator.values.heap import List, Progress
from fleet.evaluator.values.then import (
    Number,
    Then,
)


@stands_for(type(iter(int, 1)))
class Calls(Iterator):
    """iter(function, sentinel)."""

    def __init__(self, m: Machine, call: Callable[[], Any], sentinel: Any) -> None:
        super().__init__(m)
        self.call = call
        self.sentinel = sentinel
        self.over = Progress(False)

    def step(self) -> Any:
        if self.read(self.over):
            return END
        value = self.call()
        same = operations.truth_of(self.m, self.m.native(lambda: self.sentinel == value))
        if isinstance(same, Then):
            other = operations.negate(self.m, same)
            return Perhaps(other, lambda: value, lambda: self.move(self.over, True))
        if same:
            self.move(self.over, True)
            return END
        return value


def _host_source(source: Iterator) -> Any:
    """An iterator as one of the run's objects; None where it cannot be."""
    if isinstance(source, advancing.Advancing) and source.source.kind is not None:
        return None
    own = classes.of_ours(source, "object_source")
    return source.from_host() if own is None else own()


_GOES_ON = "zip() of this run-time iterator is not supported"
"""Said of one that has to go on until there is an item, where it cannot be one of the run's."""


def shares(one: Iterator, other: Iterator) -> bool:
    """Whether an iterator is in both, so that either advances the other."""
    return not _within(one).isdisjoint(_within(other))


def _within(iterator: Iterator) -> set[int]:
    """The iterators that one advances, itself included."""
    found: set[int] = set()
    waiting: list[Any] = [iterator]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Progress):
            value = value.content
        if isinstance(value, List):
            waiting += value.known()
        elif isinstance(value, list | tuple):
            waiting += value
        elif isinstance(value, Iterator) and id(value) not in found:
            found.add(id(value))
            waiting += vars(value).values()
    return found


@stands_for(zip)
class Zip(Positional):
    def ends_at_run_time(self) -> bool:
        return any(source.ends_at_run_time() for source in self.sources)

    def advances(self) -> bool:
        if any(source.advances() for source in self.sources):
            return True
        return not self.is_positional() and any(one.ends_at_run_time() for one in self.sources[1:])

    def is_positional(self) -> bool:
        return self.is_apart and all(source.is_positional() for source in self.sources)

    def __init__(self, m: Machine, sources: list[Iterator], strict: bool = False) -> None:
        super().__init__(m)
        self.sources = sources
        self.strict = strict
        self.is_apart = not any(
            shares(one, other) for at, one in enumerate(sources) for other in sources[at + 1 :])
        """Whether what one source has left does not depend on another's steps."""

    def from_host(self) -> Any:
        sources = [_host_source(one) for one in self.sources]
        if self.strict or any(one is None for one in sources):
            return None
        return self.m.native(objects.function, self.m.backend.e, "zip", sources)

    def more(self) -> bool | Number:
        truth: Any = bool(self.sources)
        for source in self.sources:
            truth = numbers.both(self.m.backend.e, truth, source.more())
        return truth

    def take(self) -> tuple:
        return tuple(source.take() for source in self.sources)

    def upstream(self) -> Iterator | None:
        """The first source, if it can be driven and the others walked beside it."""
        apart = self.sources and not self.strict and not any(
            shares(self.sources[0], other) for other in self.sources[1:])
        return self.sources[0] if apart else None

    def passing(self, use: Use) -> Use:
        for source in self.sources[1:]:
            for cell in source.cells():
                cell.travel()
        return lambda item: self._beside((item,), list(self.sources[1:]), use)

    def _beside(self, items: tuple, others: list[Iterator], use: Use) -> Any:
        """Use the items of this step, of which the other sources are yet to give theirs."""
        if not others:
            return use(items)
        return self._with(items, others[0].step(), others, use)

    def _with(self, items: tuple, found: Any, others: list[Iterator], use: Use) -> Any:
        """Use them with what a step of the first of the others gives."""
        if found is END:
            return True
        if not isinstance(found, Perhaps):
            return self._beside((*items, found), others[1:], use)
        if found.end is None:
            others[0].outgrown(_GOES_ON)

        def ended() -> bool:
            found.end()
            return True

        return regions.choose(
            self.m, found.truth,
            lambda: self._with(items, found.get(), others, use), ended,
        )  # fmt: skip

    def step(self) -> Any:
        items: list[Any] = []
        if len(self.sources) == 1 and not self.sources[0].is_positional():
            found = self.sources[0].step()
            return (found,) if type(found) not in _STEPS else then(found, lambda item: (item,))
        if self._at_run_time():
            ended = self._compare_then if self.strict else lambda: self._lose(self.sources)
            return Perhaps(self.more(), self.take, ended)
        for number, source in enumerate(self.sources):
            found = source.step()
            if isinstance(found, Perhaps):
                return self._perhaps(number, items, found)
            if found is END:
                if self.strict:
                    self._compare(number)
                return END
            items.append(found)
        return tuple(items) if items else END

    def _perhaps(self, number: int, items: list[Any], found: Perhaps) -> Perhaps:
        """From a source on that only run time knows whether it has another item."""
        if self.strict or found.end is None:
            self.sources[number].outgrown(_GOES_ON)
        return Perhaps(
            found.truth, lambda: self._taken(number, items, found.get()), found.end)

    def _taken(self, number: int, items: list[Any], found: Any) -> Any:
        """What a source gave, where it gave something."""
        if not isinstance(found, Perhaps):
            return END if found is END else self._from(number, items, found)
        if number and found.end is None:  # the items of this step would be lost
            self.sources[number].outgrown(_GOES_ON)
        return Perhaps(
            found.truth, lambda: self._taken(number, items, found.get()), found.end)

    def _from(self, number: int, items: list[Any], item: Any) -> Any:
        """The items of the sources after this one, whose item there is."""
        items = [*items, item]
        if len(items) == len(self.sources):
            return tuple(items)
        found = self.sources[number + 1].step()
        if found is END:
            return Perhaps(False, lambda: None, lambda: None)
        if isinstance(found, Perhaps):
            return self._perhaps(number + 1, items, found)
        return self._from(number + 1, items, found)

    def _at_run_time(self) -> bool:
        return self.is_positional() and isinstance(self.more(), Then)

    def _lose(self, sources: list[Positional]) -> None:
        """The sources before the one that has ended have moved on."""
        if not sources:
            return

        def move_on() -> None:
            sources[0].take()
            self._lose(sources[1:])

        self._choose(sources[0].more(), move_on, lambda: None)

    def _compare(self, number: int) -> None:
        """One has ended: all must have."""
        if number:
            raise self._differs(number, "shorter")
        for other, source in enumerate(self.sources[1:], 1):
            if source.step() is not END:
                raise self._differs(other, "longer")

    def _compare_then(self) -> None:
        """One has ended, which one is known at run time: all must have."""
        first = self.sources[0].more()
        self._choose(first, lambda: self._find_shorter(1), lambda: self._find_longer(1))

    def _find_shorter(self, number: int) -> None:
        """The sources before this one have not ended."""
        more = self.sources[number].more() if number < len(self.sources) - 1 else False
        self._choose(
            more, lambda: self._find_shorter(number + 1), lambda: self._differ(number, "shorter")
        )

    def _find_longer(self, number: int) -> None:
        """The sources before this one have ended."""
        if number < len(self.sources):
            self._choose(
                self.sources[number].more(),
                lambda: self._differ(number, "longer"), lambda: self._find_longer(number + 1),
            )  # fmt: skip

    def _choose(self, truth: Any, yes: Callable[[], None], no: Callable[[], None]) -> None:
        if isinstance(truth, Then):
            regions.choose(self.m, truth, yes, no)
        else:
            (yes if truth else no)()

    def _differ(self, number: int, how: str) -> None:
        raise self._differs(number, how)

    def _differs(self, number: int, how: str) -> Raised:
        others = "argument 1" if number == 1 else f"arguments 1-{number}"
        message = f"zip() argument {number + 1} is {how} than {others}"
        return self.m.raised(ValueError(message))


_STEPS = frozenset((type(END), Perhaps))
"""Classes of what a step gives that are no items."""


@stands_for(enumerate)
class Enumerate(Iterator):
    def __init__(self, m: Machine, source: Iterator, start: Any) -> None:
        super().__init__(m)
        self.source = source
        self.number = Progress(start)

    def from_host(self) -> Any:
        source, m = _host_source(self.source), self.m
        if source is None:
            return None
        given = [source, self.read(self.number)]
        return m.native(objects.function, m.backend.e, "enumerate", given)

    def step(self) -> Any:
        found = self.source.step()
        if found is END or type(found) is Perhaps:
            return then(found, self._numbered)
        return self._numbered(found)

    def _numbered(self, item: Any) -> tuple:
        number = self.read(self.number)
        self.move(self.number, number + 1)
        return number, item

    def upstream(self) -> Iterator:
        return self.source

    def passing(self, use: Use) -> Use:
        return lambda item: use(self._numbered(item))


@stands_for(map)
class Map(Iterator):
    """call: how to call the function, with each item of the zipped sources."""

    def __init__(self, m: Machine, call: Callable[..., Any], sources: list[Iterator]) -> None:
        super().__init__(m)
        self.call = call
        self.zipped = Zip(m, sources)

    def upstream(self) -> Iterator:
        return self.zipped

    def columns(self) -> tuple | None:
        """What it makes of zip(*rows), each column of a kind of its own; None of other sources."""
        source = self.zipped.sources[0]
        if len(self.zipped.sources) > 1 or not isinstance(source, OfObject):
            return None
        count = columns_of(source.owner)
        if not count:
            return None
        items = self.m.native(objects.unpack, self.m.backend.e, source.source, count)
        return tuple(self.call(one) for one in items)

    def passing(self, use: Use) -> Use:
        return lambda items: use(self.call(*items))

    def step(self) -> Any:
        try:
            return then(self.zipped.step(), lambda items: self.call(*items))
        except Raised as raised:
            if isinstance(raised.exception, StopIteration):
                return END
            raise


@stands_for(filter)
class Filter(Iterator):
    """call: says of an item whether it passes, or something with a truth value.

    keep: which truth it must have.
    """

    def __init__(
        self, m: Machine, call: Callable[[Any], Any], source: Iterator, keep: bool = True
    ) -> None:
        super().__init__(m)
        self.call = call
        self.source = source
        self.keep = keep

    def upstream(self) -> Iterator:
        return self.source

    def passing(self, use: Use) -> Use:
        def filtered(item: Any) -> Any:
            truth = self._passes(item)
            if isinstance(truth, Then):
                return regions.choose(self.m, truth, lambda: use(item), lambda: False)
            return use(item) if truth else False

        return filtered

    def _passes(self, item: Any) -> Any:
        truth = operations.truth_of(self.m, self.call(item))
        return truth if self.keep else operations.negate(self.m, truth)

    def _passing(self, item: Any) -> Any:
        """An item, or nothing this time."""
        if isinstance(item, Perhaps):
            return Perhaps(item.truth, lambda: self._passing(item.get()), item.end)
        truth = self._passes(item)
        if isinstance(truth, Then):
            return Perhaps(truth, lambda: item, None)
        return item if truth else Perhaps(False, lambda: item, None)

    def step(self) -> Any:
        while True:
            found = self.source.step()
            if found is END:
                return END
            if isinstance(found, Perhaps):
                return self._filtered(found)
            truth = self._passes(found)
            if isinstance(truth, Then):
                return Perhaps(truth, lambda found=found: found, None)
            if truth:
                return found

    def _filtered(self, found: Perhaps) -> Perhaps:
        if found.end is not None:
            return Perhaps(found.truth, lambda: then(found.get(), self._passing), found.end)
        both = regions.choose(
            self.m, found.truth, lambda: self._passes(found.get()), lambda: False
        )
        return Perhaps(both, found.get, None)

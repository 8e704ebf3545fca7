"""Iterators of `itertools` over one other.

In: an iterable and functions of the program. Out: iterators of the evaluator. Semantics: the Python
Library Reference.
"""

from __future__ import annotations

import functools
import itertools as python
import operator
from typing import Any

from fleet.evaluator.control import regions
from fleet.evaluator.iterators.builtin import steps
from fleet.evaluator.iterators.combined import Enumerate, Map, Zip
from fleet.evaluator.iterators.positions import OVER
from fleet.evaluator.iterators.protocol import (
    END,
    Held,
    Iterator,
    Perhaps,
    Positional,
    Use,
    then,
)
from fleet.evaluator.language.flow import stepping
from fleet.evaluator.objects import operations
from fleet.evaluator.objects.members import stands_for
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import numbers
from fleet.evaluator.values.heap import MISSING, List, Progress
from fleet.evaluator.values.then import Spread, Then
from fleet.library.iterators.endless import Count
from fleet.library.iterators.tools import Call, itertool


@itertool
class Islice(Positional):
    """taken: how many items the source has given; next: how many come before the next of ours.

    Where a bound, or how long the source is, is known at run time only, each step takes an item of
    the source and asks whether it is one of ours.
    """

    def __init__(self, m: Machine, source: Iterator, start: Any, stop: Any, by: Any) -> None:
        super().__init__(m)
        self.source = source
        self.start = start
        self.by = by
        self.stop = OVER if stop is None else stop
        self.taken = Progress(0)
        self.next = Progress(start)
        is_late = any(isinstance(bound, Then) for bound in (start, self.stop, by))
        self.plain = not is_late and by == 1 and start == 0 and source.is_positional()
        self.is_late = is_late or not self.plain and source.ends_at_run_time()

    def ends_at_run_time(self) -> bool:
        return self.is_late or super().ends_at_run_time()

    def is_positional(self) -> bool:
        return self.plain

    def more(self) -> Any:
        inside = self.read(self.taken) < self.stop
        return inside if inside is False else numbers.both(
            self.m.backend.e, inside, self.source.more())  # fmt: skip

    def take(self) -> Any:
        self.move(self.taken, self.read(self.taken) + 1)
        return self.source.take()

    def finish(self) -> None:
        self.move(self.taken, OVER)

    def upstream(self) -> Iterator | None:
        if any(type(bound) is not int for bound in (self.start, self.by)) or self.by != 1:
            return None
        may_have = isinstance(self.stop, Then) or self.stop > 0
        return self.source if may_have and self.read(self.next) == 0 else None

    def drivable(self) -> bool:
        return self.m.backend.e is not None and super().drivable()

    def drive(self, use: Use, holding: Any = None) -> Any:
        if not isinstance(self.stop, Then):
            return super().drive(use, holding)
        return regions.choose(
            self.m, self.stop > 0, lambda: super(Islice, self).drive(use, holding), lambda: None)

    def passing(self, use: Use) -> Use:
        def counted(item: Any) -> Any:
            taken = self.read(self.taken) + 1
            self.move(self.taken, taken)
            left = use(item)
            over = taken >= self.stop
            return over if left is False else numbers.either(self.m.backend.e, over, left)

        return counted

    def step(self) -> Any:
        if self.plain:
            return super().step()
        if self.is_late:
            return self._step_then()
        taken, ahead = self.read(self.taken), self.read(self.next)
        if isinstance(taken, Then) or isinstance(ahead, Then):
            self.outgrown("this islice() advances in a run-time branch or loop")
        for _ in range(taken, ahead):
            found = self.source.step()
            if isinstance(found, Perhaps):
                self.outgrown("islice() cannot skip items that run time may not have")
            if found is END:
                self.finish()
                return END
        taken = max(taken, ahead)
        self.move(self.taken, taken)
        if taken >= self.stop:
            self.finish()
            return END
        found = self.source.step()
        if found is END:
            self.finish()
        return then(found, lambda item: self._given(item, taken, ahead))

    def _given(self, item: Any, taken: int, ahead: int) -> Any:
        self.move(self.taken, taken + 1)
        self.move(self.next, min(ahead + self.by, self.stop))
        return item

    def _step_then(self) -> Any:
        inside = self.read(self.taken) < self.stop
        if isinstance(inside, Then):
            return Perhaps(inside, self._next_then, self.finish)
        return self._next_then() if inside else END

    def _next_then(self) -> Any:
        found = self.source.step()
        if found is END:
            return Perhaps(False, lambda: None, self.finish)
        return then(found, self._ours)

    def _ours(self, item: Any) -> Any:
        """An item of the source, or nothing this time."""
        taken, e = self.read(self.taken), self.m.backend.e
        self.move(self.taken, taken + 1)
        if type(self.start) is int and self.start == 0 and type(self.by) is int and self.by == 1:
            return item
        ours = numbers.both(e, taken >= self.start, (taken - self.start) % self.by == 0)
        if isinstance(ours, Then):
            return Perhaps(ours, lambda: item, None)
        return item if ours else Perhaps(False, lambda: None, None)


@itertool
class Accumulate(Iterator):
    """started: whether there is a total; initial: whether it is yet to be given."""

    def __init__(self, m: Machine, source: Iterator, call: Call, initial: Any) -> None:
        super().__init__(m)
        self.source = source
        self.call = call
        self.initial = Progress(initial is not None)
        self.started = Progress(initial is not None)
        self.total = Held(MISSING if initial is None else initial)

    def upstream(self) -> Iterator | None:
        return None if self.read(self.initial) else self.source

    def passing(self, use: Use) -> Use:
        return lambda item: use(self._added(item))

    def step(self) -> Any:
        initial = self.read(self.initial)
        if isinstance(initial, Then):
            self.outgrown("this accumulate() starts in a run-time branch or loop")
        if initial:
            self.move(self.initial, False)
            return self.total.content
        return then(self.source.step(), self._added)

    def _added(self, item: Any) -> Any:
        started = self.read(self.started)
        total = regions.choose(
            self.m, started, lambda: self.call(self.read(self.total), item), lambda: item
        )
        self.move(self.started, True)
        self.move(self.total, total)
        return total


@itertool
class Starmap(Iterator):
    def __init__(self, m: Machine, call: Call, source: Iterator) -> None:
        super().__init__(m)
        self.call = call
        self.source = source

    def step(self) -> Any:
        return then(
            self.source.step(), lambda item: self.call(*_arguments(self.m, item))
        )


def _arguments(m: Machine, item: Any) -> Any:
    late = operations.counted_then(m, item)
    return operations.known_items(m, item) if late is None else (Spread(late),)


@itertool
class Takewhile(Iterator):
    """rest: from where run time decides, an iterator over what it then has; over: whether an item
    has not passed, so that there are no more.

    alone: whether nobody else knows the source, so that it may be walked to its end.
    """

    def __init__(self, m: Machine, call: Call, source: Iterator, alone: bool) -> None:
        super().__init__(m)
        self.call = call
        self.source = source
        self.alone = alone
        self.rest = Progress(None)
        self.over = Progress(False)

    def step(self) -> Any:
        rest, over = self.read(self.rest), self.read(self.over)
        if rest is not None:
            return rest.step()
        if over is True:
            return END
        if isinstance(over, Then) and self.source.is_own():
            self.outgrown("takewhile() of this iterator, asked again, is not supported")
        found = self.source.step()
        if found is END:
            return END
        if isinstance(found, Perhaps):
            return self._perhaps(found, over)
        if isinstance(over, Then):
            self.outgrown("takewhile() of this iterator, asked again, is not supported")
        truth = self._passes(found)
        if isinstance(truth, Then):
            self.move(self.rest, steps(self.m, self._collect(found, truth)))
            return self.step()
        if truth:
            return found
        self.move(self.rest, steps(self.m, ()))
        return END

    def at_once(self) -> Any:
        if self.read(self.rest) is not None or not _is_endless(self.source):
            return super().at_once()
        first: list[Any] = []
        while True:
            self.m.step()
            item = self.source.step()
            truth = self._passes(item)
            if isinstance(truth, Then):
                self.move(self.rest, steps(self.m, ()))
                return stepping.while_passing(self.m, self.source, self._passes, first, item, truth)
            if not truth:
                self.move(self.rest, steps(self.m, ()))
                return List(self.m.heap, first)
            first.append(item)

    def upstream(self) -> Iterator:
        return self.source

    def drivable(self) -> bool:
        return self.m.backend.e is not None and super().drivable()

    def passing(self, use: Use) -> Use:
        def while_it_passes(item: Any) -> Any:
            truth = self._passes(item)
            if isinstance(truth, Then):
                return regions.choose(self.m, truth, lambda: use(item), lambda: True)
            return use(item) if truth else True

        return while_it_passes

    def _perhaps(self, found: Perhaps, over: Any) -> Perhaps:
        """Of an iterator that ends at run time: the first item that does not pass ends this one."""
        if found.end is None:
            self.outgrown("takewhile() of this run-time iterator is not supported")

        def passing(item: Any) -> Any:
            passes = self._passes(item)
            self.move(self.over, operations.negate(self.m, passes))
            return Perhaps(passes, lambda: item, lambda: None)

        truth, end = found.truth, found.end
        if isinstance(over, Then):
            e = self.m.backend.e
            truth = numbers.both(e, numbers.invert(e, over), truth)
            end = functools.partial(regions.choose, self.m, over, lambda: None, found.end)
        return Perhaps(truth, lambda: then(found.get(), passing), end)

    def _passes(self, item: Any) -> Any:
        return operations.truth_of(self.m, self.call(item))

    def _collect(self, item: Any, goes_on: Any) -> List:
        """The items from this one on, in a list whose length run time knows."""
        result = List(self.m.heap)
        while self.alone:
            regions.choose(self.m, goes_on, functools.partial(result.append, item), lambda: None)
            found = self.source.step()
            if found is END:
                return result
            if isinstance(found, Perhaps):
                break
            test = functools.partial(self._passes, found)
            goes_on, item = regions.choose(self.m, goes_on, test, lambda: False), found
        self.outgrown(
            "takewhile() whose condition is known at run time only is not supported here",
            "use a loop with `break`",
        )


def _is_endless(source: Iterator) -> bool:
    """Whether an iterator is known to go on for ever."""
    match source:
        case Count():
            return True
        case Accumulate() | Enumerate():
            return _is_endless(source.source)
        case Map():
            return _is_endless(source.zipped)
        case Zip():
            return bool(source.sources) and all(map(_is_endless, source.sources))
    return False


@itertool
class Dropwhile(Iterator):
    def __init__(self, m: Machine, call: Call, source: Iterator) -> None:
        super().__init__(m)
        self.call = call
        self.source = source
        self.dropping = Progress(True)

    def step(self) -> Any:
        while True:
            found = self.source.step()
            dropping = self.read(self.dropping)
            if found is END or dropping is False:
                return found
            if isinstance(found, Perhaps):
                return Perhaps(found.truth, functools.partial(self._kept_of, found), found.end)
            drop = self._drops(dropping, found)
            if isinstance(drop, Then) and self.source.is_own():
                self.outgrown("dropwhile() of this iterator is not supported")
            if isinstance(drop, Then):
                keep = operations.negate(self.m, drop)
                return Perhaps(keep, lambda found=found: self._first(found), None)
            if not drop:
                return self._first(found)

    def _kept_of(self, found: Perhaps) -> Any:
        return then(found.get(), self._kept)

    def _kept(self, item: Any) -> Any:
        """An item of an iterator that ends at run time, or nothing this time."""
        drop = self._drops(self.read(self.dropping), item)
        keep = operations.negate(self.m, drop)
        return Perhaps(keep, lambda: self._first(item), None)

    def _drops(self, dropping: Any, item: Any) -> Any:
        def test() -> Any:
            return operations.truth_of(self.m, self.call(item))

        if isinstance(dropping, Then):
            return regions.choose(self.m, dropping, test, lambda: False)
        return test() if dropping else False

    def _first(self, item: Any) -> Any:
        self.move(self.dropping, False)
        return item


@itertool
class Pairwise(Iterator):
    """started: whether there is an item before the next."""

    def __init__(self, m: Machine, source: Iterator) -> None:
        super().__init__(m)
        self.source = source
        self.started = Progress(False)
        self.before = Held(MISSING)

    def step(self) -> Any:
        started = self.read(self.started)
        if isinstance(started, Then):
            self.outgrown("this pairwise() starts in a run-time branch or loop")
        if not started:
            found = self.source.step()
            if found is END:
                return END
            if isinstance(found, Perhaps):
                self.outgrown("pairwise() of this run-time iterator is not supported")
            self.move(self.started, True)
            self.move(self.before, found)
        return then(self.source.step(), self._pair)

    def _pair(self, item: Any) -> tuple:
        before = self.read(self.before)
        self.move(self.before, item)
        return before, item


@itertool
class Batched(Iterator):
    def __init__(self, m: Machine, source: Iterator, n: int) -> None:
        super().__init__(m)
        self.source = source
        self.n = n

    def step(self) -> Any:
        batch: list[Any] = []
        while len(batch) < self.n and (found := self.source.step()) is not END:
            if isinstance(found, Perhaps):
                self.outgrown("batched() of this run-time iterator is not supported")
            batch.append(found)
        return tuple(batch) if batch else END


@stands_for(type(python.tee(())[0]))
class Tee(Iterator):
    """One of several iterators over what one source gives. `seen`: what any of them has asked."""

    def __init__(self, m: Machine, source: Iterator, seen: List) -> None:
        super().__init__(m)
        self.source = source
        self.seen = seen
        self.position = Progress(0)

    def step(self) -> Any:
        at = self.read(self.position)
        if isinstance(at, Then) or self.seen.run_time is not None:
            self.outgrown("an iterator of tee() advances in a run-time branch or loop")
        if at == len(self.seen):
            found = self.source.step()
            if found is END:
                return END
            if isinstance(found, Perhaps):
                self.outgrown("tee() of this run-time iterator is not supported")
            self.seen.append(found)
        self.move(self.position, at + 1)
        return self.seen[at]


@itertool
class Groupby(Iterator):
    """wanted: the key of the group that was given last; item: one that is read and not given."""

    def __init__(self, m: Machine, source: Iterator, call: Call) -> None:
        super().__init__(m)
        self.source = source
        self.call = call
        self.wanted = Progress(END)
        self.key = Progress(END)
        self.item = Progress(END)
        self.group = Progress(None)

    def advance(self) -> bool:
        """Read the next item and its key; whether there is one."""
        found = self.source.step()
        if found is END:
            return False
        if isinstance(found, Perhaps):
            self.outgrown("groupby() of this run-time iterator is not supported")
        self.move(self.key, self.call(found))
        self.move(self.item, found)
        return True

    def same(self, wanted: Any) -> bool:
        """Whether the item that was read last belongs to the group of this key."""
        key = self.read(self.key)
        equal = operations.truth_of(self.m, self.m.native(operator.eq, wanted, key))
        if isinstance(equal, Then):
            raise equal.needed_now("groupby()")
        return equal

    def step(self) -> Any:
        self.move(self.group, None)
        while self.read(self.key) is END or (
            self.read(self.wanted) is not END and self.same(self.read(self.wanted))
        ):
            if not self.advance():
                return END
        key = self.read(self.key)
        self.move(self.wanted, key)
        group = Grouper(self.m, self, key)
        self.move(self.group, group)
        return key, group


@stands_for(type(next(python.groupby("a"))[1]))
class Grouper(Iterator):
    def __init__(self, m: Machine, parent: Groupby, key: Any) -> None:
        super().__init__(m)
        self.parent = parent
        self.key = key

    def step(self) -> Any:
        parent = self.parent
        if parent.read(parent.group) is not self:
            return END
        if parent.read(parent.item) is END and not parent.advance():
            return END
        if not parent.same(self.key):
            return END
        item = parent.read(parent.item)
        parent.move(parent.item, END)
        return item

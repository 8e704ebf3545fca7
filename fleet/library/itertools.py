"""`itertools`, on steps: every iterator keeps where it is in cells that are journaled.

In: iterables and functions of the program. Out: iterators of the evaluator. The one idea: what a
product or a permutation gives next is a function of its position alone, so a position is all the
state that it has. Semantics: the Python Library Reference.
"""

from __future__ import annotations

import functools
import itertools as python
import math
import operator
from collections.abc import Callable
from typing import Any

from fleet.evaluator.control import regions
from fleet.evaluator.iterators.builtin import OVER, Filter, Indexed, OfObject, element, steps
from fleet.evaluator.iterators.protocol import (
    END,
    Held,
    Iterator,
    Perhaps,
    Positional,
    Use,
    then,
)
from fleet.evaluator.language import calls
from fleet.evaluator.objects import members, operations
from fleet.evaluator.objects.members import stands_for
from fleet.evaluator.objects.provided import Builtin
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import classes, numbers, objects
from fleet.evaluator.values.heap import MISSING, List, Progress
from fleet.evaluator.values.sequences import Lazy
from fleet.evaluator.values.then import Object, Spread, Then, is_run_time_list

Call = Callable[..., Any]
MANY = 5000
"""Of how many selections run time may choose one."""


def _itertool(cls: type) -> type:
    """A class that stands for the one of its name, where this Python has it."""
    real = getattr(python, cls.__name__.lower(), None)
    return cls if real is None else stands_for(real)(cls)


# -- endless ones


@_itertool
class Count(Positional):
    def __init__(self, m: Machine, start: Any, step: Any) -> None:
        super().__init__(m)
        self.value = Progress(start)
        self.by = step

    def more(self) -> bool:
        return True

    def take(self) -> Any:
        value = self.read(self.value)
        self.move(self.value, value + self.by)
        return value

    def from_here(self) -> Lazy:
        start = self.read(self.value)
        return Lazy(self.m.backend.e, OVER, lambda i: start + i * self.by)

    def __repr__(self) -> str:
        by = "" if type(self.by) is int and self.by == 1 else f", {self.by!r}"
        return f"count({self.read(self.value)!r}{by})"


@_itertool
class Repeat(Positional):
    def __init__(self, m: Machine, value: Any, times: Any) -> None:
        super().__init__(m)
        self.value = value
        self.endless = times is None
        self.left = Progress(0 if times is None else times)

    def more(self) -> Any:
        return self.endless or self.read(self.left) > 0

    def take(self) -> Any:
        if not self.endless:
            self.move(self.left, self.read(self.left) - 1)
        return self.value

    def from_here(self) -> Lazy:
        count = OVER if self.endless else self.read(self.left)
        return Lazy(self.m.backend.e, count, lambda i: self.value)

    def __repr__(self) -> str:
        left = "" if self.endless else f", {max(self.read(self.left), 0)}"
        return f"repeat({self.value!r}{left})"


class _Ring(Indexed):
    """Over a list again and again."""

    def count(self) -> int:
        return OVER if self.items else 0

    def get(self, at: Any) -> Any:
        return element(self.m, self.items, at % len(self.items))


@_itertool
class Cycle(Iterator):
    """seen: the items so far; source: where more come from, None at its end."""

    def __init__(self, m: Machine, source: Iterator | None, seen: List) -> None:
        super().__init__(m)
        self.source = Progress(source)
        self.seen = seen
        self.again = _Ring(m, seen)

    def step(self) -> Any:
        source = self.read(self.source)
        if source is not None:
            found = source.step()
            if isinstance(found, Perhaps):
                self.outgrown("cycle() of this run-time iterator is not supported")
            if found is not END:
                self.seen.append(found)
                return found
            self.move(self.source, None)
        return self.again.step()


# -- by position


@_itertool
class Product(Indexed):
    def __init__(self, m: Machine, pools: list[tuple]) -> None:
        super().__init__(m, pools)

    def count(self) -> int:
        return math.prod(map(len, self.items))

    def get(self, at: Any) -> tuple:
        row: list[Any] = []
        for pool in reversed(self.items):
            row.append(element(self.m, pool, at % len(pool)))
            at = at // len(pool)
        return tuple(reversed(row))


class _Arranged(Indexed):
    """Selections of r items of a pool, in lexicographic order of their positions in it."""

    def __init__(self, m: Machine, pool: tuple, r: int) -> None:
        super().__init__(m, pool)
        self.r = r

    def get(self, at: Any) -> tuple:
        if not isinstance(at, Then):
            return tuple(self.items[number] for number in self.chosen(at))
        if self.count() > MANY:
            raise self.m.error(
                f"this {type(self).__name__} advances in a run-time branch or loop, and has too "
                "many items for that",
                "make a list of its items before",
            )
        columns = zip(*map(self.chosen, range(self.count())), strict=True)
        return tuple(element(self.m, self.items, element(self.m, column, at))
                     for column in columns)  # fmt: skip

    def chosen(self, at: int) -> list[int]:
        """The positions in the pool of selection number `at`."""
        raise NotImplementedError


@_itertool
class Permutations(_Arranged):
    def count(self) -> int:
        return math.perm(len(self.items), self.r)

    def chosen(self, at: int) -> list[int]:
        left = list(range(len(self.items)))
        found = []
        for place in range(self.r):
            number, at = divmod(at, math.perm(len(left) - 1, self.r - place - 1))
            found.append(left.pop(number))
        return found


@_itertool
class Combinations(_Arranged):
    def count(self) -> int:
        return math.comb(len(self.items), self.r)

    def chosen(self, at: int) -> list[int]:
        return _combination(len(self.items), self.r, at)


@stands_for(python.combinations_with_replacement)
class WithReplacement(_Arranged):
    def count(self) -> int:
        n = len(self.items)
        return math.comb(n + self.r - 1, self.r) if n else int(not self.r)

    def chosen(self, at: int) -> list[int]:
        found = _combination(len(self.items) + self.r - 1, self.r, at)
        return [number - place for place, number in enumerate(found)]


def _combination(n: int, r: int, at: int) -> list[int]:
    """Combination number `at` of r of 0 ... n - 1: at each place skip those that start lower."""
    found: list[int] = []
    number = 0
    while len(found) < r:
        start_here = math.comb(n - number - 1, r - len(found) - 1)
        if at < start_here:
            found.append(number)
        else:
            at -= start_here
        number += 1
    return found


# -- one source


@_itertool
class Islice(Positional):
    """taken: how many items the source has given; next: how many come before the next of ours."""

    def __init__(self, m: Machine, source: Iterator, start: int, stop: int | None, by: int) -> None:
        super().__init__(m)
        self.source = source
        self.by = by
        self.stop = OVER if stop is None else stop
        self.taken = Progress(0)
        self.next = Progress(start)
        self.plain = by == 1 and start == 0 and isinstance(source, Positional)

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
        return self.source if self.by == 1 and self.stop > 0 and self.read(self.next) == 0 else None

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


@_itertool
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


@_itertool
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


@_itertool
class Takewhile(Iterator):
    """rest: from where run time decides, an iterator over what it then has.

    alone: whether nobody else knows the source, so that it may be walked to its end.
    """

    def __init__(self, m: Machine, call: Call, source: Iterator, alone: bool) -> None:
        super().__init__(m)
        self.call = call
        self.source = source
        self.alone = alone
        self.rest = Progress(None)

    def step(self) -> Any:
        rest = self.read(self.rest)
        if rest is not None:
            return rest.step()
        found = self.source.step()
        if found is END:
            return END
        if isinstance(found, Perhaps):
            return self._perhaps(found)
        truth = self._passes(found)
        if isinstance(truth, Then):
            self.move(self.rest, steps(self.m, self._collect(found, truth)))
            return self.step()
        if truth:
            return found
        self.move(self.rest, steps(self.m, ()))
        return END

    def upstream(self) -> Iterator:
        return self.source

    def passing(self, use: Use) -> Use:
        def while_it_passes(item: Any) -> Any:
            truth = self._passes(item)
            if isinstance(truth, Then):
                return regions.choose(self.m, truth, lambda: use(item), lambda: True)
            return use(item) if truth else True

        return while_it_passes
    def _perhaps(self, found: Perhaps) -> Perhaps:
        """Of an iterator that ends at run time: the first item that does not pass ends this one."""
        if found.end is None:
            raise self.m.error("takewhile() of this run-time iterator is not supported")

        def passing(item: Any) -> Any:
            return Perhaps(self._passes(item), lambda: item, lambda: None)

        return Perhaps(found.truth, lambda: then(found.get(), passing), found.end)

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
        raise self.m.error(
            "takewhile() whose condition is known at run time only is not supported here",
            "use a loop with `break`",
        )


@_itertool
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


@_itertool
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


@_itertool
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


@_itertool
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


# -- several sources


@_itertool
class Chain(Iterator):
    """outer: the steps of the iterables; inner: the iterator that is being walked."""

    def __init__(self, m: Machine, outer: Iterator) -> None:
        super().__init__(m)
        self.outer = Progress(outer)
        self.inner = Progress(None)

    def step(self) -> Any:
        while True:
            inner = self.read(self.inner)
            if inner is None:
                outer = self.read(self.outer)
                found = END if outer is None else outer.step()
                if found is END:
                    self.move(self.outer, None)
                    return END
                if isinstance(found, Perhaps):
                    self.outgrown("chain() of this run-time iterator is not supported")
                inner = steps(self.m, found)
                self.move(self.inner, inner)
            found = inner.step()
            if isinstance(found, Perhaps) and found.end is not None:
                self.outgrown("chain() of this run-time iterator is not supported")
            if found is not END:
                return found
            self.move(self.inner, None)


@stands_for(python.zip_longest)
class ZipLongest(Iterator):
    def __init__(self, m: Machine, sources: list[Iterator], fill: Any) -> None:
        super().__init__(m)
        self.sources = Progress(tuple(sources))
        self.fill = fill

    def step(self) -> Any:
        sources = list(self.read(self.sources))
        items: list[Any] = []
        for number, source in enumerate(sources):
            found = END if source is None else source.step()
            if isinstance(found, Perhaps):
                self.outgrown("zip_longest() of this run-time iterator is not supported")
            if found is END:
                sources[number] = None
            items.append(self.fill if found is END else found)
        self.move(self.sources, tuple(sources))
        return tuple(items) if any(source is not None for source in sources) else END


@_itertool
class Compress(Iterator):
    def __init__(self, m: Machine, data: Iterator, selectors: Iterator) -> None:
        super().__init__(m)
        self.data = data
        self.selectors = selectors

    def step(self) -> Any:
        while True:
            item = self.data.step()
            chosen = END if item is END else self.selectors.step()
            if chosen is END:
                return END
            if isinstance(item, Perhaps) or isinstance(chosen, Perhaps):
                self.outgrown("compress() of this run-time iterator is not supported")
            truth = operations.truth_of(self.m, chosen)
            if isinstance(truth, Then):
                return Perhaps(truth, lambda item=item: item, None)
            if truth:
                return item


# -- the module


class Itertools:
    """The functions of the module, for one evaluation."""

    def __init__(self, machine: Machine) -> None:
        self._m = machine

    def _hosted(self, name: str, *iterables: Any, **more: Any) -> OfObject:
        """An iterator of CPython's, over what the run has."""
        e = self._m.backend.e
        given = [objects.shallow(calls.taken(self._m, one)) for one in iterables]
        made = self._m.native(objects.function, e, f"itertools.{name}", given, **more)
        return OfObject(self._m, made)

    def _either(self, name: str, make: Callable[[], Any], *iterables: Any, **more: Any) -> Any:
        """An iterator of ours, which may turn out to be one of the run's."""
        if self._m.backend.e is None:
            return make()
        if any(self._is_late(one) for one in (*iterables, *more.values())):
            return self._hosted(name, *iterables, **more)
        made = make()
        made.hosted = lambda: self._hosted(name, *iterables, **more)
        return made

    def _is_late(self, items: Any) -> bool:
        ends = classes.of_ours(items, "ends_at_run_time")
        return isinstance(items, Then) or is_run_time_list(items) or (
            ends is not None and ends())

    def _pool(self, items: Any) -> tuple:
        return tuple(operations.known_items(self._m, items))

    def _steps(self, items: Any) -> Iterator:
        return steps(self._m, items)

    def _call(self, function: Any) -> Call:
        return lambda *arguments: calls.call_value(self._m, function, arguments, {})

    def count(self, start: Any = 0, step: Any = 1) -> Count:
        if not numbers.kind_of(start) or not numbers.kind_of(step):
            return python.count(start, step)
        return Count(self._m, start, step)

    def repeat(self, object: Any, times: Any = None) -> Repeat:  # noqa: A002
        return Repeat(self._m, object, times)

    def cycle(self, iterable: Any, /) -> Any:
        return self._either("cycle", lambda: self._cycle(iterable), iterable)

    def _cycle(self, iterable: Any) -> Cycle:
        if isinstance(iterable, list | tuple | str | range):
            return Cycle(self._m, None, List(self._m.heap, self._pool(iterable)))
        return Cycle(self._m, self._steps(iterable), List(self._m.heap))

    def product(self, *iterables: Any, repeat: Any = 1) -> Any:
        if any(map(self._is_late, (*iterables, repeat))):
            return self._hosted("product", *iterables, repeat=repeat)
        if repeat < 0:
            raise ValueError("repeat argument cannot be negative")
        return Product(self._m, [self._pool(items) for items in iterables] * repeat)

    def permutations(self, iterable: Any, r: Any = None) -> Permutations:
        return self._arranged(Permutations, iterable, r)

    def combinations(self, iterable: Any, r: Any) -> Combinations:
        return self._arranged(Combinations, iterable, r)

    def combinations_with_replacement(self, iterable: Any, r: Any) -> WithReplacement:
        return self._arranged(WithReplacement, iterable, r)

    def _arranged(self, kind: type, iterable: Any, r: Any) -> Any:
        if self._is_late(iterable) or self._is_late(r):
            return self._hosted(members.python_class(kind).__name__, iterable, r)
        pool = self._pool(iterable)
        if r is not None and not isinstance(r, int):
            return getattr(python, kind.__name__)(pool, r)
        if r is not None and r < 0:
            raise ValueError("r must be non-negative")
        return kind(self._m, pool, len(pool) if r is None else r)

    def islice(self, iterable: Any, *bounds: Any) -> Any:
        if any(map(self._is_late, bounds)):
            return self._hosted("islice", iterable, *bounds)
        python.islice((), *bounds)  # its complaints
        span = slice(*bounds)
        start = 0 if span.start is None else span.start
        if self._is_late(iterable) and (start or span.step not in (None, 1)):
            return self._hosted("islice", iterable, *bounds)
        made = Islice(self._m, self._steps(iterable), start, span.stop, span.step or 1)
        made.hosted = lambda: self._hosted("islice", iterable, *bounds)
        return made

    def accumulate(self, iterable: Any, func: Any = None, *, initial: Any = None) -> Accumulate:
        call = operator.add if func is None else self._call(func)
        return Accumulate(self._m, self._steps(iterable), call, initial)

    def starmap(self, function: Any, iterable: Any, /) -> Starmap:
        return Starmap(self._m, self._call(function), self._steps(iterable))

    def takewhile(self, predicate: Any, iterable: Any, /) -> Takewhile:
        source = self._steps(iterable)
        return Takewhile(self._m, self._call(predicate), source, source is not iterable)

    def dropwhile(self, predicate: Any, iterable: Any, /) -> Dropwhile:
        return Dropwhile(self._m, self._call(predicate), self._steps(iterable))

    def filterfalse(self, predicate: Any, iterable: Any, /) -> Filter:
        call = (lambda item: item) if predicate is None else self._call(predicate)
        return FilterFalse(self._m, call, self._steps(iterable), False)

    def pairwise(self, iterable: Any, /) -> Any:
        return self._either(
            "pairwise", lambda: Pairwise(self._m, self._steps(iterable)), iterable)  # fmt: skip

    def batched(self, iterable: Any, n: int) -> Any:
        if n < 1:
            raise ValueError("n must be at least one")
        return self._either(
            "batched", lambda: Batched(self._m, self._steps(iterable), n), iterable, n)  # fmt: skip

    def tee(self, iterable: Any, n: int = 2, /) -> tuple[Iterator, ...]:
        if n < 0:
            raise ValueError("n must be >= 0")
        if self._is_late(iterable):
            e = self._m.backend.e
            made = objects.function(e, "itertools.tee", [calls.taken(self._m, iterable), n], tuple)
            return tuple(OfObject(self._m, one) for one in objects.unpack(e, made, n))
        source, seen = self._steps(iterable), List(self._m.heap)
        return tuple(Tee(self._m, source, seen) for _ in range(n))

    def groupby(self, iterable: Any, key: Any = None) -> Any:
        if self._is_late(iterable):
            items = self._m.constructors[list](iterable)
            if not isinstance(items, Object):
                items = objects.box(self._m.backend.e, items.run_time, False)
            keys = items if key is None else calls.keys_of(self._m, items, key)
            return self._hosted("groups", items, keys)
        call = (lambda item: item) if key is None else self._call(key)
        return Groupby(self._m, self._steps(iterable), call)

    def chain(self, *iterables: Any) -> Any:
        return self._either("chain", lambda: Chain(self._m, self._steps(iterables)), *iterables)

    def from_iterable(self, iterable: Any, /) -> Any:
        if self._is_late(iterable):
            return self._hosted("flat", iterable)
        return Chain(self._m, self._steps(iterable))

    def zip_longest(self, *iterables: Any, fillvalue: Any = None) -> Any:
        return self._either(
            "zip_longest",
            lambda: ZipLongest(self._m, list(map(self._steps, iterables)), fillvalue),
            *iterables, fillvalue=fillvalue,
        )  # fmt: skip

    def compress(self, data: Any, selectors: Any) -> Any:
        return self._either(
            "compress", lambda: Compress(self._m, self._steps(data), self._steps(selectors)),
            data, selectors,
        )  # fmt: skip


@_itertool
class FilterFalse(Filter):
    """What does not pass."""


_KINDS = """accumulate batched chain combinations combinations_with_replacement compress count cycle
    dropwhile filterfalse groupby islice pairwise permutations product repeat starmap takewhile
    zip_longest""".split()


def make_itertools(machine: Machine) -> dict[str, Any]:
    """The module's names; calling a class makes an iterator of this evaluation."""
    functions = Itertools(machine)
    table = {name: getattr(python, name) for name in _KINDS if hasattr(python, name)}
    for name, kind in table.items():
        machine.constructors[kind] = Builtin(name, getattr(functions, name), kind)
    from_iterable = Builtin("from_iterable", functions.from_iterable, python.chain.from_iterable)
    machine.class_attributes[python.chain, "from_iterable"] = from_iterable
    return table | {"tee": functions.tee}

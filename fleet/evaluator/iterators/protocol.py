"""Iterators as the evaluator has them: objects whose whole state is in cells that are journaled.

In: a step. Out: an item, END, or `Perhaps`, where only run time knows whether an item comes. The
one idea: an iterator is a position and what it walks over; so a branch that is not taken leaves it
where it was, and two branches that move it differently give it a run-time position.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from fleet.evaluator.state.completions import Slot
from fleet.evaluator.state.outgrown import settled
from fleet.evaluator.values import objects
from fleet.evaluator.values.heap import SITED, Composite, List, Progress
from fleet.evaluator.values.then import Number, Then, Union, Unusable


class End:
    """What a step gives when there are no more items."""

    def __repr__(self) -> str:
        return "END"


END = End()
Use = Callable[[Any], Any]
"""One iteration of a loop, of an item: whether it left the loop, a bool or a run-time bool."""


class Held(Progress, Slot):
    """What an iterator keeps, if it has come so far; nobody looks before."""

    __slots__ = ()


@dataclass(frozen=True)
class Perhaps:
    """A step of which run time decides whether it gives an item.

    truth: whether it does; get: the item, asked for where that holds, or another Perhaps; end: what
    happens to the iterator where it does not hold, or None when it then goes on to its next item.
    """

    truth: Number
    get: Callable[[], Any]
    end: Callable[[], None] | None


def then(found: Any, use: Callable[[Any], Any]) -> Any:
    """A step whose item is another's, changed."""
    if found is END:
        return END
    if isinstance(found, Perhaps):
        return Perhaps(found.truth, lambda: then(found.get(), use), found.end)
    return use(found)


class Iterator(Composite):
    """The base of all kinds. `m` is the evaluation that it belongs to."""

    site: Any = None
    """The expression that made it: see heap.SITED."""
    hosted: Callable[[], Any] | None = None
    """Makes the same as one of the run's objects, before anything has been taken."""

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        SITED.add(cls)

    def __init__(self, m: Any) -> None:
        self.m = m

    def step(self) -> Any:
        """The next item, END or Perhaps."""
        raise NotImplementedError

    def upstream(self) -> Iterator | None:
        """The one iterator whose items these are, changed; None where there is no such."""
        return None

    def passing(self, use: Use) -> Use:
        """What `use` of these items is as a use of the upstream one's."""
        raise NotImplementedError

    def drivable(self) -> bool:
        """Whether it can evaluate what a loop does with each item by itself: see `drive`."""
        source = self.upstream()
        return source is not None and source.drivable()

    def looks(self) -> bool:
        """Whether what is open in it sees the exceptions of a loop that drives it."""
        source = self.upstream()
        return source is not None and source.looks()

    def stays(self) -> bool:
        """Whether a loop that leaves it must not end it."""
        source = self.upstream()
        return source is not None and source.stays()

    def drive(self, use: Use, holding: Any = None) -> Any:
        """Evaluate `use` of each item, until it says that the loop is left.

        holding: what the use writes to, and nobody else holds.
        """
        return self.upstream().drive(self.passing(use), holding)

    def is_positional(self) -> bool:
        """Whether it can tell whether there is a next item without taking it."""
        return False

    def is_own(self) -> bool:
        """Whether a step evaluates what a generator of the program does, or there is no end of
        them: so nobody may take more items than are asked for."""
        return any(one.is_own() for one in self._sources())

    def is_endless(self) -> bool:
        """Whether the items that it chooses from never end."""
        return any(one.is_endless() for one in self._sources())

    def _sources(self) -> list[Iterator]:
        """The iterators that it is over."""
        found: list[Iterator] = []
        for value in vars(self).values():
            value = value.content if isinstance(value, Progress) else value
            parts = value if isinstance(value, list | tuple) else (value,)
            if isinstance(value, List) and value.run_time is not None:
                continue  # of numbers
            found += [one for one in parts if isinstance(one, Iterator)]
        return found

    def end_of_items(self) -> StopIteration:
        """What next() raises at the end."""
        return StopIteration()

    def at_once(self) -> Any:
        """A list of all that is left, for those that would rather not go step by step."""
        return self.collected() if self.drivable() else self.run_time_rest()

    def collected(self) -> List:
        """The items of one that is driven."""
        m = self.m
        result: Any = List(m.heap)
        if m.node is not None:
            result = settled(m, m.node, result)

        def add(item: Any) -> bool:
            if isinstance(result, List):
                result.append(item)
            else:
                m.native(objects.method, m.backend.e, result, "append", [item], {})
            return False

        self.drive(add, result)
        return result

    def run_time_rest(self) -> Any:
        """All that is left as a run-time sequence, where it is one; the iterator is then over."""
        return None

    def ends_at_run_time(self) -> bool:
        """Whether only run time can tell when it ends."""
        return any(one.ends_at_run_time() for one in vars(self).values()
                   if isinstance(one, Iterator))  # fmt: skip

    def from_host(self) -> Any:
        """The same as one of the run's objects, if nothing has been taken; None for others."""
        return None

    def advances(self) -> bool:
        """Whether a step does something even where it turns out to give no item."""
        return any(one.advances() for one in vars(self).values() if isinstance(one, Iterator))

    def cells(self) -> list[Progress]:
        """The cells that are this iterator's own."""
        return [value for value in vars(self).values() if isinstance(value, Progress)]

    def __iter__(self) -> Iterator:
        return self

    def __next__(self) -> Any:
        found = self.step()
        if found is END:
            raise StopIteration
        if isinstance(found, Perhaps):
            self.outgrown(
                "how many items this iterator has is known at run time only, and needed here",
                "loop over it with `for`, or make a list of it",
            )
        return found

    def read(self, cell: Progress) -> Any:
        """What a cell of this iterator holds."""
        content = cell.content
        is_split = isinstance(content, Union) and not isinstance(cell, Held)
        if is_split or isinstance(content, Unusable):
            self.outgrown(
                "this iterator advances in a run-time branch or loop, and where it is then "
                "cannot be said at run time",
                "advance it before or after",
            )
        return content

    def outgrown(self, message: str, hint: str | None = None) -> NoReturn:
        """Run time decides what this iterator does as only one of the run's can follow."""
        raise self.m.heap.outgrown(self, self.m.error(message, hint))

    def move(self, cell: Progress, content: Any) -> None:
        """Write a cell of this iterator."""
        self.m.heap.touch(cell)
        cell.content = content


class Positional(Iterator):
    """An iterator that can tell whether there is a next item without taking it."""

    def is_positional(self) -> bool:
        return True

    def more(self) -> bool | Number:
        """Whether there is a next item."""
        raise NotImplementedError

    def take(self) -> Any:
        """The next item, which there is."""
        raise NotImplementedError

    def finish(self) -> None:
        """There is no next item, and from now on there never will be."""

    def step(self) -> Any:
        more = self.more()
        if isinstance(more, Then):
            return Perhaps(more, self.take, self.finish)
        if more:
            return self.take()
        self.finish()
        return END

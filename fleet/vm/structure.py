"""Where the ways of branches meet: joins of blocks that lie directly in a loop.

In: the blocks between a loop's first and last instruction; loops in it count as one block each.
Out: for a branch the block where its ways meet again, if all that is in between belongs to the
branch alone. The one idea: code is in an order in which all jumps within a round lead downwards, so
that walking the blocks which are ahead in that order, lowest first, comes to a join when only one
is left. What goes back to the head or leaves the loop does not meet anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from fleet.vm.blocks import Blocks

MOST = 60
"""Blocks between a branch and its join; looking for it takes longer than it is worth."""


@dataclass(frozen=True)
class Join:
    """at: the block; height: how many branches may be within one another on the way there; is_own:
    whether the branch alone leads there."""

    at: int
    height: int
    is_own: bool


@dataclass
class Level:
    """What lies directly in the loop from `low` to `high`.

    is_short: whether a block may as well be there several times
    is_regular: whether all jumps within a round lead downwards, and into loops at their heads
    """

    blocks: Blocks
    low: int
    high: int
    is_short: Callable[[int], bool]
    inner: dict[int, int] = field(init=False)
    after: dict[int, list[int]] = field(init=False)
    before: dict[int, set[int]] = field(init=False)
    is_regular: bool = field(init=False)

    def __post_init__(self) -> None:
        self.inner = self.blocks.loops(self.low, self.high)
        ends = dict(self._ends())
        self.after = {at: self._targets(at, end) for at, end in ends.items()}
        self.before = {at: set() for at in ends}
        self.is_regular = self.blocks.is_entered_at_its_head(self.low, self.high) and all(
            to > at and to in ends for at, found in self.after.items() for to in found
        ) and all(self.blocks.is_entered_at_its_head(*each) for each in self.inner.items())
        if self.is_regular:
            for at, found in self.after.items():
                for to in found:
                    self.before[to].add(at)
        self._joins: dict[int, Join | None] = {}

    def _ends(self) -> Iterator[tuple[int, int]]:
        at = self.low
        while at <= self.high:
            end = self.inner.get(at, self.blocks.end(at))
            yield at, end
            at = end + 1

    def _targets(self, at: int, end: int) -> list[int]:
        """What a block, or loop, goes on to in the same round."""
        lasts = [end] if at not in self.inner else [
            last for last in self.blocks.ends if at <= last <= end]  # fmt: skip
        found = {to for last in lasts for to in self.blocks.after(last)}
        is_loop = at in self.inner
        return sorted(to for to in found if self.low < to <= self.high
                      and not (is_loop and at <= to <= end))  # fmt: skip

    def goes_on_to_next_round(self, loop: int) -> bool:
        """Whether something in a loop begins the next round of this one."""
        end = self.inner[loop]
        return any(self.low in self.blocks.after(last)
                   for last in self.blocks.ends if loop <= last <= end)  # fmt: skip

    def is_once(self, at: int) -> bool:
        """Whether a block, or a loop that is left for one block at most, has one way to it."""
        return self.is_regular and len(self.before.get(at, ())) == 1 and (
            at not in self.inner or len(self.after[at]) <= 1)  # fmt: skip

    def join(self, at: int) -> Join | None:
        """Where the ways of the branch that a block ends with meet."""
        if at not in self._joins:
            self._joins[at] = self._join(at) if self.is_regular else None
        return self._joins[at]

    def _join(self, at: int) -> Join | None:
        ahead = set(self.after.get(at, ()))
        between: set[int] = set()
        while len(ahead) > 1 and len(between) < MOST:
            lowest = min(ahead)
            ahead.remove(lowest)
            between.add(lowest)
            ahead.update(self.after[lowest])
        if len(ahead) != 1:
            return None
        here = between | {at}
        for each in between:
            if each in self.inner:
                if len(self.after[each]) > 1:
                    return None
            elif self.is_short(each):
                continue
            if not self.before[each] <= here or len(self.before[each]) > 1 and not any(
                self._is_join(branch, each) for branch in between
            ):
                return None
        (found,) = ahead
        if found in self.inner and len(self.after[found]) > 1:
            return None
        height = 1 + sum(len(self.after[each]) > 1 for each in between)
        return Join(found, height, self.before[found] <= here)

    def _is_join(self, branch: int, at: int) -> bool:
        join = self.join(branch)
        return join is not None and join.at == at and join.is_own

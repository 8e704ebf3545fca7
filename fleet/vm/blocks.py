"""The basic blocks of a piece of a function, and its loops.

In: code, and the first and the last instruction of the piece. Out: where blocks begin and end, what
leads to them, which loops are within one another. The one idea: a loop is what lies between a place
that something jumps back to and the last one that does.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from fleet.vm.bytecode import Instruction

_JUMPS = ("jump", "jump_if", "jump_unless")


class Blocks:
    """Those of a piece."""

    DEEPEST = 12
    """Loops within one another that are loops; Python has a limit."""

    def __init__(self, code: Sequence[Instruction], first: int, last: int) -> None:
        self.code = code
        self.first = first
        self.last = last
        self._leaders = self._find_leaders()
        self.ends = [following - 1 for following in self._leaders[1:]]
        self.backward: dict[int, int] = {}
        """For each place to which something jumps back, the last one that does."""
        for at, target in self._jumps():
            if first <= target <= at:
                self.backward[target] = max(at, self.backward.get(target, 0))
        self._reached = Counter(to for at in self.ends for to in self.after(at))
        self._reached[first] += 1
        self.is_entered_at_its_head = cache(self._is_entered_at_its_head)
        self._counters = dict(filter(None, map(self._counted, self.backward)))

    def _find_leaders(self) -> list[int]:
        """The first instructions of the basic blocks, and the end."""
        found = {self.first, self.last + 1}
        for at, target in self._jumps():
            found.add(at + 1)
            if self.first <= target <= self.last:
                found.add(target)
        for at in range(self.first, self.last + 1):
            if self.code[at].mnemonic == "return":
                found.add(at + 1)
        return sorted(found)

    def _jumps(self) -> Iterator[tuple[int, int]]:
        for at in range(self.first, self.last + 1):
            item = self.code[at]
            if item.mnemonic in _JUMPS:
                yield at, item.operands[-1]

    def end(self, at: int) -> int:
        """The last instruction of the block that an instruction is in."""
        return self._leaders[bisect_right(self._leaders, at)] - 1

    def start(self, at: int) -> int:
        """The first one."""
        return self._leaders[bisect_right(self._leaders, at) - 1]

    def rest(self, at: int) -> int:
        """How many instructions of its block an instruction has behind it."""
        return self.end(at) - at

    def after(self, end: int) -> list[int]:
        """The blocks that the one with this end goes on to."""
        item = self.code[end]
        found = [item.operands[-1]] if item.mnemonic in _JUMPS else []
        return found if item.mnemonic in ("jump", "return") else [*found, end + 1]

    def is_reached_once(self, at: int) -> bool:
        """Whether one branch alone leads to a block."""
        return self._reached[at] == 1

    def loops(self, low: int, high: int) -> dict[int, int]:
        """The ends of the loops within one from `low` to `high`, by their heads; those that overlap
        are one."""
        found: list[tuple[int, int]] = []
        if self._depth(low, high) > self.DEEPEST:
            return {}
        for head, end in sorted(self.backward.items()):
            if not low < head <= end <= high:
                continue
            if found and head <= found[-1][1]:
                found[-1] = found[-1][0], max(end, found[-1][1])
            else:
                found.append((head, end))
        return dict(found)

    def _is_entered_at_its_head(self, low: int, high: int) -> bool:
        """Whether what jumps to a place within a loop is in that loop, and a jump back within it
        goes to a loop in it."""
        return self._depth(low, high) <= self.DEEPEST and all(
            low <= at <= high or not low < to <= high
            for at in self.ends for to in self.after(at)
        )  # fmt: skip

    def _depth(self, low: int, high: int) -> int:
        """How many loops are around one, which is counted, too."""
        return sum(head <= low and high <= end for head, end in self.backward.items())

    def leaves(self, head: int, end: int, low: int, high: int) -> bool:
        """Whether something in a loop leaves the one around it, from `low` to `high`."""
        return any(
            not low <= to <= high
            for at in self.ends if head <= at <= end for to in self.after(at)
        )  # fmt: skip

    def counters(self, at: int) -> set[int]:
        """Registers that are less than another number at an instruction."""
        return {
            counter for (head, end), counter in self._counters.items()
            if self.end(head) < at <= end
            and not any(("d", counter) in item.fields() for item in self._before(at))
        }  # fmt: skip

    def _before(self, at: int) -> Sequence[Instruction]:
        """The instructions of its block before one."""
        return self.code[self.start(at) : at]

    def _counted(self, head: int) -> tuple[tuple[int, int], int] | None:
        """A loop whose head leaves it unless a register is less than another, and that register:
        it is written to only where the next round begins at once."""
        last, loop_end = self.end(head), self.backward[head]
        if last == head or not self.is_entered_at_its_head(head, loop_end):
            return None
        test, branch = self.code[last - 1], self.code[last]
        out = branch.operands[-1]
        if branch.mnemonic == "jump_unless" and self.code[out].mnemonic == "jump":
            out = self.code[out].operands[0]
        if test.mnemonic != "cmpi.slt" or branch.mnemonic != "jump_unless" or (
                head <= out <= loop_end or branch.operands[0] != test.operands[0]):  # fmt: skip
            return None
        counter = test.operands[1]
        for at in range(head, loop_end + 1):
            if ("d", counter) in self.code[at].fields() and self.after(self.end(at)) != [head]:
                return None
        return (head, loop_end), counter


def live_after(code: Sequence[Instruction]) -> list[int]:
    """For each instruction the registers that may be read after it, as the bits of an int."""
    reads, writes = [], []
    for item in code:
        fields = list(item.fields())
        reads.append(sum({1 << one for kind, one in fields if kind == "s"}))
        writes.append(sum({1 << one for kind, one in fields if kind == "d"}))
    after, before = [0] * len(code), [0] * (len(code) + 1)
    changed = True
    while changed:
        changed = False
        for at in range(len(code) - 1, -1, -1):
            mnemonic = code[at].mnemonic
            live = 0 if mnemonic in ("jump", "return") else before[at + 1]
            if mnemonic in ("jump", "jump_if", "jump_unless"):
                live |= before[code[at].operands[-1]]
            after[at] = live
            live = live & ~writes[at] | reads[at]
            if live != before[at]:
                before[at], changed = live, True
    return after

"""Which blocks come before which on every way through a region.

In: a region of blocks that branch to one another. Out: the tree in which a block's parent is the
nearest block that every way to it passes (T. Lengauer, R. Tarjan: A Fast Algorithm for Finding
Dominators in a Flowgraph, TOPLAS 1979; the version with path compression alone, O(m log n)).

The one idea: a depth-first search numbers the blocks; of each, the *semidominator* is the smallest
number from which a path leads there through larger numbers only, and is found by looking up a
forest of what was visited so far, whose paths get shorter as they are walked.
"""

from __future__ import annotations

from collections.abc import Iterator

from fleet.ir.core import Block, Region


class Dominance:
    """The dominator tree of one region. Valid as long as its blocks and branches stay.

    children:  the blocks that each block dominates immediately, in the region's order.
    parent:    the block that dominates each immediately; the entry and what cannot be reached have
               none.
    steps:     edges and links looked at while it was built.
    """

    def __init__(self, region: Region) -> None:
        self.region = region
        self.steps = 0
        self.children: dict[Block, list[Block]] = {block: [] for block in region.blocks}
        self.parent: dict[Block, Block] = {}
        if region.blocks:
            self._build()
        self._spans = self._intervals()

    def is_reachable(self, block: Block) -> bool:
        """Whether some way from the entry leads to the block."""
        return block in self._spans

    def dominates(self, one: Block, other: Block) -> bool:
        """Whether every way from the entry to the other block goes through the one (a block
        dominates itself, and whatever dominates, what cannot be reached is dominated by all)."""
        if other not in self._spans:
            return True
        if one not in self._spans:
            return False
        first, last = self._spans[one]
        return first <= self._spans[other][0] <= last

    # -- Lengauer and Tarjan

    def _build(self) -> None:
        order, above, before = self._search()
        count = len(order)
        semi = list(range(count))
        best = list(range(count))
        link = [-1] * count
        immediate = [0] * count
        waiting: list[list[int]] = [[] for _ in order]

        def least(node: int) -> int:
            """The node of smallest semidominator on the way up the forest, the root not counted."""
            path = []
            while link[node] != -1:
                path.append(node)
                node = link[node]
            self.steps += len(path) + 1
            for low, high in zip(path[-2::-1], path[:0:-1], strict=True):
                if semi[best[high]] < semi[best[low]]:
                    best[low] = best[high]
                link[low] = link[high]
            return best[path[0]] if path else node

        for node in range(count - 1, 0, -1):
            for source in before[node]:
                self.steps += 1
                found = source if link[source] == -1 else least(source)
                semi[node] = min(semi[node], semi[found])
            waiting[semi[node]].append(node)
            link[node] = above[node]
            for other in waiting[above[node]]:
                found = least(other)
                immediate[other] = found if semi[found] < semi[other] else above[node]
            waiting[above[node]] = []
        for node in range(1, count):
            if immediate[node] != semi[node]:
                immediate[node] = immediate[immediate[node]]
            self.parent[order[node]] = order[immediate[node]]
        for block in self.region.blocks:
            if block in self.parent:
                self.children[self.parent[block]].append(block)

    def _search(self) -> tuple[list[Block], list[int], list[list[int]]]:
        """Blocks in depth-first order; of each, its number's parent there, and predecessors."""
        own = set(self.region.blocks)
        entry = self.region.blocks[0]
        order: list[Block] = []
        number: dict[Block, int] = {}
        above: list[int] = []
        stack = [(entry, -1)]
        while stack:
            block, parent = stack.pop()
            if block in number:
                continue
            number[block] = len(order)
            order.append(block)
            above.append(parent)
            following = [s for s in _successors(block) if s in own]
            self.steps += len(following) + 1
            stack += [(successor, number[block]) for successor in reversed(following)]
        before: list[list[int]] = [[] for _ in order]
        for block in order:
            for successor in _successors(block):
                if successor in number:
                    before[number[successor]].append(number[block])
        return order, above, before

    def _intervals(self) -> dict[Block, tuple[int, int]]:
        """Numbers of a walk down the tree: a block's first, and the last one below it."""
        spans: dict[Block, tuple[int, int]] = {}
        if not self.region.blocks:
            return spans
        clock = 0
        work: list[tuple[Block, Iterator[Block]]] = []

        def enter(block: Block) -> None:
            nonlocal clock
            spans[block] = (clock, clock)
            clock += 1
            work.append((block, iter(self.children[block])))

        enter(self.region.blocks[0])
        while work:
            block, below = work[-1]
            following = next(below, None)
            if following is None:
                spans[block] = (spans[block][0], clock - 1)
                work.pop()
            else:
                enter(following)
        return spans


def dominator_tree(region: Region) -> dict[Block, list[Block]]:
    """For each block the blocks that it dominates immediately; none for unreachable ones."""
    return Dominance(region).children


def _successors(block: Block) -> list[Block]:
    return block.last.successors if block.last is not None else []

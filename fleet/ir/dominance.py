"""Which blocks of a region every way to another block goes through.

In: a region of several blocks. Out: its dominator tree. (Cooper, Harvey, Kennedy: A Simple, Fast
Dominance Algorithm, 2001.)
"""

from __future__ import annotations

from fleet.ir.core import Block, Region


def dominator_tree(region: Region) -> dict[Block, list[Block]]:
    """For each block the blocks that it dominates immediately; none for unreachable ones."""
    entry = region.blocks[0]
    own = set(region.blocks)
    successors = {
        block: [s for s in block.last.successors if s in own] if block.last is not None else []
        for block in region.blocks
    }
    finished: list[Block] = []
    seen = {entry}
    stack = [(entry, iter(successors[entry]))]
    while stack:
        block, following = stack[-1]
        for successor in following:
            if successor not in seen:
                seen.add(successor)
                stack.append((successor, iter(successors[successor])))
                break
        else:
            finished.append(block)
            stack.pop()
    order = finished[::-1]
    number = {block: at for at, block in enumerate(order)}
    predecessors: list[list[int]] = [[] for _ in order]
    for block in order:
        for successor in successors[block]:
            predecessors[number[successor]].append(number[block])
    immediate: list[int | None] = [0, *(None for _ in order[1:])]
    changed = True
    while changed:
        changed = False
        for at in range(1, len(order)):
            known = [p for p in predecessors[at] if immediate[p] is not None]
            found = known[0]
            for other in known[1:]:
                while found != other:  # up the tree from the deeper one, until they meet
                    if found > other:
                        found = immediate[found]
                    else:
                        other = immediate[other]
            if immediate[at] != found:
                immediate[at] = found
                changed = True
    tree: dict[Block, list[Block]] = {block: [] for block in region.blocks}
    for at in range(1, len(order)):
        tree[order[immediate[at]]].append(order[at])
    return tree

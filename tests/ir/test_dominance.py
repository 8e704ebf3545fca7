"""The dominator tree, against its definition: what every way from the entry goes through."""

from __future__ import annotations

import math
import random

import pytest

from fleet.ir.analysis.dominance import Dominance
from fleet.ir.core import Block, Operation, Region


def region_of(successors: list[list[int]]) -> Region:
    """Blocks that branch to one another, by number; the first is the entry."""
    region = Region([Block() for _ in successors])
    for block, following in zip(region.blocks, successors, strict=True):
        block.append(Operation("test.br", successors=[region.blocks[n] for n in following]))
    return region


def reached(successors: list[list[int]], without: int | None = None) -> set[int]:
    work, seen = [0] if without != 0 else [], set()
    while work:
        block = work.pop()
        if block not in seen:
            seen.add(block)
            work += [other for other in successors[block] if other != without]
    return seen


@pytest.mark.parametrize("seed", range(60))
def test_a_block_dominates_what_cannot_be_reached_without_it(seed: int) -> None:
    rng = random.Random(seed)
    count = rng.randint(1, 14)
    successors = [
        [rng.randrange(count) for _ in range(rng.choice([0, 1, 1, 2, 2, 3]))] for _ in range(count)
    ]
    region = region_of(successors)
    found = Dominance(region)
    everywhere = reached(successors)
    for one in range(count):
        without = reached(successors, one)
        for other in range(count):
            expected = other not in everywhere or (one in everywhere and other not in without)
            got = found.dominates(region.blocks[one], region.blocks[other])
            assert got == expected, (successors, one, other)
    for block, parent in found.parent.items():
        between = [
            b for b in region.blocks
            if b not in (block, parent) and found.is_reachable(b)
            and found.dominates(parent, b) and found.dominates(b, block)
        ]  # fmt: skip
        assert not between, "the parent is the nearest"


def ladder(count: int) -> list[list[int]]:
    """Two rails with rungs both ways: iterating until nothing changes goes round many times."""
    right = [[2 * n + 2, 2 * n + 1] for n in range(count)]
    left = [[2 * n + 3, 2 * n] for n in range(count)]
    graph = [each for pair in zip(right, left, strict=True) for each in pair]
    return [[s for s in each if s < 2 * count] for each in graph]


def backwards(count: int) -> list[list[int]]:
    """A chain of blocks, each of which goes on, and back to every place that is a power of two
    away: many loops inside one another."""
    steps = [2**n for n in range(count.bit_length())]
    return [
        [*([n + 1] if n + 1 < count else []), *(n - s for s in steps if n - s >= 0)]
        for n in range(count)
    ]


@pytest.mark.parametrize("graph", [ladder, backwards])
def test_steps_grow_with_the_edges(graph) -> None:
    for count in (200, 3200):
        successors = graph(count)
        edges = sum(map(len, successors)) + len(successors)
        steps = Dominance(region_of(successors)).steps
        assert steps < 4 * edges * math.log2(len(successors)) / 4, (count, steps, edges)
    small, large = (Dominance(region_of(graph(count))).steps for count in (400, 3200))
    assert large < 8 * 2 * small

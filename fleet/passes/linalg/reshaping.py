"""`reshape` as `tensor.collapse_shape` and `tensor.expand_shape`.

In: a tensor, its symbolic sizes, the wanted sizes. Out: the reshaped tensor. The one idea: where
the products of leading sizes agree, both shapes can be cut; between two cuts everything is merged
into one dimension and split again, so that only what must be is.
"""

from __future__ import annotations

from collections.abc import Sequence

from fleet.ir.builder import Builder
from fleet.ir.core import Value
from fleet.passes.linalg.structured import Size, cast, collapse, dynamic, expand, type_of
from fleet.passes.shapes.symbolic import Size as Symbolic
from fleet.passes.shapes.symbolic import const

Group = tuple[list[int], list[int]]
"""Neighbouring source dimensions and the result dimensions with the same number of elements."""


def groups_of(source: Sequence[Symbolic], target: Sequence[Symbolic]) -> list[Group]:
    """The finest cut of both shapes into groups with equal products, none of them one-sided."""
    if any(size.static == 0 for size in (*source, *target)):
        return [(list(range(len(source))), list(range(len(target))))]
    groups: list[Group] = []
    i = j = 0
    while i < len(source) or j < len(target):
        cut = _next_cut(source, i, target, j)
        if cut is None:
            cut = (len(source), len(target))
        groups.append((list(range(i, cut[0])), list(range(j, cut[1]))))
        i, j = cut
    return _without_one_sided(groups)


def _next_cut(
    source: Sequence[Symbolic], i: int, target: Sequence[Symbolic], j: int
) -> tuple[int, int] | None:
    """The nearest pair of ends at which the products from i and from j agree."""
    left, products = const(1), {}
    for end in range(i, len(source) + 1):
        products.setdefault(left, end)
        if end < len(source):
            left = left * source[end]
    right = const(1)
    best: tuple[int, int] | None = None
    for end in range(j, len(target) + 1):
        start = products.get(right)
        if (
            start is not None
            and (start, end) != (i, j)
            and (best is None or start + end < sum(best))
        ):
            best = (start, end)
        if end < len(target):
            right = right * target[end]
    return best


def _without_one_sided(groups: list[Group]) -> list[Group]:
    """Join unit dimensions that have no counterpart to a neighbouring group."""
    joined: list[Group] = []
    waiting: Group = ([], [])
    for source, target in groups:
        source, target = waiting[0] + source, waiting[1] + target
        if source and target:
            joined.append((source, target))
            waiting = ([], [])
        else:
            waiting = (source, target)
    if (waiting[0] or waiting[1]) and joined:
        joined[-1] = (joined[-1][0] + waiting[0], joined[-1][1] + waiting[1])
    elif waiting[0] or waiting[1]:
        joined.append(waiting)
    return joined


def reshape(
    builder: Builder,
    value: Value,
    source: Sequence[Symbolic],
    target: Sequence[Symbolic],
    sizes: Sequence[Size],
) -> Value:
    """The tensor under another shape with the same elements in the same order.

    source, target: symbolic sizes before and after; sizes: the latter as numbers and index values.
    """
    element = value.type.element
    if not source or not target:
        # From or to a scalar: everything is of size 1.
        if source:
            ones = cast(builder, value, value.type.with_shape((1,) * len(source)))
            value = collapse(builder, ones, [])
        return expand(builder, value, [], [1] * len(sizes)) if target else value
    groups = groups_of(source, target)
    merged = collapse(builder, value, [group for group, _ in groups])
    shape = []
    for (_, group), dim in zip(groups, merged.type.shape, strict=True):
        wanted = [sizes[axis] for axis in group]
        if dynamic(wanted):
            shape.append(None)
        else:
            total = 1
            for size in wanted:
                assert isinstance(size, int)
                total *= size
            shape.append(total)
            assert dim is None or dim == total
    merged = cast(builder, merged, merged.type.with_shape(tuple(shape)))
    if len(groups) == len(target):
        return cast(builder, merged, type_of(sizes, element))
    return expand(builder, merged, [group for _, group in groups], sizes)

"""What NumPy makes of a list of numbers, or of lists of such, that changes as only run time knows.

In: the values that go into the list. Out: the dtype and the lengths of the array, as far as they
are known now. The one idea: a list names the expressions that made the lists within it, and what
these hold is looked up when an array is asked for, since they may be filled after they went in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from fleet.evaluator.values import numbers
from fleet.evaluator.values.emitter import KIND_DTYPES
from fleet.evaluator.values.extents import Extent, Open, join_dims
from fleet.evaluator.values.single import is_object
from fleet.evaluator.values.then import Array, Numbers, Object, Text, Union, is_run_time_list


@dataclass(frozen=True)
class Items:
    """What is in a list: numbers of a dtype; sequences that hold `inner` (so many, if `length` is
    known); by what is known of them, lists of run time; and items of other lists of run time.

    at: of each item apart, in a sequence that does not change.
    """

    dtype: str = ""
    inner: Items | None = None
    length: Extent | None = None
    lists: frozenset[Site] = frozenset()
    others: frozenset[Site] = frozenset()
    at: tuple[Items, ...] = ()

    def join(self, other: Items) -> Items:
        if NOTHING in (self, other):
            return other if self == NOTHING else self
        dtypes = [one.dtype for one in (self, other) if one.dtype]
        inner = [one.inner for one in (self, other) if one.inner is not None]
        lengths = [one.length for one in (self, other) if one.length is not None]
        return Items(
            _joined_dtype(dtypes) if dtypes else "",
            inner[0].join(inner[-1]) if inner else None,
            join_dims(lengths[0], lengths[-1]) if lengths else None,
            self.lists | other.lists, self.others | other.others,
            tuple(map(Items.join, self.at, other.at)) if len(self.at) == len(other.at) else (),
        )  # fmt: skip


MOST_WITHIN = 12
"""How deep items are looked at within items: what goes on for ever ends there."""


def depth_of(items: Items | None, most: int = MOST_WITHIN) -> int:
    """How many levels of items there are one within another, up to a number of them."""
    if items is None or not most:
        return 0
    parts = [items.inner, *items.at, *items.lists, *items.others]
    return 1 + max((
        depth_of(one, most - 1) for one in parts if isinstance(one, Items)), default=0)  # fmt: skip


def _joined_dtype(dtypes: list[str]) -> str:
    """What holds them all; `object`, where some are texts or objects and some are not."""
    if len(set(dtypes)) > 1 and (TEXT in dtypes or SINGLE in dtypes):
        return "object"
    return np.result_type(*dtypes).name


TEXT = "str"
"""The dtype that stands for texts, however long."""
NOTHING = Items()
SINGLE = "void"
"""The one that stands for what NumPy can only keep as an object."""
TEXTS = Items(TEXT)
Site = int | Items | tuple[int | str, str] | tuple[int | str, str, int | str | None]
"""What tells the items of a list: the id of the expression that made it, or they themselves; of a
dictionary's values, (its expression, "values"), and of one of them, its key behind these, None
where only run time knows that; of an attribute, its class and name."""


def items_of(values: Iterable[Any]) -> Items | None:
    """What these are together; None: one of them is nothing that NumPy makes a number of."""
    made = NOTHING
    for value in values:
        one = _item(value)
        if one is None:
            return None
        made = made.join(one)
    return made


def is_known_text(value: Any) -> bool:
    """Whether it is known to be a text of the run's, by its kind."""
    if isinstance(value, Text):
        return value.kind == "str"
    return isinstance(value, Object) and value.kind is str


def held_by(container: Any) -> Items | None:
    """The items of a sequence."""
    if is_run_time_list(container):
        container = container.run_time
    if isinstance(container, Numbers) and container.is_mixed:
        return None
    if isinstance(container, Numbers):
        return Items(KIND_DTYPES[container.kind].name)
    if is_known_text(container):
        return TEXTS
    if isinstance(container, Object):
        site = container.site
        if site is None or isinstance(site, Items):
            return site
        return Items(others=frozenset((site,)))
    if not isinstance(container, list | tuple):
        return None
    made = items_of(container)
    if made is None or not isinstance(container, tuple):
        return made
    return replace(made, at=tuple(one for value in container if (one := _item(value)) is not None))


def _item(value: Any) -> Items | None:
    if isinstance(value, Object) and value.item_of is not None:
        return Items(others=frozenset((value.item_of,)))
    if isinstance(value, Object) and value.kind in (list, tuple) and value.site is not None:
        return Items(lists=frozenset((value.site,)))
    if isinstance(value, list | tuple | Numbers):
        inner = held_by(value)
        return inner and Items(inner=inner, length=_length(value))
    if type(value) is Union:
        return _one_of([_item(one) for one in value.choices.values()])
    dtype = _dtype_of(value)
    return None if dtype is None else Items(dtype.name)


def _one_of(choices: list[Items | None]) -> Items | None:
    """What is one of these: of several dtypes only run time knows which are there."""
    made = NOTHING if len(set(choices)) == 1 else Items("object")
    for one in choices:
        if one is None:
            return None
        made = made.join(one)
    return made


def _length(value: Any) -> Extent:
    value = value.run_time if is_run_time_list(value) else value
    if isinstance(value, Numbers):
        return value.size if isinstance(value.size, int) else Open()
    return Open() if isinstance(value, Object) else len(value)


def _dtype_of(value: Any) -> np.dtype | None:
    """Of a number, text or object, in an array that NumPy makes of a list with it; None: it is
    something else."""
    if isinstance(value, str) or is_known_text(value):
        return np.dtype(TEXT)
    if isinstance(value, np.generic) or (isinstance(value, Array) and value.scalar):
        return value.dtype
    if numbers.is_complex(value) or (isinstance(value, Object) and value.kind is complex):
        return np.dtype(complex)
    kind = numbers.plain_kind_of(value)
    if kind is None and value is not None and is_object(value):
        return np.dtype(SINGLE)
    return None if kind is None else KIND_DTYPES[kind]


def looked_up(site: Site | None, known: Mapping[Site, Items | None]) -> Items | None:
    """The items of a list; None: other things than numbers are in it."""
    if site is None or site in known:
        return known.get(site)
    return site if isinstance(site, Items) else NOTHING


def site_of(items: Items) -> Site:
    """What tells these items: the one list that they are of, if they are of one alone."""
    if len(items.others) == 1 and items == Items(others=items.others):
        (site,) = items.others
        return site
    return items


def within(site: Site, known: Mapping[Site, Items | None]) -> Items | None:
    """What is in the items of a list, together: in texts, their characters; None: not known."""
    made, waiting, seen = NOTHING, [site], {site}
    while waiting:  # lists may have their items of one another
        items = looked_up(waiting.pop(), known)
        if items is None:
            return None
        made = made.join(items.inner or (TEXTS if items.dtype == TEXT else NOTHING))
        if items.lists:
            made = made.join(Items(others=items.lists))
        waiting += items.others - seen
        seen |= items.others
    return made


class Row(NamedTuple):
    """What NumPy makes of one item: a number, where there are no extents, or an array."""

    dtype: np.dtype
    extents: tuple[Extent, ...]


EMPTY = Row(np.dtype(float), ())
"""Of a list into which nothing goes."""


def item_of(site: Site, known: Mapping[Site, Items | None], asked: set[Site]) -> Row | None:
    """What NumPy makes of each item of a list; None: not known. asked: the lists on which that
    depends, this one included, are added."""

    def of_site(one: Site, around: frozenset[Site]) -> Row | None:
        asked.add(one)
        items = looked_up(one, known)
        return None if items is None or one in around else of_items(items, around | {one})

    def of_items(items: Items, around: frozenset[Site]) -> Row | None:
        if items == NOTHING:
            return EMPTY
        found = [Row(np.dtype(items.dtype), ())] if items.dtype else []
        if items.inner is not None:
            found.append(_longer(of_items(items.inner, around), items.length or 0))
        found += [_longer(of_site(one, around), Open()) for one in items.lists]
        found += [of_site(one, around) for one in items.others - around]
        return _joined(found)

    made = of_site(site, frozenset())
    return None if made is EMPTY else made


def _longer(row: Row | None, length: Extent) -> Row | None:
    return row if row is None or row is EMPTY else Row(row.dtype, (length, *row.extents))


def _joined(found: list[Row | None]) -> Row | None:
    rows = [one for one in found if one is not None and one is not EMPTY] or [EMPTY]
    if None in found or len({len(one.extents) for one in rows}) > 1:
        return None
    if len(rows) == 1:
        return rows[0]
    extents = rows[0].extents
    for one in rows[1:]:
        extents = tuple(map(join_dims, extents, one.extents))
    return Row(np.dtype(_joined_dtype([one.dtype.name for one in rows])), extents)

"""Tuples in containers of run time that hold arrays among other things.

In: tuples that go into a list, deque or dict, and items of tuples that come out. Out: an array
where the tuples have arrays in that place. The one idea: a place in the tuples of a container is
told by the container and the position, as an attribute is by its class and name. Programs that keep
no arrays in tuples pay for one question; from the first such tuple on, places are learnt for all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from fleet.diagnostics import FleetError
from fleet.evaluator.values.number_lists import Items, Site, items_of
from fleet.evaluator.values.then import Array, Object, choices_of

_ANY: Site = ("*", "at")
"""The fact that there are tuples with arrays in a container of run time."""


def is_array(value: Any) -> bool:
    return isinstance(value, Array) and not value.scalar


def have_arrays(value: Any) -> bool:
    """Whether it is a tuple with an array in it, or with such a tuple."""
    return type(value) is tuple and any(map(holds, value))


def holds(value: Any) -> bool:
    """Whether it is an array, or a tuple with one."""
    return is_array(value) or have_arrays(value)


def _place(site: Site, at: int) -> Site:
    return (site, "at", at)


def _length(site: Site) -> Site:
    """The fact of how long the tuples are."""
    return (site, "length")


def _links(site: Site) -> Site:
    """The fact from which other containers tuples have come into one."""
    return (site, "links")


class Lists(Protocol):
    """What is asked of `array_lists.ArrayLists`."""

    e: Any
    known: Any
    numbers: Any
    lists: Any
    again: Any

    def hold(self, site: Site | None, arrays: list[Array]) -> None:
        """Arrays go into what only run time knows."""

    def widens(self, site: Site, arrays: Iterable[Array]) -> bool:
        """Whether these arrays are others than those that are known."""

    def note_numbers(self, site: Site, found: Items | None) -> None:
        """These go into what the site tells."""


class ArrayTuples:
    """lists: who knows which arrays and numbers the containers hold."""

    def __init__(self, lists: Lists) -> None:
        self.lists = lists
        self.facts = lists.lists

    def note(self, site: Site | None, values: list[Any]) -> None:
        """These values go into a container."""
        if _ANY not in self.facts.known:
            if not any(map(have_arrays, values)):
                return
            self.facts.add(_ANY)
            self.lists.again()
        widened = False
        for value in values:
            for one in choices_of(value):
                if type(one) is tuple:
                    widened = self._note_tuple(site, one) or widened
                elif site is not None and isinstance(one, Object):
                    widened = self._link(site, one.item_of) or widened
        if widened:
            self.lists.again()

    def note_all(self, site: Site, container: Any) -> None:
        """All items of a container go into another one."""
        if _ANY in self.facts.known and isinstance(container, Object) and (
                self._link(site, container.site)):  # fmt: skip
            self.lists.again()

    def _note_tuple(self, site: Site | None, items: tuple) -> bool:
        """Whether that is something new."""
        if site is None:
            if have_arrays(items):
                raise self.lists.e.error(
                    "which arrays the tuples in this list, dict or set hold cannot be said when "
                    "the program is compiled",
                    "keep such tuples in a list or dict that begins as [] or {}, and fill it in "
                    "the same function",
                )
            return False
        before = self.facts.known.get(_length(site), frozenset())
        widened = self._fact(_length(site), before | {len(items)})
        for number, one in enumerate(items):
            for at in (number, number - len(items)):
                widened = self._note_item(_place(site, at), one) or widened
        return widened

    def _note_item(self, place: Site, value: Any) -> bool:
        if value is None:
            return self._fact((place, "none"), True)
        if is_array(value):
            if place in self.lists.numbers.known:
                raise self._mixed()
            self.lists.hold(place, [value])
            return self.lists.widens(place, [value])
        if place in self.lists.known.known:
            raise self._mixed()
        self.lists.note_numbers(place, items_of((value,)))
        if type(value) is tuple:
            return self._note_tuple(place, value)
        return isinstance(value, Object) and self._link(place, value.item_of)

    def _mixed(self) -> FleetError:
        return self.lists.e.error(
            "tuples in this list or dict have an array and something else in the same place, and "
            "only run time knows which tuple has which",
            "give it an array in every tuple, such as np.zeros(0)",
        )

    def _link(self, site: Site, other: Site | None) -> bool:
        """Tuples of another container come into this one."""
        before = self.facts.known.get(_links(site), frozenset())
        return self._fact(_links(site), before | _named(other) - {site})

    def _fact(self, key: Site, value: Any) -> bool:
        """Whether a fact is another one, and one that something relies on."""
        if self.facts.known.get(key, frozenset()) == value:
            return False
        self.facts[key] = value
        return key in self.facts.asked

    def _sources(self, owner: Any) -> list[Site]:
        """What tells the places in a tuple."""
        if not isinstance(owner, Object) or owner.item_of is None or not self.facts.get(_ANY):
            return []
        waiting, seen = [*_named(owner.item_of)], []
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.append(one)
                waiting += self.facts.get(_links(one), ())
        return seen

    def places(self, owner: Any, key: Any) -> list[Site]:
        """What tells the array that a tuple has for a key, if it has one there. key: None for any.

        Raises FleetError where only run time knows whether an array is there.
        """
        sources = self._sources(owner)
        if not sources:
            return []
        if type(key) is int:
            return self._certain([_place(one, key) for one in sources])
        return self._certain([
            _place(one, at) for one in sources
            for at in range(max(self.facts.get(_length(one), (0,))))])

    def _certain(self, places: list[Site]) -> list[Site]:
        arrays = [one for one in places if one in self.lists.known]
        if arrays and any(one in self.lists.numbers.known for one in places):
            raise self.lists.e.error(
                "only run time knows whether this item of a tuple is an array",
                "unpack the tuple, as in `number, array = item`, or subscript it with a number",
            )
        return arrays

    def check_whole(self, value: Any) -> None:
        """Of a tuple with arrays no other sequence is made, which would not tell where they are."""
        if self._sources(value) and self.places(value, None):
            raise self.lists.e.error(
                "this tuple with arrays is of a list or dict that run time changes, so it can be "
                "unpacked and subscripted, and nothing else",
                "unpack it, as in `number, array = item`, and make another tuple of these",
            )

    def other(self, owner: Any, key: Any) -> Site | None:
        """What tells an item of a tuple that is no array."""
        found = [_place(one, key) for one in self._sources(owner)] if type(key) is int else []
        found = [one for one in found if one in self.lists.numbers.known]
        if len(found) > 1:
            return Items(others=frozenset(found))
        return found[0] if found else None

    def _length_of(self, sources: list[Site]) -> int:
        """How long all tuples are that these tell; 0: some are longer than others."""
        lengths = {length for one in sources for length in self.facts.get(_length(one), ())}
        return lengths.pop() if len(lengths) == 1 else 0

    def length(self, owner: Any) -> int:
        """How long a tuple with arrays is; 0: that is not known, or it is none."""
        length = self._length_of(self._sources(owner))
        return length if any(self.places(owner, at) for at in range(length)) else 0

    def may_be_none(self, places: list[Site]) -> bool:
        return bool(self.facts.among((one, "none") for one in places))

    def columns(self, owner: Any) -> Items | None:
        """What tells the items of zip(*owner), where these tuples have arrays."""
        if not isinstance(owner, Object) or owner.site is None:
            return None
        item = _item_of(owner)
        sources = self._sources(item)
        length = self._length_of(sources)
        if not any(self.places(item, at) for at in range(length)):
            return None
        columns = []
        for at in range(length):
            places = self.places(item, at)
            other = None if places else self.other(item, at)
            columns.append(Items(lists=frozenset(places[:1] or (other,))))
        return Items(inner=Items(), length=length, at=tuple(columns))


def _item_of(owner: Object) -> Object:
    """An item of a container, as far as what tells its places."""
    made = Object(owner.e, tuple, owner.native)
    made.item_of = owner.site
    return made


def _named(site: Site | None) -> frozenset[Site]:
    """The containers that tell what a site does."""
    if site is None:
        return frozenset()
    return site.others if isinstance(site, Items) else frozenset((site,))


def columns_of(owner: Any) -> int:
    """How many columns zip(*rows) has, of rows that are such tuples; 0: of anything else."""
    site = owner.site if isinstance(owner, Object) else None
    return len(site.at) if isinstance(site, Items) and site.length == len(site.at) else 0


def kind_of(lists: Lists, places: list[Site]) -> Any:
    """The kind of the arrays in these places; None: of several ones."""
    kind = lists.known[places[0]]
    for one in places[1:]:
        kind = kind and kind.join(lists.known[one])
    return kind

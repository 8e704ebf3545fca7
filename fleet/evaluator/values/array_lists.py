"""Lists of arrays and numbers that change as only run time knows: which ones they hold is learnt.

In: an expression that makes such a list, and what goes into it. Out: the kind of array that comes
out of it, or that NumPy makes of the whole. The one idea: dtype and rank must be known when the
program is compiled, so the kinds of all that goes in are joined, expression by expression; when one
widens, the program is evaluated again. What comes out is checked, because other ways may lead into
the list, and because of several dtypes of numbers the greatest need not be there when it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from fleet.diagnostics import FleetError
from fleet.evaluator.values import extents, kinds, sizes
from fleet.evaluator.values.array_tuples import ArrayTuples, columns_of, is_array, kind_of
from fleet.evaluator.values.emitter import Emitter, tensor_type
from fleet.evaluator.values.heap import HELD, MISSING, SPLIT, Cell, Held
from fleet.evaluator.values.kinds import Kind, seeds
from fleet.evaluator.values.kinds.simple import TensorKind
from fleet.evaluator.values.ndarrays import tensors
from fleet.evaluator.values.number_lists import (
    MOST_WITHIN,
    TEXTS,
    Items,
    Site,
    depth_of,
    held_by,
    is_known_text,
    item_of,
    items_of,
    looked_up,
    site_of,
    within,
)
from fleet.evaluator.values.then import (
    Array,
    Number,
    Object,
    Tensor,
    dim_type,
    is_run_time_list,
)
from fleet.ir.core import Value
from fleet.ir.types import i1, i64

ROW, PLACES = "\0row", "\0places"
"""What the names end with under which instances of the run's have the list of an array of objects,
and where in it its elements are."""


def _absent(attribute: Site) -> Site:
    """The fact that nothing was known of an attribute, where that mattered."""
    return (*attribute, "absent")


def _none(attribute: Site) -> Site:
    """The fact that an attribute may hold None."""
    return (*attribute, "none")


class ArrayLists:
    """known: the kinds of arrays by the id of the expression that makes their list; numbers: the
    numbers, and lists of such, that go into it, None if other things do, too; written: the
    expressions whose lists hold arrays that are written to there; lists: which expression made the
    lists that attributes hold.

    again: called when a kind has widened; it does not come back.
    """

    def __init__(
        self, e: Emitter, known: dict[int, Any], numbers: dict[Site, Items | None],
        written: Any, lists: Any, again: Callable[[], None],
    ) -> None:  # fmt: skip
        self.e = e
        self.known = known
        self.numbers = numbers
        self.written = written
        self.lists = lists
        self.again = again
        self.tuples = ArrayTuples(self)
        self.asked: set[Site] = set()
        """The expressions whose numbers something has been made with."""

    def note(self, site: Site | None, values: Iterable[Any]) -> None:
        """These values go into a list that the expression has made."""
        values = list(values)
        if site is not None and values:
            self.note_numbers(site, items_of(values))
        self._note_arrays(site, list(filter(is_array, values)))
        self.tuples.note(site, values)

    def _note_arrays(self, site: Site | None, arrays: list[Array]) -> None:
        if arrays:
            self.hold(site, arrays)
            if self.widens(site, arrays):
                self.again()

    def hold(self, site: Site | None, arrays: list[Array]) -> None:
        """Arrays go into what only run time knows."""
        if site is None:
            raise self.e.error(
                "which arrays this list, dict or set holds cannot be said when the program is "
                "compiled",
                "keep arrays in a list of their own, made with [] and filled with append",
            )
        for array in arrays:
            if site in self.written:
                self._keep(array, site)
            elif array.cell.keeper is not None:
                self.learn_written([site])
            else:
                self.e.heap.mark(array.cell, "split", True)
                self.e.heap.mark(array, "frozen", array.frozen or SPLIT)

    def note_all(self, site: Site | None, container: Any) -> None:
        """All items of a container go into such a list."""
        if site is None:
            return
        if isinstance(container, list | tuple) and not is_run_time_list(container):
            self.note(site, container)
            return
        kind = self.kind(container)
        if kind is not None and self._widens_to(site, kind):
            self.again()
        found = held_by(container)
        if found is not None:
            self.note_numbers(site, found)
        self.tuples.note_all(site, container)

    def note_pair(self, site: Site | None, key: Any, value: Any) -> None:
        """A dictionary's."""
        if is_array(value):
            whole, name = None if site is None else (site, "values"), _name(key)
            self.hold(whole, [value])
            kind, several = self._kind_in_list(value), None if name is None else SEVERAL
            wider = self._widens_to((site, "values", name), kind)
            if self._widens_to(whole, kind, several) or wider:
                self.again()
        if site is not None:
            self.note_numbers((site, "values"), items_of((value,)))
            self.note_numbers(site, items_of((key,)))
        self.tuples.note(None if site is None else (site, "values"), [value])

    def keep_value(self, site: Site, value: Any) -> None:
        """An array may go into a dictionary: the run keeps it, if it is written to there."""
        if is_array(value) and (site, "values") in self.written:
            self._keep(value, (site, "values"))

    def value(self, owner: Object, found: Object, key: Any) -> Any:
        """A value of a dictionary: an array, where it holds arrays."""
        if owner.site is None or not isinstance(found, Object):
            return found
        sites = self._of_value(owner, key)
        if sites:
            kind = self.known[sites[0]]
            for one in sites[1:]:
                kind = kind.join(self.known[one])
                if kind is None:
                    raise self._of_several()
            return self._item(found, kind, [(owner.site, "values")])
        found.item_of = owner.site, "values"
        return found

    def _of_value(self, owner: Object, key: Any) -> list[Site]:
        """What tells the array that a dictionary has for a key."""
        site, name = (owner.site, "values"), _name(key)
        sites = [site] if name is None else [(*site, name), (*site, None)]
        return [one for one in sites if one in self.known]

    def has_value(self, owner: Any, key: Any) -> bool:
        """Whether an object is a dictionary that may have an array for a key."""
        return isinstance(owner, Object) and bool(self._of_value(owner, key))

    def note_attribute(self, cls: str, name: str, value: Any) -> None:
        """Instances of a class have this value by a name."""
        site = cls, name
        holds_array = is_array(value)
        if value is None:
            self.lists[_none(site)] = True
            if _none(site) in self.lists.asked and self.lists.is_wrong:
                self.again()
            return
        others = self.numbers if holds_array else self.known
        if site in others.known:
            raise self.e.error(
                f"`{name}` of such an instance holds arrays and other values, and only run time "
                "knows which instance has which",
                "give it an array from the beginning, such as np.zeros(0)",
            )
        if holds_array:
            self._note_arrays(site, [value])
        else:
            self.numbers[site] = None
            self._note_list(site, value)

    def _note_list(self, attribute: Site, value: Any) -> None:
        """An attribute holds this: of a list, which expression made it; None: several ones."""
        if not isinstance(value, Object):
            return
        before = self.lists.known.get(attribute, MISSING)
        made = value.site if before is MISSING or before == value.site else None
        if made == before:
            return
        if before is MISSING and made is None:
            self.lists.find(attribute, None)  # those who asked were told of no list
            attribute = _absent(attribute)
        self.lists[attribute] = made
        if attribute in self.lists.asked:
            self.again()

    def may_be_none(self, classes: Iterable[str], name: str) -> bool:
        """Whether an attribute that holds arrays may hold None in their place."""
        having = [cls for cls in classes if (cls, name) in self.known]
        return bool(having) and bool(self.lists.among(_none((cls, name)) for cls in classes))

    def note_objects(self, cls: str, name: str) -> None:
        """Instances of a class have an array of objects by a name."""
        if (cls, name) in self.known.known or (cls, name) in self.numbers.known:
            raise self._of_both(name)

    def note_no_objects(self, cls: str, name: str) -> None:
        """They have something else by it."""
        if (cls, name + PLACES) in self.known.known:
            raise self._of_both(name)

    def _of_both(self, name: str) -> FleetError:
        return self.e.error(
            f"`{name}` of such an instance holds arrays of objects and other values, and only run "
            "time knows which instance has which", "give it an array of objects from the beginning",
        )  # fmt: skip

    def have_others(self, classes: Iterable[str], name: str) -> bool:
        """Whether instances of some of these classes have something by a name."""
        return any((cls, name) in self.known or (cls, name) in self.numbers for cls in classes)

    def is_told_none(self, classes: Iterable[str], name: str) -> bool:
        """Whether an attribute may hold None."""
        return bool(self.lists.among(_none((cls, name)) for cls in classes))

    def has_arrays(self, cls: str, name: str) -> bool:
        """Whether instances of a class have arrays by this name."""
        return (cls, name) in self.known

    def attribute(self, classes: Iterable[str], name: str, found: Object) -> Any:
        """An attribute of an instance of one of these classes: an array, where it is one."""
        kinds_of = [kind for cls in classes if (kind := self.known.get((cls, name))) is not None]
        if not kinds_of and isinstance(found, Object) and "*" not in self.lists:
            made = {(cls, name): self.lists.get((cls, name), MISSING) for cls in classes}
            told = {*made.values()} - {MISSING}
            if len(told) == 1:
                (found.site,) = told
            if len(told) == 1 and found.site is not None:
                self.lists.among(_absent(one) for one, site in made.items() if site is MISSING)
        if not kinds_of or not isinstance(found, Object):
            return found
        sites = [(cls, name) for cls in classes if (cls, name) in self.known]
        kind = kinds_of[0]
        for one in kinds_of[1:]:
            kind = kind.join(one)
            if kind is None:
                raise self.e.error(f"`{name}` holds arrays of several dtypes or ranks")
        return self._item(found, kind, sites)

    def _item(self, found: Object, kind: TensorKind, sites: Sequence[Site]) -> Any:
        """The array that one of the run's objects is, of those that these sites tell."""
        if kind is SEVERAL:
            raise self._of_several()
        made = kind.unpack(self.e, iter([self._array("array_item", found, kind, 0)]))
        if not isinstance(made, Array) or made.frozen is not SPLIT:
            return made
        written = [site in self.written for site in sites]
        if any(written):
            if not all(written):
                self.learn_written(sites)
            made.frozen, made.cell.keeper = None, Keeper(self, found, kind, made.dims)
        else:
            made.frozen = Held(HELD)
            made.frozen.sites = frozenset(sites)
        return made

    def kept(self, native: Value, kind: TensorKind) -> Array:
        """An array that the run keeps, which is read only where something asks for it."""
        dims = extents.dims_of(kind.extents)
        made = Array(self.e, Cell(Tensor(None, dims, kind.dtype)), dims, kind.dtype)
        made.cell.keeper = Keeper(self, Object(self.e, None, native), kind, dims)
        return made

    def learn_written(self, sites: Iterable[Site]) -> None:
        """Evaluate anew: what these sites tell are arrays that are written to."""
        self.written.add(*sites)
        self.again()

    def _keep(self, array: Array, site: Site) -> None:
        """An array goes into what holds arrays that are written to there: the run keeps it from
        here on, for all that have it."""
        cell = array.cell
        if array.steps or array.sources or array.frozen is not None or (
                cell.keeper is None and (cell.split or not self.e.heap.is_certain(cell))):
            raise self.e.error(
                "this array goes into a list or instance that only run time knows, where it is "
                "written to, and has another name, or had one, outside of this branch or loop",
                "put a copy there, with .copy()",
            )
        if cell.keeper is None:
            kind = replace(seeds.opened(kinds.copy_kind(array)), kept=False)
            given = tensors.tensor(self.e, array).value
            (native,) = self.e.host("build", [given], ["array"], [("object", i64)], form="object")
            made = Object(self.e, None, native)
            self.e.heap.mark(cell, "keeper", Keeper(self, made, kind, array.dims))

    def note_numbers(self, site: Site, found: Items | None) -> None:
        if self._widens_numbers(site, found) and site in self.asked:
            self.again()

    def expect(self, sites: Iterable[int], values: Iterable[Any]) -> None:
        """These values are in a list that will be one of run time."""
        values = list(values)
        arrays = list(filter(is_array, values))
        for site in sites:
            self._widens_numbers(site, items_of(values))
            self.widens(site, arrays)

    def _widens_numbers(self, site: Site, found: Items | None) -> bool:
        """Whether NumPy may make another array of these items than of those that are known."""
        before = self.numbers.known.get(site)
        if before is None and site in self.numbers.known:
            return False
        joined = found if found is None or before is None else before.join(found)
        if joined != before and depth_of(joined) >= MOST_WITHIN:
            joined = None  # each round puts what there is into something new
        self.numbers[site] = joined
        return joined != before

    def widens(self, site: Site, arrays: Iterable[Array]) -> bool:
        """Whether these arrays are others than those that are known."""
        widened = False
        for array in arrays:
            widened = self._widens_to(site, self._kind_in_list(array)) or widened
        return widened

    def _kind_in_list(self, array: Array) -> TensorKind:
        return replace(seeds.opened(kinds.copy_kind(array)), kept=False)

    def _widens_to(self, site: Site, kind: Kind, several: Any = None) -> bool:
        """several: what stands for kinds that have nothing in common, if that is no mistake."""
        before = self.known.known.get(site)
        joined = kind if before is None else None if before is SEVERAL else before.join(kind)
        if joined is None:
            joined = several
        if joined is None:
            raise self._of_several()
        self.known[site] = joined
        return joined != before

    def _of_several(self) -> FleetError:
        return self.e.error("this list or dict holds arrays of several dtypes or ranks")

    def holds(self, made: Any, site: Site | None) -> Any:
        """A container whose items are those that `site` tells."""
        if isinstance(made, Object) and site is not None:
            made.site = site
        return made

    def holds_all(self, made: Object, parts: list[Object]) -> Object:
        """A list whose items are those of lists of arrays; it is told by the first of them."""
        for other in parts[1:]:
            self.note_all(parts[0].site, other)
        return self.holds(made, parts[0].site)

    def content(self, owner: Any) -> Site | None:
        """What tells the items of an object; None: nothing."""
        if is_known_text(owner):
            return TEXTS
        if not isinstance(owner, Object) or owner.site is not None or owner.item_of is None:
            return owner.site if isinstance(owner, Object) else None
        return within(owner.item_of, self.numbers)

    def columns(self, owner: Any) -> Site | None:
        """What tells the items of zip(*owner)."""
        of_arrays = self.tuples.columns(owner)
        if of_arrays is not None:
            return of_arrays
        inner = within(owner.site, self.numbers) if isinstance(owner, Object) else None
        if inner is None:
            return None
        at = tuple(Items(inner=one, length=extents.Open()) for one in inner.at)
        return Items(inner=replace(inner, at=()), length=extents.Open(), at=at)

    def typed(self, owner: Any, found: Object, key: Any = None) -> Any:
        """An item of a list: an array, where it holds arrays. key: which item."""
        kind = self.kind(owner)
        if kind is not None:
            return self._item(found, kind, [owner.site])
        if isinstance(found, Object):
            places = self.tuples.places(owner, key)
            if places:
                return self._in_place(found, places)
            site = self.content(owner)
            items = looked_up(site, self.numbers)
            if items is not None and type(key) is int and -len(items.at) <= key < len(items.at):
                site = site_of(items.at[key])
                items = items.at[key] if columns_of(owner) else items
            if site in self.known:
                return self._item(found, self.known[site], [site])
            if items is None:
                site = self.tuples.other(owner, key) or site
                items = looked_up(site, self.numbers)
            found.item_of = site
            if items is not None and len(items.lists) == 1:
                (found.site,) = items.lists
        return found

    def _in_place(self, found: Object, places: list[Site]) -> Any:
        """The array that a tuple has in a place, or None where some have that there."""
        kind = kind_of(self, places)
        if kind is None:
            raise self._of_several()
        if not self.tuples.may_be_none(places):
            return self._item(found, kind, places)
        is_none = Number(self.e, "bool", self.e.attempt(
            "operator", [found.native], ["object", "none"], ("bool", i1), (), name="is_"))
        return self.e.choose(is_none, lambda: None, lambda: self._item(found, kind, places))

    def computed(self, name: str, a: Any, b: Any, made: Any) -> Any:
        """What an operator makes of an item of a list and another number."""
        found = items_of((a, b))
        if isinstance(made, Object) and found is not None:
            made.item_of = Items("float64") if name == "truediv" else found
        return made

    def kind(self, owner: Any) -> TensorKind | None:
        """Which arrays an object holds; None for one that holds none."""
        kind = self.known.get(owner.site) if isinstance(owner, Object) else None
        if kind is SEVERAL:
            raise self._of_several()
        return kind

    def items(self, owner: Any) -> TensorKind | None:
        """What NumPy makes an array of: arrays, or numbers of a dtype; None for other objects."""
        kind = self.kind(owner)
        site = self.content(owner) if kind is None else None
        row = None if site is None else item_of(site, self.numbers, self.asked)
        if row is not None and row.dtype.kind in "UOV":
            return None
        return kind if row is None else TensorKind(*row, "array" if row.extents else "scalar")

    def are_flat(self, owner: Any) -> bool:
        """Whether an object is known to hold no lists, but numbers of several dtypes."""
        site = self.content(owner)
        row = None if site is None else item_of(site, self.numbers, self.asked)
        return row is not None and row.dtype.kind == "O" and not row.extents

    def depth_of_texts(self, owner: Any) -> int:
        """How deep within lists the texts are that an object is known to hold; 0: others are."""
        site = self.content(owner)
        row = None if site is None else item_of(site, self.numbers, self.asked)
        return len(row.extents) + 1 if row is not None and row.dtype.kind == "U" else 0

    def depth(self, owner: Object) -> int:
        """How deep within lists the values are that an object is known to hold; 0: not known."""
        site = self.content(owner)
        row = None if site is None else item_of(site, self.numbers, self.asked)
        return 0 if row is None else len(row.extents) + 1

    def holds_objects(self, owner: Object) -> bool:
        """Whether they are known to be what NumPy can only keep as objects."""
        site = self.content(owner)
        row = None if site is None else item_of(site, self.numbers, self.asked)
        return row is not None and row.dtype.kind == "V"

    def is_text(self, item: Object) -> bool:
        """Whether an item of a list is known to be a text."""
        row = None if item.item_of is None else item_of(item.item_of, self.numbers, self.asked)
        return row is not None and row.dtype.kind == "U" and not row.extents

    def is_number(self, item: Object) -> bool:
        """Whether an item of a list is known to be a number."""
        row = None if item.item_of is None else item_of(item.item_of, self.numbers, self.asked)
        return row is not None and row.dtype.kind in "biuf" and not row.extents

    def rows(self, owner: Object, dtype: np.dtype) -> Array:
        """np.array(owner, dtype) of a list of equally long lists of numbers."""
        return self._stacked(owner, TensorKind(dtype, (extents.Open(),), "array"), given=True)

    def stacked(self, owner: Object, dtype: np.dtype | None) -> Array | None:
        """np.array(owner, dtype) of a list of arrays or numbers; None for other objects."""
        kind = self.items(owner)
        if kind is None and dtype is None:
            return None
        kind = TensorKind(dtype, (), "scalar") if kind is None else kind
        kind = kind if dtype is None else replace(kind, dtype=dtype)
        return self._stacked(owner, kind, **({} if dtype is None else {"given": True}))

    def _stacked(self, owner: Object, item: TensorKind, **given: bool) -> Array:
        native = self._array("stacked", owner, item, 1, **given)
        dims = (extents.Open().dim(), *extents.dims_of(item.extents))
        return tensors.wrap(self.e, Tensor(native, dims, item.dtype))

    def joined(self, name: str, owner: Object, axis: int | None) -> Array | None:
        """np.concatenate(owner, axis) or another of NumPy's functions that join the items; None for
        other objects."""
        kind = self.items(owner)
        if kind is None:
            return None
        rank = _JOINED_RANKS[name](len(kind.extents)) if axis is not None else 1
        dims = tuple(extents.Open().dim() for _ in range(rank))
        whole = TensorKind(kind.dtype, dims, "array")
        native = self._array(f"numpy.{name}", owner, whole, 0, axis="all" if axis is None else axis)
        return tensors.wrap(self.e, Tensor(native, dims, kind.dtype))

    def array_of(self, found: Object, kind: TensorKind) -> Any:
        """What an array that is one of the run's objects holds now."""
        return self._array("array_item", found, kind, 0)

    def _array(self, name: str, owner: Object, kind: TensorKind, more: int, **options: Any) -> Any:
        """What a service makes of an object, for dtypes that the machine has not, of two floats or
        of wider ones."""
        held = _HELD.get(kind.dtype.name)
        if held is None:
            return self._held(name, owner, kind, kind.dtype, more, options)
        dims = (*(extents.Open().dim() for _ in range(more)), *extents.dims_of(kind.extents))
        parts = []
        for part in ("real", "imag") if kind.dtype.kind == "c" else ("real",):
            native = self._held(name, owner, kind, held, more, options | {"held": part})
            parts.append(Tensor(native, dims, held))
        if len(parts) > 1:
            return tensors.of_parts(self.e, *parts).value
        return tensors.cast_tensor(self.e, tensors.wrap(self.e, parts[0]), kind.dtype).value

    def _held(
        self, name: str, owner: Object, kind: TensorKind, held: np.dtype, more: int,
        options: dict[str, Any],
    ) -> Any:  # fmt: skip
        rank = len(kind.extents) + more
        lengths = extents.dims_of(kind.extents)
        shape = (None,) * more + dim_type(lengths)
        shown = [length if isinstance(length, int) else -1 for length in shape]
        return self.e.attempt(
            "function", [owner.native], ["object"],
            ("array", tensor_type(shape, held)), _RAISED, name=name, named=[],
            rank=rank, dtype=kind.dtype.name, shape=shown, **options,
        )  # fmt: skip


class Keeper:
    """The storage of an array that the run keeps, because it is written to in a list or instance
    that only run time knows: reading and writing it are services."""

    def __init__(
        self, lists: ArrayLists, found: Object, kind: TensorKind, dims: tuple[sizes.Dim, ...]
    ) -> None:
        self.lists, self.found, self.kind, self.dims = lists, found, kind, dims

    @property
    def native(self) -> Value:
        return self.found.native

    def read(self) -> Tensor:
        return Tensor(self.lists.array_of(self.found, self.kind), self.dims, self.kind.dtype)

    def write(self, new: Tensor) -> None:
        self.lists.e.host(
            "function", [self.native, new.value], ["object", "array"],
            name="put_array", gives=False,
        )  # fmt: skip


def _name(key: Any) -> str | int | None:
    """A dictionary's key, if it is known, so that its value may be of a kind of its own."""
    return key if type(key) in (str, int) else None


SEVERAL: Any = object()
"""In place of a kind: a dictionary's values are arrays of several, each key's of one."""
_HELD = {"float16": np.dtype("float32"), "complex64": np.dtype("float32"),
         "complex128": np.dtype("float64")}  # fmt: skip
_RAISED = ("ValueError", "TypeError", "OverflowError")
_JOINED_RANKS: dict[str, Callable[[int], int]] = {
    "concatenate": lambda rank: rank,
    "stack": lambda rank: rank + 1,
    "vstack": lambda rank: max(rank, 2),
    "hstack": lambda rank: max(rank, 1),
    "dstack": lambda rank: max(rank, 3),
    "column_stack": lambda rank: max(rank, 2),
}
"""The rank of what NumPy's functions make of a list of arrays of a rank."""


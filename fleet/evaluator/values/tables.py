"""Tables: lists of equally long lists of numbers, as one array of two axes.

In: a list whose rows are lists of numbers, and Python's operations on both. Out: elements read and
written in the array. The one idea: the list holds `Rows`, and each row that a name leads to holds a
`Row`, its place in the table: who writes to a row writes to the table, so all names of it agree.
What a table cannot do (rows of several lengths, or that come in twice) is told to
`state.outgrown`, which has the program evaluated without the table. Where ints, floats or None meet
in it, each has two words, see `mixed`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fleet.dialects import numpy, tensor
from fleet.evaluator.values import lists, mixed, numbers, sizes
from fleet.evaluator.values.emitter import KIND_DTYPES, SCALARS, Emitter, tensor_type
from fleet.evaluator.values.extents import Extent
from fleet.evaluator.values.heap import List, sites_of
from fleet.evaluator.values.ndarrays import tensors, views
from fleet.evaluator.values.ndarrays.tensors import Length
from fleet.evaluator.values.same_lengths import agree, hoisted
from fleet.evaluator.values.sizes import Dim
from fleet.evaluator.values.then import Number, Numbers, Object, Tensor, Then, dim_type
from fleet.ir.core import Value

Element = str | frozenset[str]


def dtype_of(element: Element) -> np.dtype:
    """The dtype of a table's array."""
    return KIND_DTYPES[element] if isinstance(element, str) else mixed.WORD


def words_in(e: Emitter, element: Element | None, count: Length) -> Length:
    """How many elements of the array so many numbers take."""
    return count if element is None or isinstance(element, str) else mixed.double(e, count)


def element_of(content: Numbers) -> Element:
    return content.kinds if isinstance(content, mixed.Mixed) else content.kind


def tensor_of(content: Numbers) -> Tensor:
    """The numbers of a list as a table's array has them."""
    return content.as_tensor() if isinstance(content, mixed.Mixed) else lists.as_tensor(content)


class _Content(Numbers):
    """What a list of `count` rows holds, in an array of all of them."""

    __slots__ = ()
    is_table = True

    def refused(self) -> Exception:
        """What to raise where something is done with the list that no table can do."""
        raise NotImplementedError

    @property
    def kind(self) -> str:
        raise self.refused()

    @property
    def size(self) -> Dim:
        return tensors.dim_of(self.count)


class Rows(_Content):
    """What a list of rows holds. Immutable.

    whole: the array, of which the first `count` rows are the list's; None before there is any row;
    element: the kind of its numbers, or which of `mixed.TAGS` they may be; width: how long each row
    is; capacity: how many rows the array has; sites: the expressions that made the list, see
    `heap.SITED`; allowed: how many rows may come to be within the capacity, and grown: how many
    have, since a time that `since` stands for, such as the beginning of a loop's iteration; exact:
    whether it is as many on all paths; order: stands for the time since which no row has taken the
    place of another.
    """

    __slots__ = ("allowed", "capacity", "element", "exact", "order", "since", "sites", "whole",
                 "width")  # fmt: skip

    def __init__(
        self, e: Emitter, element: Element | None, whole: Value | None, count: Length,
        width: Length, capacity: Dim, sites: frozenset[int],
    ) -> None:  # fmt: skip
        self.e = e
        self.element = element
        self.whole = whole
        self.count = count
        self.width = width
        self.capacity = capacity
        self.sites = sites
        self.allowed = 0
        self.grown = 0
        self.since: Any = None
        self.order: Any = None
        self.exact = True

    def grown_since(self, before: Rows) -> int | None:
        """How many rows have come to be, of a content that this one has come from, if known."""
        return self.grown - before.grown if self.since is before.since else None

    def refused(self) -> Exception:
        return self.e.heap.no_table(self.sites)

    @property
    def native(self) -> Value:
        """An array of these rows alone."""
        if self.whole is None or not isinstance(self.element, str):
            raise self.refused()
        return self.used()

    @property
    def words(self) -> Length:
        """How long a row is in the array."""
        return words_in(self.e, self.element, self.width)

    @property
    def is_mixed(self) -> bool:
        return self.element is not None and not isinstance(self.element, str)

    def boxed(self) -> Object:
        """A list of the run's lists with the same numbers, of a table of several kinds."""
        return mixed.made_of(self.e, self.used())

    def used(self) -> Value:
        """An array of these rows alone, as the table has them."""
        spans = [(0, self.count, 1), (0, self.words, 1)]
        return views.slice_tensor(self.e, self.as_tensor(), spans).value

    def as_tensor(self) -> Tensor:
        dims = self.capacity, tensors.dim_of(self.words)
        return Tensor(self.whole, dims, dtype_of(self.element))

    def as_array(self) -> Tensor:
        """What NumPy makes of the list. (What has no number in it is of another shape or dtype.)"""
        lengths = map(tensors.dim_of, (self.count, self.width))
        if not isinstance(self.element, str) or not all(sizes.at_least(one, 1) for one in lengths):
            raise self.refused()
        return Tensor(self.native, (self.size, tensors.dim_of(self.width)),
                      KIND_DTYPES[self.element])  # fmt: skip

    def with_(self, **changes: Any) -> Rows:
        made = Rows(self.e, self.element, self.whole, self.count, self.width, self.capacity,
                    self.sites)  # fmt: skip
        made.allowed, made.since, made.order = self.allowed, self.since, self.order
        made.grown, made.exact = self.grown, self.exact
        for name, value in changes.items():
            setattr(made, name, value)
        return made

    def row(self, at: Length) -> Numbers:
        if isinstance(self.element, str):
            return RowNumbers(self, at)
        return MixedRow(self, at)

    def get_item(self, owner: List, key: Any) -> List:
        """owner[key]: the row, or what other names lead to as well."""
        if isinstance(key, slice):
            return part_of(owner, self, *views.span_of(self.e, key, self.count))
        at = lists.subscript(self.e, key, "list")
        at = views.position_of(self.e, at, self.count, "list index out of range")
        return row_at(owner, at)

    def write(self, owner: List, method: str, *arguments: Any, **named: Any) -> Any:
        match method, arguments:
            case "append", (List() as row,) if type(row) is List and not named:
                append(self.e, owner, self, row)
            case "__setitem__", (key, List() as row) if type(row) is List and (
                not isinstance(key, slice)
            ):
                replace(self.e, owner, self, key, row)
            case _:
                raise self.refused()


def _unmoved(table: List, order: Any) -> Rows:
    """The table's content. Raises where a row has taken the place of another since `order`."""
    rows = table.content
    if rows.order is not order:
        raise rows.refused()
    return rows


class Part(_Content):
    """What a slice of a table holds: rows of that, as long as none has taken the place of another.
    Immutable.

    table, order: as those of `Row`; start, step, count: which rows.
    """

    __slots__ = ("order", "start", "step", "table")

    def __init__(
        self, e: Emitter, table: List, start: Length, count: Length, step: int
    ) -> None:  # fmt: skip
        self.e = e
        self.table = table
        self.order = table.content.order
        self.start = start
        self.count = count
        self.step = step
        self.grown = None

    def rows(self) -> Rows:
        """The table's content, in which these rows are still in their places."""
        return _unmoved(self.table, self.order)

    def refused(self) -> Exception:
        return self.table.content.refused()

    @property
    def is_mixed(self) -> bool:
        return self.rows().is_mixed

    @property
    def native(self) -> Value:
        """An array of these rows."""
        if not isinstance(self.rows().element, str):
            raise self.refused()
        return self._taken()

    def _taken(self) -> Value:
        rows = self.rows()
        spans = [(self.start, self.count, self.step), (0, rows.words, 1)]
        return views.slice_tensor(self.e, rows.as_tensor(), spans).value

    def boxed(self) -> Object:
        """A list of the run's lists with the same numbers, of a table of several kinds."""
        return mixed.made_of(self.e, self._taken())

    def as_array(self) -> Tensor:
        raise self.refused()

    def natives(self) -> list[Value]:
        lengths = (self.start, self.count)
        return [self.table.content.whole, *(
            one.native for one in lengths if isinstance(one, Number))]  # fmt: skip

    def get_item(self, key: Any) -> List:
        """One of the rows, or some of them."""
        e = self.e
        if isinstance(key, slice):
            start, count, step = views.span_of(e, key, self.count)
            return part_of(self.table, self.rows(), self._place(start), count, step * self.step)
        key = lists.subscript(e, key, "list")
        at = views.position_of(e, key, self.count, "list index out of range")
        self.rows()
        return row_at(self.table, self._place(at))

    def _place(self, at: Length) -> Length:
        """Where in the table one of the rows is."""
        far = numbers.wrapping(self.e, "mul", at, self.step)
        return numbers.wrapping(self.e, "add", self.start, far)

    def write(self, owner: List, method: str, *arguments: Any, **named: Any) -> Any:
        raise self.refused()


def part_of(table: List, rows: Rows, start: Length, count: Length, step: int) -> List:
    """A slice of a table."""
    if rows.whole is None:
        raise rows.refused()
    made = List(table.heap)
    made.content = Part(rows.e, table, start, count, step)
    return made


class Row(Then):
    """Where a list is a row of a table. order: that of the table when the row was there."""

    __slots__ = ("order", "position", "table")
    type_name = "list"

    def __init__(self, e: Emitter, table: List, position: Length) -> None:
        self.e = e
        self.table = table
        self.position = position
        self.order = table.content.order

    def rows(self) -> Rows:
        """The table's content, in which this row is still in its place."""
        return _unmoved(self.table, self.order)

    def numbers(self) -> Numbers:
        """What the row holds now."""
        return self.rows().row(self.position)

    def write(self, method: str, *arguments: Any, **named: Any) -> Any:
        """Carry out a mutating method of the list."""
        rows = self.rows()
        match method, arguments:
            case "__setitem__", (key, value) if not isinstance(key, slice) and (
                numbers.plain_kind_of(value) == rows.element
            ):
                self._set_item(rows, key, [self.e.plain(self.e.number(value))])
            case "__setitem__", (key, value) if not isinstance(key, slice):
                found = mixed.kinds_of([value])
                if found is None:
                    raise rows.refused()
                if isinstance(rows.element, str) or not found <= rows.element:
                    raise self.e.heap.mix(rows, [value])
                self._set_item(rows, key, mixed.words_of(self.e, value))
            case "sort" | "reverse", () if isinstance(rows.element, str):
                made = List(self.e.heap, run_time=rows.row(self.position))
                lists.write(self.e, made, made.content, method, **named)
                self._set(rows, made.content.native)
            case _:
                raise rows.refused()

    def _set(self, rows: Rows, numbers: Value) -> None:
        """All numbers of the row at once."""
        part = Tensor(numbers, (tensors.dim_of(rows.width),), KIND_DTYPES[rows.element])
        made = _row_step(rows, self.position).write(self.e, rows.as_tensor(), part)
        self.e.heap.touch(self.table)
        self.table.content = rows.with_(whole=made.value)

    def _set_item(self, rows: Rows, key: Any, words: list[Value]) -> None:
        e, table, new = self.e, self.table, rows.whole
        at = lists.subscript(e, key, "list")
        at = views.position_of(e, at, rows.width, "list assignment index out of range")
        first = words_in(e, rows.element, at)
        for number, word in enumerate(words):
            place = numbers.wrapping(e, "add", first, number)
            places = [e.index(self.position), e.index(place)]
            new = e.value(tensor.insert, word, new, places, types=[new.type])
        e.heap.touch(table)
        table.content = rows.with_(whole=new)


class RowNumbers(Numbers):
    """What a row of a table holds at one time. Immutable."""

    __slots__ = ("position", "rows")

    def __init__(self, rows: Rows, position: Length) -> None:
        self.e = rows.e
        self.rows = rows
        self.position = position
        self.count = rows.width
        self.grown = None

    @property
    def kind(self) -> str:
        return self.rows.element

    @property
    def size(self) -> Dim:
        return tensors.dim_of(self.rows.width)

    @property
    def native(self) -> Value:
        return _row_step(self.rows, self.position).read(self.e, self.rows.as_tensor()).value

    def length(self) -> Length:
        return self.rows.width

    def extract(self, at: Length) -> Value:
        e, rows = self.e, self.rows
        places = [e.index(self.position), e.index(at)]
        return e.value(tensor.extract, rows.whole, places, types=[SCALARS[rows.element]])


class MixedRow(mixed.Mixed):
    """What a row of a table of several kinds holds at one time. Immutable."""

    __slots__ = ("position", "rows")

    def __init__(self, rows: Rows, position: Length) -> None:
        super().__init__(rows.e, rows.element, None, rows.sites, rows.width)
        self.rows = rows
        self.position = position

    @property
    def words(self) -> Value:
        return _row_step(self.rows, self.position).read(self.e, self.rows.as_tensor()).value

    @words.setter
    def words(self, words: Value | None) -> None:
        """They are in the table."""

    def natives(self) -> list[Value]:
        return [self.rows.whole]

    @property
    def extent(self) -> Extent:
        return tensors.dim_of(self.rows.width)

    def word(self, at: Length, number: int) -> Value:
        e, whole = self.e, self.rows.whole
        place = numbers.wrapping(e, "add", mixed.double(e, at), number)
        places = [e.index(self.position), e.index(place)]
        return e.value(tensor.extract, whole, places, types=[whole.type.element])


def _row_step(rows: Rows, at: Length) -> views.SliceStep:
    return views.SliceStep([(at, 1, 1), (0, rows.words, 1)], [1])


def row_at(table: List, position: Length) -> List:
    """The list that is the row at a position that is in range."""
    made = List(table.heap)
    made.row = Row(table.content.e, table, position)
    return made


def empty(e: Emitter, sites: frozenset[int]) -> Rows:
    """What a table holds before it has a row."""
    return Rows(e, None, None, 0, 0, 0, sites)


def begun(e: Emitter, owner: List) -> None:
    """A new list that is to be a table is one from here on."""
    items, sites = list(list.__iter__(owner)), sites_of(owner)
    e.heap.touch(owner)
    list.clear(owner)
    owner.content = empty(e, sites)
    if items:
        _fill(e, owner, owner.content, items)


def _fill(e: Emitter, owner: List, rows: Rows, items: list[Any]) -> None:
    """The first rows, all at once."""
    if not all(type(item) is List for item in items) or len(set(map(id, items))) < len(items):
        raise rows.refused()
    contents = [_content(e, rows, item) for item in items]
    element, width = element_of(contents[0]), contents[0].length()
    if any(element_of(one) != element or not agree(one.length(), width) for one in contents):
        raise rows.refused()
    words, dtype = words_in(e, element, width), dtype_of(element)
    dims = len(items), tensors.dim_of(words)
    parts = [views.SliceStep([(0, 1, 1), (0, words, 1)], [1]).write(
        e, Tensor(None, (1, dims[1]), dtype), tensor_of(one))
        for one in contents]  # fmt: skip
    kind = tensor_type(dim_type(dims), dtype)
    whole = e.value(numpy.concatenate, [part.value for part in parts], types=[kind], axis=0)
    owner.content = rows.with_(
        element=element, whole=whole, count=len(items), width=width, capacity=len(items))
    for position, item in enumerate(items):
        become_row(e, item, owner, position)


def become_row(e: Emitter, item: List, table: List, position: Length) -> None:
    """A list is a row of a table from here on."""
    e.heap.touch(item)
    list.clear(item)
    item.content = None
    item.row = Row(e, table, position)


def _content(e: Emitter, rows: Rows, item: List) -> Numbers:
    """The numbers of a list that is to be a row."""
    if item.row is not None or item.split:
        raise rows.refused()
    kinds = e.heap.mixed_at(rows.sites)
    content = item.run_time
    if content is None:
        found = {numbers.plain_kind_of(one) for one in list.__iter__(item)}
        if kinds or len(found) != 1 or None in found:
            content = mixed.of(e, item, kinds, rows.sites)
        else:
            content = lists.to_numbers(e, item, "it is a row")
    elif kinds and not content.is_table:
        content = mixed.of(e, content, kinds, rows.sites)
    if content is None or content.is_table:
        raise rows.refused()
    if content.is_mixed and content.kinds != kinds:
        raise e.heap.mix(rows, lists.samples(content.kinds))
    return content


def replace(e: Emitter, owner: List, rows: Rows, key: Any, item: List) -> None:
    """owner[key] = item"""
    content = _content(e, rows, item)
    if rows.whole is None or element_of(content) != rows.element or (
        not agree(content.length(), rows.width)
    ):
        raise rows.refused()
    at = lists.subscript(e, key, "list")
    at = views.position_of(e, at, rows.count, "list assignment index out of range")
    made = _row_step(rows, at).write(e, rows.as_tensor(), tensor_of(content))
    e.heap.touch(owner)
    owner.content = rows.with_(whole=made.value, order=object())
    become_row(e, item, owner, at)


def swap(e: Emitter, items: tuple[Any, ...], owners: list[Any], keys: list[Any]) -> bool:
    """owners[0][keys[0]], owners[1][keys[1]] = items, of rows that change places; whether they do.

    Only what is certain to be that is done here.
    """
    table = owners[0]
    if type(table) is not List or owners[1] is not table or not isinstance(table.content, Rows):
        return False
    if not all(type(item) is List and item.row is not None and item.row.table is table
               for item in items):  # fmt: skip
        return False
    rows: Rows = table.content
    message = "list assignment index out of range"
    places = [views.position_of(e, lists.subscript(e, key, "list"), rows.count, message)
              for key in keys]  # fmt: skip
    found = [item.row.position for item in items if item.row.rows() is rows]
    return all(map(agree, places, reversed(found))) and _exchange(e, table, rows, places)


def _exchange(e: Emitter, table: List, rows: Rows, places: list[Length]) -> bool:
    whole = rows.as_tensor()
    steps = [_row_step(rows, at) for at in places]
    parts = [step.read(e, whole) for step in steps]
    for step, part in zip(steps, reversed(parts), strict=True):
        whole = step.write(e, whole, part)
    e.heap.touch(table)
    table.content = rows.with_(whole=whole.value, order=object())
    return True


def copied(value: List, alone: bool) -> List:
    """A deep copy of a table, or of a row. alone: nothing else is copied with it that may lead to
    the same rows."""
    made = List(value.heap)
    if value.row is None:
        made.content = value.content.with_()
    elif alone:
        made.run_time = value.run_time
    else:
        raise value.row.rows().refused()
    return made


def identical(e: Emitter, a: List, b: List) -> Any:
    """a is b, of two lists that are rows, if they are."""
    if a.row is None or b.row is None or a.row.table is not b.row.table:
        return False
    a.row.rows(), b.row.rows()
    return numbers.compare(e, "eq", a.row.position, b.row.position)


def append(e: Emitter, owner: List, rows: Rows, item: List) -> None:
    """owner.append(item)"""
    content = _content(e, rows, item)
    width = content.length()
    if rows.whole is None:
        element = rows.element or element_of(content)
        rows = rows.with_(element=element, width=hoisted(e, width))
    if element_of(content) != rows.element or not agree(width, rows.width):
        raise rows.refused()
    heap = e.heap
    part = tensor_of(content)
    count = rows.count
    more = numbers.wrapping(e, "add", count, 1)
    if isinstance(more, Number):
        more.size = sizes.within(more.size, 1, sizes.LENGTH)
    if rows.whole is not None and rows.grown < rows.allowed:
        made = _row_step(rows, count).write(e, rows.as_tensor(), part)
        rows = rows.with_(whole=made.value)
    else:
        rows = _longer(e, rows, part, more)
    heap.touch(owner)
    owner.content = rows.with_(count=more, grown=rows.grown + 1)
    become_row(e, item, owner, count)


def _longer(e: Emitter, rows: Rows, part: Tensor, more: Length) -> Rows:
    """With another row, in an array of its own."""
    dims = tensors.dim_of(more), tensors.dim_of(rows.words)
    one = tensors.reshape_tensor(e, part, [1, rows.words]).value
    if rows.whole is None:
        whole = one
        dims = 1, dims[1]
    else:
        kind = tensor_type(dim_type(dims), dtype_of(rows.element))
        whole = e.value(numpy.concatenate, [rows.used(), one], types=[kind], axis=0)
    return rows.with_(whole=whole, capacity=dims[0])


def reserved(e: Emitter, rows: Rows, element: Element, width: Length, capacity: Length) -> Rows:
    """In a new array with room for so many rows."""
    words, dtype = words_in(e, element, width), dtype_of(element)
    lengths = [capacity, words]
    dims = tuple(map(tensors.dim_of, lengths))
    kind = tensor_type(dim_type(dims), dtype)
    room = e.value(tensor.empty, tensors.operands_for(e, lengths), types=[kind])
    base = Tensor(room, dims, dtype)
    if rows.whole is not None:
        begun = Tensor(rows.used(), (tensors.dim_of(rows.count), dims[1]), base.dtype)
        step = views.SliceStep([(0, rows.count, 1), (0, words, 1)], [0, 1])
        base = step.write(e, base, begun)
    return rows.with_(element=element, whole=base.value, width=width, capacity=dims[0])

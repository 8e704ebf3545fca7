"""Lists of ints, floats and None together: each item is two words of one array.

In: numbers of run time and None, and Python's operations on lists of them. Out: elements read and
written in the array: an item's bits, and behind them which of these it is. The one idea: an item is
a union with that number for its tag, so `dist = [inf] * n` with ints put into it is an array that
kernels read and write. What such a list cannot do is told to `state.outgrown`, which has the
program evaluated with one of the run's own lists; what only looks at it gets such a list made.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from fleet.dialects import arith, numpy, tensor
from fleet.evaluator.values import choosing, lists, numbers, objects, sizes
from fleet.evaluator.values.emitter import Emitter, tensor_type
from fleet.evaluator.values.extents import Extent, Open
from fleet.evaluator.values.heap import List, sites_of
from fleet.evaluator.values.ndarrays import tensors, views
from fleet.evaluator.values.ndarrays.tensors import Length
from fleet.evaluator.values.sizes import Dim
from fleet.evaluator.values.then import (
    Number,
    Numbers,
    Object,
    Tensor,
    Union,
    choices_of,
    dim_type,
    is_run_time_list,
)
from fleet.integers import LEAST, MOST
from fleet.ir.core import Value
from fleet.ir.types import f64, i64

TAGS = {"int": 0, "float": 1, "none": 2}
"""What an item may be, and as which number that is in the list."""
WORDS = 2
"""How many an item has."""
WORD = np.dtype("int64")


class Mixed(Numbers):
    """What a list of ints, floats and None holds. Immutable.

    words: the array; kinds: which of TAGS there may be; sites: the expressions that made the list,
    see `heap.SITED`.
    """

    __slots__ = ("kinds", "sites", "words")
    is_mixed = True

    def __init__(
        self, e: Emitter, kinds: frozenset[str], words: Value | None, sites: frozenset[int],
        count: Length | None = None,
    ) -> None:  # fmt: skip
        self.e = e
        self.kinds = kinds
        self.words = words
        self.sites = sites
        self.count = count
        self.grown = None

    def refused(self) -> Exception:
        """What to raise where something is done with the list that it cannot do."""
        return self.e.heap.not_mixed(self.sites)

    @property
    def kind(self) -> str:
        raise self.refused()

    @property
    def native(self) -> Value:
        raise self.refused()

    @property
    def size(self) -> Dim:
        return tensors.dim_of(self.length())

    @property
    def extent(self) -> Extent:
        """How many there are, as far as that is known without looking."""
        (words,) = self.words.type.shape
        return words // WORDS if words is not None else (
            Open() if self.count is None else tensors.dim_of(self.count))  # fmt: skip

    def natives(self) -> list[Value]:
        return [self.words]

    def length(self) -> Length:
        if self.count is not None:
            return self.count
        (extent,) = self.words.type.shape
        if extent is not None:
            return extent // WORDS
        words = self.e.dim(self.words, 0, sizes.length())
        half = self.e.value(arith.shrsi, self.e.plain(words), self.e.constant(1, i64))
        return Number(self.e, "int", half, sizes.length())

    def word(self, at: Length, number: int) -> Value:
        """The bits of the item at a position that is in range, or which of TAGS it is."""
        place = numbers.wrapping(self.e, "add", double(self.e, at), number)
        return self.e.value(tensor.extract, self.words, [self.e.index(place)], types=[i64])

    def extract(self, at: Length) -> Value:
        raise self.refused()

    def item(self, at: Length) -> Any:
        """The item at a position that is in range."""
        e, bits = self.e, self.word(at, 0)
        made = {
            "int": lambda: Number(e, "int", bits),
            "float": lambda: Number(e, "float", e.value(arith.bitcast, bits, types=[f64])),
            "none": lambda: None,
        }  # fmt: skip
        found = {TAGS[kind]: made[kind]() for kind in made if kind in self.kinds}
        if len(found) == 1:
            return next(iter(found.values()))
        return Union(e, self.word(at, 1), found)

    def get_item(self, key: Any, name: str) -> Any:
        """self[key]"""
        e, size = self.e, self.length()
        if isinstance(key, slice):
            start, count, step = views.span_of(e, key, size)
            if step == 1:
                spans = [(double(e, start), double(e, count), 1)]
                part = views.slice_tensor(e, self.as_tensor(), spans)
            else:
                items = tensors.reshape_tensor(e, self.as_tensor(), [size, WORDS])
                part = views.slice_tensor(e, items, [(start, count, step), (0, WORDS, 1)])
                part = tensors.reshape_tensor(e, part, [double(e, count)])
            return List(e.heap, run_time=Mixed(e, self.kinds, part.value, self.sites, count))
        key = lists.subscript(e, key, name)
        return self.item(views.position_of(e, key, size, f"{name} index out of range"))

    def as_tensor(self) -> Tensor:
        return Tensor(self.words, (tensors.dim_of(double(self.e, self.length())),), WORD)

    def write(self, owner: List, method: str, *arguments: Any, **named: Any) -> Any:
        """Carry out a mutating method of the list that holds this."""
        match method, arguments:
            case "__setitem__", (key, value) if not isinstance(key, slice):
                self._expect(owner, value)
                self._set_item(owner, key, value)
            case "extend" | "__iadd__", (values,):
                more = self._expected(owner, values)
                owner.run_time = joined(self.e, self, more, self.kinds)
                return owner if method == "__iadd__" else None
            case "append", (value,):
                self._expect(owner, value)
                begun, more = self.grown or (self, 0)
                longer = self._longer([value])
                longer.grown = begun, more + 1
                owner.run_time = longer
            case _:
                raise self.refused()
        return None

    def _expected(self, owner: List, values: Any) -> Mixed:
        """What comes behind the items, which is to be of those that the list may hold."""
        is_list = type(values) in (List, tuple) or isinstance(values, Numbers)
        more = of(self.e, values, frozenset(), self.sites) if is_list else None
        if more is None or not sites_of(owner):
            raise self.refused()
        if not more.kinds <= self.kinds:
            raise self.e.heap.mix(owner, lists.samples(more.kinds))
        return more

    def _expect(self, owner: List, value: Any) -> None:
        """The value is to be one of those that the list may hold."""
        found = kinds_of([value])
        if found is None or not sites_of(owner):
            raise self.refused()
        if not found <= self.kinds:
            raise self.e.heap.mix(owner, [value])

    def _set_item(self, owner: List, key: Any, value: Any) -> None:
        e = self.e
        key = lists.subscript(e, key, "list")
        at = views.position_of(e, key, self.length(), "list assignment index out of range")
        words = self.words
        for number, word in enumerate(words_of(e, value)):
            place = e.index(numbers.wrapping(e, "add", double(e, at), number))
            words = e.value(tensor.insert, word, words, [place], types=[words.type])
        owner.run_time = Mixed(e, self.kinds, words, self.sites, self.count)

    def _longer(self, values: list[Any]) -> Mixed:
        e = self.e
        more = of_items(e, values)
        count = numbers.wrapping(e, "add", self.length(), len(values))
        kind = tensor_type(dim_type((tensors.dim_of(double(e, count)),)), WORD)
        words = e.value(numpy.concatenate, [self.words, more], types=[kind], axis=0)
        return Mixed(e, self.kinds, words, self.sites)

    def boxed(self) -> Object:
        """A list of the run's with the same items."""
        return made_of(self.e, self.words)


def made_of(e: Emitter, words: Value) -> Object:
    """A list of the run's with the items that are in an array."""
    (native,) = e.host("build", [words], ["list"], [("object", i64)], form="mixed")
    return Object(e, list, native)


def double(e: Emitter, number: Length) -> Length:
    """How many words so many items have."""
    return numbers.wrapping(e, "mul", number, WORDS)


def kinds_of(values: Iterable[Any]) -> frozenset[str] | None:
    """Which of TAGS the values may be; None where one may be something else."""
    found = set()
    for value in values:
        for one in choices_of(value):
            kind = "none" if one is None else numbers.plain_kind_of(one)
            too_long = type(one) is int and not LEAST <= one <= MOST
            if kind not in TAGS or too_long or not isinstance(one, Number | int | float | None):
                return None
            found.add(kind)
    return frozenset(found)


def words_of(e: Emitter, value: Any) -> list[Value]:
    """The bits of an item, and which of TAGS it is."""
    if type(value) is not Union:
        return [_bits(e, value), e.constant(_tag(value), i64)]
    bits = {tag: _bits(e, one) for tag, one in value.choices.items()}
    tags = {tag: e.constant(_tag(one), i64) for tag, one in value.choices.items()}
    kept = all(_tag(one) == tag for tag, one in value.choices.items())
    return [choosing.by_tag(e, value.tag, bits),
            value.tag if kept else choosing.by_tag(e, value.tag, tags)]  # fmt: skip


def _tag(value: Any) -> int:
    return TAGS["none" if value is None else numbers.kind_of(value)]


def _bits(e: Emitter, value: Any) -> Value:
    if value is None:
        return e.constant(0, i64)
    number = e.number(value)
    if number.kind == "int":
        return e.plain(number)
    return e.value(arith.bitcast, e.plain(number), types=[i64])


def of_items(e: Emitter, values: list[Any]) -> Value:
    """An array of items."""
    if all(isinstance(value, int | float | None) for value in values):
        bits = [[_known_bits(value), _tag(value)] for value in values]
        return e.dense(np.array(bits, WORD).reshape(-1))
    words = [word for value in values for word in words_of(e, value)]
    kind = tensor_type((len(words),), WORD)
    return e.value(numpy.stack, words, types=[kind])


def _known_bits(value: int | float | None) -> int:
    if isinstance(value, float):
        return int(np.float64(value).view(WORD))
    return value or 0


def of(e: Emitter, items: Any, kinds: frozenset[str], sites: frozenset[int]) -> Mixed | None:
    """A list, or what one holds, as such a list; None where it cannot be one."""
    if type(items) is List:
        items = items.run_time if items.run_time is not None else list(list.__iter__(items))
    if isinstance(items, Mixed):
        return Mixed(e, items.kinds | kinds, items.words, items.sites | sites, items.count)
    if not isinstance(items, Numbers):
        found = kinds_of(items)
        if found is None:
            return None
        values = list(items)
        return Mixed(e, found | kinds, of_items(e, values), sites, len(values))
    if items.is_table or items.kind not in TAGS:
        return None
    return _of_numbers(e, items, kinds, sites)


def _of_numbers(
    e: Emitter, items: Numbers, kinds: frozenset[str], sites: frozenset[int]
) -> Mixed:  # fmt: skip
    count = items.length()
    bits, size = items.native, tensors.dim_of(count)
    if items.kind == "float":
        bits = e.value(numpy.bitcast, bits, types=[tensor_type(dim_type((size,)), WORD)])
    lengths = tensors.operands_for(e, [double(e, count)])
    dims = (tensors.dim_of(double(e, count)),)
    kind = tensor_type(dim_type(dims), WORD)
    words = e.value(numpy.full, e.constant(TAGS[items.kind], i64), lengths, types=[kind])
    made = views.SliceStep([(0, count, WORDS)], [0]).write(
        e, Tensor(words, dims, WORD), Tensor(bits, (size,), WORD))
    return Mixed(e, kinds | {items.kind}, made.value, sites, count)


def joined(e: Emitter, first: Mixed, second: Mixed, kinds: frozenset[str]) -> Mixed:
    """The items of both."""
    count = numbers.wrapping(e, "add", first.length(), second.length())
    kind = tensor_type(dim_type((tensors.dim_of(double(e, count)),)), WORD)
    words = e.value(numpy.concatenate, [first.words, second.words], types=[kind], axis=0)
    return Mixed(e, kinds, words, first.sites | second.sites, count)


def concatenated(e: Emitter, a: Any, b: Any) -> List | Object:
    """a + b, one of them such a list."""
    if type(a) is List and type(b) is List:
        first, second = (of(e, one, frozenset(), frozenset()) for one in (a, b))
        if first is not None and second is not None:
            whole = joined(e, first, second, first.kinds | second.kinds)
            return List(e.heap, run_time=whole)
    given = [one.run_time if is_run_time_list(one) else objects.shallow(one) for one in (a, b)]
    return objects.operator(e, "add", *given, gives=list)


def begun(e: Emitter, owner: List, kinds: frozenset[str]) -> None:
    """A new list that is to be such a list is one from here on, if it can be."""
    content = None if owner.row is not None else of(e, owner, kinds, sites_of(owner))
    if content is not None:
        e.heap.touch(owner)
        list.clear(owner)
        owner.run_time = content
        list.append(owner, content)


def is_none_alone(items: Any) -> bool:
    """Whether it is [None]."""
    return type(items) is List and items.run_time is None and (
        [one is None for one in list.__iter__(items)] == [True])  # fmt: skip


def of_none(e: Emitter, items: List, times: Length) -> List:
    """[None] * times"""
    words = double(e, times)
    kind = tensor_type(dim_type((tensors.dim_of(words),)), WORD)
    none = e.constant(TAGS["none"], i64)
    made = e.value(numpy.full, none, tensors.operands_for(e, [words]), types=[kind])
    return List(e.heap, run_time=Mixed(e, frozenset({"none"}), made, sites_of(items), times))

"""The iterators of Python's builtins: over containers, zip, enumerate, map, filter, reversed.

In: values to iterate over. Out: iterators. The one idea: `iterate` is Python's iter(), in one table
by type; what comes from elsewhere (a class of the program, a NumPy iterator) is wrapped, so
that every source of items has steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import GeneratorType
from typing import Any

import numpy as np

from fleet.evaluator.control import regions
from fleet.evaluator.iterators import advancing
from fleet.evaluator.iterators.protocol import (
    END,
    Iterator,
    Perhaps,
    Positional,
    Use,
    then,
)
from fleet.evaluator.objects import operations
from fleet.evaluator.objects.members import declare, stands_for
from fleet.evaluator.objects.operations import CONDITIONAL, PLAIN
from fleet.evaluator.state.machine import Machine, Raised
from fleet.evaluator.values import classes, numbers, objects, operators
from fleet.evaluator.values.heap import Dict, List, Progress, Set
from fleet.evaluator.values.sequences import Lazy, is_run_time_sequence
from fleet.evaluator.values.then import (
    Array,
    Number,
    Object,
    Text,
    Then,
    is_run_time_list,
)


class _Subscripted:
    """What has no iterator of its own."""

    def __getitem__(self, at: int) -> int:
        return at


OVER = 1 << 62
"""The position of an iterator that has come to its end, larger than any other."""


def element(m: Machine, items: Any, at: Any) -> Any:
    """items[at], where `at` is in range, and may be known at run time only."""
    return operations.usable(m, operations.get_item(m, items, at))


class Indexed(Positional):
    """Over something with a length and subscripts, which may change meanwhile."""

    def __init__(self, m: Machine, items: Any) -> None:
        self.m = m
        self.items = items
        self.position = Progress(0)

    def cells(self) -> list[Progress]:
        return [self.position]

    def ends_at_run_time(self) -> bool:
        return isinstance(self.items, Then) or is_run_time_list(self.items)

    def count(self) -> Any:
        """How many items there are, now or then."""
        if isinstance(self.items, Lazy):
            return self.items.count
        if isinstance(self.items, Then) or is_run_time_list(self.items):
            return self.m.native(operators.length, self.m.backend.e, self.items)
        return len(self.items)

    plain = True
    """Whether items come as they are, one by one from the first."""

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        cls.plain = all(
            getattr(cls, name) is getattr(Indexed, name)
            for name in ("count", "more", "take", "get")
        )

    def step(self) -> Any:
        at, items = self.position.content, self.items
        kind = type(items)
        known = kind in _FIXED or (kind is List and items.run_time is None)
        if known and self.plain and type(at) is int:
            if self.m.heap.journals:
                self.m.heap.touch(self.position)
            if at >= len(items):
                self.position.content = OVER
                return END
            self.position.content = at + 1
            item = items[at]
            return operations.usable(self.m, item) if type(item) in CONDITIONAL else item
        return super().step()

    def more(self) -> bool | Number:
        return self.read(self.position) < self.count()

    def take(self) -> Any:
        at = self.read(self.position)
        self.move(self.position, at + 1)
        return self.get(at)

    def is_over(self) -> bool:
        """Whether the iterator is known to have come to its end."""
        at = self.read(self.position)
        return isinstance(at, int) and at >= OVER

    def get(self, at: Any) -> Any:
        if isinstance(self.items, Lazy):
            return self.m.native(self.items.at, at)
        return element(self.m, self.items, at)

    def from_host(self) -> Any:
        at, items = self.read(self.position), self.items
        if at != 0 or isinstance(at, Then) or isinstance(items, Lazy) or not self.plain:
            return None
        return objects.box(self.m.backend.e, items)

    def run_time_rest(self) -> Any:
        at = self.read(self.position)
        if isinstance(at, Then) or at or not is_run_time_list(self.items):
            return None
        self.finish()
        return self.items.copy()

    def finish(self) -> None:
        self.move(self.position, OVER)


_FIXED = frozenset((range, tuple, str))


class Elements(Indexed):
    """Over an array, whose elements are what they are when their turn comes."""

    def ends_at_run_time(self) -> bool:
        return is_run_time_sequence(self.items)

    def count(self) -> Any:
        if isinstance(self.items, Array):
            return self.m.native(operators.length, self.m.backend.e, self.items)
        return len(self.items)


class Backward(Indexed):
    """reversed(): the position is that of the next item, and -1 at the end."""

    def __init__(self, m: Machine, items: Any) -> None:
        super().__init__(m, items)
        self.position = Progress(self.count() - 1)

    def more(self) -> bool | Number:
        at = self.read(self.position)
        return numbers.both(self.m.backend.e, at >= 0, at < self.count())

    def take(self) -> Any:
        at = self.read(self.position)
        self.move(self.position, at - 1)
        return self.get(at)

    def run_time_rest(self) -> None:
        return None

    def finish(self) -> None:
        self.move(self.position, -1)


class Guarded(Indexed):
    """Over the keys of a dictionary or the items of a set, which must not change its size."""

    def __init__(self, m: Machine, container: Any, items: Iterable, what: str) -> None:
        super().__init__(m, tuple(items))
        self.container = container
        self.what = what

    def step(self) -> Any:
        at, items = self.position.content, self.items
        same = len(self.container) == len(items)
        if type(at) is int and at < len(items) and same:
            if self.m.heap.journals:
                self.m.heap.touch(self.position)
            self.position.content = at + 1
            return self.get(at)
        if not same and not self.is_over():
            raise self.m.raised(RuntimeError(f"{self.what} changed size during iteration"))
        return super().step()

    def get(self, at: Any) -> Any:
        key = self.items[at] if type(at) is int else super().get(at)
        if type(key) in PLAIN and key in self.container:
            return key
        if isinstance(self.container, dict) and not isinstance(key, Then) and (
            key not in self.container
        ):
            raise self.m.raised(RuntimeError("dictionary keys changed during iteration"))
        return key


class OfView(Guarded):
    """Over the values or items of a dictionary."""

    def __init__(self, m: Machine, view: Any, items: Iterable, pairs: bool) -> None:
        super().__init__(m, view, items, "dictionary")
        self.mapping = view.mapping
        self.pairs = pairs

    def get(self, at: Any) -> Any:
        key = self.items[at] if type(at) is int else Indexed.get(self, at)
        if isinstance(key, Then):
            value = element(self.m, tuple(self.mapping[key] for key in self.items), at)
        elif key in self.mapping:
            value = self.mapping[key]
            if type(value) in CONDITIONAL:
                value = operations.usable(self.m, value)
        else:
            raise self.m.raised(RuntimeError("dictionary keys changed during iteration"))
        return (key, value) if self.pairs else value


def _name(value: Any) -> str:
    """Of the class that a value is of."""
    return f"{type(value).__module__}.{type(value).__qualname__}"


class Foreign(Iterator):
    """What an instance of the program's own class gives."""

    def __init__(self, m: Machine, source: Any) -> None:
        super().__init__(m)
        self.source = source

    def advances(self) -> bool:
        return _name(self.source) in self.m.policy.advancing

    def step(self) -> Any:
        if self.advances():
            return advancing.given(*self.m.language.attempted(
                self.m, StopIteration, lambda: next(self.source)))
        self.m.stepping.append((StopIteration, _name(self.source)))
        try:
            return next(self.source, END)
        except Raised as raised:
            if isinstance(raised.exception, StopIteration):
                return END
            raise
        finally:
            self.m.stepping.pop()


@stands_for(type(iter(_Subscripted())))
class Subscripts(Indexed):
    """Over an object that has subscripts and no __iter__: 0, 1, ... until IndexError."""

    def count(self) -> int:
        return OVER

    def advances(self) -> bool:
        return _name(self.items) in self.m.policy.advancing

    def step(self) -> Any:
        if self.advances():
            return advancing.given(*self.m.language.attempted(
                self.m, IndexError, lambda: self.m.native(self.take)))
        if self.is_over():
            return END
        self.m.stepping.append((IndexError, _name(self.items)))
        try:
            return self.m.native(self.take)
        except Raised as raised:
            if not isinstance(raised.exception, IndexError | StopIteration):
                raise
            self.finish()
            return END
        finally:
            self.m.stepping.pop()


@stands_for(type(iter(int, 1)))
class Calls(Iterator):
    """iter(function, sentinel)."""

    def __init__(self, m: Machine, call: Callable[[], Any], sentinel: Any) -> None:
        super().__init__(m)
        self.call = call
        self.sentinel = sentinel
        self.over = Progress(False)

    def step(self) -> Any:
        if self.read(self.over):
            return END
        value = self.call()
        same = operations.truth_of(self.m, self.m.native(lambda: self.sentinel == value))
        if isinstance(same, Then):
            other = operations.negate(self.m, same)
            return Perhaps(other, lambda: value, lambda: self.move(self.over, True))
        if same:
            self.move(self.over, True)
            return END
        return value


def _host_source(source: Iterator) -> Any:
    """An iterator as one of the run's objects; None where it cannot be."""
    if isinstance(source, advancing.Advancing) and source.source.kind is not None:
        return None
    own = classes.of_ours(source, "object_source")
    return source.from_host() if own is None else own()


@stands_for(zip)
class Zip(Positional):
    def ends_at_run_time(self) -> bool:
        return any(source.ends_at_run_time() for source in self.sources)

    def advances(self) -> bool:
        return any(source.advances() for source in self.sources)

    def __init__(self, m: Machine, sources: list[Iterator], strict: bool = False) -> None:
        super().__init__(m)
        self.sources = sources
        self.strict = strict

    def from_host(self) -> Any:
        sources = [_host_source(one) for one in self.sources]
        if self.strict or None in sources:
            return None
        return self.m.native(objects.function, self.m.backend.e, "zip", sources)

    def more(self) -> bool | Number:
        truth: Any = bool(self.sources)
        for source in self.sources:
            truth = numbers.both(self.m.backend.e, truth, source.more())
        return truth

    def take(self) -> tuple:
        return tuple(source.take() for source in self.sources)

    def upstream(self) -> Iterator | None:
        """The first source, if it can be driven and the others walked beside it."""
        return self.sources[0] if self.sources and not self.strict else None

    def passing(self, use: Use) -> Use:
        for source in self.sources[1:]:
            for cell in source.cells():
                cell.travel()
        return lambda item: self._beside((item,), list(self.sources[1:]), use)

    def _beside(self, items: tuple, others: list[Iterator], use: Use) -> Any:
        """Use the items of this step, of which the other sources are yet to give theirs."""
        if not others:
            return use(items)
        found = others[0].step()
        if found is END:
            return True
        if not isinstance(found, Perhaps):
            return self._beside((*items, found), others[1:], use)
        if found.end is None:
            raise self.m.error("zip() of this run-time iterator is not supported")

        def ended() -> bool:
            found.end()
            return True

        return regions.choose(
            self.m, found.truth,
            lambda: self._beside((*items, found.get()), others[1:], use), ended,
        )  # fmt: skip

    def step(self) -> Any:
        items: list[Any] = []
        if len(self.sources) == 1 and not isinstance(self.sources[0], Positional):
            found = self.sources[0].step()
            return (found,) if type(found) not in _STEPS else then(found, lambda item: (item,))
        if self._at_run_time():
            ended = self._compare_then if self.strict else lambda: self._lose(self.sources)
            return Perhaps(self.more(), self.take, ended)
        for number, source in enumerate(self.sources):
            found = source.step()
            if isinstance(found, Perhaps):
                return self._perhaps(number, items, found)
            if found is END:
                if self.strict:
                    self._compare(number)
                return END
            items.append(found)
        return tuple(items) if items else END

    def _perhaps(self, number: int, items: list[Any], found: Perhaps) -> Perhaps:
        """From a source on that only run time knows whether it has another item."""
        if self.strict or found.end is None:
            raise self.m.error("zip() of this run-time iterator is not supported")
        return Perhaps(
            found.truth, lambda: then(found.get(), lambda item: self._from(number, items, item)),
            found.end,
        )  # fmt: skip

    def _from(self, number: int, items: list[Any], item: Any) -> Any:
        """The items of the sources after this one, whose item there is."""
        items = [*items, item]
        if len(items) == len(self.sources):
            return tuple(items)
        found = self.sources[number + 1].step()
        if found is END:
            return Perhaps(False, lambda: None, lambda: None)
        if isinstance(found, Perhaps):
            return self._perhaps(number + 1, items, found)
        return self._from(number + 1, items, found)

    def _at_run_time(self) -> bool:
        return all(isinstance(source, Positional) for source in self.sources) and isinstance(
            self.more(), Then)  # fmt: skip

    def _lose(self, sources: list[Positional]) -> None:
        """The sources before the one that has ended have moved on."""
        if not sources:
            return

        def move_on() -> None:
            sources[0].take()
            self._lose(sources[1:])

        self._choose(sources[0].more(), move_on, lambda: None)

    def _compare(self, number: int) -> None:
        """One has ended: all must have."""
        if number:
            raise self._differs(number, "shorter")
        for other, source in enumerate(self.sources[1:], 1):
            if source.step() is not END:
                raise self._differs(other, "longer")

    def _compare_then(self) -> None:
        """One has ended, which one is known at run time: all must have."""
        first = self.sources[0].more()
        self._choose(first, lambda: self._find_shorter(1), lambda: self._find_longer(1))

    def _find_shorter(self, number: int) -> None:
        """The sources before this one have not ended."""
        more = self.sources[number].more() if number < len(self.sources) - 1 else False
        self._choose(
            more, lambda: self._find_shorter(number + 1), lambda: self._differ(number, "shorter")
        )

    def _find_longer(self, number: int) -> None:
        """The sources before this one have ended."""
        if number < len(self.sources):
            self._choose(
                self.sources[number].more(),
                lambda: self._differ(number, "longer"), lambda: self._find_longer(number + 1),
            )  # fmt: skip

    def _choose(self, truth: Any, yes: Callable[[], None], no: Callable[[], None]) -> None:
        if isinstance(truth, Then):
            regions.choose(self.m, truth, yes, no)
        else:
            (yes if truth else no)()

    def _differ(self, number: int, how: str) -> None:
        raise self._differs(number, how)

    def _differs(self, number: int, how: str) -> Raised:
        others = "argument 1" if number == 1 else f"arguments 1-{number}"
        message = f"zip() argument {number + 1} is {how} than {others}"
        return self.m.raised(ValueError(message))


_STEPS = frozenset((type(END), Perhaps))
"""Classes of what a step gives that are no items."""


@stands_for(enumerate)
class Enumerate(Iterator):
    def __init__(self, m: Machine, source: Iterator, start: Any) -> None:
        super().__init__(m)
        self.source = source
        self.number = Progress(start)

    def from_host(self) -> Any:
        source, m = _host_source(self.source), self.m
        if source is None:
            return None
        given = [source, self.read(self.number)]
        return m.native(objects.function, m.backend.e, "enumerate", given)

    def step(self) -> Any:
        found = self.source.step()
        if found is END or type(found) is Perhaps:
            return then(found, self._numbered)
        return self._numbered(found)

    def _numbered(self, item: Any) -> tuple:
        number = self.read(self.number)
        self.move(self.number, number + 1)
        return number, item

    def upstream(self) -> Iterator:
        return self.source

    def passing(self, use: Use) -> Use:
        return lambda item: use(self._numbered(item))


@stands_for(map)
class Map(Iterator):
    """call: how to call the function, with each item of the zipped sources."""

    def __init__(self, m: Machine, call: Callable[..., Any], sources: list[Iterator]) -> None:
        super().__init__(m)
        self.call = call
        self.zipped = Zip(m, sources)

    def upstream(self) -> Iterator:
        return self.zipped

    def passing(self, use: Use) -> Use:
        return lambda items: use(self.call(*items))

    def step(self) -> Any:
        try:
            return then(self.zipped.step(), lambda items: self.call(*items))
        except Raised as raised:
            if isinstance(raised.exception, StopIteration):
                return END
            raise


@stands_for(filter)
class Filter(Iterator):
    """call: says of an item whether it passes, or something with a truth value.

    keep: which truth it must have.
    """

    def __init__(
        self, m: Machine, call: Callable[[Any], Any], source: Iterator, keep: bool = True
    ) -> None:
        super().__init__(m)
        self.call = call
        self.source = source
        self.keep = keep

    def upstream(self) -> Iterator:
        return self.source

    def passing(self, use: Use) -> Use:
        def filtered(item: Any) -> Any:
            truth = self._passes(item)
            if isinstance(truth, Then):
                return regions.choose(self.m, truth, lambda: use(item), lambda: False)
            return use(item) if truth else False

        return filtered

    def _passes(self, item: Any) -> Any:
        truth = operations.truth_of(self.m, self.call(item))
        return truth if self.keep else operations.negate(self.m, truth)

    def _passing(self, item: Any) -> Any:
        """An item, or nothing this time."""
        if isinstance(item, Perhaps):
            return Perhaps(item.truth, lambda: self._passing(item.get()), item.end)
        truth = self._passes(item)
        if isinstance(truth, Then):
            return Perhaps(truth, lambda: item, None)
        return item if truth else Perhaps(False, lambda: item, None)

    def step(self) -> Any:
        while True:
            found = self.source.step()
            if found is END:
                return END
            if isinstance(found, Perhaps):
                return self._filtered(found)
            truth = self._passes(found)
            if isinstance(truth, Then):
                return Perhaps(truth, lambda found=found: found, None)
            if truth:
                return found

    def _filtered(self, found: Perhaps) -> Perhaps:
        if found.end is not None:
            return Perhaps(found.truth, lambda: self._passing(found.get()), found.end)
        both = regions.choose(
            self.m, found.truth, lambda: self._passes(found.get()), lambda: False
        )
        return Perhaps(both, found.get, None)


def _over(python: type, base: type[Indexed] = Indexed) -> type[Indexed]:
    return stands_for(python)(type(python.__name__, (base,), {}))


LIST, TUPLE, RANGE = (_over(type(iter(kind()))) for kind in (list, tuple, lambda: range(0)))
ARRAY = _over(type(iter(_Subscripted())), Elements)
BYTES = _over(type(iter(b"")))
STRINGS = {True: _over(type(iter("a"))), False: _over(type(iter("\xe9")))}
KEYS, SET = _over(type(iter({})), Guarded), _over(type(iter(set())), Guarded)
VALUES, ITEMS = _over(type(iter({}.values())), OfView), _over(type(iter({}.items())), OfView)
REVERSED, REVERSED_LIST = _over(reversed, Backward), _over(type(reversed([])), Backward)
REVERSED_ARRAY = stands_for(reversed)(type("reversed", (Backward, Elements), {}))
REVERSED_VIEWS = {
    False: _over(type(reversed({}.values())), OfView),
    True: _over(type(reversed({}.items())), OfView),
}
REVERSED_KEYS = _over(type(reversed({})), Guarded)


class OfObject(Positional):
    """Over one of the run's objects, or a text that run time knows: by an iterator of CPython's."""

    def __init__(self, m: Machine, value: Any, gives: str = "object") -> None:
        super().__init__(m)
        e = m.backend.e
        self.gives = gives
        self.owner = value
        self.source = m.native(objects.function, e, "iter", [value])

    def ends_at_run_time(self) -> bool:
        return True

    def more(self) -> Number:
        return self.m.native(objects.function, self.m.backend.e, "more", [self.source], "bool")

    def take(self) -> Any:
        e = self.m.backend.e
        item = self.m.native(objects.function, e, "take", [self.source], self.gives)
        return e.array_lists.typed(self.owner, item)

    def object_source(self) -> Object:
        """The iterator of CPython's."""
        return self.source


def of_object(m: Machine, value: Any) -> Iterator:
    """Over one of the run's objects, or a text that run time knows."""
    if advancing.may_be(m, value):
        return advancing.Advancing(m, advancing.begin(m, value))
    is_text = isinstance(value, Text) or (isinstance(value, Object) and value.kind is str)
    return OfObject(m, value, "str" if is_text else "object")


def iterate(m: Machine, value: Any) -> Any:
    """iter(value): an iterator of ours, or the program's own object that is one."""
    make = _EXACT.get(type(value))
    if make is not None and not (type(value) is List and value.run_time is not None):
        return make(m, value)
    if isinstance(value, Array | np.ndarray):
        return ARRAY(m, _with_rows(m, value, "iteration over a 0-d array"))
    if isinstance(value, Object) or (isinstance(value, Text) and value.kind == "str"):
        return of_object(m, value)
    if is_run_time_sequence(value):
        return LIST(m, value if isinstance(value, list) else operations.lazily(m, value))
    match value:
        case Iterator():
            return value
        case Then():
            raise m.raised(TypeError(f"'{value.type_name}' object is not iterable"))
    own = getattr(type(value), "__iter__", None)
    for kind, make in _BY_TYPE.items():
        if isinstance(value, kind) and own is kind.__iter__:
            return make(m, value)
    if own is None and hasattr(type(value), "__getitem__"):
        return Subscripts(m, value)
    made = m.native(iter, value)
    if isinstance(made, Iterator):
        return made
    if classes.is_made(type(value)):
        return iterate(m, made) if made is not value and _is_builtin(made) else made
    return LIST(m, m.native(list, made))


def _is_builtin(value: Any) -> bool:
    return not classes.is_made(type(value)) and not isinstance(value, Iterator)


def _with_rows(m: Machine, value: Array | np.ndarray, otherwise: str) -> Array | np.ndarray:
    if not (value.dims if isinstance(value, Array) else value.shape):
        raise m.raised(TypeError(otherwise))
    return value


_BY_TYPE: dict[type, Callable[[Machine, Any], Iterator]] = {
    list: lambda m, value: LIST(m, value),
    tuple: lambda m, value: TUPLE(m, value),
    range: lambda m, value: RANGE(m, value),
    str: lambda m, value: STRINGS[value.isascii()](m, value),
    bytes: lambda m, value: BYTES(m, value),
    dict: lambda m, value: KEYS(m, value, value, "dictionary"),
    type({}.keys()): lambda m, value: KEYS(m, value, value, "dictionary"),
    type({}.values()): lambda m, value: VALUES(m, value, value.mapping, False),
    type({}.items()): lambda m, value: ITEMS(m, value, value.mapping, True),
    set: lambda m, value: SET(m, value, value, "Set"),
    frozenset: lambda m, value: SET(m, value, value, "Set"),
}


_EXACT: dict[type, Callable[[Machine, Any], Iterator]] = {
    own: _BY_TYPE[python] for own, python in (
        (List, list), (Dict, dict), (Set, set), *((kind, kind) for kind in (
            tuple, range, str, bytes, frozenset, type({}.keys()), type({}.values()),
            type({}.items()))),
    )
}  # fmt: skip
"""The same for the classes themselves, and not for what inherits from them."""


def steps(m: Machine, value: Any) -> Iterator:
    """The steps of anything that can be iterated over."""
    made = iterate(m, value)
    return made if isinstance(made, Iterator) else Foreign(m, made)


_REVERSIBLE = (list, range, dict, type({}.keys()), type({}.values()), type({}.items()))


def backward(m: Machine, value: Any) -> Any:
    """reversed(value)."""
    own = getattr(type(value), "__reversed__", None)
    if isinstance(value, Array | np.ndarray):
        return REVERSED_ARRAY(m, _with_rows(m, value, "len() of unsized object"))
    if own is not None and not isinstance(value, _REVERSIBLE):
        return m.native(own, value)
    match value:
        case list():
            return REVERSED_LIST(m, value)
        case range():
            return RANGE(m, value[::-1])
        case dict():
            return REVERSED_KEYS(m, value, list(value)[::-1], "dictionary")
    if isinstance(value, type({}.keys())):
        return REVERSED_KEYS(m, value, list(value)[::-1], "dictionary")
    for pairs, kind in ((False, type({}.values())), (True, type({}.items()))):
        if isinstance(value, kind):
            return REVERSED_VIEWS[pairs](m, value, list(value.mapping)[::-1], pairs)
    m.native(reversed, value)  # the TypeError for what cannot be
    return REVERSED(m, value)


declare(advancing.Advancing, GeneratorType, "send throw close __next__ __iter__")


def next_item(m: Machine, value: Any, *default: Any) -> Any:
    """next(value), next(value, default)."""
    if advancing.may_be(m, value):
        value = advancing.Advancing(m, value)
    if not isinstance(value, Iterator):
        if isinstance(value, Then):
            raise m.raised(TypeError(f"'{value.type_name}' object is not an iterator"))
        return m.native(next, value, *default)
    return item_of(m, value, value.step(), *default)


def item_of(m: Machine, value: Iterator, found: Any, *default: Any) -> Any:
    """What next() makes of a step."""

    def none() -> Any:
        if default:
            return default[0]
        raise m.raised(value.end_of_items())

    def given(found: Any) -> Any:
        if found is END:
            return none()
        if not isinstance(found, Perhaps):
            return found

        def otherwise() -> Any:
            if found.end is None:
                return next_item(m, value, *default)
            found.end()
            return none()

        return regions.choose(m, found.truth, lambda: given(found.get()), otherwise)

    return given(found)



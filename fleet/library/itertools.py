"""`itertools`: the names of the module, and how its iterators are made.

In: iterables and functions of the program. Out: iterators of the evaluator, whose kinds are in
`iterators/`. Semantics: the Python Library Reference.
"""

from __future__ import annotations

import itertools as python
import operator
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fleet.diagnostics import FleetError
from fleet.evaluator.iterators import advancing
from fleet.evaluator.iterators.builtin import OfObject, steps
from fleet.evaluator.iterators.combined import Filter
from fleet.evaluator.iterators.protocol import (
    Iterator,
)
from fleet.evaluator.language import calls, imports
from fleet.evaluator.language.flow import stepping
from fleet.evaluator.language.generators import coroutines
from fleet.evaluator.objects import members, operations, special_methods
from fleet.evaluator.objects.functions import bind
from fleet.evaluator.objects.provided import Builtin
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import classes, numbers, objects
from fleet.evaluator.values.heap import List
from fleet.evaluator.values.sequences import Lazy
from fleet.evaluator.values.then import Number, Object, Then, is_run_time_list
from fleet.library.iterators.endless import Count, Cycle, Repeat
from fleet.library.iterators.selections import (
    Combinations,
    Permutations,
    Product,
    WithReplacement,
)
from fleet.library.iterators.several import Chain, Compress, ZipLongest
from fleet.library.iterators.sources import (
    Accumulate,
    Batched,
    Dropwhile,
    Groupby,
    Islice,
    Pairwise,
    Starmap,
    Takewhile,
    Tee,
)
from fleet.library.iterators.tools import Call, itertool

_IN_PYTHON = Path(__file__).parent / "modules" / "itertools.py"


def _is_own(m: Machine, items: Any) -> bool:
    """Whether the host cannot step through it, or has no business to."""
    if isinstance(items, Iterator):
        return items.is_own()
    return classes.is_made(type(items)) or advancing.may_be(m, items)


def in_python(m: Machine, name: str, *given: Any, **more: Any) -> Iterator:
    """What run time resumes, over what the program's own code advances."""
    try:
        held = tuple(_resumed(m, one) for one in given)
    except FleetError:  # nothing holds it, but a loop may go over it here
        return _written(m, name, *given, **more)
    function = _function(m, name)
    return coroutines.start(m, function, bind(function, held, more, m.heap))


def _written(m: Machine, name: str, *given: Any, **more: Any) -> Iterator:
    """A generator of the module that is written in Python, as one of the program's own."""
    return m.language.call_value(m, _function(m, name), given, more)


def _function(m: Machine, name: str) -> Any:
    return imports.supplemented(m, "itertools", _IN_PYTHON).values[f"_{name}"]


def _resumed(m: Machine, value: Any) -> Any:
    """An argument of what run time resumes: iterables as iterators of the run's."""
    if isinstance(value, Iterator) or _is_own(m, value):
        return advancing.begin(m, value)
    if isinstance(value, List | tuple | Lazy) or is_run_time_list(value):
        given = [objects.shallow(calls.taken(m, value))]
        return m.native(objects.function, m.backend.e, "iter", given)
    return value


def resumable(m: Machine, made: Iterator, name: str, *given: Any) -> Iterator:
    """An iterator of ours, which may turn out to be one that run time resumes."""
    if m.backend.e is not None:
        made.hosted = Builtin("hosted", lambda: in_python(m, name, *given))
    return made


class Itertools:
    """The functions of the module, for one evaluation."""

    def __init__(self, machine: Machine) -> None:
        self._m = machine

    def _hosted(self, name: str, *iterables: Any, **more: Any) -> Iterator:
        """An iterator of CPython's, over what the run has."""
        e = self._m.backend.e
        if any(map(self._is_own, iterables)):
            return in_python(self._m, name, *iterables, **more)
        given = [objects.shallow(calls.taken(self._m, one)) for one in iterables]
        made = self._m.native(objects.function, e, f"itertools.{name}", given, **more)
        return OfObject(self._m, made)

    def _is_own(self, items: Any) -> bool:
        return _is_own(self._m, items)

    def _resumable(self, made: Iterator, name: str, *given: Any) -> Iterator:
        """An iterator of ours, which may turn out to be one that run time resumes."""
        return resumable(self._m, made, name, *given)

    def _either(self, name: str, make: Callable[[], Any], *iterables: Any, **more: Any) -> Any:
        """An iterator of ours, which may turn out to be one of the run's."""
        if self._m.backend.e is None:
            return make()
        if any(self._is_late(one) for one in (*iterables, *more.values())):
            return self._hosted(name, *iterables, **more)
        made = make()
        made.hosted = Builtin("hosted", lambda: self._hosted(name, *iterables, **more))
        return made

    def _is_late(self, items: Any) -> bool:
        ends = classes.of_ours(items, "ends_at_run_time")
        return isinstance(items, Then) or is_run_time_list(items) or (
            ends is not None and ends())

    def _pool(self, items: Any) -> tuple:
        return tuple(operations.known_items(self._m, items))

    def _steps(self, items: Any) -> Iterator:
        return steps(self._m, items)

    def _call(self, function: Any) -> Call:
        return lambda *arguments: calls.call_value(self._m, function, arguments, {})

    def count(self, start: Any = 0, step: Any = 1) -> Iterator:
        for one in (start, step):
            if not isinstance(one, Object) and not numbers.kind_of(one):
                python.count(start, step)  # its complaint
        return self._from_host(Count(self._m, start, step), "count", start, step)

    def repeat(self, object: Any, times: Any = None) -> Iterator:  # noqa: A002
        times = special_methods.whole(self._m, times)
        given = (object,) if times is None else (object, times)
        return self._from_host(Repeat(self._m, object, times), "repeat", *given)

    def _from_host(self, made: Iterator, name: str, *given: Any) -> Iterator:
        """An iterator of ours, which may turn out to be one of CPython's."""
        m = self._m
        if m.backend.e is not None:
            made.hosted = Builtin("hosted", lambda: OfObject(m, m.native(
                objects.function, m.backend.e, f"itertools.{name}", given)))
        return made

    def cycle(self, iterable: Any, /) -> Any:
        return self._either("cycle", lambda: self._cycle(iterable), iterable)

    def _cycle(self, iterable: Any) -> Cycle:
        if isinstance(iterable, list | tuple | str | range):
            return Cycle(self._m, None, List(self._m.heap, self._pool(iterable)))
        return Cycle(self._m, self._steps(iterable), List(self._m.heap))

    def _taken(self, items: Any) -> Any:
        """What is left of an iterator, which CPython takes at once."""
        if self._m.backend.e is None or not isinstance(items, Iterator):
            return items
        return calls.taken(self._m, items)

    def product(self, *iterables: Any, repeat: Any = 1) -> Any:
        iterables = tuple(map(self._taken, iterables))
        if any(map(self._is_late, (*iterables, repeat))):
            return self._hosted("product", *iterables, repeat=repeat)
        if repeat < 0:
            raise ValueError("repeat argument cannot be negative")
        return Product(self._m, [self._pool(items) for items in iterables] * repeat)

    def _product_of(self, whole: Object, repeat: Any = 1) -> Iterator:
        return self._hosted("product_of", whole, repeat=repeat)

    product.spread = "_product_of"

    def permutations(self, iterable: Any, r: Any = None) -> Permutations:
        return self._arranged(Permutations, iterable, r)

    def combinations(self, iterable: Any, r: Any) -> Combinations:
        return self._arranged(Combinations, iterable, r)

    def combinations_with_replacement(self, iterable: Any, r: Any) -> WithReplacement:
        return self._arranged(WithReplacement, iterable, r)

    def _arranged(self, kind: type, iterable: Any, r: Any) -> Any:
        iterable = self._taken(iterable)
        if self._is_late(iterable) or self._is_late(r):
            return self._hosted(members.python_class(kind).__name__, iterable, r)
        pool = self._pool(iterable)
        if r is not None and not isinstance(r, int):
            return getattr(python, kind.__name__)(pool, r)
        if r is not None and r < 0:
            raise ValueError("r must be non-negative")
        return kind(self._m, pool, len(pool) if r is None else r)

    def islice(self, iterable: Any, *bounds: Any) -> Any:
        bounds = tuple(map(self._bound, bounds))
        known = [None if isinstance(one, Number) else one for one in bounds]
        python.islice((), *known)  # its complaints
        span = slice(*bounds)
        start, by = 0 if span.start is None else span.start, 1 if span.step is None else span.step
        if any(isinstance(one, Number) for one in bounds):
            self._check_bounds(start, span.stop, by)
            return Islice(self._m, self._steps(iterable), start, span.stop, by)
        if isinstance(iterable, Object) and (start or by != 1):
            return self._hosted("islice", iterable, *bounds)
        made = Islice(self._m, self._steps(iterable), start, span.stop, by)
        made.hosted = Builtin("hosted", lambda: in_python(
            self._m, "islice", iterable, start, span.stop, by) if self._is_own(iterable) else
            self._hosted("islice", iterable, *bounds))  # fmt: skip
        return made

    def _bound(self, value: Any) -> Any:
        """A bound of islice(): an int, a Number, or what CPython complains of."""
        e, value = self._m.backend.e, special_methods.whole(self._m, value)
        if isinstance(value, Object):
            return objects.to_number(e, value)
        if isinstance(value, Number) and value.kind != "float":
            return numbers.to_int(e, value)
        return "" if isinstance(value, Then) else value

    def _check_bounds(self, start: Any, stop: Any, by: Any) -> None:
        e = self._m.backend.e
        span = "islice() must be None or an integer: 0 <= x <= sys.maxsize."
        if stop is not None:
            numbers.require(
                e, numbers.compare(e, "ne", stop, -1), "ValueError", f"Stop argument for {span}")
            numbers.require(
                e, numbers.compare(e, "ge", stop, 0), "ValueError", f"Indices for {span}")
        numbers.require(e, numbers.compare(e, "ge", start, 0), "ValueError", f"Indices for {span}")
        numbers.require(e, numbers.compare(e, "gt", by, 0), "ValueError",
                        "Step for islice() must be a positive integer or None.")

    def accumulate(self, iterable: Any, func: Any = None, *, initial: Any = None) -> Accumulate:
        call = operator.add if func is None else self._call(func)
        return Accumulate(self._m, self._steps(iterable), call, initial)

    def starmap(self, function: Any, iterable: Any, /) -> Starmap:
        return Starmap(self._m, self._call(function), self._steps(iterable))

    def takewhile(self, predicate: Any, iterable: Any, /) -> Takewhile:
        source = self._steps(iterable)
        made = Takewhile(self._m, self._call(predicate), source, source is not iterable)
        return self._resumable(made, "takewhile", predicate, iterable)

    def dropwhile(self, predicate: Any, iterable: Any, /) -> Dropwhile:
        made = Dropwhile(self._m, self._call(predicate), self._steps(iterable))
        return self._resumable(made, "dropwhile", predicate, iterable)

    def filterfalse(self, predicate: Any, iterable: Any, /) -> Filter:
        call = (lambda item: item) if predicate is None else self._call(predicate)
        return FilterFalse(self._m, call, self._steps(iterable), False)

    def pairwise(self, iterable: Any, /) -> Any:
        return self._either(
            "pairwise", lambda: Pairwise(self._m, self._steps(iterable)), iterable)  # fmt: skip

    def batched(self, iterable: Any, n: int) -> Any:
        if n < 1:
            raise ValueError("n must be at least one")
        return self._either(
            "batched", lambda: Batched(self._m, self._steps(iterable), n), iterable, n)  # fmt: skip

    def tee(self, iterable: Any, n: int = 2, /) -> tuple[Iterator, ...]:
        if n < 0:
            raise ValueError("n must be >= 0")
        if self._is_late(iterable):
            e = self._m.backend.e
            if self._is_own(iterable):
                seen = self._m.native(objects.build, e, "list", ())
                source = _resumed(self._m, iterable)
                return tuple(in_python(self._m, "tee", source, seen) for _ in range(n))
            made = objects.function(e, "itertools.tee", [calls.taken(self._m, iterable), n], tuple)
            return tuple(OfObject(self._m, one) for one in objects.unpack(e, made, n))
        source, seen = self._steps(iterable), List(self._m.heap)
        return tuple(Tee(self._m, source, seen) for _ in range(n))

    def groupby(self, iterable: Any, key: Any = None) -> Any:
        if self._is_late(iterable):
            if self._is_own(iterable):
                return _written(self._m, "groupby", iterable, key)
            items = self._m.constructors[list](iterable)
            if not isinstance(items, Object):
                items = objects.box(self._m.backend.e, items.run_time, False)
            keys = items if key is None else stepping.keys_of(self._m, items, key)
            return self._hosted("groups", items, keys)
        call = (lambda item: item) if key is None else self._call(key)
        return Groupby(self._m, self._steps(iterable), call)

    def chain(self, *iterables: Any) -> Any:
        return self._either("chain", lambda: Chain(self._m, self._steps(iterables)), *iterables)

    chain.spread = "from_iterable"

    def from_iterable(self, iterable: Any, /) -> Any:
        held = iterable if isinstance(iterable, list | tuple) else ()
        own = any(map(self._is_own, held)) or (
            isinstance(iterable, Then) and advancing.is_iterable(self._m))
        if not own:
            return self._either("flat", lambda: Chain(self._m, self._steps(iterable)), iterable)
        if self._is_late(iterable):
            return in_python(self._m, "flat", iterable)
        return self._resumable(Chain(self._m, self._steps(iterable)), "flat", iterable)

    def zip_longest(self, *iterables: Any, fillvalue: Any = None) -> Any:
        return self._either(
            "zip_longest",
            lambda: ZipLongest(self._m, list(map(self._steps, iterables)), fillvalue),
            *iterables, fillvalue=fillvalue,
        )  # fmt: skip

    def _zip_longest_of(self, whole: Object, fillvalue: Any = None) -> Iterator:
        return self._hosted("zip_longest_of", whole, fillvalue=fillvalue)

    zip_longest.spread = "_zip_longest_of"

    def compress(self, data: Any, selectors: Any) -> Any:
        return self._either(
            "compress", lambda: Compress(self._m, self._steps(data), self._steps(selectors)),
            data, selectors,
        )  # fmt: skip


@itertool
class FilterFalse(Filter):
    """What does not pass."""


_KINDS = """accumulate batched chain combinations combinations_with_replacement compress count cycle
    dropwhile filterfalse groupby islice pairwise permutations product repeat starmap takewhile
    zip_longest""".split()


def make_itertools(machine: Machine) -> dict[str, Any]:
    """The module's names; calling a class makes an iterator of this evaluation."""
    functions = Itertools(machine)
    table = {name: getattr(python, name) for name in _KINDS if hasattr(python, name)}
    for name, kind in table.items():
        machine.constructors[kind] = Builtin(name, getattr(functions, name), kind)
    from_iterable = Builtin("from_iterable", functions.from_iterable, python.chain.from_iterable)
    machine.class_attributes[python.chain, "from_iterable"] = from_iterable
    return table | {"tee": functions.tee}

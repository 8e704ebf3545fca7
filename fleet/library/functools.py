"""`functools`: partial, reduce, caches, wraps, cmp_to_key, cached_property.

In: functions of the program. Out: callables whose state, if any, is journaled. The one idea: what a
cached function of known arguments gives, if computing it changed nothing and printed nothing, is
the same on every path, so it is kept; anything else that a cache holds is state of the program.
"""

from __future__ import annotations

import functools as python
from collections.abc import Iterator
from contextlib import contextmanager
from types import MethodType
from typing import Any

from fleet.evaluator.control import regions
from fleet.evaluator.iterators.builtin import steps
from fleet.evaluator.iterators.protocol import END, Perhaps
from fleet.evaluator.language import calls
from fleet.evaluator.language.flow import stepping
from fleet.evaluator.objects import attributes, instance_writes
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.objects.members import NAMED, stands_for
from fleet.evaluator.objects.provided import Builtin
from fleet.evaluator.state.completions import Body
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import classes, numbers, objects, texts
from fleet.evaluator.values.heap import (
    MISSING,
    SITED,
    Cell,
    Composite,
    Dict,
    Journal,
    Progress,
)
from fleet.evaluator.values.then import Object, Union, Unusable
from fleet.library.named_tuples import namedtuple


def _cache_info(e: Any) -> Any:
    return namedtuple(list, e, "CacheInfo", "hits misses maxsize currsize", module="functools")


CacheInfo = _cache_info(None)
_OF_CACHES = "cache_info cache_clear cache_parameters __wrapped__ __call__"
_SIMPLE = (int, float, str, bytes, bool, type(None))


class _Callable(Composite):
    """A callable object of this module; as an attribute of a class, a method unless said."""

    binds = True

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        raise NotImplementedError

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        return Bound(self, instance) if self.binds and instance is not None else self


@stands_for(MethodType, _OF_CACHES)
class Bound(Composite):
    """A callable object of this module as the method of an instance."""

    def __init__(self, function: _Callable, instance: object) -> None:
        self.__func__ = function
        self.__self__ = instance

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        return self.__func__(self.__self__, *arguments, **keywords)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__func__, name)


@stands_for(python.partial)
class Partial(_Callable):
    binds = False

    def __init__(self, m: Machine, func: Any, args: tuple, keywords: dict[str, Any]) -> None:
        if not callable(func):
            raise TypeError("the first argument must be callable")
        if isinstance(func, Partial):
            func, args, keywords = func.func, func.args + args, func.keywords | keywords
        self._m = m
        self.func = func
        self.args = args
        self.keywords = Dict(m.heap, keywords)

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        every = dict(self.keywords) | keywords
        return calls.call_value(self._m, self.func, self.args + arguments, every)

    def partial_of(self) -> tuple[Any, tuple, dict[str, Any]]:
        """What it is made of, as `fixed` asks."""
        return self.func, self.args, self.keywords

    def __repr__(self) -> str:
        shown = [repr(self.func), *map(repr, self.args)]
        shown += [f"{key}={value!r}" for key, value in self.keywords.items()]
        return f"functools.partial({', '.join(shown)})"


class Tally(Progress):
    """What a cache remembers of its calls."""

    __slots__ = ()


class Results(Dict):
    """What a cache holds that is state of the program."""

    def object_parts(self) -> tuple[str, list[Any], dict[str, Any]]:
        """The cache becomes an object of the run, this does not: see Cached.hosted."""
        return "dict", [], {}


@stands_for(type(python.lru_cache(len)), f"{NAMED} {_OF_CACHES}")
class Cached(_Callable):
    """order: the keys it holds, for a bounded cache a tuple with the last used last, else a set.

    results: the values that recomputation would not give again; pure: all others, for good.
    """

    def __init__(self, m: Machine, function: Any, maxsize: int | None, typed: bool) -> None:
        self._m = m
        self._function = function
        self._maxsize = maxsize
        self._typed = typed
        self._results = Results(m.heap)
        self._pure: dict[Any, Any] = {}
        self._order = Tally(frozenset() if maxsize is None else ())
        self._hits, self._misses = Tally(0), Tally(0)
        self._late: Object | None = None
        _take_over(m, self, function)

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        if self._late is not None:
            return self._at_run_time(arguments, keywords)
        if texts.has_run_time((*arguments, *keywords.values())):
            raise self._m.heap.outgrown(self, self._m.error(
                "this cached function cannot take arguments that are known at run time only",
                "call it without the cache",
            ))  # fmt: skip
        key = python._make_key(arguments, keywords, self._typed)
        order = self._order.content
        is_certain = isinstance(order, frozenset | tuple)
        is_hit = is_certain and key in order
        if is_certain:
            self._count(self._hits if is_hit else self._misses)
        if key in self._pure:
            value = self._pure[key]
        elif is_hit:
            value = self._results[key]
        else:
            value = self._compute(key, arguments, keywords, is_certain)
        if is_certain:
            self._remember(key, is_hit)
        return value

    @property
    def site(self) -> Any:
        """The expression that made it: see heap.SITED."""
        return self._results.site

    @site.setter
    def site(self, node: Any) -> None:
        self._results.site = node

    def hosted(self) -> Cached:
        """The same, with a cache of run time: see heap.SITED."""
        late = objects.function(self._m.backend.e, "cache", [self._maxsize], dict)
        self._m.heap.mark(self, "_late", late)
        return self

    def _at_run_time(self, arguments: tuple, keywords: dict[str, Any]) -> Any:
        m, e, cache = self._m, self._m.backend.e, self._late
        parts: list[Any] = [*arguments]
        for name, value in keywords.items():
            parts += [name, value]
        if self._typed:
            raise m.error("lru_cache(typed=True) of run-time values is not supported")
        key = m.native(objects.build, e, "tuple", [len(arguments), *parts])

        def compute() -> Any:
            value = calls.call_value(m, self._function, arguments, keywords)
            m.native(objects.function, e, "cache_put", [cache, key, value], None, True)
            return value

        there = m.native(objects.function, e, "cache_has", [cache, key], "bool")
        return regions.choose(
            m, there, lambda: m.native(objects.function, e, "cache_get", [cache, key]), compute)

    def _compute(self, key: Any, arguments: tuple, keywords: dict[str, Any], known: bool) -> Any:
        with _watched(self._m) as watched:
            value = calls.call_value(self._m, self._function, arguments, keywords)
        if not watched and _is_constant(value):
            self._pure[key] = value
            self._m.heap.did(lambda: self._pure.pop(key, None))
        elif not known:
            raise self._uncertain()
        elif self._maxsize != 0:
            self._results[key] = value
        return value

    def _remember(self, key: Any, is_hit: bool) -> None:
        order = self._order.content  # which computing may have changed
        if isinstance(order, frozenset):
            order = order if is_hit else order | {key}
        elif isinstance(order, tuple) and (is_hit or key not in order):
            order = (*(other for other in order if other != key), key)
            kept = order[max(len(order) - self._maxsize, 0) :]
            for other in order[: len(order) - len(kept)]:
                if other in self._results:
                    del self._results[other]
            order = kept
        self._write(self._order, order)

    def _uncertain(self) -> Exception:
        return self._m.error(
            "what this cache holds depends on a run-time branch or loop",
            "call the function with these arguments before",
        )

    def _count(self, cell: Tally) -> None:
        if not isinstance(cell.content, Unusable | Union):
            self._write(cell, cell.content + 1)

    def _write(self, cell: Tally, content: Any) -> None:
        self._m.heap.touch(cell)
        cell.content = content

    def cache_info(self) -> Any:
        if self._late is not None:
            e = self._m.backend.e
            shown = objects.function(e, "cache_info", [self._late], tuple)
            return _cache_info(e)(*objects.unpack(e, shown, 4))
        contents = [cell.content for cell in (self._hits, self._misses, self._order)]
        if any(isinstance(content, Unusable | Union) for content in contents):
            raise self._uncertain()
        hits, misses, order = contents
        return CacheInfo(hits, misses, self._maxsize, len(order))

    def cache_clear(self) -> None:
        if self._late is not None:
            objects.function(self._m.backend.e, "cache_clear", [self._late], None)
            return
        self._results.clear()
        self._write(self._order, frozenset() if self._maxsize is None else ())
        self._write(self._hits, 0)
        self._write(self._misses, 0)

    def cache_parameters(self) -> dict[str, Any]:
        return {"maxsize": self._maxsize, "typed": self._typed}

    def __repr__(self) -> str:
        return f"<functools._lru_cache_wrapper object at 0x{id(self):x}>"


SITED.update((Cached, Results))


def _is_constant(value: Any) -> bool:
    return isinstance(value, _SIMPLE) or (isinstance(value, tuple) and all(
        map(_is_constant, value)))  # fmt: skip


@contextmanager
def _watched(m: Machine) -> Iterator[list[Any]]:
    """What evaluation inside the block changed or emitted, filled in at its end."""
    found: list[Any] = []
    emitted = m.backend.e.emitted if m.backend.e is not None else 0
    outer = m.heap.journals[-1].saved if m.heap.journals else {}
    journal = Journal()
    m.heap.journals.append(journal)
    try:
        yield found
    finally:
        m.heap.journals.remove(journal)
        for number, entry in journal.saved.items():
            outer.setdefault(number, entry)
        found += [effect for effect in journal.effects() if not isinstance(
            effect[0], Results | Tally)]  # fmt: skip
        if m.backend.e is None or m.backend.e.emitted != emitted:
            found.append(None)


@stands_for(python.cached_property, "func attrname __doc__ __set_name__ __get__")
class CachedProperty(Composite):
    def __init__(self, m: Machine, func: Any) -> None:
        self._m = m
        self.func = func
        self.attrname: str | None = None

    def __set_name__(self, owner: type, name: str) -> None:
        self.attrname = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        value = calls.call_value(self._m, self.func, (instance,), {})
        if type(instance) is Object:
            instance_writes.put(self._m, instance, self.attrname, value, plain=True)
            return value
        self._m.heap.touch_attributes(instance)
        dict.__setitem__(vars(instance), self.attrname, value)
        return value


def _take_over(m: Machine, made: Any, function: Any, names: Any = None) -> Any:
    """Name a function's wrapper after it."""
    names = ("__name__", "__qualname__", "__doc__") if names is None else names
    for name in (name for name in names if name != "__module__"):
        found = attributes.find_attribute(m, function, name)
        if found not in (None, (None,)) or name == "__doc__":
            _give(m, made, name, found[0] if found else None)
    for name, value in classes.entries(function).items() if isinstance(function, Function) else ():
        _give(m, made, name, value)
    _give(m, made, "__wrapped__", function)
    return made


def _give(m: Machine, made: Any, name: str, value: Any) -> None:
    if isinstance(made, Composite):
        vars(made)[name] = value
    else:
        attributes.set_attribute(m, made, name, value)




_EMPTY = "reduce() of empty iterable with no initial value"


@stands_for(type(python.cmp_to_key(max)(0)), "obj")
class Key(Composite):
    """What cmp_to_key's function gives: something to compare by a function of the program."""

    __hash__ = None

    def __init__(self, m: Machine, call: Any, obj: Any) -> None:
        self._m = m
        self._call = call
        self.obj = obj

    def compare(self, other: Key) -> Any:
        return calls.call_value(self._m, self._call, (self.obj, other.obj), {})

    def __lt__(self, other: Key) -> Any:
        return self.compare(other) < 0

    def __gt__(self, other: Key) -> Any:
        return self.compare(other) > 0

    def __le__(self, other: Key) -> Any:
        return self.compare(other) <= 0

    def __ge__(self, other: Key) -> Any:
        return self.compare(other) >= 0

    def __eq__(self, other: object) -> Any:
        return self.compare(other) == 0


class Functools:
    """The functions of the module, for one evaluation."""

    def __init__(self, machine: Machine) -> None:
        self._m = machine

    def partial(self, func: Any, /, *args: Any, **keywords: Any) -> Partial:
        return Partial(self._m, func, args, keywords)

    def reduce(self, function: Any, iterable: Any, *initial: Any) -> Any:
        items = steps(self._m, iterable)
        total = initial[0] if initial else MISSING
        if initial and items.advances():
            return self._reduce_at_run_time(function, items, None, total)
        while (found := items.step()) is not END:
            if isinstance(found, Perhaps):
                return self._reduce_at_run_time(function, items, found, total)
            first = total is MISSING
            total = found if first else calls.call_value(self._m, function, (total, found), {})
        if total is MISSING:
            raise TypeError(_EMPTY)
        return total

    def _reduce_at_run_time(
        self, function: Any, items: Any, found: Perhaps | None, total: Any
    ) -> Any:
        """found: the first step, where it has been made."""
        if found is not None and found.end is None:
            items = steps(self._m, stepping.rest(self._m, items, found))
            found = items.step()
        if total is MISSING:
            there, total = (found.truth, found.get()) if items.advances() else (
                self._m.language.first_of(self._m, items))
            numbers.require(self._m.backend.e, there, "TypeError", _EMPTY)
        so_far = Cell(total)

        def use(item: Any) -> None:
            made = calls.call_value(self._m, function, (so_far.content, item), {})
            self._m.heap.touch(so_far)
            so_far.content = made

        stepping.step_at_run_time(self._m, items, use, Body(True))
        return so_far.content

    def lru_cache(self, maxsize: Any = 128, typed: bool = False) -> Any:
        if maxsize is not None and not isinstance(maxsize, int):
            return Cached(self._m, maxsize, 128, typed)
        size = None if maxsize is None else max(maxsize, 0)
        return Builtin(
            "decorating_function", lambda function: Cached(self._m, function, size, typed)
        )

    def cache(self, user_function: Any, /) -> Cached:
        return Cached(self._m, user_function, None, False)

    def cached_property(self, func: Any) -> CachedProperty:
        return CachedProperty(self._m, func)

    def update_wrapper(
        self, wrapper: Any, wrapped: Any, assigned: Any = None, updated: Any = None
    ) -> Any:
        return _take_over(self._m, wrapper, wrapped, assigned)

    def wraps(self, wrapped: Any, assigned: Any = None, updated: Any = None) -> Any:
        return Builtin(
            "update_wrapper", lambda wrapper: self.update_wrapper(wrapper, wrapped, assigned)
        )

    def cmp_to_key(self, mycmp: Any) -> Any:
        made = Builtin("KeyWrapper", lambda obj: Key(self._m, mycmp, obj))
        made.less = lambda a, b: calls.call_value(self._m, mycmp, (a, b), {}) < 0
        return made


def make_functools(machine: Machine) -> dict[str, Any]:
    """The module's names."""
    functions = Functools(machine)
    for kind in (python.partial, python.cached_property):
        made = Builtin(kind.__name__, getattr(functions, kind.__name__), kind)
        machine.constructors[kind] = made
    names = [name for name in vars(Functools) if not name.startswith("_")]
    table = {name: getattr(functions, name) for name in names}
    return table | {"partial": python.partial, "cached_property": python.cached_property,
                    "WRAPPER_ASSIGNMENTS": python.WRAPPER_ASSIGNMENTS}  # fmt: skip

"""What modules of the library ask Python's own for, of values known now: sums, JSON, patterns.

In: values of the program. Out: Python's own results, whose state is not the host's. The one idea:
what is known now may be computed by anybody; what run time knows is refused by name here, or put
together from parts as any run-time text is.
"""

from __future__ import annotations

import builtins
import functools
import inspect
import json
import math
import re
import statistics
import warnings
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from fleet.evaluator.control import regions
from fleet.evaluator.iterators.builtin import LIST
from fleet.evaluator.language import loops
from fleet.evaluator.objects import attributes, members, operations
from fleet.evaluator.objects.provided import Builtin
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import numbers, objects, texts
from fleet.evaluator.values.heap import List
from fleet.evaluator.values.then import Number, Text, Then, is_run_time_list


def known_primitives(m: Machine) -> dict[str, Callable[..., Any]]:
    """For `statistics` and `warnings`."""

    def exact_sum(data: Any, power: int = 1) -> tuple[int, int, type]:
        """The exact sum of powers, as a ratio of ints, and the type of the numbers."""
        if texts.has_run_time(data):
            raise m.error("statistics of values that only run time knows are not supported",
                          "use NumPy: np.array(values).mean()")  # fmt: skip
        total, kind = Fraction(0), int
        for value in data:
            if not isinstance(value, int | float):
                raise TypeError(f"can't convert type '{type(value).__name__}' to "
                                "numerator/denominator")  # fmt: skip
            kind = float if isinstance(value, float) else kind
            if isinstance(value, float) and not math.isfinite(value):
                raise m.error("statistics of nan and inf are not supported")
            total += Fraction(value) ** power
        return total.numerator, total.denominator, kind

    def root_of_ratio(top: int, bottom: int) -> float:
        exact = getattr(statistics, "_float_sqrt_of_frac", None)
        part = Fraction(top, bottom)
        return math.sqrt(part) if exact is None else exact(part.numerator, part.denominator)

    def program_warning(message: Any, category: str) -> None:
        if not isinstance(message, str):
            raise m.error("the text of a warning must be known when the program is compiled")
        warnings.showwarning(message, getattr(builtins, category, UserWarning), "", 0)

    return {
        "exact_sum": exact_sum, "root_of_ratio": root_of_ratio,
        "ratio_to_float": lambda top, bottom: top / bottom, "program_warning": program_warning,
    }  # fmt: skip


# -- json


def json_table(m: Machine) -> dict[str, Any]:
    """`json`: of known values Python's own; texts of run-time values from parts."""

    def dumps(value: Any, **options: Any) -> Any:
        if options.get("cls") is not None:
            raise m.error("the argument `cls` of json.dumps is not supported",
                          "use default=")  # fmt: skip
        if not texts.has_run_time(value):
            return json.dumps(value, **options)
        return texts.compose(m.backend.e, list(_Writer(m, **options).parts(value, 0)))

    def loads(text: Any, **options: Any) -> Any:
        if isinstance(text, Then):
            raise text.needed_now("json.loads()")
        return _owned(m, json.loads(text, **options))

    return {"dumps": dumps, "loads": loads, "JSONDecodeError": json.JSONDecodeError}


def _owned(m: Machine, value: Any) -> Any:
    if isinstance(value, list):
        return m.own([_owned(m, item) for item in value])
    if isinstance(value, dict):
        return m.own({key: _owned(m, item) for key, item in value.items()})
    return value


class _Writer:
    """Writes a value of which some parts are known at run time only."""

    def __init__(
        self, m: Machine, *, indent: Any = None, separators: Any = None, sort_keys: bool = False,
        ensure_ascii: bool = True, **others: Any,
    ) -> None:  # fmt: skip
        for name in others:
            raise m.error(f"json.dumps({name}=...) of run-time values is not supported")
        self.m = m
        self.indent = " " * indent if isinstance(indent, int) else indent
        self.item, self.key = separators or (", " if indent is None else ",", ": ")
        self.sort_keys = sort_keys
        self.plain = functools.partial(json.dumps, ensure_ascii=ensure_ascii)

    def parts(self, value: Any, depth: int) -> Iterator[Any]:
        if is_run_time_list(value):
            yield from self._list_of_numbers(value)
        elif isinstance(value, Number):
            yield from self._number(value)
        elif isinstance(value, Text):
            raise self.m.error("the JSON of a text that only run time knows is not supported")
        elif isinstance(value, Then):
            chosen = self.m.language.split(self.m, value, lambda one: texts.compose(
                self.m.backend.e, list(self.parts(one, depth))))  # fmt: skip
            yield from texts.parts_of(chosen, "")
        elif isinstance(value, dict):
            items = sorted(value.items()) if self.sort_keys else value.items()
            pairs = [(self._name(key), item) for key, item in items]
            yield from self._all("{", "}", pairs, depth)
        elif isinstance(value, list | tuple):
            yield from self._all("[", "]", [("", item) for item in value], depth)
        else:
            yield self.plain(value)

    def _name(self, key: Any) -> str:
        return self.plain({key: 0})[1:-4] + self.key

    def _all(self, start: str, end: str, items: list, depth: int) -> Iterator[Any]:
        if not items:
            yield start + end
            return
        line = "" if self.indent is None else "\n" + self.indent * (depth + 1)
        yield start + line
        for number, (name, item) in enumerate(items):
            yield (self.item + line if number else "") + name
            yield from self.parts(item, depth + 1)
        yield ("" if self.indent is None else "\n" + self.indent * depth) + end

    def _number(self, value: Number) -> Iterator[Any]:
        e, m = self.m.backend.e, self.m
        if value.kind == "bool":
            text = regions.choose(m, value, lambda: "true", lambda: "false")
        elif value.kind == "int":
            text = texts.to_text(e, value)
        else:
            finite = numbers.compare(e, "lt", numbers.unary(e, "abs", value), math.inf)
            same = numbers.compare(e, "eq", value, value)
            positive = numbers.compare(e, "gt", value, 0.0)
            text = regions.choose(
                m, finite, lambda: texts.to_text(e, value),
                lambda: regions.choose(m, same, lambda: regions.choose(
                    m, positive, lambda: "Infinity", lambda: "-Infinity"), lambda: "NaN"),
            )  # fmt: skip
        yield from texts.parts_of(text, "")

    def _list_of_numbers(self, value: List) -> Iterator[Any]:
        if self.indent is not None:
            raise self.m.error("json.dumps(indent=...) of a run-time list is not supported")
        lazy = operations.lazily(self.m, value)
        shown = type(lazy)(self.m.backend.e, lazy.count, lambda i: texts.compose(
            self.m.backend.e, list(self.parts(lazy.at(i), 0))))  # fmt: skip
        yield "["
        yield from texts.parts_of(loops.join_lazily(self.m, self.item, shown), "")
        yield "]"


# -- re


members.declare(re.Pattern, re.Pattern, members.public(re.Pattern))
members.declare(re.Match, re.Match, members.public(re.Match) + " __getitem__")


_PATTERN_METHODS: dict[str, objects.Gives] = {
    "match": "object", "search": "object", "fullmatch": "object", "finditer": "object",
    "findall": list, "split": list, "sub": "str", "subn": tuple,
}  # fmt: skip
"""What a pattern's methods give for texts that only run time knows."""


def _of_pattern(name: str) -> Callable[[Machine, re.Pattern], Builtin]:
    def bound(m: Machine, pattern: re.Pattern) -> Builtin:
        def call(*given: Any, **named: Any) -> Any:
            if not any(isinstance(one, Then) for one in (*given, *named.values())):
                found = getattr(pattern, name)(*given, **named)
                return LIST(m, list(found)) if name == "finditer" else _ours(m, found)
            return _searched(m, pattern, name, given, named)

        return Builtin(name, call)

    return bound


for _name in _PATTERN_METHODS:
    attributes.SPECIAL[re.Pattern, _name] = _of_pattern(_name)


def _searched(m: Machine, pattern: re.Pattern, name: str, given: Any, named: Any) -> Any:
    """A pattern's method at run time, by CPython's own."""
    if any(callable(one) for one in (*given, *named.values())):
        raise m.error(f"re.{name}() with a function on a text that only run time knows is not "
                      "supported", "loop over re.finditer()")  # fmt: skip
    values = [pattern.pattern, pattern.flags, name, *given]
    gives = _PATTERN_METHODS[name]
    return objects.function(m.backend.e, "of_pattern", values, gives, **named)


def re_table(m: Machine) -> dict[str, Any]:
    """`re`: patterns must be known now, texts need not be."""
    names = """escape compile error purge A ASCII I IGNORECASE M MULTILINE S DOTALL X VERBOSE U
        UNICODE L LOCALE T TEMPLATE DEBUG NOFLAG RegexFlag Pattern Match""".split()
    table = {name: _on_known(m, f"re.{name}", getattr(re, name))
             for name in names if hasattr(re, name)}  # fmt: skip

    def searching(name: str) -> Callable[..., Any]:
        signature = inspect.signature(getattr(re, name))

        def search(*given: Any, **named: Any) -> Any:
            bound = signature.bind(*given, **named).arguments
            pattern = bound.pop("pattern")
            if isinstance(pattern, Then):
                raise pattern.needed_now(f"the pattern of re.{name}()")
            flags = bound.pop("flags", 0)
            if any(isinstance(value, Then) for value in bound.values()):
                return _searched(m, re.compile(pattern, flags), name, (), bound)
            found = getattr(re, name)(pattern, *bound.values(), flags=flags)
            return LIST(m, list(found)) if name == "finditer" else _ours(m, found)

        return search

    return table | {name: searching(name) for name in _PATTERN_METHODS}


def _on_known(m: Machine, name: str, function: Any) -> Any:
    if isinstance(function, type) or not callable(function):
        return function

    def checked(*arguments: Any, **options: Any) -> Any:
        for value in (*arguments, *options.values()):
            if isinstance(value, Then):
                raise value.needed_now(f"{name}()")
        return _ours(m, function(*arguments, **options))

    return checked


def _ours(m: Machine, found: Any) -> Any:
    """A list as the program may hold one."""
    return m.own(found) if isinstance(found, list) else found


"""What modules of the library ask Python's own for, of values known now: sums, JSON, patterns.

In: values of the program. Out: Python's own results, whose state is not the host's. The one idea:
what is known now may be computed by anybody; what run time knows is asked of the host, or refused
by name here.
"""

from __future__ import annotations

import _string  # what `string.Formatter` is made of
import builtins
import functools
import inspect
import json
import math
import re
import statistics
import warnings
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, NoReturn

import numpy as np

from fleet.diagnostics import Location
from fleet.evaluator.iterators.positions import LIST
from fleet.evaluator.language import calls
from fleet.evaluator.language.flow import stepping
from fleet.evaluator.objects import attributes, members, operations
from fleet.evaluator.objects.provided import Builtin
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import objects, texts
from fleet.evaluator.values.then import Object, Text, Then, is_run_time_list
from fleet.objects.codecs import CODECS, codec_mistake
from fleet.objects.texts import json_mistake, replaced, replaced_matches
from fleet.syntax import tree


def known_primitives(m: Machine) -> dict[str, Callable[..., Any]]:
    """For `statistics`, `string` and `warnings`."""

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

    def program_warning(
        message: Any, category: str, level: int = 1, deprecated: bool = False
    ) -> None:
        """Warn at the place that is so many calls up, of what is deprecated in the program itself
        alone: so have it Python's own filters."""
        at = m.location()
        for _ in range(level - 1):
            caller = None if at.frame is None else at.frame.caller
            at = Location("sys", 1) if caller is None else caller  # as Python has it
        if deprecated and at.file != str(m.path):
            return
        outside, m.outside = m.outside, at
        if isinstance(message, Text):
            m.backend.e.warn(message, category)
        else:
            kind = getattr(builtins, category, None) or getattr(np.exceptions, category, None)
            warnings.showwarning(message, kind or type(category, (Warning,), {}), "", 0)
        m.outside = outside

    def late_statistic(name: str, data: Any, center: Any = None) -> Any:
        typed = is_run_time_list(data) and data.run_time.kind == "float"
        gives = "float" if typed or name in ("stdev", "pstdev") else "object"
        given = [data] if center is None else [data, center]
        return objects.function(m.backend.e, f"statistics.{name}", given, gives)

    def known_format(text: Any) -> Any:
        if isinstance(text, Then):
            raise m.error("a format that only run time knows is not supported by string.Formatter",
                          "use the method `format` of the text")  # fmt: skip
        return text

    def format_fields(text: Any) -> tuple:
        """What `string.Formatter.parse` gives."""
        return tuple(_string.formatter_parser(known_format(text)))

    def steps_of_field(name: Any) -> tuple:
        """The first part of a field's name, and the others: (whether an attribute, which)."""
        first, steps = _string.formatter_field_name_split(known_format(name))
        return first, tuple(steps)

    return {
        "format_fields": format_fields, "steps_of_field": steps_of_field,
        "knows_late": lambda data: texts.has_run_time(data), "late_statistic": late_statistic,
        "exact_sum": exact_sum, "root_of_ratio": root_of_ratio,
        "ratio_to_float": lambda top, bottom: top / bottom, "program_warning": program_warning,
    }  # fmt: skip


# -- codes


_GIVEN: dict[str, Any] = {"list": list, "tuple": tuple}


def codec_primitives(m: Machine) -> dict[str, Any]:
    """For `base64`, `struct` and the like."""

    def codec(name: str, gives: str, *given: Any) -> Any:
        """A function of theirs that raises Python's own exceptions, of any values."""
        if texts.has_run_time(given):
            taken = [objects.shallow(calls.taken(m, one)) for one in given]
            return objects.function(m.backend.e, name, taken, _GIVEN.get(gives, gives))
        return _ours(m, CODECS[name](*given))

    def mistake_of(name: str, *given: Any) -> Any:
        if texts.has_run_time(given):
            taken = [objects.shallow(calls.taken(m, one)) for one in given]
            return objects.function(m.backend.e, "codec_mistake", [name, *taken])
        return codec_mistake(name, *given)

    return {"codec": codec, "codec_mistake": mistake_of}


# -- json


def json_primitives(m: Machine) -> dict[str, Any]:
    """For `json`: of known values Python's own, of others the host's."""

    def text_of(value: Any, options: Mapping[str, Any]) -> Any:
        if options.get("cls") is not None:
            raise m.error("the argument `cls` of json.dumps is not supported",
                          "use default=")  # fmt: skip
        if not texts.has_run_time(value):
            return json.dumps(value, **options)
        if options.get("default") is not None:
            raise m.error("json.dumps(default=...) of run-time values is not supported")
        return objects.function(m.backend.e, "json_dumps", [value], "str", **options)

    def value_of(text: Any, options: Mapping[str, Any]) -> Any:
        if not isinstance(text, Then):
            if not options and m.backend.e is not None and id(m.node) in m.policy.outgrown:
                return objects.function(m.backend.e, "json_value", [text])
            return _owned(m, json.loads(text, **options), None if options else m.node)
        if options:
            raise m.error(f"json.loads({next(iter(options))}=...) of text that only run time knows "
                          "is not supported")  # fmt: skip
        return objects.function(m.backend.e, "json_value", [text])

    def mistake_in(text: Any) -> Any:
        if isinstance(text, Then):
            return objects.function(m.backend.e, "json_mistake", [text])
        return json_mistake(text)

    return {"json_text": text_of, "json_value": value_of, "json_mistake": mistake_in}


def _owned(m: Machine, value: Any, site: tree.AST | None) -> Any:
    """The lists and dictionaries of JSON as the program's; site: the expression that made them."""
    if isinstance(value, list):
        made = m.own([_owned(m, item, site) for item in value])
    elif isinstance(value, dict):
        made = m.own({key: _owned(m, item, site) for key, item in value.items()})
    else:
        return value
    made.site = site
    return made


# -- re


members.declare(re.Pattern, re.Pattern, members.public(re.Pattern))
members.declare(re.Match, re.Match, members.public(re.Match) + " __getitem__")


_PATTERN_METHODS: dict[str, objects.Gives] = {
    "match": "object", "search": "object", "fullmatch": "object", "finditer": "object",
    "findall": list, "split": list, "sub": "str", "subn": tuple,
}  # fmt: skip
"""What a pattern's methods give for texts that only run time knows."""


def _given_by(name: str, *values: Any) -> objects.Gives:
    """The same where one of these is bytes, if they are what it looks at."""
    gives = _PATTERN_METHODS[name]
    are_bytes = any(isinstance(value, bytes) or getattr(value, "kind", None) in ("bytes", bytes)
                    for value in values)  # fmt: skip
    return "bytes" if gives == "str" and are_bytes else gives


def _of_pattern(name: str) -> Callable[[Machine, re.Pattern], Builtin]:
    def bound(m: Machine, pattern: re.Pattern) -> Builtin:
        def call(*given: Any, **named: Any) -> Any:
            if name in _REPLACING and any(map(callable, given[:1] or named.values())):
                bound = inspect.signature(re.Pattern.sub).bind(pattern, *given, **named)
                return _replaced(m, name, *bound.args)
            if not any(isinstance(one, Then) for one in (*given, *named.values())):
                found = getattr(pattern, name)(*given, **named)
                return LIST(m, list(found)) if name == "finditer" else _ours(m, found)
            return _searched(m, pattern, name, given, named)

        return Builtin(name, call)

    return bound


for _name in _PATTERN_METHODS:
    attributes.SPECIAL[re.Pattern, _name] = _of_pattern(_name)


def _is_late_pattern(value: Any) -> bool:
    return isinstance(value, Object) and value.kind is re.Pattern


def _of_late_pattern(name: str) -> Callable[[Machine, Object], Builtin]:
    """sub() or subn() of a pattern of the run's, whose replacement may be a function."""
    def bound(m: Machine, pattern: Object) -> Builtin:
        def call(repl: Any, string: Any, count: Any = 0) -> Any:
            if not callable(repl):
                gives = _given_by(name, repl, string)
                found = m.native(
                    objects.method, m.backend.e, pattern, name, [repl, string, count], {})
                if gives == "bytes":
                    return m.native(objects.function, m.backend.e, "bytes", [found], gives)
                return found if gives is tuple else texts.to_text(m.backend.e, found)
            whole = (m.native(objects.function, m.backend.e, "attribute", [pattern, part])
                     for part in ("pattern", "flags"))
            return _replaced_by(m, name, (*whole, string, count), repl)

        return Builtin(name, call)

    return bound


def _searched(m: Machine, pattern: re.Pattern, name: str, given: Any, named: Any) -> Any:
    """A pattern's method at run time, by CPython's own."""
    values = [pattern.pattern, pattern.flags, name, *given]
    gives = _given_by(name, pattern.pattern)
    return objects.function(m.backend.e, "of_pattern", values, gives, **named)


_REPLACING = ("sub", "subn")
attributes.OF_OBJECTS |= {(re.Pattern, name): _of_late_pattern(name) for name in _REPLACING}


def _replaced(
    m: Machine, name: str, pattern: re.Pattern, function: Callable, text: Any, count: Any = 0
) -> Any:
    """pattern.sub(function, text, count): what the function gives for each match goes in there."""
    return _replaced_by(m, name, (pattern.pattern, pattern.flags, text, count), function)


def _replaced_by(m: Machine, name: str, given: tuple, function: Callable) -> Any:
    """given: the pattern's text, its flags, the text, the most replacements."""
    if any(isinstance(one, Then) for one in given):
        found = m.native(objects.function, m.backend.e, "matches", given, list)
        pieces: Any = stepping.keys_of(m, found, function)
    else:
        pieces = [m.language.call_value(m, function, (match,), {})
                  for match in replaced_matches(*given)]  # fmt: skip
        if not any(isinstance(piece, Then) for piece in pieces):
            return replaced(*given, name, pieces)
    gives = _given_by(name, given[0], given[2])
    return m.native(objects.function, m.backend.e, "replaced", [*given, name, pieces], gives)


def re_table(m: Machine) -> dict[str, Any]:
    """`re`: patterns that are known now are looked at now, others are the run's."""
    names = """error purge A ASCII I IGNORECASE M MULTILINE S DOTALL X VERBOSE U
        UNICODE L LOCALE T TEMPLATE DEBUG NOFLAG RegexFlag Pattern Match""".split()
    table = {name: _on_known(m, f"re.{name}", getattr(re, name))
             for name in names if hasattr(re, name)}  # fmt: skip

    def escape(pattern: Any) -> Any:
        if isinstance(pattern, Then):
            gives = _given_by("sub", pattern)
            return objects.function(m.backend.e, "re.escape", [pattern], gives)
        return re.escape(pattern)

    def searching(name: str) -> Callable[..., Any]:
        signature = _signature(name)

        def search(*given: Any, **named: Any) -> Any:
            bound = signature.bind(*given, **named).arguments
            pattern = bound.pop("pattern")
            flags = bound.pop("flags", 0)
            if isinstance(pattern, Then):
                pattern = pattern if _is_late_pattern(pattern) else compiled(pattern, flags)
                method = attributes.get_attribute(m, pattern, name)
                return m.language.call_value(m, method, tuple(bound.values()), {})
            if callable(bound.get("repl")):
                function = bound.pop("repl")
                return _replaced(m, name, re.compile(pattern, flags), function, *bound.values())
            if any(isinstance(value, Then) for value in bound.values()):
                return _searched(m, re.compile(pattern, flags), name, (), bound)
            found = getattr(re, name)(pattern, *bound.values(), flags=flags)
            return LIST(m, list(found)) if name == "finditer" else _ours(m, found)

        return search

    def compiled(pattern: Any, flags: Any = 0) -> Any:
        if not isinstance(pattern, Then):
            return re.compile(pattern, flags)
        if _is_late_pattern(pattern):
            return pattern
        given = [pattern, int(flags)]
        mistake = m.native(objects.function, m.backend.e, "pattern_mistake", given, "str")

        def refused() -> NoReturn:
            raise m.raised(re.error(mistake))

        return m.language.choose(
            m, operations.truth_of(m, mistake), refused,
            lambda: m.native(objects.function, m.backend.e, "re.compile", given, re.Pattern))

    return table | {"escape": escape, "compile": compiled} | {
        name: searching(name) for name in _PATTERN_METHODS}


@functools.cache
def _signature(name: str) -> inspect.Signature:
    """Of one of the functions of `re`."""
    return inspect.signature(getattr(re, name))


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


"""Calls with `*value` of which only run time knows how many they are.

In: a callee, and arguments among them a Spread. Out: the call's value. The one idea: nearly every
callee says how many arguments it takes, so the call is a branch for each such number, behind checks
that raise what CPython raises for the others; what takes any number takes one list of the run's.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MethodType
from typing import Any

from fleet.evaluator.control import regions
from fleet.evaluator.iterators import builtin as iterators
from fleet.evaluator.iterators import combined
from fleet.evaluator.language.flow import stepping
from fleet.evaluator.language.late_keywords import is_named_tuple
from fleet.evaluator.objects import callbacks, instances, lookups
from fleet.evaluator.objects.functions import LATE, Function
from fleet.evaluator.objects.provided import BoundBuiltin, Builtin, UnboundBuiltin, refusal
from fleet.evaluator.objects.special_methods import walks
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import classes, lists, numbers, objects
from fleet.evaluator.values.heap import Dict, List, Set
from fleet.evaluator.values.then import Number, Numbers, Object, Rest, Spread, Union, type_name


def call(m: Machine, callee: Any, arguments: tuple, keywords: dict[str, Any]) -> Any:
    """callee(*arguments, **keywords)."""
    if type(callee) is Union:
        return m.language.split(
            m, callee, lambda one: m.language.call_value(m, one, arguments, keywords))
    if type(callee) is Builtin and callee.passes_on:
        return m.native(callee, *arguments, **keywords)
    e, callee = m.backend.e, _plain(callee)
    function, owner = _function_of(callee)
    if type(function) is Function:
        spec = function._node.args
        known = len(spec.posonlyargs) + len(spec.args) - owner
        if spec.vararg is not None and Spread not in map(type, arguments[:known]):
            further = _listed(m, arguments[known:])
            rest = m.native(objects.function, e, "tuple", [further], tuple)
            given = (*arguments[:known], Rest(rest))
            return m.language.call_value(m, callee, given, keywords)
    name = callee.__name__ if isinstance(callee, type) else getattr(callee, "_name", "")
    if name == "range" and callee is range and not keywords:
        return _range(m, arguments)
    typed = len(arguments) == 1 and isinstance(arguments[0].value, Numbers)
    if typed and (takes(callee) or _counts(callee, keywords) is not None):
        return _call_counted(m, callee, arguments[0].value, keywords)
    if callee is map and type(arguments[0]) is not Spread:
        return _map(m, arguments[0], arguments[1:])
    whole = _listed(m, arguments)
    if type(callee) is Object and callee.kind is None:
        return callbacks.call_object(m, callee, (Spread(whole),), keywords)
    match name:
        case "print":
            return _print(m, callee, whole, keywords)
        case "max" | "min":
            return _call_extreme(m, callee, whole, keywords)
        case "zip" if not keywords:
            return _zip(m, whole)
    provided = m.constructors.get(callee) if isinstance(callee, type) else callee
    if type(provided) is Builtin and provided.spread is not None:
        return m.native(provided.spread, whole, **keywords)
    if type(callee) is Builtin and not keywords and (hosted := _of_host(callee)) is not None:
        given = [hosted[0], whole]
        return m.native(objects.function, e, "called_with", given, hosted[1])
    if isinstance(callee, BoundBuiltin) and name == "format" and not keywords:
        return m.native(objects.function, e, "method_of", [callee.__self__, name, whole], "str")
    if isinstance(callee, BoundBuiltin) and isinstance(callee.__self__, Object):
        return m.native(objects.function, e, "method_of", [callee.__self__, name, whole])
    if isinstance(callee, UnboundBuiltin) and (callee.kind, name) in _OF_ANY and not keywords:
        given = [callee.kind.__name__, name, whole]
        return m.native(objects.function, e, "unbound_of", given, _OF_ANY[callee.kind, name])
    if (Set, name) in _OF_ANY and isinstance(callee, BoundBuiltin) and not keywords and (
            isinstance(callee.__self__, set | frozenset)):  # fmt: skip
        gives = "object" if isinstance(callee.__self__, frozenset) else set
        given = [objects.shallow(callee.__self__), name, whole]
        return m.native(objects.function, e, "method_of", given, gives)
    return _call_counted(m, callee, whole, keywords)


def _plain(callee: Any) -> Any:
    """What a call of an instance of the program's calls; any other callee as it is."""
    cls = type(callee)
    if isinstance(callee, type) or not classes.is_made(cls):
        return callee
    found_in = classes.holder(cls.__mro__, "__call__")
    method = None if found_in is None else vars(found_in)["__call__"]
    return MethodType(method, callee) if type(method) is Function else callee


def _listed(m: Machine, arguments: tuple) -> Object:
    """The arguments of a call as a list of the run's."""
    e = m.backend.e
    whole = m.native(objects.build, e, "list", ())
    whole.site = id(m.node), "arguments"
    for one in arguments:
        verb, given = ("extend", one.value) if type(one) is Spread else ("append", one)
        if type(one) is Spread and walks(given):
            given = stepping.rest(m, iterators.steps(m, given))
        m.native(objects.method, e, whole, verb, [m.language.taken(m, given)], {})
    return whole


def _zip(m: Machine, whole: Object) -> Any:
    """zip() of so many iterables."""
    e = m.backend.e
    made = m.native(objects.function, e, "zip_of", [whole])
    e.array_lists.holds(made, e.array_lists.columns(whole))
    return iterators.OfObject(m, made)


def _range(m: Machine, arguments: tuple) -> Any:
    """range() of one to three numbers: those that are not given are what Python takes for them."""
    given = _Given(m, _listed(m, arguments))
    given.require("ge", 1, "range expected at least 1 argument, got 0")
    given.require("le", 3, "range expected at most 3 arguments, got {}", given.count)

    def bound(at: int) -> Any:
        return m.native(objects.to_number, m.backend.e, given.item(at))

    start, stop = (regions.choose(m, given.is_count("eq", 1), one, other) for one, other in (
        (lambda: 0, lambda: bound(0)), (lambda: bound(0), lambda: bound(1))))
    step = regions.choose(m, given.is_count("eq", 3), lambda: bound(2), lambda: 1)
    return m.language.call_value(m, m.builtins["range"], (start, stop, step), {})


def _map(m: Machine, function: Any, sequences: tuple) -> Any:
    """map() of so many iterables: the function of as many items."""
    def apply(row: Any) -> Any:
        return m.language.call_value(m, function, (Spread(row),), {})

    return combined.Map(m, apply, [_zip(m, _listed(m, sequences))])


_OF_ANY: dict[tuple[type, str], Any] = {
    (str, "format"): "str",
    **{(kind, name): gives for kind, gives in ((Set, set), (set, set), (frozenset, "object"))
       for name in ("union", "intersection", "difference")},
}  # fmt: skip
"""Methods that take any number of arguments and change nothing, and what they give."""


def _print(m: Machine, callee: Any, whole: Object, keywords: dict[str, Any]) -> Any:
    """print() of so many arguments: one line of their texts."""
    e = m.backend.e
    if instances.have_texts(m):
        shown = stepping.keys_of(m, whole, m.builtins["str"])
    else:
        shown = m.native(objects.function, e, "texts", [whole], list)
    others = {key: value for key, value in keywords.items() if key != "sep"}
    separator = keywords.get("sep")
    separator = " " if separator is None else separator
    line = m.native(objects.method, e, separator, "join", [shown], {})
    return m.language.call_value(m, callee, (line,), others)


def _call_extreme(m: Machine, callee: Any, whole: Object, keywords: dict[str, Any]) -> Any:
    """max() or min() of so many arguments: one by itself is what has the items."""
    e, call_value = m.backend.e, m.language.call_value
    count = m.native(objects.length, e, whole)
    words = f"{callee._name} expected at least 1 argument, got 0"
    m.native(numbers.require, e, m.native(numbers.compare, e, "ne", count, 0), "TypeError", words)
    return m.native(
        e.choose, m.native(numbers.compare, e, "eq", count, 1),
        lambda: call_value(m, callee, (objects.get_item(e, whole, 0),), keywords),
        lambda: call_value(m, callee, (whole,), keywords),
    )  # fmt: skip


_OF_NUMBERS = {
    **dict.fromkeys("abs pow divmod round".split(), "object"),
    **dict.fromkeys("gcd lcm perm comb".split(), "object"),
    **dict.fromkeys("hypot atan2 fmod copysign log remainder".split(), "float"),
}
"""Functions of the builtins and of `math` that take numbers, and what they give."""


def _of_host(callee: Builtin) -> tuple[str, Any] | None:
    """The host's function that is the same for numbers, and what it gives."""
    name, module = callee._name, getattr(callee._real, "__module__", None)
    if name not in _OF_NUMBERS or module not in ("builtins", "math"):
        return None
    return name if module == "builtins" else f"math.{name}", _OF_NUMBERS[name]


def takes(callee: Any) -> bool:
    """Whether it is a function or class of the program's."""
    function = callee.__func__ if isinstance(callee, MethodType) else callee
    return type(function) is Function or classes.is_made(function)


def _function_of(callee: Any) -> tuple[Any, int]:
    """The function that a call of the program's function or class calls, and how many arguments it
    has that the call does not give."""
    if isinstance(callee, MethodType):
        return callee.__func__, 1
    if isinstance(callee, type) and classes.is_made(callee):
        begins = vars(classes.holder(callee.__mro__, "__init__"))["__init__"]
        makes = vars(classes.holder(callee.__mro__, "__new__"))["__new__"]
        by_new = type(begins) is not Function and isinstance(makes, staticmethod)
        return (makes.__func__ if by_new else begins), 1
    if isinstance(callee, BoundBuiltin) and type(callee.function) is Function:
        return callee.function, 1
    return callee, 0


def _call_counted(
    m: Machine, callee: Any, whole: Object | Numbers, keywords: dict[str, Any]
) -> Any:
    """A call of what takes certain numbers of arguments."""
    function, owner = _function_of(callee)
    if not callable(function):
        raise m.raised(TypeError(f"'{type_name(function)}' object is not callable"))
    parameters = _parameters(function, owner) if type(function) is Function else _fields(callee)
    if parameters is not None:
        return _by_parameters(m, callee, parameters, whole, keywords)
    if isinstance(callee, type) and issubclass(callee, BaseException) and not keywords:
        return _exception(m, callee, whole)
    counts = None if LATE in keywords else _counts(callee, keywords)
    if counts is None:
        raise _refused(m)
    return _by_counts(m, callee, counts, whole, keywords)


MOST_OF_EXCEPTIONS = 4
"""With how many arguments, that only run time counts, exceptions are made at most."""


def _exception(m: Machine, cls: type, whole: Object | Numbers) -> Any:
    """An exception of a class that takes any number of arguments: one for each number of them."""
    given = _Given(m, whole)
    m.native(numbers.require, m.backend.e, given.is_count("le", MOST_OF_EXCEPTIONS),
             "NotImplementedError", "an exception with so many arguments of run time")  # fmt: skip

    def of(count: int) -> Any:
        items = tuple(given.item(at) for at in range(count))
        return m.language.call_value(m, cls, items, {})

    def from_on(count: int) -> Any:
        if count == MOST_OF_EXCEPTIONS:
            return of(count)
        return regions.choose(
            m, given.is_count("eq", count), lambda: of(count), lambda: from_on(count + 1))

    return from_on(0)


def _refused(m: Machine) -> Exception:
    return m.error("how many arguments this call has is known at run time only",
                   "pass the list itself")  # fmt: skip


class _Given:
    """The arguments, as a list of the run's or one of numbers."""

    def __init__(self, m: Machine, whole: Object | Numbers) -> None:
        self._m, self._whole = m, whole
        typed = isinstance(whole, Numbers)
        self._get = lists.get_item if typed else objects.get_item
        self.count: Number = m.native(
            lists.length if typed else objects.length, m.backend.e, whole)

    def item(self, at: int) -> Any:
        return self._m.native(self._get, self._m.backend.e, self._whole, at)

    def is_count(self, sign: str, number: int) -> Any:
        return self._m.native(numbers.compare, self._m.backend.e, sign, self.count, number)

    def require(self, sign: str, number: int, words: str, *shown: Any) -> None:
        m = self._m
        holds = self.is_count(sign, number)
        m.native(numbers.require, m.backend.e, holds, "TypeError", words, *shown)


@dataclass
class _Parameters:
    """What a call gives by position. shown: the function's name in messages; owner: how many
    arguments it has that the call does not give; any: whether it takes further ones."""

    shown: str
    names: list[str]
    required: int
    owner: int
    any: bool


def _parameters(function: Function, owner: int) -> _Parameters:
    spec = function._node.args
    names = [one.arg for one in (*spec.posonlyargs, *spec.args)][owner:]
    required = max(len(names) - len(function._defaults), 0)
    return _Parameters(function.__qualname__, names, required, owner, spec.vararg is not None)


def _fields(callee: Any) -> _Parameters | None:
    """Those of a named tuple's class."""
    if not is_named_tuple(callee):
        return None
    names = list(callee._fields)
    required = len(names) - len(callee._field_defaults)
    return _Parameters(f"{callee.__name__}.__new__", names, required, 1, False)


def _by_parameters(
    m: Machine, callee: Any, taken: _Parameters, whole: Object | Numbers, keywords: dict[str, Any]
) -> Any:
    names, owner = taken.names, taken.owner
    named = [at for at, name in enumerate(names) if name in keywords]
    if named and taken.any:
        raise _refused(m)
    e, shown, call_value = m.backend.e, taken.shown, m.language.call_value
    twice = f"{shown}() got multiple values for argument '{names[named[0]]}'" if named else None
    names = names[: named[0]] if named else names
    required = min(taken.required, len(names))
    defaults = len(names) - required
    required = 0 if LATE in keywords else required  # they may be among the keywords
    given = _Given(m, whole)
    for count in range(required):
        given.require("ne", count, _missing(shown, names[count:required]))
    if taken.any:
        whole = objects.box(e, whole, False)
        given = _Given(m, whole)
    most = len(names) + owner
    plural = "" if most == 1 else "s"
    accepted = f"from {required + owner} to {most}" if defaults else most
    words = twice or f"{shown}() takes {accepted} positional argument{plural} but {{}} were given"
    if not taken.any:
        given.require("le", len(names), words, *([] if twice else [given.count + owner]))

    def from_on(at: int, items: tuple) -> Any:
        if at == len(names) and taken.any:
            *_, more = m.native(objects.unpack, e, whole, at, 0)
            rest = m.native(objects.function, e, "tuple", [more], tuple)
            return call_value(m, callee, (*items, Rest(rest)), keywords)
        if at == len(names):
            return call_value(m, callee, items, keywords)
        if at < required:
            return from_on(at + 1, (*items, given.item(at)))
        return regions.choose(
            m, given.is_count("gt", at), lambda: from_on(at + 1, (*items, given.item(at))),
            lambda: call_value(m, callee, items, keywords))  # fmt: skip

    return from_on(0, ())


def _missing(shown: str, names: list[str]) -> str:
    """How CPython says which arguments a call lacks."""
    quoted = [f"'{name}'" for name in names]
    plural = "" if len(names) == 1 else "s"
    listed = quoted[0] if len(quoted) == 1 else (
        " and ".join(quoted) if len(quoted) == 2 else f"{', '.join(quoted[:-1])}, and {quoted[-1]}"
    )
    return f"{shown}() missing {len(names)} required positional argument{plural}: {listed}"


MANY = 17
"""A number of arguments that is taken only by what takes any number of them."""


_ALIKE: dict[type, Any] = {str: "", List: [], Dict: {}, Set: set()}
"""Values whose methods take as many arguments."""


def _counts(callee: Any, keywords: dict[str, Any]) -> list[str | None] | None:
    """For each number of arguments up to MANY, how a function of Python's refuses it: None, where
    it takes it. None for all: it takes any number, or nobody can tell."""
    first: list[str | None] = []
    match callee:
        case Builtin():
            real = callee._real
        case UnboundBuiltin():
            real = getattr(callee.kind(), callee._name, None)
            first = [f"unbound method {callee.kind.__name__}.{callee._name}() needs an argument"]
        case BoundBuiltin() if callee.function is not None:
            real = getattr(_ALIKE.get(type(callee.__self__)), callee._name, None)
        case type() if classes.is_made(callee):
            if lookups.maker(callee) is not object.__init__ or keywords:
                return None
            return [None, *[f"{callee.__name__}() takes no arguments"] * MANY]
        case type() if callee.__module__ == "builtins":
            real = callee
        case _:
            return None
    if not callable(real) or (isinstance(real, type) and issubclass(real, BaseException)):
        return None
    more = range(MANY + 1 - len(first))
    found = first + [refusal(real, count, list(keywords)) for count in more]
    return None if found[MANY] is None else found


def _by_counts(
    m: Machine, callee: Any, counts: list[str | None], whole: Object | Numbers,
    keywords: dict[str, Any],
) -> Any:  # fmt: skip
    """counts: how each number of arguments is refused."""
    accepted = [count for count, words in enumerate(counts) if words is None]
    given, most = _Given(m, whole), max(accepted, default=-1)
    for count, words in enumerate(counts[: most + 1]):
        if words is not None:
            given.require("ne", count, words)
    words, shown = counts[MANY], str(MANY - isinstance(callee, UnboundBuiltin))
    if shown in words:
        number = given.count - isinstance(callee, UnboundBuiltin)
        given.require("le", most, words.replace(shown, "{}"), number)
    else:
        given.require("le", most, words)

    def of(count: int) -> Any:
        items = tuple(given.item(at) for at in range(count))
        return m.language.call_value(m, callee, items, keywords)

    def among(left: list[int]) -> Any:
        if len(left) == 1:
            return of(left[0])
        return regions.choose(
            m, given.is_count("eq", left[0]), lambda: of(left[0]), lambda: among(left[1:]))

    return among(accepted) if accepted else None

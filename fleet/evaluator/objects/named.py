"""Classes and functions that are found by their names: what the run holds of them is which.

In: a class, a builtin function, a method of a class. Out: the names that lead to it, and from these
the class or function again. The one idea: what a name of a module or of Python's leads to is one
object in a run, however often the program is evaluated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MethodType, NoneType
from typing import Any

from fleet.evaluator.objects.modules import LateModule
from fleet.evaluator.objects.provided import Builtin, UnboundBuiltin
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import classes, fixed, numbers, objects
from fleet.evaluator.values.then import Object
from fleet.objects.instances import FIRST_CALLBACK


@dataclass(frozen=True)
class Named:
    """form: CLASS, BUILTIN, FUNCTION of a module, METHOD of a class, GLOBAL: what a module of the
    program, known by its file, names once and for all; path: its names."""

    form: str
    path: tuple[str, ...]


CLASS, BUILTIN, FUNCTION, METHOD = "class", "builtin", "function", "method"
GLOBAL = "global"


def name_of(m: Machine, value: Any) -> Named | None:
    """The names that lead to a value; None where there are none."""
    if not fixed.is_named(value):
        return None
    if isinstance(value, MethodType | UnboundBuiltin):
        owner = value.__self__ if isinstance(value, MethodType) else value.kind
        of = name_of(m, owner)
        name = value.__func__.__name__ if isinstance(value, MethodType) else value._name
        return None if of is None else Named(METHOD, (of.form, *of.path, name))
    if classes.is_made(value):
        key = f"{value.__module__}.{value.__qualname__}"
        return Named(CLASS, (key,)) if classes.BY_NAME.get(key) is value else None
    name = value._name if isinstance(value, Builtin) else value.__name__
    if value is NoneType or m.builtins.get(name) is value:
        return Named(BUILTIN, (name,))
    return _in_module(m, value)


def _in_module(m: Machine, value: Any) -> Named | None:
    for name, module in m.modules.items():
        if isinstance(module, LateModule) and "values" not in vars(module):
            continue
        own = next((key for key, one in module.values.items() if one is value), None)
        if own is not None:
            return Named(FUNCTION, (name, own))
    return None


def found(m: Machine, named: Named, attribute: Callable[[Machine, Any, str], Any]) -> Any:
    """What the names lead to. attribute: of a value, by its name."""
    match named:
        case Named("class", (key,)):
            return classes.BY_NAME[key]
        case Named("builtin", (name,)):
            return NoneType if name == NoneType.__name__ else m.builtins[name]
        case Named("function", (module, name)):
            return m.modules[module].values[name]
        case Named("global", (file, name)):
            return _values_of(m, file).get(name)
        case Named("method", (form, *path, name)):
            return attribute(m, found(m, Named(form, tuple(path)), attribute), name)
    raise ValueError(named)


def _values_of(m: Machine, file: str) -> dict[str, Any]:
    """The names of a module of the program."""
    return next((module.values for module in m.loaded.values()
                 if module.values.get("__file__") == file), m.main.module.values)  # fmt: skip


def classes_held(m: Machine, attribute: Callable[[Machine, Any, str], Any]) -> list:
    """The classes that the run holds, by their places among what it may call."""
    held = [(at, found(m, one, attribute)) for at, one in enumerate(m.policy.callables)
            if isinstance(one, Named) and one.form != METHOD
            and (one.form != CLASS or one.path[0] in classes.BY_NAME)]  # fmt: skip
    return [(at, cls) for at, cls in held if isinstance(cls, type)]


def with_attribute(m: Machine, name: str) -> list[tuple[int, Any]]:
    """The classes and functions of the program that the run holds and that have an attribute, by
    their places among what it may call."""
    held = [(at, classes.BY_NAME.get(one.path[0])) for at, one in enumerate(m.policy.callables)
            if isinstance(one, Named) and one.form == CLASS]  # fmt: skip
    own = [(at, _values_of(m, one.path[0]).get(one.path[1]))
           for at, one in enumerate(m.policy.callables)
           if isinstance(one, Named) and one.form == GLOBAL]  # fmt: skip
    return [(at, cls) for at, cls in held if cls is not None and classes.defines(cls, name)] + [
        (at, value) for at, value in own if name in classes.entries(value)]  # fmt: skip


def of_class(
    m: Machine, value: Object, having: list[tuple[int, Any]], use: Callable[[Any], Any],
    otherwise: Callable[[], Any],
) -> Any:  # fmt: skip
    """use(the class or function that the object is), if it is one of these."""
    if not having:
        return otherwise()
    e = m.backend.e
    number = m.native(objects.function, e, "number_of", [value], "int")

    def from_on(at: int) -> Any:
        if at == len(having):
            return otherwise()
        place, cls = having[at]
        same = m.native(numbers.compare, e, "eq", number, FIRST_CALLBACK + place)
        return m.language.choose(m, same, lambda: use(cls), lambda: from_on(at + 1))

    return from_on(0)


def text(named: Named, value: Any) -> str:
    """What repr() shows of it; nothing where that only CPython knows."""
    if named.form == CLASS:
        return f"<class '{value.__module__}.{value.__qualname__}'>"
    if named.form == BUILTIN:
        return repr(value)
    return ""

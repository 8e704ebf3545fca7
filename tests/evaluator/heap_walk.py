"""Walks all that a program under evaluation can reach, and writes down the state of it.

In: objects. Out: a comparable snapshot, or HiddenState where a host object keeps state that nothing
can copy or compare. The one idea: what is not known to be transparent is refused, so a new kind of
host object in the evaluator's values shows up here before it shows up as a wrong answer.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Iterator
from typing import Any, Union

import numpy as np

from fleet.diagnostics import Location
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.objects.members import is_ours
from fleet.evaluator.objects.modules import Module
from fleet.evaluator.objects.provided import BoundBuiltin, Builtin, UnboundBuiltin
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values.classes import is_made
from fleet.evaluator.values.emitter import Emitter
from fleet.evaluator.values.heap import Composite, Heap, Missing
from fleet.ir.core import Block, Operation, Region, Value
from fleet.syntax import tree

PLAIN = (
    bool, int, float, complex, str, bytes, range, slice, type(None), type(...), Missing, np.dtype,
    type(NotImplemented), Location, type(np.s_), types.GenericAlias, type(Union[int, str]),  # noqa: UP007
)  # fmt: skip
"""Objects that cannot change."""

MACHINERY = (Machine, Emitter, Heap, Block, Operation, Region, Value, tree.AST)
"""What the evaluator works with. A program has no way to it."""

HOST = (types.ModuleType, types.FrameType, types.CodeType, types.FunctionType,
        types.BuiltinFunctionType, types.MethodType)  # fmt: skip


VIEWS = (type({}.keys()), type({}.values()), type({}.items()), types.MappingProxyType)


class HiddenState(Exception):
    """A host object is reachable whose state cannot be seen."""


def snapshot(*roots: object) -> list[Any]:
    """The state of all that can be reached from the roots; equal lists are equal states.

    A module is a table that does not change, and is not entered. Objects appear in the order in
    which they are met, and as their number afterwards, so that aliases are a part of the state.
    """
    return [state for _, state in _walk(roots, (*MACHINERY, Module))]


def reachable(*roots: object) -> Iterator[object]:
    """All objects that can be reached from the roots."""
    for obj, _ in _walk(roots):
        yield obj


def host_objects(*roots: object) -> list[object]:
    """Modules, frames and functions of the host that can be reached."""
    return [obj for obj in reachable(*roots) if isinstance(obj, HOST)]


def _walk(
    roots: tuple[object, ...], closed: tuple[type, ...] = MACHINERY
) -> Iterator[tuple[object, Any]]:
    """Objects and their states. Those of the closed types are taken for what they are."""
    numbers: dict[int, int] = {}
    keep: list[object] = []
    waiting: list[tuple[object, str]] = [(root, "root") for root in reversed(roots)]
    while waiting:
        obj, path = waiting.pop()
        if isinstance(obj, PLAIN) and type(obj).__module__ != "__main__":
            yield obj, (type(obj).__name__, repr(obj) if isinstance(obj, float) else obj)
        elif isinstance(obj, closed):
            yield obj, (type(obj).__name__, id(obj))
        elif id(obj) in numbers:
            yield obj, numbers[id(obj)]
        else:
            numbers[id(obj)] = len(numbers)
            keep.append(obj)
            state, parts = _open(obj, path)
            waiting += [(part, f"{path}{name}") for name, part in reversed(parts)]
            yield obj, (type(obj).__name__, len(parts), state)


def _open(obj: Any, path: str) -> tuple[Any, list[tuple[str, object]]]:
    """An object's own state, and the objects that it leads to with the way there."""
    if isinstance(obj, np.generic):
        return obj.tobytes(), []
    if isinstance(obj, np.ndarray):
        return (obj.dtype.str, obj.shape, obj.tobytes()), []
    if isinstance(obj, Module):
        return obj.name, [(f".{name}", value) for name, value in obj.values.items()]
    if isinstance(obj, Builtin | UnboundBuiltin):
        return obj._name, []  # a program does not see into one: see test_no_host
    if isinstance(obj, Function) and obj._prelude:
        return obj.__name__, []
    if isinstance(obj, BoundBuiltin):
        return obj._name, [(".__self__", obj.__self__)]
    if isinstance(obj, types.MethodType):
        return obj.__name__, [(".__self__", obj.__self__), (".__func__", obj.__func__)]
    if isinstance(obj, types.BuiltinFunctionType | types.MethodWrapperType):
        owner = obj.__self__
        plain = owner is None or isinstance(owner, types.ModuleType | type)
        return obj.__name__, [] if plain else [(".__self__", owner)]
    if isinstance(obj, types.FunctionType):
        cells = obj.__closure__ or ()
        inside = zip(obj.__code__.co_freevars, cells, strict=True)
        return obj.__qualname__, [(f"<{name}>", cell.cell_contents) for name, cell in inside]
    if isinstance(obj, type):
        if obj.__module__ != "__main__":
            return obj.__qualname__, []
        own = {name: value for name, value in vars(obj).items() if not name.startswith("__")}
        return obj.__qualname__, [(f".{name}", value) for name, value in own.items()]
    if isinstance(obj, np.ufunc | types.MethodDescriptorType | types.GetSetDescriptorType):
        return obj.__name__, []
    return _open_container(obj, path)


def _open_container(obj: Any, path: str) -> tuple[Any, list[tuple[str, object]]]:
    parts: list[tuple[str, object]] = []
    ours = type(obj).__module__ == "__main__" or is_made(type(obj)) or _is_ours(type(obj))
    if isinstance(obj, dict):
        for key, value in obj.items():
            parts += [(f"[{key!r}] as key", key), (f"[{key!r}]", value)]
    elif isinstance(obj, list | tuple):
        parts += [(f"[{at}]", value) for at, value in enumerate(list.__iter__(obj)
                  if isinstance(obj, list) else obj)]  # fmt: skip
    elif isinstance(obj, set | frozenset):
        parts += [("{}", value) for value in sorted(obj, key=repr)]
    elif isinstance(obj, VIEWS):
        parts += [("{}", value) for value in obj]
    elif isinstance(obj, BaseException):
        parts += [(f".args[{at}]", value) for at, value in enumerate(obj.args)]
    elif not ours:
        raise HiddenState(f"{type(obj).__module__}.{type(obj).__qualname__} at {path}")
    return None, parts + _attributes(obj)


@functools.cache
def _is_ours(kind: type) -> bool:
    """Whether a class is written in Fleet, whatever module it gives itself out to be from."""
    if kind.__module__.startswith("fleet.") or issubclass(kind, Composite) or is_ours(kind):
        return True
    functions = [each for each in vars(kind).values() if isinstance(each, types.FunctionType)]
    return any(each.__module__.startswith("fleet.") for each in functions)


def _attributes(obj: object) -> list[tuple[str, object]]:
    names = dict(getattr(obj, "__dict__", {}))
    for kind in type(obj).__mro__:
        slots = vars(kind).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if hasattr(obj, name):
                names[name] = getattr(obj, name)
    return [(f".{name}", value) for name, value in names.items() if name != "_enter"]

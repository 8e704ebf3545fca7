"""The table of builtin functions and of constructors, as the evaluator takes it."""

from __future__ import annotations

import builtins as python
from collections.abc import Callable
from typing import Any

import numpy as np

from fleet.evaluator.objects import (
    builtin_attributes,
)
from fleet.evaluator.objects.provided import Builtin, Unsupported, provided
from fleet.evaluator.state.machine import Machine
from fleet.library import byte_strings
from fleet.library.builtins.classes_and_attributes import INSTEAD, ClassesAndAttributes
from fleet.library.builtins.folds import Folds
from fleet.library.builtins.iteration import Iteration
from fleet.library.builtins.outside import Outside
from fleet.library.builtins.sequences import Sequences

_AS_IS = """
    Ellipsis False None NotImplemented True bool bytearray bytes chr classmethod complex
    dict divmod filter float frozenset hash hex bin oct id int issubclass iter list memoryview next
    object ord property range set slice staticmethod str tuple type
""".split()
_EXCEPTIONS = [name for name, value in vars(python).items()
               if isinstance(value, type) and issubclass(value, BaseException)]  # fmt: skip
_PLAIN = "abs bin chr divmod hex len oct ord round".split()


class Builtins(Sequences, Folds, Iteration, ClassesAndAttributes, Outside):
    """The functions that must look at their arguments' stage."""


def make_builtins(machine: Machine) -> tuple[dict[str, Any], dict[Any, Callable[..., Any]]]:
    """The names that every program sees, and how to construct Python's own types."""
    own = Builtins(machine)

    def keyed(keys: Any, value: Any = None, /) -> Any:
        return builtin_attributes.from_keys(machine, keys, value)

    machine.class_attributes[dict, "fromkeys"] = Builtin("fromkeys", keyed, dict.fromkeys)
    table = {name: getattr(python, name) for name in (*_AS_IS, *_EXCEPTIONS)}
    for name in dir(Builtins):
        if not name.startswith("_") and name not in ("e", "m"):
            function = getattr(own, name)
            if not isinstance(table.get(name), type) or name == "super":
                table[name] = function
    constructors = {
        kind: Builtin(kind.__name__, getattr(own, kind.__name__), kind)
        for kind in (int, float, bool, str, bytes, list, tuple, set, frozenset, dict, range, type)
    }
    constructors[complex] = Builtin("complex", own.complex, complex)
    constructors[object] = Builtin("object", own.object, object)
    byte_strings.install(machine, constructors)
    for kind in (memoryview, np.ndarray):
        constructors[kind] = _unsupported(machine, kind.__name__)
    for kind in (filter, map, zip, enumerate, reversed):
        constructors[kind] = Builtin(kind.__name__, getattr(own, kind.__name__), kind)
        table[kind.__name__] = kind
    table = {name: provided(name, value, getattr(python, name)) for name, value in table.items()}
    for name in _PLAIN:
        table[name].plainly = getattr(python, name)
    for name in vars(python):
        if name not in table and (not name.startswith("_") or name in INSTEAD):
            table[name] = Unsupported(name, INSTEAD.get(name))
    for name in ("__builtins__", "__loader__", "__spec__", "__cached__"):
        table[name] = Unsupported(name, None)
    return table | {"__name__": "__main__", "__debug__": True, "__package__": None}, constructors


def _unsupported(machine: Machine, name: str) -> Callable[..., Any]:
    def refuse(*_: Any, **__: Any) -> Any:
        raise machine.error(f"`{name}` is not supported")

    return refuse

"""Names for constants: those that the program's variables give them.

In: a module, and the evaluation that made it. Out: the same, each large constant with a name such
as `model.layers.0.w`, or that of the file that it is from. The one idea: an array is found by its
memory, among all that the names of the program's file lead to.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values.heap import Attributes
from fleet.evaluator.values.then import Array, Tensor
from fleet.exporting.specs import joined, unique
from fleet.ir.attributes import DenseAttr
from fleet.ir.core import Operation, Value
from fleet.ir.printing.resources import is_resource

_DEEPEST = 12


def names_of_values(m: Machine) -> dict[Value, str]:
    """What the program's variables call the arrays that importing its file computes."""
    found: dict[Value, str] = {}
    for name, array in _arrays(dict(m.main.values), "", {}, 0):
        if isinstance(array, Tensor):
            found.setdefault(array.value, name)
    return found


def name_weights(module: Operation, m: Machine) -> None:
    """Give the large constants of a module the names that the program's variables have."""
    found: dict[object, str] = {}
    for name, array in _arrays(dict(m.main.values), "", {}, 0):
        if isinstance(array, Tensor):
            continue
        found.setdefault(_memory(array), name)
        found.setdefault(_memory(array.T), f"{name}.T")
    taken: dict[str, None] = {}
    renamed: dict[DenseAttr, DenseAttr] = {}
    for op in module.walk():
        old = op.attributes.get("value")
        if not isinstance(old, DenseAttr) or old.value.size < 2:
            continue
        known = found.get(_memory(old.value))
        if known is None and m.backend.e is not None:
            of_file = m.backend.e.name_of(old.value)
            known = of_file.rpartition(":")[2] if of_file is not None else None
        if not is_resource(old):  # its text is in the text, and a format may want its name
            if known is not None:
                op.attributes["value"] = DenseAttr(old.value, old.type, known)
                op.results[0].hint = op.results[0].hint or known
            continue
        if old not in renamed:
            assert old.key is not None
            name = unique(known or old.key, list(taken))
            taken[name] = None
            renamed[old] = DenseAttr(old.value, old.type, name)
        op.attributes["value"] = renamed[old]
        op.results[0].hint = op.results[0].hint or renamed[old].key


def _memory(array: np.ndarray) -> object:
    return (
        array.__array_interface__["data"][0], array.shape, array.strides, array.dtype.str,
    )  # fmt: skip


def _arrays(
    value: Any, name: str, seen: dict[int, None], depth: int
) -> Iterator[tuple[str, np.ndarray | Tensor]]:
    """The arrays that a value leads to, with the ways to them."""
    if isinstance(value, Array):
        content = value.cell.content
        if isinstance(content, Tensor) and not value.steps:
            yield name, content
        elif isinstance(content, np.ndarray) and (known := value.known) is not None:
            yield name, known
        return
    if isinstance(value, np.ndarray):
        yield name, value
        return
    own = getattr(value, "__dict__", None)
    inside: Any = own if type(own) is Attributes and not callable(value) else value
    if isinstance(inside, dict):
        parts = list(inside.items())
    elif isinstance(inside, list | tuple):
        parts = list(enumerate(list.__iter__(inside) if isinstance(inside, list) else inside))
    else:
        return
    if id(inside) in seen or depth > _DEEPEST:
        return
    seen[id(inside)] = None
    for key, part in parts:
        yield from _arrays(part, joined(name, key), seen, depth + 1)

"""Variables of a function that functions within it share, which the run holds longer than the call.

In: the tree of a function, and the names of such variables. Out: the same function, with these in a
frame, one of the run's instances, that it makes when it is called. The one idea: whoever has the
frame sees every change, as with Python's cells; so the frame itself never changes, and a function
that is kept takes it along by value.
"""

from __future__ import annotations

from typing import Any

from fleet.diagnostics import FleetError
from fleet.evaluator.language.generators.copies import mapped, placed
from fleet.evaluator.language.generators.inner_functions import Framed, own_nodes
from fleet.evaluator.objects import held_classes
from fleet.evaluator.objects.functions import docstring, signature
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.scopes import all_arguments
from fleet.evaluator.values import classes
from fleet.syntax import tree


def with_cells(node: tree.AST, names: frozenset[str]) -> tree.AST:
    """The function; made once. Raises FleetError where it cannot be."""
    made = signature(node).with_cells
    if names not in made:
        made[names] = _with_cells(node, names)
    return made[names]


def _with_cells(node: tree.AST, names: frozenset[str]) -> tree.AST:
    if isinstance(node, tree.Lambda) or any(
            _ends(one, names) for part in node.body for one in own_nodes(part)):  # fmt: skip
        raise _refused(node, "this")
    at = node.location
    frame = f".cells of {node.name} {at.line}:{at.column}"

    def make(m: Machine) -> Any:
        return held_classes.make(m, _class_of(m, node))

    begin = placed(tree.Constant(None, None), node)
    begin.prepared = make
    own = [tree.Assign([tree.Name(frame, tree.Store())], begin, None)]
    for parameter in all_arguments(node.args):
        if parameter.arg in names:
            name = placed(tree.Name(frame, tree.Load()), node)
            target = placed(tree.Attribute(name, f".{parameter.arg}", tree.Store()), node)
            value = placed(tree.Name(parameter.arg, tree.Load()), node)
            own.append(tree.Assign([target], value, None))
    told = node.body[:1] if docstring(node) is not None else []
    body = Framed(frame, _refused).statements(node.body[len(told) :], names)
    made = mapped(node, lambda part: part)
    made.body = [*told, *(placed(one, node) for one in own), *body]
    signature(made).original = node
    return made


def _ends(node: tree.AST, names: frozenset[str]) -> bool:
    """Whether a variable has no value from here on."""
    return isinstance(node, tree.Name) and isinstance(node.ctx, tree.Del) and node.id in names


def _refused(node: tree.AST, what: str) -> FleetError:
    return FleetError(f"{what} is not supported here", getattr(node, "location", None))


def _class_of(m: Machine, node: tree.AST) -> type:
    """The class of the frames of a function."""
    if id(node) not in m.cells:
        cls = type("cells", (), {"__module__": "cells"})
        at = node.location
        cls.__qualname__ = f"{node.name} at {at.file}:{at.line}:{at.column}"
        classes.remember(cls)
        m.cells[id(node)] = cls
    return m.cells[id(node)]

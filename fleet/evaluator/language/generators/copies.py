"""Copies of trees, some parts of which are others.

In: a node, and what becomes of its parts. Out: a node of its own. The one idea: trees are never
changed, since others evaluate them as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fleet.syntax import tree


def mapped(node: tree.AST, change: Any) -> tree.AST:
    """A copy of a node whose children are changed, a statement perhaps to several."""
    values = []
    for name in node._fields:
        value = getattr(node, name)
        if isinstance(value, list):
            value = [part for item in value for part in _parts(
                change(item) if isinstance(item, tree.AST) else item)]  # fmt: skip
        elif isinstance(value, tree.AST):
            value = change(value)
        values.append(value)
    return placed(type(node)(*values), node)


def bound_by(node: tree.AST) -> set[str]:
    """The names of a comprehension's own."""
    return {
        item.id for part in node.generators for item in tree.walk(part.target)
        if isinstance(item, tree.Name)
    }  # fmt: skip


def mapped_comprehension(
    node: tree.AST, outside: Callable[[tree.AST], Any], inside: Callable[[tree.AST], Any]
) -> tree.AST:
    """A copy of a comprehension that is changed `inside`; what it iterates first is outside."""
    first = node.generators[0].iter

    def changed(part: tree.AST) -> Any:
        if not isinstance(part, tree.comprehension):
            return inside(part)
        return mapped(part, lambda inner: outside(inner) if inner is first else inside(inner))

    return mapped(node, changed)


def _parts(changed: Any) -> list[Any]:
    return changed if isinstance(changed, list) else [changed]


def placed(node: tree.AST, like: tree.AST) -> tree.AST:
    if isinstance(like, tree.Located):
        node._location = like.location
    return node

"""Walks over a tree that look at nodes by their classes.

In: a class with methods named after node classes. Out: its `visit`. The one idea: a walk says what
it does at the nodes that concern it, and passes through all others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from fleet.syntax import tree


class Visitor:
    """A method `visit_X` of a subclass is called for nodes of class X, and goes on below itself."""

    _methods: ClassVar[dict[str, Callable[..., None]]] = {}

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        named = {name.removeprefix("visit_"): method for name, method in vars(cls).items()
                 if name.startswith("visit_")}  # fmt: skip
        cls._methods = {name: named[name] for name in named if name in tree.CLASSES}

    def visit(self, node: tree.AST) -> None:
        method = self._methods.get(type(node).__name__)
        if method is None:
            self.visit_all(tree.iter_child_nodes(node))
        else:
            method(self, node)

    def visit_all(self, nodes: Iterable[tree.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

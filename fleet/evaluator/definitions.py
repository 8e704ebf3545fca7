"""Functions, classes and imports: statements that bind a name to something callable or a module.

In: their nodes. Out: `Function` objects, Python classes whose methods are Functions, `Module`
tables. The one idea: a class of the user's program is a real Python class, so inheritance,
descriptors, special methods and `super` are Python's own.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

from fleet.evaluator.functions import Function
from fleet.evaluator.scopes import Scope, names_of
from fleet.evaluator.targets import Targets
from fleet.syntax import tree

PRIMITIVES = "primitives"
"""What the prelude is written in; programs cannot import it."""


class Definitions(Targets):
    """Evaluates definitions and imports."""

    run: Callable[[list[tree.AST]], Any]

    def function(self, node: tree.AST) -> None:
        decorators = [self.evaluate(item) for item in node.decorator_list]
        made: Any = self.make_function(node, node.name)
        for decorator in reversed(decorators):
            made = self.call_value(decorator, (made,), {})
        self.scope.assign(self.heap, node.name, made)

    def class_(self, node: tree.AST) -> None:
        decorators = [self.evaluate(item) for item in node.decorator_list]
        bases = tuple(self.elements(node.bases))
        if node.keywords:
            raise self.error("class keywords are not supported", node=node)
        outer = self.scope
        path = f"{outer.function}." if outer.kind == "class" else ""
        self.scope = Scope("class", outer, names_of(node.body, None), path + node.name)
        try:
            self.run(node.body)
            values = dict(self.scope.values)
        finally:
            self.scope = outer
        module = "builtins" if self.outside is not None else "__main__"
        values.setdefault("__module__", module)
        values["__qualname__"] = path + node.name
        made: Any = self.native(
            types.new_class, node.name, bases, {}, lambda body: body.update(values)
        )
        for value in values.values():
            function = getattr(value, "__func__", getattr(value, "fget", value))
            if isinstance(function, Function):
                function.owner = made
        for decorator in reversed(decorators):
            made = self.call_value(decorator, (made,), {})
        self.scope.assign(self.heap, node.name, made)

    # -- imports

    def import_(self, node: tree.AST) -> None:
        for alias in node.names:
            module = self.import_module(alias.name, alias)
            if alias.asname is None and "." in alias.name:
                module = self.import_module(alias.name.split(".")[0], alias)
            self.scope.assign(self.heap, alias.asname or alias.name.split(".")[0], module)

    def import_from(self, node: tree.AST) -> None:
        if node.level:
            raise self.error(
                "relative imports are not supported", "put the program in one file", node
            )
        if node.module == "__future__":
            return
        module = self.import_module(node.module, node)
        for alias in node.names:
            if alias.name == "*":
                raise self.error(
                    "`from ... import *` is not supported", "name what you import", alias
                )
            self.node = alias
            value = self.native(module.get, alias.name)
            self.scope.assign(self.heap, alias.asname or alias.name, value)

    def import_module(self, name: str, node: tree.AST) -> Any:
        module = self.modules.get(name)
        if module is None or (name == PRIMITIVES and self.outside is None):
            raise self.error(
                f"the module `{name}` is not supported",
                f"these are: {', '.join(sorted(set(self.modules) - {PRIMITIVES}))}",
                node,
            )
        return module

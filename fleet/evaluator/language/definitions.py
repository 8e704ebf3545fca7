"""Functions, classes and imports: statements that bind a name to something callable or a module.

In: their nodes. Out: `Function` objects, Python classes whose methods are Functions, `Module`
tables. The one idea: a class of the user's program is a real Python class, so inheritance,
descriptors, special methods and `super` are Python's own.
"""

from __future__ import annotations

import types
from typing import Any

from fleet.evaluator.language import calls, displays
from fleet.evaluator.objects import attributes, operations
from fleet.evaluator.objects.functions import Function, docstring
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.scopes import Scope, names_of
from fleet.evaluator.values import classes
from fleet.evaluator.values.heap import stamp
from fleet.evaluator.values.subclasses import base_for
from fleet.syntax import tree

PRIMITIVES = "primitives"
"""What the prelude is written in; programs cannot import it."""


def function(m: Machine, node: tree.AST) -> None:
    decorators = [m.evaluate(item) for item in node.decorator_list]
    made: Any = calls.make_function(m, node, node.name)
    for decorator in reversed(decorators):
        made = calls.call_value(m, decorator, (made,), {})
    m.scope.assign(m.heap, node.name, made)


def class_(m: Machine, node: tree.AST) -> None:
    decorators = [m.evaluate(item) for item in node.decorator_list]
    bases = displays.elements(node.bases)(m)
    m.node = node
    if node.keywords:
        raise m.error("class keywords are not supported", node=node)
    _check_bases(m, bases)
    bases = tuple(base_for(m.heap, base) for base in bases)
    outer = m.scope
    path = f"{outer.function}." if outer.kind == "class" else ""
    m.scope = Scope("class", outer, names_of(node.body, None), path + node.name)
    try:
        m.execute(node.body)
        values = dict(m.scope.values)
    finally:
        m.scope = outer
    module = "builtins" if m.outside is not None else "__main__"
    values.setdefault("__module__", module)
    values["__qualname__"] = path + node.name
    values.setdefault("__doc__", docstring(node))
    for name, wrap in _IMPLICIT.items():
        if isinstance(values.get(name), Function):
            values[name] = wrap(values[name])
    inside = dict(values)
    if "__getattribute__" in values:
        inside["__getattribute__"] = classes.guarded(values["__getattribute__"])
    made: Any = m.native(
        types.new_class, node.name, bases, {}, lambda body: body.update(inside)
    )
    classes.remember(made)
    stamp(made)
    for value in values.values():
        function = getattr(value, "__func__", getattr(value, "fget", value))
        if isinstance(function, Function):
            function.owner = made
    for decorator in reversed(decorators):
        made = calls.call_value(m, decorator, (made,), {})
    m.scope.assign(m.heap, node.name, made)


_IMPLICIT = {
    "__new__": staticmethod, "__init_subclass__": classmethod, "__class_getitem__": classmethod,
}  # fmt: skip
"""Methods that Python binds as if they were decorated."""
_BASES = (object, int, float, str, bytes, tuple, list, dict, set, frozenset)


def _check_bases(m: Machine, bases: tuple) -> None:
    """A class may inherit from the program's, from exceptions and from plain types."""
    for base in bases:
        if not isinstance(base, type):
            raise m.error(
                f"a {operations.python_type(base).__name__} as a base class is not supported"
            )
        if not (base in _BASES or classes.is_made(base) or issubclass(base, BaseException)):
            raise m.error(f"classes that inherit from `{base.__name__}` are not supported")


def import_(m: Machine, node: tree.AST) -> None:
    for alias in node.names:
        module = import_module(m, alias.name, alias)
        if alias.asname is None and "." in alias.name:
            module = import_module(m, alias.name.split(".")[0], alias)
        m.scope.assign(m.heap, alias.asname or alias.name.split(".")[0], module)


def import_from(m: Machine, node: tree.AST) -> None:
    if node.level:
        raise m.error(
            "relative imports are not supported", "put the program in one file", node
        )
    if node.module == "__future__":
        return
    module = import_module(m, node.module, node)
    for alias in node.names:
        if alias.name == "*":
            raise m.error(
                "`from ... import *` is not supported", "name what you import", alias
            )
        m.node = alias
        if not attributes.has_attribute(m, module, alias.name):
            message = f"cannot import name '{alias.name}' from '{module.name}' (unknown location)"
            raise m.raised(ImportError(message))
        value = m.native(module.get, alias.name)
        m.scope.assign(m.heap, alias.asname or alias.name, value)


def import_module(m: Machine, name: str, node: tree.AST) -> Any:
    module = m.modules.get(name)
    if module is None or (name == PRIMITIVES and m.outside is None):
        raise m.error(
            f"the module `{name}` is not supported",
            f"these are: {', '.join(sorted(set(m.modules) - {PRIMITIVES}))}",
            node,
        )
    return module

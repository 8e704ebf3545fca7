"""`class`, and `type(name, bases, names)`: classes of the program.

In: the statement's node, or a name, bases and names. Out: a Python class. The one idea: a class of
the user's program is a real Python class, whose methods are Functions, so inheritance, metaclasses,
descriptors, special methods and `super` are Python's own.
"""

from __future__ import annotations

import functools
import types
from abc import ABCMeta
from typing import Any

from fleet.evaluator.language import calls, displays
from fleet.evaluator.objects import operations, stand_ins
from fleet.evaluator.objects.functions import Function, docstring
from fleet.evaluator.objects.provided import UnboundBuiltin
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.scopes import Scope, names_of
from fleet.evaluator.values import classes
from fleet.evaluator.values.heap import Bindings, Dict, bindings, new_serial, stamp
from fleet.syntax import tree
from fleet.syntax.private import mangled


def class_(m: Machine, node: tree.AST) -> None:
    decorators = [m.evaluate(item) for item in node.decorator_list]
    given = displays.elements(node.bases)(m)
    keywords = _keywords(m, node)
    m.node = node
    template = next((base for base in given if base in m.templates), None)
    if template is not None:
        made = m.templates[template](node.name, *_body(m, node, bindings()))
    else:
        made = _made(m, node, given, keywords)
    for decorator in reversed(decorators):
        made = calls.call_value(m, decorator, (made,), {})
    m.scope.assign(m.heap, node.name, made)


def _keywords(m: Machine, node: tree.AST) -> dict[str, Any]:
    """`metaclass=` and what `__init_subclass__` takes."""
    found: dict[str, Any] = {}
    for item in node.keywords:
        value = m.evaluate(item.value)
        found |= {item.arg: value} if item.arg is not None else dict(value)
    return found


def _made(m: Machine, node: tree.AST, given: tuple, keywords: dict[str, Any]) -> Any:
    bases = _bases(m, f"{_path(m.scope)}{node.name}", given)
    kind, namespace, rest = m.native(types.prepare_class, node.name, bases, keywords)
    plain = type(namespace) in (dict, Dict)
    if not plain:
        namespace[_MADE] = _Remembers()
    values, qualname = _body(
        m, node, bindings() if plain and not namespace else _prepared(namespace))
    values["__qualname__"] = qualname
    if bases != given:
        values["__orig_bases__"] = given
    return new_class(m, kind, node.name, bases, values, namespace, rest)


def _body(m: Machine, node: tree.AST, values: Bindings) -> tuple[dict[str, Any], str]:
    """The names that the statements of the class bind, and its qualified name."""
    outer = m.scope
    path = _path(outer)
    _mangle(m, node)
    m.scope = Scope("class", outer, names_of(node.body, None), path + node.name, values)
    values["__module__"] = outer.module.values.get("__name__", "builtins")
    try:
        m.execute(node.body)
        values = {mangled(node.name, name): value for name, value in m.scope.values.items()}
    finally:
        m.scope = outer
    _mangle_listed(m, node.name, values)
    values.setdefault("__doc__", docstring(node))
    return values, path + node.name


def _mangle(m: Machine, node: tree.AST) -> None:
    """Give the private attributes that a class's body names the class's name, once."""
    if id(node) in m.policy.mangled:
        return
    m.policy.mangled.add(id(node))
    waiting = list(node.body)
    while waiting:
        one = waiting.pop()
        if isinstance(one, tree.ClassDef):
            continue  # which has a name of its own
        if isinstance(one, tree.Attribute):
            one.attr = mangled(node.name, one.attr)
        waiting += tree.iter_child_nodes(one)


def _mangle_listed(m: Machine, owner: str, values: dict[str, Any]) -> None:
    """The same for the names of annotations and of slots."""
    known = values.get("__annotations__")
    if isinstance(known, dict):
        names = {name: mangled(owner, name) for name in known}
        if any(name != new for name, new in names.items()):
            values["__annotations__"] = Dict(
                m.heap, {new: known[name] for name, new in names.items()})
    slots = values.get("__slots__")
    if isinstance(slots, tuple | list) and all(isinstance(name, str) for name in slots):
        names = [mangled(owner, name) for name in slots]
        if names != list(slots):
            values["__slots__"] = tuple(names)


def _path(outer: Scope) -> str:
    """What the qualified names begin with of classes in a scope."""
    if outer.kind == "function" and outer.function:
        return f"{outer.function}.<locals>."
    return f"{outer.function}." if outer.kind == "class" else ""


class Prepared(Bindings):
    """The names of a class whose metaclass prepares a namespace, such as an Enum's."""

    __slots__ = ("namespace",)

    def __setitem__(self, name: str, value: Any) -> None:
        self.namespace[name] = value
        dict.__setitem__(self, name, self.namespace[name])

    def setdefault(self, name: str, value: Any) -> Any:
        if name not in self:
            self[name] = value
        return self[name]


def _prepared(namespace: Any) -> Prepared:
    made = Prepared()
    made.serial = new_serial()
    made.namespace = namespace
    for name in namespace:
        dict.__setitem__(made, name, namespace[name])
    return made


def _bases(m: Machine, qualname: str, given: tuple) -> tuple[type, ...]:
    """The classes to inherit from, for a class of this name: what `Generic[T]` stands for, and ours
    for Python's own."""
    bases = m.native(types.resolve_bases, given)
    _check_bases(m, bases)
    module = m.scope.module.values.get("__name__", "builtins")
    make = functools.partial(new_class, m, type)
    return stand_ins.bases_of(m, make, f"{module}.{qualname}", bases)


def new_class(
    m: Machine, kind: type, name: str, bases: tuple, values: dict[str, Any], namespace: Any = None,
    keywords: dict[str, Any] | None = None,
) -> Any:  # fmt: skip
    """A class of these names. namespace: what the metaclass has prepared for them."""
    inside: Any = m.own({}) if namespace is None or type(namespace) is dict else namespace
    every = [function for value in values.values() for function in _functions(value)]
    if any(function._node.facts.says_super for function in every):
        owner = inside["__classcell__"] = types.CellType()
        for function in every:
            function.owner = owner
    if _MADE not in inside:
        inside[_MADE] = _Remembers()
    for key, value in values.items():
        if m.stand_ins and isinstance(value, UnboundBuiltin):
            value = stand_ins.of_bases(m, bases, value.kind, value._name) or value
        if key in _IMPLICIT and isinstance(value, Function):
            value = _IMPLICIT[key](value)
        if key == "__getattribute__":
            value = classes.guarded(value)
        if type(inside) is Dict or key not in inside:
            inside[key] = value
    if kind is type:  # which has no use for more than a dict
        inside = dict(inside)
    slots = _with_site(kind, bases, inside)
    made = m.native(kind, name, bases, inside, **keywords or {})
    if slots is not None:
        type.__setattr__(made, "__slots__", slots)
    if isinstance(made, type):
        remember(made)
    return made


def _with_site(kind: type, bases: tuple, inside: dict[str, Any]) -> Any:
    """Give a class with slots one for us; what the program says they are, None if not given."""
    slots = inside.get("__slots__")
    names = (slots,) if isinstance(slots, str) else slots
    if kind not in (type, ABCMeta) or not isinstance(names, tuple | list) or not names:
        return None
    if "__dict__" in names or any(hasattr(base, classes.SITE) for base in bases):
        return None
    inside["__slots__"] = (*names, classes.SITE)
    return slots


def finished(m: Machine, made: type, values: dict[str, Any], qualname: str) -> type:
    """A class that a template has made, with the other names of the statement's body."""
    cell = types.CellType(made)
    for name, value in (values | {"__qualname__": qualname}).items():
        for function in _functions(value):
            function.owner = cell
        if name != "__doc__" or value is not None:
            setattr(made, name, value)
    remember(made)
    classes.changed()
    return made


_MADE = f"{classes.HIDDEN}made"


class _Remembers:
    """Stands first in a class: its owner is the program's before any hook sees it."""

    def __set_name__(self, owner: type, name: str) -> None:
        remember(owner)

    def __get__(self, instance: object, owner: type | None = None) -> None:
        return None


def remember(made: type) -> None:
    """This class is the program's, from now on."""
    if not classes.is_made(made):
        classes.remember(made)
        stamp(made)


def _functions(value: Any) -> list[Function]:
    """The functions of the program that an entry of a class is made of."""
    if isinstance(value, property):
        parts = [value.fget, value.fset, value.fdel]
    else:
        parts = [value, getattr(value, "__func__", None), getattr(value, "__wrapped__", None)]
    return [part for part in parts if isinstance(part, Function)]


_IMPLICIT = {
    "__new__": staticmethod, "__init_subclass__": classmethod, "__class_getitem__": classmethod,
}  # fmt: skip
"""Methods that Python binds as if they were decorated."""
_BASES = (object, bytes, complex, type, *stand_ins.LEARNT, *stand_ins.ALWAYS)


def _check_bases(m: Machine, bases: tuple) -> None:
    """A class may inherit from the program's, from exceptions and from plain types."""
    for base in bases:
        if not isinstance(base, type):
            raise m.error(
                f"a {operations.python_type(base).__name__} as a base class is not supported"
            )
        if not (base in _BASES or classes.is_made(base) or issubclass(base, BaseException)
                or base in m.bases):  # fmt: skip
            raise m.error(f"classes that inherit from `{base.__name__}` are not supported")


def type_call(
    m: Machine, kind: type, name: str, bases: tuple, names: Any, keywords: dict[str, Any]
) -> Any:
    """kind(name, bases, names), kind being `type`."""
    values = dict(names)
    values.setdefault("__module__", m.scope.module.values.get("__name__", "builtins"))
    values.setdefault("__qualname__", name)
    values.setdefault("__doc__", None)
    return new_class(m, kind, name, _bases(m, name, tuple(bases)), values, None, keywords)


def type_new(
    m: Machine, kind: type, name: str, bases: tuple, names: Any, keywords: dict[str, Any]
) -> type:
    """type.__new__(kind, name, bases, names), where a metaclass of the program calls it."""
    return type.__new__(kind, name, tuple(bases), dict(names), **keywords)

"""What the library's modules in Python are written in, beyond the language: classes from within.

In: classes and objects of the program. Out: their names and attributes as dictionaries, functions
from text, objects without a call of `__init__`. The one idea: these few are all that `dataclasses`
and `copy` need of the machine.
"""

from __future__ import annotations

import enum
import functools
from collections.abc import Callable
from itertools import count
from typing import Any

import numpy as np

from fleet.evaluator.language import calls, class_statements, functions
from fleet.evaluator.objects import attributes, instance_writes
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.scopes import Names, Scope
from fleet.evaluator.values import classes, objects, tables
from fleet.evaluator.values.heap import Composite, Dict, List, attributes_of, give_attributes
from fleet.evaluator.values.then import Array, Object, Then, Union, is_run_time_list
from fleet.syntax import tree
from fleet.syntax.parser import parse

_NUMBERS = count()


@functools.cache
def _tree(text: str) -> tree.AST:
    return parse(text, f"<method {next(_NUMBERS)}>")


def object_primitives(m: Machine) -> dict[str, Callable[..., Any]]:
    """By name."""

    def class_names(cls: type) -> Dict:
        """What a class itself defines."""
        return Dict(m.heap, classes.shown(vars(cls)))

    def remove_name(cls: type, name: str) -> None:
        m.heap.touch_attributes(cls)
        delattr(cls, name)

    def define(cls: type, name: str, text: str, names: dict[str, Any]) -> Function:
        """The method that a `def` statement defines, which sees these names."""
        module = _tree(text)
        m.sources[module.body[0].location.file] = module
        scope = Scope("module", None, Names(), "<method>")
        scope.values |= {"__name__": cls.__module__, **names}
        with m.place_kept():
            m.scope = scope
            made = functions.make_function(m, module.body[0], name)
        made.__qualname__ = f"{cls.__qualname__}.{name}"
        return made

    def new_class(cls: type, values: dict[str, Any]) -> type:
        """A class like another, with other names."""
        return class_statements.new_class(
            m, type(cls), cls.__name__, cls.__bases__, dict(values))

    def meant(function: Function, note: str) -> Any:
        """What an annotation that is a text stands for, where its function is defined."""
        expression = _tree(note + "\n").body[0].value
        m.sources[expression.location.file] = _tree(note + "\n")
        with m.place_kept():
            m.scope = function._scope
            return m.evaluate(expression)

    def annotation_of(function: Function) -> Any:
        """The class that a function says its first parameter is of."""
        notes = attributes.get_attribute(m, function, "__annotations__")
        note = next((value for name, value in notes.items() if name != "return"), None)
        while isinstance(note, str):  # as `from __future__ import annotations` has it
            note = meant(function, note)
        if not isinstance(note, type):
            raise TypeError(f"Invalid first argument to `register()`: {function!r}. Use either "
                            "`@register(some_class)` or plain `@register` on an annotated "
                            "function.")  # fmt: skip
        return note

    def parameters_of(function: Any) -> List:
        """(name, whether it is needed, default, annotation) of each parameter."""
        bound = isinstance(function, type)
        made = function.__init__ if bound else getattr(function, "__func__", function)
        if not isinstance(made, Function):
            raise m.error("this callable is not supported here")
        spec, notes = made._node.args, attributes.get_attribute(m, made, "__annotations__")
        names = [one.arg for one in (*spec.posonlyargs, *spec.args)]
        defaults = dict(zip(names[len(names) - len(made._defaults) :], made._defaults, strict=True))
        defaults |= made._kw_defaults
        names += [one.arg for one in spec.kwonlyargs]
        if bound or made is not function:
            names = names[1:]
        return List(m.heap, [
            (name, name not in defaults, defaults.get(name), notes.get(name)) for name in names
        ])  # fmt: skip

    def copied(value: Object, deep: bool, memo: Object | None) -> Object:
        """copy.copy() or copy.deepcopy() of one of the run's objects. memo: what has been copied,
        where other objects are copied with it."""
        name = "deepcopy" if deep else "copy"
        gives = "object" if value.kind is None else value.kind
        given = [value] if memo is None else [value, memo]
        made = m.native(objects.function, m.backend.e, name, given, gives)
        made.site, made.factory = value.site, value.factory
        return made

    def converted(value: Object, name: str, whole: bool) -> Object:
        """What a dataclass's instance that is one of the run's objects holds: see `objects`."""
        kind = {"as_dict": dict, "as_tuple": tuple}[name] if whole else "object"
        return m.native(objects.function, m.backend.e, name, [value, whole], kind)

    def of_dataclass(value: Object, use: Any) -> Any:
        """use(value), where the class of one of the run's objects is known."""
        return instance_writes.of_dataclass(
            m, value, lambda one: calls.call_value(m, use, (one,), {}))

    def empty_list_as(values: Any) -> Any:
        """An empty list; one of the run's objects, where only run time knows such values."""
        if isinstance(values, Then) or is_run_time_list(values):
            return m.native(objects.build, m.backend.e, "list", ())
        return List(m.heap)

    return {
        "empty_list_as": empty_list_as,
        "run_time_dict": lambda: m.native(objects.build, m.backend.e, "dict", ()),
        "copied": copied, "converted": converted, "of_dataclass": of_dataclass, "is_late": is_late,
        "is_table": is_table,
        "copied_table": lambda value, alone: m.native(tables.copied, value, alone),
        "annotation_of": annotation_of, "parameters_of": parameters_of,
        "class_names": class_names, "remove_name": remove_name, "define": define,
        "new_class": new_class, "is_atomic": is_atomic, "is_storage": is_storage,
        "state_of": lambda value: Dict(m.heap, attributes_of(value)),
        "make_like": lambda value, attributes, known: _make_like(m, value, attributes, known),
    }  # fmt: skip


def is_atomic(value: Any) -> bool:
    """Whether a value is its own copy."""
    if isinstance(value, Union):
        return all(map(is_atomic, value.choices.values()))
    if isinstance(value, enum.Enum | type):
        return True
    containers = tuple | list | dict | set | frozenset | bytearray | Composite | np.ndarray
    mutable = isinstance(value, containers) or isinstance(value, Array) and not value.scalar
    return not (mutable or classes.is_made(type(value)))


is_atomic.takes_unions = True


def is_late(value: Any) -> bool:
    """Whether a value is one of the run's objects."""
    return type(value) is Object


def is_table(value: Any) -> bool:
    """Whether a list is a table, or a row of one."""
    return type(value) is List and (
        value.row is not None or isinstance(value.content, tables.Rows))


def is_storage(value: Any) -> bool:
    """Whether a value holds numbers or texts only, so that its copy is as good as a deep one."""
    return isinstance(value, Array | np.ndarray | bytearray) or is_run_time_list(value)


def _make_like(m: Machine, value: Any, attributes: dict[str, Any], known: Any) -> Any:
    """An object of the same class, without a call of `__init__`; `known` is told of it."""
    kind = type(value)
    maker = next(cls for cls in kind.__mro__
                 if not classes.is_made(cls) and "__new__" in vars(cls))  # fmt: skip
    made = maker.__new__(kind, *_content(value))
    give_attributes(m.heap, made)
    if known is not None:
        calls.call_value(m, known, (made,), {})
    for name, one in attributes.items():
        object.__setattr__(made, name, one)
    return made


def _content(value: Any) -> tuple:
    """What an object is beside its attributes, where that never changes."""
    for kind in (int, float, str, bytes, tuple, frozenset):
        if isinstance(value, kind):
            return (kind(value),)
    return ()

"""Builtin functions about classes and attributes."""

from __future__ import annotations

import types
from typing import Any

import numpy as np

from fleet.evaluator.control import regions
from fleet.evaluator.language import class_statements
from fleet.evaluator.objects import (
    attributes,
    held_classes,
    instance_reads,
    instances,
    late_names,
    named,
    operations,
    stand_ins,
)
from fleet.evaluator.objects.modules import Module
from fleet.evaluator.objects.operations import python_type
from fleet.evaluator.objects.provided import Builtin
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import classes, numbers
from fleet.evaluator.values.heap import List
from fleet.evaluator.values.single import array_of
from fleet.evaluator.values.then import (
    Object,
    Then,
)
from fleet.library.builtins.namespaces import Namespaces
from fleet.objects.forms import ABSTRACT, TYPES
from fleet.objects.instances import type_key

INSTEAD = {
    "eval": "write the expression in the program",
    "exec": "write the statements in the program",
    "compile": "write the code in the program",
    "__import__": "use an `import` statement",
    "__build_class__": "use a `class` statement",
    "breakpoint": "print what you want to know",
    "help": "read the documentation",
}


class ClassesAndAttributes(Namespaces):
    """type, isinstance, getattr and their like."""

    def type(self, value: Any, *rest: Any, **keywords: Any) -> Any:
        if len(rest) != 0:
            if len(rest) != 2:
                raise TypeError("type() takes 1 or 3 arguments")
            return class_statements.type_call(self.m, type, value, *rest, keywords)
        if keywords:
            raise TypeError("type() takes no keyword arguments")
        if instances.is_of_open_class(value):
            return instances.class_of(self.m, value)
        if self.m.outside is None and array_of(value) in ("texts", "objects", "records"):
            return np.ndarray
        return python_type(value)

    def isinstance(self, value: Any, kinds: Any, /) -> Any:
        if isinstance(kinds, Object):
            return self._is_of_held(value, kinds, True)
        if self.m.stand_ins:
            kinds = stand_ins.widened(self.m, tuple(_flat(kinds)))
        if isinstance(value, Object) and value.kind is None:
            wanted = _flat(kinds)
            made = [kind for kind in wanted if operations.classes.is_made(kind)]
            rest = tuple(kind for kind in wanted if kind not in made) + tuple(
                kind for protocol in made for kind in _following(self.m, protocol))
            if made or instances.classes_within(self.m, wanted):
                found = instances.is_instance(self.m, value, wanted)
                return numbers.either(
                    self.e, found,
                    self._of_object("is_instance", [value, _type_names(self.m, rest)], "bool"),
                ) if rest else found
            return self._of_object("is_instance", [value, _type_names(self.m, kinds)], "bool")
        if self._stands_for(value, kinds):
            return True
        if classes.is_made(type(value)) or classes.is_made(type(kinds)) or (
                getattr(kinds, "_is_protocol", False) and not isinstance(value, Then)):  # fmt: skip
            return isinstance(value, kinds)
        try:
            if issubclass(python_type(value), kinds):
                return True
            if instances.is_of_open_class(value) and issubclass(np.str_, kinds):
                return self._of_object("is_instance", [value, _type_names(self.m, kinds)], "bool")
            return False
        except TypeError as error:
            if str(error).startswith("issubclass() arg 2"):
                raise TypeError("isinstance() arg 2 must be a type, a tuple of types, or a union"
                                ) from None  # fmt: skip
            raise

    def _is_of_held(self, value: Any, kinds: Object, may_be_tuple: bool) -> Any:
        """isinstance(), of a class that the run holds, or of a tuple of such classes."""
        m = self.m

        def is_of_one(kind: Object) -> Any:
            return self._is_of_held(value, kind, False)

        def of_tuple() -> Any:
            is_tuple = may_be_tuple and self._of_object("is_instance", [kinds, "tuple"], "bool")
            m.native(numbers.require, self.e, is_tuple, "TypeError",
                     "isinstance() arg 2 must be a type, a tuple of types, or a union")  # fmt: skip
            test = Builtin("is_of_one", is_of_one)
            return m.language.call_value(m, m.inner("_mixins")["any_holds"], (kinds, test), {})

        held = named.classes_held(m, attributes.get_attribute)
        return named.of_class(m, kinds, held, lambda cls: self.isinstance(value, cls), of_tuple)

    def callable(self, value: Any, /) -> Any:
        if not isinstance(value, Object):
            return callable(value)
        asked = self._of_object("is_instance", [value, "Callable"], "bool")
        own = held_classes.numbers_of(self.m, [
            cls for cls in held_classes.of_object(self.m, value)
            if classes.defines(cls, "__call__")])  # fmt: skip
        return asked if not own else numbers.either(
            self.e, asked, self._of_object("is_of", [value, own], "bool"))

    def _stands_for(self, value: Any, kinds: Any) -> bool:
        """Whether it is one of the prelude's own arrays, of texts or records, and the program asks
        for NumPy's."""
        kind = type(value)
        if self.m.outside is not None or not classes.is_made(kind) or kind.__module__ != "numpy":
            return False
        real = getattr(np, kind.__name__, None)
        return isinstance(real, type) and issubclass(real, kinds)

    def getattr(self, value: Any, name: str, *default: Any) -> Any:
        if len(default) > 1:
            getattr(value, name, *default)
        if isinstance(name, Then):
            return late_names.get(self.m, value, name, default)
        self._attribute_name(name, "attribute name must be string, not '{}'")
        if not default:
            return attributes.get_attribute(self.m, value, name)
        if type(value) is Object and (value.kind is None or classes.is_made(value.kind)):
            return instance_reads.get_or(self.m, value, name, default[0])
        if isinstance(value, attributes.Function | Object) or classes.is_made(type(value)):
            has = attributes.has_attribute(self.m, value, name)
            if isinstance(has, Then):
                return regions.choose(
                    self.m, has, lambda: attributes.get_attribute(self.m, value, name),
                    lambda: default[0],
                )  # fmt: skip
        found = attributes.find_attribute(self.m, value, name)
        if found == (None,):
            return attributes.get_attribute(self.m, value, name)
        return default[0] if found is None else found[0]

    def hasattr(self, value: Any, name: str, /) -> bool:
        if isinstance(name, Then):
            return late_names.has(self.m, value, name)
        self._attribute_name(name, "attribute name must be string, not '{}'")
        return attributes.has_attribute(self.m, value, name)

    def setattr(self, value: Any, name: str, new: Any, /) -> None:
        if isinstance(name, Then):
            late_names.put(self.m, value, name, new)
            return
        self._attribute_name(name, "attribute name must be string, not '{}'")
        attributes.set_attribute(self.m, value, name, new)

    def delattr(self, value: Any, name: str, /) -> None:
        self._attribute_name(name, "attribute name must be string, not '{}'")
        attributes.delete_attribute(self.m, value, name)

    def _attribute_name(self, name: Any, message: str) -> None:
        if isinstance(name, Then):
            raise name.needed_now("the name of an attribute")
        if not isinstance(name, str):
            raise TypeError(message.format(python_type(name).__name__))

    def vars(self, *values: Any) -> Any:
        if not values:
            return self._of_scope("vars")
        if len(values) > 1:
            vars(*values)
        words = "vars() argument must have __dict__ attribute"
        if isinstance(values[0], Object):
            has = attributes.has_attribute(self.m, values[0], "__dict__")
            numbers.require(self.e, has, "TypeError", words)
        elif attributes.find_attribute(self.m, values[0], "__dict__") is None:
            raise TypeError(words)
        return attributes.get_attribute(self.m, values[0], "__dict__")

    def dir(self, *values: Any) -> List:
        if not values:
            return List(self.m.heap, sorted(self._of_scope("dir")))
        if len(values) > 1:
            dir(*values)
        if isinstance(values[0], Module):
            raise self.m.error("dir() of a module is not supported")
        kind = type(values[0])
        made = classes.is_made(values[0] if isinstance(values[0], type) else kind)
        names = dir(values[0] if made else python_type(values[0]))
        return List(self.m.heap, [name for name in names if not classes.is_hidden(name)])

    def super(self, *arguments: Any) -> Any:
        if arguments:
            return super(*arguments)
        scope = self.m.scope
        while scope.kind == "comprehension":
            scope = scope.parent
        function, given = getattr(scope, "called", (None, ()))
        owner = None if function is None else function.method_of()
        if owner is None or not given:
            raise RuntimeError("super(): no arguments")
        if isinstance(given[0], Object):
            return instances.Super(owner, given[0])
        return super(owner, given[0])


def _flat(kinds: Any) -> list[type]:
    """The classes in the second argument of isinstance()."""
    if isinstance(kinds, types.UnionType):
        kinds = kinds.__args__
    return [one for kind in kinds for one in _flat(kind)] if isinstance(kinds, tuple) else [kinds]


def _following(m: Machine, protocol: Any) -> list[type]:
    """The types of Python's own that have the methods that a protocol asks for."""
    if not getattr(protocol, "_is_protocol", False):
        return []
    try:
        return [kind for kind in TYPES.values() if issubclass(kind, protocol)]
    except TypeError as error:
        if "non-method" not in str(error):
            raise
        raise m.error("whether an object of the run has what a protocol of data asks for is not "
                      "known", "ask hasattr() for each") from None  # fmt: skip


def _type_names(m: Machine, kinds: Any) -> str:
    """Python's types by name, as the run knows them; it has no instances of others."""
    if isinstance(kinds, types.UnionType):
        kinds = kinds.__args__
    names = [_type_names(m, kind) if isinstance(kind, tuple | types.UnionType) else
             type_key(operations.members.python_class(kind))
             for kind in (kinds if isinstance(kinds, tuple) else (kinds,))]  # fmt: skip
    return " ".join(name for name in " ".join(names).split() if name in TYPES or name in ABSTRACT)

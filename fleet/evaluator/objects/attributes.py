"""Attributes: what hangs on a value by name.

In: a value and a name. Out: what Python's attribute access gives, from our tables for arrays,
modules and run-time values, from the program's own classes and instances, and from Python's types
as far as `members` has rows. The one idea: `getattr` of the host is asked only for what a class of
the program defines, or for a name that a row allows.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import (
    ClassMethodDescriptorType,
    FunctionType,
    MappingProxyType,
    MethodType,
)
from typing import Any

import numpy as np

from fleet.evaluator.objects import attribute_writes as writes
from fleet.evaluator.objects import (
    held_classes,
    instance_reads,
    instances,
    lookups,
    members,
    named,
    operations,
    stand_ins,
)
from fleet.evaluator.objects.attribute_writes import delete_attribute as delete_attribute
from fleet.evaluator.objects.attribute_writes import set_attribute as set_attribute
from fleet.evaluator.objects.builtin_attributes import (
    PARTS,
    array_attribute,
    bound,
    enter,
    from_keys_of,
    method_of_object,
    module_attribute,
    of_handling,
    of_type,
)
from fleet.evaluator.objects.functions import LATE, Function, annotation
from fleet.evaluator.objects.modules import Module
from fleet.evaluator.objects.provided import BoundBuiltin, Builtin, Constant, UnboundBuiltin
from fleet.evaluator.state.machine import Machine, Raised
from fleet.evaluator.state.outgrown import may_learn, stand_in_for
from fleet.evaluator.values import classes, exceptions, formats, numbers, objects, texts
from fleet.evaluator.values.heap import (
    MISSING,
    SITED,
    Attributes,
    Dict,
    List,
    give_attributes,
    is_late,
)
from fleet.evaluator.values.then import (
    Array,
    Number,
    Object,
    Text,
    Then,
    Union,
    unbound_tag,
)
from fleet.objects.attributes import DATA
from fleet.objects.exact_numbers import DATES
from fleet.objects.exact_numbers import PARTS as DATE_PARTS
from fleet.objects.forms import TYPES
from fleet.objects.functions import METHODS as OBJECT_METHODS


def get_attribute(m: Machine, value: Any, name: str) -> Any:
    """value.name. Raises the program's AttributeError, or NotVisible."""
    seen = classes.LOOKUPS.get((type(value), name))
    if seen is not None and seen is not lookups.OTHER:
        found = lookups.read(m, value, name, seen)
        if found is not MISSING:
            return found
    if type(value) is Union:
        return m.language.split(m, value, lambda one: get_attribute(m, one, name))
    if isinstance(value, Module):
        return module_attribute(m, value, name)
    if isinstance(value, type):
        return operations.usable(m, _class_attribute(m, value, name))
    if isinstance(value, Array | np.ndarray | np.generic) and not isinstance(value, str):
        return array_attribute(m, value, name)
    if isinstance(value, Then):
        return _run_time_attribute(m, value, name)
    if isinstance(value, instances.Super):
        return operations.usable(m, instances.of_super(m, value, name))
    if isinstance(value, super):
        return operations.usable(m, _super_attribute(m, value, name))
    if isinstance(value, Function | MethodType):
        return _function_attribute(m, value, name)
    if classes.is_made(type(value)) or isinstance(value, BaseException):
        return operations.usable(m, _instance_attribute(m, value, name))
    return operations.usable(m, _member(m, value, name))


def _classes_with(m: Machine, value: Object, name: str) -> list[tuple[int, type]]:
    """The classes that an object of the run may be, if it is one, where they have the attribute."""
    return named.with_attribute(m, name) if value.kind is None else []


def refuse(m: Machine, value: Any, name: str) -> Exception:
    """An attribute that programs do not see: unsupported, or CPython has not got it either."""
    real = members.python_class(type(value))
    if classes.holder(real.__mro__, name) is not None or (
            real is type(value) and _has(value, name)):  # fmt: skip
        return members.not_visible(m, f"the attribute `{name}` of a {members.label(real)}")
    return members.missing(m, value, name)


def _has(value: Any, name: str) -> bool:
    """Whether a value of one of Python's own types has an attribute; it is not looked at."""
    try:
        return hasattr(value, name)
    except Exception:
        return True


# -- modules, arrays, values known at run time


def _run_time_attribute(m: Machine, value: Then, name: str) -> Any:
    if isinstance(value, Object):
        return _object_attribute(m, value, name)
    if type(value) in SITED and hasattr(list, name):
        m.heap.outgrown(value)
    kind = operations.python_type(value)
    if name == "__class__":
        return kind
    if isinstance(value, Text | Number) and name in OBJECT_METHODS and (
            callable(getattr(kind, name, None)) and
            name not in ("encode", "decode")):  # fmt: skip
        return BoundBuiltin(name, value, None, functools.partial(m.language.object_method, m))
    if isinstance(value, Number) and name in PARTS and hasattr(kind, name):
        constant = PARTS[name]
        if constant is not None:
            return float(constant) if kind is float else constant
        return m.native(numbers.to_int, m.backend.e, value) if kind is bool else value
    method = texts.METHODS.get((value.kind, name)) if isinstance(value, Text) else None
    if method is not None:
        return BoundBuiltin(
            name, value, functools.partial(method, m.backend.e, value), enter(m)
        )
    if not hasattr(kind, name):
        raise members.missing(m, value, name, kind.__name__)
    if isinstance(value, Text):
        raise members.not_visible(
            m, f"{value.kind}.{name}() of text known at run time only",
            "encode, decode, +, ==, len, int, float, print and f-strings are",
        )  # fmt: skip
    raise members.not_visible(m, f"the attribute `{name}` of a run-time {value.type_name}")


def _object_attribute(m: Machine, value: Object, name: str) -> Any:
    """A method of one of the run's objects: whether it has it, only run time may know."""
    if name == "__class__" and not classes.is_made(value.kind):
        return instances.class_of(m, value) if instances.is_of_open_class(value) else value.kind
    if classes.is_made(value.kind) or (value.kind is None and (
            name not in (*OBJECT_METHODS, "real", "imag") or instance_reads.may_have(m, name))):
        return named.of_class(
            m, value, _classes_with(m, value, name), lambda cls: get_attribute(m, cls, name),
            lambda: _of_any(m, value, name))  # fmt: skip
    kind = np.str_ if value.kind is str and instances.is_of_open_class(value) else value.kind
    if kind is not None and not hasattr(kind, name):
        raise members.missing(m, value, name, value.kind.__name__)
    if name in DATA:
        gives = "int" if value.kind in DATES and name in DATE_PARTS else "object"
        return m.native(objects.function, m.backend.e, "attribute", [value, name], gives)
    if name in ("real", "imag"):
        gives = "float" if value.kind is complex else "object"
        return m.native(objects.function, m.backend.e, name, [value], gives)
    if name in _OF_ITEMS:
        return Builtin(name, functools.partial(_OF_ITEMS[name], m, value))
    if (value.kind, name) in OF_OBJECTS:
        return OF_OBJECTS[value.kind, name](m, value)
    if name not in OBJECT_METHODS:
        raise members.not_visible(m, f"the attribute `{name}` of what only run time knows")
    return method_of_object(m, value, name)


def _of_any(m: Machine, value: Object, name: str) -> Any:
    """An attribute of an instance, or of a value of Python's own types if it has such a method."""
    given = m.policy.attribute_names
    if value.kind is not None or name not in OBJECT_METHODS or name in DATA or name in given or (
            held_classes.ANY in given):  # fmt: skip
        return instance_reads.get(m, value, name)
    e = m.backend.e
    plain = m.native(objects.function, e, "is_no_instance", [value, name], "bool")
    return m.language.choose(
        m, plain, lambda: objects.box(e, method_of_object(m, value, name)),
        lambda: objects.box(e, instance_reads.get(m, value, name)))  # fmt: skip


_OF_ITEMS = {
    "__getitem__": operations.get_item,
    "__setitem__": operations.set_item,
    "__contains__": operations.contains,
}
"""Special methods of containers that programs call by name, as they hand functions around."""


OF_OBJECTS: dict[tuple[type, str], Callable[[Machine, Object], Any]] = {}
"""Methods of the run's objects that are more than a service; modules of the library add theirs."""


# -- values of Python's own types


def _member(m: Machine, value: Any, name: str) -> Any:
    """An attribute that a row of `members` names."""
    kind = type(value)
    if name not in members.names_of(kind) or name == "__init__" and members.is_ours(kind):
        raise refuse(m, value, name)
    for cls in kind.__mro__:
        special = SPECIAL.get((cls, name))
        if special is not None:
            return special(m, value)
    if not hasattr(value, name):
        raise members.missing(m, value, name)
    return bound(m, value, name, m.native(getattr, value, name))


def _format(m: Machine, value: str) -> BoundBuiltin:
    def function(*arguments: Any, **keywords: Any) -> Any:
        late = keywords.pop(LATE).value if LATE in keywords else None
        parts = formats.format_parts(m.backend.e, value, arguments, keywords, _lookup(m), late)
        return texts.compose(m.backend.e, parts)

    return BoundBuiltin("format", value, function, enter(m))


def _format_map(m: Machine, value: str) -> BoundBuiltin:
    def function(mapping: Any, /) -> Any:
        parts = formats.format_parts(m.backend.e, value, None, mapping, _lookup(m))
        return texts.compose(m.backend.e, parts)

    made = Builtin("str.format_map", function, "".format_map)
    return BoundBuiltin("format_map", value, made, enter(m))


def _lookup(m: Machine) -> formats.Lookup:
    return formats.Lookup(
        functools.partial(get_attribute, m), functools.partial(operations.get_item, m)
    )


def _plain_get(m: Machine, value: Any, name: str) -> Any:
    """object.__getattribute__(value, name): without the program's own hooks."""
    if not classes.is_made(type(value)):
        return get_attribute(m, value, name)
    return operations.usable(m, _instance_attribute(m, value, name, hooks=False))


def _name_of_builtin(m: Machine, value: Any) -> str:
    return value._name.rpartition(".")[2]


def _origin(m: Machine, value: Builtin) -> str:
    return getattr(value._real, "__module__", None) or "builtins"


def namespace(m: Machine, value: Any) -> Dict:
    """value.__dict__: from now on a dictionary whose writes are recorded."""
    try:
        own = object.__getattribute__(value, "__dict__")
    except AttributeError as error:
        raise m.raised(error) from None
    if isinstance(value, BaseException):
        exceptions.unmark(value)
    if isinstance(own, Attributes):
        _show(m, own)
    if isinstance(own, Dict):
        return own
    made = Dict(m.heap, own)
    made.serial = None
    for journal in m.heap.journals:
        if id(own) in journal.saved:
            _, before = journal.saved.pop(id(own))
            journal.saved[id(made)] = (made, before)
    object.__setattr__(value, "__dict__", made)
    return made


def _show(m: Machine, own: Attributes) -> None:
    """The program gets an instance's attributes as a dictionary."""
    if own.order_lost:
        raise m.heap.outgrown(
            own, m.error("the order of these attributes differs between run-time paths"))
    for name, value in own.items():
        if unbound_tag(value) is not None:
            raise m.heap.outgrown(own, m.error(
                f"`{name}` is an attribute on one path of a run-time branch or loop only"))
    m.heap.mark(own, "shown", True)


SPECIAL: dict[tuple[type, str], Callable[[Machine, Any], Any]] = {
    (object, "__class__"): lambda m, value: operations.python_type(value),
    (object, "__doc__"): lambda m, value: operations.python_type(value).__doc__,
    (type, "__call__"): lambda m, value: BoundBuiltin(
        "__call__", value, functools.partial(m.language.construct, m, value), enter(m)),
    (object, "__call__"): lambda m, value: BoundBuiltin("__call__", value, None, enter(m)),
    (object, "__setattr__"): lambda m, value: of_type(m, value, "__setattr__", writes.plain_set),
    (object, "__getattribute__"): lambda m, value: of_type(
        m, value, "__getattribute__", _plain_get),
    (object, "__delattr__"): lambda m, value: of_type(m, value, "__delattr__", writes.plain_delete),
    (object, "__new__"): lambda m, value: _new(m, operations.python_type(value)),
    (property, "__doc__"): lambda m, value: (
        value.fget._doc if isinstance(value.fget, Function) else value.__doc__),
    (str, "format"): _format,
    (BaseException, "__context__"): lambda m, value: of_handling(m, value, "__context__"),
    (BaseException, "__suppress_context__"): lambda m, value: of_handling(
        m, value, "__suppress_context__"),
    (dict, "fromkeys"): from_keys_of,
    (str, "format_map"): _format_map,
    (BaseException, "__dict__"): namespace,
    (Builtin, "__name__"): _name_of_builtin,
    (Builtin, "__qualname__"): _name_of_builtin,
    (Builtin, "__module__"): _origin,
    (Builtin, "__doc__"): lambda m, value: getattr(value._real, "__doc__", None),
    (BoundBuiltin, "__name__"): _name_of_builtin,
    (BoundBuiltin, "__qualname__"): lambda m, value: (
        f"{operations.python_type(value.__self__).__name__}.{value._name}"),
    (BoundBuiltin, "__module__"): lambda m, value: None,
    (BoundBuiltin, "__self__"): lambda m, value: value.__self__,
    (BoundBuiltin, "__doc__"): lambda m, value: getattr(
        getattr(operations.python_type(value.__self__), value._name, None), "__doc__", None),
    (UnboundBuiltin, "__name__"): _name_of_builtin,
    (UnboundBuiltin, "__qualname__"): lambda m, value: f"{value.kind.__name__}.{value._name}",
    (UnboundBuiltin, "__objclass__"): lambda m, value: value.kind,
    (UnboundBuiltin, "__doc__"): lambda m, value: getattr(value.kind, value._name).__doc__,
    (FunctionType, "__module__"): lambda m, value: "__main__",
    (FunctionType, "__doc__"): lambda m, value: None,
}  # fmt: skip
"""Attributes that are not the host's own, by type and name."""


# -- functions and methods of the program


def _function_attribute(m: Machine, value: Any, name: str) -> Any:
    if isinstance(value, MethodType) and name in ("__self__", "__func__"):
        return getattr(value, name)
    if name in ("__class__", "__call__"):
        return SPECIAL[(object, name)](m, value)
    if isinstance(value, MethodType):
        if not isinstance(value.__func__, Function):
            return _member(m, value.__func__, name)
        if name in members.names_of(MethodType) - members.names_of(Function):
            return _member(m, value, name)
        return _function_attribute(m, value.__func__, name)
    match name:
        case "__name__" | "__qualname__":
            return getattr(value, name)
        case "__doc__":
            return value._doc
        case "__module__":
            return value._scope.module.values.get("__name__", "numpy")
        case "__defaults__":
            return tuple(value._defaults) or None
        case "__kwdefaults__":
            return Dict(m.heap, value._kw_defaults) if value._kw_defaults else None
        case "__dict__":
            return namespace(m, value)
        case "__annotations__":
            return _annotations(m, value)
        case "__get__":
            return of_type(m, value, "__get__", _bound_to)
        case _ if name in value.__dict__:
            return operations.usable(m, value.__dict__[name])
    return _member(m, value, name)


def _bound_to(m: Machine, function: Function, instance: Any, owner: Any = None, /) -> Any:
    """function.__get__(instance, owner): the method of an instance, or the function itself."""
    if instance is None:
        if owner is None:
            raise m.raised(TypeError("__get__(None, None) is invalid"))
        return function
    return MethodType(function, instance)


def _annotations(m: Machine, function: Function) -> Dict:
    if function._annotations is None:
        spec = function._node.args
        every = [*spec.posonlyargs, *spec.args, spec.vararg, *spec.kwonlyargs, spec.kwarg]
        nodes = {one.arg: one.annotation for one in every if one is not None}
        nodes["return"] = getattr(function._node, "returns", None)
        with m.place_kept():
            m.scope = function._scope
            function._annotations = Dict(m.heap, {
                name: annotation(m, node) for name, node in nodes.items() if node is not None
            })  # fmt: skip
    return function._annotations


# -- instances and classes of the program


def _instance_attribute(m: Machine, value: Any, name: str, hooks: bool = True) -> Any:
    kind = type(value)
    if hooks:
        lookups.look_up(kind, name)
    plain = getattr if hooks else object.__getattribute__
    if classes.is_unspeakable(name):
        raise members.missing(m, value, name)
    if hooks and name not in classes.UNHOOKED and classes.defines(kind, "__getattribute__"):
        return m.native(getattr, value, name)
    found_in = classes.holder(kind.__mro__, name)
    if unbound_tag(classes.entries(value).get(name)) is not None and (
            found_in is not None or classes.holder(kind.__mro__, "__getattr__")):  # fmt: skip
        return _own_or_of_class(m, value, name)
    if found_in is not None and (classes.is_made(found_in) and name != "__dict__"):
        return m.native(plain, value, name)
    if name == "__dict__":
        return namespace(m, value)
    if name in classes.entries(value) or not _has_by_itself(found_in):
        return m.native(plain, value, name)
    return _member(m, value, name)


def _own_or_of_class(m: Machine, value: Any, name: str) -> Any:
    """An attribute that is the instance's own on some paths, and on others what its class says."""
    entries = classes.entries(value)
    own, none = entries[name], unbound_tag(entries[name])
    lacks = m.native(numbers.compare, m.backend.e, "eq", Number(m.backend.e, "int", own.tag), none)

    def of_class() -> Any:
        m.heap.touch(entries)
        dict.__delitem__(entries, name)
        return get_attribute(m, value, name)

    def of_instance() -> Any:
        kept = {tag: one for tag, one in own.choices.items() if tag != none}
        m.heap.touch(entries)
        found = Union(own.e, own.tag, kept) if len(kept) > 1 else next(iter(kept.values()))
        dict.__setitem__(entries, name, found)
        return get_attribute(m, value, name)

    return m.language.choose(m, lacks, of_class, of_instance)


def _has_by_itself(found_in: type | None) -> bool:
    return found_in is not None and not classes.is_made(found_in)


def _super_attribute(m: Machine, value: Any, name: str) -> Any:
    if name in ("__self__", "__self_class__", "__thisclass__"):
        return getattr(value, name)
    if name == "__class__":
        return super
    if value.__self_class__ is None:
        raise members.not_visible(m, f"the attribute `{name}` of super() without an object")
    owner, mro = value.__self__, value.__self_class__.__mro__
    rest = mro[mro.index(value.__thisclass__) + 1 :]
    found_in = classes.holder(rest, name)
    if found_in is None or classes.is_made(found_in):
        return m.native(getattr, value, name)
    if name == "__new__":
        return _new(m, found_in)
    if value.__self_class__ is owner:
        return _inherited(m, owner, found_in, name)
    if name not in members.names_of(found_in):
        raise members.not_visible(m, f"the attribute `{name}` of {_article(found_in)}")
    special = SPECIAL.get((found_in, name))
    if special is not None:
        return special(m, owner)
    return bound(m, owner, name, m.native(getattr, value, name))


def _article(cls: type) -> str:
    return f"the type `{members.label(cls)}`"


def _shown_bases(bases: tuple[type, ...]) -> tuple[type, ...]:
    """Classes as the program sees them: Python's own for those of ours that stand for them."""
    return tuple(dict.fromkeys(map(members.python_class, bases)))


_OF_CLASSES = frozenset(("__name__", "__qualname__", "__module__", "__doc__"))
"""Attributes of every class that are plain values."""


def _class_attribute(m: Machine, cls: type, name: str) -> Any:
    made = classes.is_made(cls)
    match name:
        case "__class__":
            return type(cls)
        case "mro":
            return Builtin("type.mro", lambda: List(m.heap, _shown_bases(cls.__mro__)), cls.mro)
        case "__subclasses__" if made:
            return Builtin("type.__subclasses__", lambda: List(
                m.heap, filter(classes.is_made, type.__subclasses__(cls))), cls.__subclasses__)
        case "__dict__" if made:
            return MappingProxyType(classes.shown(vars(cls)))
        case "__annotations__" if made:
            return m.own(cls.__annotations__)
        case "__mro__" | "__bases__":
            return _shown_bases(getattr(cls, name))
        case "__base__":
            return None if cls.__base__ is None else members.python_class(cls.__base__)
        case _ if name in _OF_CLASSES:
            return getattr(cls, name)
    ours = m.class_attributes.get((cls, name))
    if ours is not None:
        return ours.make() if type(ours) is Constant else ours
    found_in = None if classes.is_unspeakable(name) else classes.holder(cls.__mro__, name)
    kind = type(cls)
    if kind is not type and found_in is None or classes.is_made(kind) and _rules(kind, name):
        return _metaclass_attribute(m, cls, kind, name)
    if found_in is None:
        if name != "__abstractmethods__" and hasattr(type, name):
            raise members.not_visible(m, f"the attribute `{name}` of {_article(cls)}")
        message = f"type object '{cls.__name__}' has no attribute '{name}'"
        raise m.raised(AttributeError(message, name=name))
    if classes.is_made(found_in) and name not in ("__dict__", "__weakref__"):
        return m.native(getattr, cls, name)
    if issubclass(cls, np.generic | np.ndarray) and name in m.array_methods:
        return m.array_methods[name]
    return _inherited(m, cls, found_in, name)


def _rules(kind: type, name: str) -> bool:
    """Whether a metaclass of the program has the name as a property or the like."""
    found_in = classes.holder(kind.__mro__, name)
    return classes.is_made(found_in) and hasattr(vars(found_in)[name], "__set__")


def _metaclass_attribute(m: Machine, cls: type, kind: type, name: str) -> Any:
    """What a class has from its metaclass."""
    found_in = classes.holder(kind.__mro__, name)
    if classes.is_made(found_in) or name in members.names_of(kind) or (
            found_in is None and classes.holder(kind.__mro__, "__getattr__")):  # fmt: skip
        special = SPECIAL.get((found_in, name))
        if special is not None:
            return special(m, cls)
        return bound(m, cls, name, m.native(getattr, cls, name))
    if found_in is not None:
        raise members.not_visible(m, f"the attribute `{name}` of {_article(cls)}")
    message = f"type object '{cls.__name__}' has no attribute '{name}'"
    raise m.raised(AttributeError(message, name=name))


def _inherited(m: Machine, cls: type, found_in: type, name: str) -> Any:
    """A class's attribute that one of Python's own types defines."""
    if name == "__new__":
        return _new(m, found_in)
    raw = vars(found_in).get(name)
    if name not in members.names_of(found_in) or isinstance(raw, _DATA_DESCRIPTORS):
        raise members.not_visible(m, f"the attribute `{name}` of {_article(cls)}")
    if name in _WITHOUT_HOOKS:
        return Builtin(name, functools.partial(_WITHOUT_HOOKS[name], m))
    if isinstance(raw, ClassMethodDescriptorType | staticmethod):
        return bound(m, cls, name, raw.__get__(None, cls))
    if callable(raw):
        kind = members.python_class(found_in)
        return UnboundBuiltin(name, kind, functools.partial(_unbound, m))
    return bound(m, cls, name, m.native(getattr, cls, name))


_DATA_DESCRIPTORS = (type(type.__dict__["__mro__"]), type(type.__dict__["__dict__"]), property)
_WITHOUT_HOOKS = {
    "__getattribute__": _plain_get, "__setattr__": writes.plain_set,
    "__delattr__": writes.plain_delete,
}  # fmt: skip


def _unbound(m: Machine, method: UnboundBuiltin, arguments: tuple, keywords: dict[str, Any]) -> Any:
    """str.upper(text)."""
    name, kind = method._name, method.kind
    if not arguments:
        dunder = name.startswith("__")
        what = f"descriptor '{name}' of '{kind.__name__}' object" if dunder else (
            f"unbound method {kind.__name__}.{name}()")  # fmt: skip
        raise TypeError(f"{what} needs an argument")
    owner, *rest = arguments
    own = stand_ins.method_of(
        m, kind, owner.kind or object if type(owner) is Object else type(owner), name)
    if own is not None:
        return m.language.call_value(m, own, arguments, keywords)
    if type(owner) is Object and kind.__name__ in TYPES and not (
            owner.kind is not None and issubclass(owner.kind, kind)):  # fmt: skip
        gives = kind.__name__ if kind in (str, bytes) else kind
        given = [owner, kind.__name__, name]
        owner = m.native(objects.function, m.backend.e, "of_type", given, gives)
    if isinstance(owner, Then | np.ndarray) and issubclass(operations.python_type(owner), kind):
        return m.language.call_value(m, get_attribute(m, owner, name), tuple(rest), keywords)
    if isinstance(owner, Number | Text) and kind.__name__ in TYPES:
        raise TypeError(f"descriptor '{name}' for '{kind.__name__}' objects doesn't apply to a "
                        f"'{owner.type_name}' object")  # fmt: skip
    mro = tuple(cls for cls in type(owner).__mro__ if not classes.is_made(cls))
    if members.is_ours(mro[0]) and kind is not object and (
            issubclass(members.python_class(mro[0]), kind)):  # fmt: skip
        if name == "__init__" and not classes.is_made(type(owner)):
            raise m.error(f"{kind.__name__}.__init__() of an existing value is not supported")
        found_in = classes.holder(mro, name)
        if found_in is None:
            found = get_attribute(m, owner, name)
        else:
            found = bound(m, owner, name, vars(found_in)[name].__get__(owner))
        return m.language.call_value(m, found, tuple(rest), keywords)
    special = SPECIAL.get((kind, name))
    if special is not None and isinstance(owner, kind):
        return m.language.call_value(m, special(m, owner), tuple(rest), keywords)
    if texts.has_run_time((*rest, *keywords.values())):
        if not isinstance(owner, kind):
            raise m.error(f"{kind.__name__}.{name}() of run-time values is not supported")
        return m.language.call_value(m, get_attribute(m, owner, name), tuple(rest), keywords)
    return getattr(kind, name)(*arguments, **keywords)


def _new(m: Machine, base: type) -> Builtin:
    """base.__new__, for classes of the program."""

    def new(*arguments: Any, **keywords: Any) -> Any:
        if not arguments:
            raise TypeError(f"{base.__name__}.__new__(): not enough arguments")
        cls, *rest = arguments
        if not isinstance(cls, type):
            kind = members.label(type(cls))
            raise TypeError(
                f"{base.__name__}.__new__(X): X is not a type object ({kind})"
            )
        if cls in m.constructors:
            return m.language.call_value(m, cls, tuple(rest), keywords)
        if issubclass(cls, type):
            return m.language.new_class(m, cls, *rest, keywords)
        if not classes.is_made(cls):
            raise m.error(f"__new__() of {_article(cls)} is not supported", "call the class")
        own = stand_ins.method_of(m, members.python_class(base), cls, "__new__")
        if own is not None:
            return m.language.call_value(m, own, arguments, keywords)
        maker = classes.holder(base.__mro__, "__new__")
        site = m.node if may_learn(m) else None
        if maker is object and site is not None and id(site) in m.policy.outgrown:
            made = held_classes.make(m, cls)
        else:
            if maker is not object and any(map(is_late, rest)):
                stand_in_for(m, cls)
            made = maker.__new__(cls, *rest, **keywords)
            give_attributes(m.heap, made)
            if isinstance(own := classes.entries(made), Attributes):
                own.site = site
        begins = stand_ins.beginning(m, cls)
        if begins is not None:
            m.language.call_value(m, begins, (made,), {})
        return made

    return Builtin("__new__", new)


# -- asking


def has_attribute(m: Machine, owner: Any, name: str) -> bool | Number:
    """hasattr(owner, name), which run time decides where one path gave the attribute."""
    if type(owner) is Union:
        return m.language.split(m, owner, lambda one: has_attribute(m, one, name))
    value = classes.entries(owner).get(name) if classes.is_made(type(owner)) or isinstance(
        owner, Function) else None  # fmt: skip
    tag = unbound_tag(value)
    if tag is not None and classes.holder(type(owner).__mro__, name) is not None:
        return True
    if tag is not None and classes.holder(type(owner).__mro__, "__getattr__") is None:
        e = m.backend.e
        return m.native(numbers.compare, e, "ne", Number(e, "int", value.tag), tag)
    if isinstance(owner, Module):
        return owner.has(name) or owner.exists(name)
    if isinstance(owner, Object):
        return instance_reads.has(m, owner, name)
    if isinstance(owner, Array) and (name in m.array_attributes or name in m.array_methods):
        return True
    found = find_attribute(m, owner, name)
    return found is not None


def find_attribute(m: Machine, owner: Any, name: str) -> tuple[Any] | None:
    """(owner.name,), or None where the program would see an AttributeError.

    What CPython has and we have not is (None,): it exists, and whoever gets it is refused.
    """
    with m.place_kept():
        try:
            return (get_attribute(m, owner, name),)
        except members.NotVisible:
            return (None,)
        except Raised as raised:
            if isinstance(raised.exception, AttributeError):
                return None
            raise



"""Instances of the program's classes that are objects of the run: see `values.objects`.

In: instances whose class is known, and Objects of which only run time knows what they are. Out:
their attributes and methods. The one idea: such an instance is a dictionary that bears the number
of its class; where its class is not known, the classes that have a name are asked for one by one,
and a method is called with the instance taken for one of the class whose method it is.
"""

from __future__ import annotations

import functools
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import itemgetter
from types import FunctionType, MemberDescriptorType, MethodType
from typing import Any

from fleet.evaluator.objects.functions import Function
from fleet.evaluator.objects.provided import BoundBuiltin, Builtin
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.outgrown import learn
from fleet.evaluator.values import classes, numbers, objects, texts
from fleet.evaluator.values.heap import Composite
from fleet.evaluator.values.then import (
    BINARY,
    COMPARE,
    MIRRORED,
    Array,
    Number,
    Object,
    Text,
    Union,
    type_name,
)
from fleet.objects.functions import METHODS
from fleet.objects.instances import EXCEPTIONS


def known_classes(m: Machine) -> list[type]:
    """The classes of which the run has instances, by their numbers."""
    return [classes.BY_NAME[key] for key in sorted(m.policy.instances) if key in classes.BY_NAME]


def _builtin_exceptions(m: Machine) -> list[type]:
    """Python's own classes of which the run has exceptions."""
    return [cls for cls in EXCEPTIONS.values() if classes.name_of(cls) in m.policy.instances]


def exceptions_held(m: Machine) -> list[tuple[str, type]]:
    """The classes of the run's exceptions, and how the run knows them: by number or name."""
    own = [cls for cls in known_classes(m) if issubclass(cls, BaseException)]
    return [(str(_number(m, cls)), cls) for cls in own if classes.is_made(cls)] + [
        (cls.__name__, cls) for cls in _builtin_exceptions(m)]


def _number(m: Machine, cls: type) -> int:
    return sorted(m.policy.instances).index(classes.name_of(cls))


def make(m: Machine, cls: type) -> Object:
    """A new instance without attributes."""
    return m.native(objects.function, m.backend.e, "instance", described(m, cls), cls)


def described(m: Machine, cls: type) -> list[Any]:
    """What the run knows of a class: its number, its name, its special methods and its slots."""
    register(m, cls)
    own = _own_methods(cls)
    for method, sign in (("__eq__", "="), ("__hash__", "#")):
        fields = _by_fields(cls, method)
        if fields is not None:
            own = [name for name in own if name != method] + [f"{sign}{','.join(fields)}"]
    if "__hash__" not in own and _is_unhashable(cls):
        own.append("!#")
    if hasattr(cls, FIELDS):
        own.append(f"%{','.join(one['name'] for one in _fields(cls))}")
    if classes.has_site(cls):
        own += [".", *(f".{name}" for name in classes.slots_of(cls))]
    return [_number(m, cls), cls.__name__, " ".join(own)]


def _own_methods(cls: type) -> list[str]:
    """The special methods that the program gives a class."""
    own = classes.special_methods(cls)
    return [name for name in own if name != "__hash__"] if _is_unhashable(cls) else own


def _is_unhashable(cls: type) -> bool:
    return vars(classes.holder(cls.__mro__, "__hash__"))["__hash__"] is None


def answers(cls: type) -> bool:
    """Whether the program says what the hash of instances of a class is, or what they equal."""
    key = cls, "\0answers"
    if key not in classes.LOOKUPS:
        own = _own_methods(cls)
        classes.LOOKUPS[key] = any(method in own and _by_fields(cls, method) is None
                                   for method in ("__eq__", "__hash__"))  # fmt: skip
    return classes.LOOKUPS[key]


def _by_fields(cls: type, method: str) -> list[str] | None:
    """The attributes that `@dataclass` has it compare or hash by; None where it does not."""
    found_in = classes.holder(cls.__mro__, method)
    found = vars(found_in)[method]
    if type(found) is not Function or not found._node.location.file.startswith("<method"):
        return None
    plain = _fields(found_in)
    if method == "__hash__":
        plain = [one for one in plain if (one["compare"] if one["hash"] is None else one["hash"])]
    else:
        plain = [one for one in plain if one["compare"]]
    return [one["name"] for one in plain]


FIELDS = "__dataclass_fields__"


def _fields(cls: type) -> list[dict[str, Any]]:
    """What a dataclass says of its fields."""
    found = map(classes.entries, getattr(cls, FIELDS).values())
    return [one for one in found if one["_kind"] == "field"]


def register(m: Machine, cls: type) -> None:
    """The run has instances of this class."""
    register_all(m, [cls])


def register_all(m: Machine, found: Iterable[type]) -> None:
    """The run has instances of these classes."""
    fresh = {*map(classes.name_of, found)} - m.policy.instances.known.keys()
    if fresh:
        m.policy.instances.add(*fresh)
        if m.policy.is_wrong:
            learn(m, ())


def get(m: Machine, value: Object, name: str) -> Any:
    """value.name, of an Object that is an instance or may be one."""
    if name == "__dict__":
        return m.native(objects.function, m.backend.e, "attribute", [value, name], dict)
    if value.kind is not None:
        return _of_class(m, value, name)
    having = _having(m, name)
    if not having:
        return _attribute(m, value, name)
    return any_of(
        m, value, having, lambda one: _of_class(m, one, name), lambda: _attribute(m, value, name),
    )  # fmt: skip


def _attribute(m: Machine, value: Object, name: str) -> Any:
    """What an instance has itself by a name: an array, where those of its class have arrays."""
    found = m.native(objects.function, m.backend.e, "attribute", [value, name])
    kinds = known_classes(m) if value.kind is None else [value.kind]
    names = list(map(classes.name_of, kinds))
    return m.native(m.backend.e.array_lists.attribute, names, name, found)


def has(m: Machine, value: Object, name: str) -> Any:
    """hasattr(value, name) of one of the run's objects."""
    if name in dir(object):
        return True
    for cls in known_classes(m):
        found = vars(classes.holder(cls.__mro__, name) or object).get(name)
        if classes.defines(cls, "__getattr__") or isinstance(found, property):
            raise m.error(
                f"whether an object of the run has `{name}` is what {cls.__name__} computes",
                "ask for an attribute that is there or not",
            )
    numbers = " ".join(str(_number(m, cls)) for cls in _having(m, name))
    return m.native(objects.function, m.backend.e, "has_attribute", [value, name, numbers], "bool")


def note_attribute(m: Machine, name: str) -> None:
    """Instances of the run's have an attribute of this name."""
    m.policy.attribute_names.add(name)
    if name in METHODS and m.policy.attribute_names.is_wrong:
        learn(m, ())  # what has been read by this name was taken for a method


def note_shadowing(m: Machine, cls: type | None, name: str) -> None:
    """Instances of a class, or of any, are given an attribute in place of a method."""
    for one in known_classes(m) if cls is None else [cls]:
        found_in = classes.holder(one.__mro__, name)
        if found_in is not None and type(vars(found_in)[name]) is Function:
            m.policy.shadowing.add((classes.name_of(one), name))
    if m.policy.shadowing.is_wrong:
        learn(m, ())


_ANY = "*"
"""In place of the name of an attribute that only run time knows."""


def note_any_attribute(m: Machine) -> None:
    """Instances of the run's have attributes of any names that their classes have not."""
    m.policy.attribute_names.add(_ANY)
    m.policy.attribute_lists[_ANY] = None
    if m.policy.attribute_names.is_wrong or m.policy.attribute_lists.is_wrong:
        learn(m, ())


def may_have(m: Machine, name: str) -> bool:
    """Whether an instance of the run's may have an attribute of this name."""
    known = m.policy.attribute_names
    return _ANY in known or name in known or bool(_having(m, name))


def _having(m: Machine, name: str) -> list[type]:
    """The classes of the run's instances that define a name."""
    return [cls for cls in known_classes(m)
            if classes.defines(cls, name) and not _is_slot(cls, name)]  # fmt: skip


def _is_slot(cls: type, name: str) -> bool:
    return type(vars(classes.holder(cls.__mro__, name))[name]) is MemberDescriptorType


def is_method(m: Machine, owner: Any, name: str) -> bool:
    """Whether a call of a method may be one of an instance whose class only run time knows."""
    return type(owner) is Object and owner.kind is None and bool(m.policy.instances) and bool(
        _having(m, name))  # fmt: skip


def call(m: Machine, owner: Object, name: str, given: tuple, named: dict[str, Any]) -> Any:
    """owner.name(*given, **named), where a class of the program has the method."""
    def own(one: Object) -> Any:
        return m.language.call_value(m, _of_class(m, one, name), given, named)

    having = _having(m, name)
    if name not in METHODS:
        if len(having) > 1 and not named and all(isinstance(one, _PASSED) for one in given):
            return in_schedule(m, name, (owner, *given), lambda one, *others: _one_by_one(
                m, one, name, _having(m, name),
                lambda found: m.language.call_value(m, _of_class(m, found, name), others, {})))
        return _one_by_one(m, owner, name, having, own)
    enter = functools.partial(m.language.object_method, m)
    builtin = BoundBuiltin(name, owner, None, enter)

    def otherwise() -> Any:
        if owner.site is None and any(
            isinstance(one, Array) and not one.scalar for one in (*given, *named.values())
        ):
            raise m.raised(NotImplementedError(
                f"an array as an argument of {name}() of what is no instance of the program's"))
        return enter(builtin, given, named)

    return any_of(m, owner, _having(m, name), own, otherwise)


def _one_by_one(
    m: Machine, value: Object, name: str, having: list[type], use: Callable[[Object], Any]
) -> Any:
    """Take the object for an instance of whichever of these classes it is of."""
    e = m.backend.e
    number = m.native(objects.function, e, "class_of", [value, name], "int")

    def taken(cls: type) -> Object:
        return Object(e, cls, value.native)

    def from_on(at: int) -> Any:
        cls = having[at]
        same = m.native(numbers.compare, e, "eq", number, _number(m, cls))
        if at == len(having) - 1:
            message = f"an object has no attribute '{name}'"
            m.native(numbers.require, e, same, "AttributeError", message)
            made = use(taken(cls))
            return _held_alike(m, made) if len(having) > 1 else made
        return m.language.choose(
            m, same, lambda: _held_alike(m, use(taken(cls))), lambda: from_on(at + 1))

    return from_on(0)


def _held_alike(m: Machine, value: Any) -> Any:
    """What one of several methods gives: generators as objects of the run, as the others' are."""
    if isinstance(value, Composite) and (classes.of_ours(value, "object_source") is not None
                                         or getattr(value, "hosted", None) is not None):
        return objects.box(m.backend.e, value)
    return value


def _of_class(m: Machine, value: Object, name: str) -> Any:
    """An attribute of an instance of a class that is known."""
    cls = value.kind
    if name == "__class__":
        return cls
    found_in = classes.holder(cls.__mro__, name)
    if found_in is None or not classes.is_made(found_in):
        return _attribute(m, value, name)
    found, held = _held(m, value, found_in, name), vars(found_in)[name]
    if type(held) is Function:
        may_have_own = (classes.name_of(cls), name) in m.policy.shadowing
    else:
        may_have_own = not isinstance(held, _FIRST) and name in m.policy.attribute_names
    return _own_or(m, value, name, found) if may_have_own else found


_FIRST = (property, MemberDescriptorType, staticmethod, classmethod, FunctionType)
"""What a class has that no attribute of an instance stands before, as far as is supported."""


def _held(m: Machine, value: Object, found_in: type, name: str) -> Any:
    """What a class has by a name, as an attribute of an instance."""
    cls, e, found = value.kind, m.backend.e, vars(found_in)[name]
    if type(found) is Function:
        return MethodType(found, value)
    if type(found) is MemberDescriptorType:
        return _attribute(m, value, name)
    if isinstance(found, property) and isinstance(found.fget, itemgetter):
        return m.native(objects.get_item, e, value, cls._fields.index(name))
    if isinstance(found, property):
        return m.language.call_value(m, found.fget, (value,), {})
    if isinstance(found, staticmethod):
        return found.__func__
    if isinstance(found, classmethod):
        return MethodType(found.__func__, cls)
    if isinstance(found, FunctionType) and name in _OF_RECORDS and hasattr(cls, "_fields"):
        return Builtin(name, functools.partial(_OF_RECORDS[name], m, value))
    if isinstance(found, FunctionType):
        raise m.error(f"`{name}` of a {cls.__name__} that only run time knows is not supported")
    return found


def _own_or(m: Machine, value: Object, name: str, found: Any) -> Any:
    """An instance's own attribute, or what its class has by this name."""
    has = m.native(objects.function, m.backend.e, "has_attribute", [value, name], "bool")
    return m.language.choose(m, has, lambda: _attribute(m, value, name), lambda: found)


def _as_dict(m: Machine, record: Object) -> Object:
    """record._asdict()."""
    parts = [part for at, name in enumerate(record.kind._fields)
             for part in (name, m.native(objects.get_item, m.backend.e, record, at))]  # fmt: skip
    return m.native(objects.build, m.backend.e, "dict", parts)


def _replaced(m: Machine, record: Object, **named: Any) -> Any:
    """record._replace(**named)."""
    cls = record.kind
    unknown = [name for name in named if name not in cls._fields]
    if unknown:
        raise m.raised(ValueError(f"Got unexpected field names: {unknown!r}"))
    held = [m.native(objects.get_item, m.backend.e, record, at) for at in range(len(cls._fields))]
    items = [named.get(name, one) for name, one in zip(cls._fields, held, strict=True)]
    return tuple.__new__(cls, items)


_OF_RECORDS = {"_asdict": _as_dict, "_replace": _replaced}
"""What named tuples have by Python's own code."""


@dataclass(frozen=True)
class Super:
    """super() in a method of `cls`, called with one of the run's instances."""

    cls: type
    owner: Object


def of_super(m: Machine, value: Super, name: str) -> Any:
    """super().name."""
    mro = value.owner.kind.__mro__
    found_in = classes.holder(mro[mro.index(value.cls) + 1 :], name)
    if not classes.is_made(found_in):
        if name == "__init__":
            return Builtin("__init__", lambda *given, **named: None)
        raise m.error(f"super().{name} of what only run time knows is not supported")
    return _held(m, value.owner, found_in, name)


def special(
    m: Machine, value: Object, name: str, given: tuple, otherwise: Callable[[], Any]
) -> Any:
    """What a special method of the program gives, where the object is of a class that has it."""
    def own(one: Object) -> Any:
        return m.language.call_value(m, _of_class(m, one, name), given, {})

    if value.kind is not None:
        return own(value) if classes.defines(value.kind, name) else otherwise()
    having = _having(m, name)
    return any_of(m, value, having, own, otherwise) if having else otherwise()


def called(m: Machine, value: Object, given: tuple, named: dict[str, Any]) -> Any:
    """value(*given, **named)."""
    def own(one: Object) -> Any:
        return m.language.call_value(m, _of_class(m, one, "__call__"), given, named)

    def refused() -> Any:
        e = m.backend.e
        m.native(objects.function, e, "refuse_call", [value], None)
        return objects.box(e, None)

    if value.kind is not None:
        return own(value) if classes.defines(value.kind, "__call__") else refused()
    return any_of(m, value, _having(m, "__call__"), own, refused)


def by_equality(
    m: Machine, container: Object, item: Any, shows: bool, own: Callable[[], Any],
    plainly: Callable[[], Any],
) -> Any:  # fmt: skip
    """own(), if items of a list or the like are to be compared as the program says.

    shows: whether the item's text may be asked for.
    """
    if not _having(m, "__eq__") or container.kind in (dict, set, frozenset, str):
        return plainly()
    e = m.backend.e
    held = [container] if isinstance(item, Number | Text | int | float | str) else [container, item]
    found = m.native(objects.function, e, "compares", [shows, *held], "bool")
    return m.language.choose(m, found, own, plainly)


def comparing(m: Machine, name: str) -> bool:
    """Whether sorted(), min() or max() may have to compare as the program says."""
    methods = ("__gt__", "__lt__") if name == "max" else ("__lt__", "__gt__")
    return any(_having(m, method) for method in methods)


def deciding(m: Machine) -> bool:
    """Whether all() or any() may have to ask the program whether an item is true."""
    return bool(_having(m, "__bool__") or _having(m, "__len__"))


def adding(m: Machine) -> bool:
    """Whether sum() may have to add as the program says."""
    return bool(_having(m, "__add__") or _having(m, "__radd__"))


def operated(
    m: Machine, name: str, left: Any, right: Any, otherwise: Callable[[], Any],
    in_place: bool = False,
) -> Any:  # fmt: skip
    """left <operator> right, where only run time knows whether one is an instance that has it.

    in_place: whether left is assigned the result, and asked for that first.
    """
    reflected = MIRRORED.get(name, f"r{name}")
    asked = [(left, right, f"__{name}__"), (right, left, f"__{reflected}__")]
    if in_place:
        asked.insert(0, (left, right, f"__i{name}__"))

    def from_on(at: int) -> Any:
        if at == len(asked):
            return neither()
        value, other, method = asked[at]
        known = _method_of_known(value, method)
        if known is not None:
            made = m.language.call_value(m, known, (other,), {})
            return _unless_declined(m, made, lambda: after(at))
        if not _having_of(m, value, method):
            return from_on(at + 1)
        made = _any_in_schedule(
            m, method, (value, other), functools.partial(_having_of, m, value, method),
            lambda one, other: m.language.call_value(m, _of_class(m, one, method), (other,), {}),
            lambda: from_on(at + 1),
        )  # fmt: skip
        return _unless_declined(m, made, lambda: after(at))

    def after(at: int) -> Any:
        return from_on(at + 1) if at + 1 < len(asked) else declined()

    def declined() -> Any:
        if name in ("eq", "ne"):
            return m.native(objects.operator, m.backend.e, "is_" if name == "eq" else "is_not",
                            left, right)  # fmt: skip
        return neither()

    def neither() -> Any:
        asks = name not in ("eq", "ne") and any(
            _method_of_known(value, method) or (
                type(value) is Object and classes.is_made(value.kind)
                and classes.defines(value.kind, method))
            for value, _, method in asked)  # fmt: skip
        if asks:  # they have said already that it is not for them
            sign = f"i{name}" if in_place else name
            raise m.raised(_unsupported(m, sign, left, right))
        return otherwise()

    return from_on(0)


def _unsupported(m: Machine, name: str, left: Any, right: Any) -> TypeError:
    """Neither of two operands, one of them an instance that is known now, has a method for it."""
    def shown(value: Any) -> Any:
        if type(value) is Object and value.kind is None:
            name = m.native(objects.function, m.backend.e, "type_name", [value], "str")
            return name, "", ""
        return type_name(value)

    sign = COMPARE.get(name) or BINARY.get(name) or f"{BINARY[name[1:]]}="
    said = numbers.refusal(sign)
    if name in COMPARE:
        said = f"'{sign}' not supported between instances of "
    given = [f"{said}'", shown(left), "' and '", shown(right), "'"]
    return TypeError(m.native(texts.compose, m.backend.e, given))


def _method_of_known(value: Any, name: str) -> MethodType | None:
    """A special method that the program gives an instance that is known now."""
    cls = type(value)
    if not (classes.is_made(cls) and classes.defines(cls, name)):
        return None
    found = vars(classes.holder(cls.__mro__, name))[name]
    return MethodType(found, value) if type(found) is Function else None


def _unless_declined(m: Machine, value: Any, use: Callable[[], Any]) -> Any:
    """What a method of an operator gives, or where that is NotImplemented, use()."""
    if type(value) is Union and any(one is NotImplemented for one in value.choices.values()):
        return m.language.split(m, value, lambda one: _unless_declined(m, one, use))
    return use() if value is NotImplemented else value


def _having_of(m: Machine, value: Any, method: str) -> list[type]:
    """The classes that give a value, one of the run's objects, such a method."""
    may = type(value) is Object and (value.kind is None or classes.defines(value.kind, method))
    return _having(m, method) if may else []


def _any_in_schedule(
    m: Machine, name: str, values: tuple, find: Callable[[], list[type]], use: Callable[..., Any],
    otherwise: Callable[[], Any],
) -> Any:  # fmt: skip
    """use(*values) as a function of the schedule, if the first is an instance of one of the classes
    that are found: so its methods are evaluated once, wherever the program may ask for them."""
    value, e, having = values[0], m.backend.e, find()
    if (len(having) < 2 and len(values) > 1) or not all(isinstance(one, _PASSED) for one in values):
        return any_of(m, value, having, lambda one: use(one, *values[1:]), otherwise)

    def own(first: Object, *others: Any) -> Any:
        *most, last = find()  # there may be more of them by now
        return any_of(m, first, most, lambda one: use(one, *others),
                      lambda: use(Object(e, last, first.native), *others))  # fmt: skip

    is_one = m.native(objects.function, e, "is_of", [value, _numbers(m, having)], "bool")
    return m.language.choose(m, is_one, lambda: in_schedule(m, name, values, own), otherwise)


def in_schedule(m: Machine, name: str, values: tuple, use: Callable[..., Any]) -> Any:
    """use(*values) as a function of the schedule, where nothing has to know how deep it goes."""
    if any(one is RecursionError for entry in m.catching for one in entry):
        return use(*values)
    given = {str(at): one for at, one in enumerate(values)}
    return m.language.in_schedule(
        m, Dispatch.of(m, name), given, lambda inside: use(*inside.values()))


class Dispatch:
    """What the classes of a program do for a special method, as a function of the schedule."""

    def __init__(self, name: str) -> None:
        self.__qualname__ = name
        self._node = self._scope = self

    @staticmethod
    def of(m: Machine, name: str) -> Dispatch:
        return m.dispatches.setdefault(name, Dispatch(name))


_PASSED = Object | Number | Text | int | float | str
"""What instances meet in functions of the schedule."""


def have_texts(m: Machine) -> bool:
    """Whether the program gives instances of the run's texts of their own."""
    return any({"__str__", "__repr__"} & {*classes.special_methods(cls)}
               for cls in known_classes(m))  # fmt: skip


def text(m: Machine, value: Object, conversion: str, spec: str = "") -> Any:
    """The text that the program's classes give, or None where none of them gives one."""
    names = _METHODS_OF_TEXT.get(conversion, ("__repr__",))
    names = names[:1] if spec else names
    having, within = _showing(m, names), _showing(m, ("__repr__",))
    is_container = value.kind in _SHOWING
    if not (having or within) or (value.kind is not None and not (is_container and within)):
        return None
    function, e = "repr" if conversion == "!r" else "str", m.backend.e

    def plain() -> Any:
        if spec:
            return m.native(objects.function, e, "format", [value, spec], "str")
        return m.native(objects.function, e, function, [value], "str")

    def otherwise() -> Any:
        if not within or spec:
            return plain()
        shows = m.native(objects.function, e, "shows", [value, _numbers(m, within)], "bool")
        return m.language.choose(m, shows, lambda: in_schedule(
            m, "__repr__in", (value,), functools.partial(_of_container, m)), plain)

    if is_container or not having:
        return otherwise()
    own = _shown_by(m, names, spec)
    return _any_in_schedule(
        m, f"{names[0]}{spec}", (value,), lambda: _showing(m, names), own, otherwise)


_METHODS_OF_TEXT = {"": ("__format__", "__str__", "__repr__"), "!s": ("__str__", "__repr__")}
"""What texts are asked of first, by conversion; of others `__repr__`."""


def _showing(m: Machine, names: tuple[str, ...]) -> list[type]:
    """The classes of the run's instances that have such a method."""
    return [cls for cls in known_classes(m) if {*names} & {*classes.special_methods(cls)}]


def _shown_by(
    m: Machine, names: tuple[str, ...], spec: str = ""
) -> Callable[[Object], Any]:
    """What gives an instance's text: the first of these methods that its class has."""
    def own(one: Object) -> Any:
        name = next(name for name in names if classes.defines(one.kind, name))
        given = (spec,) if name == "__format__" else ()
        found = m.language.call_value(m, _of_class(m, one, name), given, {})
        if type(found) is Object and found.kind is None:
            return m.native(objects.function, m.backend.e, "text_given", [found, name], "str")
        return found

    return own


def _of_container(m: Machine, whole: Object) -> Any:
    """The text of a container, with those of the instances in it."""
    e, within = m.backend.e, _showing(m, ("__repr__",))
    parts = m.native(objects.function, e, "shown_parts", [whole, _numbers(m, within)], tuple)
    pieces, held, count = m.native(objects.unpack, e, parts, 3)

    def refused() -> Any:
        raise m.raised(TypeError("this is no instance"))

    own = _shown_by(m, ("__repr__",))
    shown = Builtin("shown", lambda one: _any_in_schedule(
        m, "__repr__", (one,), lambda: _showing(m, ("__repr__",)), own, refused))
    text = Builtin("text", lambda one: m.native(objects.function, e, "str", [one], "str"))
    given = pieces, held, m.native(objects.to_number, e, count), shown, text
    return m.language.call_value(m, m.prelude.get("text_with_instances"), given, {})


def _numbers(m: Machine, of: list[type]) -> str:
    return " ".join(str(_number(m, cls)) for cls in of)


_SHOWING = (list, tuple, dict, set, frozenset, deque, OrderedDict, defaultdict)
"""Containers whose texts have those of their items in them."""


def any_of(
    m: Machine, value: Object, having: list[type], use: Callable[[Object], Any],
    otherwise: Callable[[], Any],
) -> Any:  # fmt: skip
    """use(value), if it is an instance of one of these classes."""
    e = m.backend.e
    number = m.native(objects.function, e, "number_of", [value], "int")

    def from_on(at: int) -> Any:
        if at == len(having):
            return otherwise()
        cls = having[at]
        same = m.native(numbers.compare, e, "eq", number, _number(m, cls))
        return m.language.choose(
            m, same, lambda: use(Object(e, cls, value.native)), lambda: from_on(at + 1))

    return from_on(0)


def classes_within(m: Machine, kinds: list[type]) -> list[type]:
    """The classes of the run's instances that inherit from one of these."""
    return [cls for cls in known_classes(m) if issubclass(cls, tuple(kinds))]


_PLAIN = (int, float, str, bool, type(None), list, dict, tuple)


def class_of(m: Machine, value: Object) -> Any:
    """type(value), of an Object of which only run time knows what it is."""
    e = m.backend.e
    numbered = {str(_number(m, cls)): cls for cls in known_classes(m)}
    raised = _builtin_exceptions(m)
    exact = sorted(e.exact, key=lambda cls: cls.__name__)
    choices = [*numbered.items(), *((cls.__name__, cls) for cls in (*_PLAIN, *exact, *raised))]
    names = " ".join(name for name, _ in choices)
    tag = m.native(objects.function, e, "type_tag", [value, names], "int")
    return Union(e, tag.native, {at: cls for at, (_, cls) in enumerate(choices)})


def is_instance(m: Machine, value: Object, kinds: list[type]) -> Any:
    """isinstance(value, kinds) for classes of the program's."""
    inside = [str(_number(m, cls)) for cls in classes_within(m, kinds)]
    given = [value, " ".join(inside)]
    return m.native(objects.function, m.backend.e, "is_of", given, "bool")

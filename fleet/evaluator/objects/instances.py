"""Instances of the program's classes that are objects of the run: see `values.objects`.

In: instances whose class is known, and Objects of which only run time knows what they are. Out:
their attributes and methods. The one idea: such an instance is a dictionary that bears the number
of its class; where its class is not known, the classes that have a name are asked for one by one,
and a method is called with the instance taken for one of the class whose method it is.
"""

from __future__ import annotations

import functools
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from types import MethodType
from typing import Any

import numpy as np

from fleet.evaluator.objects import held_classes, instance_writes, stand_ins
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.objects.held_classes import (
    any_of,
    builtin_exceptions,
    is_equal_by_fields,
    known_classes,
    number_of,
    numbers_of,
)
from fleet.evaluator.objects.instance_reads import (
    answering,
    classes_with,
    has_special,
    held,
    of_class,
)
from fleet.evaluator.objects.provided import BoundBuiltin, Builtin
from fleet.evaluator.state.machine import Machine
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
from fleet.objects.holders import CONTENT
from fleet.objects.instances import type_key


def is_method(m: Machine, owner: Any, name: str) -> bool:
    """Whether a call of a method may be one of an instance whose class only run time knows."""
    return type(owner) is Object and owner.kind is None and bool(m.policy.instances) and bool(
        answering(m, name))  # fmt: skip


def call(m: Machine, owner: Object, name: str, given: tuple, named: dict[str, Any]) -> Any:
    """owner.name(*given, **named), where a class of the program has the method."""
    def own(one: Object) -> Any:
        return m.language.call_value(m, of_class(m, one, name), given, named)

    having = answering(m, name)
    if name not in METHODS:
        if len(having) > 1 and not named and all(map(_is_passed, given)):
            return in_schedule(m, name, (owner, *given), lambda one, *others: _one_by_one(
                m, one, name, answering(m, name),
                lambda found: m.language.call_value(m, of_class(m, found, name), others, {})))
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

    return any_of(m, owner, answering(m, name), own, otherwise)


def _one_by_one(
    m: Machine, value: Object, name: str, having: list[type], use: Callable[[Object], Any]
) -> Any:
    """Take the object for an instance of whichever of these classes it is of."""
    e = m.backend.e
    given = [value, name, numbers_of(m, having)]
    number = m.native(objects.function, e, "class_of", given, "int")

    def taken(cls: type) -> Object:
        return Object(e, cls, value.native)

    def from_on(at: int) -> Any:
        cls = having[at]
        if at == len(having) - 1:
            made = use(taken(cls))
            return _held_alike(m, made) if len(having) > 1 else made
        same = m.native(numbers.compare, e, "eq", number, number_of(m, cls))
        return m.language.choose(
            m, same, lambda: _held_alike(m, use(taken(cls))), lambda: from_on(at + 1))

    return from_on(0)


def _held_alike(m: Machine, value: Any) -> Any:
    """What one of several methods gives: generators as objects of the run, as the others' are."""
    if isinstance(value, Composite) and (classes.of_ours(value, "object_source") is not None
                                         or getattr(value, "hosted", None) is not None):
        return objects.box(m.backend.e, value)
    return value


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
        if name == "__setattr__":
            return Builtin(name, lambda key, given, /: instance_writes.put(
                m, value.owner, key, given, plain=True))  # fmt: skip
        if name == "__delattr__":
            return Builtin(name, lambda key, /: instance_writes.remove(
                m, value.owner, key, plain=True))  # fmt: skip
        raise m.error(f"super().{name} of what only run time knows is not supported")
    return held(m, value.owner, found_in, name)


def special(
    m: Machine, value: Object, name: str, given: tuple, otherwise: Callable[[], Any]
) -> Any:
    """What a special method of the program gives, where the object is of a class that has it."""
    def own(one: Object) -> Any:
        return m.language.call_value(m, of_class(m, one, name), given, {})

    if value.kind is not None:
        return own(value) if has_special(value.kind, name) else otherwise()
    having = classes_with(m, name)
    if not having:
        return otherwise()
    if len(having) > 1 and name in _SHARED:
        return _any_in_schedule(
            m, name, (value, *given), lambda: classes_with(m, name),
            lambda one, *others: _held_alike(
                m, m.language.call_value(m, of_class(m, one, name), others, {})),
            lambda: _held_alike(m, otherwise()))  # fmt: skip
    return any_of(m, value, having, lambda one: _held_alike(m, own(one)),
                  lambda: _held_alike(m, otherwise()))


_SHARED = frozenset(("__contains__", "__getitem__", "__len__", "__setitem__", "__delitem__"))
"""What is one function of the schedule for all classes that have it."""


def as_builtin(m: Machine, value: Any, mapping: bool = False) -> Any:
    """What one of Python's own functions makes of an instance: the list or the like that it stands
    for, or if a `mapping` is wanted, a dictionary by its `keys`; other values as they are."""
    cls = type(value)
    if cls is not Object:
        if not _is_builtin(m, cls, mapping) or (mapping and m.backend.e is None):
            return value
        if stand_ins.is_mapping(m, cls) or not mapping:
            return classes.entries(value)[CONTENT]
        return m.language.call_value(m, m.inner("_mixins")["dict_of"], (value,), {})
    having = [cls for cls in held_classes.of_object(m, value) if _is_builtin(m, cls, mapping)]
    if not having:
        return value

    def own(one: Object) -> Any:
        if stand_ins.is_mapping(m, one.kind) or not mapping:
            return of_class(m, one, CONTENT)
        return m.language.call_value(m, m.inner("_mixins")["dict_of"], (one,), {})

    if value.kind is not None:
        return own(value)
    return any_of(m, value, having, lambda one: objects.box(m.backend.e, own(one)), lambda: value)


def _is_builtin(m: Machine, cls: type, mapping: bool) -> bool:
    return classes.is_made(cls) and (
        has_special(cls, "keys") if mapping else stand_ins.is_one(m, cls))


def as_number(m: Machine, value: Any, *methods: str) -> Any:
    """What an instance says that it is as a number, by the first of these methods that its class
    has; other values as they are."""
    if type(value) is not Object or not methods or not m.policy.instances:
        return value
    first, *rest = methods
    return special(m, value, first, (), lambda: as_number(m, value, *rest))


def called(m: Machine, value: Object, given: tuple, named: dict[str, Any]) -> Any:
    """value(*given, **named)."""
    def own(one: Object) -> Any:
        return m.language.call_value(m, of_class(m, one, "__call__"), given, named)

    def refused() -> Any:
        e = m.backend.e
        m.native(objects.function, e, "refuse_call", [value], None)
        return objects.box(e, None)

    if value.kind is not None:
        return own(value) if classes.defines(value.kind, "__call__") else refused()
    return any_of(m, value, classes_with(m, "__call__"), own, refused)


def by_equality(
    m: Machine, container: Object, item: Any, shows: bool, own: Callable[[], Any],
    plainly: Callable[[], Any],
) -> Any:  # fmt: skip
    """own(), if items of a list or the like are to be compared as the program says.

    shows: whether the item's text may be asked for.
    """
    said = classes_with(m, "__eq__") if shows else _comparing_as_said(m)
    if not said or container.kind in (dict, set, frozenset, str):
        return plainly()
    e = m.backend.e
    held = [container] if isinstance(item, Number | Text | int | float | str) else [container, item]
    found = m.native(objects.function, e, "compares", [shows, *held], "bool")
    return m.language.choose(m, found, own, plainly)


def comparing(m: Machine, name: str) -> bool:
    """Whether sorted(), min() or max() may have to compare as the program says."""
    methods = ("__gt__", "__lt__") if name == "max" else ("__lt__", "__gt__")
    return any(classes_with(m, method) for method in methods)


def ordering(m: Machine) -> bool:
    """Whether the program says which of two instances is less."""
    return any(classes_with(m, method) for method in ("__lt__", "__gt__", "__le__", "__ge__"))


def deciding(m: Machine) -> bool:
    """Whether all() or any() may have to ask the program whether an item is true."""
    return bool(classes_with(m, "__bool__") or classes_with(m, "__len__"))


def adding(m: Machine) -> bool:
    """Whether sum() may have to add as the program says."""
    return bool(classes_with(m, "__add__") or classes_with(m, "__radd__"))


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
            lambda one, other: m.language.call_value(m, of_class(m, one, method), (other,), {}),
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
            raise m.raised(unsupported(m, sign, left, right))
        return otherwise()

    return from_on(0)


def unsupported(m: Machine, name: str, left: Any, right: Any) -> TypeError:
    """Neither of two operands, one of them an instance that is known now, has a method for it."""
    def shown(value: Any) -> Any:
        if type(value) is Object and value.kind is None:
            name = m.native(objects.function, m.backend.e, "type_name", [value], "str")
            return name, "", ""
        return type_name(value)

    sign = COMPARE.get(name) or BINARY.get(name) or (
        "divmod()" if name == "divmod" else f"{BINARY[name[1:]]}=")
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
    if type(value) is not Object or value.kind is not None and not has_special(value.kind, method):
        return []
    if value.kind is not None:
        given = method == "__eq__" and is_equal_by_fields(value.kind)
        return [value.kind] if classes.is_made(value.kind) and not given else []
    return _comparing_as_said(m) if method == "__eq__" else classes_with(m, method)


def _comparing_as_said(m: Machine) -> list[type]:
    """The classes of the run's instances whose `__eq__` the program says."""
    return [cls for cls in classes_with(m, "__eq__") if not is_equal_by_fields(cls)]


def _any_in_schedule(
    m: Machine, name: str, values: tuple, find: Callable[[], list[type]], use: Callable[..., Any],
    otherwise: Callable[[], Any],
) -> Any:  # fmt: skip
    """use(*values) as a function of the schedule, if the first is an instance of one of the classes
    that are found: so its methods are evaluated once, wherever the program may ask for them."""
    value, e, having = values[0], m.backend.e, find()
    few = len(having) < 2 and len(values) > 1 and name.strip("_") not in COMPARE
    if few or not all(isinstance(one, _PASSED) for one in values):
        return any_of(m, value, having, lambda one: use(one, *values[1:]), otherwise)

    def own(first: Object, *others: Any) -> Any:
        *most, last = find()  # there may be more of them by now
        return any_of(m, first, most, lambda one: use(one, *others),
                      lambda: use(Object(e, last, first.native), *others))  # fmt: skip

    is_one = m.native(objects.function, e, "is_of", [value, numbers_of(m, having)], "bool")
    if name.strip("_") in COMPARE:
        values = tuple(map(_of_any_site, values))
    return m.language.choose(m, is_one, lambda: in_schedule(m, name, values, own), otherwise)


def _of_any_site(value: Any) -> Any:
    """A value of which nothing is known by where it was made: comparing asks for no more."""
    return Object(value.e, value.kind, value.native) if type(value) is Object else value


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


def _is_passed(value: Any) -> bool:
    """Whether a function of the schedule for all classes may be given a value."""
    return isinstance(value, _PASSED) or value is None or type(value) is Function or (
        classes.is_made(type(value)) and not classes.is_of_numbers(value))


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
        shows = m.native(objects.function, e, "shows", [value, numbers_of(m, within)], "bool")
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
        found = m.language.call_value(m, of_class(m, one, name), given, {})
        if type(found) is Object and found.kind is None:
            return m.native(objects.function, m.backend.e, "text_given", [found, name], "str")
        return found

    return own


def _of_container(m: Machine, whole: Object) -> Any:
    """The text of a container, with those of the instances in it."""
    e, within = m.backend.e, _showing(m, ("__repr__",))
    parts = m.native(objects.function, e, "shown_parts", [whole, numbers_of(m, within)], tuple)
    pieces, held, count = m.native(objects.unpack, e, parts, 3)

    def refused() -> Any:
        raise m.raised(TypeError("this is no instance"))

    own = _shown_by(m, ("__repr__",))
    shown = Builtin("shown", lambda one: _any_in_schedule(
        m, "__repr__", (one,), lambda: _showing(m, ("__repr__",)), own, refused))
    text = Builtin("text", lambda one: m.native(objects.function, e, "str", [one], "str"))
    given = pieces, held, m.native(objects.to_number, e, count), shown, text
    return m.language.call_value(m, m.prelude.get("text_with_instances"), given, {})


_SHOWING = (list, tuple, dict, set, frozenset, deque, OrderedDict, defaultdict)
"""Containers whose texts have those of their items in them."""


def classes_within(m: Machine, kinds: list[type]) -> list[type]:
    """The classes of the run's instances that inherit from one of these."""
    return [cls for cls in known_classes(m) if issubclass(cls, tuple(kinds))]


_PLAIN = (int, float, str, bool, type(None), list, dict, tuple, set, frozenset, bytes, complex)


def is_of_open_class(value: Any) -> bool:
    """Whether only run time knows type(value): a str may be an item of an array of texts."""
    return isinstance(value, Object) and (
        value.kind is None or (value.kind is str and np.str_ in value.e.scalars))


def class_of(m: Machine, value: Object) -> Any:
    """type(value), of an Object of which only run time knows what it is."""
    e = m.backend.e
    if value.kind is str:
        choices = [("str", str), ("str_", np.str_)]
    else:
        numbered = {str(number_of(m, cls)): cls for cls in known_classes(m)}
        more = sorted(e.exact | e.scalars, key=type_key)
        plain = (*_PLAIN, *more, *builtin_exceptions(m))
        choices = [*numbered.items(), *((type_key(cls), cls) for cls in plain)]
    names = " ".join(name for name, _ in choices)
    tag = m.native(objects.function, e, "type_tag", [value, names], "int")
    return Union(e, tag.native, {at: cls for at, (_, cls) in enumerate(choices)})


def is_instance(m: Machine, value: Object, kinds: list[type]) -> Any:
    """isinstance(value, kinds) for classes of the program's."""
    inside = [str(number_of(m, cls)) for cls in classes_within(m, kinds)]
    given = [value, " ".join(inside)]
    return m.native(objects.function, m.backend.e, "is_of", given, "bool")

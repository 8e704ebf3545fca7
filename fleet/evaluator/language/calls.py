"""Calls: who is called, and with what.

In: a callee and arguments. Out: the call's value. The one idea: functions of the user's program
(and of the prelude) are walked by the evaluator in a frame of their own; everything else is a
Python callable from one of our tables.
"""

from __future__ import annotations

import functools
import typing
from collections.abc import Callable
from types import GenericAlias, MappingProxyType, MethodType, MethodWrapperType
from typing import Any

import numpy as np

from fleet.evaluator.control import regions
from fleet.evaluator.iterators import builtin as iterators
from fleet.evaluator.iterators.positions import held
from fleet.evaluator.language import late_arguments, late_keywords
from fleet.evaluator.language.flow import stepping
from fleet.evaluator.language.functions import call_function
from fleet.evaluator.objects import (
    callbacks,
    held_classes,
    instances,
    lookups,
    operations,
    stand_ins,
)
from fleet.evaluator.objects.functions import LATE, Function
from fleet.evaluator.objects.operations import PLAIN
from fleet.evaluator.objects.provided import BoundBuiltin, Builtin
from fleet.evaluator.state.machine import Machine, Raised
from fleet.evaluator.state.outgrown import may_learn, settled, stand_in_for
from fleet.evaluator.values import (
    classes,
    constants,
    lists,
    numbers,
    objects,
    operators,
    texts,
)
from fleet.evaluator.values.heap import (
    SITED,
    Attributes,
    Dict,
    List,
    Needed,
    Set,
    give_attributes,
    is_late,
    new_serial,
    set_state,
)
from fleet.evaluator.values.sequences import Lazy
from fleet.evaluator.values.then import (
    Number,
    Object,
    Spread,
    Text,
    Then,
    Union,
    is_run_time_list,
)

_Alias = type(typing.Generic[typing.TypeVar("T")])


def call_value(m: Machine, callee: Any, arguments: tuple, keywords: dict[str, Any]) -> Any:
    """callee(*arguments, **keywords)."""
    if type(callee) is Function and Spread not in map(type, arguments):
        return call_function(m, callee, arguments, keywords)
    if Spread in map(type, arguments):
        return late_arguments.call(m, callee, arguments, keywords)
    node, before = m.node, new_serial()
    value = _call_other(m, callee, arguments, keywords)
    return settled(m, node, value, before) if type(value) in SITED and node is not None else value


def _call_other(m: Machine, callee: Any, arguments: tuple, keywords: dict[str, Any]) -> Any:
    """What is not, or not only, a function of the program."""
    if LATE in keywords and callable(callee) and not _takes_late(callee):
        raise m.error("which keyword arguments this call has is known at run time only",
                      "write them one by one")  # fmt: skip
    if type(callee) is Builtin:
        if callee.plainly is not None and not keywords and all(map(_is_plain, arguments)):
            try:
                return callee.plainly(*arguments)
            except Exception:  # told below
                pass
        return m.native(callee, *arguments, **keywords)
    if type(callee) is Union:
        return m.language.split(m, callee, lambda one: call_value(m, one, arguments, keywords))
    if isinstance(callee, MethodType) and isinstance(callee.__func__, Function):
        return call_function(m, callee.__func__, (callee.__self__, *arguments), keywords)
    if isinstance(callee, BoundBuiltin):
        return _call_method(m, callee, arguments, keywords)
    if isinstance(callee, type):
        return _construct(m, callee, arguments, keywords)
    if type(callee) is Object:
        return callbacks.call_object(m, callee, arguments, keywords)
    if isinstance(callee, GenericAlias | _Alias):
        return call_value(m, callee.__origin__, arguments, keywords)
    if isinstance(callee, MethodWrapperType):
        if callee.__name__ == "__init__" and isinstance(callee.__self__, BaseException):
            m.heap.touch(callee.__self__)
            return _foreign(m, callee, arguments, keywords)
        conversion = {"__str__": "!s", "__repr__": "!r"}.get(callee.__name__)
        if conversion and isinstance(callee.__self__, BaseException) and not arguments:
            parts = m.native(texts.of_exception, callee.__self__, conversion)
            return m.native(texts.compose, m.backend.e, parts)
        _known_operands(m, callee, arguments)
    return _foreign(m, callee, arguments, keywords)


def _takes_late(callee: Any) -> bool:
    """Whether its parameters have names that are looked up in `**value` of run time."""
    if isinstance(callee, BoundBuiltin):
        is_format = isinstance(callee.__self__, str) and callee._name == "format"
        return is_format or isinstance(callee.function, Function)
    if isinstance(callee, type) and classes.is_made(callee):
        return isinstance(lookups.maker(callee), Function) or late_keywords.is_named_tuple(callee)
    return callee is dict or late_arguments.takes(callee) or isinstance(callee, Union | Object)


_SIZED = PLAIN | {Dict, Set, tuple, range}


def _is_plain(value: Any) -> bool:
    """Whether nothing of the program's is called when a builtin looks at a value."""
    return type(value) in _SIZED or (type(value) is List and value.run_time is None)


def _foreign(m: Machine, callee: Any, arguments: tuple, keywords: dict[str, Any]) -> Any:
    """Call what the program did not write, with the program's arguments."""
    if not isinstance(callee, Builtin):
        callee = Builtin(getattr(callee, "__name__", type(callee).__name__), callee)
    return m.native(callee, *arguments, **keywords)


def enter_method(m: Machine, callee: BoundBuiltin, arguments: tuple, keywords: dict) -> Any:
    """A method of a builtin value called through Python's own code."""
    try:
        return _call_method(m, callee, arguments, keywords)
    except Raised as raised:
        vars(raised.exception)[classes.PLACE] = raised.location
        raise raised.exception from None


def _call_method(m: Machine, callee: BoundBuiltin, arguments: tuple, keywords: dict) -> Any:
    owner, function = callee.__self__, callee.function
    if isinstance(owner, Object | Text | Number) and function is None:
        return object_method(m, callee, arguments, keywords)
    if function is None:  # f.__call__
        return call_value(m, owner, arguments, keywords)
    if isinstance(function, Function):
        return call_function(m, function, (owner, *arguments), keywords, callee._name)
    if isinstance(owner, str | bytes):
        return _text_method(m, callee, arguments, keywords)
    if callee._name in ("index", "count") and not is_run_time_list(owner) and isinstance(
            owner, list | tuple) and texts.has_run_time((owner, arguments)):  # fmt: skip
        whole = m.native(objects.box, m.backend.e, owner)
        found = BoundBuiltin(callee._name, whole, None, callee._enter)
        return object_method(m, found, arguments, keywords)
    if operations.python_type(owner) in operations.OWN:
        return _container_method(m, callee, arguments, keywords)
    if type(owner) is MappingProxyType and _gets_late(callee, arguments, keywords):
        return _get_or_default(m, owner, *arguments)
    try:
        return _foreign(m, function, arguments, keywords)
    except Needed:
        stand_in_for(m, type(owner))  # where it is a list or dict of a class of the program
        raise


def object_method(
    m: Machine, callee: BoundBuiltin, arguments: tuple, keywords: dict[str, Any]
) -> Any:
    """A method of one of the run's objects, or of a text that run time knows."""
    owner, name, e = callee.__self__, callee._name, m.backend.e
    if name == "sort" and not arguments and (
            keywords.get("key") is not None or instances.comparing(m, "sorted")):
        return objects_sort(m, owner, **keywords)
    whole = name in _TAKING_ALL and not (name == "update" and callee.__self__.kind is not set)
    take = _kept if name in objects.KEPT else all_of if whole else taken
    given = [take(m, value) for value in arguments]
    named = {key: taken(m, value) for key, value in keywords.items()}
    if name in ("index", "count", "remove") and len(given) == 1 and isinstance(owner, Object):
        return instances.by_equality(
            m, owner, given[0], name == "index",
            lambda: call_value(m, m.prelude.get(f"{name}_by_comparing"), (owner, given[0]), {}),
            lambda: m.native(objects.method, e, owner, name, given, named),
        )  # fmt: skip
    if m.policy.instances and name not in objects.KEPT:
        given = [instances.as_builtin(m, one, name == "update") for one in given]
    found = m.native(objects.method, e, owner, name, given, named)
    if name in ("partition", "rpartition") and isinstance(owner, Text):
        return tuple(
            m.native(objects.function, e, owner.kind, [one], owner.kind)
            for one in m.native(objects.unpack, e, found, 3)
        )
    return found


def objects_sort(m: Machine, owner: Object, key: Any = None, reverse: Any = False) -> None:
    """owner.sort(...): keys and comparisons may be the program's to compute."""
    e = m.backend.e
    found = sorted_late(m, owner, key, reverse)
    m.native(objects.function, e, "assign", [owner, slice(None), found], None)


def sorted_late(m: Machine, items: Any, key: Any, reverse: Any) -> Any:
    """sorted(...) of one of the run's objects."""
    e = m.backend.e
    if key is None and not instances.comparing(m, "sorted"):
        return m.native(objects.function, e, "sorted", [items], list, reverse=reverse)
    whole = m.native(objects.function, e, "list", [items], list)
    if type(key) is Builtin and key.less is not None:
        count = m.native(operators.length, e, whole)
        given = whole, count, operations.truth_of(m, reverse), Builtin("less", key.less)
        order = call_value(m, m.prelude.get("order_by"), given, {})
        return m.native(objects.function, e, "picked", [whole, order], list)
    keys = whole if key is None else stepping.keys_of(m, whole, key)

    def plainly() -> Object:
        made = m.native(objects.function, e, "sorted_by", [whole, keys, reverse], list)
        return e.array_lists.holds(made, e.array_lists.content(whole))

    def comparing() -> Object:
        count = m.native(operators.length, e, keys)
        given = keys, count, operations.truth_of(m, reverse)
        order = call_value(m, m.prelude.get("order_by_comparing"), given, {})
        return m.native(objects.function, e, "picked", [whole, order], list)

    return by_comparing(m, keys, "sorted", comparing, plainly)


def by_comparing(
    m: Machine, keys: Object, name: str, comparing: Callable[[], Any], plainly: Callable[[], Any]
) -> Any:
    """comparing(), if the keys are or begin with instances, which compare as the program says, else
    plainly()."""
    if not instances.comparing(m, name):
        return plainly()
    own = m.native(objects.function, m.backend.e, "led_by_instances", [keys], "bool")
    return regions.choose(m, own, comparing, plainly)


def all_of(m: Machine, iterable: Any) -> Any:
    """What there is to be gone through at once: iterables of the program's own as lists, too."""
    return taken(m, stepping.begun(m, iterable))


def _kept(m: Machine, value: Any) -> Any:
    """An argument of a method that keeps it: an iterator stays one."""
    value = held(m, value)
    return value if isinstance(value, iterators.Iterator) else taken(m, value)


def taken(m: Machine, value: Any) -> Any:
    """An argument of a method of run time's: iterators as lists of what is left of them."""
    if isinstance(value, iterators.OfObject):
        return value.object_source()
    if isinstance(value, iterators.Iterator):
        value = stepping.rest(m, value)
    whole = classes.of_ours(value, "as_object")
    if whole is not None:
        return whole()
    if isinstance(value, Lazy):
        value = stepping.collect(m, value)
    if isinstance(value, List) and value.site is None and value.run_time is not None:
        return value.run_time
    return value


_TAKING_ALL = frozenset((
    "extend", "extendleft", "update", "union", "difference", "intersection", "symmetric_difference",
    "difference_update", "intersection_update", "symmetric_difference_update", "issubset",
    "issuperset", "isdisjoint", "join",
))
"""Methods of containers that go through their arguments to the end."""


def _container_method(
    m: Machine, callee: BoundBuiltin, arguments: tuple, keywords: dict[str, Any]
) -> Any:
    """A method of a list, dict or set known now."""
    owner = callee.__self__
    if m.backend.e is not None and callee._name in _TAKING_ALL:
        arguments = tuple(stepping.rest(m, value) if isinstance(value, iterators.Iterator)
                          and not isinstance(value, iterators.OfObject) else value
                          for value in arguments)
    if isinstance(owner, List) and owner.run_time is not None and callee._name in (
            "index", "count"):  # fmt: skip
        given = [taken(m, value) for value in arguments]
        return m.native(
            objects.method, m.backend.e, owner.run_time, callee._name, given, keywords
        )
    if callee._name == "extend" and type(owner) is List and arguments and (
            is_run_time_list(arguments[0])):  # fmt: skip
        return m.native(_extend, m, owner, arguments[0])
    if owner and _gets_late(callee, arguments, keywords):
        if isinstance(owner, dict) and constants.is_constant(owner):
            return m.native(constants.get, m.backend.e, owner, *arguments)
        if constants.stays_known(owner):
            return _get_or_default(m, owner, *arguments)
    try:
        _known_arguments(m, callee, arguments)
        return _foreign(m, callee.function, arguments, keywords)
    except Needed as needed:
        m.heap.outgrown(owner, needed)


def _gets_late(callee: BoundBuiltin, arguments: tuple, keywords: dict[str, Any]) -> bool:
    """Whether it is a dict's `get` of a key that only run time knows."""
    return callee._name == "get" and 0 < len(arguments) < 3 and not keywords and (
        is_late(arguments[0]))


def _get_or_default(m: Machine, owner: Any, key: Any, default: Any = None) -> Any:
    """owner.get(key, default) of a dict of objects that only now knows."""
    there = operations.contains(m, owner, key)
    return regions.choose(m, there, lambda: operations.get_item(m, owner, key), lambda: default)


def _construct(m: Machine, cls: type, arguments: tuple, keywords: dict[str, Any]) -> Any:
    """cls(*arguments): the program's own classes, and those that it may make values of."""
    kind = type(cls)
    if LATE in keywords and late_keywords.is_named_tuple(cls):
        keywords = late_keywords.of_named_tuple(m, cls, arguments, keywords)
    if kind is not type and classes.defines(kind, "__call__"):
        return m.native(kind.__call__, cls, *arguments, **keywords)
    if cls in PLAIN and len(arguments) == 1 and type(arguments[0]) in PLAIN and not keywords:
        try:
            return cls(arguments[0])
        except Exception:  # told below
            pass
    init = lookups.maker(cls) if classes.is_made(cls) else None
    is_empty = init is object.__init__
    if init is not None and not (is_empty and (arguments or keywords)):
        if id(m.node) in m.policy.outgrown and may_learn(m):
            made = held_classes.make(m, cls)
            if m.stand_ins:
                _give_content(m, made, cls)
            if not is_empty:
                call_function(m, init, (made, *arguments), keywords)
            return made
        made = object.__new__(cls)
        learns = m.outside is None or (may_learn(m) and not hasattr(cls, classes.HOLDS))
        site = m.node if learns else None
        if classes.has_site(cls):
            object.__setattr__(made, classes.SITE, (site, new_serial()))
        else:
            own = Attributes(m.heap, (), cls.__name__)
            own.site = site
            object.__setattr__(made, "__dict__", own)
        if m.stand_ins:
            _give_content(m, made, cls)
        if is_empty:
            return made
        result = call_function(m, init, (made, *arguments), keywords)
        if result is not None:
            message = f"__init__() should return None, not '{type(result).__name__}'"
            raise m.raised(TypeError(message))
        return made
    return construct(m, cls, *arguments, **keywords)


def _give_content(m: Machine, made: Any, cls: type) -> None:
    """A new instance of a class of the program gets the list or the like that it stands for."""
    begins = stand_ins.beginning(m, cls)
    if begins is not None:
        call_function(m, begins, (made,), {})


def construct(m: Machine, cls: type, *arguments: Any, **keywords: Any) -> Any:
    """type.__call__(cls, *arguments)."""
    if cls in m.constructors:
        return m.native(m.constructors[cls], *arguments, **keywords)
    special = m.special_classes.get(type(cls))
    if special is not None:
        return m.native(special, cls, *arguments, **keywords)
    if issubclass(cls, np.generic):
        return m.native(_numpy_scalar, m, cls, *arguments)
    if not (classes.is_made(cls) or issubclass(cls, BaseException) or cls in m.given_classes()):
        raise m.error(f"values of the type `{cls.__name__}` cannot be made by calling it")
    if classes.is_made(cls):
        made = Builtin(cls.__name__, functools.partial(_made, m, cls))
        return m.native(made, *arguments, **keywords)
    made = _foreign(m, cls, arguments, keywords)
    if isinstance(made, BaseException):
        give_attributes(m.heap, made)
    return made


def _made(m: Machine, cls: type, *arguments: Any, **keywords: Any) -> Any:
    """As type.__call__ does; the attributes of the new instance say when they came to be."""
    try:
        made = cls.__new__(cls, *arguments, **keywords)
        if type(made) is Object:
            return _begun(m, cls, made, arguments, keywords)
        if not isinstance(made, cls):
            return made
        give_attributes(m.heap, made)
        result = type(made).__init__(made, *arguments, **keywords)
    except Needed:
        stand_in_for(m, cls)
        raise
    except TypeError as mistake:
        if mistake.__traceback__.tb_next is None:  # of the call itself: the program's
            raise mistake.with_traceback(None) from None
        raise
    if result is not None:
        raise TypeError(f"__init__() should return None, not '{type(result).__name__}'")
    return made


def _begun(m: Machine, cls: type, made: Object, arguments: tuple, keywords: dict) -> Object:
    """What `__new__` of the program gives, of the run: `__init__` is called if it is a `cls`."""

    def own() -> None:
        kind = made.kind or cls
        begins = classes.holder(kind.__mro__, "__init__")
        if classes.is_made(begins):
            whole = Object(m.backend.e, kind, made.native)
            call_function(m, vars(begins)["__init__"], (whole, *arguments), keywords)

    if made.kind is None:
        regions.choose(m, instances.is_instance(m, made, [cls]), own, lambda: None)
    elif issubclass(made.kind, cls):
        own()
    return made


def _extend(m: Machine, owner: List, more: List) -> None:
    """A list, run-time or not, with a run-time list at its end."""
    here = owner.run_time
    if here is not None and (here.is_mixed or more.run_time.is_mixed):
        owner += more
        return
    kinds = set(map(numbers.plain_kind_of, owner)) if here is None else {here.kind}
    if kinds - {more.run_time.kind}:
        raise m.heap.outgrown(owner)
    joined = lists.concatenate(m.backend.e, owner, more)
    owner += []  # which is a write to it
    set_state(owner, joined.run_time)


def _known_operands(m: Machine, callee: Any, arguments: tuple) -> None:
    if texts.has_run_time(arguments):
        raise m.error(
            f"{callee.__name__}() of run-time values is not supported", "use the operator"
        )


def _numpy_scalar(m: Machine, kind: type, *arguments: Any) -> Any:
    """np.float32(x) and the like: a scalar, or an array for a sequence."""
    if not arguments or isinstance(arguments[0], str | bytes):
        return kind(*arguments)
    if isinstance(arguments[0], Text):
        arguments = (
            m.constructors[float if kind(0).dtype.kind == "f" else int](*arguments),
        )
    return m.backend.primitives["cast"](arguments[0], kind)


def _known_arguments(m: Machine, callee: Any, arguments: tuple) -> None:
    for value in arguments[:1]:
        if is_run_time_list(value) or isinstance(value, Object | Text):
            owner = callee.__self__
            if isinstance(owner, List) and callee._name in ("append", "insert"):
                continue
            m.heap.outgrown(owner, m.error(
                f"{callee._name}() cannot take a list known at run time only"
            ))  # fmt: skip


def _text_method(
    m: Machine, callee: BoundBuiltin, arguments: tuple, keywords: dict[str, Any]
) -> Any:
    """A method of a known str or bytes."""
    name, text = callee._name, callee.__self__
    if name in ("format", "format_map"):
        return m.native(callee.function, *arguments, **keywords)
    if name == "join" and len(arguments) == 1 and not keywords:
        found = all_of(m, arguments[0])
        if isinstance(found, Object | Text):
            return m.native(objects.method, m.backend.e, text, "join", [found], {})
        operations.require_iterable(m, found, "can only join an iterable")
        if isinstance(found, Then):
            return stepping.join_lazily(m, text, found)
        items = operations.known_items(m, found)
        if any(isinstance(item, Object) for item in items):
            given = List(m.heap, items)
            return m.native(objects.method, m.backend.e, text, "join", [given], {})
        if any(isinstance(item, Text) for item in items):
            return m.native(texts.join, m.backend.e, text, items)
        return m.native(callee.function, items, **keywords)
    if any(map(texts.has_run_time, (*arguments, *keywords.values()))):
        given = [taken(m, value) for value in arguments]
        return m.native(objects.method, m.backend.e, text, name, given, keywords)
    return m.native(callee.function, *arguments, **keywords)

"""The services of the host on the run's objects: operators, functions, methods, unpacking.

In: operands as Python's own objects, and options. Out: results in the same form.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from fleet.diagnostics import FleetError
from fleet.objects.forms import build
from fleet.objects.functions import call_function, call_method, refuse_write
from fleet.objects.holders import named, operands
from fleet.objects.instances import Callback, Instance, type_name


def _contains(container: Any, item: Any) -> bool:
    return item in container


def _set_item(owner: Any, key: Any, value: Any) -> None:
    owner[key] = value


_OPERATORS = """add sub mul truediv floordiv mod pow matmul lshift rshift and_ or_ xor neg pos
    invert eq ne lt le gt ge iadd isub imul itruediv ifloordiv imod ipow imatmul ilshift irshift
    iand ior ixor getitem delitem truth not_ is_ is_not index""".split()

OPERATORS: dict[str, Callable[..., Any]] = {
    **{name: getattr(operator, name) for name in _OPERATORS},
    "contains": _contains,
    "setitem": _set_item,
    "divmod": divmod,
}

_UNASKED = frozenset("neg pos invert getitem delitem setitem index".split())
"""Operators for which the program may not have been asked."""

_WRITING = {"setitem", *(name for name in _OPERATORS if name[:1] == "i" and (
    name[1:] in _OPERATORS or f"{name[1:]}_" in _OPERATORS))}  # fmt: skip
"""Operators that change their first operand, if it is an array."""


def apply_operator(arguments: list[Any], options: Mapping[str, Any]) -> Any:
    """An operator of OPERATORS: option `name`. Raises FleetError for instances' own."""
    name = str(options["name"])
    given, arguments = arguments, operands(name, arguments)
    if any(one is not other for one, other in zip(arguments, given, strict=True)):
        try:
            made = apply_operator(arguments, options)
        except TypeError:
            OPERATORS[name](*named(name, given))
            raise
        return given[0] if name in _WRITING and made is arguments[0] else made
    asked = zip(arguments, (f"__{name}__", "__index__"), strict=False)
    if name in _UNASKED and not isinstance(arguments[0], dict) and any(
            isinstance(one, Instance) and method in one.own for one, method in asked):
        raise FleetError(f"an operator, {name}, of an instance that only run time knows")
    if isinstance(arguments[0], np.ndarray) and name in _WRITING:
        refuse_write()
    if name in ("is_", "is_not") and isinstance(arguments[0], Callback):
        return arguments[0].same(arguments[1], False) == (name == "is_")
    return OPERATORS[name](*arguments)


def unpack(arguments: list[Any], options: Mapping[str, Any]) -> tuple[Any, ...]:
    """An iterable's items: option `count` of them, and with `after` those after a starred list."""
    try:
        items = list(arguments[0])
    except TypeError:
        kind = type_name(arguments[0])
        raise TypeError(f"cannot unpack non-iterable {kind} object") from None
    count, after = int(options["count"]), options.get("after")
    if after is None:
        if len(items) > count:
            raise ValueError(f"too many values to unpack (expected {count})")
        if len(items) < count:
            raise ValueError(f"not enough values to unpack (expected {count}, got {len(items)})")
        return tuple(items)
    least = count + int(after)
    if len(items) < least:
        raise ValueError(
            f"not enough values to unpack (expected at least {least}, got {len(items)})"
        )
    end = len(items) - int(after)
    return (*items[:count], items[count:end], *items[end:])


def edit(arguments: list[Any], options: Mapping[str, Any]) -> tuple[Any, ...]:
    """A list's content after a method of list or an operator, and what that gives."""
    items, *rest = arguments
    items = list(items)
    name = str(options["name"])
    if name in OPERATORS:
        result = OPERATORS[name](items, *rest)
    else:
        result = call_method([items, *rest], options)
    return (items,) if options.get("silent") else (items, result)


def _shown(error: KeyError) -> KeyError:
    """A KeyError whose message is the text that a traceback shows."""
    if not error.args:
        return error
    shown = KeyError(repr(error.args[0]))
    shown.key = error.args[0]
    return shown


def _service(function: Callable[..., Any], several: bool = False) -> Callable[..., Any]:
    @functools.wraps(function)
    def serve(host: Any, arguments: list[Any], options: Mapping[str, Any]) -> Any:
        done = host is not None and host.asked.has_done()
        try:
            result = host.asked.taken() if done else function(arguments, options)
        except KeyError as error:
            raise _shown(error) from error
        if several:
            return result
        return (result,) if options.get("gives", True) else ()

    return serve


def _asks(host: Any, arguments: list[Any], options: Mapping[str, Any]) -> tuple[int]:
    """Perform an operation until it asks something: option `of`, the service, and those of that."""
    return (host.asked.begin(_ASKING[str(options["of"])], arguments, options),)


_ASKING: dict[str, Callable[..., Any]] = {
    "build": build, "operator": apply_operator, "method": call_method, "function": call_function,
}  # fmt: skip
"""Services of operations that may ask."""


SERVICES: dict[str, Callable[..., Any]] = {
    "build": _service(build),
    "operator": _service(apply_operator),
    "method": _service(call_method),
    "function": _service(call_function),
    "unpack": _service(unpack, True),
    "unpacked": _service(unpack),
    "edit": _service(edit, True),
    "asks": _asks,
    "asked": lambda host, arguments, options: (host.asked.operand(*arguments),),
    "answer": lambda host, arguments, options: (host.asked.answer(*arguments),),
}

"""`bytearray`, and what makes bytes, or ints of bytes, where run time knows the parts.

In: ints, texts and iterables of them. Out: bytes as Texts, a bytearray as one of the run's objects.
The one idea: a bytearray changes, so it is always the run's, and whoever makes one asks the host.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fleet.evaluator.iterators.protocol import Iterator
from fleet.evaluator.language import calls
from fleet.evaluator.objects import special_methods
from fleet.evaluator.objects.provided import Builtin
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import classes, objects, texts

_GIVES: dict[tuple[type, str], Any] = {
    (bytes, "fromhex"): "bytes", (bytearray, "fromhex"): bytearray, (int, "from_bytes"): "object",
    (str, "maketrans"): dict,
}  # fmt: skip
"""Class methods that take what run time knows, and what they give."""


def install(m: Machine, constructors: dict[Any, Callable[..., Any]]) -> None:
    """Let programs make bytearrays, and call the class methods of bytes, ints and texts."""
    def make(*arguments: Any, **keywords: Any) -> Any:
        if m.backend.e is None:
            return bytearray(*arguments, **keywords)
        if all(map(_is_known, (*arguments, *keywords.values()))):
            arguments, keywords = (bytes(bytearray(*arguments, **keywords)),), {}
        if len(arguments) == 1 and not keywords:
            arguments = (special_methods.as_index(m, arguments[0]),)
        return _asked(m, "bytearray", bytearray, arguments, keywords)

    constructors[bytearray] = Builtin("bytearray", make, bytearray)
    for (kind, name), gives in _GIVES.items():
        m.class_attributes[kind, name] = _class_method(m, kind, name, gives)


def _is_known(value: Any) -> bool:
    """Whether the host can make bytes of it now, or say why not."""
    return not classes.is_made(type(value)) and not texts.has_run_time(value) and not isinstance(
        value, Iterator)  # fmt: skip


def _class_method(m: Machine, kind: type, name: str, gives: Any) -> Builtin:
    real = getattr(kind, name)

    def method(*arguments: Any, **keywords: Any) -> Any:
        known = not any(map(texts.has_run_time, (*arguments, *keywords.values())))
        if m.backend.e is None or known and kind is not bytearray:
            return real(*arguments, **keywords)
        return _asked(m, f"{kind.__name__}.{name}", gives, arguments, keywords)

    return Builtin(name, method, real)


def _asked(m: Machine, name: str, gives: Any, arguments: tuple, keywords: dict[str, Any]) -> Any:
    given = [objects.shallow(calls.taken(m, one)) for one in arguments]
    return objects.function(m.backend.e, name, given, gives, **keywords)

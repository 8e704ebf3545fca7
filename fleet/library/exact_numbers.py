"""`decimal`, `fractions` and `datetime`: numbers that are exact, and moments.

In: texts, ints and floats. Out: CPython's own Decimals, Fractions and dates, which are objects of
the run. The one idea: what arithmetic gives depends on a context that the program changes as it
goes, and clocks are the run's; so all of it is, like that of arrays, and no value is known before.
"""

from __future__ import annotations

import decimal
import functools
from collections.abc import Callable
from typing import Any

from fleet.evaluator.objects.provided import Builtin, Constant
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import objects
from fleet.evaluator.values.heap import List
from fleet.objects.exact_numbers import CLASSES, CONSTANTS, MADE_BY
from fleet.objects.functions import FUNCTIONS


def exact_number_primitives(m: Machine) -> dict[str, Callable[..., Any]]:
    """For the modules that are written in Python."""
    e = m.backend.e

    def service(name: str, *given: Any, gives: Any = "object", **named: Any) -> Any:
        if e is None:
            return FUNCTIONS[name](*given, **named)
        taken = [objects.shallow(one) if type(one) is List else one for one in given]
        return m.native(objects.function, e, name, taken, gives, **named)

    def made_by(name: str, cls: type) -> Callable[..., Any]:
        return lambda *given, **named: service(name, *given, gives=cls, **named)

    def exact_class(key: str) -> type:
        """A class whose calls make objects of the run."""
        cls = CLASSES[key]
        m.constructors[cls] = Builtin(cls.__name__, made_by(key, cls), cls)
        for name in MADE_BY.get(cls, "").split():
            m.class_attributes[cls, name] = Builtin(
                name, made_by(f"{key}.{name}", cls), getattr(cls, name))
        for name in CONSTANTS.get(cls, ()):
            m.class_attributes[cls, name] = Constant(functools.partial(
                service, "constant_of_class", key, name, gives=type(getattr(cls, name))))
        if e is not None:
            e.exact.add(cls)
        return cls

    return {
        "exact_class": exact_class,
        "begin_decimals": lambda: service("begin_decimals", gives=None),
        "of_decimal_context": lambda name: service(
            "of_decimal_context", name, gives="str" if name == "rounding" else "int"),
        "set_decimal_context": lambda name, value: service(
            "set_decimal_context", name, value, gives=None),
        "decimal_class": lambda name: getattr(decimal, name),
    }  # fmt: skip

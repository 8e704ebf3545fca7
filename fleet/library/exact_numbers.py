"""`decimal` and `fractions`: numbers that are exact, of any length.

In: texts, ints and floats. Out: CPython's own Decimals and Fractions, which are objects of the run.
The one idea: what arithmetic gives depends on a context that the program changes as it goes, so all
of it is the run's, like that of arrays; no number of these classes is known before.
"""

from __future__ import annotations

import decimal
import fractions
from collections.abc import Callable
from typing import Any

from fleet.evaluator.objects.provided import Builtin
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import objects
from fleet.evaluator.values.heap import List
from fleet.objects.functions import FUNCTIONS


def exact_number_primitives(m: Machine) -> dict[str, Callable[..., Any]]:
    """For the modules that are written in Python."""
    e = m.backend.e

    def service(name: str, *given: Any, gives: Any = "object") -> Any:
        if e is None:
            return FUNCTIONS[name](*given)
        taken = [objects.shallow(one) if type(one) is List else one for one in given]
        return m.native(objects.function, e, name, taken, gives)

    def exact_class(name: str) -> type:
        """A class whose calls make objects of the run."""
        cls = _CLASSES[name]

        def make(*given: Any, **named: Any) -> Any:
            if named:
                raise m.error(f"{cls.__name__}() with arguments by name is not supported",
                              "give them by position")  # fmt: skip
            return service(name, *given, gives=cls)

        m.constructors[cls] = Builtin(cls.__name__, make, cls)
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


_CLASSES = {"decimal.Decimal": decimal.Decimal, "fractions.Fraction": fractions.Fraction}

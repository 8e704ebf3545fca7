"""What the host's containers ask of the program in an operation: see `fleet.objects.asking`.

In: an operation that may have to know how instances of a class of the program hash and compare.
Out: what asks and answers, before the operation. The one idea: all operations of a program are
answered by one function of the schedule, so its methods are evaluated once, whoever asks.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from fleet.evaluator.objects import held_classes, instances, operations
from fleet.evaluator.objects.provided import Builtin
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import objects
from fleet.evaluator.values.then import Number
from fleet.ir.core import Value
from fleet.ir.types import i64
from fleet.objects.asking import KINDS


def may_be_asked(m: Machine, ordered: bool = False) -> bool:
    """Whether the run has instances whose class says what their hash is, or what they equal; if
    `ordered`, or which of two is less."""
    if ordered and m.policy.instances and instances.ordering(m):
        return True
    held = held_classes.known_classes(m) if m.policy.instances else ()
    return any(map(held_classes.answers, held))


def answer(
    m: Machine, service: str, operands: Sequence[Value], kinds: Sequence[str],
    options: dict[str, Any],
) -> None:  # fmt: skip
    """Before a service: the program says what it has to know."""
    e = m.backend.e
    (first,) = e.host("asks", operands, kinds, [("int", i64)], of=service, **options)
    instances.in_schedule(m, "answers", (Number(e, "int", first),),
                          functools.partial(_answers, m))  # fmt: skip


def _answers(m: Machine, token: Number) -> Any:
    """Answer questions until the operation is done."""
    kinds = _COMPARED if instances.ordering(m) else _COMPARED[:1]  # without an order
    told = [Builtin("hashed", functools.partial(_hashed, m)), *(
        Builtin(kind, functools.partial(_compared, m, kind)) for kind in kinds)]  # fmt: skip
    return m.language.call_value(m, m.prelude.get("answers"), (token, tuple(told), len(KINDS)), {})


_NONE, _HASH, *_COMPARED = KINDS


def _asked(m: Machine, token: Any, at: int) -> Any:
    return m.native(objects.service, m.backend.e, "asked", [token, at], "object")


def _answered(m: Machine, token: Any, value: Any) -> Any:
    return m.native(objects.service, m.backend.e, "answer", [token, value], "int")


def _hashed(m: Machine, token: Any) -> Any:
    value = m.language.call_value(m, m.builtins["hash"], (_asked(m, token, 0),), {})
    return _answered(m, token, value)


def _compared(m: Machine, kind: str, token: Any) -> Any:
    left, right = _asked(m, token, 0), _asked(m, token, 1)

    def otherwise() -> Any:
        if kind != "eq":
            raise m.raised(instances.unsupported(m, kind, left, right))
        return m.native(objects.operator, m.backend.e, "is_", left, right)

    found = instances.operated(m, kind, left, right, otherwise)
    return _answered(m, token, operations.truth_of(m, found))

"""np.errstate, seterr and geterr: what becomes of divisions by zero, overflows and invalid values.

In: kinds and modes. Out: the machine's modes. The one idea: `warn` and `ignore` are left to those
that show warnings; `raise` is NumPy's own state for what is known now, and checks for what is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from fleet.evaluator.language import calls
from fleet.evaluator.objects import members
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values.heap import Dict

_MODES = ("ignore", "warn", "raise")


def _changed(machine: Machine, function: str, given: dict[str, Any]) -> dict[str, str]:
    """All modes after a call with some. Raises what NumPy raises for what is wrong with them."""
    with np.errstate():
        np.seterr(**given)
    common = given.get("all")
    modes = dict(machine.modes)
    if common is not None:
        modes = dict.fromkeys(modes, common)
    modes |= {kind: mode for kind, mode in given.items() if mode is not None and kind != "all"}
    for kind, mode in modes.items():
        if mode not in _MODES:
            raise machine.error(
                f"np.{function}({kind}={mode!r}) is not supported",
                'use "ignore", "warn" or "raise"',
            )
    return modes


class ErrorState:
    """np.errstate(...): other modes inside."""

    def __init__(self, machine: Machine, **modes: Any) -> None:
        self._machine = machine
        call = modes.pop("call", None)
        if call is not None:
            raise machine.error("the argument `call` of np.errstate is not supported")
        self._modes = modes
        self._before: list[Mapping[str, str]] = []
        _changed(machine, "errstate", modes)

    def __enter__(self) -> None:
        self._before.append(self._machine.modes)
        self._machine.modes = _changed(self._machine, "errstate", self._modes)

    def __exit__(self, *_: object) -> None:
        self._machine.modes = self._before.pop()

    def __call__(self, function: Any) -> Any:
        """As a decorator: the modes while the function runs."""
        wrap = self._machine.prelude.get("in_error_state")
        return calls.call_value(self._machine, wrap, (self, function), {})


members.declare(ErrorState, np.errstate)


def error_table(machine: Machine) -> dict[str, Any]:
    """NumPy's functions about it."""

    def seterr(all: Any = None, divide: Any = None, over: Any = None, under: Any = None,
               invalid: Any = None) -> Dict:  # fmt: skip
        given = {"all": all, "divide": divide, "over": over, "under": under, "invalid": invalid}
        before, modes = machine.modes, _changed(machine, "seterr", given)
        if machine.regions and modes != before:
            raise machine.error(
                "np.seterr under a run-time branch or loop is not supported",
                "call it before, or use `with np.errstate(...):`",
            )
        machine.modes = modes
        return Dict(machine.heap, before)

    return {
        "errstate": lambda **modes: ErrorState(machine, **modes), "seterr": seterr,
        "geterr": lambda: Dict(machine.heap, machine.modes),
    }  # fmt: skip

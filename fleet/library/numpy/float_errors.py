"""np.errstate, seterr and geterr: what becomes of divisions by zero, overflows and invalid values.

In: kinds and modes. Out: the machine's modes. The one idea: `warn` and `ignore` are left to those
that show warnings; the others are NumPy's own state for what is known now, and for what is not they
are checks of what an operation has met, on which the program raises, or writes, or calls.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from fleet.evaluator.language import calls
from fleet.evaluator.objects import attributes, members
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import numbers
from fleet.evaluator.values.float_errors import WORDS
from fleet.evaluator.values.heap import Dict
from fleet.evaluator.values.then import Number


def _changed(machine: Machine, given: dict[str, Any]) -> dict[str, str]:
    """All modes after a call with some. Raises what NumPy raises for what is wrong with them."""
    with np.errstate():
        np.seterr(**given)
    common = given.get("all")
    modes = dict(machine.modes)
    if common is not None:
        modes = dict.fromkeys(modes, common)
    modes |= {kind: mode for kind, mode in given.items() if mode is not None and kind != "all"}
    return modes


def met(m: Machine, kind: str, words: str, said: str, found: dict[str, Number]) -> None:
    """What the program hears of an operation that has met an error of this kind, if it has.

    found: of each kind of error, whether it has met one.
    """
    if m.modes[kind] == "raise":
        e = m.backend.e
        truth = numbers.invert(e, found[kind])
        e.check(truth.native, "FloatingPointError", f"{words} encountered in {said}")
        return
    status: Any = 0
    for at, one in enumerate(WORDS):
        if one in found:
            status = m.native(lambda one=one, at=at, sum=status: sum + found[one] * (1 << at))
    m.language.choose(m, found[kind], lambda: _tell(m, kind, words, said, status), lambda: None)


def _tell_known(m: Machine, line: str) -> None:
    """The same of known values, of which NumPy has said this."""
    words, _, said = line.removeprefix("Warning: ").rstrip("\n").partition(" encountered in ")
    kinds = list(WORDS)
    at = list(WORDS.values()).index(words) if words in WORDS.values() else 2
    _tell(m, kinds[at], words, said, 1 << at)


def _tell(m: Machine, kind: str, words: str, said: str, status: Any) -> None:
    mode, handler = m.modes[kind], m.error_handler
    line = f"Warning: {words} encountered in {said}\n"
    if mode == "print":
        _write(m, m.modules["sys"].get("stderr"), line)
    elif handler is None:
        missing = "no function found." if mode == "call" else "no object with write method found."
        what = "python callback" if mode == "call" else "log"
        raise m.raised(NameError(f"{what} specified for {words} (in  {said}) but {missing}"))
    elif mode == "call":
        calls.call_value(m, handler, (words, status), {})
    else:
        _write(m, handler, line)


def _write(m: Machine, to: Any, line: str) -> None:
    calls.call_value(m, attributes.get_attribute(m, to, "write"), (line,), {})


class ErrorState:
    """np.errstate(...): other modes inside."""

    def __init__(self, machine: Machine, **modes: Any) -> None:
        self._machine = machine
        self._handler = (modes.pop("call"),) if "call" in modes else ()
        self._modes = modes
        _changed(machine, modes)

    def __enter__(self) -> None:
        machine = self._machine
        self._before = machine.modes, machine.error_handler
        machine.modes = _changed(machine, self._modes)
        for handler in self._handler:
            machine.error_handler = handler

    def __exit__(self, *_: object) -> None:
        self._machine.modes, self._machine.error_handler = self._before

    def __call__(self, function: Any) -> Any:
        """As a decorator: the modes while the function runs."""
        wrap = self._machine.prelude.get("in_error_state")
        given = self._modes | ({"call": self._handler[0]} if self._handler else {})
        again = functools.partial(ErrorState, self._machine, **given)
        return calls.call_value(self._machine, wrap, (again, function), {})


members.declare(ErrorState, np.errstate)


def error_table(machine: Machine) -> dict[str, Any]:
    """NumPy's functions about it."""

    def seterr(all: Any = None, divide: Any = None, over: Any = None, under: Any = None,
               invalid: Any = None) -> Dict:  # fmt: skip
        given = {"all": all, "divide": divide, "over": over, "under": under, "invalid": invalid}
        before, modes = machine.modes, _changed(machine, given)
        if machine.regions and modes != before:
            raise machine.error(
                "np.seterr under a run-time branch or loop is not supported",
                "call it before, or use `with np.errstate(...):`",
            )
        machine.modes = modes
        return Dict(machine.heap, before)

    def seterrcall(func: Any) -> Any:
        before = machine.error_handler
        if machine.regions and func is not before:
            raise machine.error(
                "np.seterrcall under a run-time branch or loop is not supported",
                "call it before, or use `with np.errstate(call=...):`",
            )
        machine.error_handler = func
        return before

    machine.tell_float_error = functools.partial(_tell_known, machine)
    return {
        "seterrcall": seterrcall, "geterrcall": lambda: machine.error_handler,
        "errstate": lambda **modes: ErrorState(machine, **modes), "seterr": seterr,
        "geterr": lambda: Dict(machine.heap, machine.modes),
    }  # fmt: skip

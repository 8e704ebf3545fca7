"""The host's floating-point environment: rounding mode and inexact flag, through the C library.

NumPy computes with the host's arithmetic, which is IEEE 754's, so directed rounding is a matter of
setting the host's mode around an operation, and the inexact flag is the host's. Overflow,
underflow and division by zero reach us through NumPy's own error hook, see `Events`.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import platform
from collections.abc import Callable
from typing import Any

import numpy as np

from fleet.emu.faults import Fault

NX, UF, OF, DZ, NV = 1, 2, 4, 8, 16
"""Bits of fflags."""

RNE, RTZ, RDN, RUP, RMM = range(5)
"""Values of frm."""

_EVENT_FLAGS = {"underflow": UF, "overflow": OF, "divide by zero": DZ, "invalid value": 0}

# FE_INEXACT and the rounding modes RTZ, RDN, RUP of <fenv.h>.
_CONSTANTS = {
    "x86_64": (0x20, {RNE: 0x000, RTZ: 0xC00, RDN: 0x400, RUP: 0x800}),
    "aarch64": (0x10, {RNE: 0, RTZ: 0xC00000, RDN: 0x800000, RUP: 0x400000}),
}


class Events:
    """Collects what NumPy reports while it computes, as bits of fflags in `pending`."""

    def __init__(self) -> None:
        self.pending = 0

    def __call__(self, name: str, _flags: int) -> None:
        self.pending |= _EVENT_FLAGS.get(name, 0)

    def watch(self) -> np.errstate:
        """The context in which vector instructions run."""
        return np.errstate(divide="call", over="call", under="call", invalid="ignore", call=self)

    def take(self) -> int:
        pending, self.pending = self.pending, 0
        return pending


class Host:
    """Rounding mode and inexact flag of this process.

    usable: whether there is a way to them
    """

    def __init__(self) -> None:
        machine = platform.machine()
        machine = {"AMD64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
        name = ctypes.util.find_library("m")
        self.usable = False
        if name is None or machine not in _CONSTANTS:
            return
        try:
            library = ctypes.CDLL(name)
            self._set_round = library.fesetround
            self._clear = library.feclearexcept
            self._test = library.fetestexcept
        except (OSError, AttributeError):
            return
        self._inexact, self._modes = _CONSTANTS[machine]
        self.usable = self._works()

    def clear_inexact(self) -> None:
        if self.usable:
            self._clear(self._inexact)

    def inexact(self) -> bool:
        """Whether anything was inexact since `clear_inexact`; False where nobody knows."""
        return self.usable and self._test(self._inexact) != 0

    def rounding(
        self, mode: int, compute: Callable[..., Any], *arguments: object, after: int = RNE
    ) -> Any:
        """Calls `compute` under RNE, RTZ, RDN or RUP, and leaves the mode `after` behind."""
        if not self.usable:
            raise Fault("rounding modes other than to nearest are not supported on this host")
        self._set_round(self._modes[mode])
        try:
            return compute(*arguments)
        finally:
            self._set_round(self._modes[after])

    def _works(self) -> bool:
        """Whether NumPy's arithmetic obeys: 1 + 2**-30 in f32, exact and inexact, up and down."""
        one, tiny = np.ones(9, np.float32), np.full(9, 2.0**-30, np.float32)
        self.usable = True
        self.clear_inexact()
        exact = np.add(one, one)
        quiet = not self.inexact()
        up = self.rounding(RUP, np.add, one, tiny)
        down = self.rounding(RDN, np.add, one, tiny)
        noisy = self.inexact()
        return bool(quiet and noisy and (up > 1).all() and (down == 1).all() and (exact == 2).all())


HOST = Host()

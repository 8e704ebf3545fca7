"""Arithmetic on arrays of floats as the manual wants it, which is not quite as NumPy has it.

In: arrays. Out: arrays, and exceptions in fflags. The one idea: the host computes IEEE 754's
results; what differs is NaNs, which are canonical here, and rounding modes that no host has, for
which `softfloat` computes number by number.
"""

from __future__ import annotations

import numpy as np

from fleet.emu.cpu import ROUNDING_MODE, Cpu
from fleet.emu.vector import softfloat
from fleet.emu.vector.environment import NV, Events

CANONICAL = {
    2: np.array(0x7E00, np.uint16).view(np.float16),
    4: np.array(0x7FC0_0000, np.uint32).view(np.float32),
    8: np.array(0x7FF8_0000_0000_0000, np.uint64).view(np.float64),
}
"""The canonical NaN by bytes of the format."""

FORMAT = {2: softfloat.HALF, 4: softfloat.SINGLE, 8: softfloat.DOUBLE}


class FloatOps:
    """Arithmetic of one vector unit: functions of arrays that report exceptions to its CPU.

    All take the result's array last, or None to make one, and return it.
    """

    def __init__(self, cpu: Cpu, events: Events) -> None:
        self.cpu = cpu
        self.events = events

    @property
    def mode(self) -> int:
        return self.cpu.registers[ROUNDING_MODE]

    # -- NaNs

    def settle(self, out: np.ndarray, *sources: np.ndarray) -> np.ndarray:
        """Makes NaNs canonical, raising NV where they are new or a source was signaling."""
        if has_nan(out):
            self._settle_nans(out, sources)
        return out

    def _settle_nans(self, out: np.ndarray, sources: tuple[np.ndarray, ...]) -> None:
        nan = np.isnan(out)
        inherited = np.zeros(out.shape, np.bool_)
        for source in sources:
            inherited |= np.isnan(source)
            self.check_signaling(source)
        if (nan & ~inherited).any():
            self.cpu.raise_flags(NV)
        out[nan] = CANONICAL[out.itemsize]

    def check_signaling(self, source: np.ndarray) -> None:
        if has_nan(source) and signaling(source).any():
            self.cpu.raise_flags(NV)

    # -- arithmetic

    def arithmetic(self, function: np.ufunc, *arguments: np.ndarray | None) -> np.ndarray:
        *sources, out = arguments
        return self.settle(function(*sources, out), *sources)

    def reversed(
        self, function: np.ufunc, a: np.ndarray, b: np.ndarray, out: np.ndarray | None
    ) -> np.ndarray:
        return self.settle(function(b, a, out), a, b)

    def least(
        self, sign: int, a: np.ndarray, b: np.ndarray, out: np.ndarray | None
    ) -> np.ndarray:
        """minimumNumber of IEEE 754-2019, or the maximum for sign -1: NaNs lose, -0 is below +0."""
        function = np.minimum if sign > 0 else np.maximum
        chosen = function(a, b)
        if np.count_nonzero(chosen) == chosen.size and not has_nan(chosen):
            if out is None:
                return chosen
            out[...] = chosen
            return out
        self.check_signaling(a)
        self.check_signaling(b)
        below = a < b if sign > 0 else a > b
        first_zero = np.signbit(a) if sign > 0 else ~np.signbit(a)
        chosen = np.where(below | ((a == b) & first_zero) | np.isnan(b), a, b)
        chosen = np.where(np.isnan(chosen), CANONICAL[chosen.itemsize], chosen)
        if out is None:
            return chosen
        out[...] = chosen
        return out

    def compare(
        self, function: np.ufunc, quiet: bool, a: np.ndarray, b: np.ndarray, out: None
    ) -> np.ndarray:
        if has_nan(a) or has_nan(b):
            if quiet:
                self.check_signaling(a)
                self.check_signaling(b)
            else:
                self.cpu.raise_flags(NV)
        return function(a, b, out)

    # -- exactly, number by number

    def exactly(self, operation: str, *arguments: np.ndarray | None) -> np.ndarray:
        """Any operation of `softfloat`, in any rounding mode."""
        *sources, out = arguments
        compute, form = softfloat.OPERATIONS[operation], FORMAT[sources[0].itemsize]
        kind = np.dtype(f"u{sources[0].itemsize}")
        lists = [s.view(kind).tolist() for s in np.broadcast_arrays(*sources)]
        results = [compute(form, *numbers, self.mode) for numbers in zip(*lists, strict=True)]
        for _, flags in results:
            self.cpu.raise_flags(flags)
        value = np.array([bits for bits, _ in results], kind).view(sources[0].dtype)
        if out is None:
            return value
        out[...] = value
        return out


def has_nan(x: np.ndarray) -> bool:
    if x.size == 0:
        return False
    highest = x.item(x.argmax())  # a NaN counts as the greatest
    return highest != highest


def signaling(x: np.ndarray) -> np.ndarray:
    """Where x holds signaling NaNs."""
    nan = np.isnan(x)
    if not has_nan(x):
        return nan
    bits = x.view(np.dtype(f"u{x.itemsize}"))
    quiet = bits.dtype.type(1 << FORMAT[x.itemsize].fraction - 1)
    return nan & ((bits & quiet) == 0)

"""Instructions as handlers that the machine steps through: arithmetic, loads, stores.

In: a mnemonic. Out: a function of the registers and the instruction's operands. The one idea: the
lines that translated code has for an instruction (`templates`) cost less than calls of functions,
here too: a handler is these lines between reading and writing the registers.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from fleet.integers import LEAST, MOST, fit
from fleet.vm.device import Device
from fleet.vm.operators import OPERATORS, wrap
from fleet.vm.templates import FUNCTIONS, TEMPLATES

DTYPES = {
    "i1": np.dtype("i1"), "i8": np.dtype("<i1"), "i16": np.dtype("<i2"), "i32": np.dtype("<i4"),
    "i64": np.dtype("<i8"), "f16": np.dtype("<f2"), "f32": np.dtype("<f4"), "f64": np.dtype("<f8"),
}  # fmt: skip

Registers = list
Handler = Callable[[Registers, tuple[int, ...]], int | None]
"""Executes one instruction; a number returned is the next instruction's."""


@cache
def handler_of(mnemonic: str, sources: int) -> Handler:
    """What one of OPERATORS does to registers."""
    letters = "abc"[:sources]
    lines = TEMPLATES.get(mnemonic, (f"{{d}} = {{f}}({', '.join(letters)})",))
    text = "\n    ".join((
        f"def handler(r, o):\n    d, {', '.join(letters)} = o",
        *(f"{letter} = r[{letter}]" for letter in letters),
        *(line.format(d="x", a="a", b="b", c="c", f="f") for line in lines),
        "r[d] = x",
    ))  # fmt: skip
    names: dict[str, Any] = {"LEAST": LEAST, "MOST": MOST, "fit": fit, "wrap": wrap,
                             "f": OPERATORS[mnemonic], **FUNCTIONS}  # fmt: skip
    exec(compile(text, f"<{mnemonic}>", "exec"), names)
    return names["handler"]


def handler_of_action(mnemonic: str, action: Callable) -> Handler:
    """What gives one register's value, or nothing, for those of one or more."""
    if mnemonic.startswith("store."):
        return _store_into(action)
    return _act(action) if mnemonic in ("free", "copy") else _apply(action)


def _apply(function: Callable) -> Handler:
    """A handler for a function of one source register."""

    def apply(r: Registers, o: tuple[int, ...]) -> None:
        r[o[0]] = function(r[o[1]])

    return apply


def _act(function: Callable) -> Handler:
    """A handler for a function of all registers that gives nothing."""

    def act(r: Registers, o: tuple[int, ...]) -> None:
        function(*(r[number] for number in o))

    return act


def _store_into(store: Callable) -> Handler:
    def act(r: Registers, o: tuple[int, ...]) -> None:
        store(r[o[0]], r[o[1]])

    return act


def load_of(
    device: Device, dtype: np.dtype, elements: memoryview, base: int
) -> Callable[[int], int | float]:
    """elements: of the arena, which begins at `base`; empty where they cannot be had so."""
    size, end = dtype.itemsize, base + len(elements) * dtype.itemsize

    def load(address: int) -> int | float:
        if base <= address < end and not address % size:
            return elements[(address - base) // size]
        return device.view(address, dtype, 1)[0].item()

    return load


def store_of(
    device: Device, dtype: np.dtype, elements: memoryview, base: int
) -> Callable[[int | float, int], None]:
    size, end = dtype.itemsize, base + len(elements) * dtype.itemsize
    integer = dtype.kind == "i"
    low = 1 << (8 * size - 1)

    def store(value: int | float, address: int) -> None:
        if integer and not -low <= value < low:
            value = ((value + low) & (2 * low - 1)) - low
        if base <= address < end and not address % size:
            elements[(address - base) // size] = value
        else:
            device.view(address, dtype, 1)[0] = value

    return store

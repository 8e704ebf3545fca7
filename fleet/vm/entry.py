"""Calling a program's entry as a function: values of the host in, values of the host out.

In: a machine whose program has a signature, and numbers and arrays. Out: what the entry returns.
The one idea: an argument is copied once, from the caller's buffer into the arena, or mapped where
it is if it is large, and a result is copied once, back; when a call is over, nothing of it stays.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fleet.diagnostics import FleetError
from fleet.host import Data
from fleet.vm.machine import Machine
from fleet.vm.transfer import Register, TensorForm

LENT_BYTES = 1 << 20
"""Arrays from here on are mapped: the schedule only reads what it is given."""


class Entry:
    """Function 0 of a machine's program.

    parameters, results: the form of each array; None for a number.
    """

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        signature = machine.program.entry
        try:
            self.parameters = [TensorForm.parse(type) for type in signature.parameters]
            self.results = [TensorForm.parse(type) for type in signature.results]
        except ValueError as error:
            raise FleetError(f"the bytecode has a malformed signature: {error}") from error

    def call(self, arguments: Sequence[Data]) -> list[Data]:
        """Raises ProgramError and ProgramExit as the function does."""
        machine = self.machine
        if len(arguments) != len(self.parameters):
            raise FleetError(
                f"the entry takes {len(self.parameters)} arguments and is given {len(arguments)}"
            )
        try:
            registers: list[Register] = []
            for form, value in zip(self.parameters, arguments, strict=True):
                _check(form, value)
                registers += self._given(form, value)
            given = iter(machine.run(registers))
            return [_own(machine.transfer.read(form, given)) for form in self.results]
        finally:
            machine.device.take_back()
            machine.arena.clear()

    def _given(self, form: TensorForm | None, value: Data) -> list[Register]:
        """An argument as registers."""
        transfer = self.machine.transfer
        if form is None or not isinstance(value, np.ndarray) or value.nbytes < LENT_BYTES:
            return transfer.write(form, value)
        flags = value.flags
        if not (flags.c_contiguous and flags.aligned and value.dtype.isnative):
            return transfer.write(form, value)
        return [self.machine.device.lend(value), *transfer.dynamic(form, value)]


def _check(form: TensorForm | None, value: Data) -> None:
    shape = np.shape(value)
    if form is None:
        fits = not shape
    else:
        fits = len(shape) == len(form.shape) and all(
            known in (None, size) for known, size in zip(form.shape, shape, strict=True)
        )
    if not fits:
        taken = "a number" if form is None else f"an array of shape {form}"
        raise FleetError(f"the entry takes {taken} and is given one of shape {shape}")


def _own(value: Data) -> Data:
    """A result that stays when the arena is cleared."""
    return value.copy() if isinstance(value, np.ndarray) else value

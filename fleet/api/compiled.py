"""A function compiled for one kind of arguments: an executable in the emulator, called in place.

In: an evaluated function. Out: calls of it with arrays, and what they did. The one idea: there is
one emulated machine a compilation, with the code and constants mapped once; a call brings its
arguments, runs the entry, takes the results and leaves nothing.
"""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import dataclass
from typing import Any

import numpy as np

from fleet import driver
from fleet.api.arguments import Given, Shape, Specs
from fleet.api.errors import raise_again
from fleet.api.evaluation import Interface
from fleet.api.results import Made
from fleet.diagnostics import FleetError, ProgramError, ProgramExit
from fleet.emu.observer import profile
from fleet.emu.statistics import Counts
from fleet.emulation import EmulatedDevice
from fleet.host import Host
from fleet.ir.core import Operation
from fleet.vm.entry import Entry
from fleet.vm.machine import Machine
from fleet.vm.machine import Statistics as ScheduleCounts


@dataclass(frozen=True)
class Statistics:
    """What one call did.

    bytecode_instructions: of the schedule; launches: of kernels, by name
    instructions, vector_instructions, elements: of machine code, where counting was asked for
    peak_memory: bytes of the arena; seconds: on the device
    """

    bytecode_instructions: int
    launches: dict[str, int]
    peak_memory: int
    seconds: float
    instructions: int | None = None
    vector_instructions: int | None = None
    elements: int | None = None


@dataclass(frozen=True)
class Options:
    """How a function is run: bits of a vector register, whether instructions are counted, how many
    compilations are kept, bytes of the arena, the executor of vector instructions."""

    vlen: int
    count: bool
    maxsize: int
    memory: int
    executor: str


class Compiled:
    """One compilation."""

    def __init__(
        self, name: str, module: Operation, interface: Interface, specs: Specs, shape: Shape,
        options: Options,
    ) -> None:  # fmt: skip
        self.specs = specs
        self.shape = shape
        self.interface = interface
        self._count = options.count
        driver.run_stages(module)
        with tempfile.TemporaryDirectory(prefix="fleet-") as folder:
            elf = os.path.join(folder, f"{name}.elf")
            made = driver.emit(module)
            driver.finish(made, elf, name)
            self._device = EmulatedDevice(
                elf, vlen=options.vlen, count_instructions=options.count,
                executor=options.executor,
            )  # fmt: skip
        if options.count:
            self._device.machine.count_by_address()
        self._host = Host()
        self.assembly, program = made.text, made.bytecode
        self._machine = Machine(program, self._device, self._host, memory=options.memory)
        self._entry = Entry(self._machine)
        self._before = Counts()
        self.kernels = len(program.kernels)

    def is_current(self) -> bool:
        """Whether what was taken from the function's surroundings is as it was."""
        return all(guard() for guard in self.interface.guards)

    def call(self, given: Given) -> Any:
        """The function's result. Raises what the function raises."""
        _refuse_overlaps(self.interface, given)
        machine, host = self._machine, self._host
        host.argv = sys.argv
        host.stdout, host.stderr, host.stdin = sys.stdout, sys.stderr, sys.stdin
        machine.statistics = ScheduleCounts()
        machine.arena.peak = 0
        if self._count:
            self._before = self._device.stats.total
        try:
            with self._device.machine.interrupts:
                returned = self._entry.call(given.values)
        except ProgramError as error:
            raise_again(error, self.interface.classes, self._lost(given))
        except ProgramExit as end:
            raise SystemExit(end.status) from None
        read, written = self.interface.read, self.interface.written
        if read is None:
            raise FleetError("the compiled function has not raised what it always raises")
        values = iter(returned)
        result = read(values, given.outer, Made(host.objects))
        for number in written:
            target = given.buffers[number]
            np.copyto(target, np.asarray(next(values)).view(target.dtype))
        return result

    def _lost(self, given: Given) -> str | None:
        """What is to be said of arrays that a function that raises may have written to."""
        names = ", ".join(f"`{given.owners[number]}`" for number in self.interface.written)
        return f"what the function wrote to {names} before is not there" if names else None

    def statistics(self) -> Statistics:
        """Of the last call."""
        counts = self._machine.statistics
        made = Statistics(
            counts.instructions, dict(counts.launches.most_common()), counts.peak_memory,
            counts.device_seconds,
        )  # fmt: skip
        if not self._count:
            return made
        now, before = self._device.stats.total, self._before
        return Statistics(
            made.bytecode_instructions, made.launches, made.peak_memory, made.seconds,
            now.instructions - before.instructions,
            now.vector_instructions - before.vector_instructions,
            now.elements - before.elements,
        )  # fmt: skip

    def profile(self) -> str:
        """Where instructions were executed, in all calls so far."""
        if not self._count:
            raise FleetError(
                "instructions are not counted", hint="use @fleet.jit(count=True) for a profile"
            )
        return profile(self._device.machine)


def _refuse_overlaps(interface: Interface, given: Given) -> None:
    """An array that is written to must share no memory with what else the function reads."""
    for number in interface.written:
        target, name = given.buffers[number], given.owners[number]
        if _overlaps_itself(target):
            raise FleetError(f"`{name}` is written to, and its elements overlap in memory")
        others = enumerate(zip(given.owners, given.buffers, strict=True))
        rows = [row for at, row in others if at != number]
        rows += [("an array from outside of the function", other) for other in interface.arrays]
        for owner, other in rows:
            if _share(target, other):
                raise FleetError(
                    f"`{name}` is written to, and shares memory with {_quoted(owner)}",
                    hint="give the function a copy of one of them",
                )


def _quoted(owner: str) -> str:
    return owner if " " in owner else f"`{owner}`"


_WORK: Any = 10_000
"""Steps for telling whether strided arrays overlap, which may take very many."""


def _share(a: np.ndarray, b: np.ndarray) -> bool:
    if not np.may_share_memory(a, b):
        return False
    try:
        return bool(np.shares_memory(a, b, max_work=_WORK))
    except (np.exceptions.TooHardError, OverflowError):
        return True


def _overlaps_itself(array: np.ndarray) -> bool:
    """Whether two elements may lie in one place; the axes are in the order of memory."""
    inside = array.itemsize
    for size, stride in zip(reversed(array.shape), reversed(array.strides), strict=True):
        if size > 1 and abs(stride) < inside:
            return array.size > 0
        inside += (size - 1) * abs(stride)
    return False



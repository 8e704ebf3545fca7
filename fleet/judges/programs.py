"""A program's kernels on every layer, and every launch of them in one run.

In: a program, or the file of one of its stages up to `kernels`. Out: its kernels' forms, and a run
of its bytecode that shows each launch to a judge before it happens.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from fleet.driver import lower
from fleet.host import Host
from fleet.ir.core import Operation
from fleet.ir.rewriting.passes import PassManager
from fleet.judges.kernels import Kernel, Launch, kernels_in, note_forms, private_buffers
from fleet.limits import DEFAULT, Limits
from fleet.stages import STAGES, until
from fleet.vm.emit import emit_bytecode
from fleet.vm.loop_device import LoopDevice
from fleet.vm.machine import Machine

KERNEL_STAGES = STAGES[len(until("kernels")) :]
"""The stages whose passes change kernels."""


@dataclass(frozen=True)
class Program:
    """kernels: by name, after every pass. module: at the stage `vm`, as bytecode is made of it."""

    kernels: dict[str, Kernel]
    module: Operation


def program_of(path: str, limits: Limits = DEFAULT) -> Program:
    """Lower a program to the end, keeping its kernels after every pass."""
    module = lower(path, until("kernels"), limits=limits)
    kernels = kernels_in(module)
    schedule = module
    for stage in KERNEL_STAGES:
        lower_kernels(kernels, module, stage.passes)
        if stage.name == "vm":
            schedule = module.clone()
    return Program(kernels, schedule)


def lower_kernels(
    kernels: dict[str, Kernel], module: Operation, passes: Sequence[str]
) -> None:
    """Run passes on a module, and keep the kernels after each."""
    for name in passes:
        PassManager([name], check=False).run(module)
        note_forms(kernels, name, module)


OnLaunch = Callable[[Launch], None]


class ShownDevice(LoopDevice):
    """Runs kernels as loop IR; shows each launch before it happens."""

    def __init__(self, module: Operation, kernels: dict[str, Kernel], show: OnLaunch) -> None:
        super().__init__(module)
        self._known = kernels
        self._show = show
        self._count = 0

    def launch(self, kernel: int, arguments: Sequence[int]) -> None:
        self._count += 1
        function = self.kernels[kernel]
        name = str(function.get("sym_name"))
        if name in self._known:
            values = self.values(kernel, arguments)
            arrays = [value for value in values if isinstance(value, np.ndarray)]
            arrays = arrays[: len(arrays) - private_buffers(function)]
            sizes = [int(value) for value in values if not isinstance(value, np.ndarray)]
            self._show(Launch(name, tuple(arrays), tuple(sizes), self._count))
        super().launch(kernel, arguments)


def run_shown(program: Program, host: Host, show: OnLaunch) -> None:
    """Run a program's bytecode, its kernels as loop IR, each launch shown before it happens."""
    bytecode, arrays = emit_bytecode(program.module)
    device = ShownDevice(program.module, program.kernels, show)
    bytecode.link(device.addresses(arrays))
    Machine(bytecode, device, host).run()

"""A program on every executor, evaluated and compiled once.

In: a program's file, arguments, what stands on standard input. Out: what CPython and each executor
leave behind, or why it is rejected. The one idea: an executor runs what the one before it has left
of the module, so that all of them together cost one compilation.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import fleet.dialects  # noqa: F401  (declares what the interpreter executes)
from fleet.diagnostics import FleetError, FleetErrors
from fleet.driver import emit, finish, run_stages
from fleet.emulation import emulate
from fleet.frontend import build_ir, run_ast
from fleet.host import Host
from fleet.ir.analysis.verifier import verify
from fleet.ir.core import Operation
from fleet.ir.interpreter import Interpreter
from fleet.limits import Limits
from fleet.stage_files import Assembly
from fleet.stages import STAGES, after, until
from fleet.vm.emit import emit_bytecode
from fleet.vm.loop_device import LoopDevice
from fleet.vm.machine import Machine
from tests.evaluator.three_ways import Outcome, outcome_of

EXECUTORS = ("ast", "ir", "vm", "emu")
LIMITS = Limits(steps=3_000_000)
"""Small, so that a loop that never ends while it is unrolled ends soon."""


@dataclass(frozen=True)
class Rejected:
    """What Fleet said instead of running the program."""

    message: str
    invalid: bool = False
    """Whether it is the verifier who said so, of IR that Fleet made itself."""

    def __str__(self) -> str:
        return f"rejected: {self.message}"


class CompiledOnce:
    """A program and what it becomes, as far as anybody has asked."""

    def __init__(self, path: Path, limits: Limits = LIMITS) -> None:
        self.path = path
        self.limits = limits

    def run(self, executor: str, arguments: list[str], stdin: str = "") -> Outcome | Rejected:
        """One run on one of EXECUTORS; ask for them in that order."""
        return outcome(self.path, arguments, stdin, getattr(self, f"_on_{executor}"))

    @cached_property
    def _module(self) -> Operation:
        module = build_ir(self.path, self.limits)
        verify(module)
        return module

    @cached_property
    def _scheduled(self) -> Operation:
        module = self._module
        del self._module  # there is no way back
        run_stages(module, until("vm"))
        return module

    @cached_property
    def _assembly(self) -> Assembly:
        run_stages(self._scheduled, after("vm", STAGES))
        return emit(self._scheduled)

    def _on_ast(self, host: Host) -> None:
        run_ast(self.path, host.argv[1:], host)

    def _on_ir(self, host: Host) -> None:
        Interpreter(self._module, host).run()

    def _on_vm(self, host: Host) -> None:
        bytecode, arrays = emit_bytecode(self._scheduled)
        device = LoopDevice(self._scheduled)
        bytecode.link(device.addresses(arrays))
        Machine(bytecode, device, host).run()

    @cached_property
    def executable(self) -> str:
        """The file that `fleet build` would have written."""
        self._folder = tempfile.TemporaryDirectory(prefix="fleet-")
        elf = str(Path(self._folder.name) / "program.elf")
        finish(self._assembly, elf, self.path.stem)
        return elf

    def _on_emu(self, host: Host) -> None:
        emulate(self.executable, host.argv[1:], host=host)


def outcome(
    path: Path, arguments: list[str], stdin: str, run: Callable[[Host], object]
) -> Outcome | Rejected:
    """What a run leaves behind: output, errors, exit status."""
    try:
        return outcome_of(path, arguments, run, stdin)
    except FleetErrors as errors:
        return Rejected(errors.errors[0].message, True)
    except FleetError as error:
        return Rejected(error.message)


def difference(found: Outcome | Rejected, expected: Outcome) -> str | None:
    """How an executor departs from CPython, in a line."""
    if isinstance(found, Rejected):
        return found.message
    for ours, theirs in zip(found, expected, strict=True):
        if ours != theirs:
            lines = zip(str(ours).splitlines(), str(theirs).splitlines(), strict=False)
            first = next((ours for ours, theirs in lines if ours != theirs), ours)
            return f"departs: {first!r}"
    return None

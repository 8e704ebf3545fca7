"""The executors: a program run on the layer that one wants to look at.

In: a program or an executable, and its arguments. Out: what it prints and its exit status. The one
idea: every layer can run the program, so the first one whose output departs holds the mistake.
"""

from __future__ import annotations

import io
import json
import math
import os
import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from fleet.asm.elf import read_elf
from fleet.diagnostics import ProgramError, ProgramExit
from fleet.driver import EXECUTABLE_STAGES, SECTION, STAGES, Stage, build, bytecode_of, lower, until
from fleet.emu.device import Device as Emulator
from fleet.emu.linux import run_elf
from fleet.frontend.evaluator import run_ast
from fleet.host import Host
from fleet.ir.interpreter import Interpreter
from fleet.ir.passes import PassManager
from fleet.progress import Progress
from fleet.vm.bytecode import decode
from fleet.vm.loop_device import LoopDevice
from fleet.vm.machine import DEFAULT_MEMORY, Machine


class EmulatedDevice(Emulator):
    """The emulator as the bytecode machine's device."""

    def launch(self, kernel: int, arguments: Sequence[int]) -> None:
        self.call(kernel, arguments)


def emulate(
    elf: str,
    arguments: Sequence[str],
    *,
    vlen: int = 256,
    memory: int = DEFAULT_MEMORY,
    stats: bool = False,
    host: Host | None = None,
) -> int:
    """Run an executable in the emulator; its exit status.

    One that Fleet built is run by its bytecode; any other static one from its entry point.
    Raises ProgramError, ProgramExit and, for a bad access, GuestFault.
    """
    image = read_elf(elf)
    section = image.section(SECTION)
    if section is None:
        return run_elf(elf, [elf, *arguments], vlen=vlen)
    program = decode(image.data(section), elf)
    device = EmulatedDevice(elf, vlen=vlen, count_instructions=stats)
    with Progress() as progress:
        launches = 0

        def on_launch(kernel: str) -> None:
            nonlocal launches
            launches += 1
            progress.tick(f"running: {launches} kernels, now {kernel}")

        if host is None:
            host = Host([elf, *arguments], stdout=_Clearing(progress, sys.stdout))
        machine = Machine(program, device, host, memory=memory, on_launch=on_launch)
        try:
            machine.run()
        finally:
            progress.clear()
            if stats:
                print(json.dumps(_statistics(machine, device)), file=sys.stderr)
    return 0


def _statistics(machine: Machine, device: Emulator) -> dict[str, object]:
    counts = device.stats
    return {
        "instructions": counts.instructions,
        "vector_instructions": counts.vector_instructions,
        "vector": dict(counts.vector.most_common()),
        "bytecode_instructions": machine.statistics.instructions,
        "kernels": len(machine.program.kernels),
        "launches": machine.statistics.launches.total(),
        "launches_by_kernel": dict(machine.statistics.launches.most_common()),
        "peak_memory": machine.statistics.peak_memory,
        "device_seconds": round(machine.statistics.device_seconds, 3),
    }


class _Clearing:
    """Standard output that removes the progress line before it writes."""

    def __init__(self, progress: Progress, stream: TextIO) -> None:
        self._progress = progress
        self._stream = stream

    def write(self, text: str) -> int:
        self._progress.clear()
        return self._stream.write(text)

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)


def run(
    program: str,
    arguments: Sequence[str],
    *,
    on: str,
    stage: str = STAGES[0].name,
    vlen: int = 256,
) -> int:
    """Run a program on one executor, or on all; the exit status."""
    if on == "all":
        return compare_all(program, arguments, vlen)
    host = Host([program, *arguments])
    if on == "ir":
        run_stages(program, host, until(stage))
    else:
        _EXECUTORS[on](program, host, vlen)
    return 0


def _run_ast(program: str, host: Host, vlen: int) -> None:
    run_ast(program, host.argv[1:], host)


def run_stages(program: str, host: Host, stages: tuple[Stage, ...]) -> None:
    """Run the IR that these stages make."""
    Interpreter(lower(program, stages), host).run()


def _run_vm(program: str, host: Host, vlen: int) -> None:
    module, bytecode, arrays = bytecode_of(program)
    device = LoopDevice(module)
    bytecode.link(device.addresses(arrays))
    Machine(bytecode, device, host).run()


def _run_emulator(program: str, host: Host, vlen: int) -> None:
    with tempfile.TemporaryDirectory(prefix="fleet-") as folder:
        elf = os.path.join(folder, Path(program).stem + ".elf")
        build(program, elf)
        emulate(elf, host.argv[1:], vlen=vlen, host=host)


_EXECUTORS: dict[str, Callable[[str, Host, int], None]] = {
    "ast": _run_ast,
    "vm": _run_vm,
    "emu": _run_emulator,
}


# -- comparing all of them


@dataclass(frozen=True)
class Outcome:
    """What a run printed, and how it ended: exit status and last line of the error."""

    output: str
    status: int
    error: str = ""

    def __str__(self) -> str:
        ending = f", {self.error}" if self.error else ""
        return f"status {self.status}{ending}, {self.output!r}"


_FLOAT = re.compile(r"-?(?:\d+\.\d*|\d+(?=e))(?:e[+-]?\d+)?|-?\.\d+")
TOLERANCE = 1e-5
"""Relative difference that floats may have: another order of summation, another exp."""


def agrees(got: Outcome, expected: Outcome) -> bool:
    """Whether two runs did the same, the last digits of floats and their padding aside."""
    if (got.status, got.error) != (expected.status, expected.error):
        return False
    if _FLOAT.sub("#", got.output).split() != _FLOAT.sub("#", expected.output).split():
        return False
    pairs = zip(_FLOAT.findall(got.output), _FLOAT.findall(expected.output), strict=True)
    return all(
        math.isclose(float(ours), float(theirs), rel_tol=TOLERANCE, abs_tol=TOLERANCE)
        for ours, theirs in pairs
    )


def outcome(run: Callable[[Host], None], argv: Sequence[str]) -> Outcome:
    """Run something with captured streams."""
    host = Host(argv, stdout=io.StringIO(), stderr=io.StringIO(), stdin=sys.stdin)
    try:
        run(host)
    except ProgramExit as stop:
        return Outcome(host.stdout.getvalue(), stop.status, host.stderr.getvalue().strip())
    except ProgramError as error:
        return Outcome(host.stdout.getvalue(), 1, str(error))
    return Outcome(host.stdout.getvalue(), 0)


def compare_all(program: str, arguments: Sequence[str], vlen: int) -> int:
    """Run every executor; name the first layer, stage and pass whose output departs."""
    argv = [program, *arguments]
    expected = outcome(lambda host: _run_ast(program, host, vlen), argv)
    print(expected.output, end="")
    print(f"{'ast':<10} {expected}", file=sys.stderr)
    for stage in STAGES[: len(EXECUTABLE_STAGES)]:
        got = outcome(lambda host, s=stage: run_stages(program, host, until(s.name)), argv)
        if not _report(f"ir {stage.name}", got, expected):
            _blame(program, argv, stage, expected)
            return 1
    for name in ("vm", "emu"):
        got = outcome(lambda host, n=name: _EXECUTORS[n](program, host, vlen), argv)
        if not _report(name, got, expected):
            return 1
    return expected.status


def _report(layer: str, got: Outcome, expected: Outcome) -> bool:
    same = agrees(got, expected)
    print(f"{layer:<10} {'same' if same else f'departs: {got}'}", file=sys.stderr)
    return same


def _blame(program: str, argv: Sequence[str], stage: Stage, expected: Outcome) -> None:
    """Find the first pass of a stage after which the output departs."""
    position = STAGES.index(stage)
    for count in range(len(stage.passes) + 1):
        module = lower(program, STAGES[:position])
        PassManager(stage.passes[:count]).run(module)
        got = outcome(lambda host, m=module: Interpreter(m, host).run(), argv)
        if not agrees(got, expected):
            name = stage.passes[count - 1] if count else "the stage before"
            print(f"the first pass that departs is {name}", file=sys.stderr)
            return

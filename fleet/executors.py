"""The executors: a program run on the layer that one wants to look at.

In: a program and its arguments. Out: what it prints, and its exit status. The one idea: every layer
can run the program, so a wrong answer can be followed back to where it appears.
"""

from __future__ import annotations

import functools
import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from fleet.dialects.numpy.warnings import show_on
from fleet.driver import build, bytecode_of, lower_given
from fleet.emulation import emulate
from fleet.exporting.onnx.execution.program import run_file
from fleet.following import Following, run_followed
from fleet.frontend import run_ast
from fleet.host import Host
from fleet.ir.core import Operation
from fleet.ir.interpreter import Interpreter
from fleet.judges.instructions import InstructionDevice
from fleet.limits import DEFAULT, Limits
from fleet.original import Original
from fleet.original import run as run_original
from fleet.rooted import Rooted
from fleet.stage_files import SOURCE, read_given
from fleet.stages import BUFFERISED, EXECUTABLE_STAGES, STAGES, TOKENS, TREE, Stage, after, until
from fleet.vm.loop_device import LoopDevice
from fleet.vm.machine import Machine
from fleet.vm.schedule import Schedule


def run_on(
    executor: str,
    argv: Sequence[str],
    *,
    stage: str = STAGES[0].name,
    vlen: int = 256,
    limits: Limits = DEFAULT,
    root: str | None = None,
) -> int:
    """Run a program, `argv[0]`, on one of EXECUTORS; its exit status.

    stage: for `ir`, after which stage of the pipeline; vlen: for `emu`, and for stages from `vm`
    on; limits: what evaluating it may read and take; root: the folder that is "/" to it.
    Raises ProgramError and ProgramExit as the program does.
    """
    host = Host(argv, limits=limits, root=None if root is None else Rooted(root))
    with closing(host.opened):
        EXECUTORS[executor](host, stage, vlen)
    return 0


def run_tree(host: Host) -> None:
    """Evaluate the syntax tree over NumPy."""
    given = read_given(host.argv[0])
    if given.stage not in (SOURCE, TOKENS, TREE):
        raise given.rejects("it has no syntax tree", "run it with --on ir, vm or emu")
    run_ast(given.program, host.argv[1:], host, given.tree)


DEFAULT_VLEN = 256


def run_stages(host: Host, stages: tuple[Stage, ...], vlen: int = DEFAULT_VLEN) -> None:
    """Run the IR that these stages make; IR that is further on as it is."""
    given = read_given(host.argv[0])
    if given.stage in EXECUTABLE_STAGES and after(given.stage, stages) is None:
        stages = until(given.stage)
    name = stages[-1].name if stages else STAGES[0].name
    run_module(lower_given(given, stages, limits=host.limits), name, host, vlen)


def run_module(module: Operation, stage: str, host: Host, vlen: int | None = None) -> None:
    """Run the IR of a stage.

    vlen: of vectors; None for strips as long as the loops, where kernels are no instructions.
    """
    if stage not in BUFFERISED:
        as_emitted = stage == STAGES[0].name  # later, NumPy is asked for other things
        Interpreter(module, host, warn=show_on(host) if as_emitted else None).run()
        return
    if stage == "vm":
        device = LoopDevice(module, vlen)
    else:
        device = InstructionDevice(module, vlen or DEFAULT_VLEN)
    numbers = {str(op.get("sym_name")): number for number, op in enumerate(device.kernels)}
    Schedule(module, device, device.place, numbers, host).run()


def run_bytecode(host: Host) -> None:
    """Run the bytecode, the kernels as loop IR."""
    kept: list[Original | None] = []
    module, bytecode, arrays = bytecode_of(host.argv[0], limits=host.limits, keep=kept.append)
    device = LoopDevice(module)
    bytecode.link(device.addresses(arrays))
    (source,) = kept
    following = None
    if source is not None and not host.warned.ignored:
        following = Following(host, functools.partial(run_original, source.kept))
    begin = None if following is None else following.begin
    machine = Machine(bytecode, device, host, on_doubt=begin)
    run_followed(machine.run, following)


def run_executable(host: Host, vlen: int) -> None:
    """Build an executable and run it in the emulator."""
    with tempfile.TemporaryDirectory(prefix="fleet-") as folder:
        elf = os.path.join(folder, Path(host.argv[0]).stem + ".elf")
        build(host.argv[0], elf, limits=host.limits)
        emulate(elf, host.argv[1:], vlen=vlen, host=host)


Executor = Callable[[Host, str, int], None]
"""(host, stage, vlen) -> nothing."""

OF_PROGRAMS: dict[str, Executor] = {
    "ast": lambda host, stage, vlen: run_tree(host),
    "ir": lambda host, stage, vlen: run_stages(host, until(stage), vlen),
    "vm": lambda host, stage, vlen: run_bytecode(host),
    "emu": lambda host, stage, vlen: run_executable(host, vlen),
}
"""By name, in the order of the layers."""

EXECUTORS: dict[str, Executor] = {
    **OF_PROGRAMS,
    "onnx": lambda host, stage, vlen: run_file(host.argv, host.stdout),
}
"""Those of programs, and that of exported graphs."""

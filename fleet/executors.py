"""The executors: a program run on the layer that one wants to look at.

In: a program and its arguments. Out: what it prints, and its exit status. The one idea: every layer
can run the program, so a wrong answer can be followed back to where it appears.
"""

from __future__ import annotations

import functools
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from fleet.dialects.numpy_warnings import show_on
from fleet.driver import STAGES, Stage, build, bytecode_of, lower, until
from fleet.emulation import emulate
from fleet.following import Following, run_followed
from fleet.frontend import run_ast
from fleet.host import Host
from fleet.ir.interpreter import Interpreter
from fleet.limits import DEFAULT, Limits
from fleet.original import Original
from fleet.original import run as run_original
from fleet.vm.loop_device import LoopDevice
from fleet.vm.machine import Machine


def run_on(
    executor: str,
    argv: Sequence[str],
    *,
    stage: str = STAGES[0].name,
    vlen: int = 256,
    limits: Limits = DEFAULT,
) -> int:
    """Run a program, `argv[0]`, on one of EXECUTORS; its exit status.

    stage: for `ir`, after which stage of the pipeline; vlen: for `emu`; limits: what
    evaluating it may read and take.
    Raises ProgramError and ProgramExit as the program does.
    """
    EXECUTORS[executor](Host(argv, limits=limits), stage, vlen)
    return 0


def run_tree(host: Host) -> None:
    """Evaluate the syntax tree over NumPy."""
    run_ast(host.argv[0], host.argv[1:], host)


def run_stages(host: Host, stages: tuple[Stage, ...]) -> None:
    """Run the IR that these stages make."""
    module = lower(host.argv[0], stages, limits=host.limits)
    as_emitted = all(not stage.passes for stage in stages)  # else NumPy is asked for other things
    Interpreter(module, host, warn=show_on(host) if as_emitted else None).run()


def run_bytecode(host: Host) -> None:
    """Run the bytecode, the kernels as loop IR."""
    kept: list[Original | None] = []
    module, bytecode, arrays = bytecode_of(
        host.argv[0], limits=host.limits, keep=kept.append
    )
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


EXECUTORS: dict[str, Callable[[Host, str, int], None]] = {
    "ast": lambda host, stage, vlen: run_tree(host),
    "ir": lambda host, stage, vlen: run_stages(host, until(stage)),
    "vm": lambda host, stage, vlen: run_bytecode(host),
    "emu": lambda host, stage, vlen: run_executable(host, vlen),
}
"""Name -> (host, stage, vlen) -> nothing, in the order of the layers."""

"""Runs a program on each executor, building and running being two moments."""

from __future__ import annotations

import io
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "evaluator"))

from three_ways import Outcome, by_cpython  # noqa: E402

import fleet.dialects  # noqa: F401  (declares what the interpreter executes)
from fleet.diagnostics import ProgramError, ProgramExit  # noqa: E402
from fleet.driver import build, bytecode_of  # noqa: E402
from fleet.emulation import emulate  # noqa: E402
from fleet.frontend import build_ir, run_ast  # noqa: E402
from fleet.host import Host  # noqa: E402
from fleet.ir.analysis.verifier import verify  # noqa: E402
from fleet.ir.interpreter import Interpreter  # noqa: E402
from fleet.vm.loop_device import LoopDevice  # noqa: E402
from fleet.vm.machine import Machine  # noqa: E402

__all__ = ["EXECUTORS", "Outcome", "Program", "by_cpython", "run_on"]


def _tree(path: Path) -> Callable[[Host], object]:
    return lambda host: run_ast(path, host.argv[1:], host)


def _ir(path: Path) -> Callable[[Host], object]:
    module = build_ir(path)
    verify(module)
    return lambda host: Interpreter(module, host).run()


def _bytecode(path: Path) -> Callable[[Host], object]:
    module, bytecode, arrays = bytecode_of(str(path))

    def run(host: Host) -> None:
        device = LoopDevice(module)
        bytecode.link(device.addresses(arrays))
        Machine(bytecode, device, host).run()

    return run


def _executable(path: Path) -> Callable[[Host], object]:
    elf = str(path.with_suffix(".elf"))
    build(str(path), elf)
    return lambda host: emulate(elf, host.argv[1:], vlen=256, host=host)


EXECUTORS = {"ast": _tree, "ir": _ir, "vm": _bytecode, "emu": _executable}
"""Name -> builder: path -> what runs the built program."""


class Program:
    """A program that is built for an executor, and then run as often as one likes."""

    def __init__(self, executor: str, path: Path) -> None:
        self.path = path
        self._run = EXECUTORS[executor](path)

    def run(self, arguments: list[str]) -> Outcome:
        host = Host([str(self.path), *arguments], io.StringIO(), io.StringIO(), io.StringIO())
        status, text = 0, ""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._run(host)
        except ProgramExit as leaving:
            status = leaving.status
        except ProgramError as error:
            status, text = 1, str(error)
        return host.stdout.getvalue(), (host.stderr.getvalue() + text).strip(), status


def run_on(
    executor: str,
    path: Path,
    arguments: list[str],
    before_run: Callable[[], object] = lambda: None,
) -> Outcome:
    """Build, let the world change, run."""
    program = Program(executor, path)
    before_run()
    return program.run(arguments)

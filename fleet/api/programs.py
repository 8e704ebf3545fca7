"""Whole programs from Python: what `fleet build` and `fleet run` do, as functions.

In: a program's path. Out: an executable, what a run printed, or the IR after a stage. The one idea:
nothing here goes to the terminal or to files that were not asked for.
"""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fleet import driver
from fleet.codegen.emit import emit_assembly
from fleet.diagnostics import FleetError, ProgramError, ProgramExit
from fleet.emulation import emulate
from fleet.executors import EXECUTORS
from fleet.files import write_whole
from fleet.host import Host
from fleet.ir.core import Operation
from fleet.ir.printing.printer import print_op
from fleet.limits import STEPS, Limits
from fleet.program_warnings import program_warnings
from fleet.rooted import Rooted
from fleet.stages import ASSEMBLY, BYTECODE, EXECUTABLE_STAGES, STAGES
from fleet.stages import until as until_stage
from fleet.vm.emit import emit_bytecode
from fleet.vm.listing import print_listing

PathLike = str | os.PathLike[str]

TEXTS = (BYTECODE, ASSEMBLY)
"""What follows the stages of the pipeline, as text only."""


@dataclass(frozen=True)
class Result:
    """What a run printed, and its exit status."""

    stdout: str
    stderr: str
    status: int

    def check(self) -> Result:
        """This result, if the program ended well. Raises FleetError with what it printed."""
        if self.status:
            last = self.stderr.strip().rpartition("\n")[2]
            raise FleetError(f"the program ended with status {self.status}: {last}")
        return self


@dataclass(frozen=True)
class Lowered:
    """A program after a stage: its IR, and the text of that; or the text of what follows it."""

    stage: str
    module: Operation
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Executable:
    """An executable that was built: an ELF file's bytes."""

    program: str
    data: bytes
    kernels: int
    seconds: float

    def __bytes__(self) -> bytes:
        return self.data

    def __len__(self) -> int:
        return len(self.data)

    def __repr__(self) -> str:
        return f"<Executable of {self.program}: {len(self):,} bytes, {self.kernels} kernels>"

    def write(self, path: PathLike) -> Path:
        """Write the ELF file, whole or not at all. Raises FleetError."""
        target = Path(path)
        write_whole(target, lambda file: file.write(self.data), 0o777)
        return target

    def run(
        self, *arguments: str, input: str = "", vlen: int = 256, root: PathLike | None = None
    ) -> Result:
        """Run it in the emulator.

        input: what it finds on standard input; root: the folder that is "/" to it
        """
        with tempfile.TemporaryDirectory(prefix="fleet-") as folder:
            elf = Path(folder, Path(self.program).stem + ".elf")
            self.write(elf)

            def run(host: Host) -> None:
                emulate(str(elf), list(arguments), vlen=vlen, host=host)

            return _observed([str(elf), *arguments], input, run, root=root)


class _Clean:
    """Rejections come without the calls within Fleet that led to them."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, FleetError):
            raise error.with_traceback(None) from None


def build(
    path: PathLike, *, allow_read: Sequence[PathLike] = (), budget: int = STEPS
) -> Executable:
    """Compile a program. Raises FleetError for what is not supported.

    allow_read: folders, beside the program's own, where files may be read meanwhile
    budget: how many statements, iterations and operations that may take
    """
    program = os.fspath(path)
    temporary = tempfile.TemporaryDirectory(prefix="fleet-")
    with temporary as folder, program_warnings(shown=True), _Clean():
        elf = Path(folder, Path(program).stem + ".elf")
        report = driver.build(program, elf, limits=_limits(allow_read, budget))
        return Executable(program, elf.read_bytes(), report.kernels, report.seconds)


def run(
    path: PathLike,
    *arguments: str,
    on: str = "emu",
    input: str = "",
    stage: str = STAGES[0].name,
    vlen: int = 256,
    allow_read: Sequence[PathLike] = (),
    budget: int = STEPS,
    root: PathLike | None = None,
) -> Result:
    """Run a program; what it prints. Raises FleetError for what is not supported.

    on: ast (the syntax tree over NumPy), ir, vm (the bytecode) or emu (the executable); onnx
        for a file of `fleet export`, with arguments such as x=x.npy
    stage: with `ir`, after which stage of the pipeline; input: what is on standard input
    root: the folder that is "/" to the program when it opens files; None: there are none
    """
    if on not in EXECUTORS:
        raise FleetError(f"there is no executor {on!r}", hint=f"these are: {', '.join(EXECUTORS)}")
    if stage not in EXECUTABLE_STAGES:
        known = ", ".join(EXECUTABLE_STAGES)
        raise FleetError(f"no stage {stage!r} can be run", hint=f"these can: {known}")
    limits = _limits(allow_read, budget)
    argv = [os.fspath(path), *arguments]
    return _observed(argv, input, lambda host: EXECUTORS[on](host, stage, vlen), limits, root)


def lower(
    path: PathLike,
    until: str = STAGES[0].name,
    *,
    allow_read: Sequence[PathLike] = (),
    budget: int = STEPS,
) -> Lowered:
    """A program after a stage of the pipeline. Raises FleetError.

    until: the name of a stage, or `bytecode` or `assembly` for the text of these
    """
    names = [stage.name for stage in STAGES]
    if until not in (*names, *TEXTS):
        raise FleetError(
            f"there is no stage {until!r}", hint=f"these are: {', '.join((*names, *TEXTS))}"
        )
    last = {BYTECODE: "vm", ASSEMBLY: names[-1]}.get(until, until)
    with program_warnings(shown=True), _Clean():
        limits = _limits(allow_read, budget)
        module = driver.lower(os.fspath(path), until_stage(last), limits=limits)
    if until == BYTECODE:
        return Lowered(until, module, print_listing(emit_bytecode(module)[0]))
    if until == ASSEMBLY:
        return Lowered(until, module, emit_assembly(module))
    return Lowered(until, module, print_op(module))


def _limits(allow_read: Sequence[PathLike], budget: int) -> Limits:
    return Limits(tuple(os.fspath(folder) for folder in allow_read), budget)


def _observed(
    argv: Sequence[str], input: str, run: Callable[[Host], None], limits: Limits | None = None,
    root: PathLike | None = None,
) -> Result:  # fmt: skip
    """What a run writes to its streams, and how it ends."""
    stdout, stderr = io.StringIO(), io.StringIO()
    host = Host(argv, stdout, stderr, io.StringIO(input), limits or Limits())
    host.root = None if root is None else Rooted(os.fspath(root))
    status = 0
    with (
        contextlib.redirect_stderr(stderr), program_warnings(shown=True), _Clean(),
        contextlib.closing(host.opened),
    ):  # fmt: skip
        try:
            run(host)
        except ProgramExit as end:
            status = end.status
        except ProgramError as error:
            print(error.render(), file=stderr)
            status = 1
    return Result(stdout.getvalue(), stderr.getvalue(), status)

"""The pipeline as a list of named stages, and what is made from its end.

In: a program's path. Out: the IR after any stage, or an executable. The one idea: a stage is a
name and a list of passes; everything that a user can dump, stop at or run is a stage.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import fleet.codegen  # noqa: F401 - registers the passes of the back end
import fleet.dialects  # noqa: F401 - declares the operations
import fleet.passes  # noqa: F401 - registers the passes of the middle
import fleet.vm.lower  # noqa: F401 - registers the schedule's
from fleet.asm.assembler import assemble
from fleet.asm.link.executable import write_executable
from fleet.asm.link.linker import link
from fleet.asm.objects.elf import read_elf
from fleet.asm.show.listing import list_elf
from fleet.codegen.emit import emit_assembly
from fleet.diagnostics import FleetError
from fleet.files import check_output, reason_of, write_text
from fleet.frontend import build_ir
from fleet.ir.core import Operation
from fleet.ir.parser import load, parse_module
from fleet.ir.passes import PassManager
from fleet.ir.printer import print_op, save
from fleet.ir.resources import ResourceFile
from fleet.kept import SECTION as KEPT
from fleet.limits import DEFAULT, Limits
from fleet.original import Original, original
from fleet.syntax import tree
from fleet.syntax.lexer import print_tokens, tokenize
from fleet.syntax.parser import parse
from fleet.syntax.source import read_source
from fleet.vm.bytecode import SECTION, Program, Watched
from fleet.vm.emit import emit_bytecode
from fleet.vm.listing import print_listing

OnStage = Callable[[str], None]
"""Told the name of each step as it begins."""


@dataclass(frozen=True)
class Stage:
    """A step of the pipeline: its passes, and what one sees in its dump."""

    name: str
    passes: tuple[str, ...]
    description: str


CONSTANTS = "constants.npz"
"""The file that all dumps of one compilation keep their large constants in."""

CLEAN = ("canonicalize", "cse", "dce")

STAGES = (
    Stage("numpy", (), "NumPy's functions, as the front end emits them"),
    Stage(
        "outlined",
        ("strip-warnings", "dce", "outline", *CLEAN, "symbol-dce"),
        "repeated calls are functions",
    ),
    Stage("shapes", ("infer-shapes", *CLEAN), "equal sizes are one value"),
    Stage("tosa", ("numpy-to-tosa", *CLEAN), "tosa, arith, math, tensor"),
    Stage("linalg", ("tosa-to-linalg", *CLEAN), "iteration spaces over tensors"),
    Stage(
        "fused",
        ("push-slices", "sink-slices", "fuse", *CLEAN),
        "producers inside their consumers",
    ),
    Stage(
        "kernels",
        ("form-kernels", "carry-scalars", *CLEAN, "symbol-dce", "mark-doubtful"),
        "each group a function",
    ),
    Stage("loops", ("linalg-to-loop",), "kernels as loop nests over buffers"),
    Stage(
        "vector",
        (
            "fuse-loops",
            "contract",
            "vectorise",
            "unroll-and-jam",
            "shrink-scratch",
            "expand-math",
        ),
        "strips of vectors, register blocks",
    ),
    Stage("vm", ("schedule-to-vm", "canonicalize", "cse"), "the schedule: buffers, branches"),
    Stage(
        "rv",
        ("select-instructions", "insert-vsetvli"),
        "RISC-V instructions on virtual registers",
    ),
    Stage("allocated", ("allocate-registers",), "and on real ones"),
)
"""The pipeline, in order."""

EXECUTABLE_STAGES = tuple(stage.name for stage in STAGES[:9])
"""Stages that the IR executor runs (`fleet run --on ir --stage …`)."""


def until(name: str) -> tuple[Stage, ...]:
    """The stages up to and including the named one."""
    names = [stage.name for stage in STAGES]
    return STAGES[: names.index(name) + 1]


class Dump:
    """Numbered files of one compilation in a folder; large constants share one .npz file."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FleetError(f"cannot write dumps to {folder}: {reason_of(error)}") from None
        self.constants = ResourceFile(self.folder / CONSTANTS)
        self._count = 0

    def path(self, name: str) -> Path:
        numbered = self.folder / f"{self._count:02}-{name}"
        self._count += 1
        return numbered

    def text(self, name: str, text: str) -> None:
        write_text(self.path(name), text)

    def module(self, name: str, module: Operation) -> None:
        save(module, self.path(f"{name}.mlir"), self.constants)


def lower(
    program: str,
    stages: tuple[Stage, ...] = STAGES,
    *,
    dump: Dump | None = None,
    on_stage: OnStage | None = None,
    check: bool = False,
    limits: Limits = DEFAULT,
    emitted: Callable[[Operation], None] | None = None,
) -> Operation:
    """The program's module after these stages. `check` verifies after every pass.

    limits: what evaluating the program may read and take; emitted: shown the module before them.
    """
    tell = on_stage or (lambda name: None)
    if dump is not None:
        source = read_source(program)
        dump.text("tokens.txt", print_tokens(tokenize(source, program)))
        dump.text("tree.txt", tree.dump(parse(source, program), indent=2) + "\n")
    tell("evaluating the program")
    module = build_ir(program, limits)
    if emitted is not None:
        emitted(module)
    for stage in stages:
        tell(stage.description)
        PassManager(stage.passes, check=check).run(module)
        if dump is not None:
            dump.module(stage.name, module)
    return module


@dataclass
class Report:
    """What a build made."""

    path: str
    size: int
    kernels: int
    seconds: float

    def summary(self) -> str:
        return (
            f"{self.path}: {self.size:,} bytes, {self.kernels} kernels, "
            f"built in {self.seconds:.2f} s"
        )


def build(
    program: str,
    output: str | Path,
    *,
    dump: str | Path | None = None,
    on_stage: OnStage | None = None,
    limits: Limits = DEFAULT,
) -> Report:
    """Compile a program to an executable file."""
    started = time.perf_counter()
    check_output(output, program)
    dumps = None if dump is None else Dump(dump)
    kept: list[Original | None] = []
    module = lower(
        program, dump=dumps, on_stage=on_stage, limits=limits,
        emitted=lambda module: kept.append(original(module)),
    )  # fmt: skip
    (source,) = kept
    tell = on_stage or (lambda name: None)
    tell("bytecode")
    bytecode, arrays = emit_bytecode(module)
    _watch(bytecode, source)
    tell("assembling")
    assembly = emit_assembly(module) + START
    if dumps is not None:
        dumps.text("kernels.s", assembly)
    name = Path(program).stem
    image = link(
        [assemble(assembly, f"{name}.s")],
        arrays=arrays.items(),
        directory=os.getcwd(),
    )
    bytecode.link(image.addresses)
    image.add_section(SECTION, bytecode.encode())
    if source is not None:
        image.add_section(KEPT, source.kept.encode(arrays))
    if dumps is not None:
        dumps.text("bytecode.txt", print_listing(bytecode))
    tell("writing")
    size = write_executable(output, image)
    if dumps is not None:
        dumps.text("listing.txt", "\n".join(list_elf(read_elf(output))) + "\n")
    return Report(str(output), size, len(bytecode.kernels), time.perf_counter() - started)


def bytecode_of(
    program: str,
    on_stage: OnStage | None = None,
    limits: Limits = DEFAULT,
    keep: Callable[[Original | None], None] | None = None,
) -> tuple[Operation, Program, dict[str, np.ndarray]]:
    """For devices that run loop IR: the module after `vm`, its bytecode, its constants.

    keep: given what says of which NumPy warns, if there is anything to warn of.
    """
    kept: list[Original | None] = []
    module = lower(
        program, until("vm"), on_stage=on_stage, limits=limits,
        emitted=lambda module: kept.append(original(module)),
    )  # fmt: skip
    bytecode, arrays = emit_bytecode(module)
    _watch(bytecode, kept[0])
    if keep is not None:
        keep(kept[0])
    return module, bytecode, arrays


def _watch(bytecode: Program, source: Original | None) -> None:
    """Have the run look for what NumPy may warn of, if there is any."""
    if source is None:
        bytecode.watched = Watched()
        return
    bytecode.watched.always = source.always
    bytecode.watched.places = [
        number
        for number, place in enumerate(bytecode.places)
        if (place.file, place.line, place.column) in source.places
    ]


def optimise(file: str, pipeline: str, *, generic: bool = False) -> str:
    """Read IR text (`-`: standard input), run passes, give the text."""
    if file == "-":
        module = parse_module(sys.stdin.read(), "<stdin>")
    else:
        shared = Path(file).parent / CONSTANTS
        module = load(file, shared if shared.exists() else None)
    PassManager(pipeline).run(module)
    return print_op(module, generic=generic)


START = """
    .section .rodata
.Lusage:
    .ascii  "this program needs Fleet's runtime: python -m fleet emu FILE ARGUMENTS\\n"
.Lusage_end:
    .text
    .globl  _start
    .type   _start, @function
_start:
    li      a0, 2
    la      a1, .Lusage
    li      a2, .Lusage_end - .Lusage
    li      a7, 64
    ecall
    li      a0, 1
    li      a7, 94
    ecall
    .size   _start, . - _start
"""
"""What runs when the executable is started by itself: write(2, …), exit_group(1)."""

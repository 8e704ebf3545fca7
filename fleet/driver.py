"""The pipeline, run: from a program, or from the file of any of its stages, to any later one.

In: a path. Out: the IR after any stage, its file, or an executable. The one idea: what a file holds
says which stages are still to come, so that all ways through the pipeline are one.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
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
from fleet.asm.source.text import parse_assembly, print_assembly
from fleet.codegen.emit import emit_lines
from fleet.codegen.loops.vectorise import reasons
from fleet.codegen.select.profiles import MARCH, halves_for, profile_of
from fleet.collector import few_cycles
from fleet.dialects.numpy import HALVES
from fleet.files import STANDARD, check_output, read_text, write_text
from fleet.frontend import build_ir
from fleet.ir.analysis.analyses import Analyses
from fleet.ir.attributes import StringAttr
from fleet.ir.core import Operation
from fleet.ir.parsing.dumps import load, save
from fleet.ir.printing.resources import ResourceFile
from fleet.ir.rewriting.passes import PassManager
from fleet.kept import SECTION as KEPT
from fleet.limits import DEFAULT, Limits
from fleet.original import Original, original
from fleet.passes.kernels.formation.report import report as loop_report
from fleet.passes.kernels.formation.report import with_strips
from fleet.recursion import with_room_for_frames
from fleet.stage_files import (
    SOURCE,
    Assembly,
    Dump,
    Given,
    read_given,
    write_assembly,
    write_bytecode,
    write_tokens,
    write_tree,
)
from fleet.stages import ASSEMBLY, STAGES, TOKENS, TREE, Stage, after, until
from fleet.syntax.parser import parse
from fleet.syntax.source import read_source
from fleet.vm.bytecode import SECTION, Program, Watched
from fleet.vm.emit import emit_bytecode

OnStage = Callable[[str], None]
"""Told the name of each step as it begins."""

Keep = Callable[[Original | None], None]
"""Given what says of which NumPy warns, if there is anything to warn of."""


@few_cycles
@with_room_for_frames
def lower(
    program: str,
    stages: tuple[Stage, ...] = STAGES,
    *,
    dump: Dump | None = None,
    on_stage: OnStage | None = None,
    check: bool = False,
    limits: Limits = DEFAULT,
    keep: Keep | None = None,
) -> Operation:
    """The program's module after these stages. `check` verifies after every pass.

    program: its path, or that of the file of one of its stages.
    limits: what evaluating the program may read and take.
    """
    return lower_given(
        read_given(program), stages, dump=dump, on_stage=on_stage, check=check, limits=limits,
        keep=keep,
    )  # fmt: skip


def lower_given(
    given: Given,
    stages: tuple[Stage, ...] = STAGES,
    *,
    dump: Dump | None = None,
    on_stage: OnStage | None = None,
    check: bool = False,
    limits: Limits = DEFAULT,
    keep: Keep | None = None,
) -> Operation:
    """What a file holds after these stages, as far as they are still to come.

    keep: told what the file of the numpy stage says, where one of a later stage names it.
    """
    tell = on_stage or (lambda name: None)
    module, left = given.module, stages
    if module is None and given.assembly is None:
        if dump is not None and given.tree is None:
            dump.front_end(given.path)
        tell("evaluating the program")
        module = build_ir(given.program, limits, given.tree)
    else:
        left = after(given.stage, stages)
        if left is None:
            last = stages[-1].name if stages else STAGES[0].name
            raise given.rejects(f"{last} comes before it", "give a file of an earlier stage")
    if keep is not None or dump is not None:
        source = _original(given, module)
        if dump is not None and source is not None:
            dump.original = given.original or dump.path(STAGES[0].name, "mlir")
        if keep is not None:
            keep(source)
    if limits.march:
        module.attributes[MARCH] = StringAttr(limits.march)
        halves = halves_for(module)
        if halves is not None:
            module.attributes[HALVES] = StringAttr(halves)
    run_stages(module, left, dump=dump, on_stage=tell, check=check)
    return module


def _original(given: Given, module: Operation) -> Original | None:
    """What says of which NumPy warns. module: what the file's stage is, or has become so far."""
    if given.module is None and given.assembly is None or given.stage == STAGES[0].name:
        return original(module)
    return None if given.original is None else original(load(given.original))


@few_cycles
def run_stages(
    module: Operation,
    stages: tuple[Stage, ...] = STAGES,
    *,
    dump: Dump | None = None,
    on_stage: OnStage | None = None,
    check: bool = False,
) -> None:
    """Take a module through these stages."""
    analyses = Analyses()
    for stage in stages:
        if on_stage is not None:
            on_stage(stage.description)
        PassManager(stage.passes, check=check, analyses=analyses).run(module)
        if dump is not None:
            dump.module(stage.name, module)


def assembly_of(given: Given, dump: Dump | None, on_stage: OnStage, limits: Limits) -> Assembly:
    """The last stage of what a file holds."""
    if given.assembly is not None:
        if dump is not None:
            dump.original = given.original
        source = None if given.original is None else original(load(given.original))
        return replace(given.assembly, kept=None if source is None else source.kept)
    kept: list[Original | None] = []
    module = lower_given(given, dump=dump, on_stage=on_stage, limits=limits, keep=kept.append)
    on_stage("bytecode")
    return emit(module, kept[0])


def emit(module: Operation, source: Original | None = None) -> Assembly:
    """What a module is after the last stage. source: what says of which NumPy warns."""
    bytecode, arrays = emit_bytecode(module)
    _watch(bytecode, source)
    kept = None if source is None else source.kept
    return Assembly(assembly_text(module), bytecode, arrays, kept)


def assembly_text(module: Operation) -> str:
    """The kernels of a module, and what runs when the executable is started by itself."""
    architecture = profile_of(module)
    head = "" if architecture is None else f'\t.attribute arch, "{architecture}"\n'
    return print_assembly([*parse_assembly(head), *emit_lines(module), *parse_assembly(START)])


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


@few_cycles
@with_room_for_frames
def build(
    program: str,
    output: str | Path,
    *,
    dump: str | Path | None = None,
    on_stage: OnStage | None = None,
    limits: Limits = DEFAULT,
) -> Report:
    """Compile a program, or go on from the file of one of its stages, to an executable file."""
    started = time.perf_counter()
    tell = on_stage or (lambda name: None)
    check_output(output, program)
    given = read_given(program)
    dumps = None if dump is None else Dump(dump, given.program)
    made = assembly_of(given, dumps, tell, limits)
    size = finish(made, output, Path(given.program).stem, dumps=dumps, on_stage=tell)
    return Report(
        str(output), size, len(made.bytecode.kernels), time.perf_counter() - started
    )


def finish(
    made: Assembly,
    output: str | Path,
    name: str,
    *,
    dumps: Dump | None = None,
    on_stage: OnStage | None = None,
) -> int:
    """Write an executable, whose name is this; its size."""
    tell = on_stage or (lambda name: None)
    tell("assembling")
    if dumps is not None:
        dumps.assembly(made)
    image = link(
        [assemble(made.text, f"{name}.s")], arrays=made.arrays.items(), directory=os.getcwd()
    )
    made.bytecode.link(image.addresses)
    image.add_section(SECTION, made.bytecode.encode())
    if made.kept is not None:
        image.add_section(KEPT, made.kept.encode(made.arrays))
    if dumps is not None:
        dumps.bytecode(made.bytecode)
    tell("writing")
    size = write_executable(output, image)
    if dumps is not None:
        dumps.listing("\n".join(list_elf(read_elf(output))) + "\n")
    return size


def write_stage(
    program: str,
    stage: str,
    output: str | None = None,
    *,
    on_stage: OnStage | None = None,
    limits: Limits = DEFAULT,
) -> None:
    """Write one stage of a program, or of what a stage's file holds, and nothing else.

    output: the file, or one named after the program and the stage; constants and bytecode go to
    files beside it, which are named so where it is standard output.
    """
    given = read_given(program)
    tell = on_stage or (lambda name: None)
    ending = {TOKENS: "txt", TREE: "txt", ASSEMBLY: "s"}.get(stage, "mlir")
    beside = Path(f"{Path(given.program).stem}.{stage}.{ending}")
    beside = beside if output in (None, STANDARD) else Path(output)
    path = Path(STANDARD) if output == STANDARD else beside
    check_output(path, program, given.program)
    if stage in (TOKENS, TREE):
        if given.tree is None and given.stage != SOURCE or (stage, given.stage) == (TOKENS, TREE):
            raise given.rejects(f"{stage} comes before it", "give the program")
        if stage == TOKENS and given.stage == TOKENS:
            write_text(path, read_text(given.path))
        elif stage == TOKENS:
            write_tokens(path, given.path)
        else:
            parsed = given.tree or parse(read_source(given.path), given.path)
            write_tree(path, parsed, given.program)
        return
    constants = ResourceFile(beside.with_suffix(".npz"))
    if stage != STAGES[0].name and given.original is None:
        given = _with_original(given, beside, constants, tell, limits)
    if stage == ASSEMBLY:
        made, listing = assembly_of(given, None, tell, limits), beside.with_suffix(".bytecode.txt")
        write_assembly(path, listing, constants, made, given.program, given.original)
        write_bytecode(listing, made.bytecode)
        return
    module = lower_given(given, until(stage), on_stage=on_stage, limits=limits)
    save(module, path, constants, stage=stage, program=given.program, original=given.original)


def _with_original(
    given: Given, path: Path, constants: ResourceFile, on_stage: OnStage, limits: Limits
) -> Given:
    """The same at the numpy stage, if it does not come before; where NumPy may warn, with its file,
    which is written beside that of a later stage."""
    first = STAGES[0].name
    if given.module is None and given.assembly is None:
        module = lower_given(given, STAGES[:1], on_stage=on_stage, limits=limits)
        given = Given(given.path, given.program, first, module=module)
    if given.stage != first or original(given.module) is None:
        return given
    beside = path.with_suffix(f".{first}.mlir")
    save(given.module, beside, constants, stage=first, program=given.program)
    return replace(given, original=beside)


def report_loops(
    program: str, on_stage: OnStage | None = None, limits: Limits = DEFAULT
) -> list[str]:
    """A line for each loop of a program: what becomes of it, and why."""
    module = lower(program, until("fused"), on_stage=on_stage, limits=limits)
    lines = loop_report(module)
    run_stages(module, tuple(s for s in until("loops") if s not in until("fused")))
    return [str(line) for line in with_strips(lines, reasons(module))]


def bytecode_of(
    program: str,
    on_stage: OnStage | None = None,
    limits: Limits = DEFAULT,
    keep: Keep | None = None,
) -> tuple[Operation, Program, dict[str, np.ndarray]]:
    """For devices that run loop IR: the module after `vm`, its bytecode, its constants."""
    kept: list[Original | None] = []
    module = lower(
        program, until("vm"), on_stage=on_stage, limits=limits, keep=kept.append
    )
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

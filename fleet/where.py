"""What became of each source line on every stage, and which line each operation comes from.

In: a program. Out: its operations on every stage, its kernels' instructions as assembly and its
schedule's bytecode, each with its place in the source. The one idea: every stage's text is asked,
not a record beside it, so what is shown is what the stage holds.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fleet.codegen.emit import emit_assembly
from fleet.diagnostics import FleetError, Location, source_line
from fleet.driver import lower
from fleet.ir.core import Operation
from fleet.ir.printing.printer import Printer
from fleet.ir.rewriting.passes import PassManager
from fleet.limits import DEFAULT, Limits
from fleet.stages import ASSEMBLY, BYTECODE, STAGES
from fleet.vm.emit import emit_bytecode
from fleet.vm.listing import print_listing

PLACES = (*(stage.name for stage in STAGES), ASSEMBLY, BYTECODE)
"""Stages that are searched."""
_LONGEST = 160


@dataclass(frozen=True)
class Part:
    """One operation, instruction or bytecode: of which stage, in which function, where from.

    file, line: line 0 where it is not known.
    """

    stage: str
    holder: str
    text: str
    file: str
    line: int


def parts_of(program: str, limits: Limits = DEFAULT) -> Iterator[Part]:
    """All parts of a program on every stage, in order."""
    module = lower(program, (), limits=limits)
    for stage in STAGES:
        PassManager(stage.passes, check=False).run(module)
        yield from _operations(stage.name, module)
    bytecode, _ = emit_bytecode(module)
    yield from _instructions(emit_assembly(module))
    text = iter(print_listing(bytecode).splitlines())
    for function in bytecode.functions:
        next(line for line in text if line.startswith("function "))
        for item in function.code:
            shown = re.sub(r"\s+", " ", next(text).partition("@")[0].partition(";")[0]).strip()
            place = bytecode.places[item.location] if item.location >= 0 else None
            file, line = ("", 0) if place is None else (place.file, place.line)
            yield Part(BYTECODE, function.name, shown, file, line)


def _operations(stage: str, module: Operation) -> Iterator[Part]:
    for function in module.body:
        name = str(function.get("sym_name"))
        printer = Printer(longest=0)
        for operation in function.walk():
            printer.parts = []
            printer.operation(operation)
            text = re.sub(r"\s+", " ", "".join(printer.parts)).strip()
            place = operation.location
            yield Part(stage, name, text, place.file, max(place.line, 0))


_FILE = re.compile(r'\s+\.file (\d+) "(.*)"$')
_LOC = re.compile(r"\s+\.loc (\d+) (\d+)")
_LABEL = re.compile(r"(\w[\w.]*):$")


def _instructions(assembly: str) -> Iterator[Part]:
    files: dict[str, str] = {}
    holder, file, line = "", "", 0
    for text in assembly.splitlines():
        if found := _FILE.match(text):
            files[found[1]] = found[2].replace('\\"', '"').replace("\\\\", "\\")
        elif found := _LOC.match(text):
            file, line = files[found[1]], int(found[2])
        elif found := _LABEL.match(text):
            holder, file, line = found[1], "", 0
        elif text.startswith("\t") and not text.startswith("\t."):
            yield Part(ASSEMBLY, holder, re.sub(r"\s+", " ", text).strip(), file, line)


def show_line(
    program: str, line: int, stages: Sequence[str] = PLACES, limits: Limits = DEFAULT
) -> str:
    """What a line has become on each stage. FleetError where the file has no such line."""
    text = source_line(Location(program, line))
    if text is None:
        raise FleetError(f"{program} has no line {line}")
    whole = os.path.realpath(program)
    found: dict[str, list[Part]] = {stage: [] for stage in stages}
    for part in parts_of(program, limits):
        if part.line == line and part.stage in found and os.path.realpath(part.file) == whole:
            found[part.stage].append(part)
    lines = [f"{program}:{line}: {text.strip()}"]
    for stage, parts in found.items():
        what = "instruction" if stage in (ASSEMBLY, BYTECODE) else "operation"
        plural = "s" if len(parts) != 1 else ""
        lines += ["", f"{stage}: {len(parts)} {what}{plural}" if parts else f"{stage}: nothing"]
        holder = None
        for part in parts:
            if part.holder != holder:
                holder = part.holder
                lines.append(f"  {holder}")
            lines.append(f"    {_short(part.text)}")
    return "\n".join(lines) + "\n"


def show_stage(program: str, stage: str, limits: Limits = DEFAULT) -> str:
    """Every part of a stage with the line that it comes from."""
    lines = []
    holder = None
    for part in parts_of(program, limits):
        if part.stage != stage:
            continue
        if part.holder != holder:
            holder = part.holder
            lines.append(f"{holder}")
        place = f"{part.file}:{part.line}" if part.line else "(no line)"
        lines.append(f"  {place:<24} {_short(part.text)}")
    return "\n".join(lines) + "\n"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"

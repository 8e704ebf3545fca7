"""`fleet asm`: assembly text to an object file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from fleet.asm.assembler import Assembler
from fleet.asm.objects.model import Object
from fleet.asm.objects.writer import write_object
from fleet.asm.source_lines import LineAssembler
from fleet.collector import no_cycles
from fleet.files import check_output, read_text


@no_cycles()
def assemble_file(
    source: str,
    output: str | None = None,
    *,
    march: str = "rv64gcv",
    debug: bool = False,
    lines: bool = False,
    include_folders: Sequence[str] = (),
) -> Object:
    """Assemble a file and write the object, to FILE.o if no other name is given.

    march:  the extensions to assemble for, such as `rv64gc`.
    debug:  whether the file tells debuggers the source line of every instruction.
    lines:  whether the object that is returned knows it in any case.
    include_folders: where `.include` and `.incbin` look, after the folder of the text itself.
    FleetErrors with all that is wrong, and nothing written, otherwise.
    """
    output = output or str(Path(source).with_suffix(".o"))
    check_output(output, source)
    assembler = LineAssembler(source, march) if debug or lines else Assembler(source, march)
    assembler.include_folders = tuple(include_folders)
    unit = assembler.assemble(read_text(source))
    written = unit
    if isinstance(assembler, LineAssembler) and not debug and not assembler.has_own_lines:
        written = replace(unit, sections=[replace(each, lines=[]) for each in unit.sections])
    write_object(output, written, os.getcwd())
    return unit

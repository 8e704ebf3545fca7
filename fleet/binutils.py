"""The commands of the binary tools: assemble, link, disassemble, look into ELF files.

In: paths and options as the command line has them. Out: files, or text to print. Each function is
one command; what they do is in `fleet/asm/`, each part with an API of its own.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from fleet.asm.collector import no_cycles
from fleet.asm.link.executable import write_executable
from fleet.asm.link.linker import link
from fleet.asm.objects.archive import Archive, is_archive, parse_archive, with_members
from fleet.asm.objects.elf import map_file, parse_elf, read_elf
from fleet.asm.objects.model import Object
from fleet.asm.objects.reader import object_of
from fleet.asm.objects.writer import object_bytes, write_object
from fleet.asm.show.listing import list_elf
from fleet.asm.show.readelf import TABLES, describe
from fleet.asm.source_lines import LineAssembler
from fleet.files import check_output, read_text


@no_cycles()
def assemble_file(
    source: str,
    output: str | None = None,
    *,
    march: str = "rv64gcv",
    debug: bool = False,
    include_folders: Sequence[str] = (),
) -> Object:
    """Assemble a file and write the object, to FILE.o if no other name is given.

    march:  the extensions to assemble for, such as `rv64gc`.
    debug:  whether the file tells debuggers the source line of every instruction; the object that
            is returned always knows it.
    include_folders: where `.include` and `.incbin` look, after the folder of the text itself.
    FleetErrors with all that is wrong, and nothing written, otherwise.
    """
    output = output or str(Path(source).with_suffix(".o"))
    check_output(output, source)
    assembler = LineAssembler(source, march)
    assembler.include_folders = tuple(include_folders)
    unit = assembler.assemble(read_text(source))
    written = unit
    if not debug and not assembler.has_own_lines:
        written = replace(unit, sections=[replace(each, lines=[]) for each in unit.sections])
    write_object(output, written, os.getcwd())
    return unit


@no_cycles()
def listing_of(unit: Object) -> str:
    """The code of an object: address, bytes, assembly, and the source lines that it comes from."""
    file = parse_elf(memoryview(object_bytes(unit)), unit.file)
    return "\n".join(list_elf(file, aliases=True)) + "\n"


@no_cycles()
def link_files(inputs: Sequence[str], output: str, *, entry: str = "_start") -> int:
    """Link objects and static libraries into a static executable; its size in bytes."""
    check_output(output, *inputs)
    objects: list[Object] = []
    archives: list[Archive] = []
    for path in inputs:
        view = map_file(path)
        if is_archive(view):
            archives.append(parse_archive(view, path))
        else:
            objects.append(object_of(parse_elf(view, path)))
    image = link(with_members(objects, archives), entry=entry)
    return write_executable(output, image)


@no_cycles()
def disassemble_file(
    path: str, symbol: str | None = None, *, aliases: bool = True, sources: bool = False
) -> str:
    """What `objdump -d` prints for an object or executable, or for one of its functions.

    aliases: pseudo-instructions by their names; without, as `-M no-aliases` has it.
    sources: with the source lines that the code comes from, where the file knows them.
    """
    lines = list_elf(read_elf(path), symbol, aliases=aliases, sources=sources)
    return "\n".join(["", f"{path}:     file format elf64-littleriscv", "", *lines]) + "\n"


@no_cycles()
def describe_file(path: str, tables: Collection[str] = TABLES) -> str:
    """What `readelf -W` prints for an object or executable.

    tables: which of `fleet.asm.show.readelf.TABLES`; in the order that these have.
    """
    return describe(read_elf(path), tables)

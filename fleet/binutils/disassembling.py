"""`fleet dis`, and the listing of `fleet asm`: machine code to assembly text."""

from __future__ import annotations

from fleet.asm.objects.elf import parse_elf, read_elf
from fleet.asm.objects.model import Object
from fleet.asm.objects.writer import object_bytes
from fleet.asm.show.listing import list_elf
from fleet.collector import no_cycles


@no_cycles()
def listing_of(unit: Object) -> str:
    """The code of an object: address, bytes, assembly, and the source lines that it comes from."""
    file = parse_elf(memoryview(object_bytes(unit)), unit.file)
    return "\n".join(list_elf(file, aliases=True)) + "\n"


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

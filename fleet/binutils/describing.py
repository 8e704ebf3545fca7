"""`fleet readelf`: the tables of an ELF file as text."""

from __future__ import annotations

from collections.abc import Collection

from fleet.asm.objects.elf import read_elf
from fleet.asm.show.readelf import TABLES, describe
from fleet.collector import no_cycles


@no_cycles()
def describe_file(path: str, tables: Collection[str] = TABLES) -> str:
    """What `readelf -W` prints for an object or executable.

    tables: which of `fleet.asm.show.readelf.TABLES`; in the order that these have.
    """
    return describe(read_elf(path), tables)

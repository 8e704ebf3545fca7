"""What an assembler hands to a linker: sections of bytes, symbols, relocations, line numbers.

In memory this is what an ELF relocatable object is on disk; constants have ELF's own values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from fleet.diagnostics import Location

SHT_PROGBITS, SHT_NOTE, SHT_NOBITS, SHT_INIT_ARRAY, SHT_FINI_ARRAY = 1, 7, 8, 14, 15
SHT_RISCV_ATTRIBUTES = 0x70000003
SHF_WRITE, SHF_ALLOC, SHF_EXECINSTR, SHF_MERGE, SHF_STRINGS, SHF_TLS = 1, 2, 4, 0x10, 0x20, 0x400


class R(IntEnum):
    """Relocation types of the RISC-V psABI."""

    NONE = 0
    R32 = 1
    R64 = 2
    BRANCH = 16
    JAL = 17
    CALL = 18
    CALL_PLT = 19
    GOT_HI20 = 20
    PCREL_HI20 = 23
    PCREL_LO12_I = 24
    PCREL_LO12_S = 25
    HI20 = 26
    LO12_I = 27
    LO12_S = 28
    ADD8 = 33
    ADD16 = 34
    ADD32 = 35
    ADD64 = 36
    SUB8 = 37
    SUB16 = 38
    SUB32 = 39
    SUB64 = 40
    ALIGN = 43
    RVC_BRANCH = 44
    RVC_JUMP = 45
    RELAX = 51
    SUB6 = 52
    SET6 = 53
    SET8 = 54
    SET16 = 55
    SET32 = 56
    R32_PCREL = 57


@dataclass(slots=True)
class Relocation:
    """`type` applied to the bytes at `offset` with the address of `symbol` plus `addend`.

    symbol: index into the object's symbols; None for the number `addend` alone.
    """

    offset: int
    type: int
    symbol: int | None
    addend: int
    location: Location | None = None


@dataclass(slots=True)
class Line:
    """From this offset on, code comes from this line of this file (index into Object.files)."""

    offset: int
    file: int
    line: int
    column: int = 0


@dataclass(slots=True)
class Section:
    """Bytes with a name. `data` is empty and `size` counts for NOBITS."""

    name: str
    type: int = SHT_PROGBITS
    flags: int = 0
    align: int = 1
    data: bytes | bytearray = b""
    size: int = 0
    entry_size: int = 0
    relocations: list[Relocation] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


ABSOLUTE = 0xFFF1


@dataclass(slots=True)
class Symbol:
    """section: index into Object.sections, None if undefined, ABSOLUTE for a plain number."""

    name: str
    section: int | None = None
    value: int = 0
    size: int = 0
    binding: str = "local"  # local, global, weak
    kind: str = "notype"  # notype, object, func, section, file, tls
    visibility: str = "default"  # default, internal, hidden, protected
    location: Location | None = None


@dataclass(slots=True)
class Object:
    """One translation unit."""

    file: str
    sections: list[Section] = field(default_factory=list)
    symbols: list[Symbol] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def section(self, name: str) -> Section:
        """The section with this name; KeyError if there is none."""
        for section in self.sections:
            if section.name == name:
                return section
        raise KeyError(name)

"""What an assembler hands to a linker: sections of bytes, symbols, relocations, line numbers.

In memory this is what an ELF relocatable object is on disk; constants have ELF's own values.
`writer` and `reader` are the way to the disk and back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from fleet.diagnostics import Location

SHT_PROGBITS, SHT_NOTE, SHT_NOBITS, SHT_INIT_ARRAY, SHT_FINI_ARRAY = 1, 7, 8, 14, 15
SHT_PREINIT_ARRAY = 16
SHT_RISCV_ATTRIBUTES = 0x70000003
SHF_WRITE, SHF_ALLOC, SHF_EXECINSTR, SHF_MERGE, SHF_STRINGS, SHF_TLS = 1, 2, 4, 0x10, 0x20, 0x400
SHF_LINK_ORDER, SHF_GROUP, SHF_COMPRESSED = 0x80, 0x200, 0x800
SHF_RETAIN, SHF_EXCLUDE = 0x200000, 0x80000000
EF_RISCV_RVC, EF_RISCV_FLOAT_ABI_SINGLE, EF_RISCV_FLOAT_ABI_DOUBLE = 1, 2, 4
EF_RISCV_FLOAT_ABI = 6  # the field with the floating-point registers that pass arguments
GRP_COMDAT = 1


class R(IntEnum):
    """Relocation types of the RISC-V psABI."""

    NONE = 0
    R32 = 1
    R64 = 2
    RELATIVE = 3
    COPY = 4
    JUMP_SLOT = 5
    TLS_DTPMOD32 = 6
    TLS_DTPMOD64 = 7
    TLS_DTPREL32 = 8
    TLS_DTPREL64 = 9
    TLS_TPREL32 = 10
    TLS_TPREL64 = 11
    TLSDESC = 12
    BRANCH = 16
    JAL = 17
    CALL = 18
    CALL_PLT = 19
    GOT_HI20 = 20
    TLS_GOT_HI20 = 21
    TLS_GD_HI20 = 22
    PCREL_HI20 = 23
    PCREL_LO12_I = 24
    PCREL_LO12_S = 25
    HI20 = 26
    LO12_I = 27
    LO12_S = 28
    TPREL_HI20 = 29
    TPREL_LO12_I = 30
    TPREL_LO12_S = 31
    TPREL_ADD = 32
    ADD8 = 33
    ADD16 = 34
    ADD32 = 35
    ADD64 = 36
    SUB8 = 37
    SUB16 = 38
    SUB32 = 39
    SUB64 = 40
    GOT32_PCREL = 41
    ALIGN = 43
    RVC_BRANCH = 44
    RVC_JUMP = 45
    RVC_LUI = 46
    GPREL_I = 47
    GPREL_S = 48
    TPREL_I = 49
    TPREL_S = 50
    RELAX = 51
    SUB6 = 52
    SET6 = 53
    SET8 = 54
    SET16 = 55
    SET32 = 56
    R32_PCREL = 57
    IRELATIVE = 58
    PLT32 = 59
    SET_ULEB128 = 60
    SUB_ULEB128 = 61
    TLSDESC_HI20 = 62
    TLSDESC_LOAD_LO12 = 63
    TLSDESC_ADD_LO12 = 64
    TLSDESC_CALL = 65


# Sections that need no flags because of their names.
USUAL_SECTIONS: dict[str, tuple[int, int]] = {
    ".text": (SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR),
    ".init": (SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR),
    ".fini": (SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR),
    ".rodata": (SHT_PROGBITS, SHF_ALLOC),
    ".srodata": (SHT_PROGBITS, SHF_ALLOC),
    ".data": (SHT_PROGBITS, SHF_ALLOC | SHF_WRITE),
    ".sdata": (SHT_PROGBITS, SHF_ALLOC | SHF_WRITE),
    ".bss": (SHT_NOBITS, SHF_ALLOC | SHF_WRITE),
    ".sbss": (SHT_NOBITS, SHF_ALLOC | SHF_WRITE),
    ".tdata": (SHT_PROGBITS, SHF_ALLOC | SHF_WRITE | SHF_TLS),
    ".tbss": (SHT_NOBITS, SHF_ALLOC | SHF_WRITE | SHF_TLS),
    ".init_array": (SHT_INIT_ARRAY, SHF_ALLOC | SHF_WRITE),
    ".fini_array": (SHT_FINI_ARRAY, SHF_ALLOC | SHF_WRITE),
    ".preinit_array": (SHT_PREINIT_ARRAY, SHF_ALLOC | SHF_WRITE),
    ".rodata1": (SHT_PROGBITS, SHF_ALLOC),
    ".data1": (SHT_PROGBITS, SHF_ALLOC | SHF_WRITE),
    ".persistent": (SHT_PROGBITS, SHF_ALLOC | SHF_WRITE),
    ".noinit": (SHT_NOBITS, SHF_ALLOC | SHF_WRITE),
    ".gnu.linkonce.b": (SHT_NOBITS, SHF_ALLOC | SHF_WRITE),
    ".note": (SHT_NOTE, 0),
    ".note.GNU-stack": (SHT_PROGBITS, 0),
}


def usual_section(name: str) -> tuple[int, int]:
    """Type and flags of a section by its name: `.text.hot` is as `.text`."""
    while name not in USUAL_SECTIONS and "." in name[1:]:
        name = name[: name.rindex(".")]
    return USUAL_SECTIONS.get(name, (SHT_PROGBITS, 0))


def relocation_name(number: int) -> str:
    """`R_RISCV_CALL_PLT`; the bare number for a type that the psABI does not have."""
    try:
        return "R_RISCV_" + R(number).name.replace("R32", "32").replace("R64", "64")
    except ValueError:
        return f"unrecognized: {number:x}"


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
    is_stmt: bool = True
    basic_block: bool = False
    prologue_end: bool = False
    epilogue_begin: bool = False
    isa: int = 0
    discriminator: int = 0


class SourceFile(NamedTuple):
    """A source file under the number that `.file` gives it, with its MD5 sum if that is known."""

    number: int
    directory: str
    name: str
    md5: bytes = b""

    @property
    def path(self) -> str:
        if self.directory and not self.name.startswith("/"):
            return f"{self.directory}/{self.name}"
        return self.name

    @property
    def parts(self) -> tuple[str, str]:
        """Directory and name, the directory taken from the name where that has one."""
        directory, _, name = self.name.rpartition("/")
        if not directory or not name or (self.directory and self.name[0] != "/"):
            return self.directory, self.name
        return directory, name


@dataclass(slots=True)
class Section:
    """Bytes with a name. `data` is empty and `size` counts for NOBITS.

    linked: index of the section that this one goes with, of those with SHF_LINK_ORDER.
    """

    name: str
    type: int = SHT_PROGBITS
    flags: int = 0
    align: int = 1
    data: bytes | bytearray | memoryview = b""
    size: int = 0
    entry_size: int = 0
    relocations: list[Relocation] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    linked: int | None = None


ABSOLUTE = 0xFFF1
COMMON = 0xFFF2


@dataclass(slots=True)
class Symbol:
    """section: index into Object.sections, None if undefined, ABSOLUTE for a plain number.

    COMMON is for zeroed memory of `size` bytes that all objects with this symbol share; `value`
    is its alignment.
    """

    name: str
    section: int | None = None
    value: int = 0
    size: int = 0
    binding: str = "local"  # local, global, weak
    kind: str = "notype"  # notype, object, func, section, file, common, tls, ifunc
    visibility: str = "default"  # default, internal, hidden, protected
    variant_cc: bool = False  # a function whose calls do not follow the standard convention
    location: Location | None = None


@dataclass(slots=True)
class Group:
    """Sections that stay or go together; of COMDAT groups with one signature the first stays.

    signature: index into Object.symbols; sections: indices into Object.sections.
    """

    signature: int
    sections: list[int]
    flags: int = GRP_COMDAT


@dataclass(slots=True)
class Object:
    """One translation unit.

    sources: what is known of `files` besides their names, where `.file` said it; else empty.
    arch:  the architecture that it needs, as in .riscv.attributes; empty if it does not say.
    attributes: more of .riscv.attributes, by tag.
    flags: e_flags of its ELF header: whether there are compressed instructions, the float ABI.
    """

    file: str
    sections: list[Section] = field(default_factory=list)
    symbols: list[Symbol] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    sources: list[SourceFile] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    arch: str = ""
    stack_align: int = 16
    attributes: dict[int, int | str] = field(default_factory=dict)
    flags: int = EF_RISCV_RVC | EF_RISCV_FLOAT_ABI_DOUBLE

    def section(self, name: str) -> Section:
        """The section with this name; KeyError if there is none."""
        for section in self.sections:
            if section.name == name:
                return section
        raise KeyError(name)

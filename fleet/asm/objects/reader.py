"""An ELF relocatable file, a `.o` of whatever compiler -> an `Object`.

The one idea: every number in the file is a claim. It is checked here, once, so that the linker can
trust an `Object` wherever it came from.
"""

from __future__ import annotations

from pathlib import Path

from fleet.asm.objects.attributes import ARCH, STACK_ALIGN, parse_arch, read_attributes
from fleet.asm.objects.elf import (
    ET_REL,
    SHN_LORESERVE,
    SHN_UNDEF,
    SHT_GROUP,
    SHT_REL,
    SHT_RELA,
    SHT_STRTAB,
    SHT_SYMTAB,
    STB_NAMES,
    STT_NAMES,
    ElfFile,
    ElfSection,
    ElfSymbol,
    parse_elf,
    read_elf,
)
from fleet.asm.objects.model import (
    ABSOLUTE,
    COMMON,
    SHT_NOBITS,
    SHT_RISCV_ATTRIBUTES,
    Group,
    Object,
    Relocation,
    Section,
    Symbol,
)
from fleet.diagnostics import FleetError

NOT_CONTENT = (0, SHT_SYMTAB, SHT_STRTAB, SHT_RELA, SHT_GROUP, SHT_RISCV_ATTRIBUTES)
"""Types of sections that an `Object` has in other forms."""
LARGEST_ALIGN = 1 << 20
LARGEST = 1 << 47  # bytes: more than there are addresses
UNIQUE = "10"  # STB_GNU_UNIQUE: one definition in a process; in a static program, global


class _Reader:
    def __init__(self, file: ElfFile) -> None:
        self.file = file
        self.unit = Object(file.path, flags=file.flags)
        self.places: dict[int, int] = {}  # number of a section in the file -> in the object

    def read(self) -> Object:
        file, unit = self.file, self.unit
        if file.type != ET_REL:
            hint = "only what an assembler or a compiler with -c writes can be linked"
            raise FleetError(f"{file.path} is no relocatable object", hint=hint)
        if file.flags & 8:
            raise FleetError(f"{file.path} is for the RVE base with 16 registers")
        stored = sum(s.size for s in file.sections if s.type not in (0, SHT_NOBITS))
        if stored > len(file.view):
            file.damaged("its sections overlap")
        for number, section in enumerate(file.sections):
            if section.type == SHT_REL:
                file.damaged("it has relocations without addends, which RISC-V does not have")
            if section.type not in NOT_CONTENT:
                self.places[number] = len(unit.sections)
                unit.sections.append(self.section(section))
            elif section.type == SHT_RISCV_ATTRIBUTES:
                self.attributes(bytes(file.data(section)))
        tables = [s for s in file.sections if s.type == SHT_SYMTAB]
        if len(tables) > 1:
            file.damaged("it has two symbol tables")
        unit.symbols = [self.symbol(symbol) for symbol in file.symbols]
        for section in file.sections:
            if section.type == SHT_RELA:
                self.relocations(section)
            elif section.type == SHT_GROUP:
                self.group(section)
        return unit

    def section(self, section: ElfSection) -> Section:
        align = max(section.align, 1)
        if align & align - 1 or align > LARGEST_ALIGN:
            self.file.damaged(f"{section.name or 'a section'} is to be aligned to {align:#x}")
        if section.size > LARGEST:
            self.file.damaged(f"{section.name or 'a section'} has {section.size} bytes")
        return Section(
            section.name, section.type, section.flags, align, self.file.data(section),
            section.size, section.entry_size,
        )  # fmt: skip

    def attributes(self, data: bytes) -> None:
        try:
            for tag, value in read_attributes(data):
                if tag == ARCH:
                    parse_arch(str(value))
                    self.unit.arch = str(value)
                elif tag == STACK_ALIGN and 0 < int(value) < 256:
                    self.unit.stack_align = int(value)
        except FleetError as error:
            self.file.damaged(error.message)

    def symbol(self, symbol: ElfSymbol) -> Symbol:
        file = self.file
        binding = "global" if symbol.binding == UNIQUE else symbol.binding
        if binding not in STB_NAMES.values() or symbol.kind not in STT_NAMES.values():
            file.damaged(f"symbol {symbol.name!r} is of no kind that is known")
        section: int | None
        value = symbol.address
        if symbol.section == SHN_UNDEF:
            section = None
        elif symbol.section in (ABSOLUTE, COMMON):
            section = symbol.section
            if section == COMMON and (
                value & value - 1 or value > LARGEST_ALIGN or symbol.size > LARGEST
                or binding == "local"
            ):  # fmt: skip
                file.damaged(f"common symbol {symbol.name!r} has no possible size or alignment")
        elif symbol.section >= SHN_LORESERVE:
            file.damaged(f"symbol {symbol.name!r} is in section {symbol.section:#x}")
        else:
            section = self.places.get(symbol.section)
            if section is None:  # it marks the attributes or a group: nothing refers to it
                if binding != "local":
                    file.damaged(f"symbol {symbol.name!r} is in no section with contents")
            elif value + symbol.size > LARGEST:  # gcc's anchors may lie behind their section
                file.damaged(f"symbol {symbol.name!r} is at {value:#x}, of {symbol.size} bytes")
        return Symbol(
            symbol.name, section, value, symbol.size, binding, symbol.kind, symbol.visibility
        )

    def relocations(self, section: ElfSection) -> None:
        file, unit = self.file, self.unit
        place = self.places.get(section.info)
        if place is None:
            file.damaged(f"{section.name} relocates no section with contents")
        self.symbol_table(section)
        target = unit.sections[place]
        if target.type == SHT_NOBITS and section.size:
            file.damaged(f"{section.name} relocates a section without bytes")
        if target.relocations:
            file.damaged(f"{target.name} is relocated twice")
        count, size = len(unit.symbols), target.size
        for offset, type_, symbol, addend in file.relocation_rows(section):
            if offset > size:
                file.damaged(f"{section.name} has a relocation outside {target.name}")
            if symbol > count:
                file.damaged(f"{section.name} has a relocation with a symbol that is not there")
            index = symbol - 1 if symbol else None
            target.relocations.append(Relocation(offset, type_, index, addend))

    def symbol_table(self, section: ElfSection) -> None:
        """A section must link to the symbol table."""
        sections = self.file.sections
        if section.link >= len(sections) or sections[section.link].type != SHT_SYMTAB:
            self.file.damaged(f"{section.name} has no symbol table")

    def group(self, section: ElfSection) -> None:
        file = self.file
        self.symbol_table(section)
        if not 0 < section.info <= len(self.unit.symbols):
            file.damaged("a group of sections has no signature")
        data = file.data(section)
        if section.size % 4 or not section.size:
            file.damaged("a group of sections has no members")
        flags, *members = memoryview(bytes(data)).cast("I")
        for number in members:
            if not 0 < number < len(file.sections):
                file.damaged("a group has a section that is not there")
        places = [self.places[number] for number in members if number in self.places]
        self.unit.groups.append(Group(section.info - 1, places, flags))


def object_of(file: ElfFile) -> Object:
    """The object that an ELF file holds. FleetError if it is damaged or no relocatable object.

    Its bytes are views into the file, valid while `file` lives.
    """
    return _Reader(file).read()


def read_object(path: str | Path) -> Object:
    """Read a `.o` file; FleetError if it is none or damaged."""
    return object_of(read_elf(path))


def parse_object(data: bytes | memoryview, path: str = "<memory>") -> Object:
    """The same for the bytes of a file; `path` names it in messages."""
    return object_of(parse_elf(memoryview(data), path))

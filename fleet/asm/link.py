"""Objects and data -> an `Image`: sections with addresses, relocations applied.

In: what the assembler made, and arrays (weights) by name. Out: what `executable.py` writes to a
file. The one idea: arrays stay what they are, buffers; the linker gives them addresses and names,
and the writer hands them to the operating system, so no weight is ever copied in memory.

Layout, from 0x10000: file header and .text (read, execute); .rodata (read), page aligned, arrays
after the constants of the objects, page aligned again; .data and .bss (read, write).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from fleet.asm.attributes import RV64GCV, attributes_section
from fleet.asm.dwarf import Row, line_section, unit_sections
from fleet.asm.objects import (
    ABSOLUTE,
    SHF_ALLOC,
    SHF_EXECINSTR,
    SHF_WRITE,
    SHT_NOBITS,
    SHT_PROGBITS,
    SHT_RISCV_ATTRIBUTES,
    Object,
    R,
    Relocation,
    Section,
    Symbol,
)
from fleet.asm.relocations import patches
from fleet.diagnostics import FleetError, FleetErrors

BASE = 0x10000
PAGE = 0x1000
HEADER_ROOM = 0x200  # for the ELF header and program headers before .text
ARRAY_ALIGN = 64

Buffer = bytes | bytearray | memoryview | np.ndarray


@dataclass(slots=True)
class OutputSection:
    """A section of the executable: buffers at offsets, gaps are zero."""

    name: str
    type: int
    flags: int
    align: int
    address: int = 0
    size: int = 0
    parts: list[tuple[int, Buffer]] = field(default_factory=list)

    def append(self, data: Buffer, size: int, align: int) -> int:
        """Put a buffer (or `size` zeros, if it is empty) at the end; its offset."""
        self.align = max(self.align, align)
        offset = self.size + -self.size % max(align, 1)
        if self.type != SHT_NOBITS and size:
            self.parts.append((offset, data))
        self.size = offset + size
        return offset


@dataclass(slots=True)
class ImageSymbol:
    name: str
    address: int
    size: int
    section: int | None  # index into Image.sections, None for a plain number
    binding: str
    kind: str
    visibility: str = "default"


@dataclass(slots=True)
class Image:
    """An executable in memory: `write_executable` writes it."""

    sections: list[OutputSection] = field(default_factory=list)
    symbols: list[ImageSymbol] = field(default_factory=list)
    entry: int = 0
    addresses: dict[str, int] = field(default_factory=dict)

    def address_of(self, name: str) -> int:
        """The address of a symbol or array; FleetError if there is none."""
        try:
            return self.addresses[name]
        except KeyError:
            raise FleetError(f"there is no symbol {name} in this executable") from None

    def section(self, name: str) -> OutputSection:
        for section in self.sections:
            if section.name == name:
                return section
        raise KeyError(name)

    def add_section(
        self, name: str, data: Buffer, *, type: int = SHT_PROGBITS, align: int = 1
    ) -> None:
        """Add a section that is in the file but not in memory, such as bytecode."""
        section = OutputSection(name, type, 0, align)
        section.append(data, nbytes(data), align)
        self.sections.append(section)


def nbytes(data: Buffer) -> int:
    return data.nbytes if isinstance(data, (np.ndarray, memoryview)) else len(data)


GROUPS = (".text", ".rodata", ".data", ".bss")


def output_name(section: Section) -> str:
    """Where an input section goes: `.text.hot` to .text, `.sdata` to .data, by flags otherwise."""
    if not section.flags & SHF_ALLOC:
        return section.name
    if section.flags & SHF_EXECINSTR:
        return ".text"
    if section.type == SHT_NOBITS:
        return ".bss"
    return ".data" if section.flags & SHF_WRITE else ".rodata"


class Linker:
    def __init__(self, objects: Sequence[Object]) -> None:
        self.objects = objects
        self.image = Image()
        self.errors: list[FleetError] = []
        flags = {
            ".text": SHF_ALLOC | SHF_EXECINSTR,
            ".rodata": SHF_ALLOC,
            ".data": SHF_ALLOC | SHF_WRITE,
            ".bss": SHF_ALLOC | SHF_WRITE,
        }
        self.groups = {
            name: OutputSection(name, SHT_NOBITS if name == ".bss" else SHT_PROGBITS, kind, 1)
            for name, kind in flags.items()
        }
        # (object, section) -> its output section, offset in it, and a copy of its bytes to patch
        self.placed: dict[tuple[int, int], tuple[OutputSection, int, bytearray]] = {}
        self.globals: dict[str, tuple[int, Symbol]] = {}

    def place_sections(self) -> None:
        for number, unit in enumerate(self.objects):
            for index, section in enumerate(unit.sections):
                if not section.flags & SHF_ALLOC:
                    continue
                output = self.groups[output_name(section)]
                data = bytearray(section.data)
                offset = output.append(data, section.size, section.align)
                self.placed[number, index] = (output, offset, data)

    def place_arrays(self, arrays: Iterable[tuple[str, Buffer]]) -> list[tuple[str, int, int]]:
        """Append arrays to .rodata; (name, offset, size) of each."""
        rodata, places = self.groups[".rodata"], []
        align = PAGE
        for name, array in arrays:
            size = nbytes(array)
            places.append((name, rodata.append(array, size, align), size))
            align = ARRAY_ALIGN
        return places

    def assign_addresses(self) -> None:
        address = BASE + HEADER_ROOM
        for name in GROUPS:
            output = self.groups[name]
            if not output.size and name != ".text":
                continue
            if name in (".rodata", ".data"):
                address += -address % PAGE
            if name == ".bss" and not self.groups[".data"].size:
                address += -address % PAGE
            address += -address % max(output.align, 1)
            output.address = address
            address += output.size
            self.image.sections.append(output)

    def collect_globals(self) -> None:
        for number, unit in enumerate(self.objects):
            for symbol in unit.symbols:
                if symbol.section is None or symbol.binding == "local":
                    continue
                known = self.globals.get(symbol.name)
                if known is not None and "weak" not in (known[1].binding, symbol.binding):
                    other = known[1].location
                    hint = f"the other definition is at {other}" if other else None
                    message = f"{symbol.name} is defined in two objects"
                    self.errors.append(FleetError(message, symbol.location, hint=hint))
                elif known is None or known[1].binding == "weak":
                    self.globals[symbol.name] = (number, symbol)

    def address(self, number: int, symbol: Symbol) -> int | None:
        """The address of a symbol of an object, None if nothing defines it."""
        if symbol.section is None:
            found = self.globals.get(symbol.name)
            if found is None:
                array = self.image.addresses.get(symbol.name)
                return 0 if array is None and symbol.binding == "weak" else array
            number, symbol = found
        if symbol.section == ABSOLUTE:
            return symbol.value
        place = self.placed.get((number, symbol.section))
        return None if place is None else place[0].address + place[1] + symbol.value

    def relocate(self) -> None:
        for (number, index), (output, offset, data) in self.placed.items():
            unit = self.objects[number]
            base = output.address + offset
            highs: dict[int, int] = {}
            later = []
            for relocation in unit.sections[index].relocations:
                target = self.target(number, unit, relocation)
                if target is None:
                    continue
                if relocation.type in (R.PCREL_LO12_I, R.PCREL_LO12_S):
                    later.append((relocation, target))
                    continue
                if relocation.type in (R.PCREL_HI20, R.GOT_HI20):
                    highs[base + relocation.offset] = target - (base + relocation.offset)
                self.apply(relocation, data, base, target)
            for relocation, label in later:
                high = highs.get(label)
                if high is None:
                    message = "%pcrel_lo needs the label of an instruction with %pcrel_hi"
                    self.errors.append(FleetError(message, relocation.location))
                    continue
                self.apply(relocation, data, base, high)

    def target(self, number: int, unit: Object, relocation: Relocation) -> int | None:
        if relocation.symbol is None:
            return relocation.addend
        symbol = unit.symbols[relocation.symbol]
        address = self.address(number, symbol)
        if address is None:
            message = f"{symbol.name} is not defined"
            self.errors.append(FleetError(message, relocation.location or symbol.location))
            return None
        return address + relocation.addend

    def apply(
        self, relocation: Relocation, data: bytearray, base: int, target: int
    ) -> None:
        offset, kind = relocation.offset, relocation.type
        found = patches().get(kind)
        if found is None:
            name = R(kind).name if kind in R._value2member_map_ else str(kind)
            message = f"relocation {name} cannot be applied"
            self.errors.append(FleetError(message, relocation.location))
            return
        size, patch = found
        if offset < 0 or offset + size > len(data):
            self.errors.append(FleetError("a relocation lies outside its section"))
            return
        before = int.from_bytes(data[offset : offset + size], "little")
        after = patch(before, target, base + offset)
        if after is None:
            distance = target - (base + offset)
            message = f"the target is out of reach, {distance} bytes away"
            self.errors.append(FleetError(message, relocation.location))
            return
        mask = (1 << 8 * size) - 1
        data[offset : offset + size] = (after & mask).to_bytes(size, "little")

    def collect_symbols(self, places: list[tuple[str, int, int]]) -> None:
        sections = self.image.sections
        indices = {id(section): index for index, section in enumerate(sections)}
        for number, unit in enumerate(self.objects):
            for symbol in unit.symbols:
                if symbol.section is None or not symbol.name or symbol.name.startswith(".L"):
                    continue
                known = self.globals.get(symbol.name)
                if symbol.binding != "local" and known is not None and known[1] is not symbol:
                    continue
                address = self.address(number, symbol)
                if address is None:
                    continue
                section = None
                if symbol.section != ABSOLUTE:
                    section = indices.get(id(self.placed[number, symbol.section][0]))
                self.image.symbols.append(
                    ImageSymbol(
                        symbol.name, address, symbol.size, section, symbol.binding, symbol.kind,
                        symbol.visibility,
                    )
                )  # fmt: skip
                if symbol.binding != "local" or symbol.name not in self.image.addresses:
                    self.image.addresses[symbol.name] = address
        rodata = indices.get(id(self.groups[".rodata"]))
        for name, _, size in places:
            address = self.image.addresses[name]
            self.image.symbols.append(
                ImageSymbol(name, address, size, rodata, "local", "object")
            )

    def line_rows(self) -> list[tuple[list[Row], int]]:
        """Rows of each section with code, in order of address."""
        sequences = []
        for (number, index), (output, offset, data) in self.placed.items():
            unit = self.objects[number]
            lines = unit.sections[index].lines
            if lines and output.flags & SHF_EXECINSTR:
                base = output.address + offset
                rows = [Row(base + n.offset, unit.files[n.file], n.line, n.column) for n in lines]
                sequences.append((rows, base + len(data)))
        return sequences


def link(
    objects: Sequence[Object],
    *,
    entry: str = "_start",
    arrays: Iterable[tuple[str, Buffer]] = (),
    sections: Mapping[str, Buffer] | None = None,
    arch: str = RV64GCV,
    directory: str = "",
) -> Image:
    """Link objects into a static executable.

    arrays:    constants by name; each becomes a symbol of .rodata and is not copied.
    sections:  more sections that are in the file only.
    directory: what relative names of source files are relative to, for debuggers.
    FleetErrors: undefined and doubly defined symbols, targets out of reach, a missing entry.
    """
    linker = Linker(objects)
    linker.place_sections()
    places = linker.place_arrays(arrays)
    linker.assign_addresses()
    image = linker.image
    rodata = linker.groups[".rodata"].address
    for name, offset, _ in places:
        if name in image.addresses:
            raise FleetError(f"there are two arrays named {name}")
        image.addresses[name] = rodata + offset
    linker.collect_globals()
    if not linker.errors:
        linker.relocate()
    if linker.errors:
        raise FleetErrors(linker.errors)
    linker.collect_symbols(places)
    if entry not in image.addresses:
        raise FleetError(f"the entry {entry} is not defined")
    image.entry = image.addresses[entry]
    sequences = linker.line_rows()
    if sequences:
        text = linker.groups[".text"]
        name = objects[0].file
        info, abbreviations = unit_sections(
            name, directory, text.address, text.address + text.size
        )
        image.add_section(".debug_line", line_section(sequences))
        image.add_section(".debug_info", info)
        image.add_section(".debug_abbrev", abbreviations)
    image.add_section(".riscv.attributes", attributes_section(arch), type=SHT_RISCV_ATTRIBUTES)
    for name, data in (sections or {}).items():
        image.add_section(name, data)
    return image

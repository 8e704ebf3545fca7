"""What is in an ELF file, as text: header, sections, segments, relocations, symbols, attributes.

In: an `ElfFile`. Out: the lines that GNU `readelf -aW` prints for the same, so that either can be
read by who knows the other. Each table is a function of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from fleet.asm.objects.attributes import ARCH, STACK_ALIGN, read_attributes
from fleet.asm.objects.dynamic import HIDDEN, version_numbers
from fleet.asm.objects.elf import (
    EHDR,
    ET_DYN,
    ET_EXEC,
    ET_REL,
    PF_R,
    PF_W,
    PF_X,
    PT_GNU_STACK,
    PT_LOAD,
    PT_RISCV_ATTRIBUTES,
    PT_TLS,
    SHN_UNDEF,
    SHT_DYNSYM,
    SHT_GROUP,
    SHT_RELA,
    SHT_STRTAB,
    SHT_SYMTAB,
    ElfFile,
    ElfSection,
    ElfSegment,
    ElfSymbol,
)
from fleet.asm.objects.model import (
    ABSOLUTE,
    COMMON,
    EF_RISCV_FLOAT_ABI,
    EF_RISCV_RVC,
    GRP_COMDAT,
    SHF_ALLOC,
    SHF_TLS,
    SHT_NOBITS,
    SHT_RISCV_ATTRIBUTES,
    relocation_name,
)
from fleet.asm.show.readelf_dynamic import (
    dynamic,
    is_program,
    notes,
    symbol_versions,
    versioned_name,
    versions,
)
from fleet.diagnostics import FleetError

TYPES = {ET_REL: "REL (Relocatable file)", ET_EXEC: "EXEC (Executable file)"}
OS_ABIS = {0: "UNIX - System V", 3: "UNIX - GNU"}
SECTION_TYPES = {
    0: "NULL", 1: "PROGBITS", SHT_SYMTAB: "SYMTAB", SHT_STRTAB: "STRTAB", SHT_RELA: "RELA",
    5: "HASH", 6: "DYNAMIC", 7: "NOTE", 8: "NOBITS", 9: "REL", 10: "SHLIB", SHT_DYNSYM: "DYNSYM",
    14: "INIT_ARRAY", 15: "FINI_ARRAY", 16: "PREINIT_ARRAY", SHT_GROUP: "GROUP",
    18: "SYMTAB SECTION INDICES", 0x6FFFFFF5: "GNU_ATTRIBUTES", 0x6FFFFFF6: "GNU_HASH",
    0x6FFFFFFD: "VERDEF", 0x6FFFFFFE: "VERNEED", 0x6FFFFFFF: "VERSYM",
    SHT_RISCV_ATTRIBUTES: "RISCV_ATTRIBUTES",
}  # fmt: skip
SECTION_TYPE_RANGES = (
    (0x60000000, 0x6FFFFFFF, "LOOS"),
    (0x70000000, 0x7FFFFFFF, "LOPROC"),
    (0x80000000, 0xFFFFFFFF, "LOUSER"),
)
SECTION_FLAGS = (
    (1, "W"), (2, "A"), (4, "X"), (0x10, "M"), (0x20, "S"), (0x40, "I"), (0x80, "L"),
    (0x100, "O"), (0x200, "G"), (0x400, "T"), (0x800, "C"), (0x80000000, "E"),
)  # fmt: skip
GNU_FLAGS = ((0x200000, "R"), (0x1000000, "D"))
OS_ABI_AT, GNU = 7, 3
OS_FLAGS, PROCESSOR_FLAGS = 0x0FF00000, 0xF0000000
FLAG_KEY = """\
Key to Flags:
  W (write), A (alloc), X (execute), M (merge), S (strings), I (info),
  L (link order), O (extra OS processing required), G (group), T (TLS),
  C (compressed), x (unknown), o (OS specific), E (exclude),
  D (mbind), p (processor specific)"""
PT_DYNAMIC, PT_INTERP, PT_NOTE, PT_PHDR = 2, 3, 4, 6
PT_GNU_EH_FRAME, PT_GNU_RELRO = 0x6474E550, 0x6474E552
SEGMENT_TYPES = {
    0: "NULL", PT_LOAD: "LOAD", PT_DYNAMIC: "DYNAMIC", PT_INTERP: "INTERP", PT_NOTE: "NOTE",
    5: "SHLIB", PT_PHDR: "PHDR", PT_TLS: "TLS", PT_GNU_EH_FRAME: "GNU_EH_FRAME",
    PT_GNU_STACK: "GNU_STACK", PT_GNU_RELRO: "GNU_RELRO", 0x6474E553: "GNU_PROPERTY",
    PT_RISCV_ATTRIBUTES: "RISCV_ATTRIBUTES",
}  # fmt: skip
SEGMENT_FLAGS = ((PF_R, "R"), (PF_W, "W"), (PF_X, "E"))
ONLY_MEMORY = (PT_LOAD, PT_DYNAMIC, PT_GNU_EH_FRAME, PT_GNU_STACK, PT_GNU_RELRO)
BINDINGS = {"10": "UNIQUE"}
LARGE = 100_000  # sizes from here on are written in hexadecimal
MOST_MAPPINGS = 10_000_000


TABLES = (
    "header", "sections", "groups", "segments", "dynamic", "relocations", "symbols", "versions",
    "notes", "attributes",
)  # fmt: skip
"""What there is to show, in this order."""


def describe(file: ElfFile, tables: Collection[str] = TABLES) -> str:
    """The file's tables. FleetError if the file is damaged.

    tables: names out of TABLES.
    """
    parts: list[list[str]] = []
    for name in TABLES:
        if name not in tables:
            continue
        match name:
            case "header":
                parts.append(header(file))
            case "sections":
                parts.append([*section_count(file, "header" in tables), *sections(file)])
            case "groups":
                parts.append(groups(file))
            case "segments":
                if file.segments and "header" not in tables:
                    parts.append(program(file))
                parts.append(segments(file))
            case "dynamic":
                parts.append(dynamic(file))
            case "relocations":
                found = [s for s in file.sections if s.type == SHT_RELA]
                parts += [relocations(file, section) for section in found]
                if not found:
                    parts.append(["There are no relocations in this file."])
            case "symbols":
                parts += [
                    symbols(file, s) for s in file.sections if s.type in (SHT_DYNSYM, SHT_SYMTAB)
                ]
            case "versions":
                parts += versions(file)
            case "attributes":
                parts.append(attributes(file))
            case "notes":
                parts += notes(file)
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def section_count(file: ElfFile, has_header: bool) -> list[str]:
    """How many sections there are, unless the header has said it."""
    if has_header or not file.sections:
        return []
    offset = EHDR.unpack_from(file.view)[6]
    count = len(file.sections)
    are = "is 1 section header" if count == 1 else f"are {count} section headers"
    return [f"There {are}, starting at offset {offset:#x}:", ""]


def program(file: ElfFile) -> list[str]:
    """What the segments are for."""
    offset, count = EHDR.unpack_from(file.view)[5], len(file.segments)
    are = "is 1 program header" if count == 1 else f"are {count} program headers"
    return [
        f"Elf file type is {file_type(file)}",
        f"Entry point {file.entry:#x}",
        f"There {are}, starting at offset {offset}",
    ]


def file_type(file: ElfFile) -> str:
    """`EXEC (Executable file)`"""
    kind = TYPES.get(file.type)
    if kind is None:
        what = "Position-Independent Executable file" if is_program(file) else "Shared object file"
        kind = f"DYN ({what})" if file.type == ET_DYN else str(file.type)
    return kind


def header(file: ElfFile) -> list[str]:
    """The file's header."""
    (
        identification, _, _, version, entry, phoff, shoff, flags, ehsize, phentsize, phnum,
        shentsize, shnum, shstrndx,
    ) = EHDR.unpack_from(file.view)  # fmt: skip
    abi = identification[7]
    rows = (
        ("Magic", identification.hex(" ") + " "),
        ("Class", "ELF64"),
        ("Data", "2's complement, little endian"),
        ("Version", f"{identification[6]} (current)"),
        ("OS/ABI", OS_ABIS.get(abi, f"<unknown: {abi:x}>")),
        ("ABI Version", identification[8]),
        ("Type", file_type(file)),
        ("Machine", "RISC-V"),
        ("Version", f"{version:#x}"),
        ("Entry point address", f"{entry:#x}"),
        ("Start of program headers", f"{phoff} (bytes into file)"),
        ("Start of section headers", f"{shoff} (bytes into file)"),
        ("Flags", flags_text(flags)),
        ("Size of this header", f"{ehsize} (bytes)"),
        ("Size of program headers", f"{phentsize} (bytes)"),
        ("Number of program headers", phnum),
        ("Size of section headers", f"{shentsize} (bytes)"),
        ("Number of section headers", shnum),
        ("Section header string table index", shstrndx),
    )
    lines = ["ELF Header:", f"  Magic:   {rows[0][1]}"]
    return lines + [f"  {name + ':':<34} {value}" for name, value in rows[1:]]


def flags_text(flags: int) -> str:
    """`0x5, RVC, double-float ABI`"""
    words = [f"{flags:#x}"]
    if flags & EF_RISCV_RVC:
        words.append("RVC")
    if flags & 8:
        words.append("RVE")
    abis = ("soft", "single", "double", "quad")
    if flags:
        words.append(f"{abis[(flags & EF_RISCV_FLOAT_ABI) >> 1]}-float ABI")
    return ", ".join(words)


def sections(file: ElfFile) -> list[str]:
    """The section headers."""
    if not file.sections:
        return ["There are no sections in this file."]
    lines = [
        "Section Headers:",
        "  [Nr] Name              Type            Address          Off    Size   ES Flg Lk Inf Al",
    ]
    gnu = file.view[OS_ABI_AT] == GNU
    for number, s in enumerate(file.sections):
        lines.append(
            f"  [{number:2}] {s.name:<17} {section_type(s.type):<15} {s.address:016x} "
            f"{s.offset:06x} {s.size:06x} {s.entry_size:02x} {section_flags(s.flags, gnu):>3} "
            f"{s.link:2} {s.info:3} {s.align:2}"
        )
    return [*lines, FLAG_KEY.replace("D (", "R (retain), D (") if gnu else FLAG_KEY]


def section_type(number: int) -> str:
    """`PROGBITS`"""
    name = SECTION_TYPES.get(number)
    for low, high, word in SECTION_TYPE_RANGES:
        if name is None and low <= number <= high:
            name = f"{word}+{number - low:#x}"
    return name or f"{number:08x}: <unknown>"


def section_flags(flags: int, gnu: bool = False) -> str:
    """`WA`; gnu: whether the file says that it has what GNU adds to the format."""
    text = ""
    for bit, letter in SECTION_FLAGS + (GNU_FLAGS if gnu else ()):
        if flags & bit:
            text += letter
            flags &= ~bit
    for mask, letter in ((OS_FLAGS, "o"), (PROCESSOR_FLAGS, "p"), (-1, "x")):
        if flags & mask:
            text += letter
            flags &= ~mask
    return text


def groups(file: ElfFile) -> list[str]:
    """Sections that stay or go together."""
    lines: list[str] = []
    table = next((s for s in file.sections if s.type == SHT_SYMTAB), None)
    for number, section in enumerate(file.sections):
        if section.type != SHT_GROUP:
            continue
        data = bytes(file.data(section))
        if len(data) < 4 or len(data) % 4 or table is None:
            file.damaged(f"section {number} is no group of sections")
        flags, *members = memoryview(data).cast("I")
        names = symbol_names(file, table)
        if section.info >= len(names):
            file.damaged("a group of sections has no signature")
        kind = "COMDAT group" if flags & GRP_COMDAT else "group"
        lines += [
            f"{kind} section [{number:5}] `{section.name}' [{names[section.info]}] contains "
            f"{len(members)} sections:",
            "   [Index]    Name",
        ]
        for member in members:
            if member >= len(file.sections):
                file.damaged("a group has a section that is not there")
            lines.append(f"   [{member:5}]   {file.sections[member].name}")
    return lines or ["There are no section groups in this file."]


def segments(file: ElfFile) -> list[str]:
    """The program headers, and which sections are in which segment."""
    if not file.segments:
        return ["There are no program headers in this file."]
    lines = [
        "Program Headers:",
        "  Type           Offset   VirtAddr           PhysAddr           FileSiz  MemSiz   "
        "Flg Align",
    ]
    for s in file.segments:
        name = SEGMENT_TYPES.get(s.type, f"LOOS+{s.type - 0x60000000:#x}")[:14]
        flags = "".join(letter if s.flags & bit else " " for bit, letter in SEGMENT_FLAGS)
        lines.append(
            f"  {name:<14} 0x{s.offset:06x} 0x{s.address:016x} 0x{s.physical:016x} "
            f"0x{s.file_size:06x} 0x{s.memory_size:06x} {flags} {s.align:#x}"
        )
        if s.type == PT_INTERP:
            text = bytes(file.segment_data(s)[:4096]).split(b"\0")[0].decode("latin-1")
            lines.append(f"      [Requesting program interpreter: {text}]")
    if len(file.segments) * len(file.sections) > MOST_MAPPINGS:
        return lines
    lines += ["", " Section to Segment mapping:", "  Segment Sections..."]
    for number, segment in enumerate(file.segments):
        inside = [s.name for s in file.sections[1:] if is_inside(s, segment)]
        lines.append(f"   {number:02}     " + "".join(f"{name} " for name in inside))
    return lines


def is_inside(section: ElfSection, segment: ElfSegment) -> bool:
    """Whether a section is part of a segment, both in the file and in memory."""
    thread = bool(section.flags & SHF_TLS)
    if thread and segment.type not in (PT_TLS, PT_GNU_RELRO, PT_LOAD):
        return False
    if not thread and segment.type in (PT_TLS, PT_PHDR):
        return False
    if not section.flags & SHF_ALLOC and segment.type in ONLY_MEMORY:
        return False
    nobits = section.type == SHT_NOBITS
    if thread and nobits and segment.type != PT_TLS:
        return False
    if not nobits:
        start = section.offset - segment.offset
        if not 0 <= start < max(segment.file_size, 1) or start + section.size > segment.file_size:
            return False
    if section.flags & SHF_ALLOC:
        start = section.address - segment.address
        limit = segment.memory_size
        if not 0 <= start < max(limit, 1) or start + section.size > limit:
            return False
    return bool(segment.memory_size or segment.file_size)


def symbol_names(file: ElfFile, table: ElfSection) -> list[str]:
    """The names in a symbol table; of symbols of sections, the names of these."""
    return [symbol_name(file, symbol) for symbol in file.symbols_of(table)]


def symbol_name(file: ElfFile, symbol: ElfSymbol) -> str:
    if symbol.kind == "section" and not symbol.name and symbol.section < len(file.sections):
        return file.sections[symbol.section].name
    return symbol.name


def names_in(file: ElfFile, table: ElfSection) -> list[str]:
    """The names in a symbol table, those of the dynamic linker with their versions."""
    found = file.symbols_of(table)
    names = [symbol_name(file, symbol) for symbol in found]
    if table.type == SHT_DYNSYM:
        numbers, versions = symbol_versions(file)
        for index, (symbol, number) in enumerate(zip(found, numbers, strict=False)):
            names[index] = versioned_name(names[index], symbol, number, versions)
    return names


def relocations(file: ElfFile, section: ElfSection) -> list[str]:
    """One table of relocations."""
    found = file.relocations_of(section)
    tables: list[tuple[str, int]] = [("", 0)]
    if section.link:
        if section.link >= len(file.sections):
            file.damaged(f"{section.name} has no symbol table")
        table = file.sections[section.link]
        if table.type in (SHT_SYMTAB, SHT_DYNSYM):
            names = names_in(file, table)
            tables = [
                (name, s.address)
                for name, s in zip(names, file.symbols_of(table), strict=True)
            ]  # fmt: skip
    entries = "entry" if len(found) == 1 else "entries"
    lines = [
        f"Relocation section '{section.name}' at offset {section.offset:#x} contains "
        f"{len(found)} {entries}:",
        "    Offset             Info             Type               Symbol's Value  "
        "Symbol's Name + Addend",
    ]
    for r in found:
        line = f"{r.offset:016x}  {r.symbol << 32 | r.type:016x} {relocation_name(r.type):<22}"
        if r.symbol:
            if r.symbol >= len(tables):
                file.damaged(f"{section.name} has a relocation with a symbol that is not there")
            name, value = tables[r.symbol]
            sign = "-" if r.addend < 0 else "+"
            line += f" {value:016x} {name} {sign} {abs(r.addend):x}"
        else:
            line += " " * 20 + f"{r.addend & (1 << 64) - 1:x}"
        lines.append(line)
    return lines


def symbols(file: ElfFile, section: ElfSection) -> list[str]:
    """One symbol table."""
    return list(_symbols(file, section))


def _symbols(file: ElfFile, section: ElfSection) -> Iterator[str]:
    found = file.symbols_of(section)
    entries = "entry" if len(found) == 1 else "entries"
    yield f"Symbol table '{section.name}' contains {len(found)} {entries}:"
    yield "   Num:    Value          Size Type    Bind   Vis      Ndx Name"
    places = {0: "UND", ABSOLUTE: "ABS", COMMON: "COM"}
    numbers = version_numbers(file) if section.type == SHT_DYNSYM else []
    for number, (s, name) in enumerate(zip(found, names_in(file, section), strict=True)):
        size = f"{s.size:5}" if s.size < LARGE else f"{s.size:#x}"
        kind, binding = s.kind.upper(), BINDINGS.get(s.binding, s.binding.upper())
        place = places.get(s.section, str(s.section))
        if s.section == SHN_UNDEF and "@" in name and number < len(numbers):
            name += f" ({numbers[number] & ~HIDDEN})"
        yield (
            f"{number:6}: {s.address:016x} {size} {kind:<7} {binding:<6} "
            f"{s.visibility.upper():<7} {place:>4} {name}"
        )


def attributes(file: ElfFile) -> list[str]:
    """What the code was built for."""
    lines: list[str] = []
    for section in file.sections:
        if section.type != SHT_RISCV_ATTRIBUTES:
            continue
        lines += ["Attribute Section: riscv", "File Attributes"]
        try:
            found = read_attributes(bytes(file.data(section)))
        except FleetError as error:
            file.damaged(error.message)
        for tag, value in found:
            match tag:
                case _ if tag == STACK_ALIGN:
                    lines.append(f"  Tag_RISCV_stack_align: {value}-bytes")
                case _ if tag == ARCH:
                    lines.append(f'  Tag_RISCV_arch: "{value}"')
                case 6:
                    word = "Unaligned access" if value else "No unaligned access"
                    lines.append(f"  Tag_RISCV_unaligned_access: {word}")
                case 8 | 10 | 12:
                    name = {8: "", 10: "_minor", 12: "_revision"}[tag]
                    lines.append(f"  Tag_RISCV_priv_spec{name}: {value}")
                case _:
                    lines.append(f"  Tag_unknown_{tag}: {value}")
    return lines

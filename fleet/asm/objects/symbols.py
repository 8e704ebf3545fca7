"""Addresses -> names, as disassemblies write them: `10464 <abort+0x44>`.

In: (name, address) pairs, or the symbols of an ELF file. Out: the text for an address. Which of
several symbols names an address is decided as GNU objdump 2.40 decides it: the nearest one below;
of equal ones that of the section in hand, then functions, objects, larger ones, global ones.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from itertools import groupby

from fleet.asm.objects.dynamic import filled_places, linkage_symbols, versioned_symbols
from fleet.asm.objects.elf import (
    ET_REL,
    SHN_UNDEF,
    SHT_REL,
    SHT_RELA,
    ElfFile,
    ElfSection,
    ElfSymbol,
)

SHN_COMMON = 0xFFF2


class Symbols:
    """Names of addresses: the nearest symbol at or below an address."""

    def __init__(self, names: Mapping[str, int] | Iterable[tuple[str, int]] = ()) -> None:
        pairs = names.items() if isinstance(names, Mapping) else names
        by_address: dict[int, str] = {}
        for name, address in pairs:
            by_address.setdefault(address, name)
        self.at = by_address
        self.names = {name: address for address, name in by_address.items()}
        self.sorted = sorted(by_address)

    def name(self, address: int) -> str:
        """`66 <loop+0x4>`, or the bare number below every symbol."""
        index = bisect_right(self.sorted, address)
        if not index:
            return f"{address:x}"
        start = self.sorted[index - 1]
        offset = f"+{address - start:#x}" if address > start else ""
        return f"{address:x} <{self.at[start]}{offset}>"


def is_mapping(name: str) -> bool:
    """Whether a symbol only says that code (`$x`) or data (`$d`) begins."""
    return name.startswith(("$x", "$d"))


def rank(symbol: ElfSymbol) -> tuple[bool | int | str, ...]:
    """What orders symbols of one address, the best name first, whatever their versions."""
    name, kind, binding = symbol.name.partition("@")[0], symbol.kind, symbol.binding
    return (
        name.endswith((".o", ".a")), kind == "section", kind != "func",
        kind not in ("object", "common"), binding == "local", binding != "global", -symbol.size,
        name.startswith("."), name,
    )  # fmt: skip


def usable_symbols(file: ElfFile) -> list[ElfSymbol]:
    """Those that can name an address; of sections, the tables of the dynamic linker alone."""
    found = []
    symbols = file.symbols or versioned_symbols(file)
    for symbol in symbols:
        if symbol.kind == "section" and symbol.section < len(file.sections):
            section = file.sections[symbol.section]
            if section.name.startswith((".plt", ".got")):
                found.append(symbol._replace(name=section.name))
        elif symbol.kind not in ("section", "file") and symbol.name:
            found.append(symbol)
    known = [s for s in found if s.section not in (SHN_UNDEF, SHN_COMMON)]
    return [s if s.name.isprintable() else s._replace(name=visible(s.name)) for s in known]


def visible(name: str) -> str:
    """A name with its control characters as `^A`."""
    return "".join(f"^{chr(ord(c) + 64)}" if c < " " else c for c in name)


class ElfSymbols(Symbols):
    """The symbols of an ELF file; `enter` says from which section addresses are looked up."""

    def __init__(self, file: ElfFile) -> None:
        super().__init__()
        usable = usable_symbols(file) + linkage_symbols(file)
        usable.sort(key=lambda symbol: symbol.address)
        self.filled = filled_places(file)
        # As objdump sees it: an object that needs no relocations is none that can be relocated.
        relocations = any(section.type in (SHT_RELA, SHT_REL) for section in file.sections)
        self.relocatable = file.type == ET_REL and relocations
        self.groups: list[list[ElfSymbol]] = []
        self.mapping: list[ElfSymbol] = []
        for address, group in groupby(usable, key=lambda symbol: symbol.address):
            self.sorted.append(address)
            ordered = sorted(group, key=rank)
            self.groups.append([s for s in ordered if not hidden(s.name)])
            self.mapping += [s for s in ordered if is_mapping(s.name)]
        # Without versions, of which the dynamic linker's symbols may have several.
        self.names = {s.name.partition("@")[0]: s.address for g in self.groups for s in g}
        # Of each section the addresses that have names, and their best names.
        self.by_section: dict[int, tuple[list[int], list[ElfSymbol]]] = {}
        for group in self.groups:
            for symbol in group:
                places, symbols = self.by_section.setdefault(symbol.section, ([], []))
                if not places or places[-1] != symbol.address:
                    places.append(symbol.address)
                    symbols.append(symbol)
        self.number = 0
        self.section: ElfSection | None = None
        self.known: dict[int, str] = {}

    def enter(self, number: int, section: ElfSection) -> None:
        self.number, self.section = number, section
        self.known = {}

    def of_section(self) -> list[ElfSymbol]:
        """The symbols of the present section, the best one of each address."""
        return self.by_section.get(self.number, ([], []))[1]

    def following(self, number: int, address: int) -> int | None:
        """The address of the next symbol of a section behind an address."""
        places = self.by_section.get(number, ([], []))[0]
        index = bisect_right(places, address)
        return places[index] if index < len(places) else None

    def nearest(self, address: int, *, here: bool = False) -> ElfSymbol | None:
        """The symbol that names an address; with `here`, one of the present section."""
        if not self.groups:
            return None
        section, number = self.section, self.number
        index = max(bisect_right(self.sorted, address) - 1, 0)
        for symbol in self.groups[index]:
            if symbol.section == number:
                return symbol
        inside = self.relocatable and section is not None
        inside = inside and section.address <= address < section.address + section.size
        own = here or inside
        if own:
            places, symbols = self.by_section.get(number, ((), ()))
            if not places:
                return None
            return symbols[max(bisect_right(places, address) - 1, 0)]
        while index > 0 and not self.groups[index]:
            index -= 1
        while index < len(self.groups) and not self.groups[index]:
            index += 1
        return self.groups[index][0] if index < len(self.groups) else None

    def name(self, address: int) -> str:
        text = self.known.get(address)
        if text is None:
            text = self.known[address] = self._name(address)
        return text

    def _name(self, address: int) -> str:
        if not self.groups:
            return f"{address:#x}"
        symbol = self.nearest(address)
        filled = self.filled.get(address)
        is_entry = symbol is not None and symbol.name.endswith("@plt")
        if filled is None or is_entry or (symbol is not None and symbol.section == self.number):
            return f"{address:x} {self.relative(address, symbol)}"
        if filled.section == SHN_UNDEF:
            return f"{address:x} <{filled.name}>"
        return f"{address:x} {self.relative(address, filled)}"

    def relative(self, address: int, symbol: ElfSymbol | None) -> str:
        """`<symbol+0x10>`; from the start of the section where there is no symbol."""
        assert self.section is not None
        if symbol is None:
            name, start = self.section.name, self.section.address
        else:
            name, start = symbol.name, symbol.address
        distance = address - start
        return f"<{name}{distance:+#x}>" if distance else f"<{name}>"


def hidden(name: str) -> bool:
    """Names that mark places for tools, not for readers."""
    return is_mapping(name) or name == ".L0 "

"""Indirect functions: those whose address a program asks a resolver for when it starts.

In: the definitions of kind `ifunc` that relocations name. Out: for each a stub, which stands for
the function wherever it is called or its address is taken, a slot from which the stub jumps on,
and a relocation R_RISCV_IRELATIVE that has the program's start put what the resolver says into the
slot. Start-up code, such as glibc's, finds these relocations from `__rela_iplt_start` to
`__rela_iplt_end`. Source: the psABI, "Procedure Linkage Table" and "Dynamic Relocations".
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable

from fleet.asm.link.image import OutputSection
from fleet.asm.link.resolve import Definition, Definitions
from fleet.asm.objects.elf import SHT_RELA
from fleet.asm.objects.model import (
    SHF_ALLOC,
    SHF_EXECINSTR,
    SHF_WRITE,
    SHT_PROGBITS,
    R,
)

STUB, SLOT, ROW = 16, 8, 24  # bytes
T1, T3 = 6, 28
AUIPC, LD, JALR, NOP = 0x17, 0x3003, 0x67, 0x13

Key = tuple[int, int]
"""Object, and index of a symbol or section."""


class IndirectFunctions:
    """What a link has of them; empty for most.

    output: makes or finds the output section of a name, type and flags.
    """

    def __init__(self, output: Callable[[str, int, int], OutputSection]) -> None:
        self.output = output
        self.numbers: dict[Key, int] = {}
        self.definitions: list[Definition] = []

    def find(self, definitions: Definitions, sections: Iterable[Key]) -> None:
        """What the relocations of the sections of a program refer to."""
        objects = definitions.objects
        known = {
            (number, index) for number, unit in enumerate(objects)
            for index, symbol in enumerate(unit.symbols) if symbol.kind == "ifunc"
        }  # fmt: skip
        for number, index in sections if known else ():
            section = objects[number].sections[index]
            for relocation in section.relocations if section.flags & SHF_ALLOC else ():
                if relocation.symbol is None:
                    continue
                found = definitions.find(number, relocation.symbol)
                key = (found.unit, found.index) if found is not None else (-1, -1)
                if found is not None and key in known and key not in self.numbers:
                    self.numbers[key] = len(self.definitions)
                    self.definitions.append(found)

    def place(self, definitions: Definitions, sections: Iterable[Key]) -> None:
        """Find them, and make room for all."""
        self.find(definitions, sections)
        count = len(self.definitions)
        self.stub_bytes, self.rows = bytearray(STUB * count), bytearray(ROW * count)
        if not count:
            return
        self.stubs = self.output(".iplt", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR)
        self.slots = self.output(".igot.plt", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE)
        self.table = self.output(".rela.iplt", SHT_RELA, SHF_ALLOC)
        self.stub_start = self.stubs.append(self.stub_bytes, STUB * count, STUB)
        self.slot_start = self.slots.append(bytes(SLOT * count), SLOT * count, SLOT)
        self.table_start = self.table.append(self.rows, ROW * count, 8)

    def stub(self, definition: Definition) -> int:
        """The address that stands for a function."""
        number = self.numbers[definition.unit, definition.index]
        return self.stubs.address + self.stub_start + STUB * number

    def bounds(self) -> tuple[int, int]:
        """Where the relocations begin and end; zeros if there are none."""
        if not self.definitions:
            return 0, 0
        start = self.table.address + self.table_start
        return start, start + len(self.rows)

    def fill(self, address_of: Callable[[Definition], int | None]) -> None:
        """Write stubs and relocations, once everything has its address."""
        for number, definition in enumerate(self.definitions):
            slot = self.slots.address + self.slot_start + SLOT * number
            distance = slot - self.stub(definition)
            low = distance & 0xFFF
            high = distance + 0x800 & 0xFFFFF000
            words = (
                AUIPC | T3 << 7 | high,
                LD | T3 << 7 | T3 << 15 | low << 20,
                JALR | T1 << 7 | T3 << 15,
                NOP,
            )
            struct.pack_into("<4I", self.stub_bytes, STUB * number, *words)
            resolver = address_of(definition) or 0
            struct.pack_into("<3Q", self.rows, ROW * number, slot, R.IRELATIVE, resolver)

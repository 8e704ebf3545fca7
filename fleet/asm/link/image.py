"""A linked program in memory: sections with addresses, made of buffers, and symbols.

The one idea: arrays stay what they are, buffers; the linker gives them addresses and names, and
the writer hands them to the operating system, so no weight is ever copied in memory.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from fleet.asm.objects.attributes import RV64GCV
from fleet.asm.objects.model import (
    EF_RISCV_FLOAT_ABI_DOUBLE,
    EF_RISCV_RVC,
    SHT_NOBITS,
    SHT_PROGBITS,
)
from fleet.diagnostics import FleetError

BASE = 0x10000
PAGE = 0x1000
HEADER_ROOM = 0x200  # for the ELF header and program headers before the first section

Buffer = bytes | bytearray | memoryview | np.ndarray


def nbytes(data: Buffer) -> int:
    return data.nbytes if isinstance(data, (np.ndarray, memoryview)) else len(data)


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
        if self.type != SHT_NOBITS and nbytes(data):
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
    arch: str = RV64GCV
    flags: int = EF_RISCV_RVC | EF_RISCV_FLOAT_ABI_DOUBLE

    def address_of(self, name: str) -> int:
        """The address of a symbol or array; FleetError if there is none."""
        try:
            return self.addresses[name]
        except KeyError:
            raise FleetError(f"there is no symbol {name} in this executable") from None

    def section(self, name: str) -> OutputSection:
        """The section with this name; KeyError if there is none."""
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

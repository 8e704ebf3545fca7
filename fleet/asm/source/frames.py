"""Call frame information, `.cfi_...`, as the sections .eh_frame and .debug_frame.

In: `Frame`s, one for each function, whose steps are DWARF instructions at places. Out: sections
with relocations, as GNU as writes them. The one idea: what functions have in common, up to the
first step that is not at their start, is in a common entry (CIE), the rest in an entry of its own
(FDE) (DWARF 5, section 6.4; Linux Standard Base, "Exception Frames").
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from fleet.asm.objects.model import SHF_ALLOC, SHT_PROGBITS, R, Relocation, Section
from fleet.asm.source.expressions import Expression, Place, Symbol
from fleet.leb128 import signed, unsigned

CODE_ALIGN, DATA_ALIGN = 1, -4
RETURN_ADDRESS = 1
CIE_VERSION = 3
PC_RELATIVE, OMITTED = 0x10, 0xFF
SIGNED_WORD = 0x0B
NOP = b"\0"


class Pointer(NamedTuple):
    """A personality routine or a table for it (LSDA): how it is written, and where it is."""

    encoding: int = OMITTED
    target: Expression = 0
    place: Place | None = None


class Step(NamedTuple):
    """An instruction for the unwinder at a place; `own` if it cannot be in a common entry."""

    at: Symbol
    code: bytes
    own: bool = False


@dataclass
class Frame:
    """A function. offset: the distance of the CFA from its register, where the text has come to."""

    start: Symbol
    place: Place
    end: Symbol | None = None
    steps: list[Step] = field(default_factory=list)
    return_column: int = RETURN_ADDRESS
    is_signal: bool = False
    personality: Pointer = Pointer()
    lsda: Pointer = Pointer()
    offset: int = 0
    saved_offsets: list[int] = field(default_factory=list)

    def shared(self) -> int:
        """How many steps are at the very start, and so can be in a common entry."""
        place = self.start.position, self.start.growths
        for number, step in enumerate(self.steps):
            if (step.at.position, step.at.growths) != place or step.own:
                return number
        return len(self.steps)


def pointer_size(encoding: int) -> int | None:
    """Bytes of a pointer; None for encodings that are not supported."""
    if encoding == OMITTED:
        return 0
    size = {0: 8, 2: 2, 3: 4, 4: 8, 0xA: 2, 0xB: 4, 0xC: 8}.get(encoding & 0xF)
    if encoding & 0x60 or (encoding & PC_RELATIVE and size != 4) or size == 2:
        return None
    return size


def advance(distance: int) -> bytes:
    """The instruction that says how far away the next one is in effect."""
    if distance < 0x40:
        return bytes((0x40 | distance,))
    for code, form, limit in ((2, "<B", 1 << 8), (3, "<H", 1 << 16)):
        if distance < limit:
            return bytes((code,)) + struct.pack(form, distance)
    return b"\x04" + struct.pack("<I", distance)


Index = Callable[[Symbol], int]
Evaluate = Callable[[Pointer], "tuple[Symbol | None, int]"]


class FrameWriter:
    """One section.

    beginning: index of a symbol for its start; `symbol_index` numbers others, `evaluate` reduces
    pointers to symbols.
    """

    def __init__(
        self, name: str, beginning: int, symbol_index: Index, evaluate: Evaluate
    ) -> None:
        is_eh = name == ".eh_frame"
        self.is_eh = is_eh
        self.beginning, self.symbol_index, self.evaluate = beginning, symbol_index, evaluate
        self.section = Section(name, SHT_PROGBITS, SHF_ALLOC if is_eh else 0, 8)
        self.data = bytearray()
        self.common: dict[tuple[object, ...], int] = {}  # what a CIE has -> where it is

    def relocate(self, type_: R, index: int, addend: int) -> None:
        self.section.relocations.append(Relocation(len(self.data), type_, index, addend))

    def pointer(self, pointer: Pointer) -> None:
        size = pointer_size(pointer.encoding)
        if not size:
            return
        base, number = self.evaluate(pointer)
        if base is not None:
            relative = pointer.encoding & PC_RELATIVE
            type_ = R.R32_PCREL if relative else R.R32 if size == 4 else R.R64
            self.relocate(type_, self.symbol_index(base), number)
            number = 0
        self.data += (number & (1 << 8 * size) - 1).to_bytes(size, "little")

    def close(self, start: int, align: int) -> None:
        """Pad the entry that begins here, and write its length."""
        self.data += NOP * (-len(self.data) % align)
        struct.pack_into("<I", self.data, start, len(self.data) - start - 4)

    def common_entry(self, frame: Frame, codes: tuple[bytes, ...]) -> int:
        """Where the CIE is for this frame; it is written if there is none."""
        personality, lsda = frame.personality, frame.lsda.encoding
        key = (frame.return_column, frame.is_signal, personality[:2], lsda, codes)
        known = self.common.get(key)
        if known is not None:
            return known
        start = self.common[key] = len(self.data)
        self.data += struct.pack("<IIB", 0, 0 if self.is_eh else 0xFFFFFFFF, CIE_VERSION)
        has_personality = personality.encoding != OMITTED
        if self.is_eh:
            letters = "z" + "P" * has_personality + "L" * (lsda != OMITTED) + "R"
            self.data += (letters + "S" * frame.is_signal).encode()
        self.data += b"\0" + unsigned(CODE_ALIGN) + signed(DATA_ALIGN)
        self.data += unsigned(frame.return_column)
        if self.is_eh:
            size = 1 + (lsda != OMITTED)
            if has_personality:
                size += 1 + (pointer_size(personality.encoding) or 0)
            self.data += unsigned(size)
            if has_personality:
                self.data.append(personality.encoding)
                self.pointer(personality)
            if lsda != OMITTED:
                self.data.append(lsda)
            self.data.append(PC_RELATIVE | SIGNED_WORD)
        self.data += b"".join(codes)
        self.close(start, 4 if self.is_eh else 8)
        return start

    def entry(self, frame: Frame, is_last: bool) -> None:
        """The FDE of a function."""
        shared = frame.shared()
        common = self.common_entry(frame, tuple(step.code for step in frame.steps[:shared]))
        start = len(self.data)
        assert frame.end is not None
        length = frame.end.address - frame.start.address
        self.data += bytes(4)
        if self.is_eh:
            self.data += struct.pack("<I", start + 4 - common)
            self.relocate(R.R32_PCREL, self.symbol_index(frame.start), 0)
            self.data += struct.pack("<II", 0, length)
            self.data += unsigned(pointer_size(frame.lsda.encoding) or 0)
            self.pointer(frame.lsda)
        else:
            self.relocate(R.R32, self.beginning, common)
            self.data += bytes(4)
            self.relocate(R.R64, self.symbol_index(frame.start), 0)
            self.data += struct.pack("<QQ", 0, length)
        place = frame.start
        for step in frame.steps[shared:]:
            if (step.at.position, step.at.growths) != (place.position, place.growths):
                distance = step.at.address - place.address
                self.data += advance(distance) if distance else b""
                place = step.at
            self.data += step.code
        self.close(start, 8 if is_last or not self.is_eh else 4)

    def write(self, frames: list[Frame]) -> Section:
        for number, frame in enumerate(frames, 1):
            self.entry(frame, number == len(frames))
        self.section.data = bytes(self.data)
        self.section.size = len(self.data)
        return self.section

"""The end of an assembly: layout, then everything that waited for addresses.

In: the assembler's state after the last line. Out: an `Object`; or errors, appended to the state's.
"""

from __future__ import annotations

from functools import lru_cache

from fleet.asm.encoding import Field
from fleet.asm.expressions import Symbol, SyntaxProblem, difference, evaluate
from fleet.asm.objects import ABSOLUTE, SHT_NOBITS, Object, R, Relocation, Section
from fleet.asm.objects import Symbol as ObjectSymbol
from fleet.asm.sections import Datum, Growing, SectionBuilder
from fleet.asm.state import MOST_ERRORS, State
from fleet.asm.table import decode
from fleet.diagnostics import FleetError, Location

NOP, SHORT_NOP = 0x00000013, 0x0001
DISTANCES = {
    1: (R.ADD8, R.SUB8), 2: (R.ADD16, R.SUB16), 4: (R.ADD32, R.SUB32), 8: (R.ADD64, R.SUB64),
}  # fmt: skip


@lru_cache(maxsize=1 << 12)
def offset_field(word: int) -> Field:
    """Where a branch or jump has its offset."""
    decoded = decode(word)
    assert decoded is not None
    return decoded.encoding.field("imm")


def with_offset(word: int, offset: int) -> int | None:
    """A branch or jump, its offset zero so far, with this offset; None if it does not reach."""
    field = offset_field(word)
    return word | field.insert(offset) if field.accepts(offset) else None


def relocation_of_short(word: int) -> R:
    """The relocation of a compressed jump or branch."""
    return R.RVC_JUMP if word >> 13 == 0b101 else R.RVC_BRANCH


def padding(count: int, fill: int | None) -> bytes:
    """Bytes that fill a gap: of code, instructions that do nothing."""
    if fill is not None:
        return bytes((fill & 0xFF,)) * count
    odd, count = count % 2, count - count % 2
    short = SHORT_NOP.to_bytes(2, "little") if count % 4 else b""
    return bytes(odd) + short + NOP.to_bytes(4, "little") * (count // 4)


class Finisher:
    def __init__(self, state: State) -> None:
        self.state = state
        self.object = Object(state.file, files=state.files)
        self.indices: dict[int, int] = {}

    def error(self, message: str, location: Location | None, hint: str | None = None) -> None:
        if len(self.state.errors) >= MOST_ERRORS:
            return
        source = self.state.source
        self.state.errors.append(FleetError(message, location, hint=hint, source=source))

    def symbol_index(self, symbol: Symbol) -> int:
        """The place of a symbol in the object's table."""
        index = self.indices.get(id(symbol))
        if index is None:
            index = self.indices[id(symbol)] = len(self.object.symbols)
            self.object.symbols.append(self.object_symbol(symbol))
        return index

    def object_symbol(self, symbol: Symbol) -> ObjectSymbol:
        section: int | None = None
        value = size = 0
        try:
            if symbol.section is not None:
                section, value = symbol.section.index, symbol.address
            elif symbol.value is not None:
                base, value = evaluate(symbol.value, (symbol,))
                if base is None:
                    section = ABSOLUTE
                elif base.section is not None:
                    section, value = base.section.index, base.address + value
            base, size = evaluate(symbol.size)
            if base is not None:
                raise SyntaxProblem(f"the size of {symbol.name} is no number", 0, 0)
        except SyntaxProblem as problem:
            place = symbol.defined_at or symbol.used_at
            self.error(problem.message, place.location if place else None, problem.hint)
        name = symbol.name if "\x01" not in symbol.name and symbol.name != "." else ""
        binding = symbol.binding
        if section is None and binding == "local":
            binding = "global"
        place = symbol.used_at if section is None else symbol.defined_at
        return ObjectSymbol(
            name, section, value, size, binding, symbol.kind, symbol.visibility,
            place.location if place else None,
        )  # fmt: skip

    def finish(self) -> Object:
        builders = list(self.state.sections.values())
        for builder in builders:
            builder.lay_out()
        for symbol in self.state.symbols.values():
            hidden = "\x01" in symbol.name or symbol.name.startswith(".L")
            if symbol.is_defined and not hidden:
                self.symbol_index(symbol)
        for builder in builders:
            self.object.sections.append(self.section(builder))
        return self.object

    def section(self, builder: SectionBuilder) -> Section:
        section = Section(
            builder.name, builder.type, builder.flags, builder.align,
            entry_size=builder.entry_size, lines=builder.final_lines(),
        )  # fmt: skip
        if builder.type == SHT_NOBITS:
            section.size = builder.reserved
            return section
        relocations = section.relocations
        parts: list[bytes] = []
        done = 0
        data = builder.data
        for index, part in enumerate(builder.growing):
            parts.append(bytes(data[done : part.position]))
            done = part.position
            offset = part.position + builder.grown[index]
            parts.append(self.growing(builder, part, offset, relocations))
        parts.append(bytes(data[done:]))
        section.data = result = bytearray(b"".join(parts))
        section.size = len(result)
        grown = builder.grown
        for fixup in builder.fixups:
            offset = fixup.position + grown[fixup.growths]
            target = self.symbol_index(fixup.symbol)
            place = fixup.place.location
            relocations.append(Relocation(offset, fixup.type, target, fixup.addend, place))
        for datum in builder.data_to_fill:
            offset = datum.position + grown[datum.growths]
            try:
                base, value = evaluate(datum.expression)
            except SyntaxProblem as problem:
                if not self.distance(datum, offset, relocations):
                    self.error(problem.message, datum.place.location, problem.hint)
                continue
            if base is not None:
                if datum.size not in (4, 8):
                    message = f"an address does not fit in {datum.size} bytes"
                    self.error(message, datum.place.location)
                    continue
                kind = R.R64 if datum.size == 8 else R.R32
                target = self.symbol_index(base)
                relocations.append(Relocation(offset, kind, target, value, datum.place.location))
                continue
            if not -(1 << 8 * datum.size - 1) <= value < 1 << 8 * datum.size:
                self.error(f"{value} does not fit in {datum.size} bytes", datum.place.location)
                continue
            number = (value & (1 << 8 * datum.size) - 1).to_bytes(datum.size, "little")
            result[offset : offset + datum.size] = number
        relocations.sort(key=lambda relocation: relocation.offset)
        return section

    def distance(self, datum: Datum, offset: int, relocations: list[Relocation]) -> bool:
        """Relocations for a distance between symbols that only the linker knows, if it is one."""
        kinds = DISTANCES.get(datum.size)
        try:
            found = difference(datum.expression)
        except SyntaxProblem:
            return False
        if found is None or kinds is None:
            return False
        plus, minus, number = found
        for kind, symbol, addend in zip(kinds, (plus, minus), (number, 0), strict=True):
            index = self.symbol_index(symbol)
            relocations.append(Relocation(offset, kind, index, addend, datum.place.location))
        return True

    def growing(
        self, builder: SectionBuilder, part: Growing, offset: int, relocations: list[Relocation]
    ) -> bytes:
        """The bytes of a branch, jump or padding whose size has been chosen."""
        symbol = part.symbol
        if symbol is None:
            return padding(part.size, part.fill)
        base, extra = symbol, part.addend
        if symbol.value is not None:
            try:
                found, number = evaluate(symbol.value, (symbol,))
            except SyntaxProblem as problem:
                self.error(problem.message, part.place.location, problem.hint)
                return bytes(part.size)
            base, extra = found if found is not None else symbol, extra + number
        is_jump = part.word & 0x7F == 0x6F
        is_number = base is symbol and symbol.value is not None
        here = base.section is builder and base.binding != "weak"
        distance = base.address + extra - offset if here else 0
        if part.size > 4:  # the opposite branch over a jump
            word = part.short ^ 0x2000 if part.size == 6 else part.word ^ 0x1000
            around = with_offset(word, part.size)
            assert around is not None
            first = around.to_bytes(part.size - 4, "little")
            if here:
                last = with_offset(0x6F, distance - len(first))
                if last is not None:
                    return first + last.to_bytes(4, "little")
                self.out_of_reach(part, distance)
                return bytes(part.size)
            target = None if is_number else self.symbol_index(base)
            at = offset + len(first)
            relocations.append(Relocation(at, R.JAL, target, extra, part.place.location))
            return first + 0x6F.to_bytes(4, "little")
        if not here:
            target = None if is_number else self.symbol_index(base)
            kind = R.JAL if is_jump else R.BRANCH
            if part.sizes == (2,):  # written as a compressed instruction
                kind = relocation_of_short(part.short)
                relocations.append(Relocation(offset, kind, target, extra, part.place.location))
                return part.short.to_bytes(2, "little")
            relocations.append(Relocation(offset, kind, target, extra, part.place.location))
            return part.word.to_bytes(4, "little")
        word = with_offset(part.short if part.size == 2 else part.word, distance)
        if word is None:
            self.out_of_reach(part, distance)
            return bytes(part.size)
        return word.to_bytes(part.size, "little")

    def out_of_reach(self, part: Growing, distance: int) -> None:
        if distance % 2:
            self.error(f"the target is at an odd distance of {distance} bytes", part.place.location)
            return
        hint = "call and tail reach 2 GiB, a jump 1 MiB"
        self.error(f"the target is out of reach, {distance} bytes away", part.place.location, hint)


def finish(state: State) -> Object:
    """The object of an assembly; what is wrong is appended to `state.errors`."""
    return Finisher(state).finish()

"""The end of an assembly: layout, then everything that waited for addresses.

In: the assembler's state after the last line. Out: an `Object`; or errors, appended to the state's.
"""

from __future__ import annotations

from functools import cache

from fleet.asm.isa.encoding import Field
from fleet.asm.isa.table import lookup
from fleet.asm.objects.model import (
    ABSOLUTE,
    COMMON,
    GRP_COMDAT,
    SHF_TLS,
    SHT_NOBITS,
    Group,
    Object,
    R,
    Relocation,
    Section,
    SourceFile,
)
from fleet.asm.objects.model import Symbol as ObjectSymbol
from fleet.asm.source.expressions import (
    DEEPEST,
    Expression,
    Place,
    Symbol,
    SyntaxProblem,
    difference,
    evaluate,
)
from fleet.asm.source.frames import FrameWriter, Pointer
from fleet.asm.source.sections import Datum, Growing, SectionBuilder, settle
from fleet.asm.source.state import MOST_ERRORS, State
from fleet.diagnostics import FleetError, Location

NOP, SHORT_NOP = 0x00000013, 0x0001
THREAD_LOCAL = (
    R.TLS_GOT_HI20, R.TLS_GD_HI20, R.TPREL_HI20, R.TPREL_LO12_I, R.TPREL_LO12_S, R.TPREL_ADD,
    R.TLS_DTPREL32, R.TLS_DTPREL64,
)  # fmt: skip
"""Relocations whose symbols are thread-local variables."""
DISTANCES = {
    1: (R.ADD8, R.SUB8), 2: (R.ADD16, R.SUB16), 4: (R.ADD32, R.SUB32), 8: (R.ADD64, R.SUB64),
}  # fmt: skip


@cache
def _offsets() -> dict[int, Field]:
    """Where branches and jumps have their offsets, by the low bits that tell them."""
    names = {0x63: "beq", 0x6F: "jal", 0xA001: "c.j", 0xC001: "c.beqz", 0xE001: "c.bnez"}
    return {bits: lookup(name).field("imm") for bits, name in names.items()}


def offset_field(word: int) -> Field:
    """Where a branch or jump has its offset."""
    return _offsets()[word & 0x7F if word & 3 == 3 else word & 0xE003]


def with_offset(word: int, offset: int) -> int | None:
    """A branch or jump, its offset zero so far, with this offset; None if it does not reach."""
    field = offset_field(word)
    return word | field.insert(offset) if field.accepts(offset) else None


def padding(count: int, fill: bytes | None) -> bytes:
    """Bytes that fill a gap: of code, instructions that do nothing."""
    if fill is not None:
        return bytes(count % len(fill)) + fill * (count // len(fill))
    odd, count = count % 2, count - count % 2
    short = SHORT_NOP.to_bytes(2, "little") if count % 4 else b""
    return bytes(odd) + short + NOP.to_bytes(4, "little") * (count // 4)


class Finisher:
    def __init__(self, state: State) -> None:
        self.state = state
        self.object = Object(state.file, files=state.files)
        if state.sources:
            self.object.sources = [
                state.sources.get(i, SourceFile(i + 1, "", name))
                for i, name in enumerate(state.files)
            ]
        self.indices: dict[int, int] = {}
        self.problems: dict[int, SyntaxProblem] = {}

    def error(self, message: str, location: Location | None, hint: str | None = None) -> None:
        if len(self.state.errors) >= MOST_ERRORS:
            return
        source = self.state.source
        self.state.errors.append(FleetError(message, location, hint=hint, source=source))

    def symbol_index(self, symbol: Symbol) -> int:
        """The place of a symbol in the object's table."""
        while symbol.is_weak_reference:
            assert isinstance(symbol.value, Symbol)
            symbol = symbol.value
            if symbol.used_at is None and not symbol.is_defined:
                symbol.binding = "weak"
        index = self.indices.get(id(symbol))
        if index is None:
            index = self.indices[id(symbol)] = len(self.object.symbols)
            self.object.symbols.append(self.object_symbol(symbol))
        return index

    def object_symbol(self, symbol: Symbol) -> ObjectSymbol:
        section: int | None = None
        value = 0
        try:
            if symbol.section is not None:
                section, value = symbol.section.index, symbol.address
            elif symbol.common is not None:
                section, value = COMMON, symbol.common.align
            elif symbol.value is not None:
                base, value = evaluate(symbol.value, (symbol,))
                if base is None:
                    section = ABSOLUTE
                elif base.section is not None:
                    section, value = base.section.index, base.address + value
        except SyntaxProblem as problem:
            place = symbol.defined_at or symbol.used_at
            self.error(problem.message, place.location if place else None, problem.hint)
        model = meant = symbol.like or symbol
        for _ in range(DEEPEST):  # `.set name, other` is as the other is
            if not isinstance(meant.value, Symbol):
                break
            meant = meant.value
        name = symbol.name if "\x01" not in symbol.name and symbol.name != "." else ""
        if symbol.versioned is not None:
            name = ("@" if section is None else "@@").join(symbol.versioned)
        binding = model.binding
        if (section is None or section == COMMON) and binding == "local":
            binding = "global"
        place = symbol.used_at if section is None else symbol.defined_at
        kind = "object" if section == COMMON else model.kind
        kind = meant.kind if kind == "notype" else kind
        size = self.size_of(model) or (self.size_of(meant) if meant is not model else 0)
        if symbol.section is not None and symbol.section.flags & SHF_TLS and kind != "section":
            kind = "tls"
        return ObjectSymbol(
            name, section, value, size, binding, kind,
            model.visibility, meant.variant_cc,
            place.location if place else None,
        )  # fmt: skip

    def size_of(self, symbol: Symbol) -> int:
        """What `.size` or `.comm` says."""
        if symbol.common is not None:
            return symbol.common.size
        if isinstance(symbol.size, int):
            return symbol.size
        try:
            base, size = evaluate(symbol.size)
            if base is not None:
                raise SyntaxProblem(f"the size of {symbol.name} is no number", 0, 0)
        except SyntaxProblem as problem:
            place = symbol.size_at or symbol.defined_at or symbol.used_at
            self.error(problem.message, place.location if place else None, problem.hint)
            return 0
        return size

    def finish(self) -> Object:
        state = self.state
        for symbol in state.symbols.values():
            if symbol.common is not None and symbol.made_local:
                state.reserve(symbol, symbol.common)
        builders = state.joined_sections()
        for builder in builders:
            builder.pad_code(state.arch)
        if state.unit_name:
            self.object.symbols.append(ObjectSymbol(state.unit_name, ABSOLUTE, kind="file"))
        for builder in builders:  # the name of a section stands for its start
            named = state.symbols.get(builder.name)
            if named is not None and not named.is_defined:
                named.section, named.position, named.growths = builder, 0, 0
                named.name, named.kind = ".", "section"
        self.problems = {id(p): problem for p, problem in settle(builders, self.number_views)}
        for builder in builders:
            self.object.symbols += [
                ObjectSymbol(name, builder.index, offset) for offset, name in builder.mapping()
            ]
        for symbol in list(state.symbols.values()):
            if symbol.like is not None and not symbol.like.is_defined:
                symbol.like.name = symbol.name  # another name for what is not defined here
                continue
            hidden = "\x01" in symbol.name or symbol.name.startswith(".L") or symbol.name == "."
            hidden = hidden or symbol.is_weak_reference
            if symbol.is_defined and not hidden:
                self.symbol_index(symbol)
        for builder in builders:
            self.object.sections.append(self.section(builder))
        self.groups(builders)
        self.frames()
        return self.object

    def number_views(self) -> None:
        """Give the symbols of `.loc ... view` their numbers: how many rows an address has before.

        As the sizes of sections can depend on them, this is done whenever places change.
        """
        for builder in {id(b): b for b, _ in self.state.views}.values():
            view, before = 0, -1
            for position, growths, *_, marks in builder.lines:
                address = position + builder.grown[growths]
                view = view + 1 if address == before else 0
                before = address
                if marks.view is not None:
                    marks.view.value = view

    def groups(self, builders: list[SectionBuilder]) -> None:
        """The groups of sections, and symbols for their names."""
        found: dict[str, Group] = {}
        for builder in builders:
            if builder.group is None:
                continue
            name = builder.group.signature
            group = found.get(name)
            if group is None:
                symbol = self.state.symbols.get(name)
                if symbol is not None and (symbol.is_defined or id(symbol) in self.indices):
                    index = self.symbol_index(symbol)
                else:
                    index = len(self.object.symbols)
                    self.object.symbols.append(ObjectSymbol(name))
                group = found[name] = Group(index, [], GRP_COMDAT if builder.group.comdat else 0)
                self.object.groups.append(group)
            group.sections.append(builder.index)

    def frames(self) -> None:
        """The tables for unwinding."""
        state = self.state
        if state.frame is not None:
            self.error(".cfi_endproc is missing", state.frame.place.location)
        if not state.frames:
            return

        def pointed_at(pointer: Pointer) -> tuple[Symbol | None, int]:
            try:
                return evaluate(pointer.target)
            except SyntaxProblem as problem:
                assert pointer.place is not None
                self.error(problem.message, pointer.place.location, problem.hint)
                return None, 0

        for name in state.frame_sections:
            index = next((i for i, s in enumerate(self.object.sections) if s.name == name), None)
            if index is not None and self.object.sections[index].size:
                place = state.frames[0].place.location
                self.error(f"{name} is written by .cfi_startproc, and by hand, too", place)
                continue
            if index is None:
                index = len(self.object.sections)
                self.object.sections.append(Section(name))
            beginning = len(self.object.symbols)
            self.object.symbols.append(ObjectSymbol("", index, kind="section"))
            writer = FrameWriter(name, beginning, self.symbol_index, pointed_at)
            self.object.sections[index] = writer.write(state.frames)

    def section(self, builder: SectionBuilder) -> Section:
        linked = builder.linked.section if builder.linked is not None else None
        if builder.linked is not None and linked is None:
            named = self.state.sections.get((builder.linked.name, "", -1))
            linked = named
        section = Section(
            builder.name, builder.type, builder.flags, builder.align,
            entry_size=builder.entry_size, lines=builder.final_lines(),
            linked=None if linked is None else linked.index,
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
            if fixup.type in THREAD_LOCAL:
                self.object.symbols[target].kind = "tls"
        for datum in builder.data_to_fill:
            offset = datum.position + grown[datum.growths]
            try:
                base, value = evaluate(datum.expression)
            except SyntaxProblem as problem:
                if not self.distance(datum, offset, relocations):
                    self.error(problem.message, datum.place.location, problem.hint)
                continue
            if base is not None or datum.type is not None:
                if datum.size not in (4, 8):
                    message = f"an address does not fit in {datum.size} byte{'s'[:datum.size > 1]}"
                    self.error(message, datum.place.location)
                    continue
                kind = datum.type or (R.R64 if datum.size == 8 else R.R32)
                if base is None:
                    self.error("a symbol is needed here", datum.place.location)
                    continue
                target = self.symbol_index(base)
                relocations.append(Relocation(offset, kind, target, value, datum.place.location))
                if kind in THREAD_LOCAL:
                    self.object.symbols[target].kind = "tls"
                continue
            if not -(1 << 8 * datum.size - 1) <= value < 1 << 8 * datum.size:
                self.error(f"{value} does not fit in {datum.size} bytes", datum.place.location)
                continue
            number = (value & (1 << 8 * datum.size) - 1).to_bytes(datum.size, "little")
            result[offset : offset + datum.size] = number
        for where, type_, what, place in builder.requests:
            self.request(builder, where, type_, what, place, relocations)
        relocations.sort(key=lambda relocation: relocation.offset)
        return section

    def request(
        self, builder: SectionBuilder, where: Expression, type_: R, what: Expression, place: Place,
        relocations: list[Relocation],
    ) -> None:  # fmt: skip
        """A relocation that `.reloc` asks for."""
        try:
            base, offset = evaluate(where)
            target, addend = evaluate(what)
            if base is not None:
                if base.section is not builder:
                    raise SyntaxProblem("this place is not in the present section", 0, 0)
                offset += base.address
        except SyntaxProblem as problem:
            self.error(problem.message, place.location, problem.hint)
            return
        index = None if target is None else self.symbol_index(target)
        relocations.append(Relocation(offset, type_, index, addend, place.location))

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
            return self.gap(builder, part, offset)
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

        def leave(kind: R, at: int = 0) -> None:
            """Another object may have the symbol: the linker is told, as by GNU as."""
            if base.binding == "global":
                index, place = self.symbol_index(base), part.place.location
                relocations.append(Relocation(offset + at, kind, index, extra, place))

        if part.size > 4:  # the opposite branch over a jump
            word = part.short ^ 0x2000 if part.size == 6 else part.word ^ 0x1000
            around = with_offset(word, part.size)
            assert around is not None
            first = around.to_bytes(part.size - 4, "little")
            if here:
                last = with_offset(0x6F, distance - len(first))
                if last is not None:
                    leave(R.JAL, len(first))
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
            relocations.append(Relocation(offset, kind, target, extra, part.place.location))
            return part.word.to_bytes(4, "little")
        word = with_offset(part.short if part.size == 2 else part.word, distance)
        if word is None:
            self.out_of_reach(part, distance)
            return bytes(part.size)
        if part.size == 2:
            leave(R.RVC_JUMP if is_jump else R.RVC_BRANCH)
        else:
            leave(R.JAL if is_jump else R.BRANCH)
        return word.to_bytes(part.size, "little")

    def gap(self, builder: SectionBuilder, part: Growing, offset: int) -> bytes:
        """The bytes of padding, or of a number whose size has been chosen."""
        problem = self.problems.get(id(part))
        try:
            if problem is not None:
                raise problem
            if part.content.endswith("leb128"):
                return part.leb128(part.number())
            if part.content == "org":
                base, target = evaluate(part.expression)
                if base is not None and base.section is not builder:
                    raise SyntaxProblem("this place is not in the present section", 0, 0)
                target += base.address if base is not None else 0
                if target < offset:
                    raise SyntaxProblem(f".org goes {offset - target} bytes backwards", 0, 0)
        except SyntaxProblem as found:
            self.error(found.message, part.place.location, found.hint)
            return bytes(part.size)
        return padding(part.size, part.fill)

    def out_of_reach(self, part: Growing, distance: int) -> None:
        if distance % 2:
            self.error(f"the target is at an odd distance of {distance} bytes", part.place.location)
            return
        hint = "call and tail reach 2 GiB, a jump 1 MiB"
        self.error(f"the target is out of reach, {distance} bytes away", part.place.location, hint)


def finish(state: State) -> Object:
    """The object of an assembly; what is wrong is appended to `state.errors`."""
    return Finisher(state).finish()

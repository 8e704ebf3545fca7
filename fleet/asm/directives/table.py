"""The directives of GNU as that RISC-V programs use: symbols, data, alignment, messages.

In: a statement whose name begins with a dot. Out: a changed `State`. Each directive is a method
that is named in the table at the end, with those of the classes that this one is built on.
"""

from __future__ import annotations

import re
import struct
import sys
from collections.abc import Callable

from fleet.asm.directives.blocks import BLOCK_DIRECTIVES
from fleet.asm.directives.floats import float_bytes
from fleet.asm.directives.frame import FRAME_DIRECTIVES
from fleet.asm.directives.insn import written
from fleet.asm.directives.line import LINE_DIRECTIVES
from fleet.asm.directives.option import OPTION_DIRECTIVES
from fleet.asm.directives.section import SECTION_DIRECTIVES
from fleet.asm.directives.symbol import SYMBOL_DIRECTIVES, SymbolDirectives
from fleet.asm.objects.model import (
    SHF_EXECINSTR,
    SHF_MERGE,
    SHF_STRINGS,
    SHT_NOBITS,
    SHT_NOTE,
    R,
    relocation_name,
)
from fleet.asm.source.expressions import (
    EndOfText,
    Expression,
    Operation,
    SyntaxProblem,
)
from fleet.asm.source.mapping import DATA
from fleet.asm.source.sections import LARGEST_GAP, Datum, Fixup, Growing
from fleet.asm.source.statements import Statement, Text, string_bytes
from fleet.leb128 import signed, unsigned


class Directives(SymbolDirectives):
    # Data

    def append(self, data: bytes, at: Text) -> None:
        """Data at the present place."""
        self.section.begin_data()
        self.put(data, at)

    def put(self, data: bytes, at: Text) -> None:
        """Bytes of either kind at the present place; in .bss they can only be zero."""
        section = self.section
        if section.type != SHT_NOBITS:
            section.data += data
        elif data.strip(b"\0"):
            raise SyntaxProblem(f"{section.name} holds only zeros", at.start, at.end)
        else:
            section.reserved += len(data)

    def integers(self, statement: Statement) -> None:
        assert statement.name is not None
        size = INTEGER_SIZES[statement.name.text]
        low, high = -(1 << 8 * size - 1), 1 << 8 * size
        for operand in statement.operands:
            value = self.expression(operand)
            if not isinstance(value, int):
                known = self.distance(value)
                if known is None:
                    self.deferred(value, size, operand)
                    continue
                value = known
            if size == 16 and -(1 << 64) < value < 0 and operand.text.lstrip("( ")[:1] != "-":
                value += 1 << 64  # as GNU as has it: of 64 bits, and not negative to begin with
            if not low <= value < high:
                message = f"{value} does not fit in {size} byte{'s'[: size > 1]}"
                raise SyntaxProblem(message, operand.start, operand.end)
            self.append((value & high - 1).to_bytes(size, "little"), operand)

    def deferred(self, value: Expression, size: int, operand: Text, type_: R | None = None) -> None:
        section = self.section
        if section.type == SHT_NOBITS:
            message = f"{section.name} holds only zeros"
            raise SyntaxProblem(message, operand.start, operand.end)
        section.begin_data()
        place = self.place(operand.start, operand.end)
        section.data_to_fill.append(
            Datum(len(section.data), len(section.growing), size, value, place, type_)
        )
        section.data += bytes(size)

    def thread_offsets(self, statement: Statement) -> None:
        """`.dtprelword`, `.dtpreldword`: places in a module's thread-local memory."""
        assert statement.name is not None
        size, type_ = (8, R.TLS_DTPREL64) if "dword" in statement.name.text else (4, R.TLS_DTPREL32)
        for operand in self.needed(statement, 1, 1000):
            self.deferred(self.expression(operand), size, operand, type_)

    def variable_numbers(self, statement: Statement) -> None:
        """`.uleb128`, `.sleb128`: numbers in as few bytes as they need."""
        assert statement.name is not None
        content = statement.name.text[1:]
        for operand in self.needed(statement, 1, 10_000):
            value = self.expression(operand)
            known = value if isinstance(value, int) else self.distance(value)
            if known is not None:
                if known < 0 and content == "uleb128":
                    message = f"{known} is negative, which .uleb128 cannot hold"
                    raise SyntaxProblem(message, operand.start, operand.end)
                self.append(signed(known) if content == "sleb128" else unsigned(known), operand)
                continue
            self.grow(content, value, operand, size=1)

    def grow(
        self, content: str, value: Expression, at: Text, fill: bytes = b"\0", size: int = 0
    ) -> None:
        """A part of the section whose size depends on places."""
        section = self.section
        if section.type == SHT_NOBITS:
            raise SyntaxProblem(f"the size must be known in {section.name}", at.start, at.end)
        if content != "org":
            section.begin_data()
        place = self.place(at.start, at.end)
        section.growing.append(
            Growing(
                len(section.data), size, None, 0, 0, 0, (1,), place, fill, None, content, value
            )
        )  # fmt: skip

    def floats(self, statement: Statement) -> None:
        """`.float`, `.double`, `.float16`, `.dc.x`."""
        assert statement.name is not None
        size = FLOAT_SIZES[statement.name.text]
        for operand in statement.operands:
            self.append(float_bytes(operand, size), operand)

    def strings(self, statement: Statement) -> None:
        """`.ascii`, `.asciz`; `.string16` and its like have wider characters."""
        assert statement.name is not None
        name = statement.name.text
        width = int(name.removeprefix(".string") or 8) // 8 if name.startswith(".string") else 1
        end = b"" if name == ".ascii" else bytes(width)
        for operand in statement.operands:
            pieces = [Text(m[0], operand.start + m.start(), operand.start + m.end())
                      for m in QUOTED.finditer(operand.text)]  # fmt: skip
            if QUOTED.sub("", operand.text).strip() or not pieces:
                pieces = [operand]
            data = b"".join(string_bytes(piece) for piece in pieces)
            if width > 1:
                data = b"".join(bytes((byte,)) + bytes(width - 1) for byte in data)
            self.append(data + end, operand)

    def zeros(self, statement: Statement) -> None:
        """`.zero count`, `.space count, fill`"""
        count, *fill = self.needed(statement, 1, 2)
        value = self.number_of(fill[0]) if fill else 0
        number = self.expression(count)
        if not isinstance(number, int):
            known = self.distance(number)
            if known is None:
                self.grow("space", number, count, bytes((value & 0xFF,)))
                return
            number = known
        self.section.begin_data()
        self.fill_bytes(number, value, count)

    def fill_bytes(self, count: int, fill: int, at: Text) -> None:
        nobits = self.section.type == SHT_NOBITS and not fill & 0xFF
        if not 0 <= count < (1 << 62 if nobits else LARGEST_GAP):
            raise SyntaxProblem(f"{count} bytes cannot be written here", at.start, at.end)
        if nobits:
            self.section.reserved += count
        else:
            self.put(bytes((fill & 0xFF,)) * count, at)

    def fill(self, statement: Statement) -> None:
        """`.fill repeat, size, value`; of the value, GNU as takes four bytes."""
        operands = self.needed(statement, 1, 3)
        sizes = [self.number_of(operand) for operand in operands[1:]]
        size, value = (*sizes, *(1, 0)[len(sizes) :])
        count = self.expression(operands[0])
        if not isinstance(count, int) and self.settled(count) is None and size == 1:
            self.grow("space", count, operands[0], bytes((value & 0xFF,)))
            return
        repeat = self.number_of(operands[0])
        self.repeated((value & 0xFFFFFFFF).to_bytes(4, "little"), size, repeat, operands)

    def repeated(self, unit: bytes, size: int, count: int, operands: tuple[Text, ...]) -> None:
        """`count` numbers of `size` bytes."""
        if size < 0 or count < 0 or count * size > LARGEST_GAP:
            start, end = operands[0].start, operands[-1].end
            raise SyntaxProblem("this is not a possible size", start, end)
        size = min(size, 8)
        self.append(unit[:size].ljust(size, b"\0") * count, operands[0])

    def blocks(self, statement: Statement) -> None:
        """`.dcb.w count, value` and `.ds.w count`: so many numbers."""
        assert statement.name is not None
        _, kind, *letters = statement.name.text.split(".")
        letter = letters[0] if letters else "w"
        count, *more = self.needed(statement, 1, 2)
        size = BLOCK_SIZES[letter]
        unit = bytes(size)
        if more and kind == "dcb" and letter in FLOAT_LETTERS:
            unit = float_bytes(more[0], FLOAT_LETTERS[letter])
        elif more:
            unit = (self.number_of(more[0]) & (1 << 8 * size) - 1).to_bytes(size, "little")
        number = self.number_of(count)
        if not 0 <= number * len(unit) <= LARGEST_GAP:
            raise SyntaxProblem("this is not a possible size", count.start, count.end)
        self.append(unit * number, count)

    def include_bytes(self, statement: Statement) -> None:
        """`.incbin "file", skip, count`"""
        name, *bounds = self.needed(statement, 1, 3)
        path = self.included(name)
        try:
            data = path.read_bytes()
        except OSError as error:
            message = f"cannot read {path}: {error.strerror}"
            raise SyntaxProblem(message, name.start, name.end) from None
        skip = self.number_of(bounds[0]) if bounds and bounds[0].text else 0
        count = self.number_of(bounds[1]) if len(bounds) > 1 else len(data) - skip
        if skip < 0 or count < 0 or skip + count > len(data):
            message = f"{path} has {len(data)} bytes, not {count} from {skip} on"
            raise SyntaxProblem(message, bounds[0].start, bounds[-1].end)
        self.append(data[skip : skip + count], name)

    def relocation(self, statement: Statement) -> None:
        """`.reloc offset, type, expression`: a relocation as it is."""
        where, kind, *what = self.needed(statement, 2, 3)
        type_ = RELOCATIONS.get(kind.text.upper())
        if type_ is None:
            message = f"there is no relocation {kind.text}"
            raise SyntaxProblem(message, kind.start, kind.end, "such as R_RISCV_32")
        value = self.expression(what[0]) if what else 0
        place = self.place(where.start, where.end)
        offset = self.expression(where)
        section = self.section
        section.requests.append((offset, type_, value, place))

    def raw_instruction(self, statement: Statement) -> None:
        """`.insn`: an instruction by its format and fields."""
        operands = self.needed(statement, 1, 8)
        found = written(operands, self.number_of, self.expression)
        if found.size == 2 and not self.compressing and not found.is_number:
            message = "an instruction of two bytes is compressed, which is not allowed here"
            raise SyntaxProblem(message, operands[0].start, operands[-1].end)
        section = self.section
        section.begin_code(self.arch)
        if found.target is not None:
            assert found.relocation is not None
            place = self.place(operands[-1].start, operands[-1].end)
            symbol, addend = self.target(found.target, operands[-1])
            position, growths = len(section.data), len(section.growing)
            section.fixups.append(
                Fixup(position, growths, found.relocation, symbol, addend, place)
            )
        self.put(found.word.to_bytes(found.size, "little"), operands[0])
        self.vtype = None

    def no_operation(self, statement: Statement) -> None:
        """`.nop`: as the instruction."""
        assert statement.name is not None
        self.needed(statement, 0, 0)
        self.section.begin_code(self.arch)
        self.put(b"\x01\0" if self.compressing else b"\x13\0\0\0", statement.name)

    # Alignment and place

    def align(self, statement: Statement) -> None:
        """`.align`, `.p2align` count in powers of two, `.balign` in bytes: size, fill, most."""
        assert statement.name is not None
        size, *more = self.needed(statement, 1, 3)
        name = statement.name.text
        alignment = self.alignment(size, power=name[1] != "b")
        fill = self.number_of(more[0]) if more and more[0].text else None
        most = self.number_of(more[1]) or None if len(more) > 1 else None
        width = {"w": 2, "l": 4}.get(name[-1], 1)
        section = self.section
        section.align = max(section.align, alignment)
        if fill is None and section.flags & SHF_EXECINSTR:
            if alignment > (2 if self.compressing else 4):
                section.begin_code(self.arch, padding=True)
            elif section.kind == DATA:  # data goes on, as far as GNU as knows
                fill = 0
        elif alignment > 1:
            section.begin_data()
        if section.type == SHT_NOBITS:
            count = -section.reserved % alignment
            section.reserved += count if most is None or count <= most else 0
            return
        if fill is None and not section.flags & SHF_EXECINSTR:
            fill = 0
        pattern = None if fill is None else (fill & (1 << 8 * width) - 1).to_bytes(width, "little")
        if not section.growing and pattern is not None and section.parent is None:
            count = -len(section.data) % alignment  # the place is known
            if most is None or count <= most:
                section.data += repeated_bytes(pattern, count)
            return
        place = self.place(size.start, size.end)
        section.growing.append(
            Growing(len(section.data), 0, None, 0, 0, 0, (alignment,), place, pattern, most)
        )

    def origin(self, statement: Statement) -> None:
        """`.org place, fill`: on to a later place of the section."""
        target, *fill = self.needed(statement, 1, 2)
        self.move_to(self.expression(target), self.number_of(fill[0]) if fill else 0, target)

    def move_to(self, target: Expression, fill: int, at: Text) -> None:
        section = self.section
        if isinstance(target, int) and not section.growing and section.parent is None:
            self.fill_bytes(target - section.position, fill, at)
            return
        known = self.distance(Operation("-", target, self.here()))
        if known is not None:
            self.fill_bytes(known, fill, at)
            return
        self.grow("org", target, at, bytes((fill & 0xFF,)))

    # Messages, and what is for other tools

    def identify(self, statement: Statement) -> None:
        """`.ident "text"` goes into .comment."""
        (text,) = self.needed(statement, 1, 1)
        data = string_bytes(text) + b"\0"
        section = self.open_section(".comment", flags=SHF_MERGE | SHF_STRINGS)
        section.entry_size = 1
        section.data += data if section.data else b"\0" + data

    def note_version(self, statement: Statement) -> None:
        """`.version "text"` goes into .note."""
        (text,) = self.needed(statement, 1, 1)
        data = string_bytes(text) + b"\0"
        section = self.open_section(".note", SHT_NOTE, 0)
        section.align = max(section.align, 4)
        section.data += struct.pack("<III", len(data), 0, 1) + data + bytes(-len(data) % 4)

    def ignored(self, statement: Statement) -> None:
        """What says nothing that an object of ours holds."""

    def message(self, statement: Statement) -> str:
        texts = statement.operands
        return string_bytes(texts[0]).decode("utf-8", "replace") if texts else ""

    def error(self, statement: Statement) -> None:
        assert statement.name is not None
        text = self.message(statement) or f"{statement.name.text} was reached"
        raise SyntaxProblem(text, statement.name.start, statement.rest.end)

    def warn(self, statement: Statement) -> None:
        location = self.place(0, 1).location
        text = self.message(statement) or ".warning was reached"
        print(f"{location.file}:{location.line}: warning: {text}", file=sys.stderr)

    def print_(self, statement: Statement) -> None:
        print(self.message(statement))

    def fail(self, statement: Statement) -> None:
        """`.fail number`: an error, from 500 on only a warning."""
        assert statement.name is not None
        (number,) = self.needed(statement, 1, 1)
        text = f".fail {number.text} was reached"
        if self.number_of(number) < 500:
            raise SyntaxProblem(text, statement.name.start, statement.rest.end)
        location = self.place(0, 1).location
        print(f"{location.file}:{location.line}: warning: {text}", file=sys.stderr)

    def end(self, statement: Statement) -> None:
        raise EndOfText

    def not_possible(self, statement: Statement) -> None:
        assert statement.name is not None
        name = statement.name.text
        raise SyntaxProblem(f"{name} is not supported", statement.name.start, statement.rest.end,
                            UNSUPPORTED[name])  # fmt: skip


def repeated_bytes(pattern: bytes, count: int) -> bytes:
    """So many bytes of a pattern; zeros first if it does not divide them."""
    return bytes(count % len(pattern)) + pattern * (count // len(pattern))


QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
RELOCATIONS = {
    **{relocation_name(kind): kind for kind in R},
    "BFD_RELOC_NONE": R.NONE, "BFD_RELOC_32": R.R32, "BFD_RELOC_64": R.R64,
}  # fmt: skip
INTEGER_SIZES = {
    ".byte": 1, ".2byte": 2, ".half": 2, ".short": 2, ".hword": 2, ".4byte": 4, ".word": 4,
    ".int": 4, ".long": 4, ".8byte": 8, ".dword": 8, ".quad": 8, ".octa": 16, ".dc.b": 1,
    ".dc.w": 2, ".dc": 2, ".dc.l": 4, ".dc.a": 8,
}  # fmt: skip
BLOCK_SIZES = {"b": 1, "w": 2, "l": 4, "s": 4, "d": 8, "x": 12, "p": 12}
FLOAT_LETTERS = {"s": 4, "d": 8, "x": 10}
FLOAT_SIZES = {
    ".float16": 2, ".float": 4, ".single": 4, ".double": 8, ".dc.s": 4, ".dc.d": 8, ".dc.x": 10,
}  # fmt: skip
UNSUPPORTED = {
    ".altmacro": "write macros without LOCAL, <...> and %, which it would allow",
    ".stabs": "line numbers are written with .file and .loc",
    ".stabn": "line numbers are written with .file and .loc",
    ".stabd": "line numbers are written with .file and .loc",
}
DIRECTIVES: dict[str, Callable[[Directives, Statement], None]] = {
    **BLOCK_DIRECTIVES,
    **SECTION_DIRECTIVES,
    **FRAME_DIRECTIVES,
    **LINE_DIRECTIVES,
    **OPTION_DIRECTIVES,
    **SYMBOL_DIRECTIVES,
    **dict.fromkeys(INTEGER_SIZES, Directives.integers),
    **dict.fromkeys((".dtprelword", ".dtpreldword"), Directives.thread_offsets),
    **dict.fromkeys((".uleb128", ".sleb128"), Directives.variable_numbers),
    **dict.fromkeys(FLOAT_SIZES, Directives.floats),
    **dict.fromkeys((".ascii", ".asciz", ".string"), Directives.strings),
    **{f".string{width}": Directives.strings for width in (8, 16, 32, 64)},
    **dict.fromkeys((".zero", ".space", ".skip"), Directives.zeros),
    ".fill": Directives.fill,
    **{f".{kind}": Directives.blocks for kind in ("dcb", "ds")},
    **{
        f".{kind}.{letter}": Directives.blocks
        for kind in ("dcb", "ds") for letter in BLOCK_SIZES if (kind, letter) != ("dcb", "p")
    },
    ".incbin": Directives.include_bytes,
    ".insn": Directives.raw_instruction,
    ".nop": Directives.no_operation,
    ".reloc": Directives.relocation,
    **{
        f".{name}{width}": Directives.align
        for name in ("p2align", "balign") for width in ("", "w", "l")
    },
    ".align": Directives.align,
    ".org": Directives.origin,
    ".ident": Directives.identify,
    ".version": Directives.note_version,
    **dict.fromkeys((".error", ".err", ".abort"), Directives.error),
    ".warning": Directives.warn,
    ".print": Directives.print_,
    ".fail": Directives.fail,
    ".end": Directives.end,
    **dict.fromkeys(UNSUPPORTED, Directives.not_possible),
    **dict.fromkeys(
        (
            ".extern", ".addrsig", ".addrsig_sym", ".list", ".nolist", ".psize", ".eject", ".title",
            ".sbttl", ".llen", ".lflags", ".ln", ".line", ".appfile", ".appline", ".noaltmacro",
        ),
        Directives.ignored,
    ),
}  # fmt: skip

"""The directives of GNU as that RISC-V programs use: sections, symbols, data, alignment, lines.

In: a statement whose name begins with a dot. Out: a changed `State`. Each directive is a method
that is named in the table at the end.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable

from fleet.asm.attributes import extensions_of, format_arch
from fleet.asm.blocks import IFS, Blocks
from fleet.asm.expressions import Expression, Symbol, SyntaxProblem
from fleet.asm.objects import SHF_EXECINSTR, SHT_NOBITS
from fleet.asm.sections import Datum, Growing
from fleet.asm.state import SECTION_FLAGS, SECTION_TYPES
from fleet.asm.statements import Statement, Text, string_bytes
from fleet.diagnostics import FleetError

LARGEST_FILL = 1 << 28  # bytes that one directive may write; a typing error should not fill memory


class Directives(Blocks):
    # Sections

    def to_section(self, name: str) -> None:
        self.previous, self.section = self.section, self.open_section(name)

    def named_section(self, statement: Statement) -> None:
        """`.text`, `.data`, ... with a subsection number that is taken to be zero."""
        assert statement.name is not None
        self.to_section(statement.name.text)

    def any_section(self, statement: Statement) -> None:
        """`.section name, "flags", @type, entry_size`"""
        name, *rest = self.needed(statement, 1, 6)
        type_ = flags = None
        if rest:
            flags = 0
            for letter in string_bytes(rest[0]).decode("latin-1"):
                if letter not in SECTION_FLAGS:
                    allowed = "".join(SECTION_FLAGS)
                    message = f"there is no section flag {letter!r}"
                    raise SyntaxProblem(message, rest[0].start, rest[0].end, f"flags are {allowed}")
                flags |= SECTION_FLAGS[letter]
        if len(rest) > 1:
            type_ = SECTION_TYPES.get(rest[1].text.lstrip("@%").strip('"'))
            if type_ is None:
                message = f"there is no section type {rest[1].text}"
                hint = "types are " + ", ".join("@" + each for each in SECTION_TYPES)
                raise SyntaxProblem(message, rest[1].start, rest[1].end, hint)
        before = self.section
        self.section = self.open_section(name.text.strip('"'), type_, flags)
        if len(rest) > 2:
            self.section.entry_size = self.number_of(rest[2])
        self.previous = before

    def previous_section(self, statement: Statement) -> None:
        self.section, self.previous = self.previous, self.section

    # Symbols

    def symbols_of(self, statement: Statement) -> list[Symbol]:
        return [self.symbol(operand.text) for operand in self.needed(statement, 1, 1000)]

    def make_global(self, statement: Statement) -> None:
        for symbol in self.symbols_of(statement):
            symbol.binding = "global"

    def make_weak(self, statement: Statement) -> None:
        for symbol in self.symbols_of(statement):
            symbol.binding = "weak"

    def make_local(self, statement: Statement) -> None:
        for symbol in self.symbols_of(statement):
            symbol.binding = "local"

    def make_hidden(self, statement: Statement) -> None:
        assert statement.name is not None
        for symbol in self.symbols_of(statement):
            symbol.visibility = statement.name.text[1:]

    def type_(self, statement: Statement) -> None:
        name, kind = self.needed(statement, 2, 2)
        kinds = {"function": "func", "object": "object", "notype": "notype", "tls_object": "tls"}
        word = kind.text.lstrip("@%").strip('"').lower().removeprefix("stt_")
        found = kinds.get(word, word if word in kinds.values() else None)
        if found is None:
            hint = "kinds are @function, @object and @notype"
            raise SyntaxProblem(f"there is no symbol kind {kind.text}", kind.start, kind.end, hint)
        self.symbol(name.text).kind = found

    def size(self, statement: Statement) -> None:
        name, size = self.needed(statement, 2, 2)
        self.symbol(name.text).size = self.expression(size)

    def set_symbol(self, statement: Statement) -> None:
        name, value = self.needed(statement, 2, 2)
        if not re.fullmatch(r"[A-Za-z_.$][\w.$]*", name.text) or name.text == ".":
            raise SyntaxProblem(f"{name.text!r} is no name of a symbol", name.start, name.end)
        assert statement.name is not None
        symbol = self.symbol(name.text)
        once = statement.name.text == ".equiv"
        if symbol.section is not None or (once and symbol.is_defined):
            message = f"{name.text} is defined a second time"
            where = symbol.defined_at
            hint = f"the other definition is in line {where.line}" if where else None
            raise SyntaxProblem(message, name.start, name.end, hint)
        symbol.value = self.expression(value)
        symbol.defined_at = self.place(name.start, name.end)

    def common(self, statement: Statement) -> None:
        """`.comm name, size, alignment`, and `.lcomm`: zeroed bytes in .bss."""
        assert statement.name is not None
        name, size, *align = self.needed(statement, 2, 3)
        section = self.open_section(".bss")
        alignment = self.alignment(align[0]) if align else 8
        section.align = max(section.align, alignment)
        section.reserved += -section.reserved % alignment
        symbol = self.symbol(name.text)
        present, self.section = self.section, section
        self.set_place(symbol)
        self.section = present
        symbol.kind = "object"
        symbol.defined_at = self.place(name.start, name.end)
        if statement.name.text == ".comm":
            symbol.binding = "global"
        symbol.size = self.number_of(size)
        section.reserved += symbol.size

    # Data

    def append(self, data: bytes, at: Text) -> None:
        """Bytes at the present place; in .bss they can only be zero."""
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
            if not low <= value < high:
                message = f"{value} does not fit in {size} bytes"
                raise SyntaxProblem(message, operand.start, operand.end)
            self.append((value & high - 1).to_bytes(size, "little"), operand)

    def deferred(self, value: Expression, size: int, operand: Text) -> None:
        section = self.section
        if section.type == SHT_NOBITS:
            message = f"{section.name} holds only zeros"
            raise SyntaxProblem(message, operand.start, operand.end)
        place = self.place(operand.start, operand.end)
        section.data_to_fill.append(
            Datum(len(section.data), len(section.growing), size, value, place)
        )
        section.data += bytes(size)

    def floats(self, statement: Statement) -> None:
        assert statement.name is not None
        code = "<d" if statement.name.text == ".double" else "<f"
        for operand in statement.operands:
            try:
                text = operand.text.lower().removeprefix("0f").removeprefix("0d")
                data = struct.pack(code, float(text))
            except (ValueError, OverflowError):
                message = f"{operand.text!r} is no floating-point number of this size"
                raise SyntaxProblem(message, operand.start, operand.end) from None
            self.append(data, operand)

    def strings(self, statement: Statement) -> None:
        assert statement.name is not None
        end = b"" if statement.name.text == ".ascii" else b"\0"
        for operand in statement.operands:
            self.append(string_bytes(operand) + end, operand)

    def zeros(self, statement: Statement) -> None:
        """`.zero count`, `.space count, fill`"""
        count, *fill = self.needed(statement, 1, 2)
        self.fill_bytes(self.number_of(count), self.number_of(fill[0]) if fill else 0, count)

    def fill_bytes(self, count: int, fill: int, at: Text) -> None:
        nobits = self.section.type == SHT_NOBITS and not fill & 0xFF
        if not 0 <= count < (1 << 62 if nobits else LARGEST_FILL):
            raise SyntaxProblem(f"{count} bytes cannot be written here", at.start, at.end)
        if nobits:
            self.section.reserved += count
        else:
            self.append(bytes((fill & 0xFF,)) * count, at)

    def fill(self, statement: Statement) -> None:
        """`.fill repeat, size, value`"""
        operands = self.needed(statement, 1, 3)
        numbers = [self.number_of(operand) for operand in operands]
        repeat, size, value = (*numbers, *(1, 0)[len(numbers) - 1 :])
        at = operands[0]
        if not 0 <= size <= 8 or repeat < 0 or repeat * size > LARGEST_FILL:
            raise SyntaxProblem("this is not a possible size", at.start, operands[-1].end)
        self.append((value & (1 << 8 * size) - 1).to_bytes(size, "little") * repeat, at)

    def include_bytes(self, statement: Statement) -> None:
        """`.incbin "file", skip, count`"""
        name, *bounds = self.needed(statement, 1, 3)
        path = self.included(name)
        try:
            data = path.read_bytes()
        except OSError as error:
            message = f"cannot read {path}: {error.strerror}"
            raise SyntaxProblem(message, name.start, name.end) from None
        skip = self.number_of(bounds[0]) if bounds else 0
        count = self.number_of(bounds[1]) if len(bounds) > 1 else len(data)
        self.append(data[max(skip, 0) :][: max(count, 0)], name)

    # Alignment

    def alignment(self, text: Text, *, power: bool = False) -> int:
        number = self.number_of(text)
        if power:
            number = 1 << number if 0 <= number < 32 else -1
        if number < 0 or number & number - 1 or number > 1 << 31:
            what = "a power of two" if not power else "0 to 31"
            raise SyntaxProblem(f"an alignment is {what}", text.start, text.end)
        return max(number, 1)

    def align(self, statement: Statement) -> None:
        """`.align`, `.p2align` count in powers of two, `.balign` in bytes: size, fill, most."""
        assert statement.name is not None
        size, *more = self.needed(statement, 1, 3)
        alignment = self.alignment(size, power=statement.name.text[1] != "b")
        fill = self.number_of(more[0]) if more and more[0].text else None
        most = self.number_of(more[1]) if len(more) > 1 else None
        section = self.section
        section.align = max(section.align, alignment)
        if section.type == SHT_NOBITS:
            section.reserved += -section.reserved % alignment
            return
        if fill is None and not section.flags & SHF_EXECINSTR:
            fill = 0
        if not section.growing and fill is not None:  # the place is known
            count = -len(section.data) % alignment
            if most is None or count <= most:
                section.data += bytes((fill & 0xFF,)) * count
            return
        place = self.place(size.start, size.end)
        section.growing.append(
            Growing(len(section.data), 0, None, 0, 0, 0, (alignment,), place, fill, most)
        )

    # Options and lines

    def option(self, statement: Statement) -> None:
        for operand in self.needed(statement, 1, 20)[:1]:
            match operand.text:
                case "rvc":
                    self.compressing = True
                    if self.extensions is not None:
                        self.extensions |= {"c"}
                case "norvc":
                    self.compressing = False
                case "push":
                    self.options.append((self.compressing, self.march, self.extensions))
                case "pop":
                    if not self.options:
                        message = ".option pop without .option push"
                        raise SyntaxProblem(message, operand.start, operand.end)
                    self.compressing, self.march, self.extensions = self.options.pop()
                case "arch":
                    self.option_arch(statement.operands[1:], operand)
                case "relax" | "norelax" | "pic" | "nopic" | "csr-check" | "no-csr-check":
                    pass  # nothing here depends on them
                case other:
                    message = f"there is no option {other}"
                    hint = "options are rvc, norvc, push, pop, relax, norelax, pic, nopic, arch"
                    raise SyntaxProblem(message, operand.start, operand.end, hint)

    def option_arch(self, changes: tuple[Text, ...], at: Text) -> None:
        """`.option arch, +v, -c`, or a whole architecture."""
        if not changes:
            raise SyntaxProblem(".option arch needs extensions", at.start, at.end, "such as +v")
        for change in changes:
            word = change.text.lower()
            try:
                if word[:1] not in ("+", "-"):
                    self.set_architecture(word)
                    continue
                present = dict(extensions_of(self.march))
                named = extensions_of("rv64i_" + word[1:])
            except FleetError as error:
                raise SyntaxProblem(error.message, change.start, change.end, error.hint) from None
            if word[0] == "+":
                present |= named
            else:
                gone = (word[1:], "zve", "zvl") if word == "-v" else (word[1:],)
                present = {n: v for n, v in present.items() if not n.startswith(gone)}
            self.set_architecture(format_arch(present))

    def attribute(self, statement: Statement) -> None:
        """`.attribute arch, "rv64gc"`; other attributes are of no use here."""
        name, value = self.needed(statement, 2, 2)
        if name.text not in ("arch", "Tag_RISCV_arch", "5"):
            return
        try:
            self.set_architecture(string_bytes(value).decode("latin-1"))
        except FleetError as error:
            raise SyntaxProblem(error.message, value.start, value.end, error.hint) from None

    def file_(self, statement: Statement) -> None:
        """`.file "name"` names the translation unit, `.file 1 "name"` a file for .loc."""
        text = statement.rest
        match = re.fullmatch(r'(\d+)?\s*("[^"]*")(?:\s*("[^"]*"))?.*', text.text)
        if match is None:
            raise SyntaxProblem("a file name in quotes is needed", text.start, text.end)
        if match[1] is not None:
            name = (match[3] or match[2])[1:-1]
            if match[3] is not None and not name.startswith("/"):
                name = match[2][1:-1] + "/" + name
            if name not in self.files:
                self.files.append(name)
            self.file_numbers[int(match[1])] = self.files.index(name)

    def loc(self, statement: Statement) -> None:
        """`.loc file line column`; options after these are of no use here."""
        words = statement.rest.text.split()
        try:
            number, line = int(words[0]), int(words[1])
            column = int(words[2]) if len(words) > 2 and words[2].isdigit() else 0
            file = self.file_numbers[number]
        except (ValueError, IndexError):
            message = ".loc needs the numbers of a file and a line"
            raise SyntaxProblem(message, statement.rest.start, statement.rest.end) from None
        except KeyError:
            message = f"there is no file {words[0]}"
            hint = f'write .file {words[0]} "name" before'
            raise SyntaxProblem(message, statement.rest.start, statement.rest.end, hint) from None
        section = self.section
        section.lines.append((section.position, len(section.growing), file, line, column))

    def ignored(self, statement: Statement) -> None:
        """What says nothing that an object of ours holds."""

    def error(self, statement: Statement) -> None:
        text = string_bytes(statement.operands[0]).decode() if statement.operands else "stop"
        assert statement.name is not None
        raise SyntaxProblem(text, statement.name.start, statement.rest.end)


INTEGER_SIZES = {
    ".byte": 1, ".2byte": 2, ".half": 2, ".short": 2, ".hword": 2, ".4byte": 4, ".word": 4,
    ".int": 4, ".long": 4, ".8byte": 8, ".dword": 8, ".quad": 8,
}  # fmt: skip
# Call frame information, for which there are no tables in our objects.
UNWINDING = tuple(
    f".cfi_{word}" for word in (
        "startproc", "endproc", "sections", "personality", "lsda", "def_cfa", "def_cfa_register",
        "def_cfa_offset", "adjust_cfa_offset", "offset", "rel_offset", "register", "restore",
        "undefined", "same_value", "remember_state", "restore_state", "return_column",
        "signal_frame", "escape",
    )
)  # fmt: skip
DIRECTIVES: dict[str, Callable[[Directives, Statement], None]] = {
    **dict.fromkeys((".text", ".data", ".bss", ".rodata"), Directives.named_section),
    ".section": Directives.any_section,
    ".previous": Directives.previous_section,
    **dict.fromkeys((".globl", ".global"), Directives.make_global),
    ".weak": Directives.make_weak,
    ".local": Directives.make_local,
    **dict.fromkeys((".hidden", ".protected", ".internal"), Directives.make_hidden),
    ".type": Directives.type_,
    ".size": Directives.size,
    **dict.fromkeys((".equ", ".set", ".equiv"), Directives.set_symbol),
    **dict.fromkeys((".comm", ".lcomm"), Directives.common),
    **dict.fromkeys(INTEGER_SIZES, Directives.integers),
    **dict.fromkeys((".float", ".single", ".double"), Directives.floats),
    **dict.fromkeys((".ascii", ".asciz", ".string"), Directives.strings),
    **dict.fromkeys((".zero", ".space", ".skip"), Directives.zeros),
    ".fill": Directives.fill,
    ".incbin": Directives.include_bytes,
    **dict.fromkeys((".align", ".p2align", ".balign"), Directives.align),
    ".option": Directives.option,
    ".file": Directives.file_,
    ".loc": Directives.loc,
    **dict.fromkeys(IFS, Directives.if_),
    ".rept": Directives.repeat,
    ".irp": Directives.repeat_for,
    ".macro": Directives.macro,
    ".include": Directives.include,
    **dict.fromkeys((".error", ".err"), Directives.error),
    **dict.fromkeys((".ident", ".addrsig", ".addrsig_sym"), Directives.ignored),
    ".attribute": Directives.attribute,
    **dict.fromkeys(UNWINDING, Directives.ignored),
}

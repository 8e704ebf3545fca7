"""Directives about symbols: who sees them, what they are, and what they stand for."""

from __future__ import annotations

from collections.abc import Callable

from fleet.asm.directives.line import LineDirectives
from fleet.asm.directives.section import unquoted
from fleet.asm.source.expressions import (
    SYMBOL_NAME,
    Common,
    Expression,
    Operation,
    Symbol,
    SyntaxProblem,
)
from fleet.asm.source.statements import Statement, Text

KINDS = {
    "function": "func", "func": "func", "object": "object", "notype": "notype",
    "tls_object": "tls", "tls": "tls", "gnu_indirect_function": "ifunc", "gnu_ifunc": "ifunc",
    "gnu_unique_object": "object", "common": "object",
}  # fmt: skip


class SymbolDirectives(LineDirectives):
    def alignment(self, text: Text, *, power: bool = False) -> int:
        number = self.number_of(text)
        if power:
            number = 1 << number if 0 <= number < 32 else -1
        if number < 0 or number & number - 1 or number > 1 << 31:
            what = "a power of two" if not power else "0 to 31"
            raise SyntaxProblem(f"an alignment is {what}", text.start, text.end)
        return max(number, 1)

    def named(self, text: Text) -> Symbol:
        """The symbol that an operand names."""
        name = unquoted(text)
        if text.text[:1] != '"' and (not SYMBOL_NAME.fullmatch(name) or name == "."):
            raise SyntaxProblem(f"{name!r} is no name of a symbol", text.start, text.end)
        return self.symbol(name)

    def symbols_of(self, statement: Statement) -> list[Symbol]:
        return [self.named(operand) for operand in self.needed(statement, 1, 1000)]

    def make_global(self, statement: Statement) -> None:
        for symbol in self.symbols_of(statement):
            if symbol.binding != "weak":
                symbol.binding = "global"

    def make_weak(self, statement: Statement) -> None:
        for symbol in self.symbols_of(statement):
            symbol.binding = "weak"

    def make_local(self, statement: Statement) -> None:
        for symbol in self.symbols_of(statement):
            symbol.binding = "local"
            symbol.made_local = True

    def make_hidden(self, statement: Statement) -> None:
        assert statement.name is not None
        for symbol in self.symbols_of(statement):
            symbol.visibility = statement.name.text[1:]

    def variant_cc(self, statement: Statement) -> None:
        for symbol in self.symbols_of(statement):
            symbol.variant_cc = True

    def type_(self, statement: Statement) -> None:
        operands = statement.operands
        if len(operands) == 1:  # the comma can be left out
            name, _, kind_text = operands[0].text.partition(" ")
            end = operands[0].end
            if kind_text:
                at = operands[0].start + len(name)
                operands = (Text(name, operands[0].start, at), Text(kind_text.strip(), at + 1, end))
        name_, kind = self.needed(statement._replace(operands=operands), 2, 2)
        word = kind.text.lstrip("@%").strip('"').lower().removeprefix("stt_")
        found = KINDS.get(word)
        if found is None:
            hint = "kinds are @function, @object, @tls_object, @gnu_indirect_function and @notype"
            raise SyntaxProblem(f"there is no symbol kind {kind.text}", kind.start, kind.end, hint)
        symbol = self.named(name_)
        symbol.kind = found
        if word == "gnu_unique_object":
            symbol.binding = "global"

    def size(self, statement: Statement) -> None:
        name, size = self.needed(statement, 2, 2)
        symbol = self.named(name)
        symbol.size = self.expression(size)
        symbol.size_at = self.place(size.start, size.end)

    def set_symbol(self, statement: Statement) -> None:
        """`.set name, value`; of `.equiv` and `==` the name must be new."""
        name, value = self.needed(statement, 2, 2)
        assert statement.name is not None
        word = statement.name.text
        self.assign(name, value, once=word in (".equiv", ".eqv"))
        if word == ".eqv":
            self.named(name).formula = value.text

    def assign(self, name: Text, value: Text, *, once: bool) -> None:
        if name.text == ".":
            self.move_to(self.expression(value), 0, value)
            return
        symbol = self.named(name)
        known = symbol.section is not None or symbol.common is not None or symbol.formula
        if known or (once and symbol.is_defined):
            raise self.second_definition(symbol, name)
        expression = self.expression(value)
        known = self.settled(expression)
        expression = expression if known is None else known
        is_held = symbol.value is not None and symbol.used_at is not None
        if is_held or isinstance(symbol.value, (Symbol, Operation)):  # its uses keep what it was
            symbol = self.replaced(symbol)
        symbol.value = expression
        symbol.defined_at = self.place(name.start, name.end)

    def replaced(self, symbol: Symbol) -> Symbol:
        """A new symbol under the name of one, which stays in use without a name."""
        new = Symbol(symbol.name)
        new.binding, new.kind, new.visibility = symbol.binding, symbol.kind, symbol.visibility
        new.size, new.used_at, new.made_local = symbol.size, symbol.used_at, symbol.made_local
        self.symbols[symbol.name] = new
        symbol.name = "."
        return new

    def second_definition(self, symbol: Symbol, at: Text) -> SyntaxProblem:
        where = symbol.defined_at
        hint = f"the other definition is in line {where.line}" if where else None
        return SyntaxProblem(f"{symbol.name} is defined a second time", at.start, at.end, hint)

    def common(self, statement: Statement) -> None:
        """`.comm name, size, alignment`: memory that all objects with the symbol share."""
        name, size, *align = self.needed(statement, 2, 3)
        symbol, bytes_ = self.named(name), self.number_of(size)
        if symbol.is_defined and symbol.common is None:
            raise self.second_definition(symbol, name)
        if not 0 <= bytes_ < 1 << 47:
            raise SyntaxProblem(f"{bytes_} is no possible size", size.start, size.end)
        alignment = self.alignment(align[0]) if align else min(8, 1 << (bytes_ - 1).bit_length())
        if symbol.common:
            before = symbol.common
            bytes_, alignment = max(bytes_, before.size), max(alignment, before.align)
        symbol.defined_at = self.place(name.start, name.end)
        if symbol.made_local:
            self.reserve(symbol, Common(bytes_, alignment))
        else:
            symbol.common = Common(bytes_, alignment)

    def reserve(self, symbol: Symbol, room: Common) -> None:
        """Put a symbol and zeroed bytes for it into .bss."""
        section = self.open_section(".bss")
        section.align = max(section.align, room.align)
        section.reserved += -section.reserved % room.align
        symbol.section, symbol.position, symbol.growths = section, section.reserved, 0
        symbol.kind, symbol.size, symbol.common = "object", room.size, None
        section.reserved += room.size

    def local_common(self, statement: Statement) -> None:
        """`.lcomm name, size, alignment`: zeroed bytes in .bss."""
        name, size, *align = self.needed(statement, 2, 3)
        symbol, bytes_ = self.named(name), self.number_of(size)
        if symbol.is_defined:
            raise self.second_definition(symbol, name)
        if not 0 <= bytes_ < 1 << 47:
            raise SyntaxProblem(f"{bytes_} is no possible size", size.start, size.end)
        self.reserve(symbol, Common(bytes_, self.alignment(align[0]) if align else 1))
        symbol.defined_at = self.place(name.start, name.end)

    def weak_reference(self, statement: Statement) -> None:
        """`.weakref name, target`: uses of the name are uses of the target that may be missing."""
        name, target = self.needed(statement, 2, 2)
        symbol, meant = self.named(name), self.named(target)
        if symbol.is_defined:
            raise self.second_definition(symbol, name)
        if meant is symbol or meant.is_weak_reference:
            message = f"{meant.name} only stands for another symbol"
            raise SyntaxProblem(message, target.start, target.end)
        symbol.value = meant
        symbol.is_weak_reference = True
        symbol.defined_at = self.place(name.start, name.end)

    def version(self, statement: Statement) -> None:
        """`.symver name, name2@VERSION`: another name for a symbol."""
        name, versioned = self.needed(statement, 2, 3)[:2]
        symbol = self.named(name)
        text = unquoted(versioned)
        stem, at, version = text.partition("@")
        if not stem or not version.lstrip("@"):
            message = f"{text!r} is no name with a version"
            hint = "such as name@VERSION"
            raise SyntaxProblem(message, versioned.start, versioned.end, hint)
        if version.startswith("@@"):  # three: the symbol itself is called so
            symbol.versioned = (stem, version.lstrip("@"))
            return
        other = self.symbol(text)
        other.value = symbol
        other.like = symbol
        other.defined_at = self.place(name.start, name.end)

    def move_to(self, target: Expression, fill: int, at: Text) -> None:
        """Go on at a later place of the section, for `. = place`."""
        raise NotImplementedError


SYMBOL_DIRECTIVES: dict[str, Callable[[SymbolDirectives, Statement], None]] = {
    **dict.fromkeys((".globl", ".global"), SymbolDirectives.make_global),
    ".weak": SymbolDirectives.make_weak,
    ".local": SymbolDirectives.make_local,
    **dict.fromkeys((".hidden", ".protected", ".internal"), SymbolDirectives.make_hidden),
    ".variant_cc": SymbolDirectives.variant_cc,
    ".type": SymbolDirectives.type_,
    ".size": SymbolDirectives.size,
    **dict.fromkeys((".equ", ".set", ".equiv", ".eqv"), SymbolDirectives.set_symbol),
    **dict.fromkeys((".comm", ".common"), SymbolDirectives.common),
    ".lcomm": SymbolDirectives.local_common,
    ".weakref": SymbolDirectives.weak_reference,
    ".symver": SymbolDirectives.version,
}

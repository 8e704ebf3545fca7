"""Directives about sections: which one code and data go to.

In: `.section name, "flags", @type, ...` and its shorter forms. Out: another present section. The
one idea: what makes two sections the same is name, group and `unique` number together, and the
parts of one section with different subsection numbers are put together at the end.
"""

from __future__ import annotations

import re

from fleet.asm.directives.blocks import Blocks
from fleet.asm.objects.model import (
    SHF_ALLOC,
    SHF_EXCLUDE,
    SHF_EXECINSTR,
    SHF_GROUP,
    SHF_LINK_ORDER,
    SHF_MERGE,
    SHF_RETAIN,
    SHF_STRINGS,
    SHF_TLS,
    SHF_WRITE,
    SHT_FINI_ARRAY,
    SHT_INIT_ARRAY,
    SHT_NOBITS,
    SHT_NOTE,
    SHT_PREINIT_ARRAY,
    SHT_PROGBITS,
)
from fleet.asm.source.expressions import SyntaxProblem
from fleet.asm.source.sections import Group, SectionBuilder
from fleet.asm.source.statements import Statement, Text, string_bytes

SECTION_TYPES = {
    "progbits": SHT_PROGBITS,
    "nobits": SHT_NOBITS,
    "note": SHT_NOTE,
    "init_array": SHT_INIT_ARRAY,
    "fini_array": SHT_FINI_ARRAY,
    "preinit_array": SHT_PREINIT_ARRAY,
}
SECTION_FLAGS = {
    "a": SHF_ALLOC,
    "w": SHF_WRITE,
    "x": SHF_EXECINSTR,
    "M": SHF_MERGE,
    "S": SHF_STRINGS,
    "T": SHF_TLS,
    "G": SHF_GROUP,
    "?": 0,  # the group of the present section
    "o": SHF_LINK_ORDER,
    "R": SHF_RETAIN,
    "e": SHF_EXCLUDE,
}
LARGEST_SUBSECTION = 8192


def unquoted(text: Text) -> str:
    """A name, with or without quotes around it."""
    return string_bytes(text).decode("utf-8", "surrogateescape") if '"' in text.text else text.text


class SectionDirectives(Blocks):
    def enter(self, section: SectionBuilder) -> None:
        self.previous, self.section = self.section, section

    def named_section(self, statement: Statement) -> None:
        """`.text`, `.data`, ... perhaps with the number of a subsection."""
        assert statement.name is not None
        number = self.needed(statement, 0, 1)
        section = self.open_section(statement.name.text)
        self.enter(self.numbered(section, number[0]) if number else section)

    def numbered(self, section: SectionBuilder, text: Text) -> SectionBuilder:
        number = self.number_of(text)
        if not 0 <= number <= LARGEST_SUBSECTION:
            message = f"a subsection is 0 to {LARGEST_SUBSECTION}"
            raise SyntaxProblem(message, text.start, text.end)
        return self.subsection(section, number)

    def subsection_(self, statement: Statement) -> None:
        (number,) = self.needed(statement, 1, 1)
        self.enter(self.numbered(self.section, number))

    def any_section(self, statement: Statement) -> None:
        """`.section name, "flags", @type, entry size, group, comdat, unique, number`"""
        self.enter(self.described(self.needed(statement, 1, 9)))

    def push_section(self, statement: Statement) -> None:
        """`.pushsection name, subsection, "flags", ...`: until `.popsection`."""
        name, *rest = self.needed(statement, 1, 10)
        number = rest.pop(0) if rest and rest[0].text[:1] not in ('"', "@", "%") else None
        section = self.described((name, *rest))
        if number is not None:
            section = self.numbered(section, number)
        self.saved.append((self.section, self.previous))
        self.enter(section)

    def pop_section(self, statement: Statement) -> None:
        if not self.saved:
            at = statement.name
            assert at is not None
            raise SyntaxProblem(".popsection without .pushsection", at.start, at.end)
        self.section, self.previous = self.saved.pop()

    def previous_section(self, statement: Statement) -> None:
        self.section, self.previous = self.previous, self.section

    def described(self, operands: tuple[Text, ...]) -> SectionBuilder:
        """The section that `.section` describes."""
        name, *rest = operands
        letters, flags = "", None
        if rest and rest[0].text.startswith('"'):
            letters, flags = self.flags_of(rest.pop(0))
        type_ = self.type_of(rest.pop(0)) if rest and rest[0].text[:1] in '@%"' else None

        def take(what: str) -> Text:
            if not rest:
                end = operands[-1].end
                raise SyntaxProblem(f"{what} is missing here", operands[0].start, end)
            return rest.pop(0)

        entry_size, linked, unique = 0, None, -1
        group = self.section.group if "?" in letters else None
        if "M" in letters and not rest and flags is not None:
            flags &= ~SHF_MERGE  # without the size of an entry there is nothing to merge
        elif "M" in letters:
            at = take("the size of an entry")
            entry_size = self.number_of(at)
            if not 0 <= entry_size < 1 << 32:
                raise SyntaxProblem(f"{entry_size} is no size of an entry", at.start, at.end)
        if "o" in letters:
            linked = self.symbol(unquoted(take("the section that this one goes with")))
        if "G" in letters:
            signature = unquoted(take("the name of the group"))
            comdat = bool(rest) and rest[0].text == "comdat"
            if comdat:
                rest.pop(0)
            group = Group(signature, comdat)
        if rest and rest[0].text == "unique":
            rest.pop(0)
            unique = self.number_of(take("a number"))
        if rest:
            message = f"{rest[0].text!r} does not belong here"
            raise SyntaxProblem(message, rest[0].start, rest[-1].end)
        section = self.open_section(unquoted(name), type_, flags, group, unique)
        section.entry_size = entry_size or section.entry_size
        section.linked = linked or section.linked
        return section

    @staticmethod
    def flags_of(text: Text) -> tuple[str, int]:
        """The letters of the flags and their bits; a number stands for bits as they are."""
        letters = string_bytes(text).decode("latin-1")
        if letters[:1].isdigit():
            try:
                return "", int(letters, 0)
            except ValueError:
                message = f"{letters} is no number"
                raise SyntaxProblem(message, text.start, text.end) from None
        flags = 0
        for letter in letters:
            if letter not in SECTION_FLAGS:
                message = f"there is no section flag {letter!r}"
                hint = "flags are " + " ".join(SECTION_FLAGS)
                raise SyntaxProblem(message, text.start, text.end, hint)
            flags |= SECTION_FLAGS[letter]
        return letters, flags & ~SHF_GROUP

    @staticmethod
    def type_of(text: Text) -> int:
        word = text.text.lstrip("@%").strip('"')
        found = SECTION_TYPES.get(word)
        if found is None and re.fullmatch(r"0[xX][0-9a-fA-F]{1,8}|\d{1,9}", word):
            found = int(word, 0)
        if found is None:
            message = f"there is no section type {text.text}"
            hint = "types are " + ", ".join("@" + each for each in SECTION_TYPES)
            raise SyntaxProblem(message, text.start, text.end, hint)
        return found


SECTION_DIRECTIVES = {
    **dict.fromkeys((".text", ".data", ".bss", ".rodata"), SectionDirectives.named_section),
    ".section": SectionDirectives.any_section,
    ".subsection": SectionDirectives.subsection_,
    ".pushsection": SectionDirectives.push_section,
    ".popsection": SectionDirectives.pop_section,
    ".previous": SectionDirectives.previous_section,
}

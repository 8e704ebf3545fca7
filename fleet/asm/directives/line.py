"""Directives about source lines, `.file` and `.loc`: what code comes from which line.

In: the numbered files and the places in them that a compiler names. Out: rows of the section that
is being assembled; `debug_sections.py` makes DWARF of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from fleet.asm.directives.frame import FrameDirectives
from fleet.asm.objects.model import SourceFile
from fleet.asm.source.expressions import SYMBOL_NAME, SyntaxProblem
from fleet.asm.source.sections import PLAIN_LINE, LineMarks
from fleet.asm.source.statements import Statement, Text, string_bytes

STRING = r'"(?:[^"\\]|\\.)*"'
FILE = re.compile(
    rf"(?:(\d{{1,9}})\s+)?({STRING})(?:\s*({STRING}))?"
    r"(?:\s*md5\s+0x([0-9a-fA-F]{1,32}))?(?:\s*source\s+.*)?"
)
LARGEST_FILE = 1 << 20
FLAGS = ("basic_block", "prologue_end", "epilogue_begin")
NUMBERS = ("is_stmt", "isa", "discriminator", "view")


class LineDirectives(FrameDirectives):
    def file_(self, statement: Statement) -> None:
        """`.file "name"` names the translation unit, `.file 1 "folder" "name"` a file for .loc."""
        text = statement.rest
        match = FILE.fullmatch(text.text)
        if match is None:
            hint = 'such as .file 1 "main.c"'
            raise SyntaxProblem("a file name in quotes is needed", text.start, text.end, hint)
        number, *names, md5 = match.groups()
        parts = [string_bytes(Text(n, 0, 0)).decode("utf-8", "surrogateescape")
                 for n in names if n is not None]  # fmt: skip
        if number is None:
            self.unit_name = parts[0]
            return
        folder, name = parts if len(parts) == 2 else ("", parts[0])
        if int(number) > LARGEST_FILE:
            raise SyntaxProblem(f"{number} is too large a number", text.start, text.end)
        digest = int(md5, 16).to_bytes(16, "big") if md5 else b""
        source = SourceFile(int(number), folder, name, digest)
        known = self.file_numbers.get(int(number))
        if known is not None and self.sources.get(known) != source:
            message = f"file {number} is {self.files[known]} already"
            raise SyntaxProblem(message, text.start, text.end)
        if known is None:
            self.file_numbers[int(number)] = len(self.files)
            self.sources[len(self.files)] = source
            self.files.append(source.path)

    def loc(self, statement: Statement) -> None:
        """`.loc file line column`, and what else there is to say of the place."""
        text = statement.rest
        words = text.text.split()
        try:
            number, line = int(words[0]), int(words[1])
            column = int(words[2]) if len(words) > 2 and words[2].isdigit() else 0
            file = self.file_numbers[number]
        except (ValueError, IndexError):
            message = ".loc needs the numbers of a file and a line"
            raise SyntaxProblem(message, text.start, text.end) from None
        except KeyError:
            message = f"there is no file {words[0]}"
            hint = f'write .file {words[0]} "name" before'
            raise SyntaxProblem(message, text.start, text.end, hint) from None
        marks = self.marks_of(words[3 if len(words) > 2 and words[2].isdigit() else 2 :], text)
        section = self.section
        row = section.position, len(section.growing), file, line, column, marks
        section.lines.append(row)
        if marks.view is not None:
            self.views.append((section, row))

    def marks_of(self, words: list[str], text: Text) -> LineMarks:
        """The options of a `.loc`. `is_stmt` holds until it is changed."""
        given: dict[str, object] = {}
        left = iter(words)
        for word in left:
            if word in FLAGS:
                given[word] = True
                continue
            value = next(left, "")
            if word == "view" and SYMBOL_NAME.fullmatch(value):
                symbol = self.symbol(value)
                symbol.defined_at = self.place(text.start, text.end)
                given[word] = symbol
            elif word == "view" and value in ("0", "-0"):
                pass  # the same as what is counted, unless it is wrong
            elif word in NUMBERS and value.isdecimal() and len(value) < 10:
                given[word] = bool(int(value)) if word == "is_stmt" else int(value)
            else:
                hint = "options are " + ", ".join((*FLAGS, *NUMBERS))
                message = f".loc cannot have {word} {value}".rstrip()
                raise SyntaxProblem(message, text.start, text.end, hint)
        if "is_stmt" in given:
            kept = LineMarks(is_stmt=bool(given["is_stmt"]))
            self.marks = PLAIN_LINE if kept == PLAIN_LINE else kept
        return self.marks._replace(**given) if given.keys() - {"is_stmt"} else self.marks


LINE_DIRECTIVES: dict[str, Callable[[LineDirectives, Statement], None]] = {
    ".file": LineDirectives.file_,
    ".loc": LineDirectives.loc,
}

"""Line numbers for hand-written assembly.

In: assembly text. Out: an `Object` whose code knows which line of the text it comes from, as if
`.loc` stood before every instruction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from fleet.asm.assembler import Assembler
from fleet.asm.objects.model import Object

INSTRUCTION = re.compile(r"\s*(?:[\w.$]+:\s*)*[a-zA-Z]")
OWN_LINES = re.compile(r"^\s*\.loc\s", re.MULTILINE)


class LineAssembler(Assembler):
    """An assembler that notes the line of every instruction of a text without `.loc`.

    What a macro makes comes from the macro's own lines. has_own_lines: whether the text has `.loc`.
    """

    def assemble(self, text: str) -> Object:
        self.has_own_lines = OWN_LINES.search(text) is not None
        self.noting = not self.has_own_lines
        if self.noting:
            self.files.append(self.file)
            self.file_numbers[1] = 0
        return super().assemble(text)

    def run(self, numbered: Iterable[tuple[int, str]]) -> None:
        if self.noting:
            self.noting = False  # what runs within this has the notes already
            numbered = with_notes(numbered)
        super().run(numbered)


def with_notes(numbered: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """A `.loc` before each line with an instruction."""
    for number, line in numbered:
        if INSTRUCTION.match(line):
            yield number, f" .loc 1 {number}"
        yield number, line

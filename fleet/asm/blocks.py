"""Directives that take whole lines: conditions, repetition, macros, other files.

In: a statement such as `.if` or `.macro` and the lines that follow it. Out: lines to assemble, with
the numbers that they have in the text, given to `run`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from fleet.asm.expressions import SyntaxProblem
from fleet.asm.state import Macro, State
from fleet.asm.statements import Statement, Text, blank_comments, string_bytes

DEEPEST = 60
MOST_EXPANSIONS = 1_000_000
IFS = (
    ".if", ".ifdef", ".ifndef", ".ifeq", ".ifne", ".ifgt", ".ifge", ".iflt", ".ifle", ".ifb",
    ".ifnb", ".ifc", ".ifnc",
)  # fmt: skip


class Blocks(State):
    def run(self, numbered: Iterable[tuple[int, str]]) -> None:
        """Assemble lines of the present text; the assembler does it."""
        raise NotImplementedError

    def block(self, opening: tuple[str, ...], closing: str) -> list[tuple[int, str]]:
        """The lines up to the one that closes this block, which is taken, too."""
        start = self.number
        depth = 0
        taken = []
        for number, line in self.lines:
            words = line.split(None, 1)
            word = words[0] if words else ""
            if word == closing or (closing == ".endm" and word == ".endmacro"):
                if depth == 0:
                    return taken
                depth -= 1
            elif word in opening:
                depth += 1
            taken.append((number, line))
        self.number = start
        raise SyntaxProblem(f"{closing} is missing", 0, 1)

    def if_(self, statement: Statement) -> None:
        chosen = self.condition(statement)
        lines = self.block(IFS, ".endif")
        depth, taken = 0, []
        done = chosen
        for number, line in lines:
            words = line.split(None, 1)
            word = words[0] if words else ""
            if depth == 0 and word in (".else", ".elseif"):
                if word == ".else":
                    chosen, done = not done, True
                else:
                    self.number = number
                    start = line.index(word) + len(word)
                    text = Text(line[start:].split("#")[0].strip(), start + 1, len(line))
                    chosen = not done and self.number_of(text) != 0
                    done = done or chosen
                continue
            depth += (word in IFS) - (word == ".endif")
            if chosen:
                taken.append((number, line))
        self.run(taken)

    def condition(self, statement: Statement) -> bool:
        assert statement.name is not None
        word = statement.name.text
        if word in (".ifdef", ".ifndef"):
            (name,) = self.needed(statement, 1, 1)
            symbol = self.symbols.get(name.text)
            return (symbol is not None and symbol.is_defined) == (word == ".ifdef")
        if word in (".ifb", ".ifnb"):
            return bool(statement.rest.text) == (word == ".ifnb")
        if word in (".ifc", ".ifnc"):
            left, right = self.needed(statement, 2, 2)
            return (left.text == right.text) == (word == ".ifc")
        (value,) = self.needed(statement, 1, 1)
        number = self.number_of(value)
        comparisons: dict[str, bool] = {
            ".if": number != 0, ".ifne": number != 0, ".ifeq": number == 0, ".ifgt": number > 0,
            ".ifge": number >= 0, ".iflt": number < 0, ".ifle": number <= 0,
        }  # fmt: skip
        return comparisons[word]

    def repeat(self, statement: Statement) -> None:
        (count,) = self.needed(statement, 1, 1)
        number = self.number_of(count)
        lines = self.block((".rept", ".irp", ".irpc"), ".endr")
        for _ in range(number):
            self.spend(count)
            self.run(lines)

    def repeat_for(self, statement: Statement) -> None:
        """`.irp name, a, b, c`: the lines once for each value."""
        name, *values = self.needed(statement, 1, 10_000)
        lines = self.block((".rept", ".irp", ".irpc"), ".endr")
        for value in values or [Text("", name.start, name.end)]:
            self.spend(name)
            pattern = re.compile(r"\\" + re.escape(name.text) + r"\b(?:\\\(\))?")
            self.run_deeper(
                [(n, pattern.sub(lambda _, v=value: v.text, line)) for n, line in lines]
            )

    def macro(self, statement: Statement) -> None:
        words = [word for word in re.split(r"[\s,]+", statement.rest.text) if word]
        if not words:
            raise SyntaxProblem("a macro needs a name", statement.rest.start, statement.rest.end)
        name, *parameters = words
        start = self.number
        lines = self.block((".macro",), ".endm")
        pairs = []
        for parameter in parameters:
            key, equals, default = parameter.partition("=")
            pairs.append((key.partition(":")[0], default if equals else None))
        body = tuple(line for _, line in lines)
        self.macros[name] = Macro(name, tuple(pairs), body, start)

    def expand_macro(self, macro: Macro, statement: Statement) -> None:
        """The lines of a macro with the operands of its call in place of its parameters."""
        assert statement.name is not None
        operands = list(statement.operands)
        if len(operands) == 1 and len(macro.parameters) > 1:  # blanks separate, too
            operands = [
                Text(word, operands[0].start, operands[0].end)
                for word in operands[0].text.split()
            ]
        values = {}
        named = {name for name, _ in macro.parameters}
        position = 0
        for operand in operands:
            key, equals, value = operand.text.partition("=")
            if equals and key.strip() in named:
                values[key.strip()] = value.strip()
                continue
            if position == len(macro.parameters):
                message = f"macro {macro.name} takes {len(macro.parameters)} operands"
                raise SyntaxProblem(message, operand.start, operand.end)
            values[macro.parameters[position][0]] = operand.text
            position += 1
        for name, default in macro.parameters:
            values.setdefault(name, default or "")
        self.spend(statement.name)
        count = str(self.expansions)

        def replace(match: re.Match[str]) -> str:
            if match[0] == "\\@":
                return count
            if match[0] == "\\()":
                return ""
            return values.get(match[1], match[0])

        pattern = re.compile(r"\\(?:([A-Za-z_]\w*)|@|\(\))")
        self.run_deeper([(self.number, pattern.sub(replace, line)) for line in macro.lines])

    def spend(self, at: Text) -> None:
        """Count an expansion, so that endless ones end."""
        self.expansions += 1
        if self.expansions > MOST_EXPANSIONS or self.depth > DEEPEST:
            raise SyntaxProblem("this expands to too much", at.start, at.end)

    def run_deeper(self, numbered: list[tuple[int, str]]) -> None:
        """Assemble lines that are not the user's own, at the number of the present one."""
        number = self.number
        self.depth += 1
        self.run(numbered)
        self.depth -= 1
        self.number = number

    def included(self, name: Text) -> Path:
        """A file that is named in the text, relative to the text's own file."""
        text = string_bytes(name).decode("utf-8", "surrogateescape").replace("\0", "")
        path = Path(self.file).parent / text
        if not path.is_file():
            raise SyntaxProblem(f"there is no file {path}", name.start, name.end)
        return path

    def include(self, statement: Statement) -> None:
        (name,) = self.needed(statement, 1, 1)
        path = self.included(name)
        try:
            text = path.read_text()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not text"
            message = f"cannot read {path}: {reason}"
            raise SyntaxProblem(message, name.start, name.end) from None
        self.spend(name)
        outer = self.file, self.source, self.number
        self.file, self.source = str(path), text
        self.depth += 1
        self.run(enumerate(blank_comments(text).split("\n"), 1))
        self.depth -= 1
        self.file, self.source, self.number = outer

"""Directives that take whole lines: conditions, repetition, macros, other files.

In: a statement such as `.if` or `.macro` and the lines that follow it. Out: lines to assemble, with
the numbers that they have in the text, given to `run`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from fleet.asm.source.expressions import MacroExit, SyntaxProblem
from fleet.asm.source.macros import bind, parse_macro, pieces_of, substitute
from fleet.asm.source.state import WHOLE_LINE, Macro, State
from fleet.asm.source.statements import Statement, Text, blank_comments, split_lines, string_bytes

DEEPEST = 60
MOST_EXPANSIONS = 1_000_000
IFS = (
    ".if", ".ifdef", ".ifndef", ".ifnotdef", ".ifeq", ".ifne", ".ifgt", ".ifge", ".iflt", ".ifle",
    ".ifb", ".ifnb", ".ifc", ".ifnc", ".ifeqs", ".ifnes",
)  # fmt: skip
REPEATS = (".rept", ".rep", ".irp", ".irpc")
CLOSINGS = {".endmacro": ".endm", ".endc": ".endif"}  # other spellings
DIRECTIVE = re.compile(r"\s*(?:[\w.$]+[ \t]*:\s*)*(\.[A-Za-z]\w*)")


def directive_of(line: str) -> str:
    """The directive of a line, behind its labels; empty if it has none."""
    match = DIRECTIVE.match(line)
    if match is None:
        return ""
    word = match[1].lower()
    return CLOSINGS.get(word, word)


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
            parts = split_lines(line)
            for index, part in enumerate(parts):
                word = directive_of(part)
                if word == closing:
                    if depth == 0:
                        self.leftover += [(number, rest) for rest in parts[index + 1 :]]
                        return taken
                    depth -= 1
                elif word in opening:
                    depth += 1
                taken.append((number, part))
        self.number = start
        raise SyntaxProblem(f"{closing} is missing", 0, 1 << 16)

    def stray(self, statement: Statement) -> None:
        """The end of a block that has not begun."""
        at = statement.name
        assert at is not None
        raise SyntaxProblem(f"{at.text} without {OPENINGS[at.text]}", at.start, at.end)

    def if_(self, statement: Statement) -> None:
        problem = None
        try:
            chosen = self.condition(statement)
        except SyntaxProblem as found:
            problem, chosen = found, False
        lines = self.block(IFS, ".endif")
        if problem is not None:  # neither branch is looked at
            raise problem
        depth, taken = 0, []
        done = chosen
        for number, line in lines:
            word = directive_of(line)
            if depth == 0 and word in (".else", ".elseif"):
                if word == ".else":
                    chosen, done = not done, True
                else:
                    self.number = number
                    start = line.lower().index(word) + len(word)
                    left = line[start:].split("#")[0]
                    text = left.strip()
                    start += len(left) - len(left.lstrip())
                    chosen = not done
                    if chosen:
                        chosen = self.truth_of(Text(text, start, start + len(text))) != 0
                    done = done or chosen
                continue
            depth += (word in IFS) - (word == ".endif")
            if chosen:
                taken.append((number, line))
        self.run(taken)

    def condition(self, statement: Statement) -> bool:
        assert statement.name is not None
        word = statement.name.text
        match word:
            case ".ifdef" | ".ifndef" | ".ifnotdef":
                (name,) = self.needed(statement, 1, 1)
                symbol = self.symbols.get(name.text)
                is_defined = symbol is not None and symbol.is_defined
                return is_defined == (word == ".ifdef")
            case ".ifb" | ".ifnb":
                return bool(statement.rest.text) == (word == ".ifnb")
            case ".ifc" | ".ifnc":
                left, right = self.needed(statement, 2, 2)
                return (left.text == right.text) == (word == ".ifc")
            case ".ifeqs" | ".ifnes":
                left, right = self.needed(statement, 2, 2)
                return (string_bytes(left) == string_bytes(right)) == (word == ".ifeqs")
        (value,) = self.needed(statement, 1, 1)
        number = self.truth_of(value)
        comparisons: dict[str, bool] = {
            ".if": number != 0, ".ifne": number != 0, ".ifeq": number == 0, ".ifgt": number > 0,
            ".ifge": number >= 0, ".iflt": number < 0, ".ifle": number <= 0,
        }  # fmt: skip
        return comparisons[word]

    def repeat(self, statement: Statement) -> None:
        lines = self.block(REPEATS, ".endr")
        (count,) = self.needed(statement, 1, 1)
        number = self.number_of(count)
        if number < 0:
            raise SyntaxProblem(f"{number} is no number of times", count.start, count.end)
        for _ in range(number):
            self.spend(count)
            self.run(lines)

    def repeat_for(self, statement: Statement) -> None:
        """`.irp name, a, b, c`: the lines once for each value; `.irpc name, abc`: each letter."""
        lines = self.block(REPEATS, ".endr")
        assert statement.name is not None
        rest = statement.rest
        name, _, text = rest.text.partition(",") if "," in rest.text else rest.text.partition(" ")
        name = name.strip()
        if not name:
            raise SyntaxProblem("a name is missing here", rest.start, rest.end)
        if statement.name.text == ".irpc":
            values = list(text.strip().strip('"')) or [""]
        else:
            values = pieces_of(text) or [""]
        for value in values:
            self.spend(statement.name)
            texts = substitute([line for _, line in lines], {name: value}, "")
            numbers = (number for number, _ in lines)
            if not self.made:
                self.made_columns = WHOLE_LINE
            self.run_made(list(zip(numbers, texts, strict=True)))

    def macro(self, statement: Statement) -> None:
        start = self.number
        lines = self.block((".macro",), ".endm")
        macro = parse_macro(statement.rest, tuple(line for _, line in lines), start)
        if macro.name.lower() in self.macros:
            other = self.macros[macro.name.lower()]
            message = f"macro {macro.name} is defined a second time"
            hint = f"the other definition is in line {other.line}; .purgem would undo it"
            raise SyntaxProblem(message, statement.rest.start, statement.rest.end, hint)
        self.macros[macro.name.lower()] = macro
        self.macro_changes += 1

    def purge_macro(self, statement: Statement) -> None:
        for name in self.needed(statement, 1, 100):
            self.macro_changes += 1
            if self.macros.pop(name.text.lower(), None) is None:
                raise SyntaxProblem(f"there is no macro {name.text}", name.start, name.end)

    def expand_macro(self, macro: Macro, statement: Statement) -> None:
        """The lines of a macro with the operands of its call in place of its parameters."""
        assert statement.name is not None
        values = bind(macro, statement)
        self.spend(statement.name)
        texts = substitute(macro.lines, values, str(self.executed))
        self.executed += 1
        lines = self.lines
        if not self.made:
            self.made_columns = statement.name.start, max(statement.rest.end, statement.name.end)
        try:
            self.run_made([(self.number, text) for text in texts])
        except MacroExit as end:
            self.depth, self.made, self.number = end.state
            self.lines = lines

    def exit_macro(self, statement: Statement) -> None:
        at = statement.name
        assert at is not None
        if not self.outside:
            raise SyntaxProblem(".exitm outside of a macro", at.start, at.end)
        raise MacroExit(self.outside[-1])

    def spend(self, at: Text) -> None:
        """Count an expansion, so that endless ones end."""
        self.expansions += 1
        if self.expansions > MOST_EXPANSIONS or self.depth > DEEPEST:
            raise SyntaxProblem("this expands to too much", at.start, at.end)

    def run_made(self, numbered: list[tuple[int, str]]) -> None:
        """Assemble lines that are not the user's own, at the number of the present one."""
        before = self.depth, self.made, self.number
        self.outside.append(before)
        self.depth += 1
        self.made = self.made or "\n"
        try:
            self.run(numbered)
        finally:
            self.outside.pop()
        self.depth, self.made, self.number = before

    def included(self, name: Text) -> Path:
        """A file that is named in the text: beside the text's own file, or in a folder of -I."""
        text = string_bytes(name).decode("utf-8", "surrogateescape").replace("\0", "")
        folders = (Path(self.file).parent, *map(Path, self.include_folders))
        for path in (folder / text for folder in folders):
            try:
                if path.is_file():
                    return path
            except OSError:  # a name that is too long for a file
                break
        message = f"there is no file {text}"
        hint = "it is looked for in " + ", ".join(map(str, folders))
        raise SyntaxProblem(message, name.start, name.end, hint)

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
        outer = self.file, self.source, self.number, self.made
        self.file, self.source, self.made = str(path), text, ""
        self.depth += 1
        self.run(enumerate(blank_comments(text).split("\n"), 1))
        self.depth -= 1
        self.file, self.source, self.number, self.made = outer

    def run_statements(self, parts: list[str], each: Callable[[str], None]) -> None:
        """The statements of a line that `;` divides; blocks may begin and end within it."""
        outer = self.lines
        own = iter([(self.number, part) for part in parts])
        self.lines = itertools.chain(own, outer)
        for _, part in own:
            each(part)
        self.lines = outer

    def run_leftover(self, each: Callable[[str], None]) -> None:
        """What stands behind the end of a block in its line."""
        while self.leftover:
            self.number, part = self.leftover.pop(0)
            each(part)


OPENINGS = {
    ".else": ".if", ".elseif": ".if", ".endif": ".if", ".endr": ".rept", ".endm": ".macro",
    ".endmacro": ".macro", ".endc": ".if",
}  # fmt: skip
BLOCK_DIRECTIVES: dict[str, Callable[[Blocks, Statement], None]] = {
    **dict.fromkeys(IFS, Blocks.if_),
    **dict.fromkeys((".rept", ".rep"), Blocks.repeat),
    **dict.fromkeys((".irp", ".irpc"), Blocks.repeat_for),
    ".macro": Blocks.macro,
    ".purgem": Blocks.purge_macro,
    ".exitm": Blocks.exit_macro,
    **dict.fromkeys(OPENINGS, Blocks.stray),
    ".include": Blocks.include,
}

"""Source text, places in it, and the one exception that a user ever sees.

In: a span of a source file and what is wrong with it. Out: a message with file, line, caret and
advice. The one idea: a `Location` is a value that every layer carries along, from the first token
to the machine code, so that whoever rejects something can point at the user's own line.
"""

from __future__ import annotations

import itertools
import linecache
import re
from dataclasses import dataclass, field


@dataclass(frozen=True, eq=False)
class Frame:
    """One dynamic call of a function of the user's program: who was called, from where.

    Frames are compared by identity: two calls of one function from one line are two frames.
    `caller` is the place of the call expression (None for the module's top level).
    """

    function: str
    caller: Location | None = None

    @property
    def depth(self) -> int:
        """How many calls lie outside this one."""
        outer = self.caller.frame if self.caller is not None else None
        return 0 if outer is None else outer.depth + 1


@dataclass(frozen=True)
class Location:
    """A span of source text. Lines count from 1, columns from 0 in characters, ends are exclusive.

    `frame` says which call of which function was being evaluated, where that is known.
    """

    file: str
    line: int
    column: int = 0
    end_line: int | None = None
    end_column: int | None = None
    frame: Frame | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column + 1}"

    def frames(self) -> list[Frame]:
        """The calls that this place was evaluated in, outermost first."""
        found = []
        frame = self.frame
        while frame is not None:
            found.append(frame)
            frame = frame.caller.frame if frame.caller is not None else None
        return found[::-1]

    def callers(self) -> list[tuple[Location, str]]:
        """The call stack as (place, function) pairs, outermost first, this place last."""
        stack: list[tuple[Location, str]] = []
        place: Location | None = self
        while place is not None:
            frame = place.frame
            stack.append((place, frame.function if frame else "<module>"))
            place = frame.caller if frame else None
        return stack[::-1]


UNKNOWN = Location("<unknown>", 0)


class FleetError(Exception):
    """A rejection of something that the user wrote or gave.

    message:  what is wrong, one sentence without a final stop.
    location: where; its line is shown with a caret when the text can be had.
    hint:     what to do instead, one sentence.
    source:   the whole text that `location` points into, when it is not the content of a file.
    cause:    of a value that is needed earlier than it is known, what makes it late, as the one who
              rejects knows it; None where nobody can tell.
    lists:    expressions of the library whose lists may be of run time instead, by their ids.
    """

    cause: frozenset[int] | None = None
    lists: frozenset[int] = frozenset()

    def __init__(
        self,
        message: str,
        location: Location | None = None,
        *,
        hint: str | None = None,
        source: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.location = location
        self.hint = hint
        self.source = source

    def render(self) -> str:
        """The message as the command line prints it."""
        at = self.location
        if at is None or at is UNKNOWN:
            lines = [f"error: {self.message}"]
        else:
            lines = [f"{at}: error: {self.message}", *caret_lines(at, self.source)]
        if self.hint:
            lines.append(f"  help: {self.hint}")
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.render()


class FleetErrors(FleetError):
    """Several rejections of one input, reported together (the assembler's and verifier's way)."""

    def __init__(self, errors: list[FleetError]) -> None:
        super().__init__(f"{len(errors)} errors", None)
        self.errors = errors

    def render(self) -> str:
        return "\n".join(error.render() for error in self.errors)


class ProgramError(Exception):
    """An exception that the user's program raises at run time, as Python would: not our error.

    exception: the class's name, such as `IndexError`; message: its text, empty for none.
    """

    def __init__(self, exception: str, message: str = "", location: Location | None = None) -> None:
        super().__init__(f"{exception}: {message}" if message else exception)
        self.exception = exception
        self.message = message
        self.location = location

    def render(self) -> str:
        """The traceback as CPython prints it, as far as the calls are known."""
        lines = []
        if self.location is not None and self.location is not UNKNOWN:
            lines.append("Traceback (most recent call last):")
            shown = [frame_text(place, name) for place, name in self.location.callers()]
            for text, same in itertools.groupby(shown):
                count = len(list(same))
                lines += [text] * min(count, MOST_REPEATED)
                if count > MOST_REPEATED:
                    more = count - MOST_REPEATED
                    lines.append(f"  [Previous line repeated {more} more time{'s'[: more > 1]}]")
        return "\n".join([*lines, str(self)])


MOST_REPEATED = 3
"""Equal lines of a traceback before Python writes how many there are."""


def frame_text(place: Location, function: str) -> str:
    """One call of a traceback."""
    text = source_line(place)
    head = f'  File "{place.file}", line {place.line}, in {function}'
    return f"{head}\n    {text.strip()}" if text else head


class ProgramWarning(SyntaxWarning):
    """What CPython's compiler warns of in the user's program.

    line: the text of the line; number: which it is of those in the same file, from 0.
    """

    def __init__(self, message: str, line: str, number: int) -> None:
        super().__init__(message)
        self.line = line
        self.number = number


class ProgramExit(Exception):
    """`sys.exit`: the program ends with this status; a message was printed on stderr before."""

    def __init__(self, status: int) -> None:
        super().__init__(f"exit status {status}")
        self.status = status


def source_line(location: Location, source: str | None = None) -> str | None:
    """The text of the location's line, or None where it cannot be had."""
    if source is None:
        try:
            line = linecache.getline(location.file, location.line)
        except (LookupError, ValueError):  # the file declares an encoding that there is not
            return None
        return line.rstrip("\r\n") if line else None
    lines = re.split(r"\r\n|\r|\n", source)  # splitlines() ends lines that Python does not
    return lines[location.line - 1] if 0 < location.line <= len(lines) else None


LONGEST_LINE = 300
"""Characters of a source line that are shown whole."""


def _excerpt(text: str, start: int, end: int) -> tuple[str, int, int]:
    """A piece of a long line around a span, and the span in it."""
    begin = max(0, start - LONGEST_LINE // 3)
    piece = text[begin : begin + LONGEST_LINE]
    head = "…" if begin else ""
    tail = "…" if begin + LONGEST_LINE < len(text) else ""
    shift = len(head) - begin
    return f"{head}{piece}{tail}", start + shift, min(end + shift, len(head) + len(piece))


def caret_lines(location: Location, source: str | None = None) -> list[str]:
    """The source line and, under it, a caret with tildes over the span."""
    text = source_line(location, source)
    if text is None:
        return []
    start = min(location.column, len(text))
    end = len(text)
    if location.end_column is not None and location.end_line in (None, location.line):
        end = min(location.end_column, len(text))
    elif location.end_column is None:
        end = start + 1
    if len(text) > LONGEST_LINE:
        text, start, end = _excerpt(text, start, end)
    pad = "".join(c if c == "\t" else " " for c in text[:start])
    return [f"  {text}", f"  {pad}^{'~' * max(0, end - start - 1)}"]

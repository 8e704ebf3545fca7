"""What a run did, and whether two runs did the same.

In: a run with captured streams. Out: an outcome: the text, the printed values, how it ended. The
one idea: values are compared as numbers where they are printed, since a text shows eight digits of
them, and of a long array six elements.
"""

from __future__ import annotations

import io
import math
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TextIO

import numpy as np

from fleet.diagnostics import FleetError, ProgramError, ProgramExit
from fleet.host import Host
from fleet.judges.numbers import Difference, difference
from fleet.limits import DEFAULT, Limits
from fleet.rooted import Rooted

TOLERANCE = 1e-5
"""Relative difference that printed floats may have: another order of summation, another exp."""


@dataclass(frozen=True)
class Outcome:
    """What a run printed, and how it ended: exit status and last line of the error.

    printed: the values of each print; files: where the run has some, what they hold then.
    """

    output: str
    status: int
    error: str = ""
    printed: Sequence[Sequence[object]] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)

    def __str__(self) -> str:
        ending = f", {self.error}" if self.error else ""
        return f"status {self.status}{ending}, {self.output!r}"


_FLOAT = re.compile(r"-?(?:\d+\.\d*|\d+(?=e))(?:e[+-]?\d+)?|-?\.\d+")
_PADDING = re.compile(r"(?<=\[)\s+|\s+(?=\])")


def agrees(got: Outcome, expected: Outcome) -> bool:
    """Whether two runs did the same, the last digits of floats and their padding aside."""
    if (got.status, got.error) != (expected.status, expected.error):
        return False
    if got.files != expected.files:
        return False
    if _words(got.output) != _words(expected.output):
        return False
    worst = largest_printed(got, expected)
    if worst is not None and worst.difference.is_wrong:
        return False
    pairs = zip(_FLOAT.findall(got.output), _FLOAT.findall(expected.output), strict=True)
    return all(
        math.isclose(float(ours), float(theirs), rel_tol=TOLERANCE, abs_tol=TOLERANCE)
        for ours, theirs in pairs
    )


def _words(output: str) -> list[str]:
    """What was printed without digits of floats and the blanks that line them up."""
    return _PADDING.sub("", _FLOAT.sub("#", output)).split()


@dataclass(frozen=True)
class Printed:
    """A printed value that differs: of which print, which of its values, both from 1."""

    number: int
    value: int
    difference: Difference

    def __str__(self) -> str:
        what = self.difference
        at = f"[{', '.join(map(str, what.place))}]" if what.place else ""
        error = "" if math.isinf(what.size) else f", an error of {what.size:.2g}"
        return (
            f"print number {self.number}, value {self.value}{at}: {what.got} where "
            f"{what.expected} is expected{error}"
        )


def largest_printed(got: Outcome, expected: Outcome) -> Printed | None:
    """The printed value that differs most; the first of those that are wrong, if any is.

    What is known when a program is built is part of a text then; so prints of other numbers of
    values are compared as texts alone.
    """
    worst = None
    if len(got.printed) != len(expected.printed):
        return None
    for number, (ours, theirs) in enumerate(zip(got.printed, expected.printed, strict=True), 1):
        if len(ours) != len(theirs):
            continue
        for value, (a, b) in enumerate(zip(ours, theirs, strict=True), 1):
            if not (_is_number(a) and _is_number(b)):
                continue
            found = difference(np.asarray(a), np.asarray(b))
            if found is None:
                continue
            if found.is_wrong:
                return Printed(number, value, found)
            if worst is None or found.size > worst.difference.size:
                worst = Printed(number, value, found)
    return worst


def _is_number(value: object) -> bool:
    if isinstance(value, int) and not isinstance(value, bool):
        return abs(value) < 1 << 63
    return isinstance(value, bool | float | np.ndarray | np.generic) and (
        np.asarray(value).dtype.kind in "biufc"
    )


class Replayed(io.TextIOBase):
    """Standard input for many runs: each reads it from its start, and it is read when needed."""

    def __init__(self, source: TextIO) -> None:
        self._source = source
        self._lines: list[str] = []
        self._next = 0

    def rewind(self) -> None:
        self._next = 0

    def readline(self, size: int = -1) -> str:
        if self._next == len(self._lines):
            self._lines.append(self._source.readline())
        self._next += 1
        return self._lines[self._next - 1]


class Runs:
    """Runs of one program with captured streams."""

    def __init__(
        self, argv: Sequence[str], stdin: TextIO, limits: Limits = DEFAULT, root: str | None = None
    ) -> None:
        """root: the folder that each run has a copy of."""
        self.argv = argv
        self.limits = limits
        self.root = root
        self._stdin = Replayed(stdin)

    def outcome(self, run: Callable[[Host], object]) -> Outcome:
        """Run something; a rejection is an outcome, too."""
        try:
            return self.accepted(run)
        except FleetError as error:
            return Outcome("", getattr(error, "status", 1), error.render())

    def accepted(self, run: Callable[[Host], object]) -> Outcome:
        """Run something that raises FleetError for a program that is not supported."""
        if self.root is None:
            return self._accepted(run, None)
        with tempfile.TemporaryDirectory(prefix="fleet-") as folder:
            copy = Path(folder, "root")
            try:
                shutil.copytree(self.root, copy, symlinks=True)
            except (OSError, shutil.Error) as error:
                raise FleetError(f"cannot copy {self.root}: {error}") from None
            outcome = self._accepted(run, Rooted(str(copy)))
            return replace(outcome, files=_files_below(copy))

    def _accepted(self, run: Callable[[Host], object], root: Rooted | None) -> Outcome:
        self._stdin.rewind()
        host = Host(self.argv, io.StringIO(), io.StringIO(), self._stdin, self.limits, [])
        host.root = root
        host.warned.ignored = True  # not all that is compared can warn
        status, error = 0, ""
        try:
            run(host)
        except ProgramExit as stop:
            status, error = stop.status, host.stderr.getvalue().strip()
        except ProgramError as raised:
            status, error = 1, str(raised)
        finally:
            host.opened.close()
        return Outcome(host.stdout.getvalue(), status, error, tuple(host.printed or ()))


def _files_below(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()
    }  # fmt: skip

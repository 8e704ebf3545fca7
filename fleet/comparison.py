"""All executors on one program: the first layer, stage, pass and operation that departs.

In: a program and its arguments. Out: a line for each executor. The one idea: what a pass leaves is
run and compared with what it was given, so the first that departs holds the mistake.
"""

from __future__ import annotations

import io
import math
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TextIO

from fleet.diagnostics import FleetError, ProgramError, ProgramExit
from fleet.driver import EXECUTABLE_STAGES, STAGES, Stage, lower
from fleet.executors import run_bytecode, run_executable, run_tree
from fleet.host import Host
from fleet.ir.core import Operation
from fleet.ir.interpreter import Interpreter, Observer
from fleet.ir.passes import PassManager
from fleet.limits import DEFAULT, Limits
from fleet.trace import Trace, first_departure

TOLERANCE = 1e-5
"""Relative difference that floats may have: another order of summation, another exp."""


@dataclass(frozen=True)
class Outcome:
    """What a run printed, and how it ended: exit status and last line of the error."""

    output: str
    status: int
    error: str = ""

    def __str__(self) -> str:
        ending = f", {self.error}" if self.error else ""
        return f"status {self.status}{ending}, {self.output!r}"


_FLOAT = re.compile(r"-?(?:\d+\.\d*|\d+(?=e))(?:e[+-]?\d+)?|-?\.\d+")
_PADDING = re.compile(r"(?<=\[)\s+|\s+(?=\])")


def agrees(got: Outcome, expected: Outcome) -> bool:
    """Whether two runs did the same, the last digits of floats and their padding aside."""
    if (got.status, got.error) != (expected.status, expected.error):
        return False
    if _words(got.output) != _words(expected.output):
        return False
    pairs = zip(_FLOAT.findall(got.output), _FLOAT.findall(expected.output), strict=True)
    return all(
        math.isclose(float(ours), float(theirs), rel_tol=TOLERANCE, abs_tol=TOLERANCE)
        for ours, theirs in pairs
    )


def _words(output: str) -> list[str]:
    """What was printed without digits of floats and the blanks that line them up."""
    return _PADDING.sub("", _FLOAT.sub("#", output)).split()


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


class Comparison:
    """One program's runs.

    Each is compared with what the syntax tree over NumPy did, which is what Python does. Raises
    FleetError where that rejects the program.
    """

    def __init__(
        self, argv: Sequence[str], *, vlen: int = 256, limits: Limits = DEFAULT
    ) -> None:
        self.argv = argv
        self.limits = limits
        self.vlen = vlen
        self.stdin = Replayed(sys.stdin)
        self.expected = self._outcome(run_tree)

    def outcome(self, run: Callable[[Host], None]) -> Outcome:
        """Run something with captured streams; a rejection is an outcome, too."""
        try:
            return self._outcome(run)
        except FleetError as error:
            return Outcome("", getattr(error, "status", 1), error.render())

    def _outcome(self, run: Callable[[Host], None]) -> Outcome:
        self.stdin.rewind()
        host = Host(self.argv, io.StringIO(), io.StringIO(), self.stdin, self.limits)
        host.warned.ignored = True
        status, error = 0, ""
        try:
            run(host)
        except ProgramExit as stop:
            status, error = stop.status, host.stderr.getvalue().strip()
        except ProgramError as raised:
            status, error = 1, str(raised)
        return Outcome(host.stdout.getvalue(), status, error)

    def run(self) -> int:
        """Run every executor until one departs; the exit status, which is 1 then."""
        print(self.expected.output, end="")
        _report(f"{'ast':<12} {self.expected}")
        module = lower(self.argv[0], (), limits=self.limits)
        for stage in STAGES[: len(EXECUTABLE_STAGES)]:
            try:
                PassManager(stage.passes).run(module)
                got = self.execute(module)
            except FleetError as error:
                got = Outcome("", 1, error.render())
            if not self._same(f"ir {stage.name}", got):
                self._blame_pass(stage)
                return 1
        for name, run in (
            ("vm", run_bytecode),
            ("emu", lambda host: run_executable(host, self.vlen)),
        ):
            if not self._same(name, self.outcome(run)):
                return 1
        return self.expected.status

    def execute(self, module: Operation, observe: Observer | None = None) -> Outcome:
        """Run a module with the IR executor."""
        return self.outcome(lambda host: Interpreter(module, host, observe).run())

    def _same(self, layer: str, got: Outcome) -> bool:
        same = agrees(got, self.expected)
        _report(f"{layer:<12} {'same' if same else f'departs: {got}'}")
        return same

    def _blame_pass(self, stage: Stage) -> None:
        """Find the first pass of a stage after which the program does something else."""
        if not stage.passes:
            _report("the front end departs, as it emits the IR")
            return
        position = STAGES.index(stage)
        module = lower(self.argv[0], STAGES[:position], limits=self.limits)
        before = Trace()
        self.execute(module, before)
        for name in stage.passes:
            after = Trace()
            try:
                PassManager([name]).run(module)
                got = self.execute(module, after)
            except FleetError as error:
                got = Outcome("", 1, error.render())
            if not agrees(got, self.expected):
                _report(f"the first pass that departs is {name}, of stage {stage.name}")
                departure = first_departure(before, after)
                if departure is not None:
                    _report(departure)
                return
            before = after


def compare_all(
    argv: Sequence[str], *, vlen: int = 256, limits: Limits = DEFAULT
) -> int:
    """Run a program on every executor; name the first layer, pass and operation that departs."""
    return Comparison(argv, vlen=vlen, limits=limits).run()


def _report(text: str) -> None:
    print(text, file=sys.stderr)

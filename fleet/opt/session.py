"""One run of `fleet opt`: text in, passes, text out, with whatever looks on.

In: IR text and a `Request`. Out: the text after the passes, or what is wrong with it. The one idea:
a text is a list of chunks (one, or with --split-input-file those between `// -----` lines), and a
chunk that is rejected does not keep the others from being read.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from fleet.diagnostics import FleetError
from fleet.ir.analysis.verifier import verify
from fleet.ir.core import Operation
from fleet.ir.parsing.dumps import constants_of, document, header_of
from fleet.ir.parsing.parser import Parsed, parse_text
from fleet.ir.printing.printer import print_op
from fleet.ir.printing.resources import ResourceReader
from fleet.ir.rewriting.passes import Instrument, PassManager
from fleet.ir.rewriting.pipeline import Step, parse_pipeline
from fleet.ir.structure import same_structure
from fleet.ir.watch import watching
from fleet.opt.expected import Diagnostic, departures, diagnostics_of, expectations
from fleet.opt.measuring import Measurements
from fleet.opt.printing import IRPrinter, Wanted
from fleet.opt.reproducer import OWNER, Reproducer

SEPARATOR = "// -----"


@dataclass(frozen=True)
class Request:
    """What is asked of a run.

    separator:   the line between chunks, None for a text that is one.
    expected:    compare what is reported with the text's annotations.
    roundtrip:   check that what is read, printed and read again is the same.
    reproducer:  the file to write when a pass fails; run_reproducer: the text is such a file.
    debuginfo, generic, names, local: how the IR is printed (see `print_op`).
    folder:      where the output goes to; None for standard output.
    """

    steps: tuple[Step, ...] = ()
    verify_each: bool = True
    separator: str | None = None
    expected: bool = False
    prints: Wanted = Wanted()
    timing: bool = False
    statistics: bool = False
    trace: bool = False
    reproducer: str | None = None
    run_reproducer: bool = False
    roundtrip: bool = False
    generic: bool = False
    debuginfo: bool = False
    names: bool = True
    local: bool = False
    folder: Path | None = None


def _to_stderr(text: str) -> None:
    sys.stderr.write(text)


@dataclass
class Result:
    """The output of all chunks, and whether all went well."""

    text: str
    failed: bool


def optimise(request: Request, text: str, file: str, folder: Path) -> Result:
    """Run a request on a text. file: its name in messages; folder: where it looks for constants.

    Raises FleetError for a text in one chunk that is rejected; rejections of chunks among others
    are shown on standard error.
    """
    return _Session(request, text, file, folder).run()


class _Session:
    def __init__(self, request: Request, text: str, file: str, folder: Path) -> None:
        self.request = request
        self.source = text
        self.file = file
        self.folder = folder
        self.line = 1
        """The line on which the chunk begins."""
        self.watch = Measurements(_to_stderr if request.trace else None)
        PassManager(request.steps)  # a pipeline that is wrong is so whatever the text

    def run(self) -> Result:
        request = self.request
        outputs: list[str] = []
        failed = False
        try:
            for span in self._spans():
                if request.expected:
                    output, wrong = self._check(span)
                    for error in wrong:
                        _to_stderr(error.render() + "\n")
                    outputs.append(output)
                    failed = failed or bool(wrong)
                elif request.separator is None:
                    outputs.append(self._chunk(span))
                else:
                    with self._shown() as shown:
                        outputs.append(self._chunk(span))
                    if shown:
                        outputs.append("")
                        failed = True
        finally:
            if request.statistics or request.timing:
                _to_stderr(self.watch.statistics())
            if request.timing:
                _to_stderr(self.watch.timing())
        return Result(f"{SEPARATOR}\n".join(outputs), failed)

    @contextmanager
    def _shown(self) -> Iterator[list[FleetError]]:
        """Show a rejection on standard error and go on."""
        shown: list[FleetError] = []
        try:
            yield shown
        except FleetError as error:
            _to_stderr(error.render() + "\n")
            shown.append(error)

    def _spans(self) -> list[tuple[int, int]]:
        """Where the chunks begin and end."""
        if self.request.separator is None:
            return [(0, len(self.source))]
        line = re.compile(rf"^{re.escape(self.request.separator)}[ \t]*$", re.MULTILINE)
        spans, start = [], 0
        for found in line.finditer(self.source):
            spans.append((start, found.start()))
            start = found.end()
        return [*spans, (start, len(self.source))]

    def _check(self, span: tuple[int, int]) -> tuple[str, list[FleetError]]:
        """A chunk's output, and what it reports against what it says it does."""
        lines = self.source[slice(*span)].split("\n")
        first, self.line = self.line, self.line + len(lines) - 1
        reported: list[Diagnostic] = []
        output = ""
        try:
            output = self._chunk(span)
        except FleetError as error:
            reported = diagnostics_of(error)
        try:
            expected = expectations(lines, self.file, first)
        except FleetError as error:
            return output, [error]
        return output, departures(expected, reported, self.source)

    def _chunk(self, span: tuple[int, int]) -> str:
        """One chunk's text after the passes."""
        header = header_of(self.source) if span[0] == 0 else None
        with self.watch.phase("Parser"):
            resources = constants_of(header, self.folder, self.file)
            if resources is None:
                resources = self._beside()
            parsed = parse_text(self.source, self.file, span=span, resources=resources, check=False)
            verify(parsed.module)
        if self.request.roundtrip:
            check_roundtrip(parsed.module, self.file)
        manager = self._manager(parsed)
        with watching(self.watch) if self._measures else nullcontext():
            manager.run(parsed.module, verified=True)
        with self.watch.phase("Output"):
            wanted = self.request.generic, self.request.debuginfo, self.request.local
            if header is not None and self.request.names and not any(wanted):
                return document(parsed, header, self.folder).text(self.request.folder)
            return self._text(parsed.module)

    def _beside(self) -> ResourceReader | None:
        """The .npz file of the same name, for IR that does not say where its constants are."""
        beside = self.folder / Path(self.file).with_suffix(".npz").name
        return ResourceReader(beside) if self.file.endswith(".mlir") and beside.exists() else None

    @property
    def _measures(self) -> bool:
        return self.request.timing or self.request.statistics or self.request.trace

    def _manager(self, parsed: Parsed) -> PassManager:
        request = self.request
        steps, check = request.steps, request.verify_each
        if request.run_reproducer:
            pipeline = parsed.external.get((OWNER, "pipeline"))
            if not isinstance(pipeline, str):
                raise FleetError(f"{self.file} is no reproducer: it has no pipeline")
            steps = parse_pipeline(pipeline)
            check = parsed.external.get((OWNER, "verify_each"), True) is not False
        instruments: list[Instrument] = []
        if request.reproducer is not None:
            instruments.append(Reproducer(request.reproducer, check, _to_stderr))
        if self._measures:
            instruments.append(self.watch)
        if request.prints:
            show: Callable[[Operation], str] = lambda op: self._text(op, trailer=False)  # noqa: E731
            instruments.append(IRPrinter(request.prints, show, _to_stderr))
        return PassManager(steps, check=check, instruments=instruments)

    def _text(self, operation: Operation, trailer: bool = True) -> str:
        request = self.request
        return print_op(
            operation, generic=request.generic, debuginfo=request.debuginfo, hints=request.names,
            local=request.local, trailer=trailer,
        )  # fmt: skip


def check_roundtrip(module: Operation, file: str) -> None:
    """Raise FleetError where a module is another one after printing and reading it, in any form."""
    for generic in (False, True):
        for hints in (False, True):
            text = print_op(module, generic=generic, hints=hints, debuginfo=not hints)
            again = parse_text(text, f"{file}, printed").module
            if not same_structure(module, again):
                form = "the generic form" if generic else "its own form"
                raise FleetError(f"{file} reads back as something else in {form}")
            if print_op(again, generic=generic, hints=hints, debuginfo=not hints) != text:
                raise FleetError(f"{file} prints as another text once it has been read back")

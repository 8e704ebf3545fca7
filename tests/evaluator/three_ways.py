"""Runs a program with CPython, over NumPy, as IR in the interpreter, and in the emulator."""

from __future__ import annotations

import contextlib
import io
import linecache
import re
import runpy
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np

import fleet.dialects  # noqa: F401  (declares what the interpreter executes)
from fleet.diagnostics import ProgramError, ProgramExit
from fleet.driver import build
from fleet.emulation import emulate
from fleet.frontend import build_ir, run_ast
from fleet.host import Host
from fleet.ir.analysis.verifier import verify
from fleet.ir.interpreter import Interpreter

Outcome = tuple[str, str, int]
"""What a run leaves behind: standard output, standard error with the exception, exit status."""


WARNING = re.compile(r"^.*: RuntimeWarning: .*\n(  .*\n)?", re.MULTILINE)
"""What NumPy warns of, which test_warnings_at_run_time compares."""


CHAIN = re.compile(
    r"Traceback \(most recent call last\):\n(?s:.*)"
    r"(?:another exception occurred|the following exception):\n\n"
)
"""The tracebacks before the last, which test_exceptions_on_emu compares."""


def by_cpython(path: Path, arguments: list[str], stdin: str = "") -> Outcome:
    out, err, status = io.StringIO(), io.StringIO(), 0
    before, limit = (sys.argv, sys.stdin, sys.path), sys.getrecursionlimit()
    sys.argv, sys.stdin = [str(path), *arguments], io.StringIO(stdin)
    sys.path = [str(path.parent), *sys.path]
    try:
        with (warnings.catch_warnings(), contextlib.redirect_stdout(out), np.printoptions(),
              np.errstate()):  # fmt: skip
            warnings.simplefilter("ignore")
            with contextlib.redirect_stderr(err):
                runpy.run_path(str(path), run_name="__main__")
    except SystemExit as leaving:
        code = leaving.code
        status = 0 if code is None else code & 0xFF if isinstance(code, int) else 1
        err.write("" if code is None or isinstance(code, int) else str(code))
    except Exception as exception:
        status = 1
        err.write(traceback.format_exception_only(exception)[-1])
    finally:
        sys.argv, sys.stdin, sys.path = before
        sys.setrecursionlimit(limit)
    return out.getvalue(), err.getvalue().strip(), status


def outcome_of(
    path: Path, arguments: list[str], run: Callable[[Host], object], stdin: str = ""
) -> Outcome:
    """What a run leaves behind. Raises FleetError where the program is rejected."""
    host = Host([str(path), *arguments], io.StringIO(), io.StringIO(), io.StringIO(stdin))
    status, text = 0, ""
    linecache.checkcache()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            run(host)
    except ProgramExit as leaving:
        status = leaving.status
    except ProgramError as error:
        status, text = 1, str(error)
    told = CHAIN.sub("", WARNING.sub("", host.stderr.getvalue()))
    return host.stdout.getvalue(), (told + text).strip(), status


def by_ast(path: Path, arguments: list[str]) -> Outcome:
    return outcome_of(path, arguments, lambda host: run_ast(path, arguments, host))


def by_ir(path: Path, arguments: list[str]) -> Outcome:
    def run(host: Host) -> None:
        module = build_ir(path)
        verify(module)
        Interpreter(module, host).run()

    return outcome_of(path, arguments, run)


def by_emu(path: Path, arguments: list[str]) -> Outcome:
    def run(host: Host) -> None:
        with tempfile.TemporaryDirectory(prefix="fleet-") as folder:
            elf = str(Path(folder) / "program.elf")
            build(str(path), elf)
            emulate(elf, arguments, host=host)

    return outcome_of(path, arguments, run)


def assert_equal_outcomes(path: Path, arguments: list[str]) -> None:
    expected = by_cpython(path, arguments)
    assert by_ast(path, arguments) == expected
    assert by_ir(path, arguments) == expected

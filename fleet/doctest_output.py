"""What `doctest` says of an example's output: CPython's own judgement and words.

In: what an example should print and what it printed. Out: whether that will do, and texts of a
report. The one idea: these are CPython's functions, since its releases word reports differently;
they take a while to load, and most programs have no examples.
"""

from __future__ import annotations

import contextlib
import importlib
import io
from collections.abc import Sequence
from types import ModuleType
from typing import Any


def real() -> ModuleType:
    """Python's own module."""
    return importlib.import_module("doctest")


def output_matches(want: str, got: str, flags: int) -> bool:
    """Whether an example's output will do."""
    return bool(real().OutputChecker().check_output(want, _ended(got), flags))


def output_difference(source: str, want: str, got: str, flags: int) -> str:
    """What is told of output that will not do."""
    example = real().Example(source, want)
    return str(real().OutputChecker().output_difference(example, _ended(got), flags))


def _ended(got: str) -> str:
    """What was printed, with an end of its last line."""
    return got if not got or got.endswith("\n") else got + "\n"


def beginning(source: str, want: str) -> str:
    """What is told of an example before it is evaluated, if all is told."""
    told: list[str] = []
    runner = real().DocTestRunner(verbose=True)
    runner.report_start(told.append, None, real().Example(source, want))
    return "".join(told)


def report(
    names: Sequence[str], failed: Sequence[int], attempted: Sequence[int], verbose: bool
) -> str:
    """What is told at the end, of docstrings by name. verbose: of those that pass, too."""
    runner = real().DocTestRunner(verbose=verbose)
    for name, wrong, tried in zip(names, failed, attempted, strict=True):
        if hasattr(runner, "_stats"):
            runner._stats[name] = (wrong, tried, 0)
        else:
            runner._name2ft[name] = (wrong, tried)
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        runner.summarize()
    return told.getvalue()


FUNCTIONS: dict[str, Any] = {
    "output_matches": output_matches, "output_difference": output_difference,
    "doctest_report": report,
}  # fmt: skip
"""For host services."""

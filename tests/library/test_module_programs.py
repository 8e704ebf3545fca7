"""Programs that use modules of Python's as programs do, with what run time knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.compiled_once import EXECUTORS, CompiledOnce
from tests.evaluator.three_ways import by_cpython

PROGRAMS = Path(__file__).parent / "module_programs"
RUNS = {
    "regex": ["abc", "7 x"],
    "subcommands": ["add 1 2", "plus 3 --to a b",
                    "-v greet Bob --times 2 --loud", "foo", "greet Bob extra", ""],
    "streams": ["2", "5"],
    "doctests": ["3", "4"],
    "deep_recursion": ["5"],
    "datetimes": ["3 8", "400 -2"],
    "calendars": ["2024", "1999"],
    "codes": ["aGk= 7", "x! 4"],
    "normal_and_formats": ["ab 5", "x 2"],
    "texts_and_queues": ["a<b ab xba [1,(2,'x')]"],
}


@pytest.mark.parametrize("name", RUNS)
def test_every_executor_does_what_cpython_does(name: str) -> None:
    path = PROGRAMS / f"{name}.py"
    program = CompiledOnce(path)
    for executor in EXECUTORS:
        for run in RUNS[name]:
            arguments = [run] if name == "regex" else run.split()
            expected = by_cpython(path, arguments)
            assert program.run(executor, arguments) == expected, (executor, run)

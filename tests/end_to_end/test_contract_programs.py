"""The contract on small programs: every executor prints what CPython prints.

A program's first line gives its arguments.
"""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from fleet.emulation import emulate
from tests.compiled_once import EXECUTORS, CompiledOnce, difference, outcome
from tests.evaluator.three_ways import Outcome, by_cpython

PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.py"))


def arguments_of(program: Path) -> list[str]:
    return program.read_text().splitlines()[0].removeprefix("# args:").split()


@functools.lru_cache(maxsize=1)
def compiled(program: Path) -> CompiledOnce:
    return CompiledOnce(program)


@functools.lru_cache(maxsize=1)
def expected(program: Path) -> Outcome:
    return by_cpython(program, arguments_of(program))


@pytest.mark.parametrize("executor", [*EXECUTORS, "vector executors"])
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_a_program_prints_what_cpython_prints(program: Path, executor: str) -> None:
    arguments = arguments_of(program)
    if executor in EXECUTORS:
        found = compiled(program).run(executor, arguments)
        assert difference(found, expected(program)) is None
        return
    elf = compiled(program).executable
    native, reference = (
        outcome(
            program, arguments, "",
            lambda host, on=on: emulate(elf, arguments, host=host, executor=on, vlen=512),
        )
        for on in ("native", "reference")
    )  # fmt: skip
    assert native == reference
    assert difference(native, expected(program)) is None

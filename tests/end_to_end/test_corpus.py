"""Programs as ordinary people write them: every executor prints what CPython prints.

A program's first lines say what it is given: `# args:` once, `# stdin:` once for each line. What
Fleet cannot do yet is in `corpus_unsupported.txt`, a row for each program: its name, `ast` or
`build`, and what is said; a row that no longer holds fails, so that the table can only shrink.
"""

from __future__ import annotations

import functools
import shlex
from pathlib import Path

import pytest

from tests.compiled_once import EXECUTORS, CompiledOnce, Rejected, difference
from tests.evaluator.three_ways import Outcome, by_cpython

CORPUS = Path(__file__).parents[1] / "corpus"
PROGRAMS = sorted(path.stem for path in CORPUS.glob("*.py"))
TABLE = Path(__file__).with_name("corpus_unsupported.txt")


def unsupported() -> dict[tuple[str, str], str]:
    """(program, `ast` or `build`) -> what Fleet says."""
    rows = [line.split(" ", 2) for line in TABLE.read_text().splitlines() if line[:1] != "#"]
    return {(name, on): message for name, on, message in rows}


def given(name: str) -> tuple[list[str], str]:
    """A program's arguments and standard input."""
    lines = (CORPUS / f"{name}.py").read_text(encoding="utf-8").splitlines()
    arguments = [line[7:] for line in lines if line.startswith("# args:")]
    stdin = [line[8:].strip() + "\n" for line in lines if line.startswith("# stdin:")]
    return shlex.split("".join(arguments)), "".join(stdin)


@functools.lru_cache(maxsize=2)
def outcomes(name: str) -> dict[str, Outcome | Rejected]:
    """What CPython and each executor make of a program."""
    path, (arguments, stdin) = CORPUS / f"{name}.py", given(name)
    program = CompiledOnce(path)
    found = {on: program.run(on, arguments, stdin) for on in EXECUTORS}
    return {"cpython": by_cpython(path, arguments, stdin), **found}


@pytest.mark.parametrize("on", EXECUTORS)
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_of_the_corpus_prints_what_cpython_prints(name: str, on: str) -> None:
    found = outcomes(name)
    expected = unsupported().get((name, "ast" if on == "ast" else "build"))
    assert difference(found[on], found["cpython"]) == expected


def test_the_table_names_programs_that_there_are() -> None:
    assert {name for name, _ in unsupported()} <= set(PROGRAMS)

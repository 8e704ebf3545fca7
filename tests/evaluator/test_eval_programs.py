"""CPython, the evaluator over NumPy, and the IR in the interpreter agree on all that is seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from program_table import PROGRAMS
from three_ways import assert_equal_outcomes, by_ast, by_cpython, by_ir

MODELS = Path(__file__).parents[2] / "models"
CASES = [
    pytest.param(source, arguments, id=f"{name} {' '.join(arguments)}".strip())
    for name, (source, runs) in PROGRAMS.items()
    for arguments in runs
]


@pytest.mark.parametrize(("source", "arguments"), CASES)
def test_a_program_does_the_same_three_ways(
    source: str, arguments: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "program.py"
    path.write_text(source, encoding="utf-8")
    assert_equal_outcomes(path, arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        ["Beautiful is", "6"],
        ["B", "1"],
        ["naïve", "2"],
        ["x", "0"],
        [],
        ["a", "b"],
        ["a", "260"],
        ["", "2"],
    ],
)
@pytest.mark.parametrize("name", ["gpt2.py", "gpt2_float64.py"])
def test_gpt2_does_the_same_three_ways(name: str, arguments: list[str]) -> None:
    path = MODELS / name
    expected = by_cpython(path, arguments)
    assert by_ast(path, arguments) == expected
    assert by_ir(path, arguments) == expected

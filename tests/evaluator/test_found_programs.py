"""Programs on which a layer once departed from CPython, found by tests/fuzz and made small."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.compiled_once import EXECUTORS, CompiledOnce
from tests.evaluator.three_ways import by_cpython
from tests.fuzz.differential import ARGUMENTS

FOUND = sorted((Path(__file__).parents[1] / "fuzz" / "found").glob("*.py"))


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.stem)
def test_no_layer_departs_again(path: Path) -> None:
    program = CompiledOnce(path)
    for executor in EXECUTORS:
        for argument in ARGUMENTS:
            expected = by_cpython(path, [argument])
            assert program.run(executor, [argument]) == expected, (executor, argument)

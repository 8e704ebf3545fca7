"""A random body does the same by CPython, by the evaluator over NumPy, and as IR."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.differential import (
    TooLong,
    at_most,
    disagreement,
    random_program,
)
from tests.fuzz.enabled import ENABLED
from tests.fuzz.minimise import minimise
from tests.fuzz.writer import FEATURES

BATCHES, EACH = 5, 20
"""Programs of all features, in which a rejection is an answer, too."""


@pytest.mark.parametrize("seed", range(40))
def test_a_random_body_does_the_same_three_ways(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(random_program(seed, ENABLED), encoding="utf-8")
    assert disagreement(path, ["ast", "ir"]) is None, path.read_text(encoding="utf-8")


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_body_of_all_features_is_wrong_and_most_are_built(batch: int, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    rejected = 0
    for seed in range(10_000 + batch * EACH, 10_000 + (batch + 1) * EACH):
        path.write_text(random_program(seed), encoding="utf-8")
        found = disagreement(path, ["ast", "ir", "emu"])
        rejected += found is not None
        assert found is None or found.kind == "rejected", path.read_text(encoding="utf-8")
    assert rejected <= EACH * 2 // 5


@pytest.mark.parametrize("name", FEATURES)
def test_the_evaluator_over_numpy_has_every_feature(name: str, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    for seed in range(3):
        path.write_text(random_program(seed, [name, "if_run_time"]), encoding="utf-8")
        assert disagreement(path, ["ast"]) is None, path.read_text(encoding="utf-8")


def test_a_limit_of_time_holds_around_shorter_ones() -> None:
    with pytest.raises(TooLong), at_most(0.05):
        for _ in range(1000):
            with at_most(10):
                sum(range(10_000))


def test_the_same_seed_makes_the_same_program() -> None:
    assert random_program(7) == random_program(7) != random_program(8)


def test_a_program_is_made_smaller_while_what_it_shows_stays() -> None:
    source = "x = 1\nif x:\n    y = 2\n    for i in range(3):\n        print(x)\nz = 3\n"
    assert minimise(source, lambda text: "print(x)" in text) == "print(x)\n"

"""Outcomes are compared by the values that are printed, and by text where these are known."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from fleet.comparison import bisect
from fleet.executors import run_tree
from fleet.judges.numbers import difference
from fleet.judges.outcomes import Outcome, Runs, agrees, largest_printed


def test_a_value_that_the_text_does_not_show_is_compared(tmp_path: Path) -> None:
    program = tmp_path / "prog.py"
    program.write_text("import numpy as np\nprint(np.arange(5000) * 0.5)\n")
    right = Runs([str(program)], sys.stdin).accepted(run_tree)
    ((values,),) = right.printed
    assert isinstance(values, np.ndarray) and values.size == 5000
    wrong = np.array(values)
    wrong[2000] += 1e-3
    other = Outcome(right.output, 0, "", ((wrong,),))
    assert not agrees(other, right)
    worst = largest_printed(other, right)
    assert worst.difference.place == (2000,)
    assert f"print number 1, value 1[2000]: {wrong[2000]} where" in str(worst)


@pytest.mark.parametrize("dtype", ["f4", "f8", "i4", "?"])
def test_the_largest_difference_is_found_wherever_it_is(dtype: str) -> None:
    random = np.random.default_rng(3)
    for _ in range(50):
        shape = tuple(random.integers(1, 6, random.integers(0, 4)))
        right = (random.standard_normal(shape) * 100).astype(dtype)
        wrong = np.array(right)
        place = tuple(int(random.integers(0, n)) for n in shape)
        wrong[place] = not right[place] if dtype == "?" else right[place] + 1
        assert difference(right, right) is None
        found = difference(wrong, right)
        assert found.place == place and found.is_wrong
        if np.dtype(dtype).kind == "f":
            expected = np.abs(wrong[place] - right[place]) / np.abs(right).max()
            assert np.isclose(found.size, expected)


def test_nan_and_infinity_are_what_they_are() -> None:
    odd = np.array([np.nan, np.inf, -np.inf, 1.0])
    assert difference(odd, odd) is None
    for place, value in ((0, 1.0), (1, -np.inf), (1, 5.0), (3, np.nan)):
        other = np.array(odd)
        other[place] = value
        assert difference(other, odd).is_wrong
        assert difference(odd, other).is_wrong


def test_what_is_known_at_build_time_is_compared_as_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One side prints values, the other a text that holds them."""
    monkeypatch.chdir(tmp_path)
    Path("prog.py").write_text(
        "import sys\nimport numpy as np\nx = np.arange(3, dtype=np.float32)\n"
        "print(2.5, x + len(sys.argv), x.dtype, 7, x * 2)\nprint('%.2f' % 2.5, np.float32(0.1))\n"
    )
    assert bisect(["prog.py"]) == 0, capsys.readouterr().out

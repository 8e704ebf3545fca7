"""Loops of the kinds that run in vectors print and raise what they do in CPython, at every VLEN."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from random_loops import Outcome, run_cpython, run_fleet
from random_strips import Strips

from fleet.diagnostics import ProgramError
from fleet.driver import build, lower, report_loops
from fleet.emulation import emulate
from fleet.host import Host
from fleet.limits import Limits
from fleet.stages import until


def run_emulated(elf: str, size: str, vlen: int) -> Outcome:
    printed, complained = io.StringIO(), io.StringIO()
    try:
        emulate(elf, [size], vlen=vlen, host=Host([elf, size], printed, complained))
    except ProgramError as error:
        return Outcome(printed.getvalue(), (error.exception, error.message, error.location.line))
    return Outcome(printed.getvalue(), None)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_at_every_length_of_vectors(seed: int, tmp_path: Path) -> None:
    """No iteration, one, a strip or less, and several strips."""
    path, elf = tmp_path / "strips.py", str(tmp_path / "strips.elf")
    path.write_text(Strips(seed).program())
    build(str(path), elf)
    for size, lengths in (("0", (256,)), ("1", (128,)), ("6", (1024,)), ("75", (128, 256, 1024))):
        expected = run_cpython(path, size)
        for vlen in lengths:
            got = run_emulated(elf, size, vlen)
            assert got.is_too_large or got == expected, (size, vlen, path.read_text())
    if seed % 3 == 0:
        for executor in ("ast", "vm"):
            got = run_fleet(executor, path, "75")
            assert got.is_too_large or got == expected, (executor, path.read_text())


def test_most_of_them_run_in_vectors(tmp_path: Path) -> None:
    path = tmp_path / "strips.py"
    lines = []
    for seed in range(2):
        path.write_text(Strips(seed).program())
        lines += [line for text in report_loops(str(path)) for line in text.splitlines()]
    strips = sum(line.endswith(": in vectors") for line in lines)
    assert 2 * strips > sum(": no vectors" in line for line in lines)


def test_sums_in_any_order_are_made_in_vectors(tmp_path: Path) -> None:
    path = tmp_path / "sum.py"
    path.write_text(
        "import sys\nimport numpy as np\n\na = np.arange(int(sys.argv[1])) / 7\ns = 0.5\n"
        "for i in range(len(a)):\n    s += a[i] * a[i]\nprint(s)\n"
    )
    for fast in (False, True):
        module = lower(str(path), until("vector"), limits=Limits(fast_sums=fast))
        reduced = [op.get("operation") for op in module.walk() if op.name == "loop.reduce"]
        assert reduced == ["addf" if fast else "ordered_addf"]

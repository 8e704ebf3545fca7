"""`fleet where`: every operation, instruction and bytecode has its line, and every line its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from command_line import ROOT, CommandLine

from fleet.stages import ASSEMBLY, BYTECODE, STAGES
from fleet.where import PLACES, parts_of

PROGRAMS = [
    ROOT / "models" / "gpt2.py", ROOT / "models" / "softmax.py",
    *sorted((ROOT / "tests" / "end_to_end" / "programs").glob("*.py")),
]  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_no_operation_of_any_stage_is_without_its_line(program: Path) -> None:
    parts = list(parts_of(str(program)))
    assert [part for part in parts if part.line == 0] == []
    assert {part.stage for part in parts} == set(PLACES)
    length = len(program.read_text().splitlines())
    own = [part for part in parts if Path(part.file) == program]
    assert own and all(part.line <= length for part in own)


PROGRAM = """\
import sys
import numpy as np

n = int(sys.argv[1])
x = np.arange(n, dtype=np.float32) + 1
y = np.sqrt(x)
print(y)
"""


def test_a_line_is_followed_down_to_its_instruction(run: CommandLine, place: Path) -> None:
    Path("prog.py").write_text(PROGRAM)
    shown = run("where", "prog.py:6").stdout
    assert shown.startswith("prog.py:6: y = np.sqrt(x)\n")
    assert re.findall(r"^(\w+): \d+ ", shown, re.MULTILINE) == list(PLACES)
    for words in ("numpy.sqrt", "math.sqrt", "rv.vfsqrt.v", "    vfsqrt.v v", " launch %"):
        assert words in shown, shown
    assert "vfadd" not in shown


def test_each_operation_of_a_stage_tells_its_line(run: CommandLine, place: Path) -> None:
    Path("prog.py").write_text(PROGRAM)
    for stage, text, line in (
        ("numpy", '"numpy.sqrt"', 6), ("vector", "math.sqrt", 6), ("allocated", "rv.vfadd", 5),
        (ASSEMBLY, "vfsqrt.v", 6), (BYTECODE, "launch", 6),
    ):  # fmt: skip
        shown = run("where", "prog.py", "--stage", stage).stdout
        assert re.search(rf"^  prog.py:{line} +.*{re.escape(text)}", shown, re.MULTILINE), shown


def test_what_cannot_be_shown_is_said(run: CommandLine, place: Path) -> None:
    Path("prog.py").write_text(PROGRAM)
    assert "prog.py has no line 99" in run.rejects("where", "prog.py:99")
    assert "which line of prog.py?" in run.rejects("where", "prog.py")
    assert "nowhere.py" in run.rejects("where", "nowhere.py:3")
    shown = run("where", "prog.py:2").stdout
    assert all(f"{stage.name}: nothing" in shown for stage in STAGES)

"""`fleet run --on all`: agreement, and who is named when there is none."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from command_line import ROOT, CommandLine

from fleet.comparison import COMPARED
from fleet.ir.core import Operation
from fleet.ir.rewriting.passes import PASSES, Pass
from fleet.judges.outcomes import Outcome, agrees
from fleet.judges.verdict import LAYERS as LAYERS_OF_KERNELS
from fleet.judges.verdict import MACHINES

JUDGES = [*LAYERS_OF_KERNELS, *MACHINES, "objdump"]
PROGRAMS = [ROOT / "tests" / "end_to_end" / "programs" / f"{name}.py"
            for name in ("iterators", "recurrence")]  # fmt: skip
"""Some of those that test_contract_programs runs on each executor."""
LAYERS = ["ast", *(f"ir {stage.name}" for stage in COMPARED), "vm", "emu"]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_all_executors_agree_on_a_program(run: CommandLine, program: Path) -> None:
    arguments = program.read_text().splitlines()[0].removeprefix("# args:").split()
    result = run("run", "--on", "all", program, *arguments)
    same = re.findall(r"^(\S.*?) +same(?: but for \S+)?$", result.stderr, re.MULTILINE)
    assert same == LAYERS[1:], result.stderr
    judged = re.findall(r"^  (\w+) +same(?: but for \S+)?", result.stderr, re.MULTILINE)
    assert judged in ([], [*JUDGES]), result.stderr


PROGRAM = """\
import sys
import numpy as np

n = int(sys.argv[1])
x = np.arange(n, dtype=np.float32) + 1
y = np.sqrt(x)
z = y * x - 2.5
print(z.sum())
"""


def sabotage(
    monkeypatch: pytest.MonkeyPatch, name: str, operation: str, replacement: str
) -> None:
    """Let a pass end with every such operation replaced by another of the same operands."""
    original = PASSES[name].function

    def function(module: Operation, **options: object) -> None:
        original(module, **options)
        for each in list(module.walk()):
            if each.name == operation:
                each.name = replacement

    monkeypatch.setitem(PASSES, name, Pass(name, "sabotaged", function))


@pytest.mark.parametrize(
    ("stage", "name", "operation", "replacement", "line"),
    [
        ("shapes", "infer-shapes", "numpy.subtract", "numpy.add", 7),
        ("tosa", "numpy-to-tosa", "tosa.sub", "tosa.add", 7),
        ("linalg", "tosa-to-linalg", "math.sqrt", "math.exp", 6),
        ("fused", "fuse", "arith.subf", "arith.addf", None),
        ("kernels", "form-kernels", "arith.subf", "arith.addf", None),
        ("loops", "linalg-to-loop", "arith.subf", "arith.addf", None),
        ("vector", "vectorise", "arith.subf", "arith.addf", None),
    ],
)
def test_a_sabotaged_pass_is_named_and_the_operation_that_it_spoils(
    run: CommandLine,
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
    stage: str,
    name: str,
    operation: str,
    replacement: str,
    line: int | None,
) -> None:
    Path("prog.py").write_text(PROGRAM)
    sabotage(monkeypatch, name, operation, replacement)
    result = run("run", "--on", "all", "prog.py", "5")
    assert result.status == 1, result
    assert f"\nir {stage:<9} departs" in result.stderr, result.stderr
    assert f"the first pass that departs is {name}, of stage {stage}" in result.stderr
    if line is not None:
        assert f"prog.py:{line}:" in result.stderr, result.stderr
        assert "the first result that differs" in result.stderr


def test_a_pass_that_makes_invalid_ir_is_named(
    run: CommandLine, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("prog.py").write_text(PROGRAM)
    sabotage(monkeypatch, "fuse", "linalg.yield", "scf.yield")
    result = run("run", "--on", "all", "prog.py", "5")
    assert result.status == 1
    assert "the first pass that departs is fuse, of stage fused" in result.stderr


def test_a_wrong_device_is_named(
    run: CommandLine, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("prog.py").write_text(PROGRAM)
    sabotage(monkeypatch, "select-instructions", "rv.vfsub.vf", "rv.vfadd.vf")
    result = run("run", "--on", "all", "prog.py", "5")
    assert result.status == 1
    assert "\nvm           same\n" in result.stderr
    assert "the first pass that departs is select-instructions, of stage rv" in result.stderr


def test_every_executor_reads_the_same_input(
    run: CommandLine, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("prog.py").write_text("a = int(input())\nprint(a * int(input()))\n")
    monkeypatch.setattr("sys.stdin", io.StringIO("6\n7\n"))
    result = run("run", "--on", "all", "prog.py")
    assert (result.status, result.stdout) == (0, "42\n"), result.stderr


def test_floats_agree_in_all_but_their_last_digits() -> None:
    def printed(text: str) -> Outcome:
        return Outcome(text, 0)

    assert agrees(printed("[1.0000001 2. ]"), printed("[1.        2.0000002]"))
    assert not agrees(printed("1.001"), printed("1.002"))
    assert not agrees(printed("1.0 2"), printed("1.0 3"))
    assert not agrees(Outcome("1", 0), Outcome("1", 1))
    assert not agrees(Outcome("", 1, "IndexError: 1"), Outcome("", 1, "IndexError: 2"))

"""Loops that call functions of the schedule become kernels with the bodies in them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from fleet.driver import build
from fleet.executors import OF_PROGRAMS
from fleet.following import Following
from fleet.host import Host
from fleet.ir.interfaces import calls_in
from fleet.ir.parsing.parser import parse_module
from fleet.ir.rewriting.passes import PassManager
from tests.evaluator.three_ways import by_cpython
from tests.work import launches

MONTE_CARLO = """
import sys
import numpy as np
rng = np.random.default_rng(int(sys.argv[1]))
inside = 0
for i in range(int(sys.argv[2])):
    x, y = rng.random(), rng.random()
    if x * x + y * y < 1:
        inside += 1
print(inside)
"""


def test_random_draws_in_a_loop_are_one_launch(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path, elf = tmp_path / "monte_carlo.py", str(tmp_path / "out.elf")
    path.write_text(MONTE_CARLO)
    build(str(path), elf)
    counts = set()
    for arguments in (["3", "10"], ["4", "2000"]):
        count, printed = launches(elf, arguments, capfd)
        assert printed == by_cpython(path, arguments)[0]
        counts.add(count)
    assert len(counts) == 1


WRAPPING = """
import sys
import numpy as np
rng = np.random.default_rng(int(sys.argv[1]))
weights = np.arange(1, 5)
total = weights[0]
for i in range(40):
    total = total * 1 + weights[rng.integers(4)] * int(sys.argv[2])
print(total, rng.random() / total)
"""


@pytest.mark.parametrize("executor", ["vm", "emu"])
def test_what_wraps_in_a_draw_is_no_reason_to_look_for_warnings(
    executor: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program's own arithmetic beside it is one, where it wraps."""
    path = tmp_path / "program.py"
    path.write_text(WRAPPING)
    reasons: list[int] = []
    begin = Following.begin
    monkeypatch.setattr(Following, "begin", lambda self: (reasons.append(1), begin(self)))
    for factor, count in (("3", 0), (str(2**61), 1)):
        out, err = io.StringIO(), io.StringIO()
        OF_PROGRAMS[executor](Host([str(path), "5", factor], out, err), "numpy", 256)
        assert out.getvalue() == by_cpython(path, ["5", factor])[0]
        assert len(reasons) == ("overflow" in err.getvalue()) == count


MODULE = """
func.func private @print(i64) attributes {service = "print"}
func.func private @twice(%x: i64) -> i64 {
  %0 = arith.addi %x, %x : i64
  return %0 : i64
}
func.func private @told(%x: i64) -> i64 {
  call @print(%x) : (i64) -> ()
  return %x : i64
}
func.func private @endless(%x: i64) -> i64 {
  %0 = call @endless(%x) : (i64) -> i64
  return %0 : i64
}
func.func private @four_times(%x: i64) -> i64 {
  %0 = call @twice(%x) : (i64) -> i64
  %1 = call @twice(%0) : (i64) -> i64
  return %1 : i64
}
func.func @main(%n: index, %x: i64) -> i64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %0 = scf.for %i = %c0 to %n step %c1 iter_args(%a = %x) -> (i64) {
    %1 = func.call @CALLEE(%a) : (i64) -> i64
    scf.yield %1 : i64
  }
  return %0 : i64
}
"""


@pytest.mark.parametrize(
    ("callee", "inlined"),
    [("twice", True), ("four_times", True), ("told", False), ("endless", False)],
)
def test_only_what_asks_nothing_of_the_host_is_inlined(callee: str, inlined: bool) -> None:
    module = parse_module(MODULE.replace("CALLEE", callee), "calls.mlir")
    PassManager(["inline-in-loops"]).run(module)
    main = next(op for op in module.body if op.get("sym_name") == "main")
    assert (not list(calls_in(main))) == inlined

"""The verifier of `vm` names what the machine could not run."""

from __future__ import annotations

import pytest

from fleet.diagnostics import FleetError
from fleet.driver import lower
from fleet.ir.analysis.verifier import verify
from fleet.ir.parsing.parser import parse_module
from fleet.stages import until

RIGHT = """
func.func private @k(%p: memref<?xf32>, %n: index) attributes {kernel} {
  return
}
func.func @main() {
  %n = arith.constant 8 : i64
  %p = "vm.alloc"(%n) : (i64) -> i64
  "vm.launch"(%p, %n) <{callee = @k}> : (i64, i64) -> ()
  %x = "vm.load"(%p) : (i64) -> f32
  "vm.store"(%x, %p) : (f32, i64) -> ()
  %c = arith.constant true
  "vm.cond_br"(%c, %n)[^bb1, ^bb2] <{operandSegmentSizes = array<i32: 1, 1, 0>}> : (i1, i64) -> ()
^bb1(%m: i64):
  "vm.br"(%m)[^bb1] : (i64) -> ()
^bb2:
  "vm.free"(%p) : (i64) -> ()
  return
}
"""

WRONG = {
    '"vm.alloc"(%n) : (i64) -> i64': (
        '"vm.alloc"(%c0) : (f32) -> i64', "an address or size of type f32, not i64"),
    "callee = @k": ("callee = @main", "launches @main, which is no kernel"),
    '"vm.launch"(%p, %n) <{callee = @k}> : (i64, i64) -> ()': (
        '"vm.launch"(%p) <{callee = @k}> : (i64) -> ()', "passes 1 values to @k, which takes 2"),
    "(%c, %n)[^bb1, ^bb2] <{operandSegmentSizes = array<i32: 1, 1, 0>}> : (i1, i64)": (
        "(%c, %c)[^bb1, ^bb2] <{operandSegmentSizes = array<i32: 1, 1, 0>}> : (i1, i1)",
        "passes (i1) to a block of (i64)"),
    '"vm.br"(%m)[^bb1] : (i64) -> ()': (
        '"vm.br"()[^bb1] : () -> ()', "passes () to a block of (i64)"),
}  # fmt: skip


def test_what_is_right_is_accepted() -> None:
    verify(parse_module(RIGHT))


@pytest.mark.parametrize("right", WRONG)
def test_what_is_wrong_is_named(right: str) -> None:
    wrong, words = WRONG[right]
    assert RIGHT.count(right) == 1
    start = "func.func @main() {\n"
    text = RIGHT.replace(right, wrong).replace(start, start + "  %c0 = arith.constant 1.0 : f32\n")
    with pytest.raises(FleetError) as raised:
        parse_module(text)
    assert words in raised.value.render(), raised.value.render()


def test_the_last_stages_are_valid(tmp_path) -> None:
    program = tmp_path / "prog.py"
    program.write_text(
        "import sys\nimport numpy as np\nn = int(sys.argv[1])\n"
        "x = np.arange(n, dtype=np.float32)\nwhile n > 2:\n    n -= 1\n    x = x * 2\nprint(x)\n"
    )
    for stage in ("vm", "rv", "allocated"):
        verify(lower(str(program), until(stage)))

"""`loop.while`, `loop.if`, `loop.exit`: text, rejections, and what they do to memory."""

from __future__ import annotations

import numpy as np
import pytest

from fleet.diagnostics import FleetError
from fleet.dialects.loop.execution import compile_kernel
from fleet.ir.analysis.verifier import verify
from fleet.ir.parsing.parser import parse_module
from fleet.ir.printing.printer import print_op

KERNEL = """
func.func private @k(%status: memref<3xi64>, %x: memref<?xf64>, %out: memref<1xf64>, %n: index)
    attributes {kernel} {
  %a = loop.buffer %x[%n] : memref<?xf64>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f64
  %s, %i = loop.while (%t = %zero, %j = %c0) : (f64, index) -> (f64, index) {
    %more = arith.cmpi slt, %j, %n : index
    loop.condition(%more) %t, %j : f64, index
  } do {
  ^bb0(%t: f64, %j: index):
    %v = loop.load %a[%j] : memref<?xf64> -> f64
    %negative = arith.cmpf olt, %v, %zero : f64
    loop.exit if %negative, 7 into %status : memref<3xi64> with (%j, %v : index, f64)
    %none = arith.cmpf oeq, %v, %zero : f64
    %kept = loop.if %none -> (f64) {
      loop.yield %t : f64
    } else {
      loop.store %zero, %a[%j] : f64, memref<?xf64>
      %sum = arith.addf %t, %v : f64
      loop.yield %sum : f64
    }
    %next = arith.addi %j, %c1 : index
    loop.yield %kept, %next : f64, index
  }
  loop.store %s, %out[0] : f64, memref<1xf64>
  return
}
"""


def run(values: list[float]) -> tuple[np.ndarray, np.ndarray, float]:
    module = parse_module(KERNEL)
    verify(module)
    status, x, out = np.zeros(3, np.int64), np.array(values), np.zeros(1)
    compile_kernel(module.body.first)(status, x, out, len(values))
    return status, x, out[0]


def test_the_text_reads_back() -> None:
    printed = print_op(parse_module(KERNEL))
    assert "loop.exit if %negative, 7 into %status : memref<3xi64> with (%j, %v : index, f64)" in (
        printed
    )
    assert print_op(parse_module(printed)) == printed


def test_a_run_to_the_end() -> None:
    values = np.random.default_rng(0).integers(0, 3, 20).astype(float)
    status, x, out = run(values.tolist())
    assert not status.any() and not x.any() and out == values.sum()


def test_an_exit_keeps_what_was_stored_and_tells_what_it_saw() -> None:
    status, x, out = run([2.0, 3.0, -1.5, 4.0])
    assert status[:2].tolist() == [7, 2] and status[2:].view(np.float64)[0] == -1.5
    assert x.tolist() == [0.0, 0.0, -1.5, 4.0] and out == 0.0


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("7 into", "0 into", "a code that is no positive integer"),
        ("memref<3xi64>", "memref<2xi64>", "writes 3 words to memref<2xi64>"),
        ("loop.yield %kept, %next : f64, index", "loop.yield %kept : f64", r"yields \(f64\) where"),
        ("loop.condition(%more) %t, %j : f64, index", "loop.condition(%more) %t : f64",
         r"forwards \(f64\) where"),
    ],
)  # fmt: skip
def test_what_is_rejected(old: str, new: str, message: str) -> None:
    with pytest.raises(FleetError, match=message):
        verify(parse_module(KERNEL.replace(old, new)))

"""Arrays of rank 0 that loops and branches carry become scalars, if only elements matter."""

from __future__ import annotations

import io

import fleet.passes
from fleet.host import Host
from fleet.ir.analysis.verifier import verify
from fleet.ir.interpreter import Interpreter
from fleet.ir.parsing.parser import parse_module
from fleet.ir.printing.printer import print_op
from fleet.ir.rewriting.passes import PassManager

assert fleet.passes  # registers the passes

NEST = """
func.func private @print(i64) attributes {service = "print", kinds = ["int"], result_kinds = [],
    options = {sep = " ", end = " ", file = "stdout"}}
func.func @main() {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c5 = arith.constant 5 : index
  %one = arith.constant 1 : i64
  %limit = arith.constant 100 : i64
  %start = arith.constant dense<3> : tensor<i64>
  %sum = scf.for %i = %c0 to %c5 step %c1 iter_args(%s = %start) -> (tensor<i64>) {
    %a = tensor.extract %s[] : tensor<i64>
    %is_big = arith.cmpi sgt, %a, %limit : i64
    %next = scf.if %is_big -> (tensor<i64>) {
      scf.yield %s : tensor<i64>
    } else {
      %w = scf.while (%x = %s) : (tensor<i64>) -> tensor<i64> {
        %y = tensor.extract %x[] : tensor<i64>
        %small = arith.cmpi slt, %y, %limit : i64
        scf.condition(%small) %x : tensor<i64>
      } do {
      ^bb0(%z: tensor<i64>):
        %e = tensor.extract %z[] : tensor<i64>
        %d = arith.addi %e, %e : i64
        %t = tensor.from_elements %d : tensor<i64>
        scf.yield %t : tensor<i64>
      }
      %v = tensor.extract %w[] : tensor<i64>
      %u = arith.addi %v, %one : i64
      %r = tensor.from_elements %u : tensor<i64>
      scf.yield %r : tensor<i64>
    }
    scf.yield %next : tensor<i64>
  }
  %result = tensor.extract %sum[] : tensor<i64>
  call @print(%result) : (i64) -> ()
  return
}
"""
WANTED_AS_AN_ARRAY = """
func.func private @f(tensor<f64>) -> tensor<f64> attributes {service = "print", kinds = ["array"],
    result_kinds = ["array"], options = {}}
func.func @main() {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %a = arith.constant dense<1.0> : tensor<f64>
  %x, %y = scf.for %i = %c0 to %c1 step %c1 iter_args(%s = %a, %t = %a)
      -> (tensor<f64>, tensor<f64>) {
    %b = func.call @f(%s) : (tensor<f64>) -> tensor<f64>
    %e = tensor.extract %t[] : tensor<f64>
    %n = tensor.from_elements %e : tensor<f64>
    scf.yield %b, %n : tensor<f64>, tensor<f64>
  }
  return
}
"""


def _run(module: object) -> str:
    out = io.StringIO()
    Interpreter(module, Host(stdout=out)).run()
    return out.getvalue()


def test_through_loops_and_branches() -> None:
    module = parse_module(NEST)
    before = _run(module)
    PassManager("carry-scalars,canonicalize,cse,dce").run(module)
    verify(module)
    assert "tensor" not in print_op(module)
    assert _run(module) == before == "193 "


def test_what_is_wanted_as_an_array_stays_one() -> None:
    module = parse_module(WANTED_AS_AN_ARRAY)
    PassManager("carry-scalars").run(module)
    verify(module)
    loop = next(op for op in module.walk() if op.name == "scf.for")
    assert [str(result.type) for result in loop.results] == ["tensor<f64>", "f64"]

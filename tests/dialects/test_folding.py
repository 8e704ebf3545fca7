"""Folds and canonicalisation: what becomes of small programs."""

from __future__ import annotations

import math

import numpy as np
import pytest

import fleet.passes
from fleet.ir.interpreter import Interpreter
from fleet.ir.parsing.parser import parse_module
from fleet.ir.printing.printer import print_op
from fleet.ir.rewriting.passes import PassManager

assert fleet.passes  # registers the passes


def canonical(body: str, arguments: str, results: str) -> str:
    """The canonical text of a function's body, results numbered: lines joined by semicolons."""
    text = f"func.func @f({arguments}) -> ({results}) {{\n{body}\n}}"
    module = PassManager("canonicalize,cse").run(parse_module(text))
    for operation in module.walk():
        for result in operation.results:
            result.hint = None
    lines = print_op(module, trailer=False).splitlines()
    return "; ".join(line.strip() for line in lines[2:-2])


INTEGER = [
    ("%c = arith.constant 0 : i64 %r = arith.addi %x, %c : i64", "return %x : i64"),
    ("%c = arith.constant 0 : i64 %r = arith.addi %c, %x : i64", "return %x : i64"),
    ("%r = arith.subi %x, %x : i64", "%c0_i64 = arith.constant 0 : i64; return %c0_i64 : i64"),
    ("%a = arith.addi %x, %y : i64 %r = arith.subi %a, %y : i64", "return %x : i64"),
    ("%a = arith.subi %x, %y : i64 %r = arith.addi %y, %a : i64", "return %x : i64"),
    (
        "%c = arith.constant 3 : i64 %a = arith.addi %x, %c : i64 %r = arith.subi %a, %c : i64",
        "return %x : i64",
    ),
    (
        "%c = arith.constant 3 : i64 %a = arith.muli %c, %x : i64 %r = arith.muli %a, %c : i64",
        "%c9_i64 = arith.constant 9 : i64; %0 = arith.muli %x, %c9_i64 : i64; return %0 : i64",
    ),
    ("%i = arith.index_cast %x : i64 to index %r = arith.index_cast %i : index to i64",
     "return %x : i64"),
    ("%t = arith.trunci %x : i64 to i8 %e = arith.extsi %t : i8 to i64"
     " %u = arith.trunci %e : i64 to i8 %r = arith.extsi %u : i8 to i64",
     "%0 = arith.trunci %x : i64 to i8; %1 = arith.extsi %0 : i8 to i64; return %1 : i64"),
    ("%r = arith.select %if, %x, %x : i64", "return %x : i64"),
    ("%t = arith.constant true %r = arith.select %t, %y, %x : i64", "return %y : i64"),
    ("%m = arith.constant 63 : i64 %w = arith.constant 64 : i64 %a = arith.andi %x, %m : i64"
     " %c = arith.cmpi ult, %a, %w : i64 %r = arith.select %c, %y, %x : i64", "return %y : i64"),
    ("%m = arith.constant 58 : i64 %w = arith.constant 64 : i64 %a = arith.shrui %x, %m : i64"
     " %c = arith.cmpi ult, %a, %w : i64 %r = arith.select %c, %y, %x : i64", "return %y : i64"),
    ("%d = arith.constant 0 : i64 %r = arith.divsi %x, %d : i64",
     "%c0_i64 = arith.constant 0 : i64; %0 = arith.divsi %x, %c0_i64 : i64; return %0 : i64"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), INTEGER)
def test_integers_by_equations(body: str, expected: str) -> None:
    got = canonical(f"{body} return %r : i64", "%x: i64, %y: i64, %if: i1", "i64")
    assert got == expected


def test_conditions_are_turned_around_rather_than_negated() -> None:
    body = """
      %true = arith.constant true
      %0 = arith.cmpi slt, %x, %y : i64
      %1 = arith.xori %0, %true : i1
      return %1 : i1"""
    got = canonical(body, "%x: i64, %y: i64", "i1")
    assert got == "%0 = arith.cmpi sge, %x, %y : i64; return %0 : i1"


def test_adding_zero_to_a_float_is_kept_but_minus_zero_is_not() -> None:
    plus = "%c = arith.constant 0.0 : f32 %r = arith.addf %x, %c : f32 return %r : f32"
    minus = plus.replace("0.0", "-0.0")
    assert "addf" in canonical(plus, "%x: f32", "f32")
    assert canonical(minus, "%x: f32", "f32") == "return %x : f32"


def test_a_known_branch_is_what_it_chooses() -> None:
    body = """
      %c = arith.constant false
      %r = scf.if %c -> (i64) { scf.yield %x : i64 } else {
        %0 = arith.muli %x, %x : i64
        scf.yield %0 : i64
      }
      return %r : i64"""
    assert canonical(body, "%x: i64", "i64") == "%0 = arith.muli %x, %x : i64; return %0 : i64"


def test_a_branch_between_scalars_is_a_selection() -> None:
    body = """
      %r = scf.if %c -> (i64) { scf.yield %x : i64 } else { scf.yield %y : i64 }
      return %r : i64"""
    got = canonical(body, "%x: i64, %y: i64, %c: i1", "i64")
    assert got == "%0 = arith.select %c, %x, %y : i64; return %0 : i64"


def test_inside_a_branch_its_condition_is_known() -> None:
    body = """
      %r = scf.if %c -> (i64) {
        %0 = scf.if %c -> (i64) { scf.yield %x : i64 } else { scf.yield %y : i64 }
        %1 = arith.muli %0, %0 : i64
        scf.yield %1 : i64
      } else { scf.yield %y : i64 }
      return %r : i64"""
    got = canonical(body, "%x: i64, %y: i64, %c: i1", "i64")
    assert "arith.muli %x, %x" in got
    assert got.count("scf.if") == 1


def test_loops_of_no_or_one_iteration_vanish() -> None:
    body = """
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %a = scf.for %i = %c1 to %c1 step %c1 iter_args(%v = %x) -> (i64) {
        %0 = arith.muli %v, %v : i64
        scf.yield %0 : i64
      }
      %b = scf.for %i = %c0 to %c1 step %c1 iter_args(%v = %a) -> (i64) {
        %0 = arith.addi %v, %v : i64
        scf.yield %0 : i64
      }
      return %b : i64"""
    assert canonical(body, "%x: i64", "i64") == "%0 = arith.addi %x, %x : i64; return %0 : i64"


def test_what_a_loop_passes_on_unchanged_is_its_initial_value() -> None:
    body = """
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%v = %x, %w = %x) -> (i64, i64) {
        %0 = arith.addi %v, %w : i64
        scf.yield %0, %w : i64, i64
      }
      return %r#0, %r#1 : i64, i64"""
    got = canonical(body, "%x: i64, %n: index", "i64, i64")
    assert "arith.addi %v, %x" in got, got
    assert got.endswith("return %0#0, %x : i64, i64")


# -- sizes

SIZES = [
    ("%t = tensor.empty(%n) : tensor<?x4xf32>", "return %n, %c4"),
    ("%e = tensor.empty(%n) : tensor<?xf32>"
     " %t = tensor.expand_shape %e [[0, 1]] output_shape [%n, 4]"
     " : tensor<?xf32> into tensor<?x4xf32>",
     "return %n, %c4"),
    ("%t = tensor.extract_slice %a[0, 0] [%n, 4] [1, 1] : tensor<?x4xf32> to tensor<?x4xf32>",
     "return %n, %c4"),
    ("%t = tensor.insert_slice %a into %a[0, 0] [%n, 4] [1, 1]"
     " : tensor<?x4xf32> into tensor<?x4xf32>", "%dim = tensor.dim %a, %c0"),
    ("%t = tensor.concat dim(0) %a, %a : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>",
     "arith.addi"),
    ("%t = arith.addf %a, %a : tensor<?x4xf32>", "%dim = tensor.dim %a, %c0"),
    ("%t = math.exp %a : tensor<?x4xf32>", "%dim = tensor.dim %a, %c0"),
    ('%t = "numpy.exp"(%a) : (tensor<?x4xf32>) -> tensor<?x4xf32>', "%dim = tensor.dim %a, %c0"),
    ('%e = "numpy.transpose"(%a) <{axes = array<i64: 1, 0>}> : (tensor<?x4xf32>) -> tensor<4x?xf32>'
     ' %t = "numpy.transpose"(%e) <{axes = array<i64: 1, 0>}>'
     " : (tensor<4x?xf32>) -> tensor<?x4xf32>",
     "%dim = tensor.dim %a, %c0"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), SIZES)
def test_sizes_are_asked_of_what_gives_them(body: str, expected: str) -> None:
    text = f"""{body}
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %d0 = tensor.dim %t, %c0 : tensor<?x4xf32>
      %d1 = tensor.dim %t, %c1 : tensor<?x4xf32>
      return %d0, %d1 : index, index"""
    got = canonical(text, "%a: tensor<?x4xf32>, %n: index", "index, index")
    assert expected in got
    assert "empty" not in got and "tensor.dim %t" not in got


# -- constants laid out anew


WEIGHTS = np.arange(600, dtype=np.float32).reshape(20, 30)
LAYOUTS = [
    ('%r = "numpy.transpose"(%w) <{axes = array<i64: 1, 0>}> : (W) -> R', (30, 20),
     lambda w: w.T),
    ('%r = "numpy.reshape"(%w) : (W) -> R', (600,), lambda w: w.reshape(600)),
    ('%r = "numpy.slice"(%w) <{operandSegmentSizes = array<i32: 1, 0, 0>, static_offsets ='
     " array<i64: 3, 29>, static_sizes = array<i64: 4, 10>, static_strides = array<i64: 2, -3>}>"
     " : (W) -> R", (4, 10), lambda w: w[3:11:2, 29::-3]),
    ("%r = tensor.extract_slice %w[2, 0] [10, 30] [1, 1] : W to R", (10, 30), lambda w: w[2:12]),
    ("%r = tensor.collapse_shape %w [[0, 1]] : W into R", (600,), lambda w: w.reshape(600)),
    ("%p = arith.constant dense<[1, 0]> : tensor<2xi32>"
     " %r = tosa.transpose %w, %p : (W, tensor<2xi32>) -> R", (30, 20), lambda w: w.T),
]  # fmt: skip


@pytest.mark.parametrize(("body", "shape", "layout"), LAYOUTS)
def test_layouts_of_constants_are_views_made_at_build_time(body, shape, layout) -> None:
    type = f"tensor<{'x'.join(map(str, shape))}xf32>"
    body = body.replace("W", "tensor<20x30xf32>").replace("R", type)
    text = f"""func.func @f() -> {type} {{
      %w = arith.constant dense_resource<w> : tensor<20x30xf32>
      {body}
      return %r : {type}
    }}"""
    module = parse_module(text, resources={"w": WEIGHTS})
    (before,) = Interpreter(module).run("f")
    PassManager("canonicalize").run(module)
    names = [operation.name for operation in module.walk()]
    assert names == ["builtin.module", "func.func", "arith.constant", "func.return"]
    (after,) = Interpreter(module).run("f")
    np.testing.assert_array_equal(after, before)
    np.testing.assert_array_equal(after, layout(WEIGHTS))
    assert np.shares_memory(after, WEIGHTS), "the bytes are not copied"


def test_arithmetic_on_constant_arrays_is_left_to_the_target() -> None:
    body = """
      %w = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
      %0 = "numpy.add"(%w, %w) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
      %1 = "numpy.exp"(%0) : (tensor<2xf32>) -> tensor<2xf32>
      %2 = "numpy.sum"(%1) <{axes = array<i64: 0>}> : (tensor<2xf32>) -> tensor<f32>
      return %2 : tensor<f32>"""
    got = canonical(body, "", "tensor<f32>")
    assert all(name in got for name in ("numpy.add", "numpy.exp", "numpy.sum"))


def test_numbers_of_the_program_are_computed() -> None:
    body = """
      %x = arith.constant 2.0 : f64
      %0 = "numpy.to_tensor"(%x) : (f64) -> tensor<f64>
      %1 = "numpy.sqrt"(%0) : (tensor<f64>) -> tensor<f64>
      %2 = "numpy.item"(%1) : (tensor<f64>) -> f64
      return %2 : f64"""
    got = canonical(body, "", "f64")
    assert got == f"%cst = arith.constant {math.sqrt(2.0)} : f64; return %cst : f64"


def test_checks_that_hold_disappear_and_others_stay() -> None:
    check = (
        '"numpy.check"(%c) <{exception = "ValueError", message = "no", kinds = []}> : (i1) -> ()'
    )
    assert "numpy.check" not in canonical(f"%c = arith.constant true {check} return", "", "")
    assert "numpy.check" in canonical(f"%c = arith.constant false {check} return", "", "")

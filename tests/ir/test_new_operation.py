"""An operation that the compiler has never heard of, with a region: its declaration is enough.

`toy.repeat` runs its region so many times, and what one run yields the next one takes. All that
passes do with it follows from this declaration and one executor row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest

import fleet.codegen  # noqa: F401 - registers the passes
import fleet.passes  # noqa: F401 - registers the passes
from fleet.diagnostics import FleetErrors
from fleet.ir.affine import AffineMap
from fleet.ir.analysis.verifier import verify
from fleet.ir.core import Operation
from fleet.ir.definition import DIALECTS, PURE, RECURSIVE, Dialect
from fleet.ir.flow import OUT, LoopLike, RegionBranch
from fleet.ir.interfaces import PARALLEL, DestinationStyle, IndexingMaps, SizesOfDestination
from fleet.ir.interpreter import Interpreter
from fleet.ir.parsing.parser import parse_module
from fleet.ir.printing.printer import print_op
from fleet.ir.rewriting.passes import PassManager
from fleet.passes.shapes.dims import Dims
from fleet.stages import STAGES


@pytest.fixture(autouse=True)
def toy() -> Iterator[None]:
    """The new dialect, for the time of a test."""
    dialect = Dialect("toy")
    repeat = dialect.op(
        "repeat",
        "count: Index, inits: Any* -> results: Any*",
        regions=1,
        traits={RECURSIVE},
        interfaces=[
            RegionBranch(entry=(0, OUT), after=((0, OUT),), passes="inits"),
            LoopLike(),
        ],
    )
    dialect.op("yield", "values: Any*", traits={"Terminator"})

    @repeat.executes
    def _repeat(interpreter: Interpreter, op: Operation, given: Sequence[Any]) -> Sequence[Any]:
        count, *carried = given
        for _ in range(count):
            _, carried = interpreter.region(op.regions[0], carried)
        return carried

    yield
    del DIALECTS["toy"]


PROGRAM = """
    func.func @main(%n: index, %x: tensor<?x4xf64>, %y: tensor<?xf64>)
        -> (tensor<?x4xf64>, tensor<?x4xf64>, index) {
      %0:3 = "toy.repeat"(%n, %x, %y, %y) ({
      ^bb0(%a: tensor<?x4xf64>, %unused: tensor<?xf64>, %b: tensor<?xf64>):
        %1 = arith.addf %a, %a : tensor<?x4xf64>
        %2 = arith.addf %a, %a : tensor<?x4xf64>
        %3 = arith.mulf %1, %2 : tensor<?x4xf64>
        %dead = arith.mulf %3, %3 : tensor<?x4xf64>
        %4 = arith.addf %unused, %b : tensor<?xf64>
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %size = tensor.dim %3, %c0 : tensor<?x4xf64>
        "toy.yield"(%3, %4, %b) : (tensor<?x4xf64>, tensor<?xf64>, tensor<?xf64>) -> ()
      }) : (index, tensor<?x4xf64>, tensor<?xf64>, tensor<?xf64>)
        -> (tensor<?x4xf64>, tensor<?xf64>, tensor<?xf64>)
      %5:3 = "toy.repeat"(%n, %x, %y, %y) ({
      ^bb0(%a: tensor<?x4xf64>, %unused: tensor<?xf64>, %b: tensor<?xf64>):
        %1 = arith.addf %a, %a : tensor<?x4xf64>
        %2 = arith.addf %a, %a : tensor<?x4xf64>
        %3 = arith.mulf %1, %2 : tensor<?x4xf64>
        %4 = arith.addf %unused, %b : tensor<?xf64>
        "toy.yield"(%3, %4, %b) : (tensor<?x4xf64>, tensor<?xf64>, tensor<?xf64>) -> ()
      }) : (index, tensor<?x4xf64>, tensor<?xf64>, tensor<?xf64>)
        -> (tensor<?x4xf64>, tensor<?xf64>, tensor<?xf64>)
      %6 = "toy.repeat"(%n, %x) ({
      ^bb0(%a: tensor<?x4xf64>):
        "toy.yield"(%a) : (tensor<?x4xf64>) -> ()
      }) : (index, tensor<?x4xf64>) -> tensor<?x4xf64>
      %c0 = arith.constant 0 : index
      %rows = tensor.dim %0#0, %c0 : tensor<?x4xf64>
      return %0#0, %5#0, %rows : tensor<?x4xf64>, tensor<?x4xf64>, index
    }"""


def after(pipeline: str, text: str = PROGRAM) -> Operation:
    return PassManager(pipeline).run(parse_module(text))


def run(module: Operation) -> list[Any]:
    rng = np.random.default_rng(3)
    return Interpreter(module).run("main", [3, rng.standard_normal((2, 4)), np.ones(5)])


def count(module: Operation, name: str) -> int:
    return sum(op.name == name for op in module.walk())


def test_it_is_printed_and_read_back() -> None:
    module = after("")
    for generic in (False, True):
        text = print_op(module, generic=generic)
        assert print_op(parse_module(text), generic=generic) == text


def test_it_runs() -> None:
    first, second, rows = run(after(""))
    x = np.random.default_rng(3).standard_normal((2, 4))
    for _ in range(3):
        x = (x + x) * (x + x)
    assert np.array_equal(first, x) and np.array_equal(second, x) and rows == 2


@pytest.mark.parametrize(
    "pipeline",
    ["cse", "dce", "canonicalize", "infer-shapes", "outline", "inline", "symbol-dce",
     "canonicalize,cse,dce,infer-shapes,canonicalize,cse,dce"],
)  # fmt: skip
def test_passes_keep_what_it_computes(pipeline: str) -> None:
    expected, got = run(after("")), run(after(pipeline))
    assert all(np.array_equal(a, b) for a, b in zip(expected, got, strict=True))


def test_equal_ones_are_merged_and_what_is_inside() -> None:
    module = after("dce,cse")
    assert count(module, "toy.repeat") == 1
    assert count(module, "arith.addf") == 1


def test_what_it_carries_for_nobody_is_dropped() -> None:
    module = after("dce")
    assert count(module, "toy.repeat") == 2
    for op in module.walk():
        if op.name == "toy.repeat":
            assert (len(op.operands), len(op.results), len(op.body.arguments)) == (2, 1, 1)
            assert len(op.body.terminator.operands) == 1
    verify(module)


def test_sizes_go_through_it() -> None:
    module = after("")
    function = module.body.first
    dims = Dims(module)
    repeat = function.body.first
    x = function.body.arguments[1]
    assert dims.shape(repeat.results[0]) == dims.shape(repeat.body.arguments[0]) == dims.shape(x)
    module = after("infer-shapes,canonicalize,dce")
    returned = module.body.first.body.terminator.operand(2)
    assert returned.operation.operand(0) is module.body.first.body.arguments[1]


def test_a_size_that_changes_in_it_is_not_taken_to_stay() -> None:
    module = after("", """
        func.func @main(%n: index, %x: tensor<?xf64>) -> tensor<?xf64> {
          %0 = "toy.repeat"(%n, %x) ({
          ^bb0(%a: tensor<?xf64>):
            %1 = tensor.concat dim(0) %a, %x : (tensor<?xf64>, tensor<?xf64>) -> tensor<?xf64>
            "toy.yield"(%1) : (tensor<?xf64>) -> ()
          }) : (index, tensor<?xf64>) -> tensor<?xf64>
          return %0 : tensor<?xf64>
        }""")  # fmt: skip
    repeat, dims = module.body.first.body.first, Dims(module)
    x = module.body.first.body.arguments[1]
    assert dims.shape(repeat.result) != dims.shape(x)
    assert dims.shape(repeat.body.arguments[0]) != dims.shape(x)


def test_what_it_carries_as_arrays_of_one_element_becomes_scalars() -> None:
    module = after("carry-scalars,canonicalize,dce", """
        func.func @main(%n: index, %x: f64) -> f64 {
          %0 = tensor.from_elements %x : tensor<f64>
          %1 = "toy.repeat"(%n, %0) ({
          ^bb0(%a: tensor<f64>):
            %2 = tensor.extract %a[] : tensor<f64>
            %3 = arith.addf %2, %2 : f64
            %4 = tensor.from_elements %3 : tensor<f64>
            "toy.yield"(%4) : (tensor<f64>) -> ()
          }) : (index, tensor<f64>) -> tensor<f64>
          %5 = tensor.extract %1[] : tensor<f64>
          return %5 : f64
        }""")  # fmt: skip
    assert not any(op.name.startswith("tensor.") for op in module.walk())
    verify(module)
    assert Interpreter(module).run("main", [4, 1.5]) == [24.0]


def test_a_function_with_one_is_inlined() -> None:
    module = after("inline,symbol-dce", """
        func.func private @doubled(%n: index, %x: f64) -> f64 {
          %0 = "toy.repeat"(%n, %x) ({
          ^bb0(%a: f64):
            %1 = arith.addf %a, %a : f64
            "toy.yield"(%1) : (f64) -> ()
          }) : (index, f64) -> f64
          return %0 : f64
        }
        func.func @main(%n: index, %x: f64) -> f64 {
          %0 = call @doubled(%n, %x) : (index, f64) -> f64
          %1 = call @doubled(%n, %0) : (index, f64) -> f64
          return %1 : f64
        }""")  # fmt: skip
    assert count(module, "func.func") == 1 and count(module, "toy.repeat") == 2
    assert Interpreter(module).run("main", [2, 1.0]) == [16.0]


@pytest.mark.parametrize(
    ("passed", "complaint"),
    [
        ('"toy.yield"(%a, %a) : (f64, f64) -> ()', "passes (f64, f64) by 'toy.yield'"),
        ('"toy.yield"(%n) : (index) -> ()', "passes (index) by 'toy.yield'"),
        ("%1 = arith.addf %a, %a : f64", "no terminator"),
    ],
)
def test_values_that_do_not_fit_are_named(passed: str, complaint: str) -> None:
    text = f"""
        func.func @main(%n: index, %x: f64) -> f64 {{
          %0 = "toy.repeat"(%n, %x) ({{
          ^bb0(%a: f64):
            {passed}
          }}) : (index, f64) -> f64
          return %0 : f64
        }}"""
    with pytest.raises(FleetErrors, match="toy") as caught:
        verify(parse_module(text))
    assert any(complaint in str(error) for error in caught.value.errors)


# -- one that computes over an iteration space


class _Outer(IndexingMaps):
    """`out[i, j] += x[i] * y[j]`, or whatever the region says."""

    def maps(self, operation: Operation) -> list[AffineMap]:
        return [AffineMap.of_dims(2, dims) for dims in ((0,), (1,), (0, 1))]

    def iterators(self, operation: Operation) -> list[str]:
        return [PARALLEL, PARALLEL]


OUTER = """
    func.func @main(%x: tensor<?xf32>, %y: tensor<?xf32>) -> tensor<?x?xf32> {
      %c0 = arith.constant 0 : index
      %zero = arith.constant 0.5 : f32
      %n = tensor.dim %x, %c0 : tensor<?xf32>
      %m = tensor.dim %y, %c0 : tensor<?xf32>
      %empty = tensor.empty(%n, %m) : tensor<?x?xf32>
      %0 = linalg.fill ins(%zero : f32) outs(%empty : tensor<?x?xf32>) -> tensor<?x?xf32>
      %1 = "toy.outer"(%x, %y, %0) <{operandSegmentSizes = array<i32: 2, 1>}> ({
      ^bb0(%a: f32, %b: f32, %sum: f32):
        %2 = arith.mulf %a, %b : f32
        %3 = arith.addf %sum, %2 : f32
        linalg.yield %3 : f32
      }) : (tensor<?xf32>, tensor<?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
      %4 = "toy.outer"(%x, %y, %1) <{operandSegmentSizes = array<i32: 2, 1>}> ({
      ^bb0(%a: f32, %b: f32, %sum: f32):
        %2 = arith.subf %a, %b : f32
        %3 = arith.mulf %sum, %2 : f32
        linalg.yield %3 : f32
      }) : (tensor<?xf32>, tensor<?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
      return %4 : tensor<?x?xf32>
    }"""


def test_a_new_iteration_space_becomes_a_kernel_of_loops() -> None:
    outer = DIALECTS["toy"].op(
        "outer",
        "inputs: Tensor*, outputs: Tensor* -> results: Tensor*",
        regions=1,
        traits={PURE},
        interfaces=[
            _Outer(),
            DestinationStyle("outputs", reads="inputs", accumulates=True),
            SizesOfDestination(),
        ],
    )

    @outer.executes
    def _outer(interpreter: Interpreter, op: Operation, given: Sequence[Any]) -> list[np.ndarray]:
        x, y, out = (np.array(array) for array in given)
        for i, j in np.ndindex(out.shape):
            _, (out[i, j],) = interpreter.region(op.regions[0], [x[i], y[j], out[i, j]])
        return [out]

    rng = np.random.default_rng(5)
    x, y = rng.standard_normal(3).astype("f4"), rng.standard_normal(70).astype("f4")
    expected = (np.float32(0.5) + np.outer(x, y)) * np.subtract.outer(x, y)
    module = parse_module(OUTER)
    (got,) = Interpreter(module).run("main", [x, y])
    assert np.allclose(got, expected, rtol=1e-6)
    for stage in STAGES:
        if stage.name in ("fused", "kernels", "loops", "vector"):
            PassManager(stage.passes).run(module)
            (again,) = Interpreter(module).run("main", [x, y])
            assert np.array_equal(again, got) or stage.name == "vector"
            assert np.allclose(again, got, rtol=1e-6), stage.name
    assert count(module, "toy.outer") == 0 and count(module, "loop.launch") > 0

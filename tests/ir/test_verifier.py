"""The verifier names each operation that breaks a rule, with its place and its line."""

from __future__ import annotations

import pytest

from fleet.diagnostics import FleetErrors, Location
from fleet.dialects import arith, builtin, func, scf
from fleet.ir.analysis.verifier import verify
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region
from fleet.ir.parsing.parser import parse_module
from fleet.ir.types import FunctionType, TensorType, f32, f64, i1, index

BAD = {
    "does not dominate this use": """
        "func.func"() <{function_type = () -> (), sym_name = "f"}> ({
          %0 = "arith.addi"(%1, %1) : (i64, i64) -> i64
          %1 = "arith.constant"() <{value = 1 : i64}> : () -> i64
          "func.return"() : () -> ()
        }) : () -> ()""",
    "one type for operands and results": """
        func.func @f(%a: f32, %b: f64) {
          %0 = "arith.addf"(%a, %b) : (f32, f64) -> f32
          return
        }""",
    "operand lhs has type i64, not Float": """
        func.func @f(%a: i64) {
          %0 = "arith.addf"(%a, %a) : (i64, i64) -> i64
          return
        }""",
    "lacks the attribute 'predicate'": """
        func.func @f(%a: i64) {
          %0 = "arith.cmpi"(%a, %a) : (i64, i64) -> i1
          return
        }""",
    "has no predicate 99": """
        func.func @f(%a: i64) {
          %0 = "arith.cmpi"(%a, %a) <{predicate = 99 : i64}> : (i64, i64) -> i1
          return
        }""",
    "a value of type i32 but gives another": """
        func.func @f() {
          %0 = "arith.constant"() <{value = 1 : i32}> : () -> i64
          return
        }""",
    "a terminator is missing": "func.func @f() {}",
    "but no terminator": "func.func @f() { %0 = arith.constant 1 : i64 }",
    "is not the last operation": "func.func @f() { return return }",
    "returns (f32) from a function of type": "func.func @f(%a: f32) -> f64 { return %a : f32 }",
    "refers to @g, which does not exist": """
        func.func @f() {
          func.call @g() : () -> ()
          return
        }""",
    "calls @g of type (f32) -> ()": """
        func.func private @g(f32)
        func.func @f() {
          func.call @g() : () -> ()
          return
        }""",
    "defines @f again": "func.func private @f()\nfunc.func private @f()",
    "yields (i64) where (f32) is needed": """
        func.func @f(%c: i1, %a: f32, %b: i64) {
          %0 = scf.if %c -> (f32) { scf.yield %b : i64 } else { scf.yield %a : f32 }
          return
        }""",
    "extends f64 to f32": """
        func.func @f(%a: f64) {
          %0 = arith.extf %a : f64 to f32
          return
        }""",
    "cannot cast tensor<3xf32> to tensor<4xf32>": """
        func.func @f(%a: tensor<3xf32>) {
          %0 = tensor.cast %a : tensor<3xf32> to tensor<4xf32>
          return
        }""",
    "needs count(sizes) = dynamic(result), but here that is 0 = 1": """
        func.func @f() {
          %0 = tensor.empty() : tensor<?xf32>
          return
        }""",
    "which do not fit tensor<3xf32>": """
        func.func @f(%a: tensor<4xf32>) {
          %0 = tensor.extract_slice %a[0] [2] [1] : tensor<4xf32> to tensor<3xf32>
          return
        }""",
    "dimension d0 is 3 and 4": """
        func.func @f(%a: tensor<3xf32>, %b: tensor<4xf32>) {
          %0 = linalg.generic {
            indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>],
            iterator_types = ["parallel"]} ins(%a : tensor<3xf32>) outs(%b : tensor<4xf32>) {
          ^bb0(%x: f32, %y: f32):
            linalg.yield %x : f32
          } -> tensor<4xf32>
          return
        }""",
    "needs count(indices) = rank(tensor), but here that is 1 = 2": """
        func.func @f(%a: tensor<3x3xf32>, %i: index) {
          %0 = tensor.extract %a[%i] : tensor<3x3xf32>
          return
        }""",
    "groups dimensions [2, 3] into one of 5": """
        func.func @f(%a: tensor<2x3xf32>) {
          %0 = tensor.collapse_shape %a [[0, 1]] : tensor<2x3xf32> into tensor<5xf32>
          return
        }""",
    "operandSegmentSizes": """
        func.func @f(%a: tensor<2xf32>) {
          %0 = "tensor.extract_slice"(%a) <{static_offsets = array<i64: 0>,
            static_sizes = array<i64: 2>, static_strides = array<i64: 1>}>
            : (tensor<2xf32>) -> tensor<2xf32>
          return
        }""",
}

NUMPY_BAD = {
    "cannot broadcast sizes [3, 4]": "numpy.add (tensor<3xf32>, tensor<4xf32>) tensor<4xf32>",
    "mixes tensor<3xf32> and tensor<3xf64>":
        "numpy.add (tensor<3xf32>, tensor<3xf64>) tensor<3xf64>",
    "not i1": "numpy.less (tensor<3xf32>, tensor<3xf32>) tensor<3xf32>",
    "but the shape is [4]": "numpy.sum {axes = array<i64: 0>} (tensor<3x4xf32>) tensor<3xf32>",
    "has no dimensions [2] among 2":
        "numpy.sum {axes = array<i64: 2>} (tensor<3x4xf32>) tensor<f32>",
    "sums over 4 and 3": "numpy.matmul (tensor<3x4xf32>, tensor<3x4xf32>) tensor<3x4xf32>",
    "has axes [0, 0]":
        "numpy.transpose {axes = array<i64: 0, 0>} (tensor<3x4xf32>) tensor<3x3xf32>",
    "lays out tensor<3xf32> as": "numpy.reshape (tensor<3xf32>) tensor<4xf32>",
    "has 0 sizes": "numpy.reshape (tensor<3xf32>) tensor<?xf32>",
    "has no dimension 1 among 1":
        "numpy.concatenate {axis = 1 : i64} (tensor<3xf32>, tensor<3xf32>) tensor<6xf32>",
    "the only element of": "numpy.item (tensor<3xf32>) f32",
    "'sing', which does not exist":
        'numpy.host {service = "sing", kinds = [], result_kinds = []} () none',
    "cannot broadcast sizes": "tosa.add (tensor<3xf32>, tensor<1x4xf32>) tensor<1x4xf32>",
}  # fmt: skip


@pytest.mark.parametrize("message", NUMPY_BAD)
def test_shapes_of_numpy_operations_are_checked(message: str) -> None:
    name, _, rest = NUMPY_BAD[message].partition(" ")
    attributes, _, rest = rest.rpartition("(")
    types, _, result = rest.partition(") ")
    listed = [type for type in types.split(", ") if type]
    arguments = ", ".join(f"%{i}: {type}" for i, type in enumerate(listed))
    values = ", ".join(f"%{i}" for i in range(len(listed)))
    with pytest.raises(FleetErrors) as caught:
        parse_module(f"""
          func.func @f({arguments}) {{
            %r = "{name}"({values}) {attributes}: ({types}) -> {result}
            return
          }}""")
    assert message in caught.value.errors[0].message


@pytest.mark.parametrize("message", BAD)
def test_broken_rules_are_named_with_their_line(message: str) -> None:
    with pytest.raises(FleetErrors) as caught:
        parse_module(BAD[message], "bad.mlir")
    assert any(message in error.message for error in caught.value.errors), caught.value.render()
    assert all(error.location.file == "bad.mlir" for error in caught.value.errors)


def test_several_errors_are_reported_together() -> None:
    text = "func.func @f() {}\nfunc.func @g() {}"
    with pytest.raises(FleetErrors) as caught:
        parse_module(text)
    assert [error.location.line for error in caught.value.errors] == [1, 2]


def _function(block: Block) -> Operation:
    type = FunctionType(tuple(argument.type for argument in block.arguments), ())
    module = builtin.module(regions=[Region([Block()])])
    Builder(module.body).create(
        func.func, regions=[Region([block])], sym_name="f", function_type=type
    )
    return module


def test_a_value_of_a_nested_region_is_not_visible_after_it() -> None:
    block, inner = Block([index]), Block([index])
    body = Builder(block, location=Location("a.py", 3))
    secret = Builder(inner).value(arith.addi, inner.arguments[0], inner.arguments[0])
    Builder(inner).create(scf.yield_, [])
    n = block.arguments[0]
    body.create(scf.for_, n, n, n, [], types=[], regions=[Region([inner])])
    body.value(arith.addi, secret, secret)
    body.create(func.return_, [])
    with pytest.raises(FleetErrors, match="does not dominate") as caught:
        verify(_function(block))
    assert caught.value.errors[0].location.line == 3


def test_functions_see_nothing_of_one_another() -> None:
    first, second = Block([f32]), Block()
    Builder(first).create(func.return_, [])
    Builder(second).value(arith.negf, first.arguments[0])
    Builder(second).create(func.return_, [])
    module = _function(first)
    Builder(module.body).create(
        func.func, regions=[Region([second])], sym_name="g", function_type=FunctionType((), ())
    )
    with pytest.raises(FleetErrors, match="not visible here"):
        verify(module)


def test_dominance_between_blocks_follows_the_branches() -> None:
    text = """
      "func.func"() <{function_type = (i1, i64) -> (), sym_name = "f"}> ({
      ^bb0(%c: i1, %x: i64):
        %y = "arith.addi"(%x, %x) : (i64, i64) -> i64
        "t.branch"(%c)[^bb1, ^bb2] : (i1) -> ()
      ^bb1:
        %z = "arith.addi"(%y, %y) : (i64, i64) -> i64
        "t.branch"()[^bb3] : () -> ()
      ^bb2:
        "t.branch"()[^bb3] : () -> ()
      ^bb3:
        %w = "arith.addi"(%y, USE) : (i64, i64) -> i64
        "func.return"() : () -> ()
      }) : () -> ()"""
    parse_module(text.replace("USE", "%y"))
    with pytest.raises(FleetErrors, match="does not dominate"):
        parse_module(text.replace("USE", "%z"))


def test_shapes_of_elementwise_operands_agree() -> None:
    block = Block([TensorType((3,), f64), TensorType((4,), i1)])
    wide, condition = block.arguments
    Builder(block).create(arith.select, condition, wide, wide)
    Builder(block).create(func.return_, [])
    with pytest.raises(FleetErrors, match="differ in shape"):
        verify(_function(block))

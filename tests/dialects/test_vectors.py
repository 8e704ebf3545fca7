"""The dialect vector: what its operations do, against NumPy; folding and patterns keep that."""

from __future__ import annotations

import functools

import numpy as np
import pytest

import fleet.passes
from fleet.diagnostics import FleetError
from fleet.ir.interpreter import Interpreter
from fleet.ir.parsing.parser import parse_module
from fleet.ir.printing.printer import print_op
from fleet.ir.rewriting.passes import PassManager

assert fleet.passes  # registers the passes

RNG = np.random.default_rng(3)
V = RNG.normal(size=4).astype(np.float32)
M = RNG.normal(size=(2, 3)).astype(np.float32)
C = RNG.integers(-9, 9, (2, 3, 4)).astype(np.int32)
X = np.float32(2.5)


def same_shape(array: np.ndarray, place: tuple, value: object) -> np.ndarray:
    result = array.copy()
    result[place] = value
    return result


# The operation on %v: vector<4xf32>, %m: vector<2x3xf32>, %c: vector<2x3x4xi32>, %x: f32, %i: index
# (which is 1); its result's type, and what it gives.
CASES = {
    "vector.broadcast %x : f32 to vector<2x2xf32>": np.full((2, 2), X),
    "vector.broadcast %m : vector<2x3xf32> to vector<2x2x3xf32>": np.stack([M, M]),
    "vector.splat %x : vector<3xf32>": np.full(3, X),
    "vector.extractelement %v[%i : index] : vector<4xf32>": V[1],
    "vector.insertelement %x, %v[%i : index] : vector<4xf32>": same_shape(V, (1,), X),
    "vector.extract %c[1] : vector<3x4xi32> from vector<2x3x4xi32>": C[1],
    "vector.extract %c[1, %i, 2] : i32 from vector<2x3x4xi32>": C[1, 1, 2],
    "vector.insert %x, %m [%i, 2] : f32 into vector<2x3xf32>": same_shape(M, (1, 2), X),
    "vector.shape_cast %m : vector<2x3xf32> to vector<6xf32>": M.reshape(6),
    "vector.transpose %c, [2, 0, 1] : vector<2x3x4xi32> to vector<4x2x3xi32>":
        C.transpose(2, 0, 1),
    "vector.bitcast %c : vector<2x3x4xi32> to vector<2x3x8xi16>": C.view(np.int16),
    "vector.from_elements %x, %x : vector<2x1xf32>": np.full((2, 1), X),
    "vector.extract_strided_slice %c {offsets = [0, 1], sizes = [1, 2], strides = [1, 1]}"
    " : vector<2x3x4xi32> to vector<1x2x4xi32>": C[0:1, 1:3],
    "vector.insert_strided_slice %v, %w {offsets = [1, 0, 0], strides = [1]}"
    " : vector<4xf32> into vector<2x3x4xf32>": same_shape(C.astype(np.float32), (1, 0), V),
    "vector.shuffle %m, %m [3, 0, 0] : vector<2x3xf32>, vector<2x3xf32>":
        np.concatenate([M, M])[[3, 0, 0]],
    "vector.constant_mask [1, 2] : vector<2x3xi1>":
        np.array([[True, True, False], [False, False, False]]),
    "vector.create_mask %i, %n : vector<2x3xi1>":
        np.array([[True, True, False], [False, False, False]]),
    "vector.fma %v, %v, %v : vector<4xf32>":
        (V.astype(np.float64) * V + V).astype(np.float32),
    "vector.reduction <maximumf>, %v : vector<4xf32> into f32": V.max(),
    "vector.reduction <add>, %v, %x : vector<4xf32> into f32": functools.reduce(np.add, V, X),
    "vector.multi_reduction <add>, %c, %k [0, 2] : vector<2x3x4xi32> to vector<3xi32>":
        C.sum((0, 2), dtype=np.int32) + 1,
    "vector.multi_reduction <xor>, %c, %j [0, 1, 2] : vector<2x3x4xi32> to i32":
        np.bitwise_xor.reduce(C.reshape(-1)) ^ 7,
}  # fmt: skip
ARGUMENTS = (
    "%v: vector<4xf32>, %m: vector<2x3xf32>, %c: vector<2x3x4xi32>, %w: vector<2x3x4xf32>,"
    " %x: f32, %i: index, %n: index, %k: vector<3xi32>, %j: i32"
)
VALUES = [V, M, C, C.astype(np.float32), X, 1, 2, np.ones(3, np.int32), 7]


def result_type(expected: object) -> str:
    array = np.asarray(expected)
    element = {"float32": "f32", "int32": "i32", "int16": "i16", "bool": "i1"}[array.dtype.name]
    shape = "".join(f"{size}x" for size in array.shape)
    return f"vector<{shape}{element}>" if array.ndim else element


def module(form: str, expected: object):
    type = result_type(expected)
    return parse_module(f"""
      func.func @f({ARGUMENTS}) -> {type} {{
        %r = {form}
        return %r : {type}
      }}""")


@pytest.mark.parametrize("form", CASES)
def test_an_operation_gives_what_numpy_gives(form: str) -> None:
    expected = np.asarray(CASES[form])
    got = Interpreter(module(form, expected)).run("f", VALUES)[0]
    assert np.array_equal(got, expected)
    assert np.asarray(got).shape == expected.shape


CONSTANTS = """
  %v = arith.constant dense<[1.5, -2.0, 0.25, 8.0]> : vector<4xf32>
  %m = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : vector<2x3xf32>
  %c = arith.constant dense<3> : vector<2x3x4xi32>
  %w = arith.constant dense<-1.0> : vector<2x3x4xf32>
  %x = arith.constant 2.5 : f32
  %i = arith.constant 1 : index
  %n = arith.constant 2 : index
  %k = arith.constant dense<[1, 2, 3]> : vector<3xi32>
  %j = arith.constant 7 : i32
"""


@pytest.mark.parametrize("form", CASES)
def test_constants_are_folded_to_what_running_gives(form: str) -> None:
    type = result_type(CASES[form])
    text = f"func.func @f() -> {type} {{ {CONSTANTS} %r = {form} return %r : {type} }}"
    made = parse_module(text)
    before = Interpreter(made).run("f")[0]
    PassManager("canonicalize,cse").run(made)
    assert np.array_equal(Interpreter(made).run("f")[0], before)
    kept = ("[%i, 2]", "[1, %i", "constant_mask")  # subscripts that are operands stay
    if not any(text in form for text in kept):
        assert "vector." not in print_op(made)


def test_a_subscript_out_of_range_is_an_error_folded_or_not() -> None:
    text = """
      func.func @f() -> f32 {
        %v = arith.constant dense<1.0> : vector<4xf32>
        %i = arith.constant 4 : index
        %r = vector.extractelement %v[%i : index] : vector<4xf32>
        return %r : f32
      }"""
    for pipeline in ("", "canonicalize,cse"):
        made = PassManager(pipeline).run(parse_module(text))
        with pytest.raises(FleetError, match="subscript 4 of a dimension of size 4"):
            Interpreter(made).run("f")

"""Folds and patterns keep what programs compute: executed before and after, on random inputs; and
leave no more operations than mlir-opt does."""

from __future__ import annotations

import random
import re
import subprocess

import numpy as np
import pytest

import fleet.passes
from fleet.diagnostics import FleetError
from fleet.dialects import arith
from fleet.ir.interpreter import Interpreter
from fleet.ir.parsing.parser import parse_module
from fleet.ir.printing.printer import print_op
from fleet.ir.rewriting.passes import PassManager

assert fleet.passes  # registers the passes


def both(text: str, *arguments: object) -> tuple[list, list, str]:
    """What a function gives before and after canonicalisation, and what is left of it."""
    module = parse_module(text)
    before = Interpreter(module).run("f", list(arguments))
    PassManager("canonicalize,cse").run(module)
    return before, Interpreter(module).run("f", list(arguments)), print_op(module, hints=False)


def same(before: list, after: list) -> bool:
    return all(
        np.asarray(a).dtype == np.asarray(b).dtype
        and np.array_equal(np.asarray(a), np.asarray(b), equal_nan=np.asarray(a).dtype.kind == "f")
        for a, b in zip(before, after, strict=True)
    )


def operations(text: str) -> int:
    return len(re.findall(r"^\s*(?:%\S+ = )?\"?[a-z]+\.[a-z_.]+", text, re.MULTILINE))


# -- comparisons of integers that became floats


@pytest.mark.parametrize("predicate", arith.CMPF_PREDICATES)
@pytest.mark.parametrize("cast", ["sitofp", "uitofp"])
@pytest.mark.parametrize(("width", "float"), [(8, 32), (32, 64), (32, 32), (4, 32)])
def test_a_comparison_before_the_float_says_the_same(predicate, cast, width, float) -> None:
    rng = random.Random(f"{predicate}{cast}{width}")
    ends = [0, 1, (1 << width) - 1, 1 << (width - 1), (1 << (width - 1)) - 1]
    for _ in range(6):
        near = rng.choice([*ends, rng.getrandbits(width)]) - rng.choice([0, 1 << width])
        bound = rng.choice([near, near + 0.5, -near, near - 0.25, 3e4, -3e4])
        number = rng.choice([*ends, rng.getrandbits(width), int(abs(bound)) & ((1 << width) - 1)])
        number -= (number >> (width - 1)) << width
        text = f"""
          func.func @f(%x: i{width}) -> i1 {{
            %c = arith.constant {np.array(bound, f"f{float // 8}").astype(np.float64):e} : f{float}
            %0 = arith.{cast} %x : i{width} to f{float}
            %1 = arith.cmpf {predicate}, %0, %c : f{float}
            return %1 : i1
          }}"""
        before, after, left = both(text, number)
        assert before == after, (text, number)
        exact = {32: 24, 64: 53}[float] >= width - (cast == "sitofp")
        assert ("arith.cmpf" not in left) == (exact or predicate in ("true", "false"))


# -- arithmetic on constant arrays

FLOATS = ["add", "sub", "mul", "maximum", "minimum", "greater", "greater_equal", "equal"]
INTEGERS = [*FLOATS, "int_div", "bitwise_and", "bitwise_or", "bitwise_xor", "logical_left_shift",
            "logical_right_shift"]  # fmt: skip


def dense(values: np.ndarray) -> str:
    if values.ndim:
        return f"[{', '.join(map(dense, values))}]"
    return repr(float(values)) if values.dtype.kind == "f" else str(int(values))


@pytest.mark.parametrize("splat", [True, False])
@pytest.mark.parametrize(
    ("name", "element"), [(n, "f32") for n in FLOATS] + [(n, "i32") for n in INTEGERS]
)
def test_constant_arrays_are_what_running_gives(name: str, element: str, splat: bool) -> None:
    rng = np.random.default_rng([len(name), splat])
    for _ in range(3):
        shapes = (2, 3), (2, 1)
        if element == "f32":
            arrays = [rng.normal(size=shape).astype(np.float32).round(2) for shape in shapes]
        else:
            low, high = (0, 31) if "shift" in name else (-9, 9)
            arrays = [rng.integers(low, high, shape, np.int32) for shape in shapes]
        if splat:
            arrays = [np.full_like(array, array.flat[0]) for array in arrays]
        types = [f"tensor<{'x'.join(map(str, shape))}x{element}>" for shape in shapes]
        compares = name in ("greater", "greater_equal", "equal")
        out = types[0].replace(element, "i1") if compares else types[0]
        shift = " {shift = 0 : i8}" if name == "mul" else ""
        given = "\n".join(
            f'%{v} = "tosa.const"() <{{value = dense<{dense(a)}> : {t}}}> : () -> {t}'
            for v, a, t in zip("ab", arrays, types, strict=True)
        )
        text = f"""
          func.func @f() -> {out} {{
            {given}
            %r = tosa.{name} %a, %b{shift} : ({types[0]}, {types[1]}) -> {out}
            return %r : {out}
          }}"""
        before, after, left = both(text)
        assert same(before, after), text
        undefined = name == "int_div" and not arrays[1].all()
        assert (f"tosa.{name} " in left) == undefined, "an error stays"


# -- paddings, loops, transpositions

PROGRAMS = {
    "paddings of other dimensions": ("""
      func.func @f(%x: !x, %n: index, %m: index, %h: index, %w: index) -> tensor<8x7xf32> {
        %c = arith.constant 2.5 : f32
        %a = tensor.extract_slice %x[1, 0] [%n, 5] [1, 1] : !x to tensor<?x5xf32>
        %p = tensor.pad %a low[0, 0] high[%h, 0] {
        ^bb0(%i: index, %j: index):
          tensor.yield %c : f32
        } : tensor<?x5xf32> to tensor<8x5xf32>
        %b = tensor.extract_slice %p[0, 2] [8, %m] [1, 1] : tensor<8x5xf32> to tensor<8x?xf32>
        %q = tensor.pad %b low[0, 0] high[0, %w] {
        ^bb0(%i: index, %j: index):
          tensor.yield %c : f32
        } : tensor<8x?xf32> to tensor<8x7xf32>
        return %q : tensor<8x7xf32>
      }""", (4, 2, 4, 5)),
    "a padding where nothing else was put": ("""
      func.func @f(%x: !x, %n: index) -> !y {
        %c = arith.constant -0.0 : f32
        %e = tensor.empty() : !y
        %z = linalg.fill ins(%c : f32) outs(%e : !y) -> !y
        %a = tensor.insert_slice %x into %z[10, %n] [6, 5] [1, 1] : !x into !y
        %p = tensor.pad %x low[1, 2] high[2, 1] {
        ^bb0(%i: index, %j: index):
          tensor.yield %c : f32
        } : !x to tensor<9x8xf32>
        %b = tensor.insert_slice %p into %a[1, 1] [9, 8] [1, 1] : tensor<9x8xf32> into !y
        return %b : !y
      }""", (3,)),
    "a loop of one iteration": ("""
      func.func @f(%x: !x, %n: index) -> !x {
        %c4 = arith.constant 4 : index
        %r = scf.forall (%i, %j) = (1, 2) to (2, %c4) step (4, 3) shared_outs(%o = %x) -> (!x) {
          %s = tensor.extract_slice %x[%j, %i] [2, 1] [1, 1] : !x to !w
          %t = math.absf %s : !w
          scf.forall.in_parallel {
            tensor.parallel_insert_slice %t into %o[%i, %j] [2, 1] [1, 1] : !w into !x
          }
        }
        return %r : !x
      }""", (4,)),
    "a loop of which one dimension has one iteration": ("""
      func.func @f(%x: !x, %n: index) -> !x {
        %r = scf.forall (%i, %j) = (0, 2) to (%n, 3) step (1, 1) shared_outs(%o = %x) -> (!x) {
          %s = tensor.extract_slice %x[%i, %j] [1, 2] [1, 1] : !x to tensor<1x2xf32>
          scf.forall.in_parallel {
            tensor.parallel_insert_slice %s into %o[%i, 0] [1, 2] [1, 1] : tensor<1x2xf32> into !x
          }
        }
        return %r : !x
      }""", (5,)),
    "a transposition of ones": ("""
      func.func @f(%x: !x) -> !z {
        %y = tosa.reshape %x {new_shape = array<i64: 6, 1, 5, 1>} : (!x) -> tensor<6x1x5x1xf32>
        %p = "tosa.const"() <{value = dense<[1, 0, 3, 2]> : tensor<4xi32>}> : () -> tensor<4xi32>
        %r = tosa.transpose %y, %p : (tensor<6x1x5x1xf32>, tensor<4xi32>) -> !z
        return %r : !z
      }""", ()),
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS)
def test_tensors_are_the_same_after(name: str, tool) -> None:
    text, numbers = PROGRAMS[name]
    for short, shape in {"!w": "2x1", "!x": "6x5", "!y": "20x9", "!z": "1x6x1x5"}.items():
        text = text.replace(short, f"tensor<{shape}xf32>")
    array = np.random.default_rng(1).normal(size=(6, 5)).astype(np.float32)
    before, after, left = both(text, array, *numbers)
    assert same(before, after)
    assert np.array_equal(np.signbit(before[0]), np.signbit(after[0]))
    program = tool("mlir-opt-19", "mlir-opt")
    done = subprocess.run(
        [program, "-canonicalize", "-cse"], input=text, text=True, capture_output=True, check=True
    )
    assert operations(left) <= operations(done.stdout) <= operations(text)


WRONG = {
    "a subscript that may be out of range": (
        "%c = arith.constant dense<2.0> : tensor<4xf32> %n = arith.constant 2.0 : f32"
        " %r = tensor.insert %n into %c[%i] : tensor<4xf32>", (9,)),
    "a shape that may be another": (
        "%e = tensor.empty(%i) : tensor<?xf32>"
        " %r = tensor.cast %e : tensor<?xf32> to tensor<4xf32>", (9,)),
    "a padding to another shape": (
        "%n = arith.constant 2.0 : f32 %e = tensor.empty() : tensor<2xf32>"
        " %p = tensor.pad %e low[%i] high[0] {\n^bb0(%j: index):\n tensor.yield %n : f32\n}"
        " : tensor<2xf32> to tensor<?xf32> %r = tensor.cast %p : tensor<?xf32> to tensor<4xf32>",
        (9,)),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_an_error_is_one_after_folding(name: str) -> None:
    body, numbers = WRONG[name]
    text = f"func.func @f(%i: index) -> tensor<4xf32> {{ {body} return %r : tensor<4xf32> }}"
    for pipeline in ("", "canonicalize,cse"):
        module = PassManager(pipeline).run(parse_module(text))
        with pytest.raises(FleetError, match=r"shape|of an axis of size"):
            Interpreter(module).run("f", list(numbers))

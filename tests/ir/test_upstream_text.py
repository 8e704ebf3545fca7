"""MLIR's own text of MLIR's own operations, to the letter: what mlir-opt prints, we print.

Operations of values alone are drawn from their declarations; those that hold regions or branch are
in the files of forms. Together they are all that the dialects declare.
"""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from pathlib import Path

import generated_operations
import numpy as np
import pytest

import fleet.passes
from fleet.diagnostics import FleetError
from fleet.dialects import linalg
from fleet.ir.attributes import FloatAttr
from fleet.ir.core import Operation
from fleet.ir.definition import DIALECTS
from fleet.ir.number_formats import FORMATS, float_bits, float_of_bits, float_text
from fleet.ir.parsing.parser import parse_module
from fleet.ir.printing.printer import print_op
from fleet.ir.rewriting.passes import PassManager
from fleet.ir.types import FloatType, OtherFloatType, f32
from fleet.opt.examples import example_of

assert fleet.passes  # registers the passes

HERE = Path(__file__).parent
FORMS = {
    name: (HERE / f"{name}_forms.mlir").read_text()
    for name in ("arith", "control", "linalg", "vector")
}
WINDOWS = "\n".join(
    example_of(each).replace("@example", f"@e{number}")
    for number, each in enumerate((*linalg.CONVOLUTIONS, *linalg.POOLING))
)
UPSTREAM = ("arith", "math", "cf", "scf", "tensor", "tosa", "linalg", "func", "vector")
SEEDS = range(8)


def mlir(tool, text: str, *flags: str) -> str:
    """What mlir-opt prints of a text that it accepts."""
    done = subprocess.run(
        [tool("mlir-opt-19", "mlir-opt"), *flags],
        input=text, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stderr[:1500]}\n{text[:300]}"
    return done.stdout.strip()


def assert_same_text(tool, text: str) -> None:
    """MLIR reads our text and prints what we print of it, in both forms."""
    module = parse_module(text)
    for generic, flags in ((False, ()), (True, ("--mlir-print-op-generic",))):
        theirs = mlir(tool, text, *flags)
        assert print_op(module, generic=generic, hints=False).strip() == theirs


def test_every_window_prints_as_mlir_prints_it(tool) -> None:
    assert_same_text(tool, WINDOWS)


@pytest.mark.parametrize("name", FORMS)
def test_every_form_prints_as_mlir_prints_it(tool, name: str) -> None:
    assert_same_text(tool, FORMS[name])


@pytest.mark.parametrize("seed", SEEDS)
def test_operations_drawn_from_their_declarations_print_as_mlir_prints_them(tool, seed) -> None:
    module, names = generated_operations.module(seed)
    assert len(names) > 25
    text = print_op(module)
    assert print_op(parse_module(text)) == text
    assert_same_text(tool, text)
    assert_same_text(tool, print_op(module, generic=True))


def test_every_upstream_operation_has_a_form_that_is_compared() -> None:
    written = {
        operation.name
        for text in (*FORMS.values(), WINDOWS, (HERE / "every_form.mlir").read_text())
        for operation in parse_module(text, resources={"a.b.c": np.ones((4, 4), "f4")}).walk()
    }
    drawn = {definition.name for definition in generated_operations.drawn_definitions()}
    declared = {
        definition.name for dialect in UPSTREAM for definition in DIALECTS[dialect].ops.values()
    }
    assert declared <= written | drawn
    assert len(DIALECTS["arith"].ops) == 49
    assert len(DIALECTS["math"].ops) == 39


# -- numbers

SMALL = [type for type in FORMATS if isinstance(type, OtherFloatType)]


@pytest.mark.parametrize("type", FORMATS, ids=str)
def test_numbers_are_spelled_as_mlir_spells_them(tool, type) -> None:
    rng = np.random.default_rng(5)
    numbers = [0.0, -0.0, 1.0, 0.1, 448.0, -57344.0, 65504.0, 1e16, 123456.7, np.inf, -np.inf]
    numbers += list(rng.standard_normal(60) * 10.0 ** rng.integers(-12, 12, 60))
    made = [FloatAttr(float(number), type) for number in numbers]
    lines = "\n".join(f"%{i} = arith.constant {float_text(a.value, type)} : {type}"
                      for i, a in enumerate(made))  # fmt: skip
    printed = re.findall(r"constant (\S+) :", mlir(tool, lines))
    assert printed == [float_text(attr.value, type) for attr in made]
    again = list(parse_module(lines).body)
    assert [op.attributes["value"] for op in again] == made


@pytest.mark.parametrize("type", SMALL, ids=str)
def test_all_bits_of_a_small_format_are_a_number_and_back(type: OtherFloatType) -> None:
    for bits in range(1 << min(type.width, 16)):
        value = float_of_bits(bits, type)
        if not np.isnan(value):
            assert float_bits(value, type) == bits
            assert FORMATS[type].round(value) == value


def test_bf16_is_the_upper_half_of_f32_rounded_to_even() -> None:
    bf16 = OtherFloatType("bf16")
    rng = np.random.default_rng(6)
    for bits in rng.integers(0, 1 << 32, 5000).tolist():
        value = struct.unpack("<f", struct.pack("<I", bits))[0]
        if not np.isfinite(value):
            continue
        upper, lower = bits >> 16, bits & 0xFFFF
        up = lower > 0x8000 or (lower == 0x8000 and upper & 1)
        assert float_bits(FloatAttr(value, bf16).value, bf16) == upper + up
        assert float_bits(value, f32) == bits


@pytest.mark.parametrize("type", [FloatType(16), FloatType(32), FloatType(64)])
def test_the_formats_agree_with_numpy(type: FloatType) -> None:
    rng = np.random.default_rng(7)
    dtype = np.dtype(f"f{type.width // 8}")
    for number in rng.standard_normal(3000) * 10.0 ** rng.integers(-9, 9, 3000):
        with np.errstate(over="ignore"):
            expected = dtype.type(number)
        assert FORMATS[type].round(float(number)) == expected
        assert FORMATS[type].bits(float(expected)) == int(expected.view(f"u{dtype.itemsize}"))


# -- what others write


def canonical(text: str) -> str:
    return print_op(PassManager("canonicalize,cse").run(parse_module(text)), hints=False)


KEPT = [
    "func.func @f(%a: bf16) -> bf16 { return %a : bf16 }",
    "func.func @f(%a: f32) -> f32 {\n  %r = arith.addf %a, %a fastmath<fast> : f32\n"
    "  return %r : f32\n}",
    "func.func @f(%a: i64) -> index {\n"
    "  %0 = builtin.unrealized_conversion_cast %a : i64 to index\n  return %0 : index\n}",
    "func.func @f() attributes {note = @elsewhere} {\n  return\n}",
    """func.func @f(%t: tensor<?x?x?x7x?xf32>) -> index {
      %c5 = arith.constant 5 : index
      %0 = tensor.collapse_shape %t [[0], [1, 2, 3, 4]]
        : tensor<?x?x?x7x?xf32> into tensor<?x?xf32>
      %1 = tensor.dim %0, %c5 : tensor<?x?xf32>
      return %1 : index
    }""",
    """func.func @f(%x: index) -> index {
      %c = arith.constant -1 : index
      %t = tensor.from_elements %x : tensor<1xindex>
      %r = tensor.extract %t[%c] : tensor<1xindex>
      return %r : index
    }""",
    """func.func @f(%x: i32) -> i32 {
      %c = arith.constant 0 : i32
      %t = arith.divsi %x, %c : i32
      return %t : i32
    }""",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_others_write_is_read_and_simplification_hides_no_error(tool, text: str) -> None:
    assert_same_text(tool, text)
    assert canonical(text) == print_op(parse_module(text), hints=False)


LEFT_OUT = [
    ("func.func @f(%a: memref<4x8xf32>, %b: memref<8x3xf32>, %o: memref<4x3xf32>) {\n"
     "  linalg.matmul ins(%a, %b : memref<4x8xf32>, memref<8x3xf32>) outs(%o : memref<4x3xf32>)\n"
     "  return\n}", 2, "memrefs are not supported"),
    ("\nfunc.func @f(%a: tensor<*xf32>) { return }", 2, "without a rank are not supported"),
    ("func.func @f(%a: complex<f16>) { return }", 1, "complex numbers of f16 are not supported"),
    ("func.func @f(%a: memref<4xf32>, %i: index) {\n  %0 = memref.load %a[%i] : memref<4xf32>\n"
     "  return\n}", 2, "there is no operation 'memref.load'"),
    ("%0 = arith.constant 1.0 : f128", 1, "constants of f128 are not supported"),
    ("%0 = arith.constant 1 : i32\n%1 = arith.addi %0, %0 overflow<nsv> : i32", 2, "no 'nsv'"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "message"), LEFT_OUT)
def test_what_is_left_out_says_so_in_one_error(text: str, line: int, message: str) -> None:
    with pytest.raises(FleetError) as caught:
        parse_module(text, "other.mlir")
    assert message in caught.value.message
    assert caught.value.location.line == line
    assert len(getattr(caught.value, "errors", [caught.value])) == 1
    assert "^" in caught.value.render()


_MAY_NOT_END = ("scf.while", "scf.condition", "scf.yield")
"""MLIR drops a loop whose results nobody uses though it may never end; here it stays."""


def _names(module: Operation) -> list[str]:
    return [op.name for op in module.walk() if op.name not in _MAY_NOT_END]


@pytest.mark.parametrize("name", FORMS)
def test_forms_simplify_as_far_as_mlir_simplifies_them(tool, name: str) -> None:
    theirs = mlir(tool, FORMS[name], "-canonicalize", "-cse", "--mlir-print-op-generic")
    ours = PassManager("canonicalize,cse").run(parse_module(FORMS[name]))
    assert len(_names(ours)) <= len(_names(parse_module(theirs)))


def test_the_tool_that_measures_foreign_text_counts_ours_as_read_and_printed(tool) -> None:
    tool("mlir-opt-19", "mlir-opt")
    root = HERE.parent.parent
    done = subprocess.run(
        [sys.executable, str(root / "benchmarks" / "foreign_mlir.py"), "--jobs", "1",
         *(str(HERE / f"{name}_forms.mlir") for name in FORMS)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    counts = re.findall(r"^(parse|custom|generic) +(\d+) of +(\d+)", done.stdout, re.MULTILINE)
    many = str(len(FORMS))
    assert counts == [(kind, many, many) for kind in ("parse", "custom", "generic")]

"""The text of the IR: what is printed reads back, here and in MLIR; what is wrong is pointed at."""

from __future__ import annotations

import io
import math
import random
import re
import subprocess
from pathlib import Path

import generated_ir
import numpy as np
import pytest

import fleet.passes
from fleet.diagnostics import FleetError, Frame, Location, ProgramError, ProgramExit
from fleet.dialects import arith, builtin, func
from fleet.host import Host
from fleet.ir.attributes import DenseAttr, DictAttr, FloatAttr, StringAttr, attribute
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region
from fleet.ir.interpreter import Interpreter
from fleet.ir.parsing.dumps import load, save
from fleet.ir.parsing.parser import parse_module
from fleet.ir.printing.printer import print_op
from fleet.ir.printing.resources import ResourceFile
from fleet.ir.printing.spelling import attribute_text
from fleet.ir.rewriting.passes import PassManager
from fleet.ir.structure import same_structure
from fleet.ir.types import FloatType, FunctionType, f16, f32, f64

assert fleet.passes  # registers the passes

EXAMPLE = (Path(__file__).parent / "every_form.mlir").read_text()
NUMPY_EXAMPLE = (Path(__file__).parent / "numpy_forms.mlir").read_text()


@pytest.mark.parametrize("seed", range(30))
def test_what_is_printed_reads_back_to_the_same_text(seed: int) -> None:
    module = generated_ir.module(seed)
    pretty, generic = print_op(module), print_op(module, generic=True)
    assert print_op(parse_module(pretty)) == pretty
    assert print_op(parse_module(generic)) == pretty
    assert print_op(parse_module(pretty), generic=True) == generic
    assert same_structure(parse_module(generic), module)


def _through_mlir(mlir_opt: str, text: str, *flags: str) -> Operation:
    done = subprocess.run(
        [mlir_opt, "--allow-unregistered-dialect", *flags],
        input=text, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[:2000]
    return parse_module(done.stdout, "mlir-opt's output")


@pytest.mark.parametrize("flag", ["--mlir-print-op-generic", "--mlir-print-debuginfo"])
@pytest.mark.parametrize("generic", [False, True])
@pytest.mark.parametrize("example", [EXAMPLE, NUMPY_EXAMPLE], ids=["upstream", "numpy"])
def test_mlir_reads_every_form_and_we_read_what_mlir_prints(tool, example, generic, flag) -> None:
    module = parse_module(example)
    text = print_op(module, generic=generic)
    assert same_structure(_through_mlir(tool("mlir-opt-19", "mlir-opt"), text, flag), module)


@pytest.mark.parametrize("seed", range(12))
def test_mlir_reads_generated_modules_back_to_the_same_structure(tool, seed: int) -> None:
    module = generated_ir.module(1000 + seed)
    mlir_opt = tool("mlir-opt-19", "mlir-opt")
    assert same_structure(_through_mlir(mlir_opt, print_op(module)), module)
    text = print_op(module, generic=True, locations=True)
    assert same_structure(_through_mlir(mlir_opt, text, "--mlir-print-op-generic"), module)


@pytest.mark.parametrize("example", [EXAMPLE, NUMPY_EXAMPLE], ids=["upstream", "numpy"])
def test_every_form_of_the_example_reads_back(example: str) -> None:
    text = print_op(parse_module(example))
    assert print_op(parse_module(text)) == text


def _constants(*arrays: DenseAttr) -> Operation:
    module = builtin.module(regions=[Region([Block()])])
    for array in arrays:
        Builder(module.body).create(arith.constant, value=array)
    return module


def test_large_constants_read_back_from_the_trailer() -> None:
    weights = np.random.default_rng(1).standard_normal((20, 30)).astype(np.float32)
    text = print_op(_constants(DenseAttr.of(weights, "gpt2.npz:blocks.0.w"), DenseAttr.of(weights)))
    first, second = parse_module(text)
    for operation in (first, second):
        np.testing.assert_array_equal(operation.get("value"), weights)
    assert first.attributes["value"].key == "gpt2.npz_blocks.0.w"


def test_dumps_share_one_file_of_constants_and_write_each_once(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    weights, others = rng.standard_normal((2, 50, 50))
    side = ResourceFile(tmp_path / "constants.npz")
    save(_constants(DenseAttr.of(weights, "w")), tmp_path / "1.mlir", side)
    save(_constants(DenseAttr.of(others, "w"), DenseAttr.of(weights.copy(), "again")),
         tmp_path / "2.mlir", side)  # fmt: skip
    assert len(np.load(side.path)) == 2
    (first,) = load(tmp_path / "1.mlir")
    np.testing.assert_array_equal(first.get("value"), weights)
    second, third = load(tmp_path / "2.mlir")
    np.testing.assert_array_equal(second.get("value"), others)
    np.testing.assert_array_equal(third.get("value"), weights)


def test_a_dump_finds_the_constants_beside_it(tmp_path: Path) -> None:
    weights = np.arange(1000)
    save(_constants(DenseAttr.of(weights, "w")), tmp_path / "a.mlir")
    np.testing.assert_array_equal(next(iter(load(tmp_path / "a.mlir"))).get("value"), weights)


def test_a_constant_without_bytes_is_an_error_that_says_what_is_missing() -> None:
    text = print_op(_constants(DenseAttr.of(np.arange(100), "w")), trailer=False)
    with pytest.raises(FleetError, match="'w' is nowhere") as caught:
        parse_module(text)
    assert ".npz" in caught.value.hint


@pytest.mark.parametrize("type", [f16, f32, f64])
def test_floats_are_spelled_so_that_they_read_back_to_the_bit(type: FloatType) -> None:
    rng = random.Random(0)
    numbers = [0.0, -0.0, 1.0, 0.1, 1e16, 1e-5, 65504.0, math.inf, -math.inf, math.nan, 5e-324]
    numbers += [rng.uniform(-1, 1) * 10.0 ** rng.randrange(-45, 38) for _ in range(300)]
    module = builtin.module(regions=[Region([Block()])])
    for number in numbers:
        Builder(module.body).create(arith.constant, value=FloatAttr(number, type))
    for before, after in zip(module, parse_module(print_op(module)), strict=True):
        assert before.attributes == after.attributes


@pytest.mark.parametrize("text", ["", 'a"b\\c', "tab\tnew\nline", "ünï ☃", "\x00\x7f", "\udc80"])
def test_strings_read_back(text: str) -> None:
    module = builtin.module(
        regions=[Region([Block()])], note=StringAttr(text), **{"a key": attribute(1)}
    )
    again = parse_module(print_op(module))
    assert again.attributes == module.attributes


@pytest.mark.parametrize(
    "text",
    [
        "unit", "true", "-3 : i8", "255 : ui8", '"x"', "@f", '@"a b"', "[1, 2.500000e+00, [\"y\"]]",
        "{a, b = 1 : index}", "array<i64: 1, -2>", "array<i1: true, false>", "array<i32>",
        "affine_map<(d0, d1)[s0] -> (d0 + d1 * 2, (d0 + s0) floordiv 3, d1 mod 4)>",
        "#linalg.iterator_type<parallel>", "dense<> : tensor<0x3xf32>",
        "dense<[[1, 2], [3, 4]]> : tensor<2x2xui8>", "dense<true> : tensor<7xi1>",
        "tensor<?x4xf32>", "memref<?x?xf32, strided<[?, 1], offset: ?>>",
        "vector<[8]xf32>", "(f32, index) -> (i1, none)", "!rv.reg<a0>", "() -> ()",
    ],
)  # fmt: skip
def test_attributes_and_types_read_back(text: str) -> None:
    module = parse_module(f"module attributes {{a = {text}}} {{}}", check=False)
    assert attribute_text(module.attributes["a"]) == text


def test_locations_and_calls_read_back() -> None:
    outer = Frame("main")
    place = Location("model.py", 7, 3, frame=outer)
    calls = [Frame("gelu", place), Frame("gelu", place)]
    module = builtin.module(regions=[Region([Block()])])
    for frame in (*calls, calls[0]):
        Builder(module.body, location=Location("model.py", 3, 8, frame=frame)).constant(1)
    text = print_op(module, locations=True)
    again = parse_module(text)
    frames = [operation.location.frame for operation in again]
    assert frames[0] is frames[2]
    assert frames[0] is not frames[1], "two calls from one line are two frames"
    assert str(again.body.first.location) == "model.py:3:9"
    assert [name for _, name in again.body.first.location.callers()] == ["main", "gelu"]
    assert print_op(again, locations=True) == text


def test_names_of_the_users_program_are_kept_and_made_unique() -> None:
    type = FunctionType((f32,), (f32,))
    block = Block([f32])
    block.arguments[0].hint = "x"
    body = Builder(block)
    total = body.value(arith.addf, block.arguments[0], block.arguments[0])
    total.hint = "x"
    body.create(func.return_, [total])
    module = builtin.module(regions=[Region([Block()])])
    Builder(module.body).create(
        func.func, regions=[Region([block])], sym_name="f", function_type=type
    )
    assert "%x_0 = arith.addf %x, %x : f32" in print_op(module)


def test_a_malformed_operation_is_printed_in_the_generic_form() -> None:
    broken = Operation("arith.addf", definition=arith.addf)
    text = '"arith.addf"() <{fastmath = #arith.fastmath<none>}> : () -> ()\n'
    assert print_op(broken) == text


BAD = [
    ("func.func @f() {\n  %0 = arith.addf %x, %x : f32\n}", 2, "%x is not defined"),
    ("func.func @f(%x: f32) {\n  %x = arith.constant 1 : i64\n}", 2, "%x is defined already"),
    ("func.func @f(%x: f32) {\n  %0 = arith.addf %x, %x : f64\n}", 2, "has type f32, not f64"),
    ("arith.frob", 1, "there is no operation 'arith.frob'"),
    ("%0 = arith.constant 300 : i8", 1, "300 does not fit i8"),
    ("%0 = arith.constant 1 : f32", 1, "number with a point"),
    ("%0 = arith.constant dense<[1, [2]]> : tensor<2xi64>", 1, "different lengths"),
    ("%0 = arith.constant dense<[1, 2]> : tensor<3xi64>", 1, "shape (2,)"),
    ('%0 = arith.constant dense<"0x00"> : tensor<3xi64>', 1, "1 bytes do not make"),
    ("%0:2 = arith.constant 1 : i64", 1, "1 results, 2 are named"),
    ("module {", 1, "end of the text"),
    ("module {}}", 1, "expected an operation"),
    ("func.func @f(f32) {\nreturn }", 1, "the arguments of a function with a body need names"),
    ('"a.b"(%0) : () -> ()', 1, "1 operands but 0 types"),
    ('"a.b"() [^bb1] : () -> ()', 1, None),
    ('"a.b"() ({ "c.d"()[^bb7] : () -> () }) : () -> ()', 1, "^bb7 is not defined"),
    ("%0 = arith.cmpi lt, %a, %b : i64", 1, "no predicate 'lt'"),
    ('"x\\q"() : () -> ()', 1, "unknown escape"),
    ("\n\n  ?", 3, "expected an operation"),
    ("§", 1, "cannot read"),
]


@pytest.mark.parametrize(("text", "line", "message"), BAD)
def test_malformed_text_is_pointed_at(text: str, line: int, message: str | None) -> None:
    with pytest.raises(FleetError) as caught:
        parse_module(text, "bad.mlir")
    if message is not None:
        assert message in caught.value.message
        assert caught.value.location.line == line
        assert "^" in caught.value.render()


ARGUMENTS = [
    np.ones((2, 4), np.float32),
    np.ones((3, 4), np.float32),
    np.array([0, -1]),
    2,
    5,
    True,
]


def damaged(rng: random.Random, text: str) -> str:
    """The text with a few of its pieces lost, repeated or exchanged."""
    pieces = re.findall(r"\s+|[\w$.%#^@!\"]+|.", text)
    for _ in range(rng.choice([1, 1, 2, 3])):
        place = rng.randrange(len(pieces))
        match rng.randrange(7):
            case 0:
                del pieces[place : place + rng.choice([1, 1, 5])]
            case 1:
                pieces[place] = rng.choice(pieces)
            case 2:
                pieces.insert(place, rng.choice(pieces))
            case 3:
                pieces[place] = rng.choice('%#^@!"<>(){}[]-:=,x0?*') + pieces[place]
            case 4:
                pieces[place] = str(rng.randrange(-3, 9))
            case _:  # plausible: something of the same kind
                alike = [p for p in pieces if p[:1] == pieces[place][:1]]
                pieces[place] = rng.choice(alike)
        if not pieces:
            break
    return "".join(pieces)


@pytest.mark.parametrize("seed", range(8))
def test_damaged_text_is_refused_or_runs_but_never_breaks_us(seed: int) -> None:
    rng = random.Random(seed)
    module = parse_module(EXAMPLE)
    texts = [
        EXAMPLE, print_op(module, generic=True), print_op(module, locations=True), NUMPY_EXAMPLE,
    ]  # fmt: skip
    for _ in range(40):
        text = rng.choice(texts)
        try:
            survivor = parse_module(damaged(rng, text))
        except FleetError as error:
            assert error.render()
            continue
        printed = print_op(survivor)
        assert print_op(parse_module(printed)) == printed
        try:
            PassManager("canonicalize,cse,dce").run(survivor)
            if text is NUMPY_EXAMPLE:
                Interpreter(survivor, Host(["f"], io.StringIO())).run("main", ARGUMENTS)
        except (FleetError, ProgramError, ProgramExit):
            pass


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(FleetError, match="nested too deeply"):
        parse_module("module attributes {a = " + "[" * 100_000 + "} {}")


def test_dictionaries_keep_their_order() -> None:
    module = parse_module("module attributes {b = 1, a = {z, y = 2}} {}")
    assert list(module.attributes) == ["b", "a"]
    assert isinstance(module.attributes["a"], DictAttr)

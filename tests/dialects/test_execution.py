"""What operations do: integers against Python's own, floats and arrays against NumPy."""

from __future__ import annotations

import io
import itertools
import math
from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
import pytest

from fleet.diagnostics import FleetError, ProgramError, ProgramExit
from fleet.dialects import arith
from fleet.dialects import math as math_dialect
from fleet.dialects.arith.execution import BINARY, COMPARE, fma
from fleet.dialects.linalg import execution as linalg_execution
from fleet.host import Host
from fleet.ir.interpreter import Interpreter
from fleet.ir.parsing.parser import parse_module


def run(text: str, *arguments: object, host: Host | None = None) -> list[object]:
    """The results of `@f` in a module's text."""
    return Interpreter(parse_module(text), host).run("f", arguments)


def elementwise(name: str, types: Sequence[str], result: str) -> str:
    """A function that applies one operation in the generic form."""
    arguments = ", ".join(f"%{i}: {type}" for i, type in enumerate(types))
    values = ", ".join(f"%{i}" for i in range(len(types)))
    return f"""
      func.func @f({arguments}) -> {result} {{
        %r = "{name}"({values}) : ({", ".join(types)}) -> {result}
        return %r : {result}
      }}"""


# -- integers


def _truncate(a: int, b: int) -> int:
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


SIGNED: dict[str, Callable[[int, int], int]] = {
    "addi": lambda a, b: a + b,
    "subi": lambda a, b: a - b,
    "muli": lambda a, b: a * b,
    "divsi": lambda a, b: _truncate(a, b) if b else -1,
    "remsi": lambda a, b: a - _truncate(a, b) * b if b else a,
    "floordivsi": lambda a, b: a // b if b else -1,
    "ceildivsi": lambda a, b: -(-a // b) if b else -1,
    "andi": lambda a, b: a & b,
    "ori": lambda a, b: a | b,
    "xori": lambda a, b: a ^ b,
    "maxsi": max,
    "minsi": min,
    "shli": lambda a, b: a << b if 0 <= b < 8 else 0,
    "shrsi": lambda a, b: a >> b if 0 <= b < 8 else (-1 if a < 0 else 0),
}
UNSIGNED: dict[str, Callable[[int, int], int]] = {
    "divui": lambda a, b: a // b if b else 255,
    "ceildivui": lambda a, b: -(-a // b) if b else 255,
    "remui": lambda a, b: a % b if b else a,
    "maxui": max,
    "minui": min,
    "shrui": lambda a, b: a >> b if b < 8 else 0,
}
COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
}

ALL = np.arange(-128, 128).astype(np.int8)
LEFT, RIGHT = (grid.astype(np.int8) for grid in np.meshgrid(ALL, ALL, indexing="ij"))
PAIRS = list(zip(LEFT.ravel().tolist(), RIGHT.ravel().tolist(), strict=True))


def test_every_integer_operation_has_a_reference() -> None:
    declared = {name for name in BINARY if name.endswith(("i", "si", "ui"))}
    assert declared == {*SIGNED, *UNSIGNED}


@pytest.mark.parametrize("name", SIGNED)
def test_signed_operations_on_all_pairs_of_bytes(name: str) -> None:
    expected = np.array([SIGNED[name](a, b) & 0xFF for a, b in PAIRS], np.uint8).view(np.int8)
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(BINARY[name](LEFT, RIGHT).ravel(), expected)


@pytest.mark.parametrize("name", UNSIGNED)
def test_unsigned_operations_on_all_pairs_of_bytes(name: str) -> None:
    pairs = [(a & 0xFF, b & 0xFF) for a, b in PAIRS]
    expected = np.array([UNSIGNED[name](a, b) for a, b in pairs], np.uint8).view(np.int8)
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(BINARY[name](LEFT, RIGHT).ravel(), expected)


@pytest.mark.parametrize("predicate", arith.CMPI_PREDICATES)
def test_comparisons_on_all_pairs_of_bytes(predicate: str) -> None:
    mask = 0xFF if predicate.startswith("u") else -1
    compare = COMPARISONS[predicate if len(predicate) == 2 else predicate[1:]]
    expected = [compare(a & mask, b & mask) for a, b in PAIRS]
    np.testing.assert_array_equal(COMPARE[predicate](LEFT, RIGHT).ravel(), expected)


@pytest.mark.parametrize("name", ["addi", "subi", "muli", "shli"])
def test_scalars_wrap_at_their_width(name: str) -> None:
    text = elementwise(f"arith.{name}", ["i64", "i64"], "i64")
    for a, b in itertools.product([2**63 - 1, -(2**63), 3, -1], [1, 2, 5]):
        wide = SIGNED[name](a, b) if name != "shli" else a << b
        assert run(text, a, b) == [(wide + 2**63) % 2**64 - 2**63]


def test_of_i1_true_is_minus_one_where_signs_matter() -> None:
    assert run(elementwise("arith.extsi", ["i1"], "i64"), True) == [-1]
    assert run(elementwise("arith.extui", ["i1"], "i64"), True) == [1]
    assert run(elementwise("arith.sitofp", ["i1"], "f64"), True) == [-1.0]
    assert run(elementwise("arith.addi", ["i1", "i1"], "i1"), True, True) == [False]
    assert run(elementwise("arith.trunci", ["i64"], "i1"), 2) == [False]


# -- floats


@pytest.mark.parametrize("predicate", arith.CMPF_PREDICATES)
def test_float_comparisons_say_what_they_mean_of_nan(predicate: str) -> None:
    numbers = [0.0, -0.0, 1.0, -1.5, math.inf, math.nan]
    text = f"""
      func.func @f(%a: f64, %b: f64) -> i1 {{
        %r = arith.cmpf {predicate}, %a, %b : f64
        return %r : i1
      }}"""
    for a, b in itertools.product(numbers, numbers):
        unordered = math.isnan(a) or math.isnan(b)
        match predicate:
            case "true" | "false":
                expected = predicate == "true"
            case "ord" | "uno":
                expected = unordered == (predicate == "uno")
            case _:
                held = COMPARISONS[predicate[1:]](a, b)
                expected = predicate[0] == "u" if unordered else held
        assert run(text, a, b) == [expected], (a, b)


def test_f32_is_computed_in_f32() -> None:
    (result,) = run(
        elementwise("arith.addf", ["f32", "f32"], "f32"), np.float32(1), np.float32(1e-9)
    )
    assert type(result) is np.float32
    assert result == np.float32(1)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_fma_rounds_once(dtype: type) -> None:
    rng = np.random.default_rng(0)
    for _ in range(2000):
        scale = dtype(2.0) ** rng.integers(-30, 30, 3)
        a, b, c = (rng.standard_normal(3).astype(dtype) * scale).astype(dtype)
        if rng.random() < 0.5:
            c = dtype(-(a * b)) + dtype(2.0) ** -int(rng.integers(20, 60)) * c
        got = fma(np.asarray(a), np.asarray(b), np.asarray(c))
        exact = Fraction(float(a)) * Fraction(float(b)) + Fraction(float(c))
        below, above = (np.nextafter(got, dtype(s)) for s in (-np.inf, np.inf))
        error = abs(Fraction(float(got)) - exact)
        assert error <= abs(Fraction(float(below)) - exact)
        assert error <= abs(Fraction(float(above)) - exact)


BITS: dict[str, Callable[[int], int]] = {
    "ctpop": lambda n: bin(n & 0xFFFF).count("1"),
    "ctlz": lambda n: 16 - (n & 0xFFFF).bit_length(),
    "cttz": lambda n: len(bin(n & 0xFFFF | 1 << 16)) - 1 - bin(n & 0xFFFF | 1 << 16).rindex("1"),
    "absi": abs,
}


@pytest.mark.parametrize("name", BITS)
def test_functions_of_bits_are_pythons(name: str) -> None:
    numbers = np.arange(-(2**15) + 1, 2**15, dtype=np.int16)
    type = f"tensor<{numbers.size}xi16>"
    (got,) = run(elementwise(f"math.{name}", [type], type), numbers)
    np.testing.assert_array_equal(got, [BITS[name](n) for n in numbers.tolist()])


INTEGER_MATH = {"ipowi", *BITS}


@pytest.mark.parametrize("name", [n for n in math_dialect.MATH.ops if n not in INTEGER_MATH])
def test_elementary_functions_are_numpys(name: str) -> None:
    x = np.random.default_rng(1).uniform(0.1, 0.9, (3, 4))
    x = x + 1 if name == "acosh" else x
    if name == "fpowi":
        text = elementwise("math.fpowi", ["tensor<3x4xf64>", "tensor<3x4xi32>"], "tensor<3x4xf64>")
        powers = np.arange(-6, 6, dtype=np.int32).reshape(3, 4)
        np.testing.assert_allclose(run(text, x, powers)[0], x ** powers.astype(float), rtol=1e-15)
        return
    count = len(math_dialect.MATH.ops[name].operands)
    text = elementwise(f"math.{name}", ["tensor<3x4xf64>"] * count, "tensor<3x4xf64>")
    own = {
        "absf": np.abs, "powf": np.power, "roundeven": np.rint, "fma": lambda a, b, c: a * b + c,
        "erf": np.vectorize(math.erf), "rsqrt": lambda a: 1 / np.sqrt(a), "round": np.rint,
        **{name: getattr(np, name.replace("a", "arc", 1)) for name in (
            "asin", "acos", "atan", "asinh", "acosh", "atanh", "atan2",
        )},
    }  # fmt: skip
    expected = own[name](*[x] * count) if name in own else getattr(np, name)(*[x] * count)
    np.testing.assert_allclose(run(text, *[x] * count)[0], expected, rtol=1e-15)


# -- tensors


def test_reading_what_was_never_written_shows() -> None:
    text = """
      func.func @f() -> tensor<3xf32> {
        %0 = tensor.empty() : tensor<3xf32>
        return %0 : tensor<3xf32>
      }"""
    assert np.isnan(run(text)[0]).all()


def test_slices_drop_the_dimensions_that_their_type_drops() -> None:
    text = """
      func.func @f(%a: tensor<4x6x2xf64>, %i: index) -> tensor<3x2xf64> {
        %0 = tensor.extract_slice %a[%i, 1, 0] [1, 3, 2] [1, 2, 1]
             : tensor<4x6x2xf64> to tensor<3x2xf64>
        return %0 : tensor<3x2xf64>
      }"""
    a = np.random.default_rng(2).standard_normal((4, 6, 2))
    np.testing.assert_array_equal(run(text, a, 2)[0], a[2, 1:6:2])


def test_slices_beyond_the_end_are_errors_and_name_the_operation() -> None:
    text = """
      func.func @f(%a: tensor<?xf64>, %n: index) -> tensor<?xf64> {
        %0 = tensor.extract_slice %a[0] [%n] [1] : tensor<?xf64> to tensor<?xf64>
        return %0 : tensor<?xf64>
      }"""
    with pytest.raises(FleetError, match=r"'tensor.extract_slice' failed: IndexError") as caught:
        run(text, np.zeros(3), 4)
    assert caught.value.location.line == 3


# -- linalg: the ways to run one operation agree

SPACES = [
    # maps of inputs, of the output, iterators, shapes of inputs, of the output
    (["(d0, d1) -> (d1, d0)"], "(d0, d1) -> (d0, d1)", "pp", [(3, 2)], (2, 3)),
    (["(d0, d1) -> (d0, d1)"], "(d0, d1) -> (d0)", "pr", [(3, 4)], (3,)),
    (["(d0, d1) -> (d0, d1)"], "(d0, d1) -> (d0, 0)", "pr", [(3, 4)], (3, 1)),
    (["(d0, d1) -> (d0, d1)"], "(d0, d1) -> ()", "rr", [(3, 4)], ()),
    (["(d0, d1) -> (d0)"], "(d0, d1) -> (d1, d0)", "pp", [(3,)], (4, 3)),
    (["(d0, d1) -> (d0 + d1)", "(d0, d1) -> (d1)"], "(d0, d1) -> (d0)", "pr", [(6,), (3,)], (4,)),
    (["(d0, d1) -> (d0 * 2 + 1)", "(d0, d1) -> (d1)"], "(d0, d1) -> (d0, d1)", "pp",
     [(8,), (3,)], (4, 3)),
    (["(d0, d1, d2) -> (d0, d2)", "(d0, d1, d2) -> (d2, d1)"], "(d0, d1, d2) -> (d0, d1)", "ppr",
     [(3, 5), (5, 4)], (3, 4)),
    (["(d0, d1, d2) -> (d2, d1)", "(d0, d1, d2) -> (d0, d2)"], "(d0, d1, d2) -> (d1, d0)", "ppr",
     [(5, 4), (3, 5)], (4, 3)),
]  # fmt: skip
BODIES = [
    "%p = arith.mulf %x0, %xl : f64\n%r = arith.addf %out, %p : f64",
    "%p = math.exp %x0 : f64\n%q = arith.subf %p, %xl : f64\n%r = arith.maximumf %q, %out : f64",
    "%p = arith.mulf %out, %x0 : f64\n%r = arith.subf %p, %xl : f64",
    "%i = linalg.index 0 : index\n%j = arith.index_cast %i : index to i64\n"
    "%k = arith.sitofp %j : i64 to f64\n%p = arith.mulf %k, %x0 : f64\n"
    "%r = arith.addf %p, %out : f64",
    "%c = arith.cmpf olt, %x0, %xl : f64\n%r = scf.if %c -> (f64) { scf.yield %x0 : f64 }"
    " else { %s = arith.addf %out, %xl : f64 scf.yield %s : f64 }",
]


def _tensor(shape: Sequence[int]) -> str:
    return f"tensor<{''.join(f'{n}x' for n in shape)}f64>"


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("space", SPACES)
def test_generics_compute_what_plain_loops_compute(space, body: str, monkeypatch) -> None:
    maps, output, iterators, shapes, out_shape = space
    listed = ", ".join(f"affine_map<{m}>" for m in (*maps, output))
    kinds = ", ".join('"parallel"' if c == "p" else '"reduction"' for c in iterators)
    types = [_tensor(s) for s in shapes]
    names = [f"%a{i}" for i in range(len(shapes))]
    arguments = ", ".join(f"{n}: {t}" for n, t in zip(names, types, strict=True))
    elements = ", ".join(f"%x{i}: f64" for i in range(len(shapes)))
    text = f"""
      func.func @f({arguments}, %o: {_tensor(out_shape)}) -> {_tensor(out_shape)} {{
        %0 = linalg.generic {{indexing_maps = [{listed}], iterator_types = [{kinds}]}}
            ins({", ".join(names)} : {", ".join(types)}) outs(%o : {_tensor(out_shape)}) {{
        ^bb0({elements}, %out: f64):
          {body.replace("%xl", f"%x{len(shapes) - 1}")}
          linalg.yield %r : f64
        }} -> {_tensor(out_shape)}
        return %0 : {_tensor(out_shape)}
      }}"""
    rng = np.random.default_rng(3)
    values = [rng.standard_normal(shape) for shape in (*shapes, out_shape)]
    (fast,) = run(text, *values)

    monkeypatch.setattr(linalg_execution, "_contraction", lambda space, outputs: False)
    monkeypatch.setattr(linalg_execution, "_combiners", lambda block, inputs: None)
    monkeypatch.setattr(linalg_execution, "_step_by_step", linalg_execution._point_by_point)
    (slow,) = run(text, *values)
    np.testing.assert_allclose(fast, slow, rtol=1e-12)


def test_an_empty_space_leaves_the_output_as_it_was() -> None:
    text = """
      func.func @f(%a: tensor<?x3xf64>, %o: tensor<3xf64>) -> tensor<3xf64> {
        %0 = linalg.generic {
            indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0)>],
            iterator_types = ["parallel", "reduction"]}
            ins(%a : tensor<?x3xf64>) outs(%o : tensor<3xf64>) {
        ^bb0(%x: f64, %y: f64):
          %s = arith.addf %x, %y : f64
          linalg.yield %s : f64
        } -> tensor<3xf64>
        return %0 : tensor<3xf64>
      }"""
    np.testing.assert_array_equal(run(text, np.zeros((0, 3)), np.arange(3.0))[0], np.arange(3.0))


@pytest.mark.parametrize(
    ("name", "one", "other", "numpy"),
    [
        ("matmul", (3, 4), (4, 5), lambda a, b: a @ b),
        ("matmul_transpose_b", (3, 4), (5, 4), lambda a, b: a @ b.T),
        ("batch_matmul", (2, 3, 4), (2, 4, 5), lambda a, b: a @ b),
    ],
)
def test_named_operations_are_numpys_products(name, one, other, numpy) -> None:
    rng = np.random.default_rng(4)
    a, b = rng.standard_normal(one), rng.standard_normal(other)
    out = rng.standard_normal(numpy(a, b).shape)
    types = [_tensor(v.shape) for v in (a, b, out)]
    text = f"""
      func.func @f(%a: {types[0]}, %b: {types[1]}, %c: {types[2]}) -> {types[2]} {{
        %0 = linalg.{name} ins(%a, %b : {types[0]}, {types[1]}) outs(%c : {types[2]}) -> {types[2]}
        return %0 : {types[2]}
      }}"""
    np.testing.assert_allclose(run(text, a, b, out)[0], out + numpy(a, b), rtol=1e-12)


# -- numpy

NUMPY_BINARY = [
    ("add", np.int64), ("subtract", np.uint8), ("multiply", np.float32), ("divide", np.float64),
    ("floor_divide", np.int64), ("remainder", np.float64), ("maximum", np.float32),
    ("bitwise_xor", np.uint16), ("left_shift", np.int32), ("power", np.float64),
]  # fmt: skip
ELEMENTS = {
    np.int64: "i64", np.int32: "i32", np.uint8: "ui8", np.uint16: "ui16", np.float32: "f32",
    np.float64: "f64",
}  # fmt: skip


@pytest.mark.parametrize(("name", "dtype"), NUMPY_BINARY)
def test_numpy_operations_broadcast_as_numpy_does(name: str, dtype: type) -> None:
    rng = np.random.default_rng(5)
    a, b = rng.integers(1, 7, (3, 1)).astype(dtype), rng.integers(1, 7, (4,)).astype(dtype)
    e = ELEMENTS[dtype]
    text = elementwise(f"numpy.{name}", [f"tensor<3x1x{e}>", f"tensor<4x{e}>"], f"tensor<3x4x{e}>")
    expected = getattr(np, name)(a, b)
    (got,) = run(text, a, b)
    np.testing.assert_array_equal(got, expected)
    assert got.dtype == expected.dtype


def test_numpy_slices_go_backwards_too() -> None:
    text = """
      func.func @f(%a: tensor<6x3xi64>) -> tensor<3x3xi64> {
        %0 = "numpy.slice"(%a) <{operandSegmentSizes = array<i32: 1, 0, 0>,
          static_offsets = array<i64: 5, 0>, static_sizes = array<i64: 3, 3>,
          static_strides = array<i64: -2, 1>}> : (tensor<6x3xi64>) -> tensor<3x3xi64>
        return %0 : tensor<3x3xi64>
      }"""
    a = np.arange(18).reshape(6, 3)
    np.testing.assert_array_equal(run(text, a)[0], a[5::-2])


HOST = """
  func.func @f(%t: tensor<?xui8>, %x: f64, %a: tensor<2xf32>, %ok: i1, %n: i64) {
    "numpy.host"(%t, %x, %a) <{service = "print", kinds = ["str", "float", "array"],
      result_kinds = [], options = {sep = "|", end = "!\\0A"}}>
      : (tensor<?xui8>, f64, tensor<2xf32>) -> ()
    "numpy.check"(%ok, %n) <{exception = "ValueError", message = "n is {}", kinds = ["int"]}>
      : (i1, i64) -> ()
    "numpy.host"(%n) <{service = "exit", kinds = ["int"], result_kinds = []}> : (i64) -> ()
    return
  }"""


def test_services_print_as_python_prints() -> None:
    out = io.StringIO()
    text = np.frombuffer("é".encode(), np.uint8)
    array = np.array([0.1, 2], np.float32)
    with pytest.raises(ProgramExit) as caught:
        run(HOST, text, 1e16, array, True, 3, host=Host(["f"], out))
    assert out.getvalue() == f"é|1e+16|{array}!\n"
    assert caught.value.status == 3


def test_checks_raise_the_programs_own_error_with_its_place() -> None:
    arguments = (np.zeros(0, np.uint8), 0.5, np.zeros(2, np.float32), False, 7)
    with pytest.raises(ProgramError, match="ValueError: n is 7") as caught:
        run(HOST, *arguments, host=Host(["f"], io.StringIO()))
    assert caught.value.location.line == 6


def test_declared_services_are_called_through_func_call() -> None:
    text = """
      func.func private @decode(tensor<?xi8>) -> tensor<?xi8> attributes {service = "decode",
        kinds = ["bytes"], result_kinds = ["str"], options = {errors = "replace"}}
      func.func @f(%a: tensor<?xi8>) -> tensor<?xi8> {
        %0 = call @decode(%a) : (tensor<?xi8>) -> tensor<?xi8>
        return %0 : tensor<?xi8>
      }"""
    (got,) = run(text, np.array([-1, 65], np.int8), host=Host(["f"]))
    assert got.tobytes() == b"\xff".decode(errors="replace").encode() + b"A"
    assert got.dtype == np.int8


# -- tosa


@pytest.mark.parametrize(
    ("name", "dtype", "numpy"),
    [
        ("add", "f32", np.add), ("mul", "i32", np.multiply), ("maximum", "f32", np.maximum),
        ("pow", "f32", np.power),
    ],
)  # fmt: skip
def test_tosa_elementwise_operations_broadcast_ones(name, dtype, numpy) -> None:
    shift = "{shift = 0 : i8} " if name == "mul" else ""
    text = f"""
      func.func @f(%a: tensor<3x1x{dtype}>, %b: tensor<1x4x{dtype}>) -> tensor<3x4x{dtype}> {{
        %0 = tosa.{name} %a, %b {shift}: (tensor<3x1x{dtype}>, tensor<1x4x{dtype}>)
          -> tensor<3x4x{dtype}>
        return %0 : tensor<3x4x{dtype}>
      }}"""
    kind = {"f32": np.float32, "i32": np.int32}[dtype]
    rng = np.random.default_rng(6)
    a, b = rng.integers(1, 5, (3, 1)).astype(kind), rng.integers(1, 5, (1, 4)).astype(kind)
    np.testing.assert_array_equal(run(text, a, b)[0], numpy(a, b))


def test_tosa_casts_round_to_even_and_saturate() -> None:
    text = elementwise("tosa.cast", ["tensor<6xf32>"], "tensor<6xi8>")
    values = np.array([0.5, 1.5, -2.5, 300, -300, np.nan], np.float32)
    np.testing.assert_array_equal(run(text, values)[0], [0, 2, -2, 127, -128, 0])


def test_what_cannot_be_executed_says_so() -> None:
    with pytest.raises(FleetError, match="'other.op' cannot be executed"):
        run('func.func @f() { "other.op"() : () -> () return }')


def test_a_missing_function_is_an_error() -> None:
    with pytest.raises(FleetError, match="there is no function @main"):
        Interpreter(parse_module("module {}")).run("main")

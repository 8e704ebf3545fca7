"""What MLIR's own operations compute: integers of any width as Python's, arrays as NumPy's."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest

import fleet.passes
from fleet.dialects import arith
from fleet.ir.interpreter import Interpreter
from fleet.ir.parsing.parser import parse_module
from fleet.ir.rewriting.passes import PassManager
from fleet.ir.types import OtherFloatType

assert fleet.passes  # registers the passes

WIDTHS = (1, 3, 7, 8, 16, 24, 32, 64, 65, 128)


def signed(number: int, width: int) -> int:
    number &= (1 << width) - 1
    return number - (number >> (width - 1) << width)


def towards_zero(a: int, b: int) -> int:
    quotient = abs(a) // abs(b)
    return quotient if (a < 0) == (b < 0) else -quotient


# a, b signed; u, v the same bits unsigned; w the width. None: MLIR does not say.
REFERENCE: dict[str, Callable[[int, int, int, int, int], int | None]] = {
    "addi": lambda a, b, u, v, w: a + b,
    "subi": lambda a, b, u, v, w: a - b,
    "muli": lambda a, b, u, v, w: a * b,
    "divsi": lambda a, b, u, v, w: towards_zero(a, b) if b else None,
    "divui": lambda a, b, u, v, w: u // v if v else None,
    "ceildivsi": lambda a, b, u, v, w: -(-a // b) if b else None,
    "ceildivui": lambda a, b, u, v, w: -(-u // v) if v else None,
    "floordivsi": lambda a, b, u, v, w: a // b if b else None,
    "remsi": lambda a, b, u, v, w: a - towards_zero(a, b) * b if b else None,
    "remui": lambda a, b, u, v, w: u % v if v else None,
    "andi": lambda a, b, u, v, w: a & b,
    "ori": lambda a, b, u, v, w: a | b,
    "xori": lambda a, b, u, v, w: a ^ b,
    "shli": lambda a, b, u, v, w: a << v if v < w else None,
    "shrsi": lambda a, b, u, v, w: a >> v if v < w else None,
    "shrui": lambda a, b, u, v, w: u >> v if v < w else None,
    "maxsi": lambda a, b, u, v, w: max(a, b),
    "minsi": lambda a, b, u, v, w: min(a, b),
    "maxui": lambda a, b, u, v, w: max(u, v),
    "minui": lambda a, b, u, v, w: min(u, v),
}


def test_every_integer_operation_of_two_operands_has_a_reference() -> None:
    declared = {
        name
        for name, definition in arith.ARITH.ops.items()
        if len(definition.operands) == 2 and definition.operands[0].constraint == "Integer"
    }
    assert declared == {*REFERENCE, "cmpi", "addui_extended", "mulsi_extended", "mului_extended"}


def interesting(rng: random.Random, width: int) -> int:
    """A signed number of the width, often one at an end."""
    ends = [0, 1, -1, 1 << (width - 1), (1 << (width - 1)) - 1, width, width - 1]
    number = rng.choice(ends) if rng.random() < 0.5 else rng.getrandbits(width)
    return signed(number, width)


def constant(number: int, width: int) -> str:
    return ("true" if number else "false") if width == 1 else f"{number} : i{width}"


def outcomes(name: str, width: int, a: int, b: int, results: int = 1) -> list[list[int]]:
    """The results of an operation on constants: executed, and executed again when folded."""
    type, listed = f"i{width}", ", ".join(f"%r#{i}" for i in range(results))
    gives = ", ".join([type] * results)
    if name == "addui_extended":
        gives = f"{type}, i1"
    text = f"""
      func.func @f() -> ({gives}) {{
        %a = arith.constant {constant(a, width)}
        %b = arith.constant {constant(b, width)}
        %r:{results} = "arith.{name}"(%a, %b) : ({type}, {type}) -> ({gives})
        return {listed} : {gives}
      }}"""
    module = parse_module(text)
    first = [int(value) for value in Interpreter(module).run("f")]
    PassManager("canonicalize,cse").run(module)
    second = [int(value) for value in Interpreter(module).run("f")]
    left = [op.name for op in module.walk() if op.name == f"arith.{name}"]
    return [first, second, left]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", REFERENCE)
def test_integers_of_any_width_are_pythons_folded_or_not(name: str, width: int) -> None:
    rng = random.Random(f"{name}{width}")
    for _ in range(25):
        a, b = (interesting(rng, width) for _ in range(2))
        mask = (1 << width) - 1
        exact = REFERENCE[name](a, b, a & mask, b & mask, width)
        executed, folded, left = outcomes(name, width, a, b)
        assert executed == folded, (a, b)
        if exact is not None:
            assert [signed(executed[0], width)] == [signed(exact, width)], (a, b)
        else:
            assert left, f"what is undefined was folded: {a} {name} {b}"


@pytest.mark.parametrize("width", WIDTHS)
def test_products_and_sums_of_twice_the_width(width: int) -> None:
    rng = random.Random(width)
    mask = (1 << width) - 1
    for _ in range(25):
        a, b = (interesting(rng, width) for _ in range(2))
        for name, total in (
            ("mulsi_extended", a * b), ("mului_extended", (a & mask) * (b & mask)),
        ):  # fmt: skip
            executed, folded, _ = outcomes(name, width, a, b, 2)
            assert executed == folded
            low, high = (number & mask for number in executed)
            assert [low, high] == [total & mask, total >> width & mask], (name, a, b)
        executed, folded, _ = outcomes("addui_extended", width, a, b, 2)
        assert executed == folded
        total = (a & mask) + (b & mask)
        assert [executed[0] & mask, executed[1]] == [total & mask, total >> width]


@pytest.mark.parametrize("name", ["addf", "subf", "mulf", "divf", "maximumf", "remf"])
def test_bf16_is_computed_as_if_exactly_and_rounded_once(name: str) -> None:
    ours = OtherFloatType("bf16")
    rng = np.random.default_rng(3)
    text = f"""
      func.func @f(%a: tensor<500xbf16>, %b: tensor<500xbf16>) -> tensor<500xbf16> {{
        %r = arith.{name} %a, %b : tensor<500xbf16>
        return %r : tensor<500xbf16>
      }}"""
    bits = rng.integers(0, 1 << 32, (2, 500), dtype=np.uint32) & 0xFFFF0000
    a, b = bits.view(np.float32)
    with np.errstate(all="ignore"):
        (result,) = Interpreter(parse_module(text)).run("f", [a, b])
        exact = {"addf": np.add, "subf": np.subtract, "mulf": np.multiply, "divf": np.divide,
                 "maximumf": np.maximum, "remf": np.fmod}[name](
            a.astype(np.float64), b.astype(np.float64)
        )  # fmt: skip
        expected = np.array([fleet_round(float(x), ours) for x in exact], np.float32)
    np.testing.assert_array_equal(result, expected)


def fleet_round(value: float, type: OtherFloatType) -> float:
    """The nearest bf16, found among its neighbours rather than computed."""
    if not np.isfinite(value) or value == 0:
        return value
    near = np.float64(value).astype(np.float32).view(np.uint32) & np.uint32(0xFFFF0000)
    steps = (int(near) + (k << 16) for k in (-1, 0, 1))
    found = [np.uint32(s).view(np.float32) for s in steps if 0 <= s < 1 << 32]
    finite = [x for x in found if np.isfinite(x)]
    best = min(finite, key=lambda x: (abs(float(x) - value), int(x.view(np.uint32)) >> 16 & 1))
    limit = 3.3895313892515355e38 + 2.0**119
    return float(np.copysign(np.inf, value)) if abs(value) >= limit else float(best)


# -- arrays

A = np.random.default_rng(1).standard_normal((4, 6)).astype(np.float32)
B = np.random.default_rng(2).standard_normal((4, 6)).astype(np.float32)
I = np.random.default_rng(3).integers(-50, 50, (4, 6)).astype(np.int32)  # noqa: E741
J = np.random.default_rng(4).integers(1, 9, (4, 6)).astype(np.int32)
T, S = I > 0, J > 4
FF, II, TT = "tensor<4x6xf32>", "tensor<4x6xi32>", "tensor<4x6xi1>"

TOSA = [
    ("int_div", "", [I, J], lambda x, y: np.trunc(x / y).astype(np.int32)),
    ("bitwise_and", "", [I, J], np.bitwise_and), ("bitwise_or", "", [I, J], np.bitwise_or),
    ("bitwise_xor", "", [I, J], np.bitwise_xor), ("bitwise_not", "", [I], np.bitwise_not),
    ("logical_and", "", [T, S], np.logical_and), ("logical_or", "", [T, S], np.logical_or),
    ("logical_xor", "", [T, S], np.logical_xor),
    ("logical_left_shift", "", [I, J], np.left_shift),
    ("logical_right_shift", "", [I, J], lambda x, y: (x.view("u4") >> y.view("u4")).view("i4")),
    ("arithmetic_right_shift", "round = false", [I, J], np.right_shift),
    ("arithmetic_right_shift", "round = true", [I, J],
     lambda x, y: ((x + (1 << (y - 1))) >> y).astype(np.int32)),
    ("mul", "shift = 3 : i8", [I, J], lambda x, y: (x * y + 4) >> 3),
    ("clz", "", [J], lambda x: 31 - np.floor(np.log2(x)).astype(np.int32)),
    ("sin", "", [A], np.sin), ("cos", "", [A], np.cos), ("identity", "", [A], lambda x: x),
    ("clamp", "min_int = -3 : i64, max_int = 7 : i64, min_fp = -0.5 : f32, max_fp = 0.25 : f32",
     [A], lambda x: np.clip(x, np.float32(-0.5), np.float32(0.25))),
    ("clamp", "min_int = -3 : i64, max_int = 7 : i64, min_fp = -0.5 : f32, max_fp = 0.25 : f32",
     [I], lambda x: np.clip(x, -3, 7)),
    ("reverse", "axis = 1 : i32", [A], lambda x: x[:, ::-1]),
    ("tile", "multiples = array<i64: 2, 1>", [A], lambda x: np.tile(x, (2, 1))),
]  # fmt: skip


def type_of(array: np.ndarray) -> str:
    element = {"f": "f32", "i": "i32", "b": "i1"}[array.dtype.kind]
    return f"tensor<{'x'.join(map(str, array.shape))}x{element}>"


def run_one(name: str, attributes: str, arrays: list[np.ndarray], result: str) -> np.ndarray:
    """An operation in the generic form on arrays."""
    types = [type_of(array) for array in arrays]
    arguments = ", ".join(f"%{i}: {type}" for i, type in enumerate(types))
    values = ", ".join(f"%{i}" for i in range(len(types)))
    text = f"""
      func.func @f({arguments}) -> {result} {{
        %r = "{name}"({values}) <{{{attributes}}}> : ({", ".join(types)}) -> {result}
        return %r : {result}
      }}"""
    return Interpreter(parse_module(text)).run("f", arrays)[0]


@pytest.mark.parametrize(("name", "attributes", "arrays", "function"), TOSA)
def test_tosa_is_numpy(name: str, attributes: str, arrays: list, function: Callable) -> None:
    expected = np.asarray(function(*arrays))
    got = run_one(f"tosa.{name}", attributes, arrays, type_of(expected))
    np.testing.assert_allclose(got, expected, rtol=2e-7)


M, N = A, B.T.copy()
LINALG = [
    ("matmul_transpose_a", [M.T.copy(), N], lambda a, b: a.T @ b),
    ("matmul_transpose_b", [M, B], lambda a, b: a @ b.T),
    ("matvec", [M, N[:, 0].copy()], lambda a, b: a @ b),
    ("vecmat", [N[:, 0].copy(), N], lambda a, b: a @ b),
    ("dot", [A[0], B[0]], lambda a, b: a @ b),
    ("batch_matmul", [np.stack([M, B]), np.stack([N, N])], np.matmul),
    ("batch_reduce_matmul", [np.stack([M, B]), np.stack([N, N])], lambda a, b: (a @ b).sum(0)),
    ("batch_matvec", [np.stack([M, B]), B[:2].copy()], lambda a, b: np.einsum("bmk,bk->bm", a, b)),
    ("exp", [A], np.exp), ("abs", [A], np.abs), ("negf", [A], np.negative),
    ("square", [A], np.square), ("reciprocal", [A], lambda x: 1 / x), ("round", [A], np.rint),
    ("sub", [A, B], np.subtract), ("max", [A, B], np.maximum), ("div", [A, B], np.divide),
    ("select", [A > 0, A, B], np.where), ("copy", [A], lambda x: x),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arrays", "function"), LINALG)
def test_named_operations_of_linalg_are_numpy(name, arrays, function) -> None:
    expected = np.asarray(function(*arrays), np.float32)
    shape = "x".join(map(str, (*expected.shape, "f32")))
    out = f"tensor<{shape}>"
    types = ", ".join(map(type_of, arrays))
    arguments = ", ".join(f"%{i}: {type_of(array)}" for i, array in enumerate(arrays))
    values = ", ".join(f"%{i}" for i in range(len(arrays)))
    text = f"""
      func.func @f({arguments}, %out: {out}) -> {out} {{
        %r = linalg.{name} ins({values} : {types}) outs(%out : {out}) -> {out}
        return %r : {out}
      }}"""
    (got,) = Interpreter(parse_module(text)).run("f", [*arrays, np.zeros_like(expected)])
    np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-6)


def test_reductions_transpositions_and_repetitions_are_numpys() -> None:
    text = """
      func.func @f(%a: tensor<4x6xf32>, %s: tensor<4xf32>, %t: tensor<6x4xf32>,
                   %b: tensor<4x6xf32>) -> (tensor<4xf32>, tensor<6x4xf32>, tensor<4x6xf32>) {
        %0 = linalg.reduce { arith.maximumf } ins(%a : tensor<4x6xf32>) outs(%s : tensor<4xf32>)
             dimensions = [1]
        %1 = linalg.transpose ins(%a : tensor<4x6xf32>) outs(%t : tensor<6x4xf32>)
             permutation = [1, 0]
        %2 = linalg.broadcast ins(%0 : tensor<4xf32>) outs(%b : tensor<4x6xf32>) dimensions = [1]
        %3 = linalg.map { arith.subf } ins(%a, %2 : tensor<4x6xf32>, tensor<4x6xf32>)
             outs(%b : tensor<4x6xf32>)
        return %0, %1, %3 : tensor<4xf32>, tensor<6x4xf32>, tensor<4x6xf32>
      }"""
    module = parse_module(text)
    given = [A, np.full(4, -np.inf, "f4"), np.zeros((6, 4), "f4"), np.zeros((4, 6), "f4")]
    for _ in range(2):
        got = Interpreter(module).run("f", given)
        for one, other in zip(got, [A.max(1), A.T, A - A.max(1)[:, None]], strict=True):
            np.testing.assert_array_equal(one, other)
        PassManager("canonicalize,cse").run(module)


def test_gathering_scattering_and_padding_are_numpys() -> None:
    text = """
      func.func @f(%a: tensor<4x6xf32>, %i: tensor<3x1xindex>, %x: f32, %n: index)
          -> (tensor<3x1x6xf32>, tensor<4x6xf32>, tensor<?x9xf32>, tensor<4x6xi32>) {
        %0 = tensor.gather %a[%i] gather_dims([0])
             : (tensor<4x6xf32>, tensor<3x1xindex>) -> tensor<3x1x6xf32>
        %1 = arith.addf %0, %0 : tensor<3x1x6xf32>
        %2 = tensor.scatter %1 into %a[%i] scatter_dims([0]) unique
             : (tensor<3x1x6xf32>, tensor<4x6xf32>, tensor<3x1xindex>) -> tensor<4x6xf32>
        %3 = tensor.pad %a low[%n, 1] high[0, 2] {
        ^bb0(%r: index, %c: index):
          tensor.yield %x : f32
        } : tensor<4x6xf32> to tensor<?x9xf32>
        %4 = tensor.bitcast %a : tensor<4x6xf32> to tensor<4x6xi32>
        return %0, %2, %3, %4
          : tensor<3x1x6xf32>, tensor<4x6xf32>, tensor<?x9xf32>, tensor<4x6xi32>
      }"""
    rows = np.array([[2], [0], [3]])
    got = Interpreter(parse_module(text)).run("f", [A, rows, np.float32(7), 2])
    doubled = A.copy()
    doubled[rows[:, 0]] *= 2
    expected = [A[rows], doubled, np.pad(A, ((2, 0), (1, 2)), constant_values=7), A.view("i4")]
    for one, other in zip(got, expected, strict=True):
        np.testing.assert_array_equal(one, other)

"""Short cuts of the reader change nothing but the time: what is spelled twice, what is plain."""

from __future__ import annotations

import random

import generated_ir
import numpy as np
import pytest
from work import calls

from fleet.diagnostics import FleetError
from fleet.ir.attributes import Attribute
from fleet.ir.parsing.parser import Parser, parse_module
from fleet.ir.printing.printer import print_op
from fleet.ir.structure import same_structure
from fleet.ir.types import element_type


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("locations", [False, True])
def test_reading_takes_at_most_twice_the_calls_of_printing(seed: int, locations: bool) -> None:
    module = generated_ir.module(seed, 400)
    text = print_op(module, locations=locations)
    printing = calls(lambda: print_op(module, locations=locations))
    reading = calls(lambda: parse_module(text, check=False))
    assert reading < 2 * printing


def attribute(text: str) -> Attribute | str:
    """The attribute, or the message that it is rejected with, and its place."""
    parser = Parser(text)
    try:
        return parser.attribute()
    except FleetError as error:
        return f"{error.location.column}: {error.message}"


DTYPES = ["bool", "int8", "int16", "int32", "int64", "uint8", "uint32", "uint64", "float16",
          "float32", "float64"]  # fmt: skip


def values(dtype: str, rng: np.random.Generator, count: int) -> list[str]:
    """Numbers as text: of the whole range of the type, and of its edges."""
    kind = np.dtype(dtype).kind
    if kind == "b":
        return [str(bool(n)).lower() for n in rng.integers(0, 2, count)]
    if kind == "f":
        numbers = [float(np.dtype(dtype).type(n)) for n in rng.standard_normal(count) * 100]
        return [repr(n) if "." in repr(n) else f"{n:.1e}" for n in [*numbers[1:], -0.0]]
    info = np.iinfo(dtype)
    return [str(n) for n in (*rng.integers(info.min, info.max, count - 2, dtype, True), info.min,
                             info.max)]  # fmt: skip


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("seed", range(4))
def test_plain_lists_of_elements_are_read_as_others_are(dtype: str, seed: int) -> None:
    """Blanks around the colon take the long way."""
    rng = np.random.default_rng(seed)
    rows = [values(dtype, rng, 4) for _ in range(3)]
    listed = ", ".join(f"[{', '.join(row)}]" for row in rows)
    kind = element_type(dtype)
    for shape in ("3x4", "4x3", "12"):
        quick = attribute(f"dense<[{listed}]> : tensor<{shape}x{kind}>")
        slow = attribute(f"dense<[{listed}]>  :  tensor<{shape}x{kind}>")
        if shape == "3x4":
            assert quick == slow and quick.value.dtype == slow.value.dtype == np.dtype(dtype)
        else:
            assert quick == slow.replace("  :  ", " : ") and "shape (3, 4)" in quick


STRANGE = ["true", "1", "1.0", "-1", "0x10", "1e5", "1.5e400", "300", "-129", "", "[1]", "01", "1,",
           "18446744073709551615", "99999999999999999999", "-", "null", "--1"]  # fmt: skip


@pytest.mark.parametrize("element", "i1 i8 ui8 i64 ui64 f16 f32 f64 index".split())
def test_elements_that_fit_or_not_are_told_apart_as_in_the_long_way(element: str) -> None:
    rng = random.Random(element)
    for one in STRANGE:
        for other in rng.sample(STRANGE, 4):
            body = f"dense<[{one}, {other}]>"
            quick = attribute(f"{body} : tensor<2x{element}>")
            slow = attribute(f"{body}  : tensor<2x{element}>")
            if isinstance(quick, str) and isinstance(slow, str):
                assert quick.partition(": ")[2] == slow.partition(": ")[2], body
            else:
                assert quick == slow, body


def test_types_that_are_spelled_alike_are_one_and_aliases_stay_what_they_are() -> None:
    text = """
      !t = f32
      func.func @f(%a: tensor<4xf32>, %b: tensor<4x!t>, %c: tensor<4xf32>, %d: !t) -> (f32, !t) {
        %0 = "a.b"(%a, %b) : (tensor<4xf32>, tensor<4x!t>) -> tensor< 4xf32 >
        %1 = "a.b"(%0, %c) : (tensor<4xf32>, tensor<4xf32>) -> (tensor<4xf32>) // (f32) -> f32
        return %d, %d : f32, !t
      }"""
    (function,) = parse_module(text)
    first, second, third, _ = function.get("function_type").inputs
    assert first is third and first == second
    assert [op.results[0].type for op in function if op.results] == [first, first]


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("(f32) -> f32>", 12), ("tensor<4xf32>>", 13), ("!a.b<c> d", 8), ("i32x", 0),
        ("(f32) -> (f32", 13), ("!a.b<c", 4),
    ],
)  # fmt: skip
def test_a_type_ends_where_it_ends_the_second_time_too(text: str, column: int) -> None:
    messages = []
    for before in ("", "!a.b<c> "):
        parser = Parser(f"{before}(f32) -> f32 tensor<4xf32> {text}")
        if before:
            parser.type()
        for _ in range(2):
            parser.type()
        with pytest.raises(FleetError) as caught:
            parser.type()
            raise parser.error("here it ends")
        start = len(before) + len("(f32) -> f32 tensor<4xf32> ")
        messages.append((caught.value.message, caught.value.location.column - start))
    assert messages[0] == messages[1] and messages[0][1] == column


def test_frames_stay_apart_and_places_are_shared() -> None:
    text = """
      #loc0 = loc("<module>"("p.py":9:1))
      #loc1 = loc("<module>"("p.py":9:1))
      func.func @f() {
        "a.b"() : () -> () loc(callsite("g"("p.py":2:3) at #loc0))
        "a.b"() : () -> () loc(callsite("g"("p.py":2:7) at #loc0))
        "a.b"() : () -> () loc(callsite("g"("p.py":2:3) at #loc1))
        "a.b"() : () -> () loc(callsite("g"("p.py":2:3) at #loc0))
        return loc("with \\"quotes\\" (and more)":1:2)
      }"""
    module = parse_module(text)
    first, second, third, fourth, last = (op.location for op in module.body.first.body)
    assert first.frame is second.frame is fourth.frame and first.frame is not third.frame
    assert (first.column, second.column, first) == (2, 6, fourth)
    assert last.file == 'with "quotes" (and more)'
    again = parse_module(print_op(module, locations=True))
    assert same_structure(again, module)
    assert print_op(again, locations=True) == print_op(module, locations=True)

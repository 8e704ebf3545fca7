"""What the loop passes choose: fusion, contraction, the vector loop, register blocks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from fleet.codegen.loops.fuse import run as fuse_loops
from fleet.codegen.loops.pressure import Pressure
from fleet.codegen.loops.shrink_scratch import run as shrink_scratch
from fleet.codegen.loops.unroll_and_jam import Options
from fleet.codegen.loops.unroll_and_jam import run as unroll_and_jam
from fleet.codegen.loops.vectorise import run as vectorise
from fleet.diagnostics import FleetError
from fleet.dialects import loop
from fleet.dialects.loop.access import constant_of
from fleet.dialects.loop.execution import compile_kernel
from fleet.ir.analysis.verifier import verify
from fleet.ir.core import Operation, Value
from fleet.ir.parsing.parser import parse_module
from fleet.ir.printing.printer import print_op
from fleet.ir.types import VectorType

MATMUL = """
func.func private @matmul(%a: memref<?x64xf32>, %b: memref<64x192xf32>, %c: memref<?x192xf32>,
    %n: index) attributes {kernel} {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  %c192 = arith.constant 192 : index
  %zero = arith.constant 0.0 : f32
  %A = loop.buffer %a[%n] : memref<?x64xf32>
  %C = loop.buffer %c[%n] : memref<?x192xf32>
  loop.for %i = %c0 to %n parallel {
    loop.for %j = %c0 to %c192 parallel {
      %sum = loop.for %k = %c0 to %c64 reduction with (%s = %zero) -> (f32) {
        %x = loop.load %A[%i, %k] : memref<?x64xf32> -> f32
        %y = loop.load %b[%k, %j] : memref<64x192xf32> -> f32
        %p = arith.mulf %x, %y : f32
        %t = arith.addf %s, %p : f32
        loop.yield %t : f32
      }
      loop.store %sum, %C[%i, %j] : f32, memref<?x192xf32>
    }
  }
  return
}
"""


def kernel_of(text: str) -> Operation:
    module = parse_module(text)
    return next(op for op in module.body if "kernel" in op.attributes)


def loops(op: Operation) -> list[Operation]:
    return [inner for inner in op.walk() if inner.name == "loop.for"]


def strips(op: Operation) -> list[Operation]:
    return [inner for inner in loops(op) if loop.is_vector_loop(inner)]


def test_a_matrix_product_has_strips_of_columns_and_sums_in_registers() -> None:
    kernel = kernel_of(MATMUL)
    vectorise(kernel)
    verify(kernel)
    (strip,) = strips(kernel)
    assert loop.induction_variable(strip).hint == "j"
    (inner,) = loops(strip.body.parent.parent)[1:]
    assert isinstance(inner.results[0].type, VectorType)
    assert sum(op.name == "math.fma" for op in kernel.walk()) == 1


def vector_operations(kernel: Operation, sizes: dict[Value, int], vlen: int) -> int:
    """How many vector operations a run executes, counting what is no broadcast."""

    def value(v: Value) -> int:
        if v in sizes:
            return sizes[v]
        known = constant_of(v)
        if known is not None:
            return known
        a, b = map(value, v.owner.operands)
        return a - b if v.owner.name == "arith.subi" else a % b

    def count(block) -> int:
        total = 0
        for op in block:
            if op.name == "loop.for":
                length = value(op.operand(1)) - value(op.operand(0))
                step = op.get("step")
                if loop.is_vector_loop(op):
                    step = op.get("lanes") * vlen // 64
                trips = max(0, -(-length // step))
                total += trips * count(op.body)
            elif op.name not in ("loop.broadcast", "loop.yield"):
                values = (*op.operands, *op.results)
                total += any(isinstance(v.type, VectorType) for v in values)
        return total

    return count(kernel.body)


@pytest.mark.parametrize(("vlen", "most"), [(128, 14000), (256, 7000), (1024, 2400), (4096, 2400)])
def test_register_blocks_share_the_strips_that_they_load(vlen: int, most: int) -> None:
    """24 x 64 x 192: unblocked, with LMUL 4, VLEN 256 takes 24 * 6 * (64 * 2 + 1) = 18576."""
    kernel = kernel_of(MATMUL)
    vectorise(kernel)
    unroll_and_jam(kernel, Options(vlen))
    verify(kernel)
    assert vector_operations(kernel, {kernel.body.arguments[3]: 24}, vlen) <= most
    assert all(Pressure(strip).fits(strip.get("lanes")) for strip in strips(kernel))


@pytest.mark.parametrize("rows", [0, 1, 2, 3, 5, 7])
@pytest.mark.parametrize("best_at", [128, 65536])
def test_rows_that_do_not_fill_a_block_are_done_too(rows: int, best_at: int) -> None:
    kernel = kernel_of(MATMUL)
    vectorise(kernel)
    unroll_and_jam(kernel, Options(best_at))
    generator = np.random.default_rng(rows)
    a = generator.normal(size=(rows, 64)).astype(np.float32)
    b = generator.normal(size=(64, 192)).astype(np.float32)
    for vlen in (256, None):
        c = np.full((rows, 192), np.nan, np.float32)
        compile_kernel(kernel, vlen)(a, b, c, rows)
        np.testing.assert_allclose(c, a @ b, rtol=1e-4, atol=1e-4)


def nest(subscripts: str, bounds: str = "%c0 to %c9", between: str = "") -> str:
    return f"""
func.func private @pair(%x: memref<12xf32>, %t: memref<12xf32>, %y: memref<12xf32>)
    attributes {{kernel}} {{
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %c9 = arith.constant 9 : index
  loop.for %i = %c0 to %c9 parallel {{
    %a = loop.load %x[%i] : memref<12xf32> -> f32
    loop.store %a, %t[%i] : f32, memref<12xf32>
  }}
  {between}
  loop.for %i = {bounds} parallel {{
    %a = loop.load %t[{subscripts}] : memref<12xf32> -> f32
    loop.store %a, %y[%i] : f32, memref<12xf32>
  }}
  return
}}"""


@pytest.mark.parametrize(
    ("text", "fused"),
    [
        (nest("%i"), True),
        (nest("8"), False),
        (nest("%i + 3"), False),
        (nest("%i", "%c1 to %c9"), False),
        (nest("%i", between="%b = loop.load %x[%c1] : memref<12xf32> -> f32"), True),
        (
            nest("%i", between="%b = loop.load %t[%c8] : memref<12xf32> -> f32\n"
                 "  loop.store %b, %t[%c1] : f32, memref<12xf32>"),
            False,
        ),
    ],
)  # fmt: skip
def test_loops_are_fused_when_they_meet_in_one_iteration_only(text: str, fused: bool) -> None:
    kernel = kernel_of(text)
    x = np.random.default_rng(0).normal(size=12).astype(np.float32)

    def results() -> list[np.ndarray]:
        arrays = [x.copy(), np.zeros(12, np.float32), np.zeros(12, np.float32)]
        compile_kernel(kernel, checked=True)(*arrays)
        return arrays

    expected = results()
    fuse_loops(kernel)
    verify(kernel)
    assert (len(loops(kernel)) == 1) == fused
    for got, wanted in zip(results(), expected, strict=True):
        np.testing.assert_array_equal(got, wanted)


SERIAL = """
func.func private @scan(%x: memref<9xf32>, %y: memref<9xf32>) attributes {kernel} {
  %c0 = arith.constant 0 : index
  %c9 = arith.constant 9 : index
  %zero = arith.constant 0.0 : f32
  %r = loop.for %i = %c0 to %c9 with (%s = %zero) -> (f32) {
    %a = loop.load %x[%i] : memref<9xf32> -> f32
    %t = arith.addf %s, %a : f32
    loop.store %t, %y[%i] : f32, memref<9xf32>
    loop.yield %t : f32
  }
  return
}
"""


def test_a_loop_whose_order_matters_stays_serial() -> None:
    for text in (SERIAL, SERIAL.replace("%c9 with", "%c9 reduction with")):
        kernel = kernel_of(text)
        vectorise(kernel)
        assert not strips(kernel)


PREFIX_SUMS = """
func.func private @prefix(%a: memref<?xf64>, %n: index, %size: index)
    attributes {kernel, ordered} {
  %c0 = arith.constant 0 : index
  %A = loop.buffer %a[%size] : memref<?xf64>
  loop.for %i = %c0 to %n {
    %x = loop.load %A[%i + 1] : memref<?xf64> -> f64
    %y = loop.load %A[%i] : memref<?xf64> -> f64
    %s = arith.addf %x, %y : f64
    loop.store %s, %A[%i + 1] : f64, memref<?xf64>
  }
  return
}
"""


def test_what_the_next_iteration_reads_stays_in_a_register() -> None:
    kernel = kernel_of(PREFIX_SUMS)
    vectorise(kernel)
    verify(kernel)
    (serial,) = loops(kernel)
    assert sum(op.name == "loop.load" for op in serial.walk()) == 1
    for count in (0, 5):
        a = np.arange(count + 1.0)
        compile_kernel(kernel, checked=True)(a, count, count + 1)
        np.testing.assert_array_equal(a, np.cumsum(np.arange(count + 1.0)))


ROW_SUMS = """
func.func private @sums(%x: memref<?x64xf32>, %y: memref<?xf32>, %n: index) attributes {kernel} {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  %zero = arith.constant 0.0 : f32
  %X = loop.buffer %x[%n] : memref<?x64xf32>
  %Y = loop.buffer %y[%n] : memref<?xf32>
  loop.for %i = %c0 to %n parallel {
    %r = loop.for %k = %c0 to %c64 reduction with (%s = %zero) -> (f32) {
      %a = loop.load %X[%i, %k] : memref<?x64xf32> -> f32
      %t = arith.addf %s, %a : f32
      loop.yield %t : f32
    }
    loop.store %r, %Y[%i] : f32, memref<?xf32>
  }
  return
}
"""


def test_sums_of_rows_take_strips_of_the_row_and_sums_of_columns_of_the_columns() -> None:
    rows = kernel_of(ROW_SUMS)
    vectorise(rows)
    verify(rows)
    assert [loop.induction_variable(s).hint for s in strips(rows)] == ["k"]
    assert sum(op.name == "loop.reduce" for op in rows.walk()) == 1
    columns = kernel_of(ROW_SUMS.replace("%X[%i, %k]", "%X[%k, %i]").replace("?x64", "64x?"))
    vectorise(columns)
    verify(columns)
    assert [loop.induction_variable(s).hint for s in strips(columns)] == ["i"]
    assert not any(op.name == "loop.reduce" for op in columns.walk())


def test_a_strip_of_one_value_is_stored_with_lanes_for_its_type() -> None:
    kernel = kernel_of(ROW_SUMS.replace("%t = arith.addf %s, %a", "%t = arith.addf %s, %zero"))
    vectorise(kernel)
    verify(kernel)


STRIP = """
func.func private @strip(%x: memref<9xf32>, %y: memref<9xf32>) attributes {kernel} {
  %c0 = arith.constant 0 : index
  %c9 = arith.constant 9 : index
  loop.for %i, %vl = %c0 to %c9 lanes 8 parallel {
    %a = loop.load %x[%i] : memref<9xf32> -> vector<[8]xf32>
    loop.store %a, %y[%i] : vector<[8]xf32>, memref<9xf32>
  }
  return
}
"""


def test_text_of_loops_reads_like_pseudo_code_and_reads_back() -> None:
    kernel = kernel_of(STRIP)
    printed = print_op(kernel)
    assert "loop.for %i, %vl = %c0 to %c9 lanes 8 parallel {" in printed
    assert "%a = loop.load %x[%i] : memref<9xf32> -> vector<[8]xf32>" in printed
    assert print_op(kernel_of(printed)) == printed


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.replace("lanes 8", "lanes 4"), r"vector<\[8\]xf32> in a loop of 4 lanes"),
        (lambda t: t.replace("lanes 8", "lanes 32").replace("[8]", "[32]"), "does not fit"),
        (lambda t: t.replace("%x[%i]", "%x[%c0]"), "the same element"),
        (lambda t: t.replace("%x[%i]", "%x[%i, %i]"), "2 subscripts"),
        (lambda t: t.replace("%i, %vl = %c0 to %c9 lanes 8", "%i = %c0 to %c9"), "outside every"),
        (lambda t: t.replace("loop.for", "loop.of"), "no operation 'loop.of'"),
        (lambda t: t.replace("%x[%i]", "%x[%i floordiv 0]"), "positive constant"),
        (lambda t: t.replace("lanes 8", "lanes eight"), "expected an integer"),
    ],
)
def test_malformed_loops_are_rejected_with_their_place(
    change: Callable[[str], str], message: str
) -> None:
    with pytest.raises(FleetError, match=message):
        parse_module(change(STRIP))


TWO_STEPS = """
func.func private @steps(%x: memref<6x8xf32>, %y: memref<6x8xf32>, %t: memref<6x8xf32>)
    attributes {kernel, scratch = 1} {
  %c0 = arith.constant 0 : index
  %c6 = arith.constant 6 : index
  %c8 = arith.constant 8 : index
  loop.for %i = %c0 to %c6 parallel {
    loop.for %j = %c0 to %c8 parallel {
      %a = loop.load %x[%i, %j] : memref<6x8xf32> -> f32
      loop.store %a, %t[%i, %j] : f32, memref<6x8xf32>
    }
    loop.for %j = %c0 to %c8 parallel {
      %a = loop.load %t[%i, 7] : memref<6x8xf32> -> f32
      %b = loop.load %t[%i, %j] : memref<6x8xf32> -> f32
      %c = arith.addf %a, %b : f32
      loop.store %c, %y[%i, %j] : f32, memref<6x8xf32>
    }
  }
  return
}
"""


def test_scratch_keeps_the_rows_of_one_iteration() -> None:
    kernel = kernel_of(TWO_STEPS.replace("%t[%i, 7]", "%t[%i, %j]"))
    shrink_scratch(kernel)
    verify(kernel)
    assert str(kernel.body.arguments[2].type) == "memref<1x8xf32>"
    x, y = np.arange(48, dtype=np.float32).reshape(6, 8), np.zeros((6, 8), np.float32)
    compile_kernel(kernel, checked=True)(x, y, np.zeros((1, 8), np.float32))
    np.testing.assert_array_equal(y, 2 * x)
    assert "iterator" not in loops(kernel)[0].attributes


@pytest.mark.parametrize(
    "text",
    [
        TWO_STEPS,  # a row's last element: not seen to be stored before
        TWO_STEPS.replace("%t[%i, 7]", "%t[%j, %i]"),
        TWO_STEPS.replace("%b = loop.load %t[%i, %j]", "%b = loop.load %t[5, %j]"),
    ],
)
def test_scratch_whose_rows_iterations_share_stays_whole(text: str) -> None:
    kernel = kernel_of(text)
    shrink_scratch(kernel)
    assert str(kernel.body.arguments[2].type) == "memref<6x8xf32>"

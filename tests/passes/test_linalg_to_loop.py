"""Lowering to loops and everything after it, judged by executing each form on the same inputs."""

from __future__ import annotations

import numpy as np
import pytest
from linalg_kernels import (
    LOOP_PASSES,
    RandomKernel,
    assert_every_pass_keeps,
    assert_same,
    execute,
    lowered,
)

from fleet.diagnostics import FleetError

MAPS = """
#ij = affine_map<(d0, d1) -> (d0, d1)>
#ji = affine_map<(d0, d1) -> (d1, d0)>
#i = affine_map<(d0, d1) -> (d0)>
#j = affine_map<(d0, d1) -> (d1)>
#k = affine_map<(d0) -> (d0)>
#none = affine_map<(d0) -> ()>
"""


def program(signature: str, results: str, body: str) -> str:
    """A module with a kernel of this signature and body, and a main that calls it."""
    arguments = [part.strip() for part in signature.split(";")]
    names = ", ".join(a.split(":")[0] for a in arguments)
    types = ", ".join(a.split(":")[1].strip() for a in arguments)
    listed = ", ".join(arguments)
    return f"""{MAPS}
func.func private @kernel({listed}) -> ({results}) attributes {{kernel}} {{
{body}
}}
func.func @main({listed}) -> ({results}) {{
  %r:{len(results.split(";"))} = call @kernel({names}) : ({types}) -> ({results})
  return {", ".join(f"%r#{n}" for n in range(len(results.split(";"))))} : {results}
}}"""


def floats(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("seed", range(30))
def test_random_kernels_mean_the_same_after_every_pass(seed: int) -> None:
    kernel = RandomKernel(seed)
    assert_every_pass_keeps(kernel.text, kernel.arrays)


SOFTMAX = program(
    "%x: tensor<?x?xf32>; %out: tensor<?x?xf32>; %n: index; %m: index",
    "tensor<?x?xf32>",
    """
  %low = arith.constant 0xFF800000 : f32
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty(%n) : tensor<?xf32>
  %f = linalg.fill ins(%low : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  %max = linalg.generic {indexing_maps = [#ij, #i], iterator_types = ["parallel", "reduction"]}
    ins(%x : tensor<?x?xf32>) outs(%f : tensor<?xf32>) {
  ^bb0(%a: f32, %b: f32):
    %1 = arith.maximumf %b, %a : f32
    linalg.yield %1 : f32
  } -> tensor<?xf32>
  %t = tensor.empty(%n, %m) : tensor<?x?xf32>
  %exp = linalg.generic {indexing_maps = [#ij, #i, #ij], iterator_types = ["parallel", "parallel"]}
    ins(%x, %max : tensor<?x?xf32>, tensor<?xf32>) outs(%t : tensor<?x?xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %1 = arith.subf %a, %b : f32
    %2 = math.exp %1 : f32
    linalg.yield %2 : f32
  } -> tensor<?x?xf32>
  %g = linalg.fill ins(%zero : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  %sum = linalg.generic {indexing_maps = [#ij, #i], iterator_types = ["parallel", "reduction"]}
    ins(%exp : tensor<?x?xf32>) outs(%g : tensor<?xf32>) {
  ^bb0(%a: f32, %b: f32):
    %1 = arith.addf %b, %a : f32
    linalg.yield %1 : f32
  } -> tensor<?xf32>
  %r = linalg.generic {indexing_maps = [#ij, #i, #ij], iterator_types = ["parallel", "parallel"]}
    ins(%exp, %sum : tensor<?x?xf32>, tensor<?xf32>) outs(%out : tensor<?x?xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %1 = arith.divf %a, %b : f32
    linalg.yield %1 : f32
  } -> tensor<?x?xf32>
  return %r : tensor<?x?xf32>""",
)


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (5, 40), (0, 4)])
def test_softmax_is_one_loop_over_rows(rows: int, columns: int) -> None:
    x = floats(rows, columns)
    exps = np.exp(x - x.max(1, keepdims=True))
    expected = exps / exps.sum(1, keepdims=True)
    arrays = [x, np.zeros_like(x), rows, columns]
    assert_every_pass_keeps(SOFTMAX, arrays, [expected])
    module = lowered(SOFTMAX, "fuse-loops", "contract")
    kernel = next(op for op in module.body if "kernel" in op.attributes)
    assert sum(op.name == "loop.for" for op in kernel.body) == 1
    assert kernel.get("scratch") == 1  # the exponentials, kept between two loops
    module = lowered(SOFTMAX, *LOOP_PASSES)
    kernel = next(op for op in module.body if "kernel" in op.attributes)
    assert str(kernel.body.arguments[2].type) == "memref<1x?xf32>"  # of one row at a time


def test_nan_wins_in_a_maximum_and_infinities_do_not() -> None:
    x = floats(4, 33)
    x[1, 7], x[2, 3], x[3, 5] = np.nan, np.inf, -np.inf
    module = lowered(SOFTMAX, *LOOP_PASSES)
    with np.errstate(all="ignore"):
        exps = np.exp(x - x.max(1, keepdims=True))
        expected = exps / exps.sum(1, keepdims=True)
    for vlen in (None, 128):
        assert_same(execute(module, [x, np.zeros_like(x), 4, 33], vlen), [expected], vlen)


LINEAR = program(
    "%x: tensor<?x16xf32>; %w: tensor<16x48xf32>; %b: tensor<48xf32>;"
    "%out: tensor<?x48xf32>; %n: index",
    "tensor<?x48xf32>",
    """
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty(%n) : tensor<?x48xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<?x48xf32>) -> tensor<?x48xf32>
  %p = linalg.matmul ins(%x, %w : tensor<?x16xf32>, tensor<16x48xf32>)
    outs(%f : tensor<?x48xf32>) -> tensor<?x48xf32>
  %r = linalg.generic {indexing_maps = [#ij, #j, #ij], iterator_types = ["parallel", "parallel"]}
    ins(%p, %b : tensor<?x48xf32>, tensor<48xf32>) outs(%out : tensor<?x48xf32>) {
  ^bb0(%a: f32, %c: f32, %d: f32):
    %1 = arith.addf %a, %c : f32
    %2 = math.tanh %1 : f32
    linalg.yield %2 : f32
  } -> tensor<?x48xf32>
  return %r : tensor<?x48xf32>""",
)


@pytest.mark.parametrize("rows", [0, 1, 7])
def test_a_matrix_product_keeps_its_epilogue_in_registers(rows: int) -> None:
    x, w, b = floats(rows, 16), floats(16, 48, seed=1) / 4, floats(48, seed=2)
    out = np.zeros((rows, 48), np.float32)
    assert_every_pass_keeps(LINEAR, [x, w, b, out, rows], [np.tanh(x @ w + b)])
    module = lowered(LINEAR, "fuse-loops", "contract")
    kernel = next(op for op in module.body if "kernel" in op.attributes)
    assert "scratch" not in kernel.attributes


@pytest.mark.parametrize(
    ("name", "a", "b", "expected"),
    [
        ("matmul", (5, 9), (9, 17), lambda a, b: a @ b),
        ("matmul_transpose_b", (6, 16), (11, 16), lambda a, b: a @ b.T),
        ("batch_matmul", (3, 4, 5), (3, 5, 33), lambda a, b: a @ b),
    ],
)
@pytest.mark.parametrize("element", ["f32", "f64", "i32"])
def test_contractions(name: str, a: tuple, b: tuple, expected, element: str) -> None:
    dtype = {"f32": np.float32, "f64": np.float64, "i32": np.int32}[element]
    left = (10 * floats(*a)).astype(dtype)
    right = (10 * floats(*b, seed=1)).astype(dtype)
    product = expected(left, right)

    def type(shape: tuple) -> str:
        return f"tensor<{'x'.join(map(str, shape))}x{element}>"

    zero = "0" if element == "i32" else "0.0"
    text = program(
        f"%a: {type(a)}; %b: {type(b)}; %out: {type(product.shape)}",
        type(product.shape),
        f"""
  %zero = arith.constant {zero} : {element}
  %f = linalg.fill ins(%zero : {element}) outs(%out : {type(product.shape)})
    -> {type(product.shape)}
  %r = linalg.{name} ins(%a, %b : {type(a)}, {type(b)}) outs(%f : {type(product.shape)})
    -> {type(product.shape)}
  return %r : {type(product.shape)}""",
    )
    out = np.zeros(product.shape, dtype)
    assert_every_pass_keeps(text, [left, right, out], [product])


GATHER = program(
    "%ids: tensor<?xi64>; %table: tensor<10x?xf32>; %out: tensor<?x?xf32>; %n: index; %m: index",
    "tensor<?x?xf32>",
    """
  %r = linalg.generic {indexing_maps = [#i, #ij], iterator_types = ["parallel", "parallel"]}
    ins(%ids : tensor<?xi64>) outs(%out : tensor<?x?xf32>) {
  ^bb0(%id: i64, %o: f32):
    %row = arith.index_cast %id : i64 to index
    %j = linalg.index 1 : index
    %x = tensor.extract %table[%row, %j] : tensor<10x?xf32>
    linalg.yield %x : f32
  } -> tensor<?x?xf32>
  return %r : tensor<?x?xf32>""",
)


@pytest.mark.parametrize("columns", [1, 37])
def test_elements_taken_by_computed_subscripts(columns: int) -> None:
    ids, table = np.array([3, 9, 0, 3], np.int64), floats(10, columns)
    out = np.zeros((4, columns), np.float32)
    assert_every_pass_keeps(GATHER, [ids, table, out, 4, columns], [table[ids]])


def test_a_strip_of_computed_subscripts_is_an_indexed_load() -> None:
    text = program(
        "%ids: tensor<40xi64>; %table: tensor<10xf32>; %out: tensor<40xf32>",
        "tensor<40xf32>",
        """
  %r = linalg.generic {indexing_maps = [#k, #k], iterator_types = ["parallel"]}
    ins(%ids : tensor<40xi64>) outs(%out : tensor<40xf32>) {
  ^bb0(%id: i64, %o: f32):
    %row = arith.index_cast %id : i64 to index
    %x = tensor.extract %table[%row] : tensor<10xf32>
    linalg.yield %x : f32
  } -> tensor<40xf32>
  return %r : tensor<40xf32>""",
    )
    ids = np.random.default_rng(0).integers(0, 10, 40)
    table = floats(10)
    assert_every_pass_keeps(text, [ids, table, np.zeros(40, np.float32)], [table[ids]])


SLICES = program(
    "%x: tensor<?x12xf32>; %out: tensor<?x12xf32>; %at: index; %n: index",
    "tensor<?x12xf32>",
    """
  %s = tensor.extract_slice %x[0, %at] [%n, 4] [1, 2] : tensor<?x12xf32> to tensor<?x4xf32>
  %e = tensor.empty(%n) : tensor<?x4xf32>
  %d = linalg.generic {indexing_maps = [#ij, #ij], iterator_types = ["parallel", "parallel"]}
    ins(%s : tensor<?x4xf32>) outs(%e : tensor<?x4xf32>) {
  ^bb0(%a: f32, %b: f32):
    %1 = arith.addf %a, %a : f32
    linalg.yield %1 : f32
  } -> tensor<?x4xf32>
  %r = tensor.insert_slice %d into %out[0, %at] [%n, 4] [1, 1]
    : tensor<?x4xf32> into tensor<?x12xf32>
  return %r : tensor<?x12xf32>""",
)


def test_slices_are_read_and_written_in_place() -> None:
    x, out = floats(6, 12), floats(6, 12, seed=1)
    expected = out.copy()
    expected[:, 3:7] = 2 * x[:, 3:11:2]
    assert_every_pass_keeps(SLICES, [x, out, 3, 6], [expected])
    module = lowered(SLICES)
    kernel = next(op for op in module.body if "kernel" in op.attributes)
    assert "scratch" not in kernel.attributes
    assert sum(op.name == "loop.store" for op in kernel.walk()) == 1


def test_a_destination_read_again_later_is_not_overwritten() -> None:
    text = program(
        "%x: tensor<9xf32>; %out: tensor<9xf32>",
        "tensor<9xf32>",
        """
  %e = tensor.empty() : tensor<9xf32>
  %a = linalg.generic {indexing_maps = [#k, #k], iterator_types = ["parallel"]}
    ins(%x : tensor<9xf32>) outs(%e : tensor<9xf32>) {
  ^bb0(%p: f32, %q: f32):
    %1 = arith.addf %p, %p : f32
    linalg.yield %1 : f32
  } -> tensor<9xf32>
  %b = linalg.generic {indexing_maps = [#k, #k], iterator_types = ["parallel"]}
    ins(%x : tensor<9xf32>) outs(%a : tensor<9xf32>) {
  ^bb0(%p: f32, %q: f32):
    %1 = arith.mulf %p, %q : f32
    linalg.yield %1 : f32
  } -> tensor<9xf32>
  %r = linalg.generic {indexing_maps = [#k, #k, #k], iterator_types = ["parallel"]}
    ins(%a, %b : tensor<9xf32>, tensor<9xf32>) outs(%out : tensor<9xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32):
    %1 = arith.subf %p, %q : f32
    linalg.yield %1 : f32
  } -> tensor<9xf32>
  return %r : tensor<9xf32>""",
    )
    x = floats(9)
    assert_every_pass_keeps(text, [x, np.zeros(9, np.float32)], [2 * x - 2 * x * x])


def test_an_input_is_never_written_to() -> None:
    text = program(
        "%x: tensor<9xf32>; %out: tensor<9xf32>",
        "tensor<9xf32>",
        """
  %r = linalg.generic {indexing_maps = [#k], iterator_types = ["parallel"]}
    outs(%x : tensor<9xf32>) {
  ^bb0(%q: f32):
    %1 = arith.addf %q, %q : f32
    linalg.yield %1 : f32
  } -> tensor<9xf32>
  return %r : tensor<9xf32>""",
    )
    x = floats(9)
    assert_every_pass_keeps(text, [x, np.zeros(9, np.float32)], [2 * x])


def test_a_transposition_and_sums_down_columns() -> None:
    text = program(
        "%x: tensor<?x?xf32>; %out: tensor<?xf32>; %n: index; %m: index",
        "tensor<?xf32>",
        """
  %e = tensor.empty(%m, %n) : tensor<?x?xf32>
  %t = linalg.generic {indexing_maps = [#ji, #ij], iterator_types = ["parallel", "parallel"]}
    ins(%x : tensor<?x?xf32>) outs(%e : tensor<?x?xf32>) {
  ^bb0(%a: f32, %b: f32):
    linalg.yield %a : f32
  } -> tensor<?x?xf32>
  %zero = arith.constant 0.0 : f32
  %f = linalg.fill ins(%zero : f32) outs(%out : tensor<?xf32>) -> tensor<?xf32>
  %r = linalg.generic {indexing_maps = [#ij, #i], iterator_types = ["parallel", "reduction"]}
    ins(%t : tensor<?x?xf32>) outs(%f : tensor<?xf32>) {
  ^bb0(%a: f32, %b: f32):
    %1 = arith.addf %b, %a : f32
    linalg.yield %1 : f32
  } -> tensor<?xf32>
  return %r : tensor<?xf32>""",
    )
    x = floats(14, 21)
    assert_every_pass_keeps(text, [x, np.zeros(21, np.float32), 14, 21], [x.sum(0)])


def test_the_first_maximum_and_its_place() -> None:
    text = program(
        "%x: tensor<?xf32>; %out: tensor<i64>; %n: index",
        "tensor<i64>",
        """
  %low = arith.constant 0xFF800000 : f32
  %zero = arith.constant 0 : i64
  %e = tensor.empty() : tensor<f32>
  %f = linalg.fill ins(%low : f32) outs(%e : tensor<f32>) -> tensor<f32>
  %g = linalg.fill ins(%zero : i64) outs(%out : tensor<i64>) -> tensor<i64>
  %r:2 = linalg.generic {indexing_maps = [#k, #none, #none], iterator_types = ["reduction"]}
    ins(%x : tensor<?xf32>) outs(%f, %g : tensor<f32>, tensor<i64>) {
  ^bb0(%a: f32, %best: f32, %place: i64):
    %i = linalg.index 0 : index
    %at = arith.index_cast %i : index to i64
    %more = arith.cmpf ogt, %a, %best : f32
    %1 = arith.select %more, %a, %best : f32
    %2 = arith.select %more, %at, %place : i64
    linalg.yield %1, %2 : f32, i64
  } -> (tensor<f32>, tensor<i64>)
  return %r#1 : tensor<i64>""",
    )
    x = floats(50)
    x[31] = x[40] = 9.0
    assert_every_pass_keeps(text, [x, np.zeros((), np.int64), 50], [np.array(31)])


@pytest.mark.parametrize("operation", ["andi", "ori", "xori"])
def test_reductions_of_booleans(operation: str) -> None:
    text = program(
        "%x: tensor<?xi1>; %init: tensor<i1>; %n: index",
        "tensor<i1>",
        f"""
  %r = linalg.generic {{indexing_maps = [#k, #none], iterator_types = ["reduction"]}}
    ins(%x : tensor<?xi1>) outs(%init : tensor<i1>) {{
  ^bb0(%a: i1, %b: i1):
    %1 = arith.{operation} %a, %b : i1
    linalg.yield %1 : i1
  }} -> tensor<i1>
  return %r : tensor<i1>""",
    )
    function = {"andi": np.logical_and, "ori": np.logical_or, "xori": np.logical_xor}[operation]
    for x in (np.ones(37, bool), np.zeros(37, bool), np.arange(37) == 20):
        init = np.array(operation == "andi")
        assert_every_pass_keeps(text, [x, init, 37], [function.reduce(x, initial=init)[()]])


def test_a_constant_tensor_comes_as_an_argument() -> None:
    text = program(
        "%x: tensor<3xf32>; %out: tensor<3xf32>",
        "tensor<3xf32>",
        """
  %c = arith.constant dense<[1.0, 2.0, 4.0]> : tensor<3xf32>
  %half = arith.constant dense<0.5> : tensor<3xf32>
  %r = linalg.generic {indexing_maps = [#k, #k, #k, #k], iterator_types = ["parallel"]}
    ins(%x, %c, %half : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) outs(%out : tensor<3xf32>) {
  ^bb0(%a: f32, %b: f32, %h: f32, %o: f32):
    %1 = arith.mulf %a, %b : f32
    %2 = arith.addf %1, %h : f32
    linalg.yield %2 : f32
  } -> tensor<3xf32>
  return %r : tensor<3xf32>""",
    )
    x = floats(3)
    expected = x * np.array([1, 2, 4], np.float32) + np.float32(0.5)
    assert_every_pass_keeps(text, [x, np.zeros(3, np.float32)], [expected])


def test_what_has_no_loop_form_says_where() -> None:
    text = program(
        "%x: tensor<3xf32>; %out: tensor<3xf32>",
        "tensor<3xf32>",
        """
  %y = tensor.concat dim(0) %x : (tensor<3xf32>) -> tensor<3xf32>
  return %y : tensor<3xf32>""",
    )
    with pytest.raises(FleetError, match=r"tensor\.concat has no loop form") as caught:
        lowered(text)
    assert caught.value.location.line > 1

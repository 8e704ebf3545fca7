"""`fuse`: what becomes one iteration space and what must not."""

from __future__ import annotations

import numpy as np
import tracing as t
from pipeline_stages import STAGES_TO_KERNELS
from random_programs import compare, run
from tracing import Array

from fleet.ir.core import Operation
from fleet.ir.rewriting.passes import PassManager
from fleet.ir.types import TensorType, f32


def fused(function: object, *shapes: tuple[int | None, ...]) -> Operation:
    """Lowered up to the fused stage, and checked to compute the same there."""
    module = t.module_of(function, [TensorType(shape, f32) for shape in shapes])
    rng = np.random.default_rng(0)
    arguments = [
        rng.standard_normal([5 if n is None else n for n in shape]).astype(np.float32)
        for shape in shapes
    ]
    want = run(module, arguments)
    for name, passes in STAGES_TO_KERNELS:
        PassManager(list(passes)).run(module)
        if name == "fused":
            break
    for number, pair in enumerate(zip(want, run(module, arguments), strict=True)):
        compare(*pair, f"result {number}")
    return module


def structured(module: Operation) -> list[str]:
    return [
        op.name.removeprefix("linalg.")
        for op in module.walk()
        if op.name.startswith("linalg.")
        and op.name not in ("linalg.fill", "linalg.yield", "linalg.index")
    ]


def count(module: Operation, name: str) -> int:
    return sum(op.name == name for op in module.walk())


def test_a_chain_is_one_generic() -> None:
    module = fused(lambda x, y: t.unary("exp", (x + y) * 2.0) / y - 1.0, (6, 4), (6, 4))
    assert structured(module) == ["generic"]


def test_elementwise_goes_into_a_reduction() -> None:
    module = fused(lambda x: t.reduce("sum", x * x + 1.0, 1), (None, 4))
    assert structured(module) == ["generic"]


def test_what_is_expensive_and_used_twice_is_computed_once() -> None:
    def main(x: Array) -> Array:
        y = t.unary("exp", x)
        return y / t.reduce("sum", y, 1, keepdims=True)

    module = fused(main, (None, 4))
    assert count(module, "math.exp") == 1


def test_a_difference_from_a_row_is_computed_twice_rather_than_stored() -> None:
    def main(x: Array, mean: Array) -> Array:
        y = x - mean
        return y / t.reduce("sum", y * y, 1, keepdims=True)

    module = fused(main, (6, 4), (6, 1))
    assert structured(module) == ["generic", "generic"]


def test_a_root_of_each_row_is_not_taken_for_each_element() -> None:
    module = fused(lambda x, y: x / t.unary("sqrt", y * y), (6, 4), (6, 1))
    assert structured(module) == ["generic", "generic"]


def test_ranges_casts_transpositions_and_reshapes_are_subscripts() -> None:
    def main(x: Array) -> Array:
        i, j = t.reshape(t.arange(6), [6, 1]), t.reshape(t.arange(6), [1, 6])
        return t.where(i >= j, x.T, x)

    module = fused(main, (6, 6))
    assert structured(module) == ["generic"]


def test_a_gather_takes_its_indices_from_a_range() -> None:
    module = fused(lambda x, y: t.take(x, t.arange(y.size(0))) + y, (9, 4), (None, 4))
    assert structured(module) == ["generic"]


def test_an_array_of_one_number_is_a_constant_of_the_body() -> None:
    module = fused(lambda x: x * t.full(3.0, [x.size(0), 4], np.float32), (None, 4))
    assert structured(module) == ["generic"]
    assert count(module, "linalg.fill") == 0


def test_a_bias_stays_with_the_product_when_something_expensive_follows() -> None:
    module = fused(lambda x, w, b: t.unary("tanh", x @ w + b), (None, 4), (4, 8), (8,))
    assert structured(module) == ["matmul", "generic", "generic"]


def test_a_sum_over_a_constant_keeps_its_bounds() -> None:
    fused(lambda x: t.reduce("sum", t.full(1.0, [x.size(0), 4], np.float32), [0, 1]), (None, 4))

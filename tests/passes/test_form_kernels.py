"""`form-kernels`: which operations are one kernel, and what a kernel's signature is."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import tracing as t
from pipeline_stages import PIPELINE_TO_KERNELS
from random_programs import compare, run
from tracing import Array, traced

from fleet.executors import run_bytecode
from fleet.host import Host
from fleet.ir.core import Operation
from fleet.ir.rewriting.passes import PassManager
from fleet.ir.types import IndexType, TensorType, f32


def formed(function: Callable, *shapes: tuple[int | None, ...]) -> Operation:
    """Lowered to kernels, and checked to compute the same, as kernels and as loops."""
    module = t.module_of(function, [TensorType(shape, f32) for shape in shapes])
    rng = np.random.default_rng(0)
    arguments = [
        rng.standard_normal([5 if n is None else n for n in shape]).astype(np.float32)
        for shape in shapes
    ]
    want = run(module, arguments)
    PassManager(PIPELINE_TO_KERNELS).run(module)
    for number, pair in enumerate(zip(want, run(module, arguments), strict=True)):
        compare(*pair, f"result {number}")
    loops = module.clone()
    PassManager(["linalg-to-loop"]).run(loops)
    for number, pair in enumerate(zip(want, run(loops, arguments), strict=True)):
        compare(*pair, f"result {number} of loops")
    return module


def kernels(module: Operation) -> list[str]:
    return [op.get("sym_name") for op in module.body if "kernel" in op.attributes]


def launches(module: Operation) -> list[str]:
    names = kernels(module)
    return [
        op.get("callee")
        for op in module.walk()
        if op.name == "func.call" and op.get("callee") in names
    ]


@traced
def softmax(x: Array, axis: int = -1) -> Array:
    y = t.unary("exp", x - t.reduce("max", x, axis, keepdims=True))
    return y / t.reduce("sum", y, axis, keepdims=True)


def test_softmax_of_rows_is_one_kernel() -> None:
    assert kernels(formed(softmax, (None, None))) == ["softmax"]
    assert kernels(formed(softmax, (2, None, 7))) == ["softmax"]


def test_softmax_of_a_vector_is_one_kernel() -> None:
    assert kernels(formed(softmax, (None,))) == ["softmax"]


def test_columns_share_no_rows() -> None:
    names = kernels(formed(lambda x: softmax(x, 0), (None, 6)))
    assert len(names) > 1


def test_two_uses_of_the_same_code_are_one_kernel() -> None:
    module = formed(lambda x, y: softmax(x) @ softmax(y), (4, 4), (4, 4))
    assert len(launches(module)) == len(kernels(module)) + 1


def test_a_scalar_constant_is_inside_and_different_ones_are_different_kernels() -> None:
    module = formed(lambda x: softmax(x * 2.0) @ softmax(x * 3.0), (4, 4))
    assert len([name for name in kernels(module) if name.startswith("softmax")]) == 2


def test_a_product_never_goes_row_by_row_after_what_comes_before() -> None:
    module = formed(lambda x, w: softmax(x) @ w, (None, 4), (4, 8))
    for kernel in module.body:
        if "kernel" in kernel.attributes:
            names = [op.name for op in kernel.body]
            assert not ("linalg.matmul" in names and "linalg.generic" in names)


def test_nothing_that_must_run_in_between_is_enclosed() -> None:
    def main(x: Array, w: Array) -> Array:
        y = t.unary("exp", x)
        z = y @ w  # needs all of y, and its result goes back to y's rows
        return y + t.unary("exp", z)

    formed(main, (None, 4), (4, 4))


def test_slices_of_one_form_share_a_copying_kernel() -> None:
    def main(x: Array) -> list[Array]:
        return [x[:, 0:3], x[:, 2:5], x[:, 5:8]]

    module = formed(main, (None, 8))
    assert len(kernels(module)) == 1
    assert len(launches(module)) == 3


def test_leading_rows_are_a_view_and_no_kernel() -> None:
    assert kernels(formed(lambda x: [x[2:5], x[1]], (8, 4))) == []


def test_joined_arrays_are_written_in_place() -> None:
    module = formed(lambda x, y: t.concatenate([x + 1.0, y * 2.0], 1), (None, 3), (None, 5))
    assert len(launches(module)) == 2


def test_a_concatenation_of_a_concatenation_copies_what_is_there() -> None:
    def twice(x: Array, y: Array) -> Array:
        head = t.constant(np.full(1, 7.0, np.float32))
        return t.concatenate([t.concatenate([head, x], 0), y], 0)

    formed(twice, (None,), (None,))


def test_a_slice_is_read_where_it_lies() -> None:
    module = formed(lambda x: t.unary("exp", x[:, 2:5]) * x[:, 0:3], (None, 8))
    assert len(launches(module)) == 1


def test_an_overlapping_move_reads_before_it_writes() -> None:
    formed(lambda x: t.insert(x[0:7], x, [slice(1, 8)]), (8,))
    formed(lambda x: t.insert(x[::-1], x, [slice(None)]), (8,))


def test_signatures_are_inputs_destinations_sizes() -> None:
    module = formed(lambda x, y: softmax(x[:, 1:4]) + y, (None, 8), (None, 3))
    for kernel in module.body:
        if "kernel" in kernel.attributes:
            inputs = kernel.get("function_type").inputs
            tensors = [isinstance(type, TensorType) for type in inputs]
            assert tensors == sorted(tensors, reverse=True)
            assert all(isinstance(t, TensorType | IndexType) for t in inputs)
            given = len(kernel.get("function_type").results)
            dests = inputs[sum(tensors) - given : sum(tensors)]
            assert dests == kernel.get("function_type").results


def test_kernels_are_named_after_the_users_functions() -> None:
    @traced
    def my_step(x: Array) -> Array:
        return t.unary("exp", x) + 1.0

    assert kernels(formed(lambda x: my_step(x) @ x, (4, 4)))[0] == "my_step"


def test_of_a_product_only_the_rows_that_are_used_are_computed() -> None:
    module = formed(lambda x, w, b: (x @ w + b)[7:8], (8, 4), (4, 6), (6,))
    shapes = [op.result.type.shape for op in module.walk() if op.name == "linalg.matmul"]
    assert shapes == [(1, 6)]
    module = formed(lambda x, w: (x @ w)[:, 1:3], (8, 4), (4, 6))
    shapes = [op.result.type.shape for op in module.walk() if op.name == "linalg.matmul"]
    assert shapes == [(8, 2)]


def test_an_operation_that_knows_its_place_is_not_moved() -> None:
    module = formed(lambda x: (x + t.arange(8, np.float32))[2:5], (8,))
    assert len(kernels(module)) == 1


CROSSED = """
import sys
import numpy as np
n = len(sys.argv)
a = np.arange(5.0) + n
c = np.sqrt(a + 1)
print(a)
v = float(input())
b = a * v + c
print(b)
for t in range(n + 1):
    b = b - c[t]
    print(t)
print(b + c * v)
"""


def test_what_waits_for_an_answer_is_no_kernel_with_what_is_shown_before_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "program.py"
    path.write_text(CROSSED, encoding="utf-8")
    host = Host([str(path)], io.StringIO(), io.StringIO(), io.StringIO("3\n"))
    run_bytecode(host)
    command = [sys.executable, str(path)]
    done = subprocess.run(command, input="3\n", capture_output=True, text=True, check=True)
    assert host.stdout.getvalue() == done.stdout

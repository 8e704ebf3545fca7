"""GPT-2 through the middle: the same result at every stage, one block, a fixed set of kernels."""

from __future__ import annotations

import gpt2_traced
import numpy as np
import pytest
from pipeline_stages import STAGES_TO_KERNELS
from random_programs import compare, mlir_opt, run

from fleet.ir.core import Operation
from fleet.ir.rewriting.passes import PassManager


def lower(module: Operation, until: str = "kernels") -> Operation:
    for name, passes in STAGES_TO_KERNELS:
        PassManager(list(passes)).run(module)
        if name == until:
            break
    return module


def functions(module: Operation) -> list[str]:
    return [op.get("sym_name") for op in module.body if op.name == "func.func"]


def kernels(module: Operation) -> dict[str, Operation]:
    return {
        op.get("sym_name"): op
        for op in module.body
        if op.name == "func.func" and "kernel" in op.attributes
    }


@pytest.mark.parametrize("length", [1, 2, 7])
def test_every_stage_gives_the_same_logits(length: int) -> None:
    module = gpt2_traced.module(2)
    tokens = np.arange(length) * 5 % 32
    (expected,) = run(module, [tokens])
    for name, passes in STAGES_TO_KERNELS:
        PassManager(list(passes)).run(module)
        compare(expected, run(module, [tokens])[0], name)


def test_mlir_accepts_every_stage(tool) -> None:  # noqa: ANN001
    path = tool("mlir-opt-19", "mlir-opt")
    module = gpt2_traced.module(2)
    for name, passes in STAGES_TO_KERNELS:
        PassManager(list(passes)).run(module)
        mlir_opt(path, module, unregistered=name in ("outlined", "shapes"))


def test_repeated_calls_are_one_function_each() -> None:
    module = lower(gpt2_traced.module(2), "outlined")
    assert sorted(functions(module)) == ["attention", "layer_norm", "main", "transformer_block"]


def test_a_block_that_occurs_once_stays_inline_and_its_layer_norms_do_not() -> None:
    module = lower(gpt2_traced.module(1), "outlined")
    assert sorted(functions(module)) == ["attention", "layer_norm", "main"]


def test_twelve_layers_have_the_code_of_two() -> None:
    two, twelve = (lower(gpt2_traced.module(layers)) for layers in (2, 12))
    assert functions(two) == functions(twelve)
    assert len(kernels(two)) == 12


def test_softmax_layer_norm_and_gelu_are_single_kernels() -> None:
    names = list(kernels(lower(gpt2_traced.module(2))))
    for name in ("softmax", "layer_norm", "gelu"):
        assert len([kernel for kernel in names if kernel.startswith(name)]) == 1


def test_bias_and_residual_ride_on_the_matrix_products() -> None:
    found = kernels(lower(gpt2_traced.module(2)))
    linear = [kernel for name, kernel in found.items() if name.startswith("linear")]
    assert len(linear) == 4
    for kernel in linear:
        names = [op.name for op in kernel.body if op.name.startswith("linalg.")]
        assert names == ["linalg.fill", "linalg.matmul", "linalg.generic"]


def test_a_transposed_matrix_is_never_copied() -> None:
    module = lower(gpt2_traced.module(2))
    names = [op.name for op in module.walk()]
    assert names.count("linalg.matmul_transpose_b") == 1, "q @ k.T; wte.T was known"


def test_kernels_know_sizes_from_their_arguments_alone() -> None:
    module = lower(gpt2_traced.module(2))
    for kernel in kernels(module).values():
        assert all(op.name not in ("tensor.dim", "func.call") for op in kernel.walk())


def test_the_schedule_computes_nothing_on_tensors() -> None:
    module = lower(gpt2_traced.module(2))
    for function in module.body:
        if "kernel" not in function.attributes:
            assert not [op for op in function.walk() if op.name.startswith(("linalg.", "math."))]


def test_weights_are_arguments_and_not_part_of_a_kernel() -> None:
    module = lower(gpt2_traced.module(2))
    for kernel in kernels(module).values():
        for op in kernel.walk():
            if op.name == "arith.constant":
                assert op.result.type.__class__.__name__ != "TensorType"


def test_heads_are_read_and_written_in_place() -> None:
    module = lower(gpt2_traced.module(2))
    found = kernels(module)
    assert [name for name in found if "mha" in name] == ["mha"], "the mask alone, no copies"
    inserted = [name for name, k in found.items() for op in k.body if "insert_slice" in op.name]
    assert inserted == ["attention_1"]

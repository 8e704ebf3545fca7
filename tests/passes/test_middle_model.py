"""`models/gpt2.py` itself from the front end to kernels: one text at every stage."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pipeline_stages import STAGES_TO_KERNELS
from random_programs import mlir_opt

from fleet.frontend import build_ir
from fleet.host import Host
from fleet.ir.core import Operation
from fleet.ir.interpreter import Interpreter
from fleet.ir.rewriting.passes import PassManager

MODEL = Path(__file__).parents[2] / "models" / "gpt2.py"


def printed(module: Operation, *arguments: str) -> str:
    out = io.StringIO()
    Interpreter(module, Host(argv=[str(MODEL), *arguments], stdout=out)).run("main", [])
    return out.getvalue()


def test_every_stage_prints_the_same_text() -> None:
    module = build_ir(MODEL)
    want = printed(module, "Beautiful is", "6")
    assert want == "Beautiful is better\n"[: len("Beautiful is") + 6] + "\n"
    for name, passes in STAGES_TO_KERNELS:
        PassManager(list(passes)).run(module)
        assert printed(module, "Beautiful is", "6") == want, name


@pytest.fixture(scope="module")
def kernels() -> dict[str, Operation]:
    module = build_ir(MODEL)
    for _, passes in STAGES_TO_KERNELS:
        PassManager(list(passes)).run(module)
    return {op.get("sym_name"): op for op in module.body if "kernel" in op.attributes}


def test_the_kernels_of_a_block(kernels: dict[str, Operation]) -> None:
    names = " ".join(kernels)
    for name, count in (
        ("softmax", 1), ("layer_norm", 1), ("gelu", 1), ("linear", 4), ("attention", 2), ("mha", 1),
    ):  # fmt: skip
        assert sum(kernel.startswith(name) for kernel in kernels) == count, names


def test_logits_are_computed_for_the_last_row_alone(kernels: dict[str, Operation]) -> None:
    (logits,) = [
        op.result.type.shape
        for name, kernel in kernels.items()
        if name.startswith("gpt2")
        for op in kernel.walk()
        if op.name == "linalg.matmul"
    ]
    assert logits == (1, 256)


def test_mlir_accepts_every_stage(tool) -> None:  # noqa: ANN001
    path = tool("mlir-opt-19", "mlir-opt")
    module = build_ir(MODEL)
    mlir_opt(path, module, unregistered=True)
    for name, passes in STAGES_TO_KERNELS:
        PassManager(list(passes)).run(module)
        mlir_opt(path, module, unregistered=name in ("outlined", "shapes"))

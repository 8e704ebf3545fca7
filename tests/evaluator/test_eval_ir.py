"""The IR that the evaluator builds: its shape, its types, where its operations come from."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from generate import Generator
from program_table import PROGRAMS

from fleet.diagnostics import Frame, ProgramError
from fleet.frontend import build_ir, run_ast
from fleet.host import Host
from fleet.ir.analysis.verifier import verify
from fleet.ir.attributes import DenseAttr
from fleet.ir.core import Operation
from fleet.ir.interpreter import Interpreter
from fleet.ir.printing.printer import print_op
from fleet.ir.types import TensorType, numpy_dtype

MODELS = Path(__file__).parents[2] / "models"


def build(tmp_path: Path, source: str) -> Operation:
    path = tmp_path / "program.py"
    path.write_text("import sys\nimport numpy as np\n" + source, encoding="utf-8")
    module = build_ir(path)
    verify(module)
    return module


def names(module: Operation) -> list[str]:
    return [operation.name for operation in module.walk()]


@pytest.fixture(scope="module")
def gpt2() -> Operation:
    return build_ir(MODELS / "gpt2.py")


@pytest.mark.parametrize("seed", range(100, 130))
def test_every_result_has_the_declared_dtype_and_shape(seed: int, tmp_path: Path) -> None:
    n = seed % 4 + 1
    path = tmp_path / "program.py"
    path.write_text(Generator(seed).program(n), encoding="utf-8")
    module = build_ir(path)

    def observe(operation: Operation, results: Sequence[Any]) -> None:
        for result, value in zip(operation.results, results, strict=True):
            if isinstance(result.type, TensorType):
                array = np.asarray(value)
                assert array.dtype == numpy_dtype(result.type.element), operation
                pairs = zip(array.shape, result.type.shape, strict=True)
                assert all(dim in (None, length) for length, dim in pairs), operation

    host = Host(["program.py", str(n)], io.StringIO(), io.StringIO(), io.StringIO())
    try:
        with np.errstate(all="ignore"):
            Interpreter(module, host, observe).run()
    except ProgramError:
        pass


def test_a_loop_of_run_time_length_stays_one_loop(gpt2: Operation) -> None:
    found = names(gpt2)
    assert found.count("scf.for") == 1
    assert found.count("numpy.matmul") == 2 * (4 * 2 + 4) + 1  # two blocks of four heads


def test_weights_are_the_files_own_bytes(gpt2: Operation) -> None:
    constants = [op.attributes["value"] for op in gpt2.walk() if op.name == "arith.constant"]
    large = [attr for attr in constants if getattr(attr, "key", None)]
    assert large and all(isinstance(attr, DenseAttr) for attr in large)
    assert {"gpt2.npz:wte", "gpt2.npz:wpe", "gpt2.npz:wte.T"} <= {attr.key for attr in large}
    for attr in large:
        base: Any = attr.value
        while isinstance(base, np.ndarray):
            base = base.base
        assert type(base).__name__ == "mmap", attr.key


def test_equal_weights_share_a_key_and_different_ones_do_not(gpt2: Operation) -> None:
    keys: dict[str, np.ndarray] = {}
    for operation in gpt2.walk():
        attr = operation.attributes.get("value")
        if isinstance(attr, DenseAttr) and attr.key is not None:
            assert keys.setdefault(attr.key, attr.value) is attr.value


def test_operations_of_one_call_are_contiguous_and_know_their_caller(gpt2: Operation) -> None:
    loop = next(operation for operation in gpt2.walk() if operation.name == "scf.for")
    frames: list[Frame] = []
    for operation in loop.body:
        frame = operation.location.frame
        assert frame is not None
        if not frames or frames[-1] is not frame:
            frames.append(frame)
    calls = [frame for frame in frames if frame.function == "gelu"]
    assert len(calls) == len({id(frame) for frame in calls}) == 2
    stack = [function for _, function in next(
        operation.location.callers() for operation in loop.body
        if operation.location.frame is calls[0]
    )]  # fmt: skip
    assert stack == ["<module>", "main", "generate", "gpt2", "transformer_block", "ffn", "gelu"]


def test_the_preludes_operations_stand_where_the_user_called(gpt2: Operation) -> None:
    files = {Path(operation.location.file).name for operation in gpt2.walk()}
    assert files == {"gpt2.py"}


def test_values_are_named_after_variables(tmp_path: Path) -> None:
    module = build(tmp_path, "prompt = sys.argv[1]\nprint(prompt)")
    hints = {result.hint for operation in module.walk() for result in operation.results}
    assert "prompt" in hints


def test_arithmetic_on_known_arrays_is_left_to_run_time_but_layout_is_not(tmp_path: Path) -> None:
    module = build(tmp_path, "x = np.ones((2, 3)).T[1:].reshape(-1)\nprint(x + 1, x)")
    found = names(module)
    assert "numpy.add" in found
    assert not {"numpy.transpose", "numpy.slice", "numpy.reshape"} & set(found)


def test_arithmetic_on_scalars_is_done_at_build_time(tmp_path: Path) -> None:
    module = build(tmp_path, "print(np.sqrt(2 / np.pi) * np.float32(3) + 1)")
    assert {name for name in names(module) if name.startswith("numpy.")} == {"numpy.host"}


def test_a_length_is_checked_only_where_it_may_differ(tmp_path: Path) -> None:
    safe = "x = np.arange(len(sys.argv))\ny = np.ones(len(sys.argv))\nprint(x + y * x)"
    assert "numpy.check" not in names(build(tmp_path, safe))
    unsafe = "x = np.arange(int(sys.argv[1]))\nprint(x + np.arange(len(sys.argv)))"
    assert "numpy.check" in names(build(tmp_path, unsafe))


def test_a_long_known_range_becomes_a_loop_and_a_short_one_unrolls(tmp_path: Path) -> None:
    program = "x = np.zeros(3)\nfor i in range({}): x = x + i\nprint(x)"
    assert "scf.for" in names(build(tmp_path, program.format(100)))
    assert "scf.for" not in names(build(tmp_path, program.format(3)))


def test_an_error_that_is_certain_is_still_raised_at_run_time(tmp_path: Path) -> None:
    module = build(tmp_path, "print('first')\nnp.ones(2) + np.ones(3)\nprint('never')")
    host = Host(["program.py"], io.StringIO(), io.StringIO(), io.StringIO())
    with pytest.raises(ProgramError) as caught:
        Interpreter(module, host).run()
    assert host.stdout.getvalue() == "first\n"
    assert caught.value.message == "operands could not be broadcast together with shapes (2,) (3,) "
    assert caught.value.location is not None and caught.value.location.line == 4


def test_mlir_opt_takes_the_ir_of_every_program(tool: Callable[..., str], tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    texts = []
    for source, _ in PROGRAMS.values():
        path.write_text(source, encoding="utf-8")
        texts.append(print_op(build_ir(path)))
    checked = subprocess.run(
        [tool("mlir-opt-19", "mlir-opt"), "--allow-unregistered-dialect", "--split-input-file"],
        input="\n// -----\n".join(texts),
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stderr[:2000]


def test_input_is_read_at_run_time(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text("name = input('who? ')\nprint(len(name), name)\ninput()\n", encoding="utf-8")
    for run in (
        lambda host: run_ast(path, [], host),
        lambda host: Interpreter(build_ir(path), host).run(),
    ):
        host = Host(["program.py"], io.StringIO(), io.StringIO(), io.StringIO("Ada\n"))
        with pytest.raises(ProgramError) as caught:
            run(host)
        assert host.stdout.getvalue() == "who? 3 Ada\n"
        assert str(caught.value) == "EOFError: EOF when reading a line"

"""Host services and checks keep their meaning as calls of declared functions."""

from __future__ import annotations

import io

import numpy as np
import pytest
import tracing as t
from pipeline_stages import STAGES_TO_KERNELS
from random_programs import mlir_opt
from tracing import Array

from fleet.diagnostics import ProgramError
from fleet.dialects import numpy
from fleet.host import Host
from fleet.ir.attributes import attribute
from fleet.ir.core import Operation
from fleet.ir.interpreter import Interpreter
from fleet.ir.rewriting.passes import PassManager
from fleet.ir.types import TensorType, element_type, i1, i64, ui8
from fleet.passes.numpy.host_calls import strings


def printed(module: Operation, arguments: list) -> str:
    out = io.StringIO()
    Interpreter(module, Host(stdout=out)).run("main", arguments)
    return out.getvalue()


def show(*values: object, kinds: list[str], **options: object) -> None:
    operands = [v.value if isinstance(v, Array) else v for v in values]
    assert t._builder is not None
    t._builder.create(
        numpy.host, operands, types=[], service="print", kinds=strings(kinds),
        result_kinds=strings([]), options=attribute(options),
    )  # fmt: skip


def check_output(function: object, types: list, arguments: list) -> Operation:
    """Lower stage by stage; what is printed stays the same."""
    module = t.module_of(function, types)
    want = printed(module, arguments)
    for name, passes in STAGES_TO_KERNELS:
        PassManager(list(passes)).run(module)
        if name == "tosa":
            arguments = [_signless(argument) for argument in arguments]
        assert printed(module, arguments) == want, name
    return module


def _signless(value: object) -> object:
    if isinstance(value, np.ndarray) and value.dtype.kind == "u":
        return value.view(f"i{value.itemsize}")
    return value


def test_arrays_print_as_before_and_mlir_takes_the_declarations(tool) -> None:  # noqa: ANN001
    def main(x: Array) -> list:
        show(x + 1.0, t.reduce("sum", x, 0), kinds=["array", "array"], sep="; ")
        show(x, kinds=["array"])
        show(x * 2.0, kinds=["array"])
        return []

    types = [TensorType((None,), element_type(np.float64))]
    module = check_output(main, types, [np.array([1.0, 2.5, -3.0])])
    services = [op for op in module.body if "service" in op.attributes]
    assert len(services) == 2, "one declaration for equal services"
    mlir_opt(tool("mlir-opt-19", "mlir-opt"), module)


def test_unsigned_arrays_print_as_unsigned() -> None:
    def main(x: Array) -> list:
        show(x, x + x, kinds=["array", "array"])
        return []

    check_output(main, [TensorType((None,), ui8)], [np.array([1, 200, 255], np.uint8)])


def test_texts_are_bytes() -> None:
    def main(x: Array) -> list:
        show(x, kinds=["str"])
        return []

    text = np.frombuffer("grüß".encode(), np.uint8)
    check_output(main, [TensorType((None,), ui8)], [text])


def test_a_failing_check_raises_what_python_raises() -> None:
    def main(condition: object, number: object) -> list:
        assert t._builder is not None
        t._builder.create(
            numpy.check, condition, [number], exception="IndexError",
            message="index {} is out of bounds", kinds=strings(["int"]),
        )  # fmt: skip
        show(number, kinds=["int"])
        return []

    module = check_output(main, [i1, i64], [True, 7])
    with pytest.raises(ProgramError) as caught:
        printed(module, [False, 300])
    assert str(caught.value) == "IndexError: index 300 is out of bounds"


def test_indices_are_checked_and_wrapped() -> None:
    def main(indices: Array, table: Array) -> list:
        safe = Array(
            t._emit(
                numpy.check_indices, indices.value, table.size(0), axis=0, types=[indices.type]
            )
        )
        show(t.take(table, safe), kinds=["array"])
        return []

    types = [TensorType((None,), i64), TensorType((None, 2), element_type(np.float64))]
    table = np.arange(8.0).reshape(4, 2)
    module = check_output(main, types, [np.array([0, -1, 2]), table])
    with pytest.raises(ProgramError) as caught:
        printed(module, [np.array([1, 4]), table])
    assert caught.value.exception == "IndexError"
    assert "index 4 is out of bounds for axis 0 with size 4" in str(caught.value)

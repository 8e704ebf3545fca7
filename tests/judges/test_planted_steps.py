"""A mistake in one step of a pass is named as that step: which of how many, of what, and where."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from fleet.codegen.loops import contract
from fleet.codegen.select import vector, vsetvli
from fleet.dialects import arith
from fleet.ir.core import Operation, Value
from fleet.passes.general import cse, dce, outline
from fleet.passes.kernels.formation import form
from fleet.passes.kernels.formation.builder import KernelBuilder
from fleet.passes.linalg import push_slices, sink_slices
from fleet.vm import lower

Bisect = Callable[[list[str]], str]

LAYERS = """\
import sys
import numpy as np

n = int(sys.argv[1])

def layer(x, w):
    centred = x - x.mean(axis=1, keepdims=True)
    scaled = centred / np.sqrt((centred * centred).mean(axis=1, keepdims=True) + 1)
    return np.tanh(scaled @ w - x) * (x + w)

x = np.arange(n * n, dtype=np.float32).reshape(n, n) / 9
y = layer(x, x / 2 - 1)
z = layer(y, x * 3)
print(z, n + 1)
print(np.log(np.abs(z) + 1)[-1:], x - z, z - x)
"""

HEADS = """\
import sys
import numpy as np

def head(q, k, v):
    scores = np.tanh(q @ (k + 1).T / 3 - 1) * 2
    e = np.exp(scores - 1)
    return e / e.sum(axis=1, keepdims=True) @ v

n = int(sys.argv[1])
x = np.arange(n * 8, dtype=np.float32).reshape(n, 8) / 50
print(np.hstack([head(*[part[:, 4 * i : 4 * i + 4] for part in (x, x * 2, x - 1)])
                 for i in range(2)]))
"""


@pytest.fixture
def layers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A program that calls a function twice, and its argument."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "layers.py").write_text(LAYERS)
    return ["layers.py", "3"]


@pytest.fixture
def heads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A program that gives parts of arrays to a function, and its argument."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "heads.py").write_text(HEADS)
    return ["heads.py", "3"]


def names(text: str, pass_: str, rule: str, place: str) -> None:
    """The text says which application of which pass it is, and where."""
    assert f"the first pass that departs is {pass_}, of stage " in text, text
    found = rf"^{re.escape(place)}:[\d:]+: application \d+ of \d+: {rule}"
    assert re.search(found, text, re.MULTILINE), text


def with_add_for_sub(root: Operation) -> None:
    for each in list(root.walk()):
        if each.name == "arith.subf":
            each.name, each.definition = "arith.addf", arith.addf
            return


def test_a_wrong_call_of_an_outlined_function(
    layers: list[str], bisected: Bisect, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = outline._call

    def wrong(*arguments: object) -> Operation:
        call = right(*arguments)
        types = [value.type for value in call.operands]
        alike = [n for n, type in enumerate(types) if types.count(type) > 1]
        operands = list(call.operands)
        operands[alike[0]], operands[alike[1]] = operands[alike[1]], operands[alike[0]]
        call.operands = operands
        return call

    monkeypatch.setattr(outline, "_call", wrong)
    names(bisected(layers), "outline", "calls of layer share a function at", "layers.py:7")


def test_an_operation_that_is_erased_though_its_effect_is_wanted(
    layers: list[str], bisected: Bisect, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = dce._Marker._removable

    def wrong(marker: dce._Marker, operation: Operation) -> bool:
        return operation.get("service") == "print" or right(marker, operation)

    monkeypatch.setattr(dce._Marker, "_removable", wrong)
    text = bisected(layers)
    names(text, "dce", "unused at 'numpy.host'", "layers.py:15")


def test_operations_that_are_merged_though_operands_are_the_other_way(
    layers: list[str], bisected: Bisect, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = cse.shallow_key

    def wrong(operation: Operation) -> object:
        is_difference = operation.name == "numpy.subtract"
        return ("-", frozenset(operation.operands)) if is_difference else right(operation)

    monkeypatch.setattr(cse, "shallow_key", wrong)
    names(bisected(layers), "cse", "equal at 'numpy.subtract'", "layers.py:15")


def test_a_wrong_slice_is_pushed(
    layers: list[str], bisected: Bisect, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = push_slices._sliced

    def wrong(builder, value, map, chosen, made) -> Value:
        first = {axis: (0, size, stride) for axis, (_, size, stride) in chosen.items()}
        return right(builder, value, map, first, made)

    monkeypatch.setattr(push_slices, "_sliced", wrong)
    names(bisected(layers), "push-slices", "compute only a slice at", "layers.py:15")


def test_a_slice_that_begins_elsewhere_in_the_function(
    heads: list[str], bisected: Bisect, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = sink_slices._Sinking._index_arguments

    def wrong(sinking, form, slices, calls) -> tuple[list, list]:
        offsets, sizes = right(sinking, form, slices, calls)
        return [0] * len(offsets), sizes

    monkeypatch.setattr(sink_slices._Sinking, "_index_arguments", wrong)
    text = bisected(heads)
    names(text, "sink-slices", "take the slice in the function at", "heads.py:11")


def test_a_group_that_is_outlined_wrong(
    layers: list[str], bisected: Bisect, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = KernelBuilder.build

    def wrong(builder: KernelBuilder, kernels: object) -> Operation:
        for operation in builder.operations:
            if operation.location.line == 9:
                with_add_for_sub(operation)
        return right(builder, kernels)

    monkeypatch.setattr(form.KernelBuilder, "build", wrong)
    text = bisected(layers)
    names(text, "form-kernels", "a group becomes a kernel at", "layers.py:9")


def test_stores_that_are_dropped_though_they_are_read(
    heads: list[str], bisected: Bisect, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = contract.accesses

    def wrong(operation: Operation) -> Sequence:
        return [pair for pair in right(operation) if pair[0].name == "loop.store"]

    monkeypatch.setattr(contract, "accesses", wrong)
    text = bisected(heads)
    names(text, "contract", "a store that nobody reads at 'loop.store'", "heads.py")


def test_a_wrong_instruction_is_selected(
    layers: list[str], bisected: Bisect, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = vector.RULES["subf"]
    monkeypatch.setitem(vector.RULES, "subf", lambda s, op, name: right(s, op, "addf"))
    text = bisected(layers)
    names(text, "select-instructions", "instructions for arith.subf at 'arith.subf'", "layers.py")


def test_a_vector_length_that_is_not_set(
    layers: list[str], bisected: Bisect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vsetvli.Demand, "is_met", lambda demand, state: state is not None)
    text = bisected(layers)
    names(text, "insert-vsetvli", "vl and vtype are those in force at 'rv.vf", "layers.py")


def test_a_pass_of_one_step_is_named_as_a_whole(
    layers: list[str], bisected: Bisect, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = lower.Memory.allocate
    earlier: list[object] = []

    def wrong(memory: lower.Memory, type: object, dims: object) -> object:
        """One buffer for what is computed in line 9."""
        here = memory.builder.location.line == 9
        made = earlier[-1] if here and earlier else right(memory, type, dims)
        if here:
            earlier.append(made)
        return made

    monkeypatch.setattr(lower.Memory, "allocate", wrong)
    text = bisected(layers)
    assert "the first pass that departs is schedule-to-vm, of stage vm" in text, text

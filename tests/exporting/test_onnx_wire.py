"""The wire format: what the ONNX project's own package reads of ours, and we of its."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fleet.diagnostics import FleetError
from fleet.exporting.onnx.files import read_model, write_model
from fleet.exporting.onnx.graph import Graph, Model, Node, ValueType
from fleet.exporting.onnx.schema import DTYPES, SCHEMA
from fleet.exporting.onnx.wire import Message, Reader, encode, varint

FLOATS = np.dtype("float32")


def bytes_of(message: Message) -> bytes:
    return b"".join(bytes(np.ascontiguousarray(piece)) if isinstance(piece, np.ndarray) else
                    bytes(piece) for piece in encode(message, SCHEMA))  # fmt: skip


def sample(rng: np.random.Generator) -> Model:
    """A model with an attribute of every kind, a graph within, and weights of every dtype."""
    body = Graph(
        "body", [Node("Identity", ["x"], ["inner"])], {}, {"inner": ValueType(FLOATS, ())}
    )
    attributes: dict[str, Any] = {
        "i": -3, "f": 0.5, "s": "é", "ints": [1, -2], "floats": [1.0, 2.5], "strings": ["a", ""],
        "t": np.arange(6).reshape(2, 3), "g": body, "none": [],
    }  # fmt: skip
    node = Node("Any", ["x", "", "w"], ["y"], attributes, "f/Any_3", "a.py:3", {"line": "3"})
    weights = {f"w_{dtype}": rng.integers(0, 2, (3, 4)).astype(dtype) for dtype in DTYPES.values()}
    weights["turned"] = rng.normal(size=(5, 7)).astype(FLOATS).T
    weights["scalar"], weights["empty"] = np.array(2.5), np.zeros((0, 3), np.int8)
    graph = Graph(
        "f", [node], {"x": ValueType(FLOATS, ("n", 3, None)), "any": ValueType(FLOATS)},
        {"y": ValueType(FLOATS, ())}, weights, {"z": ValueType(np.dtype("int64"), (2,))}, "doc",
    )  # fmt: skip
    return Model(graph, "fleet", "1", doc="model", metadata={"key": "value"})


def same(one: Any, other: Any) -> bool:
    """Whether two models are equal, arrays by their elements and dtypes."""
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and np.array_equal(one, other)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if hasattr(one, "__dataclass_fields__"):
        return all(same(getattr(one, name), getattr(other, name)) for name in
                   one.__dataclass_fields__)  # fmt: skip
    return bool(one == other)


@pytest.mark.parametrize("beside", [False, True])
def test_what_is_written_reads_back(tmp_path: Path, beside: bool) -> None:
    model = sample(np.random.default_rng(0))
    model.graph.initializers["large"] = np.random.default_rng(1).normal(size=(300, 70)).T
    files = write_model(model, tmp_path / "a.onnx", beside=beside)
    assert [file.name for file in files] == ["a.onnx", "a.onnx.data"][: 1 + beside]
    assert same(read_model(tmp_path / "a.onnx"), model)
    assert sorted(path.name for path in tmp_path.iterdir()) == [file.name for file in files]


def test_weights_of_more_than_the_limit_go_beside(tmp_path: Path) -> None:
    model = sample(np.random.default_rng(0))
    model.graph.initializers["large"] = np.ones((100, 100))
    assert len(write_model(model, tmp_path / "a.onnx", inside=80_000)) == 2
    assert len(write_model(model, tmp_path / "a.onnx", inside=90_000)) == 1


@pytest.mark.parametrize("beside", [False, True])
def test_onnx_reads_ours_and_writes_the_same_bytes(tmp_path: Path, beside: bool) -> None:
    onnx = pytest.importorskip("onnx")
    path = tmp_path / "a.onnx"
    model = sample(np.random.default_rng(0))
    model.graph.initializers["large"] = np.random.default_rng(1).normal(size=(300, 70)).T
    write_model(model, path, beside=beside)
    theirs = onnx.load(path, load_external_data=False)
    assert theirs.SerializeToString() == path.read_bytes()
    loaded = onnx.load(path)
    for tensor in loaded.graph.initializer:
        array = onnx.numpy_helper.to_array(tensor, str(tmp_path))
        assert same(array, model.graph.initializers[tensor.name])


def test_the_schema_is_that_of_onnx() -> None:
    onnx = pytest.importorskip("onnx")
    types = {1: "double", 2: "float", 3: "int", 4: "int", 5: "int", 9: "str", 12: "bytes",
             14: "int"}  # fmt: skip
    for kind, fields in SCHEMA.items():
        outer, _, inner = kind.partition(".")
        descriptor = getattr(onnx, outer).DESCRIPTOR
        descriptor = descriptor.nested_types_by_name[inner] if inner else descriptor
        for row in fields.values():
            theirs = descriptor.fields_by_name[row.name]
            message = theirs.message_type
            expected = message.full_name.removeprefix("onnx.") if message else types[theirs.type]
            packed = theirs.GetOptions().packed
            assert (row.number, row.type, row.packed) == (theirs.number, expected, packed)
            many = theirs.is_repeated if hasattr(theirs, "is_repeated") else theirs.label == 3
            assert row.repeated == many


def test_we_read_what_onnx_writes(tmp_path: Path) -> None:
    """Elements in the fields of their types, too, which we do not write."""
    onnx = pytest.importorskip("onnx")
    rng, helper = np.random.default_rng(2), onnx.helper
    arrays = {dtype.name: rng.integers(0, 100, (2, 3)).astype(dtype) for dtype in DTYPES.values()}
    tensors = [
        helper.make_tensor(name, onnx.helper.np_dtype_to_tensor_dtype(array.dtype), array.shape,
                           array.reshape(-1).tolist())
        for name, array in arrays.items()
    ]  # fmt: skip
    graph = helper.make_graph([helper.make_node("Relu", ["x"], ["y"], name="n", alpha=1.5)], "g",
        [helper.make_tensor_value_info("x", 1, ["n", 2, None])],
        [helper.make_tensor_value_info("y", 1, None)], tensors)  # fmt: skip
    (tmp_path / "b.onnx").write_bytes(helper.make_model(graph).SerializeToString())
    model = read_model(tmp_path / "b.onnx")
    assert same(model.graph.initializers, arrays)
    assert model.graph.inputs["x"] == ValueType(FLOATS, ("n", 2, None))
    assert model.graph.nodes[0].attributes == {"alpha": 1.5}


@pytest.mark.parametrize("number", [0, 1, 127, 128, 300, 2**63 - 1, -1, -(2**63)])
def test_numbers_keep_their_signs(number: int) -> None:
    message = Message("TensorProto", {"dims": [number]})
    data = memoryview(bytes_of(message))
    assert Reader(data, SCHEMA, "it").message("TensorProto") == message
    assert len(varint(number)) == max(1, -(-(number % 2**64).bit_length() // 7))


def test_damaged_files_are_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.onnx"
    write_model(sample(np.random.default_rng(0)), path)
    whole = path.read_bytes()
    rng = np.random.default_rng(3)
    refused = 0
    for _ in range(200):
        data = bytearray(whole)
        for at in rng.integers(0, len(data), 3):
            data[at] = rng.integers(0, 256)
        path.write_bytes(bytes(data[: rng.integers(1, len(data) + 1)]))
        try:
            read_model(path)
        except FleetError as error:
            refused += 1
            assert str(error).startswith(f"error: cannot read {path}: ")
    assert refused > 150

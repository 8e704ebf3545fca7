"""ONNX files: a model written and read, its weights in it or in a file beside it.

The one idea: weights go from where they are mapped to where they are wanted, a piece at a time. In
a file beside the model each begins on a page of its own, so that it can be mapped from there.
Sources: onnx/docs/ExternalData.md; protobuf.dev on the limit of 2 GB for a message.
"""

from __future__ import annotations

import mmap
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from fleet.buffers import write_buffer
from fleet.diagnostics import FleetError
from fleet.exporting.onnx.graph import Model, model_message, model_of
from fleet.exporting.onnx.schema import DTYPES, EXTERNAL, SCHEMA
from fleet.exporting.onnx.wire import Message, Piece, Reader, encode, size_of
from fleet.files import STANDARD, reason_of, write_whole

INSIDE_BYTES = 1 << 30
"""Weights of more bytes than this are put into a file of their own."""
SMALL_BYTES = 1 << 10
"""An array of fewer stays in the model even so."""
PAGE = 4096


@dataclass
class _Beside:
    """Arrays in a file beside the model, in order, and where each begins."""

    location: str
    arrays: list[tuple[int, Piece]] = field(default_factory=list)
    end: int = 0

    def add(self, piece: Piece) -> tuple[int, int]:
        """Where an array will be, and its bytes."""
        offset = self.end + -self.end % PAGE
        self.arrays.append((offset, piece))
        self.end = offset + size_of(piece)
        return offset, size_of(piece)

    def write(self, file: BinaryIO) -> None:
        for offset, piece in self.arrays:
            file.write(bytes(offset - file.tell()))
            write_buffer(file, piece)


def write_model(
    model: Model, path: str | Path, *, beside: bool | None = None, inside: int = INSIDE_BYTES
) -> list[Path]:
    """Write a model; the files that there are now, the model's first.

    beside: whether weights go into PATH.data; None for when they have more than `inside` bytes.
    Raises FleetError if it cannot be written.
    """
    message = model_message(model)
    tensors = message.get("graph").get("initializer")
    total = sum(size_of(tensor.get("raw_data")) for tensor in tensors)
    wanted = total > inside if beside is None else beside
    files = [Path(path)]
    if wanted:
        if str(path) == STANDARD:
            raise FleetError(
                f"{total:,} bytes of weights need a file beside the model, and standard output "
                "has none", hint="give a file with -o",
            )  # fmt: skip
        data = Path(f"{path}.data")
        rest = _Beside(data.name)
        for tensor in tensors:
            if size_of(tensor.get("raw_data")) >= SMALL_BYTES:
                _move(tensor, rest)
        write_whole(data, rest.write)
        files.append(data)
    pieces = encode(message, SCHEMA)

    def write(file: BinaryIO) -> None:
        for piece in pieces:
            write_buffer(file, piece)

    write_whole(path, write)
    return files


def _move(tensor: Message, rest: _Beside) -> None:
    offset, length = rest.add(tensor.fields.pop("raw_data"))
    entries = {"location": rest.location, "offset": str(offset), "length": str(length)}
    tensor.fields["external_data"] = [
        Message("StringStringEntryProto", {"key": key, "value": value})
        for key, value in entries.items()
    ]
    tensor.fields["data_location"] = EXTERNAL


# -- reading


def read_model(path: str | Path) -> Model:
    """The model in a file; its weights are mapped. Raises FleetError if it is none of ours."""
    folder = Path(path).parent
    views: dict[Path, memoryview] = {}

    def array_of(tensor: Message) -> np.ndarray:
        return _array(tensor, folder, views)

    message = Reader(_mapped(Path(path)), SCHEMA, str(path)).message("ModelProto")
    try:
        return model_of(message, array_of)
    except ValueError as error:
        raise FleetError(
            f"cannot read {path}: {error}", hint="give a file that `fleet export` has written"
        ) from None


def _mapped(path: Path) -> memoryview:
    try:
        with open(path, "rb") as file:
            size = file.seek(0, 2)
            return memoryview(
                mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
            )
    except (OSError, ValueError) as error:
        raise FleetError(f"cannot read {path}: {reason_of(error)}") from None


_FIELDS: dict[str, str] = {
    "float32": "float_data", "float64": "double_data", "int64": "int64_data",
    "uint32": "uint64_data", "uint64": "uint64_data",
}  # fmt: skip
"""Where a TensorProto has elements that are not raw; all others have int32_data."""


def _array(tensor: Message, folder: Path, views: dict[Path, memoryview]) -> np.ndarray:
    """Raises ValueError."""
    name = tensor.get("name", "")
    dtype = DTYPES.get(tensor.get("data_type", 0))
    if dtype is None:
        raise ValueError(f"`{name}` has no numbers of NumPy's")
    shape = tuple(tensor.get("dims", ()))
    data: Any = tensor.get("raw_data")
    if tensor.get("data_location") == EXTERNAL:
        data = _from_beside(tensor, folder, views)
    if data is None:
        values = np.asarray(tensor.get(_FIELDS.get(dtype.name, "int32_data"), []))
        if dtype.name == "float16":
            return values.astype(np.uint16).view(np.float16).reshape(shape)
        return values.astype(dtype).reshape(shape)
    return np.frombuffer(data, dtype.newbyteorder("<")).astype(dtype, copy=False).reshape(shape)


def _from_beside(tensor: Message, folder: Path, views: dict[Path, memoryview]) -> memoryview:
    entries = {one.get("key"): one.get("value", "") for one in tensor.get("external_data", ())}
    location = entries.get("location", "")
    path = folder / location
    if not location or Path(location).is_absolute() or ".." in Path(location).parts:
        raise ValueError(f"`{tensor.get('name')}` is in `{location}`, which is not beside it")
    if path not in views:
        views[path] = _mapped(path)
    whole = views[path]
    start = int(entries.get("offset", 0))
    end = start + int(entries.get("length", len(whole) - start))
    if end > len(whole):
        raise ValueError(f"{location} ends before `{tensor.get('name')}` does")
    return whole[start:end]

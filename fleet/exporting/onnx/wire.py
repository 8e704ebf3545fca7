"""Protocol buffers' wire format: messages as bytes, and back.

In: a `Message`, the fields of a kind that a schema declares. Out: pieces of bytes, large arrays
among them as they are, never copied. The one idea: a schema is text, a line a field, and nothing
else says what a message looks like. Source: protobuf.dev, "Encoding".

    ModelProto
      1 int ir_version
      8 OperatorSetIdProto* opset_import

A type is `int` (64 bits, signed), `float`, `double`, `bytes`, `str` or a message; `*` is repeated,
`+` is repeated and packed into one piece.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fleet.diagnostics import FleetError
from fleet.leb128 import unsigned

Piece = bytes | memoryview | np.ndarray
"""A part of a file."""


@dataclass(frozen=True)
class Field:
    """One line of a schema."""

    number: int
    type: str
    name: str
    repeated: bool
    packed: bool


Schema = Mapping[str, Mapping[str, Field]]
"""Kind of message -> name of field -> field."""


@dataclass(eq=True)
class Message:
    """A message: its kind and its fields by name, lists where they are repeated."""

    kind: str
    fields: dict[str, Any] = field(default_factory=dict)

    def get(self, name: str, default: Any = None) -> Any:
        return self.fields.get(name, default)


def parse_schema(text: str) -> Schema:
    """The schema that a text declares."""
    found: dict[str, dict[str, Field]] = {}
    for line in text.strip().splitlines():
        match line.split():
            case [kind]:
                fields = found[kind] = {}
            case [number, type, name]:
                plain = type.rstrip("*+")
                fields[name] = Field(int(number), plain, name, plain != type, type.endswith("+"))
    return found


# -- writing

VARINT, FIXED64, DELIMITED, FIXED32 = 0, 1, 2, 5
"""Wire types: what follows a tag."""
_WIRE = {"int": VARINT, "float": FIXED32, "double": FIXED64}
_PACKED = {"float": "<f4", "double": "<f8"}


def varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first; negative numbers as 64 bits."""
    return unsigned(number & (1 << 64) - 1)


def size_of(piece: Piece) -> int:
    """Its bytes."""
    return len(piece) if isinstance(piece, bytes) else piece.nbytes


def encode(message: Message, schema: Schema) -> list[Piece]:
    """The message's bytes, in pieces, its fields in the order of their numbers."""
    fields = schema[message.kind]
    pieces: list[Piece] = []
    for row in fields.values():
        value = message.fields.get(row.name)
        if value is None:
            continue
        if row.packed:
            if len(value):
                _delimited(row, [_pack(row.type, value)], pieces)
            continue
        for item in value if row.repeated else (value,):
            _encode_one(row, item, schema, pieces)
    return _joined(pieces)


def _encode_one(row: Field, value: Any, schema: Schema, pieces: list[Piece]) -> None:
    match row.type:
        case "int":
            pieces.append(varint(row.number << 3 | VARINT) + varint(value))
        case "float":
            pieces.append(varint(row.number << 3 | FIXED32) + struct.pack("<f", value))
        case "double":
            pieces.append(varint(row.number << 3 | FIXED64) + struct.pack("<d", value))
        case "str":
            _delimited(row, [value.encode()], pieces)
        case "bytes":
            _delimited(row, [value], pieces)
        case _:
            _delimited(row, encode(value, schema), pieces)


def _delimited(row: Field, body: Sequence[Piece], pieces: list[Piece]) -> None:
    length = sum(map(size_of, body))
    pieces.append(varint(row.number << 3 | DELIMITED) + varint(length))
    pieces.extend(body)


def _pack(type: str, values: Any) -> bytes:
    if type == "int":
        return b"".join(map(varint, values))
    return np.asarray(values, _PACKED[type]).tobytes()


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """The same with neighbouring bytes put together."""
    made: list[Piece] = []
    run: list[bytes] = []
    for piece in pieces:
        if isinstance(piece, bytes):
            run.append(piece)
            continue
        if run:
            made.append(b"".join(run))
            run = []
        made.append(piece)
    if run:
        made.append(b"".join(run))
    return made


# -- reading


class Reader:
    """Decodes messages from bytes, which it does not copy. Raises FleetError for what is not one.

    file: how messages call it.
    """

    def __init__(self, data: memoryview, schema: Schema, file: str) -> None:
        self.data = data
        self.file = file
        self._rows = {
            kind: {row.number: row for row in fields.values()} for kind, fields in schema.items()
        }

    def message(self, kind: str, start: int = 0, end: int | None = None) -> Message:
        """What is between two places."""
        end = len(self.data) if end is None else end
        rows, made, at = self._rows[kind], Message(kind), start
        while at < end:
            tag, at = self._varint(at, end)
            row = rows.get(tag >> 3)
            at = self._field(made, row, tag & 7, at, end)
        return made

    def _field(self, made: Message, row: Field | None, wire: int, at: int, end: int) -> int:
        """Read one field's value; where it ends. Fields that the schema lacks are passed over."""
        start = at
        match wire:
            case 0:
                number, stop = self._varint(at, end)
            case 1:
                number, stop = 0, at + 8
            case 5:
                number, stop = 0, at + 4
            case 2:
                length, start = self._varint(at, end)
                number, stop = 0, start + length
            case _:
                raise self._wrong(f"byte {at} begins a field of the unknown wire type {wire}")
        if stop > end:
            raise self._wrong(f"the field at byte {at} goes beyond the end")
        if row is None:
            return stop
        if wire == DELIMITED and row.type in ("int", "float", "double"):
            values = self._packed(row.type, start, stop)
            made.fields.setdefault(row.name, []).extend(values)
            return stop
        if wire != _WIRE.get(row.type, DELIMITED):
            raise self._wrong(f"`{row.name}` at byte {at} has the wire type {wire}")
        value = self._value(row.type, number, start, stop)
        if row.repeated:
            made.fields.setdefault(row.name, []).append(value)
        else:
            made.fields[row.name] = value
        return stop

    def _value(self, type: str, number: int, start: int, stop: int) -> Any:
        match type:
            case "int":
                return _signed(number)
            case "float":
                return struct.unpack("<f", self.data[start:stop])[0]
            case "double":
                return struct.unpack("<d", self.data[start:stop])[0]
            case "bytes":
                return self.data[start:stop]
            case "str":
                try:
                    return str(self.data[start:stop], "utf-8")
                except UnicodeDecodeError:
                    raise self._wrong(f"the text at byte {start} is not UTF-8") from None
        return self.message(type, start, stop)

    def _packed(self, type: str, start: int, stop: int) -> list[Any]:
        if type != "int":
            whole = (stop - start) % (4 if type == "float" else 8) == 0
            if not whole:
                raise self._wrong(f"the numbers at byte {start} end in a part of one")
            return np.frombuffer(self.data[start:stop], _PACKED[type]).tolist()
        values = []
        while start < stop:
            number, start = self._varint(start, stop)
            values.append(_signed(number))
        return values

    def _varint(self, at: int, end: int) -> tuple[int, int]:
        value = shift = 0
        begin = at
        while at < end and shift < 70:
            byte = self.data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value & ((1 << 64) - 1), at
            shift += 7
        raise self._wrong(f"the number at byte {begin} does not end")

    def _wrong(self, what: str) -> FleetError:
        return FleetError(
            f"cannot read {self.file}: {what}", hint="give a file of the format ONNX"
        )


def _signed(number: int) -> int:
    return number - (1 << 64) if number >> 63 else number

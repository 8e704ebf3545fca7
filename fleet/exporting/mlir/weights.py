"""A graph's large constants in MLIR: in the text, as resources of the text, or in a file beside it.

In: a printed text that names its large constants, and their arrays. Out: a file, written a piece at
a time, so that weights that are mapped are never in memory as a whole, nor is their text. For
`separate`: the constants become the last arguments of the function, under their names, and a
.safetensors file has the arrays by these.

Sources: BuiltinAttributes.td of MLIR (DenseElementsAttr, DenseResourceElementsAttr);
github.com/huggingface/safetensors, README, "Format".
"""

from __future__ import annotations

import binascii
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np

from fleet.dialects import arith
from fleet.exporting.graph import Graph, Port
from fleet.exporting.specs import unique
from fleet.files import write_whole
from fleet.ir.attributes import ArrayAttr, DenseAttr, DictAttr, TypeAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Operation
from fleet.ir.printing.resources import is_resource
from fleet.ir.printing.spelling import value_name
from fleet.ir.rewriting.passes import PassManager
from fleet.ir.types import FunctionType, numpy_dtype
from fleet.passes.linalg.structured import named_matmul

INLINE, RESOURCE, SEPARATE = "inline", "resource", "separate"
WEIGHTS = (INLINE, RESOURCE, SEPARATE)
PIECE = 1 << 20
"""Bytes that are copied at a time."""
_NAMED = re.compile(r"dense_resource<([\w.$]+)>")
_DTYPES = {
    "bool": "BOOL", "uint8": "U8", "int8": "I8", "uint16": "U16", "int16": "I16", "float16": "F16",
    "uint32": "U32", "int32": "I32", "float32": "F32", "uint64": "U64", "int64": "I64",
    "float64": "F64",
}  # fmt: skip
"""NumPy's name -> that of safetensors."""


# -- in the file


def write_text(
    path: Path, header: str, text: str, arrays: Mapping[str, DenseAttr], where: str
) -> None:
    """Write a module's text. arrays: the constants by the names that the text has for them."""

    def write(file: BinaryIO) -> None:
        file.write(header.encode())
        if where == INLINE:
            at = 0
            for found in _NAMED.finditer(text):
                file.write(text[at : found.start()].encode())
                array = arrays[found[1]].value
                if array.dtype == bool:  # bits in a text, bytes in a resource
                    array = np.packbits(array.reshape(-1), bitorder="little")
                _hexadecimal(file, 'dense<"0x', array, '">')
                at = found.end()
            file.write(text[at:].encode())
            return
        file.write(text.encode())
        if not arrays:
            return
        file.write(b"\n{-#\n  dialect_resources: {\n    builtin: {\n")
        for number, (name, attribute) in enumerate(arrays.items()):
            size = attribute.value.itemsize
            before = ",\n" if number else ""
            _hexadecimal(file, f'{before}      {name}: "0x{size:02X}000000', attribute.value, '"')
        file.write(b"\n    }\n  }\n#-}\n")

    write_whole(path, write)


def _hexadecimal(file: BinaryIO, before: str, array: np.ndarray, after: str) -> None:
    file.write(before.encode())
    for piece in pieces(array):
        file.write(binascii.hexlify(piece).upper())
    file.write(after.encode())


def pieces(array: np.ndarray) -> Iterator[bytes]:
    """The elements in row-major, little-endian order, a few at a time."""
    if array.ndim and array.nbytes > PIECE and len(array) > 1:
        rows = max(1, PIECE // max(array[0].nbytes, 1))
        for at in range(0, len(array), rows):
            yield from pieces(array[at : at + rows]) if rows > 1 else pieces(array[at])
        return
    yield array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()


def transposed_as_stored(module: Operation) -> None:
    """Let products with transposed weights read these as they are stored, so that they are once."""
    for op in list(module.walk()):
        if op.name != "linalg.matmul":
            continue
        a, b, out = op.operands
        held = b.owner.attributes.get("value") if isinstance(b.owner, Operation) else None
        if not isinstance(held, DenseAttr) or not is_resource(held):
            continue
        if held.value.flags.c_contiguous or not held.value.T.flags.c_contiguous:
            continue
        builder = Builder.before(op)
        key = (held.key or "constant").removesuffix(".T")
        base = DenseAttr(held.value.T, held.type.with_shape(held.value.T.shape), key)
        weights = builder.value(arith.constant, value=base, types=[base.type])
        op.replace_with([named_matmul(builder, "matmul_transpose_b", a, weights, out)])
        if not b.is_used:
            b.owner.erase()


# -- beside it


def separate(graph: Graph) -> dict[str, DenseAttr]:
    """Make the large constants arguments of the function; them by the arguments' names.

    The graph's module is at the stage that is printed; its ports are left as they are.
    """
    module = graph.module
    main = graph.function
    if any(_is_weight(op) for function in module if function is not main for op in function.walk()):
        PassManager(("inline", "symbol-dce")).run(module)
    taken = [value_name(port.name) for port in graph.arguments]
    found: dict[DenseAttr, str] = {}
    arguments: dict[DenseAttr, object] = {}
    for op in list(main.walk()):
        if not _is_weight(op):
            continue
        attribute = op.attributes["value"]
        assert isinstance(attribute, DenseAttr)
        if attribute not in found:
            name = unique(value_name(attribute.key or "constant"), taken)
            taken.append(name)
            found[attribute] = name
            arguments[attribute] = main.body.add_argument(attribute.type, name)
        op.replace_with([arguments[attribute]])
    type = main.get("function_type")
    inputs = tuple(argument.type for argument in main.body.arguments)
    main.attributes["function_type"] = TypeAttr(FunctionType(inputs, type.results))
    described = main.attributes.get("arg_attrs")
    if isinstance(described, ArrayAttr):
        more = (DictAttr(()),) * (len(inputs) - len(described.value))
        main.attributes["arg_attrs"] = ArrayAttr((*described.value, *more))
    return {name: attribute for attribute, name in found.items()}


def _is_weight(op: Operation) -> bool:
    value = op.attributes.get("value")
    return op.name == "arith.constant" and isinstance(value, DenseAttr) and is_resource(value)


def ports_of(arrays: Mapping[str, DenseAttr]) -> list[Port]:
    """The further arguments, as the graph's own are described."""
    return [
        Port(name, "array", one.value.dtype, one.value.shape, one.type)
        for name, one in arrays.items()
    ]


def write_safetensors(path: Path, arrays: Mapping[str, DenseAttr]) -> None:
    """Write arrays by name."""
    table, end = {}, 0
    for name, one in arrays.items():
        dtype = numpy_dtype(one.type.element)
        size = one.value.size * dtype.itemsize
        table[name] = {
            "dtype": _DTYPES[dtype.name], "shape": list(one.value.shape),
            "data_offsets": [end, end + size],
        }  # fmt: skip
        end += size
    head = json.dumps(table, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)

    def write(file: BinaryIO) -> None:
        file.write(len(head).to_bytes(8, "little") + head)
        for one in arrays.values():
            for piece in pieces(one.value):
                file.write(piece)

    write_whole(path, write)

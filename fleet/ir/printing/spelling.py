"""How constants are spelled: attributes, numbers, strings and names as MLIR 19 text.

In: an attribute. Out: its text. The one idea: what is spelled here, `fleet.ir.parsing.parser` reads
back to an equal value, so floats are written with as many digits as it takes and not one more.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from fleet.ir.attributes import (
    AffineMapAttr,
    ArrayAttr,
    Attribute,
    DenseArrayAttr,
    DenseAttr,
    DictAttr,
    FloatAttr,
    IntegerAttr,
    RawAttr,
    StringAttr,
    SymbolRefAttr,
    TypeAttr,
    UnitAttr,
)
from fleet.ir.number_formats import float_bits, float_text
from fleet.ir.types import ComplexType, FunctionType, OtherFloatType, f64, i1, i64, is_float

_BARE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_$.]*\Z")
_SUFFIX_NAME = re.compile(r"[^A-Za-z0-9_$.-]")
INLINE_ELEMENTS = 100
"""Constants of up to so many elements are spelled, larger ones are hexadecimal bytes."""

Naming = Callable[[Attribute], "str | None"]
"""Gives an attribute's alias (`#map`) or resource text, None to spell it out."""


@lru_cache(1024)  # names of files and functions come again and again
def string_text(text: str) -> str:
    """A string literal: printable ASCII as it is, other bytes of its UTF-8 as `\\XX`."""
    escaped = []
    for byte in text.encode("utf-8", "surrogatepass"):
        if byte == 0x5C:
            escaped.append("\\\\")
        elif byte == 0x22 or not 0x20 <= byte < 0x7F:
            escaped.append(f"\\{byte:02X}")
        else:
            escaped.append(chr(byte))
    return f'"{"".join(escaped)}"'


def symbol_text(name: str) -> str:
    """`@name`, quoted where the name is no identifier."""
    return f"@{name}" if _BARE_NAME.match(name) else f"@{string_text(name)}"


def key_text(name: str) -> str:
    """A dictionary key, quoted where it is no identifier."""
    return name if _BARE_NAME.match(name) else string_text(name)


def value_name(hint: str) -> str:
    """The hint with every character that an SSA name cannot hold replaced."""
    name = _SUFFIX_NAME.sub("_", hint)
    return f"_{name}" if not name or name[0].isdigit() or name[0] == "-" else name


def resource_name(key: str) -> str:
    """The key with every character that a resource's name cannot hold replaced."""
    name = re.sub(r"[^A-Za-z0-9_$.]", "_", key)
    return name if _BARE_NAME.match(name) else f"_{name}"


def dense_text(attr: DenseAttr) -> str:
    """`dense<…>` without its type: a splat, nested lists, or the hex of a larger array."""
    array, element = attr.value, attr.type.element

    def number(item: object) -> str:
        if is_float(element):
            return float_text(float(item), element)
        if isinstance(element, ComplexType):
            parts = float(item.real), float(item.imag)
            return f"({','.join(float_text(part, element.element) for part in parts)})"
        return str(bool(item)).lower() if element == i1 else str(int(item))

    def nested(part: np.ndarray) -> str:
        if part.ndim == 0:
            return number(part[()])
        return f"[{', '.join(map(nested, part))}]"

    if array.size == 0:
        return "dense<>"
    if attr.is_splat:
        return f"dense<{number(array[(0,) * array.ndim])}>"
    if array.size > INLINE_ELEMENTS:
        return bytes_text(attr)
    return f"dense<{nested(array)}>"


def bytes_text(attr: DenseAttr) -> str:
    """`dense<"0x…">`, which suits all constants but empty ones."""
    return f'dense<"0x{element_bytes(attr).hex().upper()}">'


def hex_text(array: np.ndarray) -> str:
    """The bytes in row-major, little-endian order as hexadecimal digits."""
    return array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes().hex().upper()


def element_bytes(attr: DenseAttr) -> bytes:
    """The elements in row-major order: i1 as bits, others as little-endian whole bytes."""
    element, array = attr.type.element, attr.value
    if element == i1:
        return np.packbits(array.reshape(-1), bitorder="little").tobytes()
    if isinstance(element, OtherFloatType):
        bits = [float_bits(float(item), element) for item in array.reshape(-1)]
    elif array.dtype == object:
        bits = [int(item) & ((1 << element.width) - 1) for item in array.reshape(-1)]
    else:
        return array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
    size = (element.width + 7) // 8
    return b"".join(number.to_bytes(size, "little") for number in bits)


def attribute_text(attr: Attribute, naming: Naming = lambda attr: None, elide: bool = False) -> str:
    """The text of any attribute.

    naming: may give a name for an attribute that stands in place of its text.
    elide:  leave out a type that reading assumes anyway (i64, f64).
    """
    alias = naming(attr)
    if alias is not None:
        return alias
    match attr:
        case UnitAttr():
            return "unit"
        case IntegerAttr(value, type):
            if type == i1:
                return "true" if value else "false"
            return str(value) if elide and type == i64 else f"{value} : {type}"
        case FloatAttr():
            text = float_text(attr.value, attr.type)
            # A hex literal without a type would read as an integer.
            return (
                text if elide and attr.type == f64 and "x" not in text else f"{text} : {attr.type}"
            )
        case StringAttr(value):
            return string_text(value)
        case TypeAttr(value):
            return str(value) if not isinstance(value, FunctionType) else f"{value}"
        case SymbolRefAttr(value):
            return "::".join(map(symbol_text, (value, *attr.nested)))
        case ArrayAttr(value):
            return f"[{', '.join(attribute_text(item, naming, True) for item in value)}]"
        case DictAttr(value):
            return dictionary_text(value, naming)
        case DenseArrayAttr(value, element):
            if not value:
                return f"array<{element}>"
            if is_float(element):
                items = [float_text(item, element) for item in value]
            else:
                items = [str(bool(v)).lower() if element == i1 else str(v) for v in value]
            return f"array<{element}: {', '.join(items)}>"
        case AffineMapAttr(value):
            return f"affine_map<{value}>"
        case RawAttr(value):
            return value
        case DenseAttr():
            return f"{dense_text(attr)} : {attr.type}"
    raise TypeError(f"no text for {attr!r}")


def dictionary_text(items: object, naming: Naming = lambda attr: None) -> str:
    """`{name = value, flag}`."""
    parts = [
        key_text(name)
        if isinstance(attr, UnitAttr)
        else f"{key_text(name)} = {attribute_text(attr, naming)}"
        for name, attr in items
    ]
    return f"{{{', '.join(parts)}}}"

"""Numbers of whatever type as words of 64 bits, and back: what a loop carries of them, or keeps."""

from __future__ import annotations

from math import prod

from fleet.dialects import arith, tensor
from fleet.ir.builder import Builder
from fleet.ir.core import Value
from fleet.ir.types import FloatType, IndexType, IntegerType, TensorType, Type, element_of, i64


def is_number(value: Value) -> bool:
    """Whether a value is a number of 64 bits or fewer, or an array of one, of known shape."""
    if isinstance(value.type, TensorType) and (
        not value.type.is_static or prod(value.type.shape) != 1
    ):
        return False
    element = element_of(value.type)
    if isinstance(element, FloatType):
        return element.width in (32, 64)
    return isinstance(element, IndexType) or (
        isinstance(element, IntegerType) and element.width <= 64
    )


def word_of(builder: Builder, value: Value) -> Value:
    """The 64 bits that a number is noted as."""
    if isinstance(value.type, TensorType):
        zeros = [builder.constant(0) for _ in value.type.shape]
        value = builder.value(tensor.extract, value, zeros, types=[value.type.element])
    if isinstance(value.type, IndexType):
        return builder.value(arith.index_cast, value, types=[i64])
    if isinstance(value.type, FloatType):
        value = builder.value(arith.bitcast, value, types=[IntegerType(value.type.width)])
    if value.type == i64:
        return value
    return builder.value(arith.extui, value, types=[i64])


def number_of(builder: Builder, word: Value, type: Type) -> Value:
    """The number that was noted."""
    element = element_of(type)
    made = word
    if isinstance(element, IndexType):
        made = builder.value(arith.index_cast, word, types=[element])
    elif element != i64:
        width = element.width
        if width < 64:
            made = builder.value(arith.trunci, word, types=[IntegerType(width)])
        if isinstance(element, FloatType):
            made = builder.value(arith.bitcast, made, types=[element])
    if isinstance(type, TensorType):
        made = builder.value(tensor.from_elements, [made], types=[type])
    return made

"""Attributes: constants that operations carry, as frozen values with MLIR's spelling.

The one idea: arrays are held as NumPy arrays by reference, never as Python numbers. Small ones
print inline (`dense<…>`); big ones are resources (`dense_resource<key>`), whose bytes stay in the
file they came from until the executable is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from fleet.ir.affine import AffineMap
from fleet.ir.number_formats import rounded
from fleet.ir.types import IntegerType, TensorType, Type, VectorType, element_type, f64, i1, i64

INLINE_BYTES = 256
"""Arrays up to this many bytes are printed inline; larger ones become resources."""


class Attribute:
    """Base of all attributes: immutable, hashable, compared by value."""


@dataclass(frozen=True)
class UnitAttr(Attribute):
    """Present or absent, no value: `unit`."""


@dataclass(frozen=True)
class IntegerAttr(Attribute):
    """`4 : i64`, `4 : index`; booleans are `true`/`false` of type i1."""

    value: int
    type: Type = i64


@dataclass(frozen=True)
class FloatAttr(Attribute):
    """`1.5 : f32`, rounded to the type. Compared by bits, so that 0.0 and -0.0 differ and NaN
    equals itself."""

    value: float = field(compare=False)
    type: Type
    bits: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        value = rounded(self.value, self.type)
        object.__setattr__(self, "value", value)
        object.__setattr__(self, "bits", np.float64(value).tobytes())


@dataclass(frozen=True)
class StringAttr(Attribute):
    """`"text"`."""

    value: str


@dataclass(frozen=True)
class TypeAttr(Attribute):
    """A type as a constant: `(f32) -> f32`."""

    value: Type


@dataclass(frozen=True)
class SymbolRefAttr(Attribute):
    """`@name`: a function or global of the module; `@name::@inner`: one in that."""

    value: str
    nested: tuple[str, ...] = ()


@dataclass(frozen=True)
class ArrayAttr(Attribute):
    """`[…]` of any attributes."""

    value: tuple[Attribute, ...]


@dataclass(frozen=True)
class DictAttr(Attribute):
    """`{name = …}`, in order."""

    value: tuple[tuple[str, Attribute], ...]


@dataclass(frozen=True)
class DenseArrayAttr(Attribute):
    """`array<i64: 1, 2>`: a list of numbers or booleans of one type."""

    value: tuple[int | float | bool, ...]
    element: Type = i64


@dataclass(frozen=True)
class AffineMapAttr(Attribute):
    """`affine_map<(d0) -> (d0)>`."""

    value: AffineMap


@dataclass(frozen=True)
class RawAttr(Attribute):
    """A dialect's attribute kept as its text, such as `#linalg.iterator_type<parallel>`."""

    value: str


@dataclass(frozen=True, eq=False)
class DenseAttr(Attribute):
    """The elements of a constant tensor or vector: `dense<…>`, when large `dense_resource<key>`.

    value: an array of the type's shape and dtype (0 strides welcome: a splat stays one element);
           of types that NumPy lacks see `storage_dtype`. A scalable vector's has its least shape.
    key:   the resource's name for large arrays, unique in a module; None chooses inline text.
    Two are equal when type and bytes are.
    """

    value: np.ndarray
    type: TensorType | VectorType
    key: str | None = None

    @staticmethod
    def of(array: np.ndarray, key: str | None = None) -> DenseAttr:
        return DenseAttr(array, TensorType(array.shape, element_type(array.dtype)), key)

    @property
    def is_splat(self) -> bool:
        """Whether all elements are the same bits; large arrays are only asked for 0 strides."""
        if self.value.size == 1 or not any(self.value.strides):
            return self.value.size > 0
        if self.value.dtype == object:
            return self.value.size > 0 and bool((self.value == self.value.reshape(-1)[0]).all())
        if self.value.nbytes > INLINE_BYTES:
            return False
        first = self.value.reshape(-1)[:1]
        return self.value.size > 0 and self.value.tobytes() == first.tobytes() * self.value.size

    @property
    def digest(self) -> bytes:
        cached = self.__dict__.get("_digest")
        if cached is None:
            plain = self.value if self.value.dtype != object else self.value.astype(str)
            cached = hashlib.sha1(np.ascontiguousarray(plain)).digest()
            object.__setattr__(self, "_digest", cached)
        return cached

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, DenseAttr) or self.type != other.type:
            return False
        return self.value is other.value or self.digest == other.digest

    def __hash__(self) -> int:
        """Of a large array only the corners count: its elements may not have been read yet."""
        cached = self.__dict__.get("_hash")
        if cached is None:
            corners = self.value
            if corners.nbytes > INLINE_BYTES:
                corners = corners[tuple(slice(None, None, max(n - 1, 1)) for n in corners.shape)]
            plain = corners if corners.dtype != object else corners.astype(str)
            cached = hash((self.type, plain.tobytes()))
            object.__setattr__(self, "_hash", cached)
        return cached


def attribute(value: object) -> Attribute:
    """The attribute for a Python value: bool, int (i64), float (f64), str, Type, list of ints, …"""
    match value:
        case Attribute():
            return value
        case bool():
            return IntegerAttr(int(value), i1)
        case int():
            return IntegerAttr(value, i64)
        case float():
            return FloatAttr(value, f64)
        case str():
            return StringAttr(value)
        case Type():
            return TypeAttr(value)
        case AffineMap():
            return AffineMapAttr(value)
        case None:
            return UnitAttr()
        case dict():
            return DictAttr(tuple((name, attribute(item)) for name, item in value.items()))
        case np.ndarray():
            return DenseAttr.of(value)
        case Iterable():
            items = tuple(value)
            if items and all(
                isinstance(item, int) and not isinstance(item, bool) for item in items
            ):
                return DenseArrayAttr(items, i64)
            return ArrayAttr(tuple(attribute(item) for item in items))
    raise TypeError(f"no attribute for {value!r}")


def symbol(name: str) -> SymbolRefAttr:
    return SymbolRefAttr(name)


def i32_array(*values: int) -> DenseArrayAttr:
    """`array<i32: …>`, the form of operand segment sizes."""
    return DenseArrayAttr(values, IntegerType(32))


def i64_array(values: Iterable[int]) -> DenseArrayAttr:
    """`array<i64: …>`, also when empty."""
    return DenseArrayAttr(tuple(values), i64)

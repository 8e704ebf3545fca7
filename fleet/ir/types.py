"""Types of SSA values: MLIR's builtin types, spelled as MLIR spells them.

A type is a frozen dataclass: compared by value, hashable, printed by `str`. The one idea: a
dimension is an int or None, and None (printed `?`) is a length known only at run time. Dialects
add types of their own by subclassing `DialectType`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Dim = int | None
Shape = tuple[Dim, ...]


class Type:
    """Base of all types. `str(type)` is its MLIR text."""


@dataclass(frozen=True)
class IntegerType(Type):
    """`i32` (signless), `ui8` (unsigned) or `si8` (signed). NumPy's signed ones are signless."""

    width: int
    signedness: str = ""

    def __str__(self) -> str:
        return f"{self.signedness}i{self.width}"


@dataclass(frozen=True)
class IndexType(Type):
    """The type of sizes and subscripts: 64 bits on the target."""

    def __str__(self) -> str:
        return "index"


@dataclass(frozen=True)
class FloatType(Type):
    """An IEEE 754 binary format of `width` bits (16, 32 or 64)."""

    width: int

    def __str__(self) -> str:
        return f"f{self.width}"


@dataclass(frozen=True)
class OtherFloatType(Type):
    """A float format that the target does not compute with: `bf16`, `f8E4M3FN`, `tf32`, `f128`.

    Texts, folding and the IR executor know it; code generation refuses it.
    """

    name: str

    @property
    def width(self) -> int:
        return OTHER_FLOATS[self.name]

    def __str__(self) -> str:
        return self.name


OTHER_FLOATS = {
    "bf16": 16, "tf32": 19, "f80": 80, "f128": 128, "f8E5M2": 8, "f8E4M3": 8, "f8E4M3FN": 8,
    "f8E5M2FNUZ": 8, "f8E4M3FNUZ": 8, "f8E4M3B11FNUZ": 8,
}  # fmt: skip
"""Their widths in bits."""


@dataclass(frozen=True)
class ComplexType(Type):
    """`complex<f32>`: a real and an imaginary part of a float type."""

    element: FloatType

    def __str__(self) -> str:
        return f"complex<{self.element}>"


@dataclass(frozen=True)
class NoneType(Type):
    """MLIR's unit type."""

    def __str__(self) -> str:
        return "none"


@dataclass(frozen=True)
class FunctionType(Type):
    """`(inputs) -> results`."""

    inputs: tuple[Type, ...]
    results: tuple[Type, ...]

    def __str__(self) -> str:
        inputs = ", ".join(map(str, self.inputs))
        results = ", ".join(map(str, self.results))
        bare = len(self.results) == 1 and not isinstance(self.results[0], FunctionType)
        return f"({inputs}) -> {results if bare else f'({results})'}"


class ShapedType(Type):
    """What tensors, memrefs and vectors share: a shape and an element type."""

    shape: Shape
    element: Type

    @property
    def rank(self) -> int:
        return len(self.shape)

    @property
    def is_static(self) -> bool:
        return None not in self.shape

    @property
    def count(self) -> int | None:
        """The number of elements, or None when a dimension is dynamic."""
        total = 1
        for dim in self.shape:
            if dim is None:
                return None
            total *= dim
        return total


def _dims(shape: Shape) -> str:
    return "".join(f"{'?' if dim is None else dim}x" for dim in shape)


@dataclass(frozen=True)
class TensorType(ShapedType):
    """`tensor<?x768xf32>`: an immutable array value.

    encoding: the text of an attribute that says how it is laid out, which only texts carry along.
    """

    shape: Shape
    element: Type
    encoding: str = ""

    def __str__(self) -> str:
        encoding = f", {self.encoding}" if self.encoding else ""
        return f"tensor<{_dims(self.shape)}{self.element}{encoding}>"

    def with_shape(self, shape: Shape) -> TensorType:
        return TensorType(tuple(shape), self.element, self.encoding)

    def with_element(self, element: Type) -> TensorType:
        return TensorType(self.shape, element, self.encoding)


@dataclass(frozen=True)
class MemRefType(ShapedType):
    """`memref<?x64xf32, strided<[192, 1], offset: ?>>`: an array in memory.

    strides: in elements, None each where known at run time only; `strides=None` is the
    contiguous row-major layout. offset: in elements, None where dynamic.
    """

    shape: Shape
    element: Type
    strides: tuple[Dim, ...] | None = None
    offset: Dim = 0

    def __str__(self) -> str:
        layout = ""
        if self.strides is not None:
            strides = ", ".join("?" if s is None else str(s) for s in self.strides)
            offset = (
                ""
                if self.offset == 0
                else f", offset: {'?' if self.offset is None else self.offset}"
            )
            layout = f", strided<[{strides}]{offset}>"
        return f"memref<{_dims(self.shape)}{self.element}{layout}>"

    @property
    def is_contiguous(self) -> bool:
        """Whether elements lie row-major without gaps, as far as the type tells."""
        return self.strides is None or self.strides == row_major_strides(self.shape)

    def known_strides(self) -> tuple[Dim, ...]:
        """The strides in elements, None where they depend on a dynamic dimension."""
        return row_major_strides(self.shape) if self.strides is None else self.strides


def row_major_strides(shape: Shape) -> tuple[Dim, ...]:
    """Strides in elements of a contiguous array of this shape (None: known at run time only)."""
    strides: list[Dim] = []
    step: Dim = 1
    for dim in reversed(shape):
        strides.append(step)
        step = None if step is None or dim is None else step * dim
    return tuple(reversed(strides))


@dataclass(frozen=True)
class VectorType(ShapedType):
    """`vector<8xf32>`, or with `scalable` the length-agnostic `vector<[8]xf32>`.

    scalable: of all dimensions, or of each.
    """

    shape: Shape
    element: Type
    scalable: bool | tuple[bool, ...] = False

    def __str__(self) -> str:
        if not self.scalable:
            return f"vector<{_dims(self.shape)}{self.element}>"
        flags = self.scalable if self.scalable is not True else (True,) * self.rank
        pairs = zip(self.shape, flags, strict=True)
        dims = "".join(f"[{dim}]x" if flag else f"{dim}x" for dim, flag in pairs)
        return f"vector<{dims}{self.element}>"

    @property
    def is_static(self) -> bool:
        return not self.scalable

    def with_shape(self, shape: Shape) -> VectorType:
        return VectorType(tuple(shape), self.element)

    def with_element(self, element: Type) -> VectorType:
        return VectorType(self.shape, element, self.scalable)


@dataclass(frozen=True)
class DialectType(Type):
    """A dialect's own type without parameters beyond text: `!dialect.body`."""

    dialect: str
    body: str

    def __str__(self) -> str:
        return f"!{self.dialect}.{self.body}"


i1, i8, i16, i32, i64 = (IntegerType(width) for width in (1, 8, 16, 32, 64))
ui8, ui16, ui32, ui64 = (IntegerType(width, "u") for width in (8, 16, 32, 64))
f16, f32, f64 = (FloatType(width) for width in (16, 32, 64))
c64, c128 = ComplexType(f32), ComplexType(f64)
index = IndexType()
none = NoneType()

_DTYPES: dict[str, Type] = {
    "bool": i1,
    "int8": i8, "int16": i16, "int32": i32, "int64": i64,
    "uint8": ui8, "uint16": ui16, "uint32": ui32, "uint64": ui64,
    "float16": f16, "float32": f32, "float64": f64, "complex64": c64, "complex128": c128,
}  # fmt: skip
_BY_DTYPE: dict[object, Type] = {np.dtype(name): element for name, element in _DTYPES.items()}
_ELEMENTS = {element: np.dtype(name) for name, element in _DTYPES.items()} | {
    index: np.dtype("int64")
}


def element_type(dtype: np.dtype | type | str) -> Type:
    """The element type for a NumPy dtype. Raises KeyError for dtypes that Fleet does not have."""
    found = _BY_DTYPE.get(dtype)
    return _DTYPES[np.dtype(dtype).name] if found is None else found


def numpy_dtype(element: Type) -> np.dtype:
    """The NumPy dtype for an element type (`index` is int64). Raises KeyError for others."""
    return _ELEMENTS[element]


def storage_dtype(element: Type) -> np.dtype:
    """How the IR executor holds elements of a type: as NumPy has them, other small floats as
    float32 of their values, integers of other widths as Python's. Raises KeyError for others."""
    if isinstance(element, OtherFloatType) and element.width < 32:
        return np.dtype("float32")
    if isinstance(element, IntegerType) and element not in _ELEMENTS:
        return np.dtype(object)
    return _ELEMENTS[element]


def is_float(type: Type) -> bool:
    return isinstance(type, FloatType | OtherFloatType)


def element_of(type: Type) -> Type:
    """The element type of a shaped type; any other type itself."""
    return type.element if isinstance(type, ShapedType) else type


def shaped_as(type: Type, element: Type) -> Type:
    """The type with another element: `tensor<4xf32>` with i1 is `tensor<4xi1>`, f32 is i1."""
    match type:
        case TensorType():
            return type.with_element(element)
        case VectorType():
            return VectorType(type.shape, element, type.scalable)
        case ShapedType():
            raise TypeError(f"arithmetic on {type}")
    return element


def byte_width(element: Type) -> int:
    """Bytes that one element takes in memory (i1 takes one)."""
    return numpy_dtype(element).itemsize

"""`vector`: vectors of known shape, made, laid out anew, taken apart and reduced.

What MLIR's own dialect of this name has for values alone; reading and writing memory by vectors is
not among it. `static_position` is as `static_offsets` in `tensor`.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from fleet.dialects.arith import FASTMATH, FASTMATH_KIND
from fleet.dialects.arith.execution import BINARY
from fleet.dialects.arith.execution import fma as _exact_fma
from fleet.dialects.folding import Folded, fold_single, maker
from fleet.ir.analysis.verifier import VerifyError
from fleet.ir.attributes import Attribute, DenseAttr
from fleet.ir.core import Operation
from fleet.ir.definition import CONSTRAINTS, PURE, SAME_TYPE, Dialect, OpDef
from fleet.ir.format import DYNAMIC
from fleet.ir.interpreter import to_array, to_data
from fleet.ir.number_formats import elements_of_bytes
from fleet.ir.printing.spelling import element_bytes
from fleet.ir.types import Type, VectorType, element_of, is_float

VECTOR = Dialect("vector")

CONSTRAINTS["MaskVector"] = lambda type: isinstance(type, VectorType) and type.element.width == 1

KINDS = {
    "add": "add", "mul": "mul", "minui": "minui", "minsi": "minsi", "minnumf": "minnumf",
    "maxui": "maxui", "maxsi": "maxsi", "maxnumf": "maxnumf", "and": "andi", "or": "ori",
    "xor": "xori", "minimumf": "minimumf", "maximumf": "maximumf",
}  # fmt: skip
"""How elements are combined, and by which operation of `arith` (add and mul by the element)."""


def _op(name: str, signature: str, form: str, types: str = "", **keywords: Any) -> OpDef:
    return VECTOR.op(
        name, signature, format=form, equations=types, traits={PURE, *keywords.pop("also", ())},
        **keywords,
    )  # fmt: skip


broadcast = _op(
    "broadcast", "source: Any -> vector: Vector",
    "$source attr-dict `:` type($source) `to` type($vector)", "element(source) = element(vector)",
)  # fmt: skip
"""A scalar everywhere, or a vector along new leading dimensions and those of size 1."""
splat = _op(
    "splat", "input: Scalar -> aggregate: Vector", "$input attr-dict `:` type($aggregate)",
    "input = element(aggregate)",
)  # fmt: skip
extractelement = _op(
    "extractelement", "vector: Vector, position: Scalar? -> result: Scalar",
    "$vector `[` ($position^ `:` type($position))? `]` attr-dict `:` type($vector)",
    "result = element(vector), count(position) = rank(vector)",
)  # fmt: skip
insertelement = _op(
    "insertelement", "source: Scalar, dest: Vector, position: Scalar? -> result: Vector",
    "$source `,` $dest `[` ($position^ `:` type($position))? `]` attr-dict `:` type($result)",
    "result = dest, source = element(dest), count(position) = rank(dest)",
)  # fmt: skip
extract = _op(
    "extract", "vector: Vector, dynamic_position: Index* -> result: Any",
    "$vector `` custom<DynamicIndexList>($dynamic_position, $static_position)"
    " attr-dict `:` type($result) `from` type($vector)", "element(result) = element(vector)",
    attributes="static_position: I64Array",
)  # fmt: skip
"""What is left when the first subscripts are fixed: a vector, or an element."""
insert = _op(
    "insert", "source: Any, dest: Vector, dynamic_position: Index* -> result: Vector",
    "$source `,` $dest custom<DynamicIndexList>($dynamic_position, $static_position)"
    " attr-dict `:` type($source) `into` type($dest)",
    "result = dest, element(source) = element(dest)", attributes="static_position: I64Array",
)  # fmt: skip
shape_cast = _op(
    "shape_cast", "source: Vector -> result: Vector",
    "$source attr-dict `:` type($source) `to` type($result)",
    "element(source) = element(result), size(source) = size(result)",
)  # fmt: skip
"""The same elements in the same order under another shape."""
transpose = _op(
    "transpose", "vector: Vector -> result: Vector",
    "$vector `,` custom<Numbers>($permutation) attr-dict `:` type($vector) `to` type($result)",
    "element(vector) = element(result)", attributes="permutation: I64Array",
)  # fmt: skip
reduction = _op(
    "reduction", "vector: Vector, acc: Scalar? -> dest: Scalar",
    "$kind `,` $vector (`,` $acc^)? (`fastmath` `` $fastmath^)? attr-dict `:` type($vector)"
    " `into` type($dest)", "dest = element(vector) = acc",
    attributes="kind: Own, fastmath: Own", defaults=FASTMATH,
    enums={**FASTMATH_KIND, "kind": "vector.kind"},
)  # fmt: skip
"""All elements combined, and `acc`."""
multi_reduction = _op(
    "multi_reduction", "source: Vector, acc: Any -> dest: Any",
    "$kind `,` $source `,` $acc attr-dict $reduction_dims `:` type($source) `to` type($dest)",
    "dest = acc, element(source) = element(dest)",
    attributes="kind: Own, reduction_dims: Array", enums={"kind": "vector.kind"},
)  # fmt: skip
"""The dimensions `reduction_dims` combined, into `acc`."""
fma = _op(
    "fma", "lhs: Vector, rhs: Vector, acc: Vector -> result: Vector",
    "$lhs `,` $rhs `,` $acc attr-dict `:` type($lhs)", also=(SAME_TYPE,),
)  # fmt: skip
bitcast = _op(
    "bitcast", "source: Vector -> result: Vector",
    "$source attr-dict `:` type($source) `to` type($result)", "rank(source) = rank(result)",
)  # fmt: skip
"""The bits of the last dimension read as elements of another type."""
from_elements = _op(
    "from_elements", "elements: Scalar* -> result: Vector", "$elements attr-dict `:` type($result)",
    "count(elements) = size(result), elements = element(result)",
)  # fmt: skip
extract_strided_slice = _op(
    "extract_strided_slice", "vector: Vector -> result: Vector",
    "$vector attr-dict `:` type($vector) `to` type($result)",
    "element(vector) = element(result), rank(vector) = rank(result)",
    attributes="offsets: Array, sizes: Array, strides: Array",
)  # fmt: skip
insert_strided_slice = _op(
    "insert_strided_slice", "source: Vector, dest: Vector -> result: Vector",
    "$source `,` $dest attr-dict `:` type($source) `into` type($dest)",
    "result = dest, element(source) = element(dest)", attributes="offsets: Array, strides: Array",
)  # fmt: skip
create_mask = _op(
    "create_mask", "operands: Index* -> result: MaskVector",
    "$operands attr-dict `:` type($result)", "count(operands) = rank(result)",
)  # fmt: skip
"""True where each subscript is below its operand."""
constant_mask = _op(
    "constant_mask", "-> result: MaskVector", "$mask_dim_sizes attr-dict `:` type($result)",
    attributes="mask_dim_sizes: Array",
)  # fmt: skip
shuffle = _op(
    "shuffle", "v1: Vector, v2: Vector -> vector: Vector",
    "operands $mask attr-dict `:` type(operands)",
    "element(v1) = element(v2) = element(vector)", attributes="mask: Array",
)  # fmt: skip
"""Of both along the first dimension, one after the other, those that `mask` numbers."""


def numbers(operation: Operation, name: str) -> list[int]:
    """An attribute `[1, 2]`."""
    return [item.value for item in operation.get(name)]


def _shape(type: Type) -> tuple[int, ...]:
    return type.shape if isinstance(type, VectorType) else ()


# -- verification and types


@shuffle.infers
def _shuffled(operation: Operation) -> list[Type]:
    type = operation.operand(0).type
    return [VectorType((len(operation.get("mask")), *type.shape[1:]), type.element)]


@shuffle.verify_with
def _verify_shuffle(operation: Operation) -> None:
    one, other = (value.type for value in operation.operands)
    count = (_shape(one)[:1] or (1,))[0] + (_shape(other)[:1] or (1,))[0]
    if one.shape[1:] != other.shape[1:] or operation.result.type != _shuffled(operation)[0]:
        raise VerifyError(f"shuffles {one} and {other} to {operation.result.type}")
    if not all(0 <= number < count for number in numbers(operation, "mask")):
        raise VerifyError(f"has a mask that numbers more than {count} elements")


@broadcast.verify_with
def _verify_broadcast(operation: Operation) -> None:
    small, large = _shape(operation.operand(0).type), operation.result.type.shape
    pairs = zip(small[::-1], large[::-1], strict=False)
    if len(small) > len(large) or any(a not in (1, b) for a, b in pairs):
        raise VerifyError(f"broadcasts {operation.operand(0).type} to {operation.result.type}")


@extract.verify_with
def _verify_extract(operation: Operation) -> None:
    _verify_position(operation, operation.operand(0).type, operation.result.type)


@insert.verify_with
def _verify_insert(operation: Operation) -> None:
    _verify_position(operation, operation.operand(1).type, operation.operand(0).type)


def _verify_position(operation: Operation, whole: VectorType, part: Type) -> None:
    """Subscripts in range, of the first dimensions, and what is left of the vector there."""
    position = operation.get("static_position")
    if position.count(DYNAMIC) != len(operation.named("dynamic_position")):
        raise VerifyError("has another number of subscripts than static_position asks for")
    if len(position) > whole.rank or whole.shape[len(position) :] != _shape(part):
        raise VerifyError(f"moves {part} to or from {whole} at {len(position)} subscripts")
    for number, size in zip(position, whole.shape, strict=False):
        if number != DYNAMIC and not 0 <= number < size:
            raise VerifyError(f"has subscript {number} of a dimension of {size}")


@transpose.verify_with
def _verify_transpose(operation: Operation) -> None:
    source, order = operation.operand(0).type, operation.get("permutation")
    if sorted(order) != list(range(source.rank)):
        raise VerifyError(f"needs all {source.rank} dimensions in 'permutation'")
    if tuple(source.shape[axis] for axis in order) != operation.result.type.shape:
        raise VerifyError(f"transposes {source} to {operation.result.type}")


@reduction.verify_with
@multi_reduction.verify_with
def _verify_reduction(operation: Operation) -> None:
    """A way to combine, and the dimensions that are left."""
    if _kind(operation) not in KINDS:
        raise VerifyError(f"has no kind {_kind(operation)!r}")
    source = operation.operand(0).type
    if operation.definition is reduction:
        if source.rank > 1:
            raise VerifyError(f"combines {source}, which has more dimensions than one")
        return
    dropped = numbers(operation, "reduction_dims")
    kept = tuple(size for axis, size in enumerate(source.shape) if axis not in dropped)
    if not all(0 <= axis < source.rank for axis in dropped) or kept != _shape(
        operation.result.type
    ):
        raise VerifyError(f"reduces {source} to {operation.result.type}")


@bitcast.verify_with
def _verify_bitcast(operation: Operation) -> None:
    source, result = operation.operand(0).type, operation.result.type
    bits = [(_shape(t)[-1:] or (1,))[0] * t.element.width for t in (source, result)]
    if source.shape[:-1] != result.shape[:-1] or bits[0] != bits[1]:
        raise VerifyError(f"reads {source} as {result}, which has other bits")


@extract_strided_slice.verify_with
def _verify_slice(operation: Operation) -> None:
    _verify_strided(operation, operation.operand(0).type, operation.result.type)


@insert_strided_slice.verify_with
def _verify_insertion(operation: Operation) -> None:
    _verify_strided(operation, operation.operand(1).type, operation.operand(0).type)


def _verify_strided(operation: Operation, whole: VectorType, part: VectorType) -> None:
    """A slice of the first dimensions; the others are whole."""
    offsets, strides = numbers(operation, "offsets"), numbers(operation, "strides")
    inserts = operation.definition is insert_strided_slice
    first = whole.rank - part.rank
    sizes = [1] * first + list(part.shape) if inserts else numbers(operation, "sizes")
    counts = part.rank if inserts else len(offsets)
    if len(strides) != counts or any(stride != 1 for stride in strides) or first < 0:
        raise VerifyError(f"needs {counts} strides of 1")
    expected = (*sizes[: len(offsets)], *whole.shape[len(offsets) :])
    if len(offsets) > whole.rank or expected != ((1,) * first + part.shape):
        raise VerifyError(f"cuts {whole} into {part}")
    for offset, size, room in zip(offsets, expected, whole.shape, strict=False):
        if not 0 <= offset <= room - size:
            raise VerifyError(f"takes {size} elements from {offset} of {room}")


@constant_mask.verify_with
def _verify_mask(operation: Operation) -> None:
    sizes, shape = numbers(operation, "mask_dim_sizes"), operation.result.type.shape
    fits = len(sizes) == len(shape) and all(0 <= a <= b for a, b in zip(sizes, shape, strict=True))
    if not fits and not (shape == () and len(sizes) == 1):
        raise VerifyError(f"has a mask of {sizes} for {operation.result.type}")


def _kind(operation: Operation) -> str:
    return str(operation.get("kind")).partition("<")[2].removesuffix(">")


# -- execution


def _result(operation: Operation, array: Any) -> list[Any]:
    return [to_data(np.asarray(array), operation.result.type)]


def _arrays(operation: Operation, arguments: Sequence[Any]) -> list[np.ndarray]:
    return [to_array(a, v.type) for a, v in zip(arguments, operation.operands, strict=True)]


def _position(
    operation: Operation, dynamic: Sequence[Any], shape: Sequence[int]
) -> tuple[int, ...]:
    given = iter(dynamic)
    static = operation.get("static_position")
    place = tuple(int(next(given)) if n == DYNAMIC else n for n in static)
    for number, size in zip(place, shape, strict=False):
        if not 0 <= number < size:
            raise IndexError(f"subscript {number} of a dimension of size {size}")
    return place


@broadcast.executes
@splat.executes
def _broadcast(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    (array,) = _arrays(operation, arguments)
    return [np.broadcast_to(array, operation.result.type.shape)]


@extract.executes
def _extract(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    array, *dynamic = arguments
    return _result(operation, array[_position(operation, dynamic, array.shape)])


@insert.executes
def _insert(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    source, dest, *dynamic = arguments
    result = np.array(dest)
    result[_position(operation, dynamic, dest.shape)] = to_array(source, operation.operand(0).type)
    return [result]


@extractelement.executes
def _extract_element(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    array, *position = arguments
    return _result(operation, array[_inside(array, position)])


@insertelement.executes
def _insert_element(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    source, dest, *position = arguments
    result = np.array(dest)
    result[_inside(result, position)] = source
    return [result]


def _inside(array: np.ndarray, position: Sequence[Any]) -> tuple[int, ...]:
    if any(not 0 <= number < array.shape[0] for number in position):
        raise IndexError(f"subscript {position[0]} of a dimension of size {array.shape[0]}")
    return tuple(map(int, position))


@shape_cast.executes
def _shape_cast(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    return [arguments[0].reshape(operation.result.type.shape)]


@transpose.executes
def _transpose(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    return [arguments[0].transpose(operation.get("permutation"))]


def _combined(operation: Operation, element: Type, parts: Sequence[Any]) -> Any:
    name = KINDS[_kind(operation)]
    if name in ("add", "mul"):
        name += "f" if is_float(element) else "i"
    return functools.reduce(BINARY[name], parts)


@reduction.executes
def _reduction(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    vector, *acc = _arrays(operation, arguments)
    element = element_of(operation.result.type)
    return _result(operation, _combined(operation, element, [*acc, *vector.reshape(-1)]))


@multi_reduction.executes
def _multi_reduction(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    source, acc = _arrays(operation, arguments)
    dropped = numbers(operation, "reduction_dims")
    parts = np.moveaxis(source, dropped, range(len(dropped)))
    parts = parts.reshape(-1, *parts.shape[len(dropped) :])
    element = element_of(operation.result.type)
    return _result(operation, _combined(operation, element, [acc, *parts]))


@fma.executes
def _fma(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    return _result(operation, _exact_fma(*_arrays(operation, arguments)))


@bitcast.executes
def _bitcast(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    result = operation.result.type
    bits = element_bytes(DenseAttr(arguments[0], operation.operand(0).type))
    return [elements_of_bytes(bits, result.element).reshape(result.shape)]


@from_elements.executes
def _from_elements(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    shape = operation.result.type.shape
    return [np.array(_arrays(operation, arguments)).reshape(shape)]


def _slices(operation: Operation, sizes: Sequence[int]) -> tuple[slice, ...]:
    pairs = zip(numbers(operation, "offsets"), sizes, strict=False)
    return tuple(slice(offset, offset + size) for offset, size in pairs)


@extract_strided_slice.executes
def _cut(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    return [arguments[0][_slices(operation, numbers(operation, "sizes"))]]


@insert_strided_slice.executes
def _put(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    source, dest = arguments
    result = np.array(dest)
    sizes = (1,) * (dest.ndim - source.ndim) + source.shape
    result[_slices(operation, sizes)] = source.reshape(sizes)
    return [result]


def _below(limits: Sequence[int], shape: tuple[int, ...]) -> np.ndarray:
    inside = np.ones(shape, bool)
    for axis, limit in enumerate(limits):
        along = np.arange(shape[axis]).reshape([-1 if n == axis else 1 for n in range(len(shape))])
        inside &= along < limit
    return inside


@create_mask.executes
def _create_mask(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    return [_below(arguments, operation.result.type.shape)]


@constant_mask.executes
def _constant_mask(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    sizes, shape = numbers(operation, "mask_dim_sizes"), operation.result.type.shape
    return [_below(sizes, shape) if shape else np.array(bool(sizes[0]))]


@shuffle.executes
def _shuffle(interpreter: Any, operation: Operation, arguments: Sequence[Any]) -> list[Any]:
    one, other = (np.atleast_1d(array) for array in arguments)
    return [np.concatenate([one, other])[numbers(operation, "mask")]]


# -- simplifications


def _fold(operation: Operation, constants: Sequence[Attribute | None]) -> Folded:
    """Of constants the constant; what changes nothing, and what goes there and back."""
    source = operation.operands[0] if operation.operands else None
    same = source is not None and source.type == operation.result.type
    if same and operation.definition in (broadcast, shape_cast, bitcast):
        return [source]
    if operation.definition is transpose:
        order = list(operation.get("permutation"))
        if order == sorted(order):
            return [source]
    if operation.definition in (extract, extractelement):
        made = maker(source, "vector.splat", "vector.broadcast")
        if made is not None and made.operand(0).type == operation.result.type:
            return [made.operand(0)] if _is_inside(operation, constants) else None
    if operation.definition in (shape_cast, bitcast):
        inner = maker(source, operation.name)
        if inner is not None and inner.operand(0).type == operation.result.type:
            return [inner.operand(0)]
    if not operation.operands or not _is_inside(operation, constants):
        return None
    return fold_single(operation, constants)


def _is_inside(operation: Operation, constants: Sequence[Attribute | None]) -> bool:
    """Whether subscripts that are operands are known and in range: an error stays one."""
    if operation.definition in (extract, insert):
        return not operation.named("dynamic_position")
    if operation.definition in (extractelement, insertelement):
        position = constants[-1] if operation.named("position") is not None else None
        size = math.prod(operation.operand(operation.definition is insertelement).type.shape)
        return position is not None and 0 <= position.value < size
    return True


for _definition in VECTOR.ops.values():
    _definition.folds(_fold)

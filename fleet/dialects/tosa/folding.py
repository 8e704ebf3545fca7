"""Folds and simplifications of `tosa`: what is exact whatever the elements, and layouts.

Arithmetic on whole arrays is left to the target, unless somebody asks for it (see `folding`), and
then only what every machine rounds alike; x + 0.0 is not x for x = -0.0, nor x * 0.0 zero for every
x, nor 0 / x for x = 0, so these stay.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from fleet.dialects import tosa
from fleet.dialects.folding import (
    Folded,
    constant_like,
    fold_elements,
    fold_single,
    is_relayable,
    maker,
    relaid,
    reshaped,
    splat_value,
)
from fleet.ir.analysis.effects import constant_of
from fleet.ir.attributes import Attribute, DenseAttr, FloatAttr, IntegerAttr, i64_array
from fleet.ir.core import Operation, Value
from fleet.ir.interpreter import data_of
from fleet.ir.rewriting.rewriter import Rewriter
from fleet.ir.types import IntegerType, TensorType, is_float

Constants = Sequence[Attribute | None]


def same(operation: Operation, number: int = 0) -> bool:
    """Whether an operand has the result's type, so that an identity may be dropped."""
    type = operation.operand(number).type
    return type == operation.result.type


def _is_exact(type: TensorType) -> bool:
    """Whether two arrays of the type and of one count of elements have one shape."""
    return sum(1 for dim in type.shape if dim is None) <= 1


# -- element by element

Rule = Callable[[Operation, "int | float"], bool]
_RIGHT: dict[str, Rule] = {
    "add": lambda op, c: c == 0 and not _floats(op) or _is_minus_zero(c),
    "sub": lambda op, c: c == 0 and not _is_minus_zero(c),
    "mul": lambda op, c: c == 1 << op.get("shift", 0),
    "int_div": lambda op, c: c == 1,
    "logical_left_shift": lambda op, c: c == 0,
    "logical_right_shift": lambda op, c: c == 0,
    "arithmetic_right_shift": lambda op, c: c == 0,
    "bitwise_or": lambda op, c: c == 0,
    "bitwise_xor": lambda op, c: c == 0,
    "bitwise_and": lambda op, c: c == -1,
    "logical_and": lambda op, c: bool(c),
    "logical_or": lambda op, c: not c,
    "logical_xor": lambda op, c: not c,
}
"""For which numbers on the right an operation gives its left operand."""


def _floats(operation: Operation) -> bool:
    return is_float(operation.result.type.element)


def _is_minus_zero(number: int | float) -> bool:
    return isinstance(number, float) and number == 0 and math.copysign(1, number) < 0


def _fold_binary(operation: Operation, constants: Constants) -> Folded:
    name = operation.name.removeprefix("tosa.")
    sides = ((0, 1), (1, 0)) if operation.has_trait("Commutative") else ((0, 1),)
    for left, right in sides:
        number = splat_value(constants[right])
        if number is None:
            continue
        if same(operation, left) and _RIGHT[name](operation, number):
            return [operation.operand(left)]
        absorbs = name == "mul" and not _floats(operation) or name in ("bitwise_and", "logical_and")
        if absorbs and number == 0:
            zero = constant_like(operation.result.type, 0)
            return None if zero is None else [zero]
    return None


for _name in _RIGHT:
    tosa.TOSA.ops[_name].folds(_fold_binary)


def _is_exact_quotient(operation: Operation, constants: Constants) -> bool:
    """Whether a quotient of constants is an i32 everywhere."""
    left, right = (np.asarray(data_of(c), np.int64) for c in constants)
    return bool(np.all(right != 0)) and not np.any((left == -(2**31)) & (right == -1))


def _fold_constants(operation: Operation, constants: Constants) -> Folded:
    """Of constants the constant; of others what the operation's own rule says, if it has one."""
    if None not in constants and operation.get("quantization_info") is None:
        if operation.definition is tosa.int_div and not _is_exact_quotient(operation, constants):
            return None
        found = fold_elements(operation, constants)
        if found is not None:
            return found
    rule = _OWN.get(operation.name)
    return None if rule is None else rule(operation, constants)


def _fold_twice(operation: Operation, constants: Constants) -> Folded:
    """-(-x) is x."""
    inner = maker(operation.operand(0), operation.name)
    plain = inner is not None and not operation.attributes and not inner.attributes
    back = plain and inner.operand(0).type == operation.result.type
    return [inner.operand(0)] if back else None


for _definition in (tosa.negate, tosa.logical_not, tosa.bitwise_not):
    _definition.folds(_fold_twice)


def _fold_again(operation: Operation, constants: Constants) -> Folded:
    """|(|x|)| is |x|."""
    inner = maker(operation.operand(0), operation.name)
    return [operation.operand(0)] if inner is not None and same(operation) else None


for _definition in (tosa.abs, tosa.floor, tosa.ceil):
    _definition.folds(_fold_again)


@tosa.identity.folds
def _fold_identity(operation: Operation, constants: Constants) -> Folded:
    return [operation.operand(0)] if same(operation) else None


@tosa.select.folds
def _fold_select(operation: Operation, constants: Constants) -> Folded:
    _, one, other = operation.operands
    if one is other and same(operation, 1):
        return [one]
    known = splat_value(constants[0])
    if known is not None:
        chosen = 1 if known else 2
        return [operation.operand(chosen)] if same(operation, chosen) else None
    return None


@tosa.select.pattern
def _select_not(operation: Operation, rewriter: Rewriter) -> bool:
    """select(not c, x, y) is select(c, y, x)."""
    condition, one, other = operation.operands
    inverted = maker(condition, "tosa.logical_not")
    if inverted is None or inverted.operand(0).type != condition.type:
        return False
    operation.operands = (inverted.operand(0), other, one)
    return True


def _range(operation: Operation) -> tuple[float, float]:
    kind = "fp" if _floats(operation) else "int"
    return operation.get(f"min_{kind}"), operation.get(f"max_{kind}")


@tosa.clamp.folds
def _fold_clamp(operation: Operation, constants: Constants) -> Folded:
    """A range that holds every number of the type."""
    element = operation.result.type.element
    low, high = _range(operation)
    if is_float(element):
        everything = low == -math.inf and high == math.inf
    elif isinstance(element, IntegerType):
        unsigned = element.signedness == "u"
        half = 1 << (element.width - 1)
        least, greatest = (0, 2 * half - 1) if unsigned else (-half, half - 1)
        everything = low <= least and high >= greatest
    else:
        return None
    return [operation.operand(0)] if everything and same(operation) else None


@tosa.clamp.pattern
def _clamp_once(operation: Operation, rewriter: Rewriter) -> bool:
    """A range within a range is what they share."""
    inner = maker(operation.operand(0), "tosa.clamp")
    if inner is None or inner.operand(0).type != operation.operand(0).type:
        return False
    shared = {}
    for kind in ("int", "fp"):
        names = (f"min_{kind}", f"max_{kind}")
        low = max(inner.get(names[0]), operation.get(names[0]))
        high = min(inner.get(names[1]), operation.get(names[1]))
        if low > high:  # the outer one decides then
            return False
        for name, number in zip(names, (low, high), strict=True):
            type = operation.attributes[name].type
            made = FloatAttr(number, type) if kind == "fp" else IntegerAttr(number, type)
            shared[name] = made
    operation.attributes.update(shared)
    operation.set_operand(0, inner.operand(0))
    return True


@tosa.cast.folds
def _fold_cast(operation: Operation, constants: Constants) -> Folded:
    return [operation.operand(0)] if same(operation) else fold_single(operation, constants)


def _fold_reduce(operation: Operation, constants: Constants) -> Folded:
    """Over a dimension of size 1."""
    axis, type = operation.get("axis"), operation.operand(0).type
    return [operation.operand(0)] if type.shape[axis] == 1 and same(operation) else None


for _definition in tosa.reduce.values():
    _definition.folds(_fold_reduce)


# -- layouts


def _order(operation: Operation) -> list[int] | None:
    """The permutation of a transposition, where it is known."""
    order = constant_of(operation.operand(1))
    return [int(axis) for axis in order.value] if isinstance(order, DenseAttr) else None


@tosa.transpose.folds
def _fold_transpose(operation: Operation, constants: Constants) -> Folded:
    axes, type = _order(operation), operation.result.type
    if axes is None:
        return None
    if axes == sorted(axes) and same(operation):
        return [operation.operand(0)]
    if is_relayable(constants[0], type):
        return relaid(constants[0], constants[0].value.transpose(axes), type, "T")
    return None


@tosa.transpose.pattern
def _transpose_once(operation: Operation, rewriter: Rewriter) -> bool:
    """Two transpositions in a row are one."""
    inner = maker(operation.operand(0), "tosa.transpose")
    axes = _order(operation)
    first = None if inner is None else _order(inner)
    if first is None or axes is None:
        return False
    order = operation.operand(1).type
    both = np.array([first[axis] for axis in axes], constant_of(operation.operand(1)).value.dtype)
    perms = rewriter.value(tosa.const, types=[order], value=DenseAttr(both, order))
    rewriter.replace_by(operation, tosa.transpose, inner.operand(0), perms)
    return True


@tosa.transpose.pattern
def _transpose_of_ones(operation: Operation, rewriter: Rewriter) -> bool:
    """A transposition that moves nothing but dimensions of size 1 is a reshape."""
    axes, shape, type = _order(operation), operation.operand(0).type.shape, operation.result.type
    if axes is None or axes == sorted(axes) or not _is_exact(type):
        return False
    if any(user.definition is tosa.transpose for user in operation.result.users):
        return False  # together they are one
    moved = [axis for axis in axes if shape[axis] != 1]
    if moved != sorted(moved):
        return False
    sizes = i64_array(-1 if size is None else size for size in type.shape)
    rewriter.replace_by(operation, tosa.reshape, operation.operand(0), new_shape=sizes)
    return True


@tosa.reshape.folds
def _fold_reshape(operation: Operation, constants: Constants) -> Folded:
    type = operation.result.type
    if same(operation) and _is_exact(type):
        return [operation.operand(0)]
    if is_relayable(constants[0], type):
        return relaid(constants[0], reshaped(constants[0], type.shape), type, "reshape")
    return None


@tosa.reshape.pattern
def _reshape_once(operation: Operation, rewriter: Rewriter) -> bool:
    inner = maker(operation.operand(0), "tosa.reshape")
    if inner is None:
        return False
    operation.set_operand(0, inner.operand(0))
    return True


@tosa.slice.folds
def _fold_slice(operation: Operation, constants: Constants) -> Folded:
    type = operation.result.type
    if same(operation) and type.is_static:
        return [operation.operand(0)]
    if is_relayable(constants[0], type):
        pairs = zip(operation.get("start"), type.shape, strict=True)
        where = tuple(slice(start, start + size) for start, size in pairs)
        return relaid(constants[0], constants[0].value[where], type, "slice")
    return None


@tosa.slice.pattern
def _slice_of_joined(operation: Operation, rewriter: Rewriter) -> bool:
    """A slice within one of the parts that were joined is that part's."""
    joined = maker(operation.operand(0), "tosa.concat")
    if joined is None:
        return False
    axis = joined.get("axis")
    starts, sizes = list(operation.get("start")), operation.get("size")
    begin = 0
    for part in joined.operands:
        length = part.type.shape[axis]
        if length is None or sizes[axis] < 0:
            return False
        if begin <= starts[axis] and starts[axis] + sizes[axis] <= begin + length:
            starts[axis] -= begin
            rewriter.replace_by(
                operation, tosa.slice, part,
                start=i64_array(starts), size=operation.attributes["size"],
            )  # fmt: skip
            return True
        begin += length
    return False


@tosa.concat.folds
def _fold_concat(operation: Operation, constants: Constants) -> Folded:
    alone = len(operation.operands) == 1 and same(operation)
    return [operation.operand(0)] if alone else None


@tosa.concat.pattern
def _join_once(operation: Operation, rewriter: Rewriter) -> bool:
    """What was joined along the same dimension before is joined with the rest."""
    axis = operation.attributes.get("axis")
    parts: list[Value] = []
    for operand in operation.operands:
        inner = maker(operand, "tosa.concat")
        same_axis = inner is not None and inner.attributes.get("axis") == axis
        parts += inner.operands if same_axis else [operand]
    if len(parts) == len(operation.operands):
        return False
    operation.operands = parts
    return True


@tosa.reverse.folds
def _fold_reverse(operation: Operation, constants: Constants) -> Folded:
    """Of a dimension of size 1, of one number everywhere, or there and back."""
    source, axis = operation.operand(0), operation.get("axis")
    if source.type.shape[axis] == 1 or splat_value(constants[0]) is not None:
        return [source] if same(operation) else None
    inner = maker(source, "tosa.reverse")
    back = inner is not None and inner.get("axis") == axis
    return [inner.operand(0)] if back and inner.operand(0).type == operation.result.type else None


@tosa.tile.folds
def _fold_tile(operation: Operation, constants: Constants) -> Folded:
    once = all(number == 1 for number in operation.get("multiples"))
    return [operation.operand(0)] if once and same(operation) else None


@tosa.pad.folds
def _fold_pad(operation: Operation, constants: Constants) -> Folded:
    return [operation.operand(0)] if splat_value(constants[1]) == 0 and same(operation) else None


@tosa.max_pool2d.folds
def _fold_pooling(operation: Operation, constants: Constants) -> Folded:
    """Of windows of one element, each."""
    single = {*operation.get("kernel"), *operation.get("stride")} == {1}
    plain = single and not any(operation.get("pad"))
    return [operation.operand(0)] if plain and same(operation) else None


@tosa.resize.folds
def _fold_resize(operation: Operation, constants: Constants) -> Folded:
    """By the factor 1, where elements are not multiplied on the way."""
    rows, by_rows, columns, by_columns = operation.get("scale")
    moved = any((*operation.get("offset"), *operation.get("border")))
    kept = _floats(operation) or operation.get("mode") == "NEAREST_NEIGHBOR" or rows == columns == 1
    plain = (rows, columns) == (by_rows, by_columns) and not moved and kept
    return [operation.operand(0)] if plain and same(operation) else None


# -- constants

_EXACT = (
    "add", "sub", "mul", "int_div", "maximum", "minimum", "equal", "greater", "greater_equal",
    "negate", "abs", "floor", "ceil", "reciprocal", "clz", "select",
    *(f"logical_{name}" for name in ("and", "or", "xor", "not", "left_shift", "right_shift")),
    *(f"bitwise_{name}" for name in ("and", "or", "xor", "not")),
)  # fmt: skip
"""What has one right result, to the bit."""

_OWN: dict[str, Callable[[Operation, Constants], Folded]] = {}
"""The rules above, of these operations."""

for _name in _EXACT:
    _definition = tosa.TOSA.ops[_name]
    if _definition.fold is not None:
        _OWN[_definition.name] = _definition.fold
    _definition.folds(_fold_constants)

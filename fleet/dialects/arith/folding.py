"""Folds of `arith` and `math`: equations that hold to the bit, or that `fastmath` allows.

In: an operation and the constants among its operands. Out: what its results are, or None. The one
idea: constants are computed by the executors, so that a fold cannot disagree with them; where MLIR
leaves a result undefined (division by zero, too long a shift), nothing is folded.
"""

from __future__ import annotations

import math as libm
from collections.abc import Callable, Sequence

import numpy as np

from fleet.dialects import arith
from fleet.dialects import integer_semantics as integers
from fleet.dialects.folding import Folded, constant_like, fold_elements, maker, splat_value
from fleet.dialects.math import MATH
from fleet.ir.analysis.effects import constant_int, constant_of
from fleet.ir.attributes import Attribute, DenseAttr, FloatAttr, IntegerAttr
from fleet.ir.core import Operation, Value
from fleet.ir.interpreter import data_of
from fleet.ir.number_formats import integer_width
from fleet.ir.types import IndexType, IntegerType, element_of, i1

Constants = Sequence[Attribute | None]
_REFLEXIVE = ("eq", "sle", "sge", "ule", "uge")


def _is_minus_zero(number: float | int | None) -> bool:
    return number == 0 and isinstance(number, float) and libm.copysign(1, number) < 0


def _is_plus_zero(number: float | int | None) -> bool:
    return number == 0 and isinstance(number, float) and libm.copysign(1, number) > 0


def _number(operation: Operation, number: int) -> Folded:
    found = constant_like(operation.result.type, number)
    return None if found is None else [found]


def _zero(operation: Operation) -> Folded:
    return _number(operation, 0)


def _limits(operation: Operation) -> tuple[int, int]:
    """The least and the greatest signed number, as constants hold them."""
    width = integer_width(element_of(operation.result.type))
    return (1, 0) if width == 1 else (-(1 << (width - 1)), (1 << (width - 1)) - 1)


def _one_of(
    op: Operation, x: Value, y: Value, c: int | float | None, wins: int, loses: int
) -> Folded:
    """max and min: of a constant at one end either it or the other operand."""
    if x is y or c == loses:
        return [x]
    return [y] if c == wins else None


# Rules by operation: (operation, left, right, number on the right or None) -> what it is, or None.
Rule = Callable[[Operation, Value, Value, "int | float | None"], Folded]

_RULES: dict[str, Rule] = {
    "addi": lambda op, x, y, c: [x] if c == 0 else _cancel(x, y) or _cancel(y, x),
    "subi": lambda op, x, y, c: [x] if c == 0 else _zero(op) if x is y else _uncancel(x, y),
    "muli": lambda op, x, y, c: [x] if c == 1 else [y] if c == 0 else None,
    "divsi": lambda op, x, y, c: [x] if c == 1 else None,
    "divui": lambda op, x, y, c: [x] if c == 1 else None,
    "floordivsi": lambda op, x, y, c: [x] if c == 1 and not _is_bit(op) else None,
    "ceildivsi": lambda op, x, y, c: [x] if c == 1 and not _is_bit(op) else None,
    "ceildivui": lambda op, x, y, c: [x] if c == 1 else None,
    "remsi": lambda op, x, y, c: _zero(op) if c == 1 else None,
    "remui": lambda op, x, y, c: _zero(op) if c == 1 else None,
    "andi": lambda op, x, y, c: (
        [x] if x is y or _all_ones(op, c) else [y] if c == 0
        else _zero(op) if _is_not(x, y) or _is_not(y, x) else _absorbed(op.name, x, y)
    ),
    "ori": lambda op, x, y, c: (
        [x] if x is y or c == 0 else [y] if _all_ones(op, c)
        else _number(op, -1) if _is_not(x, y) or _is_not(y, x) else _absorbed(op.name, x, y)
    ),
    "xori": lambda op, x, y, c: (
        [x] if c == 0 else _zero(op) if x is y else _cancel_xor(x, y) or _cancel_xor(y, x)
    ),
    "shli": lambda op, x, y, c: [x] if c == 0 else None,
    "shrsi": lambda op, x, y, c: [x] if c == 0 else None,
    "shrui": lambda op, x, y, c: [x] if c == 0 else None,
    "maxsi": lambda op, x, y, c: _one_of(op, x, y, c, *_limits(op)[::-1]),
    "minsi": lambda op, x, y, c: _one_of(op, x, y, c, *_limits(op)),
    "maxui": lambda op, x, y, c: _one_of(op, x, y, c, _ones(op), 0),
    "minui": lambda op, x, y, c: _one_of(op, x, y, c, 0, _ones(op)),
    "addf": lambda op, x, y, c: [x] if _is_minus_zero(c) else None,
    "subf": lambda op, x, y, c: [x] if _is_plus_zero(c) else None,
    "mulf": lambda op, x, y, c: (
        [x] if c == 1 else [y] if c == 0 and arith.has_flags(op, "nnan", "nsz") else None
    ),
    "divf": lambda op, x, y, c: [x] if c == 1 else None,
    "maximumf": lambda op, x, y, c: [x] if x is y or c == -libm.inf else None,
    "minimumf": lambda op, x, y, c: [x] if x is y or c == libm.inf else None,
    "maxnumf": lambda op, x, y, c: [x] if x is y else None,
    "minnumf": lambda op, x, y, c: [x] if x is y else None,
}  # fmt: skip


def _is_bit(operation: Operation) -> bool:
    return element_of(operation.result.type) == i1


def _ones(operation: Operation) -> int:
    return 1 if _is_bit(operation) else -1


def _all_ones(operation: Operation, number: int | float | None) -> bool:
    return number is not None and number == _ones(operation)


def _cancel(x: Value, y: Value) -> Folded:
    """(a - y) + y is a."""
    difference = maker(x, "arith.subi")
    if difference is None or difference.operand(1) is not y:
        return None
    return [difference.operand(0)]


def _uncancel(x: Value, y: Value) -> Folded:
    """(a + y) - y is a, and (y + a) - y too."""
    total = maker(x, "arith.addi")
    if total is not None and y in total.operands:
        return [total.operand(0 if total.operand(1) is y else 1)]
    return None


def _cancel_xor(x: Value, y: Value) -> Folded:
    """(a ^ y) ^ y is a."""
    inner = maker(x, "arith.xori")
    if inner is None:
        return None
    same = [_same(operand, y) for operand in inner.operands]
    return [inner.operand(1 - same.index(True))] if any(same) else None


def _same(one: Value, other: Value) -> bool:
    """Whether two values are one, or equal constants."""
    known = constant_of(one)
    return one is other or (known is not None and known == constant_of(other))


def _is_not(x: Value, y: Value) -> bool:
    """Whether y is x with all bits turned."""
    inner = maker(y, "arith.xori")
    if inner is None or inner.operand(0) is not x:
        return False
    return _all_ones(inner, splat_value(constant_of(inner.operand(1))))


def _absorbed(name: str, x: Value, y: Value) -> Folded:
    """(a & b) & a is a & b, and | likewise."""
    for whole, part in ((x, y), (y, x)):
        inner = maker(whole, name)
        if inner is not None and part in inner.operands:
            return [whole]
    return None


def _is_defined(operation: Operation, constants: Constants) -> bool:
    """Whether the constants give a result: of no element there is a division by zero or such."""
    name = operation.name.partition(".")[2]
    if None in constants or len(constants) != 2 or name not in _PARTIAL:
        return True
    element = element_of(operation.operand(0).type)
    pairs = np.broadcast_arrays(*(np.asarray(data_of(c), object) for c in constants))
    return all(
        integers.is_defined(name, int(x), int(y), element)
        for x, y in zip(*(array.reshape(-1) for array in pairs), strict=True)
    )


_PARTIAL = (
    "divsi", "divui", "floordivsi", "ceildivsi", "ceildivui", "remsi", "remui", "shli", "shrsi",
    "shrui", "ipowi",
)  # fmt: skip


def _fold(operation: Operation, constants: Constants) -> Folded:
    if not _is_defined(operation, constants):
        return None
    found = fold_elements(operation, constants)
    name = operation.name.partition(".")[2]
    rule = _RULES.get(name)
    if found is None and rule is not None:
        left, right = operation.operands
        found = rule(operation, left, right, splat_value(constants[1]))
    return found


for _definition in (*arith.ARITH.ops.values(), *MATH.ops.values()):
    if _definition is not arith.constant:
        _definition.folds(_fold)


@arith.negf.folds
def _fold_negf(operation: Operation, constants: Constants) -> Folded:
    inner = maker(operation.operand(0), "arith.negf")
    return fold_elements(operation, constants) if inner is None else [inner.operand(0)]


@arith.cmpi.folds
def _fold_cmpi(operation: Operation, constants: Constants) -> Folded:
    found = fold_elements(operation, constants)
    left, right = operation.operands
    predicate = arith.predicate_of(operation)
    if found is None and left is right:
        return _number(operation, int(predicate in _REFLEXIVE))
    if found is None and _is_bit_again(operation, predicate, splat_value(constants[1])):
        return [left.owner.operand(0) if element_of(left.type) != i1 else left]
    is_below = predicate == "ult" and isinstance(left.type, IntegerType)
    if found is None and is_below:
        limit, most = constant_int(right), _unsigned_most(left)
        if limit is not None and most is not None and most < limit % 2**left.type.width:
            return [IntegerAttr(1, i1)]
    return found


def _is_bit_again(operation: Operation, predicate: str, number: int | float | None) -> bool:
    """Whether a comparison asks a bit whether it is set: b == 1, b != 0, ext(b) != 0."""
    left = operation.operand(0)
    if element_of(left.type) == i1:
        return (predicate, number) in (("eq", 1), ("ne", 0))
    widened = maker(left, "arith.extui", "arith.extsi")
    is_bit = widened is not None and element_of(widened.operand(0).type) == i1
    return is_bit and (predicate, number) == ("ne", 0)


def _unsigned_most(value: Value) -> int | None:
    """A bound that a mask or a shift sets to an int: a rotation's amounts need no check."""
    masked, shifted = maker(value, "arith.andi"), maker(value, "arith.shrui")
    if masked is not None:
        mask = constant_int(masked.operand(1))
        return mask if mask is not None and mask >= 0 else None
    amount = None if shifted is None else constant_int(shifted.operand(1))
    if amount is None or not 0 < amount < value.type.width:
        return None
    return 2 ** (value.type.width - amount) - 1


@arith.cmpf.folds
def _fold_cmpf(operation: Operation, constants: Constants) -> Folded:
    """A comparison with NaN is known."""
    numbers = [splat_value(constant) for constant in constants]
    nan = any(number is not None and number != number for number in numbers)
    if nan and element_of(operation.result.type) == operation.result.type:
        return _number(operation, int(arith.predicate_of(operation)[0] == "u"))
    if arith.predicate_of(operation) in ("true", "false"):
        return _number(operation, int(arith.predicate_of(operation) == "true"))
    return fold_elements(operation, constants)


@arith.select.folds
def _fold_select(operation: Operation, constants: Constants) -> Folded:
    condition, one, other = operation.operands
    known = splat_value(constants[0])
    if one is other or known is not None:
        return [other if known is not None and not known else one]
    bit = operation.result.type == condition.type
    if bit and (splat_value(constants[1]), splat_value(constants[2])) == (1, 0):
        return [condition]
    compared = maker(condition, "arith.cmpi")
    if compared is not None and set(compared.operands) == {one, other}:
        predicate = arith.predicate_of(compared)
        if predicate in ("eq", "ne"):
            return [one if predicate == "ne" else other]
    if all(isinstance(c, DenseAttr) for c in constants):
        return fold_elements(operation, constants)
    return None


@arith.addui_extended.folds
def _fold_addui(operation: Operation, constants: Constants) -> Folded:
    if splat_value(constants[1]) == 0:
        no = constant_like(operation.results[1].type, 0)
        return None if no is None else [operation.operand(0), no]
    return fold_elements(operation, constants)


def _fold_extended(operation: Operation, constants: Constants) -> Folded:
    left, right = operation.operands
    number = splat_value(constants[1])
    if number == 0:
        return [right, right]
    if number == 1 and operation.definition is arith.mului_extended:
        zero = constant_like(right.type, 0)
        return None if zero is None else [left, zero]
    return fold_elements(operation, constants)


for _definition in (arith.mulsi_extended, arith.mului_extended):
    _definition.folds(_fold_extended)


# -- casts


def _fold_exact(operation: Operation, constants: Constants) -> Folded:
    """To integers, what fits; MLIR leaves the rest to the target."""
    source = constants[0]
    if isinstance(source, FloatAttr | DenseAttr):
        element = element_of(operation.result.type)
        low = 0 if operation.definition is arith.fptoui else -(1 << (element.width - 1))
        high = 1 << (element.width - (operation.definition is arith.fptosi))
        for number in np.asarray(data_of(source), np.float64).reshape(-1):
            if not libm.isfinite(number) or not low <= libm.trunc(number) < high:
                return None
    return fold_elements(operation, constants)


for _definition in (arith.fptosi, arith.fptoui):
    _definition.folds(_fold_exact)


@arith.truncf.folds
def _fold_truncf(operation: Operation, constants: Constants) -> Folded:
    inner = maker(operation.operand(0), "arith.extf")
    if inner is not None and inner.operand(0).type == operation.result.type:
        return [inner.operand(0)]
    return fold_elements(operation, constants)


@arith.extf.folds
def _fold_extf(operation: Operation, constants: Constants) -> Folded:
    inner = maker(operation.operand(0), "arith.truncf")
    if inner is not None and inner.operand(0).type == operation.result.type:
        both = (inner, operation)
        if all(arith.has_flags(one, "contract") for one in both):
            return [inner.operand(0)]
    return fold_elements(operation, constants)


@arith.trunci.folds
def _fold_trunci(operation: Operation, constants: Constants) -> Folded:
    inner = maker(operation.operand(0), "arith.extsi", "arith.extui")
    if inner is not None and inner.operand(0).type == operation.result.type:
        return [inner.operand(0)]
    return fold_elements(operation, constants)


@arith.bitcast.folds
def _fold_bitcast(operation: Operation, constants: Constants) -> Folded:
    source = operation.operand(0)
    if source.type == operation.result.type:
        return [source]
    inner = maker(source, "arith.bitcast")
    if inner is not None and inner.operand(0).type == operation.result.type:
        return [inner.operand(0)]
    return fold_elements(operation, constants)


def _fold_index_cast(operation: Operation, constants: Constants) -> Folded:
    """There and back loses nothing: from index over i64, or over index from at most 64 bits."""
    inner = maker(operation.operand(0), operation.name)
    if inner is not None and inner.operand(0).type == operation.result.type:
        between = element_of(operation.operand(0).type)
        if isinstance(between, IndexType) or between == IntegerType(64):
            return [inner.operand(0)]
    return fold_elements(operation, constants)


for _definition in (arith.index_cast, arith.index_castui):
    _definition.folds(_fold_index_cast)


# -- math


def _fold_idempotent(operation: Operation, constants: Constants) -> Folded:
    """ceil(ceil(x)) is ceil(x), and so on."""
    inner = maker(operation.operand(0), operation.name)
    return [inner.result] if inner is not None else fold_elements(operation, constants)


for _name in ("ceil", "floor", "trunc", "round", "roundeven", "absf", "absi"):
    MATH.ops[_name].folds(_fold_idempotent)


"""Folds and simplifications of `arith` and `math`: equations that hold to the bit."""

from __future__ import annotations

import math as libm
from collections.abc import Callable, Sequence

from fleet.dialects import arith
from fleet.dialects.folding import Folded, fold_single, maker, splat_value
from fleet.dialects.math import MATH
from fleet.ir.attributes import Attribute, IntegerAttr
from fleet.ir.core import Operation, Value
from fleet.ir.effects import constant_int, constant_of
from fleet.ir.rewriter import Rewriter
from fleet.ir.types import IndexType, IntegerType, ShapedType, Type, i1

Constants = Sequence[Attribute | None]
_DIVISIONS = ("arith.divsi", "arith.divui", "arith.floordivsi", "arith.ceildivsi", "arith.remsi",
              "arith.remui")  # fmt: skip
_INVERSE = {
    "eq": "ne", "ne": "eq", "slt": "sge", "sge": "slt", "sle": "sgt", "sgt": "sle",
    "ult": "uge", "uge": "ult", "ule": "ugt", "ugt": "ule",
}  # fmt: skip
_SWAPPED = {
    "eq": "eq", "ne": "ne", "slt": "sgt", "sgt": "slt", "sle": "sge", "sge": "sle",
    "ult": "ugt", "ugt": "ult", "ule": "uge", "uge": "ule",
}  # fmt: skip
_REFLEXIVE = ("eq", "sle", "sge", "ule", "uge")


def _is_minus_zero(number: float | int | None) -> bool:
    return number == 0 and isinstance(number, float) and libm.copysign(1, number) < 0


def _is_plus_zero(number: float | int | None) -> bool:
    return number == 0 and isinstance(number, float) and libm.copysign(1, number) > 0


def _zero(operation: Operation) -> Folded:
    type = operation.result.type
    return None if isinstance(type, ShapedType) else [IntegerAttr(0, type)]


# Rules by operation: (operation, left, right, number on the right or None) -> what it is, or None.
Rule = Callable[[Operation, Value, Value, "int | float | None"], Folded]

_RULES: dict[str, Rule] = {
    "addi": lambda op, x, y, c: [x] if c == 0 else _cancel(x, y) or _cancel(y, x),
    "subi": lambda op, x, y, c: [x] if c == 0 else _zero(op) if x is y else _uncancel(x, y),
    "muli": lambda op, x, y, c: [x] if c == 1 else _zero(op) if c == 0 else None,
    "divsi": lambda op, x, y, c: [x] if c == 1 else None,
    "divui": lambda op, x, y, c: [x] if c == 1 and op.result.type != i1 else None,
    "floordivsi": lambda op, x, y, c: [x] if c == 1 and op.result.type != i1 else None,
    "ceildivsi": lambda op, x, y, c: [x] if c == 1 and op.result.type != i1 else None,
    "remsi": lambda op, x, y, c: _zero(op) if c == 1 else None,
    "andi": lambda op, x, y, c: (
        [x] if x is y or _all_ones(op, c) else _zero(op) if c == 0 else None
    ),
    "ori": lambda op, x, y, c: [x] if x is y or c == 0 else [y] if _all_ones(op, c) else None,
    "xori": lambda op, x, y, c: [x] if c == 0 else _zero(op) if x is y else _double_not(op, x, c),
    "shli": lambda op, x, y, c: [x] if c == 0 else None,
    "shrsi": lambda op, x, y, c: [x] if c == 0 else None,
    "shrui": lambda op, x, y, c: [x] if c == 0 else None,
    "maxsi": lambda op, x, y, c: [x] if x is y else None,
    "minsi": lambda op, x, y, c: [x] if x is y else None,
    "maxui": lambda op, x, y, c: [x] if x is y else None,
    "minui": lambda op, x, y, c: [x] if x is y else None,
    "addf": lambda op, x, y, c: [x] if _is_minus_zero(c) else None,
    "subf": lambda op, x, y, c: [x] if _is_plus_zero(c) else None,
    "mulf": lambda op, x, y, c: [x] if c == 1 else None,
    "divf": lambda op, x, y, c: [x] if c == 1 else None,
}


def _cancel(x: Value, y: Value) -> Folded:
    """(a - y) + y is a."""
    difference = maker(x, "arith.subi")
    return (
        [difference.operand(0)] if difference is not None and difference.operand(1) is y else None
    )


def _uncancel(x: Value, y: Value) -> Folded:
    """(a + y) - y is a, and (y + a) - y too."""
    total = maker(x, "arith.addi")
    if total is not None and y in total.operands:
        return [total.operand(0 if total.operand(1) is y else 1)]
    return None


def _all_ones(operation: Operation, number: int | float | None) -> bool:
    return number == (1 if operation.result.type == i1 else -1)


def _double_not(operation: Operation, x: Value, number: int | float | None) -> Folded:
    inner = maker(x, "arith.xori")
    if inner is None or not _all_ones(operation, number):
        return None
    return [inner.operand(0)] if _all_ones(inner, constant_int(inner.operand(1))) else None


def _fold(operation: Operation, constants: Constants) -> Folded:
    if operation.name in _DIVISIONS and splat_value(constants[1]) in (0, None):
        return None
    found = fold_single(operation, constants)
    rule = _RULES.get(operation.name.partition(".")[2])
    if found is None and rule is not None:
        left, right = operation.operands
        found = rule(operation, left, right, splat_value(constants[1]))
    return found


for _definition in (*arith.ARITH.ops.values(), *MATH.ops.values()):
    if _definition is not arith.constant:
        _definition.folds(_fold)


@arith.cmpi.folds
def _fold_cmpi(operation: Operation, constants: Constants) -> Folded:
    found = fold_single(operation, constants)
    left, right = operation.operands
    if found is None and left is right and not isinstance(left.type, ShapedType):
        return [IntegerAttr(int(arith.predicate_of(operation) in _REFLEXIVE), i1)]
    is_below = arith.predicate_of(operation) == "ult" and isinstance(left.type, IntegerType)
    if found is None and is_below:
        limit, most = constant_int(right), _unsigned_most(left)
        if limit is not None and most is not None and most < limit % 2**left.type.width:
            return [IntegerAttr(1, i1)]
    return found


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


@arith.select.folds
def _fold_select(operation: Operation, constants: Constants) -> Folded:
    condition, one, other = operation.operands
    if one is other:
        return [one]
    if condition.type == i1 and isinstance(constants[0], IntegerAttr):
        return [one if constants[0].value else other]
    if operation.result.type == i1 and constants[1:] == [IntegerAttr(1, i1), IntegerAttr(0, i1)]:
        return [condition]
    return None


_THERE_AND_BACK = {
    "arith.trunci": ("arith.extsi", "arith.extui"),
    "arith.truncf": ("arith.extf",),
    "arith.bitcast": ("arith.bitcast",),
}


def _fold_cast(operation: Operation, constants: Constants) -> Folded:
    inner = maker(operation.operand(0), *_THERE_AND_BACK.get(operation.name, ()))
    if inner is not None and inner.operand(0).type == operation.result.type:
        return [inner.operand(0)]
    return fold_single(operation, constants)


for _definition in (arith.trunci, arith.truncf, arith.bitcast):
    _definition.folds(_fold_cast)


@arith.index_cast.folds
def _fold_index_cast(operation: Operation, constants: Constants) -> Folded:
    """There and back loses nothing: from index over i64, or over index from at most 64 bits."""
    inner = maker(operation.operand(0), "arith.index_cast")
    if inner is not None and inner.operand(0).type == operation.result.type:
        between = operation.operand(0).type
        if isinstance(between, IndexType) or between == IntegerType(64):
            return [inner.operand(0)]
    return fold_single(operation, constants)


# -- patterns


def _constant_to_the_right(operation: Operation, rewriter: Rewriter) -> bool:
    """c + x is x + c."""
    left, right = operation.operands
    if constant_of(left) is None or constant_of(right) is not None:
        return False
    operation.operands = (right, left)
    return True


def _wrapped(number: int, type: Type) -> int:
    """The number modulo 2**width, as IntegerAttr holds it."""
    width = 64 if isinstance(type, IndexType) else type.width
    number &= (1 << width) - 1
    return number - ((number >> (width - 1)) << width) if width > 1 else number


def _gather_constants(operation: Operation, rewriter: Rewriter) -> bool:
    """(x + a) + b is x + (a + b), for integers; * likewise."""
    left, right = operation.operands
    inner = maker(left, operation.name)
    outer = constant_of(right)
    if inner is None or not isinstance(outer, IntegerAttr):
        return False
    number = constant_of(inner.operand(1))
    if not isinstance(number, IntegerAttr):
        return False
    plus = operation.definition is arith.addi
    total = number.value + outer.value if plus else number.value * outer.value
    made = rewriter.constant(_wrapped(total, outer.type), outer.type)
    operation.operands = (inner.operand(0), made)
    return True


for _definition in arith.ARITH.ops.values():
    if "Commutative" in _definition.traits:
        _definition.pattern(_constant_to_the_right)
for _definition in (arith.addi, arith.muli):
    _definition.pattern(_gather_constants)


@arith.subi.pattern
def _subtract_constant(operation: Operation, rewriter: Rewriter) -> bool:
    """x - c is x + -c."""
    number = constant_of(operation.operand(1))
    if not isinstance(number, IntegerAttr) or number.type == i1:
        return False
    minus = rewriter.constant(_wrapped(-number.value, number.type), number.type)
    rewriter.replace_by(operation, arith.addi, operation.operand(0), minus)
    return True


@arith.cmpi.pattern
def _compare_constant_on_the_right(operation: Operation, rewriter: Rewriter) -> bool:
    left, right = operation.operands
    if constant_of(left) is None or constant_of(right) is not None:
        return False
    swapped = _SWAPPED[arith.predicate_of(operation)]
    operation.operands = (right, left)
    operation.attributes["predicate"] = IntegerAttr(arith.CMPI_PREDICATES.index(swapped))
    return True


@arith.xori.pattern
def _not_of_comparison(operation: Operation, rewriter: Rewriter) -> bool:
    """not (a < b) is a >= b."""
    compared = maker(operation.operand(0), "arith.cmpi")
    if compared is None or constant_of(operation.operand(1)) != IntegerAttr(1, i1):
        return False
    predicate = _INVERSE[arith.predicate_of(compared)]
    rewriter.replace_by(
        operation,
        arith.cmpi,
        *compared.operands,
        predicate=arith.CMPI_PREDICATES.index(predicate),
    )
    return True


@arith.select.pattern
def _select_not(operation: Operation, rewriter: Rewriter) -> bool:
    """select(c, false, true) is not c."""
    condition, one, other = operation.operands
    if constant_of(one) != IntegerAttr(0, i1) or constant_of(other) != IntegerAttr(1, i1):
        return False
    rewriter.replace_by(operation, arith.xori, condition, rewriter.constant(1, i1))
    return True

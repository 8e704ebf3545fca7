"""Simplifications of `arith` that need new operations: constants gathered, widenings moved out.

Each pattern's first line is its equation; they hold to the bit, for scalars, tensors and vectors.
"""

from __future__ import annotations

import math

from fleet.dialects import arith
from fleet.dialects.folding import constant_like, maker, splat_value
from fleet.ir.analysis.effects import constant_of
from fleet.ir.attributes import IntegerAttr
from fleet.ir.core import Operation, Value
from fleet.ir.definition import OpDef
from fleet.ir.number_formats import integer_width, significant_bits
from fleet.ir.rewriting.rewriter import Rewriter
from fleet.ir.types import ShapedType, Type, element_of, i1

_INVERSE = {
    "eq": "ne", "ne": "eq", "slt": "sge", "sge": "slt", "sle": "sgt", "sgt": "sle",
    "ult": "uge", "uge": "ult", "ule": "ugt", "ugt": "ule",
}  # fmt: skip
_SWAPPED = {
    "eq": "eq", "ne": "ne", "slt": "sgt", "sgt": "slt", "sle": "sge", "sge": "sle",
    "ult": "ugt", "ugt": "ult", "ule": "uge", "uge": "ule",
}  # fmt: skip


def number_of(value: Value) -> int | float | None:
    """The number that a value is everywhere, or None."""
    return splat_value(constant_of(value))


def _constant(rewriter: Rewriter, number: int, type: Type) -> Value | None:
    found = constant_like(type, number)
    return None if found is None else rewriter.constant(found)


def _all_ones(value: Value) -> bool:
    return number_of(value) == (1 if element_of(value.type) == i1 else -1)


# -- constants


def _constant_to_the_right(operation: Operation, rewriter: Rewriter) -> bool:
    """c + x is x + c."""
    left, right = operation.operands
    if constant_of(left) is None or constant_of(right) is not None:
        return False
    operation.operands = (right, left)
    return True


for _definition in arith.ARITH.ops.values():
    if "Commutative" in _definition.traits:
        _definition.pattern(_constant_to_the_right)


def _parts(value: Value) -> tuple[str, Value, int] | None:
    """What a sum with a constant is: ("x+c", x, c) or ("c-x", x, c)."""
    made = maker(value, "arith.addi", "arith.subi")
    if made is None:
        return None
    left, right = made.operands
    known = number_of(right)
    if known is not None:
        return "x+c", left, known if made.definition is arith.addi else -known
    known = number_of(left)
    if known is not None and made.definition is arith.subi:
        return "c-x", right, known
    return None


def _gather_sum(operation: Operation, rewriter: Rewriter) -> bool:
    """(x ± a) ± b and (a - x) ± b: one constant."""
    left, right = operation.operands
    plus = operation.definition is arith.addi
    known, inner = number_of(right), _parts(left)
    sign = 1
    if known is not None and inner is not None:
        total = inner[2] + (known if plus else -known)
    else:
        known, inner = number_of(left), _parts(right)
        if plus or known is None or inner is None:
            return False
        total, sign = known - inner[2], -1
    form, x, _ = inner
    constant = _constant(rewriter, total, operation.result.type)
    if constant is None:
        return False
    if (form == "x+c") == (sign > 0):
        rewriter.replace_by(operation, arith.addi, x, constant)
    else:
        rewriter.replace_by(operation, arith.subi, constant, x)
    return True


arith.addi.pattern(_gather_sum)
arith.subi.pattern(_gather_sum)


@arith.muli.pattern
def _gather_product(operation: Operation, rewriter: Rewriter) -> bool:
    """(x * a) * b is x * (a * b)."""
    left, right = operation.operands
    inner, outer = maker(left, "arith.muli"), number_of(right)
    known = None if inner is None else number_of(inner.operand(1))
    if known is None or outer is None:
        return False
    made = _constant(rewriter, known * outer, operation.result.type)
    if made is None:
        return False
    rewriter.replace_by(operation, arith.muli, inner.operand(0), made)
    return True


@arith.addi.pattern
def _add_negated(operation: Operation, rewriter: Rewriter) -> bool:
    """x + y * -1 is x - y."""
    for x, product in (operation.operands, operation.operands[::-1]):
        made = maker(product, "arith.muli")
        if made is not None and number_of(made.operand(1)) == -1:
            rewriter.replace_by(operation, arith.subi, x, made.operand(0))
            return True
    return False


@arith.subi.pattern
def _subtract_constant(operation: Operation, rewriter: Rewriter) -> bool:
    """x - c is x + -c."""
    number, type = constant_of(operation.operand(1)), operation.result.type
    if not isinstance(number, IntegerAttr) or type == i1:
        return False
    minus = _constant(rewriter, -number.value, type)
    rewriter.replace_by(operation, arith.addi, operation.operand(0), minus)
    return True


@arith.subi.pattern
def _subtract_whole(operation: Operation, rewriter: Rewriter) -> bool:
    """(x - y) - x is 0 - y."""
    inner = maker(operation.operand(0), "arith.subi")
    if inner is None or inner.operand(0) is not operation.operand(1):
        return False
    zero = _constant(rewriter, 0, operation.result.type)
    if zero is None:
        return False
    rewriter.replace_by(operation, arith.subi, zero, inner.operand(1))
    return True


# -- widenings and narrowings


def _widened_operands(operation: Operation) -> tuple[OpDef, Value, Value] | None:
    """The widening that both operands have been through, and what they were before."""
    for definition in (arith.extui, arith.extsi):
        one, other = (maker(value, definition.name) for value in operation.operands)
        if one is not None and other is not None:
            if one.operand(0).type == other.operand(0).type:
                return definition, one.operand(0), other.operand(0)
            return None
    return None


def _before_widening(operation: Operation, rewriter: Rewriter) -> bool:
    """ext(x) & ext(y) is ext(x & y)."""
    found = _widened_operands(operation)
    if found is None:
        return False
    definition, x, y = found
    narrow = rewriter.value(operation.definition, x, y)
    rewriter.replace_by(operation, definition, narrow)
    return True


for _definition in (arith.andi, arith.ori, arith.xori):
    _definition.pattern(_before_widening)


@arith.cmpi.pattern
def _compare_before_widening(operation: Operation, rewriter: Rewriter) -> bool:
    """ext(x) == ext(y) is x == y."""
    found = _widened_operands(operation)
    if found is None or arith.predicate_of(operation) not in ("eq", "ne"):
        return False
    operation.operands = found[1:]
    return True


def _widen_once(operation: Operation, rewriter: Rewriter) -> bool:
    """ext(ext(x)) is ext(x); what was widened with zeros has no sign."""
    inner = maker(operation.operand(0), operation.name, "arith.extui")
    if inner is None:
        return False
    rewriter.replace_by(operation, inner.definition, inner.operand(0))
    return True


arith.extsi.pattern(_widen_once)
arith.extui.pattern(_widen_once)


@arith.trunci.pattern
def _narrow_once(operation: Operation, rewriter: Rewriter) -> bool:
    """trunc(trunc(x)), and trunc(ext(x)), which is less of either."""
    inner = maker(operation.operand(0), "arith.trunci", "arith.extsi", "arith.extui")
    if inner is None:
        return False
    x = inner.operand(0)
    if _width(x.type) <= _width(operation.result.type):
        rewriter.replace_by(operation, inner.definition, x)
    else:
        operation.set_operand(0, x)
    return True


def _width(type: Type) -> int:
    return integer_width(element_of(type))


@arith.trunci.pattern
def _upper_half(operation: Operation, rewriter: Rewriter) -> bool:
    """The upper half of a product of widened numbers; of a shift, signs do not matter."""
    shifted = maker(operation.operand(0), "arith.shrsi", "arith.shrui")
    if shifted is None:
        return False
    x, amount = shifted.operands
    if number_of(amount) != _width(x.type) - _width(operation.result.type):
        return False
    if shifted.definition is arith.shrsi:
        plain = rewriter.value(arith.shrui, x, amount)
        rewriter.replace_by(operation, arith.trunci, plain)
        return True
    product = maker(x, "arith.muli")
    found = None if product is None else _widened_operands(product)
    if found is None or found[1].type != operation.result.type:
        return False
    signed = found[0] is arith.extsi
    definition = arith.mulsi_extended if signed else arith.mului_extended
    type = operation.result.type
    low_high = rewriter.values(definition, *found[1:], types=[type, type])
    rewriter.replace(operation, low_high[1])
    return True


def _cast_before_widening(widening: OpDef) -> None:
    definition = arith.index_cast if widening is arith.extsi else arith.index_castui

    @definition.pattern
    def _skip(operation: Operation, rewriter: Rewriter) -> bool:
        """index_cast(ext(x)) is index_cast(x)."""
        inner = maker(operation.operand(0), widening.name)
        if inner is None:
            return False
        operation.set_operand(0, inner.operand(0))
        return True


_cast_before_widening(arith.extsi)
_cast_before_widening(arith.extui)


@arith.bitcast.pattern
def _bitcast_once(operation: Operation, rewriter: Rewriter) -> bool:
    """bitcast(bitcast(x)) is bitcast(x)."""
    inner = maker(operation.operand(0), "arith.bitcast")
    if inner is None:
        return False
    operation.set_operand(0, inner.operand(0))
    return True


def _only_low(operation: Operation, rewriter: Rewriter) -> bool:
    """A sum or product whose second part nobody uses is a plain one."""
    if operation.results[1].uses:
        return False
    plain = arith.addi if operation.definition is arith.addui_extended else arith.muli
    made = rewriter.value(plain, *operation.operands)
    rewriter.replace_uses(operation.results[0], made)
    rewriter.erase(operation)
    return True


for _definition in (arith.addui_extended, arith.mulsi_extended, arith.mului_extended):
    _definition.pattern(_only_low)


@arith.mulsi_extended.pattern
def _times_one(operation: Operation, rewriter: Rewriter) -> bool:
    """x * 1 is x and its sign."""
    x, factor = operation.operands
    if number_of(factor) != 1 or element_of(x.type) == i1:
        return False
    zero = _constant(rewriter, 0, x.type)
    if zero is None:
        return False
    sign = rewriter.value(arith.cmpi, x, zero, predicate=arith.CMPI_PREDICATES.index("slt"))
    rewriter.replace(operation, [x, rewriter.value(arith.extsi, sign, types=[x.type])])
    return True


# -- floats


@arith.mulf.pattern
@arith.divf.pattern
def _two_signs(operation: Operation, rewriter: Rewriter) -> bool:
    """-x * -y is x * y, and / likewise."""
    signs = [maker(value, "arith.negf") for value in operation.operands]
    if None in signs:
        return False
    operation.operands = [sign.operand(0) for sign in signs]
    return True


# -- comparisons and choices


@arith.cmpi.pattern
def _compare_constant_on_the_right(operation: Operation, rewriter: Rewriter) -> bool:
    """c < x is x > c."""
    left, right = operation.operands
    if constant_of(left) is None or constant_of(right) is not None:
        return False
    swapped = _SWAPPED[arith.predicate_of(operation)]
    operation.operands = (right, left)
    operation.attributes["predicate"] = IntegerAttr(arith.CMPI_PREDICATES.index(swapped))
    return True


@arith.cmpf.pattern
def _compare_before_float(operation: Operation, rewriter: Rewriter) -> bool:
    """float(x) < c is x < ceil(c), and so on, where every such x is a float: no rounding."""
    made, bound = maker(operation.operand(0), "arith.sitofp", "arith.uitofp"), None
    if made is not None:
        bound = number_of(operation.operand(1))
    if bound is None or bound != bound:
        return False
    x, signed = made.operand(0), made.definition is arith.sitofp
    element, digits = element_of(x.type), significant_bits(element_of(made.result.type))
    if element == i1 or digits is None or element.width - signed > digits:
        return False
    found = _compared_whole(arith.predicate_of(operation)[-2:], bound, element.width, signed)
    if isinstance(found, bool):
        answer = _constant(rewriter, int(found), operation.result.type)
        if answer is not None:
            rewriter.replace(operation, answer)
        return answer is not None
    sign, number = found
    whole = _constant(rewriter, number, x.type)
    if whole is None:
        return False
    prefix = "" if sign in ("eq", "ne") else "s" if signed else "u"
    predicate = arith.CMPI_PREDICATES.index(prefix + sign)
    rewriter.replace_by(operation, arith.cmpi, x, whole, predicate=predicate)
    return True


def _compared_whole(sign: str, bound: float, width: int, signed: bool) -> bool | tuple[str, int]:
    """A comparison of integers of a width with a number, as one with a whole number; whether it
    holds where that is the same for all of them. sign: the last two letters of the predicate."""
    least = -(1 << (width - 1)) if signed else 0
    most = least + (1 << width) - 1
    if sign in ("rd", "ue", "no", "se"):
        return sign in ("rd", "ue")
    if sign in ("eq", "ne"):
        inside = least <= bound <= most and bound == math.floor(bound)
        return (sign, int(bound)) if inside else sign == "ne"
    below = sign in ("lt", "le")
    if not least <= bound <= most:
        return below == (bound > most)
    up = sign in ("lt", "ge")
    return sign, math.ceil(bound) if up else math.floor(bound)


@arith.xori.pattern
def _not_of_comparison(operation: Operation, rewriter: Rewriter) -> bool:
    """not (a < b) is a >= b."""
    compared = maker(operation.operand(0), "arith.cmpi")
    if compared is None or number_of(operation.operand(1)) != 1:
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
def _select_bit(operation: Operation, rewriter: Rewriter) -> bool:
    """select(c, 0, 1) of bits is not c; select(c, 1, 0) of wider ones is c with zeros."""
    condition, one, other = operation.operands
    numbers = (number_of(one), number_of(other))
    element, type = element_of(one.type), operation.result.type
    if not isinstance(numbers[0], int) or numbers not in ((0, 1), (1, 0)):
        return False
    if isinstance(one.type, ShapedType) != isinstance(condition.type, ShapedType):
        return False
    if not hasattr(element, "signedness") or element.signedness:
        return False
    if numbers == (0, 1):
        ones = _constant(rewriter, 1, condition.type)
        if ones is None:
            return False
        condition = rewriter.value(arith.xori, condition, ones)
    if element == i1:
        rewriter.replace(operation, condition)
    else:
        rewriter.replace_by(operation, arith.extui, condition, types=[type])
    return True


@arith.select.pattern
def _select_nested(operation: Operation, rewriter: Rewriter) -> bool:
    """select(c, select(c, x, y), z) is select(c, x, z), and likewise on the other side."""
    condition, one, other = operation.operands
    first, second = maker(one, "arith.select"), maker(other, "arith.select")
    changed = False
    if first is not None and first.operand(0) is condition:
        operation.set_operand(1, first.operand(1))
        changed = True
    if second is not None and second.operand(0) is condition:
        operation.set_operand(2, second.operand(2))
        changed = True
    return changed


@arith.select.pattern
def _select_not(operation: Operation, rewriter: Rewriter) -> bool:
    """select(not c, x, y) is select(c, y, x)."""
    condition, one, other = operation.operands
    inverted = maker(condition, "arith.xori")
    if inverted is None or not _all_ones(inverted.operand(1)):
        return False
    operation.operands = (inverted.operand(0), other, one)
    return True

"""What a loop kernel asks before it computes: Python's errors as conditions on numbers.

In: calls of services that may raise (`check`, Python's operators on ints). Out: the condition under
which they raise, and otherwise their result, in `arith`. The one idea: the kernel only decides
whether; the schedule, told which call it was and what it was given, makes the call and thus the
error.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from fleet.dialects import arith
from fleet.dialects.arith import CMPF_PREDICATES, CMPI_PREDICATES
from fleet.integers import LEAST
from fleet.ir.analysis.effects import constant_int
from fleet.ir.attributes import StringAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, Value
from fleet.ir.definition import OpDef
from fleet.ir.types import IntegerType, f64, i1, i64
from fleet.passes.kernels.checks import exact, modular
from fleet.passes.kernels.checks.ranges import Range, is_within


@dataclass(frozen=True)
class Answer:
    """result: what the call gives (None: nothing). failed: i1s, under any of which it raises."""

    result: Value | None
    failed: tuple[Value, ...] = ()


Rule = Callable[..., Answer]
"""Operands in the kernel, and what is known of them; of sums and products their result, too, where
it is there already."""


def integer_compare(builder: Builder, predicate: str, a: Value, b: Value | int) -> Value:
    other = builder.constant(b, a.type) if isinstance(b, int) else b
    return builder.value(
        arith.cmpi, a, other, types=[i1], predicate=CMPI_PREDICATES.index(predicate)
    )


def _float_compare(builder: Builder, predicate: str, a: Value, b: float) -> Value:
    other = builder.constant(b, a.type)
    return builder.value(
        arith.cmpf, a, other, types=[i1], predicate=CMPF_PREDICATES.index(predicate)
    )


def negated(builder: Builder, condition: Value) -> Value:
    return builder.value(arith.xori, condition, builder.constant(1, i1))


def _check(builder: Builder, operands: Sequence[Value], ranges: Sequence[Range]) -> Answer:
    if ranges[0] == (1, 1):
        return Answer(None)
    return Answer(None, (negated(builder, operands[0]),))


def _add(
    builder: Builder,
    operands: Sequence[Value],
    ranges: Sequence[Range],
    made: Value | None = None,
) -> Answer:
    (a, b), (ra, rb) = operands, ranges
    total = made or builder.value(arith.addi, a, b)
    if is_within(ra[0] + rb[0], ra[1] + rb[1]):
        return Answer(total)
    if rb[0] >= 0:
        return Answer(total, (integer_compare(builder, "slt", total, a),))
    if ra[0] >= 0:
        return Answer(total, (integer_compare(builder, "slt", total, b),))
    if rb[1] <= 0:
        return Answer(total, (integer_compare(builder, "sgt", total, a),))
    wrong = _signs_clash(builder, (total, a), (total, b))
    return Answer(total, (wrong,))


def _subtract(
    builder: Builder,
    operands: Sequence[Value],
    ranges: Sequence[Range],
    made: Value | None = None,
) -> Answer:
    (a, b), (ra, rb) = operands, ranges
    rest = made or builder.value(arith.subi, a, b)
    if is_within(ra[0] - rb[1], ra[1] - rb[0]):
        return Answer(rest)
    if rb[0] >= 0:
        return Answer(rest, (integer_compare(builder, "sgt", rest, a),))
    if rb[1] <= 0:
        return Answer(rest, (integer_compare(builder, "slt", rest, a),))
    return Answer(rest, (_signs_clash(builder, (a, b), (rest, a)),))


def _signs_clash(
    builder: Builder, one: tuple[Value, Value], other: tuple[Value, Value]
) -> Value:
    """Whether both pairs differ in sign."""
    both = builder.value(
        arith.andi, builder.value(arith.xori, *one), builder.value(arith.xori, *other)
    )
    return integer_compare(builder, "slt", both, 0)


def _multiply(
    builder: Builder,
    operands: Sequence[Value],
    ranges: Sequence[Range],
    made: Value | None = None,
) -> Answer:
    a, b = operands
    corners = [x * y for x in ranges[0] for y in ranges[1]]
    if is_within(min(corners), max(corners)):
        return Answer(made or builder.value(arith.muli, a, b))
    low, high = builder.values(arith.mulsi_extended, a, b, types=[i64, i64])
    low = made or low
    sign = builder.value(arith.shrsi, low, builder.constant(63, i64))
    return Answer(low, (integer_compare(builder, "ne", high, sign),))


def _by_zero(builder: Builder, b: Value, known: Range) -> tuple[Value, ...]:
    if known[0] > 0 or known[1] < 0:
        return ()
    return (integer_compare(builder, "eq", b, 0),)


def _floor_divide(builder: Builder, operands: Sequence[Value], ranges: Sequence[Range]) -> Answer:
    (a, b), (ra, rb) = operands, ranges
    failed = _by_zero(builder, b, rb)
    if ra[0] == LEAST and rb[0] <= -1 <= rb[1]:
        lowest = builder.value(
            arith.andi,
            integer_compare(builder, "eq", a, LEAST),
            integer_compare(builder, "eq", b, -1),
        )
        failed += (lowest,)
    return Answer(floored(builder, a, b, ra, rb)[0], failed)


def _modulo(builder: Builder, operands: Sequence[Value], ranges: Sequence[Range]) -> Answer:
    (a, b), (ra, rb) = operands, ranges
    return Answer(floored(builder, a, b, ra, rb)[1], _by_zero(builder, b, rb))


def floored(
    builder: Builder, a: Value, b: Value, ra: Range, rb: Range
) -> tuple[Value, Value]:
    """Quotient rounded down, and the remainder with the divisor's sign."""
    if rb[0] == rb[1] > 0 and rb[0] & rb[0] - 1 == 0:
        shift = builder.constant(rb[0].bit_length() - 1, a.type)
        mask = builder.constant(rb[0] - 1, a.type)
        return builder.value(arith.shrsi, a, shift), builder.value(arith.andi, a, mask)
    quotient = builder.value(arith.divsi, a, b)
    if ra[0] >= 0 and rb[0] >= 0:
        return quotient, builder.value(arith.remsi, a, b)
    rest = builder.value(arith.remsi, a, b)
    zero = builder.constant(0, a.type)
    if rb[0] > 0:
        wrong = integer_compare(builder, "slt", rest, 0)
    else:
        signs = builder.value(arith.xori, rest, b)
        wrong = builder.value(
            arith.andi,
            integer_compare(builder, "ne", rest, 0),
            integer_compare(builder, "slt", signs, 0),
        )
    one_less = builder.value(arith.subi, quotient, builder.constant(1, a.type))
    added = builder.value(arith.select, wrong, b, zero)
    return (
        builder.value(arith.select, wrong, one_less, quotient),
        builder.value(arith.addi, rest, added),
    )


def _left_shift(builder: Builder, operands: Sequence[Value], ranges: Sequence[Range]) -> Answer:
    """A negative count raises elsewhere; a count of 64 or more only suits zero."""
    a, b = operands
    far = builder.value(
        arith.andi,
        integer_compare(builder, "ugt", b, 63),
        integer_compare(builder, "ne", a, 0),
    )
    count = builder.value(arith.minui, b, builder.constant(63, i64))
    made = builder.value(arith.shli, a, count)
    back = builder.value(arith.shrsi, made, count)
    failed = (far, integer_compare(builder, "ne", back, a))
    if ranges[1][0] < 0:
        failed += (integer_compare(builder, "slt", b, 0),)
    return Answer(made, failed)


def _truncate(builder: Builder, operands: Sequence[Value], ranges: Sequence[Range]) -> Answer:
    """int() of a float: NaN is in no range."""
    (a,) = operands
    inside = builder.value(
        arith.andi,
        _float_compare(builder, "oge", a, -(2.0**63)),
        _float_compare(builder, "olt", a, 2.0**63),
    )
    return Answer(builder.value(arith.fptosi, a, types=[i64]), (negated(builder, inside),))


def _power(builder: Builder, operands: Sequence[Value], ranges: Sequence[Range]) -> Answer:
    """Of a power that is negative the schedule's error tells."""
    (a, b), (ra, rb) = operands, ranges
    if rb[0] == rb[1] and 0 <= rb[0] < 64:
        made, failed = exact.known_power(builder, a, rb[0])
        most = max(abs(ra[0]), abs(ra[1])) ** rb[0]
        return Answer(made, () if is_within(-most, most) else failed)
    made, wrong = exact.power(builder, a, b)
    failed = (integer_compare(builder, "slt", b, 0),) if rb[0] < 0 else ()
    return Answer(made, (*failed, wrong))


def _power_modulo(
    builder: Builder, operands: Sequence[Value], ranges: Sequence[Range]
) -> Answer:
    a, b, m = operands
    return Answer(*modular.power_modulo(builder, a, b, m, ranges[1], ranges[2]))


def _is_exact(known: Range) -> bool:
    """Whether ints are exact as floats."""
    return known[0] >= -exact.EXACT and known[1] <= exact.EXACT


def _true_divide(builder: Builder, operands: Sequence[Value], ranges: Sequence[Range]) -> Answer:
    """Where both are exact as floats the quotient of these is the one."""
    failed = _by_zero(builder, operands[1], ranges[1])
    if not all(map(_is_exact, ranges)):
        return Answer(exact.quotient(builder, *operands), failed)
    a, b = (builder.value(arith.sitofp, v, types=[f64]) for v in operands)
    return Answer(builder.value(arith.divf, a, b), failed)


def _comparison(
    name: str, integers: str
) -> Callable[[Builder, Sequence[Value], Sequence[Range]], Answer]:
    def compare(
        builder: Builder, operands: Sequence[Value], ranges: Sequence[Range]
    ) -> Answer:
        (a, b), (ra, rb) = operands, ranges
        if a.type == b.type == i64:
            return Answer(integer_compare(builder, integers, a, b))
        if a.type == i64 and not _is_exact(ra):
            return Answer(exact.compare_with_float(builder, name, a, b))
        if b.type == i64 and not _is_exact(rb):
            mirrored = exact.MIRRORED[name]
            return Answer(exact.compare_with_float(builder, mirrored, b, a))
        made = [
            value if value.type == f64 else builder.value(arith.sitofp, value, types=[f64])
            for value in operands
        ]
        predicate = CMPF_PREDICATES.index(f"o{name}")
        return Answer(builder.value(arith.cmpf, *made, types=[i1], predicate=predicate))

    return compare


RULES: dict[str, Rule] = {
    "check": _check,
    "int_add": _add,
    "int_sub": _subtract,
    "int_mul": _multiply,
    "int_floordiv": _floor_divide,
    "int_mod": _modulo,
    "int_lshift": _left_shift,
    "int_trunc": _truncate,
    "int_truediv": _true_divide,
    "int_pow": _power,
    "int_powmod": _power_modulo,
    "int_eq": _comparison("eq", "eq"),
    "int_lt": _comparison("lt", "slt"),
    "int_le": _comparison("le", "sle"),
    "int_gt": _comparison("gt", "sgt"),
    "int_ge": _comparison("ge", "sge"),
}
"""By service."""

# -- what NumPy warns of


Doubt = Callable[[Builder, Value, Sequence[Value], Sequence[Range], bool], tuple[Value, ...]]


def _overflow(rule: Rule, definition: OpDef) -> Doubt:
    """Whether a sum, difference or product of NumPy's integers is not the number it should be."""

    def doubt(
        builder: Builder, made: Value, operands: Sequence[Value], ranges: Sequence[Range],
        unsigned: bool,
    ) -> tuple[Value, ...]:  # fmt: skip
        if made.type == i64:
            if unsigned:
                return _wraps_unsigned(builder, definition, made, operands, ranges)
            return rule(builder, operands, ranges, made).failed
        extend = arith.extui if unsigned else arith.extsi
        wide = [builder.value(extend, v, types=[i64]) for v in operands]
        exact = builder.value(definition, *wide)
        kept = builder.value(extend, made, types=[i64])
        return (integer_compare(builder, "ne", exact, kept),)

    return doubt


def _wraps_unsigned(
    builder: Builder, definition: OpDef, made: Value, operands: Sequence[Value],
    ranges: Sequence[Range],
) -> tuple[Value, ...]:  # fmt: skip
    """Of 64 bits: a sum is less than what it was made of, a difference takes more than there is,
    a product has an upper half."""
    (a, b), (ra, rb) = operands, ranges
    if min(ra[0], rb[0]) >= 0:  # so it is the same number, signed or not
        largest = {
            arith.addi: ra[1] + rb[1], arith.subi: ra[1] - rb[0], arith.muli: ra[1] * rb[1]
        }[definition]  # fmt: skip
        if largest < 1 << 64 and (definition is not arith.subi or ra[0] >= rb[1]):
            return ()
    if definition is arith.muli:
        _, high = builder.values(arith.mului_extended, a, b, types=[i64, i64])
        return (integer_compare(builder, "ne", high, 0),)
    if definition is arith.addi:
        return (integer_compare(builder, "ult", made, a),)
    return (integer_compare(builder, "ult", a, b),)


def _division(
    builder: Builder, made: Value, operands: Sequence[Value], ranges: Sequence[Range],
    unsigned: bool,
) -> tuple[Value, ...]:  # fmt: skip
    return _by_zero(builder, operands[1], ranges[1])


DOUBTS: dict[str, Doubt] = {
    "arith.addi": _overflow(_add, arith.addi),
    "arith.subi": _overflow(_subtract, arith.subi),
    "arith.muli": _overflow(_multiply, arith.muli),
    **{f"arith.{name}": _division for name in ("divsi", "divui", "remsi", "remui")},
}
"""By operation on NumPy's integers: conditions, any of which makes NumPy warn."""


WRAPS = "fleet.wraps"
"""The attribute of an operation on NumPy's integers in a loop, of which NumPy warns where it is not
the number of mathematics: `s` of signed ones, `u` of unsigned ones, `us` where it may be either.
(Python's ints do not overflow silently.)"""


def mark_wrapping(
    operations: Iterable[Operation], quiet: Container[str], signs: Mapping[str, str]
) -> None:
    """Put that attribute on what computes with elements of arrays, directly or after arithmetic.

    quiet: places of which NumPy does not warn. signs: places of unsigned integers.
    """
    elements: set[Value] = set()
    for op in operations:
        from_array = op.name == "tensor.extract" or any(v in elements for v in op.operands)
        if from_array and (op.name == "tensor.extract" or op.name.startswith("arith.")):
            elements.update(op.results)
            type = op.results[0].type
            is_number = isinstance(type, IntegerType) and type != i1
            is_quiet = str(op.location) in quiet or _is_turned(op)
            if op.name in DOUBTS and is_number and not is_quiet:
                op.attributes[WRAPS] = StringAttr(signs.get(str(op.location), "s"))


def _is_turned(op: Operation) -> bool:
    """Whether it is a subscript counted from the end: `i < 0 ? i + n : i`, which fits where it is
    wanted."""
    return bool(op.results[0].uses) and all(
        user.name == "arith.select"
        and number == 1
        and user.operand(2) is op.operand(0)
        and _is_negative(user.operand(0), op.operand(0))
        for user, number in op.results[0].uses
    )


def _is_negative(condition: Value, value: Value) -> bool:
    test = condition.owner
    return (
        isinstance(test, Operation)
        and test.name == "arith.cmpi"
        and CMPI_PREDICATES[test.get("predicate")] == "slt"
        and test.operand(0) is value
        and constant_int(test.operand(1)) == 0
    )


def operands_fit(op: Operation) -> bool:
    """Whether a rule may be asked: numbers of 64 bits."""
    return all(value.type in (i1, i64, f64) for value in (*op.operands, *op.results))

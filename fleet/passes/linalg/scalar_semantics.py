"""What each NumPy element function does to one element, in `arith` and `math`.

In: scalars of one element type (bool is i1, unsigned is ui8 …). Out: the scalar result. The one
idea: NumPy's rules (signs of remainders, division by zero, shifts past the width, bool arithmetic)
are said here once, for Python scalars in the schedule and for elements inside kernels alike.
"""

from __future__ import annotations

from collections.abc import Callable
from math import frexp

from fleet.diagnostics import FleetError
from fleet.dialects import arith, math
from fleet.ir.attributes import IntegerAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Value
from fleet.ir.definition import OpDef
from fleet.ir.types import FloatType, IndexType, IntegerType, Type, f64, i1, i64, index
from fleet.passes.linalg.structured import scalar, splat_number

MAX_UNROLLED_POWER = 16
"""x ** n with a constant n up to this is multiplied out, of integers."""
MAX_UNROLLED_FLOAT_POWER = 3
"""The same of floats: more than two roundings would be more than an ulp."""


def is_bool(type: Type) -> bool:
    return type == i1


def is_unsigned(type: Type) -> bool:
    return isinstance(type, IntegerType) and (type.signedness == "u" or type == i1)


def signless(type: Type) -> Type:
    """ui8 as i8; other types as they are."""
    return IntegerType(type.width) if isinstance(type, IntegerType) else type


def least(element: Type) -> float | int:
    """The smallest value of a type: where a running maximum starts."""
    if isinstance(element, FloatType):
        return float("-inf")
    if is_unsigned(element):
        return 0
    assert isinstance(element, IntegerType)
    return -(2 ** (element.width - 1))


def greatest(element: Type) -> float | int:
    if isinstance(element, FloatType):
        return float("inf")
    assert isinstance(element, IntegerType)
    if element == i1:
        return 1
    return 2**element.width - 1 if is_unsigned(element) else 2 ** (element.width - 1) - 1


def compare(builder: Builder, predicate: str, a: Value, b: Value) -> Value:
    """`a predicate b`, the predicate eq ne lt le gt ge, as NumPy compares (NaN is unordered)."""
    if isinstance(a.type, FloatType):
        name = {"eq": "oeq", "ne": "une"}.get(predicate, f"o{predicate}")
        number = arith.CMPF_PREDICATES.index(name)
        return builder.value(arith.cmpf, a, b, predicate=number, types=[i1])
    if predicate not in ("eq", "ne"):
        predicate = ("u" if is_unsigned(a.type) else "s") + predicate
    number = arith.CMPI_PREDICATES.index(predicate)
    return builder.value(arith.cmpi, a, b, predicate=number, types=[i1])


def select(builder: Builder, condition: Value, then: Value, other: Value) -> Value:
    return builder.value(arith.select, condition, then, other, types=[then.type])


def negate_bool(builder: Builder, a: Value) -> Value:
    return builder.value(arith.xori, a, scalar(builder, 1, i1))


# -- one operation where the type decides which


def _pick(
    floats: OpDef | None, signed: OpDef | None, unsigned: OpDef | None = None,
    bools: OpDef | None = None,
) -> Callable[[Builder, Value, Value], Value]:  # fmt: skip
    def make(builder: Builder, a: Value, b: Value) -> Value:
        if isinstance(a.type, FloatType):
            definition = floats
        elif is_bool(a.type):
            definition = bools
        elif is_unsigned(a.type):
            definition = unsigned or signed
        else:
            definition = signed
        if definition is None:
            raise TypeError(f"not defined on {a.type}")
        return builder.value(definition, a, b)

    return make


add = _pick(arith.addf, arith.addi, bools=arith.ori)
multiply = _pick(arith.mulf, arith.muli, bools=arith.andi)
subtract = _pick(arith.subf, arith.subi, bools=arith.xori)
maximum = _pick(arith.maximumf, arith.maxsi, arith.maxui, arith.ori)
minimum = _pick(arith.minimumf, arith.minsi, arith.minui, arith.andi)


def _divide_integers(builder: Builder, a: Value, b: Value) -> tuple[Value, Value, Value, Value]:
    """(quotient towards zero, remainder, whether b is zero, zero), defined for every b."""
    zero, one = scalar(builder, 0, a.type), scalar(builder, 1, a.type)
    by_zero = compare(builder, "eq", b, zero)
    safe = select(builder, by_zero, one, b)
    if is_unsigned(a.type):
        quotient, rest = builder.value(arith.divui, a, safe), builder.value(arith.remui, a, safe)
        return quotient, rest, by_zero, zero
    # The least integer divided by -1 overflows: divide by 1 there and negate.
    by_minus_one = compare(builder, "eq", safe, scalar(builder, -1, a.type))
    divisor = select(builder, by_minus_one, one, safe)
    plain = builder.value(arith.divsi, a, divisor)
    quotient = select(builder, by_minus_one, builder.value(arith.subi, zero, a), plain)
    return quotient, builder.value(arith.remsi, a, divisor), by_zero, zero


def _signs_differ(builder: Builder, a: Value, b: Value) -> Value:
    zero = scalar(builder, 0, a.type)
    return builder.value(
        arith.xori, compare(builder, "lt", a, zero), compare(builder, "lt", b, zero)
    )


def floor_divide(builder: Builder, a: Value, b: Value) -> Value:
    """Rounds down; integers divided by zero give 0, as NumPy's."""
    if isinstance(a.type, FloatType):
        return _float_floor_divide(builder, a, b)
    quotient, rest, by_zero, zero = _divide_integers(builder, a, b)
    if not is_unsigned(a.type):
        inexact = compare(builder, "ne", rest, zero)
        down = builder.value(arith.andi, inexact, _signs_differ(builder, rest, b))
        lower = builder.value(arith.subi, quotient, scalar(builder, 1, a.type))
        quotient = select(builder, down, lower, quotient)
    return select(builder, by_zero, zero, quotient)


def remainder(builder: Builder, a: Value, b: Value) -> Value:
    """Has the divisor's sign; integers by zero give 0, floats NaN."""
    if isinstance(a.type, FloatType):
        return _float_remainder(builder, a, b)
    _, rest, by_zero, zero = _divide_integers(builder, a, b)
    if not is_unsigned(a.type):
        inexact = compare(builder, "ne", rest, zero)
        wrap = builder.value(arith.andi, inexact, _signs_differ(builder, rest, b))
        rest = select(builder, wrap, builder.value(arith.addi, rest, b), rest)
    return select(builder, by_zero, zero, rest)


def fmod(builder: Builder, a: Value, b: Value) -> Value:
    """Has the dividend's sign; integers by zero give 0, floats NaN."""
    if isinstance(a.type, FloatType):
        return builder.value(arith.remf, a, b)
    _, rest, by_zero, zero = _divide_integers(builder, a, b)
    return select(builder, by_zero, zero, rest)


def hypot(builder: Builder, a: Value, b: Value) -> Value:
    """sqrt(a**2 + b**2), both brought by a power of two where no square over- or underflows; of
    f64, the squares as sums of two. An infinite side makes it infinite, whatever the other is."""
    element = a.type
    if element != f64:
        wide = [builder.value(arith.extf, side, types=[f64]) for side in (a, b)]
        square = builder.value(arith.mulf, wide[0], wide[0])
        total = builder.value(math.sqrt, builder.value(math.fma, wide[1], wide[1], square))
        result = builder.value(arith.truncf, total, types=[element])
    else:
        result = _hypot_of_f64(builder, a, b)
    infinity = scalar(builder, float("inf"), element)
    for side in (a, b):
        size = builder.value(math.absf, side)
        endless = compare(builder, "eq", size, infinity)
        result = select(builder, endless, infinity, result)
    return result


def _hypot_of_f64(builder: Builder, a: Value, b: Value) -> Value:
    def number(value: float) -> Value:
        return scalar(builder, value, f64)

    sides = [builder.value(math.absf, side) for side in (a, b)]
    long = builder.value(arith.maximumf, *sides)
    short = builder.value(arith.minimumf, *sides)
    factor, back = number(1.0), number(1.0)
    for predicate, limit, size in (("gt", 2.0**510, 2.0**-600), ("lt", 2.0**-450, 2.0**600)):
        extreme = compare(builder, predicate, long, number(limit))
        factor = select(builder, extreme, number(size), factor)
        back = select(builder, extreme, number(1 / size), back)
    long, short = (builder.value(arith.mulf, side, factor) for side in (long, short))
    square = builder.value(arith.mulf, long, long)
    lost = builder.value(math.fma, long, long, builder.value(arith.negf, square))
    rest = builder.value(math.fma, short, short, lost)
    root = builder.value(math.sqrt, builder.value(arith.addf, square, rest))
    return builder.value(arith.mulf, root, back)


def _float_remainder(builder: Builder, a: Value, b: Value) -> Value:
    rest = builder.value(arith.remf, a, b)
    zero = scalar(builder, 0.0, a.type)
    is_zero = compare(builder, "eq", rest, zero)
    wrapped = select(
        builder, _signs_differ(builder, rest, b), builder.value(arith.addf, rest, b), rest
    )
    return select(builder, is_zero, builder.value(math.copysign, zero, b), wrapped)


def _float_floor_divide(builder: Builder, a: Value, b: Value) -> Value:
    zero, one = scalar(builder, 0.0, a.type), scalar(builder, 1.0, a.type)
    plain = builder.value(arith.divf, a, b)
    rest = builder.value(arith.remf, a, b)
    exact = builder.value(arith.divf, builder.value(arith.subf, a, rest), b)
    inexact = compare(builder, "ne", rest, zero)
    down = builder.value(arith.andi, inexact, _signs_differ(builder, rest, b))
    exact = select(builder, down, builder.value(arith.subf, exact, one), exact)
    # `exact` is an integer up to rounding: take the nearest one.
    floor = builder.value(math.floor, exact)
    gap = builder.value(arith.subf, exact, floor)
    up = compare(builder, "gt", gap, scalar(builder, 0.5, a.type))
    floor = select(builder, up, builder.value(arith.addf, floor, one), floor)
    is_zero = compare(builder, "eq", exact, zero)
    signed_zero = builder.value(math.copysign, zero, plain)
    whole = select(builder, is_zero, signed_zero, floor)
    return select(builder, compare(builder, "eq", b, zero), plain, whole)


def divide(builder: Builder, a: Value, b: Value) -> Value:
    if not isinstance(a.type, FloatType):
        raise TypeError("true division of integers: the front end converts them first")
    return builder.value(arith.divf, a, b)


# -- powers, shifts, bits


def power(builder: Builder, a: Value, b: Value) -> Value:
    exponent = splat_number(b)
    return power_by(builder, a, b, exponent)


def power_by(builder: Builder, a: Value, b: Value, exponent: float | None) -> Value:
    """a ** b, where `exponent` is b's value if that is known now."""
    if isinstance(a.type, FloatType):
        if exponent == 0.5:
            return builder.value(math.sqrt, a)
        if exponent == -1:
            return builder.value(arith.divf, scalar(builder, 1.0, a.type), a)
        if (
            exponent is not None
            and exponent == int(exponent)
            and 0 <= exponent <= MAX_UNROLLED_FLOAT_POWER
            and not (exponent == 3 and a.type == f64)  # for the last digit of C's pow
        ):
            return _multiplied_out(builder, a, int(exponent))
        return builder.value(math.powf, a, b)
    if exponent is not None and 0 <= exponent <= MAX_UNROLLED_POWER:
        return _multiplied_out(builder, a, int(exponent))
    if isinstance(a.type, FloatType):
        return builder.value(math.powf, a, b)
    # Square and multiply over the exponent's bits; integers wrap, so every bit may count.
    result, base, one = scalar(builder, 1, a.type), a, scalar(builder, 1, a.type)
    zero = scalar(builder, 0, a.type)
    for bit in range(a.type.width):
        shifted = builder.value(arith.shrui, b, scalar(builder, bit, a.type))
        is_set = compare(builder, "ne", builder.value(arith.andi, shifted, one), zero)
        result = select(builder, is_set, builder.value(arith.muli, result, base), result)
        base = builder.value(arith.muli, base, base)
    return result


def _multiplied_out(builder: Builder, a: Value, exponent: int) -> Value:
    result: Value | None = None
    base = a
    while exponent:
        if exponent & 1:
            result = base if result is None else multiply(builder, result, base)
        exponent >>= 1
        if exponent:
            base = multiply(builder, base, base)
    return scalar(builder, 1, a.type) if result is None else result


def _shift(builder: Builder, a: Value, b: Value, left: bool) -> Value:
    """Shifts past the width give 0, or -1 for negative numbers to the right, as NumPy's."""
    width = scalar(builder, a.type.width, a.type)
    number = arith.CMPI_PREDICATES.index("ult")
    inside = builder.value(arith.cmpi, b, width, predicate=number, types=[i1])
    amount = select(builder, inside, b, scalar(builder, a.type.width - 1, a.type))
    zero = scalar(builder, 0, a.type)
    if left:
        return select(builder, inside, builder.value(arith.shli, a, amount), zero)
    if is_unsigned(a.type):
        return select(builder, inside, builder.value(arith.shrui, a, amount), zero)
    return builder.value(arith.shrsi, a, amount)


def left_shift(builder: Builder, a: Value, b: Value) -> Value:
    return _shift(builder, a, b, left=True)


def right_shift(builder: Builder, a: Value, b: Value) -> Value:
    return _shift(builder, a, b, left=False)


def _bits(definition: OpDef) -> Callable[[Builder, Value, Value], Value]:
    return lambda builder, a, b: builder.value(definition, a, b)


BINARY: dict[str, Callable[[Builder, Value, Value], Value]] = {
    "add": add, "subtract": subtract, "multiply": multiply, "divide": divide,
    "floor_divide": floor_divide, "remainder": remainder, "power": power,
    "maximum": maximum, "minimum": minimum, "fmod": fmod, "hypot": hypot,
    "float_power": lambda builder, a, b: builder.value(math.powf, a, b),
    "arctan2": lambda builder, a, b: builder.value(math.atan2, a, b),
    "copysign": lambda builder, a, b: builder.value(math.copysign, a, b),
    "bitwise_and": _bits(arith.andi), "bitwise_or": _bits(arith.ori),
    "bitwise_xor": _bits(arith.xori), "left_shift": left_shift, "right_shift": right_shift,
    "equal": lambda builder, a, b: compare(builder, "eq", a, b),
    "not_equal": lambda builder, a, b: compare(builder, "ne", a, b),
    "less": lambda builder, a, b: compare(builder, "lt", a, b),
    "less_equal": lambda builder, a, b: compare(builder, "le", a, b),
    "greater": lambda builder, a, b: compare(builder, "gt", a, b),
    "greater_equal": lambda builder, a, b: compare(builder, "ge", a, b),
}  # fmt: skip


# -- one operand


def negative(builder: Builder, a: Value) -> Value:
    if isinstance(a.type, FloatType):
        return builder.value(arith.negf, a)
    return builder.value(arith.subi, scalar(builder, 0, a.type), a)


def absolute(builder: Builder, a: Value) -> Value:
    if isinstance(a.type, FloatType):
        return builder.value(math.absf, a)
    return a if is_unsigned(a.type) else builder.value(math.absi, a)


def invert(builder: Builder, a: Value) -> Value:
    return builder.value(arith.xori, a, scalar(builder, 1 if is_bool(a.type) else -1, a.type))


def logical_not(builder: Builder, a: Value) -> Value:
    if is_bool(a.type):
        return negate_bool(builder, a)
    return compare(builder, "eq", a, scalar(builder, 0, a.type))


def isnan(builder: Builder, a: Value) -> Value:
    if not isinstance(a.type, FloatType):
        return scalar(builder, 0, i1)
    number = arith.CMPF_PREDICATES.index("uno")
    return builder.value(arith.cmpf, a, a, predicate=number, types=[i1])


def _float_or_same(definition: OpDef) -> Callable[[Builder, Value], Value]:
    """Rounding functions leave integers as they are."""
    return lambda b, a: b.value(definition, a) if isinstance(a.type, FloatType) else a


FLOAT_UNARY: dict[str, OpDef] = {
    "sqrt": math.sqrt, "exp": math.exp, "expm1": math.expm1, "log": math.log, "log2": math.log2,
    "log10": math.log10, "log1p": math.log1p, "tanh": math.tanh, "sin": math.sin, "cos": math.cos,
    "tan": math.tan, "arcsin": math.asin, "arccos": math.acos, "arctan": math.atan,
    "sinh": math.sinh, "cosh": math.cosh, "arcsinh": math.asinh, "arccosh": math.acosh,
    "arctanh": math.atanh, "exp2": math.exp2, "cbrt": math.cbrt,
}  # fmt: skip
"""Functions of floats that `math` has."""

UNARY: dict[str, Callable[[Builder, Value], Value]] = {
    "negative": negative, "absolute": absolute, "invert": invert, "logical_not": logical_not,
    "conjugate": lambda builder, a: a, "square": lambda builder, a: multiply(builder, a, a),
    "isnan": isnan, "floor": _float_or_same(math.floor), "ceil": _float_or_same(math.ceil),
    "trunc": _float_or_same(math.trunc), "rint": _float_or_same(math.roundeven),
}  # fmt: skip
UNARY |= {
    name: (lambda builder, a, definition=definition: builder.value(definition, a))
    for name, definition in FLOAT_UNARY.items()
}


# -- conversions


def convert(builder: Builder, a: Value, target: Type) -> Value:
    """astype: C's conversions as NumPy does them; float to integer truncates."""
    source = a.type
    if source == target:
        return a
    if is_bool(target):
        return compare(builder, "ne", a, scalar(builder, 0, source))
    if isinstance(source, FloatType):
        if isinstance(target, FloatType):
            wider = target.width > source.width
            return builder.value(arith.extf if wider else arith.truncf, a, types=[target])
        return _float_to_integer(builder, a, target)
    if isinstance(target, FloatType):
        definition = arith.uitofp if is_unsigned(source) else arith.sitofp
        if isinstance(source, IndexType):
            a = builder.value(arith.index_cast, a, types=[i64])
        return builder.value(definition, a, types=[target])
    if isinstance(source, IndexType) or isinstance(target, IndexType):
        return builder.value(arith.index_cast, _widened(builder, a), types=[target])
    return _resize(builder, a, target)


def _widened(builder: Builder, a: Value) -> Value:
    """Integers to i64 by their own signedness, since `index_cast` takes them to be signed."""
    return a if a.type == index else _resize(builder, a, i64)


def _resize(builder: Builder, a: Value, target: Type) -> Value:
    source = a.type
    assert isinstance(source, IntegerType) and isinstance(target, IntegerType)
    if source.width == target.width:
        return _relabelled(builder, a, target)
    if source.width > target.width:
        return builder.value(arith.trunci, a, types=[target])
    definition = arith.extui if is_unsigned(source) else arith.extsi
    return builder.value(definition, a, types=[target])


def _relabelled(builder: Builder, a: Value, target: Type) -> Value:
    """The same bits under another type; int8 as uint8 is a no-op after `signless`."""
    return a if a.type == target else builder.value(arith.bitcast, a, types=[target])


def _float_to_integer(builder: Builder, a: Value, target: Type) -> Value:
    assert isinstance(target, IntegerType | IndexType)
    if isinstance(target, IndexType):
        return builder.value(
            arith.index_cast, builder.value(arith.fptosi, a, types=[i64]), types=[index]
        )
    if target.signedness != "u":
        if target.width >= 32:
            return _whole_part(builder, a, target)
        wide = _whole_part(builder, a, IntegerType(32))
        return builder.value(arith.trunci, wide, types=[target])
    if target.width == 64:
        # Past the signed range the high half is converted on its own.
        if a.type != f64:
            a = builder.value(arith.extf, a, types=[f64])
        limit = scalar(builder, 2.0**63, f64)
        low = _whole_part(builder, a, i64)
        high = _whole_part(builder, builder.value(arith.subf, a, limit), i64)
        flip = builder.value(arith.constant, value=IntegerAttr(-(2**63), i64), types=[i64])
        high = builder.value(arith.xori, high, flip)
        chosen = select(builder, compare(builder, "ge", a, limit), high, low)
        return _relabelled(builder, chosen, target)
    wide = _whole_part(builder, a, i64 if target.width == 32 else IntegerType(32))
    return builder.value(arith.trunci, wide, types=[target])


def _whole_part(builder: Builder, a: Value, target: IntegerType) -> Value:
    """The least integer for what does not fit and for NaN, as x86 has it."""
    whole = builder.value(arith.fptosi, a, types=[target])
    limit = scalar(builder, 2.0 ** (target.width - 1), a.type)
    least = builder.value(
        arith.constant, value=IntegerAttr(-(2 ** (target.width - 1)), target), types=[target]
    )
    return select(builder, compare(builder, "lt", a, limit), whole, least)


def _is_power_of_two(number: float | None) -> bool:
    """Whether dividing by the number is exactly multiplying by its reciprocal."""
    return number is not None and abs(frexp(number)[0]) == 0.5 and 2**-60 < abs(number) < 2**60


def apply(
    builder: Builder, name: str, operands: list[Value], result: Type, constants: list[float | None]
) -> Value:
    """NumPy's element function `name` on scalars.

    constants: for each operand its value where known now (that is what picks x * x for x**2).
    Raises FleetError for a function on a type that NumPy has and Fleet has not.
    """
    try:
        if name == "power":
            return power_by(builder, operands[0], operands[1], constants[1])
        if name == "divide" and _is_power_of_two(constants[1]):
            return builder.value(
                arith.mulf, operands[0], scalar(builder, 1 / constants[1], operands[0].type)
            )
        if name == "where":
            condition, then, other = operands
            return select(builder, condition, then, other)
        if name == "cast":
            return convert(builder, operands[0], result)
        if name == "fma":
            return builder.value(math.fma, *operands)
        if name == "bitcast":
            return _relabelled(builder, operands[0], result)
        if name in UNARY:
            return UNARY[name](builder, operands[0])
        return BINARY[name](builder, operands[0], operands[1])
    except TypeError as error:
        raise FleetError(f"{name} is {error}", builder.location) from error

"""Arithmetic of Python's int, float and bool at run time.

In: Numbers and known Python numbers. Out: Numbers, by `arith` operations on i64, f64 and i1. The
one idea: Python's rules (true division, floor towards minus infinity, ZeroDivisionError, bools as
ints) are spelled out in operations here, so nothing below knows Python's ints from C's. Where what
is known of the operands does not tell that 64 bits hold the result, the operation is one of
`numpy.ints`, which raises OverflowError rather than give another number.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from fleet.dialects import arith, numpy
from fleet.evaluator.values import classes, sizes
from fleet.evaluator.values.emitter import SCALARS, Emitter
from fleet.evaluator.values.then import BINARY, MIRRORED, Message, Number, type_name
from fleet.integers import LEAST, MOST
from fleet.ir.attributes import StringAttr
from fleet.ir.core import Value
from fleet.ir.types import Type, f64, i1, i64, index

NumberLike = Number | int | float

_INT = {"add": arith.addi, "sub": arith.subi, "mul": arith.muli, "and": arith.andi,
        "or": arith.ori, "xor": arith.xori}  # fmt: skip
_FLOAT = {"add": arith.addf, "sub": arith.subf, "mul": arith.mulf}
_LINEAR = {
    "add": (operator.add, sizes.plus), "sub": (operator.sub, sizes.minus),
    "mul": (operator.mul, sizes.times),
}  # fmt: skip
_EXACT_FLOATS = 1 << 53
"""Ints up to this are floats."""
_PREDICATES_INT = {"eq": "eq", "ne": "ne", "lt": "slt", "le": "sle", "gt": "sgt", "ge": "sge"}
_PREDICATES_FLOAT = {"eq": "oeq", "ne": "une", "lt": "olt", "le": "ole", "gt": "ogt", "ge": "oge"}


def kind_of(value: object) -> str | None:
    """int, float or bool for Python's numbers, known or not; None for others."""
    match value:
        case Number():
            return value.kind
        case np.generic():
            return None
        case bool():
            return "bool"
        case int():
            return "int"
        case float():
            return "float"
    return None


def plain_kind_of(value: object) -> str | None:
    """As kind_of; None for what is of a class of the program's, which a number alone is not."""
    return None if classes.is_of_numbers(value) else kind_of(value)


def is_complex(value: object) -> bool:
    """Whether it is a complex number of Python's that is known now."""
    return isinstance(value, complex) and not isinstance(value, np.generic)


def bounds(value: NumberLike) -> tuple[int, int]:
    """The least and the greatest that an int or bool can be."""
    if not isinstance(value, Number):
        return int(value), int(value)
    if value.kind == "bool":
        return 0, 1
    low, high = sizes.least(value.size), sizes.most(value.size)
    low, high = LEAST if low is None else max(low, LEAST), MOST if high is None else min(high, MOST)
    if value.native.type == index:
        return max(low, 0), min(high, sizes.LENGTH)
    return low, high


def _between(ends: Iterable[int], size: sizes.Dim | None = None) -> sizes.Dim:
    """What is known of an int between these ends, which 64 bits hold."""
    ends = list(ends)
    low, high = min(ends), max(ends)
    return sizes.within(size, low if low > LEAST else None, high if high < MOST else None)


def _exactly(e: Emitter, name: str, *operands: Value, type: Type = i64) -> Value:
    """An operation of Python's on its ints, which raises rather than give another number."""
    return e.value(numpy.ints[f"int_{name}"], list(operands), types=[type])


def to_int(e: Emitter, value: NumberLike) -> Number:
    """int(value)."""
    number = e.number(value)
    match number.kind:
        case "bool":
            wide = e.value(arith.extui, number.native, types=[i64])
            return Number(e, "int", wide, sizes.fresh(0, 1))
        case "float":
            _check_finite(e, number)
            return Number(e, "int", _exactly(e, "trunc", number.native))
    return number


def _check_finite(e: Emitter, number: Number) -> None:
    """What int() raises for a float that is none, where a handler looks at it."""
    for name, value in (("ValueError", math.nan), ("OverflowError", math.inf)):
        if e.catchable(name):
            try:
                int(value)
            except (ValueError, OverflowError) as error:
                message = str(error)
            given = number if name == "ValueError" else unary(e, "abs", number)
            other = number if name == "ValueError" else math.inf
            holds = compare(e, "eq" if name == "ValueError" else "ne", given, other)
            require(e, holds, name, message)


def to_element(e: Emitter, value: Number, dtype: np.dtype) -> Number:
    """A Python number as an array of ints takes it. Raises OverflowError if it does not fit."""
    whole, info = to_int(e, value), np.iinfo(dtype)
    low, high = bounds(whole)
    above = low >= info.min or compare(e, "ge", whole, info.min)
    below = high <= info.max or compare(e, "le", whole, info.max)
    message = f"Python integer {{}} out of bounds for {dtype.name}"
    require(e, both(e, above, below), "OverflowError", message, whole)
    return whole


def to_float(e: Emitter, value: NumberLike) -> Number:
    """float(value)."""
    if not isinstance(value, Number):
        return e.number(float(value))
    if value.kind == "float":
        return value
    whole = e.plain(to_int(e, value))
    return Number(e, "float", e.value(arith.sitofp, whole, types=[f64]))


def to_bool(e: Emitter, value: NumberLike) -> Number:
    """bool(value)."""
    number = e.number(value)
    if number.kind == "bool":
        return number
    zero = e.constant(0, SCALARS[number.kind])
    return Number(e, "bool", compare_values(e, "ne", number.kind, e.plain(number), zero))


def invert(e: Emitter, value: Number) -> Number:
    """`not value`."""
    truth = to_bool(e, value)
    return Number(e, "bool", e.value(arith.xori, truth.native, e.constant(1, i1)))


def opposite(e: Emitter, truth: Number | bool) -> Number | bool:
    """`not truth`, of either stage."""
    return invert(e, truth) if isinstance(truth, Number) else not truth


def compare_values(e: Emitter, name: str, kind: str, a: Value, b: Value) -> Value:
    if kind == "float":
        position = arith.CMPF_PREDICATES.index(_PREDICATES_FLOAT[name])
        return e.value(arith.cmpf, a, b, types=[i1], predicate=position)
    position = arith.CMPI_PREDICATES.index(_PREDICATES_INT[name])
    return e.value(arith.cmpi, a, b, types=[i1], predicate=position)


def compare(e: Emitter, name: str, a: NumberLike, b: NumberLike) -> Number | bool:
    """`a < b` and so on, decided now where what is known of sizes allows."""
    kinds = [kind_of(a), kind_of(b)]
    if kinds == ["float", "float"]:
        return _compare_as(e, name, "float", to_float(e, a), to_float(e, b))
    if kinds[0] == "float":
        return compare(e, MIRRORED[name], b, a)
    if kinds[1] == "float":
        return _compare_mixed(e, name, a, b)
    known = _decide(name, a, b)
    if known is not None:
        return known
    return _compare_as(e, name, "int", to_int(e, a), to_int(e, b))


def _compare_as(e: Emitter, name: str, kind: str, a: Number, b: Number) -> Number:
    return Number(e, "bool", compare_values(e, name, kind, e.plain(a), e.plain(b)))


def _compare_mixed(e: Emitter, name: str, n: NumberLike, x: NumberLike) -> Number | bool:
    """An int with a float, exactly: the int is not rounded."""
    if isinstance(x, float):
        return _compare_with_float(e, name, n, x)
    if not isinstance(n, Number):
        return _compare_with_int(e, MIRRORED[name], x, int(n))
    low, high = bounds(n)
    if low >= -_EXACT_FLOATS and high <= _EXACT_FLOATS:
        return _compare_as(e, name, "float", to_float(e, n), x)
    if name == "ne":
        return invert(e, _compare_mixed(e, "eq", n, x))
    return Number(e, "bool", _exactly(e, name, e.plain(n), x.native, type=i1))


def _compare_with_float(e: Emitter, name: str, n: NumberLike, x: float) -> Number | bool:
    """A run-time int with a known float: with an int next to it."""
    if math.isnan(x):
        return name == "ne"
    if math.isinf(x):
        return _ordered(name, below=x > 0)
    if x.is_integer():
        return compare(e, name, n, int(x))
    match name:
        case "lt" | "le":
            return compare(e, "le", n, math.floor(x))
        case "gt" | "ge":
            return compare(e, "ge", n, math.ceil(x))
    return name == "ne"


def _compare_with_int(e: Emitter, name: str, x: Number, n: int) -> Number | bool:
    """A run-time float with a known int: with a float next to it."""
    try:
        near = float(n)
    except OverflowError:
        near = math.inf if n > 0 else -math.inf
    if near != n:
        match name:
            case "lt" | "le":
                name, near = "le", near if near < n else math.nextafter(near, -math.inf)
            case "gt" | "ge":
                name, near = "ge", near if near > n else math.nextafter(near, math.inf)
            case _:
                return name == "ne"
    return _compare_as(e, name, "float", x, to_float(e, near))


def _ordered(name: str, below: bool) -> bool:
    """The comparison of two numbers of which the first is below the other, or above it."""
    return name in (("lt", "le", "ne") if below else ("gt", "ge", "ne"))


def _decide(name: str, a: NumberLike, b: NumberLike) -> bool | None:
    """The comparison of two ints where bounds or symbolic sizes tell."""
    (low_a, high_a), (low_b, high_b) = bounds(a), bounds(b)
    if high_a < low_b or low_a > high_b:
        return _ordered(name, below=high_a < low_b)
    x, y = size_of(a), size_of(b)
    if x is None or y is None:
        return None
    if sizes.at_least(x, y) and sizes.at_least(y, x):
        return name in ("eq", "le", "ge")
    for low, high, truths in ((x, y, ("lt", "le", "ne")), (y, x, ("gt", "ge", "ne"))):
        if sizes.at_least(high, sizes.plus(low, 1)):
            return name in truths
        if sizes.at_least(high, low):
            if name == {"lt": "le", "gt": "ge"}[truths[0]]:
                return True
            if name == {"lt": "gt", "gt": "lt"}[truths[0]]:
                return False
    return None


def size_of(value: NumberLike) -> sizes.Dim | None:
    """What is known of an int symbolically; None for bools and floats."""
    if isinstance(value, Number):
        return value.size if value.kind == "int" else None
    return int(value) if isinstance(value, int) else None


def binary(e: Emitter, name: str, a: NumberLike, b: NumberLike) -> Number:
    """`a + b` and so on, by Python's rules."""
    kinds = {kind_of(a), kind_of(b)}
    if kinds == {"bool"} and name in ("and", "or", "xor"):
        left, right = e.number(a), e.number(b)
        return Number(e, "bool", e.value(_INT[name], left.native, right.native))
    if "float" in kinds or (name == "pow" and isinstance(b, int) and b < 0):
        return _float_binary(e, name, a, b)
    same = _identity(name, a, b)
    if same is not None:
        return same
    match name:
        case "rshift":
            return _right_shift(e, to_int(e, a), b)
        case "lshift" if isinstance(b, int) and 0 <= b < 63:
            return _linear(e, "mul", to_int(e, a), e.number(1 << b))
    left, right = to_int(e, a), to_int(e, b)
    match name:
        case "add" | "sub" | "mul":
            return _linear(e, name, left, right)
        case "and" | "or" | "xor":
            return _bitwise(e, name, left, right)
        case "truediv":
            return _true_division(e, left, right)
        case "floordiv" | "mod":
            return _division(e, name, left, right)
        case "lshift":
            if e.catchable("ValueError"):
                _check_shift(e, right, right)
            return Number(e, "int", _exactly(e, "lshift", e.plain(left), e.plain(right)))
        case "pow":
            return _power(e, left, right)
    raise unsupported(BINARY[name], a, b)


def _linear(e: Emitter, name: str, a: Number, b: Number) -> Number:
    """+ - *, and what that is symbolically."""
    apply, combine = _LINEAR[name]
    ends = [apply(x, y) for x in bounds(a) for y in bounds(b)]
    left, right = e.plain(a), e.plain(b)
    if min(ends) >= LEAST and max(ends) <= MOST:
        value = e.value(_INT[name], left, right)
    else:
        value = _exactly(e, name, left, right)
        ends = [min(max(end, LEAST), MOST) for end in ends]
    return Number(e, "int", value, _between(ends, combine(a.size, b.size)))


def wrapping(e: Emitter, name: str, a: NumberLike, b: NumberLike) -> NumberLike:
    """+ - * modulo 2**64, where the result, if it is used, or what becomes of it, fits."""
    if not isinstance(a, Number) and not isinstance(b, Number):
        return _LINEAR[name][0](a, b)
    same = _identity(name, a, b)
    if same is not None:
        return same
    left, right = e.number(a), e.number(b)
    size = _LINEAR[name][1](left.size, right.size)
    return Number(e, "int", e.value(_INT[name], e.plain(left), e.plain(right)), size)


def _bitwise(e: Emitter, name: str, a: Number, b: Number) -> Number:
    ends = [LEAST, MOST]
    if name == "and":  # of two ints, one that is not negative bounds the result
        natural = [high for low, high in (bounds(a), bounds(b)) if low >= 0]
        ends = [0, min(natural)] if natural else ends
    return Number(e, "int", e.value(_INT[name], e.plain(a), e.plain(b)), _between(ends))


def _right_shift(e: Emitter, a: Number, b: NumberLike) -> Number:
    if isinstance(b, int):
        b = min(b, 63)
    count = to_int(e, b)
    _check_shift(e, b, count)
    if bounds(count)[1] > 63:
        count = minimum(e, count, 63)
    ends = [x >> y for x in bounds(a) for y in (0, 63)]
    return Number(e, "int", e.value(arith.shrsi, e.plain(a), e.plain(count)), _between(ends))


def _division(e: Emitter, name: str, a: Number, b: Number) -> Number:
    """// and %."""
    left, right = e.plain(a), e.plain(b)
    (low_a, high_a), (low, high) = bounds(a), bounds(b)
    if low <= 0:
        _may_divide_by_zero(e, name, b)
        return Number(e, "int", _exactly(e, name, left, right))
    if name == "floordiv":
        ends = [x // y for x in (low_a, high_a) for y in (low, high)]
        return Number(e, "int", e.value(arith.floordivsi, left, right), _between(ends))
    if low_a >= 0:
        size = sizes.fresh(0, min(high_a, high - 1))
        return Number(e, "int", e.value(arith.remsi, left, right), size)
    return Number(e, "int", _exactly(e, name, left, right), sizes.fresh(0, high - 1))


def _true_division(e: Emitter, a: Number, b: Number) -> Number:
    """a / b, rounded once."""
    _may_divide_by_zero(e, "truediv", b)
    return Number(e, "float", _exactly(e, "truediv", e.plain(a), e.plain(b), type=f64))


def _may_divide_by_zero(e: Emitter, name: str, divisor: Number) -> None:
    low, high = bounds(divisor)
    if low == 0 == high:
        raise ZeroDivisionError(_words(getattr(operator, name), 1, 0))
    if low <= 0 <= high and e.catchable("ZeroDivisionError"):
        words = escape(_words(getattr(operator, name), 1, 0))
        require(e, compare(e, "ne", divisor, 0), "ZeroDivisionError", words)


def _power(e: Emitter, base: Number, exponent: Number) -> Number:
    match exponent.size:
        case 0:
            return e.number(1)
        case 1:
            return base
        case 2:
            return _linear(e, "mul", base, base)
    return Number(e, "int", _exactly(e, "pow", e.plain(base), e.plain(exponent)))


def power_modulo(e: Emitter, *operands: NumberLike) -> Number:
    """pow(base, exponent, modulus) of ints."""
    kinds = list(map(kind_of, operands))
    if not {"int", "bool"}.issuperset(kinds):
        raise TypeError("pow() 3rd argument not allowed unless all arguments are integers")
    values = [e.plain(to_int(e, value)) for value in operands]
    if e.catchable("ValueError"):
        names = ["int"] * len(values)
        made = e.attempt("int_powmod", values, names, ("int", i64), ("ValueError",))
        return Number(e, "int", made)
    return Number(e, "int", _exactly(e, "powmod", *values))


def _identity(name: str, a: NumberLike, b: NumberLike) -> Number | None:
    """x + 0, x - 0, x * 1, x // 1 and the like: x itself."""
    if isinstance(a, Number) and a.kind == "int" and type(b) is int:
        if b == {"add": 0, "sub": 0, "mul": 1, "floordiv": 1}.get(name):
            return a
    elif (
        isinstance(b, Number)
        and b.kind == "int"
        and type(a) is int
        and (a == {"add": 0, "mul": 1}.get(name))
    ):
        return b
    return None


SEQUENCES = ("str", "bytes", "list", "tuple")


def unsupported(symbol: str, a: object, b: object) -> TypeError:
    """What Python says: + and * of sequences have words of their own, after all others gave up."""
    left, right = type_name(a), type_name(b)
    if symbol == "+" and left in ("str", "list", "tuple") and "ndarray" not in right:
        return TypeError(f'can only concatenate {left} (not "{right}") to {left}')
    if symbol == "+" and left == "bytes" and "ndarray" not in right:
        return TypeError(f"can't concat {right} to bytes")
    if symbol == "*":
        for sequence, other in ((left, right), (right, left)):
            if sequence in SEQUENCES and "ndarray" not in other:
                return TypeError(f"can't multiply sequence by non-int of type '{other}'")
    return TypeError(f"{refusal(symbol)}'{left}' and '{right}'")


def refusal(symbol: str) -> str:
    """How Python begins to say that no operand knows an operator."""
    shown = "** or pow()" if symbol == "**" else symbol
    return f"unsupported operand type(s) for {shown}: "


SILENT = StringAttr("")
"""How NumPy warns of what Python's own floats do."""


def _float_binary(e: Emitter, name: str, a: NumberLike, b: NumberLike) -> Number:
    left, right = e.plain(to_float(e, a)), e.plain(to_float(e, b))
    if name in _FLOAT:
        return Number(e, "float", e.value(_FLOAT[name], left, right))
    match name:
        case "truediv":
            _check_divisor(e, b, right, name)
            return Number(e, "float", e.value(arith.divf, left, right))
        case "floordiv" | "mod":
            _check_divisor(e, b, right, name)
            op = numpy.binary["floor_divide" if name == "floordiv" else "remainder"]
            return Number(e, "float", e.value(op, left, right, types=[f64], said=SILENT))
        case "pow":
            return float_power(e, a, b, _by_operator())
    raise unsupported(BINARY[name], a, b)


@dataclass(frozen=True)
class PowerErrors:
    """What x ** y raises, (exception, message): of zero to a negative power, where finite numbers
    give infinity, and where the result is complex."""

    zero: tuple[str, str]
    large: tuple[str, str]
    complex: tuple[str, str]


def _by_operator() -> PowerErrors:
    return PowerErrors(
        ("ZeroDivisionError", _words(operator.pow, 0.0, -1.0)),
        ("OverflowError", "(34, 'Numerical result out of range')"),
        ("NotImplementedError", "a fractional power of a negative number is complex: complex "
         "numbers are not supported"),
    )  # fmt: skip


def float_power(e: Emitter, a: NumberLike, b: NumberLike, errors: PowerErrors) -> Number:
    """float(a) ** float(b)."""
    x, y = to_float(e, a), to_float(e, b)
    known = None if isinstance(b, Number) else float(b)
    made = Number(e, "float", e.value(
        numpy.binary["float_power"], x.native, y.native, types=[f64], said=SILENT))  # fmt: skip
    fits = _stays_finite(e, made, x, y)
    if known is None or known < 0:
        require(e, either(e, fits, compare(e, "ne", x, 0.0)), *map(escape, errors.zero))
    require(e, fits, *map(escape, errors.large))
    if known is None or not known.is_integer():
        real = compare(e, "eq", made, made)
        for value in (x, y):
            real = either(e, real, compare(e, "ne", value, value))
        require(e, real, *map(escape, errors.complex))
    return made


def check_overflow(e: Emitter, made: Number, message: str, *given: Number) -> Number:
    """Python's floats raise OverflowError where finite operands give infinity."""
    require(e, _stays_finite(e, made, *given), "OverflowError", escape(message))
    return made


def _stays_finite(e: Emitter, made: Number, *given: Number) -> Number | bool:
    """Whether the result is no infinity, or an operand was one."""
    fits = compare(e, "ne", unary(e, "abs", made), math.inf)
    for value in given:
        fits = either(e, fits, compare(e, "eq", unary(e, "abs", value), math.inf))
    return fits


def escape(text: str) -> str:
    """Text as a check's message has it, where `{}` stands for an operand."""
    return text.replace("{", "{{").replace("}", "}}")


def _check_divisor(e: Emitter, known: NumberLike, value: Value, name: str) -> None:
    if not isinstance(known, Number) and known:
        return
    message = _words(getattr(operator, name), 1.0, 0.0)
    if not isinstance(known, Number):
        raise ZeroDivisionError(message)
    nonzero = compare_values(e, "ne", "float", value, e.constant(0, f64))
    e.check(nonzero, "ZeroDivisionError", message)


def _words(operation: Callable, *operands: float) -> str:
    """What the Python that compiles says of this division by zero."""
    try:
        operation(*operands)
    except ZeroDivisionError as error:
        return str(error)
    raise AssertionError("no division by zero")


def _check_shift(e: Emitter, known: NumberLike, count: Number) -> None:
    low, _ = bounds(count)
    if low >= 0:
        return
    if not isinstance(known, Number):
        raise ValueError("negative shift count")
    require(e, compare(e, "ge", count, 0), "ValueError", "negative shift count")


def unary(e: Emitter, name: str, a: Number) -> Number:
    match name, a.kind:
        case "pos", "float":
            return a
        case "pos", _:
            return to_int(e, a)
        case "neg", "float":
            return Number(e, "float", e.value(arith.negf, a.native))
        case "neg", _:
            return binary(e, "sub", 0, to_int(e, a))
        case "invert", "int" | "bool":
            return binary(e, "sub", -1, to_int(e, a))
        case "abs", "float":
            return Number(e, "float", e.value(numpy.unary["absolute"], a.native, types=[f64]))
        case "abs", _:
            whole = to_int(e, a)
            if bounds(whole)[0] >= 0:
                return whole
            negated = binary(e, "sub", 0, whole)
            larger = e.value(arith.maxsi, e.plain(whole), e.plain(negated))
            return Number(e, "int", larger, _between([0, *map(abs, bounds(negated))]))
    raise TypeError(f"bad operand type for unary ~: '{a.kind}'")


def choose(e: Emitter, condition: Number | bool, a: NumberLike, b: NumberLike) -> NumberLike:
    """`a if condition else b` for two numbers of one kind, both already there."""
    if isinstance(condition, bool):
        return a if condition else b
    left, right = e.number(a), e.number(b)
    chosen = e.value(
        arith.select, condition.native, e.plain(left), e.plain(right), types=[SCALARS[left.kind]]
    )
    known = _between([*bounds(left), *bounds(right)]) if left.kind == "int" else None
    return Number(e, left.kind, chosen, known)


def minimum(e: Emitter, a: NumberLike, b: NumberLike) -> NumberLike:
    """min(a, b) of ints."""
    return _extreme(e, "le", arith.minsi, a, b)


def maximum(e: Emitter, a: NumberLike, b: NumberLike) -> NumberLike:
    """max(a, b) of ints."""
    return _extreme(e, "ge", arith.maxsi, a, b)


def _extreme(e: Emitter, name: str, op: Callable, a: NumberLike, b: NumberLike) -> NumberLike:
    if isinstance(a, int) and isinstance(b, int):
        return min(a, b) if name == "le" else max(a, b)
    x, y = size_of(a), size_of(b)
    assert x is not None and y is not None, "ints only"
    for first, second, result in ((x, y, a), (y, x, b)):
        low, high = (first, second) if name == "le" else (second, first)
        if sizes.at_least(high, low):
            return result
    value = e.value(op, e.plain(e.number(a)), e.plain(e.number(b)))
    apply = min if name == "le" else max
    return Number(e, "int", value, _between(map(apply, bounds(a), bounds(b))))


def both(e: Emitter, a: Number | bool, b: Number | bool) -> Number | bool:
    """`a and b` for two bools that are already there."""
    if isinstance(a, bool):
        return b if a else False
    if isinstance(b, bool):
        return a if b else False
    return Number(e, "bool", e.value(arith.andi, a.native, b.native))


def either(e: Emitter, a: Number | bool, b: Number | bool) -> Number | bool:
    """`a or b` for two bools that are already there."""
    if isinstance(a, bool):
        return True if a else b
    if isinstance(b, bool):
        return True if b else a
    return Number(e, "bool", e.value(arith.ori, a.native, b.native))


_EXCEPTIONS = {
    kind.__name__: kind
    for kind in (
        IndexError, ValueError, OverflowError, NameError, UnboundLocalError, AttributeError,
        TypeError,
    )  # fmt: skip
}


def certain(exception: str, message: str, *shown: NumberLike) -> Exception:
    """The exception that is certain to be raised; numbers in its message may be run-time ones."""
    kind = _EXCEPTIONS[exception]
    if any(isinstance(item, Number) for item in shown):
        return kind(Message(message, shown))
    return kind(message.format(*shown))


def require(
    e: Emitter, condition: Number | bool, exception: str, message: str, *shown: NumberLike
) -> None:
    """Raise unless the condition holds; `shown` are ints for the message's `{}`."""
    if condition is True:
        return
    if condition is False:
        raise certain(exception, message, *shown)
    flag = condition.native
    values = [e.plain(e.number(item)) for item in shown]
    e.check(flag, exception, message, values, [kind_of(item) or "int" for item in shown])

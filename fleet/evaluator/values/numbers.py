"""Arithmetic of Python's int, float and bool at run time.

In: Numbers and known Python numbers. Out: Numbers, by `arith` operations on i64, f64 and i1. The
one idea: Python's rules (true division, floor towards minus infinity, ZeroDivisionError, bools as
ints) are spelled out in operations here, so nothing below knows Python's ints from C's.
"""

from __future__ import annotations

import operator
from collections.abc import Callable

import numpy as np

from fleet.dialects import arith, numpy
from fleet.evaluator.values import sizes
from fleet.evaluator.values.emitter import SCALARS, Emitter
from fleet.evaluator.values.then import BINARY, Message, Number, type_name
from fleet.ir.core import Value
from fleet.ir.types import f64, i1, i64

NumberLike = Number | int | float

_INT = {"add": arith.addi, "sub": arith.subi, "mul": arith.muli, "and": arith.andi,
        "or": arith.ori, "xor": arith.xori}  # fmt: skip
_FLOAT = {"add": arith.addf, "sub": arith.subf, "mul": arith.mulf}
_SIZES = {"add": sizes.plus, "sub": sizes.minus, "mul": sizes.times}
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


def to_int(e: Emitter, value: NumberLike) -> Number:
    """int(value)."""
    number = e.number(value)
    match number.kind:
        case "bool":
            return Number(
                e, "int", e.value(arith.extui, number.native, types=[i64]), sizes.fresh(0)
            )
        case "float":
            return Number(e, "int", e.value(arith.fptosi, number.native, types=[i64]))
    return number


def to_float(e: Emitter, value: NumberLike) -> Number:
    """float(value)."""
    number = e.number(value)
    if number.kind == "float":
        return number
    whole = e.plain(to_int(e, number))
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


def compare_values(e: Emitter, name: str, kind: str, a: Value, b: Value) -> Value:
    if kind == "float":
        position = arith.CMPF_PREDICATES.index(_PREDICATES_FLOAT[name])
        return e.value(arith.cmpf, a, b, types=[i1], predicate=position)
    position = arith.CMPI_PREDICATES.index(_PREDICATES_INT[name])
    return e.value(arith.cmpi, a, b, types=[i1], predicate=position)


def compare(e: Emitter, name: str, a: NumberLike, b: NumberLike) -> Number | bool:
    """`a < b` and so on, decided now where what is known of sizes allows."""
    kinds = {kind_of(a), kind_of(b)}
    if "float" in kinds:
        left, right, kind = to_float(e, a), to_float(e, b), "float"
    else:
        known = _decide(name, a, b)
        if known is not None:
            return known
        left, right, kind = to_int(e, a), to_int(e, b), "int"
    return Number(e, "bool", compare_values(e, name, kind, e.plain(left), e.plain(right)))


def _decide(name: str, a: NumberLike, b: NumberLike) -> bool | None:
    """The comparison of two ints where symbolic sizes tell."""
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
    if "float" in kinds or name == "truediv" or (name == "pow" and not _natural(b)):
        return _float_binary(e, name, a, b)
    same = _identity(name, a, b)
    if same is not None:
        return same
    left, right = e.plain(to_int(e, a)), e.plain(to_int(e, b))
    if name in _INT:
        x, y = size_of(to_int(e, a) if kind_of(a) == "bool" else a), size_of(b)
        size = _SIZES[name](x, y) if name in _SIZES and x is not None and y is not None else None
        return Number(e, "int", e.value(_INT[name], left, right), size)
    match name:
        case "floordiv" | "mod":
            _check_divisor(e, b, right, name, 1)
            quotient = e.value(arith.floordivsi, left, right)
            if name == "floordiv":
                return Number(e, "int", quotient)
            product = e.value(arith.muli, quotient, right)
            least = 0 if isinstance(b, int) and b > 0 else None
            return Number(e, "int", e.value(arith.subi, left, product), sizes.fresh(least))
        case "lshift" | "rshift":
            _check_shift(e, b, right)
            return Number(
                e, "int", e.value(arith.shli if name == "lshift" else arith.shrsi, left, right)
            )
        case "pow":
            return Number(e, "int", _power(e, left, int(b)))
    raise unsupported(BINARY[name], a, b)


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


def unsupported(symbol: str, a: object, b: object) -> TypeError:
    return TypeError(
        f"unsupported operand type(s) for {symbol}: '{type_name(a)}' and '{type_name(b)}'"
    )


def _natural(value: NumberLike) -> bool:
    return isinstance(value, int) and 0 <= value <= 64


def _power(e: Emitter, base: Value, exponent: int) -> Value:
    """By repeated squaring."""
    result = e.constant(1, i64)
    first = True
    while exponent:
        if exponent & 1:
            result = base if first else e.value(arith.muli, result, base)
            first = False
        exponent >>= 1
        if exponent:
            base = e.value(arith.muli, base, base)
    return result


def _float_binary(e: Emitter, name: str, a: NumberLike, b: NumberLike) -> Number:
    if name == "pow" and kind_of(a) != "float" and kind_of(b) != "float":
        raise e.error(
            "a power of ints whose exponent is known at run time only may be an int or a float",
            "write float(a) ** b, or math.pow(a, b)",
        )
    left, right = e.plain(to_float(e, a)), e.plain(to_float(e, b))
    if name in _FLOAT:
        return Number(e, "float", e.value(_FLOAT[name], left, right))
    match name:
        case "truediv":
            _check_divisor(e, b, right, name, 1.0 if "float" in (kind_of(a), kind_of(b)) else 1)
            return Number(e, "float", e.value(arith.divf, left, right))
        case "floordiv" | "mod":
            _check_divisor(e, b, right, name, 1.0)
            op = numpy.binary["floor_divide" if name == "floordiv" else "remainder"]
            return Number(e, "float", e.value(op, left, right, types=[f64]))
        case "pow":
            made = Number(e, "float", e.value(numpy.binary["power"], left, right, types=[f64]))
            message = "(34, 'Numerical result out of range')"
            return check_overflow(e, made, message, to_float(e, a), to_float(e, b))
    raise unsupported(BINARY[name], a, b)


def check_overflow(e: Emitter, made: Number, message: str, *given: Number) -> Number:
    """Python's floats raise OverflowError where finite operands give infinity."""
    fits = compare(e, "ne", unary(e, "abs", made), float("inf"))
    for value in given:
        infinite = compare(e, "eq", unary(e, "abs", value), float("inf"))
        fits = either(e, fits, infinite)
    require(e, fits, "OverflowError", escape(message))
    return made


def escape(text: str) -> str:
    """Text as a check's message has it, where `{}` stands for an operand."""
    return text.replace("{", "{{").replace("}", "}}")


def _check_divisor(
    e: Emitter, known: NumberLike, value: Value, name: str, dividend: int | float
) -> None:
    """ZeroDivisionError in the words of the Python that compiles, for a dividend of this type."""
    if not isinstance(known, Number) and known:
        return
    try:
        getattr(operator, name)(dividend, type(dividend)(0))
    except ZeroDivisionError as error:
        if not isinstance(known, Number):
            raise
        kind = "int" if value.type == i64 else "float"
        nonzero = compare_values(e, "ne", kind, value, e.constant(0, value.type))
        e.check(nonzero, "ZeroDivisionError", str(error))


def _check_shift(e: Emitter, known: NumberLike, value: Value) -> None:
    if isinstance(known, Number):
        e.check(
            compare_values(e, "ge", "int", value, e.constant(0, i64)),
            "ValueError",
            "negative shift count",
        )
    elif known < 0:
        raise ValueError("negative shift count")


def unary(e: Emitter, name: str, a: Number) -> Number:
    match name, a.kind:
        case "pos", "float":
            return a
        case "pos", _:
            return to_int(e, a)
        case "neg", "float":
            return Number(e, "float", e.value(arith.negf, a.native))
        case "neg", _:
            return binary(e, "sub", 0, a)
        case "invert", "int" | "bool":
            return binary(e, "sub", -1, to_int(e, a))
        case "abs", "float":
            return Number(e, "float", e.value(numpy.unary["absolute"], a.native, types=[f64]))
        case "abs", _:
            whole = to_int(e, a)
            return choose(e, compare(e, "lt", whole, 0), binary(e, "sub", 0, whole), whole)
    raise TypeError(f"bad operand type for unary ~: '{a.kind}'")


def choose(e: Emitter, condition: Number | bool, a: NumberLike, b: NumberLike) -> NumberLike:
    """`a if condition else b` for two numbers of one kind, both already there."""
    if isinstance(condition, bool):
        return a if condition else b
    left, right = e.number(a), e.number(b)
    chosen = e.value(
        arith.select, condition.native, e.plain(left), e.plain(right), types=[SCALARS[left.kind]]
    )
    low, high = sizes.least(left.size), sizes.least(right.size)
    least = None if low is None or high is None else min(low, high)
    return Number(e, left.kind, chosen, sizes.fresh(least))


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
    bounds = [bound for bound in (sizes.least(x), sizes.least(y)) if bound is not None]
    if name == "le":
        least = min(bounds) if len(bounds) == 2 else None
    else:
        least = max(bounds, default=None)
    value = e.value(op, e.plain(e.number(a)), e.plain(e.number(b)))
    return Number(e, "int", value, sizes.fresh(least))


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
    for kind in (IndexError, ValueError, OverflowError, NameError, UnboundLocalError)
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
